package strictyaml

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const excerptWidth = 100 // characters of a line that are shown

// excerpt shows a line and marks the column under it. Values of secret keys are replaced by a mask, on the whole line.
func (d *Document) excerpt(line, column int) string {
	if line < 1 || line > len(d.lines) {
		return ""
	}
	text := d.masked(strings.ReplaceAll(d.lines[line-1], "\t", " "))
	runes := []rune(text)
	column = min(max(column, 1), len(runes)+1)
	from := 0
	if column > excerptWidth-10 {
		from = column - excerptWidth/2
	}
	to := min(len(runes), from+excerptWidth)
	number := fmt.Sprintf("%5d", line)
	return fmt.Sprintf("%s | %s\n%s | %s^", number, strings.TrimRight(string(runes[from:to]), " "),
		strings.Repeat(" ", len(number)), strings.Repeat(" ", column-1-from))
}

const mask = "…"

// masked cuts a line after the first secret key on it. It works on text, because it must also hold in a file that
// cannot be parsed.
func (d *Document) masked(line string) string {
	cut := len(line)
	for _, key := range d.secrets {
		for at := 0; ; {
			i := strings.Index(line[at:], key)
			if i < 0 {
				break
			}
			before := line[:at+i]
			at += i + len(key)
			if before != strings.TrimRight(before, keyCharacters) { // the end of a longer name
				continue
			}
			rest := strings.TrimLeft(line[at:], `"' `)
			if strings.HasPrefix(rest, ":") {
				cut = min(cut, len(line)-len(rest)+1)
			}
		}
	}
	if cut == len(line) {
		return line
	}
	return line[:cut] + " " + mask
}

// quote shows a value in a text, cut to a length that can be read.
func quote(s string) string {
	if utf8.RuneCountInString(s) > 60 {
		s = string([]rune(s)[:57]) + "…"
	}
	return `"` + printable(s) + `"`
}

// unprintable tells whether a character could hide or change what a reader sees: control characters but for tabs and
// line ends, and those that turn the direction of writing.
func unprintable(r rune) bool {
	if r == '\t' || r == '\n' {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}

// printable replaces what would change the look of a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unprintable(r) || r == '\n' {
			return ' '
		}
		return r
	}, s)
}
