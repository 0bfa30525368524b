package reports

import (
	"bufio"
	"encoding/json/v2"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"waarborg/internal/assess"
)

// csvColumns are the keys of a row; they are the names that JSON has, in every language, so that a script keeps working.
var csvColumns = []string{"rule", "area", "status", "severity", "clauses", "gdpr", "resource", "name", "kind", "title", "message", "question",
	"remediation", "customers", "duty", "waiver", "customer_consent", "accepted_internally", "source_file", "source_line", "findings", "questions", "unknown"}

// byteOrderMark tells a spreadsheet that the text is UTF-8; without it Excel takes it for Windows-1252.
const byteOrderMark = "\uFEFF"

// CSV writes a row for each result, by RFC 4180: UTF-8 with a byte order mark, commas, CRLF, every cell in quotes, and a
// header row of keys. Lists (clauses, gdpr, customers) are parted by a comma and a blank; findings, questions and unknown are JSON.
//
// A spreadsheet runs a cell that begins with = + - or @ as a formula, and names come from outside. So a cell that begins
// so gets an apostrophe in front, and so does what follows a semicolon, as Excel parts cells there in Dutch settings.
// Control characters and marks that hide or reorder text are written as \u{HEX}. [CSVText] takes both away again.
//
// In a Dutch Excel, take Data > From text/CSV: a double click on the file expects semicolons.
func CSV(w io.Writer, r assess.Results) error {
	b := bufio.NewWriter(w)
	b.WriteString(byteOrderMark)
	csvRow(b, csvColumns)
	for _, x := range r.Results {
		cells, err := csvCells(x)
		if err != nil {
			return err
		}
		csvRow(b, cells)
	}
	return b.Flush()
}

func csvCells(x assess.Result) ([]string, error) {
	file, line, accepted, consent := "", "", "", ""
	if x.Consent != nil {
		consent = x.Consent.Document + ", " + x.Consent.Date
	}
	if x.Source != nil {
		file = x.Source.File
		if x.Source.Line > 0 {
			line = strconv.Itoa(x.Source.Line)
		}
	}
	if x.Accepted {
		accepted = "true"
	}
	cells := []string{x.Rule, x.Area, string(x.Status), string(x.Severity), strings.Join(x.Clauses, ", "), strings.Join(x.GDPR, ", "), x.Resource, x.Name,
		string(x.Kind), x.Title, x.Message, x.Question, x.Remediation, strings.Join(x.Customers, ", "), x.Duty, x.Waiver, consent, accepted, file, line}
	for _, list := range []struct {
		value any
		empty bool
	}{{x.Findings, len(x.Findings) == 0}, {x.Questions, len(x.Questions) == 0}, {x.Unknown, len(x.Unknown) == 0}} {
		if list.empty {
			cells = append(cells, "")
			continue
		}
		raw, err := json.Marshal(list.value, json.Deterministic(true))
		if err != nil {
			return nil, fmt.Errorf("writing what rule %s found at %s: %w", x.Rule, terminalSafe(x.Resource), err)
		}
		cells = append(cells, string(raw))
	}
	return cells, nil
}

func csvRow(b *bufio.Writer, cells []string) {
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		b.WriteString(strings.ReplaceAll(csvSafe(c), `"`, `""`))
		b.WriteByte('"')
	}
	b.WriteString("\r\n")
}

// formula is where a spreadsheet could see one begin, also behind quotes and blanks. The wide forms count in some.
var (
	formula   = regexp.MustCompile(`(^|;)([" ]*)([=+\-@＝＋－＠'])`)
	unformula = regexp.MustCompile(`(^|;)([" ]*)'`)
	escaped   = regexp.MustCompile(`\\u\{[0-9A-F]+\}`)
)

func csvSafe(s string) string { return formula.ReplaceAllString(visible(s), "$1$2'$3") }

// CSVText returns what a cell of [CSV] stands for, once its quotes are read.
func CSVText(cell string) string {
	cell = unformula.ReplaceAllString(cell, "$1$2")
	return escaped.ReplaceAllStringFunc(cell, func(m string) string {
		n, err := strconv.ParseUint(m[3:len(m)-1], 16, 32)
		if err != nil || !utf8.ValidRune(rune(n)) {
			return m
		}
		return string(rune(n))
	})
}

// visible writes what cannot be seen as \u{HEX}, and the backslash of a text that looks like that too.
func visible(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == '\\' && strings.HasPrefix(s[i:], `\u{`) {
			fmt.Fprintf(&b, `\u{%X}`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
