package dpa

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// testBook has one agreement with two applications, and one customer that takes one of them.
func testBook(t *testing.T, own ...Term) Book {
	t.Helper()
	catalogue, err := Terms()
	if err != nil {
		t.Fatal(err)
	}
	src := Source{Document: "Annex B", Clause: "BB-LOG-4"}
	return Book{
		Catalogue: catalogue,
		Agreements: []Agreement{{ID: "std", InForce: "2024-01-01", Purposes: []Purpose{{ID: "deliver"}, {ID: "access"}},
			Applications: []Application{
				{ID: "crm", Categories: []string{"name", "iban"}, Open: true, Subjects: []string{"tenants"}},
				{ID: "portal", Categories: []string{"name"}, Subjects: []string{"tenants"}},
			},
			Terms: []Term{
				{Path: "password.min_length", Value: 16, Source: src},
				{Path: "log.retention_max_days", Value: 365, Basis: BasisProcessor, Source: src},
				{Path: "subprocessors.notice_working_days", Value: 20, Source: src},
				{Path: "patch.high_days", Value: 30, Source: Source{Document: "New policy", Date: "2025-06-01"}, Basis: BasisProcessor},
				{Path: "access.countries", Value: []any{"NL", "BE"}, Source: src},
			}}},
		Customers: []Customer{{ID: "north", Agreement: "std", Applications: []string{"crm"},
			Contract:     Contract{Document: "C", Start: "2024-02-01", End: "2027-01-31"},
			Instructions: []Instruction{{ID: "n-1", Date: "2024-02-01"}, {ID: "n-2", Date: "2026-01-01"}}, Terms: own}},
		SubProcessors: []SubProcessor{{ID: "host", Name: "Host", Categories: []string{"phone", "name"}, EEA: true, Announced: "2024-01-01"}},
	}
}

func TestTermsInForceTree(t *testing.T) {
	b := testBook(t,
		Term{Path: "log.retention_max_days", Value: 90, Source: Source{Document: "C", Date: "2024-02-01"}},
		Term{Path: "log.retention_max_days", Value: 60, Source: Source{Document: "C2", Date: "2025-01-01"}},
		Term{Path: "retention.crm.tenant_file.days", Value: 730, Instruction: "n-1", Source: Source{Document: "I1", Date: "2024-02-01"}})
	in, err := b.TermsInForce("north", "2024-06-01")
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(in.Tree, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/tree.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(got)+"\n" != string(want) {
		t.Errorf("tree:\n%s\nwant\n%s", got, want)
	}
}

func TestTermsInForceByDay(t *testing.T) {
	b := testBook(t,
		Term{Path: "log.retention_max_days", Value: 90, Source: Source{Document: "C", Date: "2024-03-01"}},
		Term{Path: "log.retention_max_days", Value: 60, Source: Source{Document: "C2", Date: "2025-01-01"}})
	tests := []struct {
		day        Date
		logs       int
		basis      string
		patch      bool
		wantsError string
	}{
		{"2023-12-31", 0, "", false, "nothing is in force on 2023-12-31"},
		{"2024-01-31", 0, "", false, "start on 2024-02-01"},
		{"2024-02-01", 365, BasisProcessor, false, ""},
		{"2024-03-01", 90, BasisCustomer, false, ""},
		{"2025-01-01", 60, BasisCustomer, false, ""},
		{"2025-06-01", 60, BasisCustomer, true, ""},
		{"2030-01-01", 60, BasisCustomer, true, ""}, // after the contract: duties go on
	}
	for _, tt := range tests {
		in, err := b.TermsInForce("north", tt.day)
		if tt.wantsError != "" {
			if err == nil || !strings.Contains(err.Error(), tt.wantsError) {
				t.Errorf("%s: %v, want %s", tt.day, err, tt.wantsError)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		_, patch := in.Tree["patch"]
		if patch != tt.patch || in.Tree["log"].(map[string]any)["retention_max_days"] != tt.logs {
			t.Errorf("%s: %v", tt.day, in.Tree)
		}
		for _, term := range in.Terms {
			if term.Source.Date == "" || term.Basis == "" || term.Path == "log.retention_max_days" && term.Basis != tt.basis {
				t.Errorf("%s: %+v", tt.day, term)
			}
		}
		if _, there := in.Tree["retention"]; there {
			t.Errorf("%s: nobody agreed a retention term, and there is one", tt.day)
		}
	}
	if _, err := b.TermsInForce("nobody", "2025-01-01"); err == nil {
		t.Error("terms of a customer that does not exist")
	}
}

// A standard retention term of an application that the customer does not take is not in its tree.
func TestRetentionOfOtherApplications(t *testing.T) {
	b := testBook(t)
	b.Agreements[0].Terms = append(b.Agreements[0].Terms,
		Term{Path: "retention.portal.account.days", Value: 10, Source: Source{Document: "A"}},
		Term{Path: "retention.crm.file.days", Value: 10, Source: Source{Document: "A"}})
	in, err := b.TermsInForce("north", "2025-01-01")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(in.Tree["retention"]); got != "map[crm:map[file:map[days:10]]]" {
		t.Error(got)
	}
}

// Whatever a customer's own terms are: if they have no issue, nothing in force is weaker than the standard without a
// signed amendment.
func TestNothingWeakensSilently(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	found, refused := 0, 0
	b := testBook(t)
	for range 2000 {
		var own []Term
		for range 1 + r.IntN(3) {
			term := Term{Path: "log.retention_max_days", Value: 300 + r.IntN(130),
				Source: Source{Document: "C", Date: Date(fmt.Sprintf("2024-%02d-01", 3+r.IntN(9)))}}
			if r.IntN(3) == 0 {
				term.Amendment = &Amendment{Document: "A", Signed: Date(fmt.Sprintf("2024-%02d-01", 1+r.IntN(12))), SHA256: "x"}
			}
			own = append(own, term)
		}
		b.Customers[0].Terms = own
		if len(b.Customers[0].Issues(b.Agreements[0], b.Catalogue)) > 0 {
			refused++
			continue
		}
		in, err := b.TermsInForce("north", "2025-01-01")
		if err != nil {
			t.Fatal(err)
		}
		for _, term := range in.Terms {
			if term.Path != "log.retention_max_days" || term.Value.(int) <= 365 {
				continue
			}
			found++
			amended := false
			for _, o := range own {
				amended = amended || o.Amendment != nil && o.Amendment.Signed <= o.Source.Date && o.Value.(int) >= term.Value.(int)
			}
			if !amended {
				t.Fatalf("%v is in force and no amendment allows it: %+v", term.Value, own)
			}
		}
	}
	if found < 20 || refused < 20 {
		t.Errorf("the test saw %d weaker terms in force and %d refusals: too few to say anything", found, refused)
	}
}

// How long data are kept is the controller's to instruct, also for longer than before.
func TestRetentionByInstructionIsNoWeakening(t *testing.T) {
	first := Term{Path: "retention.crm.file.days", Value: 30, Source: Source{Document: "I1", Date: "2024-02-01"}}
	later := Term{Path: "retention.crm.file.days", Value: 60, Source: Source{Document: "I2", Date: "2025-02-01"}}
	b := testBook(t, first, later)
	if issues := b.Customers[0].Issues(b.Agreements[0], b.Catalogue); len(issues) != 1 || issues[0].Path != "terms[1].value" {
		t.Errorf("longer without an instruction: %+v", issues)
	}
	later.Instruction = "n-2"
	b = testBook(t, first, later)
	if issues := b.Customers[0].Issues(b.Agreements[0], b.Catalogue); len(issues) != 0 {
		t.Errorf("longer by instruction: %+v", issues)
	}
}

// Only a row of the table is about one sub-processor: a source that is another clause must not take that clause from others.
func TestRowOfASubProcessor(t *testing.T) {
	for clause, want := range map[string]any{"BC-1": "BC-1", "BC-12": "BC-12", "BC-0": nil, "BC-": nil, "BC-x": nil, "VWO-7.1": nil, "": nil} {
		s := SubProcessor{Source: Source{Clause: clause}}
		if got := s.facts()["clause"]; got != want {
			t.Errorf("%q: %v, want %v", clause, got, want)
		}
	}
}
