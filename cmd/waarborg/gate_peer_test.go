package main

import (
	"encoding/json/v2"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	opa "github.com/open-policy-agent/opa/v1/version"

	"waarborg/internal/gate"
	"waarborg/internal/testtool"
)

// peerRules gives the rule of bench/rules for each of bench/conftest, by the end of its message.
var peerRules = map[string]string{
	"outside EEA": "BENCH-01", "tls": "BENCH-02", "public": "BENCH-03", "public blobs": "BENCH-04", "https": "BENCH-05",
	"retention": "BENCH-06", "network": "BENCH-07", "backup": "BENCH-08", "pg public": "BENCH-09", "pg pwd": "BENCH-10",
	"pg geo": "BENCH-11", "tde": "BENCH-12", "ret": "BENCH-13", "owner": "BENCH-14", "contrib": "BENCH-15",
	"log ret": "BENCH-16", "elastic": "BENCH-17", "owner tag": "BENCH-18", "personal in dev": "BENCH-19", "app tag": "BENCH-20",
}

// harms are what breaks each of the rules, by type; a value nil takes the attribute away.
var harms = map[string][]struct {
	attribute string
	value     any
}{
	"azurerm_storage_account": {{"location", "uksouth"}, {"min_tls_version", "TLS1_1"}, {"public_network_access_enabled", true},
		{"allow_nested_items_to_be_public", true}, {"https_traffic_only_enabled", false}, {"https_traffic_only_enabled", nil},
		{"blob_properties", []any{map[string]any{"delete_retention_policy": []any{map[string]any{"days": 91}}}}},
		{"network_rules", []any{map[string]any{"default_action": "Deny"}, map[string]any{"default_action": "Allow"}}},
		{"tags", map[string]any{"application": "social"}}, {"tags", map[string]any{"owner": "platform"}}, {"min_tls_version", nil}, {"network_rules", nil}},
	"azurerm_postgresql_flexible_server": {{"backup_retention_days", 6}, {"public_network_access_enabled", true}, {"geo_redundant_backup_enabled", true},
		{"authentication", []any{map[string]any{"password_auth_enabled": true}}}, {"authentication", []any{}}, {"backup_retention_days", nil},
		{"location", nil}},
	"azurerm_mssql_database": {{"transparent_data_encryption_enabled", false}, {"transparent_data_encryption_enabled", nil},
		{"short_term_retention_policy", []any{map[string]any{"retention_days": 6}}}, {"short_term_retention_policy", nil},
		{"tags", map[string]any{"data": "personal", "env": "dev"}}},
	"azurerm_role_assignment":             {{"role_definition_name", "Owner"}, {"role_definition_name", "Contributor"}, {"principal_type", "Group"}},
	"azurerm_log_analytics_workspace":     {{"retention_in_days", 181}, {"retention_in_days", nil}},
	"azurerm_elastic_cloud_elasticsearch": {{"elastic_cloud_email_address", "ops@example.com"}, {"elastic_cloud_email_address", nil}},
}

// What the twenty rules of the benchmark find under plain OPA, as conftest runs them, the gate finds by the same rules in
// Waarborg's form: neither more nor less, resource by resource.
func TestGateFindsWhatItsPeersFind(t *testing.T) {
	python := testtool.Path(t, "python3")
	peer := testtool.Built(t, "github.com/open-policy-agent/opa@v"+opa.Version)
	bench, err := filepath.Abs("../../bench")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	command := func(name string, args ...string) []byte {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return out
	}
	command(python, filepath.Join(bench, "plan.py"), "2000")
	plan := filepath.Join(dir, "plan2000.json")
	compare := func(plan string) map[string]int {
		t.Helper()
		theirs, counts := peerFindings(t, command(peer, "eval", "--format", "json", "--data", filepath.Join(bench, "conftest"), "--input", plan, "data.main.deny"))
		s := &shell{dir: filepath.Join(bench, "workspace"), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
		ours := gateFindings(t, s.must(t, exitNotMet, "gate", plan, "--policy", filepath.Join(bench, "rules"), "--format", "json"))
		same(t, filepath.Base(plan), ours, theirs)
		return counts
	}
	if counts := compare(plan); len(counts) < 7 {
		t.Errorf("the plan breaks only %v", counts)
	}
	// The plan breaks few of the rules; here each is broken, and attributes are missing.
	counts := compare(harmed(t, plan))
	for _, id := range slices.Sorted(maps.Values(peerRules)) {
		if counts[id] == 0 {
			t.Errorf("nothing breaks %s, so nothing is compared", id)
		}
	}
}

// peerFindings lists "RULE address" of what `opa eval` found, sorted, and how often each rule is broken.
func peerFindings(t *testing.T, raw []byte) (list []string, counts map[string]int) {
	t.Helper()
	var out struct {
		Result []struct {
			Expressions []struct {
				Value []string `json:"value"`
			} `json:"expressions"`
		} `json:"result"`
	}
	if err := json.Unmarshal(raw, &out); err != nil || len(out.Result) != 1 || len(out.Result[0].Expressions) != 1 {
		t.Fatalf("opa eval: %v\n%s", err, raw[:min(len(raw), 500)])
	}
	counts = map[string]int{}
	for _, message := range out.Result[0].Expressions[0].Value {
		address, what, _ := strings.Cut(message, ": ")
		id, known := peerRules[what]
		if !known {
			t.Fatalf("no rule of bench/rules stands for %q", what)
		}
		counts[id]++
		list = append(list, id+" "+address)
	}
	slices.Sort(list)
	return list, counts
}

// gateFindings lists "RULE address" of what the rules of bench/rules found not met, sorted.
func gateFindings(t *testing.T, out string) (list []string) {
	t.Helper()
	var report struct {
		Results []gate.Outcome `json:"results"`
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("the gate's results are no JSON: %v", err)
	}
	for _, o := range report.Results {
		if strings.HasPrefix(o.Rule, "BENCH-") && o.Class == gate.Failing {
			list = append(list, o.Rule+" "+o.Address)
		}
	}
	slices.Sort(list)
	return list
}

// harmed writes a plan in which every second resource is harmed in one way, each way in turn.
func harmed(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var plan map[string]any
	if err := json.Unmarshal(raw, &plan); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, x := range plan["resource_changes"].([]any) {
		r := x.(map[string]any)
		typ := r["type"].(string)
		ways := harms[typ]
		seen[typ]++
		if len(ways) == 0 || seen[typ]%2 == 1 {
			continue
		}
		way := ways[seen[typ]/2%len(ways)]
		after := r["change"].(map[string]any)["after"].(map[string]any)
		if after[way.attribute] = way.value; way.value == nil {
			delete(after, way.attribute)
		}
	}
	raw, err = json.Marshal(plan, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(filepath.Dir(name), "harmed.json")
	if err := os.WriteFile(out, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}
