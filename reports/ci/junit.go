package ci

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
)

// suite counts the cases of one testsuite.
type suite struct {
	name                             string
	tests, failures, errors, skipped int
}

func (s *suite) add(how string) {
	s.tests++
	switch how {
	case "failure":
		s.failures++
	case "error":
		s.errors++
	case "skipped":
		s.skipped++
	}
}

// how says what an outcome is in JUnit. What could not be judged is an error, as a test is that could not be run: GitLab, Azure
// and Jenkins all show it red. What is to be proved after apply, accepted or known is skipped: none of them counts that as
// passed, and all show why.
func how(c gate.Class) string {
	switch c {
	case gate.Failing:
		return "failure"
	case gate.Unclear:
		return "error"
	default:
		return "skipped"
	}
}

// JUnit writes a testsuite with what the deploy rests on as a whole (blocks, rules that are met everywhere, what is left to
// check), and one for each input with a testcase for each outcome.
func JUnit(w io.Writer, r *gate.Report, all gate.Outcomes, o Options) error {
	v := o.voice(r)
	var suites []suite
	seen := map[string]bool{}
	for o, err := range all {
		if err != nil {
			return err
		}
		if len(suites) == 0 || suites[len(suites)-1].name != o.Input {
			suites = append(suites, suite{name: o.Input})
		}
		suites[len(suites)-1].add(how(o.Class))
		seen[o.Rule] = true
	}
	for _, in := range r.Inputs {
		if !slices.ContainsFunc(suites, func(s suite) bool { return s.name == in.Name }) {
			suites = append(suites, suite{name: in.Name})
		}
	}
	j := junit{bufio.NewWriter(w), v, r}
	cases := j.wholeCases(seen)
	whole := suite{name: "waarborg gate"}
	for _, c := range cases {
		whole.add(c.how)
	}
	total := whole
	for _, s := range suites {
		total.tests, total.failures, total.errors = total.tests+s.tests, total.failures+s.failures, total.errors+s.errors
	}
	j.printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	j.printf("<testsuites name=\"waarborg gate\" tests=\"%d\" failures=\"%d\" errors=\"%d\" time=\"0\">\n", total.tests, total.failures, total.errors)
	j.open(0, whole)
	j.properties(map[string]string{"verdict": v.verdict(r), "version": version(r), "rules": r.Rules, "team_rules": r.TeamRules, "workspace": r.Workspace})
	for _, c := range cases {
		j.testcase(c)
	}
	j.printf("  </testsuite>\n")
	if err := j.inputs(suites, all); err != nil {
		return err
	}
	j.printf("</testsuites>\n")
	return j.Flush()
}

type junit struct {
	*bufio.Writer
	voice
	report *gate.Report
}

// testcase is one case: how it went (empty: passed), and why.
type testcase struct{ class, name, how, message, body string }

func (j junit) printf(format string, args ...any) { fmt.Fprintf(j, format, args...) }

func (j junit) open(id int, s suite) {
	j.printf("  <testsuite id=\"%d\" name=\"%s\" package=\"waarborg\" hostname=\"-\" timestamp=\"%s\" time=\"0\"",
		id, xmlText(name(s.name)), j.report.At.UTC().Format("2006-01-02T15:04:05"))
	j.printf(" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\">\n", s.tests, s.failures, s.errors, s.skipped)
}

// properties writes those that have a value; there is at least one.
func (j junit) properties(list map[string]string) {
	j.printf("    <properties>\n")
	for _, k := range slices.Sorted(maps.Keys(list)) {
		if list[k] != "" {
			j.printf("      <property name=\"%s\" value=\"%s\"/>\n", k, xmlText(sentence(list[k])))
		}
	}
	j.printf("    </properties>\n")
}

// wholeCases are those that belong to no input: blocks, and rules without any outcome that is not met. A rule that no input
// reached has none, for nothing was looked at.
func (j junit) wholeCases(seen map[string]bool) []testcase {
	var out []testcase
	for _, b := range j.report.Blocks {
		c := testcase{blockRule(b), name(b.What), "error", j.blocked(b), withHint(j.blocked(b), sentence(b.Hint))}
		if b.Status == assess.Fail {
			c.how = "failure"
		}
		out = append(out, c)
	}
	none := unreached(j.report)
	for _, d := range j.report.Descriptors {
		if seen[d.ID] || none(d.ID) {
			continue
		}
		c := testcase{class: "waarborg." + name(d.Area) + "." + name(d.ID), name: sentence(d.Title.In(j.lang))}
		for _, l := range j.report.Left {
			if l.Rule == d.ID {
				c.how = "skipped"
				c.message = j.tell("left to check on the live system: %s outcomes", "over om in het echte systeem na te gaan: %s uitkomsten", j.number(l.Count))
			}
		}
		out = append(out, c)
	}
	return out
}

func (j junit) inputs(suites []suite, all gate.Outcomes) error {
	at := -1
	next := func() {
		if at >= 0 {
			j.printf("  </testsuite>\n")
		}
		at++
		j.open(at+1, suites[at])
		list := map[string]string{"input": suites[at].name}
		for _, in := range j.report.Inputs {
			if in.Name == suites[at].name {
				list["format"], list["digest"] = in.Format, in.Digest
			}
		}
		j.properties(list)
	}
	for o, err := range all {
		if err != nil {
			return err
		}
		if at < 0 || suites[at].name != o.Input {
			next()
		}
		j.testcase(j.outcome(&o))
	}
	for at < len(suites)-1 {
		next()
	}
	if at >= 0 {
		j.printf("  </testsuite>\n")
	}
	return nil
}

func (j junit) outcome(o *gate.Outcome) testcase {
	c := testcase{class: "waarborg." + name(o.Area) + "." + name(o.Rule), name: sentence(o.Title) + ": " + name(o.Address), how: how(o.Class)}
	switch o.Class {
	case gate.Unclear:
		c.message = j.class(o.Class) + ": " + j.what(o)
	default:
		c.message = j.what(o)
	}
	lines := []string{j.detail(o)}
	if file, line, ok := source(o); ok {
		lines = append(lines, fmt.Sprintf("%s:%d", name(relative(file)), line))
	}
	c.body = strings.Join(append(lines, fmt.Sprintf("%s · %s · %s", name(o.Rule), name(o.Type), j.severity(o.Severity))), "\n")
	return c
}

func (j junit) testcase(c testcase) {
	j.printf("    <testcase classname=\"%s\" name=\"%s\" time=\"0\"", xmlText(c.class), xmlText(c.name))
	switch c.how {
	case "":
		j.printf("/>\n")
	case "skipped": // Jenkins takes no type there, and Azure shows the message alone
		j.printf("><skipped>%s</skipped></testcase>\n", xmlBody(or(c.body, c.message)))
	default:
		j.printf("><%s type=\"%s\" message=\"%s\">%s</%s></testcase>\n", c.how, xmlText(c.class), xmlText(c.message), xmlBody(c.body), c.how)
	}
}
