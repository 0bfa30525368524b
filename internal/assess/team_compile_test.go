package assess

import (
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Each of these lines doubles what OPA knows of the type of a term. The compiler of this test ends after some seconds by itself.
func TestRulesThatTakeLongToCompileAreRefused(t *testing.T) {
	text := "package team.lib.x\n\nf(a) := count(xiiiiiiiiiiii) if {\n\tx := [a, a]\n"
	for i := range 12 {
		text += strings.NewReplacer("NEW", "x"+strings.Repeat("i", i+1), "OLD", "x"+strings.Repeat("i", i)).Replace("\tNEW := [OLD, OLD]\n")
	}
	text += strings.ReplaceAll(text[strings.Index(text, "\tx :="):], "x", "y") + "\txiiiiiiiiiiii == yiiiiiiiiiiii\n}\n"
	m, faults := parseTeam("x.rego", text)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	l := &teamLoader{name: "policy", p: &Policies{}, modules: map[string]*ast.Module{"x.rego": m}}
	l.compile(50 * time.Millisecond)
	if len(l.problems) != 1 || l.problems[0].File != "policy" || !strings.Contains(l.problems[0].Text.EN, "longer than 50ms") {
		t.Errorf("%v", l.problems)
	}
}
