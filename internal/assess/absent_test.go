package assess_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/policies"
)

// goodWhenAbsent lists the facts whose absence leaves a rule met or not applicable, each with the reason why that is
// right. All others must fail or be asked.
var goodWhenAbsent = map[string]string{
	"ACC-010 expires":                   "a right without an end has not expired; whether it is still used and reviewed, other rules ask",
	"ACC-012 expires":                   "an emergency right without an end is met by its review, which this rule then asks",
	"RET-002 oldest":                    "no retention term has started, so none is over",
	"RET-007 retention.automatic_days":  "what never deletes by itself has no setting that needs an instruction; RET-006 fails it",
	"SEC-005 deletion.soft_delete_days": "earlier versions are kept, so the days do not matter",
	"SEC-006 backup.retention_days":     "kept without end is long enough; RET-003 fails it as too long",
	"SEC-010 password.min_length":       "no password is ever accepted",
	"SEC-011 password.upper":            "likewise",
	"SEC-011 password.lower":            "likewise",
	"SEC-011 password.digit":            "likewise",
	"SEC-011 password.special":          "likewise",
	"SEC-012 password.generated":        "likewise",
	"SEC-019 antivirus_exception_until": "no exception: the antivirus itself is judged",
	"SEC-020 missing_critical_since":    "no update is missing",
	"SEC-020 missing_high_since":        "likewise",
	"SEC-036 auto_rotate_days":          "rotated by hand, and in time",
	"SEC-036 rotated_at":                "a new key, which rotates by itself often enough",
	"SEC-045 vpn_personal":              "no VPN ends in this network",
	"SEC-048 waf":                       "there is no web application to put a firewall before",
	"SEC-050 oldest_critical":           "no finding is open; whether anybody looks, SEC-026 asks",
	"SEC-050 oldest_high":               "likewise",
	"TRF-006 recipient":                 "within the EEA a transfer needs no ground; SUB-008 fails a recipient that nobody knows",
	"TRF-007 register_id":               "no country outside the EEA; SUB-001 fails who is on no register",
	"TRF-008 register_id":               "likewise",
}

// TestAbsentFacts makes each fact that may be absent so, in every passing example of each rule that reads it. A fact
// that may not cannot be null: internal/inventory holds that.
func TestAbsentFacts(t *testing.T) {
	p := corpus(t)
	met := map[string]bool{}
	for _, r := range p.Rules {
		list, err := assess.Examples(policies.FS, r)
		if err != nil {
			t.Error(err)
			continue
		}
		facts := slices.Concat(r.Needs, r.Scope)
		slices.Sort(facts)
		for _, fact := range slices.Compact(facts) {
			if _, may := inventory.MayBeAbsent(kindOf(t, r.Kind), fact); !may {
				continue
			}
			for _, x := range list {
				if x.Want != assess.Pass {
					continue
				}
				x.Input = absent(x.Input, strings.Split(fact, "."))
				v, err := p.Try(context.Background(), r, x)
				if err != nil {
					t.Errorf("%s, example %q, %s absent: %v", r.ID, x.Name, fact, err)
					continue
				}
				pair := r.ID + " " + fact
				good := v.Status == assess.Pass || v.Status == assess.NotApplicable
				met[pair] = met[pair] || good
				if good && goodWhenAbsent[pair] == "" {
					t.Errorf("%s, example %q: %s where %s is absent; fail or ask there, take the tag `absent` off the fact, or say in goodWhenAbsent why this is right",
						r.ID, x.Name, v.Status, fact)
				}
			}
		}
	}
	for _, pair := range slices.Sorted(maps.Keys(goodWhenAbsent)) {
		if !met[pair] {
			t.Errorf("%s: its absence is good in no example; take it off the list", pair)
		}
	}
}

func kindOf(t *testing.T, kind inventory.Kind) inventory.Attributes {
	t.Helper()
	for _, a := range inventory.Kinds() {
		if a.Kind() == kind {
			return a
		}
	}
	t.Fatalf("there is no kind %s", kind)
	return nil
}

// absent is a copy of tree with null at path.
func absent(tree map[string]any, path []string) map[string]any {
	out := map[string]any{}
	maps.Copy(out, tree)
	if len(path) == 1 {
		out[path[0]] = nil
		return out
	}
	sub, _ := out[path[0]].(map[string]any)
	out[path[0]] = absent(sub, path[1:])
	return out
}
