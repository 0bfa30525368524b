package reports_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/reports"
)

// sampleDocument is a small document with something of everything.
func sampleDocument(lang string) reports.Document {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	digest := strings.Repeat("0123456789abcdef", 4)
	pick := func(en, nl string) string { return assess.Text{EN: en, NL: nl}.In(lang) }
	return reports.Document{Schema: reports.DocumentSchema, Version: "0.3.0", Language: lang,
		Processor:    reports.Party{Name: "Processor B.V.", Register: "12345678", PostalAddress: "Street 1, 1234 AB Town", Country: "NL", Contact: "privacy@processor.example"},
		Agreements:   []reports.Agreement{{Title: "General terms", Version: "2024", InForce: "2024-01-01", Text: dpa.CatalogueText, Contract: "C-17", Start: "2025-03-01"}},
		Applications: []string{"Portal", "Surveys"},
		Coverage: []dpa.CoverageRow{
			{Clause: "VWO-8.1", Part: "verwerkersovereenkomst", Text: pick("Data stay in the EEA", "Gegevens blijven in de EER"), DutyHolder: "processor", Kind: "policy_check", GDPR: []string{"44"},
				State: dpa.CoverageNotMet, Proofs: []dpa.Proof{{Type: "rule", ID: "TRF-001", State: dpa.CoverageNotMet}, {Type: "rule", ID: "SEC-001", State: dpa.CoverageUnknown}}, Gap: "it names no date"},
			{Clause: "VWO-9.1", Part: "verwerkersovereenkomst", Text: pick("Training", "Opleiding"), DutyHolder: "both", Kind: "organisational_evidence", State: dpa.CoverageAttested,
				Proofs: []dpa.Proof{{Type: "attestation", ID: "training", State: dpa.CoverageAttested, Note: "valid"}}},
			{Clause: "BC-1", Part: "bijlage_c", Text: "Sub-processors", DutyHolder: "processor", Kind: "document", State: dpa.CoverageUnproven, Proofs: []dpa.Proof{{Type: "workflow", ID: "breach", State: dpa.CoverageUnproven}}},
			{Clause: "BC-2", Part: "bijlage_c", Text: "Lawful", DutyHolder: "controller", Kind: "document", State: dpa.CoverageCustomer, Proofs: []dpa.Proof{}},
		},
		Attestations: []reports.Attestation{
			{ID: "training", Clauses: []string{"VWO-9.1"}, Statement: "Everyone had training.", Role: "Privacy officer", MadeAt: at, ValidUntil: "2027-01-31", File: "training.pdf", SHA256: digest, State: "valid", Proves: true},
			{ID: "audit", Clauses: []string{"BC-1", "XX-1"}, Statement: "An audit was done.", Role: "Privacy officer", MadeAt: at, ValidUntil: "2026-01-31", File: "audit.pdf", SHA256: digest, State: "expired"},
		},
		Since: &reports.Comparison{At: at.AddDate(0, 0, -7), Changes: assess.Changes{
			New:      []assess.Change{{Rule: "TRF-001", Resource: "azure/a", Title: "Data lie in the EEA", Severity: assess.Critical, Is: assess.Fail, Message: "the data lie in GB"}},
			Mended:   []assess.Change{{Rule: "SEC-009", Resource: "azure/z", Title: "Encrypted", Severity: assess.High, Duty: "customer", Was: assess.Fail, Is: assess.Pass}},
			Accepted: []assess.Change{{Rule: "SEC-010", Resource: "entra/helpdesk", Title: "Passwords are long enough", Severity: assess.High, Was: assess.Fail, Is: assess.Waived, Message: "12 characters"}},
			Gone:     []assess.Change{{Rule: "SEC-099", Resource: "azure/old", Title: "Encrypted", Severity: assess.Low, Was: assess.Unknown}},
			Same:     5, Added: 2, Dropped: 1, OtherRules: true}},
		Trend: []reports.Point{
			{At: at.AddDate(0, 0, -14), Status: assess.Unknown, Count: assess.Count{Unknown: 8, Pass: 2}}, {At: at.AddDate(0, 0, -7), Status: assess.Fail, Count: assess.Count{Fail: 5, Unknown: 4, Pass: 2}},
			{At: at, Status: assess.Fail, Count: assess.Count{Fail: 3, Unknown: 2, Waived: 1, Pass: 1}}},
		Files: map[string]reports.FileHash{"results.json": {SHA256: digest, Size: 4096}, "evidence.json.gz": {SHA256: digest, Size: 512}},
	}
}

// sampleResults are the sample with what a page shows and a table does not.
func sampleResults(lang string) assess.Results {
	r := sample(lang)
	for i := range r.Results {
		x := &r.Results[i]
		x.GDPR, x.Name = []string{"44", "46"}, x.Resource
		x.Source = &assess.SourceRef{File: "plan.json", Line: i}
		if x.Status == assess.Fail {
			x.Findings = []assess.Finding{{Path: "location", Value: []byte(`"` + x.Resource + `"`), Limit: []byte(`["EEA","NL"]`)}}
		}
	}
	r.Results[2].Findings[0].Value = []byte(`{"withheld":3}`)
	grant := r.Results[0]
	grant.Rule, grant.Area, grant.Kind, grant.Resource, grant.Name, grant.Duty = "ACC-017", "access", inventory.KindGrant, "entra/g-1", "role of a group", "customer"
	r.Results = append(r.Results, grant)
	r.Summary.Areas["access"] = assess.Count{Customer: 1}
	r.Evidence.Rules, r.Evidence.Workspace, r.Evidence.Root = "sha256:"+strings.Repeat("a", 64), "sha256:"+strings.Repeat("b", 64), strings.Repeat("c", 64)
	r.Version = "0.3.0"
	return r
}

func page(t testing.TB, d reports.Document, r assess.Results) string {
	t.Helper()
	var b bytes.Buffer
	if err := reports.HTML(&b, d, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var inlined = regexp.MustCompile(`(?s)<(style|script)>.*?</(?:style|script)>`)

// draftDocument is a draft for one customer, of an agreement of another text than the catalogue's.
func draftDocument(lang string) reports.Document {
	d := sampleDocument(lang)
	d.Agreements[0].Text = ""
	d.Customer = &reports.Party{ID: "b", Name: "Customer B"}
	return d
}

func TestHTMLGolden(t *testing.T) {
	hashes := regexp.MustCompile(`sha256-[A-Za-z0-9+/=]+`)
	for name, d := range map[string]reports.Document{"html_nl.html": sampleDocument("nl"), "html_customer_en.html": draftDocument("en")} {
		got := inlined.ReplaceAllString(page(t, d, sampleResults(d.Language)), "<$1>…</$1>")
		golden(t, name, []byte(hashes.ReplaceAllString(got, "sha256-…")))
	}
}

func TestHTMLIsTheSameBytes(t *testing.T) {
	want := page(t, sampleDocument("nl"), sampleResults("nl"))
	for range 20 {
		if page(t, sampleDocument("nl"), sampleResults("nl")) != want {
			t.Fatal("the same report gives other bytes")
		}
	}
}

// A policy whose hash does not fit leaves the page bare, so the hashes are taken from the bytes that a browser sees.
func TestHTMLPolicyFitsThePage(t *testing.T) {
	p := page(t, sampleDocument("en"), sampleResults("en"))
	for _, tag := range []string{"style", "script"} {
		_, rest, _ := strings.Cut(p, "<"+tag+">")
		body, _, ok := strings.Cut(rest, "</"+tag+">")
		if !ok || len(body) < 1000 {
			t.Fatalf("no %s in the page", tag)
		}
		sum := sha256.Sum256([]byte(body))
		if want := tag + "-src &#39;sha256-" + strings.ReplaceAll(base64.StdEncoding.EncodeToString(sum[:]), "+", "&#43;") + "&#39;"; !strings.Contains(p, want) {
			t.Errorf("the policy has no %s", want)
		}
	}
	body := inlined.ReplaceAllString(p, "")
	for _, bad := range []string{" style=", " onclick", " onload", "http://", "https://", "<img", "<link", "<iframe", "javascript:"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

func TestHTMLPromisesNothing(t *testing.T) {
	for _, lang := range []string{"nl", "en"} {
		text := strings.ToLower(page(t, draftDocument(lang), sampleResults(lang)))
		for _, bad := range []string{"compliant", "certified", "gecertificeerd", "conform de avg"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: the page says %q", lang, bad)
			}
		}
	}
}

func TestHTMLDraft(t *testing.T) {
	d := draftDocument("nl")
	if p := page(t, d, sampleResults("nl")); strings.Count(p, "CONCEPT") != 2 {
		t.Error("a report that nobody released does not say that it is a draft")
	}
	d.Release = &reports.Release{Digest: "d", Prepared: &reports.Step{Role: "Privacy officer"}, Released: &reports.Step{Role: "Security officer"}}
	if p := page(t, d, sampleResults("nl")); strings.Contains(p, "CONCEPT") || !strings.Contains(p, "Security officer") {
		t.Error("a released report says that it is a draft, or not who released it")
	}
	if p := page(t, sampleDocument("nl"), sampleResults("nl")); strings.Contains(p, "CONCEPT") {
		t.Error("the whole report, which nobody releases, says that it is a draft")
	}
}

// Every link leads to something on the page, and no two things have one id.
func TestHTMLLinks(t *testing.T) {
	for _, d := range []reports.Document{sampleDocument("en"), {Language: "en"}} {
		p := page(t, d, sampleResults("en"))
		ids := map[string]int{}
		for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(p, -1) {
			ids[m[1]]++
		}
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			if ids[id] > 1 {
				t.Errorf("%d things have the id %s", ids[id], id)
			}
		}
		links := regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(p, -1)
		if len(links) < 11 {
			t.Errorf("the page has %d links", len(links))
		}
		for _, m := range links {
			if ids[m[1]] == 0 {
				t.Errorf("a link leads to %s, which is not there", m[1])
			}
		}
	}
}

func TestHTMLOfAlmostNothing(t *testing.T) {
	for _, r := range []assess.Results{{}, {Summary: assess.Summary{Status: assess.Unknown}}, {Results: []assess.Result{{Rule: "X", Area: "access", Status: assess.Pass}}}} {
		if p := page(t, reports.Document{}, r); !strings.Contains(p, "</html>") {
			t.Error("the page has no end")
		}
	}
}

var hostileHTML = append([]string{`"><img src=x onerror=alert(1)>`, `'"--></script><script>alert(1)</script>`, "javascript:alert(1)", "</style><style>*{display:none}",
	"\u2066isolated", "\u05d0\u05d1\u05d2 right to left", "{{.Doc}}", "a\u0000b", strings.Repeat("\u202e", 5000)}, hostile...)

// hostileReport has one name wherever a report shows something of the outside.
func hostileReport(name string) (reports.Document, assess.Results) {
	d, r := draftDocument("en"), sampleResults("en")
	d.Version, d.Processor.Name, d.Processor.Contact, d.Processor.PostalAddress, d.Customer.Name = name, name, name, name, name
	d.Agreements[0] = reports.Agreement{Title: name, Version: name, InForce: name, Contract: name, Start: name}
	d.Applications = []string{name}
	for i := range d.Coverage {
		c := &d.Coverage[i]
		c.Clause, c.Part, c.Text, c.Gap, c.DutyHolder = name+fmt.Sprint(i), name, name, name, name
		c.Proofs = []dpa.Proof{{Type: name, ID: name, Note: name, State: dpa.CoverageState(name)}}
	}
	d.Attestations[0] = reports.Attestation{ID: name, Clauses: []string{name, name + "0"}, Statement: name, Role: name, ValidUntil: name, File: name, SHA256: name, State: name}
	d.Since.Changes.New[0] = assess.Change{Rule: name, Resource: name, Title: name, Message: name}
	d.Files = map[string]reports.FileHash{name: {SHA256: name}}
	d.Release = &reports.Release{Digest: name, Prepared: &reports.Step{Role: name}}
	for i := range r.Results {
		x := &r.Results[i]
		x.Rule, x.Resource, x.Name, x.Title, x.Message, x.Question, x.Remediation, x.Waiver = name, name, name, name, name, name, name, name
		x.Clauses, x.GDPR, x.Customers, x.Source = []string{name}, []string{name}, []string{name}, &assess.SourceRef{File: name}
		x.Findings = []assess.Finding{{Path: name, Value: []byte(`"x"`)}}
	}
	r.Sources = []assess.SourceState{{ID: name, Status: name, Message: name, Hint: name}}
	r.Waivers = []assess.WaiverUse{{ID: name, Rule: name, Why: name, Owner: name, Reason: name, Expires: name}}
	r.Summary.NotLooked = []string{name}
	r.Evidence = assess.Evidence{Root: name, SealedBy: name, Rules: name, Workspace: name}
	return d, r
}

func TestHTMLOfHostileNames(t *testing.T) {
	for _, name := range hostileHTML {
		d, r := hostileReport(name)
		p := page(t, d, r)
		if strings.Count(p, "<script") != 1 || strings.Count(p, "<style") != 1 || strings.Contains(p, "<img") {
			t.Errorf("%.40q makes an element of its own", name)
		}
		for _, bad := range []string{"\x1b", "\u202e", "\u200b", "\u2066", "\x00", "href=\"javascript", "href='javascript"} {
			if strings.Contains(p, bad) {
				t.Errorf("%q survives in the page of %.40q", bad, name)
			}
		}
	}
}
