package ci

import (
	"encoding/json/jsontext"
	"io"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
)

type degradation struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
	Content     *gitlabContent `json:"content,omitempty"`
	Categories  []string       `json:"categories"`
	Type        string         `json:"type"`
}

type gitlabLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

type gitlabContent struct {
	Body string `json:"body"`
}

// GitLab writes the outcomes as a code quality report. What is accepted or known is of severity info, what is to be proved or
// unclear minor, for GitLab has no other way to tell them from what fails. Blocks stand first, at the first input.
func GitLab(w io.Writer, r *gate.Report, all gate.Outcomes, o Options) error {
	v := o.voice(r)
	s := newStream(w)
	s.token(jsontext.BeginArray)
	for i, b := range r.Blocks {
		d := degradation{Description: or(v.blocked(b), blockRule(b)), CheckName: blockRule(b),
			Fingerprint: uuid("block", b.What, number(i)), Severity: "blocker", Type: "issue", Categories: []string{"Compliance"}}
		d.Location.Path, d.Location.Lines.Begin = name(relative(firstInput(r))), 1
		if b.Hint != "" {
			d.Content = &gitlabContent{sentence(b.Hint)}
		}
		s.value(d)
	}
	s.each(all, func(o *gate.Outcome) {
		file, line, _ := source(o)
		d := degradation{Description: v.headline(o), CheckName: name(o.Rule),
			Fingerprint: o.Fingerprint, Severity: gitlabSeverity(o), Type: "issue", Categories: []string{"Compliance"}}
		d.Location.Path, d.Location.Lines.Begin = name(relative(file)), line
		if o.Remediation != "" {
			d.Content = &gitlabContent{markdown(sentence(o.Remediation))}
		}
		s.value(d)
	})
	s.token(jsontext.EndArray)
	return s.err
}

func gitlabSeverity(o *gate.Outcome) string {
	switch o.Class {
	case gate.Accepted, gate.Known:
		return "info"
	case gate.ToProve, gate.Unclear:
		return "minor"
	}
	switch o.Severity {
	case assess.Critical:
		return "blocker"
	case assess.High:
		return "critical"
	case assess.Medium:
		return "major"
	default:
		return "minor"
	}
}
