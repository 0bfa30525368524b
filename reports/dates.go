package reports

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

var isoDate = regexp.MustCompile(`\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z)?`)

// DatesIn writes the dates and times of a sentence, such as 2026-11-23 and 2026-11-23T15:04:05Z, as people write them in
// Dutch or English. A date that is a piece of something longer, such as a name, stays as it is, and so does a day that does
// not exist.
func DatesIn(s, lang string) string {
	var b strings.Builder
	from := 0
	for _, m := range isoDate.FindAllStringIndex(s, -1) {
		before, _ := utf8.DecodeLastRuneInString(s[:m[0]])
		after, n := utf8.DecodeRuneInString(s[m[1]:])
		next, _ := utf8.DecodeRuneInString(s[m[1]+n:])
		alone := m[0] == 0 || unicode.IsSpace(before) || before == '('
		ends := n == 0 || unicode.IsSpace(after) || after == ')' || strings.ContainsRune(".,;:", after) && (m[1]+n == len(s) || unicode.IsSpace(next))
		text, ok := isoText(s[m[0]:m[1]], lang)
		if !alone || !ends || !ok {
			continue
		}
		b.WriteString(s[from:m[0]])
		b.WriteString(text)
		from = m[1]
	}
	return b.String() + s[from:]
}

func isoText(s, lang string) (string, bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return DateText(t, lang), true
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return TimeText(t, lang), true
	}
	return "", false
}
