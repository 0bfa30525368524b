package ci_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/reports/ci"
)

var day = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// descriptors are rules as they would be in force.
func descriptors() []*assess.Rule {
	return []*assess.Rule{
		{ID: "RET-001", Area: "retention", Package: "waarborg.retention.backup_period", Severity: assess.Low, Clauses: []string{"BB-BEW-2"}, GDPR: []string{"5(1)(e)"},
			Title:       say.Text{EN: "Backups are kept as long as agreed", NL: "Back-ups blijven zolang als afgesproken"},
			Description: say.Text{EN: "Backups go when the agreed time is over.", NL: "Back-ups gaan weg na de afgesproken tijd."}},
		{ID: "SEC-001", Area: "security", Package: "waarborg.security.encryption", Severity: assess.Critical, Clauses: []string{"BB-LOG-4", "VWO-7.1"}, GDPR: []string{"32(1)(a)"},
			Title:       say.Text{EN: "Stores are encrypted with a key of our own", NL: "Opslag is versleuteld met een eigen sleutel"},
			Description: say.Text{EN: "Personal data are encrypted at rest, with a key that we hold.", NL: "Persoonsgegevens zijn versleuteld opgeslagen, met een sleutel in eigen beheer."},
			Remediation: say.Text{EN: "Set customer_managed_key to a key in your vault.", NL: "Zet customer_managed_key op een sleutel in uw kluis."}},
		{ID: "SEC-010", Area: "security", Package: "waarborg.security.password_length", Severity: assess.Medium, Clauses: []string{"BB-LOG-4"},
			Title:       say.Text{EN: "Passwords are long enough", NL: "Wachtwoorden zijn lang genoeg"},
			Description: say.Text{EN: "Passwords have at least the agreed length.", NL: "Wachtwoorden hebben minstens de afgesproken lengte."}},
		{ID: "TRF-001", Area: "transfers", Package: "waarborg.transfers.region", Severity: assess.High, Clauses: []string{"VWO-7.1"}, GDPR: []string{"44", "46"},
			Title:       say.Text{EN: "Personal data stay in the EEA", NL: "Persoonsgegevens blijven in de EER"},
			Description: say.Text{EN: "Stores with personal data are in a country of the EEA.", NL: "Opslag met persoonsgegevens staat in een land van de EER."},
			Remediation: say.Text{EN: "Choose a region in the EEA, such as westeurope.", NL: "Kies een regio in de EER, zoals westeurope."}},
	}
}

// outcome is an outcome of one of the rules above, in a language.
func outcome(lang, rule string, c gate.Class, address, en, nl string) gate.Outcome {
	for _, d := range descriptors() {
		if d.ID == rule {
			status := map[gate.Class]assess.Status{gate.Accepted: assess.Waived, gate.ToProve: assess.Unknown, gate.Unclear: assess.Unknown}[c]
			if status == "" {
				status = assess.Fail
			}
			return gate.Outcome{Result: assess.Result{Rule: rule, Area: d.Area, Status: status, Severity: d.Severity, Clauses: d.Clauses, GDPR: d.GDPR, Resource: "tf/" + address,
				Kind: inventory.KindDatastore, Title: d.Title.In(lang), Message: say.Both(en, nl).In(lang), Remediation: d.Remediation.In(lang)},
				Class: c, Input: "plan.json", Address: address, Type: "azurerm_storage_account", Change: gate.Create, Fingerprint: gate.Fingerprint(rule, address)}
		}
	}
	panic(rule)
}

// world is a report with something of everything, and its outcomes.
func world(lang string) (*gate.Report, []gate.Outcome) {
	list := []gate.Outcome{
		outcome(lang, "SEC-001", gate.Failing, "azurerm_storage_account.files", "the store is encrypted with a key of the provider", "de opslag is versleuteld met een sleutel van de aanbieder"),
		outcome(lang, "TRF-001", gate.Failing, "azurerm_storage_account.files", "the store is in the United States of America", "de opslag staat in de Verenigde Staten van Amerika"),
		outcome(lang, "SEC-001", gate.Failing, `module.app["north"].azurerm_storage_account.logs[0]`, "the store is encrypted with a key of the provider", "de opslag is versleuteld met een sleutel van de aanbieder"),
		outcome(lang, "SEC-010", gate.Accepted, "azuread_authentication_strength_policy.staff", "passwords may have 8 characters; agreed: at least 16", "wachtwoorden mogen 8 tekens hebben; afgesproken: minstens 16"),
		outcome(lang, "TRF-001", gate.Known, "azurerm_mssql_server.old", "the store is in the United Kingdom", "de opslag staat in het Verenigd Koninkrijk"),
		outcome(lang, "SEC-001", gate.ToProve, "azurerm_mssql_database.new", "encryption.key: known only after apply", "encryption.key: pas bekend na de uitrol"),
		outcome(lang, "TRF-001", gate.Unclear, "kubernetes_persistent_volume_claim.data", "location: nobody declared it", "location: niemand heeft het vermeld"),
	}
	list[0].Source = &assess.SourceRef{File: "infra/my files/main.tf", Line: 12}
	list[1].Source, list[1].Compared = list[0].Source, "worse"
	list[2].Was, list[2].Change = "azurerm_storage_account.logs", gate.Move
	list[3].Waiver, list[3].Reason, list[3].Until = "acc-7", say.Both("the new sign-in comes in December", "de nieuwe aanmelding komt in december").In(lang), "2026-12-01"
	list[4].Reason, list[4].Until, list[4].Change = say.Both("moves in the spring", "verhuist in het voorjaar").In(lang), "2027-04-01", gate.Update
	list[6].Input, list[6].Type, list[6].Customers = "cluster.yaml", "v1/PersistentVolumeClaim", []string{"north", "south"}
	r := &gate.Report{Schema: gate.Schema, Version: "1.4.0", At: day, Language: lang, Status: assess.Fail, Rules: "sha256:aa", TeamRules: "sha256:bb", Workspace: "sha256:cc", Subjects: 42,
		Inputs: []gate.Info{
			{Name: "plan.json", Format: "terraform-plan", Digest: "sha256:" + fmt.Sprintf("%064x", 1), Size: 1234, Skipped: map[string]int{"no-op": 3},
				Drift: []gate.Drift{{Address: "azurerm_key_vault.main", Type: "azurerm_key_vault", Change: "update", Fields: []string{"access_policy", "tags"}}}},
			{Name: "cluster.yaml", Format: "kubernetes", Digest: "sha256:" + fmt.Sprintf("%064x", 2), Size: 99, Problems: []gate.Problem{{What: say.Text{EN: "document 3 is empty", NL: "document 3 is leeg"},
				Reason: inventory.Reason{Code: inventory.Malformed}, Hint: say.Text{EN: "take it out", NL: "haal het weg"}}}},
		},
		Counts:  gate.Counts{LeftOver: 9, Pass: 120, NotApplicable: 30},
		Blocks:  []gate.Block{{What: "register", Status: assess.Fail, Text: say.Both("the register of sub-processors is 9 days too old", "het register van subverwerkers is 9 dagen te oud").In(lang), Hint: say.Both("export it anew", "exporteer het opnieuw").In(lang)}},
		Left:    []gate.Left{{Rule: "RET-001", Types: []string{"azurerm_storage_account"}, Facts: []string{"backup.tested"}, Count: 9}},
		Mended:  []gate.Mended{{Rule: "SEC-010", Address: "azuread_x.admin", Until: "2027-01-01"}},
		Lapsed:  []gate.Mended{{Rule: "SEC-001", Address: "azurerm_storage_account.files", Until: "2026-11-01"}},
		NotMet:  []string{"SUB-003"},
		Waivers: []assess.WaiverUse{{ID: "acc-7", Rule: "SEC-010", State: assess.WaiverUsed, Matched: 1, Owner: "ciso", Reason: "r", Expires: "2026-12-01"}, {ID: "acc-1", Rule: "SEC-001", State: assess.WaiverExpired, Owner: "ciso", Reason: "r", Expires: "2026-10-01"}},
		Descriptors: append(descriptors(), &assess.Rule{ID: "SUB-003", Area: "subprocessors", Package: "waarborg.subprocessors.notice", Severity: assess.High,
			Title: say.Text{EN: "New sub-processors are announced", NL: "Nieuwe subverwerkers zijn aangekondigd"}}),
	}
	count(r, list)
	return r, list
}

func count(r *gate.Report, list []gate.Outcome) {
	for _, o := range list {
		switch o.Class {
		case gate.Failing:
			r.Counts.Failing++
		case gate.Accepted:
			r.Counts.Accepted++
		case gate.Known:
			r.Counts.Known++
		case gate.ToProve:
			r.Counts.ToProve++
		case gate.Unclear:
			r.Counts.Unclear++
		}
	}
}

// clean is a report of a deploy that may go on, with nothing to say.
func clean(lang string) *gate.Report {
	return &gate.Report{Schema: gate.Schema, Version: "1.4.0", At: day, Language: lang, Status: assess.Pass, Subjects: 3, Counts: gate.Counts{Pass: 12}, Rules: "sha256:aa", Workspace: "sha256:cc",
		Inputs: []gate.Info{{Name: "plan.json", Format: "terraform-plan", Digest: "sha256:aa", Size: 5}}, Descriptors: descriptors()}
}

// large is a world of n failing outcomes, of many rules and severities.
func large(n int) (*gate.Report, gate.Outcomes) {
	r, list := world("en")
	r.Counts.Failing += n
	return r, func(yield func(gate.Outcome, error) bool) {
		for i := range n + len(list) {
			o := list[i%len(list)]
			if i >= len(list) {
				o = list[i%3]
				o.Address, o.Input = fmt.Sprintf("azurerm_storage_account.n%06d", i), "plan.json"
			}
			if i < len(list) {
				o.Input = "plan.json"
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}

func of(list []gate.Outcome) gate.Outcomes {
	return func(yield func(gate.Outcome, error) bool) {
		for _, o := range list {
			if !yield(o, nil) {
				return
			}
		}
	}
}

var errSpool = errors.New("the spool is gone")

// broken are outcomes that end in an error.
func broken(list []gate.Outcome) gate.Outcomes {
	return func(yield func(gate.Outcome, error) bool) {
		for _, o := range list {
			if !yield(o, nil) {
				return
			}
		}
		yield(gate.Outcome{}, errSpool)
	}
}

func write(t testing.TB, form string, r *gate.Report, all gate.Outcomes, o ci.Options) []byte {
	t.Helper()
	var b sink
	if err := ci.Writers()[form](&b, r, all, o); err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	return b
}

type sink []byte

func (s *sink) Write(p []byte) (int, error) {
	*s = append(*s, p...)
	return len(p), nil
}

type fullDisk struct{ err error }

func (d fullDisk) Write([]byte) (int, error) { return 0, d.err }
