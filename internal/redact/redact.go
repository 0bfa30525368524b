// Package redact strikes out what looks like a credential in a text that is about to be shown or kept. It is a second line: what
// a source marks as secret is never read at all. It looks at the form of a text alone, so it misses secrets that look like
// ordinary words, and now and then strikes out something harmless.
package redact

import (
	"regexp"
	"strings"
)

// Marker stands in the place of what was struck out.
const Marker = "[redacted]"

// Secret tells whether a text, or a part of it, looks like a credential.
func Secret(s string) bool { return String(s) != s }

// String returns a text with each part that looks like a credential replaced by [Marker]. It takes time in proportion to the
// length of the text. A text that was treated before stays as it is.
func String(s string) string {
	if len(s) < shortest {
		return s
	}
	lower := strings.ToLower(s)
	for _, f := range forms {
		if f.hinted(lower) {
			s = f.form.ReplaceAllString(s, f.with)
		}
	}
	return strikeRandom(s)
}

// shortest is the length of the shortest text that can hold a credential: pwd=x.
const shortest = 5

// form is a form of credentials. The hints are cheap to look for, and one of them is in every text of the form.
type form struct {
	hints []string // in lower case
	form  *regexp.Regexp
	with  string
}

func (f form) hinted(lower string) bool {
	for _, h := range f.hints {
		if strings.Contains(lower, h) {
			return true
		}
	}
	return false
}

// forms are all read by Go's regular expressions, which take linear time.
var forms = []form{
	{[]string{"private key"}, regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|\z)`), Marker},
	{[]string{"akia", "asia"}, regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{12,}`), Marker},
	{[]string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}, regexp.MustCompile(`\bgh[pousr]_[A-Za-z0-9]{16,}`), Marker},
	{[]string{"github_pat_"}, regexp.MustCompile(`\bgithub_pat_[A-Za-z0-9_]{16,}`), Marker},
	{[]string{"glpat-", "gldt-", "glrt-", "glptt-", "glsoat-", "glcbt-", "glft-", "glimt-", "glagent-"}, regexp.MustCompile(`\bgl(pat|dt|rt|ptt|soat|cbt|ft|imt|agent)-[A-Za-z0-9_-]{16,}`), Marker},
	{[]string{"xox", "xapp-"}, regexp.MustCompile(`\b(xox[abceoprs]|xapp)-[A-Za-z0-9-]{10,}`), Marker},
	{[]string{"hvs.", "hvb.", "hvr."}, regexp.MustCompile(`\bhv[sbr]\.[A-Za-z0-9_-]{16,}`), Marker},
	{[]string{"_live_", "_test_"}, regexp.MustCompile(`\b[srp]k_(live|test)_[A-Za-z0-9]{10,}`), Marker},
	{[]string{"aiza"}, regexp.MustCompile(`\bAIza[A-Za-z0-9_-]{30,}`), Marker},
	{[]string{"npm_", "dop_v1_"}, regexp.MustCompile(`\b(npm|dop_v1)_[A-Za-z0-9]{30,}`), Marker},
	{[]string{"age-secret-key-"}, regexp.MustCompile(`\bAGE-SECRET-KEY-1[A-Z0-9]{20,}`), Marker},
	{[]string{"eyj"}, regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*`), Marker},
	// The password may hold anything but a space or a slash, an @ too.
	{[]string{"://"}, regexp.MustCompile(`://[^/\s:@?#\[]*:[^/\s]+@`), "://" + Marker + "@"},
	{[]string{"sig="}, regexp.MustCompile(`(?i)(^|[?&;\s])(sig=)[^&\s]{8,}`), "${1}${2}" + Marker},
	// In a connection string a value may hold spaces; it ends at the next ; or & or at the end of the line.
	{[]string{"key=", "password=", "passwd=", "pwd=", "secret=", "token=", "key =", "password =", "pwd ="},
		regexp.MustCompile(`(?i)\b((?:account|shared ?access|access|api|storage|primary|secondary|secret)[ _-]?key|(?:user )?password|passwd|pwd|` +
			`(?:client|app|shared)[ _-]?secret|(?:access|auth|refresh|bearer)[ _-]?token)( ?= ?)[^;&\r\n]+`), "${1}${2}" + Marker},
	{[]string{"bearer ", "basic "}, regexp.MustCompile(`(?i)\b(bearer|basic) [A-Za-z0-9._~+/=-]{16,}`), "${1} " + Marker},
	{[]string{"=="}, regexp.MustCompile(`[A-Za-z0-9+/]{86}==`), Marker},
}
