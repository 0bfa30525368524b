package subprocessors

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var issued = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// example has each kind of thing once.
func example() Export {
	return Export{Schema: Schema, Processor: Processor{Name: "Example B.V.", Register: "12345678"}, IssuedAt: issued, ExpiresAt: issued.Add(24 * time.Hour),
		Entries: []Entry{
			{ID: "azure", Name: "Azure", Purpose: Text{"hosting", "hosting"}, Status: Active, Source: Source{"Annex C", "BC-1", "2024-01-01"},
				Applications: []string{"crm", "portal"}, Categories: []string{"email", "name"}, OpenGroups: []string{"basic"}, EEA: true,
				Countries: []string{"IE", "NL"}, AccessCountries: []string{"NL"}, Regions: map[string][]string{"azure": {"northeurope", "westeurope"}},
				Agreement: "2023-11-01", Ground: "scc", GroundUntil: "2028-01-01", TIA: "2026-01-01", Notice: Notice{"2024-01-01", "2024-02-01"},
				Notices: []CustomerNotice{{"north", Notice{"2026-11-01", "2026-12-01"}}},
				Objections: []Objection{{"r-00000001", "north", Open, "2026-11-02"}, {"r-00000002", "", Open, "2026-11-02"},
					{"r-00000003", "south", Resolved, "2026-11-02"}, {"r-00000004", "south", Withdrawn, "2026-11-02"}}},
			{ID: "next", Name: "Next", Purpose: Text{"mail", "post"}, Status: Announced, Source: Source{"Letter", "VWO-7.1", ""},
				Notice: Notice{"2026-11-20", "2027-01-01"}},
			{ID: "past", Name: "Past", Purpose: Text{"mail", "post"}, Status: Ended, Source: Source{"Annex C", "BC-2", ""}},
		}}
}

type signer struct {
	key *ecdsa.PrivateKey
	der []byte
}

func newSigner(t testing.TB) signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return signer{key, der}
}

func (s signer) seal(message []byte) (Seal, error) {
	sum := sha256.Sum256(message)
	value, err := ecdsa.SignASN1(rand.Reader, s.key, sum[:])
	return Seal{KeyID: "k", Algorithm: "a", PublicKey: s.der, Value: value}, err
}

var errSeal = errors.New("the seal is not ours")

func (s signer) verify(message []byte, seal Seal) error {
	sum := sha256.Sum256(message)
	if seal.KeyID != "k" || seal.Algorithm != "a" || !bytes.Equal(seal.PublicKey, s.der) || !ecdsa.VerifyASN1(&s.key.PublicKey, sum[:], seal.Value) {
		return errSeal
	}
	return nil
}

func written(t testing.TB, s signer, e Export) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := Write(&out, e, s.seal); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	s := newSigner(t)
	path := filepath.Join(t.TempDir(), "register.json")
	if _, err := WriteFile(path, example(), s.seal); err != nil {
		t.Fatal(err)
	}
	got, _, err := ReadFile(path, s.verify)
	if err != nil {
		t.Fatal(err)
	}
	azure, _ := got.Entry("azure")
	want, _ := example().Entry("azure")
	if !reflect.DeepEqual(azure, want) || len(got.Entries) != 3 || !got.ExpiresAt.Equal(issued.Add(24*time.Hour)) {
		t.Errorf("read:\n%+v\nwant:\n%+v", azure, want)
	}
	if _, there := got.Entry("nobody"); there {
		t.Error("it has an entry that was not written")
	}
	if got.Expired(issued) || got.Expired(got.ExpiresAt.Add(-1)) || !got.Expired(got.ExpiresAt) {
		t.Error("it ends at another moment than it says")
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	if _, _, err := ReadFile(path, newSigner(t).verify); !errors.Is(err, errSeal) {
		t.Errorf("another's key: %v", err)
	}
	if _, _, err := ReadFile(path+"x", s.verify); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	broken := func([]byte) (Seal, error) { return Seal{}, errSeal }
	if _, err := WriteFile(path+"x", example(), broken); !errors.Is(err, errSeal) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := os.Stat(path + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Error("a file without a seal was left")
	}
}

// TestEveryBitCounts: no bit of the file can be turned without being noticed.
func TestEveryBitCounts(t *testing.T) {
	s := newSigner(t)
	raw := written(t, s, example())
	for i := range raw {
		for bit := range 8 {
			raw[i] ^= 1 << bit
			if _, _, err := Read(bytes.NewReader(raw), "x", s.verify); err == nil {
				t.Errorf("bit %d of byte %d (%q) can be turned", bit, i, raw[max(0, i-20):min(len(raw), i+20)])
			}
			raw[i] ^= 1 << bit
		}
	}
	if _, _, err := Read(bytes.NewReader(raw), "x", s.verify); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

func TestAnotherFormIsRefused(t *testing.T) {
	s := newSigner(t)
	good := string(written(t, s, example()))
	for name, text := range map[string]string{
		"nothing":     "",
		"no object":   "[]\n",
		"no line end": strings.TrimSuffix(good, "\n"),
		"two ends":    good + "\n",
		"a space":     strings.Replace(good, `,"`, `, "`, 1),
		"a mark":      "\xef\xbb\xbf" + good,
		"two files":   good + good,
		"a new key":   strings.Replace(good, `{"register":`, `{"more":1,"register":`, 1),
		"a key twice": strings.Replace(good, `{"register":`, `{"register":{},"register":`, 1),
		"an escape":   strings.Replace(good, "Azure", `\u0041zure`, 1),
		"null":        strings.Replace(good, `"notices":[]`, `"notices":null`, 1),
		"a zone":      strings.Replace(good, "2026-11-23T12:00:00Z", "2026-11-23T13:00:00+01:00", 1),
		"too large":   strings.Replace(good, "Azure", strings.Repeat("A", MaxSize), 1),
		"cut off":     good[:len(good)/2],
	} {
		if text == good {
			t.Errorf("%s changes nothing", name)
		}
		if _, _, err := Read(strings.NewReader(text), "x", func([]byte, Seal) error { return nil }); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func TestCheck(t *testing.T) {
	long := strings.Repeat("x", maxText+1)
	for name, spoil := range map[string]func(e *Export){
		"schema":                 func(e *Export) { e.Schema = "waarborg.register/v2" },
		"nobody's":               func(e *Export) { e.Processor.Name = " " },
		"for no time":            func(e *Export) { e.ExpiresAt = e.IssuedAt },
		"backwards":              func(e *Export) { e.ExpiresAt = e.IssuedAt.Add(-time.Hour) },
		"for too long":           func(e *Export) { e.ExpiresAt = e.IssuedAt.Add(MaxValid + time.Second) },
		"of no time":             func(e *Export) { e.IssuedAt = time.Time{} },
		"of half seconds":        func(e *Export) { e.IssuedAt = e.IssuedAt.Add(time.Millisecond) },
		"not in order":           func(e *Export) { e.Entries[0], e.Entries[1] = e.Entries[1], e.Entries[0] },
		"twice":                  func(e *Export) { e.Entries[1] = e.Entries[0] },
		"too many":               func(e *Export) { e.Entries = make([]Entry, maxEntries+1) },
		"id":                     func(e *Export) { e.Entries[0].ID = "Azure" },
		"name":                   func(e *Export) { e.Entries[0].Name = "" },
		"a long name":            func(e *Export) { e.Entries[0].Name = long },
		"a name of two lines":    func(e *Export) { e.Entries[0].Name = "a\nb" },
		"a name that turns":      func(e *Export) { e.Entries[0].Name = "a\u202eb" },
		"purpose":                func(e *Export) { e.Entries[0].Purpose.NL = "" },
		"source":                 func(e *Export) { e.Entries[0].Source.Clause = "" },
		"source date":            func(e *Export) { e.Entries[0].Source.Date = "soon" },
		"applications":           func(e *Export) { e.Entries[0].Applications = []string{"b", "a"} },
		"a category":             func(e *Export) { e.Entries[0].Categories = []string{"E-mail"} },
		"groups twice":           func(e *Export) { e.Entries[0].OpenGroups = []string{"a", "a"} },
		"a country":              func(e *Export) { e.Entries[0].Countries = []string{"nl"} },
		"a country of access":    func(e *Export) { e.Entries[0].AccessCountries = []string{"Nederland"} },
		"a region":               func(e *Export) { e.Entries[0].Regions = map[string][]string{"azure": {"West Europe"}} },
		"a provider":             func(e *Export) { e.Entries[0].Regions = map[string][]string{"Azure": {"westeurope"}} },
		"a provider of nowhere":  func(e *Export) { e.Entries[0].Regions = map[string][]string{"azure": {}} },
		"a ground":               func(e *Export) { e.Entries[0].Ground = "consent" },
		"a date that is none":    func(e *Export) { e.Entries[0].Agreement = "2026-02-30" },
		"the end of a ground":    func(e *Export) { e.Entries[0].GroundUntil = "x" },
		"a TIA":                  func(e *Export) { e.Entries[0].TIA = "x" },
		"a notice":               func(e *Export) { e.Entries[0].Notice = Notice{"2024-02-01", "2024-01-01"} },
		"a customer's notice":    func(e *Export) { e.Entries[0].Notices[0].Ends = "never" },
		"a customer":             func(e *Export) { e.Entries[0].Notices[0].Customer = "" },
		"a customer twice":       func(e *Export) { e.Entries[0].Notices = append(e.Entries[0].Notices, e.Entries[0].Notices[0]) },
		"active too early":       func(e *Export) { e.Entries[1].Status = Active },
		"announced though over":  func(e *Export) { e.Entries[0].Status = Announced },
		"announced without end":  func(e *Export) { e.Entries[0].Notice.Ends = "" },
		"a status":               func(e *Export) { e.Entries[0].Status = "" },
		"a reference":            func(e *Export) { e.Entries[0].Objections[0].Ref = "1" },
		"objections not sorted":  func(e *Export) { e.Entries[0].Objections[0].Ref = "r-00000009" },
		"an objection's state":   func(e *Export) { e.Entries[0].Objections[0].State = "closed" },
		"an objection's day":     func(e *Export) { e.Entries[0].Objections[0].Since = "x" },
		"an objection's speaker": func(e *Export) { e.Entries[0].Objections[0].Customer = "Jan Jansen" },
	} {
		e := example()
		spoil(&e)
		if err := e.Check(); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := Write(&bytes.Buffer{}, e, newSigner(t).seal); err == nil {
			t.Errorf("%s: it is written", name)
		}
	}
	if err := example().Check(); err != nil {
		t.Error(err)
	}
}

func TestWhomItConcerns(t *testing.T) {
	azure, _ := example().Entry("azure")
	for customer, want := range map[string]int{"": 2, "north": 2, "south": 1, "west": 1} {
		if got := azure.OpenObjections(customer); got != want {
			t.Errorf("open objections of %q: %d, want %d", customer, got, want)
		}
	}
	if azure.NoticeFor("north").Ends != "2026-12-01" || azure.NoticeFor("south").Ends != "2024-02-01" {
		t.Error("a customer has another's notice")
	}
	next, _ := example().Entry("next")
	if !azure.Serves([]string{"hr", "crm"}) || azure.Serves([]string{"hr"}) || azure.Serves(nil) || !next.Serves([]string{"hr"}) {
		t.Error("it serves other applications than it says")
	}
	for _, tt := range []struct {
		n    Notice
		want Status
	}{{Notice{}, Active}, {Notice{"2026-01-01", "2026-11-23"}, Active}, {Notice{"2026-01-01", "2026-11-24"}, Announced},
		{Notice{"2026-01-01", ""}, Announced}, {Notice{"", "2026-11-24"}, Announced}, {Notice{"", "2026-11-22"}, Active}} {
		if got := tt.n.StatusAt("2026-11-23"); got != tt.want {
			t.Errorf("%+v is %s", tt.n, got)
		}
	}
}

// FuzzRead: whatever is read has one form, and is never accepted without its seal.
func FuzzRead(f *testing.F) {
	s := newSigner(f)
	good := written(f, s, example())
	f.Add(good)
	f.Add(bytes.Replace(good, []byte("azure"), []byte("bzure"), 1))
	f.Add([]byte(`{"register":{},"seal":{}}` + "\n"))
	f.Add([]byte("[[[["))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, seal, err := Read(bytes.NewReader(raw), "x", func([]byte, Seal) error { return nil })
		if err != nil {
			return
		}
		again, err := encode(document{e, seal})
		if err != nil || !bytes.Equal(again, raw) {
			t.Fatalf("another form: %v", err)
		}
		if _, _, err := Read(bytes.NewReader(raw), "x", s.verify); err == nil && !bytes.Equal(raw, good) {
			t.Fatal("something else than what was sealed is accepted")
		}
	})
}
