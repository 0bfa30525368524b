package arm

import (
	"maps"
	"slices"
	"strings"
)

// logic is and (stop at false) or or (stop at true): one argument can decide whatever the others are.
func logic(stop bool) func(frame, []any) any {
	return func(_ frame, args []any) any {
		for _, a := range args {
			if b, ok := a.(bool); ok && b == stop {
				return stop
			}
		}
		mark, opaque := worst(args...)
		if opaque {
			return plain(mark)
		}
		for _, a := range args {
			if _, ok := a.(bool); !ok {
				return broken{}
			}
		}
		return !stop
	}
}

func coalesce(_ frame, args []any) any {
	for _, a := range args {
		if mark, opaque := worst(a); opaque {
			return plain(mark)
		}
		if a != nil {
			return a
		}
	}
	return nil
}

func createObject(f frame, args []any) any {
	if len(args)%2 != 0 {
		return broken{}
	}
	out := make(map[string]any, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		key, ok := name(args[i])
		if !ok {
			return after{}
		}
		out[key] = args[i+1]
	}
	return out
}

// union merges objects, the later ones first, and their objects within; of lists it keeps each element once.
func union(f frame, args []any) any {
	if len(args) == 0 {
		return broken{}
	}
	if mark, opaque := worst(args...); opaque {
		return plain(mark)
	}
	out := args[0]
	for _, a := range args[1:] {
		out = f.merge(out, a, 0)
	}
	return out
}

func (f frame) merge(a, b any, level int) any {
	if !f.program.charge(1) || level > maxDepth {
		f.program.spent = true
		return after{}
	}
	switch t := a.(type) {
	case map[string]any:
		other, ok := b.(map[string]any)
		if !ok {
			return broken{}
		}
		f.program.charge(len(t) + len(other))
		out := maps.Clone(t)
		for _, k := range slices.Sorted(maps.Keys(other)) {
			have := k
			for h := range t {
				if strings.EqualFold(h, k) {
					have = h
				}
			}
			mine, isObject := out[have].(map[string]any)
			if _, otherIs := other[k].(map[string]any); isObject && otherIs {
				out[have] = f.merge(mine, other[k], level+1)
				continue
			}
			out[have] = other[k]
		}
		return out
	case []any:
		other, ok := b.([]any)
		if !ok {
			return broken{}
		}
		seen := map[string]bool{}
		out := []any{}
		for _, v := range slices.Concat(t, other) {
			_, opaque := f.program.inside(v, 0)
			k := f.written(v)
			if seen[k] && !opaque {
				continue
			}
			seen[k] = true
			out = append(out, v)
		}
		return out
	}
	return broken{}
}

func shallowMerge(f frame, args []any) any {
	if len(args) != 1 {
		return broken{}
	}
	list, ok := args[0].([]any)
	if !ok {
		return unknowable(f, args)
	}
	out := map[string]any{}
	for _, a := range list {
		m, ok := a.(map[string]any)
		if !ok || !f.program.charge(len(m)) {
			return unknowable(f, []any{a})
		}
		maps.Copy(out, m)
	}
	return out
}

func edge(first bool) func(frame, []any) any {
	return func(_ frame, args []any) any {
		if len(args) != 1 {
			return broken{}
		}
		switch t := args[0].(type) {
		case []any:
			switch {
			case len(t) == 0:
				return nil
			case first:
				return t[0]
			}
			return t[len(t)-1]
		case string:
			runes := []rune(t)
			switch {
			case len(runes) == 0:
				return ""
			case first:
				return string(runes[0])
			}
			return string(runes[len(runes)-1])
		}
		return unknowable(frame{}, args)
	}
}

func length(_ frame, args []any) any {
	if len(args) != 1 {
		return broken{}
	}
	switch t := args[0].(type) {
	case []any:
		return float64(len(t))
	case map[string]any:
		return float64(len(t))
	case string:
		return float64(len([]rune(t)))
	}
	return unknowable(frame{}, args)
}

func empty(_ frame, args []any) any {
	if len(args) != 1 {
		return broken{}
	}
	switch t := args[0].(type) {
	case nil:
		return true
	case []any:
		return len(t) == 0
	case map[string]any:
		return len(t) == 0
	case string:
		return t == ""
	}
	return unknowable(frame{}, args)
}

func contains(f frame, args []any) any {
	if len(args) != 2 {
		return broken{}
	}
	if mark, opaque := worst(args...); opaque {
		return plain(mark)
	}
	switch t := args[0].(type) {
	case string:
		s, ok := name(args[1])
		if !ok {
			return broken{}
		}
		return strings.Contains(t, s)
	case map[string]any:
		s, ok := args[1].(string)
		if !ok {
			return broken{}
		}
		return has(t, s)
	case []any:
		want := f.written(args[1])
		mark := any(false)
		for _, v := range t {
			if m, opaque := f.program.inside(v, 0); opaque {
				mark = plain(m)
			} else if f.written(v) == want {
				return true
			}
		}
		return mark
	}
	return broken{}
}

func toArray(_ frame, args []any) any {
	if len(args) != 1 {
		return broken{}
	}
	if _, isList := args[0].([]any); isList || isOpaque(args[0]) {
		return args[0]
	}
	return []any{args[0]}
}

func flatten(f frame, args []any) any {
	if len(args) != 1 {
		return broken{}
	}
	list, ok := args[0].([]any)
	if !ok {
		return unknowable(f, args)
	}
	out := joinLists(f, list)
	if l, ok := out.([]any); ok && l == nil {
		return []any{}
	}
	return out
}

func items(f frame, args []any) any {
	m, ok := argObject(args)
	if !ok {
		return unknowable(f, args)
	}
	f.program.charge(2 * len(m))
	out := []any{}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, map[string]any{"key": k, "value": m[k]})
	}
	return out
}

func objectKeys(f frame, args []any) any {
	m, ok := argObject(args)
	if !ok {
		return unknowable(f, args)
	}
	f.program.charge(len(m))
	out := []any{}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k)
	}
	return out
}

func argObject(args []any) (map[string]any, bool) {
	if len(args) != 1 {
		return nil, false
	}
	m, ok := args[0].(map[string]any)
	return m, ok
}

func tryGet(f frame, args []any) any {
	if len(args) < 2 {
		return broken{}
	}
	v := args[0]
	for _, index := range args[1:] {
		v = f.member(v, index, true)
	}
	return v
}

// over reads the arguments of a function that calls a lambda for each element of a list.
func over(f frame, args []any) ([]any, closure, any) {
	if len(args) < 2 {
		return nil, closure{}, broken{}
	}
	fn, ok := args[len(args)-1].(closure)
	if !ok {
		return nil, closure{}, broken{}
	}
	list, ok := args[0].([]any)
	if !ok {
		return nil, closure{}, plain(unknowable(f, args[:1]))
	}
	return list, fn, nil
}

func mapEach(f frame, args []any) any {
	list, fn, bad := over(f, args)
	if bad != nil {
		return bad
	}
	out := make([]any, 0, len(list))
	for i, v := range list {
		out = append(out, fn.call(v, float64(i)))
	}
	return out
}

func filter(f frame, args []any) any {
	list, fn, bad := over(f, args)
	if bad != nil {
		return bad
	}
	out := []any{}
	for i, v := range list {
		switch keep := fn.call(v, float64(i)).(type) {
		case bool:
			if keep {
				out = append(out, v)
			}
		default:
			return plain(unknowable(f, []any{keep}))
		}
	}
	return out
}

func reduce(f frame, args []any) any {
	if len(args) != 3 {
		return broken{}
	}
	list, fn, bad := over(f, args)
	if bad != nil {
		return bad
	}
	sum := args[1]
	for _, v := range list {
		sum = fn.call(sum, v)
	}
	return sum
}

func toObject(f frame, args []any) any {
	if len(args) < 2 {
		return broken{}
	}
	list, keyOf, bad := over(f, args[:2])
	if bad != nil {
		return bad
	}
	out := map[string]any{}
	for _, v := range list {
		key, ok := name(keyOf.call(v))
		if !ok {
			return after{}
		}
		out[key] = v
		if len(args) == 3 {
			valueOf, ok := args[2].(closure)
			if !ok {
				return broken{}
			}
			out[key] = valueOf.call(v)
		}
	}
	return out
}
