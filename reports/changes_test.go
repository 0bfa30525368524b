package reports_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/reports"
)

func TestChangesText(t *testing.T) {
	at := time.Date(2026, 11, 16, 12, 0, 0, 0, time.FixedZone("", 3600))
	for _, c := range []struct {
		changes assess.Changes
		en, nl  string
	}{
		{assess.Changes{}, "Since the assessment of 16 November 2026 11:00 UTC, 0 outcomes changed and 0 are as they were.",
			"Sinds de beoordeling van 16 november 2026 11:00 UTC veranderden 0 uitkomsten, en bleven er 0 gelijk."},
		{assess.Changes{Accepted: make([]assess.Change, 1), Same: 1, Added: 1, Dropped: 1},
			"Since the assessment of 16 November 2026 11:00 UTC, 1 outcome changed and 1 is as it was. 1 more is new and met. 1 that was met is not judged any more.",
			"Sinds de beoordeling van 16 november 2026 11:00 UTC veranderde 1 uitkomst, en bleef er 1 gelijk. Daarnaast is er 1 nieuw en voldaan. Aan 1 andere was voldaan; die wordt niet meer beoordeeld."},
		{assess.Changes{New: make([]assess.Change, 2), Worse: make([]assess.Change, 1), Mended: make([]assess.Change, 1), Accepted: make([]assess.Change, 1), Unreadable: make([]assess.Change, 1),
			Gone: make([]assess.Change, 1), Same: 1500, Added: 2, Dropped: 3, OtherRules: true},
			"Since the assessment of 16 November 2026 11:00 UTC, 7 outcomes changed and 1,500 are as they were. 2 more are new and met. 3 that were met are not judged any more. " +
				"The two assessments were made with different rules: some differences may come from the rules, and not from the systems.",
			"Sinds de beoordeling van 16 november 2026 11:00 UTC veranderden 7 uitkomsten, en bleven er 1.500 gelijk. Daarnaast zijn er 2 nieuw en voldaan. Aan 3 andere was voldaan; die worden niet meer beoordeeld. " +
				"De twee beoordelingen zijn met verschillende regels gedaan: sommige verschillen kunnen van de regels komen, en niet van de systemen."},
	} {
		x := reports.Comparison{At: at, Changes: c.changes}
		for lang, want := range map[string]string{
			"en": c.en + " An outcome is counted here once for each rule and each resource, however many customers it is for.",
			"nl": c.nl + " Een uitkomst telt hier één keer per regel en per object, voor hoeveel klanten zij ook geldt.",
		} {
			if got := reports.ChangesText(x, lang); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
	}
}

// HTML and Markdown, like the PDF, tell every kind of change, and all that is told in numbers.
func TestEveryKindOfChangeIsTold(t *testing.T) {
	one := func(rule string, was, is assess.Status) []assess.Change {
		return []assess.Change{{Rule: rule, Resource: "azure/x", Title: "t", Severity: assess.High, Was: was, Is: is}}
	}
	for _, lang := range []string{"en", "nl"} {
		d := sampleDocument(lang)
		d.Since.Changes = assess.Changes{New: one("N-1", "", assess.Fail), Worse: one("W-1", assess.Pass, assess.Fail), Mended: one("M-1", assess.Fail, assess.Pass), Accepted: one("A-1", assess.Fail, assess.Waived),
			Unreadable: one("U-1", assess.Pass, assess.Unknown), Gone: one("G-1", assess.Fail, ""), Same: 41, Added: 42, Dropped: 43, OtherRules: true}
		kinds := reports.ChangeKinds(d.Since.Changes, lang)
		if len(kinds) != 6 {
			t.Fatalf("%d kinds", len(kinds))
		}
		html := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page(t, d, sampleResults(lang)), "")
		for form, text := range map[string]string{"HTML": html, "Markdown": markdown(t, d, sampleResults(lang))} {
			for _, k := range kinds {
				if strings.Count(text, k.Title+" (1)") != 1 || !strings.Contains(text, k.List[0].Rule) {
					t.Errorf("%s of %s lacks %q", form, lang, k.Title)
				}
			}
			if !strings.Contains(text, reports.ChangesText(*d.Since, lang)) {
				t.Errorf("%s of %s lacks the numbers", form, lang)
			}
		}
	}
	if got := markdown(t, sampleDocument("en"), sampleResults("en")); strings.Contains(got, "was | is | what |\n|---|---|---|---|---|\n\n") {
		t.Error("a table of changes has no rows")
	}
}
