package redact

import (
	"regexp"
	"strings"
)

// longest is how long a text must be to be struck out for its look of chance alone.
const longest = 32

// plain are long texts that look like chance and are not secret: GUIDs, and digests that say which they are.
var plain = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?:sha1|sha256|sha384|sha512|md5)[:-][A-Za-z0-9+/=]+`)

// strikeRandom strikes out long runs of letters and digits that nobody makes up.
func strikeRandom(s string) string {
	if len(s) < longest {
		return s
	}
	var out strings.Builder
	strikeRuns(&out, s, 0, len(s))
	if out.String() == s {
		return s // no need to look for what is plain
	}
	out.Reset()
	at := 0
	for _, span := range append(plain.FindAllStringIndex(s, -1), []int{len(s), len(s)}) {
		strikeRuns(&out, s, at, span[0])
		out.WriteString(s[span[0]:span[1]])
		at = span[1]
	}
	return out.String()
}

// strikeRuns writes s[from:to] with the runs of token characters that look like chance struck out.
func strikeRuns(out *strings.Builder, s string, from, to int) {
	for i := from; i < to; {
		j := i
		for j < to && isToken(s[j]) {
			j++
		}
		switch {
		case j == i:
			out.WriteByte(s[i])
			j++
		case random(s[i:j]):
			out.WriteString(Marker)
		default: // a path is looked at step by step
			start := i
			for k := i; k <= j; k++ {
				if k < j && s[k] != '/' {
					continue
				}
				// The version of a key or secret in a vault's address is 32 hex digits, and no secret.
				version := k-start == 32 && start > 0 && s[start-1] == '/' && isHex(s[start:k])
				if random(s[start:k]) && !version {
					out.WriteString(Marker)
				} else {
					out.WriteString(s[start:k])
				}
				if k < j {
					out.WriteByte('/')
				}
				start = k + 1
			}
		}
		i = j
	}
}

func isToken(c byte) bool {
	return class(c) != other || c == '+' || c == '/' || c == '=' || c == '_' || c == '-'
}

const (
	other = iota
	lower
	upper
	digit
)

func class(c byte) int {
	switch {
	case 'a' <= c && c <= 'z':
		return lower
	case 'A' <= c && c <= 'Z':
		return upper
	case '0' <= c && c <= '9':
		return digit
	}
	return other
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; class(s[i]) != digit && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// random tells whether a run looks like chance: long, and with letters of both cases and digits in turns that names do not
// have. In random text of 62 characters 62 % of neighbours differ in class, in one of 36 characters 40 %; in names that
// people make seldom more than a quarter.
func random(s string) bool {
	if len(s) < longest {
		return false
	}
	var count [4]int
	turns, slashes := 0, 0
	for i := range len(s) {
		c := class(s[i])
		count[c]++
		if s[i] == '/' {
			slashes++
		}
		if i > 0 && c != other && class(s[i-1]) != other && c != class(s[i-1]) {
			turns++
		}
	}
	letters := count[lower] + count[upper]
	switch {
	case count[digit] == 0 || letters == 0 || slashes*16 > len(s):
		return false
	case isHex(s):
		return true
	case count[lower] > 0 && count[upper] > 0:
		return 100*turns >= 50*len(s) || 100*turns >= 40*len(s) && 100*count[digit] >= 6*len(s)
	default:
		return 100*turns >= 28*len(s) && 100*count[digit] >= 10*len(s)
	}
}
