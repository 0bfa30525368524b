package assess_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

const number = "#   kind: terraform.x\n#   needs: [n]\n"

// heavy is a rule whose condition is given, beside one that is light.
func heavy(t *testing.T, condition string) *assess.Policies {
	t.Helper()
	p, problems := loadTeam(t, map[string]string{
		"heavy.rego": teamHeader("TEAM-001", number) + "package team.heavy\ndeny contains {\"path\": \"n\", \"value\": input.n} if {\n" + condition + "\n}\n",
		"light.rego": teamHeader("TEAM-002", number) + "package team.light\ndeny contains {\"path\": \"n\", \"value\": input.n} if input.n > 5\n",
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return p
}

// judgeNumbers judges resources with the numbers from 1 on, with a limit, and returns the verdicts by resource: heavy, light.
func judgeNumbers(t *testing.T, p *assess.Policies, limit time.Duration, count int) [][]assess.Judged {
	t.Helper()
	judged, _, err := p.Assess(t.Context(), assess.Input{Resources: numbers(count), Customers: []assess.Customer{{}}, Now: now, RuleTimeout: limit})
	if err != nil {
		t.Fatal(err)
	}
	return judged
}

func numbers(count int) (rs []inventory.Resource) {
	for i := range count {
		rs = append(rs, inventory.Resource{ID: "r", Kind: "terraform.x", Attributes: []byte(`{"n":` + strings.Repeat("1", i%9+1) + strings.Repeat("0", i/9) + `}`)})
	}
	return rs
}

func isUnknown(v *assess.Verdict, code string) bool {
	return v.Status == assess.Unknown && len(v.Unknown) == 1 && v.Unknown[0].Reason == inventory.Reason{Code: code, Detail: v.Rule.ID}
}

const cubic = "	some a in numbers.range(1, 5000)\n	some b in numbers.range(1, 5000)\n	some c in numbers.range(1, 5000)\n	a * b * c == input.n + 0.5"

// A rule that takes too long is unknown; the rule beside it is judged all the same.
func TestARuleThatTakesTooLongIsUnknown(t *testing.T) {
	for name, condition := range map[string]string{
		"cubic":                   cubic,
		"cubic in comprehensions": "	count([1 | some a in numbers.range(1, 5000); some b in [x | some x in numbers.range(1, 5000); some y in numbers.range(1, 5000); x + y == a]; b > 0]) > input.n",
		"cubic in a function":     "	every a in numbers.range(1, 90000) { every b in numbers.range(1, 90000) { a + b > input.n - 1000000000 } }",
	} {
		judged := judgeNumbers(t, heavy(t, condition), 50*time.Millisecond, 2)
		for i, list := range judged {
			if !isUnknown(list[0].Verdict, assess.RuleTimeout) {
				t.Errorf("%s: %s %v", name, list[0].Status, list[0].Unknown)
			}
			if want := []assess.Status{assess.Pass, assess.Fail}[i]; list[1].Status != want {
				t.Errorf("%s: the light rule gave %s, want %s", name, list[1].Status, want)
			}
		}
		if got := (assess.UnknownFact{Path: "rule", Reason: inventory.Reason{Code: assess.RuleTimeout}}).Explain("nl"); got != "rule: de regel duurde langer dan mag" {
			t.Errorf("%q", got)
		}
	}
}

// A rule that is too slow for every input does not take its limit for each of them: that would be longer than the run may take.
func TestARuleThatIsAlwaysTooSlowIsGivenUp(t *testing.T) {
	whole, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	judged, _, err := heavy(t, cubic).Assess(whole, assess.Input{Resources: numbers(1000), Customers: []assess.Customer{{}}, Now: now,
		RuleTimeout: 50 * time.Millisecond, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range judged {
		if !isUnknown(list[0].Verdict, assess.RuleTimeout) || list[1].Status == assess.Unknown {
			t.Fatalf("%s %v, %s", list[0].Status, list[0].Unknown, list[1].Status)
		}
	}
}

func TestTheEndOfARunIsNoVerdict(t *testing.T) {
	p := heavy(t, cubic)
	j, err := p.Judge(assess.Input{Customers: []assess.Customer{{}}, Now: now, RuleTimeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := j.Resource(ctx, inventory.Resource{Kind: "terraform.x", Attributes: []byte(`{"n":1}`)}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the end of the whole run became a verdict: %v", err)
	}
}

// What one step would make is refused before it is made, with and without a limit of time; memory stays within bounds.
func TestARuleThatMakesTooMuchIsUnknown(t *testing.T) {
	double := func(first, step string, times int) string {
		out := "	x := " + first + "\n"
		for i := range times {
			out += "	" + strings.NewReplacer("NEW", name(i+1), "OLD", name(i)).Replace("NEW := "+step) + "\n"
		}
		return out + "	count(" + name(times) + ") > input.n"
	}
	for what, condition := range map[string]string{
		"a billion numbers":              "	count(numbers.range(1, 1000000000)) > input.n",
		"a billion numbers, downward":    "	count(numbers.range(1000000000, 1)) > input.n",
		"numbers beyond a word":          "	count(numbers.range(1, 100000000000000000000000000)) > input.n",
		"a text that doubles":            double(`"aaaaaaaa"`, `concat("", [OLD, OLD])`, 40),
		"a text that doubles by %s":      double(`"aaaaaaaa"`, `sprintf("%s%s", [OLD, OLD])`, 40),
		"a text that squares":            double(`"aaaaaaaa"`, `replace(OLD, "a", OLD)`, 12),
		"a text between all letters":     double(`"aaaaaaaa"`, `replace(OLD, "", OLD)`, 12),
		"a list that doubles":            double(`[1, 2]`, `array.concat(OLD, OLD)`, 40),
		"a wide number":                  "	count(sprintf(\"%0999999d\", [input.n])) > 0",
		"a wide number by *":             "	count(sprintf(\"%*d\", [999999, input.n])) > 0",
		"a wide text many times":         "	count(sprintf(\"" + strings.Repeat("%999[1]d", 20_000) + "\", [input.n])) > 0",
		"a text many times":              "	x := concat(\"\", [\"a\" | some i in numbers.range(1, 90000)])\n	count(sprintf(\"" + strings.Repeat("%[1]s", 2000) + "\", [x])) > input.n",
		"letters of a long text":         "	x := concat(\"\", [\"a\" | some i in numbers.range(1, 90000)])\n	y := concat(\"\", [x, x])\n	count(split(y, \"\")) > input.n",
		"a number that squares":          "	" + squares(60) + " > input.n",
		"a number from a text":           "	floor(to_number(\"1e999999999\")) > input.n",
		"a number written out":           "	floor(1e9999 * input.n) > 0",
		"a text of a value that doubles": double(`[1, 2]`, `array.concat([OLD], [OLD])`, 40) + "\n	count(sprintf(\"%v\", [" + name(40) + "])) > input.n",
		"a hundred thousand large texts": "	x := concat(\"\", [\"a\" | some i in numbers.range(1, 90000)])\n" +
			"	count([y | some i in numbers.range(1, 90000); y := concat(\"\", [x, format_int(i, 10)])]) > input.n",
	} {
		before := heap()
		judged := judgeNumbers(t, heavy(t, condition), 0, 1)
		v := judged[0][0].Verdict
		if !isUnknown(v, assess.RuleError) {
			t.Errorf("%s: %s %v", what, v.Status, v.Unknown)
		}
		if judged[0][1].Status != assess.Pass {
			t.Errorf("%s: the light rule gave %s", what, judged[0][1].Status)
		}
		if grown := heap() - before; grown > 400<<20 && before > 0 {
			t.Errorf("%s: %d MB were allocated", what, grown>>20)
		}
	}
}

func name(i int) string { return "x" + strings.Repeat("i", i) }

func squares(times int) string {
	out := "x := 99999 + input.n\n"
	for i := range times {
		out += "	" + name(i+1) + " := " + name(i) + " * " + name(i) + "\n"
	}
	return out + "	" + name(times)
}

// heap is how many bytes were ever allocated.
func heap() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.TotalAlloc)
}

// OPA looks at the clock between steps only. A step that takes long is not waited for.
func TestAStepThatTakesLongIsNotWaitedFor(t *testing.T) {
	build := func(v string) string {
		out := "	" + v + " := [input.n, input.n]\n"
		for i := range 26 {
			out += strings.NewReplacer("NEW", v+strings.Repeat("i", i+1), "OLD", v+strings.Repeat("i", i)).Replace("	NEW := array.concat([OLD], [OLD])\n")
		}
		return out
	}
	judged := judgeNumbers(t, heavy(t, build("x")+build("y")+"	count(max([x"+strings.Repeat("i", 26)+", y"+strings.Repeat("i", 26)+"])) > input.n"), 20*time.Millisecond, 1)
	if v := judged[0][0].Verdict; !isUnknown(v, assess.RuleTimeout) {
		t.Errorf("%s %v", v.Status, v.Unknown)
	}
}

// What ordinary rules do is not in the way of the limits.
func TestOrdinaryWorkIsWithinTheLimits(t *testing.T) {
	judged := judgeNumbers(t, heavy(t, `	list := array.concat(numbers.range(1, 1000), [input.n])
	count(list) == 1001
	sum(list) == 500500 + input.n
	max(list) == 1000
	text := sprintf("%05d of %s: %v, %.2f, 100%% in 2026-11-23", [input.n, "x", {"a": 1}, 0.5])
	text == "00001 of x: {\"a\": 1}, 0.50, 100% in 2026-11-23"
	concat(", ", ["a", upper("b")]) == "a, B"
	replace("a-b", "-", "+") == "a+b"
	count(split("a,b,c", ",")) == 3
	to_number("1e3") * 2 == 2000
	object.get({"a": {"b": 1}}, ["a", "b"], 2) == 1
	time.add_date(data.now.ns, 0, 0, 1) > data.now.ns
	input.n in {1, 2}
	not startswith("abc", "b")
	round(7 / 2) == 4`), time.Minute, 1)
	if v := judged[0][0].Verdict; v.Status != assess.Fail {
		t.Errorf("%s %v", v.Status, v.Unknown)
	}
}
