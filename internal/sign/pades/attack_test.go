package pades_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jung-kurt/gofpdf"

	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/signtest"
)

// tiny is a signed file as small as one with an attachment can be.
func tiny(t testing.TB, id cms.Identity, stamp cms.Stamp) []byte {
	t.Helper()
	p := paper{pages: 1, plain: true, files: files()[:1]}
	o := options()
	o.Attachments, o.Stamp, o.StampRoom = map[string]string{"report.json": pades.Data}, stamp, 2600
	return sign(t, p.make(t), id, o)
}

func TestEveryChangedByte(t *testing.T) {
	ca := signtest.NewCA(t, "Test CA")
	for name, pdf := range map[string][]byte{
		"B-B": tiny(t, signtest.SelfSigned(t, signtest.ECDSA(t)), nil),
		"B-T": tiny(t, signtest.Issued(t, ca, signtest.ECDSA(t)), stamper(t)),
	} {
		if got, err := pades.Verify(pdf, pades.Limits{}); err != nil || got.Level != name {
			t.Fatalf("%s: %v", name, err)
		}
		t.Logf("%s: %d bytes", name, len(pdf))
		var wait sync.WaitGroup
		workers := runtime.GOMAXPROCS(0)
		for first := range workers {
			wait.Go(func() {
				mine := bytes.Clone(pdf)
				for i := first; i < len(mine); i += workers {
					for _, mask := range masks {
						mine[i] ^= mask
						if _, err := pades.Verify(mine, pades.Limits{}); err == nil {
							t.Errorf("%s: byte %d xor %x is not noticed", name, i, mask)
						}
						mine[i] ^= mask
					}
				}
			})
		}
		wait.Wait()
	}
}

func TestCutAndAppended(t *testing.T) {
	pdf := tiny(t, signtest.SelfSigned(t, signtest.ECDSA(t)), nil)
	for _, more := range []string{"\n", " ", "\x00", "%", "%%EOF\n", strings.Repeat("x", 5000)} {
		refused(t, append(bytes.Clone(pdf), more...), fmt.Sprintf("%d bytes were added after signing", len(more)), pades.ErrChanged)
	}
	refused(t, append([]byte("\n"), pdf...), "", pades.ErrChanged, pades.ErrProfile)
	for n := 0; n < len(pdf); n += 7 {
		if _, err := pades.Verify(pdf[:n], pades.Limits{}); err == nil {
			t.Fatalf("cut to %d bytes it verifies", n)
		}
	}
	refused(t, nil, "not a PDF", pades.ErrProfile)
	refused(t, paper{pages: 1}.make(t), "not signed", pades.ErrNotSigned)
	refused(t, []byte("%PDF-1.4\n/ByteRange [0 1 2 3]"), "signature of another form", pades.ErrProfile)
}

// overwrite is an update without a signature that gives the first page another content.
func overwrite(pdf []byte) []byte {
	at := regexp.MustCompile(`/Contents (\d+) 0 R`).FindSubmatch(pdf)[1]
	prev := regexp.MustCompile(`startxref\n(\d+)\n`).FindAllSubmatch(pdf, -1)
	root := regexp.MustCompile(`/Size (\d+)\s*/Root (\d+) 0 R\s*/Info (\d+) 0 R`).FindAllSubmatch(pdf, -1)
	last := root[len(root)-1]
	var b bytes.Buffer
	start := len(pdf)
	fmt.Fprintf(&b, "%s 0 obj\n<</Length 20>>\nstream\nBT (all is well) Tj ET\nendstream\nendobj\n", at)
	table := start + b.Len()
	fmt.Fprintf(&b, "xref\n%s 1\n%010d 00000 n \ntrailer\n<</Size %s /Root %s 0 R /Info %s 0 R /Prev %s>>\nstartxref\n%d\n%%%%EOF\n", at, start,
		last[1], last[2], last[3], prev[len(prev)-1][1], table)
	return b.Bytes()
}

func TestFurtherUpdates(t *testing.T) {
	id, other := signtest.SelfSigned(t, signtest.ECDSA(t)), signtest.SelfSigned(t, signtest.ECDSA(t))
	base := paper{pages: 1, plain: true}.make(t)
	pdf := sign(t, base, id, small())
	// Without a signature: other readers show the other page, and call the signature valid.
	refused(t, append(bytes.Clone(pdf), overwrite(pdf)...), "bytes were added after signing", pades.ErrChanged)
	// With a signature over all of it, by another or by the same key.
	for _, by := range []cms.Identity{other, id} {
		for _, between := range [][]byte{pdf[len(base):], append(bytes.Clone(pdf[len(base):]), overwrite(pdf)...)} {
			twice, err := pades.Forge(base, between, by, small(), nil)
			if err != nil {
				t.Fatal(err)
			}
			refused(t, twice, "does not end where it says", pades.ErrProfile)
		}
	}
	// An update before signing.
	before, err := pades.Forge(base, overwrite(base), id, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, before, "does not end where it says", pades.ErrProfile)
	if _, err := pades.Sign(t.Context(), pdf, id, small()); err == nil {
		t.Error("a signed file is signed again")
	}
}

// TestForgedUpdates: files that a signer's own signature covers fully, but with something else in the update.
func TestForgedUpdates(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	base := paper{pages: 2, files: files()}.make(t)
	o := options()
	o.Location, o.Contact = "", ""
	same, err := pades.Forge(base, nil, id, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pades.Verify(same, pades.Limits{}); err != nil {
		t.Fatalf("the test is wrong: unchanged it should verify: %v", err)
	}
	replace := func(old, new string) func([]byte) []byte {
		return func(update []byte) []byte {
			if !bytes.Contains(update, []byte(old)) {
				t.Errorf("the test is wrong: there is no %q", old)
			}
			return bytes.Replace(update, []byte(old), []byte(new), 1)
		}
	}
	for name, change := range map[string]func([]byte) []byte{
		"an action on opening":         replace("/Version /1.7", "/OpenAction <</S /JavaScript /JS (x)>>\n/Version /1.7"),
		"no flags":                     replace("/SigFlags 3", "/SigFlags 1"),
		"a form's script":              replace("/SigFlags 3", "/SigFlags 3 /XFA (x)"),
		"spaces":                       replace("/Version /1.7>>", "/Version /1.7 >>"),
		"a comment":                    replace("/Version /1.7>>", "/Version /1.7%x\n>>"),
		"another kind of relation":     replace("/AFRelationship /Data", "/AFRelationship /Alternative"),
		"another file's name":          replace("/F (report.json)", "/F (repart.json)"),
		"another author of the page":   replace("/Resources 2 0 R", "/Resources 3 0 R"),
		"another picture of the field": replace("/Subtype /Form", "/Subtype /Image"),
		"other operators":              replace("0 g\n", "1 g\n"),
		"a filter":                     replace("/ETSI.CAdES.detached", "/adbe.pkcs7.detached"),
		"its own permissions":          replace("/Version /1.7>>", "/Version /1.7/Perms <</DocMDP 1 0 R>>>>"),
		"one object more":              replace("xref\n", "99 0 obj\n<<>>\nendobj\nxref\n"),
		"a page of its own":            replace("/Type /Page\n", "/Type /Pages\n"),
		"room that is too much":        replace("/Contents <", "/Contents <"+strings.Repeat("0", 1<<19)),
		"a control character":          replace("/Name <feff", "/Name <feff0007"),
		"odd digits":                   replace("/Contents <", "/Contents <0"),
	} {
		t.Run(name, func(t *testing.T) {
			pdf, err := pades.Forge(base, nil, id, o, change)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Equal(pdf, same) {
				t.Fatal("nothing was changed")
			}
			refused(t, pdf, "", pades.ErrProfile, pades.ErrChanged)
		})
	}
}

func TestTheValueOfTheSignatureHasOneForm(t *testing.T) {
	pdf := tiny(t, signtest.SelfSigned(t, signtest.ECDSA(t)), stamper(t))
	at := bytes.Index(pdf, []byte(" /Contents <")) + len(" /Contents <")
	end := at + bytes.IndexByte(pdf[at:], '>')
	change := func(f func(value []byte)) []byte {
		out := bytes.Clone(pdf)
		f(out[at:end])
		return out
	}
	refused(t, change(func(v []byte) { copy(v, bytes.ToUpper(v)) }), "cannot be read", pades.ErrChanged)
	refused(t, change(func(v []byte) { v[len(v)-1] = '1' }), "something beside its signature", pades.ErrChanged)
	refused(t, change(func(v []byte) { v[len(v)-1] = ' ' }), "cannot be read", pades.ErrChanged)
	refused(t, change(func(v []byte) { clear(v) }), "cannot be read", pades.ErrChanged)
	refused(t, change(func(v []byte) { copy(v, bytes.Repeat([]byte("0"), len(v))) }), "", pades.ErrChanged)
}

// TestASwappedAttachment: the content of another, of the same size.
func TestASwappedAttachment(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	stored := func(content string) []byte {
		return paper{pages: 1, plain: true, files: []gofpdf.Attachment{{Filename: "report.json", Content: []byte(content)}}}.make(t)
	}
	o := options()
	o.Attachments = map[string]string{"report.json": pades.Data}
	a, b := stored(`{"verdict":"fail"}`), stored(`{"verdict":"pass"}`)
	if len(a) != len(b) {
		t.Fatal("the test is wrong: the files differ in length")
	}
	pdf := sign(t, a, id, o)
	refused(t, append(bytes.Clone(b), pdf[len(a):]...), "", pades.ErrChanged)
	// By the signer: an update that lets the attachment's entry point elsewhere.
	forged, err := pades.Forge(a, nil, id, o, func(update []byte) []byte {
		return bytes.Replace(update, []byte("/EF << /F 3 0 R >>"), []byte("/EF << /F 2 0 R >>"), 1)
	})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(forged[len(a):], []byte("/EF << /F 3 0 R >>")) || !bytes.Contains(forged[len(a):], []byte("/EF <")) {
		t.Log(string(forged[len(a):]))
	}
	refused(t, forged, "", pades.ErrProfile)
}

func TestBombs(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	zeros := paper{pages: 1, plain: true, files: []gofpdf.Attachment{{Filename: "report.json", Content: make([]byte, 16<<20)}}}.make(t)
	o := options()
	o.Attachments = map[string]string{"report.json": pades.Data}
	if _, err := pades.Sign(t.Context(), zeros, id, o); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a bomb is signed: %v", err)
	}
	forge := func(base []byte) []byte {
		pdf, err := pades.Forge(base, nil, id, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		return pdf
	}
	refused(t, forge(zeros), "too large", pades.ErrTooLarge)
	lie := bytes.Replace(zeros, []byte("/Size 16777216"), []byte("/Size 00000100"), 1)
	refused(t, forge(lie), "another size than it says", pades.ErrProfile)
	lie = bytes.Replace(zeros, []byte("/Size 16777216"), []byte("/Size 99999999"), 1)
	refused(t, forge(lie), "too large", pades.ErrTooLarge)

	pdf := sign(t, report(t, 1), id, options())
	for name, l := range map[string]pades.Limits{
		"file": {File: int64(len(pdf)) - 1}, "one": {Attachment: 1000}, "all": {All: 54_020},
	} {
		if _, err := pades.Verify(pdf, l); !errors.Is(err, pades.ErrTooLarge) {
			t.Errorf("limit %s: %v", name, err)
		}
	}
	if _, err := pades.Verify(pdf, pades.Limits{File: int64(len(pdf)), Attachment: 54_000, All: 55_000}); err != nil {
		t.Errorf("just within its limits: %v", err)
	}
}

// TestStrangeBases: what gofpdf can write and reports do not have. Sign refuses it, and so does Verify.
func TestStrangeBases(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	linkTo := func(url string) paper {
		return paper{pages: 1, draw: func(f *gofpdf.Fpdf) { f.LinkString(10, 10, 50, 50, url) }}
	}
	for name, c := range map[string]struct {
		p    paper
		want string
	}{
		"script":            {paper{pages: 1, change: func(f *gofpdf.Fpdf) { f.SetJavascript("app.alert(1)") }}, "/JavaScript"},
		"opening":           {paper{pages: 1, change: func(f *gofpdf.Fpdf) { f.SetDisplayMode("fullpage", "") }}, "/OpenAction"},
		"http":              {linkTo("http://example.org"), "elsewhere than to https"},
		"script link":       {linkTo("javascript:alert(1)"), "elsewhere than to https"},
		"file link":         {linkTo("file:///etc/passwd"), "elsewhere than to https"},
		"link with a space": {linkTo("https://a b"), "a character"},
		"attachment on a page": {paper{pages: 1, draw: func(f *gofpdf.Fpdf) {
			f.AddAttachmentAnnotation(&gofpdf.Attachment{Filename: "x", Content: []byte("x")}, 1, 1, 9, 9)
		}}, ""},
		"layer": {paper{pages: 1, draw: func(f *gofpdf.Fpdf) {
			n := f.AddLayer("hidden", false)
			f.BeginLayer(n)
			f.Cell(10, 10, "x")
			f.EndLayer()
		}}, ""},
		"cropped":        {paper{pages: 1, change: func(f *gofpdf.Fpdf) { f.SetPageBox("crop", 10, 10, 50, 50) }}, "/CropBox"},
		"metadata":       {paper{pages: 1, change: func(f *gofpdf.Fpdf) { f.SetXmpMetadata([]byte("<x/>")) }}, "not used"},
		"encrypted":      {paper{pages: 1, change: func(f *gofpdf.Fpdf) { f.SetProtection(0, "a", "b") }}, ""},
		"bad name":       {paper{pages: 1, plain: true, files: []gofpdf.Attachment{{Filename: "../x", Content: []byte("x")}}}, "name of an attachment"},
		"one name twice": {paper{pages: 1, plain: true, files: append(files(), files()...)}, "twice"},
		"ten files":      {paper{pages: 1, plain: true, files: append(append(append(files(), files()...), files()...), files()...)}, "too many attachments"},
	} {
		t.Run(name, func(t *testing.T) {
			base := c.p.make(t)
			if _, err := pades.Sign(t.Context(), base, id, small()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("signing: want %q, got %v", c.want, err)
			}
			if pdf, err := pades.Forge(base, nil, id, small(), nil); err == nil {
				refused(t, pdf, c.want, pades.ErrProfile)
			} else {
				t.Logf("cannot even be forged: %v", err)
			}
		})
	}
}

// TestEditedBases: changes to the text of a base that keep its table right.
func TestEditedBases(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	base := paper{pages: 2}.make(t)
	for old, new := range map[string]string{
		"/Type /Catalog":       "/Type/Catalog%",
		"/Type /Page\n":        "/AA 1 0 R  \n",
		"/S /URI /URI":         "/S /Lnch/URI",
		"/Subtype /Link":       "/Subtype /File",
		"/Count 2":             "/Count 3",
		"/Kids [3 0 R 5 0 R ]": "/Kids [3 0 R 3 0 R ]",
		"/Kids [3 0 R 5 0 R":   "/Kids [5 0 R      ",
		"/Parent 1 0 R\n":      "/Parent 2 0 R\n",
		"/Contents 4 0 R":      "/Contents 3 0 R",
		"/Resources 2 0 R":     "/Resources 9 0 R",
		"0000000000 65535 f":   "0000000001 65535 f",
		"%PDF-1.4":             "%PDF-2.0",
		"/Producer":            "/Prod#63r",
		"/Type /Pages":         "/Type /Page ",
		"\nendobj\n2 0 obj":    "\nendobj 2 0 obj",
		"\ntrailer\n":          "\ntrailer ",
		"/BM /Normal":          "/XX /Normal",
		"/Subtype /Type1":      "/Subtype /Type3",
	} {
		if !bytes.Contains(base, []byte(old)) || len(old) != len(new) {
			t.Errorf("the test is wrong about %q", old)
			continue
		}
		if _, err := pades.Sign(t.Context(), bytes.Replace(base, []byte(old), []byte(new), 1), id, small()); err == nil {
			t.Errorf("%q instead of %q is signed", new, old)
		}
	}
}

// TestOtherWritersAreRefused: object streams, and tables of another form.
func TestOtherWritersAreRefused(t *testing.T) {
	id := signtest.SelfSigned(t, signtest.ECDSA(t))
	file := save(t, sign(t, paper{pages: 1, plain: true}.make(t), id, small()))
	for _, args := range [][]string{{"--object-streams=generate"}, {"--object-streams=disable"}, {"--qdf"}, {"--linearize"}} {
		out := filepath.Join(t.TempDir(), "out.pdf")
		run(t, "qpdf", append(args, file, out)...)
		pdf, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, pdf, "", pades.ErrChanged, pades.ErrProfile, pades.ErrNotSigned)
		if _, err := pades.Sign(context.Background(), pdf, id, small()); err == nil {
			t.Errorf("%v: it is signed", args)
		}
	}
}

// old are files that were signed once, without a timestamp and with one. What an earlier version signed must go on to verify.
var old = map[string]string{"B-B": "testdata/signed.pdf", "B-T": "testdata/stamped.pdf"}

var update = flag.Bool("update", false, "make the files in testdata again")

func TestOldFilesVerify(t *testing.T) {
	if *update {
		id := signtest.SelfSigned(t, signtest.ECDSA(t))
		for file, stamp := range map[string]cms.Stamp{old["B-B"]: nil, old["B-T"]: stamper(t)} {
			if err := os.WriteFile(file, tiny(t, id, stamp), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for level, file := range old {
		pdf, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pades.Verify(pdf, pades.Limits{})
		if err != nil || got.Level != level || got.Name != "Voorbeeld B.V." || string(got.Attachments[0].Content) != `{"schema":"waarborg.report/v1"}` {
			t.Errorf("%s: %+v, %v", file, got, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	var seeds [][]byte
	for _, file := range old {
		pdf, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, pdf)
		f.Add(pdf)
	}
	f.Add(paper{pages: 1}.make(f))
	f.Fuzz(func(t *testing.T, in []byte) {
		_, err := pades.Verify(in, pades.Limits{})
		if err == nil && !slices.ContainsFunc(seeds, func(s []byte) bool { return bytes.Equal(s, in) }) {
			t.Error("another file verifies")
		}
		reasons := []error{pades.ErrChanged, pades.ErrNotSigned, pades.ErrProfile, pades.ErrTooLarge}
		if err != nil && !slices.ContainsFunc(reasons, func(r error) bool { return errors.Is(err, r) }) {
			t.Errorf("no reason: %v", err)
		}
	})
}

// FuzzSign: a base that is signed verifies, whatever it is.
func FuzzSign(f *testing.F) {
	id := signtest.SelfSigned(f, signtest.ECDSA(f))
	f.Add(paper{pages: 2}.make(f), "naam")
	f.Fuzz(func(t *testing.T, base []byte, words string) {
		o := small()
		o.Name, o.Field.Lines = words, []string{words}
		pdf, err := pades.Sign(context.Background(), base, id, o)
		if err != nil {
			return
		}
		if _, err := pades.Verify(pdf, pades.Limits{}); err != nil {
			t.Errorf("what was signed is refused: %v", err)
		}
	})
}

// FuzzForgedUpdate changes what a signer adds and then signs it: such a file gets past the signature, to where it is read.
func FuzzForgedUpdate(f *testing.F) {
	id := signtest.SelfSigned(f, signtest.ECDSA(f))
	base := paper{pages: 1, plain: true, files: files()[:1]}.make(f)
	f.Add(uint16(300), uint8(1), []byte("9"))
	f.Add(uint16(0), uint8(0), []byte("1 0 obj\n<</Lang (nl)>>\nendobj\n"))
	f.Fuzz(func(t *testing.T, at uint16, drop uint8, put []byte) {
		same, changed := true, false
		pdf, err := pades.Forge(base, nil, id, options(), func(update []byte) []byte {
			from := min(int(at), len(update))
			to := min(from+int(drop), len(update))
			out := slices.Concat(update[:from], put, update[to:])
			same, changed = bytes.Equal(out, update), true
			if !bytes.Contains(out, []byte(" /ByteRange [0 ")) || !bytes.Contains(out, []byte("] /Contents <")) || !bytes.Contains(out, []byte("0>>>\nendobj")) {
				return update // Forge cannot find its way in it
			}
			return out
		})
		if err != nil || !changed {
			return
		}
		// Other words, a day or a place are fine: what is asked here is that each file is accepted or refused for a reason.
		if _, err := pades.Verify(pdf, pades.Limits{}); err != nil && (same || !errors.Is(err, pades.ErrProfile) && !errors.Is(err, pades.ErrChanged)) {
			t.Errorf("same: %t, %v", same, err)
		}
	})
}
