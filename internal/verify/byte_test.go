package verify_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"waarborg/internal/sign/signtest"
	"waarborg/internal/sign/timestamp"
	"waarborg/internal/verify"
)

func stampClient(url string, roots *x509.CertPool) *timestamp.Client {
	return &timestamp.Client{URL: url, HTTP: &http.Client{Timeout: 10 * time.Second}, Roots: roots, Now: time.Now, Rand: rand.Reader}
}

func newStamper(t testing.TB) *signtest.Authority {
	t.Helper()
	return signtest.NewAuthority(t, signtest.NewCA(t, "Test TSA"), signtest.TimestampTemplate("Test TSA 1"))
}

// TestEveryChangedByteOfAReport: of a whole report, attachments and signature and timestamp included. Each byte of each file is
// changed once, by turns in its lowest bit and in the one between capitals and small letters.
func TestEveryChangedByteOfAReport(t *testing.T) {
	p := newProcessor(t)
	tsa := newStamper(t)
	base := p.honest(t, p.whole, "").draw(t)
	r := p.reader(t)
	r.Stampers = tsa.CA.Roots()
	for level, pdf := range map[string][]byte{"B-B": p.sign(t, base), "B-T": p.sign(t, base, stamped(t, tsa))} {
		if v := wants(t, r, pdf, verify.Valid, ""); v.Level != level || v.Proven != (level == "B-T") {
			t.Fatalf("%s: %+v", level, v)
		}
		t.Logf("%s: %d bytes", level, len(pdf))
		var wait sync.WaitGroup
		workers := runtime.GOMAXPROCS(0)
		for first := range workers {
			wait.Go(func() {
				mine := bytes.Clone(pdf)
				for i := first; i < len(mine); i += workers * every {
					mask := byte(0x01)
					if (i/every%2 == 0) == (level == "B-T") {
						mask = 0x20
					}
					mine[i] ^= mask
					if v := r.File(t.Context(), "report.pdf", mine, alone); v.State == verify.Valid || v.State == verify.Draft || v.Subject != nil {
						t.Errorf("%s: byte %d xor %x: %s", level, i, mask, v.State)
					}
					mine[i] ^= mask
				}
			})
		}
		wait.Wait()
	}
}
