package reports

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"waarborg/internal/assess"
)

var (
	//go:embed html.tmpl
	htmlTemplate string
	//go:embed html.css
	htmlStyle string
	//go:embed html.js
	htmlScript string
)

// HTML writes a report as one page of HTML that needs nothing else: style, script and charts are in it, and it asks for
// nothing from anywhere. Without its script, or printed, it shows everything; with it, findings can be filtered. It is not
// signed, and says so: the PDF is the evidence. The same document and results give the same bytes.
//
// Names of the outside are escaped, isolated from the text around them, and cut where nobody would read on.
func HTML(w io.Writer, d Document, r assess.Results) error {
	p := newPage(d, r)
	t, err := template.New("report").Funcs(p.functions()).Parse(htmlTemplate)
	if err != nil {
		return fmt.Errorf("the template of the HTML report: %w", err)
	}
	b := bufio.NewWriter(w)
	if err := t.Execute(b, p); err != nil {
		return fmt.Errorf("writing the HTML report: %w", err)
	}
	return b.Flush()
}

// contentPolicy lets a browser use the page's own style and script, by their hashes, and nothing else of any kind.
func contentPolicy() string {
	return "default-src 'none'; style-src '" + hashSource(htmlStyle) + "'; script-src '" + hashSource(htmlScript) + "'; base-uri 'none'; form-action 'none'"
}

func hashSource(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// functions are what the template calls: texts in the report's language, and names made safe. html/template escapes
// what they return for its place in the page.
func (p page) functions() template.FuncMap {
	return template.FuncMap{
		"t":         p.pick,
		"name":      terminalSafe,
		"say":       func(s string) string { return safeText(DatesIn(strings.Join(strings.Fields(s), " "), p.lang)) },
		"names":     func(list []string) string { return terminalSafe(strings.Join(list, ", ")) },
		"time":      p.words.time,
		"date":      p.date,
		"state":     func(s assess.Status) string { return p.words.state[s] },
		"class":     func(s any) string { return token(fmt.Sprint(s)) },
		"sentence":  Sentence,
		"mark":      func(s assess.Status) string { return marks[s] },
		"severity":  p.words.severity,
		"area":      func(a string) string { return p.words.area[a] },
		"source":    p.sourceStatus,
		"waiver":    p.waiver,
		"anchor":    p.anchor,
		"clauseRef": p.clauseRef,
		"inOrder":   p.listed.List,
		"holder":    p.holder,
		"style":     func() template.CSS { return template.CSS(htmlStyle) },
		"script":    func() template.JS { return template.JS(htmlScript) },
		"policy":    contentPolicy,
	}
}
