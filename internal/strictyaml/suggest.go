package strictyaml

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"waarborg/internal/say"
)

// Nearest returns the option that word was probably meant to be, or "" where none is near.
func Nearest(word string, options []string) string {
	if len(word) > 100 { // no slip of the keyboard, and slow to compare
		return ""
	}
	best, bestDistance := "", len(word)/3+2
	for _, o := range slices.Sorted(slices.Values(options)) {
		distance := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(o))
		if distance < bestDistance {
			best, bestDistance = o, distance
		}
	}
	return best
}

// Suggest is the hint for a word that is none of the options: the nearest one, or all of them if they are few.
func Suggest(word string, options []string) say.Text {
	options = slices.Sorted(slices.Values(options))
	if near := Nearest(word, options); near != "" {
		return say.Both("did you mean %s?", "bedoelt u %s?", near)
	}
	if len(options) == 0 || len(options) > 12 {
		return say.Text{}
	}
	return say.Both("known are: %s", "bekend zijn: %s", strings.Join(options, ", "))
}

func isID(s string) bool         { return isWord(s, "-") }
func isName(s string) bool       { return isWord(s, "_") }
func isWordOfBoth(s string) bool { return isWord(s, "-_") }

// isWord tells whether s is of lower-case letters, digits and the separators, starts and ends with a letter or digit,
// and is at most 63 long.
func isWord(s, separators string) bool {
	if s == "" || len(s) > 63 || strings.Trim(s, separators) != s {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789"+separators) == ""
}
