package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/internal/testtool"
)

var (
	noon    = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	example = Subject{Organisation: "Voorbeeld B.V.", Country: "NL", CommonName: "Voorbeeld B.V. bewijs"}
)

// authority is a CA of a test.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

// issue makes a certificate for a key under an authority; without one it signs itself. change may spoil it.
func issue(t testing.TB, by *authority, key crypto.PublicKey, self crypto.Signer, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: "Someone"}, NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, UnknownExtKeyUsage: []asn1.ObjectIdentifier{documentSigning}, BasicConstraintsValid: true}
	if change != nil {
		change(template)
	}
	parent, signer := template, self
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func newAuthority(t testing.TB, above *authority, name string) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{key, issue(t, above, key.Public(), key, func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.KeyUsage, c.UnknownExtKeyUsage = name, true, x509.KeyUsageCertSign, nil
	})}
}

func selfSigned(t testing.TB, k *Key, from time.Time) *x509.Certificate {
	t.Helper()
	signer, err := k.CryptoSigner()
	if err != nil {
		t.Fatal(err)
	}
	cert, err := SelfSigned(signer, example, from, CertificateYears, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func TestSelfSigned(t *testing.T) {
	k, pub := inMemory(t, Evidence)
	cert := selfSigned(t, k, noon.Add(300*time.Millisecond))
	if !cert.NotBefore.Equal(noon) || !cert.NotAfter.Equal(noon.AddDate(3, 0, 0)) || cert.IsCA || cert.SerialNumber.BitLen() != 127 ||
		cert.KeyUsage != x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment || len(cert.ExtKeyUsage) != 0 ||
		cert.Subject.String() != "CN=Voorbeeld B.V. bewijs,O=Voorbeeld B.V.,C=NL" || cert.Issuer.String() != cert.Subject.String() {
		t.Errorf("%+v", cert)
	}
	if err := CheckChain([]*x509.Certificate{cert}, pub, noon); err != nil {
		t.Error(err)
	}
	long, err := SelfSigned(k.private, Subject{Organisation: strings.Repeat("é", 100), Country: "NL", CommonName: "x"}, noon, 1, rand.Reader)
	if err != nil || long.Subject.Organization[0] != strings.Repeat("é", maxName) {
		t.Errorf("a long name: %v", err)
	}
	// openssl's own opinion.
	openssl := testtool.Path(t, "openssl")
	file := filepath.Join(t.TempDir(), "c.pem")
	if err := os.WriteFile(file, ChainPEM([]*x509.Certificate{cert}), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(openssl, "x509", "-in", file, "-noout", "-text").CombinedOutput()
	for _, want := range []string{"Digital Signature, Non Repudiation", "1.3.6.1.5.5.7.3.36", "CA:FALSE", "O = Voorbeeld B.V."} {
		if err != nil || !bytes.Contains(bytes.ReplaceAll(out, []byte("O="), []byte("O = ")), []byte(want)) {
			t.Errorf("openssl does not see %q: %v\n%s", want, err, out)
		}
	}
	if _, err := SelfSigned(k.private, example, noon, 1, strings.NewReader("short")); err == nil {
		t.Error("made a certificate without randomness")
	}
}

func TestRequest(t *testing.T) {
	k, pub := inMemory(t, Evidence)
	text, err := Request(k.private, example, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || request.CheckSignature() != nil || request.Subject.CommonName != example.CommonName {
		t.Fatalf("%+v, %v", request, err)
	}
	if owner, err := newPublic(request.PublicKey); err != nil || !owner.Equal(pub) {
		t.Error("it is of another key")
	}
	file := filepath.Join(t.TempDir(), "r.pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(testtool.Path(t, "openssl"), "req", "-in", file, "-noout", "-text", "-verify").CombinedOutput()
	for _, want := range []string{"verify OK", "Digital Signature, Non Repudiation", "1.3.6.1.5.5.7.3.36"} {
		if err != nil || !bytes.Contains(out, []byte(want)) {
			t.Errorf("openssl does not see %q: %v\n%s", want, err, out)
		}
	}
}

func TestOnlyTheEvidenceKeySignsDocuments(t *testing.T) {
	k, _ := inMemory(t, Checkpoint)
	if _, err := k.CryptoSigner(); err == nil {
		t.Error("the checkpoint key signs documents")
	}
}

func TestEnsureCertificate(t *testing.T) {
	dir := keys(t)
	create(t, dir, Evidence)
	k := open(t, dir, Evidence)
	chain, made, err := EnsureCertificate(dir, k, example, noon, rand.Reader)
	if err != nil || !made || len(chain) != 1 {
		t.Fatalf("%v, %v", made, err)
	}
	asleep := &Key{use: Evidence, public: k.public, dir: dir} // without a passphrase: looking must not need one
	for at, want := range map[time.Time]error{noon: nil, noon.AddDate(3, 0, 0): nil, noon.Add(-time.Second): ErrNotYetValid, noon.AddDate(3, 0, 0).Add(time.Second): ErrExpired} {
		again, made, err := EnsureCertificate(dir, asleep, example, at, rand.Reader)
		if !errors.Is(err, want) || made || err == nil && !again[0].Equal(chain[0]) {
			t.Errorf("at %s: %v, %v", at, made, err)
		}
	}
	// A certificate of another key is what a rotation leaves that was cut short.
	other, _ := inMemory(t, Evidence)
	if err := os.WriteFile(crtPath(dir), ChainPEM([]*x509.Certificate{selfSigned(t, other, noon)}), 0o600); err != nil {
		t.Fatal(err)
	}
	chain, made, err = EnsureCertificate(dir, k, example, noon, rand.Reader)
	if err != nil || !made || CheckChain(chain, k.Public(), noon) != nil {
		t.Errorf("after a rotation: %v, %v", made, err)
	}
	if kept, _ := filepath.Glob(filepath.Join(dir, "retired", other.public.ID+"-*.crt")); len(kept) != 1 {
		t.Errorf("the other certificate is lost: %v", kept)
	}
	if err := os.WriteFile(crtPath(dir), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err = EnsureCertificate(dir, k, example, noon, rand.Reader); err == nil {
		t.Error("a damaged certificate was written over")
	}
}

func TestImportCertificate(t *testing.T) {
	dir := keys(t)
	pub := create(t, dir, Evidence)
	k := open(t, dir, Evidence)
	first, _, err := EnsureCertificate(dir, k, example, noon, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := newAuthority(t, nil, "Root")
	between := newAuthority(t, root, "Between")
	leaf := func(change func(*x509.Certificate)) *x509.Certificate { return issue(t, between, pub.key, nil, change) }
	good := leaf(nil)
	stranger, _ := inMemory(t, Evidence)
	text := func(certs ...*x509.Certificate) []byte { return ChainPEM(certs) }
	for _, tt := range []struct {
		name, want string
		is         error
		text       []byte
	}{
		{"of another key", "is not of the evidence key " + pub.ID, nil, text(issue(t, between, stranger.public.key, nil, nil), between.cert)},
		{"wrong order", "is not signed by certificate 2", nil, text(between.cert, good)},
		{"a gap", "is not signed by certificate 2", nil, text(good, root.cert)},
		{"not by an authority", "is not signed by certificate 2", nil, text(good, first[0])},
		{"expired", "was valid until", ErrExpired, text(leaf(func(c *x509.Certificate) { c.NotAfter = noon.Add(-time.Second) }), between.cert)},
		{"not yet valid", "is valid from", ErrNotYetValid, text(leaf(func(c *x509.Certificate) { c.NotBefore = noon.Add(time.Second) }), between.cert)},
		{"for servers", "extended key usage", ErrWrongUse, text(leaf(func(c *x509.Certificate) {
			c.UnknownExtKeyUsage, c.ExtKeyUsage = nil, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}))},
		{"for encryption", "key usage is not signing", ErrWrongUse, text(leaf(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }))},
		{"an authority", "of a certificate authority", ErrWrongUse, text(leaf(func(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, x509.KeyUsageDigitalSignature }))},
		{"unknown critical extension", "critical extension", ErrWrongUse, text(leaf(func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
		}))},
		{"empty", "it is empty", nil, nil},
		{"not PEM", "not a PEM file of certificates alone", nil, []byte("hello")},
		{"a key in it", "not a PEM file of certificates alone", nil, append(text(good), pub.PEM()...)},
		{"too many", "not a PEM file of certificates alone", nil, bytes.Repeat(text(root.cert), maxChain+1)},
		{"damaged", "is damaged", nil, pem.EncodeToMemory(&pem.Block{Type: certificateType, Bytes: good.Raw[:40]})},
	} {
		if _, err := ImportCertificate(dir, pub, tt.text, noon); err == nil || !strings.Contains(err.Error(), tt.want) || !errors.Is(err, tt.is) && tt.is != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if now, err := LoadCertificate(dir, pub); err != nil || !now[0].Equal(first[0]) {
		t.Fatalf("a refused import changed the certificate: %v", err)
	}
	chain, err := ImportCertificate(dir, pub, text(good, between.cert), noon)
	if err != nil || len(chain) != 2 {
		t.Fatal(err)
	}
	if now, err := LoadCertificate(dir, pub); err != nil || len(now) != 2 || !now[0].Equal(good) {
		t.Errorf("%v", err)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "retired", pub.ID+"-"+first[0].SerialNumber.Text(16)+".crt"))
	if err != nil || !bytes.Equal(kept, text(first...)) {
		t.Errorf("the first certificate is not kept: %v", err)
	}
	if trust, err := LoadTrust(dir); err != nil || len(trust.Keys()) != 1 {
		t.Errorf("a certificate that was set aside disturbs: %v", err)
	}
}

func FuzzParseTrust(f *testing.F) {
	k, pub := inMemory(f, Evidence)
	cert, err := SelfSigned(k.private, example, noon, 1, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	chain := []*x509.Certificate{cert}
	f.Add(pub.PEM())
	f.Add(ChainPEM(chain))
	stranger, _ := inMemory(f, Evidence)
	f.Fuzz(func(t *testing.T, text []byte) {
		trust, err := ParseTrust(text)
		if err != nil {
			return
		}
		if _, err := trust.Key(stranger.public, noon, true); err == nil {
			t.Errorf("trusts a stranger: %q", text)
		}
		_, _ = trust.Chain(chain, noon, true) // must not panic
	})
}
