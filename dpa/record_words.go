package dpa

import (
	"strings"

	"waarborg/internal/say"
)

// subjectWords are the groups of people in the words of a record. A name that is not here is shown as it is written.
var subjectWords = map[string]Text{
	"internal_users":    {EN: "users within the customer's organisation", NL: "gebruikers binnen de organisatie van de klant"},
	"external_users":    {EN: "users outside the customer's organisation", NL: "gebruikers buiten de organisatie van de klant"},
	"tenants":           {EN: "tenants", NL: "huurders"},
	"house_seekers":     {EN: "people who look for a home", NL: "woningzoekenden"},
	"employees":         {EN: "employees", NL: "medewerkers"},
	"customers":         {EN: "customers", NL: "klanten"},
	"suppliers":         {EN: "suppliers", NL: "leveranciers"},
	"contractors":       {EN: "contractors", NL: "aannemers"},
	"stakeholders":      {EN: "stakeholders", NL: "belanghebbenden"},
	"maintenance_firms": {EN: "maintenance firms", NL: "onderhoudsbedrijven"},
}

func (m *recordMaker) subjects(names []string) []string {
	var out []string
	for _, name := range names {
		out = append(out, wordsOr(subjectWords, name).In(m.Language))
	}
	return out
}

func (m *recordMaker) categories(ids []string) []string {
	out := []string{}
	for _, id := range ids {
		out = append(out, wordsOr(m.Reference.categories, id).In(m.Language))
	}
	return out
}

func wordsOr(words map[string]Text, name string) Text {
	if t, ok := words[name]; ok {
		return t
	}
	plain := strings.ReplaceAll(name, "_", " ")
	return say.Same(plain)
}

// valueWords says the value of a term that is one of a few words.
func valueWords(v string) Text {
	t, ok := map[string]Text{
		"none": {EN: "none", NL: "geen"}, "zone": {EN: "zone", NL: "zone"}, "region": {EN: "region", NL: "regio"}, "open": {EN: "open", NL: "open"},
		"encrypted": {EN: "encrypted", NL: "versleuteld"}, "blocked": {EN: "blocked", NL: "geblokkeerd"},
	}[v]
	if !ok {
		return say.Same(v)
	}
	return t
}

// groundText says how the ground of a transfer stands.
func groundText(state string) Text {
	switch state {
	case GroundOK:
		return Text{EN: "in force", NL: "geldig"}
	case GroundExpired:
		return Text{EN: "the ground on the register has ended", NL: "de grondslag in het register is afgelopen"}
	case GroundNoTIA:
		return Text{EN: "an assessment of the transfer (TIA) is not there", NL: "er is geen beoordeling van de doorgifte (TIA)"}
	case GroundPartial:
		return Text{EN: "the adequacy decision covers only some recipients, and the register does not say that this is one",
			NL: "het adequaatheidsbesluit geldt voor een deel van de ontvangers, en het register zegt niet dat deze eronder valt"}
	case GroundEnded:
		return Text{EN: "the adequacy decision has ended, and there is no other ground", NL: "het adequaatheidsbesluit is afgelopen, en er is geen andere grondslag"}
	case GroundUnknown:
		return Text{EN: "it is not known where this lies, or whether that counts as the EEA", NL: "niet bekend is waar dit staat, of of dat bij de EER hoort"}
	}
	return Text{EN: "there is no ground for this transfer", NL: "er is geen grondslag voor deze doorgifte"}
}

// groundName names a ground.
func groundName(ground string) Text {
	switch ground {
	case "adequacy":
		return Text{EN: "adequacy decision (GDPR 45)", NL: "adequaatheidsbesluit (AVG 45)"}
	case "scc":
		return Text{EN: "standard contractual clauses (GDPR 46(2)(c))", NL: "modelbepalingen (AVG 46(2)(c))"}
	case "bcr":
		return Text{EN: "binding corporate rules (GDPR 47)", NL: "bindende bedrijfsvoorschriften (AVG 47)"}
	}
	return Text{EN: "none", NL: "geen"}
}
