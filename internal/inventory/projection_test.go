package inventory

import (
	"bytes"
	"reflect"
	"testing"
)

// TestProjectionTellsFactsApart: for every fact of every kind, each state and each value gives other bytes, and a projection
// of all other paths stays the same.
func TestProjectionTellsFactsApart(t *testing.T) {
	values := map[reflect.Type][2]any{
		reflect.TypeFor[bool]():     {true, false},
		reflect.TypeFor[int]():      {0, 300},
		reflect.TypeFor[string]():   {"", "a"},
		reflect.TypeFor[[]string](): {[]string{"a", "b"}, []string{"ab"}},
		reflect.TypeFor[Location](): {Location{Provider: "azure", Region: "x"}, Location{Provider: "azur", Region: "ex"}},
		reflect.TypeFor[[]Copy]():   {[]Copy{{Role: "replica"}}, []Copy{{Role: "replica", Location: Location{Country: "NL"}}}},
		reflect.TypeFor[[]Sink]():   {[]Sink{{Kind: "x"}}, []Sink{}},
	}
	for _, a := range Kinds() {
		all := Paths(a)
		for i, path := range all {
			fresh := func() Attributes { return reflect.New(reflect.TypeOf(a).Elem()).Interface().(Attributes) }
			rest := NewProjection(a, append(append([]string{}, all[:i]...), all[i+1:]...))
			one := NewProjection(a, []string{path})
			f, err := factAt(fresh(), path)
			if err != nil {
				t.Fatal(err)
			}
			pair := values[reflect.TypeOf(f.element())]
			made := []Attributes{fresh(), fresh(), fresh(), fresh(), fresh()}
			for k, v := range pair {
				if err := SetKnown(made[k], path, v); err != nil {
					t.Fatalf("%s %s: %v", a.Kind(), path, err)
				}
			}
			if SetAbsent(made[2], path) != nil || SetReason(made[3], path, Reason{Code: AfterApply, Detail: "x"}) != nil {
				t.Fatal(path)
			}
			seen := map[string]int{}
			for k, m := range made {
				bytesOf := string(one.Append(nil, m))
				if other, dup := seen[bytesOf]; dup {
					t.Errorf("%s %s: states %d and %d give the same bytes", a.Kind(), path, other, k)
				}
				seen[bytesOf] = k
				if !bytes.Equal(rest.Append(nil, m), rest.Append(nil, fresh())) {
					t.Errorf("%s %s changes what a projection without it gives", a.Kind(), path)
				}
			}
		}
	}
	d := &Datastore{}
	group := NewProjection(d, []string{"backup"})
	before := group.Append(nil, d)
	d.Backup.Immutable = Known(true)
	if bytes.Equal(before, group.Append(nil, d)) {
		t.Error("a path of a group does not cover its facts")
	}
	// Partial and known differ, and so do a missing reason and its word.
	x, y := &Datastore{SizeMB: Known(1)}, &Datastore{SizeMB: Partial(1, Permission, "")}
	size := NewProjection(d, []string{"size_mb"})
	if bytes.Equal(size.Append(nil, x), size.Append(nil, y)) {
		t.Error("a part looks like the whole")
	}
	if !bytes.Equal(size.Append(nil, &Datastore{}), size.Append(nil, &Datastore{SizeMB: Unknown[int](NotReported, "")})) {
		t.Error("what nobody set differs from not reported")
	}
}

func BenchmarkProjection(b *testing.B) {
	d := &Datastore{Engine: Known("blob"), Location: Known(Location{Provider: "azure", Region: "westeurope"}), Copies: Known([]Copy{{Role: "x"}})}
	p := NewProjection(d, Paths(d))
	b.Run("projection", func(b *testing.B) {
		var buf []byte
		b.ReportAllocs()
		for b.Loop() {
			buf = p.Append(buf[:0], d)
		}
	})
	b.Run("encoding", func(b *testing.B) {
		for b.Loop() {
			if _, err := (Draft{ID: "x", Attributes: d}).Encode(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
