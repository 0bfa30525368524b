package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/internal/testvault"
)

// TestEvidenceKeyInVault goes the way of a key in Vault: pinned, certified by Vault's own authority, sealing, rotated there,
// and after that here.
func TestEvidenceKeyInVault(t *testing.T) {
	v := testvault.Start(t)
	v.Write(t, "sys/mounts/transit", map[string]any{"type": "transit"})
	v.Write(t, "transit/keys/waarborg", map[string]any{"type": "ecdsa-p256"})
	v.Write(t, "sys/mounts/pki", map[string]any{"type": "pki"})
	v.Write(t, "pki/root/generate/internal", map[string]any{"common_name": "Vault CA", "ttl": "700h", "key_type": "ec"})
	v.Write(t, "pki/roles/documents", map[string]any{"key_type": "ec", "allow_any_name": true, "enforce_hostnames": false, "server_flag": false, "client_flag": false,
		"key_usage": "DigitalSignature,ContentCommitment", "ext_key_usage_oids": "1.3.6.1.5.5.7.3.36", "max_ttl": "600h", "ttl": "600h"})

	s := newShell(t, small())
	s.now = time.Now().UTC() // Vault dates its certificates by the real clock, half a minute back
	s.env["VAULT_KEY_TOKEN"] = v.RootToken
	file := filepath.Join(s.dir, "waarborg.yaml")
	configure := func(old, new string) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil || strings.Count(string(text), old) != 1 {
			t.Fatalf("%q is not there once: %v", old, err)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(text), old, new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const plain = "keys: {dir: .waarborg/keys, passphrase: env:WAARBORG_PASSPHRASE}"
	vaulted := func(version string) string {
		return "keys: {dir: .waarborg/keys, passphrase: env:WAARBORG_PASSPHRASE, evidence: {vault: {address: \"" + v.Addr +
			"\", login: {method: token, token: env:VAULT_KEY_TOKEN}, key: waarborg, version: " + version + "}}}"
	}
	configure(plain, vaulted("1"))
	out := s.must(t, exitMet, "keys", "init")
	if !strings.Contains(out, "evidence: made ") || !strings.Contains(out, "certificate: made") {
		t.Errorf("%s", out)
	}
	keys := filepath.Join(s.dir, ".waarborg", "keys")
	if _, err := os.Stat(filepath.Join(keys, "evidence.key")); !os.IsNotExist(err) {
		t.Errorf("there is a private key here: %v", err)
	}
	if out := s.must(t, exitMet, "keys", "init"); strings.Count(out, "exists already, left as it is") != 4 {
		t.Errorf("%s", out)
	}
	old := filepath.Join(s.dir, "old.json.gz")
	s.must(t, exitMet, "collect", "-o", old)
	if out := s.must(t, exitNotMet, "check", "--snapshot", old); !strings.Contains(out, "TRF-001") {
		t.Errorf("%s", out)
	}
	s.now = time.Now().UTC()
	if out := s.must(t, exitUnknown, "keys", "certificate", "--vault-pki", "pki/documents"); !strings.Contains(out, "issuer:  CN=Vault CA") || !strings.Contains(out, "imported") {
		t.Errorf("%s", out)
	}
	if out := s.must(t, exitUnknown, "doctor"); !strings.Contains(out, "✓ key evidence in Vault") {
		t.Errorf("%s", out)
	}

	v.Write(t, "transit/keys/waarborg/rotate", nil)
	configure("version: 1", "version: 2")
	code, _, errs := s.run(t.Context(), "collect", "-o", filepath.Join(s.dir, "none.json.gz"))
	if code != exitFailed || !strings.Contains(errs, "it was rotated or replaced there") || !strings.Contains(errs, "hint: if that was meant") || strings.Contains(errs, v.RootToken) {
		t.Errorf("exit status %d\n%s", code, errs)
	}
	if out := s.must(t, exitUnknown, "doctor"); !strings.Contains(out, "✗ key evidence in Vault\n    → the key in Vault is ") {
		t.Errorf("%s", out)
	}
	if out := s.must(t, exitMet, "keys", "rotate"); !strings.Contains(out, "the old certificate was of an issuer") {
		t.Errorf("%s", out)
	}
	s.must(t, exitMet, "collect", "-o", filepath.Join(s.dir, "new.json.gz"))
	s.must(t, exitNotMet, "check", "--snapshot", old)

	// Reading needs no Vault; sealing says that it is not there.
	v.Write(t, "sys/seal", nil)
	s.must(t, exitNotMet, "check", "--snapshot", filepath.Join(s.dir, "new.json.gz"))
	code, _, errs = s.run(t.Context(), "collect", "-o", filepath.Join(s.dir, "none.json.gz"))
	if code != exitFailed || !strings.Contains(errs, "is not available\nhint: it may be sealed") {
		t.Errorf("exit status %d\n%s", code, errs)
	}
	delete(s.env, "VAULT_KEY_TOKEN")
	code, _, errs = s.run(t.Context(), "keys", "rotate")
	if code != exitFailed || !strings.Contains(errs, "VAULT_KEY_TOKEN is not set") {
		t.Errorf("exit status %d\n%s", code, errs)
	}

	// Back to a file.
	configure(vaulted("2"), plain)
	s.must(t, exitMet, "keys", "rotate")
	s.must(t, exitMet, "collect", "-o", filepath.Join(s.dir, "third.json.gz"))
	for _, name := range []string{"old", "new", "third"} {
		s.must(t, exitNotMet, "check", "--snapshot", filepath.Join(s.dir, name+".json.gz"))
	}
}

// TestImportCertificate takes what an issuer made of our request, as an office does by mail.
func TestImportCertificate(t *testing.T) {
	s := newShell(t, small())
	s.must(t, exitMet, "keys", "init")
	block, _ := pem.Decode([]byte(s.must(t, exitMet, "keys", "certificate", "--request")))
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || request.CheckSignature() != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Issuer\x1b[31m"}, NotBefore: s.now, NotAfter: s.now.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: request.Subject, NotBefore: s.now, NotAfter: s.now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, UnknownExtKeyUsage: []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 36}}}
	var text []byte
	for _, c := range []struct {
		cert *x509.Certificate
		key  any
	}{{leaf, request.PublicKey}, {ca, key.Public()}} {
		der, err := x509.CreateCertificate(rand.Reader, c.cert, ca, c.key, key)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	file := filepath.Join(s.dir, "chain.pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out := s.must(t, exitMet, "keys", "certificate", "--import", file)
	if !strings.Contains(out, "issuer:  CN=Issuer\uFFFD[31m\n") || !strings.Contains(out, "imported; the one before is kept") {
		t.Errorf("%q", out)
	}
	if out := s.must(t, exitMet, "--lang", "nl", "keys", "certificate"); !strings.Contains(out, "nummer:  2\n") {
		t.Errorf("%q", out)
	}
	if kept, _ := filepath.Glob(filepath.Join(s.dir, ".waarborg", "keys", "retired", "*.crt")); len(kept) != 1 {
		t.Errorf("kept: %v", kept)
	}
	s.now = s.now.AddDate(1, 0, 1)
	if code, _, errs := s.run(t.Context(), "keys", "certificate", "--import", file); code != exitFailed || !strings.Contains(errs, "was valid until") {
		t.Errorf("exit status %d\n%s", code, errs)
	}
}
