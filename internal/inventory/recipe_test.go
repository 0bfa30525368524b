package inventory

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"waarborg/internal/testtool"
)

// TestRecipe runs the commands of docs/evidence.md that check a snapshot without Waarborg.
func TestRecipe(t *testing.T) {
	testtool.Path(t, "openssl")
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "evidence.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(page), "\n### Checking a snapshot without Waarborg\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var script strings.Builder
	for line := range strings.Lines(text) {
		if command, ok := strings.CutPrefix(line, "    "); ok {
			script.WriteString(command)
		}
	}
	if !found || strings.Count(script.String(), "\n") < 10 {
		t.Fatal("the commands are not on the page")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	seal := func(message []byte) (Seal, error) {
		digest := sha256.Sum256(message)
		digest = sha256.Sum256(append([]byte("waarborg snapshot v1\x00"), digest[:]...))
		value, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
		return Seal{KeyID: "k", Algorithm: "ecdsa-p256", Value: value}, err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	for name, scope := range map[string]Scope{"of one": {Customers: []string{"woonstad"}}, "of all": {}} {
		dir := t.TempDir()
		s := sampleSnapshot(t, 5)
		s.Resources[0].Scope = scope
		all, h, p, err := s.Disclose()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.WriteFile(filepath.Join(dir, "s.json.gz"), seal); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "evidence.pub"), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-euc", script.String())
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		digest, _ := p.Digest()
		commitment, _ := all[0].Scope.commitment()
		want := strings.Join([]string{"Verified OK", digest, h.ParticularsDigest, commitment}, "\n") + "\n"
		if err != nil || string(out) != want || digest != h.ParticularsDigest {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, out, want)
		}
		if raw, _ := hex.DecodeString(commitment); len(raw) != sha256.Size {
			t.Errorf("commitment %q", commitment)
		}
	}
}
