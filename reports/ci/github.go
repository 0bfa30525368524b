package ci

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/internal/say"
)

// annotations is how many annotations of one level GitHub shows for a step.
const annotations = 10

// The levels of an annotation, worst first.
var levels = []string{"error", "warning", "notice"}

// level is how loud an outcome is: what fails the deploy is an error, what keeps it from going on yet a warning, and what is
// accepted or known a notice.
func level(c gate.Class) int {
	switch c {
	case gate.Failing:
		return 0
	case gate.Accepted, gate.Known:
		return 2
	default:
		return 1
	}
}

// GitHub writes workflow commands that become annotations: at most ten of each level, the worst ones, for GitHub drops
// what comes after. Where there are more, the last says how many.
func GitHub(w io.Writer, r *gate.Report, all gate.Outcomes, o Options) error {
	v := o.voice(r)
	byLevel, err := loudest(r, all, cmp.Or(o.Max, annotations))
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	for i, l := range byLevel {
		for _, block := range l.blocks {
			command(b, levels[i], v.stop(), "", 0, withHint(v.blocked(block), sentence(block.Hint)))
		}
		for _, x := range l.list {
			file, line, ok := source(&x.Outcome)
			if !ok {
				file, line = "", 0 // an annotation at a file that is not in the repository shows nowhere
			}
			command(b, levels[i], v.title(&x.Outcome), file, line, v.detail(&x.Outcome))
		}
		if l.more > 0 {
			command(b, levels[i], "Waarborg", "", 0, v.more(l.more))
		}
	}
	command(b, "", "", "", 0, v.verdict(r)) // a line of the log, for the places for errors may all be taken
	return b.Flush()
}

// command writes one workflow command; without a level it is a line of the log.
func command(w io.Writer, level, title, file string, line int, text string) {
	if level == "" {
		fmt.Fprintf(w, "%s\n", inLog(text))
		return
	}
	properties := "title=" + githubProperty.Replace(title)
	if file != "" {
		properties = fmt.Sprintf("file=%s,line=%d,%s", githubProperty.Replace(name(relative(file))), line, properties)
	}
	fmt.Fprintf(w, "::%s %s::%s\n", level, properties, githubData.Replace(text))
}

// loud is what is said at one level.
type loud struct {
	blocks []gate.Block
	list   []rankedOutcome
	more   int
}

// loudest picks at most a number of blocks and outcomes for each level. The last place is for saying that there are more.
func loudest(r *gate.Report, all gate.Outcomes, most int) ([]loud, error) {
	out := make([]loud, len(levels))
	kept := make([]worst, len(levels))
	for _, b := range r.Blocks {
		at := 1
		if b.Status == assess.Fail {
			at = 0
		}
		out[at].blocks = append(out[at].blocks, b)
	}
	for i := range kept {
		kept[i].most = max(0, most-len(out[i].blocks))
	}
	for o, err := range all {
		if err != nil {
			return nil, err
		}
		kept[level(o.Class)].add(o)
	}
	for i := range out {
		l := &out[i]
		l.list = kept[i].sorted()
		total := len(l.blocks) + kept[i].seen
		if kept[i].seen > len(l.list) || len(l.blocks) > most {
			l.blocks = l.blocks[:min(len(l.blocks), most-1)]
			l.list = l.list[:max(0, min(len(l.list), most-1-len(l.blocks)))]
		}
		l.more = total - len(l.blocks) - len(l.list)
	}
	return out, nil
}

func (v voice) stop() string { return v.tell("The deploy is stopped", "De uitrol is tegengehouden") }

func (v voice) more(n int) string {
	return v.many(n, say.Text{EN: "1 more is not shown here; the table, JSON or SARIF has it.", NL: "1 andere staat hier niet bij; de tabel, JSON of SARIF heeft die."},
		say.Text{EN: "%s more are not shown here; the table, JSON or SARIF has them.", NL: "%s andere staan hier niet bij; de tabel, JSON of SARIF heeft ze."})
}

// title heads an outcome where its details follow.
func (v voice) title(o *gate.Outcome) string { return name(o.Rule) + " " + sentence(o.Title) }

// headline says an outcome in one line.
func (v voice) headline(o *gate.Outcome) string {
	out := fmt.Sprintf("%s: %s: %s", sentence(o.Title), name(o.Address), v.what(o))
	switch o.Class {
	case gate.Accepted, gate.Known:
		out += " (" + v.accepted(o) + ")"
	case gate.ToProve, gate.Unclear:
		out += " (" + v.class(o.Class) + ")"
	}
	return out
}

// detail says an outcome in a few lines, without its title.
func (v voice) detail(o *gate.Outcome) string {
	lines := []string{name(o.Address) + ": " + v.what(o)}
	switch o.Class {
	case gate.Accepted, gate.Known:
		lines = append(lines, v.accepted(o))
	case gate.ToProve, gate.Unclear:
		lines[0] += " (" + v.class(o.Class) + ")"
	}
	if o.Was != "" {
		lines = append(lines, v.tell("before the move: %s", "voor de verplaatsing: %s", name(o.Was)))
	}
	if g := v.ground(o.Clauses, o.GDPR); g != "" {
		lines = append(lines, v.tell("Agreed in: ", "Afgesproken in: ")+g)
	}
	if o.Remediation != "" && o.Class == gate.Failing {
		lines = append(lines, v.tell("To mend: ", "Herstel: ")+sentence(o.Remediation))
	}
	return strings.Join(lines, "\n")
}

func withHint(text, hint string) string {
	if hint == "" {
		return text
	}
	return text + "\n" + hint
}
