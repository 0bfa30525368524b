package ci

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// How many characters of a name and of a sentence are shown; nothing of ours is as long.
const (
	mostOfName = 300
	mostOfText = 4000
)

// name makes a name of the outside harmless in plain text: what controls a terminal, or reorders or hides text, becomes a
// visible mark, and what is very long is cut.
func name(s string) string { return plain(s, mostOfName) }

// sentence does the same for a text, which may be longer.
func sentence(s string) string { return plain(s, mostOfText) }

func plain(s string, most int) string {
	if len(s) <= most && clear(s) {
		return s
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > most {
			b.WriteRune('…')
			break
		}
		if hidden(r) {
			r = '\uFFFD'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// clear tells whether a text is of visible ASCII alone, as nearly all names are.
func clear[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// hidden tells whether a character is one that does something and shows nothing.
func hidden(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) ||
		r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF // the last are no characters at all, and XML refuses some
}

var hashes = regexp.MustCompile(`##+`)

// inLog makes plain text harmless in the log of a pipeline. Runners take "::" at the start of a line, and "##[" and "##vso["
// anywhere in it, for commands.
func inLog(s string) string {
	s = hashes.ReplaceAllStringFunc(s, func(m string) string { return strings.Repeat("# ", len(m)-1) + "#" })
	if strings.HasPrefix(s, "::") {
		s = ": :" + s[2:]
	}
	return strings.ReplaceAll(s, " ::", " : :")
}

var markdownSpecial = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;",
	"|", `\|`, "#", `\#`, "!", `\!`, "~", `\~`, "&", "&amp;", "@", "&#64;", "$", `\$`, "::", "&#58;:", "://", "&#58;//", "www.", "www&#46;", "WWW.", "WWW&#46;")

// markdown makes plain text harmless in Markdown, in a table of it and in GitHub's flavour too: no mention, image, link or HTML.
func markdown(s string) string { return markdownSpecial.Replace(s) }

// The values of GitHub's workflow commands, and those of their properties.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// The values of the log commands of Azure Pipelines, and those of their properties.
var (
	azureData     = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A")
	azureProperty = strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A", "]", "%5D", ";", "%3B")
)

// xmlText makes plain text the content of an element or attribute.
func xmlText(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer takes all
	return b.String()
}

// xmlBody does the same for an element's content, and keeps its lines.
func xmlBody(s string) string { return strings.ReplaceAll(xmlText(s), "&#xA;", "\n") }

// noLink takes out of a text what viewers of SARIF make a link of: "[text](target)".
func noLink(s string) string { return strings.ReplaceAll(s, "](", "] (") }

// relative makes of a path one that is relative to the root of the source and stays in it, with slashes.
func relative(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	if len(file) > 1 && file[1] == ':' { // a drive
		file = file[2:]
	}
	return path.Clean("/" + file)[1:]
}

// uri is a path as a relative reference (RFC 3986): all but letters, digits, slashes and some marks is percent-encoded.
func uri(file string) string {
	var b strings.Builder
	for _, c := range []byte(relative(file)) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("/-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// token makes of an id one that OSCAL takes: a letter or underscore, then letters, digits, points, dashes and underscores.
func token(s string) string {
	var b strings.Builder
	for i, r := range plain(s, mostOfName) {
		switch {
		case unicode.IsLetter(r) || r == '_':
		case i > 0 && (unicode.IsDigit(r) || r == '.' || r == '-'):
		case i == 0 && unicode.IsDigit(r):
			b.WriteByte('_')
		default:
			r = '_'
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return "_"
	}
	return b.String()
}

// visible writes JSON on, with what controls a terminal or reorders text as an escape: the values are the same. Characters
// beyond ASCII stand in texts only, so what surrounds them need not be known.
type visible struct {
	w    io.Writer
	rest []byte // the start of a character that the next bytes end
}

func (v *visible) Write(p []byte) (int, error) {
	b := p
	if len(v.rest) > 0 {
		b = append(v.rest, p...)
	}
	var out []byte
	i, from := 0, 0
	for i < len(b) {
		if b[i] < 0x7f {
			i++
			continue
		}
		if !utf8.FullRune(b[i:]) {
			break
		}
		r, n := utf8.DecodeRune(b[i:])
		if hidden(r) {
			out = append(out, b[from:i]...)
			for _, unit := range utf16.AppendRune(nil, r) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
			from = i + n
		}
		i += n
	}
	last := b[from:i]
	if out != nil {
		last = append(out, last...)
	}
	_, err := v.w.Write(last)
	v.rest = append(v.rest[:0:0], b[i:]...)
	if err != nil {
		return 0, err
	}
	return len(p), nil
}
