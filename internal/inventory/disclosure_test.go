package inventory

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/strictjson"

	"golang.org/x/mod/sumdb/tlog"
)

// randomDraft sets every fact of a kind to known, absent, unknown, partial or nothing.
func randomDraft(rnd *rand.Rand, kind Attributes, id int) Draft {
	a := reflect.New(reflect.TypeOf(kind).Elem()).Interface().(Attributes)
	for _, path := range Paths(a) {
		switch rnd.IntN(6) {
		case 0:
			SetAbsent(a, path)
		case 1:
			SetReason(a, path, Reason{Code: Permission, Detail: []string{"", "role of bob", `"\é `}[rnd.IntN(3)]})
		case 2, 3, 4:
			f, _ := factAt(a, path)
			v := reflect.New(reflect.TypeOf(f.element()))
			fillRandom(rnd, v.Elem())
			SetKnown(a, path, v.Elem().Interface())
			if s, ok := f.(*Fact[[]string]); ok && rnd.IntN(3) == 0 {
				list, _ := s.Value()
				*s = Partial(list, AfterApply, []string{"", "x"}[rnd.IntN(2)])
			}
		}
	}
	d := Draft{ID: fmt.Sprintf("src/%d", id), Name: []string{"", "a name \u2028\\\"é"}[rnd.IntN(2)], Attributes: a,
		Provenance: Provenance{Collector: "file", Source: "src", At: time.Unix(int64(rnd.IntN(1e9)), 0), Line: rnd.IntN(2)}}
	if rnd.IntN(2) == 0 {
		d.Scope = Scope{Customers: []string{"x"}, Internal: rnd.IntN(2) == 0}
		d.Provenance.Call, d.Provenance.Permission, d.Provenance.File = "GET /bob", "reader", "f"
		d.Provenance.Filled = map[string]string{"size_mb": "other/é"}
	}
	return d
}

func fillRandom(rnd *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "a", `q"\,{}[]:`, "é\u2028", "p-x"}[rnd.IntN(5)])
	case reflect.Bool:
		v.SetBool(rnd.IntN(2) == 0)
	case reflect.Int:
		v.SetInt(int64(rnd.IntN(100) - 50))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rnd.IntN(3), 3))
		for i := range v.Len() {
			fillRandom(rnd, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fillRandom(rnd, v.Field(i))
		}
	}
}

func randomSnapshot(t testing.TB, seed uint64, each int) Snapshot {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 1))
	var all []Resource
	for _, k := range Kinds() {
		for range each {
			r, err := randomDraft(rnd, k, len(all)).Encode()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, r)
		}
	}
	s, err := NewSnapshot(Info{CreatedAt: time.Unix(1e9, 0), Sources: []SourceOutcome{{Source: "src", Status: "complete"}}}, nil, all, rand.NewChaCha8([32]byte{byte(seed)}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPartsJoin divides random resources of every kind and brings them together again, to the byte.
func TestPartsJoin(t *testing.T) {
	s := randomSnapshot(t, 7, 60)
	all, h, _, err := s.Disclose()
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := s.Write(io.Discard, testSeal)
	if err != nil || sealed.Header != h {
		t.Fatalf("the header differs from the sealed one: %v", err)
	}
	private := 0
	for i, d := range all {
		r, err := d.Resource()
		if err != nil {
			t.Fatal(err)
		}
		got, _ := strictjson.Canonical(r)
		want, _ := strictjson.Canonical(s.Resources[i])
		if !bytes.Equal(got, want) {
			t.Fatalf("joined\n%s\nwant\n%s", got, want)
		}
		for name, p := range map[string]Part{"details": d.Details, "facts": d.Facts, "identity": d.Identity, "private": d.Private, "scope": d.Scope} {
			form := p.Content.Clone()
			if form.Canonicalize() != nil || !bytes.Equal(form, p.Content) {
				t.Fatalf("%s is not canonical: %s", name, p.Content)
			}
		}
		// Nothing private is among the facts, and all of it in its part.
		for _, path := range PrivatePaths(d.Kind) {
			var facts, hidden factsPart
			if json.Unmarshal(d.Facts.Content, &facts) != nil || json.Unmarshal(d.Private.Content, &hidden) != nil {
				t.Fatal("no JSON")
			}
			if rawAt(facts.Attributes, path) != nil || facts.Unknown[path] != "" {
				t.Fatalf("%s of %s is among the facts", path, d.Kind)
			}
			if rawAt(hidden.Attributes, path) != nil || hidden.Unknown[path] != "" {
				private++
			}
		}
		if strings.Contains(string(d.Facts.Content)+string(d.Identity.Content)+string(d.Private.Content), "bob") {
			t.Fatal("a detail is not among the details")
		}
	}
	if private < 100 {
		t.Errorf("only %d private facts were met", private)
	}
}

func rawAt(object jsontext.Value, path string) jsontext.Value {
	first, rest, below := strings.Cut(path, ".")
	v := memberOf(object, first)
	if !below {
		return v
	}
	return memberOf(v, rest)
}

// TestEveryPrivatePathIsAFact holds the tags, and that no fact of which the name says so is left out.
func TestEveryPrivatePathIsAFact(t *testing.T) {
	n := 0
	for _, k := range Kinds() {
		for _, path := range PrivatePaths(k.Kind()) {
			n++
			if !slices.Contains(Paths(k), path) {
				t.Errorf("%s of %s is no fact", path, k.Kind())
			}
		}
		for _, path := range Paths(k) {
			for _, word := range []string{"instruction", "application", "principal", "polic", "target", "store", "path"} {
				name := path[strings.LastIndex(path, ".")+1:]
				clear := strings.HasSuffix(name, "_type") || strings.Contains(name, "restore")
				if strings.Contains(name, word) && !clear && !privateFacts[k.Kind()].has(path) {
					t.Errorf("%s of %s is not private", path, k.Kind())
				}
			}
		}
	}
	if n < 18 {
		t.Errorf("%d private facts", n)
	}
}

// TestLeafByHand works a leaf out as docs/evidence.md says, without the code of the package.
func TestLeafByHand(t *testing.T) {
	s := sampleSnapshot(t, 1)
	all, h, p, err := s.Disclose()
	if err != nil {
		t.Fatal(err)
	}
	commit := func(part, content string) string {
		mac := hmac.New(sha256.New, s.Salts[0][:])
		mac.Write([]byte(part))
		return hex.EncodeToString(sum(append(mac.Sum(nil)[:16:16], content...)))
	}
	text := `{"details":"` + commit("details", `{"call":"pg_catalog","unknown":{"data_categories":"reader"}}`) +
		`","facts":"` + commit("facts", `{"attributes":{"data_categories":["iban","name"],"encryption":{"at_rest":true},"engine":"postgresql","retention":{"automatic_days":null}},"unknown":{"data_categories":"permission"}}`) +
		`","identity":"` + commit("identity", `{"id":"src/000000","name":"store 0 \"é`+"\u2028"+`\\","provenance":{"at":"2026-03-01T10:00:00Z","collector":"postgres","permission":"pg_read_all_settings","source":"src"}}`) +
		`","kind":"datastore","private":"` + commit("private", `{"attributes":{},"unknown":{}}`) +
		`","scope":"` + commit("scope", `{"customers":["woonstad"]}`) + `"}`
	// The leaf and 63 dummies, in the order of their salts.
	mac := func(message string) []byte {
		m := hmac.New(sha256.New, s.Salt[:])
		m.Write([]byte(message))
		return m.Sum(nil)
	}
	hashes := map[string][]byte{string(s.Salts[0][:]): sum(append([]byte{0}, text...))}
	for i := range 63 {
		hashes[string(mac(fmt.Sprint("place ", i))[:16])] = sum(append([]byte{0}, mac(fmt.Sprint("pad ", i))...))
	}
	keys := slices.Sorted(maps.Keys(hashes))
	if want := slices.Index(keys, string(s.Salts[0][:])); all[0].Index != want || h.Leaves != 64 {
		t.Errorf("place %d of %d, by hand %d", all[0].Index, h.Leaves, want)
	}
	var row [][]byte
	for _, k := range keys {
		row = append(row, hashes[k])
	}
	for len(row) > 1 {
		for i := range len(row) / 2 {
			row[i] = sum(slices.Concat([]byte{1}, row[2*i], row[2*i+1]))
		}
		row = row[:len(row)/2]
	}
	if got := hex.EncodeToString(row[0]); got != h.Root {
		t.Errorf("root %s, by hand %s of %s", h.Root, got, text)
	}
	raw, _ := p.encode()
	if h.ParticularsDigest != hex.EncodeToString(sum(raw)) || !strings.Contains(string(raw), `"kinds":{"datastore":1},"resources":1,"salt":"`) {
		t.Errorf("particulars %s", raw)
	}
}

func sum(b []byte) []byte { s := sha256.Sum256(b); return s[:] }

// TestMultiProofs tries, for trees of every small size, subsets of the leaves: each proof holds, is as small as can be, and
// nothing else passes for it.
func TestMultiProofs(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := 0; n <= 40; n++ {
		all, h, p, err := sampleSnapshot(t, n).Disclose()
		if err != nil {
			t.Fatal(err)
		}
		tree, err := TreeOf(all, p)
		if err != nil || tree.Root() != h.Root || CheckWhole(h, p, all) != nil {
			t.Fatalf("root %v, %v", tree.Root(), err)
		}
		masks := []uint64{0, 1<<n - 1}
		if n <= 8 {
			masks = nil
			for m := range uint64(1) << n {
				masks = append(masks, m)
			}
		}
		for range 20 {
			masks = append(masks, rnd.Uint64()&(1<<n-1), rnd.Uint64()&rnd.Uint64()&rnd.Uint64()&(1<<n-1))
		}
		for _, mask := range masks {
			var indexes []int
			var part []Disclosure
			places := uint64(0)
			for i := range n {
				if mask>>i&1 == 1 {
					indexes, part = append(indexes, all[i].Index), append(part, all[i])
					places |= 1 << all[i].Index
				}
			}
			hashes, err := tree.MultiProof(indexes)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckMultiProof(h, part, hashes); err != nil {
				t.Fatalf("%d leaves, %b: %v", n, mask, err)
			}
			slices.Reverse(part)
			if err := CheckMultiProof(h, part, hashes); err != nil {
				t.Fatalf("%d leaves, %b, in another order: %v", n, mask, err)
			}
			if want := fringe(0, 64, places); len(hashes) != want {
				t.Fatalf("%d leaves, %b: %d hashes, %d are enough", n, mask, len(hashes), want)
			}
			refuseOthers(t, rnd, h, part, hashes, n <= 8 && mask%3 == 0)
		}
		for _, bad := range [][]int{{-1}, {64}, {0, 0}, {1, 0, 1}} {
			if _, err := tree.MultiProof(bad); err == nil {
				t.Errorf("%d leaves: a proof for %v", n, bad)
			}
		}
	}
}

// TestCheckWhole: nothing can be left out of the whole, nor hide in its padding.
func TestCheckWhole(t *testing.T) {
	for _, n := range []int{0, 1, 63, 64, 65, 128, 200} {
		all, h, p, err := sampleSnapshot(t, n).Disclose()
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckWhole(h, p, all); err != nil || h.Leaves != map[bool]int{true: 64, false: 128}[n <= 64] && n <= 128 || n == 200 && h.Leaves != 256 {
			t.Fatalf("%d resources, %d leaves: %v", n, h.Leaves, err)
		}
		tree, err := TreeOf(all, p)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			continue
		}
		// All but one are proved as a part, and are not the whole.
		hashes, err := tree.MultiProof(placesIn(all[1:]))
		if err != nil || CheckMultiProof(h, all[1:], hashes) != nil {
			t.Fatalf("%d resources: no proof of a part, %v", n, err)
		}
		fewer := p
		fewer.Kinds, fewer.Resources = maps.Clone(p.Kinds), p.Resources-1
		if fewer.Kinds[all[0].Kind]--; fewer.Kinds[all[0].Kind] == 0 {
			delete(fewer.Kinds, all[0].Kind)
		}
		lied := h
		lied.ParticularsDigest, _ = fewer.Digest()
		moved := slices.Clone(all)
		moved[0].Index = (moved[0].Index + 1) % h.Leaves
		other := p
		other.Salt[0] ^= 1
		for what, err := range map[string]error{"one left out": CheckWhole(h, p, all[1:]), "one hidden in the padding": CheckWhole(lied, fewer, all[1:]),
			"one moved": CheckWhole(h, p, moved), "other padding": CheckWhole(h, other, all), "one twice": CheckWhole(h, p, append(slices.Clone(all), all[0]))} {
			if err == nil {
				t.Errorf("%d resources: %s", n, what)
			}
		}
	}
}

func placesIn(list []Disclosure) (out []int) {
	for _, d := range list {
		out = append(out, d.Index)
	}
	return out
}

// TestPlacesTellNothing: where a resource stands has nothing to do with its name, nor with how many there are.
func TestPlacesTellNothing(t *testing.T) {
	all, h, _, err := sampleSnapshot(t, 1000).Disclose()
	if err != nil || h.Leaves != 1024 {
		t.Fatalf("%d leaves, %v", h.Leaves, err)
	}
	rising, sum := 0, 0
	for i, d := range all {
		if i > 0 && d.Index > all[i-1].Index {
			rising++
		}
		sum += d.Index
	}
	// In random order half of the steps rise, give or take 9, and the mean is 512, give or take a few.
	if rising < 430 || rising > 570 || sum/1000 < 480 || sum/1000 > 544 {
		t.Errorf("%d of 999 steps rise, the mean place is %d", rising, sum/1000)
	}
	_, one, _, err1 := sampleSnapshot(t, 1).Disclose()
	_, many, _, err2 := sampleSnapshot(t, 64).Disclose()
	if err1 != nil || err2 != nil || one.Leaves != many.Leaves {
		t.Errorf("%d and %d leaves", one.Leaves, many.Leaves)
	}
	if raw, _ := one.Message(); bytes.Contains(raw, []byte("resources")) {
		t.Errorf("header %s", raw)
	}
}

// fringe counts the largest parts of a tree without a leaf of the mask, by RFC 6962's own division.
func fringe(low, high int, mask uint64) int {
	inside := mask >> low & (1<<(high-low) - 1)
	switch {
	case high == low:
		return 0
	case inside == 0:
		return 1
	case high-low == 1:
		return 0
	}
	k := 1
	for k*2 < high-low {
		k *= 2
	}
	return fringe(low, low+k, mask) + fringe(low+k, high, mask)
}

func refuseOthers(t *testing.T, rnd *rand.Rand, h Header, part []Disclosure, hashes []tlog.Hash, everyBit bool) {
	t.Helper()
	refuse := func(what string, h Header, part []Disclosure, hashes []tlog.Hash) {
		t.Helper()
		if CheckMultiProof(h, part, hashes) == nil {
			t.Fatalf("accepted: %s (%d leaves, %d hashes)", what, len(part), len(hashes))
		}
	}
	refuse("one hash more", h, part, append(slices.Clone(hashes), tlog.Hash{}))
	refuse("one hash more at the start", h, part, append([]tlog.Hash{{}}, hashes...))
	larger := h
	larger.Leaves *= 2
	if len(part) > 0 { // without any, the root alone is the proof, and the number is the seal's to hold
		refuse("a larger number", larger, part, hashes)
	}
	for _, wrong := range []int{-1, 0, 32, 65, 96, 1 << 62} {
		larger.Leaves = wrong
		refuse("an impossible number", larger, part, hashes)
	}
	for i := range hashes {
		refuse("one hash less", h, part, slices.Delete(slices.Clone(hashes), i, i+1))
		bits := []int{rnd.IntN(256)}
		if everyBit {
			bits = bits[:0]
			for b := range 256 {
				bits = append(bits, b)
			}
		}
		for _, b := range bits {
			c := slices.Clone(hashes)
			c[i][b/8] ^= 1 << (b % 8)
			refuse("a flipped bit", h, part, c)
		}
		if i > 0 {
			c := slices.Clone(hashes)
			c[i], c[i-1] = c[i-1], c[i]
			refuse("swapped hashes", h, part, c)
		}
	}
	for i := range part {
		refuse("a leaf less", h, slices.Delete(slices.Clone(part), i, i+1), hashes)
		if i > 0 {
			c := slices.Clone(part)
			c[i].Index, c[i-1].Index = c[i-1].Index, c[i].Index
			refuse("swapped leaves", h, c, hashes)
			refuse("a leaf twice", h, append(slices.Clone(part), part[i]), hashes)
		}
	}
	if len(part) > 0 {
		i := rnd.IntN(len(part))
		for what, spoil := range map[string]func(*Disclosure){
			"another index":     func(d *Disclosure) { d.Index++ },
			"another kind":      func(d *Disclosure) { d.Kind = KindNetwork },
			"an unknown kind":   func(d *Disclosure) { d.Kind = `a","b":"` },
			"another name":      func(d *Disclosure) { d.Identity.Content = append(slices.Clip(d.Identity.Content), ' ') },
			"another salt":      func(d *Disclosure) { d.Facts.Salt = strings.Repeat("0", 32) },
			"a salt in capital": func(d *Disclosure) { d.Facts.Salt = strings.ToUpper(d.Facts.Salt[:31]) + "A" },
			"parts swapped":     func(d *Disclosure) { d.Facts, d.Private = d.Private, d.Facts },
			"nothing":           func(d *Disclosure) { d.Scope = Part{} },
			"both":              func(d *Disclosure) { d.Scope.Commitment, _ = d.Scope.commitment() },
			"a long commitment": func(d *Disclosure) { d.Scope.Withhold(); d.Scope.Commitment += "00" },
		} {
			c := slices.Clone(part)
			spoil(&c[i])
			refuse(what, h, c, hashes)
		}
	}
}

// TestWithholding keeps every combination of parts back: the proof still holds, and nothing of them is left.
func TestWithholding(t *testing.T) {
	s := randomSnapshot(t, 3, 1)
	all, h, p, err := s.Disclose()
	if err != nil {
		t.Fatal(err)
	}
	for mask := range 1 << len(partNames) {
		part := slices.Clone(all)
		for i := range part {
			for j, name := range partNames {
				if mask>>j&1 == 0 {
					continue
				}
				for range 2 { // the second time changes nothing
					if err := part[i].part(name).Withhold(); err != nil {
						t.Fatal(err)
					}
				}
				if p := part[i].part(name); !p.Withheld() || p.Salt != "" || p.Content != nil {
					t.Fatalf("%s is still there: %+v", name, p)
				}
			}
			if _, err := part[i].Resource(); err != nil {
				t.Fatal(err)
			}
		}
		raw, err := json.Marshal(part, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		var back []Disclosure
		if err := json.Unmarshal(raw, &back, json.RejectUnknownMembers(true)); err != nil || CheckWhole(h, p, back) != nil {
			t.Fatalf("withheld %b: %v", mask, err)
		}
	}
}

// FuzzDisclosure: whatever is read as a disclosure is refused, or has one leaf and joins without a panic.
func FuzzDisclosure(f *testing.F) {
	all, _, _, err := randomSnapshot(f, 5, 1).Disclose()
	if err != nil {
		f.Fatal(err)
	}
	for i, d := range all {
		if i%2 == 0 {
			d.Private.Withhold()
			d.Identity.Withhold()
		}
		raw, _ := json.Marshal(d)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d Disclosure
		if json.Unmarshal(raw, &d, json.RejectUnknownMembers(true)) != nil {
			return
		}
		l, err := d.leaf()
		if err != nil {
			return
		}
		if !jsontext.Value(l).IsValid() {
			t.Fatalf("leaf %s", l)
		}
		r, err := d.Resource()
		if err != nil {
			return
		}
		if _, err := (line{r, Salt{}}).encode(); err != nil && d.Facts.Content != nil && d.Identity.Content != nil {
			t.Fatalf("joined, but not encoded: %v", err)
		}
	})
}
