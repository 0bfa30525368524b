package file

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// Mapping says how the items of an export become resources of one kind.
type Mapping struct {
	Kind         string          `yaml:"kind" validate:"required" hint:"say what the items are, such as kind: endpoint" hint_nl:"zeg wat de items zijn, zoals kind: endpoint"`
	Permission   string          `yaml:"permission" validate:"max=200"` // with which permission the export was made, in the system's words
	Items        Pointer         `yaml:"items"`                         // the list, or one object; left out: the whole file
	Exported     *Pointer        `yaml:"exported"`                      // when the export was made, in the whole file; left out: when it is read
	Where        *Where          `yaml:"where"`                         // left out: all items
	ID           Text            `yaml:"id" validate:"required" hint:"point to what differs for each item and stays the same, such as id: /serialNumber" hint_nl:"wijs aan wat per item verschilt en gelijk blijft, zoals id: /serialNumber"`
	IDPseudonym  bool            `yaml:"id_pseudonym"` // the id could name a person
	Name         Text            `yaml:"name"`         // for people to read, never a person's name; left out: the id
	Applications Texts           `yaml:"applications"` // whom it serves; left out: everybody
	Customers    Texts           `yaml:"customers"`
	Facts        map[string]Fact `yaml:"facts" validate:"required,min=1"` // by path of the kind, such as password.min_length
}

// Where selects the items whose value at the pointer equals another. Items without that value are selected too.
type Where struct {
	Pointer Pointer        `yaml:"pointer" validate:"required"`
	Equals  strictyaml.Any `yaml:"equals" validate:"required"`
}

// Fact says where the value of a fact is, and by which one step it becomes the fact. Without a step it is taken as it is.
type Fact struct {
	Const   strictyaml.Any            `yaml:"const"` // the same for every item; null: absent
	Pointer *Pointer                  `yaml:"pointer"`
	Map     map[string]strictyaml.Any `yaml:"map"`                                     // by the value as text, "*" for any other but null; null: absent
	Equals  strictyaml.Any            `yaml:"equals"`                                  // whether the value is this one
	Exists  *bool                     `yaml:"exists"`                                  // whether there is a value other than null; false: whether there is none
	Count   bool                      `yaml:"count"`                                   // how many elements or members it has
	Date    bool                      `yaml:"date"`                                    // RFC 3339 or YYYY-MM-DD
	Ago     string                    `yaml:"ago" validate:"oneof=minutes hours days"` // an age, counted back from when the export was made
	Region  string                    `yaml:"region" validate:"oneof=azure aws gcp elastic"`
	Unit    *Unit                     `yaml:"unit"`
	Pseudo  bool                      `yaml:"pseudonym"`
	Absent  []strictyaml.Any          `yaml:"absent"` // values that stand for none
}

// Unit converts a number.
type Unit struct {
	From string `yaml:"from" validate:"required"`
	To   string `yaml:"to" validate:"required"`
}

// ReadMapping reads a mapping and returns every problem of it, placed; name serves only these. With problems it must not
// be used.
func ReadMapping(name string, data []byte) (*Mapping, []strictyaml.Problem) {
	m := &Mapping{}
	problems := strictyaml.Decode(name, data, m)
	return m, problems
}

// Check holds the mapping to the facts of its kind.
func (m *Mapping) Check(report func(path string, what, hint say.Text)) {
	a := newAttributes(m.Kind)
	if a == nil {
		var kinds []string
		for _, k := range inventory.Kinds() {
			kinds = append(kinds, string(k.Kind()))
		}
		report("kind", say.Both("there is no kind of resource %s",
			"er is geen soort object %s", m.Kind), strictyaml.Suggest(m.Kind, kinds))
		return
	}
	for _, path := range slices.Sorted(maps.Keys(m.Facts)) {
		at := strictyaml.Key("facts", path)
		s, ok := shapeOf(a, path)
		if !ok {
			report(at, say.Both("a resource of kind %s has no such fact",
				"een object van soort %s heeft zo'n feit niet", m.Kind), strictyaml.Suggest(path, inventory.Paths(a)))
			continue
		}
		f := m.Facts[path]
		f.check(s, func(key string, what, hint say.Text) {
			if key != "" {
				key = "." + key
			}
			report(at+key, what, hint)
		})
	}
}

// newAttributes makes empty attributes of a kind; nil if there is no such kind.
func newAttributes(kind string) inventory.Attributes {
	for _, a := range inventory.Kinds() { // new ones at each call
		if string(a.Kind()) == kind {
			return a
		}
	}
	return nil
}

// steps names the steps that are given.
func (f Fact) steps() []string {
	var out []string
	for _, s := range []struct {
		name  string
		given bool
	}{{"map", f.Map != nil}, {"equals", f.Equals.Given}, {"exists", f.Exists != nil}, {"count", f.Count}, {"date", f.Date}, {"ago", f.Ago != ""},
		{"region", f.Region != ""}, {"unit", f.Unit != nil}, {"pseudonym", f.Pseudo}} {
		if s.given {
			out = append(out, s.name)
		}
	}
	return out
}

func (f Fact) check(s shape, report reporter) {
	steps := f.steps()
	switch {
	case f.Const.Given == (f.Pointer != nil):
		report("", say.Both("it needs either `pointer` or `const`", "`pointer` of `const` is nodig, niet allebei"), say.Both("write {pointer: /a/b}, or {const: x} if it is the same for all",
			"schrijf {pointer: /a/b}, of {const: x} als het voor alle gelijk is"))
	case f.Const.Given && len(steps)+len(f.Absent) > 0:
		report("", say.Both("with `const` nothing else can be said", "naast `const` kan er niets anders staan"), say.Both("remove the other keys",
			"haal de andere velden weg"))
	case f.Const.Given:
		f.checkConstant(s, f.Const.Value, "const", report)
	case len(f.Pointer.steps) == 0:
		report("pointer", say.Both("is empty", "is leeg"), say.Both("point to a value, such as /state",
			"wijs een waarde aan, zoals /state"))
	case len(steps) > 1:
		report("", say.Both("it has both `%s` and `%s`", "zowel `%s` als `%s` staat er", steps[0], steps[1]), say.Both("keep one of them",
			"houd er één over"))
	case f.Exists != nil && len(f.Absent) > 0:
		report("absent", say.Both("does not go with `exists`", "gaat niet samen met `exists`"), say.Both("remove it", "haal het weg"))
	default:
		f.checkStep(s, report)
	}
	if len(f.Absent) > 0 && s.absence == (say.Text{}) {
		report("absent", alwaysThere(), say.Both("say what the value stands for by `map`, such as {\"null\": …}, or remove `absent`: what does not fit is then unknown",
			"zeg met `map` waar de waarde voor staat, zoals {\"null\": …}, of haal `absent` weg: wat niet past is dan onbekend"))
	}
	for i, a := range f.Absent {
		if !scalar(a.Value) {
			report(fmt.Sprintf("absent[%d]", i), say.Both("is not a single value", "is geen enkele waarde"), say.Text{})
		}
	}
}

// alwaysThere is said of an absence that would mean nothing: a rule could take it for the good answer.
func alwaysThere() say.Text {
	return say.Both("this fact is always there, so nothing can stand for its absence",
		"dit feit is er altijd, dus niets kan voor het ontbreken ervan staan")
}

// checkStep tells a step that cannot give a value of the fact's type.
func (f Fact) checkStep(s shape, report reporter) {
	switch {
	case f.Map != nil:
		if len(f.Map) == 0 {
			report("map", say.Both("is empty", "is leeg"), say.Both("write a line for each value", "schrijf een regel voor elke waarde"))
		}
		for _, key := range slices.Sorted(maps.Keys(f.Map)) {
			f.checkConstant(s, f.Map[key].Value, strictyaml.Key("map", key), report)
		}
	case f.Equals.Given:
		s.wants("equals", reflect.TypeFor[bool](), report)
		if !scalar(f.Equals.Value) {
			report("equals", say.Both("is not a single value", "is geen enkele waarde"), say.Text{})
		}
	case f.Exists != nil:
		s.wants("exists", reflect.TypeFor[bool](), report)
	case f.Count:
		s.wants("count", reflect.TypeFor[int](), report)
	case f.Date:
		if s.moment() == noMoment {
			report("date", say.Both("the fact is not a date or time", "het feit is geen datum of tijdstip"), say.Both("remove `date`",
				"haal `date` weg"))
		}
	case f.Ago != "":
		if s.moment() == noMoment {
			report("ago", say.Both("the fact is not a date or time", "het feit is geen datum of tijdstip"), say.Both("use `unit` for a number",
				"gebruik `unit` voor een getal"))
		}
	case f.Region != "":
		s.wants("region", reflect.TypeFor[inventory.Location](), report)
	case f.Unit != nil:
		s.wants("unit", reflect.TypeFor[int](), report)
		f.Unit.check(report)
	case f.Pseudo:
		if !s.person() {
			report("pseudonym", say.Both("the fact does not name a person", "het feit noemt geen persoon"), say.Both("remove `pseudonym`",
				"haal `pseudonym` weg"))
		}
	default:
		s.takeable(report)
	}
}

func (f Fact) checkConstant(s shape, value any, key string, report reporter) {
	if value == nil {
		if s.absence == (say.Text{}) {
			report(key, alwaysThere(), say.Both("write what it is, or remove this: the fact is then unknown",
				"schrijf wat het is, of haal dit weg: het feit is dan onbekend"))
		}
		return
	}
	if _, ok := s.constant(value); !ok {
		report(key, say.Both("is not %s", "is niet %s", s.describe()), s.hint(value))
	}
}

// where names the place of a fact for a reason.
func (f Fact) where() string {
	if f.Pointer == nil {
		return "const"
	}
	return f.Pointer.String()
}
