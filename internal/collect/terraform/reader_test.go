package terraform

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

func openDoc(t testing.TB, doc any, raw ...string) (*File, error) {
	t.Helper()
	text, ok := doc.([]byte)
	if !ok {
		text = mustJSON(t, doc)
	}
	return OpenAt(t.Context(), bytes.NewReader(text), int64(len(text)), Config{File: "plan.json", RawTypes: raw}, testEnv(t, nil))
}

// subjects reads a document as the gate does.
func subjects(t testing.TB, doc any, raw ...string) (map[string]gate.Subject, gate.Info) {
	t.Helper()
	f, err := openDoc(t, doc, raw...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Reader(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return readAll(t, r), r.Info()
}

func readAll(t testing.TB, r gate.Reader) map[string]gate.Subject {
	t.Helper()
	list, err := r.Read(t.Context(), 0, r.Units(), nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]gate.Subject{}
	for _, s := range list {
		if _, twice := out[s.Address]; twice {
			t.Errorf("%s twice", s.Address)
		}
		out[s.Address] = s
	}
	return out
}

// acts gives a resource actions, and the values it had.
func acts(r m, before m, actions ...any) m {
	change := r["change"].(m)
	change["actions"] = l(actions)
	if before != nil {
		change["before"] = before
	}
	if slices.Equal(actions, l{"delete"}) {
		change["after"] = nil
	}
	return r
}

func changesOf(list map[string]gate.Subject) map[string]gate.Change {
	out := map[string]gate.Change{}
	for address, s := range list {
		out[address] = s.Change
	}
	return out
}

func TestWhatIsJudged(t *testing.T) {
	const kv = "azurerm_key_vault."
	moved := acts(res(kv+"moved", m{}), nil, "no-op")
	moved["previous_address"] = kv + `old["Jan Jansen"]`
	changedMove := acts(res(kv+"both", m{}), nil, "update")
	changedMove["previous_address"] = kv + "former"
	imported := acts(res(kv+"imported", m{}), nil, "no-op")
	imported["change"].(m)["importing"] = m{"id": "/x"}
	data := res(kv+"data", m{})
	data["mode"] = "data"
	deposed := acts(res(kv+"deposed", m{}), nil, "delete")
	deposed["deposed"] = "ab"
	doc := plan(l{res(kv+"new", m{}), acts(res(kv+"up", m{}), nil, "update"), acts(res(kv+"re", m{}), nil, "delete", "create"),
		acts(res(kv+"re2", m{}), nil, "create", "delete"), acts(res(kv+"same", m{}), nil, "no-op"), acts(res(kv+"gone", m{}), nil, "delete"), moved, changedMove, imported, data, deposed,
		forgotten(kv+"left", m{}, nil, "forget"), acts(res(kv+"odd", m{}), nil, "somersault"), res("random_id.x", m{}), acts(res("azurerm_redis_cache.still", m{}), nil, "no-op")}, m{})
	list, info := subjects(t, doc)
	want := map[string]gate.Change{kv + "new": gate.Create, kv + "up": gate.Update, kv + "re": gate.Replace, kv + "re2": gate.Replace, kv + "moved": gate.Move,
		kv + "both": gate.Update, kv + "imported": gate.Import, kv + "left": gate.Forget, kv + "odd": gate.Update}
	if got := changesOf(list); !maps.Equal(got, want) {
		t.Errorf("judged: %v", got)
	}
	if list[kv+"both"].Was != kv+"former" || strings.Contains(list[kv+"moved"].Was, "Jan") || list[kv+"moved"].Was == "" || list[kv+"new"].Was != "" {
		t.Errorf("was %q, %q", list[kv+"both"].Was, list[kv+"moved"].Was)
	}
	if want := map[string]int{"no-op": 2, "delete": 2, "data": 1, "no mapping": 1}; !maps.Equal(info.Skipped, want) {
		t.Errorf("skipped %v", info.Skipped)
	}
	if len(info.Problems) != 0 { // the cache is not touched by this deploy
		t.Errorf("problems %v", info.Problems)
	}
	if info.Format != "terraform-plan" || !strings.HasPrefix(info.Digest, "sha256:") || len(info.Digest) != 71 || info.Name != "plan.json" || info.Size == 0 {
		t.Errorf("info %+v", info)
	}
	list, info = subjects(t, state(res(kv+"a", m{}), res("azurerm_redis_cache.r", m{})))
	if list[kv+"a"].Change != gate.Present || info.Format != "terraform-state" || len(info.Problems) != 1 {
		t.Errorf("a state: %v, %+v", changesOf(list), info)
	}
}

func TestWhatIsTouched(t *testing.T) {
	const acc, sql, db, diag = "azurerm_storage_account.", "azurerm_mssql_server.s", "azurerm_mssql_database.d", "azurerm_monitor_diagnostic_setting.d"
	still := func(address string, values m) m { return acts(res(address, values), values, "no-op") }
	for name, c := range map[string]struct {
		changes l
		want    map[string]gate.Change
	}{
		"nothing": {l{still(acc+"a", m{"id": "/x/a"}), still(diag, m{"target_resource_id": "/x/a"})}, nil},
		"its setting changes": {l{still(acc+"a", m{"id": "/x/a"}), still(acc+"b", m{"id": "/x/b"}), acts(res(diag, m{"target_resource_id": "/x/a"}), nil, "update")},
			map[string]gate.Change{acc + "a": gate.Joined}},
		"its setting goes": {l{still(acc+"a", m{"id": "/x/a"}), acts(res(diag, nil), m{"target_resource_id": "/x/A/"}, "delete")},
			map[string]gate.Change{acc + "a": gate.Joined}},
		"its setting goes to another": {l{still(acc+"a", m{"id": "/x/a"}), still(acc+"b", m{"id": "/x/b"}), still(acc+"c", m{"id": "/x/c"}),
			acts(res(diag, m{"target_resource_id": "/x/b"}), m{"target_resource_id": "/x/a"}, "delete", "create")},
			map[string]gate.Change{acc + "a": gate.Joined, acc + "b": gate.Joined}},
		"its server changes": {l{acts(res(sql, m{"id": "/x/s"}), nil, "update"), still(db, m{"server_id": "/x/s"}), still("azurerm_mssql_database.e", m{"server_id": "/x/t"})},
			map[string]gate.Change{sql: gate.Update, db: gate.Joined}},
		"a rule of its server goes": {l{still(sql, m{"id": "/x/s"}), still(db, m{"server_id": "/x/s"}), acts(res("azurerm_mssql_firewall_rule.r", nil), m{"server_id": "/x/s"}, "delete")},
			map[string]gate.Change{sql: gate.Joined, db: gate.Joined}},
		"its role gets other rights": {l{acts(res("azurerm_role_definition.r", m{"role_definition_resource_id": "/x/r"}), nil, "update"),
			still("azurerm_role_assignment.a", m{"role_definition_id": "/x/r"}), still("azurerm_role_assignment.b", m{"role_definition_id": "/x/q"})},
			map[string]gate.Change{"azurerm_role_assignment.a": gate.Joined}},
		"its policy changes": {l{acts(res("azurerm_firewall_policy.p", m{"id": "/x/p"}), nil, "update"), still("azurerm_firewall.f", m{"firewall_policy_id": "/x/p"})},
			map[string]gate.Change{"azurerm_firewall.f": gate.Joined}},
		"where its logs go keeps them shorter": {l{still(acc+"a", m{"id": "/x/a"}), still(diag, m{"target_resource_id": "/x/a", "log_analytics_workspace_id": "/x/w"}),
			acts(res("azurerm_log_analytics_workspace.w", m{"id": "/x/w"}), nil, "update")},
			map[string]gate.Change{acc + "a": gate.Joined, "azurerm_log_analytics_workspace.w": gate.Update}},
		"a policy of conditional access goes": {l{still(policyType+".a", m{"state": "enabled", "conditions": l{m{"users": l{m{"included_users": l{"All"}}}}}}),
			acts(res(policyType+".b", nil), m{}, "delete")}, map[string]gate.Change{"conditional_access.staff": gate.Joined}},
		"conditional access stays": {l{still(policyType+".a", m{"state": "enabled", "conditions": l{m{"users": l{m{"included_users": l{"All"}}}}}})}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			list, info := subjects(t, plan(c.changes, m{}))
			if got := changesOf(list); !maps.Equal(got, c.want) {
				t.Errorf("judged: %v, want %v", got, c.want)
			}
			if name == "nothing" && info.Skipped["no-op"] != 2 {
				t.Errorf("skipped %v", info.Skipped)
			}
		})
	}
}

// A fact that a plan can show and this one does not is another thing than one that no plan shows.
func TestToldFactsAreNeverUnset(t *testing.T) {
	list, _ := subjects(t, plan(l{res("azurerm_storage_account.a", m{})}, m{}))
	s := list["azurerm_storage_account.a"]
	d := s.Draft.Attributes.(*inventory.Datastore)
	if why := d.Location.Reason(); why.Code != inventory.NotReported || why.Detail != "plan" {
		t.Errorf("location: %+v", why)
	}
	if d.LiveData.IsSet() || d.Tenancy.Isolation.IsSet() {
		t.Error("facts that no plan shows are set")
	}
	set := factsSet(d)
	for _, path := range s.Tells {
		if !slices.Contains(set, path) {
			t.Errorf("%s is not set", path)
		}
	}
	all, err := collectBytes(t.Context(), mustJSON(t, plan(l{res("azurerm_storage_account.a", m{})}, m{})), testEnv(t, nil))
	if err != nil || all[0].Attributes.(*inventory.Datastore).Location.IsSet() {
		t.Errorf("a collector says more than it read: %v", err)
	}
}

func TestRawAttributes(t *testing.T) {
	doc := plan(l{res("azurerm_linux_web_app.w", m{"https_only": true, "site": l{m{"tls": "1.2", "n": 3.5, "secret": "x"}}, "keys": m{"a": "x"}, "pw": "hunter2", "no": nil,
		"huge": jsonNumber("1e999")}, m{"id": true, "site": l{m{"later": true}}}, m{"pw": true, "keys": m{"a": true}, "site": l{m{"secret": true}}}),
		acts(res("azurerm_linux_web_app.still", m{}), nil, "no-op")}, m{})
	list, info := subjects(t, doc, "azurerm_linux_web_app")
	s, ok := list["azurerm_linux_web_app.w"]
	if !ok || len(list) != 1 || s.Draft.Attributes != nil || s.Draft.ID != "tf/azurerm_linux_web_app.w" || s.Draft.Name == "" || s.Type != "azurerm_linux_web_app" || info.Skipped["no-op"] != 1 {
		t.Fatalf("%+v, %v", list, info.Skipped)
	}
	for path, want := range map[string]string{"https_only": "true", "site/0/tls": "1.2", "site/0/n": "3.5", "site": "?sensitive", "site/0": "?sensitive", "site/0/secret": "?sensitive",
		"site/0/later": "?after-apply", "site/1": "-", "site/x": "-", "site/00": "-", "keys": "?sensitive", "keys/a": "?sensitive", "keys/b": "-", "pw": "?sensitive", "id": "?after-apply",
		"id/x": "?after-apply", "no": "<nil>", "none": "-", "huge": "?malformed", "https_only/x": "-"} {
		value, why, ok := s.Raw.Attribute(strings.Split(path, "/"))
		got := fmt.Sprint(value)
		if why.Code != "" {
			got = "?" + why.Code
		}
		if !ok {
			got = "-"
		}
		if got != want || why.Code != "" && value != nil {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if _, _, ok := s.Raw.Attribute(nil); ok {
		t.Error("no path has a value")
	}
}

func TestDriftIsNamesOnly(t *testing.T) {
	drift := func(address string, before, after any, actions ...any) m {
		return m{"address": address, "type": "azurerm_key_vault", "name": "k", "mode": "managed", "change": m{"actions": actions, "before": before, "after": after}}
	}
	doc := plan(l{}, m{})
	list := l{drift("azurerm_key_vault.a", m{"sku": "hunter2", "tags": m{"a": 1, "b": 2.0}, "x": 1}, m{"sku": "hunter3", "tags": m{"b": 2, "a": 1.0}, "y": true, "z": nil}, "update"),
		drift(`azurerm_key_vault.b["Jan"]`, m{}, nil, "delete"), drift("azurerm_key_vault.c", m{}, m{}, "no-op")}
	for i := range 1100 {
		list = append(list, drift(fmt.Sprintf("azurerm_key_vault.n[%d]", i), m{"Jan Jansen": 1}, m{}, "update"))
	}
	doc["resource_drift"] = list
	_, info := subjects(t, doc)
	if len(info.Drift) != maxDrift || info.Skipped["drift"] != 102 {
		t.Fatalf("%d drifted, %v", len(info.Drift), info.Skipped)
	}
	if d := info.Drift[0]; d.Change != "update" || !slices.Equal(d.Fields, []string{"sku", "x", "y"}) || info.Drift[1].Change != "delete" {
		t.Errorf("%+v", info.Drift[:2])
	}
	refuseAny(t, fmt.Sprintf("%+v", info), "hunter", "Jan")
}

func TestTagOfDataCategories(t *testing.T) {
	for tag, want := range map[string]string{"identity, contact;bsn": `["bsn","contact","identity"]`, "a+b+a": `["a","b"]`, "a, Jan Jansen!": `["a"]?malformed`, "": "?malformed", "Jan": "?malformed"} {
		for _, name := range []string{"data_categories", "Data-Categories"} {
			all := mustCollect(t, plan(l{res("azurerm_key_vault.k", m{"tags": m{name: tag}})}, m{}))
			if got := factAt(t, all, "azurerm_key_vault.k", "data_categories"); got != want {
				t.Errorf("%q: %s, want %s", tag, got, want)
			}
		}
	}
}

// Two resources with one id leave it open to which of them a setting belongs.
func TestOneIdTwice(t *testing.T) {
	all := mustCollect(t, plan(l{res("azurerm_storage_account.a", m{"id": "/x/s"}), res("azurerm_storage_account.b", m{"id": "/X/s/"}), res("azurerm_storage_account.c", m{"id": "/x/c"}),
		res("azurerm_monitor_diagnostic_setting.d", m{"target_resource_id": "/x/s", "enabled_log": l{m{"category_group": "audit"}}})}, m{}))
	for address, want := range map[string]string{"a": "?after-apply", "b": "?after-apply", "c": "false"} {
		if got := factAt(t, all, "azurerm_storage_account."+address, "audit.enabled"); got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
}

func TestGivenResources(t *testing.T) {
	list := []Given{
		{Address: "st (Microsoft.Storage/storageAccounts/stx)", Type: account, Name: "stx", ID: "/x/stx", Change: gate.Create, Values: m{"location": "westeurope", "min_tls_version": "TLS1_2"},
			Unknown: m{"account_replication_type": true}, Sensitive: m{"primary_access_key": true}},
		{Address: "kv", Type: "azurerm_key_vault", ID: "/x/kv", Values: m{}},
		{Address: "kv", Type: "azurerm_key_vault", ID: "/x/kv2", Change: gate.Update, Values: m{}},
		{Address: "diag", Type: "azurerm_monitor_diagnostic_setting", Drop: true, Values: m{"target_resource_id": "/x/kv"}},
		{Address: "rule", Type: "azurerm_storage_account_network_rules", Change: gate.Create, Values: m{"storage_account_id": "/x/stx", "default_action": "Deny"}},
		{Address: "web", Type: "azurerm_linux_web_app", Change: gate.Update, Values: m{"n": 1.0}},
	}
	r := FromResources("main.json", "arm-template", list, Options{RawTypes: []string{"azurerm_linux_web_app"}}, testEnv(t, nil))
	got := readAll(t, r)
	want := map[string]gate.Change{list[0].Address: gate.Create, "kv": gate.Joined, "kv~2": gate.Update, "web": gate.Update}
	if c := changesOf(got); !maps.Equal(c, want) {
		t.Errorf("judged %v", c)
	}
	d := got[list[0].Address].Draft
	if d.Provenance.Collector != "arm" || d.Provenance.File != "main.json" || d.ID != "tf/"+list[0].Address {
		t.Errorf("%+v", d)
	}
	store := d.Attributes.(*inventory.Datastore)
	if v, _ := store.Encryption.MinTLS.Value(); v != "1.2" || store.Redundancy.Reason().Code != inventory.AfterApply {
		t.Errorf("%+v", store)
	}
	if v, _, _ := got["web"].Raw.Attribute([]string{"n"}); v != 1.0 {
		t.Errorf("raw %v", v)
	}
	if info := r.Info(); info.Name != "main.json" || info.Format != "arm-template" || info.Skipped["delete"] != 1 {
		t.Errorf("%+v", info)
	}
	bad := FromResources("x", "arm-template", []Given{{Type: account}}, Options{}, testEnv(t, nil))
	if _, err := bad.Read(t.Context(), 0, 1, nil); err == nil || bad.Units() == 0 {
		t.Error("a resource without address is accepted")
	}
}

// mixed is a plan in which much depends on much.
func mixed(n int) m {
	var changes l
	config := l{}
	for i := range n {
		acc, sql := fmt.Sprintf("azurerm_storage_account.a%d", i), fmt.Sprintf("azurerm_mssql_server.s%d", i)
		diag := fmt.Sprintf("azurerm_monitor_diagnostic_setting.d%d", i)
		changes = append(changes, res(acc, m{"location": "westeurope", "name": fmt.Sprintf("st%d", i)}, m{"id": true}),
			res(fmt.Sprintf("azurerm_storage_share.f%d", i), m{"storage_account_name": fmt.Sprintf("st%d", i)}),
			res(sql, m{"id": "/x/" + sql, "location": "northeurope"}), res(fmt.Sprintf("azurerm_mssql_database.d%d", i), m{"server_id": "/x/" + sql}),
			res(fmt.Sprintf(`azurerm_role_assignment.r["p%d"]`, i/2), m{"scope": "/x/" + sql, "principal_id": "p"}),
			res(diag, m{"enabled_log": l{m{"category_group": "audit"}}, "log_analytics_workspace_id": "/x/w"}, m{"target_resource_id": true}),
			res(fmt.Sprintf(policyType+".p%d", i), m{"state": "enabled", "conditions": l{m{"users": l{m{"included_users": l{"All"}}}}}}))
		if i%2 == 1 {
			changes[len(changes)-3].(m)["address"] = fmt.Sprintf(`azurerm_role_assignment.r["P%d"]`, i/2)
		}
		config = append(config, refs(diag, m{"target_resource_id": l{acc + ".id", acc}}))
	}
	changes = append(changes, res("azurerm_log_analytics_workspace.w", m{"id": "/x/w", "location": "francecentral", "retention_in_days": 30}))
	return plan(changes, m{"resources": config})
}

// Units can be read in any order and side by side, and are the same.
func TestReadingSideBySide(t *testing.T) {
	f, err := openDoc(t, mixed(150))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Reader(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var whole [][]gate.Subject
	for i := range r.Units() {
		s, err := r.Read(t.Context(), i, i+1, nil)
		if err != nil {
			t.Fatal(err)
		}
		whole = append(whole, s)
	}
	again, err := openDoc(t, mixed(150)) // with a cold cache
	if err != nil {
		t.Fatal(err)
	}
	if r, err = again.Reader(t.Context()); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(uint64(worker), 1))
			for range 40 {
				from := rnd.IntN(len(whole))
				to := from + rnd.IntN(min(60, len(whole)-from)+1)
				got, err := r.Read(context.Background(), from, to, nil)
				if err != nil {
					t.Error(err)
					return
				}
				want := slices.Concat(whole[from:to]...)
				for i := range got {
					got[i].Raw, want[i].Raw = nil, nil
				}
				if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
					t.Errorf("units %d to %d differ", from, to)
					return
				}
			}
		})
	}
	wg.Wait()
}
