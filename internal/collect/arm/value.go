package arm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Values are those of JSON (nil, bool, float64, string, []any, map[string]any), and besides:

// after is a value that is known only after apply. Where the same value can come back, such as that of a parameter, a
// stand-in says which it is, so that a name made of it can still be told from others: text with the unknown parts
// between marks. A stand-in serves as a name or id alone, never as a value.
type after struct{ standIn string }

// secret is a value that the template marks as secret. It is never kept.
type secret struct{}

// broken is a value of a form that no resource has.
type broken struct{}

// deployed is a nested deployment, of which the outputs can be asked, or those outputs.
type deployed struct {
	of      *deployment
	outputs bool
}

func (d deployed) member(name string) any {
	switch {
	case d.outputs:
		return map[string]any{"value": d.of.output(name)}
	case strings.EqualFold(name, "outputs"):
		return deployed{d.of, true}
	case strings.EqualFold(name, "properties"):
		return d // of the full form of a reference
	}
	return after{}
}

// The marks around what is not known in a stand-in. They are no characters, and are taken out of what is read.
const (
	markOpen  = '\uFDD0'
	markClose = '\uFDD1'
)

// unknownText is the stand-in of one unknown value.
func unknownText(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == markOpen || r == markClose {
			return '_'
		}
		return r
	}, name)
	return string(markOpen) + name + string(markClose)
}

// text makes a value of text that may hold marks.
func text(s string) any {
	if isMarked(s) {
		return after{s}
	}
	return s
}

func isMarked(s string) bool { return strings.ContainsRune(s, markOpen) }

// shown is a stand-in as people may read it: {storageName}, and - for the subscription and resource group deployed to.
func shown(s string) string { return readable.Replace(s) }

var (
	readable = strings.NewReplacer(string(markOpen)+"-"+string(markClose), "-", string(markOpen), "{", string(markClose), "}")
	markless = strings.NewReplacer(string(markOpen), "\uFFFD", string(markClose), "\uFFFD")
)

// unmarked takes the marks out of what was read.
func unmarked(v any) any {
	clean := markless.Replace
	switch t := v.(type) {
	case string:
		return clean(t)
	case []any:
		for i := range t {
			t[i] = unmarked(t[i])
		}
	case map[string]any:
		for _, k := range slices.Collect(maps.Keys(t)) {
			v := unmarked(t[k])
			if c := clean(k); c != k {
				delete(t, k)
				t[c] = v
			} else {
				t[k] = v
			}
		}
	}
	return v
}

// field finds a member of an object as Azure does, by its name in any case. Two members whose names differ in case alone
// are broken: who takes which is not sure.
func field(object map[string]any, name string) (v any, ok bool) {
	for k, found := range object {
		if !strings.EqualFold(k, name) {
			continue
		}
		if ok {
			return broken{}, true
		}
		v, ok = found, true
	}
	return v, ok
}

// get follows names, separated by dots, into objects. What is not there is nil; what is unknown or broken on the way
// there stays so.
func get(v any, path string) any {
	for path != "" {
		name, rest, _ := strings.Cut(path, ".")
		object, ok := v.(map[string]any)
		if !ok {
			if isOpaque(v) {
				return v
			}
			return nil
		}
		v, _ = field(object, name)
		path = rest
	}
	return v
}

// isOpaque tells whether nothing can be read of a value.
func isOpaque(v any) bool {
	switch v.(type) {
	case after, secret, broken, deployed:
		return true
	}
	return false
}

// name is the text of a value for use in a name or id; ok is false if it has none.
func name(v any) (s string, ok bool) {
	switch t := v.(type) {
	case string:
		return t, true
	case after:
		return t.standIn, t.standIn != ""
	case float64:
		return number(t), true
	case bool:
		return strconv.FormatBool(t), true
	}
	return "", false
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// digest is a short name for long text.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:5])
}

func quoted(s string) string {
	out, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		return `""` // not UTF-8, which reading has refused
	}
	return string(out)
}
