package file

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waarborg/internal/say"
)

// TestMappingProblems: what is wrong with a mapping is told with its place, all at once.
func TestMappingProblems(t *testing.T) {
	head := "kind: endpoint\nid: /id\nfacts:\n"
	for _, c := range []struct{ name, text, want string }{
		{"no kind", "id: /id\nfacts: {managed: {const: true}}\n", "the key kind is missing"},
		{"no id", "kind: endpoint\nfacts: {managed: {const: true}}\n", "the key id is missing"},
		{"no facts", "kind: endpoint\nid: /id\n", "the key facts is missing"},
		{"no such kind", "kind: endpoints\nid: /id\nfacts: {managed: {const: true}}\n", "m.yaml:1:7: kind: there is no kind of resource endpoints"},
		{"id is no pointer", "kind: endpoint\nid: jan@example.nl\nfacts: {managed: {const: true}}\n", "is neither a pointer nor an id"},
		{"bad escape", "kind: endpoint\nid: /a~2\nfacts: {managed: {const: true}}\n", "m.yaml:2:5: id: \"/a~2\" is not a JSON Pointer"},
		{"no such fact", head + "  manged: {const: true}\n", "a resource of kind endpoint has no such fact"},
		{"part of a path", "kind: sign_in\nid: /id\nfacts:\n  password: {const: true}\n", "has no such fact"},
		{"unknown key", head + "  managed: {pointer: /a, regex: x}\n", "this key is not known here"},
		{"neither", head + "  managed: {absent: [null]}\n", "it needs either `pointer` or `const`"},
		{"both", head + "  managed: {pointer: /a, const: true}\n", "it needs either `pointer` or `const`"},
		{"two steps", head + "  managed: {pointer: /a, equals: 1, exists: true}\n", "it has both `equals` and `exists`"},
		{"step with const", head + "  managed: {const: true, exists: true}\n", "with `const` nothing else can be said"},
		{"absent with exists", head + "  managed: {pointer: /a, exists: true, absent: [null]}\n", "does not go with `exists`"},
		{"whole item", head + "  managed: {pointer: ''}\n", "point to a value"},
		{"const of another type", head + "  managed: {const: 1}\n", "m.yaml:4:20: facts.managed.const: is not true or false"},
		{"const that is no word", head + "  form: {const: laptpo}\n", "is not one of laptop, desktop, phone, server"},
		{"map to another type", head + "  managed: {pointer: /a, map: {x: maybe}}\n", "facts.managed.map.x: is not true or false"},
		{"map to a stranger", head + "  removable_media: {pointer: /a, map: {x: sometimes}}\n", "is not one of blocked, encrypted, open"},
		{"empty map", head + "  managed: {pointer: /a, map: {}}\n", "is empty"},
		{"equals for a number", head + "  screen_lock_minutes: {pointer: /a, equals: 1}\n", "the fact is a whole number, which `equals` does not give"},
		{"exists for a word", head + "  form: {pointer: /a, exists: true}\n", "which `exists` does not give"},
		{"count for a truth", head + "  managed: {pointer: /a, count: true}\n", "which `count` does not give"},
		{"date for a number", head + "  screen_lock_minutes: {pointer: /a, date: true}\n", "the fact is not a date or time"},
		{"age of a number", head + "  screen_lock_minutes: {pointer: /a, ago: days}\n", "the fact is not a date or time"},
		{"region for a word", head + "  form: {pointer: /a, region: azure}\n", "which `region` does not give"},
		{"no such provider", "kind: datastore\nid: /id\nfacts:\n  location: {pointer: /a, region: asure}\n", "is not one of the values that are allowed"},
		{"no such unit", head + "  screen_lock_minutes: {pointer: /a, unit: {from: second, to: minutes}}\n", `"second" is not a unit`},
		{"units of two sorts", head + "  screen_lock_minutes: {pointer: /a, unit: {from: percent, to: minutes}}\n", "percent cannot be converted to minutes"},
		{"pseudonym of a word", head + "  form: {pointer: /a, pseudonym: true}\n", "the fact does not name a person"},
		{"name of a person", "kind: grant\nid: /id\nfacts:\n  principal: {const: jan}\n", "is not a principal"},
		{"bare place", "kind: datastore\nid: /id\nfacts:\n  location: {pointer: /a}\n", "a place needs `region`, `map` or `const`"},
		{"copies", "kind: datastore\nid: /id\nfacts:\n  copies: {pointer: /a}\n", "places of copies and logs cannot be mapped"},
		{"nested absent", head + "  managed: {pointer: /a, absent: [[1]]}\n", "facts.managed.absent[0]: is not a single value"},
		{"absent of what is always there", "kind: datastore\nid: /id\nfacts:\n  network.public: {pointer: /a, absent: [null]}\n",
			"m.yaml:4:33: facts[\"network.public\"].absent: this fact is always there"},
		{"constant null of what is always there", "kind: network\nid: /id\nfacts:\n  admin_ports_open: {const: null}\n",
			"m.yaml:4:29: facts.admin_ports_open.const: this fact is always there"},
		{"map to null of what is always there", "kind: secret_store\nid: /id\nfacts:\n  root_tokens: {pointer: /a, map: {none: null}}\n",
			"m.yaml:4:42: facts.root_tokens.map.none: this fact is always there"},
		{"a list to null", "kind: supplier\nid: /id\nfacts:\n  data_categories: {pointer: /a, map: {\"null\": null}}\n", "facts.data_categories.map.null: this fact is always there"},
		{"where without equals", "where: {pointer: /a}\n" + head + "  managed: {const: true}\n", "the key equals is missing"},
		{"a list", "- kind\n", "is not keys with values"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := ReadMapping("m.yaml", []byte(c.text))
			var all []string
			for _, p := range problems {
				all = append(all, p.String())
				if p.Line == 0 {
					t.Errorf("without a place: %s", p)
				}
			}
			if !strings.Contains(strings.Join(all, "\n"), c.want) {
				t.Errorf("want %q in:\n%s", c.want, strings.Join(all, "\n"))
			}
			out := collectFile(t, c.text, "x.json", `{"id":"a"}`)
			if out.err == nil || !strings.HasPrefix(out.err.Msg.EN, "m.yaml:") || len(out.drafts) > 0 {
				t.Errorf("it was used all the same: %+v", out)
			}
		})
	}
	_, problems := ReadMapping("m.yaml", []byte(head+"  a: {const: 1}\n  b: {const: 1}\n"))
	if len(problems) != 2 {
		t.Errorf("%d problems, want both", len(problems))
	}
}

// TestTables: the tables of words name facts that exist, of the type they are for.
func TestTables(t *testing.T) {
	check := func(key string, texts bool) {
		kind, path, _ := strings.Cut(key, " ")
		a := newAttributes(kind)
		if a == nil {
			t.Fatalf("%s: no such kind", key)
		}
		s := shape{kind: kind, path: path}
		m := Mapping{Kind: kind, Facts: map[string]Fact{path: {Pointer: &Pointer{[]string{"x"}}}}}
		m.Check(func(at string, what, _ say.Text) { t.Errorf("%s: %s", key, what.EN) })
		if _, number := zeroOf(t, s).(int); number == texts {
			t.Errorf("%s is of another type", key)
		}
	}
	for key := range words {
		check(key, true)
	}
	for key := range moments {
		check(key, true)
	}
	for _, set := range []map[string]bool{countries, people, ordered} {
		for key := range set {
			check(key, true)
		}
	}
	for _, set := range []map[string]bool{worseAbove, worseBelow} {
		for key := range set {
			check(key, false)
		}
	}
}

// TestDocumentedMappings: every mapping in the documentation can be used as it stands.
func TestDocumentedMappings(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "collectors", "file.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for block := range strings.SplitSeq(string(text), "```yaml\n") {
		block, _, _ = strings.Cut(block, "```")
		if !strings.HasPrefix(block, "kind: ") {
			continue
		}
		found++
		if _, problems := ReadMapping("file.md", []byte(block)); len(problems) > 0 {
			t.Errorf("%s\n%s", problems[0], block)
		}
	}
	if found < 4 {
		t.Errorf("found %d mappings", found)
	}
}
