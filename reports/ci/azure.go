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

// issues is how many issues of one level are logged for Azure Pipelines: its summary shows the first ten or so, and a log with
// thousands is slow to open.
const issues = 100

// Azure writes log commands of Azure Pipelines, which become the issues of a run: the worst hundred of each level. Azure knows
// errors and warnings; what is accepted or known is a line of the log.
func Azure(w io.Writer, r *gate.Report, all gate.Outcomes, o Options) error {
	v := o.voice(r)
	byLevel, err := loudest(r, all, cmp.Or(o.Max, issues))
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	for i, l := range byLevel {
		for _, block := range l.blocks {
			issue(b, levels[i], "", "", 0, withHint(v.blocked(block), sentence(block.Hint)))
		}
		for _, x := range l.list {
			file, line, ok := source(&x.Outcome)
			if !ok {
				file = ""
			}
			issue(b, levels[i], x.Rule, file, line, v.title(&x.Outcome)+"\n"+v.detail(&x.Outcome))
		}
		if l.more > 0 {
			issue(b, levels[i], "", "", 0, v.more(l.more))
		}
	}
	issue(b, map[assess.Status]string{assess.Fail: "error", assess.Unknown: "warning", assess.Pass: "notice"}[r.Status], "", "", 0, v.verdict(r))
	return b.Flush()
}

// issue writes one log command, or a line of the log for a notice. Azure shows an issue on one line.
func issue(w io.Writer, level, code, file string, line int, text string) {
	text = strings.ReplaceAll(text, "\n", " · ")
	if level == "notice" {
		fmt.Fprintf(w, "%s\n", inLog(text))
		return
	}
	properties := "type=" + level + ";"
	if file != "" {
		properties += fmt.Sprintf("sourcepath=%s;linenumber=%d;", azureProperty.Replace(name(relative(file))), line)
	}
	if code != "" {
		properties += "code=" + azureProperty.Replace(name(code)) + ";"
	}
	fmt.Fprintf(w, "##vso[task.logissue %s]%s\n", properties, azureData.Replace(inLog(text)))
}
