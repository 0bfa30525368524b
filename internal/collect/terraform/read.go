package terraform

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// resource is one resource instance of a file.
type resource struct {
	address string // as Terraform writes it, with instance keys
	module  string // address of its module instance; empty for the root
	typ     string
	name    string
	key     string // its instance key as in an address, such as [0] or ["a"]; empty without count and for_each
	created bool   // the plan makes it anew
	second  bool   // another resource has its address after apply
	object
}

// shape of one element of resource_changes; what is not needed is not decoded.
type change struct {
	Address       string         `json:"address"`
	ModuleAddress string         `json:"module_address"`
	Mode          string         `json:"mode"`
	Type          string         `json:"type"`
	Name          string         `json:"name"`
	Index         jsontext.Value `json:"index"`
	Deposed       string         `json:"deposed"`
	Change        struct {
		Actions         []string       `json:"actions"`
		Before          jsontext.Value `json:"before"`
		BeforeSensitive jsontext.Value `json:"before_sensitive"`
		After           jsontext.Value `json:"after"`
		AfterUnknown    jsontext.Value `json:"after_unknown"`
		AfterSensitive  jsontext.Value `json:"after_sensitive"`
	} `json:"change"`
}

// module is a module of a state or of planned_values.
type module struct {
	Address   string `json:"address"`
	Resources []struct {
		Address         string         `json:"address"`
		Mode            string         `json:"mode"`
		Type            string         `json:"type"`
		Name            string         `json:"name"`
		Index           jsontext.Value `json:"index"`
		Deposed         string         `json:"deposed_key"`
		Values          jsontext.Value `json:"values"`
		SensitiveValues jsontext.Value `json:"sensitive_values"`
	} `json:"resources"`
	ChildModules []module `json:"child_modules"`
}

// read finds out what the file is and adds its resources to g.
func read(ctx context.Context, data []byte, name string, g *graph) error {
	parts, err := sections(data, name)
	if err != nil {
		return err
	}
	var version string
	if raw, ok := parts["format_version"]; !ok || jsonv2.Unmarshal(raw, &version) != nil {
		hint := makePlan
		if _, raw := parts["lineage"]; raw {
			hint = say.Both("this is a state as Terraform stores it; make the file with `terraform show -json > state.json`",
				"dit is een state zoals Terraform die bewaart; maak het bestand met `terraform show -json > state.json`")
		}
		return &collect.Error{Code: inventory.Unsupported, Hint: hint,
			Msg: say.Both("%s: is not the output of `terraform show -json`: format_version is missing",
				"%s: is niet de uitvoer van `terraform show -json`: format_version ontbreekt", name)}
	}
	if major, _, _ := strings.Cut(version, "."); major != "1" {
		return &collect.Error{Code: inventory.Unsupported,
			Msg: say.Both("%s: its format_version is not 1, the only one that is understood",
				"%s: de format_version is niet 1, de enige die bekend is", name),
			Hint: say.Both("make it with Terraform 1.1 or newer of the 1.x series, or use a newer release of this tool",
				"maak het met Terraform 1.1 of nieuwer van de reeks 1.x, of gebruik een nieuwere versie van Waarborg")}
	}
	if raw, ok := parts["configuration"]; ok {
		var config tfjson.Config
		// The standard decoder, not v2: Expression has an UnmarshalJSON of its own, made for it.
		if err := json.Unmarshal(raw, &config); err != nil {
			return malformed(name, say.Same("configuration"))
		}
		g.configure(config.RootModule)
	}
	return readResources(ctx, parts, name, g)
}

func readResources(ctx context.Context, parts map[string]jsontext.Value, name string, g *graph) error {
	isPlan := parts["resource_changes"] != nil || parts["planned_values"] != nil || parts["configuration"] != nil
	if isPlan {
		g.dated(parts["timestamp"])
	}
	switch {
	case parts["resource_changes"] != nil:
		g.complete = !isFalse(parts["complete"]) && !isTrue(parts["errored"])
		if !g.complete {
			g.problem(say.Both("the rest of the plan",
				"de rest van het plan"), inventory.Reason{Code: inventory.AfterApply, Detail: "complete"},
				say.Both("the plan is incomplete (it failed, was made with -target, or defers changes); plan the whole configuration",
					"het plan is onvolledig (het mislukte, is met -target gemaakt, of stelt wijzigingen uit); maak een plan van de hele configuratie"))
		}
		return readChanges(ctx, parts["resource_changes"], name, g)
	case parts["planned_values"] != nil:
		return readValues(ctx, parts["planned_values"], name, "planned_values", true, g)
	case isPlan:
		return &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("%s: the plan has neither resource_changes nor planned_values",
				"%s: het plan heeft geen resource_changes en geen planned_values", name),
			Hint: say.Both("make it again with `terraform show -json PLAN`",
				"maak het opnieuw met `terraform show -json PLAN`")}
	case parts["values"] != nil:
		g.complete = true
		return readValues(ctx, parts["values"], name, "values", false, g)
	}
	// A format version and nothing else is how Terraform shows that there is no state.
	g.problem(say.Both("any resource", "enig object"), inventory.Reason{Code: inventory.NotReported, Detail: "values"},
		say.Both("the state is empty; check that the right backend and workspace were selected",
			"de state is leeg; kijk of de juiste backend en workspace gekozen zijn"))
	return nil
}

// sections finds the top-level members of the document.
func sections(data []byte, name string) (map[string]jsontext.Value, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '{' {
		return nil, &collect.Error{Code: inventory.Unsupported, Hint: makePlan,
			Msg: say.Both("%s: is not the output of `terraform show -json`",
				"%s: is niet de uitvoer van `terraform show -json`", name)}
	}
	out := map[string]jsontext.Value{}
	for dec.PeekKind() != '}' {
		key, err := dec.ReadToken()
		if err != nil {
			return nil, malformed(name, say.Both("the document", "het document"))
		}
		field := key.String()
		value, err := dec.ReadValue()
		if err != nil {
			return nil, malformed(name, say.Both("the document", "het document"))
		}
		end := dec.InputOffset()
		if value.Kind() != 'n' {
			out[field] = data[end-int64(len(value)) : end] // of our own copy: the decoder's is valid until its next read
		}
	}
	return out, nil
}

func isTrue(v jsontext.Value) bool  { return v != nil && v.Kind() == 't' }
func isFalse(v jsontext.Value) bool { return v != nil && v.Kind() == 'f' }

var makePlan = say.Both("make it with `terraform show -json PLAN > plan.json`",
	"maak het met `terraform show -json PLAN > plan.json`")

func malformed(name string, where say.Text) error {
	return &collect.Error{Code: inventory.Malformed,
		Msg: say.Both("%s: %s does not have the form that `terraform show -json` writes",
			"%s: %s heeft niet de vorm die `terraform show -json` schrijft", name, where),
		Hint: say.Both("make it again with `terraform show -json`, and do not change it afterwards",
			"maak het opnieuw met `terraform show -json`, en wijzig het daarna niet")}
}

// readChanges adds one resource after the other: only one is decoded at a time.
func readChanges(ctx context.Context, list jsontext.Value, name string, g *graph) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(list))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '[' {
		return malformed(name, say.Same("resource_changes"))
	}
	for dec.PeekKind() != ']' {
		if err := ctx.Err(); err != nil {
			return err
		}
		var c change
		if err := jsonv2.UnmarshalDecode(dec, &c); err != nil {
			return malformed(name, say.Both("an element of resource_changes", "een element van resource_changes"))
		}
		if !g.change(c) {
			return malformed(name, say.Both("an element of resource_changes", "een element van resource_changes"))
		}
	}
	return nil
}

// change adds what is there after apply; false if the change has the wrong form. With `forget` the object that was there
// goes on existing, beside a new one or alone, and also if it is a deposed one.
func (g *graph) change(c change) bool {
	actions := c.Change.Actions
	managed := c.Deposed == "" && stays(actions)
	forgotten := slices.Contains(actions, "forget")
	if c.Mode == "data" || !managed && !forgotten || !g.wanted(c.Type) {
		return true
	}
	if c.Address == "" {
		return false
	}
	if managed {
		r := resource{address: c.Address, module: c.ModuleAddress, typ: c.Type, name: c.Name, key: instanceKey(c.Index),
			created: slices.Contains(actions, "create")}
		if !decodeInto(&r.object, c.Change.After, c.Change.AfterUnknown, c.Change.AfterSensitive) {
			return false
		}
		g.add(r)
	}
	if forgotten {
		// Without module, name and key: what the configuration refers to is not this one.
		r := resource{address: c.Address, typ: c.Type, second: managed || c.Deposed != ""}
		if !decodeInto(&r.object, c.Change.Before, nil, c.Change.BeforeSensitive) {
			return false
		}
		g.forget(r)
	}
	return true
}

// stays tells whether the resource is there, and managed, after apply. An action that is not known counts as staying: it is better
// to judge a resource too many.
func stays(actions []string) bool {
	gone := len(actions) > 0
	for _, a := range actions {
		gone = gone && (a == "delete" || a == "forget" || a == "read")
	}
	return !gone
}

func readValues(ctx context.Context, raw jsontext.Value, name, where string, unmarked bool, g *graph) error {
	var values struct {
		RootModule module `json:"root_module"`
	}
	if err := jsonv2.Unmarshal(raw, &values); err != nil {
		return malformed(name, say.Same(where))
	}
	return readModule(ctx, values.RootModule, name, where, unmarked, g)
}

func readModule(ctx context.Context, m module, name, where string, unmarked bool, g *graph) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, s := range m.Resources {
		if s.Mode == "data" || s.Deposed != "" || !g.wanted(s.Type) {
			continue
		}
		r := resource{address: s.Address, module: m.Address, typ: s.Type, name: s.Name, key: instanceKey(s.Index)}
		r.unmarked = unmarked
		if !decodeInto(&r.object, s.Values, nil, s.SensitiveValues) || r.address == "" {
			return malformed(name, say.Both("a resource in %s", "een object in %s", where))
		}
		g.add(r)
	}
	for _, child := range m.ChildModules {
		if err := readModule(ctx, child, name, where, unmarked, g); err != nil {
			return err
		}
	}
	return nil
}

func decodeInto(o *object, values, unknown, sensitive jsontext.Value) bool {
	return decodeOptional(values, &o.values) && decodeOptional(unknown, &o.unknown) && decodeOptional(sensitive, &o.sensitive)
}

func decodeOptional(raw jsontext.Value, into any) bool {
	return len(raw) == 0 || jsonv2.Unmarshal(raw, into) == nil
}

// instanceKey writes an index as an address does: [0] or ["a"].
func instanceKey(index jsontext.Value) string {
	if len(index) == 0 || index.Kind() != '"' && index.Kind() != '0' {
		return ""
	}
	return "[" + string(index) + "]"
}
