package sign

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func trusting(t testing.TB, blocks ...[]byte) Trust {
	t.Helper()
	trust, err := ParseTrust(bytes.Join(blocks, nil))
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

func TestTrustInAKey(t *testing.T) {
	k, pub := inMemory(t, Evidence)
	_, other := inMemory(t, Evidence)
	chain := []*x509.Certificate{selfSigned(t, k, noon)}
	trust := trusting(t, other.PEM(), pub.PEM())
	by, err := trust.Chain(chain, noon, true)
	if err != nil || by != (SignedBy{Name: "Voorbeeld B.V. bewijs, Voorbeeld B.V.", KeyID: pub.ID}) {
		t.Errorf("%+v, %v", by, err)
	}
	if by, err := trust.Chain(chain, noon, false); err != nil || by.Note != NoteOwnTime {
		t.Errorf("with the signer's own time: %+v, %v", by, err)
	}
	if by, err := trust.Key(pub, noon.AddDate(-10, 0, 0), false); err != nil || by.KeyID != pub.ID || by.Note != NoteOwnTime {
		t.Errorf("a bare key: %+v, %v", by, err)
	}
	for name, trust := range map[string]Trust{"another": trusting(t, other.PEM()), "nobody": {}} {
		if _, err := trust.Chain(chain, noon, true); !errors.Is(err, ErrUnknownSigner) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := trust.Key(pub, noon, true); !errors.Is(err, ErrUnknownSigner) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := trust.Key(Public{}, noon, true); !errors.Is(err, ErrUnknownSigner) {
		t.Errorf("no key: %v", err)
	}
	for _, none := range [][]*x509.Certificate{nil, make([]*x509.Certificate, maxChain+1)} {
		if _, err := trust.Chain(none, noon, true); err == nil {
			t.Errorf("a chain of %d", len(none))
		}
	}
	// Both ends of the validity belong to it.
	for at, want := range map[time.Time]error{noon: nil, noon.Add(-time.Second): ErrNotYetValid, noon.AddDate(3, 0, 0).Add(999 * time.Millisecond): nil, noon.AddDate(3, 0, 1): ErrExpired} {
		if _, err := trust.Chain(chain, at, true); !errors.Is(err, want) {
			t.Errorf("at %s: %v, want %v", at, err, want)
		}
	}
	servers := issue(t, nil, pub.key, k.private, func(c *x509.Certificate) { c.UnknownExtKeyUsage = nil })
	if _, err := trust.Chain([]*x509.Certificate{servers}, noon, true); !errors.Is(err, ErrWrongUse) {
		t.Errorf("a certificate for something else: %v", err)
	}
}

func TestTrustInACertificate(t *testing.T) {
	k, pub := inMemory(t, Evidence)
	cert, other := selfSigned(t, k, noon), selfSigned(t, k, noon)
	trust := trusting(t, ChainPEM([]*x509.Certificate{cert}))
	if by, err := trust.Chain([]*x509.Certificate{cert}, noon, true); err != nil || by.KeyID != pub.ID {
		t.Errorf("%+v, %v", by, err)
	}
	// A certificate stands for itself: its owner could make another with any dates.
	if _, err := trust.Chain([]*x509.Certificate{other}, noon, true); !errors.Is(err, ErrUnknownSigner) {
		t.Errorf("another certificate of the key: %v", err)
	}
	if len(trust.Keys()) != 1 {
		t.Errorf("%d keys", len(trust.Keys()))
	}
	if by, err := trust.Key(pub, noon, true); err != nil || by.Name == "" {
		t.Errorf("its key: %+v, %v", by, err)
	}
	if _, err := trust.Key(pub, noon.AddDate(4, 0, 0), true); !errors.Is(err, ErrExpired) {
		t.Errorf("its key, too late: %v", err)
	}
	if _, err := trust.Chain([]*x509.Certificate{cert}, noon.AddDate(4, 0, 0), true); !errors.Is(err, ErrExpired) {
		t.Errorf("too late: %v", err)
	}
}

func TestTrustInAnAuthority(t *testing.T) {
	_, pub := inMemory(t, Evidence)
	root := newAuthority(t, nil, "Root")
	between := newAuthority(t, root, "Between")
	evil := newAuthority(t, nil, "Root") // the same name
	trust := trusting(t, ChainPEM([]*x509.Certificate{root.cert}))
	leaf := issue(t, between, pub.key, nil, nil)
	chain := func(certs ...*x509.Certificate) []*x509.Certificate { return certs }
	for _, tt := range []struct {
		name  string
		chain []*x509.Certificate
		at    time.Time
		want  error
	}{
		{"whole chain", chain(leaf, between.cert, root.cert), noon, nil},
		{"without the root", chain(leaf, between.cert), noon, nil},
		{"without the one between", chain(leaf), noon, ErrUnknownSigner},
		{"of another root", chain(issue(t, evil, pub.key, nil, nil), evil.cert), noon, ErrUnknownSigner},
		{"too late", chain(leaf, between.cert), noon.AddDate(2, 0, 0), ErrExpired},
		{"too early", chain(leaf, between.cert), noon.AddDate(-2, 0, 0), ErrNotYetValid},
		{"not for documents", chain(issue(t, root, pub.key, nil, func(c *x509.Certificate) { c.UnknownExtKeyUsage = nil })), noon, ErrWrongUse},
		{"the authority itself", chain(between.cert), noon, ErrWrongUse},
	} {
		if _, err := trust.Chain(tt.chain, tt.at, true); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if by, err := trust.Chain(chain(issue(t, root, p384.Public(), nil, nil)), noon, true); err != nil || by.KeyID != "" || by.Name != "Someone" {
		t.Errorf("another kind of key: %+v, %v", by, err)
	}
	if len(trust.Keys()) != 0 {
		t.Error("an authority's own key signs nothing")
	}
	if _, err := trust.Key(pub, noon, true); !errors.Is(err, ErrUnknownSigner) {
		t.Errorf("a bare key under an authority: %v", err)
	}
}

func TestParseTrustRefusals(t *testing.T) {
	k, pub := inMemory(t, Evidence)
	cert := ChainPEM([]*x509.Certificate{selfSigned(t, k, noon)})
	for name, text := range map[string][]byte{"empty": nil, "text": []byte("x"), "text behind": append(pub.PEM(), 'x'),
		"private key":         pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED SIGSTORE PRIVATE KEY", Bytes: []byte("x")}),
		"request":             pem.EncodeToMemory(&pem.Block{Type: requestType, Bytes: []byte("x")}),
		"damaged certificate": pem.EncodeToMemory(&pem.Block{Type: certificateType, Bytes: []byte("x")}),
		"damaged key":         pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")}),
		"too many":            bytes.Repeat(pub.PEM(), maxTrusted+1)} {
		if trust, err := ParseTrust(text); err == nil || len(trust.Keys()) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if trust := trusting(t, cert, pub.PEM(), pub.PEM()); len(trust.Keys()) != 1 {
		t.Errorf("the same key thrice: %d keys", len(trust.Keys()))
	}
}

func TestRetired(t *testing.T) {
	k, pub := inMemory(t, Evidence)
	chain := []*x509.Certificate{selfSigned(t, k, noon.AddDate(-1, 0, 0))}
	retired := Trust{keys: []trustedKey{{public: pub, retired: noon}}}
	stolen := Trust{keys: []trustedKey{{public: pub, retired: noon, compromised: noon.AddDate(0, -1, 0)}}}
	merged := trusting(t, pub.PEM()).Merge(stolen) // what is known of an end holds, whoever else trusts the key
	before, since := noon.AddDate(0, -2, 0), noon.AddDate(0, 0, -1)
	for _, tt := range []struct {
		name   string
		trust  Trust
		at     time.Time
		proven bool
		want   error
		note   Note
	}{
		{"before", retired, since, true, nil, NoteRetired},
		{"at the moment", retired, noon.Add(time.Millisecond), true, nil, NoteRetired},
		{"before, says the signer", retired, since, false, nil, NoteRetiredOwnTime},
		{"after", retired, noon.Add(time.Second), true, ErrRetired, ""},
		{"after, says the signer", retired, noon.Add(time.Second), false, ErrRetired, ""},
		{"stolen later", stolen, before, true, nil, NoteRetired},
		{"stolen later, says the signer", stolen, before, false, ErrCompromised, ""},
		{"stolen", stolen, since, true, ErrCompromised, ""},
		{"merged, stolen later", merged, before, true, nil, NoteRetired},
		{"merged, stolen", merged, before, false, ErrCompromised, ""},
		{"merged the other way", stolen.Merge(trusting(t, pub.PEM())), before, false, ErrCompromised, ""},
		{"merged with another end", retired.Merge(Trust{keys: []trustedKey{{public: pub, retired: since}}}), noon, true, ErrRetired, ""},
	} {
		by, err := tt.trust.Chain(chain, tt.at, tt.proven)
		if !errors.Is(err, tt.want) || by.Note != tt.note || by.Retired != (tt.want == nil) {
			t.Errorf("%s: %+v, %v", tt.name, by, err)
		}
		by, err = tt.trust.Key(pub, tt.at, tt.proven)
		if !errors.Is(err, tt.want) || by.Note != tt.note || by.Retired != (tt.want == nil) {
			t.Errorf("%s, bare: %+v, %v", tt.name, by, err)
		}
	}
	if len(trusting(t, pub.PEM()).keys) != 1 || merged.keys[0].compromised.IsZero() {
		t.Error("merging lost something")
	}
	// An authority above it does not take the end away.
	root := newAuthority(t, nil, "Root")
	both := stolen.Merge(trusting(t, ChainPEM([]*x509.Certificate{root.cert})))
	if _, err := both.Chain([]*x509.Certificate{issue(t, root, pub.key, nil, nil)}, since, true); !errors.Is(err, ErrCompromised) {
		t.Errorf("under an authority: %v", err)
	}
}

func TestNotesHaveTexts(t *testing.T) {
	for _, n := range []Note{NoteOwnTime, NoteRetired, NoteRetiredOwnTime} {
		if n.In("nl") == "" || n.In("en") == "" || n.In("nl") == n.In("en") {
			t.Errorf("%s has no text in both languages", n)
		}
	}
}

func TestLoadTrust(t *testing.T) {
	dir := keys(t)
	if trust, err := LoadTrust(dir); err != nil || len(trust.Keys()) != 0 {
		t.Errorf("without keys: %v", err)
	}
	k, pub := inMemory(t, Evidence)
	if err := Pin(dir, pub); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(crtPath(dir), ChainPEM([]*x509.Certificate{selfSigned(t, k, noon)}), 0o600); err != nil {
		t.Fatal(err)
	}
	next := pub
	for range 2 {
		old := next
		_, next = inMemory(t, Evidence)
		if _, err := RotateTo(dir, next, Retirement{At: noon}, false); err != nil {
			t.Fatal(err)
		}
		if by, err := mustTrust(t, dir).Key(old, noon, true); err != nil || !by.Retired {
			t.Errorf("the old key: %+v, %v", by, err)
		}
	}
	trust, err := LoadTrust(dir)
	if err != nil || len(trust.Keys()) != 3 {
		t.Fatalf("%d keys, %v", len(trust.Keys()), err)
	}
	if by, err := trust.Key(next, noon.AddDate(1, 0, 0), true); err != nil || by.Retired {
		t.Errorf("the present key: %+v, %v", by, err)
	}
	if by, err := trust.Key(pub, noon, true); err != nil || by.Name == "" {
		t.Errorf("the first key lost its name: %+v, %v", by, err)
	}
	if r := trust.Retired(); len(r) != 2 || !r[0].At.Equal(noon) || !slices.ContainsFunc(r, func(k RetiredKey) bool { return k.Public.Equal(pub) }) {
		t.Errorf("retired: %v", r)
	}
	record := filepath.Join(dir, "retired", pub.ID)
	good, _ := os.ReadFile(record + ".json")
	goodPub, _ := os.ReadFile(record + ".pub")
	for name, spoil := range map[string]func() error{
		"no JSON": func() error { return os.WriteFile(record+".json", []byte("x"), 0o600) },
		"unknown key": func() error {
			return os.WriteFile(record+".json", bytes.Replace(good, []byte("{"), []byte(`{"x": 1,`), 1), 0o600)
		},
		"no time": func() error {
			return os.WriteFile(record+".json", []byte(`{"key_id": "`+pub.ID+`", "use": "evidence"}`), 0o600)
		},
		"no use": func() error {
			return os.WriteFile(record+".json", bytes.Replace(good, []byte("evidence"), []byte("x"), 1), 0o600)
		},
		"no public half":  func() error { return os.Remove(record + ".pub") },
		"another key":     func() error { return os.WriteFile(record+".pub", next.PEM(), 0o600) },
		"damaged key":     func() error { return os.WriteFile(record+".pub", []byte("x"), 0o600) },
		"damaged present": func() error { return os.WriteFile(pubPath(dir, Evidence), []byte("x"), 0o600) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if trust, err := LoadTrust(dir); err == nil || len(trust.Keys()) > 0 {
			t.Errorf("%s: %d keys, %v", name, len(trust.Keys()), err)
		}
		if err := errors.Join(os.WriteFile(record+".json", good, 0o600), os.WriteFile(record+".pub", goodPub, 0o600), os.WriteFile(pubPath(dir, Evidence), next.PEM(), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}
