package terraform

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

func TestRefusesWhatIsNoPlanOrState(t *testing.T) {
	good := mustJSON(t, plan(l{res("azurerm_storage_account.a", m{})}, m{}))
	for name, c := range map[string]struct {
		doc, code, msg, hint string
	}{
		"plan of another format":     {`{"format_version":"2.0","resource_changes":[]}`, inventory.Unsupported, "format_version is not 1", "1.x"},
		"state of another format":    {`{"format_version":"0.2","values":{}}`, inventory.Unsupported, "format_version is not 1", "1.x"},
		"format that is no text":     {`{"format_version":1,"resource_changes":[]}`, inventory.Unsupported, "format_version is missing", "terraform show -json"},
		"stored state":               {`{"version":4,"serial":3,"lineage":"x","resources":[]}`, inventory.Unsupported, "format_version is missing", "as Terraform stores it"},
		"something else":             {`{"a":1}`, inventory.Unsupported, "is not the output of", "terraform show -json"},
		"a list":                     {`[]`, inventory.Unsupported, "is not the output of", "terraform show -json"},
		"cut off":                    {string(good[:len(good)-40]), inventory.Malformed, "ends in the middle", "terraform show -json"},
		"plan without resources":     {`{"format_version":"1.2","configuration":{"root_module":{}}}`, inventory.Malformed, "neither resource_changes nor", ""},
		"changes of the wrong form":  {`{"format_version":"1.2","resource_changes":{}}`, inventory.Malformed, "resource_changes does not have the form", ""},
		"change of the wrong form":   {`{"format_version":"1.2","resource_changes":[{"address":3}]}`, inventory.Malformed, "resource_changes", ""},
		"values of the wrong form":   {`{"format_version":"1.2","resource_changes":[{"address":"a.b","type":"azurerm_key_vault","name":"b","change":{"actions":["create"],"after":[1]}}]}`, inventory.Malformed, "resource_changes", ""},
		"state of the wrong form":    {`{"format_version":"1.0","values":[]}`, inventory.Malformed, "values does not have the form", ""},
		"configuration without form": {`{"format_version":"1.2","configuration":[],"resource_changes":[]}`, inventory.Malformed, "configuration does not have the form", ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, _, err := collectFile(t, "plan.json", []byte(c.doc))
			var e *collect.Error
			if !errors.As(err, &e) {
				t.Fatalf("accepted, or another error: %v, %v", out, err)
			}
			if e.Code != c.code || !strings.Contains(e.Msg.EN, c.msg) || !strings.Contains(e.Hint.EN, c.hint) || !bothSaid(e.Msg, e.Hint) {
				t.Errorf("code %s, message %q, hint %q", e.Code, e.Msg, e.Hint)
			}
		})
	}
	_, err := New(Config{File: filepath.Join(t.TempDir(), "none.json")}).Collect(t.Context(), testEnv(t, nil))
	var e *collect.Error
	if !errors.As(err, &e) || e.Code != inventory.SourceError || !strings.Contains(e.Msg.EN, "does not exist") {
		t.Errorf("a missing file: %v", err)
	}
}

func TestEmptyStateIsTold(t *testing.T) {
	out, problems, err := collectFile(t, "state.json", []byte(`{"format_version":"1.0"}`))
	if err != nil || len(out) != 0 || len(problems) != 1 || !strings.Contains(problems[0].Hint.EN, "state is empty") {
		t.Errorf("%v, %v, %v", out, problems, err)
	}
}

func TestWhichChangesCount(t *testing.T) {
	changes, want := l{}, 0
	for i, c := range []struct {
		actions l
		counts  bool
	}{{l{"create"}, true}, {l{"update"}, true}, {l{"no-op"}, true}, {l{"delete", "create"}, true}, {l{"create", "delete"}, true},
		{l{"delete"}, false}, {l{"read"}, false}, {l{"somersault"}, true}} {
		r := res("azurerm_key_vault.k"+string(rune('a'+i)), m{})
		r["change"].(m)["actions"] = c.actions
		changes = append(changes, r)
		if c.counts {
			want++
		}
	}
	data, old := res("azurerm_key_vault.data", m{}), res("azurerm_key_vault.old", m{})
	data["mode"], old["deposed"] = "data", "ab12"
	all := mustCollect(t, plan(append(changes, data, old), m{}))
	if len(all) != want {
		t.Errorf("%d resources, want %d", len(all), want)
	}
}

// The fixtures are in the form that Terraform 1.9 writes; see testdata/README.md.
func TestRealisticPlan(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("testdata", "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	all, problems, err := collectFile(t, "plan.json", doc)
	if err != nil || len(problems) != 0 {
		t.Fatalf("%v, %v", problems, err)
	}
	const people, logs = `module.housing["tenants"].azurerm_storage_account.files`, "azurerm_log_analytics_workspace.main"
	expect{"location": `{"provider":"azure","region":"westeurope"}`, "log_sinks": `[{"kind":"log_analytics","location":{"provider":"azure","region":"northeurope"}}]`,
		"audit.enabled": "true", "audit.retention_days": "180", "retention.automatic_days": "730", "network.private_endpoint": "true", "network.public": "false",
		"environment": "production", "personal_data": "true", "copies": `[{"location":{"provider":"azure","region":"westeurope"},"role":"paired"}]`}.check(t, all, people)
	expect{"audit.enabled": "true", "retention.automatic_days": "730", "network.private_endpoint": "true"}.check(t, all, `module.housing["staff"].azurerm_storage_account.files`)
	expect{"retention.automatic_days": "180", "log_sinks": "[]"}.check(t, all, logs)
	expect{"encryption.tls_required": "true", "authentication.password_login": "false", "network.public": "false"}.check(t, all, "azurerm_postgresql_flexible_server.main")
	if s := all[people].Scope; len(s.Applications) != 1 || s.Applications[0] != "housing" {
		t.Errorf("scope %v", s)
	}
	p := all[people].Provenance
	if p.Collector != "terraform" || p.File != "plan.json" || p.Call != "azurerm_storage_account" || !p.At.Equal(at) || p.Source != "tf" {
		t.Errorf("provenance %+v", p)
	}
	refuseAny(t, string(mustJSON(t, all)), "hunter2", "beheerder")
}

func TestRealisticState(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("testdata", "state.json"))
	if err != nil {
		t.Fatal(err)
	}
	all, problems, err := collectFile(t, "state.json", doc)
	if err != nil || len(problems) != 0 {
		t.Fatalf("%v, %v", problems, err)
	}
	expect{"location": `{"provider":"azure","region":"westeurope"}`, "encryption.at_rest": "true", "audit.enabled": "true", "encryption.key_custody": "customer"}.
		check(t, all, "module.sql.azurerm_mssql_database.app")
	expect{"target": "tf/module.sql.azurerm_mssql_database.app", "principal_type": "person"}.check(t, all, "azurerm_role_assignment.dba[0]")
	refuseAny(t, string(mustJSON(t, all)), "hunter2", "beheerder")
}

func TestPlannedValuesAlone(t *testing.T) {
	doc := m{"format_version": "1.2", "planned_values": m{"root_module": m{"child_modules": l{m{"address": "module.a", "resources": l{
		m{"address": "module.a.azurerm_storage_account.s", "mode": "managed", "type": "azurerm_storage_account", "name": "s",
			"values": m{"location": "westeurope", "min_tls_version": nil}, "sensitive_values": m{}}}}}}}}
	expect{"location": `{"provider":"azure","region":"westeurope"}`, "encryption.min_tls": "?after-apply", "log_sinks": "?after-apply", "audit.enabled": "?after-apply"}.
		check(t, mustCollect(t, doc), "module.a.azurerm_storage_account.s")
}

func TestGzipAndByteOrderMark(t *testing.T) {
	doc := append([]byte("\xEF\xBB\xBF"), mustJSON(t, plan(l{res("azurerm_key_vault.k", m{})}, m{}))...)
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(doc); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"plan.json": doc, "plan.json.gz": b.Bytes()} {
		if all, _, err := collectFile(t, name, content); err != nil || len(all) != 1 {
			t.Errorf("%s: %v, %v", name, all, err)
		}
	}
}

// The same file gives the same bytes: nothing depends on the order of a Go map.
func TestSameFileSameResources(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("testdata", "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, err := collectFile(t, "plan.json", doc)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		again, _, err := collectFile(t, "plan.json", doc)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(mustJSON(t, first), mustJSON(t, again)) {
			t.Fatal("two collections differ")
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := collectBytes(ctx, mustJSON(t, plan(l{res("azurerm_key_vault.k", m{})}, m{})), testEnv(t, nil))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// FuzzCollect holds that no file makes the collector panic or gives drafts that cannot be encoded, and that it ends.
func FuzzCollect(f *testing.F) {
	for _, name := range []string{"plan.json", "state.json"} {
		doc, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(doc)
	}
	for typ := range table {
		f.Add(mustJSON(f, plan(l{res(typ+".r", m{"id": "/x", "server_id": "/x", "scope": "/x"}, m{"target_resource_id": true})},
			m{"resources": l{refs(typ+".r", m{"server_id": l{typ + ".r.id"}})}})))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		start := time.Now()
		drafts, err := collectBytes(t.Context(), doc, testEnv(t, nil))
		if err != nil {
			var e *collect.Error
			if !errors.As(err, &e) || !bothSaid(e.Msg, e.Hint) {
				t.Fatalf("a poor error: %#v", err)
			}
			return
		}
		if _, err := inventory.EncodeAll(drafts); err != nil {
			t.Fatal(err)
		}
		if spent := time.Since(start); spent > 5*time.Second {
			t.Fatalf("it took %s", spent)
		}
	})
}
