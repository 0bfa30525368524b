package assess_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

const header = `# METADATA
# title: Test
# description: A test rule.
# custom:
#   id: TST-001
#   kind: sign_in
#   needs: [password.min_length]
#   scope: [audience]
#   terms: [password.min_length]
#   clauses: [BB-LOG-4]
#   severity: high
#   title_nl: Test
#   description_nl: Een testregel.
#   remediation: Mend it.
#   remediation_nl: Herstel het.
#   messages: {default: {en: "{value} below {limit}", nl: "{value} onder {limit}"}}
package waarborg.security.test
`

const body = `
applies if input.audience == "staff"
deny contains {"path": "password.min_length", "value": input.password.min_length, "limit": input.terms.password.min_length} if {
	is_number(input.password.min_length)
	input.password.min_length < input.terms.password.min_length
}
`

func load(t *testing.T, rego string) (*assess.Policies, error) {
	t.Helper()
	return assess.Load(fstest.MapFS{"security/test/test.rego": {Data: []byte(rego)}})
}

func resource(t *testing.T, id string, a inventory.Attributes, s inventory.Scope) inventory.Resource {
	t.Helper()
	r, err := inventory.Draft{ID: id, Attributes: a, Scope: s}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func min(n int) map[string]any { return map[string]any{"password": map[string]any{"min_length": n}} }

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestVerdicts(t *testing.T) {
	p, err := load(t, header+body)
	if err != nil {
		t.Fatal(err)
	}
	staff := inventory.Known("staff")
	cases := []struct {
		name string
		in   inventory.SignIn
		want assess.Status
	}{
		{"met", inventory.SignIn{Audience: staff, Password: inventory.Password{MinLength: inventory.Known(16)}}, assess.Pass},
		{"not met", inventory.SignIn{Audience: staff, Password: inventory.Password{MinLength: inventory.Known(15)}}, assess.Fail},
		{"nobody looked", inventory.SignIn{Audience: staff}, assess.Unknown},
		{"not allowed to look", inventory.SignIn{Audience: staff, Password: inventory.Password{MinLength: inventory.Unknown[int](inventory.Permission, "x")}}, assess.Unknown},
		{"partly seen, that part is met", inventory.SignIn{Audience: staff, Password: inventory.Password{MinLength: inventory.Partial(20, inventory.AfterApply, "x")}}, assess.Unknown},
		{"partly seen, that part is not met", inventory.SignIn{Audience: staff, Password: inventory.Password{MinLength: inventory.Partial(2, inventory.AfterApply, "x")}}, assess.Fail},
		{"of another audience", inventory.SignIn{Audience: inventory.Known("customer"), Password: inventory.Password{MinLength: inventory.Known(1)}}, assess.NotApplicable},
		{"of an unknown audience", inventory.SignIn{Password: inventory.Password{MinLength: inventory.Known(1)}}, assess.Unknown},
		{"nothing at all", inventory.SignIn{}, assess.Unknown},
	}
	var rs []inventory.Resource
	for _, c := range cases {
		rs = append(rs, resource(t, c.name, &c.in, inventory.Scope{}))
	}
	judged, _, err := p.Assess(context.Background(), assess.Input{Resources: rs, Customers: []assess.Customer{{Terms: min(16)}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if got := judged[i][0].Status; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestMissingTermIsUnknown(t *testing.T) {
	p, err := load(t, header+body)
	if err != nil {
		t.Fatal(err)
	}
	r := resource(t, "a", &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(99)}}, inventory.Scope{})
	judged, _, err := p.Assess(context.Background(), assess.Input{Resources: []inventory.Resource{r}, Customers: []assess.Customer{{Terms: map[string]any{}}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	v := judged[0][0]
	if v.Status != assess.Unknown || len(v.Unknown) != 1 || v.Unknown[0].Reason.Code != inventory.NoTerm {
		t.Errorf("without an agreed limit: %s %v", v.Status, v.Unknown)
	}
}

func TestCustomersShareAVerdictOnlyWithEqualTerms(t *testing.T) {
	p, err := load(t, header+body)
	if err != nil {
		t.Fatal(err)
	}
	r := resource(t, "a", &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(16)}}, inventory.Scope{Applications: []string{"social"}})
	customers := []assess.Customer{
		{Terms: min(16)},
		{ID: "a", Applications: []string{"social"}, Terms: min(16)},
		{ID: "b", Applications: []string{"social"}, Terms: min(20)},
		{ID: "c", Applications: []string{"social"}, Terms: min(16)},
		{ID: "d", Applications: []string{"housing"}, Terms: min(99)},
	}
	judged, evaluated, err := p.Assess(context.Background(), assess.Input{Resources: []inventory.Resource{r}, Customers: customers, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if len(judged[0]) != 2 || evaluated != 2 {
		t.Fatalf("%d judgements, %d evaluations, want 2 and 2", len(judged[0]), evaluated)
	}
	if j := judged[0][0]; j.Status != assess.Pass || !slices.Equal(j.Customers, []string{"a", "c"}) {
		t.Errorf("first: %s %v", j.Status, j.Customers)
	}
	if j := judged[0][1]; j.Status != assess.Fail || !slices.Equal(j.Customers, []string{"b"}) {
		t.Errorf("second: %s %v", j.Status, j.Customers)
	}
}

func TestEqualInputsAreEvaluatedOnce(t *testing.T) {
	p, err := load(t, header+body)
	if err != nil {
		t.Fatal(err)
	}
	var rs []inventory.Resource
	for i := range 1000 {
		a := &inventory.SignIn{Audience: inventory.Known("staff"), StaleUsers: inventory.Known(i), Password: inventory.Password{MinLength: inventory.Known(16)}}
		rs = append(rs, resource(t, strings.Repeat("x", i+1), a, inventory.Scope{}))
	}
	_, evaluated, err := p.Assess(context.Background(), assess.Input{Resources: rs, Customers: []assess.Customer{{Terms: min(16)}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	// Workers may meet the same new input at once; beyond that a second evaluation is a defect.
	if evaluated > 16 {
		t.Errorf("%d evaluations of one input", evaluated)
	}
}

func TestRulesThatReachBeyondTheirInputAreRefused(t *testing.T) {
	cases := map[string]string{
		"a fact it did not declare":    header + body + "deny contains {\"path\": \"x\"} if input.mfa.required == false\n",
		"the whole input":              header + body + "deny contains {\"path\": \"x\"} if count(input) > 100\n",
		"an input path that it builds": header + body + "deny contains {\"path\": \"x\"} if { some k; input[k] == 1 }\n",
		"the network":                  header + body + "deny contains {\"path\": \"x\"} if http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1\"}).status_code == 200\n",
		"the clock":                    header + body + "deny contains {\"path\": \"x\"} if time.now_ns() > 0\n",
		"the environment":              header + body + "deny contains {\"path\": \"x\"} if opa.runtime().env.HOME == \"\"\n",
		"randomness":                   header + body + "deny contains {\"path\": \"x\"} if rand.intn(\"a\", 2) == 1\n",
		"a fact that no kind has":      strings.Replace(header, "needs: [password.min_length]", "needs: [password.min_lenght]", 1) + body,
		"an annotation misspelt":       strings.Replace(header, "severity: high", "severty: high", 1) + body,
		"no annotation":                "package waarborg.security.test\ndeny contains {\"path\": \"x\"} if true\n",
	}
	for name, rego := range cases {
		if _, err := load(t, rego); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestARuleThatCannotBeEvaluatedIsNotGreen(t *testing.T) {
	p, err := load(t, header+"deny contains {\"path\": \"x\"} if to_number(sprintf(\"%v!\", [input.password.min_length])) > 1\n")
	if err != nil {
		t.Fatal(err)
	}
	r := resource(t, "a", &inventory.SignIn{Audience: inventory.Known("staff"), Password: inventory.Password{MinLength: inventory.Known(99)}}, inventory.Scope{})
	judged, _, err := p.Assess(context.Background(), assess.Input{Resources: []inventory.Resource{r}, Customers: []assess.Customer{{Terms: min(1)}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if v := judged[0][0]; v.Status != assess.Unknown || v.Unknown[0].Reason.Code != assess.RuleError {
		t.Errorf("a builtin error gave %s %v", v.Status, v.Unknown)
	}
}
