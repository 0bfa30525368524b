package evidence

import (
	"bytes"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

// enlarged is the same world with copies of what other customers have, under ids that come before, between and behind all
// others. Each resource keeps its salt.
func (w world) enlarged(t *testing.T, customer string, by int) world {
	t.Helper()
	salts := map[string]inventory.Salt{}
	all := slices.Clone(w.snap.Resources)
	for i, r := range w.snap.Resources {
		salts[r.ID] = w.snap.Salts[i]
		if len(r.Scope.Customers) == 0 || slices.Contains(r.Scope.Customers, customer) {
			continue
		}
		for n := range by {
			r.ID = []string{"a/", "plan/", "zz/"}[n%3] + fmt.Sprint(i, "-", n)
			all = append(all, r)
		}
	}
	if len(all) < 2*len(w.snap.Resources) {
		t.Fatalf("only %d of %d resources are new", len(all)-len(w.snap.Resources), len(all))
	}
	snap, err := inventory.NewSnapshot(w.snap.Info, nil, all, rand.NewChaCha8([32]byte{99}))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range snap.Resources {
		if s, old := salts[r.ID]; old {
			snap.Salts[i] = s
		}
	}
	w.snap = snap
	return w
}

// unplaced is a slice without what ties it to its snapshot: places become those in the slice.
func unplaced(t *testing.T, s Assessment) string {
	t.Helper()
	at := map[int]int{}
	s.Resources, s.Accepted = slices.Clone(s.Resources), slices.Clone(s.Accepted)
	for i := range s.Resources {
		at[s.Resources[i].Index] = i
		s.Resources[i].Index = i
	}
	for i, x := range s.Accepted {
		list := []int{}
		for _, index := range x.Resources {
			list = append(list, at[index])
		}
		slices.Sort(list)
		s.Accepted[i].Resources = list
	}
	s.Header.Root, s.Header.ParticularsDigest, s.Header.Leaves, s.Seal, s.Proof = "", "", 0, nil, nil
	return string(mustJSON(t, s, nil))
}

// TestOthersLeaveNoTrace: what others have changes nothing in a customer's slice and view, but for what is random anyway.
func TestOthersLeaveNoTrace(t *testing.T) {
	w := newWorld(t, 21, 6)
	whole := w.whole(t)
	for i := range 4 {
		more := w.enlarged(t, tag(i), 3+i).whole(t)
		one, err1 := whole.Slice(t.Context(), w.in.Policies, tag(i))
		two, err2 := more.Slice(t.Context(), w.in.Policies, tag(i))
		if err := errors.Join(err1, err2, decoded(t, two).Check(testVerify)); err != nil {
			t.Fatal(err)
		}
		if a, b := unplaced(t, one), unplaced(t, two); a != b {
			t.Errorf("%s: the slice tells of others:\n%s", tag(i), firstDifference([]byte(a), []byte(b)))
		}
		if one.Header.Root == two.Header.Root || len(more.Resources) < 2*len(whole.Resources) || len(one.Resources) < 10 {
			t.Error("nothing is tried")
		}
		r1, err1 := one.Results(t.Context(), w.in.Policies, "nl")
		r2, err2 := two.Results(t.Context(), w.in.Policies, "nl")
		r1.Evidence.Root, r2.Evidence.Root = "", ""
		a, b := mustJSON(t, r1, err1), mustJSON(t, r2, err2)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: the results tell of others:\n%s", tag(i), firstDifference(a, b))
		}
	}
}

// TestNumberOfLeaves: a few resources of others more or less are not to be seen at all.
func TestNumberOfLeaves(t *testing.T) {
	w := newWorld(t, 22, 6)
	whole := w.whole(t)
	some := w
	some.snap.Resources, some.snap.Salts = w.snap.Resources[:len(w.snap.Resources)-5], w.snap.Salts[:len(w.snap.Salts)-5]
	fewer := some.whole(t)
	if a, b := whole.Header.Leaves, fewer.Header.Leaves; a != b || a < len(whole.Resources) || a&(a-1) != 0 {
		t.Errorf("%d and %d leaves for %d and %d resources", a, b, len(whole.Resources), len(fewer.Resources))
	}
	if whole.Particulars.Resources != len(whole.Resources) || strings.Contains(string(mustJSON(t, whole.Header, nil)), "resources") {
		t.Errorf("header %+v", whole.Header)
	}
}

// TestAliasesCountTheView: aliases run from 1 within each kind, and lines of exports stay with the processor.
func TestAliasesCountTheView(t *testing.T) {
	w := newWorld(t, 23, 8)
	a := w.whole(t)
	files := 0
	alias := regexp.MustCompile(`shared/([a-z_]+)/(\d+)`)
	for i := range 3 {
		v, err := a.View(t.Context(), w.in.Policies, tag(i), "en")
		text := string(mustJSON(t, v, err))
		seen, most := map[string]bool{}, map[string]int{}
		for _, m := range alias.FindAllStringSubmatch(text, -1) {
			n := 0
			fmt.Sscan(m[2], &n)
			seen[m[0]], most[m[1]] = true, max(most[m[1]], n)
		}
		shared := map[string]int{}
		for _, r := range w.snap.Resources {
			if !slices.Equal(r.Scope.Customers, []string{tag(i)}) && !r.Scope.Internal {
				shared[string(r.Kind)]++
			}
		}
		if len(seen) < 10 {
			t.Fatalf("only %d aliases", len(seen))
		}
		for kind, n := range most {
			if n > shared[kind] || n < 1 {
				t.Errorf("%s: %d is beyond the %d shared ones", kind, n, shared[kind])
			}
		}
		alone := slices.ContainsFunc(w.snap.Resources, func(r inventory.Resource) bool {
			return slices.Equal(r.Scope.Customers, []string{tag(i)}) && r.Provenance.File != ""
		})
		files += strings.Count(text, `"file"`)
		if strings.Contains(text, `"line"`) || strings.Contains(text, `"file"`) && !alone {
			t.Error("the view has a line, or a file of what serves others too")
		}
		s, err := a.Slice(t.Context(), w.in.Policies, tag(i))
		if err != nil || strings.Contains(string(mustJSON(t, s, nil)), `"line"`) {
			t.Errorf("the slice has a line (%v)", err)
		}
	}
	if files == 0 {
		t.Error("the test proves nothing: no view has a file")
	}
	if r, err := a.Results(t.Context(), w.in.Policies, "en"); !strings.Contains(string(mustJSON(t, r, err)), `"line"`) {
		t.Error("the processor has no lines")
	}
}

// TestRegionsOfASlice: a slice has the regions that its facts name, and no others.
func TestRegionsOfASlice(t *testing.T) {
	table := mustJSON(t, worldRegions(), nil)
	one := func(facts string) []Entry {
		return []Entry{{Disclosure: inventory.Disclosure{Facts: inventory.Part{Content: jsontext.Value(facts)}, Private: inventory.Part{Commitment: "x"}}}}
	}
	for facts, want := range map[string]string{
		`{}`: `{}`,
		`{"attributes":{"location":{"provider":"own","region":"dc2"}}}`:                                `{"own":{"dc2":{"country":"US","paired":"dc3"},"dc3":{"country":"DE"}}}`,
		`{"attributes":{"copies":[{"location":{"provider":"OWN","region":"Copy - ` + tag(1) + `"}}]}}`: `{"own":{"copy-` + tag(1) + `":{"country":"NL"}}}`,
		`{"attributes":{"location":{"provider":"other","region":"dc1"}}}`:                              `{}`,
		`{"attributes":{"location":{"region":"dc1"},"name":"own"}}`:                                    `{}`,
	} {
		if got, err := regionsFor(one(facts), table); err != nil || string(got) != want {
			t.Errorf("%s: %s, %v, want %s", facts, got, err, want)
		}
	}
	for _, bad := range []string{`[]`, `{"own":[]}`, `{"own":{"dc1":"NL"}}`, `{"own":{"dc1":{"country":"NL","who":"x"}}}`} {
		if _, err := regionsFor(one(`{}`), jsontext.Value(bad)); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	w := newWorld(t, 24, 40)
	a := w.whole(t)
	used := 0
	for i := range 4 {
		s, err := a.Slice(t.Context(), w.in.Policies, tag(i))
		if err != nil {
			t.Fatal(err)
		}
		text := string(s.Regions)
		onlyOwn(t, "regions", text, i)
		if strings.Contains(text, "firm-") || !strings.Contains(text, "dc1") {
			t.Errorf("%s: %s", tag(i), text)
		}
		used += strings.Count(text, "room-"+tag(i)) + strings.Count(text, "copy-"+tag(i))
		if err := s.MadeOf(w.in); err != nil {
			t.Errorf("%s: %v", tag(i), err)
		}
		s.Regions = jsontext.Value(strings.ReplaceAll(text, `"US"`, `"NL"`))
		if err := s.MadeOf(w.in); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: other regions are those of the workspace: %v", tag(i), err)
		}
	}
	if used < 4 {
		t.Errorf("only %d regions of their own", used)
	}
}

// TestMuchOfNothing: a small file with millions of next to nothing is refused before memory is spent on it.
func TestMuchOfNothing(t *testing.T) {
	const n = 8 << 20 // 24 MiB of {}, which would become gigabytes
	noise := make([]byte, 100<<10)
	rand.NewChaCha8([32]byte{1}).Read(noise)
	for name, raw := range map[string][]byte{
		"one list":       fmt.Appendf(nil, `{"accepted":[%s{}],"version":"%x"}`, strings.Repeat("{},", n), noise),
		"resources":      fmt.Appendf(nil, `{"resources":[%s{}],"version":"%x"}`, strings.Repeat("{},", n), noise),
		"many lists":     fmt.Appendf(nil, `{"sources":[%s{}],"version":"%x"}`, strings.Repeat(`{"a":[{},{},{}]},`, 90_000), noise),
		"many numbers":   fmt.Appendf(nil, `{"waivers":[{"resources":[%s0]}],"version":"%x"}`, strings.Repeat("0,", 990_000), noise),
		"many names":     fmt.Appendf(nil, `{"regions":{%s"":0},"version":"%x"}`, strings.Repeat(`"a":0,`, n/4), noise),
		"nothing closed": fmt.Appendf(nil, `{"a":%s"%x"`, strings.Repeat("[", n), noise),
	} {
		for packed, decode := range map[bool]func() error{
			false: func() error { _, err := Decode(raw, Limits{}); return err },
			true: func() error {
				small := zipped(t, raw, "")
				if len(small)*200 < len(raw) {
					t.Fatalf("%s: the ratio alone refuses it", name)
				}
				_, err := DecodePacked(small, Limits{})
				return err
			},
		} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := decode()
			runtime.ReadMemStats(&after)
			var known *Error
			if !errors.Is(err, ErrBroken) || !errors.As(err, &known) || known.Err != nil {
				t.Errorf("%s, packed %v: %v", name, packed, err)
			}
			most := uint64(1 << 20)
			if packed {
				most = uint64(12*len(raw)) + 4<<20 // to pack it, and to unpack it into growing memory
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > most {
				t.Errorf("%s, packed %v: %d MiB for %d MiB", name, packed, took>>20, len(raw)>>20)
			}
		}
	}
}
