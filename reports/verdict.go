package reports

import (
	"fmt"
	"strconv"

	"waarborg/internal/assess"
)

// Verdict says the state of an assessment: in one plain sentence, and by the numbers behind it.
func Verdict(s assess.Summary, lang string) (sentence, numbers string) {
	w, c := wordsIn(lang), s.Results
	total := c.Fail + c.Unknown + c.Waived + c.Pass
	if total == 0 {
		return w.pick("Nothing could be assessed.", "Er kon niets worden beoordeeld."),
			w.pick("No rule met anything that it speaks of, so this report proves nothing.", "Geen regel trof iets waar zij over gaat, dus dit rapport bewijst niets.")
	}
	switch s.Status {
	case assess.Fail:
		sentence = w.pick("Not all that was agreed is met.", "Niet aan alle afspraken is voldaan.")
	case assess.Waived:
		sentence = w.pick("What was looked at is met, apart from what is waived.", "Aan wat is bekeken, is voldaan, op het geaccepteerde na.")
	case assess.Pass:
		sentence = w.pick("All that was looked at is met.", "Aan alles wat is bekeken, is voldaan.")
	default:
		sentence = w.pick("Nothing was found that is not met, but not everything is proved.", "Er is niets gevonden dat niet voldoet, maar niet alles is bewezen.")
	}
	n := func(n int) string { return NumberText(n, lang) }
	numbers = w.count(total, "Of 1 outcome", "Of %s outcomes", "Van 1 uitkomst", "Van %s uitkomsten") +
		fmt.Sprintf(w.pick(": %s not met, %s unknown, %s waived, %s met.", ": %s niet voldaan, %s onbekend, %s geaccepteerd, %s voldaan."), n(c.Fail), n(c.Unknown), n(c.Waived), n(c.Pass))
	if c.Customer > 0 {
		numbers += " " + w.count(c.Customer, "1 more outcome is about the customer's own duties.", "%s more outcomes are about the customer's own duties.",
			"1 andere uitkomst gaat over plichten van de klant zelf.", "%s andere uitkomsten gaan over plichten van de klant zelf.")
	}
	return sentence, numbers
}

// NumberText writes a number with its thousands apart, as the language does.
func NumberText(n int, lang string) string {
	s := strconv.Itoa(n)
	mark := ","
	if lang == "nl" {
		mark = "."
	}
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}
