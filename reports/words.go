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

// TimeText writes a time for people, in UTC, in Dutch or English.
func TimeText(t time.Time, lang string) string { return wordsIn(lang).time(t.UTC()) }

// DateText writes a day for people, in UTC, in Dutch or English.
func DateText(t time.Time, lang string) string {
	t = t.UTC()
	if lang == "nl" {
		return fmt.Sprintf("%d %s %d", t.Day(), monthsNL[t.Month()-1], t.Year())
	}
	return t.Format("2 January 2006")
}

// SpanText writes the two ends of a time: as days, or with the hour where both are on one day (UTC).
func SpanText(first, last time.Time, lang string) (from, to string) {
	from, to = DateText(first, lang), DateText(last, lang)
	if from == to {
		return TimeText(first, lang), TimeText(last, lang)
	}
	return from, to
}

// WaiverText says what became of a waiver, in Dutch or English.
func WaiverText(w assess.WaiverUse, lang string) string {
	t := wordsIn(lang)
	switch w.State {
	case assess.WaiverUsed:
		return t.pick("in effect", "van kracht")
	case assess.WaiverExpired:
		return fmt.Sprintf(t.pick("expired on %s", "verlopen op %s"), DatesIn(w.Expires, lang))
	case assess.WaiverUnused:
		return t.pick("unused: nothing fails that it covers", "ongebruikt: er is niets dat zij dekt")
	case assess.WaiverOrphaned:
		return t.pick("there is no such rule", "deze regel bestaat niet")
	case assess.WaiverNotAllowed:
		return t.pick("this rule may not be waived", "deze regel mag niet worden geaccepteerd")
	default:
		text := t.pick("declared, but not approved by two enrolled people", "vermeld, maar niet door twee geregistreerde personen goedgekeurd")
		if w.Why != "" {
			text += " (" + w.Why + ")"
		}
		return text
	}
}

// waiverOf names the waiver of a result, with the customer's consent where there is one; empty without a waiver. What it
// returns is outside text.
func (w words) waiverOf(r assess.Result) string {
	if r.Consent == nil {
		return r.Waiver
	}
	return fmt.Sprintf(w.pick("%s, to which the customer agreed: %s, %s", "%s, waar de klant mee instemde: %s, %s"), r.Waiver, r.Consent.Document, DatesIn(r.Consent.Date, w.lang))
}

// WaiverOf names the waiver of a result for people, in Dutch or English, with the customer's consent where there is one.
// It holds text of the outside: escape it.
func WaiverOf(r assess.Result, lang string) string { return wordsIn(lang).waiverOf(r) }
