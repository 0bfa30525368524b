package reports_test

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"waarborg/dpa"
	"waarborg/policies"
	"waarborg/reports"
)

// recordInput is a processor with two customers, transfers of every kind, and things that are missing.
func recordInput(t *testing.T, lang string) dpa.RecordInput {
	t.Helper()
	reference, err := dpa.ReadReference(policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := dpa.Terms()
	if err != nil {
		t.Fatal(err)
	}
	annexA, annexB := dpa.Source{Document: "Annex A", Clause: "BA-5.2.basic"}, dpa.Source{Document: "Annex B", Clause: "BB-LOG-4"}
	india := &dpa.Location{Country: "IN"}
	return dpa.RecordInput{Language: lang, Day: "2026-11-23", Reference: reference,
		Processor: dpa.Party{Name: "Small Processor", Register: "12345678", PostalAddress: "Street 1, Groningen", Country: "NL", Contact: "privacy@small.example", Officer: "dpo@small.example"},
		Book: dpa.Book{Catalogue: catalogue,
			Agreements: []dpa.Agreement{{ID: "standard", Title: dpa.Text{EN: "Agreement 2024", NL: "Overeenkomst 2024"}, InForce: "2024-01-01", Text: dpa.CatalogueText,
				Applications: []dpa.Application{
					{ID: "crm", EN: "A record of all contact.", NL: "Een volgsysteem van al het contact.", Subjects: []string{"tenants", "employees"}, Categories: []string{"name", "iban"}, Open: true, Source: annexA},
					{ID: "portal", EN: "A portal.", NL: "Een portaal.", Subjects: []string{"tenants"}, Categories: []string{"email"}, Source: annexA}},
				Purposes: []dpa.Purpose{{ID: "deliver", EN: "deliver the services", NL: "de diensten leveren", Source: annexA}},
				Terms: []dpa.Term{{Path: "password.min_length", Value: 16, Source: annexB}, {Path: "mfa.required", Value: true, Source: annexB},
					{Path: "availability.uptime_basis_points", Value: 9950, Basis: dpa.BasisProcessor, Source: annexB},
					{Path: "four_eyes.approvals", Value: 1, Source: annexB}, {Path: "endpoint.removable_media", Value: "blocked", Source: annexB}}}},
			Customers: []dpa.Customer{
				{ID: "north", Name: "Northern Homes", Agreement: "standard", Applications: []string{"crm", "portal"}, PostalAddress: "Street 2, Assen", Country: "NL", Contact: "privacy@north.example",
					DPO: "dpo@north.example", Contract: dpa.Contract{Document: "Contract N", Start: "2024-02-01"},
					Terms: []dpa.Term{{Path: "password.min_length", Value: 20, Source: dpa.Source{Document: "Addendum N", Date: "2025-01-01"}}}},
				{ID: "south", Name: "Southern Homes", Agreement: "standard", Applications: []string{"portal"}, Country: "CH", DPO: dpa.NoOfficer,
					Contract: dpa.Contract{Document: "Contract S", Start: "2024-03-01", Ended: "2026-10-31"}}},
			SubProcessors: []dpa.SubProcessor{
				{ID: "host", Name: "Host", Purpose: dpa.Text{EN: "hosting", NL: "hosting"}, Categories: []string{"name", "email"}, EEA: true, Countries: []string{"NL", "IE"}, Agreement: "2023-11-01"},
				{ID: "desk", Name: "Desk", Purpose: dpa.Text{EN: "support", NL: "ondersteuning"}, Categories: []string{"name"}, Countries: []string{"GB"}, AccessCountries: []string{"US", "PH"},
					Ground: "scc", GroundUntil: "2028-01-01", TIA: "2025-05-01"}}},
		DataMap: dpa.DataMap{
			Stores: []dpa.Store{{ID: "main", Applications: []string{"crm", "portal"}, Provider: "host", Categories: []string{"name"}},
				{ID: "archive", Applications: []string{"portal"}, Provider: dpa.Own, Categories: []string{"email"}, Location: india}},
			Flows: []dpa.Flow{{ID: "messages", Application: "crm", Categories: []string{"name"}}}}}
}

func record(t *testing.T, in dpa.RecordInput) dpa.ProcessingRecord {
	t.Helper()
	r, err := dpa.RecordOf(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRecordForms(t *testing.T) {
	for _, c := range []struct{ file, lang, customer string }{{"record_en", "en", ""}, {"record_nl", "nl", ""}, {"record_north_nl", "nl", "north"}} {
		in := recordInput(t, c.lang)
		in.Customer = c.customer
		r := record(t, in)
		var text, md bytes.Buffer
		if err := reports.RecordTable(&text, r, reports.TableOptions{Width: 100}); err != nil {
			t.Fatal(err)
		}
		golden(t, c.file+".txt", text.Bytes())
		if err := reports.RecordMarkdown(&md, r); err != nil {
			t.Fatal(err)
		}
		if c.lang == "nl" {
			golden(t, c.file+".md", md.Bytes())
		}
		for line := range strings.Lines(text.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 100 {
				t.Errorf("%s: %d columns: %s", c.file, n, line)
			}
		}
	}
}

// Names of the outside stay names: no escape sequence, no Markdown, in any width.
func TestRecordOfHostileNames(t *testing.T) {
	in := recordInput(t, "en")
	evil := "\x1b[31m<img src=x>|`a` [b](http://c) \u202e@d " + strings.Repeat("w", 200)
	in.Processor.Name, in.Book.Customers[0].Name, in.Book.SubProcessors[0].Name = evil, evil, evil
	in.Book.Agreements[0].Title.EN = evil
	r := record(t, in)
	for _, width := range []int{0, 1, 40, 400} {
		var text bytes.Buffer
		if err := reports.RecordTable(&text, r, reports.TableOptions{Width: width}); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(text.String(), "\x1b\u202e") || strings.Count(text.String(), "w") < 800 {
			t.Errorf("width %d: %q", width, text.String())
		}
	}
	var md bytes.Buffer
	if err := reports.RecordMarkdown(&md, r); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"\x1b", "\u202e", "<img", "[b]", "`a`", "@d"} {
		if strings.Contains(md.String(), bad) {
			t.Errorf("Markdown holds %q", bad)
		}
	}
	heads := 0
	for line := range strings.Lines(md.String()) {
		if !strings.HasPrefix(line, "|") {
			heads = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if heads != 0 && n != heads {
			t.Errorf("a row of %d cells below a head of %d: %s", n-1, heads-1, line)
		}
		heads = n
	}
}

// The schema takes every record, and nothing else.
func TestRecordSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("schema/record-v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	validate := func(raw []byte) error {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(doc)
	}
	empty := recordInput(t, "nl")
	empty.Day = "2020-01-01"
	north := recordInput(t, "nl")
	north.Customer = "north"
	north.DataMap.Flows = append(north.DataMap.Flows, dpa.Flow{ID: "odd", Application: "crm", Categories: []string{"name"}, Location: &dpa.Location{Provider: "x", Region: "y"}})
	north.Book.Customers[0].Representative = &dpa.Representative{NotNeeded: "established here"}
	own := recordInput(t, "en")
	other := own.Book.Agreements[0]
	other.ID, other.Text = "other", ""
	other.Measures = []dpa.Measure{{ID: "training", EN: "Staff are trained.", NL: "Medewerkers krijgen training.", Source: dpa.Source{Document: "Annex 2", Clause: "4.1"}}}
	own.Book.Agreements, own.Book.Customers[1].Agreement = append(own.Book.Agreements, other), "other"
	if r := record(t, own); r.Promises[len(r.Promises)-1] != (dpa.RecordPromise{ID: "training", What: "Staff are trained.", Source: "Annex 2 4.1, 2024-01-01", Agreement: "Agreement 2024"}) {
		t.Errorf("the last measure is %+v", r.Promises[len(r.Promises)-1])
	}
	for _, in := range []dpa.RecordInput{recordInput(t, "en"), recordInput(t, "nl"), empty, north, own} {
		var b bytes.Buffer
		if err := reports.JSON(&b, record(t, in)); err != nil {
			t.Fatal(err)
		}
		if err := validate(b.Bytes()); err != nil {
			t.Errorf("%s: %v", in.Day, err)
		}
		var again dpa.ProcessingRecord
		if err := json.Unmarshal(b.Bytes(), &again, json.RejectUnknownMembers(true)); err != nil {
			t.Errorf("it cannot be read back: %v", err)
		}
	}
	var b bytes.Buffer
	if err := reports.JSON(&b, record(t, recordInput(t, "en"))); err != nil {
		t.Fatal(err)
	}
	good := b.String()
	for old, wrong := range map[string]string{
		`"schema": "waarborg.record/v1"`: `"schema": "waarborg.record/v2"`, `"language": "en"`: `"language": "de"`, `"day": "2026-11-23"`: `"day": "today"`,
		`"state": "ok"`: `"state": "fine"`, `"unplaced": 1`: `"unplaced": -1`, `"country": "GB"`: `"country": "gb"`,
		`"name": "Small Processor"`: `"name": "Small Processor", "person": "x"`, `"contract": "Contract N"`: `"contract": ""`,
		`"id": "north"`: `"nr": "north"`, `"why": "GDPR 30(2)(c)"`: `"why": "because"`, `"by": "access"`: `"by": "rumour"`,
		`"source": "Annex B BB-`: `"from": "Annex B BB-`,
	} {
		if !strings.Contains(good, old) {
			t.Fatalf("there is no %s to spoil", old)
		}
		spoilt := strings.Replace(good, old, wrong, 1)
		if !jsontext.Value(spoilt).IsValid() {
			t.Fatalf("%s is no JSON", wrong)
		}
		if err := validate([]byte(spoilt)); err == nil {
			t.Errorf("%s is accepted", wrong)
		}
	}
	if raw, err := os.ReadFile("schema/record-v1.schema.json"); err != nil || !strings.Contains(string(raw), dpa.RecordSchema) {
		t.Errorf("the schema is of another version: %v", err)
	}
}
