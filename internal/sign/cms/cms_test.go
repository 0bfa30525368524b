package cms_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"flag"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/signtest"
	"waarborg/internal/testtool"
)

var content = []byte("what is signed")

// identities are one of each form.
func identities(t testing.TB) (map[string]cms.Identity, *signtest.CA) {
	ca := signtest.NewCA(t, "Test CA")
	return map[string]cms.Identity{
		"own ECDSA": signtest.SelfSigned(t, signtest.ECDSA(t)), "issued ECDSA": signtest.Issued(t, ca, signtest.ECDSA(t)),
		"own RSA": signtest.SelfSigned(t, signtest.RSA(t, 3072)), "issued RSA": signtest.Issued(t, ca, signtest.RSA(t, 3072)),
	}, ca
}

func sign(t testing.TB, id cms.Identity, stamp cms.Stamp) []byte {
	t.Helper()
	der, err := cms.Sign(t.Context(), id, sha256.Sum256(content), stamp)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestSignAndVerify(t *testing.T) {
	ids, _ := identities(t)
	token := []byte{asn1.TagOctetString, 2, 'o', 'k'}
	for name, id := range ids {
		t.Run(name, func(t *testing.T) {
			for _, stamped := range []bool{false, true} {
				var stamp cms.Stamp
				var over []byte
				if stamped {
					stamp = func(_ context.Context, value []byte) ([]byte, error) { over = value; return token, nil }
				}
				der := sign(t, id, stamp)
				got, err := cms.Verify(der, sha256.Sum256(content))
				if err != nil {
					t.Fatal(err)
				}
				if len(got.Chain) != len(id.Chain) || !got.Chain[0].Equal(id.Chain[0]) || (got.Token != nil) != stamped {
					t.Errorf("got %d certificates, token %x", len(got.Chain), got.Token)
				}
				if stamped && (!bytes.Equal(got.Token, token) || !bytes.Equal(over, got.Value)) {
					t.Errorf("the stamp is %x over %x", got.Token, over)
				}
				room, err := cms.Room(id.Chain, map[bool]int{true: len(token)}[stamped])
				if err != nil || room < len(der) || room > len(der)+12 {
					t.Errorf("room of %d bytes for %d: %v", room, len(der), err)
				}
				if _, err := cms.Verify(der, sha256.Sum256([]byte("other"))); !errors.Is(err, cms.ErrBroken) {
					t.Errorf("another content: %v", err)
				}
				if bytes.Contains(der, []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05}) {
					t.Error("there is a signing time")
				}
			}
		})
	}
}

func TestEveryChangedByteOfASignature(t *testing.T) {
	ids, _ := identities(t)
	for name, id := range ids {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			der := sign(t, id, nil)
			digest := sha256.Sum256(content)
			for i := range der {
				for _, mask := range []byte{0x01, 0x0a, 0x20, 0x80} {
					der[i] ^= mask
					if _, err := cms.Verify(der, digest); !errors.Is(err, cms.ErrBroken) {
						t.Fatalf("byte %d xor %x: %v", i, mask, err)
					}
					der[i] ^= mask
				}
			}
			for n := range der {
				if _, err := cms.Verify(der[:n], digest); err == nil {
					t.Fatalf("cut to %d bytes it verifies", n)
				}
			}
			if _, err := cms.Verify(append(bytes.Clone(der), 0), digest); err == nil {
				t.Error("with a byte more it verifies")
			}
		})
	}
}

// TestTheOtherECDSAValue: (r, n-s) is as valid as (r, s), and anyone can compute it.
func TestTheOtherECDSAValue(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	d, err := cms.Decode(sign(t, id, nil))
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(d.Value, &v); err != nil {
		t.Fatal(err)
	}
	v.S.Sub(elliptic.P256().Params().N, v.S)
	if d.Value, err = asn1.Marshal(v); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	if err := d.Check(id.Chain[0], sum[:]); err != nil {
		t.Fatalf("the test is wrong: the other value should fit too: %v", err)
	}
	other, err := d.Normal(id.Chain)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cms.Verify(other, sum); !errors.Is(err, cms.ErrBroken) {
		t.Errorf("the other value is accepted: %v", err)
	}
}

func TestOpenSSLVerifies(t *testing.T) {
	openssl := testtool.Path(t, "openssl")
	ids, ca := identities(t)
	for name, id := range ids {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write := func(file string, data []byte) string {
				file = filepath.Join(dir, file)
				if err := os.WriteFile(file, data, 0o600); err != nil {
					t.Fatal(err)
				}
				return file
			}
			root := ca.Root
			if len(id.Chain) == 1 {
				root = id.Chain[0]
			}
			args := []string{"cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", write("sig.der", sign(t, id, nil)),
				"-content", write("content", content), "-purpose", "any", "-CAfile", write("root.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}))}
			out, err := exec.Command(openssl, args...).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "CAdES Verification successful") && !strings.Contains(string(out), "erification successful") {
				t.Fatalf("%v\n%s", err, out)
			}
			write("content", []byte("another"))
			if out, err := exec.Command(openssl, args...).CombinedOutput(); err == nil {
				t.Fatalf("another content verifies too\n%s", out)
			}
		})
	}
}

func TestChainsThatCannotSign(t *testing.T) {
	ca, key := signtest.NewCA(t, "Test CA"), signtest.ECDSA(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	small := signtest.RSA(t, 2048)
	change := func(f func(*x509.Certificate)) *x509.Certificate {
		c := signtest.Template("X")
		f(c)
		return ca.Issue(t, c, key.Public())
	}
	good := ca.Issue(t, signtest.Template("X"), key.Public())
	other := signtest.NewCA(t, "Other")
	for _, c := range []struct {
		want  string
		key   crypto.Signer
		chain []*x509.Certificate
	}{
		{"there are 0", key, nil},
		{"not for signatures", key, []*x509.Certificate{change(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })}},
		{"not for signatures", key, []*x509.Certificate{change(func(c *x509.Certificate) { c.KeyUsage = 0 })}},
		{"that of an authority", key, []*x509.Certificate{change(func(c *x509.Certificate) { c.IsCA = true })}},
		{"curve", p384, []*x509.Certificate{ca.Issue(t, signtest.Template("X"), p384.Public())}},
		{"2048 bits", small, []*x509.Certificate{ca.Issue(t, signtest.Template("X"), small.Public())}},
		{"did not issue", key, []*x509.Certificate{good, ca.Root}},
		{"did not issue", key, []*x509.Certificate{good, other.Middle}},
		{"did not issue", key, []*x509.Certificate{good, ca.Middle, good}},
		{"not that of the certificate", signtest.ECDSA(t), []*x509.Certificate{good, ca.Middle}},
	} {
		_, err := cms.Sign(t.Context(), cms.Identity{Signer: c.key, Chain: c.chain}, sha256.Sum256(content), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %q: %v", c.want, err)
		}
	}
}

// TestAStrangeCertificateIsRefused: one that was not listed when signing cannot be put in.
func TestAStrangeCertificateIsRefused(t *testing.T) {
	ca := signtest.NewCA(t, "Test CA")
	id := signtest.Issued(t, ca, signtest.ECDSA(t))
	der := sign(t, id, nil)
	d, err := cms.Decode(der)
	if err != nil {
		t.Fatal(err)
	}
	for name, certs := range map[string][]*x509.Certificate{
		"the root": {id.Chain[0], ca.Middle, ca.Root}, "without the issuer": {id.Chain[0]}, "twice": {id.Chain[0], id.Chain[0]},
	} {
		again, err := d.Normal(certs)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cms.Verify(again, sha256.Sum256(content)); !errors.Is(err, cms.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	again, err := d.Normal(id.Chain)
	if err != nil || !bytes.Equal(again, der) {
		t.Errorf("with its own certificates it is another one: %v", err)
	}
}

func TestFailuresOfTheKeyAndTheStampAreReturned(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	want := errors.New("no stamp today")
	if _, err := cms.Sign(t.Context(), id, sha256.Sum256(content), func(context.Context, []byte) ([]byte, error) { return nil, want }); !errors.Is(err, want) {
		t.Errorf("%v", err)
	}
}

// old is a signature that was made once. Files signed by an earlier version must go on to verify.
const old = "testdata/signature.der"

var update = flag.Bool("update", false, "make the files in testdata again")

func TestAnOldSignatureVerifies(t *testing.T) {
	if *update {
		ca := signtest.NewCA(t, "Test CA")
		if err := os.WriteFile(old, sign(t, signtest.Issued(t, ca, signtest.ECDSA(t)), nil), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	der, err := os.ReadFile(old)
	if err != nil {
		t.Fatal(err)
	}
	got, err := cms.Verify(der, sha256.Sum256(content))
	if err != nil || len(got.Chain) != 2 {
		t.Errorf("%d certificates, %v", len(got.Chain), err)
	}
}

func FuzzVerify(f *testing.F) {
	der, err := os.ReadFile(old)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(der)
	f.Fuzz(func(t *testing.T, in []byte) {
		if _, err := cms.Verify(in, sha256.Sum256(content)); err == nil && !bytes.Equal(in, der) {
			t.Errorf("%x verifies", in)
		}
	})
}
