package reports

import (
	"fmt"
	"strings"

	"waarborg/dpa"
)

// CatalogueNotice tells that the clauses of a report are those of the catalogue, where an agreement that it is about has
// another text. Empty where all have the catalogue's.
func (d Document) CatalogueNotice() string {
	w, own := wordsIn(d.Language), 0
	for _, a := range d.Agreements {
		if a.ownText() {
			own++
		}
	}
	whose := w.pick("those of the agreements with “text of its own” behind them", "die van de overeenkomsten waar ‘eigen tekst’ achter staat")
	switch {
	case own == 0:
		return ""
	case len(d.Agreements) == 1:
		whose = w.pick("those of the agreement that this report is about", "die van de overeenkomst waar dit rapport over gaat")
	case own == len(d.Agreements):
		whose = w.pick("those of the agreements that this report is about", "die van de overeenkomsten waar dit rapport over gaat")
	}
	return fmt.Sprintf(w.pick(
		"Note: the clauses in this report are those of the catalogue that comes with Waarborg (the agreement of Embrace of 1 January 2024), not %s. Read them as a yardstick. Rules test the terms that the processor itself recorded.",
		"Let op: de bepalingen in dit rapport zijn die van de meegeleverde catalogus (de overeenkomst van Embrace van 1 januari 2024), niet %s. Lees ze als maatstaf. Regels toetsen de afspraken die de verwerker zelf heeft opgegeven."), whose)
}

// ownText tells whether an agreement has another text than the clause catalogue.
func (a Agreement) ownText() bool { return a.Text != dpa.CatalogueText }

// OwnText says behind an agreement that its text is not the clause catalogue's, in Dutch or English. Empty where it is.
func (a Agreement) OwnText(lang string) string {
	if !a.ownText() {
		return ""
	}
	return wordsIn(lang).pick("text of its own", "eigen tekst")
}

// BookNotice tells whoever keeps a workspace the same as [Document.CatalogueNotice]: of which of its agreements the clauses
// are not.
func BookNotice(b dpa.Book, lang string) string {
	var ids []string
	for _, a := range b.Agreements {
		if a.Text != dpa.CatalogueText {
			ids = append(ids, a.ID)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return fmt.Sprintf(wordsIn(lang).pick(
		"Note: the clauses are those of the catalogue that comes with Waarborg (the agreement of Embrace of 1 January 2024), not those of your own agreement (%s). Read them as a yardstick; what you agreed is under `terms`.",
		"Let op: de bepalingen zijn die van de meegeleverde catalogus (de overeenkomst van Embrace van 1 januari 2024), niet die van uw eigen overeenkomst (%s). Lees ze als maatstaf; wat u hebt afgesproken, staat onder `terms`."),
		strings.Join(ids, ", "))
}
