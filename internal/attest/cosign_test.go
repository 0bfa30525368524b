package attest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"waarborg/internal/sign"
	"waarborg/internal/sign/vaultkey"
	"waarborg/internal/testtool"
	"waarborg/internal/testvault"
)

// TestCosign verifies with cosign itself what a reader would, and that it refuses what we refuse.
func TestCosign(t *testing.T) {
	cosign := testtool.Built(t, "github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5")
	raw, trust := made(t, report("plan"), Options{Ref: "main"})
	_, _, stranger := key(t)
	changed := []byte(string(raw))
	changed[len(changed)/2] ^= 1
	for _, tt := range []struct {
		name      string
		pem       []byte
		raw       []byte
		plan, typ string
		ok        bool
	}{
		{"as made", trust.Keys()[0].PEM(), raw, "plan", PredicateType, true},
		{"another plan", trust.Keys()[0].PEM(), raw, "plan\n", PredicateType, false},
		{"another predicate", trust.Keys()[0].PEM(), raw, "plan", "https://slsa.dev/provenance/v1", false},
		{"another key", stranger.Keys()[0].PEM(), raw, "plan", PredicateType, false},
		{"changed", trust.Keys()[0].PEM(), changed, "plan", PredicateType, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := runCosign(t, cosign, tt.pem, tt.raw, tt.plan, tt.typ)
			if (err == nil) != tt.ok {
				t.Errorf("cosign: %v\n%s", err, out)
			}
		})
	}
}

// runCosign runs the command of docs/attestation.md, without a network.
func runCosign(t *testing.T, cosign string, pem, raw []byte, plan, typ string) ([]byte, error) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cmd := exec.Command(cosign, "verify-blob-attestation", "--key", write("key.pub", pem), "--bundle", write("b.json", raw), "--new-bundle-format",
		"--type", typ, "--check-claims", "--trusted-root", write("empty.json", []byte(`{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}`)),
		"--private-infrastructure", "--insecure-ignore-tlog", write("plan.json", []byte(plan)))
	cmd.Env = append(os.Environ(), "HOME="+dir, "HTTPS_PROXY=http://127.0.0.1:1", "HTTP_PROXY=http://127.0.0.1:1")
	return cmd.CombinedOutput()
}

// TestKeyInVault signs with a key that never leaves a Vault; we and cosign accept it by the same public half.
func TestKeyInVault(t *testing.T) {
	cosign := testtool.Built(t, "github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5")
	v := testvault.Start(t)
	v.Write(t, "sys/mounts/transit", map[string]any{"type": "transit"})
	v.Write(t, "transit/keys/waarborg", map[string]any{"type": "ecdsa-p256"})
	cfg := vaultkey.Config{Address: v.Addr, Login: vaultkey.Login{Token: v.RootToken}, Key: "waarborg", Version: 1}
	public, err := vaultkey.Pin(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	k, err := vaultkey.Open(t.Context(), cfg, public)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	}()
	signer, err := k.CryptoSigner()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := Make(t.Context(), report("plan"), Options{}, signer, public)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(raw, []sign.Public{public}); err != nil {
		t.Errorf("we: %v", err)
	}
	if out, err := runCosign(t, cosign, public.PEM(), raw, "plan", PredicateType); err != nil {
		t.Errorf("cosign: %v\n%s", err, out)
	}
}
