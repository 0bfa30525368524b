package pdf_test

import (
	"strings"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
)

// cover is the text of the first page, in one line.
func cover(t *testing.T, raw []byte) string {
	t.Helper()
	return strings.Join(strings.Fields(tool(t, raw, "pdftotext", "-layout", "-l", "1", "FILE", "-")), " ")
}

func TestTheCoverHasLongTextsInFull(t *testing.T) {
	long := func(what string) string { return what + " begin " + strings.Repeat("woord ", 14) + what + "-einde" }
	d := document("nl", true)
	d.Customer.Name, d.Processor.Name = long("klant"), long("verwerker")
	d.Agreements[0].Title, d.Agreements[0].Contract = long("titel"), long("contract")
	d.Applications = []string{long("toepassing")}
	got := cover(t, render(t, d, results("nl", true), nil))
	for _, want := range []string{"klant", "verwerker", "titel", "contract", "toepassing"} {
		if !strings.Contains(got, want+"-einde") {
			t.Errorf("%s is cut:\n%s", want, got)
		}
	}
	if strings.Contains(got, "afgebroken") {
		t.Errorf("nothing was cut, and it says so:\n%s", got)
	}
}

// What cannot be on the cover is said to be elsewhere, and is there.
func TestTheCoverSaysThatItCut(t *testing.T) {
	for _, lang := range []string{"nl", "en"} {
		d := document(lang, true)
		d.Agreements[0].Title = strings.Repeat("titel ", 48) + "einde"
		d.Agreements = append(d.Agreements, d.Agreements[0], d.Agreements[0], d.Agreements[0])
		d.Applications = []string{strings.Repeat("toepassing ", 120) + "slot"}
		raw := render(t, d, results(lang, true), nil)
		if got := cover(t, raw); !strings.Contains(got, tr(lang, "What was cut (…) stands in full in Provenance.", "Wat is afgebroken (…), staat voluit in Herkomst.")) {
			t.Errorf("%s: it does not say that something was cut:\n%s", lang, got)
		}
		if got := flat(t, raw); strings.Count(got, "titel einde") < 4 || !strings.Contains(got, "toepassing slot") {
			t.Errorf("%s: what was cut stands nowhere", lang)
		}
		inPlace(t, raw)
	}
}

// Where an agreement has another text than the catalogue's, the cover says so, and the head of the clauses does.
func TestTheCoverSaysWhoseClausesTheyAre(t *testing.T) {
	for lang, want := range map[string]string{"nl": "niet die van de overeenkomst waar dit rapport over gaat", "en": "not those of the agreement that this report is about"} {
		for _, customer := range []bool{true, false} {
			d := document(lang, customer)
			for _, text := range []string{"", dpa.CatalogueText} {
				d.Agreements[0].Text = text
				raw, n := render(t, d, results(lang, customer), nil), 0
				if text == "" {
					n = 1
					inPlace(t, raw)
				}
				if got := strings.Count(cover(t, raw), want); got != n {
					t.Errorf("%s, text %q: the cover has it %d times", lang, text, got)
				}
				if got := strings.Count(flat(t, raw), want); got != 2*n {
					t.Errorf("%s, text %q: the report has it %d times", lang, text, got)
				}
			}
		}
	}
}

func TestATrendOfOneDayShowsHours(t *testing.T) {
	d := document("nl", false)
	for i := range d.Trend {
		d.Trend[i].At = at.Add(time.Duration(i) * time.Hour)
	}
	got := flat(t, render(t, d, results("nl", false), nil))
	for _, want := range []string{"23 november 2026 12:00 UTC", "23 november 2026 16:00 UTC"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s", want)
		}
	}
}

func TestDatesOnPages(t *testing.T) {
	d, r := document("nl", false), results("nl", false)
	r.Results[0].Message = "open sinds 2026-10-01; laatst gezien 2026-11-21T22:51:33Z"
	r.Results[5].Title = "map-2026-10-01" // a name, not a date
	r.Results[0].Findings = []assess.Finding{{Path: "since", Value: []byte(`"2026-10-02"`)}}
	got := flat(t, render(t, d, r, nil))
	for _, want := range []string{"Open sinds 1 oktober 2026; laatst gezien 21 november 2026 22:51 UTC", "Gevonden: 2 oktober 2026 [since]", "verlopen op 1 november 2026",
		"geldig, tot en met 23 september 2027", "map-2026-10-01"} {
		if strings.Contains(strings.ToLower(got), strings.ToLower(want)) {
			continue
		}
		t.Errorf("lacks %s", want)
	}
}
