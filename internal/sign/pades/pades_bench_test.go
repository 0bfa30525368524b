package pades_test

import (
	"crypto/rand"
	"testing"

	"github.com/jung-kurt/gofpdf"

	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/signtest"
)

// BenchmarkSignNotice signs a letter of one page, with the page made before.
func BenchmarkSignNotice(b *testing.B) {
	base := paper{pages: 1, plain: true}.make(b)
	id := signtest.SelfSigned(b, signtest.ECDSA(b))
	for b.Loop() {
		sign(b, base, id, small())
	}
	b.ReportMetric(float64(len(sign(b, base, id, small()))-len(base)), "bytes-added")
}

// BenchmarkVerifyLarge verifies a file of 3 MB, most of it attachments.
func BenchmarkVerifyLarge(b *testing.B) {
	evidence := make([]byte, 2_900_000)
	if _, err := rand.Read(evidence); err != nil {
		b.Fatal(err)
	}
	base := paper{pages: 100, files: []gofpdf.Attachment{{Filename: "evidence.json.gz", Content: evidence}}}.make(b)
	o := small()
	o.Attachments = map[string]string{"evidence.json.gz": pades.Source}
	pdf := sign(b, base, signtest.SelfSigned(b, signtest.ECDSA(b)), o)
	b.SetBytes(int64(len(pdf)))
	for b.Loop() {
		if _, err := pades.Verify(pdf, pades.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
