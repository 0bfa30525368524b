package reports

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/policies"
)

// Fact is one fact of a finding as pages show it: in words where there are any, and by its key so that an engineer finds it.
// What is text of the outside is not escaped.
type Fact struct {
	Name  string // of the limit that is agreed on it; empty where it has none in words
	Key   string // such as backup.retention_days
	Value string // as found; empty: there is none
	Limit string // as agreed; empty: there is none
}

// Values puts the facts of findings in the words of a language.
type Values struct {
	lang       string
	terms      dpa.TermCatalogue
	categories map[string]assess.Text
}

// NewValues reads the names of limits and of categories of personal data. It is read anew at each call: keep it for a report.
// Where the data of this program are damaged, keys stand for names.
func NewValues(lang string) Values {
	v := Values{lang: lang}
	v.terms, _ = dpa.Terms()
	raw, _ := policies.FS.ReadFile("reference/categories.json")
	var file struct {
		Categories map[string]assess.Text `json:"categories"`
	}
	if json.Unmarshal(raw, &file, json.MatchCaseInsensitiveNames(true)) == nil {
		v.categories = file.Categories
	}
	return v
}

// Fact shows one fact of a finding.
func (v Values) Fact(f assess.Finding) Fact {
	out := Fact{Key: f.Path, Value: v.text(f.Path, f.Value), Limit: v.text(f.Path, f.Limit)}
	spec, ok := v.terms.Find(f.Path)
	if !ok {
		return out
	}
	out.Name = dpa.Text{EN: spec.EN, NL: spec.NL}.In(v.lang)
	if unit := (dpa.Text{EN: spec.Unit, NL: spec.UnitNL}).In(v.lang); unit != "" {
		for _, s := range []*string{&out.Value, &out.Limit} {
			if _, err := strconv.Atoi(*s); err == nil {
				*s += " " + unit
			}
		}
	}
	return out
}

// Text joins a fact's parts: what it is, what was found, what was agreed, and last its key.
func (v Values) Text(f Fact) string {
	w := wordsIn(v.lang)
	var parts []string
	if f.Value != "" {
		parts = append(parts, w.pick("found: ", "gevonden: ")+f.Value)
	}
	if f.Limit != "" {
		parts = append(parts, w.pick("agreed: ", "afgesproken: ")+f.Limit)
	}
	text := strings.Join(parts, "; ")
	if f.Name != "" {
		text = strings.TrimSuffix(f.Name+", "+text, ", ")
	}
	return strings.TrimSpace(Sentence(text) + " [" + f.Key + "]")
}

// Sentence begins a text with a capital letter, as a sentence of its own has it. The accents of ‘één’ do not stay on a
// capital.
func Sentence(s string) string {
	if rest, ok := strings.CutPrefix(s, "éé"); ok {
		return "Eé" + rest
	}
	first, n := utf8.DecodeRuneInString(s)
	if !unicode.IsLower(first) {
		return s
	}
	return string(unicode.ToUpper(first)) + s[n:]
}

// text shows a value without the signs of JSON.
func (v Values) text(key string, value jsontext.Value) string {
	if len(value) == 0 {
		return ""
	}
	var x any
	if err := json.Unmarshal(value, &x); err != nil {
		return string(value)
	}
	return v.plain(key, x)
}

func (v Values) plain(key string, x any) string {
	w := wordsIn(v.lang)
	switch x := x.(type) {
	case nil:
		return w.pick("none", "geen")
	case bool:
		if x {
			return w.pick("yes", "ja")
		}
		return w.pick("no", "nee")
	case string:
		return v.word(key, x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case []any:
		if len(x) == 0 {
			return w.pick("none", "geen")
		}
		parts := make([]string, len(x))
		for i, e := range x {
			parts[i] = v.plain(key, e)
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		if n, ok := x["withheld"].(float64); ok && len(x) == 1 {
			return fmt.Sprintf(w.pick("%.0f not shown", "%.0f niet getoond"), n)
		}
		var parts []string
		for k, e := range x {
			parts = append(parts, k+" "+v.plain(key, e))
		}
		slices.Sort(parts)
		return strings.Join(parts, ", ")
	}
	return ""
}

func (v Values) word(key, s string) string {
	if t, ok := v.categories[s]; ok && strings.HasSuffix(key, "data_categories") {
		return t.In(v.lang)
	}
	if t, ok := valueWords[s]; ok {
		return t.In(v.lang)
	}
	return DatesIn(s, v.lang)
}

// valueWords says the closed sets that rules compare with. What is not here is shown as it is.
var valueWords = map[string]assess.Text{
	"EEA": {EN: "EEA", NL: "EER"}, "adequacy": {EN: "adequacy decision", NL: "adequaatheidsbesluit"}, "scc": {EN: "standard contractual clauses", NL: "modelbepalingen"},
	"bcr": {EN: "binding corporate rules", NL: "bindende bedrijfsvoorschriften"}, "tia": {EN: "transfer impact assessment", NL: "beoordeling van de doorgifte (TIA)"},
	"agreement": {EN: "an agreement with it", NL: "een overeenkomst ermee"}, "register": {EN: "an entry in the register", NL: "een regel in het register"},
	"effective": {EN: "the first day of use", NL: "de eerste dag van gebruik"}, "instructions": {EN: "a documented instruction", NL: "een vastgelegde instructie"},
	"a number of days": {EN: "a number of days", NL: "een aantal dagen"},
	"read":             {EN: "read", NL: "lezen"}, "write": {EN: "write", NL: "schrijven"}, "delete": {EN: "delete", NL: "verwijderen"}, "administer": {EN: "administer", NL: "beheren"},
	"none": {EN: "none", NL: "geen"}, "open": {EN: "open", NL: "open"}, "encrypted": {EN: "encrypted", NL: "versleuteld"}, "blocked": {EN: "blocked", NL: "geblokkeerd"},
	"off": {EN: "off", NL: "uit"}, "alert": {EN: "alerts", NL: "waarschuwt"}, "block": {EN: "blocks", NL: "houdt tegen"}, "detect": {EN: "alerts only", NL: "meldt alleen"}, "prevent": {EN: "blocks", NL: "houdt tegen"},
	"zone": {EN: "zone", NL: "zone"}, "region": {EN: "region", NL: "regio"}, "masked": {EN: "masked", NL: "gemaskeerd"}, "live": {EN: "real", NL: "echt"},
	"production": {EN: "production", NL: "productie"}, "acceptance": {EN: "acceptance", NL: "acceptatie"}, "test": {EN: "test", NL: "test"}, "development": {EN: "development", NL: "ontwikkeling"},
}
