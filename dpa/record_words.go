package dpa

import "strings"

// subjectWords are the groups of people in the words of a record. A name that is not here is shown as it is written.
var subjectWords = map[string]Text{
	"internal_users":    {"users within the customer's organisation", "gebruikers binnen de organisatie van de klant"},
	"external_users":    {"users outside the customer's organisation", "gebruikers buiten de organisatie van de klant"},
	"tenants":           {"tenants", "huurders"},
	"house_seekers":     {"people who look for a home", "woningzoekenden"},
	"employees":         {"employees", "medewerkers"},
	"customers":         {"customers", "klanten"},
	"suppliers":         {"suppliers", "leveranciers"},
	"contractors":       {"contractors", "aannemers"},
	"stakeholders":      {"stakeholders", "belanghebbenden"},
	"maintenance_firms": {"maintenance firms", "onderhoudsbedrijven"},
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
	return Text{plain, plain}
}

// valueWords says the value of a term that is one of a few words.
func valueWords(v string) Text {
	t, ok := map[string]Text{
		"none": {"none", "geen"}, "zone": {"zone", "zone"}, "region": {"region", "regio"}, "open": {"open", "open"},
		"encrypted": {"encrypted", "versleuteld"}, "blocked": {"blocked", "geblokkeerd"},
	}[v]
	if !ok {
		return Text{v, v}
	}
	return t
}

// groundText says how the ground of a transfer stands.
func groundText(state string) Text {
	switch state {
	case GroundOK:
		return Text{"in force", "geldig"}
	case GroundExpired:
		return Text{"the ground on the register has ended", "de grondslag in het register is afgelopen"}
	case GroundNoTIA:
		return Text{"an assessment of the transfer (TIA) is not there", "er is geen beoordeling van de doorgifte (TIA)"}
	case GroundPartial:
		return Text{"the adequacy decision covers only some recipients, and the register does not say that this is one",
			"het adequaatheidsbesluit geldt voor een deel van de ontvangers, en het register zegt niet dat deze eronder valt"}
	case GroundEnded:
		return Text{"the adequacy decision has ended, and there is no other ground", "het adequaatheidsbesluit is afgelopen, en er is geen andere grondslag"}
	case GroundUnknown:
		return Text{"it is not known where this lies, or whether that counts as the EEA", "niet bekend is waar dit staat, of of dat bij de EER hoort"}
	}
	return Text{"there is no ground for this transfer", "er is geen grondslag voor deze doorgifte"}
}

// groundName names a ground.
func groundName(ground string) Text {
	switch ground {
	case "adequacy":
		return Text{"adequacy decision (GDPR 45)", "adequaatheidsbesluit (AVG 45)"}
	case "scc":
		return Text{"standard contractual clauses (GDPR 46(2)(c))", "modelbepalingen (AVG 46(2)(c))"}
	case "bcr":
		return Text{"binding corporate rules (GDPR 47)", "bindende bedrijfsvoorschriften (AVG 47)"}
	}
	return Text{"none", "geen"}
}
