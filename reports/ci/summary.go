package ci

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
)

// Summary writes a summary in Markdown for the page of a job, as GITHUB_STEP_SUMMARY takes it (at most 1 MiB), or for a comment
// on a change: the verdict first, then what is not met as a table, and the rest folded away.
func Summary(w io.Writer, r *gate.Report, all gate.Outcomes, o Options) error {
	lists, err := collect(all, min(cmp.Or(o.Max, tableMost), tableMost))
	if err != nil {
		return err
	}
	m := summary{bufio.NewWriter(w), o.voice(r)}
	sign := map[assess.Status]string{assess.Fail: "❌", assess.Pass: "✅"}[r.Status]
	m.line("## %s %s\n", or(sign, "⚠️"), markdown(m.verdict(r)))
	m.line("%s\n", markdown(m.judged(r)))
	m.line("%s\n", markdown(m.tally(r.Counts)))
	for _, b := range r.Blocks {
		m.line("> **%s:** %s", m.md(b.What), markdown(m.blocked(b)))
		if b.Hint != "" {
			m.line(">\n> %s", markdown(sentence(b.Hint)))
		}
		m.line("")
	}
	for _, c := range classes {
		m.class(c, lists[c])
	}
	for _, e := range m.extras(r) {
		m.fold(e.title, len(e.lines)+e.more)
		for _, l := range e.lines {
			m.line("- %s", m.md(l))
		}
		if e.more > 0 {
			m.line("- %s", m.tell("… and %s more", "… en nog %s", m.number(e.more)))
		}
		m.line("\n</details>\n")
	}
	return m.Flush()
}

type summary struct {
	*bufio.Writer
	voice
}

func (m summary) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

// How many characters of a text stand in a cell, and of what is wrong: a whole summary stays within what GitHub takes.
const (
	mostOfCell  = 200
	mostOfWrong = 300
)

// md makes a text of the outside harmless in Markdown, and cuts it.
func (m summary) md(s string) string { return markdown(plain(s, mostOfCell)) }

func (m summary) fold(title string, n int) {
	m.line("<details><summary>%s (%s)</summary>\n", markdown(title), m.number(n))
}

func (m summary) class(c gate.Class, l *byRule) {
	if l.seen == 0 {
		return
	}
	if c == gate.Failing {
		m.line("### %s (%s)\n", m.heading(c), m.number(l.seen))
	} else {
		m.fold(m.heading(c), l.seen)
	}
	if h := m.hintOf(c); h != "" {
		m.line("%s\n", markdown(h))
	}
	m.line("| %s | %s | %s | %s |\n|---|---|---|---|", m.tell("Severity", "Ernst"), m.tell("Rule", "Regel"),
		m.tell("Resource", "Object"), m.tell("What is wrong", "Wat er mis is"))
	hidden, bare := 0, 0
	var mend []string
	for _, g := range l.groups() {
		for i := range g.list {
			m.row(&g.list[i].Outcome)
		}
		more := g.total - len(g.list)
		hidden += more
		if len(g.list) > 0 && g.rule.Remediation != "" && c == gate.Failing {
			mend = append(mend, fmt.Sprintf("- %s: %s", m.md(g.rule.Rule), m.md(g.rule.Remediation)))
		}
		if len(g.list) > 0 {
			continue
		}
		if bare++; bare <= mostLines {
			m.line("| %s | %s | %s | |", m.severity(g.rule.Severity), m.ruleOf(g.rule), m.tell("%s resources", "%s objecten", m.number(more)))
		}
	}
	m.line("")
	if hidden > 0 {
		m.line("%s\n", m.voice.more(hidden))
	}
	if len(mend) > 0 {
		m.line("**%s**\n\n%s\n", m.tell("How to mend it", "Hoe te herstellen"), strings.Join(mend, "\n"))
	}
	if c != gate.Failing {
		m.line("</details>\n")
	}
}

func (m summary) ruleOf(o *gate.Outcome) string {
	out := m.md(o.Rule) + " " + m.md(o.Title)
	if g := m.ground(o.Clauses, o.GDPR); g != "" {
		out += "<br>" + m.md(g)
	}
	return out
}

func (m summary) row(o *gate.Outcome) {
	place := m.md(o.Address)
	if file, line, ok := source(o); ok {
		place += "<br>" + m.md(relative(file)) + fmt.Sprintf(":%d", line)
	}
	what := markdown(plain(m.what(o), mostOfWrong))
	if why := m.accepted(o); why != "" {
		what += "<br>" + m.md(why)
	}
	m.line("| %s | %s | %s | %s |", markdown(m.severity(o.Severity)), m.ruleOf(o), place, what)
}
