package reports

import (
	"fmt"
	"time"

	"waarborg/internal/assess"
)

// words are the texts of the table and the Markdown form.
type words struct {
	lang  string
	area  map[string]string
	state map[assess.Status]string
}

func wordsIn(lang string) words {
	if lang == "nl" {
		return words{"nl", map[string]string{
			"transfers": "Doorgifte", "subprocessors": "Subverwerkers", "processings": "Verwerkingen", "access": "Toegang",
			"retention": "Bewaartermijnen", "security": "Beveiliging",
		}, map[assess.Status]string{
			assess.Fail: "niet voldaan", assess.Unknown: "onbekend", assess.Waived: "geaccepteerd", assess.Pass: "voldaan", assess.NotApplicable: "n.v.t.",
		}}
	}
	return words{"en", map[string]string{
		"transfers": "Transfers", "subprocessors": "Sub-processors", "processings": "Processings", "access": "Access",
		"retention": "Retention", "security": "Security",
	}, map[assess.Status]string{
		assess.Fail: "not met", assess.Unknown: "unknown", assess.Waived: "waived", assess.Pass: "met", assess.NotApplicable: "n/a",
	}}
}

func (w words) pick(en, nl string) string { return assess.Text{EN: en, NL: nl}.In(w.lang) }

func (w words) severity(s assess.Severity) string {
	if w.lang != "nl" {
		return string(s)
	}
	return map[assess.Severity]string{assess.Critical: "kritiek", assess.High: "hoog", assess.Medium: "middel", assess.Low: "laag"}[s]
}

var monthsNL = [...]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}

func (w words) time(t time.Time) string {
	if w.lang == "nl" {
		return fmt.Sprintf("%d %s %d %s UTC", t.Day(), monthsNL[t.Month()-1], t.Year(), t.Format("15:04"))
	}
	return t.Format("2 January 2006 15:04") + " UTC"
}

// StatusText names a status for people, in Dutch or English.
func StatusText(s assess.Status, lang string) string { return wordsIn(lang).state[s] }

// SeverityText names a severity for people, in Dutch or English.
func SeverityText(s assess.Severity, lang string) string { return wordsIn(lang).severity(s) }

// AreaText names an area of rules for people, in Dutch or English.
func AreaText(area, lang string) string { return wordsIn(lang).area[area] }
