package assess_test

import (
	"encoding/json/v2"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

const notJudged assess.Status = ""

// view is results with one outcome; notJudged: none.
func view(s assess.Status) assess.Results {
	var r assess.Results
	if s != notJudged {
		r.Results = []assess.Result{outcome("TST-001", "idp/a", s)}
	}
	return r
}

func outcome(rule, resource string, s assess.Status, customers ...string) assess.Result {
	return assess.Result{Rule: rule, Resource: resource, Kind: inventory.KindSignIn, Status: s, Severity: assess.High, Title: "t",
		Message: string(s) + " of " + resource, Customers: customers}
}

// lists gives the changes by the name of their list.
func lists(c assess.Changes) map[string][]assess.Change {
	return map[string][]assess.Change{"new": c.New, "worse": c.Worse, "mended": c.Mended, "accepted": c.Accepted, "unreadable": c.Unreadable, "gone": c.Gone}
}

// where names the one place in which a comparison of one outcome put it.
func where(t *testing.T, c assess.Changes) (string, assess.Change) {
	t.Helper()
	var places []string
	var found assess.Change
	for name, list := range lists(c) {
		for _, x := range list {
			places, found = append(places, name), x
		}
	}
	for name, n := range map[string]int{"same": c.Same, "added": c.Added, "dropped": c.Dropped} {
		for range n {
			places = append(places, name)
		}
	}
	if len(places) > 1 {
		t.Fatalf("it is counted as %v", places)
	}
	if len(places) == 0 {
		return "", found
	}
	return places[0], found
}

func TestCompareOneOutcome(t *testing.T) {
	const F, U, W, P, N = assess.Fail, assess.Unknown, assess.Waived, assess.Pass, assess.NotApplicable
	for _, c := range []struct {
		was, is assess.Status
		want    string
	}{
		{notJudged, notJudged, ""}, {notJudged, F, "new"}, {notJudged, W, "new"}, {notJudged, U, "unreadable"}, {notJudged, P, "added"},
		{F, notJudged, "gone"}, {F, F, "same"}, {F, U, "unreadable"}, {F, W, "accepted"}, {F, P, "mended"},
		{U, notJudged, "gone"}, {U, F, "worse"}, {U, U, "same"}, {U, W, "accepted"}, {U, P, "mended"},
		{W, notJudged, "gone"}, {W, F, "worse"}, {W, U, "unreadable"}, {W, W, "same"}, {W, P, "mended"},
		{P, notJudged, "dropped"}, {P, F, "worse"}, {P, U, "unreadable"}, {P, W, "worse"}, {P, P, "same"},
		{N, F, "new"}, {P, N, "dropped"}, {N, N, ""},
	} {
		changes, err := assess.Compare(view(c.was), view(c.is))
		if err != nil {
			t.Fatal(err)
		}
		got, x := where(t, changes)
		if got != c.want {
			t.Errorf("%q to %q is %q, want %q", c.was, c.is, got, c.want)
		}
		if x.Rule == "" {
			continue
		}
		was, is := c.was, c.is
		if was == N {
			was = notJudged
		}
		if x.Was != was || x.Is != is || x.Resource != "idp/a" || x.Severity != assess.High || x.Title != "t" {
			t.Errorf("%q to %q: %+v", c.was, c.is, x)
		}
		wantMessage := c.is
		if got == "mended" || got == "gone" {
			wantMessage = c.was
		}
		if x.Message != string(wantMessage)+" of idp/a" {
			t.Errorf("%q to %q says %q", c.was, c.is, x.Message)
		}
	}
}

func TestCompareRefusesAnotherView(t *testing.T) {
	for _, c := range [][2]string{{"alpha", "beta"}, {"", "beta"}, {"alpha", ""}} {
		_, err := assess.Compare(assess.Results{Customer: c[0]}, assess.Results{Customer: c[1]})
		if err == nil || !strings.Contains(err.Error(), "compare two assessments of the same view") {
			t.Errorf("%q with %q: %v", c[0], c[1], err)
		}
	}
	same, err := assess.Compare(assess.Results{Customer: "alpha", Evidence: assess.Evidence{Rules: "x"}},
		assess.Results{Customer: "alpha", Evidence: assess.Evidence{Rules: "y"}})
	if err != nil || !same.OtherRules {
		t.Errorf("other rules: %+v, %v", same, err)
	}
}

// The worst of what customers' terms gave is the outcome; a renamed resource is another.
func TestCompareTakesTheWorst(t *testing.T) {
	old := assess.Results{Results: []assess.Result{outcome("TST-001", "idp/a", assess.Pass, "alpha"), outcome("TST-001", "idp/a", assess.Unknown, "beta"),
		outcome("TST-001", "idp/b", assess.Fail)}}
	now := assess.Results{Results: []assess.Result{outcome("TST-001", "idp/a", assess.Fail, "beta"), outcome("TST-001", "idp/a", assess.Pass, "alpha"),
		outcome("TST-001", "idp/renamed", assess.Fail)}}
	c, err := assess.Compare(old, now)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Worse) != 1 || c.Worse[0].Was != assess.Unknown || len(c.Gone) != 1 || c.Gone[0].Resource != "idp/b" ||
		len(c.New) != 1 || c.New[0].Resource != "idp/renamed" || c.Same+c.Added+c.Dropped != 0 {
		t.Errorf("%+v", c)
	}
}

// An alias stands for another resource once there is one more before it: nothing may seem to have changed by that.
func TestCompareFollowsNoAlias(t *testing.T) {
	alias := func(n int, s assess.Status) assess.Result {
		return outcome("TST-001", fmt.Sprintf("shared/sign_in/%d", n), s)
	}
	old := assess.Results{Customer: "alpha", Results: []assess.Result{alias(1, assess.Fail), alias(2, assess.Pass), alias(3, assess.Unknown)}}
	shifted := assess.Results{Customer: "alpha", Results: []assess.Result{alias(1, assess.Pass), alias(2, assess.Fail), alias(3, assess.Pass), alias(4, assess.Unknown)}}
	c, err := assess.Compare(old, shifted)
	if err != nil || !reflect.DeepEqual(c, assess.Changes{Same: 3, Added: 1}) {
		t.Errorf("one more in front: %+v, %v", c, err)
	}
	mended := assess.Results{Customer: "alpha", Results: []assess.Result{alias(7, assess.Pass), alias(9, assess.Pass)}}
	c, err = assess.Compare(old, mended)
	if err != nil || c.Same != 1 || len(c.Mended) != 1 || c.Mended[0].Was != assess.Fail || len(c.Gone) != 1 || c.Gone[0].Was != assess.Unknown {
		t.Fatalf("%+v, %v", c, err)
	}
	if c.Gone[0].Resource != "shared/sign_in" {
		t.Errorf("what is gone is called %s, which names something else now", c.Gone[0].Resource)
	}
	// In the whole a resource of that name is what it is called.
	old.Customer, shifted.Customer = "", ""
	c, err = assess.Compare(old, shifted)
	if err != nil || len(c.Worse) != 1 || len(c.Mended) != 2 || len(c.Unreadable) != 1 {
		t.Errorf("the whole: %+v, %v", c, err)
	}
}

// random makes results of which most have a counterpart in others that are made so.
func random(r *rand.Rand, customer string) assess.Results {
	out := assess.Results{Customer: customer}
	all := []assess.Status{assess.Fail, assess.Unknown, assess.Waived, assess.Pass, assess.NotApplicable}
	severities := []assess.Severity{assess.Critical, assess.High, assess.Medium, assess.Low}
	for rule := range 4 {
		for res := range 8 {
			name := fmt.Sprintf("idp/%d", res)
			if res%2 == 1 {
				name = fmt.Sprintf("shared/sign_in/%d", res)
			}
			for _, id := range []string{"alpha", "beta"}[:r.IntN(3)] {
				x := outcome(fmt.Sprintf("TST-%03d", rule), name, all[r.IntN(len(all))], id)
				x.Severity = severities[rule]
				x.Message += " for " + id
				out.Results = append(out.Results, x)
			}
		}
	}
	r.Shuffle(len(out.Results), func(i, j int) { out.Results[i], out.Results[j] = out.Results[j], out.Results[i] })
	return out
}

// distinct counts the rules and resources that are judged.
func distinct(r assess.Results) int {
	seen := map[[2]string]bool{}
	for _, x := range r.Results {
		if x.Status != assess.NotApplicable {
			seen[[2]string{x.Rule, x.Resource}] = true
		}
	}
	return len(seen)
}

func TestCompareProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		customer := []string{"", "alpha"}[i%2]
		old, now := random(r, customer), random(r, customer)
		self, err := assess.Compare(old, old)
		if err != nil || !reflect.DeepEqual(self, assess.Changes{Same: distinct(old)}) {
			t.Fatalf("with itself: %+v, %v", self, err)
		}
		c, err := assess.Compare(old, now)
		if err != nil {
			t.Fatal(err)
		}
		before, after := c.Same+c.Dropped, c.Same+c.Added
		for name, list := range lists(c) {
			for _, x := range list {
				if x.Was != "" {
					before++
				}
				if x.Is != "" {
					after++
				}
				if x.Was == x.Is {
					t.Fatalf("%s: no change: %+v", name, x)
				}
			}
			if !slices.IsSortedFunc(list, func(a, b assess.Change) int { return a.Severity.Rank() - b.Severity.Rank() }) {
				t.Fatalf("%s is not in order of severity", name)
			}
		}
		if before != distinct(old) || after != distinct(now) {
			t.Fatalf("of %d outcomes before %d are counted, of %d after %d", distinct(old), before, distinct(now), after)
		}
		raw := text(t, c)
		slices.Reverse(old.Results)
		slices.Reverse(now.Results)
		again, err := assess.Compare(old, now)
		if err != nil || text(t, again) != raw {
			t.Fatalf("another order of results gives other changes: %v", err)
		}
		back, err := assess.Compare(now, old)
		if err != nil || back.Same != c.Same || back.Added != c.Dropped || back.Dropped != c.Added {
			t.Fatalf("the other way round: %+v, %v", back, err)
		}
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
