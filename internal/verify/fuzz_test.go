package verify_test

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
	"waarborg/internal/sign/pades"
	"waarborg/internal/verify"
	"waarborg/reports"
)

// kept are files that were made once, with what they are worth to a reader who trusts their key and authority. What an
// earlier version gave out must go on to verify.
var kept = map[string]verify.State{"report.pdf": verify.Valid, "draft.pdf": verify.Draft, "report.pdf.sigstore.json": verify.Valid, "snapshot.json.gz": verify.Valid,
	"evidence.json.gz": verify.NotTrusted, "results.json": verify.NotTrusted}

const (
	keptKey   = "evidence.pub"
	keptRoots = "timestamps.pem"
)

var update = flag.Bool("update", false, "make the files in testdata again")

func makeKept(t testing.TB) {
	p, tsa := newProcessor(t), newStamper(t)
	c := p.honest(t, p.whole, "")
	report := p.sign(t, c.draw(t), stamped(t, tsa))
	for name, content := range map[string][]byte{"report.pdf": report, "draft.pdf": p.sign(t, p.honest(t, p.whole, "north").draw(t)), "snapshot.json.gz": p.snapshot,
		"report.pdf.sigstore.json": must(bundle.Make(t.Context(), report, p.key, p.public))(t), keptKey: p.public.PEM(), keptRoots: sign.ChainPEM([]*x509.Certificate{tsa.CA.Root}),
		"results.json": c.files[verify.ResultsFile], "evidence.json.gz": c.files[verify.EvidenceFile]} {
		if err := os.WriteFile(filepath.Join("testdata", name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// keptFiles returns them by name, with a reader of the day on which they were made.
func keptFiles(t testing.TB) (verify.Reader, map[string][]byte) {
	t.Helper()
	if *update {
		makeKept(t)
	}
	files := map[string][]byte{}
	for _, name := range []string{"report.pdf", "draft.pdf", "report.pdf.sigstore.json", "snapshot.json.gz", "evidence.json.gz", "results.json", keptKey, keptRoots} {
		files[name] = must(os.ReadFile(filepath.Join("testdata", name)))(t)
	}
	r := verify.Reader{Trust: trust(t, files[keptKey]), Stampers: x509.NewCertPool(), Version: version, Language: "en",
		Now: must(pades.Verify(files["report.pdf"], pades.Limits{}))(t).At.Add(time.Hour)}
	r.Stampers.AppendCertsFromPEM(files[keptRoots])
	delete(files, keptKey)
	delete(files, keptRoots)
	return r, files
}

func besideOf(files map[string][]byte) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if raw, ok := files[name]; ok {
			return raw, nil
		}
		return nil, fs.ErrNotExist
	}
}

func TestKeptFilesVerify(t *testing.T) {
	r, files := keptFiles(t)
	for name, state := range kept {
		v := r.File(t.Context(), name, files[name], besideOf(files))
		if v.State != state || name == "report.pdf" && (!v.Proven || v.Level != "B-T") {
			t.Errorf("%s: %s\n%+v", name, v.State, v.Checks)
		}
	}
}

// TestEveryCutOfAKeptFile: a file that stops early, of any kind.
func TestEveryCutOfAKeptFile(t *testing.T) {
	r, files := keptFiles(t)
	for name, raw := range files {
		for n := 0; n < len(raw); n += max(1, len(raw)/200) * min(every, 3) {
			if v := r.File(t.Context(), name, raw[:n], besideOf(files)); v.State == verify.Valid || v.State == verify.Draft {
				t.Errorf("%s cut to %d bytes: %s", name, n, v.State)
			}
		}
	}
}

// same tells whether two files say the same. Of a snapshot the seal covers the content and not how gzip packs it, such as the
// system that it names in its head.
func same(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, err1 := unpacked(a)
	y, err2 := unpacked(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

func unpacked(raw []byte) ([]byte, error) {
	zip, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(zip, 1<<20))
}

// TestEveryChangedByteOfSmallFiles: a bundle, and a snapshot.
func TestEveryChangedByteOfSmallFiles(t *testing.T) {
	r, files := keptFiles(t)
	for _, name := range []string{"report.pdf.sigstore.json", "snapshot.json.gz"} {
		raw := bytes.Clone(files[name])
		for i := 0; i < len(raw); i += min(every, 5) {
			for _, mask := range []byte{0x01, 0x20, 0x80} {
				raw[i] ^= mask
				if v := r.File(t.Context(), name, raw, besideOf(files)); (v.State == verify.Valid || v.State == verify.Draft) && !same(raw, files[name]) {
					t.Errorf("%s: byte %d xor %x: %s", name, i, mask, v.State)
				}
				raw[i] ^= mask
			}
		}
	}
}

// FuzzFile: no bytes make it panic, and nothing can be relied on but what was made.
func FuzzFile(f *testing.F) {
	r, files := keptFiles(f)
	for _, raw := range files {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		v := r.File(t.Context(), "report.pdf"+verify.BundleSuffix, in, besideOf(files))
		if v.State == verify.Valid || v.State == verify.Draft {
			for _, raw := range files {
				if same(in, raw) {
					return
				}
			}
			t.Errorf("%s that was never made is %s", v.Kind, v.State)
		}
		if v.Subject != nil && v.State != verify.Valid && v.State != verify.Draft {
			t.Error("what it says is repeated")
		}
		var out bytes.Buffer
		if err := reports.JSON(&out, v); err != nil {
			t.Errorf("the verdict cannot be written: %v", err)
		}
	})
}
