package subprocessors

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"waarborg/internal/say"
)

// Limits of an export.
const (
	maxEntries = 1_000
	maxList    = 10_000 // elements of one list of an entry
	maxText    = 500    // bytes of one text
)

var (
	idForm      = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,62})$`)
	nameForm    = regexp.MustCompile(`^[a-z0-9_]{1,63}$`)
	wordForm    = regexp.MustCompile(`^[a-z0-9_-]{1,63}$`)
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	refForm     = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)
)

// Check holds an export against itself: form, order, dates and limits. The error says the first thing that is wrong.
func (e Export) Check() error {
	day := e.IssuedAt.UTC().Format(time.DateOnly)
	span := e.ExpiresAt.Sub(e.IssuedAt)
	switch {
	case e.Schema != Schema:
		return wrong(say.Both("its schema is not %s", "het schema is niet %s", Schema))
	case !text(e.Processor.Name) || e.Processor.Register != "" && !text(e.Processor.Register):
		return wrong(say.Both("it does not say whose it is", "er staat niet in van wie het is"))
	case !moment(e.IssuedAt) || !moment(e.ExpiresAt) || span <= 0 || span > MaxValid:
		return wrong(say.Both("it holds for no time, or for more than %d days", "het geldt geen enkele tijd, of langer dan %d dagen", MaxValid/(24*time.Hour)))
	case len(e.Entries) > maxEntries:
		return wrong(say.Both("it has more than %d entries", "het heeft meer dan %d regels", maxEntries))
	case !rising(e.Entries, func(x Entry) string { return x.ID }):
		return wrong(say.Both("its entries are not in order, or one is there twice", "de regels staan niet op volgorde, of een staat er twee keer"))
	}
	for _, x := range e.Entries {
		if what := x.check(day); !what.IsZero() {
			return wrong(say.Both("of entry %q, %s", "van regel %q klopt dit niet: %s", shown(x.ID), what))
		}
	}
	return nil
}

func (x Entry) check(day string) say.Text {
	notices := append([]Notice{x.Notice}, noticesOf(x.Notices)...)
	switch {
	case !idForm.MatchString(x.ID):
		return say.Both("the id is none", "het id is geen id")
	case !text(x.Name) || !text(x.Purpose.EN) || !text(x.Purpose.NL):
		return say.Both("name or purpose is not there, or too long", "naam of doel ontbreekt of is te lang")
	case !text(x.Source.Document) || !text(x.Source.Clause) || !date(x.Source.Date):
		return say.Both("the source is not complete", "de bron is niet volledig")
	case !listed(x.Applications, idForm) || !listed(x.Categories, nameForm) || !listed(x.OpenGroups, nameForm):
		return say.Both("a list of applications, categories or groups is not in order", "een lijst met applicaties, categorieën of groepen is niet in orde")
	case !listed(x.Countries, countryForm) || !listed(x.AccessCountries, countryForm) || !places(x.Regions):
		return say.Both("a list of countries or regions is not in order", "een lijst met landen of regio's is niet in orde")
	case !slices.Contains([]string{"", "none", "adequacy", "scc", "bcr"}, x.Ground):
		return say.Both("the ground of transfer is none that exists", "de grond voor doorgifte bestaat niet")
	case !date(x.Agreement) || !date(x.GroundUntil) || !date(x.TIA) || slices.ContainsFunc(notices, wrongNotice):
		return say.Both("a date is none, or a notice ends before it was given", "een datum is geen datum, of een melding eindigt voordat zij is gedaan")
	case x.Status != Ended && x.Status != x.Notice.StatusAt(day):
		return say.Both("the status does not fit the notice", "de status past niet bij de melding")
	case len(x.Notices) > maxList || !rising(x.Notices, func(n CustomerNotice) string { return n.Customer }),
		slices.ContainsFunc(x.Notices, func(n CustomerNotice) bool { return !idForm.MatchString(n.Customer) }):
		return say.Both("the notices of customers are not in order", "de meldingen van klanten zijn niet in orde")
	case len(x.Objections) > maxList || !rising(x.Objections, func(o Objection) string { return o.Ref }),
		slices.ContainsFunc(x.Objections, wrongObjection):
		return say.Both("the objections are not in order", "de bezwaren zijn niet in orde")
	}
	return say.Text{}
}

func noticesOf(list []CustomerNotice) []Notice {
	var out []Notice
	for _, n := range list {
		out = append(out, n.Notice)
	}
	return out
}

func wrongNotice(n Notice) bool {
	return !date(n.Given) || !date(n.Ends) || n.Given != "" && n.Ends != "" && n.Ends < n.Given
}

func wrongObjection(o Objection) bool {
	return !refForm.MatchString(o.Ref) || o.Customer != "" && !idForm.MatchString(o.Customer) || !date(o.Since) ||
		!slices.Contains([]State{Open, Resolved, Withdrawn}, o.State)
}

// moment tells whether a time is in UTC, to the second, and one that JSON has.
func moment(t time.Time) bool {
	return t.Location() == time.UTC && t.Nanosecond() == 0 && t.Year() >= 2000 && t.Year() <= 9999
}

// text tells whether a text is there, not too long, and shows on one line as it is.
func text(s string) bool {
	return strings.TrimSpace(s) != "" && len(s) <= maxText && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

func date(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

// listed tells whether a list is sorted, without doubles, and of one form.
func listed(list []string, form *regexp.Regexp) bool {
	return len(list) <= maxList && rising(list, func(s string) string { return s }) &&
		!slices.ContainsFunc(list, func(s string) bool { return !form.MatchString(s) })
}

func places(regions map[string][]string) bool {
	if len(regions) > maxList {
		return false
	}
	for provider, list := range regions {
		if !wordForm.MatchString(provider) || len(list) == 0 || !listed(list, wordForm) {
			return false
		}
	}
	return true
}

// rising tells whether each key is larger than the one before.
func rising[T any](list []T, key func(T) string) bool {
	for i := 1; i < len(list); i++ {
		if key(list[i]) <= key(list[i-1]) {
			return false
		}
	}
	return true
}

// shown keeps what a stranger wrote short in a message.
func shown(id string) string { return id[:min(len(id), 63)] }

func wrong(what say.Text) error {
	return &say.Error{Msg: say.Both("this register export cannot be used: %s", "deze registerexport is niet te gebruiken: %s", what),
		Hint: again()}
}

func again() say.Text {
	return say.Both("make it again with `waarborg subprocessor export`", "maak hem opnieuw met `waarborg subprocessor export`")
}
