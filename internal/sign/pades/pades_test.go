package pades_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"encoding/pem"

	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/signtest"
	"waarborg/internal/sign/timestamp"
	"waarborg/internal/testtool"
)

func TestSignAndVerify(t *testing.T) {
	ca := signtest.NewCA(t, "Test CA")
	stamp := stamper(t)
	for name, id := range map[string]cms.Identity{
		"own ECDSA": signtest.SelfSigned(t, signtest.ECDSA(t)), "issued RSA": signtest.Issued(t, ca, signtest.RSA(t, 3072)),
	} {
		for _, pages := range []int{1, 2, 30} {
			for _, stamped := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %d pages, stamped %t", name, pages, stamped), func(t *testing.T) {
					base, o := report(t, pages), options()
					if stamped {
						o.Stamp = stamp
					}
					pdf := sign(t, base, id, o)
					got, err := pades.Verify(pdf, pades.Limits{})
					if err != nil {
						t.Fatal(err)
					}
					if !bytes.Equal(got.Base, base) || !got.At.Equal(o.At) || got.Name != o.Name || got.Reason != o.Reason ||
						got.Location != o.Location || got.Contact != o.Contact || got.Language != o.Language || !got.Signature.Chain[0].Equal(id.Chain[0]) {
						t.Errorf("got %+v", got)
					}
					for i, f := range files() {
						a := got.Attachments[i]
						if a.Name != f.Filename || a.Description != f.Description || !bytes.Equal(a.Content, f.Content) || a.Relationship != relations[f.Filename] {
							t.Errorf("got attachment %+v", a)
						}
					}
					if want := map[bool]string{false: "B-B", true: "B-T"}[stamped]; got.Level != want || (got.Token != nil) != stamped {
						t.Errorf("level %s", got.Level)
					}
					if stamped && time.Since(got.Stamp.Time).Abs() > time.Minute {
						t.Errorf("stamped at %s", got.Stamp.Time)
					}
					t.Logf("%d bytes added to %d", len(pdf)-len(base), len(base))
				})
			}
		}
	}
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(testtool.Path(t, name), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestOtherReadersAgree(t *testing.T) {
	ca := signtest.NewCA(t, "Test CA")
	stamp := stamper(t)
	for name, id := range map[string]cms.Identity{
		"ECDSA": signtest.SelfSigned(t, signtest.ECDSA(t)), "RSA": signtest.Issued(t, ca, signtest.RSA(t, 3072)),
	} {
		for _, stamped := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, stamped %t", name, stamped), func(t *testing.T) {
				o := options()
				if stamped {
					o.Stamp = stamp
				}
				pdf := sign(t, report(t, 3), id, o)
				file := save(t, pdf)
				// Its certificate is unknown to pdfsig, which is not about this file.
				said := run(t, "pdfsig", "-nocert", file)
				for _, want := range []string{"Signature is Valid.", "Total document signed", "ETSI.CAdES.detached", "SHA-256"} {
					if !strings.Contains(said, want) {
						t.Errorf("pdfsig does not say %q:\n%s", want, said)
					}
				}
				said = run(t, "qpdf", "--check", file)
				if !strings.Contains(said, "No syntax or stream encoding errors") || strings.Contains(said, "WARNING") {
					t.Errorf("qpdf says:\n%s", said)
				}
				if said = run(t, "pdfdetach", "-list", file); !strings.Contains(said, "3 embedded files") || !strings.Contains(said, "2: results.json") {
					t.Errorf("pdfdetach says:\n%s", said)
				}
				to := filepath.Join(t.TempDir(), "out")
				run(t, "pdfdetach", "-save", "2", "-o", to, file)
				if got, err := os.ReadFile(to); err != nil || !bytes.Equal(got, files()[1].Content) {
					t.Errorf("pdfdetach saves another file: %v", err)
				}
				if said = run(t, "pdftotext", "-l", "1", file, "-"); !strings.Contains(said, "sleutel ‘a1b2’") {
					t.Errorf("the field's text is not on the page:\n%s", said)
				}
				openssl(t, pdf, id, ca)
			})
		}
	}
}

// openssl verifies the CMS and the bytes it covers, both taken out of the file by its own ranges.
func openssl(t *testing.T, pdf []byte, id cms.Identity, ca *signtest.CA) {
	t.Helper()
	m := regexp.MustCompile(`/ByteRange \[0 (\d+) (\d+) (\d+)\]`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("no range")
	}
	var at [3]int
	for i := range at {
		fmt.Sscanf(string(m[i+1]), "%d", &at[i])
	}
	der, err := hex.DecodeString(string(pdf[at[0]+1 : at[1]-1]))
	if err != nil {
		t.Fatal(err)
	}
	root := ca.Root
	if len(id.Chain) == 1 {
		root = id.Chain[0]
	}
	dir := t.TempDir()
	put := func(name string, data []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	run(t, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", put("sig", der), "-purpose", "any", "-out", filepath.Join(dir, "out"),
		"-content", put("content", append(bytes.Clone(pdf[:at[0]]), pdf[at[1]:]...)),
		"-CAfile", put("root", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw})))
}

// TestTheFieldIsDrawn compares the pixels of the field with those of the same page without one.
func TestTheFieldIsDrawn(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	dark := func(pdf []byte) int {
		out := filepath.Join(t.TempDir(), "page")
		// The field alone: 60 points from the left, 128 from the bottom of 842.
		run(t, "pdftoppm", "-gray", "-r", "72", "-x", "60", "-y", "714", "-W", "220", "-H", "48", save(t, pdf), out)
		raw, err := os.ReadFile(out + "-1.pgm")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, c := range raw[len(raw)-220*48:] {
			if c < 160 {
				n++
			}
		}
		return n
	}
	base := paper{pages: 1, plain: true}.make(t)
	if got := dark(base); got != 0 {
		t.Fatalf("the empty page has %d dark pixels there", got)
	}
	if got := dark(sign(t, base, id, small())); got < 100 {
		t.Errorf("the field has only %d dark pixels", got)
	}
}

// TestSameInputsSameBytes: all but the signature's value.
func TestSameInputsSameBytes(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	base := report(t, 2)
	hole := regexp.MustCompile(`/Contents <[0-9a-f]+>`)
	first := hole.ReplaceAll(sign(t, base, id, options()), nil)
	for range 10 {
		if !bytes.Equal(hole.ReplaceAll(sign(t, base, id, options()), nil), first) {
			t.Fatal("the bytes differ")
		}
	}
}

func TestANoticeIsNotWasteful(t *testing.T) {
	base := paper{pages: 1, plain: true}.make(t)
	for name, c := range map[string]struct {
		id    cms.Identity
		limit int
	}{"ECDSA": {signtest.SelfSigned(t, signtest.ECDSA(t)), 4500}, "RSA": {signtest.SelfSigned(t, signtest.RSA(t, 3072)), 6500}} {
		if got := len(sign(t, base, c.id, small())) - len(base); got > c.limit {
			t.Errorf("%s: signing added %d bytes", name, got)
		}
	}
}

func TestHostileWords(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	base := paper{pages: 1, plain: true}.make(t)
	for name, s := range map[string]string{
		"control":   "a\x00b\x1b[31mc\r\nd\te\x7f",
		"direction": "fdp.exe\u202egnp \u200f\u2066x",
		"long":      strings.Repeat("lang ", 2000),
		"operators": ") Tj ET endstream endobj << /JS (x) >> (",
		"signature": "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00>",
		"brackets":  `((((\\\)))`,
		"broken":    "\xff\xfe\x80",
		"scripts":   "Ελληνικά, 日本語, 😀, łódź",
		"edges":     "   \u00a0 x \u3000",
		"end":       "%%EOF\nstartxref\n0\n%%EOF",
	} {
		t.Run(name, func(t *testing.T) {
			o := small()
			o.Name, o.Reason, o.Location, o.Contact = s, s, s, s
			o.Field.Lines = []string{s, s}
			pdf := sign(t, base, id, o)
			got, err := pades.Verify(pdf, pades.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(got.Name, "\x00\x1b\r\n\u202e\u200f\u2066") || len([]rune(got.Name)) > 200 {
				t.Errorf("got %q", got.Name)
			}
			if said := run(t, "qpdf", "--check", save(t, pdf)); strings.Contains(said, "WARNING") {
				t.Error(said)
			}
			if bytes.Contains(pdf[len(base):], []byte("/JS")) {
				t.Error("the text became syntax")
			}
		})
	}
}

func TestFields(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	base := paper{pages: 1}.make(t)
	for _, f := range []pades.Field{
		{}, {W: 1, H: 1, Lines: []string{"x"}}, {X: 10.005, Y: 20.333, W: 100.5, H: 9, Lines: []string{"one", "two", "three"}},
		{W: 500, H: 500}, {W: 300, H: 300, Lines: make([]string, 20)}, {W: 14400, H: 14400, Lines: []string{strings.Repeat("W", 300)}},
		{W: 30, H: 30, Lines: []string{strings.Repeat("W", 300), "‘€’"}},
	} {
		o := small()
		o.Field = f
		if _, err := pades.Verify(sign(t, base, id, o), pades.Limits{}); err != nil {
			t.Errorf("%v: %v", f, err)
		}
	}
	for _, f := range []pades.Field{{X: -1}, {H: 1e9}, {Y: nan()}} {
		o := small()
		o.Field = f
		if _, err := pades.Sign(t.Context(), base, id, o); err == nil || !strings.Contains(err.Error(), "outside the page") {
			t.Errorf("%v: %v", f, err)
		}
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestWhatCannotBeSigned(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	base := report(t, 1)
	for want, change := range map[string]func(*pades.Options){
		"what attachment results.json is": func(o *pades.Options) { o.Attachments = map[string]string{"report.json": pades.Data} },
		"what attachment report.json is":  func(o *pades.Options) { o.Attachments = map[string]string{"report.json": "Alternative"} },
		"3 attachments instead of 4": func(o *pades.Options) {
			o.Attachments = map[string]string{"report.json": "Data", "results.json": "Data", "evidence.json.gz": "Source", "more": "Data"}
		},
		"language":       func(o *pades.Options) { o.Language = "nl) /JS (" },
		"time":           func(o *pades.Options) { o.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"bytes too long": func(o *pades.Options) { o.Stamp, o.StampRoom = stamper(t), 500 },
	} {
		o := options()
		change(&o)
		if _, err := pades.Sign(t.Context(), base, id, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
	o := options()
	o.Stamp = func(context.Context, []byte) ([]byte, error) { return []byte{0x30, 0}, nil }
	if _, err := pades.Sign(t.Context(), base, id, o); !errors.Is(err, timestamp.ErrBroken) {
		t.Errorf("a wrong token: %v", err)
	}
}
