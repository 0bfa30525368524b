package arm

import (
	"regexp"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// changeTypes are the words of what-if; the change is empty for what stays as it is.
// https://learn.microsoft.com/rest/api/resources/deployments/what-if#changetype
var changeTypes = map[string]struct {
	change gate.Change
	skip   string
}{
	"create": {gate.Create, ""}, "modify": {gate.Update, ""}, "deploy": {gate.Update, ""}, "unsupported": {gate.Update, ""},
	"delete": {"", "delete"}, "nochange": {"", "no-op"}, "noeffect": {"", "no-op"}, "ignore": {"", "no-op"},
}

// whatIf reads an outcome of what-if, as the command line writes it or as the service answers.
func (r *result) whatIf(doc map[string]any) error {
	if properties, ok := get(doc, "properties").(map[string]any); ok && !has(doc, "changes") {
		if e := get(doc, "error"); e != nil {
			return r.failed()
		}
		doc = properties
	}
	if status, _ := get(doc, "status").(string); get(doc, "error") != nil || status != "" && !strings.EqualFold(status, "Succeeded") {
		return r.failed()
	}
	for _, key := range []string{"changes", "potentialChanges"} {
		list, ok := get(doc, key).([]any)
		if !ok && get(doc, key) != nil {
			return r.noWhatIf(key)
		}
		for _, v := range list {
			if !r.foreseen(v) {
				return r.noWhatIf(key)
			}
		}
	}
	r.diagnosed(get(doc, "diagnostics"))
	return nil
}

func (r *result) failed() error {
	return &collect.Error{Code: inventory.SourceError,
		Msg: say.Both("%s: what-if ended with an error, so it does not tell what a deploy would make",
			"%s: what-if eindigde met een fout en vertelt dus niet wat een deploy zou maken", r.name),
		Hint: say.Both("mend the error that it names and run `az deployment group what-if --no-pretty-print` again",
			"verhelp de fout die het noemt en draai `az deployment group what-if --no-pretty-print` opnieuw")}
}

func (r *result) noWhatIf(where string) error {
	return &collect.Error{Code: inventory.Malformed,
		Msg: say.Both("%s: %s does not have the form that what-if writes", "%s: %s heeft niet de vorm die what-if schrijft", r.name, where),
		Hint: say.Both("make it again with `az deployment group what-if --no-pretty-print`, and do not change it afterwards",
			"maak het opnieuw met `az deployment group what-if --no-pretty-print`, en wijzig het daarna niet")}
}

// foreseen reads one change; false if it has another form.
func (r *result) foreseen(v any) bool {
	change, ok := v.(map[string]any)
	id, _ := get(change, "resourceId").(string)
	word, okWord := get(change, "changeType").(string)
	if !ok || !okWord {
		return false
	}
	if id == "" {
		r.problem(say.Both("resources that a Bicep extension makes outside Azure", "objecten die een Bicep-extensie buiten Azure maakt"),
			inventory.Unsupported, "extension", say.Both("judge them in their own format, such as Kubernetes manifests",
				"beoordeel ze in hun eigen formaat, zoals manifesten van Kubernetes"))
		return true
	}
	id = strings.TrimRight(id, "/")
	kind, label := typeOf(id)
	does, ok := changeTypes[strings.ToLower(word)]
	if !ok {
		does.change = gate.Update // a word of later versions: it is better to judge a resource too many
	}
	if does.skip != "" {
		r.skipped[does.skip]++
	}
	if label == "" || does.skip != "" && table[strings.ToLower(kind)].azurerm == "" || does.skip == "" && !r.wanted(kind) {
		return true
	}
	f := &found{address: resourceAddress(id), id: id, typ: kind, change: does.change, drop: does.skip == "delete"}
	body, there := get(change, "after").(map[string]any)
	if before, had := get(change, "before").(map[string]any); had && (f.drop || !there && does.skip != "") {
		body, there = before, true
	}
	if strings.EqualFold(word, "unsupported") {
		r.problem(say.Both("what becomes of %s, which what-if cannot tell", "wat er gebeurt met %s, dat what-if niet kan zeggen", f.address),
			inventory.AfterApply, "unsupportedReason", say.Both("judge the template itself too, or read the live system after the deploy",
				"beoordeel ook de template zelf, of lees het systeem zelf na de deploy"))
	}
	f.unknown = !there
	f.body = map[string]any{}
	for k, v := range body {
		if !strings.EqualFold(k, "id") && !strings.EqualFold(k, "name") {
			f.body[k] = foreseenValue(v)
		}
	}
	f.body["id"], f.body["name"] = id, lastSegment(id)
	r.list = append(r.list, f)
	return true
}

var masked = regexp.MustCompile(`^\*{3,}$`)

// foreseenValue marks what what-if could not evaluate, which it leaves as an expression, and what it hides.
func foreseenValue(v any) any {
	switch t := v.(type) {
	case string:
		switch {
		case isExpression(t):
			return after{}
		case masked.MatchString(t):
			return secret{}
		}
	case []any:
		for i := range t {
			t[i] = foreseenValue(t[i])
		}
	case map[string]any:
		for k, member := range t {
			t[k] = foreseenValue(member)
		}
	}
	return v
}

// resourceAddress is an id without its subscription: group/provider/type/name.
func resourceAddress(id string) string {
	steps := strings.Split(strings.Trim(id, "/"), "/")
	if len(steps) > 2 && strings.EqualFold(steps[0], "subscriptions") {
		steps = steps[2:]
	}
	if len(steps) > 2 && strings.EqualFold(steps[0], "resourceGroups") {
		steps = steps[1:]
	}
	out := make([]string, 0, len(steps))
	for i, s := range steps {
		if i < 2 && strings.EqualFold(s, "providers") {
			continue
		}
		out = append(out, s)
	}
	return strings.Join(out, "/")
}

var diagnosisCode = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,63}$`)

// diagnosed reports what what-if says that it left out, such as nested templates beyond its limits.
func (r *result) diagnosed(v any) {
	list, _ := v.([]any)
	for _, d := range list {
		code, _ := get(d, "code").(string)
		if !diagnosisCode.MatchString(code) {
			code = "unknown"
		}
		if level, _ := get(d, "level").(string); strings.EqualFold(level, "info") {
			continue
		}
		r.problem(say.Both("a part that what-if warns of (%s)", "een deel waar what-if voor waarschuwt (%s)", code),
			inventory.AfterApply, code, say.Both("read its `diagnostics`, and judge the template itself too if something was left out",
				"lees de `diagnostics` ervan, en beoordeel ook de template zelf als er iets is weggelaten"))
	}
}
