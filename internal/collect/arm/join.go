package arm

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"waarborg/internal/collect/terraform"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// item is a resource with its translation.
type item struct {
	*found
	translation
	address string
	id      string // as others refer to it, with marks; empty if nobody does
	values  map[string]any
}

// joiner finds what references lead to.
type joiner struct {
	program *evaluator
	exact   map[string][]*item // by id, as plainID makes it
	byType  map[string][]*item // by the lower-case type of the id
	joined  int                // resources that stay as they are but for something that stands in them
	outside map[string]int     // resources of a type that belong to what is not in the input
}

// givens translates what was found, and decides on the references between them.
func (r *result) givens(items []*item) []terraform.Given {
	j := &joiner{program: r.program, exact: map[string][]*item{}, byType: map[string][]*item{}, outside: map[string]int{}}
	for _, it := range items {
		if it.id != "" && !it.into {
			j.exact[plainID(it.id)] = append(j.exact[plainID(it.id)], it)
			kind, _ := typeOf(it.id)
			j.byType[strings.ToLower(kind)] = append(j.byType[strings.ToLower(kind)], it)
		}
	}
	for _, it := range items {
		if it.into {
			j.merge(it)
		}
	}
	var out []terraform.Given
	for _, it := range items {
		if !it.into {
			out = append(out, j.given(it))
		}
	}
	r.skipped["no-op"] -= j.joined
	for _, typ := range slices.Sorted(maps.Keys(j.outside)) {
		r.problem(say.Both("what %d of %s change in resources that are not in this input",
			"wat %d van %s veranderen aan objecten die niet in deze invoer staan",
			j.outside[typ], typ), inventory.NotReported, "parent",
			say.Both("those resources are not judged: judge the template that makes them too, or read the live system after the deploy",
				"die objecten worden niet beoordeeld: beoordeel ook de template die ze maakt, of lees het systeem zelf na de deploy"))
	}
	return out
}

// items makes the translations; a resource whose type has none is only there for rules that ask for it.
func (r *result) items() []*item {
	var out []*item
	for _, f := range r.list {
		lower := strings.ToLower(f.typ)
		t, ok := table[lower]
		if !ok || t.into && r.raw[lower] {
			out = append(out, &item{found: f, translation: translation{azurerm: f.typ}, address: f.address, values: map[string]any{}})
		}
		if !ok {
			continue
		}
		it := &item{found: f, translation: t, address: f.address, id: f.id}
		if t.each == nil {
			it.translate(f.body)
			out = append(out, it)
		} else {
			out = append(out, f.parts(t, parentID(f.id, t.up))...)
		}
		if lower == "microsoft.keyvault/vaults" {
			out = append(out, f.accessPolicies()...)
		}
	}
	seen := map[string]int{}
	for _, it := range out {
		if it.into {
			continue
		}
		it.address = printable(it.address)
		if seen[it.address]++; seen[it.address] > 1 {
			it.address += " #" + strconv.Itoa(seen[it.address])
		}
	}
	return out
}

// printable keeps an address on one line and of a readable length, without what has a meaning in addresses of Terraform.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r == 0x7F:
			return '?'
		case r == '"':
			return '\''
		case r == '~':
			return '-'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 600 {
		return string(r[:600]) + "…" + digest(s)
	}
	return s
}

// translate makes the attributes of the azurerm type.
func (it *item) translate(body any) {
	it.values = build(body, it.fields)
	if it.unknown {
		for _, f := range it.fields {
			it.values[f.to] = after{}
		}
	}
	switch {
	case it.owner != "":
		it.values[it.owner] = ref{id: parentID(it.id, it.up), owner: true, named: strings.HasSuffix(it.owner, "_name")}
	case it.scoped != "":
		it.values[it.scoped] = ref{id: scopeID(it.id), owner: it.scoped != "scope"}
	}
	if strings.EqualFold(it.typ, "Microsoft.Authorization/roleDefinitions") {
		it.id = roleID(it.id)
	}
}

// parts makes an item of each part of a resource that terraform has as resources of their own.
func (f *found) parts(t translation, owner string) []*item {
	var out []*item
	for i, body := range t.each(f.body) {
		it := &item{found: f, translation: t, address: f.address + "/" + strconv.Itoa(i)}
		it.values = build(body, t.fields)
		it.values[t.owner] = ref{id: owner, owner: true}
		out = append(out, it)
	}
	return out
}

// accessPolicies are those that stand in a vault itself. They have no effect in one that uses roles.
func (f *found) accessPolicies() []*item {
	if roles, ok := get(f.body, "properties.enableRbacAuthorization").(bool); ok && roles {
		return nil
	}
	part := *f
	part.typ, part.address = "Microsoft.KeyVault/vaults/accessPolicies", f.address+"/accessPolicies"
	return part.parts(table[strings.ToLower(part.typ)], f.id)
}

// parentID is the id of what stands a number of steps above a resource.
func parentID(id string, up int) string {
	for range 2 * up {
		id = id[:max(0, strings.LastIndexByte(id, '/'))]
	}
	return id
}

// scopeID is the id of what a resource is an extension of; / for the tenant.
func scopeID(id string) string {
	if i := strings.LastIndex(strings.ToLower(id), "/providers/"); i > 0 {
		return id[:i]
	}
	return "/"
}

// plainID is an id as ids are compared.
func plainID(id string) string {
	id = strings.ToLower(strings.TrimRight(id, "/"))
	for _, part := range []string{"blobservices", "fileservices", "queueservices", "tableservices"} {
		id = strings.TrimSuffix(id, "/"+part+"/default")
	}
	return id
}

// merge brings what a resource tells to the one it stands in.
func (j *joiner) merge(it *item) {
	parent := parentID(it.found.id, it.up)
	targets, certain := j.exact[plainID(parent)], true
	if len(targets) == 0 {
		targets, certain = j.maybe(parent, nil), false
	}
	if len(targets) == 0 && (it.change != "" || it.drop) {
		j.outside[it.typ]++
	}
	for _, target := range targets {
		for _, to := range slices.Sorted(maps.Keys(it.values)) {
			have := target.values[to]
			if target.values[to] = combined(have, it.values[to]); it.drop || !certain || len(targets) > 1 {
				target.values[to] = after{}
			}
		}
		if target.change == "" && !target.drop && (it.change != "" || it.drop) {
			copied := *target.found
			copied.change = gate.Joined
			target.found = &copied
			j.joined++
		}
	}
}

// combined puts two forms of one attribute together: a block of each becomes one block.
func combined(a, b any) any {
	first, okA := a.([]any)
	second, okB := b.([]any)
	if !okA || !okB || len(first) != 1 || len(second) != 1 {
		return b
	}
	x, okA := first[0].(map[string]any)
	y, okB := second[0].(map[string]any)
	if !okA || !okB {
		return b
	}
	out := maps.Clone(x)
	maps.Copy(out, y)
	return []any{out}
}

func (j *joiner) given(it *item) terraform.Given {
	g := terraform.Given{Address: it.address, Type: it.azurerm, Change: it.change, Drop: it.drop, Values: map[string]any{}}
	if it.id != "" {
		g.ID, g.Name = strings.ToLower(shown(it.id)), shown(lastSegment(it.found.id))
		it.values["id"], it.values["name"] = g.ID, g.Name
	}
	v, unknown, sensitive := j.separate(it, it.values, 0)
	g.Values, _ = v.(map[string]any)
	g.Unknown, g.Sensitive = unknown, sensitive
	return g
}

// separate splits a value into what is known, and trees of marks of what is known after apply and of what is secret.
func (j *joiner) separate(it *item, v any, level int) (value, unknown, sensitive any) {
	if !j.program.charge(1) || level > maxDepth {
		j.program.spent = true
		return nil, true, nil
	}
	switch t := v.(type) {
	case ref:
		id, ok := j.lead(it, t)
		if !ok {
			return nil, true, nil
		}
		return id, nil, nil
	case secret:
		return nil, nil, true
	case broken:
		return map[string]any{}, nil, nil // of no attribute's type
	case nil, bool, float64, string:
		return v, nil, nil
	case []any:
		values, unknowns, sensitives := make([]any, len(t)), make([]any, len(t)), make([]any, len(t))
		for i := range t {
			if _, bad := t[i].(broken); !bad {
				values[i], unknowns[i], sensitives[i] = j.separate(it, t[i], level+1)
			}
		}
		return values, marks(unknowns), marks(sensitives)
	case map[string]any:
		values, unknowns, sensitives := map[string]any{}, map[string]any{}, map[string]any{}
		for k, member := range t {
			value, u, s := j.separate(it, member, level+1)
			if u != nil {
				unknowns[k] = u
			}
			if s != nil {
				sensitives[k] = s
			}
			if whole := u == true || s == true; !whole {
				values[k] = value
			}
		}
		return values, members(unknowns), members(sensitives)
	}
	return nil, true, nil
}

func marks(list []any) any {
	if !slices.ContainsFunc(list, func(v any) bool { return v != nil }) {
		return nil
	}
	return list
}

func members(m map[string]any) any {
	if len(m) == 0 {
		return nil
	}
	return m
}

// lead is the id that a reference leads to, or the name of what has it. ok is false if the reference is not known well
// enough to tell whether it leads to a resource of the input.
func (j *joiner) lead(it *item, r ref) (id string, ok bool) {
	if !strings.HasPrefix(r.id, "/") {
		return shown(r.id), !isMarked(r.id)
	}
	write := func(id string) string {
		if r.named {
			return shown(lastSegment(id))
		}
		return shown(id)
	}
	within := it.scoped == "scope"
	for at := r.id; at != ""; at = parentID(at, 1) {
		if len(j.exact[plainID(at)]) > 0 {
			return write(r.id), true
		}
		if !within {
			break
		}
	}
	if r.role {
		return shown(r.id), !isMarked(lastSegment(r.id))
	}
	for at := r.id; at != ""; at = parentID(at, 1) {
		if len(j.maybe(at, it)) > 0 {
			return "", false
		}
		if !within {
			break
		}
	}
	if r.owner && (it.change != "" || it.drop) {
		j.outside[it.typ]++
	}
	return write(r.id), true
}

// maybe are the resources that an id can be of, once what is not known of both is known.
func (j *joiner) maybe(id string, but *item) []*item {
	id = plainID(id)
	kind, _ := typeOf(id)
	all := j.byType[kind]
	if !j.program.charge(len(all)) {
		return nil // the input is refused
	}
	var out []*item
	steps := strings.Split(id, "/")
	for _, it := range all {
		if it != but && couldEqual(steps, strings.Split(plainID(it.id), "/")) {
			out = append(out, it)
		}
	}
	return out
}

func couldEqual(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !stepsMeet(a[i], b[i]) {
			return false
		}
	}
	return true
}

// stepsMeet tells whether two steps of ids can be the same: they are, as far as they are known from either end.
func stepsMeet(a, b string) bool {
	if !isMarked(a) && !isMarked(b) {
		return a == b
	}
	startA, endA := ends(a)
	startB, endB := ends(b)
	n := min(len(startA), len(startB))
	m := min(len(endA), len(endB))
	return startA[:n] == startB[:n] && endA[len(endA)-m:] == endB[len(endB)-m:]
}

// ends are the parts of a text before and behind what is not known of it.
func ends(s string) (start, end string) {
	if !isMarked(s) {
		return s, s
	}
	i, k := strings.IndexRune(s, markOpen), strings.LastIndex(s, string(markClose))
	return s[:i], s[k+len(string(markClose)):]
}
