package strictyaml

import (
	"reflect"
	"strings"
	"testing"
)

func TestAnyTakesNull(t *testing.T) {
	type holder struct {
		Absent []Any          `yaml:"absent"`
		Map    map[string]Any `yaml:"map"`
		One    Any            `yaml:"one"`
		None   Any            `yaml:"none"`
	}
	var h holder
	text := "absent: [null, '', 3, 1.5, true]\nmap: {a: null, b: [null, {c: ~}]}\none: null\n"
	if problems := Decode("f.yaml", []byte(text), &h); len(problems) > 0 {
		t.Fatal(problems[0])
	}
	want := []any{nil, "", 3, 1.5, true}
	for i, a := range h.Absent {
		if a.Value != want[i] || !a.Given {
			t.Errorf("absent[%d] = %#v", i, a)
		}
	}
	if got := h.Map["b"].Value; !reflect.DeepEqual(got, []any{nil, map[string]any{"c": nil}}) {
		t.Errorf("map.b = %#v", got)
	}
	if !h.One.Given || h.None.Given || !h.Map["a"].Given {
		t.Errorf("given: %+v", h)
	}
}

func TestAnyAsWholeFile(t *testing.T) {
	var doc Any
	if problems := Decode("f.yaml", []byte("- a: null\n  b: 2024-01-01\n- &x [1]\n- *x\n"), &doc); len(problems) > 0 {
		t.Fatal(problems[0])
	}
	want := []any{map[string]any{"a": nil, "b": "2024-01-01"}, []any{1}, []any{1}}
	if !reflect.DeepEqual(doc.Value, want) {
		t.Errorf("%#v", doc.Value)
	}
	for name, text := range map[string]string{
		"bomb":  "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + laughs(),
		"deep":  strings.Repeat("[", 100_000),
		"twice": "a: 1\na: 2\n",
		"tag":   "a: !!python/object x\n",
		"merge": "a: &a {b: 1}\nc:\n  <<: *a\n",
		"octal": "a: 010\n",
	} {
		var doc Any
		if problems := Decode("f.yaml", []byte(text), &doc); len(problems) == 0 {
			t.Errorf("%s was read as %v", name, doc.Value)
		}
	}
}

func laughs() string {
	var b strings.Builder
	for c := 'b'; c <= 'h'; c++ {
		p := string(c - 1)
		b.WriteString(string(c) + ": &" + string(c) + " [*" + strings.Repeat(p+",*", 9) + p + "]\n")
	}
	return b.String()
}
