package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/assess"
)

const leakCustomers = 20

// tag is a word that is a customer's alone: whatever is named after it holds the word.
func tag(i int) string { return "quv" + string(rune('a'+i)) + "zix" }

// limit is a number that one customer alone agreed.
func limit(i int) int { return 2011 + 37*i }

// leakFiles is a workspace in which all that can be named after a customer is: its files, documents, instructions, keys,
// stores, flows, sources, resources and grants. Beside them is one shared store, judged by everybody's own terms.
func leakFiles() files { return leakFilesOf(leakCustomers) }

// leakFilesOf is the same for a number of customers.
func leakFilesOf(customers int) files {
	out := small()
	maps.DeleteFunc(out, func(name, _ string) bool { return strings.HasPrefix(name, "agreements/customers/") })
	sources, stores, flows := "", "", "flows:\n"
	var plan []string
	for i := range customers {
		w := tag(i)
		out["agreements/customers/"+w+".yaml"] = fmt.Sprintf(`id: %[1]s
name: Housing %[1]s
agreement: standard
applications: [crm]
tenants: {own-%[1]s: [key-%[1]s], files: [key-%[1]s]}
contract: {document: Contract %[1]s, start: 2024-02-01}
instructions:
  - {id: instruction-%[1]s, date: 2024-02-01, document: Letter %[1]s, subject: what %[1]s wants}
terms:
  - {path: retention.crm.tenant_file.days, value: %[2]d, instruction: instruction-%[1]s, source: {document: Letter %[1]s, clause: %[1]s, date: 2024-02-01}}
  - {path: backup.min_retention_days, value: %[2]d, source: {document: Addendum %[1]s, date: 2024-02-01}}
`, w, limit(i))
		stores += fmt.Sprintf(`  - id: own-%[1]s
    applications: [crm]
    customers: [%[1]s]
    source: plan
    match: azurerm_storage_account.%[1]s
    provider: azure
    environment: production
    categories: [name, unclassified]
`, w)
		flows += fmt.Sprintf("  - {id: export-%[1]s, application: crm, customers: [%[1]s], recipient: controller, feature: transfer, purpose: deliver, instruction: instruction-%[1]s, categories: [name], mechanism: mail}\n", w)
		sources += fmt.Sprintf("  - {id: from-%[1]s, type: file, settings: {file: export-%[1]s.json, mapping: users.yaml}}\n", w)
		out["export-"+w+".json"] = fmt.Sprintf(`{"users": [{"id": "users-of-%[1]s", "customer": "%[1]s", "length": 6}, {"id": "more-of-%[1]s", "customer": "%[1]s"}]}`, w)
		plan = append(plan, strings.Replace(storageAccount(w, "uksouth"), `"after": {`, `"after": {"id": "/accounts/`+w+`", `, 1),
			fmt.Sprintf(`{"address": "azurerm_role_assignment.%[1]s", "mode": "managed", "type": "azurerm_role_assignment", "name": "%[1]s",
   "change": {"actions": ["create"], "after_unknown": {}, "after_sensitive": {}, "after": {"principal_id": "person-%[1]s", "principal_type": "User",
    "role_definition_name": "Owner", "scope": "/accounts/%[1]s"}}}`, w))
	}
	out["plan.json"] = `{"format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": [` + strings.Join(plan, ",\n") + "]}"
	out["users.yaml"] = `kind: sign_in
permission: reader
items: /users
id: /id
customers: /customer
facts:
  audience: {const: customer}
  password.min_length: {pointer: /length}
`
	out["mapping.yaml"] += "  backup.enabled: {const: true}\n  backup.retention_days: {const: 14}\n"
	out["datamap.yaml"] = strings.Replace(out["datamap.yaml"], "  - id: abroad\n    applications: [portal]", "  - id: abroad\n    applications: [crm]", 1) + `    tables:
      - {table: crm.tenants, class: tenant_file, tenant_column: org, trigger: {column: ended, meaning: tenancy_end, en: a, nl: b}}
` + stores + flows
	out["waarborg.yaml"] += "  - {id: plan, type: terraform, settings: {file: plan.json}}\n" + sources
	return out
}

// Each customer's view, in every form, holds only what is its own or everybody's.
func TestNoCustomerSeesAnother(t *testing.T) {
	s := newShell(t, leakFiles())
	whole := s.must(t, exitNotMet, "check", "--format", "json")
	for i := range leakCustomers {
		for _, value := range []string{"plan/azurerm_storage_account." + tag(i), "from-" + tag(i) + "/users-of-" + tag(i),
			"datamap/flow/export-" + tag(i), fmt.Sprint(`"limit": `, limit(i))} {
			if !strings.Contains(whole, value) {
				t.Fatalf("the whole does not have %s, so that nothing is proved below", value)
			}
		}
	}
	s.must(t, exitMet, "keys", "init")
	snap := s.dir + "/snap.json.gz"
	s.must(t, exitUnknown, "collect", "-o", snap)
	for i := range leakCustomers {
		if underRace && i%7 != 0 {
			continue
		}
		for _, format := range []string{"json", "table", "md"} {
			args := []string{"check", "--snapshot", snap, "--customer", tag(i), "--format", format}
			if format == "table" {
				args = append(args, "--all")
			}
			code, out, errs := s.run(t.Context(), args...)
			if code != exitNotMet || errs != "" {
				t.Fatalf("%s: exit status %d\n%s", tag(i), code, errs)
			}
			noneOfOthers(t, i, format, out)
			if format == "json" {
				ownResults(t, i, results(t, out))
			}
		}
	}
	// What is read live speaks of the problems of all sources: nothing of that is in the view either.
	_, out, errs := s.run(t.Context(), "check", "--customer", tag(3), "--format", "json")
	noneOfOthers(t, 3, "json, live", out+errs)
}

func noneOfOthers(t *testing.T, i int, format, out string) {
	t.Helper()
	if !strings.Contains(out, tag(i)) {
		t.Errorf("%s, %s: nothing of its own", tag(i), format)
	}
	for j := range leakCustomers {
		if j == i {
			continue
		}
		for _, value := range []string{tag(j), fmt.Sprintf(" %d ", limit(j)), fmt.Sprintf(": %d", limit(j))} {
			if at := strings.Index(out, value); at >= 0 {
				t.Errorf("%s, %s: holds %q: …%s…", tag(i), format, value, out[max(0, at-100):min(len(out), at+60)])
				return
			}
		}
	}
}

// ownResults wants every result to be of that customer, and its own findings among them.
func ownResults(t *testing.T, i int, r assess.Results) {
	t.Helper()
	for _, x := range r.Results {
		if !slices.Equal(x.Customers, []string{tag(i)}) {
			t.Errorf("%s: %s on %s is of %q", tag(i), x.Rule, x.Resource, x.Customers)
		}
	}
	failing := having(r, assess.Fail)
	// Its own by name; what serves others too, cloud/files and cloud/abroad, by an alias.
	for _, want := range []string{"TRF-001 plan/azurerm_storage_account." + tag(i), "SEC-006 shared/datastore/", "TRF-001 shared/datastore/"} {
		if !slices.ContainsFunc(failing, func(f string) bool { return strings.HasPrefix(f, want) }) {
			t.Errorf("%s: missing: %s", tag(i), want)
		}
	}
	if len(r.Waivers) > 0 {
		t.Errorf("%s: waivers are the processor's own: %+v", tag(i), r.Waivers)
	}
}
