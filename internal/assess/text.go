package assess

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waarborg/internal/say"
)

// plain renders a value of a finding for people. It writes no JSON punctuation where a word will do, and says ids that
// words knows in the reader's language.
func plain(v jsontext.Value, lang string, words map[string]Text) string {
	if len(v) == 0 {
		return choose(lang, "nothing", "niets")
	}
	var x any
	if err := json.Unmarshal(v, &x); err != nil {
		return string(v)
	}
	return plainAny(x, lang, words)
}

func plainAny(x any, lang string, words map[string]Text) string {
	switch x := x.(type) {
	case nil:
		return choose(lang, "none", "geen")
	case bool:
		if x {
			return choose(lang, "yes", "ja")
		}
		return choose(lang, "no", "nee")
	case string:
		if t, ok := words[x]; ok {
			return t.In(lang)
		}
		if nl, ok := valuesNL[x]; ok && lang == "nl" {
			return nl
		}
		return x
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case []any:
		if len(x) == 0 {
			return choose(lang, "none", "geen")
		}
		var parts []string
		for _, e := range x {
			parts = append(parts, plainAny(e, lang, words))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		if n, ok := x["withheld"].(float64); ok && len(x) == 1 {
			return strconv.FormatFloat(n, 'f', -1, 64) + choose(lang, " not shown", " niet getoond")
		}
		var parts []string
		for k, e := range x {
			if s := plainAny(e, lang, words); s != "" {
				parts = append(parts, k+" "+s)
			}
		}
		slices.Sort(parts)
		return strings.Join(parts, ", ")
	default:
		return fmt.Sprint(x)
	}
}

func choose(lang, en, nl string) string { return Text{EN: en, NL: nl}.In(lang) }

// valuesNL says the words of facts' closed sets in Dutch.
var valuesNL = map[string]string{
	"read": "lezen", "write": "schrijven", "delete": "verwijderen", "administer": "beheren", "production": "productie",
	"acceptance": "acceptatie", "development": "ontwikkeling", "none": "geen", "zone": "zone", "region": "regio", "open": "open",
	"encrypted": "versleuteld", "blocked": "geblokkeerd", "off": "uit", "detect": "alleen melden", "person": "persoon",
	"service": "dienst", "group": "groep", "guest": "gast", "public": "iedereen", "masked": "gemaskeerd", "live": "echt",
	"mail": "e-mail", "laptop": "laptop", "phone": "telefoon", "own": "eigen",
}

// reasons are the words for the closed list of reason codes.
var reasons = map[string]Text{
	"not-reported": {EN: "the source does not report it", NL: "de bron meldt het niet"},
	"permission":   {EN: "the account may not read it", NL: "het account mag het niet lezen"},
	"after-apply":  {EN: "known only after apply", NL: "pas bekend na uitrol"},
	"sensitive":    {EN: "marked as secret, so not read", NL: "als geheim gemerkt, dus niet gelezen"},
	"source-error": {EN: "the source could not be read", NL: "de bron kon niet worden gelezen"},
	"unsupported":  {EN: "the source's version or type is not understood", NL: "versie of soort van de bron is niet bekend"},
	"undeclared":   {EN: "the workspace does not say", NL: "de werkmap zegt het niet"},
	"malformed":    {EN: "the source gave a value that makes no sense", NL: "de bron gaf een onmogelijke waarde"},
	"no-term":      {EN: "no limit is agreed", NL: "er is geen grens afgesproken"},
	RuleError:      {EN: "the rule could not be evaluated", NL: "de regel kon niet worden uitgevoerd"},
	RuleTimeout:    {EN: "the rule took longer than it may", NL: "de regel duurde langer dan mag"},
}

// Explain says in a language why a fact is unknown.
func (u UnknownFact) Explain(lang string) string {
	t, ok := reasons[u.Reason.Code]
	if !ok {
		t = say.Same(u.Reason.Code)
	}
	s := strings.TrimPrefix(u.Path, "terms.") + ": " + t.In(lang)
	if u.Reason.Detail != "" && u.Reason.Detail != u.Path {
		s += " (" + u.Reason.Detail + ")"
	}
	return s
}
