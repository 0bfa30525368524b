package pdf_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"waarborg/dpa"
	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/signtest"
	"waarborg/reports/pdf"
)

// processing is a record with something of everything: of all controllers, or of one alone.
func processing(lang string, one bool) dpa.ProcessingRecord {
	party := func(id, name, country string) dpa.Party {
		return dpa.Party{ID: id, Name: name, Register: "12345678", PostalAddress: "Street 1, 1234 AB Town", Country: country, Contact: "privacy@" + id + ".example", Officer: dpa.Officer("dpo@" + id + ".example")}
	}
	terms := tr(lang, "Agreement 2024", "Overeenkomst 2024")
	r := dpa.ProcessingRecord{Schema: dpa.RecordSchema, Version: "0.4.0", Language: lang, Day: "2026-11-23", Processor: party("verwerker", "Verwerker B.V.", "NL"),
		Controllers: []dpa.RecordController{
			{Party: party("linde", "Stichting De Linde", "NL"), Agreement: terms, Contract: "C-2024-17", Start: "2024-06-01", Applications: []string{"crm", "portal"}},
			{Party: dpa.Party{ID: "noord", Name: "Noord", Country: "CH", Officer: dpa.NoOfficer}, Agreement: terms, Contract: "C-2024-18", Start: "2024-06-01", Ended: "2026-10-31", Applications: []string{"crm"}}},
		SubProcessors: []dpa.RecordProcessor{
			{ID: "host", Name: "Host Holding B.V.", Purpose: "hosting", Categories: []string{tr(lang, "name", "naam"), "e-mail"}, EEA: true, Countries: []string{"NL", "IE"}, Contract: "2023-11-01"},
			{ID: "desk", Name: "Desk", Purpose: tr(lang, "support by telephone", "ondersteuning per telefoon"), Categories: []string{tr(lang, "name", "naam")}, Countries: []string{"GB"}, AccessCountries: []string{"US"}}},
		Transfers: []dpa.RecordTransfer{
			{To: "Desk", By: dpa.ByProcessing, Country: "GB", Place: "GB", State: dpa.GroundOK, Ground: "adequacy", Decision: "2021/1772", Until: "2031-12-27"},
			{To: "Desk", By: dpa.ByStore, Of: "archive", State: dpa.GroundUnknown, Applications: []string{"crm"}, Customers: []string{"linde"}}},
		Unplaced: 3,
	}
	for _, id := range []string{"crm", "portal"} {
		r.Processings = append(r.Processings, dpa.RecordProcessing{Agreement: terms, Application: id, What: tr(lang, "All contact with tenants.", "Al het contact met huurders."),
			Subjects: []string{tr(lang, "tenants", "huurders")}, Categories: []string{tr(lang, "name", "naam"), "IBAN"}, Open: id == "crm", Purposes: []string{tr(lang, "deliver the services", "de diensten leveren")}})
	}
	group, access := tr(lang, "Backups", "Back-ups"), tr(lang, "Access", "Toegang")
	for i := range 12 {
		m := dpa.RecordMeasure{Group: access, Path: fmt.Sprintf("a.%d", i), What: tr(lang, "Longest time between two reviews of a right", "Langste tijd tussen twee controles van een recht"),
			Value: fmt.Sprintf(tr(lang, "%d days", "%d dagen"), 30*i+180), Basis: dpa.BasisProcessor, Source: tr(lang, "Annex B BB-DAT-1, 2024-01-01", "Bijlage B BB-DAT-1, 2024-01-01")}
		if i > 8 {
			m.Group = group
		}
		r.Measures = append(r.Measures, m)
	}
	r.Promises = []dpa.RecordPromise{
		{ID: "BB-FYS-1", What: tr(lang, "Only those who may can enter the rooms.", "Alleen wie bevoegd is, kan de ruimten in."), Source: tr(lang, "Annex B BB-FYS-1, 2024-01-01", "Bijlage B BB-FYS-1, 2024-01-01")},
		{ID: "training", What: tr(lang, "Staff are trained.", "Medewerkers krijgen training."), Source: tr(lang, "Annex 2 4.1, 2025-07-01", "Bijlage 2 4.1, 2025-07-01")}}
	if one {
		r.Customer, r.Controllers = "linde", r.Controllers[:1]
		return r
	}
	other := r.Measures[0]
	other.Customer, other.Value = "noord", tr(lang, "30 days", "30 dagen")
	r.Measures = append(r.Measures, other)
	for _, key := range []string{"postal_address", "representative"} {
		r.Missing = append(r.Missing, dpa.MissingEntry{Path: "controllers.noord." + key, Why: tr(lang, "GDPR 30(2)(a)", "AVG 30(2)(a)"), Where: "agreements/customers.yaml: noord." + key,
			What: tr(lang, "of Noord: ", "van Noord: ") + key})
	}
	return r
}

// drawn draws a record with its data inside.
func drawn(t *testing.T, r dpa.ProcessingRecord) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Record(&b, r, []pdf.Attachment{{Name: "record.json", Description: "record", Content: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTextOfARecord(t *testing.T) {
	for _, lang := range []string{"nl", "en"} {
		for _, one := range []bool{false, true} {
			raw := drawn(t, processing(lang, one))
			got := text(t, raw)
			golden(t, fmt.Sprintf("record_%s%s.txt", map[bool]string{true: "one_"}[one], lang), got)
			for _, bad := range []string{"\uFFFD", "compliant", "certified", "gecertificeerd", "%!"} {
				if strings.Contains(got, bad) {
					t.Errorf("%s: the record has %q", lang, bad)
				}
			}
			if one && strings.Contains(strings.ToLower(got+tool(t, raw, "pdfinfo", "FILE")), "noord") {
				t.Errorf("%s: the record of one controller names another", lang)
			}
			inPlace(t, raw)
		}
	}
}

// The measures are what was promised; a reader must not take them for what was found.
func TestARecordDoesNotShowThatMeasuresAreMet(t *testing.T) {
	for lang, want := range map[string]string{"nl": "ZOALS AFGESPROKEN; DIT REGISTER TOONT NIET OF ZE WORDEN NAGEKOMEN", "en": "AS AGREED; THIS RECORD DOES NOT SHOW WHETHER THEY ARE MET"} {
		if got := flat(t, drawn(t, processing(lang, true))); !strings.Contains(got, want) {
			t.Errorf("the record lacks %q:\n%s", want, got)
		}
	}
}

func TestARecordSaysWhetherItIsComplete(t *testing.T) {
	whole, one := flat(t, drawn(t, processing("nl", false))), flat(t, drawn(t, processing("nl", true)))
	if !strings.Contains(whole, "Niet volledig: wat ontbreekt, staat aan het eind.") || !strings.Contains(whole, "van Noord: postal_address") {
		t.Error("the cover or the end does not say that something is missing")
	}
	if !strings.Contains(one, "Alle verplichte velden zijn ingevuld.") {
		t.Error("the cover does not say that nothing is missing")
	}
}

// A table that fits on a page stands on one, wherever it begins.
func TestTablesOfARecordStayTogether(t *testing.T) {
	for n := range 8 {
		r := processing("en", false)
		r.Processor.PostalAddress = strings.Repeat("Street ", 15*n) // pushes down what follows
		r.Controllers = append(r.Controllers, r.Controllers...)
		raw := drawn(t, r)
		for page := range pages(t, raw) {
			p := fmt.Sprint(page + 1)
			got := tool(t, raw, "pdftotext", "-layout", "-f", p, "-l", p, "FILE", "-")
			names, contracts := strings.Count(got, "\nname "), strings.Count(got, "\ncontract ")
			if strings.Contains(got, "The processor (30(2)(a))\n") {
				names-- // which has no contract
			}
			if names != contracts {
				t.Errorf("%d lines above: page %s has %d names and %d contracts, so a table is cut", n, p, names, contracts)
			}
		}
	}
}

func TestARecordGivesTheSameBytes(t *testing.T) {
	first := drawn(t, processing("nl", false))
	for range 10 {
		if !bytes.Equal(first, drawn(t, processing("nl", false))) {
			t.Fatal("the same record gives other bytes")
		}
	}
	other := processing("nl", false)
	other.Controllers[0].Contract += "x"
	if bytes.Equal(first, drawn(t, other)) {
		t.Error("another contract gives the same pages")
	}
}

func TestARecordOfAlmostNothing(t *testing.T) {
	for _, lang := range []string{"nl", "en"} {
		raw := drawn(t, dpa.ProcessingRecord{Language: lang, Day: "2026-11-23"})
		tool(t, raw, "qpdf", "--check", "FILE")
		inPlace(t, raw)
	}
}

func TestARecordOfHostileNames(t *testing.T) {
	for what, s := range hostile {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := spoiledRecord(s)
			raw := drawn(t, r)
			if out := tool(t, raw, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") {
				t.Errorf("qpdf finds fault:\n%s", out)
			}
			got := text(t, raw)
			for _, bad := range []string{"\x1b", "\u202e", "\u2066", "\u200b", "\u00ad", "\ufeff", "\u2060", "漢"} {
				if strings.Contains(got, bad) {
					t.Errorf("%q survives", bad)
				}
			}
			if what != "spaces" { // a word of spaces has a box of its own
				inPlace(t, raw)
			}
		})
	}
}

// spoiledRecord puts a text wherever a record shows one from outside.
func spoiledRecord(s string) dpa.ProcessingRecord {
	r := processing("nl", false)
	r.Version = s
	party := func(p *dpa.Party) { p.Name, p.Register, p.PostalAddress, p.Country, p.Contact = s, s, s, s, s }
	party(&r.Processor)
	for i := range r.Controllers {
		c := &r.Controllers[i]
		party(&c.Party)
		c.Agreement, c.Contract, c.Applications = s, s, []string{s, s}
		c.Representative = &dpa.Representative{Name: s, PostalAddress: s}
	}
	for i := range r.Processings {
		p := &r.Processings[i]
		p.Agreement, p.Application, p.What, p.Subjects, p.Categories, p.Purposes = s, s, s, []string{s}, []string{s, s}, []string{s}
	}
	for i := range r.SubProcessors {
		p := &r.SubProcessors[i]
		p.Name, p.Purpose, p.Categories, p.Countries, p.AccessCountries = s, s, []string{s}, []string{s}, []string{s}
	}
	for i := range r.Transfers {
		x := &r.Transfers[i]
		x.To, x.Of, x.Place, x.Decision, x.TIA, x.Applications, x.Customers = s, s, s, s, dpa.Date(s), []string{s}, []string{s}
	}
	for i := range r.Measures {
		m := &r.Measures[i]
		if i > 5 {
			m.Group = s
		}
		m.What, m.Value, m.Source = s, s, s
	}
	r.Measures[0].Customer = s
	for i := range r.Promises {
		r.Promises[i] = dpa.RecordPromise{ID: s, What: s, Source: s, Agreement: s}
	}
	r.Missing[0].What, r.Missing[0].Why, r.Missing[0].Where = s, s, s
	return r
}

func TestARecordCanBeSigned(t *testing.T) {
	id, box := signtest.SelfSigned(t, signtest.ECDSA(t)), pdf.SignatureBox()
	long := processing("en", false)
	for range 200 {
		long.Controllers = append(long.Controllers, long.Controllers[0])
	}
	for name, r := range map[string]dpa.ProcessingRecord{"whole": processing("nl", false), "one": processing("en", true), "long": long, "hostile": spoiledRecord(hostile["operators of PDF"])} {
		raw := drawn(t, r)
		signed, err := pades.Sign(t.Context(), raw, id, pades.Options{At: signtest.Now(), Name: "Privacy officer", Language: "nl-NL", Attachments: map[string]string{"record.json": "Data"},
			Field: pades.Field{Lines: []string{"Privacy officer"}, X: box.X, Y: box.Y, W: box.Width, H: box.Height}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := pades.Verify(signed, pades.Limits{}); err != nil || !bytes.Equal(got.Base, raw) {
			t.Errorf("%s: what was signed does not verify: %v", name, err)
		}
	}
}

// Two notices may be drawn at once: gofpdf writes where its font lies, so each document has a copy. (Under -race this
// fails at once where they share it.)
func TestDocumentsDrawnAtOnceAreTheSame(t *testing.T) {
	want := drawn(t, processing("nl", false))
	got := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			var b bytes.Buffer
			if err := pdf.Record(&b, processing("nl", false), []pdf.Attachment{{Name: "record.json", Description: "record", Content: []byte("{}")}}); err != nil {
				t.Error(err)
			}
			got[i] = b.Bytes()
		})
	}
	all.Wait()
	for i := range got {
		if !bytes.Equal(got[i], want) {
			t.Errorf("document %d differs from the one that was drawn alone", i)
		}
	}
}
