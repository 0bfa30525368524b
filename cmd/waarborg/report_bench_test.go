package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/evidence"
	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/pades"
	"waarborg/internal/verify"
	"waarborg/policies"
	"waarborg/reports/pdf"
)

// benchFindings is how many things are not met in the report that is measured, each of a resource of its own.
const benchFindings = 5000

// keyring is small with n keys that each miss one term and meet another. With differ each is off by another number of days,
// so that no two findings say the same.
func keyring(n int, differ bool) files {
	f := small()
	f["waarborg.yaml"] += "  - {id: ring, type: file, settings: {file: keys.json, mapping: keys.yaml}}\n"
	f["keys.yaml"] = `kind: crypto_key
permission: reader
items: /keys
id: /id
facts:
  type: {const: aes256-gcm96}
  rotated_at: {pointer: /rotated, absent: [never]}
  auto_rotate_days: {pointer: /days}
  exportable: {const: false}
  deletion_allowed: {const: false}
`
	f["agreements/standard.yaml"] += `  - {path: secrets.key_rotation_days, value: 90, basis: processor, source: {document: Agreement, clause: VWO-2.1.2}}` + "\n"
	var keys []string
	for i := range n {
		days := 365
		if differ {
			days = 366 + i
		}
		keys = append(keys, fmt.Sprintf(`{"id": "module.vault_%d.transit_key.tenant_%05d", "days": %d, "rotated": "never"}`, i%40, i, days))
	}
	f["keys.json"] = `{"keys": [` + strings.Join(keys, ",\n") + "]}"
	return f
}

// bench is a workspace with a kept, sealed assessment, and its evidence key already decrypted: what a key's passphrase
// costs is measured by whole commands.
type bench struct {
	*shell
	app    *app
	space  *space
	rules  *assess.Policies
	whole  evidence.Assessment
	key    sign.Signer // decrypted
	signer crypto.Signer
	chain  []*x509.Certificate
}

func newBench(b *testing.B, differ bool) bench {
	b.Helper()
	x := bench{shell: newShell(b, keyring(benchFindings, differ))}
	x.must(b, exitMet, "keys", "init")
	snap := filepath.Join(b.TempDir(), "snap.json.gz")
	x.must(b, exitMet, "collect", "-o", snap)
	x.must(b, exitNotMet, "check", "--snapshot", snap)
	x.app = &app{dir: x.dir, lang: "nl", outside: outside{out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: func() time.Time { return x.now },
		env: func(name string) (string, bool) { v, ok := x.env[name]; return v, ok }}}
	try := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	var err error
	x.space, err = x.app.load()
	try(err)
	x.rules, err = assess.Load(policies.FS)
	try(err)
	x.whole, err = x.app.kept(x.space, x.rules, "")
	try(err)
	x.key, _, err = x.app.evidenceKey(b.Context(), x.space)
	try(err)
	x.signer, err = x.key.CryptoSigner()
	try(err)
	x.chain, err = x.app.evidenceChain(x.space, x.key)
	try(err)
	return x
}

// stages are the times of making a report.
type stages struct{ judge, encode, draw, sign time.Duration }

// report makes a signed report with its attachments and its bundle, as the command does.
func (x bench) report(ctx context.Context, spent *stages) ([]byte, error) {
	mark := time.Now()
	lap := func(d *time.Duration) { now := time.Now(); *d += now.Sub(mark); mark = now }
	p := parts{assessment: x.whole}
	var err error
	if p.results, err = p.assessment.Results(ctx, x.rules, "nl"); err != nil {
		return nil, err
	}
	lap(&spent.judge)
	if p.document, err = x.app.document(x.space, p.results); err != nil {
		return nil, err
	}
	attached, err := p.files()
	if err != nil {
		return nil, err
	}
	lap(&spent.encode)
	var base bytes.Buffer
	if err := pdf.Render(&base, p.document, p.results, verify.Attachments(attached, "nl")); err != nil {
		return nil, err
	}
	lap(&spent.draw)
	signed, err := x.sign(ctx, base.Bytes(), verify.Relationships())
	if err != nil {
		return nil, err
	}
	_, err = bundle.Make(ctx, signed, x.signer, x.key.Public())
	lap(&spent.sign)
	return signed, err
}

func (x bench) sign(ctx context.Context, base []byte, attachments map[string]string) ([]byte, error) {
	return pades.Sign(ctx, base, cms.Identity{Signer: x.signer, Chain: x.chain}, pades.Options{At: x.now, Name: "Small Processor", Reason: "Rapport",
		Field: x.app.field(x.space, x.key, x.now), Language: "nl-NL", Attachments: attachments})
}

var benchWorlds = []struct {
	name   string
	differ bool
}{{"alike", false}, {"all-differ", true}}

func BenchmarkReport5000(b *testing.B) {
	for _, world := range benchWorlds {
		b.Run(world.name, func(b *testing.B) {
			x := newBench(b, world.differ)
			resetPeak()
			var spent stages
			size := 0
			b.ReportAllocs()
			for b.Loop() {
				out, err := x.report(b.Context(), &spent)
				if err != nil {
					b.Fatal(err)
				}
				size = len(out)
			}
			reportPeak(b)
			b.ReportMetric(float64(size)/(1<<20), "file-MB")
			for name, d := range map[string]time.Duration{"judge-ms": spent.judge, "encode-ms": spent.encode, "draw-ms": spent.draw, "sign-ms": spent.sign} {
				b.ReportMetric(float64(d.Milliseconds())/float64(b.N), name)
			}
		})
	}
}

// BenchmarkVerify verifies a report of 5,000 findings: its signatures and proofs alone, and with replay, which judges the
// evidence again and draws the pages again.
func BenchmarkVerify(b *testing.B) {
	x := newBench(b, true)
	raw, err := x.report(b.Context(), &stages{})
	if err != nil {
		b.Fatal(err)
	}
	for _, replay := range []bool{false, true} {
		b.Run(map[bool]string{false: "no-replay", true: "replay"}[replay], func(b *testing.B) {
			r, err := x.app.reader(verifyOptions{replay: replay})
			if err != nil {
				b.Fatal(err)
			}
			resetPeak()
			for b.Loop() {
				if v := r.File(b.Context(), "report.pdf", raw, nil); v.State != verify.Valid || v.Redrawn != replay {
					b.Fatalf("%+v", v)
				}
			}
			reportPeak(b)
		})
	}
}

// BenchmarkNoticeSigned draws and signs letters of one page on all cores.
func BenchmarkNoticeSigned(b *testing.B) {
	x := newBench(b, false)
	letter := pdf.Letter{Language: "nl", Version: "1.0", Sender: []string{"Small Processor", "Straat 1", "1234 AB Groningen"}, Addressee: []string{"Northern Homes", "Plein 2"},
		Place: "Groningen", At: x.now, Subject: "Wijziging van subverwerkers", Reference: "2026-117", Closing: "Met vriendelijke groet,", Signatory: []string{"Privacy officer", "Small Processor"},
		Paragraphs: []string{strings.Repeat("Wij gaan een andere subverwerker gebruiken voor het bewaren van documenten. ", 4), strings.Repeat("U kunt hiertegen binnen dertig dagen bezwaar maken. ", 5)}}
	b.ResetTimer() // what was made above is no part of it
	b.RunParallel(func(run *testing.PB) {
		for run.Next() {
			var base bytes.Buffer
			if err := pdf.Notice(&base, letter); err != nil {
				b.Error(err)
				return
			}
			if _, err := x.sign(b.Context(), base.Bytes(), nil); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "notices/s")
}

// resetPeak forgets the peak of making the workspace; what is held of it stays counted.
func resetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200) // where it cannot be reset, the peak is too high, never too low
}

// reportPeak reports the largest resident memory since, where the system tells.
func reportPeak(b *testing.B) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			if kb, err := strconv.Atoi(strings.Fields(rest)[0]); err == nil {
				b.ReportMetric(float64(kb)/1024, "peak-MB")
			}
		}
	}
}
