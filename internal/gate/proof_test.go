package gate

import (
	"strings"
	"testing"

	"waarborg/internal/assess"
)

const earlier = `{"schema":"waarborg.gate/v1","judged_at":"2026-11-23T10:00:00Z","rules":"sha256:aa","inputs":[{"name":"p"}],"results":[
{"class":"failing","rule":"A-1","resource":"s/x","address":"x","input":"p"},
{"class":"to-prove","rule":"A-1","resource":"s/a","address":"a","input":"p","unknown":[{"path":"location","reason":{"code":"after-apply"}}]},
{"class":"to-prove","rule":"A-2","resource":"s/a","address":"a","input":"p"},
{"class":"to-prove","rule":"A-3","resource":"s/b","address":"b","input":"p"}],"workspace":"sha256:bb"}`

func TestEarlier(t *testing.T) {
	e, err := ReadEarlier("gate.json", strings.NewReader(earlier))
	if err != nil || len(e.Open) != 3 || e.Rules != "sha256:aa" || e.Workspace != "sha256:bb" || e.Open[0].Facts[0] != "location" {
		t.Fatalf("%+v %v", e, err)
	}
	for name, bad := range map[string]string{
		"empty": "", "list": "[]", "cut": earlier[:len(earlier)-1], "more": earlier + "{}", "other": strings.Replace(earlier, "gate/v1", "results/v1", 1),
		"twice": strings.Replace(earlier, `{"schema"`, `{"results":[],"schema"`, 1), "no list": strings.Replace(earlier, `"results"`, `"x"`, 1),
		"no time": strings.Replace(earlier, "judged_at", "at", 1), "text": strings.Replace(earlier, `"results":[`, `"results":["x",`, 1),
	} {
		if _, err := ReadEarlier("gate.json", strings.NewReader(bad)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for i := range len(earlier) / 3 {
		if _, err := ReadEarlier("gate.json", strings.NewReader(earlier[:3*i])); err == nil {
			t.Errorf("cut off at %d: accepted", 3*i)
		}
	}
}

func TestProve(t *testing.T) {
	e, err := ReadEarlier("gate.json", strings.NewReader(earlier))
	if err != nil {
		t.Fatal(err)
	}
	results := []assess.Result{{Rule: "A-1", Resource: "s/a", Status: assess.Pass}, {Rule: "A-1", Resource: "s/a", Status: assess.Fail, Message: "m", Customers: []string{"c"}},
		{Rule: "A-3", Resource: "s/other", Status: assess.Pass}}
	seen := func(id string) bool { return id == "s/a" }
	if other := Prove(e.Open, results, seen, func(string) bool { return false }); other[1].Status != assess.Unknown {
		t.Errorf("proved by a rule that did not judge: %+v", other[1])
	}
	got := Prove(e.Open, results, seen, func(string) bool { return true })
	if len(got) != 3 || got[0].Status != assess.Fail || got[0].Message != "m" || got[1].Status != assess.Pass || !got[1].Seen ||
		got[2].Status != assess.Unknown || got[2].Seen {
		t.Errorf("%+v", got)
	}
}
