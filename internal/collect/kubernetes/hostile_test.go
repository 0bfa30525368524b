package kubernetes

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: mongo}]}\n"

// laughs is a document of which nested aliases expand to ten to the power of levels values.
func laughs(levels int) string {
	var b strings.Builder
	b.WriteString("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\na: &a [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < levels; i++ {
		last, name := string(rune('a'+i-1)), string(rune('a'+i))
		fmt.Fprintf(&b, "%s: &%s [*%s%s]\n", name, name, last, strings.Repeat(", *"+last, 9))
	}
	return b.String()
}

func TestBadInputIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"laughs":               {laughs(12), "expand to too many values"},
		"laughs, merged":       {strings.ReplaceAll(laughs(12), "[", "[{<<: ") + "}", ""},
		"itself":               {"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\na: &a [*a]\n", ""},
		"itself, by a key":     {"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\na: &a {b: *a}\n", ""},
		"brackets":             {strings.Repeat("[", 100_000), ""},
		"brackets after":       {pod + "---\n" + strings.Repeat("[", 100_000), ""},
		"template-like braces": {strings.Repeat("{", 100_000), ""},
		"braces, keys":         {pod + "---\na: " + strings.Repeat("{a: ", 100_000), ""},
		"dashes":               {strings.Repeat("- ", 100_000), ""},
		"many values":          {pod + "---\na: [" + strings.Repeat("1,", 400_000) + "1]\n", "too many values"},
		"many lines":           {"a:\n" + strings.Repeat("- \n", 400_000), "too many values"},
		"deep":                 {pod + "---\na: " + strings.Repeat("[", 70) + strings.Repeat("]", 70), "nested more than 64"},
		"deep, JSON":           {`{"apiVersion":"v1","kind":"Pod","a":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + "}", "nested deeper than 64"},
		"brackets, JSON":       {`{"a":` + strings.Repeat("[", 100_000), "nested deeper than 64"},
		"too large":            {strings.Repeat("# a comment\n", 2<<20), "larger than 16 MiB"},
		"twice":                {pod + "kind: Secret\n", "a key is there twice"},
		"twice, JSON":          {`{"apiVersion":"v1","kind":"Pod","kind":"Job"}`, "same key twice"},
		"cut off, JSON":        {`{"apiVersion":"v1","kind":"Pod"`, "ends in the middle"},
		"no number":            {strings.Replace(pod, "spec: {", "spec: {x: .nan, ", 1), "malformed or too large"},
		"number, JSON":         {`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"x":1e999}`, "too large"},
		"not UTF-8":            {pod + "a: \xff\n", "not UTF-8"},
		"UTF-16":               {"\xff\xfea\x00", "not UTF-8"},
		"zero":                 {pod + "a: \x00\n", "not UTF-8"},
		"tag":                  {pod + "a: !!python/object x\n", "a tag that is not known"},
		"behind dashes":        {pod + "--- {kind: Secret}\n", "something stands behind ---"},
		"second document":      {pod + "...\n" + pod, "not YAML that can be read"},
		"not YAML":             {pod + "a: [\n", "not YAML that can be read"},
		"merge of text":        {pod + "<<: x\n", "does not stand before keys"},
		"null key":             {pod + "null: x\n", "not plain text"},
		"empty":                {"", "no objects"},
		"comments":             {"# nothing\n---\n---\n", "no objects"},
		"a list of nothing":    {"apiVersion: v1\nkind: List\nitems: []\n", "no objects"},
		"a list":               {"- a\n", "no object of Kubernetes"},
		"no kind":              {"replicas: 3\nimage: postgres\n", "apiVersion and kind"},
		"odd kind":             {"apiVersion: v1\nkind: 'Anna Jansen'\n", "apiVersion and kind"},
		"no name":              {"apiVersion: v1\nkind: Pod\nmetadata: {}\n", "has no name"},
		"number as name":       {"apiVersion: v1\nkind: Pod\nmetadata: {name: 7}\n", "metadata.name is not text"},
		"two alike":            {pod + "---\n" + strings.Replace(pod, "mongo", "redis", 1), "there twice; the first is on line 1"},
		"kustomization":        {"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n", "kustomize"},
		"lists in lists":       {strings.Repeat(`{"apiVersion":"v1","kind":"List","items":[`, 12) + strings.Repeat("]}", 12), "no object"},
		"template":             {"apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n", ""},
		"template, control":    {"{{- if .Values.on }}\napiVersion: v1\nkind: Service\n{{- end }}\n", ""},
		"template, in text":    {strings.Replace(pod, "mongo", "'{{ .Values.image }}'", 1), "{{"},
		"template, of kind":    {"apiVersion: v1\nkind: '{{ .Values.kind }}'\nmetadata: {name: x}\n", ""},
		"template, a helper":   {"apiVersion: {{ include \"x\" . }}\nkind: Service\n", ""},
	} {
		_, err := open(t, c.text)
		var known *collect.Error
		if !errors.As(err, &known) {
			t.Errorf("%s: was read", name)
			continue
		}
		if !strings.Contains(known.Msg.EN, c.says) || known.Code != inventory.Malformed || len(known.Msg.EN) > 300 {
			t.Errorf("%s: %s (%s)", name, known.Msg.EN, known.Code)
		}
		if strings.HasPrefix(name, "template") != strings.Contains(known.Hint.EN, "helm template") && name != "empty" && !strings.Contains(c.says, "no objects") {
			t.Errorf("%s: hint %s", name, known.Hint.EN)
		}
	}
}

// What expands stays small: it is refused before memory goes to it.
func TestExplosionsStaySmall(t *testing.T) {
	for name, text := range map[string]string{"laughs": laughs(12), "brackets": strings.Repeat("[", 16<<20-1), "dashes": strings.Repeat("- ", 8<<20-1),
		"list": "[" + strings.Repeat("1,", 8<<20-2), "anchors": strings.Repeat("&a ", 5<<20), "quotes": "a: \"" + strings.Repeat("\\n", 8<<20-4),
		"JSON": `{"apiVersion":"v1","items":[` + strings.Repeat(`{},`, 5<<20)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := open(t, text); err == nil {
			t.Errorf("%s: was read", name)
		}
		runtime.ReadMemStats(&after)
		// Reading the input alone allocates some five times its size, most of it given back at once.
		if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 400 {
			t.Errorf("%s: %d MiB were allocated", name, mib)
		}
	}
}

func TestManyDocuments(t *testing.T) {
	var b strings.Builder
	for i := range 5_000 {
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p%d, labels: {app: db}}\nspec: {containers: [{image: mongo}]}\n"+
			"---\napiVersion: v1\nkind: Service\nmetadata: {name: s%d}\nspec: {type: LoadBalancer, selector: {app: db}, loadBalancerSourceRanges: [203.0.%d.%d], ports: [{port: 1}]}\n", i, i, i/250, i%250)
	}
	list := read(t, b.String())
	if len(list) != 10_000 {
		t.Fatalf("%d subjects", len(list))
	}
	d := list[0].Draft.Attributes.(*inventory.Datastore)
	if ranges, _ := d.Network.AllowedRanges.Value(); len(ranges) != maxRanges || !d.Network.AllowedRanges.IsUnknown() {
		t.Errorf("%d ranges", len(ranges))
	}
	if _, err := open(t, strings.Repeat("---\napiVersion: v1\nkind: Pod\nmetadata: {generateName: p}\n", maxObjects+1)); err == nil {
		t.Error("more objects than the limit were read")
	}
}

func TestGeneratedNamesStayApart(t *testing.T) {
	one := strings.Replace(pod, "name: p", "generateName: p-", 1)
	list := read(t, documents(one, one, pod, pod))
	if len(list) != 3 || list[0].Draft.ID == list[1].Draft.ID {
		t.Errorf("%d subjects", len(list))
	}
}

func TestAliasesAndMerges(t *testing.T) {
	manifest := `apiVersion: v1
kind: Pod
metadata: {name: p, labels: &l {app: db, tier: data}}
spec:
  containers:
    - &c {name: a, image: "mongo:7", ports: [{hostPort: 1}]}
    - {<<: *c, image: "redis:7", name: b}
---
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {type: LoadBalancer, selector: {<<: [{app: db}, {app: web}], tier: data}}
`
	list := read(t, manifest)
	expect{"engine": "mongodb", "network.public": "true"}.check(t, find(t, list, "default/Pod/p"))
	expect{"engine": "redis"}.check(t, find(t, list, "default/Pod/p/redis"))
	if _, err := open(t, pod+"---\napiVersion: v1\nkind: Pod\nmetadata: {name: q, labels: *l}\n"); err == nil {
		t.Error("an anchor of another document was followed")
	}
}

func TestOldTruths(t *testing.T) {
	for word, want := range map[string]string{"yes": "?not-reported hostNetwork", "On": "?not-reported hostNetwork", "true": "?not-reported hostNetwork",
		"no": "?not-reported manifest", "off": "?not-reported manifest", "'yes'": "?not-reported manifest", "oN": "?not-reported manifest"} {
		doc := strings.Replace(pod, "spec: {", "spec: {hostNetwork: "+word+", ", 1)
		expect{"network.public": want}.check(t, find(t, read(t, doc), "default/Pod/p"))
	}
}

func TestTypedLists(t *testing.T) {
	list := read(t, `{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[`+"\n"+`{"metadata":{"name":"p"},"spec":{"containers":[{"image":"mongo"}]},"status":{"x":1}}]}`)
	if len(list) != 1 || list[0].Type != "v1 Pod" || list[0].Draft.Provenance.Line != 2 {
		t.Errorf("%+v", list)
	}
	if _, _, ok := list[0].Raw.Attribute([]string{"status"}); ok {
		t.Error("the status, which is no part of what is asked for, is there")
	}
	if tree, _, _ := list[0].Raw.Attribute(nil); strings.Contains(fmt.Sprint(tree), lineKey) {
		t.Error("the line of an item shows in its attributes")
	}
}

func TestTextThatLooksLikeASecretIsHidden(t *testing.T) {
	list := read(t, strings.Replace(pod, "spec: {", "spec: {adminPassword: CANARY, api_Token: CANARY, x: {connectionString: CANARY, tokenName: shown}, ", 1))
	tree, why, _ := list[0].Raw.Attribute(nil)
	if text := fmt.Sprint(tree); strings.Contains(text, "CANARY") || !strings.Contains(text, "shown") || why.Code != inventory.Sensitive {
		t.Errorf("%s, %v", text, why)
	}
}

func FuzzOpen(f *testing.F) {
	for _, name := range []string{"chart.yaml", "operators.yaml", "platform.yaml"} {
		text := fixture(f, name)
		f.Add(text)
		f.Add(asJSON(f, text))
	}
	f.Add(laughs(3))
	f.Add(database)
	f.Fuzz(func(t *testing.T, text string) {
		Is([]byte(text))
		r, err := open(t, text)
		if err != nil {
			return
		}
		for address := range facts(t, all(t, r)) {
			if strings.ContainsAny(address, "@ \n\x1b") {
				t.Fatalf("free text in the address %q", address)
			}
		}
	})
}
