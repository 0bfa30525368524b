package arm

import (
	"slices"
	"strconv"
	"strings"
)

// identity makes the id of a resource from its type, name and scope.
func (w *walk) identity(d *deployment, f frame, typ, label string, resource map[string]any, in *above) string {
	if in != nil {
		return childID(in, typ, label)
	}
	base := d.scope.id()
	if has(resource, "scope") {
		if s, ok := name(f.value(get(resource, "scope"))); ok {
			base = absolute(s, d.scope)
		} else {
			w.unnamed++
			base = unknownText("scope-" + strconv.Itoa(w.unnamed))
		}
	}
	return base + "/providers/" + interleave(typ, label)
}

// childID is the id of a resource nested in another one, whose type and name are written whole or relative to that.
func childID(in *above, typ, label string) string {
	if rest, ok := cutPrefixFold(typ, in.typ+"/"); ok {
		typ = rest
		if l, ok := cutPrefixFold(label, in.name+"/"); ok {
			label = l
		}
		return in.id + "/" + interleave(typ, label)
	}
	first, _, _ := strings.Cut(typ, "/")
	if strings.Contains(first, ".") {
		return in.id + "/providers/" + interleave(typ, label) // an extension of it
	}
	return in.id + "/" + interleave(typ, label)
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// interleave puts the names of a resource behind the steps of its type: a/b/c with x/y is a/b/x/c/y, where a is the
// provider. Names that are not known apart stay unknown.
func interleave(typ, names string) string {
	steps, labels := strings.Split(typ, "/"), strings.Split(names, "/")
	var out []string
	if strings.Contains(steps[0], ".") {
		out, steps = append(out, steps[0]), steps[1:]
	}
	if len(steps) != len(labels) {
		whole := strings.Join(labels, "_")
		if !isMarked(whole) {
			whole = unknownText(whole)
		}
		labels = slices.Repeat([]string{whole}, len(steps))
	}
	for i, s := range steps {
		out = append(out, s, labels[i])
	}
	return strings.Join(out, "/")
}

// absolute makes an id of what a scope says: an id, or one relative to where the deployment is made.
func absolute(s string, at scope) string {
	switch {
	case s == "/" || s == "":
		return ""
	case strings.HasPrefix(s, "/"):
		return strings.TrimRight(s, "/")
	case isMarked(s) && strings.IndexRune(s, markOpen) == 0 && !strings.Contains(s, "/"):
		return s // an id that is not known
	}
	return at.id() + "/providers/" + strings.TrimRight(s, "/")
}

// typeOf splits an id into the type and the name of the resource; both are what stands after the last provider.
func typeOf(id string) (typ, label string) {
	i := strings.LastIndex(strings.ToLower(id), "/providers/")
	if i < 0 {
		return "", ""
	}
	steps := strings.Split(id[i+len("/providers/"):], "/")
	types, names := []string{steps[0]}, []string{}
	for i, s := range steps[1:] {
		if i%2 == 0 {
			types = append(types, s)
		} else {
			names = append(names, s)
		}
	}
	return strings.Join(types, "/"), strings.Join(names, "/")
}

func lastSegment(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// relative writes an id without where the deployment is made.
func relative(id string, at scope) string {
	own := shown(at.id()) + "/providers/"
	if rest, ok := cutPrefixFold(id, own); ok {
		return rest
	}
	return strings.TrimPrefix(id, "/")
}

// resourceID makes an id within the group deployed to, or within the subscription and group that come first.
func resourceID(f frame, args []any) any {
	at := f.d.scope
	return makeID(args, func(before []string) (string, bool) {
		switch len(before) {
		case 0:
		case 1:
			at.level, at.group = atGroup, before[0]
		case 2:
			at.level, at.sub, at.group = atGroup, before[0], before[1]
		default:
			return "", false
		}
		return at.id(), true
	})
}

func subscriptionID(f frame, args []any) any {
	at := f.d.scope
	at.level = atSub
	return makeID(args, func(before []string) (string, bool) {
		if len(before) == 1 {
			at.sub = before[0]
		}
		return at.id(), len(before) < 2
	})
}

func tenantID(_ frame, args []any) any {
	return makeID(args, func(before []string) (string, bool) { return "", len(before) == 0 })
}

func extensionID(_ frame, args []any) any {
	return makeID(args, func(before []string) (string, bool) {
		if len(before) != 1 {
			return "", false
		}
		return strings.TrimRight(before[0], "/"), true
	})
}

// makeID splits the arguments at the type, which has a provider and a slash, and puts the names behind its steps.
func makeID(args []any, base func(before []string) (string, bool)) any {
	if mark, _ := worst(args...); rank(mark) > 1 {
		return mark
	}
	var texts []string
	at := -1
	for i, a := range args {
		s, ok := name(a)
		if !ok {
			return broken{}
		}
		first, _, slash := strings.Cut(s, "/")
		if at < 0 && slash && strings.Contains(first, ".") && !isMarked(first) {
			at = i
		}
		texts = append(texts, s)
	}
	if at < 0 {
		return after{}
	}
	start, ok := base(texts[:at])
	names := texts[at+1:]
	if !ok || len(names) != strings.Count(texts[at], "/") {
		return broken{}
	}
	id := start + "/providers/" + interleave(texts[at], strings.Join(names, "/"))
	if len(id) > 4096 {
		return broken{} // Azure's ids are shorter
	}
	return text(id)
}
