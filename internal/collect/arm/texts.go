package arm

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// concat joins texts, or lists. Of texts that are not all known it is the stand-in.
func concat(f frame, args []any) any {
	if len(args) > 0 {
		if _, isList := args[0].([]any); isList {
			return joinLists(f, args)
		}
	}
	if mark, _ := worst(args...); rank(mark) > 1 {
		return mark
	}
	size := 0
	var parts []string
	for _, a := range args {
		s, ok := name(a)
		if !ok {
			return broken{}
		}
		size += len(s)
		parts = append(parts, s)
	}
	if !f.program.made(size) {
		return after{}
	}
	return text(strings.Join(parts, ""))
}

func joinLists(f frame, args []any) any {
	var out []any
	for _, a := range args {
		list, ok := a.([]any)
		if !ok {
			if mark, opaque := worst(a); opaque {
				return plain(mark)
			}
			return broken{}
		}
		if !f.program.charge(len(list)) {
			return after{}
		}
		out = append(out, list...)
	}
	return out
}

// plain is a mark without its stand-in, for values made of more than that.
func plain(mark any) any {
	if _, ok := mark.(after); ok {
		return after{}
	}
	return mark
}

// format fills in {0}, {1}; other forms, such as {0:N2}, are not computed.
func format(f frame, args []any) any {
	if mark, _ := worst(args...); rank(mark) > 1 {
		return mark
	}
	if len(args) == 0 {
		return broken{}
	}
	form, ok := args[0].(string)
	if !ok {
		return f.pending("format", args)
	}
	var b strings.Builder
	for form != "" {
		i := strings.IndexAny(form, "{}")
		if i < 0 {
			i = len(form)
		}
		b.WriteString(form[:i])
		if form = form[i:]; form == "" {
			break
		}
		if strings.HasPrefix(form, "{{") || strings.HasPrefix(form, "}}") {
			b.WriteByte(form[0])
			form = form[2:]
			continue
		}
		end := strings.IndexByte(form, '}')
		if end < 1 || form[0] == '}' {
			return broken{}
		}
		n, err := strconv.Atoi(strings.TrimSpace(form[1:end]))
		if err != nil {
			return f.pending("format", args)
		}
		if n < 0 || n+1 >= len(args) {
			return broken{}
		}
		s, ok := formatted(args[n+1])
		if !ok {
			return f.pending("format", args)
		}
		b.WriteString(s)
		form = form[end+1:]
		if b.Len() > maxText {
			break
		}
	}
	if !f.program.made(b.Len()) {
		return after{}
	}
	return text(b.String())
}

// formatted writes a value as format does: a bool with a capital.
func formatted(v any) (string, bool) {
	if b, ok := v.(bool); ok {
		if b {
			return "True", true
		}
		return "False", true
	}
	return name(v)
}

// sameCase changes the case of known text. Names and ids are the same in any case, so a stand-in stays as it is.
func sameCase(change func(string) string) func(frame, []any) any {
	return func(f frame, args []any) any {
		if len(args) != 1 {
			return broken{}
		}
		if mark, opaque := worst(args[0]); opaque {
			return mark
		}
		s, ok := args[0].(string)
		if !ok || !f.program.made(2*len(s)) {
			return broken{}
		}
		return change(s)
	}
}

func toText(f frame, args []any) any {
	if len(args) != 1 {
		return broken{}
	}
	switch v := args[0].(type) {
	case string, after, secret, broken:
		return v
	case bool:
		s, _ := formatted(v)
		return s
	}
	if _, opaque := f.program.inside(args[0], 0); opaque {
		return f.pending("string", args)
	}
	var b strings.Builder
	f.program.write(&b, args[0], 0)
	if !f.program.made(b.Len()) {
		return after{}
	}
	return b.String()
}

// textFunctions need all they are given.
func textFunctions() map[string]function {
	return map[string]function{
		"startswith": pair(func(s, t string) any { return hasFold(s, t, strings.HasPrefix) }),
		"endswith":   pair(func(s, t string) any { return hasFold(s, t, strings.HasSuffix) }),
		"indexof":    pair(func(s, t string) any { return placeOf(s, strings.Index(strings.ToLower(s), strings.ToLower(t))) }),
		"lastindexof": pair(func(s, t string) any {
			return placeOf(s, strings.LastIndex(strings.ToLower(s), strings.ToLower(t)))
		}),
		"trim":      one(func(s string) (any, bool) { return strings.TrimSpace(s), true }),
		"int":       toInt,
		"bool":      toBool,
		"json":      parseJSON,
		"replace":   replace,
		"split":     split,
		"join":      join,
		"substring": substring,
		"padleft":   padLeft,
	}
}

func one(fn func(string) (any, bool)) function {
	return func(_ frame, args []any) (any, bool) {
		if len(args) != 1 {
			return nil, false
		}
		s, ok := args[0].(string)
		if !ok {
			return nil, false
		}
		return fn(s)
	}
}

func pair(fn func(s, t string) any) function {
	return func(_ frame, args []any) (any, bool) {
		if len(args) != 2 {
			return nil, false
		}
		s, ok := args[0].(string)
		t, okT := args[1].(string)
		if !ok || !okT {
			return nil, false
		}
		return fn(s, t), true
	}
}

func hasFold(s, t string, has func(string, string) bool) bool {
	return has(strings.ToLower(s), strings.ToLower(t))
}

// placeOf is a place in text, counted in characters.
func placeOf(s string, i int) any {
	if i < 0 {
		return -1.0
	}
	return float64(utf8.RuneCountInString(s[:min(i, len(s))]))
}

func toInt(_ frame, args []any) (any, bool) {
	if len(args) != 1 {
		return nil, false
	}
	switch t := args[0].(type) {
	case float64:
		return t, t == float64(int64(t))
	case string:
		n, err := strconv.ParseInt(strings.TrimSpace(t), 10, 64)
		return float64(n), err == nil
	}
	return nil, false
}

func toBool(_ frame, args []any) (any, bool) {
	if len(args) != 1 {
		return nil, false
	}
	switch t := args[0].(type) {
	case bool:
		return t, true
	case float64:
		return t != 0, true
	case string:
		return strings.EqualFold(t, "true"), strings.EqualFold(t, "true") || strings.EqualFold(t, "false")
	}
	return nil, false
}

func parseJSON(f frame, args []any) (any, bool) {
	s, ok := argText(args, 0)
	if !ok || !f.program.charge(len(s)/4) {
		return nil, false
	}
	doc, err := decodeText(s)
	return doc, err == nil
}

func argText(args []any, i int) (string, bool) {
	if i >= len(args) {
		return "", false
	}
	s, ok := args[i].(string)
	return s, ok
}

func replace(f frame, args []any) (any, bool) {
	s, ok := argText(args, 0)
	old, okOld := argText(args, 1)
	with, okNew := argText(args, 2)
	if !ok || !okOld || !okNew || old == "" {
		return nil, false
	}
	if !f.program.made(len(s) + strings.Count(s, old)*len(with)) {
		return nil, false
	}
	return strings.ReplaceAll(s, old, with), true
}

func split(f frame, args []any) (any, bool) {
	s, ok := argText(args, 0)
	if !ok || len(args) != 2 {
		return nil, false
	}
	marks := []string{}
	switch t := args[1].(type) {
	case string:
		marks = append(marks, t)
	case []any:
		for i := range t {
			m, ok := t[i].(string)
			if !ok {
				return nil, false
			}
			marks = append(marks, m)
		}
	}
	if len(marks) != 1 || marks[0] == "" || !f.program.charge(len(s)) {
		return after{}, true // several delimiters are not computed
	}
	out := []any{}
	for part := range strings.SplitSeq(s, marks[0]) {
		out = append(out, part)
	}
	return out, true
}

func join(f frame, args []any) (any, bool) {
	if len(args) != 2 {
		return nil, false
	}
	list, ok := args[0].([]any)
	mark, okMark := args[1].(string)
	if !ok || !okMark {
		return nil, false
	}
	size := len(mark) * len(list)
	var parts []string
	for _, v := range list {
		s, ok := formatted(v)
		if !ok {
			return nil, false
		}
		size += len(s)
		parts = append(parts, s)
	}
	if !f.program.made(size) {
		return nil, false
	}
	return strings.Join(parts, mark), true
}

func substring(_ frame, args []any) (any, bool) {
	s, ok := argText(args, 0)
	if !ok || len(args) < 2 || len(args) > 3 || len(s) > maxText {
		return nil, false
	}
	runes := []rune(s)
	start, okStart := args[1].(float64)
	n := float64(len(runes)) - start
	okLength := true
	if len(args) == 3 {
		n, okLength = args[2].(float64)
	}
	if !okStart || !okLength || start < 0 || n < 0 || start+n > float64(len(runes)) {
		return nil, false
	}
	return string(runes[int(start):int(start+n)]), true
}

func padLeft(f frame, args []any) (any, bool) {
	if len(args) < 2 || len(args) > 3 {
		return nil, false
	}
	s, ok := name(args[0])
	n, okN := args[1].(float64)
	with := " "
	if len(args) == 3 {
		var okWith bool
		if with, okWith = args[2].(string); !okWith || utf8.RuneCountInString(with) != 1 {
			return nil, false
		}
	}
	if !ok || !okN || n > maxText {
		return nil, false
	}
	missing := max(0, int(n)-utf8.RuneCountInString(s))
	if !f.program.made(missing * len(with)) {
		return nil, false
	}
	return strings.Repeat(with, missing) + s, true
}
