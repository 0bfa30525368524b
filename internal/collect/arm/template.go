package arm

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// maxResources is how many resources one template may make, loops counted out. Azure's own limit is 800 a deployment.
const maxResources = 50_000

// deployment is a template, or one that is nested in it, with what its expressions are evaluated in.
type deployment struct {
	template map[string]any
	scope    scope
	path     string         // names of the modules it stands in, as a prefix of addresses
	given    map[string]any // values of parameters by lower-case name
	all      bool           // every parameter that is given is in `given`
	inner    frame          // of its own expressions; that of the parent if it says so
	params   map[string]any // evaluated
	vars     map[string]any // evaluated
	busy     map[string]bool
	mods     map[string]*deployment // nested ones by symbolic name, name and id; nil until asked
	asking   bool                   // mods are being made
	depth    int
}

// scope is where a deployment makes its resources, with marks where that is not known.
type scope struct {
	level            string // resource group, subscription, management group or tenant
	sub, group, mgmt string
}

const (
	atGroup  = "group"
	atSub    = "subscription"
	atMgmt   = "management"
	atTenant = "tenant"
)

func (s scope) id() string {
	switch s.level {
	case atTenant:
		return ""
	case atMgmt:
		return "/providers/Microsoft.Management/managementGroups/" + s.mgmt
	case atSub:
		return "/subscriptions/" + s.sub
	}
	return "/subscriptions/" + s.sub + "/resourceGroups/" + s.group
}

func rootScope(schema string) scope {
	here := unknownText("-")
	out := scope{level: atGroup, sub: here, group: here, mgmt: here}
	switch s := strings.ToLower(schema); {
	case strings.Contains(s, "subscriptiondeploymenttemplate"):
		out.level = atSub
	case strings.Contains(s, "managementgroupdeploymenttemplate"):
		out.level = atMgmt
	case strings.Contains(s, "tenantdeploymenttemplate"):
		out.level = atTenant
	}
	return out
}

// template reads a deployment template. params are those of a parameters file.
func (r *result) template(doc, params map[string]any, given bool) error {
	schema, _ := get(doc, "$schema").(string)
	d := newDeployment(doc, rootScope(schema), r.program)
	d.given, d.all = params, given
	w := &walk{result: r}
	w.deploy(d)
	if w.bad != nil {
		return w.bad
	}
	return r.withinBudget()
}

// withinBudget refuses an input that takes too much.
func (r *result) withinBudget() error {
	if r.program.spent {
		return &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("%s takes more to evaluate than any template that Azure accepts",
				"%s vergt meer rekenwerk dan elke template die Azure aanneemt", r.name),
			Hint: say.Both("look for expressions or loops that multiply each other; `az deployment group what-if` shows what they make",
				"zoek naar expressies of lussen die elkaar vermenigvuldigen; `az deployment group what-if` laat zien wat ze maken")}
	}
	return nil
}

func newDeployment(template map[string]any, at scope, program *evaluator) *deployment {
	d := &deployment{template: template, scope: at, params: map[string]any{}, vars: map[string]any{}, busy: map[string]bool{}}
	d.inner = frame{d: d, program: program}
	return d
}

// walk goes through the resources of a template and those nested in it.
type walk struct {
	*result
	unnamed int
	bad     error
}

func (w *walk) refuse(where say.Text) {
	if w.bad == nil {
		w.bad = &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("%s: %s does not have the form of an ARM template", "%s: %s heeft niet de vorm van een ARM-template", w.name, where),
			Hint: say.Both("make it again with `az bicep build`, and do not change it afterwards",
				"maak het opnieuw met `az bicep build`, en wijzig het daarna niet")}
	}
}

// deploy reads the resources of a deployment: a list, or an object by symbolic name, which is read in the order of names.
func (w *walk) deploy(d *deployment) {
	for _, e := range d.entries() {
		if w.stop() {
			return
		}
		resource, ok := e.value.(map[string]any)
		if !ok {
			w.refuse(say.Both("an element of resources", "een element van resources"))
			return
		}
		w.entry(d, e.symbol, resource, nil)
	}
	if d.entries() == nil && !isEmpty(get(d.template, "resources")) {
		w.refuse(say.Same("resources"))
	}
}

func isEmpty(v any) bool {
	switch t := v.(type) {
	case nil:
		return true
	case []any:
		return len(t) == 0
	case map[string]any:
		return len(t) == 0
	}
	return false
}

func (w *walk) stop() bool { return w.program.spent || w.bad != nil }

type entry struct {
	symbol string
	value  any
}

func (d *deployment) entries() []entry {
	var out []entry
	switch t := get(d.template, "resources").(type) {
	case []any:
		for _, v := range t {
			out = append(out, entry{value: v})
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(t)) {
			out = append(out, entry{k, t[k]})
		}
	}
	return out
}

// above is the resource that another one is nested in.
type above struct {
	id, typ, name string
	frame         frame
}

// entry reads one resource, once for each round of its loop.
func (w *walk) entry(d *deployment, symbol string, resource map[string]any, in *above) {
	f := d.inner
	if in != nil {
		f = in.frame
	}
	if existing, _ := get(resource, "existing").(bool); existing {
		w.skipped["existing"]++
		return
	}
	for _, round := range w.rounds(f, resource, symbol) {
		if w.stop() {
			return
		}
		w.one(d, round.frame, round.symbol, resource, in)
	}
}

type round struct {
	frame  frame
	symbol string
}

// rounds are those of the loop of a resource; one if it has none.
func (w *walk) rounds(f frame, resource map[string]any, symbol string) []round {
	loop, ok := get(resource, "copy").(map[string]any)
	if !ok {
		return []round{{f, symbol}}
	}
	name, _ := f.value(get(loop, "name")).(string)
	n, ok := count(f.value(get(loop, "count")))
	if !ok {
		w.problem(say.Both("how many resources the loop %s makes", "hoeveel objecten de lus %s maakt", shown(name)), inventory.AfterApply, "copy",
			say.Both("one is judged for all; give the parameters file, or judge the outcome of what-if",
				"één is beoordeeld voor alle; geef het parameterbestand mee, of beoordeel de uitkomst van what-if"))
		return []round{{f.inLoop(name, after{unknownText("index")}, true), suffix(symbol, "[*]")}}
	}
	out := make([]round, 0, n)
	for i := range n {
		out = append(out, round{f.inLoop(name, float64(i), true), suffix(symbol, "["+strconv.Itoa(i)+"]")})
	}
	return out
}

func suffix(symbol, with string) string {
	if symbol == "" {
		return ""
	}
	return symbol + with
}

// one reads one resource: itself, what is nested in it, and if it is a deployment, what that makes.
func (w *walk) one(d *deployment, f frame, symbol string, resource map[string]any, in *above) {
	if !w.program.charge(10) {
		return
	}
	made, known := true, true
	if has(resource, "condition") {
		made, known = f.value(get(resource, "condition")).(bool)
	}
	if known && !made {
		w.skipped["condition"]++
	}
	made = made || !known // what may be made is judged
	typ, ok := get(resource, "type").(string)
	if !ok || !strings.Contains(typ, "/") && in == nil {
		if has(resource, "import") || has(resource, "extension") {
			w.problem(say.Both("resources that a Bicep extension makes outside Azure", "objecten die een Bicep-extensie buiten Azure maakt"),
				inventory.Unsupported, "extension", say.Both("judge them in their own format, such as Kubernetes manifests",
					"beoordeel ze in hun eigen formaat, zoals manifesten van Kubernetes"))
			return
		}
		w.refuse(say.Both("the type of a resource", "het type van een object"))
		return
	}
	if strings.EqualFold(typ, deploymentType) {
		if !made {
			return
		}
		w.nested(d, f, symbol, resource)
		return
	}
	named := f.value(get(resource, "name"))
	label, ok := name(named)
	if !ok || label == "" {
		w.unnamed++
		label = unknownText("unnamed-" + strconv.Itoa(w.unnamed))
	}
	id := w.identity(d, f, typ, label, resource, in)
	kind, _ := typeOf(id)
	if made && w.wanted(kind) {
		w.keep(d, f, symbol, id, kind, resource)
	}
	// A condition holds for the resource alone, not for what is nested in it.
	w.children(d, resource, &above{id: id, typ: typ, name: label, frame: f})
}

// keep evaluates a resource that is to be judged.
func (w *walk) keep(d *deployment, f frame, symbol, id, kind string, resource map[string]any) {
	if len(w.list) >= maxResources {
		w.program.spent = true
		return
	}
	body := map[string]any{}
	for k, v := range resource {
		switch strings.ToLower(k) {
		case "resources", "copy", "condition", "dependson", "name":
		default:
			body[k] = f.value(v)
		}
	}
	body["id"], body["name"] = text(id), text(lastSegment(id))
	address := relative(shown(id), d.scope)
	if symbol != "" {
		address = symbol + " (" + address + ")"
	}
	w.list = append(w.list, &found{address: d.path + address, id: id, typ: kind, change: gate.Create, body: body})
}

// children reads the resources nested in another one.
func (w *walk) children(d *deployment, resource map[string]any, parent *above) {
	switch t := get(resource, "resources").(type) {
	case []any:
		for _, v := range t {
			child, ok := v.(map[string]any)
			if !ok {
				w.refuse(say.Both("an element of resources", "een element van resources"))
				return
			}
			if w.stop() {
				return
			}
			w.entry(d, "", child, parent)
		}
	case nil:
	default:
		w.refuse(say.Same("resources"))
	}
}

const deploymentType = "Microsoft.Resources/deployments"

// nested reads the template of a nested deployment, as Bicep makes of a module.
func (w *walk) nested(d *deployment, f frame, symbol string, resource map[string]any) {
	child := d.child(f, symbol, resource)
	if child == nil {
		w.problem(say.Both("what the linked template of deployment %s makes", "wat de gekoppelde template van deployment %s maakt",
			cmp.Or(symbol, "-")), inventory.AfterApply, "templateLink",
			say.Both("judge that template too, or the outcome of what-if, which follows links",
				"beoordeel die template ook, of de uitkomst van what-if; die volgt koppelingen"))
		return
	}
	w.deploy(child)
}

// child is the deployment that a nested one makes; nil if its template is not in the file.
func (d *deployment) child(f frame, symbol string, resource map[string]any) *deployment {
	template, ok := get(resource, "properties.template").(map[string]any)
	if !ok || d.depth >= depth {
		return nil
	}
	label, _ := name(f.value(get(resource, "name")))
	c := newDeployment(template, d.nestedScope(f, resource), f.program)
	c.depth, c.all = d.depth+1, true
	c.path = d.path + cmp.Or(symbol, shown(label)) + " / "
	c.given = map[string]any{}
	switch list := get(resource, "properties.parameters").(type) {
	case map[string]any:
		for k, v := range list {
			entry, ok := v.(map[string]any)
			if !ok {
				if s, isText := v.(string); isText && isExpression(s) {
					entry, ok = f.value(v).(map[string]any)
				}
				if !ok {
					c.given[strings.ToLower(k)] = after{}
					continue
				}
			}
			switch value, there := field(entry, "value"); {
			case there:
				c.given[strings.ToLower(k)] = f.value(value)
			case has(entry, "reference"):
				c.given[strings.ToLower(k)] = secret{}
			default:
				c.given[strings.ToLower(k)] = after{}
			}
		}
	case nil:
	default:
		c.all = false // an expression for all of them
	}
	// Unless it says inner, its expressions are those of the template around it.
	if inner, _ := get(resource, "properties.expressionEvaluationOptions.scope").(string); !strings.EqualFold(inner, "inner") {
		c.inner = f
	}
	return c
}

// nestedScope is where a nested deployment makes its resources.
func (d *deployment) nestedScope(f frame, resource map[string]any) scope {
	at := d.scope
	part := func(key string) string {
		s, ok := name(f.value(get(resource, key)))
		if !ok || s == "" {
			return unknownText(key)
		}
		return s
	}
	if has(resource, "scope") {
		steps := strings.Split(strings.Trim(part("scope"), "/"), "/")
		switch {
		case len(steps) == 1 && steps[0] == "":
			at.level = atTenant
		case len(steps) >= 2 && strings.EqualFold(steps[0], "subscriptions"):
			at.level, at.sub = atSub, steps[1]
			if len(steps) >= 4 {
				at.level, at.group = atGroup, steps[3]
			}
		case len(steps) >= 2 && strings.EqualFold(steps[len(steps)-2], "managementGroups"):
			at.level, at.mgmt = atMgmt, steps[len(steps)-1]
		}
	}
	if has(resource, "subscriptionId") {
		at.level, at.sub = atSub, part("subscriptionId")
	}
	if has(resource, "resourceGroup") {
		at.level, at.group = atGroup, part("resourceGroup")
	}
	return at
}
