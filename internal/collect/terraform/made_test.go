package terraform

import (
	"strings"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

// forgotten is a change with the action forget; after is nil where nothing comes in its place.
func forgotten(address string, before, after m, actions ...any) m {
	r := res(address, after)
	change := r["change"].(m)
	change["actions"], change["before"] = l(actions), before
	if after == nil {
		change["after"] = nil
	}
	return r
}

// What Terraform lets go of goes on existing, so it is judged as it is.
func TestForgottenResources(t *testing.T) {
	const acc, diag = "azurerm_storage_account.", "azurerm_monitor_diagnostic_setting."
	open := m{"id": "/x/old", "location": "uksouth", "min_tls_version": "TLS1_0"}
	made := m{"location": "westeurope", "min_tls_version": "TLS1_2"}
	setting := res(diag+"d", m{"enabled_log": l{m{"category_group": "audit"}}, "log_analytics_workspace_id": "/x/w"}, m{"target_resource_id": true})
	deposed := forgotten(acc+"d", m{"location": "eastus"}, nil, "forget")
	deposed["deposed"] = "ab12cd34"
	current := res(acc+"d", m{})
	current["change"].(m)["actions"] = l{"delete"}
	marked := forgotten(acc+"m", m{"location": "uksouth"}, nil, "forget")
	marked["change"].(m)["before_sensitive"] = m{"location": true}
	doc := mustJSON(t, plan(l{
		forgotten(acc+"a", open, nil, "forget"), forgotten(acc+"b", open, made, "create", "forget"), current, deposed, marked,
		forgotten(acc+"empty", nil, nil, "forget"), forgotten(acc+`e["jan@example.nl"]`, m{}, nil, "forget"),
		forgotten("azurerm_storage_account_network_rules.r", m{"storage_account_id": "/x/old", "default_action": "Deny"}, nil, "forget"),
		forgotten("azurerm_key_vault_access_policy.p[\"Jan\"]", m{}, nil, "forget"), setting,
	}, m{"resources": l{refs(diag+"d", m{"target_resource_id": l{acc + "b.id", acc + "b"}})}}))
	all, problems, err := collectFile(t, "plan.json", doc)
	if err != nil {
		t.Fatal(err)
	}
	expect{"location": `{"provider":"azure","region":"uksouth"}`, "encryption.min_tls": "1.0"}.check(t, all, acc+"a")
	expect{"location": `{"provider":"azure","region":"westeurope"}`, "encryption.min_tls": "1.2", "audit.enabled": "true"}.check(t, all, acc+"b")
	// The setting in the configuration is the new account's.
	expect{"location": `{"provider":"azure","region":"uksouth"}`, "encryption.min_tls": "1.0", "audit.enabled": "false"}.check(t, all, acc+"b~forgotten")
	expect{"location": `{"provider":"azure","region":"eastus"}`}.check(t, all, acc+"d~forgotten")
	expect{"location": "?sensitive"}.check(t, all, acc+"m")
	expect{"location": "?", "encryption.min_tls": "?"}.check(t, all, acc+"empty")
	if _, there := all[acc+"d"]; there {
		t.Error("a deleted resource is still there")
	}
	text := ""
	for _, p := range problems {
		if p.Reason.Detail == "forget" {
			text += p.What.EN + " | " + p.What.NL + "\n"
			if !strings.Contains(p.What.EN, "is taken out of Terraform's care but goes on existing") || p.Hint.EN == "" || p.Reason.Code != inventory.Undeclared {
				t.Errorf("problem %+v", p)
			}
		}
	}
	for _, what := range []string{acc + "a,", acc + "b~forgotten,", acc + "d~forgotten,", acc + "m,", acc + "empty,", "azurerm_storage_account_network_rules.r,", "azurerm_key_vault_access_policy.p["} {
		if !strings.Contains(text, "what becomes of "+what) {
			t.Errorf("%s is not reported: %s", what, text)
		}
	}
	refuseAny(t, text, "jan", "Jan", "example")
	if n := strings.Count(text, "\n"); n != 8 {
		t.Errorf("%d problems, want 8: %s", n, text)
	}
}

func TestForgottenWithoutForm(t *testing.T) {
	_, _, err := collectFile(t, "plan.json", []byte(`{"format_version":"1.2","resource_changes":[{"address":"azurerm_key_vault.a","type":"azurerm_key_vault","name":"a","change":{"actions":["forget"],"before":[1]}}]}`))
	if err == nil || !strings.Contains(err.Error(), "resource_changes does not have the form") {
		t.Errorf("%v", err)
	}
}

// An old plan must not look fresh.
func TestTimeOfThePlan(t *testing.T) {
	for name, c := range map[string]struct {
		stamp   any
		want    time.Time
		problem string
	}{
		"last week":     {"2026-11-16T10:00:00+01:00", time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC), ""},
		"none":          {nil, at, ""},
		"old":           {"2026-10-01T09:00:00Z", time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC), "plan.json was made on 2026-10-01, more than 31 days ago"},
		"future":        {"2027-10-01T09:00:00Z", at, "still to come"},
		"no time":       {"yesterday", at, "not a date or time"},
		"no text":       {12, at, "not a date or time"},
		"before Christ": {"0000-01-01T00:00:00+01:00", at, "not a date or time"}, // a year that JSON cannot hold in UTC
	} {
		t.Run(name, func(t *testing.T) {
			doc := plan(l{res("azurerm_key_vault.k", m{}), res("azuread_conditional_access_policy.p", m{"state": "enabled",
				"conditions": l{m{"users": l{m{"included_users": l{"All"}}}}}})}, m{})
			doc["timestamp"] = c.stamp
			all, problems, err := collectFile(t, "plan.json", mustJSON(t, doc))
			if err != nil || len(all) != 2 {
				t.Fatalf("%d resources, %v", len(all), err)
			}
			for id, r := range all {
				if !r.Provenance.At.Equal(c.want) {
					t.Errorf("%s: %v", id, r.Provenance.At)
				}
			}
			problems = ofAge(problems)
			if (c.problem == "") != (len(problems) == 0) {
				t.Fatalf("problems %+v", problems)
			}
			if c.problem != "" && (!strings.Contains(problems[0].What.EN, c.problem) || !strings.Contains(problems[0].Hint.EN, "make a new plan")) {
				t.Errorf("problem %+v", problems[0])
			}
		})
	}
	doc := state(res("azurerm_key_vault.k", m{}))
	doc["timestamp"] = "2020-01-01T00:00:00Z" // Terraform writes none in a state
	if all, problems, err := collectFile(t, "state.json", mustJSON(t, doc)); err != nil || len(problems) > 0 || !all["azurerm_key_vault.k"].Provenance.At.Equal(at) {
		t.Errorf("%v, %v, %v", all, problems, err)
	}
}

func ofAge(list []collect.Problem) (out []collect.Problem) {
	for _, p := range list {
		if p.Reason.Detail == "age" {
			out = append(out, p)
		}
	}
	return out
}
