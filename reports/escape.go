package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// terminalSafe makes a name of the outside harmless on a terminal: control characters, escape sequences, and marks that
// reorder or hide text become visible replacements, and very long names are cut.
func terminalSafe(s string) string { return safe(s, 300) }

// safeText does the same for a sentence, which may be longer than a name.
func safeText(s string) string { return safe(s, 4000) }

func safe(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > most {
			b.WriteRune('…')
			break
		}
		switch {
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

var markdownSpecial = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;",
	"|", `\|`, "#", `\#`, "!", `\!`, "~", `\~`, "&", "&amp;", "@", "&#64;", "::", "&#58;:")

// markdownSafe makes a name harmless in a Markdown table, in GitHub's flavour too (no mention, no image, no HTML).
func markdownSafe(s string) string { return markdownSpecial.Replace(terminalSafe(s)) }

// Plain makes a name of the outside harmless in any plain text, such as a terminal's: what controls or reorders text is
// replaced, and what is very long is cut.
func Plain(s string) string { return terminalSafe(s) }
