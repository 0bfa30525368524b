package arm

import (
	"strconv"
	"strings"
)

// parameter is the value of a parameter where an expression stands.
func (f frame) parameter(s string) any {
	if f.params != nil {
		return known(f.params, s)
	}
	return f.d.parameter(s)
}

// parameter is the value that a parameter is given, or its default. One that has neither is known only when it is deployed.
func (d *deployment) parameter(s string) any {
	key := strings.ToLower(s)
	if v, ok := d.params[key]; ok {
		return v
	}
	if d.busy["p:"+key] {
		return broken{} // it refers to itself
	}
	d.busy["p:"+key] = true
	defer delete(d.busy, "p:"+key)
	declared, ok := get(d.template, "parameters").(map[string]any)
	if !ok {
		return broken{}
	}
	definition, ok := field(declared, s)
	if !ok {
		return broken{}
	}
	v, given := d.given[key]
	nullable, _ := get(definition, "nullable").(bool)
	switch m, _ := definition.(map[string]any); {
	case given && v == nil && has(m, "defaultValue"), !given && has(m, "defaultValue"):
		v = frame{d: d, program: d.inner.program}.value(get(m, "defaultValue"))
	case given:
	case nullable && d.all:
		v = nil
	default:
		v = after{unknownText(d.path + s)}
	}
	v = d.mask(definition, v, 0)
	d.params[key] = v
	return v
}

// mask makes a value secret where its type says so.
func (d *deployment) mask(definition, v any, level int) any {
	e := d.inner.program
	if !e.charge(1) || level > maxDepth {
		e.spent = true
		return secret{}
	}
	for range 16 {
		ref, ok := get(definition, "$ref").(string)
		if !ok {
			break
		}
		name, local := strings.CutPrefix(ref, "#/definitions/")
		definitions, _ := get(d.template, "definitions").(map[string]any)
		next, found := field(definitions, strings.NewReplacer("~1", "/", "~0", "~").Replace(name))
		if !local || !found {
			break
		}
		definition = next
	}
	typ, _ := get(definition, "type").(string)
	switch strings.ToLower(typ) {
	case "securestring", "secureobject":
		if v == nil {
			return nil
		}
		return secret{}
	}
	switch t := v.(type) {
	case map[string]any:
		members, _ := get(definition, "properties").(map[string]any)
		rest := get(definition, "additionalProperties")
		if members == nil && rest == nil {
			return v
		}
		out := make(map[string]any, len(t))
		for k, value := range t {
			of, ok := field(members, k)
			if !ok {
				of = rest
			}
			out[k] = d.mask(of, value, level+1)
		}
		return out
	case []any:
		items := get(definition, "items")
		if items == nil {
			return v
		}
		out := make([]any, len(t))
		for i := range t {
			out[i] = d.mask(items, t[i], level+1)
		}
		return out
	}
	return v
}

// variable is the value of a variable.
func (d *deployment) variable(s string) any {
	key := strings.ToLower(s)
	if v, ok := d.vars[key]; ok {
		return v
	}
	if d.busy["v:"+key] {
		return broken{}
	}
	d.busy["v:"+key] = true
	defer delete(d.busy, "v:"+key)
	declared, _ := get(d.template, "variables").(map[string]any)
	own := frame{d: d, program: d.inner.program}
	v, ok := field(declared, s)
	if ok {
		v = own.value(v)
	} else if v, ok = d.loopVariable(own, declared, key); !ok {
		v = broken{}
	}
	d.vars[key] = v
	return v
}

// loopVariable is a variable that a loop in `variables` makes.
func (d *deployment) loopVariable(f frame, declared map[string]any, key string) (any, bool) {
	loops, _ := get(declared, "copy").([]any)
	for _, l := range loops {
		if s, _ := get(l, "name").(string); strings.EqualFold(s, key) {
			v, ok := f.copies([]any{l})[s]
			return v, ok
		}
	}
	return nil, false
}

// output is the value of an output of a nested deployment.
func (d *deployment) output(s string) any {
	if d.busy["o:"+strings.ToLower(s)] {
		return broken{}
	}
	d.busy["o:"+strings.ToLower(s)] = true
	defer delete(d.busy, "o:"+strings.ToLower(s))
	outputs, _ := get(d.template, "outputs").(map[string]any)
	declared, ok := field(outputs, s)
	if !ok {
		return after{}
	}
	value, ok := declared.(map[string]any)
	if !ok || !has(value, "value") {
		return after{}
	}
	return d.mask(declared, d.inner.value(get(value, "value")), 0)
}

// modules are the deployments nested directly in this one, by symbolic name, by name and by id, all in lower case.
func (d *deployment) modules() map[string]*deployment {
	if d.mods != nil || d.asking {
		return d.mods
	}
	d.asking = true
	mods := map[string]*deployment{}
	for _, e := range d.entries() {
		resource, _ := e.value.(map[string]any)
		if typ, _ := get(resource, "type").(string); !strings.EqualFold(typ, deploymentType) {
			continue
		}
		frames := []round{{d.inner, e.symbol}}
		if loop, ok := get(resource, "copy").(map[string]any); ok {
			frames = nil
			s, _ := d.inner.value(get(loop, "name")).(string)
			n, _ := count(d.inner.value(get(loop, "count")))
			for i := range n {
				frames = append(frames, round{d.inner.inLoop(s, float64(i), true), suffix(e.symbol, "["+strconv.Itoa(i)+"]")})
			}
		}
		for _, r := range frames {
			c := d.child(r.frame, r.symbol, resource)
			if c == nil {
				continue
			}
			if r.symbol != "" {
				mods[strings.ToLower(r.symbol)] = c
			}
			if label, ok := name(r.frame.value(get(resource, "name"))); ok {
				mods[strings.ToLower(label)] = c
				at := c.scope.id()
				if !has(resource, "resourceGroup") && !has(resource, "subscriptionId") && !has(resource, "scope") {
					at = d.scope.id()
				}
				mods[strings.ToLower(at+"/providers/"+deploymentType+"/"+label)] = c
			}
		}
	}
	d.mods, d.asking = mods, false
	return mods
}

// resourceGroup is what an expression sees of the group deployed to.
func (d *deployment) resourceGroup() any {
	if d.scope.level != atGroup {
		return broken{}
	}
	return map[string]any{"id": text(d.scope.id()), "name": text(d.scope.group), "location": after{unknownText("resourceGroup.location")},
		"tags": after{}}
}

func (d *deployment) subscription() any {
	return map[string]any{"id": text("/subscriptions/" + d.scope.sub), "subscriptionId": text(d.scope.sub),
		"tenantId": after{unknownText("tenantId")}, "displayName": after{unknownText("subscription")}}
}
