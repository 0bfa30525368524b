package pdf

import (
	"strings"
	"unicode/utf8"
)

// replacement stands for what the fonts cannot show, and for what would hide or reorder text.
const replacement = '\uFFFD'

// The longest texts of the outside that pages show, in characters.
const (
	longestName = 300
	longestText = 4000
)

// alike are characters that the fonts lack and that others can stand for without loss.
var alike = map[rune]rune{'→': '›', '←': '‹', '⇒': '›', '\u2009': '\u00A0', '\u202F': '\u00A0', '\u2007': '\u00A0'}

// clean makes any text safe to draw: what is not in the fonts becomes a visible replacement. The fonts hold no control
// characters, no marks that reorder text and nothing invisible but spaces.
func clean(f *face, s string) string {
	if !utf8.ValidString(s) {
		return cleaned(f, s)
	}
	for _, r := range s {
		if f.width(r) == 0 {
			return cleaned(f, s)
		}
	}
	return s
}

func cleaned(f *face, s string) string {
	var b strings.Builder
	for _, r := range s {
		if f.width(r) == 0 {
			if a, ok := alike[r]; ok && f.width(a) > 0 {
				r = a
			} else {
				r = replacement
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cut shortens a text to a number of characters, and shows that it did.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// name is a name of the outside at a length that a page can bear.
func name(s string) string { return cut(s, longestName) }

// measure is the width of a clean text, in thousandths of the font's size.
func measure(f *face, s string) int {
	w := 0
	for _, r := range s {
		w += int(f.width(r))
	}
	return w
}

// wrap breaks a clean text into lines of at most most thousandths of the font's size: at spaces, and inside a word only
// where the word alone is wider than a line, then rather behind a sign than in the middle. One character that is wider
// than a line still gets one.
func wrap(f *face, s string, most int) []string {
	var out []string
	line, word := 0, 0       // where the line and the word begin
	width, wordWidth := 0, 0 // of the line up to here, of the word up to here
	sign, signWidth := 0, 0  // behind the last sign of the word, and the word's width there
	end := 0                 // of the line before the word, without the space
	space := int(f.width(' '))
	for i, r := range s {
		if r == ' ' {
			if word < i {
				end = i
			}
			word, wordWidth, sign = i+1, 0, 0
			if line == i {
				line = i + 1 // no line begins with a space
				continue
			}
			width += space
			continue
		}
		w := int(f.width(r))
		for width+w > most && i > line {
			switch {
			case word > line:
				out = append(out, s[line:end])
				line, width = word, wordWidth
			case sign > line:
				out = append(out, s[line:sign])
				line, word, width, wordWidth = sign, sign, width-signWidth, wordWidth-signWidth
				sign = 0
			default:
				out = append(out, s[line:i])
				line, word, width, wordWidth = i, i, 0, 0
			}
		}
		width += w
		wordWidth += w
		if strings.ContainsRune("/._-:,;=@)&?", r) && i > word {
			sign, signWidth = i+utf8.RuneLen(r), wordWidth
		}
	}
	if rest := strings.TrimRight(s[line:], " "); rest != "" || len(out) == 0 {
		out = append(out, rest)
	}
	return out
}

// fit shortens a clean text to one line of at most most thousandths of the font's size.
func fit(f *face, s string, most int) string {
	if measure(f, s) <= most {
		return s
	}
	w := int(f.width('…'))
	for i, r := range s {
		if w += int(f.width(r)); w > most {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}
