package terraform

import (
	"slices"
	"strings"
)

// follower follows the references of one expression, through variables and outputs of modules.
type follower struct {
	g         *graph
	budget    int // steps left: a hostile configuration may refer to itself
	found     []uint32
	elsewhere bool // something named is certainly no node
	doubtful  bool // something named can be anything
}

func (f *follower) distinct() []uint32 {
	slices.Sort(f.found)
	return slices.Compact(f.found)
}

// follow resolves refs in the module instance. key is the instance key of what has the expression; holder is the
// resource that has the expression, for its for_each, or empty for a variable or an output.
func (f *follower) follow(module, key string, refs []string, holder head) {
	named, keyed, each := specific(refs)
	byResource := false // each.value is a resource itself: for_each goes over its instances
	if len(named) == 0 && each && holder.typ != "" {
		r, _ := f.g.resource(holder)
		refs, ok := references(find(r, "for_each_expression"))
		if !ok {
			f.doubtful = true
			return
		}
		named, _, _ = specific(refs)
		keyed, byResource = true, true
	}
	if len(named) == 0 {
		f.doubtful = true
	} else if each && !byResource {
		keyed = false // which instance a value names is not written down: it can be any
	}
	for _, name := range named {
		if f.budget--; f.budget < 0 {
			f.doubtful = true
			return
		}
		if !keyed {
			f.one(module, "", name)
			continue
		}
		f.one(module, key, name)
	}
}

// one resolves a single reference, such as azurerm_key_vault.main[0].id.
func (f *follower) one(module, key, name string) {
	steps := splitAddress(name)
	switch first, _ := splitKey(steps[0]); {
	case first == "var" && len(steps) > 1:
		f.variable(module, steps[1])
	case first == "module" && len(steps) > 2:
		f.output(module, key, steps[1], steps[2])
	case first == "module" && len(steps) == 2 && key != "":
		f.anyOutput(module, key, steps[1])
	case first == "data" || first == "local" || first == "module" || first == "var" || len(steps) < 2:
		f.doubtful = true // Terraform does not write down what locals hold
	case !f.g.maps(first) && (!azure(first) || len(steps) > 2 && !slices.Contains(naming, steps[2])):
		f.doubtful = true // what passes values on, such as terraform_data, can name anything
	case !f.g.maps(first):
		f.elsewhere = true
	case len(steps) > 2 && !slices.Contains(naming, steps[2]):
		f.doubtful = true // another attribute of it may name something else
	default:
		f.local(module, key, first, steps[1])
	}
}

// azure tells whether a type is of Azure's own providers, whose resources have ids and names of their own.
func azure(typ string) bool {
	return strings.HasPrefix(typ, "azurerm_") || strings.HasPrefix(typ, "azuread_")
}

// naming are the attributes that name the resource that has them.
var naming = []string{"id", "name", "resource_id", "role_definition_id", "role_definition_resource_id"}

func (f *follower) local(module, key, typ, step string) {
	name, index := splitKey(step)
	if index == "" {
		index = key
	}
	if index != "" {
		if found := f.g.nodesOf(having(f.g.keyed, f.g.hash(module, typ, name, index)), typ); len(found) > 0 {
			f.found = append(f.found, found[0])
			return
		}
	}
	found := f.g.nodesOf(having(f.g.locals, f.g.hash(module, typ, name)), typ)
	if len(found) == 0 {
		f.doubtful = true
	}
	f.found = append(f.found, found...)
}

// nodesOf leaves the records of a type that others can refer to.
func (f *File) nodesOf(list []uint32, typ string) []uint32 {
	if attached[typ] || typ == policyType {
		return nil
	}
	return slices.DeleteFunc(list, func(ord uint32) bool { return f.typeOf(ord) != typ })
}

// variable goes on in the module that calls this one.
func (f *follower) variable(module, step string) {
	parent, call, key := parentOf(module)
	name, _ := splitKey(step)
	if call == "" {
		f.doubtful = true
		return
	}
	expressions, _ := f.g.configured(ofCall, withoutKeys(parent), call)
	refs, ok := references(find(expressions, name))
	if !ok || len(refs) == 0 {
		f.doubtful = true
		return
	}
	f.follow(parent, key, refs, head{})
}

// output goes on in the module that is called.
func (f *follower) output(module, key, step, output string) {
	call, index := splitKey(step)
	if index == "" {
		index = key
	}
	child := join(module, "module."+call)
	outputs, _ := f.g.configured(ofOutputs, withoutKeys(child))
	output, _ = splitKey(output)
	config, _ := members(find(outputs, output), nil)
	refs, ok := references(find(config, "expression"))
	if !ok {
		f.doubtful = true
		return
	}
	instances := f.g.instancesOf(child, index)
	if len(instances) == 0 {
		f.doubtful = true
	}
	for _, instance := range instances {
		if f.budget--; f.budget < 0 {
			f.doubtful = true
			return
		}
		f.follow(instance, "", refs, head{})
	}
}

// anyOutput follows every output of a module: of module.m[each.key].id Terraform writes down module.m and each.key, not
// which output it is. Only if all lead to the same node is it certain which one is meant.
func (f *follower) anyOutput(module, key, step string) {
	call, index := splitKey(step)
	outputs, _ := f.g.configured(ofOutputs, withoutKeys(join(module, "module."+call)))
	if len(outputs) == 0 || index != "" {
		f.doubtful = true
		return
	}
	for _, o := range outputs {
		if f.budget--; f.budget < 0 {
			f.doubtful = true
			return
		}
		f.output(module, key, step, string(o.name))
	}
}

// instancesOf are the addresses of a module's instances: the one with the key, or else all that have nodes.
func (x *index) instancesOf(module, key string) []string {
	if x.modules[module+key] {
		return []string{module + key}
	}
	return x.instances[module]
}
