package dpa

import (
	"encoding/json/v2"
	"io/fs"
	"slices"
	"strings"

	"waarborg/internal/say"
)

// Reference is what a record needs to know of the world: countries, regions of providers, adequacy decisions, and the words
// for categories of personal data. It says the same as the rules on transfers, from the same tables.
type Reference struct {
	eea        map[string]bool // and territories where the GDPR applies as in it
	unclear    map[string]bool // territories of which it is not settled
	regions    map[string]map[string]string
	decisions  map[string]decision
	categories map[string]Text
}

// decision is a decision of the European Commission that a country protects personal data well enough (GDPR 45).
type decision struct {
	Decision string `json:"decision"`
	From     Date   `json:"from"`
	Until    Date   `json:"until"` // its last day
	Scope    string `json:"scope"` // all, or partial: for some recipients alone
}

// ReadReference reads the tables of a file system that has reference/*.json. own are regions that the workspace adds, by
// provider and region; they replace none of the table.
func ReadReference(files fs.FS, own map[string]map[string]string) (Reference, error) {
	var geo struct {
		Geo struct {
			EEA         []string                  `json:"eea"`
			Territories map[string]map[string]any `json:"territories"`
			Regions     map[string]map[string]struct {
				Country string `json:"country"`
			} `json:"regions"`
		} `json:"geo"`
	}
	var adequacy struct {
		Adequacy map[string]decision `json:"adequacy"`
	}
	var categories struct {
		Categories map[string]struct {
			EN string `json:"en"`
			NL string `json:"nl"`
		} `json:"categories"`
	}
	for name, into := range map[string]any{"geo": &geo, "adequacy": &adequacy, "categories": &categories} {
		raw, err := fs.ReadFile(files, "reference/"+name+".json")
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			return Reference{}, damaged(say.Same("reference/"+name+".json"), err)
		}
	}
	r := Reference{eea: map[string]bool{}, unclear: map[string]bool{}, regions: map[string]map[string]string{},
		decisions: adequacy.Adequacy, categories: map[string]Text{}}
	for _, code := range geo.Geo.EEA {
		r.eea[code] = true
	}
	for code := range geo.Geo.Territories["inside"] {
		r.eea[code] = true
	}
	for code := range geo.Geo.Territories["unclear"] {
		r.unclear[code] = true
	}
	for provider, table := range own {
		for name, country := range table {
			r.addRegion(provider, name, country)
		}
	}
	for provider, table := range geo.Geo.Regions {
		for name, x := range table {
			r.addRegion(provider, name, x.Country)
		}
	}
	for id, c := range categories.Categories {
		r.categories[id] = Text{EN: c.EN, NL: c.NL}
	}
	return r, nil
}

func (r Reference) addRegion(provider, name, country string) {
	if r.regions[provider] == nil {
		r.regions[provider] = map[string]string{}
	}
	r.regions[provider][name] = country
}

// place says where a location lies.
type place struct {
	country string // empty: not known
	label   string // for people
	eea     bool
	known   bool // false: a region of no table, or a territory of unclear standing
}

func (r Reference) place(l Location, lang string) place {
	if l.Region == "" {
		return r.country(l.Country, lang)
	}
	provider, region := strings.ToLower(l.Provider), strings.ReplaceAll(strings.ToLower(l.Region), " ", "")
	if code, ok := r.regions[provider][region]; ok {
		p := r.country(code, lang)
		p.label += ", " + l.Region
		return p
	}
	return place{label: l.Region}
}

func (r Reference) country(code, lang string) place {
	code = strings.ToUpper(code)
	return place{country: code, label: placeName(code, lang), eea: r.eea[code], known: code != "" && !r.unclear[code]}
}

// The grounds of a transfer, and what can be wrong with one. Only GroundOK is in order.
const (
	GroundOK      = "ok"
	GroundExpired = "expired"    // the ground of the register ended
	GroundNoTIA   = "no-tia"     // standard clauses or binding rules without an assessment of the transfer
	GroundPartial = "partial"    // the adequacy decision covers some recipients alone, and nobody says that this is one
	GroundEnded   = "ended"      // the adequacy decision ended, and there is no other ground
	GroundNone    = "none"       // there is no ground
	GroundUnknown = "place-open" // it is not known where this lies, or whether that counts as the EEA
)

// ground says by what a party outside the EEA may receive personal data on a day. row is its entry in the register; nil for
// a party that is not on it.
func (r Reference) ground(country string, row *SubProcessor, day Date) (state, kind string, d decision) {
	d, there := r.decisions[country]
	decided := there && d.From <= day && (d.Until == "" || d.Until >= day)
	stated := row != nil && slices.Contains([]string{"adequacy", "scc", "bcr"}, row.Ground)
	contract := stated && row.Ground != "adequacy"
	switch {
	case decided && d.Scope == "all":
		return GroundOK, "adequacy", d
	case stated && row.GroundUntil != "" && row.GroundUntil < day:
		return GroundExpired, row.Ground, decision{Until: row.GroundUntil}
	case contract && row.TIA != "" && row.TIA <= day:
		return GroundOK, row.Ground, decision{Until: row.GroundUntil}
	case contract:
		return GroundNoTIA, row.Ground, decision{Until: row.GroundUntil}
	case decided && stated:
		return GroundOK, "adequacy", d
	case decided:
		return GroundPartial, "adequacy", d
	case there && d.Until != "":
		return GroundEnded, "adequacy", d
	}
	return GroundNone, "none", decision{}
}
