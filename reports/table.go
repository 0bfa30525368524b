package reports

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

// TableOptions say how a table is shown.
type TableOptions struct {
	Color bool // ANSI colours
	Width int  // columns; 0: 100
	All   bool // show what is met too, and every resource
}

// mostResources is how many resources of one message a table names before it counts the rest.
const mostResources = 4

type table struct {
	*bufio.Writer
	words
	TableOptions
	served Served
}

// Table writes results for a person at a terminal: by area, worst first, with clause and remediation, and a summary.
func Table(w io.Writer, title string, r assess.Results, o TableOptions) error {
	if o.Width <= 0 {
		o.Width = 100
	}
	t := table{bufio.NewWriter(w), wordsIn(r.Language), o, ServedBy(r)}
	t.head(title, r)
	for _, area := range assess.Areas {
		t.area(area, r)
	}
	t.sources(r)
	t.waivers(r)
	t.summary(r)
	return t.Flush()
}

var colors = map[assess.Status]string{assess.Fail: "31;1", assess.Unknown: "33", assess.Waived: "36", assess.Pass: "32"}

var marks = map[assess.Status]string{assess.Fail: "✗", assess.Unknown: "?", assess.Waived: "~", assess.Pass: "✓"}

func (t table) paint(code, s string) string {
	if !t.Color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (t table) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

func (t table) head(title string, r assess.Results) {
	t.line("%s", t.paint("1", terminalSafe(title)))
	sealed := t.pick("not sealed", "niet verzegeld")
	if r.Evidence.SealedBy != "" {
		sealed = t.pick("sealed by key ", "verzegeld met sleutel ") + r.Evidence.SealedBy
	}
	t.text("", "", fmt.Sprintf("%s %s · %s %s · %s", t.pick("assessed", "beoordeeld"), t.time(r.At),
		t.pick("collected", "verzameld"), t.time(r.Evidence.CollectedAt), sealed), "2")
}

func (t table) area(area string, r assess.Results) {
	c, ok := r.Summary.Areas[area]
	if !ok {
		return
	}
	t.line("")
	name := strings.ToUpper(t.words.area[area])
	t.line("%s  %s", t.paint("1", pad(name, 18)), t.counts(c))
	var unread []Group
	for _, g := range Groups(r.Results, area, t.All) {
		if g.Unread() && !t.All {
			unread = append(unread, g)
			continue
		}
		t.group(g)
	}
	if len(unread) > 0 {
		t.line("\n  %s", t.pick("Could not be evaluated, for lack of these facts (--all says why):", "Kon niet worden beoordeeld, omdat deze feiten ontbreken (--all zegt waarom):"))
	}
	for _, g := range unread {
		t.unread(g)
	}
}

func (t table) counts(c assess.Count) string {
	var parts []string
	add := func(n int, s assess.Status) {
		if n > 0 {
			parts = append(parts, t.paint(colors[s], fmt.Sprintf("%d %s", n, t.state[s])))
		}
	}
	add(c.Fail, assess.Fail)
	add(c.Unknown, assess.Unknown)
	add(c.Waived, assess.Waived)
	add(c.Pass, assess.Pass)
	if c.Customer > 0 {
		parts = append(parts, t.paint("2", fmt.Sprintf(t.pick("%d for the customer", "%d voor de klant"), c.Customer)))
	}
	if len(parts) == 0 {
		return t.state[assess.NotApplicable]
	}
	return strings.Join(parts, " · ")
}

func (t table) group(g Group) {
	r := g.Rule
	t.line("")
	label := fmt.Sprintf("%s %s  %s", marks[r.Status], r.Rule, r.Title)
	tail := fmt.Sprintf("%s · %s", t.severity(r.Severity), strings.Join(r.Clauses, ", "))
	if r.Duty != "" {
		tail += t.pick(" · the customer's own duty", " · plicht van de klant zelf")
	}
	t.wrap("  ", t.paint(colors[r.Status], label)+t.paint("2", "  "+tail), utf8.RuneCountInString(label)+2+utf8.RuneCountInString(tail), label, tail, r.Status)
	if r.Status == assess.Pass {
		t.line("      %s", t.paint("2", fmt.Sprintf(t.pick("%d resources", "%d objecten"), len(g.Results))))
		return
	}
	for _, m := range g.ByMessage() {
		t.message(m)
	}
	if r.Remediation != "" && r.Status != assess.Waived {
		t.text("    → ", "      ", t.short(r.Remediation), "2")
	}
}

// short cuts a remediation to what fits on two lines; `waarborg rules show` and --all have it whole.
func (t table) short(s string) string {
	most := 2*t.Width - 20
	if t.All || utf8.RuneCountInString(s) <= most {
		return s
	}
	cut := string([]rune(s)[:most])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, ".,;: ") + " …"
}

// wrap writes a rule's line, its clauses on a line of their own where both do not fit.
func (t table) wrap(indent, painted string, width int, label, tail string, s assess.Status) {
	if len(indent)+width <= t.Width {
		t.line("%s%s", indent, painted)
		return
	}
	t.text(indent, indent+"  ", label, colors[s])
	t.text(indent+"    ", indent+"    ", tail, "2")
}

func (t table) message(m Message) {
	list := m.Resources
	rest := 0
	if !t.All && len(list) > mostResources {
		rest = len(list) - mostResources
		list = list[:mostResources]
	}
	for _, r := range list {
		name := terminalSafe(r.Resource)
		if r.Source != nil && r.Source.Line > 0 {
			name += fmt.Sprintf(" (%s:%d)", terminalSafe(r.Source.File), r.Source.Line)
		}
		if r.Kind == inventory.KindGrant && r.Name != "" {
			name += "  (" + terminalSafe(r.Name) + ")"
		}
		if r.Waiver != "" {
			name += t.pick(" · waiver ", " · acceptatie ") + terminalSafe(t.waiverOf(r))
		}
		t.line("      %s", name)
	}
	if rest > 0 {
		t.line("      %s", t.paint("2", fmt.Sprintf(t.pick("… and %d more (--all)", "… en nog %d (--all)"), rest)))
	}
	who := ""
	if t.served.Differs(list[0], m.Customers) {
		who = " [" + strings.Join(m.Customers, ", ") + "]"
	}
	if m.Accepted {
		who += t.pick(" (accepted internally)", " (intern geaccepteerd)")
	}
	if m.Message != "" {
		t.text("        ", "        ", m.Message+who, "")
	}
	if m.Question != "" {
		t.text("        "+t.paint("33", "?")+" ", "          ", m.Question+who, "")
	}
}

// unread tells in one line what of a rule could not be evaluated: how many resources, and which facts they lack. What to
// do about it stands with the source, not with the rule.
func (t table) unread(g Group) {
	r := g.Rule
	resources, facts := map[string]bool{}, map[string]bool{}
	for _, x := range g.Results {
		resources[x.Resource] = true
		for _, u := range x.Unknown {
			facts[strings.TrimPrefix(u.Path, "terms.")] = true
		}
	}
	label := fmt.Sprintf("%s %s  %s", marks[r.Status], r.Rule, r.Title)
	lacking := fmt.Sprintf("%d × %s", len(resources), strings.Join(slices.Sorted(maps.Keys(facts)), ", "))
	room := t.Width - 2 - utf8.RuneCountInString(label) - 2
	if runes := []rune(lacking); len(runes) > room && room > 12 {
		lacking = string(runes[:room-1]) + "…"
	}
	t.line("  %s  %s", t.paint(colors[r.Status], label), t.paint("2", terminalSafe(lacking)))
}

// text writes a text broken at blanks, so that a line is at most Width columns where its words allow.
func (t table) text(first, next, s, code string) {
	indent, line := first, ""
	for _, word := range strings.Fields(safeText(s)) {
		if line != "" && utf8.RuneCountInString(indent)+utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > t.Width {
			t.line("%s%s", indent, t.paint(code, line))
			indent, line = next, ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		t.line("%s%s", indent, t.paint(code, line))
	}
}

func (t table) sources(r assess.Results) {
	bad := slices.DeleteFunc(slices.Clone(r.Sources), func(s assess.SourceState) bool { return s.Status == "complete" })
	if len(bad) == 0 {
		return
	}
	t.line("\n%s", t.paint("1", t.pick("SOURCES", "BRONNEN")))
	for _, s := range bad {
		text := cmp.Or(s.Message, t.pick("some facts could not be read", "sommige feiten konden niet worden gelezen"))
		t.text("  "+t.paint("33", "!")+" ", "    ", s.ID+": "+text, "")
		if s.Hint != "" {
			t.text("    → ", "      ", s.Hint, "2")
		}
	}
}

func (t table) waivers(r assess.Results) {
	var lines []string
	for _, w := range r.Waivers {
		if w.State == assess.WaiverUsed {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s (%s): %s", w.ID, w.Rule, WaiverText(w, t.lang)))
	}
	if len(lines) == 0 {
		return
	}
	t.line("\n%s", t.paint("1", t.pick("WAIVERS WITHOUT EFFECT", "ACCEPTATIES ZONDER WERKING")))
	for _, l := range lines {
		t.text("  "+t.paint("33", "!")+" ", "    ", l, "")
	}
}

func (t table) summary(r assess.Results) {
	t.line("")
	s := r.Summary
	verdict := map[assess.Status]string{
		assess.Fail:    t.pick("NOT MET", "NIET VOLDAAN"),
		assess.Unknown: t.pick("NOT PROVED: some things could not be evaluated", "NIET BEWEZEN: niet alles kon worden beoordeeld"),
		assess.Waived:  t.pick("met, apart from what is waived", "voldaan, op het geaccepteerde na"),
		assess.Pass:    t.pick("all met", "alles voldaan"),
	}[s.Status]
	t.line("%s  %s", t.paint(colors[s.Status]+";1", verdict), t.counts(s.Results))
	line := fmt.Sprintf(t.pick("resources: %d, rules: %d", "objecten: %d, regels: %d"), s.Resources, s.Rules)
	if n := len(s.NotLooked); n > 0 {
		line += fmt.Sprintf(t.pick("; rules that met no resource, so that nobody looked: %d (%s)", "; regels die geen object troffen, zodat niemand keek: %d (%s)"), n, strings.Join(s.NotLooked, " "))
	}
	t.text("", "", line, "2")
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}
