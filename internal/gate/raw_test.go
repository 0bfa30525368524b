package gate

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

const rawRule = `# METADATA
# title: Test
# description: A test rule.
# custom:
#   id: TEAM-001
#   kinds: [terraform.azurerm_storage_account, kubernetes.v1 Service, arm.Microsoft.Storage/storageAccounts]
#   needs: [network_rules, tags.owner, key, site.auth]
#   severity: high
#   title_nl: Test
#   description_nl: Een testregel.
#   remediation: Mend it.
#   remediation_nl: Herstel het.
#   messages: {default: {en: "{value}", nl: "{value}"}}
package team.test

deny contains {"path": "tags.owner", "value": input.tags.owner} if input.tags.owner == null
deny contains {"path": "network_rules", "value": input.network_rules} if {
	some rule in input.network_rules
	rule.default_action == "Allow"
}
deny contains {"path": "key", "value": input.key} if input.key != null
deny contains {"path": "site.auth", "value": input.site.auth} if input.site.auth == false
`

// tree is a resource in plain data; a value of type inventory.Reason is one that is not shown.
type tree map[string]any

func (r tree) Attribute(path []string) (any, inventory.Reason, bool) {
	var at any = map[string]any(r)
	for _, p := range path {
		m, ok := at.(map[string]any)
		if !ok {
			return nil, inventory.Reason{}, false
		}
		if at, ok = m[p]; !ok {
			return nil, inventory.Reason{}, false
		}
	}
	switch x := at.(type) {
	case inventory.Reason:
		return nil, x, true
	case part:
		return x.value, inventory.Reason{Code: inventory.AfterApply}, true
	}
	return at, inventory.Reason{}, true
}

// part is a value of which only a part is known.
type part struct{ value any }

func teamRules(t testing.TB) Rules {
	t.Helper()
	p, problems, err := assess.LoadTeam(fstest.MapFS{"a.rego": {Data: []byte(rawRule)}}, "policy")
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	j, err := p.Judge(assess.Input{Customers: []assess.Customer{{}}, Now: now, RuleTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return Rules{Policies: p, Judge: j, Team: true}
}

func TestTheResourceItselfIsJudged(t *testing.T) {
	later := inventory.Reason{Code: inventory.AfterApply}
	secret := inventory.Reason{Code: inventory.Sensitive}
	owner := map[string]any{"owner": "team-a"}
	type m = map[string]any
	for name, c := range map[string]struct {
		raw     tree
		want    assess.Status
		paths   []string // of what is found, or unknown
		reason  string
		finding string
	}{
		"all in order":               {tree{"tags": owner, "network_rules": []any{m{"default_action": "Deny"}}}, assess.Pass, nil, "", ""},
		"nothing at all":             {tree{}, assess.Fail, []string{"tags.owner"}, "", "null"},
		"a tag is missing":           {tree{"tags": m{"cost": "x"}}, assess.Fail, []string{"tags.owner"}, "", "null"},
		"a list as a whole":          {tree{"tags": owner, "network_rules": []any{m{"default_action": "Allow"}}}, assess.Fail, []string{"network_rules"}, "", `[{"default_action":"Allow"}]`},
		"known after apply":          {tree{"tags": owner, "network_rules": later}, assess.Unknown, []string{"network_rules"}, inventory.AfterApply, ""},
		"secret":                     {tree{"tags": owner, "key": secret}, assess.Unknown, []string{"key"}, inventory.Sensitive, ""},
		"all tags known after apply": {tree{"tags": later}, assess.Unknown, []string{"tags.owner"}, inventory.AfterApply, ""},
		"a part known after apply":   {tree{"tags": owner, "network_rules": part{[]any{m{"default_action": "Deny"}}}}, assess.Unknown, []string{"network_rules"}, inventory.AfterApply, ""},
		"a known part that is wrong": {tree{"tags": owner, "network_rules": part{[]any{m{"default_action": "Allow"}}}}, assess.Fail, []string{"network_rules"}, "", `[{"default_action":"Allow"}]`},
		"through a list":             {tree{"tags": owner, "site": []any{m{"auth": false}}}, assess.Unknown, []string{"site.auth"}, inventory.Malformed, ""},
		"through an object":          {tree{"tags": owner, "site": m{"auth": false}}, assess.Fail, []string{"site.auth"}, "", "false"},
		"through an absent object":   {tree{"tags": owner, "site": nil}, assess.Pass, nil, "", ""},
		"a credential":               {tree{"tags": owner, "key": m{"list": []any{"Server=x;Password=hunter22;"}}}, assess.Fail, []string{"key"}, "", `{"list":["Server=x;Password=[redacted];"]}`},
		"an attribute too large":     {tree{"tags": owner, "key": strings.Repeat("x", rawSize)}, assess.Unknown, []string{"key"}, inventory.Unsupported, ""},
		"a value that is no JSON":    {tree{"tags": owner, "key": make(chan int)}, assess.Unknown, []string{"key"}, inventory.Malformed, ""},
	} {
		s := Subject{Address: "a", Type: "azurerm_storage_account", Raw: c.raw, Draft: inventory.Draft{ID: "plan/a"}}
		lists, err := teamRules(t).judge(t.Context(), "terraform-plan", &s)
		if err != nil || len(lists) != 1 || len(lists[0]) != 1 {
			t.Errorf("%s: %v %v", name, lists, err)
			continue
		}
		v := lists[0][0].Verdict
		var paths []string
		for _, f := range v.Findings {
			paths = append(paths, f.Path)
			if string(f.Value) != c.finding {
				t.Errorf("%s: found %s, want %s", name, f.Value, c.finding)
			}
		}
		for _, u := range v.Unknown {
			paths = append(paths, u.Path)
			if u.Reason.Code != c.reason {
				t.Errorf("%s: unknown by %v, want %s", name, u.Reason, c.reason)
			}
		}
		if v.Status != c.want || !slices.Equal(paths, c.paths) {
			t.Errorf("%s: %s %v, want %s %v", name, v.Status, paths, c.want, c.paths)
		}
	}
}

// A rule meets the type of its own format alone.
func TestRawKindsAreOfAFormat(t *testing.T) {
	rules := teamRules(t)
	for _, c := range []struct {
		format, typ string
		want        int
	}{
		{"terraform-plan", "azurerm_storage_account", 1}, {"terraform-state", "azurerm_storage_account", 1}, {"terraform-plan", "azurerm_key_vault", 0},
		{"kubernetes", "v1 Service", 1}, {"kubernetes", "azurerm_storage_account", 0}, {"arm-template", "Microsoft.Storage/storageaccounts", 1},
		{"arm-what-if", "Microsoft.Storage/storageAccounts", 1}, {"snapshot", "azurerm_storage_account", 0}, {"mapped", "v1 Service", 0},
	} {
		s := Subject{Address: "a", Type: c.typ, Raw: tree{}}
		lists, err := rules.judge(t.Context(), c.format, &s)
		if err != nil || len(lists) != c.want {
			t.Errorf("%s of %s: %v %v", c.typ, c.format, lists, err)
		}
	}
	for format, want := range map[string][]string{"terraform": {"azurerm_storage_account"}, "kubernetes": {"v1 Service"}, "arm": {"Microsoft.Storage/storageAccounts"}, "snapshot": nil} {
		if got := RawTypes([]Rules{rules, rules}, format); !slices.Equal(got, want) {
			t.Errorf("%s: %v", format, got)
		}
	}
}

// A whole run: the team's rule fails beside ours, is named as the team's own, and is listed if nothing met it.
func TestATeamsRuleInARun(t *testing.T) {
	o := options(t, input("plan.json", store("a", func(s *Subject, _ *inventory.Datastore) { s.Raw = tree{"tags": map[string]any{"cost": "x"}} }), store("b", nil)))
	o.Rules = append(o.Rules, teamRules(t))
	run, outcomes := judge(t, o)
	i := slices.IndexFunc(outcomes, func(x Outcome) bool { return x.Rule == "TEAM-001" })
	if i < 0 || outcomes[i].Address != "a" || outcomes[i].Class != Failing || outcomes[i].Kind != "terraform.azurerm_storage_account" || outcomes[i].Area != "team" {
		t.Errorf("%+v", outcomes)
	}
	if run.Report.TeamRules == "" || slices.Contains(run.Report.NotMet, "TEAM-001") {
		t.Errorf("%q %v", run.Report.TeamRules, run.Report.NotMet)
	}
	o = options(t, input("plan.json", store("b", nil)))
	o.Rules = append(o.Rules, teamRules(t))
	run, _ = judge(t, o)
	if !slices.Contains(run.Report.NotMet, "TEAM-001") {
		t.Errorf("a rule that nothing met is not listed: %v", run.Report.NotMet)
	}
}
