package reports_test

import (
	"strings"
	"testing"

	"waarborg/dpa"
	"waarborg/reports"
)

// otherText is the notice of a workspace with one agreement of the catalogue's text and one of its own.
func otherText(lang string) string {
	return reports.BookNotice(dpa.Book{Agreements: []dpa.Agreement{{ID: "embrace", Text: dpa.CatalogueText}, {ID: "standard"}}}, lang)
}

func TestBookNotice(t *testing.T) {
	if got := reports.BookNotice(dpa.Book{Agreements: []dpa.Agreement{{ID: "embrace", Text: dpa.CatalogueText}}}, "nl"); got != "" {
		t.Errorf("the catalogue's own text gives %q", got)
	}
	for lang, want := range map[string]string{"nl": "niet die van uw eigen overeenkomst (standard)", "en": "not those of your own agreement (standard)"} {
		if got := otherText(lang); !strings.Contains(got, want) || strings.Contains(got, "(embrace") {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

// Whose clauses they are stands at the head of a report and at the head of its clauses, in every form, where they are not those
// of its agreements; and which agreements have a text of their own.
func TestCatalogueNotice(t *testing.T) {
	of := func(texts ...string) reports.Document {
		d := sampleDocument("nl")
		d.Agreements = nil
		for _, text := range texts {
			d.Agreements = append(d.Agreements, reports.Agreement{Title: "Overeenkomst", Version: "1", InForce: "2024-01-01", Text: text})
		}
		return d
	}
	for _, c := range []struct {
		texts []string
		want  string // of the notice; empty: there is none
		own   int    // agreements marked
	}{
		{nil, "", 0},
		{[]string{dpa.CatalogueText}, "", 0},
		{[]string{""}, "niet die van de overeenkomst waar dit rapport over gaat.", 1},
		{[]string{"embrace-2025"}, "niet die van de overeenkomst waar dit rapport over gaat.", 1},
		{[]string{"", ""}, "niet die van de overeenkomsten waar dit rapport over gaat.", 2},
		{[]string{"", dpa.CatalogueText}, "niet die van de overeenkomsten waar ‘eigen tekst’ achter staat.", 1},
	} {
		d, r := of(c.texts...), sampleResults("nl")
		notice := d.CatalogueNotice()
		if (notice == "") != (c.want == "") || !strings.Contains(notice, c.want) {
			t.Errorf("%q: %q", c.texts, notice)
		}
		for form, text := range map[string]string{"HTML": page(t, d, r), "Markdown": strings.ReplaceAll(markdown(t, d, r), `\`, "")} {
			if n := strings.Count(text, "; eigen tekst"); n != c.own {
				t.Errorf("%q: %s marks %d agreements", c.texts, form, n)
			}
			n := strings.Count(text, "meegeleverde catalogus")
			if c.want == "" && n != 0 || c.want != "" && (n != 2 || strings.Count(text, notice) != 2) {
				t.Errorf("%q: %s has the notice %d times", c.texts, form, n)
			}
		}
	}
}
