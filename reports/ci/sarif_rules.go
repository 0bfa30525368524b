package ci

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
)

type sarifRule struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	Short         sarifText      `json:"shortDescription"`
	Full          sarifText      `json:"fullDescription"`
	Help          sarifText      `json:"help"`
	Configuration sarifConfig    `json:"defaultConfiguration"`
	Properties    map[string]any `json:"properties"`
}

type sarifConfig struct {
	Level string `json:"level"`
}

func (x *sarif) driver() map[string]any {
	list := make([]sarifRule, 0, len(x.report.Descriptors)+len(x.report.Blocks))
	for _, d := range x.report.Descriptors {
		list = append(list, x.descriptor(d))
	}
	for _, b := range x.report.Blocks {
		if rule := x.blockDescriptor(b); !slices.ContainsFunc(list, func(o sarifRule) bool { return o.ID == rule.ID }) {
			list = append(list, rule)
		}
	}
	return map[string]any{"name": "Waarborg", "version": version(x.report), "rules": list}
}

func (x *sarif) descriptor(d *assess.Rule) sarifRule {
	title, what, how := sentence(d.Title.In(x.lang)), sentence(d.Description.In(x.lang)), sentence(d.Remediation.In(x.lang))
	ground := x.ground(d.Clauses, d.GDPR)
	out := sarifRule{ID: name(d.ID), Name: ruleName(d), Short: sarifText{Text: noLink(title)}, Full: sarifText{Text: noLink(or(what, title))},
		Configuration: sarifConfig{sarifLevel(d.Severity)},
		Properties:    map[string]any{"tags": tags(d), "security-severity": securitySeverity(d.Severity), "precision": "very-high"}}
	text, md := []string{or(what, title)}, []string{"**" + markdown(title) + "**", markdown(or(what, title))}
	add := func(head, body string) {
		if body != "" {
			text = append(text, head+": "+body)
			md = append(md, "**"+head+":** "+markdown(body))
		}
	}
	add(x.tell("Agreed in", "Afgesproken in"), ground)
	add(x.tell("How to mend it", "Hoe te herstellen"), how)
	out.Help = sarifText{Text: noLink(strings.Join(text, "\n\n")), Markdown: strings.Join(md, "\n\n")}
	return out
}

func (x *sarif) blockDescriptor(b gate.Block) sarifRule {
	title := noLink(x.tell("A condition of the deploy is not fulfilled: %s", "Een voorwaarde voor de uitrol is niet vervuld: %s", name(b.What)))
	return sarifRule{ID: blockRule(b), Name: "Waarborg" + camel(token(b.What)), Short: sarifText{Text: title}, Full: sarifText{Text: title},
		Help: sarifText{Text: title, Markdown: markdown(title)}, Configuration: sarifConfig{"error"},
		Properties: map[string]any{"tags": []string{"compliance", "security"}, "security-severity": securitySeverity(assess.Critical), "precision": "very-high"}}
}

// ruleName is the last part of a rule's package in the way that names of rules are written: PasswordLength.
func ruleName(d *assess.Rule) string {
	return or(camel(name(d.Package[strings.LastIndexByte(d.Package, '.')+1:])), name(d.ID))
}

// camel writes words_with_underscores as CamelCase.
func camel(s string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(s, "_") {
		if first, n := utf8.DecodeRuneInString(part); n > 0 {
			b.WriteRune(unicode.ToUpper(first))
			b.WriteString(part[n:])
		}
	}
	return b.String()
}

// tags of a rule: what it is about, and what it rests on. GitHub shows "security" ones with their severity.
func tags(d *assess.Rule) []string {
	out := []string{"compliance", "security", name(d.Area)}
	for _, c := range d.Clauses {
		out = append(out, name(c))
	}
	for _, a := range d.GDPR {
		out = append(out, "gdpr/"+name(a))
	}
	slices.Sort(out)
	out = slices.DeleteFunc(slices.Compact(out), func(s string) bool { return s == "" })
	return out[:min(len(out), 20)] // GitHub refuses more
}

// securitySeverity is a number as CVSS has it, in the middle of what GitHub calls by the same word.
func securitySeverity(s assess.Severity) string {
	switch s {
	case assess.Critical:
		return "9.5"
	case assess.High:
		return "8.0"
	case assess.Medium:
		return "5.5"
	default:
		return "3.0"
	}
}

func version(r *gate.Report) string { return or(name(r.Version), "0") }

func or(s, other string) string {
	if strings.TrimSpace(s) == "" {
		return other
	}
	return s
}
