package arm

import (
	"strings"
)

// function computes a call whose arguments are all known, with what is in them. ok is false for arguments that Azure
// refuses.
type function func(f frame, args []any) (v any, ok bool)

// invoke evaluates a call. Functions that decide on their arguments one by one come first; of all others the outcome is
// known if every argument is.
func (f frame) invoke(x *expr) any {
	switch x.call {
	case "if":
		return f.choose(x.args)
	case "lambda":
		return f.lambda(x.args)
	}
	args := make([]any, len(x.args))
	for i, a := range x.args {
		args[i] = f.eval(a)
		if s, ok := args[i].(string); ok && !f.program.charge(len(s)/64) {
			return after{}
		}
	}
	if fn, ok := f.program.open[x.call]; ok {
		return fn(f, args)
	}
	if strings.HasPrefix(x.call, "list") || x.call == "getsecret" {
		return secret{} // listKeys and its kin give keys
	}
	fn, ok := f.program.closed[x.call]
	if !ok {
		return f.own(x.call, args)
	}
	for _, a := range args {
		if _, opaque := f.program.inside(a, 0); opaque {
			return f.pending(x.call, args)
		}
	}
	v, ok := fn(f, args)
	if !ok {
		return broken{}
	}
	return f.sized(v)
}

// sized charges what a call made.
func (f frame) sized(v any) any {
	n := 0
	switch t := v.(type) {
	case string:
		f.program.made(len(t))
	case []any:
		n = len(t)
	case map[string]any:
		n = len(t)
	}
	if !f.program.charge(n) {
		return after{}
	}
	return v
}

func (f frame) choose(args []*expr) any {
	if len(args) != 3 {
		return broken{}
	}
	switch c := f.eval(args[0]).(type) {
	case bool:
		if c {
			return f.eval(args[1])
		}
		return f.eval(args[2])
	case secret:
		return c
	case after:
		if c.standIn == "" {
			return c
		}
		return f.pending("if", []any{c, f.eval(args[1]), f.eval(args[2])})
	}
	return broken{}
}

// closure is a lambda with where it stands.
type closure struct {
	params []string
	body   *expr
	frame  frame
}

func (f frame) lambda(args []*expr) any {
	if len(args) == 0 {
		return broken{}
	}
	c := closure{frame: f, body: args[len(args)-1]}
	for _, a := range args[:len(args)-1] {
		s, ok := a.value.(string)
		if !ok {
			return broken{}
		}
		c.params = append(c.params, strings.ToLower(s))
	}
	return c
}

func (c closure) call(args ...any) any {
	locals := map[string]any{}
	for k, v := range c.frame.locals {
		locals[k] = v
	}
	for i, p := range c.params {
		if i < len(args) {
			locals[p] = args[i]
		}
	}
	f := c.frame
	f.locals = locals
	return f.eval(c.body)
}

// own calls a function that the template defines itself; any other is not known here.
func (f frame) own(call string, args []any) any {
	namespace, member, ok := strings.Cut(call, ".")
	if !ok || f.d == nil {
		return after{}
	}
	list, _ := get(f.d.template, "functions").([]any)
	for _, entry := range list {
		if s, _ := get(entry, "namespace").(string); !strings.EqualFold(s, namespace) {
			continue
		}
		fn := get(entry, "members."+member)
		params, _ := get(fn, "parameters").([]any)
		if fn == nil || len(params) != len(args) {
			return after{}
		}
		inner := frame{d: f.d, params: map[string]any{}, program: f.program}
		for i, p := range params {
			s, _ := get(p, "name").(string)
			inner.params[strings.ToLower(s)] = f.d.mask(p, args[i], 0)
		}
		return inner.value(get(fn, "output.value"))
	}
	return after{}
}

// openFunctions are those that can tell something of arguments that are not all known.
func openFunctions() map[string]func(frame, []any) any {
	return map[string]func(frame, []any) any{
		"parameters":      named(func(f frame, s string) any { return f.parameter(s) }),
		"variables":       named(func(f frame, s string) any { return f.d.variable(s) }),
		"lambdavariables": named(func(f frame, s string) any { return known(f.locals, s) }),
		"copyindex":       copyIndex,
		"true":            constant(true), "false": constant(false), "null": constant(nil),

		"resourceid": resourceID, "extensionresourceid": extensionID, "subscriptionresourceid": subscriptionID,
		"tenantresourceid": tenantID, "managementgroupresourceid": pendingCall("managementGroupResourceId"),
		"resourcegroup": func(f frame, _ []any) any { return f.d.resourceGroup() },
		"subscription":  func(f frame, _ []any) any { return f.d.subscription() },
		"tenant":        standsFor("tenant"), "managementgroup": standsFor("managementGroup"),
		"deployment": standsFor("deployment"), "environment": standsFor("environment"), "deployer": standsFor("deployer"),
		"uniquestring": pendingCall("uniqueString"), "guid": pendingCall("guid"),
		"reference": reference, "references": unknowable, "newguid": unknowable, "utcnow": unknowable,
		"providers": unknowable, "pickzones": unknowable, "resourceinfo": unknowable,

		"concat": concat, "format": format, "tolower": sameCase(strings.ToLower), "toupper": sameCase(strings.ToUpper),
		"string": toText, "and": logic(false), "or": logic(true), "coalesce": coalesce,
		"createobject": createObject, "createarray": func(_ frame, a []any) any { return a },
		"union": union, "first": edge(true), "last": edge(false), "length": length, "empty": empty, "contains": contains,
		"array": toArray, "flatten": flatten, "items": items, "objectkeys": objectKeys, "tryget": tryGet,
		"map": mapEach, "filter": filter, "reduce": reduce, "toobject": toObject, "shallowmerge": shallowMerge,
	}
}

func constant(v any) func(frame, []any) any { return func(frame, []any) any { return v } }

func unknowable(_ frame, args []any) any {
	if mark, _ := worst(args...); mark == (secret{}) {
		return mark
	}
	return after{}
}

func standsFor(name string) func(frame, []any) any {
	return func(frame, []any) any { return after{unknownText(name)} }
}

func pendingCall(name string) func(frame, []any) any {
	return func(f frame, args []any) any { return f.pending(name, args) }
}

// named is a function of one name.
func named(fn func(frame, string) any) func(frame, []any) any {
	return func(f frame, args []any) any {
		if mark, opaque := worst(args...); opaque {
			return mark
		}
		if len(args) != 1 {
			return broken{}
		}
		s, ok := args[0].(string)
		if !ok || f.d == nil {
			return broken{}
		}
		return fn(f, s)
	}
}

func known(m map[string]any, key string) any {
	v, ok := m[strings.ToLower(key)]
	if !ok {
		return broken{}
	}
	return v
}

func copyIndex(f frame, args []any) any {
	loop, offset := "", 0.0
	for _, a := range args {
		switch t := a.(type) {
		case string:
			loop = strings.ToLower(t)
		case float64:
			offset = t
		default:
			return after{}
		}
	}
	i, ok := f.loops[loop]
	if !ok {
		return broken{}
	}
	if n, ok := i.(float64); ok {
		return n + offset
	}
	return i
}

// reference gives what only a running resource knows; of a nested deployment in the same template, its outputs.
func reference(f frame, args []any) any {
	if len(args) == 0 {
		return broken{}
	}
	if mark, _ := worst(args...); mark == (secret{}) {
		return mark
	}
	if s, ok := name(args[0]); ok && f.d != nil {
		if d := f.d.modules()[strings.ToLower(s)]; d != nil {
			return deployed{of: d}
		}
	}
	return after{}
}
