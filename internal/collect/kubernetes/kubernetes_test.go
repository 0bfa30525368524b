package kubernetes

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

func TestAChart(t *testing.T) {
	r, err := open(t, fixture(t, "chart.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	list := all(t, r)
	if len(list) != 2 || r.Info().Format != "kubernetes" || !strings.HasPrefix(r.Info().Digest, "sha256:") || r.Info().Size == 0 {
		t.Errorf("%d subjects, %+v", len(list), r.Info())
	}
	expect{"engine": "postgresql", "environment": "production", "personal_data": "true", "data_categories": `["bsn","naw"]`,
		"network.public": "false", "network.allowed_ranges": "[]", "encryption.at_rest": "true", "encryption.key_custody": "customer",
		"redundancy": "-", "backup.enabled": "-"}.check(t, find(t, list, "dossier-prod/StatefulSet/dossier-postgresql"))
	expect{"admin_ports_open": "false", "scope": "production"}.check(t, find(t, list, "dossier-prod/Service/dossier-web"))
	s := list[0]
	if s.Type != "apps/v1 StatefulSet" || s.Change != gate.Present || s.Draft.Provenance.File != "m.yaml" || s.Draft.Provenance.Line != 31 ||
		!slices.Equal(s.Draft.Scope.Applications, []string{"dossier"}) || s.Draft.Name != "dossier-postgresql" {
		t.Errorf("%+v", s)
	}
	want := map[string]int{"inside-cluster": 1, "no-data": 1, "no-mapping": 3}
	if !maps.Equal(r.Info().Skipped, want) {
		t.Errorf("skipped: %v", r.Info().Skipped)
	}
}

// Secrets, settings of containers and what kubectl keeps of them are in nothing that comes out, also not raw.
func TestNoSecretComesOut(t *testing.T) {
	manifest := fixture(t, "chart.yaml")
	for name, text := range map[string]string{"yaml": manifest, "json": asJSON(t, manifest)} {
		r, err := Open(Config{Name: "m", Input: strings.NewReader(text), RawTypes: []string{"Secret", "ConfigMap", "Deployment", "CronJob"}}, testEnv(t))
		if err != nil {
			t.Fatal(err)
		}
		list := all(t, r)
		if len(list) != 6 {
			t.Errorf("%s: %d subjects, want the two that are judged and the four that are asked for", name, len(list))
		}
		for _, s := range list {
			tree, why, ok := s.Raw.Attribute(nil)
			if !ok {
				t.Errorf("%s: no attributes of %s", name, s.Address)
			}
			if secret := s.Type != "v1 Service"; (why.Code == inventory.Sensitive) != secret {
				t.Errorf("%s: %s: reason %q", name, s.Address, why.Code)
			}
			refuseCanary(t, fmt.Sprintf("%+v %+v", s, tree))
			refuseCanary(t, fmt.Sprintf("%+v", s.Draft.Attributes))
		}
		held := 0
		for _, objects := range r.(*world).byKind { // nor in what the reader holds
			for _, o := range objects {
				held++
				refuseCanary(t, fmt.Sprintf("%+v %+v", *o, o.tree))
			}
		}
		if held != 8 {
			t.Errorf("%s: %d objects are held", name, held)
		}
	}
}

func refuseCanary(t *testing.T, text string) {
	t.Helper()
	if i := max(strings.Index(text, "CANARY"), strings.Index(text, "Q0FOQVJZ")); i >= 0 {
		t.Errorf("a secret comes out: %s", text[max(0, i-80):i+20])
	}
}

func TestRaw(t *testing.T) {
	list := read(t, fixture(t, "chart.yaml"))
	raw := list[0].Raw
	for path, want := range map[string]any{"spec.replicas": 1.0, "metadata.name": "dossier-postgresql",
		"metadata.labels": map[string]any{"app.kubernetes.io/instance": "dossier", "app.kubernetes.io/name": "postgresql", "app.kubernetes.io/part-of": "dossier"}} {
		v, why, ok := raw.Attribute(strings.Split(path, "."))
		if !ok || why.Code != "" || !reflect.DeepEqual(v, want) {
			t.Errorf("%s: %v, %v, %v", path, v, why, ok)
		}
	}
	if v, _, ok := raw.Attribute([]string{"spec", "nothing"}); ok || v != nil {
		t.Errorf("what is not there: %v", v)
	}
	if _, _, ok := raw.Attribute([]string{"spec", "replicas", "x"}); ok {
		t.Error("a path through a number leads somewhere")
	}
	v, why, ok := raw.Attribute([]string{"metadata", "annotations", lastApplied})
	if v != nil || why.Code != inventory.Sensitive || !ok {
		t.Errorf("a hidden value: %v, %v, %v", v, why, ok)
	}
	if v, why, ok := raw.Attribute([]string{"metadata", "annotations", lastApplied, "x"}); ok && (v != nil || why.Code != inventory.Sensitive) {
		t.Errorf("below a hidden value: %v, %v, %v", v, why, ok)
	}
}

// asJSON writes the documents of a manifest as one List, by way of another reader than the one that is tested.
func asJSON(t testing.TB, manifest string) string {
	t.Helper()
	var list []any
	dec := yaml.NewDecoder(strings.NewReader(manifest))
	for {
		var doc any
		if dec.Decode(&doc) != nil {
			break
		}
		if doc != nil {
			list = append(list, doc)
		}
	}
	raw, err := json.MarshalIndent(map[string]any{"apiVersion": "v1", "kind": "List", "items": list}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// facts are the encoded subjects by address, without where they were read.
func facts(t testing.TB, list []gate.Subject) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, s := range list {
		if _, twice := out[s.Address]; twice {
			t.Errorf("two subjects are at %s", s.Address)
		}
		r, err := s.Draft.Encode()
		if err != nil {
			t.Fatal(err)
		}
		r.Provenance = inventory.Provenance{}
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		out[s.Address] = string(raw)
	}
	return out
}

func everyFixture(t testing.TB) string {
	return documents(fixture(t, "chart.yaml"), fixture(t, "operators.yaml"), fixture(t, "platform.yaml"))
}

// The order of documents, and whether they are YAML or a List in JSON, makes no difference.
func TestOrderAndFormMakeNoDifference(t *testing.T) {
	manifest := everyFixture(t)
	want := facts(t, read(t, manifest))
	if len(want) < 15 {
		t.Fatalf("only %d subjects", len(want))
	}
	if got := facts(t, read(t, asJSON(t, manifest))); !maps.Equal(got, want) {
		t.Errorf("as JSON:\n%v\nwant\n%v", got, want)
	}
	docs := strings.Split(strings.TrimPrefix(manifest, "---"), "\n---")
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		random.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		if got := facts(t, read(t, strings.Join(docs, "\n---"))); !maps.Equal(got, want) {
			t.Fatalf("in another order:\n%v\nwant\n%v", got, want)
		}
	}
}

func TestReadingSideBySide(t *testing.T) {
	r, err := open(t, everyFixture(t))
	if err != nil {
		t.Fatal(err)
	}
	want := facts(t, all(t, r))
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(n), 7))
			for range 50 {
				from := random.IntN(r.Units())
				list, err := r.Read(t.Context(), from, from+random.IntN(r.Units()-from)+1, nil)
				if err != nil {
					t.Error(err)
				}
				for address, got := range facts(t, list) {
					if got != want[address] {
						t.Errorf("%s differs", address)
					}
				}
			}
		})
	}
	wg.Wait()
	if _, err := r.Read(t.Context(), 0, r.Units()+1, nil); err == nil {
		t.Error("units that are not there were read")
	}
}

// What one reading does with its subjects does not show in the next.
func TestEachReadingIsNew(t *testing.T) {
	r, err := open(t, everyFixture(t))
	if err != nil {
		t.Fatal(err)
	}
	want := facts(t, all(t, r))
	for _, s := range all(t, r) {
		if s.Draft.Attributes != nil {
			inventory.SetUnknown(s.Draft.Attributes, inventory.Reason{Code: inventory.SourceError})
			if d, ok := s.Draft.Attributes.(*inventory.Datastore); ok {
				d.Engine = inventory.Known("changed")
			}
		}
	}
	if got := facts(t, all(t, r)); !maps.Equal(got, want) {
		t.Error("a second reading gives what was changed in the first")
	}
}

// extra are the facts that some objects of a type show and most cannot: a rule that lacks them is left to the live system.
var extra = map[string][]string{
	"datastore": {"encryption.at_rest", "encryption.key_custody", "encryption.min_tls", "engine", "redundancy", "location", "copies", "backup.enabled"},
	"network":   {"scope"},
	"grant":     {"role", "environment", "personal_data"},
}

// Every fact that is said is in the list of its type, or among the extra ones, and every fact of a list is always said, if
// only that the manifest does not say. Subjects of one type have one list.
func TestTells(t *testing.T) {
	tells := map[string][]string{}
	set := map[string]bool{}
	for _, s := range read(t, everyFixture(t)) {
		if have, ok := tells[s.Type]; ok && !slices.Equal(have, s.Tells) {
			t.Errorf("%s has two lists: %v and %v", s.Type, have, s.Tells)
		}
		tells[s.Type] = s.Tells
		r, err := s.Draft.Encode()
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range inventory.Paths(s.Draft.Attributes) {
			said := factAt(t, r, path) != "-"
			told := slices.Contains(s.Tells, path)
			if said && !told && !slices.Contains(extra[string(r.Kind)], path) {
				t.Errorf("%s says %s, which it is not to tell", s.Address, path)
			}
			if told && !said {
				t.Errorf("%s says nothing of %s", s.Address, path)
			}
			if said && !strings.HasSuffix(factAt(t, r, path), "?not-reported manifest") {
				set[s.Type+" "+path] = true
			}
		}
	}
	for typ, list := range tells {
		for _, path := range list {
			known := set[typ+" "+path]
			for other := range tells { // datastores of all kinds share one way of telling
				known = known || slices.Contains(tells[other], path) && set[other+" "+path]
			}
			if !known {
				t.Errorf("no fixture shows %s of %s", path, typ)
			}
		}
	}
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		fixture(t, "chart.yaml"):                                                       true,
		asJSON(t, "a: 1"):                                                              true,
		`{"apiVersion":"v1","items":[{"`:                                               true, // the first part of a longer one
		"# a comment\napiVersion: v1\nkind: {{ .Values.kind }}\n":                      true,
		"\xef\xbb\xbfkind: Pod\napiVersion: v1\n":                                      true,
		"apiVersion: v1\n---\nkind: Pod\n":                                             false,
		`{"format_version":"1.2","terraform_version":"1.9.8","resource_changes":[]}`:   false,
		`{"$schema":"x","resources":[{"apiVersion":"2023-01-01","kind":"StorageV2"}]}`: false,
		`{"apiVersion": 1, "kind": "x"}`:                                               false,
		"a:\n  apiVersion: v1\n  kind: Pod\n":                                          false,
		"":                                                                             false, "{": false, "[]": false, "\x00\x01": false, "kind: Kustomization\n": false,
	} {
		if got := Is([]byte(text)); got != want {
			t.Errorf("%.60q: %v", text, got)
		}
	}
}
