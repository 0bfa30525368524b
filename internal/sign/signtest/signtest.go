// Package signtest makes certificates and a timestamp authority for tests.
package signtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"waarborg/internal/sign/cms"
)

// Now is when all certificates here are valid: from a day before to a year after.
func Now() time.Time { return time.Now().UTC().Truncate(time.Second) }

// ECDSA makes a P-256 key.
func ECDSA(t testing.TB) crypto.Signer {
	return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
}

// RSA makes a key of so many bits.
func RSA(t testing.TB, bits int) crypto.Signer { return must(rsa.GenerateKey(rand.Reader, bits))(t) }

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Template is a certificate for signing documents, to be changed.
func Template(name string) *x509.Certificate {
	return &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name, Organization: []string{"Test"}},
		NotBefore: Now().AddDate(0, 0, -1), NotAfter: Now().AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		BasicConstraintsValid: true}
}

// TimestampTemplate is a certificate for timestamps alone.
func TimestampTemplate(name string) *x509.Certificate {
	c := Template(name)
	c.KeyUsage = x509.KeyUsageDigitalSignature
	usage, _ := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}}
	return c
}

// Issue makes a certificate for a key; parent nil makes it self-signed.
func Issue(t testing.TB, template *x509.Certificate, key crypto.PublicKey, parent *x509.Certificate, issuer crypto.Signer) *x509.Certificate {
	t.Helper()
	if parent == nil {
		parent = template
	}
	der := must(x509.CreateCertificate(rand.Reader, template, parent, key, issuer))(t)
	return must(x509.ParseCertificate(der))(t)
}

// CA is an authority with a root and one below it.
type CA struct {
	Root, Middle *x509.Certificate
	key          crypto.Signer
}

// NewCA makes an authority.
func NewCA(t testing.TB, name string) *CA {
	t.Helper()
	authority := func(name string) *x509.Certificate {
		c := Template(name)
		c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign
		return c
	}
	rootKey, key := ECDSA(t), ECDSA(t)
	root := Issue(t, authority(name+" root"), rootKey.Public(), nil, rootKey)
	return &CA{Root: root, Middle: Issue(t, authority(name+" issuing"), key.Public(), root, rootKey), key: key}
}

// Issue makes a certificate for a key.
func (c *CA) Issue(t testing.TB, template *x509.Certificate, key crypto.PublicKey) *x509.Certificate {
	t.Helper()
	return Issue(t, template, key, c.Middle, c.key)
}

// Roots is a pool of the root alone.
func (c *CA) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(c.Root)
	return pool
}

// SelfSigned is an identity with a certificate of its own making.
func SelfSigned(t testing.TB, key crypto.Signer) cms.Identity {
	t.Helper()
	return cms.Identity{Signer: key, Chain: []*x509.Certificate{Issue(t, Template("Voorbeeld B.V."), key.Public(), nil, key)}}
}

// Issued is an identity with a certificate of an authority, whose root is left out.
func Issued(t testing.TB, ca *CA, key crypto.Signer) cms.Identity {
	t.Helper()
	return cms.Identity{Signer: key, Chain: []*x509.Certificate{ca.Issue(t, Template("Voorbeeld B.V."), key.Public()), ca.Middle}}
}

// Authority gives timestamps, also wrong ones.
type Authority struct {
	CA     *CA
	Change func(*timestamp.Timestamp) // made before it is signed
	Chain  []*x509.Certificate        // sent beside its own certificate
	Extra  []*x509.Certificate        // sent too, though they have nothing to do with it

	cert *x509.Certificate
	key  crypto.Signer
}

// NewAuthority makes one with a certificate.
func NewAuthority(t testing.TB, ca *CA, template *x509.Certificate) *Authority {
	t.Helper()
	key := ECDSA(t)
	return &Authority{CA: ca, Chain: []*x509.Certificate{ca.Middle}, cert: ca.Issue(t, template, key.Public()), key: key}
}

// Answer answers a question.
func (a *Authority) Answer(query []byte) ([]byte, error) {
	req, err := timestamp.ParseRequest(query)
	if err != nil {
		return nil, err
	}
	ts := &timestamp.Timestamp{HashAlgorithm: req.HashAlgorithm, HashedMessage: req.HashedMessage, Time: Now(), Nonce: req.Nonce,
		Policy: asn1.ObjectIdentifier{1, 2, 3, 4}, AddTSACertificate: true, Certificates: slices.Clone(a.Chain)}
	if req.TSAPolicyOID != nil {
		ts.Policy = req.TSAPolicyOID
	}
	if a.Change != nil {
		a.Change(ts)
	}
	answer, err := ts.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
	if err != nil || len(a.Extra) == 0 {
		return answer, err
	}
	var parts struct{ Status, Token asn1.RawValue }
	if _, err := asn1.Unmarshal(answer, &parts); err != nil {
		return nil, err
	}
	data, err := cms.Decode(parts.Token.FullBytes)
	if err != nil {
		return nil, err
	}
	if parts.Token.FullBytes, err = data.Normal(slices.Concat(data.Certificates, a.Extra)); err != nil {
		return nil, err
	}
	return asn1.Marshal(parts)
}

// Serve answers over HTTP until the test ends, and returns the address.
func (a *Authority) Serve(t testing.TB) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := io.ReadAll(r.Body)
		if err == nil {
			query, err = a.Answer(query)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		_, _ = w.Write(query)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// Certificates reads those of a PEM file.
func Certificates(t testing.TB, text []byte) []*x509.Certificate {
	t.Helper()
	var out []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		out = append(out, must(x509.ParseCertificate(block.Bytes))(t))
	}
	return out
}
