package dpa

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"testing"

	"waarborg/policies"
)

func testReference(t *testing.T) Reference {
	t.Helper()
	r, err := ReadReference(policies.FS, map[string]map[string]string{"ours": {"attic": "GB"}, "azure": {"westeurope": "US"}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// recordInput is a workspace in which the law misses nothing: one processor, two customers, one sub-processor in the EEA.
func recordInput(t *testing.T) RecordInput {
	t.Helper()
	b := testBook(t, Term{Path: "log.retention_max_days", Value: 90, Source: Source{Document: "Contract North", Date: "2024-02-01"}})
	b.Agreements[0].Title, b.Agreements[0].Text = Text{EN: "Agreement", NL: "Overeenkomst"}, CatalogueText
	b.Agreements[0].Purposes = []Purpose{{ID: "deliver", EN: "deliver it", NL: "het leveren"}}
	for i := range b.Agreements[0].Applications {
		b.Agreements[0].Applications[i].EN, b.Agreements[0].Applications[i].NL = "An application.", "Een toepassing."
	}
	b.Customers[0].Name, b.Customers[0].Country, b.Customers[0].Contact, b.Customers[0].DPO = "North", "NL", "privacy@north.example", "dpo@north.example"
	b.Customers = append(b.Customers, Customer{ID: "south", Name: "South", Agreement: "std", Applications: []string{"portal"}, Country: "BE",
		Contact: "privacy@south.example", DPO: NoOfficer, Contract: Contract{Document: "Contract South", Start: "2024-06-01"}})
	b.SubProcessors[0].Purpose, b.SubProcessors[0].Agreement = Text{EN: "hosting", NL: "hosting"}, "2023-01-01"
	return RecordInput{Book: b, Day: "2026-11-23", Language: "en", Reference: testReference(t),
		Processor: Party{Name: "We", Country: "NL", Contact: "privacy@we.example", Officer: "dpo@we.example"},
		DataMap:   DataMap{Stores: []Store{{ID: "db", Applications: []string{"crm", "portal"}, Provider: "host", Categories: []string{"name"}}}}}
}

func recordOf(t *testing.T, in RecordInput) ProcessingRecord {
	t.Helper()
	r, err := RecordOf(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func lacking(r ProcessingRecord) (out []string) {
	for _, m := range r.Missing {
		out = append(out, m.Path+" "+m.Why)
	}
	return out
}

func TestCompleteRecord(t *testing.T) {
	in := recordInput(t)
	r := recordOf(t, in)
	if len(r.Missing) > 0 || len(r.Controllers) != 2 || len(r.Processings) != 2 || len(r.SubProcessors) != 1 || len(r.Transfers) != 0 || r.Unplaced != 1 {
		t.Errorf("%+v", r)
	}
	if got := r.Processings[0]; got.What != "An application." || !slices.Equal(got.Categories, []string{"first and last name", "bank account number (IBAN)"}) ||
		!got.Open || !slices.Equal(got.Purposes, []string{"deliver it"}) {
		t.Errorf("processing: %+v", got)
	}
	var values []string
	for _, m := range r.Measures {
		values = append(values, m.Path+" "+m.Value+" "+m.Basis+" "+m.Customer)
	}
	want := []string{"access.countries Belgium (BE), Netherlands (NL) agreement ", "password.min_length 16 characters agreement ",
		"log.retention_max_days 365 days processor ", "log.retention_max_days 90 days customer north", "patch.high_days 30 days processor "}
	if !slices.Equal(values, want) {
		t.Errorf("measures %q\nwant %q", values, want)
	}
	// A customer's own terms are its measures.
	in.Customer, in.Language = "north", "nl"
	r = recordOf(t, in)
	if i := slices.IndexFunc(r.Measures, func(m RecordMeasure) bool { return m.Path == "log.retention_max_days" }); i < 0 ||
		r.Measures[i].Value != "90 dagen" || r.Measures[i].Customer != "" {
		t.Errorf("measures of north: %+v", r.Measures)
	}
	if len(r.Controllers) != 1 || len(r.Processings) != 1 || r.Processings[0].Application != "crm" || len(r.Missing) > 0 {
		t.Errorf("north: %+v", r)
	}
}

// Whatever is taken away is listed, with its article and where to add it.
func TestRecordListsWhatIsMissing(t *testing.T) {
	abroad := &Location{Country: "IN"}
	for _, c := range []struct {
		name string
		take func(in *RecordInput)
		want []string
	}{
		{"contact", func(in *RecordInput) { in.Processor.Contact = "" }, []string{"processor.contact GDPR 30(2)(a)"}},
		{"officer", func(in *RecordInput) { in.Processor.Officer = "" }, []string{"processor.data_protection_officer GDPR 30(2)(a)"}},
		{"processor abroad", func(in *RecordInput) { in.Processor.Country = "US" }, []string{"processor.representative GDPR 30(2)(a)"}},
		{"processor abroad, represented", func(in *RecordInput) {
			in.Processor.Country, in.Processor.Representative = "US", &Representative{Name: "R", Contact: "r@r.example"}
		}, nil},
		{"customer's contact", func(in *RecordInput) { in.Book.Customers[1].Contact = "" }, []string{"controllers.south.contact GDPR 30(2)(a)"}},
		{"customer's officer", func(in *RecordInput) { in.Book.Customers[1].DPO = "" }, []string{"controllers.south.data_protection_officer GDPR 30(2)(a)"}},
		{"customer's country", func(in *RecordInput) { in.Book.Customers[1].Country = "" }, []string{"controllers.south.country GDPR 30(2)(a)"}},
		{"customer abroad", func(in *RecordInput) { in.Book.Customers[1].Country = "CH" }, []string{"controllers.south.representative GDPR 30(2)(a)"}},
		{"customer abroad, none needed", func(in *RecordInput) {
			in.Book.Customers[1].Country, in.Book.Customers[1].Representative = "CH", &Representative{NotNeeded: "a public body"}
		}, nil},
		{"no customer yet", func(in *RecordInput) { in.Day = "2024-01-15" }, []string{"controllers GDPR 30(2)(a)", "measures GDPR 30(2)(d)"}},
		{"no measures", func(in *RecordInput) { in.Book.Agreements[0].Terms, in.Book.Customers[0].Terms = nil, nil }, []string{"measures GDPR 30(2)(d)"}},
		{"measures of a text that is not the catalogue's", func(in *RecordInput) { in.Book.Agreements[0].Text = "" }, []string{"promises.std GDPR 30(2)(d)"}},
		{"sub-processor somewhere outside", func(in *RecordInput) { in.Book.SubProcessors[0].EEA = false }, []string{"sub_processors.host.countries GDPR 30(2)(c)"}},
		{"own store", func(in *RecordInput) { in.DataMap.Stores[0].Provider = Own }, []string{"stores.db GDPR 30(2)(c)"}},
		{"own store, placed", func(in *RecordInput) {
			in.DataMap.Stores[0].Provider, in.DataMap.Stores[0].Location = Own, &Location{Provider: "Azure", Region: "West Europe"}
		}, nil},
		{"own store of nothing personal", func(in *RecordInput) { in.DataMap.Stores[0].Provider, in.DataMap.Stores[0].Categories = Own, nil }, nil},
		{"store abroad", func(in *RecordInput) { in.DataMap.Stores[0].Location = abroad }, []string{"transfers[0] GDPR 30(2)(c)"}},
		{"store in a region that nobody knows", func(in *RecordInput) { in.DataMap.Stores[0].Location = &Location{Provider: "azure", Region: "moon"} },
			[]string{"transfers[0] GDPR 30(2)(c)"}},
		{"flow to nobody knows whom", func(in *RecordInput) {
			in.DataMap.Flows = []Flow{{ID: "f", Application: "crm", Categories: []string{"name"}}}
		}, []string{"flows.f GDPR 30(2)(c)"}},
		{"flow to the controller", func(in *RecordInput) {
			in.DataMap.Flows = []Flow{{ID: "f", Application: "crm", Recipient: "controller", Categories: []string{"name"}}}
		}, nil},
		{"flow abroad", func(in *RecordInput) {
			in.DataMap.Flows = []Flow{{ID: "f", Application: "crm", Recipient: "third-party", Categories: []string{"name"}, Location: abroad}}
		}, []string{"transfers[0] GDPR 30(2)(c)"}},
		{"flow where a decision holds", func(in *RecordInput) {
			in.DataMap.Flows = []Flow{{ID: "f", Application: "crm", Recipient: "third-party", Categories: []string{"name"}, Location: &Location{Provider: "ours", Region: "attic"}}}
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := recordInput(t)
			c.take(&in)
			r := recordOf(t, in)
			if got := lacking(r); !slices.Equal(got, c.want) {
				t.Errorf("missing %q, want %q", got, c.want)
			}
			for _, m := range r.Missing {
				if m.What == "" || !strings.Contains(m.Where, ".yaml") && !strings.Contains(m.Where, "agreements") {
					t.Errorf("%+v", m)
				}
			}
			last := r.Sections()[len(r.Sections())-1]
			if rows := len(r.Missing); rows > 0 && len(last.Tables[0].Rows) != rows || rows == 0 && len(last.Text) != 1 {
				t.Errorf("the last section does not show it: %+v", last)
			}
		})
	}
}

func TestRecordOfNobody(t *testing.T) {
	in := recordInput(t)
	for customer, want := range map[string]string{"west": `no customer "west"`, "north": "nothing is in force on 2024-01-15"} {
		in.Customer, in.Day = customer, "2024-01-15"
		if _, err := RecordOf(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", customer, err)
		}
	}
}

func TestRecordTransfers(t *testing.T) {
	in := recordInput(t)
	in.Book.SubProcessors = append(in.Book.SubProcessors,
		SubProcessor{ID: "mail", Name: "Mail", Countries: []string{"US", "NL"}, AccessCountries: []string{"IN"}, Ground: "scc", GroundUntil: "2027-01-01", TIA: "2025-01-01"},
		SubProcessor{ID: "later", Name: "Later", Countries: []string{"US"}, Effective: "2027-01-01"})
	in.DataMap.Stores = append(in.DataMap.Stores, Store{ID: "mails", Applications: []string{"portal"}, Provider: "mail", Categories: []string{"email"}})
	in.DataMap.Flows = []Flow{{ID: "for-north", Application: "crm", Recipient: "own", Customers: Customers{"north"}, Categories: []string{"name"}, Location: &Location{Country: "GB"}}}
	list := func(r ProcessingRecord) (out []string) {
		for _, x := range r.Transfers {
			out = append(out, fmt.Sprintf("%s %s %s %s %s %s %v %s %s", x.To, x.By, x.Of, x.Country, x.State, x.Ground, x.Customers, x.Until, x.TIA))
		}
		return out
	}
	want := []string{"Mail processing  US ok scc [south] 2027-01-01 2025-01-01", "Mail access  IN ok scc [south] 2027-01-01 2025-01-01",
		"We flow for-north GB ok adequacy [north] 2031-12-27 "}
	if r := recordOf(t, in); !slices.Equal(list(r), want) || len(r.SubProcessors) != 2 {
		t.Errorf("whole: %q", list(r))
	}
	in.Customer = "north"
	if r := recordOf(t, in); !slices.Equal(list(r), []string{"We flow for-north GB ok adequacy [] 2031-12-27 "}) || len(r.SubProcessors) != 1 {
		t.Errorf("north: %q", list(r))
	}
	in.DataMap.Stores[0].Location = &Location{Country: "GB"}
	if r := recordOf(t, in); len(r.Transfers) != 2 || r.Transfers[0].By != ByStore || !slices.Equal(r.Transfers[0].Applications, []string{"crm"}) || r.Transfers[0].Of != "" {
		t.Errorf("a store that serves north and others: %+v", r.Transfers)
	}
	in.DataMap.Stores[0].Location = nil
	in.Customer = "south"
	if r := recordOf(t, in); len(r.Transfers) != 2 || len(r.SubProcessors) != 2 {
		t.Errorf("south: %q", list(r))
	}
}

// Every term of the catalogue is a measure below one heading, or about something else.
func TestEveryTermIsAMeasureOrNot(t *testing.T) {
	catalogue, err := Terms()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range catalogue {
		first, _, _ := strings.Cut(s.Path, ".")
		n := 0
		for _, g := range measureGroups {
			if slices.Contains(g.prefixes, first) {
				n++
			}
		}
		if slices.Contains(notMeasures, first) {
			n++
		}
		if n != 1 {
			t.Errorf("%s stands in %d places", s.Path, n)
		}
		if s.Type != "enum" {
			continue
		}
		for _, v := range s.Values {
			if words := valueWords(v).NL; words == v && strings.Trim(v, "0123456789.") != "" && v != "zone" && v != "open" {
				t.Errorf("%s: the value %s has no Dutch word", s.Path, v)
			}
		}
	}
}

// Both languages say the same things in the same places, and tables are as wide as their heads.
func TestRecordSectionsInBothLanguages(t *testing.T) {
	in := recordInput(t)
	in.Processor.Officer, in.Processor.Country = "", "GI"
	in.Book.Customers[0].Representative = &Representative{Name: "R", Contact: "r@r.example"}
	in.Book.Customers[1].Contract.Ended = "2026-01-01"
	in.DataMap.Stores[0].Location = &Location{Country: "IN"}
	in.DataMap.Flows = []Flow{{ID: "f", Application: "crm", Categories: []string{"name"}, Location: &Location{Provider: "x", Region: "y"}}}
	in.Book.SubProcessors[0].Countries, in.Book.SubProcessors[0].AccessCountries = []string{"NL"}, []string{"GB"}
	for _, customer := range []string{"", "north"} {
		in.Customer, in.Language = customer, "en"
		en := recordOf(t, in).Sections()
		in.Language = "nl"
		nl := recordOf(t, in).Sections()
		if len(en) != 8 || len(nl) != len(en) {
			t.Fatalf("%d and %d sections", len(en), len(nl))
		}
		for i := range en {
			if en[i].Title == nl[i].Title || len(en[i].Text) != len(nl[i].Text) || len(en[i].Tables) != len(nl[i].Tables) {
				t.Errorf("section %q and %q differ in form", en[i].Title, nl[i].Title)
				continue
			}
			for j, table := range en[i].Tables {
				other := nl[i].Tables[j]
				if len(table.Rows) == 0 || len(table.Rows) != len(other.Rows) || len(table.Columns) != len(other.Columns) {
					t.Errorf("%s: table %q and %q differ in form", en[i].Title, table.Title, other.Title)
				}
				for _, rows := range [][][]string{table.Rows, other.Rows} {
					for _, row := range rows {
						if len(row) != max(len(table.Columns), 2) || slices.Contains(row, "") {
							t.Errorf("%s: row %q below %q", en[i].Title, row, table.Columns)
						}
					}
				}
			}
		}
	}
}

// Twenty customers, each with a word that is its own in all that can be named after it: no record has another's.
func TestRecordHoldsNothingOfAnotherCustomer(t *testing.T) {
	in := recordInput(t)
	const n = 20
	word := func(i int) string { return "quv" + string(rune('a'+i)) + "zix" }
	in.Book.Customers = nil
	for i := range n {
		w := word(i)
		in.Book.Customers = append(in.Book.Customers, Customer{ID: w, Name: "Housing " + w, Agreement: "std", Applications: []string{"crm", "portal"}, Country: "NL",
			Contact: Contact("privacy@" + w + ".example"), PostalAddress: "Street of " + w, DPO: Officer("dpo@" + w + ".example"),
			Representative: &Representative{Name: "Rep " + w, Contact: Contact("r@" + w + ".example")}, Contract: Contract{Document: "Contract " + w, Start: "2024-02-01"},
			Instructions: []Instruction{{ID: "i-" + w, Date: "2024-02-01", Document: "Letter " + w, Subject: w}},
			Terms:        []Term{{Path: "log.retention_max_days", Value: 1000 + i, Source: Source{Document: "Addendum " + w, Date: "2024-02-01"}}}})
		in.Book.SubProcessors = append(in.Book.SubProcessors, SubProcessor{ID: "sub-" + w, Name: "Sub " + w, Purpose: Text{EN: w, NL: w}, Countries: []string{"IN"}})
		in.DataMap.Stores = append(in.DataMap.Stores,
			Store{ID: "store-" + w, Applications: []string{"crm"}, Customers: Customers{w}, Provider: "sub-" + w, Categories: []string{"name"}, Location: &Location{Country: "IN"}},
			Store{ID: "shared-" + w, Applications: []string{"crm"}, Provider: Own, Categories: []string{"name"}},
			Store{ID: "own-" + w, Applications: []string{"crm"}, Customers: Customers{w}, Provider: Own, Categories: []string{"name"}})
		in.DataMap.Flows = append(in.DataMap.Flows, Flow{ID: "flow-" + w, Application: "crm", Customers: Customers{w}, Categories: []string{"name"}},
			Flow{ID: "shared-flow-" + w, Application: "crm", Categories: []string{"name"}, Location: &Location{Country: "IN"}})
	}
	all := func(r ProcessingRecord) string {
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw) + fmt.Sprint(r.Title(), r.Sections())
	}
	whole := all(recordOf(t, in))
	for i := range n {
		w := word(i)
		for _, own := range []string{"Housing ", "privacy@", "Street of ", "dpo@", "Rep ", "Contract ", "Addendum ", "Sub ", "store-", "shared-flow-", "own-", "flow-"} {
			if !strings.Contains(whole, own+w) {
				t.Fatalf("the whole does not have %s%s, so that nothing is proved below", own, w)
			}
		}
		in.Customer = w
		for _, lang := range []string{"nl", "en"} {
			in.Language = lang
			text := all(recordOf(t, in))
			for _, own := range []string{"Housing ", "privacy@", "Street of ", "dpo@", "Rep ", "Contract ", "Addendum ", "Sub ", "store-", "own-", "flow-"} {
				if !strings.Contains(text, own+w) {
					t.Errorf("%s: its own %s%s is not there", w, own, w)
				}
			}
			for j := range n {
				if at := strings.Index(text, word(j)); j != i && at >= 0 {
					t.Fatalf("%s: holds %s: …%s…", w, word(j), text[max(0, at-60):min(len(text), at+60)])
				}
				if j != i && strings.Contains(text, fmt.Sprint(1000+j)) {
					t.Fatalf("%s: holds the limit of %s", w, word(j))
				}
			}
		}
	}
}

// Whoever mends a transfer is sent to the file that decides about it.
func TestRecordSaysWhereATransferIsMended(t *testing.T) {
	for _, c := range []struct {
		provider string
		location Location
		want     string
	}{
		{"host", Location{Country: "IN"}, "subprocessors.yaml: host: ground, ground_until, tia"},
		{"host", Location{Provider: "azure", Region: "moon"}, "datamap.yaml: stores.db: location; waarborg.yaml: regions"},
		{Own, Location{Country: "IN"}, "datamap.yaml: stores.db"},
	} {
		in := recordInput(t)
		in.DataMap.Stores[0].Provider, in.DataMap.Stores[0].Location = c.provider, &c.location
		if r := recordOf(t, in); len(r.Missing) != 1 || r.Missing[0].Where != c.want {
			t.Errorf("%+v: %+v", c, r.Missing)
		}
	}
}

// What the register and the data map say of places is not what systems show, and the record says so once, with transfers and
// without.
func TestRecordSaysThatPlacesAreShownBySystems(t *testing.T) {
	for _, c := range []struct {
		store Location
		none  bool
	}{{Location{}, true}, {Location{Country: "NL"}, true}, {Location{Country: "IN"}, false}} {
		in := recordInput(t)
		in.Language = "nl"
		if c.store != (Location{}) {
			in.DataMap.Stores[0].Location = &c.store
		}
		text := fmt.Sprint(recordOf(t, in).Sections()[5])
		if n := strings.Count(text, "blijkt uit de controle van de systemen."); n != 1 {
			t.Errorf("%+v: it says %d times what systems show: %s", c.store, n, text)
		}
		if got := strings.Contains(text, "Geen, volgens het register van subverwerkers en de gegevenskaart."); got != c.none {
			t.Errorf("%+v: that there are no transfers is %t: %s", c.store, got, text)
		}
	}
}
