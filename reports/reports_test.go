package reports_test

import (
	"bytes"
	"encoding/json/jsontext"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/reports"
)

var update = flag.Bool("update", false, "write the golden files anew; read them afterwards")

func sample(lang string) assess.Results {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	row := func(rule string, s assess.Status, sev assess.Severity, res, msg, question string, customers ...string) assess.Result {
		return assess.Result{Rule: rule, Area: "transfers", Status: s, Severity: sev, Clauses: []string{"BC-1", "VWO-8.1"}, Resource: res, Kind: inventory.KindDatastore,
			Title: "Data lie in the EEA", Message: msg, Question: question, Remediation: "Move the data to a region in the EEA.", Customers: customers}
	}
	unread := row("TRF-002", assess.Unknown, assess.Critical, "azure/c", "copies: the account may not read it", "", "a", "b")
	unread.Unknown = []assess.UnknownFact{{Path: "copies", Reason: inventory.Reason{Code: inventory.Permission}}}
	asked := row("TRF-003", assess.Unknown, assess.High, "azure/d", "", "is this open wording meant?", "a")
	asked.Questions = []assess.Finding{{Path: "x", Value: jsontext.Value(`"y"`)}}
	waived := row("TRF-004", assess.Waived, assess.High, "azure/e", "no ground", "", "a", "b")
	waived.Waiver = "w-1"
	met := row("TRF-005", assess.Pass, assess.Low, "azure/f", "", "", "a", "b")
	return assess.Results{Schema: assess.ResultsSchema, At: at, Language: lang, Evidence: assess.Evidence{CollectedAt: at.Add(-time.Hour), SealedBy: "0123456789abcdef"},
		Summary: assess.Summary{Status: assess.Fail, Resources: 6, Rules: 7, NotLooked: []string{"SEC-001"}, Results: assess.Count{Fail: 3, Unknown: 2, Waived: 1, Pass: 1},
			Areas: map[string]assess.Count{"transfers": {Fail: 3, Unknown: 2, Waived: 1, Pass: 1}}},
		Results: []assess.Result{
			row("TRF-001", assess.Fail, assess.Critical, "azure/a", "the data lie in GB", "", "a", "b"),
			row("TRF-001", assess.Fail, assess.Critical, "azure/b", "the data lie in GB", "", "a", "b"),
			row("TRF-001", assess.Fail, assess.Critical, "azure/d", "the data lie in US", "", "b"),
			unread, asked, row("TRF-001", assess.Pass, assess.Critical, "azure/d", "", "", "a"), waived, met},
		Sources: []assess.SourceState{{ID: "azure", Status: "complete"}, {ID: "pg", Status: "failed", Message: "source pg does not answer", Hint: "check that it runs"}},
		Waivers: []assess.WaiverUse{{ID: "w-1", Rule: "TRF-004", State: assess.WaiverUsed}, {ID: "w-2", Rule: "TRF-009", State: assess.WaiverOrphaned},
			{ID: "w-3", Rule: "TRF-001", State: assess.WaiverDeclared, Why: "its owner has not signed"}, {ID: "w-4", Rule: "TRF-001", State: assess.WaiverExpired, Expires: "2026-11-01"}},
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s differs (%v); run with -update and read it:\n%s", file, err, got)
	}
}

func TestTable(t *testing.T) {
	for _, c := range []struct {
		name, lang string
		o          reports.TableOptions
	}{
		{"table_en.txt", "en", reports.TableOptions{Width: 80}}, {"table_nl.txt", "nl", reports.TableOptions{Width: 80}},
		{"table_all.txt", "en", reports.TableOptions{Width: 80, All: true}},
	} {
		var b bytes.Buffer
		if err := reports.Table(&b, "Processor B.V.", sample(c.lang), c.o); err != nil {
			t.Fatal(err)
		}
		golden(t, c.name, b.Bytes())
	}
}

func TestMarkdown(t *testing.T) {
	var b bytes.Buffer
	if err := reports.Markdown(&b, "Processor B.V.", sample("nl")); err != nil {
		t.Fatal(err)
	}
	golden(t, "markdown_nl.md", b.Bytes())
}

func TestTableKeepsItsWidth(t *testing.T) {
	for _, width := range []int{60, 80, 120} {
		var b bytes.Buffer
		if err := reports.Table(&b, "Processor B.V.", sample("en"), reports.TableOptions{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > width+20 {
				t.Errorf("width %d: a line of %d: %s", width, n, line)
			}
		}
	}
}

// hostile are names that an attacker could give a resource, and what must not survive in a form.
var hostile = []string{"\x1b[31mred\x1b[0m", "a\nb", "::error file=x::owned", "##vso[task.complete]", "a|b", "<script>alert(1)</script>",
	"![x](http://e)", "@everyone", "\u202egnp.exe", "\u200bhidden", "`code`", strings.Repeat("x", 10_000), "\xff\xfe"}

func TestHostileNamesAreHarmless(t *testing.T) {
	for _, name := range hostile {
		r := sample("en")
		r.Results[0].Resource, r.Results[0].Message = name, name
		r.Results[3].Resource = name
		var table, md bytes.Buffer
		if err := reports.Table(&table, name, r, reports.TableOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := reports.Markdown(&md, name, r); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"\x1b", "\u202e", "\u200b", "\xff"} {
			if strings.Contains(table.String(), bad) || strings.Contains(md.String(), bad) {
				t.Errorf("%q survives in a form of %q", bad, name)
			}
		}
		for _, bad := range []string{"<script", "![x]", "\n::error", "@everyone", "`code`"} {
			if strings.Contains(md.String(), bad) {
				t.Errorf("Markdown of %q has %q", name, bad)
			}
		}
		if strings.Contains(md.String(), "a|b") {
			t.Error("a bar breaks the Markdown table")
		}
		for line := range strings.Lines(table.String()) {
			if strings.HasPrefix(line, "b") && name == "a\nb" {
				t.Error("a line break in a name makes a line of its own")
			}
		}
	}
}

func TestJSONIsTheSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	if err := reports.JSON(&a, sample("en")); err != nil {
		t.Fatal(err)
	}
	if err := reports.JSON(&b, sample("en")); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) || !strings.HasSuffix(a.String(), "}\n") {
		t.Error("the same results give other bytes")
	}
}

func TestCoverage(t *testing.T) {
	rows := []dpa.CoverageRow{
		{Clause: "BC-1", DutyHolder: "processor", Text: "Microsoft (Azure): storage", State: dpa.CoverageNotMet, Proofs: []dpa.Proof{{Type: "rule", ID: "TRF-001", State: dpa.CoverageNotMet}}},
		{Clause: "VWO-3.1", DutyHolder: "processor", Text: "Breach information", State: dpa.CoverageUnproven, Proofs: []dpa.Proof{{Type: "workflow", ID: "breach", State: dpa.CoverageUnproven, Note: "not in this version"}}},
		{Clause: "VWO-9.1", DutyHolder: "both", Text: "Dutch law", State: dpa.CoverageUnproven, Proofs: []dpa.Proof{}},
		{Clause: "BC-3", DutyHolder: "processor", Text: "Sub-processors are listed", State: dpa.CoverageMet, Proofs: []dpa.Proof{{Type: "document", ID: "subprocessors.yaml", State: dpa.CoverageMet}}},
		{Clause: "BC-4", DutyHolder: "processor", Text: "Data are encrypted", State: dpa.CoverageMet, Proofs: []dpa.Proof{{Type: "rule", ID: "SEC-001", State: dpa.CoverageMet}}},
		{Clause: "BC-5", DutyHolder: "processor", Text: "Suppliers lie in the EEA", State: dpa.CoverageMet, Proofs: []dpa.Proof{{Type: "rule", ID: "TRF-009", State: dpa.CoverageMet}}},
		{Clause: "VWO-1.3", DutyHolder: "controller", Text: "Lawful", State: dpa.CoverageCustomer, Proofs: []dpa.Proof{}},
	}
	results := []assess.Result{{Rule: "SEC-001", Resource: "azure/a", Status: assess.Pass}, {Rule: "TRF-009", Resource: dpa.MapSource + "/supplier.a", Status: assess.Pass}}
	var table, md bytes.Buffer
	if err := reports.CoverageTable(&table, rows, reports.CoverageHead{At: "2026-11-23 12:00 UTC", Notice: otherText("en"), Results: results}, reports.TableOptions{Width: 80}, "en"); err != nil {
		t.Fatal(err)
	}
	golden(t, "coverage_en.txt", table.Bytes())
	if err := reports.CoverageMarkdown(&md, rows, reports.CoverageHead{Notice: otherText("nl"), Results: results}, "nl"); err != nil {
		t.Fatal(err)
	}
	golden(t, "coverage_nl.md", md.Bytes())
}
