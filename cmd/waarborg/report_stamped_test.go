package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/internal/sign"
	"waarborg/internal/sign/signtest"
	"waarborg/internal/testtool"
	"waarborg/internal/testvault"
	"waarborg/internal/verify"
)

// timestampServer starts sigstore's timestamp authority and returns where it answers, its root certificate in PEM, and how to end it.
func timestampServer(t *testing.T) (url string, root []byte, stop func()) {
	t.Helper()
	bin := testtool.Built(t, "github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server@v2.1.3")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	var log bytes.Buffer
	cmd := exec.CommandContext(t.Context(), bin, "serve", "--timestamp-signer", "memory", "--host", "127.0.0.1", "--port", port, "--disable-ntp-monitoring", "--include-chain-in-response=true")
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	t.Cleanup(stop)
	url = "http://127.0.0.1:" + port + "/api/v1/timestamp"
	for range 200 {
		resp, err := http.Get(url + "/certchain")
		if err != nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		chain := signtest.Certificates(t, text)
		return url, sign.ChainPEM(chain[len(chain)-1:]), stop
	}
	stop()
	t.Fatalf("the timestamp server did not start\n%s", log.String())
	return "", nil, nil
}

// outsider is somebody with some files and no workspace.
type outsider struct {
	dir string
	now time.Time
}

// carry puts files of a workspace into an empty folder, as a reader gets them.
func (s *shell) carry(t testing.TB, names ...string) outsider {
	t.Helper()
	out := outsider{t.TempDir(), s.now}
	for _, name := range names {
		if err := os.WriteFile(out.in(filepath.Base(name)), s.file(t, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func (o outsider) in(name string) string { return filepath.Join(o.dir, name) }

// must runs verify, without any secret in the environment, and wants an exact exit status.
func (o outsider) must(t testing.TB, want int, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), append([]string{"verify"}, args...), outside{in: strings.NewReader(""), out: &stdout, err: &stderr,
		env: func(string) (string, bool) { return "", false }, now: func() time.Time { return o.now }})
	if code != want {
		t.Fatalf("%q: exit status %d, want %d\n%s%s", args, code, want, stdout.String(), stderr.String())
	}
	return stdout.String()
}

func (o outsider) verdict(t testing.TB, want int, args ...string) verify.Verdict {
	t.Helper()
	return firstVerdict(t, o.must(t, want, append([]string{"--format", "json"}, args...)...))
}

// in makes names paths in the workspace.
func (s *shell) in(name string) string { return filepath.Join(s.dir, name) }

// TestAStampedReport goes from a configured authority to a reader without a network.
func TestAStampedReport(t *testing.T) {
	url, root, stop := timestampServer(t)
	s := newShell(t, small())
	s.now = time.Now().UTC().Truncate(time.Second) // the authority has its own clock
	keysOf(t, s)
	if err := os.WriteFile(s.in("tsa.pem"), root, 0o600); err != nil {
		t.Fatal(err)
	}
	s.edit(t, "waarborg.yaml", "passphrase: env:WAARBORG_PASSPHRASE}", "passphrase: env:WAARBORG_PASSPHRASE, timestamp: {url: \""+url+"\", roots: tsa.pem}}")
	s.must(t, exitNotMet, "check", "--report", s.in("r.pdf"))
	if v := s.verdict(t, exitMet, s.in("r.pdf"), "--replay"); v.Level != "B-T" || !v.Proven || !v.Replayed || !v.Redrawn || v.SignedAt.Sub(s.now).Abs() > time.Minute {
		t.Errorf("%+v", v)
	}
	happyReaders(t, s.in("r.pdf"))
	s.must(t, exitUnknown, "record", "--format", "pdf", "-o", s.in("record.pdf"))
	if v := s.verdict(t, exitMet, s.in("record.pdf")); v.Level != "B-T" || !v.Proven || v.Kind != "record" {
		t.Errorf("%+v", v)
	}

	// The authority is gone: readers do not need it.
	stop()
	reader := s.carry(t, "r.pdf", "tsa.pem", ".waarborg/keys/evidence.pub")
	trust := []string{reader.in("r.pdf"), "--trust", reader.in("evidence.pub")}
	if v := reader.verdict(t, exitMet, append(trust, "--trust-timestamps", reader.in("tsa.pem"), "--replay")...); v.Level != "B-T" || !v.Proven || !v.Redrawn {
		t.Errorf("%+v", v)
	}
	if v := reader.verdict(t, exitMet, trust...); v.Proven || v.State != verify.Valid {
		t.Errorf("without a root for timestamps: %+v", v)
	}
	if out := reader.must(t, exitMet, append([]string{"--lang", "nl", "--trust-timestamps", reader.in("tsa.pem")}, trust...)...); !strings.Contains(out, "(PAdES B-T)") || !strings.Contains(out, "het tijdstempel van") {
		t.Error(out)
	}
	reader.must(t, exitFailed, append([]string{"--trust-timestamps", reader.in("evidence.pub")}, trust...)...)

	// But nothing is signed without it, and nothing is left behind.
	before := folder(t, s.dir)
	for _, args := range [][]string{{"report", "-o", s.in("none.pdf")}, {"record", "--format", "pdf", "-o", s.in("none.pdf")}, {"check", "--report", s.in("none.pdf")}} {
		code, _, errs := s.run(t.Context(), append(args, "--lang", "en")...)
		if code != exitFailed || !strings.Contains(errs, "the timestamp authority "+url+" gave no usable answer") || !strings.Contains(errs, "hint: try again later") {
			t.Errorf("%q: exit status %d\n%s", args, code, errs)
		}
	}
	if after := folder(t, s.dir); after != before {
		t.Errorf("files before: %s\nafter: %s", before, after)
	}
	// An authority that is another than the configured one.
	other := signtest.NewAuthority(t, signtest.NewCA(t, "Other"), signtest.TimestampTemplate("Other TSA"))
	s.edit(t, "waarborg.yaml", url, other.Serve(t))
	code, _, errs := s.run(t.Context(), "report", "-o", s.in("none.pdf"), "--lang", "en")
	if code != exitFailed || !strings.Contains(errs, "(Other TSA) is not trusted") || folder(t, s.dir) != before {
		t.Errorf("exit status %d\n%s", code, errs)
	}
}

// folder lists what lies in a folder itself.
func folder(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return strings.Join(out, " ")
}

// TestAReportWithTheKeyInVault: sealed and signed in Vault with a certificate of its own authority, read without Vault.
func TestAReportWithTheKeyInVault(t *testing.T) {
	v := testvault.Start(t)
	v.Write(t, "sys/mounts/transit", map[string]any{"type": "transit"})
	v.Write(t, "transit/keys/waarborg", map[string]any{"type": "ecdsa-p256"})
	v.Write(t, "sys/mounts/pki", map[string]any{"type": "pki"})
	ca := v.Write(t, "pki/root/generate/internal", map[string]any{"common_name": "Vault CA", "ttl": "700h", "key_type": "ec"})["data"].(map[string]any)["certificate"].(string)
	v.Write(t, "pki/roles/documents", map[string]any{"key_type": "ec", "allow_any_name": true, "enforce_hostnames": false, "server_flag": false, "client_flag": false,
		"key_usage": "DigitalSignature,ContentCommitment", "ext_key_usage_oids": "1.3.6.1.5.5.7.3.36", "max_ttl": "600h", "ttl": "600h"})
	s := newShell(t, small())
	s.now = time.Now().UTC().Truncate(time.Second)
	s.env["VAULT_KEY_TOKEN"] = v.RootToken
	s.edit(t, "waarborg.yaml", "passphrase: env:WAARBORG_PASSPHRASE}", "passphrase: env:WAARBORG_PASSPHRASE, evidence: {vault: {address: \""+v.Addr+
		"\", login: {method: token, token: env:VAULT_KEY_TOKEN}, key: waarborg, version: 1}}}")
	s.must(t, exitMet, "keys", "init")
	s.now = time.Now().UTC().Truncate(time.Second).Add(time.Second)
	s.must(t, exitUnknown, "keys", "certificate", "--vault-pki", "pki/documents")
	s.must(t, exitNotMet, "check", "--report", s.in("r.pdf"))
	if err := os.WriteFile(s.in("ca.pem"), []byte(ca), 0o600); err != nil {
		t.Fatal(err)
	}

	v.Write(t, "transit/keys/waarborg/rotate", nil)
	s.edit(t, "waarborg.yaml", "version: 1", "version: 2")
	before := folder(t, s.dir)
	for _, args := range [][]string{{"report", "-o", s.in("none.pdf")}, {"check", "--report", s.in("none.pdf")}} {
		code, out, errs := s.run(t.Context(), append(args, "--lang", "en")...)
		if code != exitFailed || !strings.Contains(errs, "it was rotated or replaced there") || !strings.Contains(errs, "hint: ") || strings.Contains(out+errs, v.RootToken) {
			t.Errorf("%q: exit status %d\n%s", args, code, errs)
		}
	}
	if after := folder(t, s.dir); after != before {
		t.Errorf("files before: %s\nafter: %s", before, after)
	}

	// A reader has neither Vault nor token.
	v.Write(t, "sys/seal", nil)
	reader := s.carry(t, "r.pdf", "r.pdf.sigstore.json", "ca.pem", ".waarborg/keys/evidence.pub")
	if x := reader.verdict(t, exitMet, reader.in("r.pdf"), "--trust", reader.in("evidence.pub"), "--replay"); x.Signer == "" || !x.Replayed || !x.Redrawn || x.KeyID == "" {
		t.Errorf("%+v", x)
	}
	reader.must(t, exitMet, reader.in("r.pdf.sigstore.json"), "--trust", reader.in("evidence.pub"))
	// By Vault's authority alone: it vouches for who signed the file, and with the same key the snapshot was sealed.
	if out := reader.must(t, exitMet, reader.in("r.pdf"), "--trust", reader.in("ca.pem"), "--lang", "en"); !strings.Contains(out, "sealed with the key that signed this file") {
		t.Error(out)
	}
	reader.must(t, exitUnknown, reader.in("r.pdf"))
	for _, name := range []string{"r.pdf", "r.pdf.sigstore.json"} {
		if bytes.Contains(s.file(t, name), []byte(v.RootToken)) {
			t.Errorf("the token is in %s", name)
		}
	}
}
