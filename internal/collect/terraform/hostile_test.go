package terraform

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

// judge reads a document to its end, as the gate does.
func judge(ctx context.Context, t testing.TB, cfg Config, doc []byte) (int, error) {
	t.Helper()
	f, err := OpenAt(ctx, bytes.NewReader(doc), int64(len(doc)), cfg, testEnv(t, nil))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r, err := f.Reader(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for i := range r.Units() {
		list, err := r.Read(ctx, i, i+1, nil)
		if err != nil {
			return n, err
		}
		for _, s := range list {
			if s.Draft.Attributes != nil {
				if _, err := s.Draft.Encode(); err != nil {
					t.Fatal(err)
				}
			}
		}
		n += len(list)
	}
	return n, nil
}

// refused makes sure that a document is refused in words that help.
func refused(t *testing.T, cfg Config, doc []byte, words string) {
	t.Helper()
	cfg.File = "plan.json"
	_, err := judge(t.Context(), t, cfg, doc)
	var e *collect.Error
	if !errors.As(err, &e) || e.Code != inventory.Malformed || !bothSaid(e.Msg, e.Hint) {
		t.Errorf("not refused well: %v", err)
		return
	}
	if !strings.Contains(e.Msg.EN, words) {
		t.Errorf("it says %q, want %q", e.Msg.EN, words)
	}
}

func TestCutOffAnywhere(t *testing.T) {
	large := mustJSON(t, mixed(700)) // of several blocks
	real, err := os.ReadFile(filepath.Join("testdata", "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(filepath.Join("testdata", "state.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string][]byte{"large": large, "plan": real, "state": old} {
		doc = bytes.TrimSpace(doc)
		if _, err := judge(t.Context(), t, Config{File: "p.json"}, doc); err != nil {
			t.Fatalf("%s whole: %v", name, err)
		}
		for i := range 200 {
			n := len(doc) * i / 200
			if _, err := judge(t.Context(), t, Config{File: "p.json"}, doc[:n]); err == nil {
				t.Errorf("%s: %d of %d bytes are accepted", name, n, len(doc))
			}
		}
		if _, err := judge(t.Context(), t, Config{File: "p.json"}, doc[:len(doc)-1]); err == nil {
			t.Errorf("%s: without its last byte it is accepted", name)
		}
	}
}

func TestHostileText(t *testing.T) {
	element := `{"address":"azurerm_key_vault.k","mode":"managed","type":"azurerm_key_vault","name":"k","change":{"actions":["create"],"after":{"location":"westeurope","soft_delete_retention_days":7}}}`
	wrap := func(s string) []byte {
		return []byte(`{"format_version":"1.2","resource_changes":[` + s + `],"configuration":{"root_module":{}}}`)
	}
	if n, err := judge(t.Context(), t, Config{}, wrap(element)); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	const form = "resource_changes does not have the form"
	for name, c := range map[string]struct{ doc, words string }{
		"a key twice":                     {string(wrap(strings.Replace(element, `"location"`, `"location":"uksouth","location"`, 1))), form},
		"a key twice by an escape":        {string(wrap(strings.Replace(element, `"location"`, `"l\u006fcation":"uksouth","location"`, 1))), form},
		"actions twice":                   {string(wrap(strings.Replace(element, `"actions"`, `"actions":["no-op"],"actions"`, 1))), form},
		"invalid UTF-8":                   {string(wrap(strings.Replace(element, "westeurope", "west\xff", 1))), form},
		"half a surrogate":                {string(wrap(strings.Replace(element, "westeurope", `\ud800`, 1))), form},
		"not a number":                    {string(wrap(strings.Replace(element, ":7", ":NaN", 1))), form},
		"infinity":                        {string(wrap(strings.Replace(element, ":7", ":-Infinity", 1))), form},
		"a leading zero":                  {string(wrap(strings.Replace(element, ":7", ":07", 1))), form},
		"a comma too many":                {string(wrap(element + ",")), "not valid JSON"},
		"no comma":                        {string(wrap(element + element)), "not valid JSON"},
		"no resource":                     {string(wrap("3")), form},
		"one address twice":               {string(wrap(element + "," + strings.Replace(element, "create", "update", 1))), "two resources have one address, azurerm_key_vault.k"},
		"an address with the mark of ids": {string(wrap(strings.Replace(element, "vault.k", "vault.k~forgotten", 1))), form},
		"a section twice":                 {`{"format_version":"1.2","resource_changes":[],"resource_changes":[` + element + `]}`, "same key twice"},
		"a section twice, one null":       {`{"format_version":"1.2","resource_changes":[` + element + `],"resource_changes":null}`, "same key twice"},
		"something after it":              {string(wrap(element)) + " {}", "something follows"},
		"brackets that cross":             {`{"format_version":"1.2","prior_state":{"a":[}],"resource_changes":[` + element + `]}`, "not valid JSON"},
		"drift without form":              {`{"format_version":"1.2","resource_drift":[3],"resource_changes":[]}`, "resource_drift does not have"},
		"UTF-16":                          {"\xff\xfe{\x00}\x00", "UTF-16"},
		"nothing":                         {"", "is empty"},
		"blanks":                          {" \n ", "is empty"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, Config{}, []byte(c.doc), c.words) })
	}
	t.Run("a number beyond float64", func(t *testing.T) {
		all, _, err := collectFile(t, "p.json", wrap(strings.Replace(element, ":7", ":1e400", 1)))
		if err != nil {
			t.Fatal(err)
		}
		expect{"deletion.soft_delete_days": "?malformed", "deletion.soft_delete": "?"}.check(t, all, "azurerm_key_vault.k")
	})
}

func TestHostileSize(t *testing.T) {
	address := strings.Repeat("module.m.", 10_000) + "azurerm_key_vault.k"
	r := res("azurerm_key_vault.k", m{}, m{})
	r["address"], r["module_address"] = address, strings.TrimSuffix(strings.Repeat("module.m.", 10_000), ".")
	diag := res("azurerm_monitor_diagnostic_setting.d", m{}, m{"target_resource_id": true})
	diag["module_address"] = r["module_address"]
	if n, err := judge(t.Context(), t, Config{}, mustJSON(t, plan(l{r, diag}, m{}))); err != nil || n != 1 {
		t.Errorf("10,000 modules in an address: %d, %v", n, err)
	}
	nestedModules := strings.Repeat(`{"module_calls":{"m":{"module":`, 10_000) + "{}" + strings.Repeat("}}}", 10_000)
	refused(t, Config{}, []byte(`{"format_version":"1.2","resource_changes":[],"configuration":{"root_module":`+nestedModules+`}}`), "nested deeper than 512 levels")
	refused(t, Config{}, []byte(`{"format_version":"1.2","resource_changes":[{"change":`+strings.Repeat("[", 600)+strings.Repeat("]", 600)+`}]}`), "nested deeper than 512 levels")

	big := mustJSON(t, plan(l{res("azurerm_key_vault.k", m{"location": "westeurope", "x": strings.Repeat(`a"\`, 16<<20)})}, m{}))
	if len(big) < 50<<20 {
		t.Fatalf("%d bytes", len(big))
	}
	refused(t, Config{Element: 8 << 20}, big, "larger than 8 MiB")
	if n, err := judge(t.Context(), t, Config{Element: 128 << 20}, big); err != nil || n != 1 {
		t.Errorf("an attribute of 80 MB: %d, %v", n, err)
	}
	refused(t, Config{Size: 1 << 20}, big, "larger than the limit of 1 MiB")
}

// A configuration in which everything refers to itself, through every way, and as widely as it can.
func TestConfigurationThatRefersToItself(t *testing.T) {
	outputs := m{}
	for i := range 300 {
		outputs[fmt.Sprintf("o%d", i)] = m{"expression": m{"references": l{"module.m", "each.key", "var.v", "module.m.o1", "module.m"}}}
	}
	inner := m{"outputs": outputs, "resources": l{refs("azurerm_monitor_diagnostic_setting.d", m{"target_resource_id": l{"each.value"}})}}
	inner["module_calls"] = m{"m": m{"expressions": m{"v": m{"references": l{"var.v", "module.m"}}}, "module": m{"outputs": outputs}}}
	config := m{"resources": l{with(refs("azurerm_monitor_diagnostic_setting.d", m{"target_resource_id": l{"each.value"}}), "for_each_expression", m{"references": l{"module.m", "each.key"}})},
		"module_calls": m{"m": m{"expressions": m{"v": m{"references": l{"module.m", "var.v"}}}, "module": inner}}}
	changes := l{}
	for i := range 300 {
		key := fmt.Sprintf("[%d]", i)
		changes = append(changes, res("module.m"+key+".azurerm_storage_account.a", m{}, m{"id": true}),
			res("azurerm_monitor_diagnostic_setting.d"+key, m{}, m{"target_resource_id": true}))
	}
	if n, err := judge(t.Context(), t, Config{}, mustJSON(t, plan(changes, config))); err != nil || n != 300 {
		t.Errorf("%d, %v", n, err)
	}
}

// Settings that can belong to any of many do not make pairs of each with each.
func TestManyCandidates(t *testing.T) {
	const n = 3000
	var changes l
	for i := range n {
		changes = append(changes, res(fmt.Sprintf("azurerm_storage_account.a[%d]", i), m{}, m{"id": true}),
			res(fmt.Sprintf("azurerm_monitor_diagnostic_setting.d[%d]", i+n), m{}, m{"target_resource_id": true}))
	}
	doc := plan(changes, m{"resources": l{refs("azurerm_monitor_diagnostic_setting.d", m{"target_resource_id": l{"azurerm_storage_account.a", "count.index"}})}})
	f, err := openDoc(t, doc)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.joined) != 0 || len(f.loose) != 1 {
		t.Errorf("%d pairs, %d loose", len(f.joined), len(f.loose))
	}
}

// Every mapping that tells something of others is known to, or its satellites would be lost.
func TestAttachedTypes(t *testing.T) {
	f := newFile(Config{}, testEnv(t, nil))
	f.complete = true
	for typ, make := range table {
		tells := false
		for _, mode := range []string{"Default", "Replica", "OnlineSecondary"} {
			values := m{"create_mode": mode, "name": "require_secure_transport"}
			for _, block := range blockNames {
				values[block] = l{m{"private_connection_resource_id": "/x"}}
			}
			g := f.sheet()
			r := resource{head: head{address: typ + ".r", typ: typ, name: "r"}}
			r.in = &decoder{}
			r.values, _ = members(mustJSON(t, values), nil)
			f.records = []record{{}}
			make(g, r)
			if len(g.satellites) > 0 && mode == "Default" {
				tells = true
			}
			if len(g.satellites) > 0 && mode != "Default" && !attached[typ] && !copied[typ] {
				t.Errorf("%s with create_mode %s is not listed", typ, mode)
			}
			nodes := 0
			for _, n := range g.nodes {
				if !n.hidden {
					nodes++
				}
			}
			if (nodes > 0 || typ == policyType) != (told[typ] != nil) {
				t.Errorf("%s makes %d drafts and tells %v", typ, nodes, told[typ])
			}
			if len(g.nodes) > 0 && attached[typ] {
				t.Errorf("%s is a satellite and a node", typ)
			}
			g.giveBack()
		}
		if tells != attached[typ] {
			t.Errorf("%s tells of others: %v; listed: %v", typ, tells, attached[typ])
		}
	}
}

// Memory does not grow with the file but by some tens of bytes a resource.
func TestMemoryOfAnOpenFile(t *testing.T) {
	doc := generate(20_000, true)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, err := openDoc(t, doc)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if per := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / int64(len(f.records)); per > 200 {
		t.Errorf("%d bytes a resource", per)
	}
	runtime.KeepAlive(f)
	runtime.KeepAlive(doc)
}

// A stream is kept in a file that nobody else sees, and gives the same as the file.
func TestStream(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	doc := mustJSON(t, mixed(5))
	f, err := OpenStream(t.Context(), bytes.NewReader(doc), Config{File: "-"}, testEnv(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	plain, err := openDoc(t, doc)
	if err != nil || f.digest != plain.digest || f.input != plain.size {
		t.Errorf("%s and %s, %v", f.digest, plain.digest, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := OpenStream(t.Context(), bytes.NewReader(doc), Config{File: "-", Size: 100}, testEnv(t, nil)); err == nil || !strings.Contains(err.Error(), "larger than the limit") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OpenStream(ctx, bytes.NewReader(doc), Config{File: "-"}, testEnv(t, nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDamagedGzip(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(mustJSON(t, mixed(20))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole := packed.Bytes()
	bad := bytes.Clone(whole)
	bad[len(bad)-5] ^= 1
	for words, doc := range map[string][]byte{"is damaged gzip": bad, "ends in the middle": whole[:len(whole)/2], "is not gzip": []byte("{}")} {
		_, _, err := collectFile(t, "plan.json.gz", doc)
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want %q", err, words)
		}
	}
	if _, _, err := collectFile(t, "plan.json.gz", whole); err != nil {
		t.Error(err)
	}
}

func TestLongReadIsCancelled(t *testing.T) {
	f, err := openDoc(t, mixed(20))
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Reader(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Read(ctx, 0, r.Units(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// FuzzGate holds that no file makes the gate's reader panic, and that reading the units one by one gives what reading them
// together gives.
func FuzzGate(f *testing.F) {
	for _, name := range []string{"plan.json", "state.json"} {
		doc, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(doc)
	}
	f.Add(mustJSON(f, mixed(2)))
	f.Add([]byte(`{"format_version":"1.2","resource_changes":[{"address":"azurerm_key_vault.k","type":"azurerm_key_vault","name":"k","index":"\"","change":{"actions":["no-op","forget"],"before":{"tags":[{}]},"after":null,"after_unknown":[1]}}]}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		n, err := judge(t.Context(), t, Config{File: "f.json", RawTypes: []string{"azurerm_key_vault", "x"}}, doc)
		if err != nil {
			var e *collect.Error
			if !errors.As(err, &e) || !bothSaid(e.Msg, e.Hint) {
				t.Fatalf("a poor error: %#v", err)
			}
			return
		}
		file, err := openDoc(t, doc, "azurerm_key_vault", "x")
		if err != nil {
			t.Fatal(err)
		}
		r, err := file.Reader(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all, err := r.Read(t.Context(), 0, r.Units(), nil)
		if err != nil || len(all) != n {
			t.Fatalf("%d together, %d one by one, %v", len(all), n, err)
		}
		for _, s := range all {
			if s.Raw != nil {
				s.Raw.Attribute([]string{"tags", "0"})
			}
		}
	})
}
