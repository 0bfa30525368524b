package ci

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/internal/say"
	"waarborg/reports"
)

// voice says things in the language of an output.
type voice struct {
	lang string
	now  time.Time
}

func (v voice) tell(en, nl string, args ...any) string {
	if len(args) == 0 {
		return say.Text{EN: en, NL: nl}.In(v.lang)
	}
	return say.Both(en, nl, args...).In(v.lang)
}

// many says a number of things: one has no %s, more has one for the number.
func (v voice) many(n int, one, more say.Text) string {
	if n == 1 {
		return one.In(v.lang)
	}
	return fmt.Sprintf(more.In(v.lang), reports.NumberText(n, v.lang))
}

func (v voice) number(n int) string { return reports.NumberText(n, v.lang) }

// class names a class of outcomes.
func (v voice) class(c gate.Class) string {
	switch c {
	case gate.Failing:
		return v.tell("not met", "niet voldaan")
	case gate.Accepted:
		return v.tell("accepted", "geaccepteerd")
	case gate.Known:
		return v.tell("known", "bekend")
	case gate.ToProve:
		return v.tell("to be proved after apply", "te bewijzen na de uitrol")
	case gate.Unclear:
		return v.tell("could not be judged", "kon niet worden beoordeeld")
	default:
		return string(c)
	}
}

// verdict says in one sentence whether the deploy may go on, and why.
func (v voice) verdict(r *gate.Report) string {
	c := r.Counts
	var because []string
	add := func(n int, one, more say.Text) {
		if n > 0 {
			because = append(because, v.many(n, one, more))
		}
	}
	failing, unsure := 0, 0
	for _, b := range r.Blocks {
		if b.Status == assess.Fail {
			failing++
		} else {
			unsure++
		}
	}
	switch r.Status {
	case assess.Fail:
		add(c.Failing, say.Text{EN: "in 1 place a rule is not met", NL: "op 1 plaats is niet aan een regel voldaan"},
			say.Text{EN: "in %s places a rule is not met", NL: "op %s plaatsen is niet aan een regel voldaan"})
		if c.Failing > 0 {
			add(failing, say.Text{EN: "1 other thing stops it", NL: "1 ander punt houdt haar tegen"},
				say.Text{EN: "%s other things stop it", NL: "%s andere punten houden haar tegen"})
		} else {
			add(failing, say.Text{EN: "1 thing stops it", NL: "1 punt houdt haar tegen"},
				say.Text{EN: "%s things stop it", NL: "%s punten houden haar tegen"})
		}
		return v.because(v.tell("The deploy may not go on", "De uitrol mag niet doorgaan"), because)
	case assess.Pass:
		return v.passed(r)
	}
	if r.Subjects == 0 {
		because = append(because, v.tell("nothing was judged", "er is niets beoordeeld"))
	}
	add(c.ToProve, say.Text{EN: "in 1 place a rule can be proved only after apply", NL: "op 1 plaats is een regel pas na de uitrol te bewijzen"},
		say.Text{EN: "in %s places a rule can be proved only after apply", NL: "op %s plaatsen is een regel pas na de uitrol te bewijzen"})
	add(c.Unclear, say.Text{EN: "in 1 place a rule could not be judged", NL: "op 1 plaats kon een regel niet worden beoordeeld"},
		say.Text{EN: "in %s places a rule could not be judged", NL: "op %s plaatsen kon een regel niet worden beoordeeld"})
	add(unsure, say.Text{EN: "1 thing about the deploy as a whole is not sure", NL: "1 punt over de uitrol als geheel is niet zeker"},
		say.Text{EN: "%s things about the deploy as a whole are not sure", NL: "%s punten over de uitrol als geheel zijn niet zeker"})
	return v.because(v.tell("The deploy may not go on yet", "De uitrol mag nog niet doorgaan"), because)
}

// because joins a verdict and its reasons to a sentence.
func (v voice) because(verdict string, reasons []string) string {
	if len(reasons) == 0 {
		return verdict + "."
	}
	return verdict + ": " + v.list(reasons) + "."
}

func (v voice) list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + v.tell(" and ", " en ") + parts[len(parts)-1]
}

// passed says what a deploy that may go on leaves open.
func (v voice) passed(r *gate.Report) string {
	c := r.Counts
	if r.Subjects == 0 {
		return v.tell("The deploy may go on, but nothing was judged.", "De uitrol mag doorgaan, maar er is niets beoordeeld.")
	}
	out := v.tell("The deploy may go on: all that could be judged is met", "De uitrol mag doorgaan: aan alles wat te beoordelen was, is voldaan")
	var apart, open []string
	if c.Known > 0 {
		apart = append(apart, v.tell("%s known on the baseline", "%s bekend op de baseline", v.number(c.Known)))
	}
	if c.Accepted > 0 {
		apart = append(apart, v.tell("%s accepted", "%s geaccepteerd", v.number(c.Accepted)))
	}
	if len(apart) > 0 {
		out += v.tell(", apart from ", ", op het volgende na: ") + v.list(apart)
	}
	if c.ToProve > 0 {
		open = append(open, v.tell("%s still to be proved after apply", "%s nog te bewijzen na de uitrol", v.number(c.ToProve)))
	}
	if c.Unclear > 0 {
		open = append(open, v.tell("%s that could not be judged", "%s die niet te beoordelen waren", v.number(c.Unclear)))
	}
	if c.LeftOver > 0 {
		open = append(open, v.tell("%s left to check on the live system", "%s over om in het echte systeem na te gaan", v.number(c.LeftOver)))
	}
	if len(open) > 0 {
		out += v.tell("; there are ", "; er zijn er ") + v.list(open)
	}
	return out + "."
}

// what says what is the matter with an outcome, in plain text for one line.
func (v voice) what(o *gate.Outcome) string {
	parts := []string{}
	for _, s := range []string{o.Message, o.Question} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, o.Title)
	}
	out := sentence(strings.Join(parts, " "))
	if o.Compared == "worse" {
		out += v.tell(" (worse than on the baseline)", " (erger dan op de baseline)")
	}
	if len(o.Customers) > 0 {
		out += " [" + sentence(strings.Join(o.Customers, ", ")) + "]"
	}
	return out
}

// accepted says by what an outcome that is not met does not count, and until when; empty for any other. It is plain text.
func (v voice) accepted(o *gate.Outcome) string {
	var out string
	switch o.Class {
	case gate.Accepted:
		out = v.tell("accepted by waiver %s", "geaccepteerd met acceptatie %s", name(o.Waiver))
	case gate.Known:
		out = v.tell("known on the baseline", "bekend op de baseline")
	default:
		return ""
	}
	if o.Until != "" {
		out += v.until(o.Until)
	}
	if o.Reason != "" {
		out += ": " + sentence(o.Reason)
	}
	return out
}

// soon is how many days before its end a waiver is said to end.
const soon = 14

// until says the last day of a waiver or an entry of the baseline.
func (v voice) until(day string) string {
	out := " " + v.tell("until %s", "tot en met %s", reports.DatesIn(name(day), v.lang))
	last, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return out
	}
	if left := int(last.Sub(v.now.UTC().Truncate(24*time.Hour)).Hours() / 24); left >= 0 && left <= soon {
		out += " (" + v.many(left, say.Text{EN: "1 day left", NL: "nog 1 dag"}, say.Text{EN: "%s days left", NL: "nog %s dagen"}) + ")"
	}
	return out
}

// ground names what a rule rests on: clauses of the agreement and articles of the GDPR. It is plain text.
func (v voice) ground(clauses, articles []string) string {
	var parts []string
	if len(clauses) > 0 {
		parts = append(parts, sentence(strings.Join(clauses, ", ")))
	}
	if len(articles) > 0 {
		parts = append(parts, v.tell("GDPR %s", "AVG %s", sentence(strings.Join(articles, ", "))))
	}
	return strings.Join(parts, " · ")
}

// blocked says one block, in plain text; its hint is said apart.
func (v voice) blocked(b gate.Block) string { return sentence(b.Text) }

// source is the file and line of an outcome, or else its input, at line 1. ok tells whether the place is known.
func source(o *gate.Outcome) (file string, line int, ok bool) {
	if o.Source != nil && o.Source.File != "" {
		return o.Source.File, max(1, o.Source.Line), true
	}
	return o.Input, 1, false
}

// baselined tells whether a baseline took part.
func baselined(r *gate.Report) bool {
	return r.Counts.Known > 0 || len(r.Mended) > 0 || len(r.Lapsed) > 0
}

// unmet counts our rules that no input reached, and names those of the team: of its own rules somebody expects that they look.
func unmet(r *gate.Report) (ours int, own []string) {
	team := map[string]bool{}
	for _, d := range r.Descriptors {
		team[d.ID] = strings.HasPrefix(d.Package, "team.")
	}
	for _, id := range r.NotMet {
		if team[id] {
			own = append(own, id)
		} else {
			ours++
		}
	}
	return ours, own
}

// unreached tells for each rule whether no input reached it.
func unreached(r *gate.Report) func(id string) bool {
	return func(id string) bool { return slices.Contains(r.NotMet, id) }
}

func (v voice) severity(s assess.Severity) string {
	return or(reports.SeverityText(s, v.lang), string(s))
}

// extra is what a report tells beside the outcomes, each as one line of plain text: what was mended, what lapsed, drift, problems
// of inputs, waivers without effect, rules that nothing reached, and what is left to check.
type extra struct {
	title string
	lines []string
	more  int // lines that were left out
}

// mostLines is how many lines of one kind a person is shown.
const mostLines = 10

func (v voice) extras(r *gate.Report) []extra {
	var mended, lapsed, drift, problems, waivers, left []string
	for _, m := range r.Mended {
		mended = append(mended, name(m.Rule)+"  "+name(m.Address))
	}
	for _, m := range r.Lapsed {
		lapsed = append(lapsed, name(m.Rule)+"  "+name(m.Address)+v.until(m.Until))
	}
	for _, in := range r.Inputs {
		for _, d := range in.Drift {
			line := fmt.Sprintf("%s  %s", name(d.Address), v.drifted(d.Change))
			if len(d.Fields) > 0 {
				line += ": " + sentence(strings.Join(d.Fields, ", "))
			}
			drift = append(drift, line)
		}
		for _, p := range in.Problems {
			line := name(in.Name) + ": " + sentence(p.What.In(v.lang))
			if hint := p.Hint.In(v.lang); hint != "" {
				line += " → " + sentence(hint)
			}
			problems = append(problems, line)
		}
	}
	for _, w := range r.Waivers {
		if w.State != assess.WaiverUsed {
			waivers = append(waivers, fmt.Sprintf("%s (%s): %s", name(w.ID), name(w.Rule), sentence(reports.WaiverText(w, v.lang))))
		}
	}
	if r.Counts.LeftOver > 0 {
		left = append(left, v.many(r.Counts.LeftOver,
			say.Text{EN: "1 outcome needs facts that inputs like these never show.", NL: "1 uitkomst vraagt feiten die zulke invoer nooit toont."},
			say.Text{EN: "%s outcomes need facts that inputs like these never show.", NL: "%s uitkomsten vragen feiten die zulke invoer nooit toont."})+" "+
			v.tell("`waarborg check` looks at the live system; --format json has the list.", "`waarborg check` kijkt in het echte systeem; --format json heeft de lijst."))
	}
	var none []string
	if ours, own := unmet(r); ours+len(own) > 0 {
		if len(own) > 0 {
			none = append(none, v.tell("of your own rules: %s", "van uw eigen regels: %s", sentence(strings.Join(own, ", "))))
		}
		if ours > 0 {
			none = append(none, v.tell("%s of ours, for kinds of resources that are not in these inputs; --format json has the list", "%s van ons, voor soorten objecten die niet in deze invoer staan; --format json heeft de lijst", v.number(ours)))
		}
	}
	out := []extra{
		{title: v.tell("Problems of the input", "Problemen met de invoer"), lines: problems},
		{title: v.tell("Changed outside the tool (drift; does not count)", "Buiten het hulpmiddel om gewijzigd (drift; telt niet mee)"), lines: drift},
		{title: v.tell("On the baseline past their day, so they count again", "Op de baseline voorbij hun dag, dus ze tellen weer mee"), lines: lapsed},
		{title: v.tell("Mended: these can go from the baseline", "Hersteld: deze kunnen van de baseline af"), lines: mended},
		{title: v.tell("Waivers without effect", "Acceptaties zonder werking"), lines: waivers},
		{title: v.tell("Left to check", "Over om na te gaan"), lines: left},
		{title: v.tell("Rules that met no resource, so that nobody looked", "Regels die geen object troffen, zodat niemand keek"), lines: none},
	}
	for i := range out {
		if n := len(out[i].lines); n > mostLines {
			out[i].lines, out[i].more = out[i].lines[:mostLines], n-mostLines
		}
	}
	return slices.DeleteFunc(out, func(e extra) bool { return len(e.lines) == 0 })
}

func (v voice) drifted(change string) string {
	switch change {
	case "delete":
		return v.tell("is gone", "is verdwenen")
	case "update":
		return v.tell("was changed", "is gewijzigd")
	default:
		return name(change)
	}
}

// change says what the deploy does with a resource.
func (v voice) change(c gate.Change) string {
	switch c {
	case gate.Create:
		return v.tell("created", "nieuw")
	case gate.Update:
		return v.tell("changed", "gewijzigd")
	case gate.Replace:
		return v.tell("replaced", "vervangen")
	case gate.Move:
		return v.tell("moved", "verplaatst")
	case gate.Import:
		return v.tell("imported", "geïmporteerd")
	case gate.Forget:
		return v.tell("let go", "losgelaten")
	case gate.Joined:
		return v.tell("something joined to it changes", "iets wat erbij hoort wijzigt")
	case gate.Present:
		return ""
	default:
		return name(string(c))
	}
}

// judged says how much was judged.
func (v voice) judged(r *gate.Report) string {
	return v.many(r.Subjects, say.Text{EN: "1 resource judged", NL: "1 object beoordeeld"},
		say.Text{EN: "%s resources judged", NL: "%s objecten beoordeeld"}) +
		v.tell(" by %s rules", " met %s regels", v.number(len(r.Descriptors))) + " · " + reports.TimeText(r.At, v.lang)
}

// heading names the list of a class.
func (v voice) heading(c gate.Class) string {
	switch c {
	case gate.Failing:
		return v.tell("Not met", "Niet voldaan")
	case gate.Unclear:
		return v.tell("Could not be judged", "Niet te beoordelen")
	case gate.ToProve:
		return v.tell("To be proved after apply", "Te bewijzen na de uitrol")
	case gate.Known:
		return v.tell("Known (on the baseline)", "Bekend (op de baseline)")
	default:
		return v.tell("Accepted (by waiver)", "Geaccepteerd (met acceptatie)")
	}
}

// hintOf says what can be done about a whole class; empty where each outcome says it itself.
func (v voice) hintOf(c gate.Class) string {
	switch c {
	case gate.ToProve:
		return v.tell("After apply, `waarborg check --prove gate.json` looks at exactly these.", "Na de uitrol kijkt `waarborg check --prove gate.json` naar precies deze.")
	default:
		return ""
	}
}

// tally counts what there is, in one line.
func (v voice) tally(c gate.Counts) string {
	var parts []string
	for _, x := range []struct {
		n int
		c gate.Class
	}{{c.Failing, gate.Failing}, {c.ToProve, gate.ToProve}, {c.Unclear, gate.Unclear}, {c.Known, gate.Known}, {c.Accepted, gate.Accepted}} {
		if x.n > 0 {
			parts = append(parts, v.number(x.n)+" "+v.class(x.c))
		}
	}
	if c.LeftOver > 0 {
		parts = append(parts, v.number(c.LeftOver)+" "+v.tell("left to check", "over om na te gaan"))
	}
	parts = append(parts, v.number(c.Pass)+" "+v.tell("met", "voldaan"))
	return strings.Join(parts, " · ")
}
