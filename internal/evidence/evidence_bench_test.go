package evidence

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

// large is a world with n resources that differ in their ids and one fact.
func large(b *testing.B, n int) world {
	b.Helper()
	w := newWorld(b, 1, 20)
	some := w.snap.Resources
	all := make([]inventory.Resource, n)
	for i := range all {
		all[i] = some[i%len(some)]
		all[i].ID = fmt.Sprintf("%s-%d", all[i].ID, i)
	}
	var err error
	if w.snap, err = inventory.NewSnapshot(w.snap.Info, nil, all, rand.NewChaCha8([32]byte{1})); err != nil {
		b.Fatal(err)
	}
	w.in.Waivers = nil
	return w
}

// The baseline: the engine alone, on what it was given.
func BenchmarkAssessAndBuild100k(b *testing.B) {
	w := large(b, 100_000)
	for b.Loop() {
		judged, _, err := w.in.Policies.Assess(b.Context(), assess.Input{Resources: w.snap.Resources, Customers: w.in.Customers, Now: w.in.Now, TeamRegions: w.in.Regions})
		if err != nil {
			b.Fatal(err)
		}
		w.in.Policies.Build(w.snap.Resources, judged, assess.View{Language: "en", Now: w.in.Now})
	}
}

func BenchmarkNewAndResults100k(b *testing.B) {
	w := large(b, 100_000)
	for b.Loop() {
		a, err := New(w.snap, nil, w.in)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.Results(b.Context(), w.in.Policies, "en"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode5k(b *testing.B) {
	a := large(b, 5_000).whole(b)
	for b.Loop() {
		packed, err := a.EncodePacked()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(packed))/(1<<20), "packed-MB")
	}
}

func BenchmarkDecode5k(b *testing.B) {
	packed, err := large(b, 5_000).whole(b).EncodePacked()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := DecodePacked(packed, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSlice5k(b *testing.B) {
	w := large(b, 5_000)
	a := w.whole(b)
	for b.Loop() {
		if _, err := a.Slice(b.Context(), w.in.Policies, tag(0)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReplaySlice5k(b *testing.B) {
	w := large(b, 5_000)
	s, err := w.whole(b).Slice(b.Context(), w.in.Policies, tag(0))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Results(b.Context(), w.in.Policies, "en"); err != nil {
			b.Fatal(err)
		}
	}
}
