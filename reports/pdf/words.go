package pdf

import (
	"slices"
	"strings"
	"time"

	"waarborg/reports"
)

// words say things in the language of a report.
type words struct{ lang string }

func (w words) pick(en, nl string) string {
	if w.lang == "nl" {
		return nl
	}
	return en
}

func (w words) date(t time.Time) string { return reports.DateText(t, w.lang) }

// day writes a date as files have it for people; anything else stays as it is.
func (w words) day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return w.date(t)
}

// of counts things.
func (w words) of(n int, en, ens, nl, nls string) string {
	if n == 1 {
		return number(n, w.lang) + " " + w.pick(en, nl)
	}
	return number(n, w.lang) + " " + w.pick(ens, nls)
}

func (w words) objects(n int) string { return w.of(n, "resource", "resources", "object", "objecten") }

func capitals(s string) string { return strings.ToUpper(s) }

func number(n int, lang string) string { return reports.NumberText(n, lang) }

// articles writes articles of the GDPR.
func (w words) articles(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return w.pick("GDPR art. ", "AVG art. ") + strings.Join(list, ", ")
}

// join puts what is not empty beside each other.
func join(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), sep)
}
