package inventory

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

var (
	testKey     = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	errTestSeal = errors.New("no good")
)

func testSeal(message []byte) (Seal, error) {
	return Seal{KeyID: "k", Algorithm: "ed25519", PublicKey: testKey.Public().(ed25519.PublicKey), Value: ed25519.Sign(testKey, message)}, nil
}

// testVerify is as strict about the seal's fields as the real verifier is.
func testVerify(message []byte, s Seal) error {
	pub := testKey.Public().(ed25519.PublicKey)
	if s.KeyID != "k" || s.Algorithm != "ed25519" || !bytes.Equal(s.PublicKey, pub) || !ed25519.Verify(pub, message, s.Value) {
		return errTestSeal
	}
	return nil
}

func sampleResource(i int) Resource {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	kinds := []Attributes{&Datastore{Engine: Known("postgresql"), DataCategories: Partial([]string{"iban", "name"}, Permission, "reader"),
		Retention: Retention{AutomaticDays: Absent[int]()}, Encryption: Encryption{AtRest: Known(i%3 == 0)}}, &Flow{}, &SecretStore{}}
	d := Draft{ID: fmt.Sprintf("src/%06d", i), Name: fmt.Sprintf("store %d \"é\u2028\\", i), Attributes: kinds[i%len(kinds)],
		Scope:      Scope{Customers: []string{"woonstad"}},
		Provenance: Provenance{Collector: "postgres", Source: "src", Call: "pg_catalog", At: at, Permission: "pg_read_all_settings"}}
	r, err := d.Encode()
	if err != nil {
		panic(err)
	}
	return r
}

func sampleSnapshot(t testing.TB, n int) Snapshot {
	t.Helper()
	names, err := NewPseudonyms(bytes.Repeat([]byte{9}, PseudonymKeySize))
	if err != nil {
		t.Fatal(err)
	}
	names.Token("anna@example.nl")
	names.Token("bert@example.nl")
	resources := make([]Resource, n)
	for i := range resources {
		resources[n-1-i] = sampleResource(i) // in the wrong order
	}
	info := Info{CreatedAt: time.Date(2026, 3, 1, 12, 0, 0, 7, time.FixedZone("CET", 3600)), ToolVersion: "1.2.3", WorkspaceDigest: "aa", DataMapDigest: "bb",
		Sources: []SourceOutcome{{Source: "src", Status: "partial", Resources: n, Message: say.Both("half", "de helft")}}}
	s, err := NewSnapshot(info, names.Sealed(), resources, rand.NewChaCha8([32]byte{3}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pack(t testing.TB, s Snapshot) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := s.Write(&out, testSeal); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unpack(t testing.TB, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func zipped(plain []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(plain)
	w.Close()
	return out.Bytes()
}

func TestSnapshotRoundTrip(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 100} {
		s := sampleSnapshot(t, n)
		packed := pack(t, s)
		got, sealed, err := ReadSnapshot(bytes.NewReader(packed), Limits{}, testVerify)
		if err != nil {
			t.Fatalf("%d resources: %v", n, err)
		}
		if !reflect.DeepEqual(got, s) {
			t.Errorf("%d resources: read\n%+v\nwrote\n%+v", n, got, s)
		}
		if h := sealed.Header; h.Leaves != leavesFor(n) || h.Schema != "waarborg.snapshot/v1" || !h.CreatedAt.Equal(s.CreatedAt) || h.ToolVersion != s.ToolVersion || h.WorkspaceDigest != "aa" || h.DataMapDigest != "bb" {
			t.Errorf("header %+v", h)
		}
		if !bytes.Equal(pack(t, got), packed) || !bytes.Equal(pack(t, s), packed) {
			t.Errorf("%d resources: the same snapshot gives different bytes", n)
		}
	}
}

func TestASnapshotOfEmptyLists(t *testing.T) {
	s := sampleSnapshot(t, 3)
	s.Resources[0].Scope = Scope{Customers: []string{}, Applications: []string{}}
	s.Resources[1].Unknown = map[string]Reason{}
	s.Resources[2].Provenance.Filled = map[string]string{}
	s.Sources = nil
	packed := pack(t, s)
	got, _, err := ReadSnapshot(bytes.NewReader(packed), Limits{}, testVerify)
	if err != nil || !bytes.Equal(pack(t, got), packed) {
		t.Errorf("empty lists are not the same as none: %v", err)
	}
}

func TestSnapshotWithoutPrincipals(t *testing.T) {
	s := sampleSnapshot(t, 3)
	s.Principals = nil
	got, _, err := ReadSnapshot(bytes.NewReader(pack(t, s)), Limits{}, testVerify)
	if err != nil || len(got.Principals) != 0 {
		t.Errorf("%v, %v", got.Principals, err)
	}
}

// TestEveryChangedBitIsNoticed changes each bit of a snapshot's JSON in turn, cuts it at each byte and doubles each.
func TestEveryChangedBitIsNoticed(t *testing.T) {
	plain := unpack(t, pack(t, sampleSnapshot(t, 2)))
	try := func(what string, at int, changed []byte) {
		t.Helper()
		_, _, err := decode(bytes.NewReader(changed), Limits{Line: 4 << 10}.orDefaults(), testVerify)
		var known *say.Error
		if err == nil || !errors.As(err, &known) || known.Msg.IsZero() {
			t.Fatalf("%s at byte %d of %d (%q): %v", what, at, len(plain), plain[max(0, at-20):min(at+20, len(plain))], err)
		}
	}
	for i := range plain {
		for bit := range 8 {
			c := bytes.Clone(plain)
			c[i] ^= 1 << bit
			try("flipped bit", i, c)
		}
		try("cut off", i, plain[:i])
		try("doubled byte", i, bytes.Join([][]byte{plain[:i+1], plain[i:]}, nil))
	}
	try("appended", len(plain), append(bytes.Clone(plain), '\n'))
	if _, _, err := decode(bytes.NewReader(plain), Limits{}.orDefaults(), testVerify); err != nil {
		t.Errorf("the unchanged one is refused: %v", err)
	}
}

func TestSnapshotTampering(t *testing.T) {
	s := sampleSnapshot(t, 6)
	good := unpack(t, pack(t, s))
	ls := strings.SplitAfter(string(good), "\n")
	first := 9 // the line of the first resource
	if !strings.HasPrefix(ls[first], `{"resource":`) {
		t.Fatal(ls[first])
	}
	join := func(edit func([]string) []string) []byte {
		return []byte(strings.Join(edit(append([]string(nil), ls...)), ""))
	}
	replace := func(old, new string) []byte { return []byte(strings.Replace(string(good), old, new, 1)) }
	tests := []struct {
		name, want string
		plain      []byte
	}{
		{"newer version", "newer Waarborg", replace("snapshot/v1", "snapshot/v2")},
		{"another schema", "not a snapshot", replace("waarborg.snapshot", "waarborg.results")},
		{"empty", "not a snapshot", nil},
		{"resource removed", "belongs there", join(func(l []string) []string { return append(l[:first], l[first+1:]...) })},
		{"resource added", "out of order", join(func(l []string) []string { return append(l[:first+1], l[first:]...) })},
		{"resources swapped", "out of order", join(func(l []string) []string { l[first], l[first+1] = l[first+1], l[first]; return l })},
		{"removed and counted", "sources are not those that were sealed", []byte(strings.Replace(string(join(func(l []string) []string { return append(l[:first], l[first+1:]...) })), `"resources":6,"salt"`, `"resources":5,"salt"`, 1))},
		{"value changed", "not those that were sealed", replace(`"at_rest":true`, `"at_rest":null`)},
		{"header changed", "seal of the snapshot", replace(`1.2.3`, `1.2.4`)},
		{"kind counts changed", "sources are not those that were sealed", replace(`"flow":2`, `"flow":3`)},
		{"source renamed", "sources are not those that were sealed", replace(`"en":"half"`, `"en":"halt"`)},
		{"source renamed in Dutch", "sources are not those that were sealed", replace(`"nl":"de helft"`, `"nl":"de hulst"`)},
		{"a third language", "a field that this version does not know", replace(`"en":"half"`, `"de":"halb","en":"half"`)},
		{"another form of nothing", "form that belongs to it", replace(`"scope":{"customers":["woonstad"]}},`, `"scope":{"customers":["woonstad"]},"unknown":{}},`)},
		{"principal removed", "not those that were sealed", join(func(l []string) []string {
			l[5] = l[6]
			l[6] = ""
			return l
		})},
		{"spaces", "belongs there", replace(`"salt":`, `"salt": `)},
		{"double key", "belongs there", replace(`"salt":`, `"salt":"AAAAAAAAAAAAAAAAAAAAAA==","salt":`)},
		{"unknown field", "newer Waarborg", replace(`"salt":`, `"risk":1,"salt":`)},
		{"not UTF-8", "belongs there", replace(`"kind":"datastore"`, "\"kind\":\"data\xffstore\"")},
		{"unknown kind", "newer Waarborg", replace(`"kind":"datastore"`, `"kind":"datastory"`)},
		{"too deep", "nests deeper", replace(`"at_rest":true`, `"at_rest":`+strings.Repeat("[", 70)+strings.Repeat("]", 70))},
		{"much too deep", "nests deeper", replace(`"at_rest":true`, `"at_rest":`+strings.Repeat("[", 100_000))},
		{"negative number", "header does not fit", replace(`"leaves":64,`, `"leaves":-64,`)},
		{"no power of two", "header does not fit", replace(`"leaves":64,`, `"leaves":65,`)},
		{"a smaller tree", "header does not fit", replace(`"leaves":64,`, `"leaves":32,`)},
		{"a larger tree", "header does not fit its sources", replace(`"leaves":64,`, `"leaves":128,`)},
		{"too many", "header does not fit", replace(`"leaves":64,`, `"leaves":536870912,`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if bytes.Equal(tt.plain, good) {
				t.Fatal("the case changes nothing")
			}
			_, _, err := ReadSnapshot(bytes.NewReader(zipped(tt.plain)), Limits{}, testVerify)
			var known *say.Error
			if !errors.As(err, &known) || !strings.Contains(err.Error(), tt.want) || known.Hint.IsZero() && known.Err == nil {
				t.Errorf("error %v, want one with %q and a hint", err, tt.want)
			}
		})
	}
}

func TestSealIsJudgedLast(t *testing.T) {
	stranger := func([]byte, Seal) error { return errTestSeal }
	packed := pack(t, sampleSnapshot(t, 4))
	if _, sealed, err := ReadSnapshot(bytes.NewReader(packed), Limits{}, stranger); !errors.Is(err, errTestSeal) || sealed.Header.Root != "" {
		t.Errorf("unknown signer: %v", err)
	}
	plain := bytes.Replace(unpack(t, packed), []byte(`"at_rest":true`), []byte(`"at_rest":null`), 1)
	if _, _, err := ReadSnapshot(bytes.NewReader(zipped(plain)), Limits{}, stranger); err == nil || errors.Is(err, errTestSeal) {
		t.Errorf("a changed snapshot of a stranger counts as intact: %v", err)
	}
}

func TestPackedForm(t *testing.T) {
	packed := pack(t, sampleSnapshot(t, 4))
	named := func() []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		w.Comment = "anna"
		w.Write(unpack(t, packed))
		w.Close()
		return out.Bytes()
	}
	tests := map[string][]byte{
		"cut off in the checksum": packed[:len(packed)-3],
		"cut off":                 packed[:len(packed)/2],
		"wrong checksum":          append(bytes.Clone(packed[:len(packed)-8]), make([]byte, 8)...),
		"two in one":              append(bytes.Clone(packed), packed...),
		"a byte behind it":        append(bytes.Clone(packed), 0),
		"a comment":               named(),
		"not packed":              unpack(t, packed),
		"a bomb":                  zipped(make([]byte, 64<<20)),
	}
	for name, data := range tests {
		_, _, err := ReadSnapshot(bytes.NewReader(data), Limits{}, testVerify)
		var known *say.Error
		if !errors.As(err, &known) || known.Hint.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadLimits(t *testing.T) {
	packed := pack(t, sampleSnapshot(t, 50))
	for name, l := range map[string]Limits{"bytes": {Bytes: 5000}, "line": {Line: 400}, "resources": {Resources: 49}, "depth": {Depth: 2}} {
		_, _, err := ReadSnapshot(bytes.NewReader(packed), l, testVerify)
		var known *say.Error
		if !errors.As(err, &known) {
			t.Errorf("%s: %v", name, err)
		}
	}
	bomb := io.MultiReader(strings.NewReader(lineSchema+"\n"), strings.NewReader(strings.Repeat("0", 8<<20)))
	plain, _ := io.ReadAll(bomb)
	if _, _, err := ReadSnapshot(bytes.NewReader(zipped(plain)), Limits{Line: 16 << 20}, testVerify); err == nil || !strings.Contains(err.Error(), "times its size") {
		t.Errorf("ratio: %v", err)
	}
}

func TestWriteRefuses(t *testing.T) {
	tests := map[string]func(*Snapshot){
		"a salt too few":          func(s *Snapshot) { s.Salts = s.Salts[1:] },
		"two of one salt":         func(s *Snapshot) { s.Salts[1] = s.Salts[0] },
		"a dummy's salt":          func(s *Snapshot) { s.Salts[1] = padding(s.Salt, 6)[3].place },
		"two of one id":           func(s *Snapshot) { s.Resources[1] = s.Resources[0] },
		"wrong order":             func(s *Snapshot) { s.Resources[0], s.Resources[1] = s.Resources[1], s.Resources[0] },
		"unknown kind":            func(s *Snapshot) { s.Resources[0].Kind = "aardvark" },
		"one id, two kinds":       func(s *Snapshot) { s.Resources[len(s.Resources)-1].ID = s.Resources[0].ID },
		"not UTF-8":               func(s *Snapshot) { s.Resources[0].Name = "\xff" },
		"a huge resource":         func(s *Snapshot) { s.Resources[0].Name = strings.Repeat("x", 5<<20) },
		"bad attributes":          func(s *Snapshot) { s.Resources[0].Attributes = []byte(`{"a":`) },
		"a name in clear":         func(s *Snapshot) { s.Principals = map[string]string{"p-abcdefgh23456789": "anna@example.nl"} },
		"no token":                func(s *Snapshot) { s.Principals = map[string]string{"anna": "AAAA"} },
		"message not UTF-8":       func(s *Snapshot) { s.Sources[0].Message.EN = "\xff" },
		"Dutch message not UTF-8": func(s *Snapshot) { s.Sources[0].Message.NL = "\xff" },
		"hint not UTF-8":          func(s *Snapshot) { s.Sources[0].Hint.NL = "\xff" },
		"endless message":         func(s *Snapshot) { s.Sources[0].Message.EN = strings.Repeat("x", 5<<20) },
		"endless Dutch message":   func(s *Snapshot) { s.Sources[0].Message.NL = strings.Repeat("x", 5<<20) },
		"endless Dutch hint":      func(s *Snapshot) { s.Sources[0].Hint.NL = strings.Repeat("x", 5<<20) },
		"deep as a rabbit's": func(s *Snapshot) {
			s.Resources[0].Attributes = []byte(strings.Repeat("[", 80) + strings.Repeat("]", 80))
		},
	}
	for name, spoil := range tests {
		s := sampleSnapshot(t, 6)
		spoil(&s)
		var known *say.Error
		if _, err := s.Write(io.Discard, testSeal); !errors.As(err, &known) || strings.Contains(err.Error(), "anna@") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewSnapshot(Info{}, nil, []Resource{sampleResource(0)}, strings.NewReader("short")); err == nil {
		t.Error("a snapshot without enough randomness")
	}
}

func TestWriteFileLeavesNothingHalf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.json.gz")
	s := sampleSnapshot(t, 5)
	if _, err := s.WriteFile(path, testSeal); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	boom := errors.New("no key")
	if _, err := s.WriteFile(path, func([]byte) (Seal, error) { return Seal{}, boom }); !errors.Is(err, boom) {
		t.Errorf("error %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("a failed write changed the file")
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", st.Mode())
	}
	if got, _, err := ReadSnapshotFile(path, Limits{}, testVerify); err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("ReadSnapshotFile: %v", err)
	}
	var known *say.Error
	if _, err := s.WriteFile(filepath.Join(path, "under-a-file"), testSeal); !errors.As(err, &known) {
		t.Errorf("impossible folder: %v", err)
	}
	if _, _, err := ReadSnapshotFile(path+"x", Limits{}, testVerify); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

// failing fails after n bytes, as a full disk does.
type failing struct{ n int }

func (f *failing) Write(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func TestWriteReportsAFullDisk(t *testing.T) {
	s := sampleSnapshot(t, 200)
	for n := 0; n < len(pack(t, s)); n += 97 {
		var known *say.Error
		if _, err := s.Write(&failing{n}, testSeal); !errors.As(err, &known) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}

func TestDepth(t *testing.T) {
	for text, want := range map[string]int{``: 0, `1`: 0, `[]`: 1, `{"a":[{"b":1}],"c":{}}`: 3, `"[[["`: 0, `["\"[[[",[]]`: 2, `["\\",[[]]]`: 3, `["a`: 1, `"\\\""`: 0} {
		if got := depth([]byte(text)); got != want {
			t.Errorf("%s: depth %d, want %d", text, got, want)
		}
	}
}

// acceptAll stands in for a verifier: a fuzzer cannot sign.
func acceptAll([]byte, Seal) error { return nil }

// readAgain fails unless what was read can be written and read once more.
func readAgain(t *testing.T, s Snapshot, sealed Sealed) {
	t.Helper()
	var out bytes.Buffer
	if _, err := s.Write(&out, func([]byte) (Seal, error) { return sealed.Seal, nil }); err != nil {
		t.Fatalf("read but not written: %v", err)
	}
	again, _, err := ReadSnapshot(&out, Limits{}, acceptAll)
	if err != nil || len(again.Resources) != len(s.Resources) {
		t.Fatalf("written but not read: %v", err)
	}
}

func FuzzReadSnapshot(f *testing.F) {
	for _, n := range []int{0, 1, 4} {
		f.Add(pack(f, sampleSnapshot(f, n)))
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		s, sealed, err := ReadSnapshot(bytes.NewReader(packed), Limits{Line: 1 << 16, Bytes: 1 << 20}, acceptAll)
		var known *say.Error
		if err != nil && (!errors.As(err, &known) || known.Msg.IsZero()) {
			t.Fatalf("not a *say.Error: %v", err)
		}
		if err == nil {
			readAgain(t, s, sealed)
		}
	})
}

// FuzzResourceLine gives the reader any line as the only resource of a snapshot whose root fits it.
func FuzzResourceLine(f *testing.F) {
	for i := range 3 {
		raw, _ := line{sampleResource(i), Salt{1}}.encode()
		f.Add([]byte(raw))
	}
	f.Add([]byte(`{"resource":null,"salt":""}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var l line
		form := jsontext.Value(bytes.Clone(text))
		if json.Unmarshal(text, &l) != nil || form.Canonicalize() != nil || !bytes.Equal(form, text) {
			return
		}
		p, err := split(text, l)
		if err != nil {
			return
		}
		tree, _, err := grow([]Salt{l.Salt}, []tlog.Hash{tlog.RecordHash(p.leaf(l.Resource.Kind, l.Salt))}, Salt{})
		if err != nil {
			return
		}
		particulars, _ := Particulars{Kinds: map[Kind]int{l.Resource.Kind: 1}, Resources: 1, Sources: []SourceOutcome{}}.encode()
		h, _ := strictjson.Canonical(Header{Schema: SnapshotSchema, Leaves: 64, Root: tree.Root(), PrincipalsDigest: principalsDigest(nil), ParticularsDigest: hexSum(particulars)})
		seal, _ := strictjson.Canonical(Seal{})
		plain := fmt.Sprintf("%s\n%s%s,\n%s%s,\n%s%s,\n%s\n},\n%s\n%s\n%s\n", lineSchema, startHeader, h, startSeal, seal, startParticulars, particulars,
			linePrincipals, lineResources, text, lineEnd)
		s, sealed, err := decode(strings.NewReader(plain), Limits{Line: 1 << 16}.orDefaults(), acceptAll)
		if err == nil {
			readAgain(t, s, sealed)
		}
	})
}
