// Package strictyaml reads YAML that people write by hand: agreements, data maps, settings. It reports every problem of
// a file in one go, each with its line, column and excerpt and with a hint in plain words, because a key that is
// silently ignored would silently loosen a promise.
//
// It is stricter than YAML: unknown and double keys, tags, merge keys, several documents, and numbers in other notations
// than plain decimals are refused, and so is input that would exhaust memory. Types are Go structs with `yaml` tags for
// names and `validate` tags (go-playground/validator) for limits.
package strictyaml

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/goccy/go-yaml/ast"

	"waarborg/internal/say"
)

// Problem is something wrong with a file. Line and column count from 1, the column in characters.
type Problem struct {
	File    string
	Line    int
	Column  int
	Path    string   // where in the file, such as customers[2].terms[0].value; empty for the file as a whole
	Excerpt string   // the line, with the place marked under it; values of secret keys are masked
	What    say.Text // what is wrong, on what
	Hint    say.Text // what to do; may be empty
}

// String is the problem in English, as In renders it.
func (p Problem) String() string { return p.In("en") }

// In renders the problem for a terminal in a language (nl, or English for any other), over several lines, without a newline
// at the end.
func (p Problem) In(lang string) string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	b.WriteString(printable(p.What.In(lang)))
	if p.Excerpt != "" {
		b.WriteString("\n" + p.Excerpt)
	}
	if !p.Hint.IsZero() {
		b.WriteString("\n  hint: " + printable(p.Hint.In(lang))) // which is a Dutch word too
	}
	return b.String()
}

// Sort orders problems by file, line and column.
func Sort(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Checker is a struct that checks what tags cannot say, such as two fields that exclude each other. It is asked once
// the struct has been read without a problem. report takes a path below the struct ("" for the struct itself).
type Checker interface {
	Check(report func(path string, what, hint say.Text))
}

// Union is a struct with a field of interface type and tag `union:"kind"`, whose type depends on the text of the field
// `kind`. Variant returns a pointer to an empty value of that type, or nil for a kind that does not exist.
type Union interface {
	Variant(kind string) any
}

// Secret marks a type of text that must not be shown: no problem quotes it, and its line is masked in excerpts.
type Secret interface {
	Secret()
}

// Mismatch is the error by which UnmarshalText of a type says what is wrong with a text, in words that follow the
// text ("is not a date"), and how to mend it. Other errors of UnmarshalText are not shown.
type Mismatch struct {
	What say.Text
	Hint say.Text // may be empty
}

func (m *Mismatch) Error() string { return m.What.EN }

// Document is a file that was read, kept to place later findings in it.
type Document struct {
	File      string
	lines     []string
	positions map[string]position
	secrets   []string // names of keys whose values are masked
}

type position struct{ line, column int }

// Decode reads data into the struct that into points to and returns all problems, sorted by place. With problems, what
// was read is incomplete. It refuses files over MaxBytes, nesting over MaxDepth and more than MaxAliases aliases.
func Decode(file string, data []byte, into any) []Problem {
	_, problems := Read(file, data, into)
	return problems
}

// Read is Decode that also returns the document, which is never nil.
func Read(file string, data []byte, into any) (*Document, []Problem) {
	target := reflect.ValueOf(into).Elem()
	doc := &Document{File: file, positions: map[string]position{"": {1, 1}}, secrets: secretKeys(target.Type())}
	text, problem := clean(doc, data)
	if problem != nil {
		return doc, []Problem{*problem}
	}
	body, problem := parse(doc, text)
	if problem != nil {
		return doc, []Problem{*problem}
	}
	d := &decoder{doc: doc, validate: newValidator(), anchors: map[string]ast.Node{}}
	d.root(body, target)
	Sort(d.problems)
	return doc, d.problems
}

// Position returns line and column of a path; of the nearest thing above it where the path itself is not in the file.
func (d *Document) Position(path string) (line, column int) {
	for {
		if p, ok := d.positions[path]; ok {
			return p.line, p.column
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return 1, 1
		}
		path = path[:cut]
	}
}

// Has tells whether the path is in the file.
func (d *Document) Has(path string) bool { _, ok := d.positions[path]; return ok }

// Problem makes a problem at a path, for checks that look further than one file.
func (d *Document) Problem(path string, what, hint say.Text) Problem {
	line, column := d.Position(path)
	return d.at(line, column, path, on(path, what), hint)
}

func (d *Document) at(line, column int, path string, what, hint say.Text) Problem {
	return Problem{File: d.File, Line: line, Column: column, Path: path, What: what, Hint: hint,
		Excerpt: d.excerpt(line, column)}
}

// join adds a key to a path; keys with other characters than those of names are quoted.
func join(path, key string) string {
	if key == "" || strings.Trim(key, keyCharacters) != "" {
		return fmt.Sprintf("%s[%q]", path, key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// Key returns the path of a key below a path, as positions are kept: names as path.name, others as path["a b"].
func Key(path, key string) string { return join(path, key) }

const keyCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

// secretKeys lists the names of keys in a type whose values are secrets, so that they are masked even in a file that
// cannot be parsed.
func secretKeys(t reflect.Type) []string {
	var out []string
	seen := map[reflect.Type]bool{}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		seen[t] = true
		for _, f := range fieldsOf(t) {
			if isSecret(f.typ) {
				out = append(out, f.name)
			}
			walk(f.typ)
		}
		if u, ok := reflect.New(t).Interface().(interface{ Variants() []any }); ok {
			for _, variant := range u.Variants() {
				walk(reflect.TypeOf(variant))
			}
		}
	}
	walk(t)
	slices.Sort(out)
	return slices.Compact(out)
}

func isSecret(t reflect.Type) bool {
	secret := reflect.TypeFor[Secret]()
	return t.Implements(secret) || reflect.PointerTo(t).Implements(secret)
}

// newValidator is made per file: the validator caches struct types, and a shared one would be global state.
func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	for tag, ok := range map[string]func(string) bool{"id": isID, "name": isName, "word": isWordOfBoth} {
		// Registering fails only for an empty or reserved tag, which these are not.
		_ = v.RegisterValidation(tag, func(f validator.FieldLevel) bool { return ok(f.Field().String()) })
	}
	return v
}
