package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json/v2"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/sign/pades"
	"waarborg/internal/testtool"
	"waarborg/internal/verify"
)

// readers are others' programs that show what a PDF holds: text in two orders, properties, XMP, and all objects unpacked.
type readers struct{ text, info, detach, unpack string }

func pdfReaders(t *testing.T) readers {
	t.Helper()
	return readers{testtool.Path(t, "pdftotext"), testtool.Path(t, "pdfinfo"), testtool.Path(t, "pdfdetach"), testtool.Path(t, "qpdf")}
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, &errs)
	}
	return string(out)
}

func content(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// pages is the text of a PDF as people read it.
func (r readers) pages(t *testing.T, file string) string {
	t.Helper()
	return output(t, r.text, "-layout", file, "-")
}

// all is what there is to read in a PDF, by what it was read with. Attachments are read by a program of others and by ours,
// which must agree; what is packed is unpacked.
func (r readers) all(t *testing.T, file string, attachments int) map[string]string {
	t.Helper()
	out := map[string]string{"bytes": content(t, file), "pdftotext": r.pages(t, file), "pdftotext -raw": output(t, r.text, "-raw", file, "-"),
		"pdfinfo": output(t, r.info, file) + output(t, r.info, "-meta", file) + output(t, r.info, "-struct-text", file),
		"objects": output(t, r.unpack, "--qdf", "--object-streams=disable", "--warning-exit-0", file, "-"),
		"bundle":  content(t, file+verify.BundleSuffix), "pdfdetach": output(t, r.detach, "-list", file)}
	signed, err := pades.Verify([]byte(out["bytes"]), pades.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	dir := t.TempDir()
	output(t, r.detach, "-saveall", "-o", dir, file)
	saved, err := os.ReadDir(dir)
	if err != nil || len(saved) != attachments || len(signed.Attachments) != attachments {
		t.Fatalf("%s: %d attachments, %d by pdfdetach, want %d", file, len(signed.Attachments), len(saved), attachments)
	}
	for _, f := range signed.Attachments {
		if !bytes.Equal(f.Content, []byte(content(t, filepath.Join(dir, f.Name)))) {
			t.Fatalf("%s: pdfdetach reads another %s than verify does", file, f.Name)
		}
		out[f.Name] = f.Name + f.Description + string(unzipped(t, f.Content))
	}
	return out
}

func unzipped(t *testing.T, raw []byte) []byte {
	t.Helper()
	if !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		return raw
	}
	zip, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var blanks = regexp.MustCompile(`\s+`)

// silent wants nothing in a text that is another customer's, or that the processor keeps to itself. Words are sought also
// across breaks of lines and columns. Numbers are sought in text alone: bytes of anything look like some number.
func (w reportWorld) silent(t *testing.T, i int, where, text string) {
	t.Helper()
	joined := blanks.ReplaceAllString(text, "")
	report := func(value string) {
		at := max(strings.Index(text, value), 0)
		t.Errorf("%s, %s: holds %q: …%q…", tag(i), where, value, text[max(0, at-120):min(len(text), at+80)])
	}
	for _, value := range []string{hushedOwner, hushedWaiver, hushedReason} {
		if strings.Contains(joined, value) {
			report(value)
		}
	}
	if !agreedToShared(i) && strings.Contains(joined, sharedWaiver) {
		report(sharedWaiver)
	}
	for j := range w.customers {
		if j == i {
			continue
		}
		for _, value := range []string{tag(j), pair(j)} {
			if strings.Contains(joined, value) && value != pair(i) {
				report(value)
				return
			}
		}
		number := regexp.MustCompile(fmt.Sprintf(`[ :]%d[ ,}\]\n]`, limit(j)))
		if !strings.Contains(where, "bytes") && !strings.Contains(where, "objects") && number.MatchString(text) {
			report(number.FindString(text))
			return
		}
	}
}

// own wants values in a text, so that silence about others proves something.
func own(t *testing.T, i int, where, text string, values ...string) {
	t.Helper()
	joined := blanks.ReplaceAllString(text, "")
	for _, v := range values {
		if !strings.Contains(joined, blanks.ReplaceAllString(v, "")) {
			t.Errorf("%s, %s: does not hold its own %q", tag(i), where, v)
		}
	}
}

// TestNoReportSpeaksOfAnother makes every form of report and record for each customer, and seeks in all of it, and in what
// the program says meanwhile, whatever is another customer's.
func TestNoReportSpeaksOfAnother(t *testing.T) {
	r := pdfReaders(t)
	w := newReportWorld(t, leakCustomers, 2, "")
	whole := w.must(t, exitNotMet, "check", "--snapshot", w.last, "--format", "json")
	for i := range leakCustomers {
		kept := "agreed-" + tag(i)
		if i%2 == 1 {
			kept = hushedWaiver + tag(i)
		}
		for _, value := range []string{"plan/azurerm_storage_account." + tag(i), "from-" + tag(i) + "/late-of-" + tag(i), `"` + kept + `"`, fmt.Sprint(`"limit": `, limit(i)), sharedWaiver} {
			if !strings.Contains(whole, value) {
				t.Fatalf("the whole does not have %s, so that nothing is proved below", value)
			}
		}
	}
	for i := range leakCustomers {
		if underRace && i%14 != 0 {
			continue
		}
		t.Run(tag(i), func(t *testing.T) {
			t.Parallel()
			reader{w, r, i, []string{"nl", "en"}[i/2%2], t.TempDir()}.read(t)
		})
	}
}

// reader is a customer who is given everything.
type reader struct {
	reportWorld
	readers
	i    int
	lang string
	dir  string
}

// do gives what is written to standard output, and seeks others in it and in standard error.
func (c reader) do(t *testing.T, want int, args ...string) string {
	t.Helper()
	code, out, errs := c.shell.run(t.Context(), append(args, "--lang", c.lang)...)
	command := strings.Join(args[:min(3, len(args))], " ")
	if code != want {
		t.Fatalf("%s, %s: exit status %d, want %d\n%s%s", tag(c.i), command, code, want, out[:min(len(out), 2000)], errs)
	}
	c.silent(t, c.i, "standard output of "+command, out)
	c.silent(t, c.i, "standard error of "+command, errs)
	return out
}

func (c reader) read(t *testing.T) {
	me, file := tag(c.i), func(name string) string { return filepath.Join(c.dir, name) }
	mine := []string{"Housing " + me, "Contract " + me, "plan/azurerm_storage_account." + me, "Seen for " + me, "scan " + me + ".pdf", "from-" + me + "/late-of-" + me}
	if c.lang == "nl" {
		mine[3] = "Gezien voor " + me
	}
	mine = append(mine, "about-"+pair(c.i))
	accepted := []string{}
	if c.i%2 == 0 {
		accepted = append(accepted, "agreed-"+me, "Consent "+me)
	}
	if agreedToShared(c.i) {
		accepted = append(accepted, sharedWaiver, "Consent "+me)
	}

	// Of every second customer there is an earlier report to compare with.
	since, compared := []string{}, []string{}
	if c.i%2 == 0 {
		since = []string{"--since", c.earlier(t, c.i, c.lang)}
		compared = []string{`"mended":[{`, `"new":[{`, "users-of-" + me, "late-of-" + me}
	}

	c.do(t, exitMet, append([]string{"report", "--customer", me, "--as", "anna", "-o", file("draft.pdf")}, since...)...)
	c.do(t, exitMet, append([]string{"report", "release", file("draft.pdf"), "--as", "bram", "-o", file("final.pdf")}, since...)...)
	for _, name := range []string{"draft.pdf", "final.pdf"} {
		all := c.all(t, file(name), 3)
		for where, text := range all {
			c.silent(t, c.i, name+", "+where, text)
		}
		own(t, c.i, name+", pages", all["pdftotext"], append(mine, accepted...)...)
		own(t, c.i, name+", results", all[verify.ResultsFile], append(accepted, me, "plan/azurerm_storage_account."+me, fmt.Sprint(`"limit":`, limit(c.i)))...)
		own(t, c.i, name+", document", all[verify.DocumentFile], append(compared, me, "Contract "+me, "only-"+me)...)
		own(t, c.i, name+", evidence", all[verify.EvidenceFile], append(accepted, me, "plan/azurerm_storage_account."+me, "late-of-"+me)...)
		uncounted(t, all[verify.EvidenceFile])
	}
	forms := map[string][]string{"html": append(mine, accepted...), "md": {mine[0], mine[2], mine[5]}, "csv": {mine[2], mine[5]}, "json": append(accepted, mine[2], mine[5])}
	for format, values := range forms {
		text := c.do(t, exitMet, append([]string{"report", "--customer", me, "--format", format}, since...)...)
		if format == "md" {
			text = strings.ReplaceAll(text, `\`, "") // escapes
		}
		own(t, c.i, format, text, values...)
	}
	c.records(t, file)
	if c.i%5 == 0 { // the rest does not differ by customer
		own(t, c.i, "html of the report", c.do(t, exitMet, "report", "--from", file("final.pdf"), "--format", "html"), forms["html"]...)
		own(t, c.i, "verify", c.do(t, exitMet, "verify", "--replay", file("final.pdf"), file("final.pdf"+verify.BundleSuffix)), "Housing "+me)
		c.do(t, exitMet, "verify", "--format", "json", file("final.pdf"))
		c.mistakes(t, file)
	}
}

// records are the customer's record of processing activities in all its forms.
func (c reader) records(t *testing.T, file func(string) string) {
	t.Helper()
	me := tag(c.i)
	values := []string{"Housing " + me, "Contract " + me}
	for _, format := range []string{"table", "md", "json"} {
		own(t, c.i, "record, "+format, c.do(t, exitUnknown, "record", "--customer", me, "--format", format), values...)
	}
	c.do(t, exitUnknown, "record", "--customer", me, "--format", "pdf", "-o", file("record.pdf"))
	all := c.all(t, file("record.pdf"), 1)
	for where, text := range all {
		c.silent(t, c.i, "record.pdf, "+where, text)
	}
	own(t, c.i, "record.pdf, pages", all["pdftotext"], values...)
}

// mistakes are commands that fail: what they say must be as silent.
func (c reader) mistakes(t *testing.T, file func(string) string) {
	t.Helper()
	me := tag(c.i)
	other := tag((c.i + 1) % c.customers)
	c.do(t, exitFailed, "report", "--customer", me, "-o", file("final.pdf"))
	c.do(t, exitFailed, "report", "--customer", me, "--as", "nobody", "-o", file("x.pdf"))
	c.do(t, exitFailed, "report", "--customer", "nobody", "-o", file("x.pdf"))
	c.do(t, exitFailed, "record", "--customer", "nobody")
	c.do(t, exitFailed, "report", "release", file("draft.pdf"), "--as", "anna", "-o", file("x.pdf"))
	c.do(t, exitFailed, "report", "--from", file("final.pdf"), "--format", "pdf")
	// Another customer's results, under a name that says nothing.
	code, out, errs := c.shell.run(t.Context(), "check", "--customer", other, "--snapshot", c.first, "--format", "json")
	if code != exitNotMet {
		t.Fatal(errs)
	}
	if err := os.WriteFile(file("others.json"), []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	c.do(t, exitFailed, "report", "--customer", me, "--since", file("others.json"), "-o", file("x.pdf"))
	raw := []byte(content(t, file("final.pdf")))
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(file("bad.pdf"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	c.do(t, exitNotMet, "verify", file("bad.pdf"))
	if _, err := os.Stat(file("x.pdf")); err == nil {
		t.Errorf("%s: a command that failed wrote its file", me)
	}
}

// uncounted wants the evidence to tell no number of all resources: only of leaves, which are padded to a power of two.
func uncounted(t *testing.T, text string) {
	t.Helper()
	var e struct {
		Header      map[string]any   `json:"header"`
		Resources   []map[string]any `json:"resources"`
		Customers   []map[string]any `json:"customers"`
		Particulars any              `json:"particulars"`
		Waivers     any              `json:"waivers"`
	}
	if err := json.Unmarshal([]byte(text[strings.Index(text, "{"):]), &e); err != nil {
		t.Fatal(err)
	}
	leaves, _ := e.Header["leaves"].(float64)
	if n := int(leaves); n < 64 || n&(n-1) != 0 {
		t.Errorf("%v leaves", leaves)
	}
	if len(e.Resources) < 5 || len(e.Resources) >= int(leaves) || len(e.Customers) != 2 || e.Particulars != nil || e.Waivers != nil {
		t.Errorf("the evidence shows %d resources, terms of %d customers, particulars %v, waivers %v", len(e.Resources), len(e.Customers), e.Particulars, e.Waivers)
	}
	for name, value := range e.Header {
		if _, number := value.(float64); number && name != "leaves" {
			t.Errorf("the header tells a number %s", name)
		}
	}
}

// TestNamesOfReports: a file that nobody named is named after its own customer, and after nothing else.
func TestNamesOfReports(t *testing.T) {
	w := newReportWorld(t, 3, 1, "")
	dir := t.TempDir()
	t.Chdir(dir)
	w.must(t, exitMet, "report", "--customer", tag(1))
	w.must(t, exitUnknown, "record", "--customer", tag(1), "--format", "pdf")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	want := []string{"waarborg-record-2026-11-23-" + tag(1) + ".pdf", "waarborg-report-2026-11-23-" + tag(1) + "-draft.pdf"}
	for _, name := range slices.Clone(want) {
		want = append(want, name+verify.BundleSuffix)
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
