// Package ci writes what the gate found for the systems that run pipelines and for people who read their logs: SARIF, JUnit,
// annotations of GitHub, a summary in Markdown, code quality of GitLab, log commands of Azure Pipelines, assessment results of
// OSCAL, JSON and a terminal table. Each writer ranges over the outcomes and keeps none but a bounded number of the worst, and
// each escapes names of the outside for its own sink.
package ci

import (
	"cmp"
	"io"
	"time"

	"waarborg/internal/gate"
)

// Options say how an output is written.
type Options struct {
	Language string    // nl or en; empty: that of the report
	Color    bool      // ANSI colours in the table
	Width    int       // columns of the table; 0: 100
	Max      int       // most issues of one level, results of SARIF, or resources of the table and (to 50) the summary; 0: what suits
	Now      time.Time // today, to say how long a waiver has left; zero: when the report was made
}

// Writer writes one output. A failure to write, or of the outcomes, is returned as it is; what was written by then is no
// whole output.
type Writer func(w io.Writer, r *gate.Report, all gate.Outcomes, o Options) error

// Writers are all outputs by the name that a user gives.
func Writers() map[string]Writer {
	return map[string]Writer{"table": Table, "json": JSON, "sarif": SARIF, "junit": JUnit, "github": GitHub, "summary": Summary,
		"gitlab": GitLab, "azure": Azure, "oscal": OSCAL}
}

// voice is how a report is said.
func (o Options) voice(r *gate.Report) voice {
	lang := cmp.Or(o.Language, r.Language)
	if lang != "nl" {
		lang = "en"
	}
	now := o.Now
	if now.IsZero() {
		now = r.At
	}
	return voice{lang, now}
}
