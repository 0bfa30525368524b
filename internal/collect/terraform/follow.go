package terraform

import (
	"maps"
	"slices"
)

// follower follows the references of one expression, through variables and outputs of modules.
type follower struct {
	x         *references
	budget    int // steps left: a hostile configuration may refer to itself
	found     []*node
	elsewhere bool // something named is certainly no node
	doubtful  bool // something named can be anything
}

func (f *follower) distinct() []*node {
	var out []*node
	for _, n := range f.found {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// follow resolves refs in the module instance. key is the instance key of what has the expression; holder is the
// resource that has the expression, for its for_each, or empty for a variable or an output.
func (f *follower) follow(module, key string, refs []string, holder head) {
	named, keyed, each := specific(refs)
	if len(named) == 0 && each && holder.typ != "" {
		r := f.x.resource(holder)
		if r == nil || r.ForEachExpression == nil || r.ForEachExpression.ExpressionData == nil {
			f.doubtful = true
			return
		}
		named, _, _ = specific(r.ForEachExpression.References)
		keyed = true
	}
	if len(named) == 0 {
		f.doubtful = true
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
	case !f.x.known(first):
		f.elsewhere = true
	case len(steps) > 2 && !slices.Contains(naming, steps[2]):
		f.doubtful = true // another attribute of it may name something else
	default:
		f.local(module, key, first, steps[1])
	}
}

// naming are the attributes that name the resource that has them.
var naming = []string{"id", "name", "resource_id", "role_definition_id", "role_definition_resource_id"}

func (f *follower) local(module, key, typ, step string) {
	name, index := splitKey(step)
	nodes := f.x.byLocal[localKey(module, typ, name)]
	if index == "" {
		index = key
	}
	if index != "" {
		for _, n := range nodes {
			if n.key == index {
				f.found = append(f.found, n)
				return
			}
		}
	}
	if len(nodes) == 0 {
		f.doubtful = true
	}
	f.found = append(f.found, nodes...)
}

// variable goes on in the module that calls this one.
func (f *follower) variable(module, step string) {
	parent, call, key := parentOf(module)
	caller := f.x.config[withoutKeys(parent)]
	name, _ := splitKey(step)
	if call == "" || caller == nil || caller.ModuleCalls[call] == nil {
		f.doubtful = true
		return
	}
	e := caller.ModuleCalls[call].Expressions[name]
	if e == nil || e.ExpressionData == nil || len(e.References) == 0 {
		f.doubtful = true
		return
	}
	f.follow(parent, key, e.References, head{})
}

// output goes on in the module that is called.
func (f *follower) output(module, key, step, output string) {
	call, index := splitKey(step)
	if index == "" {
		index = key
	}
	child := join(module, "module."+call)
	config := f.x.config[withoutKeys(child)]
	output, _ = splitKey(output)
	if config == nil || config.Outputs[output] == nil || config.Outputs[output].Expression == nil ||
		config.Outputs[output].Expression.ExpressionData == nil {
		f.doubtful = true
		return
	}
	refs := config.Outputs[output].Expression.References
	instances := f.x.instances(child, index)
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
	config := f.x.config[withoutKeys(join(module, "module."+call))]
	if config == nil || len(config.Outputs) == 0 || index != "" {
		f.doubtful = true
		return
	}
	for _, name := range slices.Sorted(maps.Keys(config.Outputs)) {
		f.output(module, key, step, name)
	}
}

// instances are the addresses of a module's instances: the one with the key, or else all that have nodes.
func (x *references) instances(module, key string) []string {
	all := x.modules[module]
	if slices.Contains(all, module+key) {
		return []string{module + key}
	}
	return all
}
