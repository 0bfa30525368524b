package reports_test

import (
	"encoding/json/jsontext"
	"testing"

	"waarborg/internal/assess"
	"waarborg/reports"
)

func TestFactsInWords(t *testing.T) {
	for _, c := range []struct {
		key, value, limit, en, nl string
	}{
		{"location", `"uksouth (GB)"`, `"EEA"`, "Found: uksouth (GB); agreed: EEA [location]", "Gevonden: uksouth (GB); afgesproken: EER [location]"},
		{"log_sinks", `0`, `1`, "Found: 0; agreed: 1 [log_sinks]", "Gevonden: 0; afgesproken: 1 [log_sinks]"},
		{"password.min_length", `12`, `16`, "Shortest password that is accepted, found: 12 characters; agreed: 16 characters [password.min_length]",
			"Kortste wachtwoord dat wordt aangenomen, gevonden: 12 tekens; afgesproken: 16 tekens [password.min_length]"},
		{"data_categories", `"iban"`, `["email","phone"]`, "Found: bank account number (IBAN); agreed: e-mail address, phone number [data_categories]",
			"Gevonden: rekeningnummer (IBAN); afgesproken: e-mailadres, telefoonnummer [data_categories]"},
		{"kind", `"phone"`, ``, "Found: phone [kind]", "Gevonden: phone [kind]"},
		{"backup.last_success", `"2026-11-21T22:51:33Z"`, `24`, "Found: 21 November 2026 22:51 UTC; agreed: 24 [backup.last_success]", "Gevonden: 21 november 2026 22:51 UTC; afgesproken: 24 [backup.last_success]"},
		{"disk_encrypted", `false`, `true`, "Found: no; agreed: yes [disk_encrypted]", "Gevonden: nee; afgesproken: ja [disk_encrypted]"},
		{"instruction", ``, `"instructions"`, "Agreed: a documented instruction [instruction]", "Afgesproken: een vastgelegde instructie [instruction]"},
		{"allowed_ranges", `{"withheld":3}`, `[]`, "Found: 3 not shown; agreed: none [allowed_ranges]", "Gevonden: 3 niet getoond; afgesproken: geen [allowed_ranges]"},
		{"copies", `[{"role":"backup","region":"uksouth"}]`, ``, "Found: region uksouth, role backup [copies]", "Gevonden: region uksouth, role backup [copies]"},
		{"x", `null`, ``, "Found: none [x]", "Gevonden: geen [x]"},
		{"x", ``, ``, "[x]", "[x]"},
	} {
		for lang, want := range map[string]string{"en": c.en, "nl": c.nl} {
			v := reports.NewValues(lang)
			if got := v.Text(v.Fact(assess.Finding{Path: c.key, Value: jsontext.Value(c.value), Limit: jsontext.Value(c.limit)})); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
	}
}

func TestDatesIn(t *testing.T) {
	for s, want := range map[string]string{
		"2026-11-04": "4 november 2026",
		"de laatste back-up was op 2026-11-21T22:51:33Z; afgesproken: 24 uur": "de laatste back-up was op 21 november 2026 22:51 UTC; afgesproken: 24 uur",
		"tussen 2026-01-01 2026-02-28, en (2026-03-01).":                      "tussen 1 januari 2026 28 februari 2026, en (1 maart 2026).",
		"sinds 2026-11-04.":            "sinds 4 november 2026.",
		"sinds 2026-02-30":             "sinds 2026-02-30", // no such day
		"logs-2026-11-04 blijven":      "logs-2026-11-04 blijven",
		"2026-11-04.json, 2026-11-04x": "2026-11-04.json, 2026-11-04x",
		"é2026-11-04":                  "é2026-11-04",
		"12026-11-04":                  "12026-11-04",
		"2026-11-21T25:00:00Z":         "2026-11-21T25:00:00Z",
		"":                             "",
	} {
		if got := reports.DatesIn(s, "nl"); got != want {
			t.Errorf("%q gives %q, want %q", s, got, want)
		}
	}
	if got := reports.DatesIn("until 2026-11-04", "en"); got != "until 4 November 2026" {
		t.Error(got)
	}
}

func TestSentence(t *testing.T) {
	for s, want := range map[string]string{"één recht": "Eén recht", "éénmalig": "Eénmalig", "écht": "Écht", "a": "A", "": "", "TLS": "TLS", "1 ding": "1 ding", "\xff": "\xff"} {
		if got := reports.Sentence(s); got != want {
			t.Errorf("%q gives %q", s, got)
		}
	}
}
