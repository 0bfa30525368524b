package dpa

import (
	"time"

	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// Date is a calendar day as YYYY-MM-DD; the empty Date is none. Dates compare as strings.
type Date string

// DateOf is the day of a moment, in the moment's own time zone.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// UnmarshalText reads a date that exists.
func (d *Date) UnmarshalText(b []byte) error {
	if _, err := time.Parse(time.DateOnly, string(b)); err != nil {
		return &strictyaml.Mismatch{What: say.Both("is not a date as 2026-01-31", "is geen datum zoals 2026-01-31")}
	}
	*d = Date(b)
	return nil
}

// Time is the start of the day in UTC; the zero time for no date.
func (d Date) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// orNull is the date as rules see it: null for none.
func (d Date) orNull() any {
	if d == "" {
		return nil
	}
	return string(d)
}
