package collect

import (
	"time"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

const (
	// maxAge is how old a plan or an export may be. Whoever checks every month has none that is older; what is older can
	// hide a change that a whole round of checks should have seen.
	maxAge = 31 * 24 * time.Hour
	// maxSkew is how far the clock of the machine that made a file may be ahead of this one.
	maxSkew = time.Hour
)

// Made returns the time of the evidence in a file that says itself when it was made: at, or the time of collection if
// at is later. It reports a Problem if that is more than 31 days ago, or more than an hour ahead; in the latter case ok
// is false, for the file's word on its time is then worth nothing. remedy says how to make the file anew.
func (e Env) Made(file string, at time.Time, remedy say.Text) (made time.Time, ok bool) {
	now := e.Now()
	switch ahead := at.Sub(now); {
	case ahead > maxSkew:
		e.age(inventory.Malformed,
			say.Both("when %s was made: it says %s, which is still to come",
				"wanneer %s is gemaakt: er staat %s in, en dat moet nog komen", file, day(at)),
			say.Both("check the clock of the machine that made it, and %s",
				"controleer de klok van de machine die het maakte, en %s", remedy))
		return now, false
	case ahead > 0:
		return now, true
	case ahead < -maxAge:
		e.age(inventory.NotReported, say.Both("the present state: %s was made on %s, more than %d days ago",
			"de stand van nu: %s is gemaakt op %s, meer dan %d dagen geleden", file, day(at), int(maxAge.Hours()/24)), remedy)
	}
	return at, true
}

// MadeUnknown returns the time of collection, for a file whose own time cannot be read, and reports that as a Problem.
func (e Env) MadeUnknown(file string, hint say.Text) time.Time {
	e.age(inventory.Malformed, say.Both("when %s was made: it is not a date or time",
		"wanneer %s is gemaakt: het is geen datum of tijd", file), hint)
	return e.Now()
}

func (e Env) age(code string, what, hint say.Text) {
	if e.Problem != nil {
		e.Problem(Problem{What: what, Reason: inventory.Reason{Code: code, Detail: "age"}, Hint: hint})
	}
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
