package reports_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/reports"
)

func passing(rule, resource string, kind inventory.Kind) assess.Result {
	return assess.Result{Rule: rule, Status: assess.Pass, Resource: resource, Kind: kind}
}

// What is met by the processor's own word alone is told apart from what a system showed.
func TestMetOnTheProcessorsOwnRecord(t *testing.T) {
	r := assess.Results{Results: []assess.Result{
		passing("OWN", "datamap/supplier/a", inventory.KindSupplier), passing("OWN", "datamap/flow/b", inventory.KindFlow),
		passing("ALIAS", "shared/supplier/1", inventory.KindSupplier),
		passing("SYSTEM", "azure/db", inventory.KindDatastore), passing("SHARED", "shared/datastore/1", inventory.KindDatastore),
		passing("BOTH", "datamap/store/x", inventory.KindDatastore), passing("BOTH", "azure/db", inventory.KindDatastore),
		{Rule: "FAILING", Status: assess.Fail, Resource: "datamap/flow/c", Kind: inventory.KindFlow},
	}}
	rule := func(id string) dpa.Proof { return dpa.Proof{Type: "rule", ID: id, State: dpa.CoverageMet} }
	document := dpa.Proof{Type: "document", ID: "subprocessors.yaml", State: dpa.CoverageMet}
	open := dpa.Proof{Type: "workflow", ID: "w", State: dpa.CoverageUnproven}
	const own = "voldaan volgens eigen opgave"
	for _, c := range []struct {
		state  dpa.CoverageState
		proofs []dpa.Proof
		want   string
	}{
		{dpa.CoverageMet, []dpa.Proof{rule("OWN")}, own},
		{dpa.CoverageMet, []dpa.Proof{rule("ALIAS"), document, open}, own},
		{dpa.CoverageMet, []dpa.Proof{document}, own},
		{dpa.CoverageMet, []dpa.Proof{rule("SYSTEM")}, "voldaan"},
		{dpa.CoverageMet, []dpa.Proof{rule("SHARED"), document}, "voldaan"},
		{dpa.CoverageMet, []dpa.Proof{rule("BOTH")}, "voldaan"},
		{dpa.CoverageMet, []dpa.Proof{rule("OWN"), rule("SYSTEM")}, "voldaan"},
		{dpa.CoverageMet, []dpa.Proof{rule("OWN"), {Type: "attestation", ID: "a", State: dpa.CoverageAttested}}, "voldaan"},
		{dpa.CoveragePartly, []dpa.Proof{rule("OWN"), {Type: "rule", ID: "NOBODY", State: dpa.CoverageUnknown}}, own + ", voor zover gezien"},
		{dpa.CoverageNotMet, []dpa.Proof{rule("OWN"), {Type: "rule", ID: "FAILING", State: dpa.CoverageNotMet}}, "niet voldaan"},
		{dpa.CoverageMet, nil, "voldaan"},
	} {
		row := dpa.CoverageRow{Clause: "X-1", State: c.state, Proofs: c.proofs}
		if got := reports.ClausesOf(reports.Document{Language: "nl"}, r).State(row); got != c.want {
			t.Errorf("%s by %v: %s, want %s", c.state, c.proofs, got, c.want)
		}
	}
}

// A customer's document has the clauses of what it does not take in one line, in every form, and lists no such clause.
func TestClausesOfWhatIsNotTaken(t *testing.T) {
	d, r := sampleDocument("nl"), sampleResults("nl")
	d.Customer = &reports.Party{ID: "b", Name: "Klant B"}
	d.Coverage = nil
	clauses, err := dpa.Clauses()
	if err != nil {
		t.Fatal(err)
	}
	g := dpa.Agreement{Applications: []dpa.Application{{ID: "social"}, {ID: "customers"}, {ID: "housing"}, {ID: "portals"}}}
	book := dpa.Book{Agreements: []dpa.Agreement{g}, Customers: []dpa.Customer{{ID: "b", Applications: []string{"social", "portals"}}}}
	if d.Coverage, err = dpa.Coverage(dpa.CoverageInput{Clauses: clauses, Book: book, Language: "nl"}); err != nil {
		t.Fatal(err)
	}
	d.Applications = []string{"social", "portals"}
	r.Results[0].Clauses = []string{"AV-19.6", "BA-5.3.basic", "AV-2.5", "BA-5.1.basic", "VWO-1.2"}
	listed := reports.ClausesOf(d, r)
	if got := listed.List(r.Results[0].Clauses); !slices.Equal(got, []string{"VWO-1.2", "BA-5.1.basic", "AV-2.5", "AV-19.6"}) {
		t.Errorf("clauses stand as %v", got)
	}
	n := dpa.CoverageCount(d.Coverage, "")[dpa.CoverageNotTaken]
	want := "Niet van toepassing op deze klant: 13 bepalingen over toepassingen die hij niet afneemt (customers, housing)."
	if n != 13 || listed.NotTaken() != want {
		t.Errorf("%d: %s", n, listed.NotTaken())
	}
	for form, text := range map[string]string{"HTML": page(t, d, r), "Markdown": strings.ReplaceAll(markdown(t, d, r), `\`, "")} {
		if strings.Count(text, want) != 1 || strings.Contains(text, "BA-5.3.basic") || strings.Contains(text, "BA-1.housing") || !strings.Contains(text, "BA-5.1.basic") {
			t.Errorf("%s does not tell once what does not apply", form)
		}
		if strings.Index(text, "AV-2.5") > strings.Index(text, "AV-19.6") {
			t.Errorf("%s has clauses in another order than the agreement", form)
		}
	}
	raw, err := reports.Canonical(d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reports.ParseDocument(raw); err != nil {
		t.Error(err)
	}
	d.Applications = append(d.Applications, "housing") // which its clauses deny
	if raw, err = reports.Canonical(d); err != nil {
		t.Fatal(err)
	}
	if _, err := reports.ParseDocument(raw); err == nil {
		t.Error("an application is taken, and its clauses do not apply")
	}
}

func TestSpanText(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 5, 0, 0, time.UTC)
	if from, to := reports.SpanText(at, at.Add(time.Hour), "nl"); from != "23 november 2026 09:05 UTC" || to != "23 november 2026 10:05 UTC" {
		t.Errorf("%s, %s", from, to)
	}
	if from, to := reports.SpanText(at, at.AddDate(0, 1, 0), "en"); from != "23 November 2026" || to != "23 December 2026" {
		t.Errorf("%s, %s", from, to)
	}
}
