package collect_test

import (
	"strings"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/say"
)

func TestMade(t *testing.T) {
	const days = 24 * time.Hour
	remedy := say.Both("make a new plan", "maak een nieuw plan")
	for _, c := range []struct {
		name    string
		ahead   time.Duration
		made    time.Duration // of what is returned, from now
		ok      bool
		problem string
	}{
		{"now", 0, 0, true, ""},
		{"last week", -7 * days, -7 * days, true, ""},
		{"31 days", -31 * days, -31 * days, true, ""},
		{"a second more", -31*days - time.Second, -31*days - time.Second, true, "p.json was made on 2026-10-23, more than 31 days ago"},
		{"a clock that is ahead", time.Hour, 0, true, ""},
		{"the future", time.Hour + time.Second, 0, false, "when p.json was made: it says 2026-11-23, which is still to come"},
		// A difference between these times is more than a duration can hold.
		{"long ago", time.Time{}.Sub(at()), time.Time{}.Sub(at()), true, "more than 31 days ago"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told []collect.Problem
			env := collect.Env{Now: at, Problem: func(p collect.Problem) { told = append(told, p) }}
			made, ok := env.Made("p.json", at().Add(c.ahead), remedy)
			if !made.Equal(at().Add(c.made)) || ok != c.ok {
				t.Errorf("made %v, %v", made, ok)
			}
			if (c.problem == "") != (len(told) == 0) {
				t.Fatalf("problems: %+v", told)
			}
			if c.problem != "" && (!strings.Contains(told[0].What.EN, c.problem) || !strings.Contains(told[0].Hint.EN, "make a new plan")) {
				t.Errorf("problem: %+v", told[0])
			}
		})
	}
	if made, ok := (collect.Env{Now: at}).Made("p.json", time.Unix(0, 0), remedy); !ok || made.Unix() != 0 {
		t.Errorf("without a listener: %v, %v", made, ok)
	}
}
