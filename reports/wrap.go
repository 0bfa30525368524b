package reports

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Wrap writes a text broken at blanks into lines of at most width columns (0: 100), the first after one indent and the others
// after another. What controls a terminal is taken out of the text, not of the indents.
func Wrap(w io.Writer, first, next, text string, width int) {
	width = min(cmp.Or(width, 100), 120)
	indent, line := first, ""
	for _, word := range strings.Fields(safeText(text)) {
		if line != "" && utf8.RuneCountInString(next)+utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			fmt.Fprintf(w, "%s%s\n", indent, line)
			indent, line = next, ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		fmt.Fprintf(w, "%s%s\n", indent, line)
	}
}
