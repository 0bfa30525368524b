package pdf_test

import (
	"bytes"
	"testing"

	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/signtest"
	"waarborg/reports/pdf"
)

// TestWhatIsDrawnCanBeSigned: the signer takes one exact form of file, and every report and letter must have it.
func TestWhatIsDrawnCanBeSigned(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	d := document("nl", true)
	list := files(&d)
	long := render(t, d, many(400), list)
	var notice bytes.Buffer
	if err := pdf.Notice(&notice, letter("nl")); err != nil {
		t.Fatal(err)
	}
	roles := map[string]string{"report.json": "Data", "results.json": "Data", "evidence.json.gz": "Source"}
	box := pdf.SignatureBox()
	for name, raw := range map[string][]byte{"draft": sample(t, "nl", true), "whole": sample(t, "en", false), "long": long, "letter": notice.Bytes()} {
		o := pades.Options{At: signtest.Now(), Name: "Privacy officer", Language: "nl-NL", Attachments: roles,
			Field: pades.Field{Lines: []string{"Privacy officer", "23 november 2026"}, X: box.X, Y: box.Y, W: box.Width, H: box.Height}}
		if name == "letter" {
			o.Attachments = nil
		}
		signed, err := pades.Sign(t.Context(), raw, id, o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := pades.Verify(signed, pades.Limits{}); err != nil || !bytes.Equal(got.Base, raw) {
			t.Errorf("%s: what was signed does not verify: %v", name, err)
		}
	}
}
