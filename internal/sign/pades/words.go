package pades

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// maxWords is how long a name, reason, place or line may be, in characters; what is longer is cut.
const maxWords = 200

// clean makes outside text fit to be shown: what would change the text around it (ends of line, control and formatting
// characters such as right-to-left marks) becomes U+FFFD, and too long a text ends in an ellipsis. Cleaning twice changes nothing.
func clean(s string) string {
	n := 0
	var out strings.Builder
	for _, r := range strings.TrimSpace(s) { // invalid UTF-8 is U+FFFD already
		if n++; n > maxWords {
			kept := out.String()
			_, size := utf8.DecodeLastRuneInString(kept)
			return kept[:len(kept)-size] + "…"
		}
		switch {
		case r == '\t' || r == '\n' || unicode.Is(unicode.Zs, r):
			r = ' '
		case !unicode.IsPrint(r):
			r = unicode.ReplacementChar
		}
		out.WriteRune(r)
	}
	return out.String()
}

// utf16Text writes a text as PDF's UTF-16 in hexadecimal, so that no character of it can be syntax.
func utf16Text(s string) string {
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return "<" + hex.EncodeToString(out) + ">"
}

// decoded is what a PDF text says: UTF-16 with its mark, else Latin-1, which is what ASCII in PDF's own encoding is.
func decoded(s string) string {
	if !strings.HasPrefix(s, "\xfe\xff") || len(s)%2 != 0 {
		out := make([]rune, len(s))
		for i := range len(s) {
			out[i] = rune(s[i])
		}
		return string(out)
	}
	units := make([]uint16, 0, len(s)/2)
	for i := 2; i < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}

// highWinAnsi is WinAnsi from 0x80 to 0x9f; a dot is unused.
var highWinAnsi = []rune("€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ")

// winAnsi encodes a clean text; what the encoding lacks becomes a question mark.
func winAnsi(s string) []byte {
	var out []byte
	for _, r := range s {
		c := byte('?')
		switch {
		case r >= ' ' && r <= '~' || r > 0xa0 && r <= 0xff:
			c = byte(r)
		default:
			for i, h := range highWinAnsi {
				if h == r {
					c = byte(0x80 + i)
				}
			}
		}
		out = append(out, c)
	}
	return out
}

// hundredths writes a number that is counted in hundredths, such as of points.
func hundredths(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }
