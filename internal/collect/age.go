package collect

import (
	"fmt"
	"time"

	"waarborg/internal/inventory"
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
func (e Env) Made(file string, at time.Time, remedy string) (made time.Time, ok bool) {
	now := e.Now()
	switch ahead := at.Sub(now); {
	case ahead > maxSkew:
		e.age(inventory.Malformed, fmt.Sprintf("when %s was made: it says %s, which is still to come", file, day(at)),
			"check the clock of the machine that made it, and "+remedy)
		return now, false
	case ahead > 0:
		return now, true
	case ahead < -maxAge:
		e.age(inventory.NotReported, fmt.Sprintf("the present state: %s was made on %s, more than %d days ago", file, day(at), int(maxAge.Hours()/24)), remedy)
	}
	return at, true
}

// MadeUnknown returns the time of collection, for a file whose own time cannot be read, and reports that as a Problem.
func (e Env) MadeUnknown(file, hint string) time.Time {
	e.age(inventory.Malformed, fmt.Sprintf("when %s was made: it is not a date or time", file), hint)
	return e.Now()
}

func (e Env) age(code, what, hint string) {
	if e.Problem != nil {
		e.Problem(Problem{What: what, Reason: inventory.Reason{Code: code, Detail: "age"}, Hint: hint})
	}
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
