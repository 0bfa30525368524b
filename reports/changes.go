package reports

import (
	"fmt"
	"strings"

	"waarborg/internal/assess"
)

// ChangeKind is the changes of one kind, under a title for people.
type ChangeKind struct {
	Title string
	List  []assess.Change
}

// ChangeKinds sorts changes by kind, the worst kind first. Kinds without a change are left out.
func ChangeKinds(c assess.Changes, lang string) (out []ChangeKind) {
	w := wordsIn(lang)
	for _, k := range []ChangeKind{
		{w.pick("New: not met or waived now, and not judged before", "Nieuw: nu niet voldaan of geaccepteerd, en eerder niet beoordeeld"), c.New},
		{w.pick("Worse than before", "Slechter dan eerst"), c.Worse},
		{w.pick("Unknown now, and was not before", "Nu onbekend, en eerder niet"), c.Unreadable},
		{w.pick("Waived since: it stays not met", "Sindsdien geaccepteerd: het blijft niet voldaan"), c.Accepted},
		{w.pick("Mended: met now", "Hersteld: nu voldaan"), c.Mended},
		{w.pick("Gone: was not met, unknown or waived, and is not judged any more", "Weg: was niet voldaan, onbekend of geaccepteerd, en wordt niet meer beoordeeld"), c.Gone},
	} {
		if len(k.List) > 0 {
			out = append(out, k)
		}
	}
	return out
}

// ChangesText tells a comparison in a few sentences: how many outcomes changed and how many did not, how many that are met
// came or went, and whether the rules changed, so that a difference can be theirs.
func ChangesText(c Comparison, lang string) string {
	w, n := wordsIn(lang), 0
	for _, k := range ChangeKinds(c.Changes, lang) {
		n += len(k.List)
	}
	text := []string{fmt.Sprintf(w.pick("Since the assessment of %s, %s and %s.", "Sinds de beoordeling van %s %s, en %s."), w.time(c.At.UTC()),
		w.count(n, "1 outcome changed", "%s outcomes changed", "veranderde 1 uitkomst", "veranderden %s uitkomsten"),
		w.count(c.Changes.Same, "1 is as it was", "%s are as they were", "bleef er 1 gelijk", "bleven er %s gelijk"))}
	if n := c.Changes.Added; n > 0 {
		text = append(text, w.count(n, "1 more is new and met.", "%s more are new and met.", "Daarnaast is er 1 nieuw en voldaan.", "Daarnaast zijn er %s nieuw en voldaan."))
	}
	if n := c.Changes.Dropped; n > 0 {
		text = append(text, w.count(n, "1 that was met is not judged any more.", "%s that were met are not judged any more.",
			"Aan 1 andere was voldaan; die wordt niet meer beoordeeld.", "Aan %s andere was voldaan; die worden niet meer beoordeeld."))
	}
	if c.Changes.OtherRules {
		text = append(text, w.pick("The two assessments were made with different rules: some differences may come from the rules, and not from the systems.",
			"De twee beoordelingen zijn met verschillende regels gedaan: sommige verschillen kunnen van de regels komen, en niet van de systemen."))
	}
	text = append(text, w.pick("An outcome is counted here once for each rule and each resource, however many customers it is for.",
		"Een uitkomst telt hier één keer per regel en per object, voor hoeveel klanten zij ook geldt."))
	return strings.Join(text, " ")
}

// count says a number of things: one, or %s of them.
func (w words) count(n int, en, ens, nl, nls string) string {
	if n == 1 {
		return w.pick(en, nl)
	}
	return fmt.Sprintf(w.pick(ens, nls), NumberText(n, w.lang))
}
