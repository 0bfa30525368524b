package ci

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
)

const (
	tableMost  = 50 // resources that a table names
	othersMost = 10 // of each class that is not failing
)

// ANSI codes.
const (
	loudRed = "31;1"
	yellow  = "33"
	cyan    = "36"
	green   = "32"
	bold    = "1"
	faint   = "2"
)

var classLook = map[gate.Class]struct{ mark, code string }{
	gate.Failing: {"✗", loudRed}, gate.Unclear: {"?", yellow}, gate.ToProve: {"?", yellow}, gate.Known: {"~", cyan}, gate.Accepted: {"~", cyan},
}

type table struct {
	*bufio.Writer
	voice
	color bool
	width int
}

// Table writes for a person at a terminal: blocks, then what is not met with the worst first and the resources below each rule,
// then the other classes, and a verdict as the last line. It names at most Options.Max resources that fail, and counts the rest.
func Table(w io.Writer, r *gate.Report, all gate.Outcomes, o Options) error {
	t := table{bufio.NewWriter(w), o.voice(r), o.Color, max(40, cmp.Or(o.Width, 100))}
	lists, err := collect(all, cmp.Or(o.Max, tableMost))
	if err != nil {
		return err
	}
	t.head(r)
	t.blocks(r)
	for _, c := range classes {
		t.class(c, lists[c])
	}
	for _, e := range t.extras(r) {
		t.extra(e)
	}
	t.blank()
	t.text("", "", t.tally(r.Counts), faint)
	look := map[assess.Status]string{assess.Fail: loudRed, assess.Unknown: yellow + ";1", assess.Pass: green + ";1"}
	t.text("", "", t.verdict(r), look[r.Status])
	return t.Flush()
}

// collect keeps the worst outcomes of every class.
func collect(all gate.Outcomes, most int) (map[gate.Class]*byRule, error) {
	out := map[gate.Class]*byRule{}
	for _, c := range classes {
		out[c] = newByRule(min(most, othersMost))
	}
	out[gate.Failing].most = most
	for o, err := range all {
		if err != nil {
			return nil, err
		}
		if l := out[o.Class]; l != nil {
			l.add(o)
		}
	}
	return out, nil
}

func (t table) blank() { fmt.Fprintln(t) }

func (t table) paint(code, s string) string {
	if !t.color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// text writes plain text broken at blanks, so that a line has at most width columns; a word that is longer is broken too.
func (t table) text(first, next, s, code string) {
	indent, line := first, ""
	put := func() {
		fmt.Fprintf(t, "%s%s\n", indent, t.paint(code, inLog(line)))
		indent, line = next, ""
	}
	for _, word := range strings.Fields(s) {
		for word != "" {
			room := t.width - utf8.RuneCountInString(indent) - utf8.RuneCountInString(line)
			if line != "" {
				room--
			}
			n := utf8.RuneCountInString(word)
			switch {
			case n <= room:
				line, word = strings.TrimPrefix(line+" "+word, " "), ""
			case line != "":
				put()
			default:
				runes := []rune(word)
				room = max(room, 8)
				line, word = string(runes[:min(room, n)]), string(runes[min(room, n):])
				if word != "" {
					put()
				}
			}
		}
	}
	if line != "" {
		put()
	}
}

func (t table) head(r *gate.Report) {
	names := make([]string, 0, len(r.Inputs))
	for i, in := range r.Inputs {
		if i == mostLines {
			names = append(names, fmt.Sprintf("… +%d", len(r.Inputs)-i))
			break
		}
		names = append(names, name(in.Name))
	}
	t.text("", "  ", t.tell("Waarborg gate", "Waarborg-poort")+": "+strings.Join(names, ", "), bold)
	t.text("", "", t.judged(r), faint)
}

func (t table) blocks(r *gate.Report) {
	for _, b := range r.Blocks {
		mark, code, word := "✗", loudRed, t.tell("STOPPED", "TEGENGEHOUDEN")
		if b.Status != assess.Fail {
			mark, code, word = "?", yellow+";1", t.tell("NOT SURE", "NIET ZEKER")
		}
		t.blank()
		t.text("", "  ", mark+" "+word+"  "+name(b.What)+": "+t.blocked(b), code)
		t.text("    → ", "      ", sentence(b.Hint), faint)
	}
}

func (t table) class(c gate.Class, l *byRule) {
	if l.seen == 0 {
		return
	}
	t.blank()
	t.text("", "", strings.ToUpper(t.heading(c))+"  "+t.number(l.seen), bold)
	if h := t.hintOf(c); h != "" {
		t.text("  ", "  ", h, faint)
	}
	var rest []*group
	for _, g := range l.groups() {
		if len(g.list) == 0 {
			rest = append(rest, g)
			continue
		}
		t.rule(c, g)
	}
	if len(rest) == 0 {
		return
	}
	t.blank()
	t.text("  ", "  ", t.tell("And of these rules, without their resources:", "En van deze regels, zonder hun objecten:"), faint)
	for _, g := range rest {
		line := fmt.Sprintf("%s %s (%s × %s)", name(g.rule.Rule), sentence(g.rule.Title), t.number(g.total), t.severity(g.rule.Severity))
		t.text("  "+t.mark(c)+" ", "    ", line, "")
	}
}

func (t table) mark(c gate.Class) string { return t.paint(classLook[c].code, classLook[c].mark) }

func (t table) rule(c gate.Class, g *group) {
	o := g.rule
	t.blank()
	label := classLook[c].mark + " " + name(o.Rule) + " " + sentence(o.Title)
	tail := t.severity(o.Severity)
	if ground := t.ground(o.Clauses, o.GDPR); ground != "" {
		tail += " · " + ground
	}
	if 2+utf8.RuneCountInString(label)+2+utf8.RuneCountInString(tail) <= t.width {
		fmt.Fprintf(t, "  %s  %s\n", t.paint(classLook[c].code, inLog(label)), t.paint(faint, inLog(tail)))
	} else {
		t.text("  ", "    ", label, classLook[c].code)
		t.text("    ", "    ", tail, faint)
	}
	said := ""
	for i, x := range g.list {
		if what := t.what(&x.Outcome); what != said { // resources with the same fault stand below one sentence
			t.text("    ", "    ", what, "")
			said = what
		}
		t.resource(&g.list[i].Outcome)
	}
	if more := g.total - len(g.list); more > 0 {
		t.text("      ", "      ", t.tell("… and %s more", "… en nog %s", t.number(more)), faint)
	}
	if o.Remediation != "" && (c == gate.Failing || c == gate.Unclear) {
		t.text("    → ", "      ", sentence(o.Remediation), faint)
	}
}

func (t table) resource(o *gate.Outcome) {
	line := name(o.Address)
	if file, at, ok := source(o); ok {
		line += fmt.Sprintf(" (%s:%d)", name(relative(file)), at)
	}
	if how := t.change(o.Change); how != "" {
		line += " · " + how
	}
	if o.Was != "" {
		line += t.tell(", before: %s", ", voorheen: %s", name(o.Was))
	}
	t.text("      ", "        ", line, "")
	if why := t.accepted(o); why != "" {
		t.text("        ", "        ", why, cyan)
	}
}

func (t table) extra(e extra) {
	t.blank()
	t.text("", "", strings.ToUpper(e.title), bold)
	for _, l := range e.lines {
		t.text("  ", "    ", l, "")
	}
	if e.more > 0 {
		t.text("  ", "    ", t.tell("… and %s more (--format json has them)", "… en nog %s (--format json heeft ze)", t.number(e.more)), faint)
	}
}
