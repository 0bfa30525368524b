package bundle

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"waarborg/internal/sign"
	"waarborg/internal/testtool"
)

// key makes a key without files: deriving one from a passphrase is slow by design.
func key(t testing.TB) (*ecdsa.PrivateKey, sign.Public) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	public, err := sign.ParsePublic(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

func made(t testing.TB, blob []byte) ([]byte, sign.Public) {
	t.Helper()
	private, public := key(t)
	raw, err := Make(t.Context(), blob, private, public)
	if err != nil {
		t.Fatal(err)
	}
	return raw, public
}

func TestVerify(t *testing.T) {
	blob := []byte(`{"a": 1}`)
	raw, public := made(t, blob)
	_, stranger := key(t)
	if got, err := Verify(raw, blob, []sign.Public{stranger, public}); err != nil || got.ID != public.ID {
		t.Errorf("%s, %v", got.ID, err)
	}
	for name, keys := range map[string][]sign.Public{"nobody": nil, "another": {stranger}, "none": {{}}} {
		if _, err := Verify(raw, blob, keys); !errors.Is(err, sign.ErrUnknownSigner) || errors.Is(err, sign.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, other := range map[string]string{"changed": `{"a": 2}`, "longer": `{"a": 1} `, "empty": "", "a payload": "waarborg bundle v1\x00", "other": "hello"} {
		if _, err := Verify(raw, []byte(other), []sign.Public{public}); !errors.Is(err, sign.ErrBroken) {
			t.Errorf("%s file: %v", name, err)
		}
	}
}

// TestEveryFlippedBitIsNoticed: no bit of a bundle can change without the bundle being refused.
func TestEveryFlippedBitIsNoticed(t *testing.T) {
	blob := []byte("%PDF-1.7")
	raw, public := made(t, blob)
	for i := range raw {
		for bit := range 8 {
			bad := bytes.Clone(raw)
			bad[i] ^= 1 << bit
			if _, err := Verify(bad, blob, []sign.Public{public}); err == nil {
				t.Errorf("bit %d of byte %d (%q)", bit, i, raw[max(0, i-10):i+1])
			}
		}
	}
}

func TestOnlyOurForm(t *testing.T) {
	blob := []byte("{}")
	raw, public := made(t, blob)
	text := string(raw)
	for name, bad := range map[string]string{
		"space":           " " + text,
		"line end":        text + "\n",
		"unknown field":   strings.Replace(text, `{"mediaType"`, `{"extra":1,"mediaType"`, 1),
		"field twice":     strings.Replace(text, `{"mediaType"`, `{"mediaType":"x","mediaType"`, 1),
		"other media":     strings.Replace(text, "v0.3+json", "v0.2+json", 1),
		"snake case":      strings.Replace(text, "mediaType", "media_type", 1),
		"other algorithm": strings.Replace(text, "SHA2_256", "SHA2_384", 1),
		"number":          strings.Replace(text, `"SHA2_256"`, "1", 1),
		"log entries":     strings.Replace(text, `"verificationMaterial":{`, `"verificationMaterial":{"tlogEntries":[{}],`, 1),
		"envelope":        `{"dsseEnvelope":{"payload":"","payloadType":"","signatures":[]},"mediaType":"` + MediaType + `"}`,
		"none":            "", "null": "null", "empty": "{}", "list": "[]",
		"large": text[:len(text)-1] + strings.Repeat(" ", maxBundle) + "}",
	} {
		if bad == text {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := Verify([]byte(bad), blob, []sign.Public{public}); !errors.Is(err, sign.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMakeIsCanonical(t *testing.T) {
	raw, _ := made(t, []byte("{}"))
	if bytes.ContainsAny(raw, " \n") || !bytes.HasPrefix(raw, []byte(`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","messageSignature":{`)) {
		t.Errorf("%s", raw)
	}
}

// foreign signs with another key than it says, as a Vault does whose key was replaced.
type foreign struct{ crypto.Signer }

func (f foreign) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return other.Sign(r, digest, o)
}

func TestMakeRefusals(t *testing.T) {
	private, public := key(t)
	for name, blob := range map[string][]byte{"text": []byte("hello"), "empty": nil, "space before": []byte(" {}"),
		"payload": sign.Payload(sign.ContextReport, []byte("{}")), "DER": {0x30, 0x82}} {
		if _, err := Make(t.Context(), blob, private, public); err == nil {
			t.Errorf("%s was signed", name)
		}
	}
	if _, err := Make(t.Context(), []byte("{}"), foreign{private}, public); !errors.Is(err, sign.ErrBroken) {
		t.Errorf("a signature of another key: %v", err)
	}
}

// TestNoContextFitsABundle: the signature of a bundle never passes as one of a context.
func TestNoContextFitsABundle(t *testing.T) {
	blob := []byte("{\"a\":1}")
	private, public := key(t)
	raw, err := Make(t.Context(), blob, private, public)
	if err != nil {
		t.Fatal(err)
	}
	b, err := decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{sign.ContextSnapshot, sign.ContextReport, sign.ContextBundle, sign.ContextRegister, ""} {
		if err := public.Check(c, blob, b.GetMessageSignature().GetSignature()); !errors.Is(err, sign.ErrBroken) {
			t.Errorf("a bundle's signature passes as one of context %q", c)
		}
	}
}

// TestCosign verifies with cosign itself what a reader would, and that it refuses what we refuse.
func TestCosign(t *testing.T) {
	cosign := testtool.Built(t, "github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5")
	dir := t.TempDir()
	blob := []byte("%PDF-1.7\nnot much of a PDF\n")
	raw, public := made(t, blob)
	_, stranger := key(t)
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	root := write("root.json", []byte(`{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}`))
	b, err := decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	value := bytes.Clone(b.GetMessageSignature().GetSignature())
	value[len(value)-1] ^= 1
	changed, err := encode(hint(public), b.GetMessageSignature().GetMessageDigest().GetDigest(), value)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		key       sign.Public
		raw, blob []byte
		ok        bool
	}{
		{"as made", public, raw, blob, true},
		{"changed file", public, raw, append(bytes.Clone(blob), '\n'), false},
		{"changed signature", public, changed, blob, false},
		{"another key", stranger, raw, blob, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.Command(cosign, "verify-blob", "--key", write("key.pub", tt.key.PEM()), "--bundle", write("b.json", tt.raw),
				"--new-bundle-format", "--trusted-root", root, "--private-infrastructure", write("blob.pdf", tt.blob))
			cmd.Env = append(os.Environ(), "HOME="+dir, "HTTPS_PROXY=http://127.0.0.1:1", "HTTP_PROXY=http://127.0.0.1:1") // offline
			out, err := cmd.CombinedOutput()
			if (err == nil) != tt.ok {
				t.Errorf("cosign: %v\n%s", err, out)
			}
			if _, err := Verify(tt.raw, tt.blob, []sign.Public{tt.key}); (err == nil) != tt.ok {
				t.Errorf("we: %v", err)
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	raw, public := made(f, []byte("{}"))
	f.Add(raw)
	f.Add([]byte(`{"mediaType":"","messageSignature":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := Verify(data, []byte("{}"), []sign.Public{public}); err == nil && !bytes.Equal(data, raw) {
			// Only the signature itself may differ, and only someone with the key can make another.
			t.Errorf("accepted: %s", data)
		}
	})
}
