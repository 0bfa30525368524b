package arm

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The budget of one input. A template within Azure's own limits (4 MiB, 800 resources) stays far below it.
const (
	maxSteps  = 4_000_000 // expressions, and members of what they make
	maxBytes  = 128 << 20 // of all texts that are made
	maxText   = 1 << 20   // of one text
	maxDepth  = 256       // of calls within calls, and of values within values
	maxCopies = 800       // of one loop, which is Azure's limit
	maxParsed = 50_000    // expressions kept parsed
)

// evaluator evaluates the expressions of one input within one budget. Once that is spent every value is unknown, and
// the input is refused.
type evaluator struct {
	steps, bytes int
	spent        bool
	depth        int
	parsed       map[string]*expr
	open         map[string]func(frame, []any) any
	closed       map[string]function
}

func newEvaluator() *evaluator {
	return &evaluator{parsed: map[string]*expr{}, open: openFunctions(), closed: closedFunctions()}
}

// frame is where an expression stands: what names mean in it.
type frame struct {
	d       *deployment
	loops   map[string]any // index of each copy loop around it, by lower-case name; that of the resource also by ""
	locals  map[string]any // variables of lambdas
	params  map[string]any // parameters of a function of the template's own; nil outside one
	program *evaluator
}

// charge takes n steps of the budget; false if it is spent.
func (e *evaluator) charge(n int) bool {
	if e.steps += n; e.steps > maxSteps || n < 0 {
		e.spent = true
	}
	return !e.spent
}

// made takes a text of n bytes that is about to be made.
func (e *evaluator) made(n int) bool {
	if e.bytes += n; e.bytes > maxBytes || n > maxText || n < 0 {
		e.spent = true
	}
	return !e.spent
}

// value evaluates a value of the template, with all that is in it.
func (f frame) value(v any) any {
	e := f.program
	if e.depth++; e.depth > maxDepth {
		e.spent = true
	}
	defer func() { e.depth-- }()
	if !e.charge(1) {
		return after{}
	}
	switch t := v.(type) {
	case string:
		return f.textValue(t)
	case []any:
		out := make([]any, len(t))
		for i := range t {
			out[i] = f.value(t[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(t))
		for _, k := range slices.Sorted(maps.Keys(t)) {
			if list, ok := t[k].([]any); ok && strings.EqualFold(k, "copy") && isPropertyCopy(list) {
				maps.Copy(out, f.copies(list))
				continue
			}
			out[f.key(k)] = f.value(t[k])
		}
		return out
	}
	return v
}

// key evaluates the name of a member, which can be an expression, as in tags.
func (f frame) key(k string) string {
	if !isExpression(k) {
		return k
	}
	s, ok := name(f.textValue(k))
	if !ok {
		return k
	}
	return s
}

func (f frame) textValue(s string) any {
	switch {
	case strings.HasPrefix(s, "[["):
		return s[1:]
	case !isExpression(s):
		return s
	}
	e := f.program
	parsed, ok := e.parsed[s]
	if !ok {
		if !e.charge(len(s) / 16) {
			return after{}
		}
		parsed = parse(s)
		if len(e.parsed) < maxParsed {
			e.parsed[s] = parsed
		}
	}
	if parsed == nil {
		return broken{} // Azure refuses the template
	}
	return f.eval(parsed)
}

func isPropertyCopy(list []any) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(v any) bool {
		entry, ok := v.(map[string]any)
		return !ok || get(entry, "name") == nil || get(entry, "count") == nil || !has(entry, "input")
	})
}

func has(object map[string]any, name string) bool { _, ok := field(object, name); return ok }

// copies makes the members that loops within an object make, one list for each loop.
func (f frame) copies(loops []any) map[string]any {
	out := map[string]any{}
	for _, l := range loops {
		key, ok := f.value(get(l, "name")).(string)
		if !ok {
			continue
		}
		n, ok := count(f.value(get(l, "count")))
		if !ok {
			out[key] = after{}
			continue
		}
		list := make([]any, n)
		for i := range list {
			list[i] = f.inLoop(key, float64(i), false).value(get(l, "input"))
		}
		out[key] = list
	}
	return out
}

// inLoop is the frame of one round of a loop. Of a loop that makes resources, copyIndex() needs no name.
func (f frame) inLoop(name string, index any, ofResources bool) frame {
	loops := map[string]any{strings.ToLower(name): index}
	if ofResources {
		loops[""] = index
	}
	for k, v := range f.loops {
		if _, inner := loops[k]; !inner {
			loops[k] = v
		}
	}
	f.loops = loops
	return f
}

// count reads how many rounds a loop has.
func count(v any) (int, bool) {
	n, ok := v.(float64)
	if !ok || n < 0 || n > maxCopies || n != float64(int(n)) {
		return 0, false
	}
	return int(n), true
}

func (f frame) eval(x *expr) any {
	e := f.program
	if e.depth++; e.depth > maxDepth {
		e.spent = true
	}
	defer func() { e.depth-- }()
	if !e.charge(1) {
		return after{}
	}
	switch {
	case x.call != "":
		return f.invoke(x)
	case x.of != nil:
		return f.member(f.eval(x.of), f.eval(x.index), x.maybe)
	}
	return x.value
}

// member is a member of an object or an element of a list.
func (f frame) member(of, index any, maybe bool) any {
	if mark, opaque := worst(of, index); opaque {
		if d, ok := of.(deployed); ok {
			if s, isText := index.(string); isText {
				return d.member(s)
			}
		}
		base, okBase := name(of)
		key, okKey := name(index)
		if a, ok := mark.(after); ok && okBase && okKey && isMarked(a.standIn) {
			return after{unknownText(shown(base) + "." + shown(key))}
		}
		return mark
	}
	switch t := of.(type) {
	case map[string]any:
		if s, ok := index.(string); ok {
			if v, ok := field(t, s); ok {
				return v
			}
		}
	case []any:
		if i, ok := index.(float64); ok && i >= 0 && i < float64(len(t)) && i == float64(int(i)) {
			return t[int(i)]
		}
	}
	if maybe {
		return nil
	}
	return after{} // Azure refuses the deploy, or the member is one that only a running resource has
}

// worst is the value among those that nothing can be read of that says most of why: a secret before a value of a wrong
// form, and that before one known only after apply, first one without a stand-in.
func worst(list ...any) (mark any, opaque bool) {
	highest := 0
	for _, v := range list {
		if _, ok := v.(deployed); ok {
			v = after{}
		}
		if r := rank(v); r > highest {
			mark, highest = v, r
		}
	}
	return mark, highest > 0
}

func rank(v any) int {
	switch t := v.(type) {
	case secret:
		return 4
	case broken:
		return 3
	case after:
		if t.standIn == "" {
			return 2
		}
		return 1
	}
	return 0
}

// inside is worst of a value and all that is in it.
func (e *evaluator) inside(v any, depth int) (mark any, opaque bool) {
	if !e.charge(1) || depth > maxDepth {
		e.spent = true
		return after{}, true
	}
	note := func(v any) {
		m, _ := e.inside(v, depth+1)
		mark, opaque = worst(mark, m)
	}
	switch t := v.(type) {
	case []any:
		for _, v := range t {
			note(v)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(t)) {
			note(t[k])
		}
	default:
		return worst(v)
	}
	return mark, opaque
}

// write writes a value as Azure's string() does, as JSON without spaces and with sorted members. It is also what stand-ins of
// calls are told apart by.
func (e *evaluator) write(b *strings.Builder, v any, depth int) {
	if !e.charge(1) || depth > maxDepth || b.Len() > maxText {
		e.spent = true
		return
	}
	switch t := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(t))
	case float64:
		b.WriteString(number(t))
	case string:
		b.WriteString(quoted(t))
	case after:
		b.WriteString(t.standIn)
	case []any:
		b.WriteByte('[')
		for i, v := range t {
			if i > 0 {
				b.WriteByte(',')
			}
			e.write(b, v, depth+1)
		}
		b.WriteByte(']')
	case map[string]any:
		b.WriteByte('{')
		for i, k := range slices.Sorted(maps.Keys(t)) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quoted(k))
			b.WriteByte(':')
			e.write(b, t[k], depth+1)
		}
		b.WriteByte('}')
	default:
		b.WriteByte('?')
	}
}

// pending is the outcome of a call whose arguments are not all known: the same call on the same stands for the same.
func (f frame) pending(call string, args []any) any {
	e := f.program
	var b strings.Builder
	for _, a := range args {
		if mark, _ := e.inside(a, 0); rank(mark) > 1 {
			return mark
		}
		e.write(&b, a, 0)
		b.WriteByte(0)
	}
	return after{unknownText(call + "-" + digest(b.String()))}
}
