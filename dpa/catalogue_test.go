package dpa

import (
	"slices"
	"strings"
	"testing"
)

func TestClauseCounts(t *testing.T) {
	clauses, err := Clauses()
	if err != nil {
		t.Fatal(err)
	}
	parts, kinds, ids := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, c := range clauses {
		parts[c.Part]++
		kinds[c.Kind]++
		if ids[c.ID] {
			t.Errorf("%s is there twice", c.ID)
		}
		ids[c.ID] = true
		if (c.Gap == "") != (c.GapNL == "") {
			t.Errorf("%s: its gap is there in one language only", c.ID)
		}
		if len(c.GDPR) == 0 && c.Kind != Document { // a few clauses of the general terms touch no article
			t.Errorf("%s has no article", c.ID)
		}
		if len(c.Evidence) == 0 {
			t.Errorf("%s says nothing that would prove it", c.ID)
		}
	}
	if len(clauses) != 184 {
		t.Errorf("%d clauses", len(clauses))
	}
	for part, n := range map[string]int{"verwerkersovereenkomst": 46, "bijlage_a": 34, "bijlage_b": 50, "bijlage_c": 4, "algemene_voorwaarden": 50} {
		if parts[part] != n {
			t.Errorf("%d clauses of %s, want %d", parts[part], part, n)
		}
	}
	for kind, n := range map[string]int{PolicyCheck: 63, Workflow: 40, Document: 60, OrganisationalEvidence: 21} {
		if kinds[kind] != n {
			t.Errorf("%d clauses of kind %s, want %d", kinds[kind], kind, n)
		}
	}
	for _, c := range clauses {
		if c.DuplicateOf != "" && !ids[c.DuplicateOf] {
			t.Errorf("%s repeats %s, which does not exist", c.ID, c.DuplicateOf)
		}
	}
}

func TestDuties(t *testing.T) {
	clauses, err := Clauses()
	if err != nil {
		t.Fatal(err)
	}
	duties, err := Duties()
	if err != nil || len(duties) != 47 {
		t.Fatalf("%d duties, %v", len(duties), err)
	}
	ids := map[string]bool{}
	for _, d := range duties {
		if ids[d.ID] {
			t.Errorf("%s is there twice", d.ID)
		}
		ids[d.ID] = true
		for _, ref := range d.Agreement {
			if !slices.ContainsFunc(clauses, func(c Clause) bool { return Glob(ref).Match(c.ID) }) {
				t.Errorf("%s names the clause %s, which does not exist", d.ID, ref)
			}
		}
	}
}

func TestTermCatalogue(t *testing.T) {
	terms, err := Terms()
	if err != nil {
		t.Fatal(err)
	}
	if len(terms) != 49 {
		t.Errorf("%d terms", len(terms))
	}
	for i, s := range terms {
		switch {
		case (s.Type == "enum") != (len(s.Values) > 0):
			t.Errorf("%s: only an enum has values", s.Path)
		case s.Type == "int" && (s.Min >= s.Max || s.Unit == "" || s.UnitNL == "" || s.Stricter != "lower" && s.Stricter != "higher"):
			t.Errorf("%s: a number needs a range, a unit, and which way is stricter", s.Path)
		case s.Type == "bool" && s.Stricter != "true" && s.Stricter != "false":
			t.Errorf("%s: stricter is %s", s.Path, s.Stricter)
		case s.Type == "list" && s.Stricter != "subset", s.Type == "enum" && s.Stricter != "order":
			t.Errorf("%s: stricter is %s", s.Path, s.Stricter)
		}
		for _, other := range terms[i+1:] {
			if s.Path == other.Path || strings.HasPrefix(other.Path, s.Path+".") || strings.HasPrefix(s.Path, other.Path+".") {
				t.Errorf("%s and %s cannot both be in one tree", s.Path, other.Path)
			}
		}
	}
}

func TestFindTerm(t *testing.T) {
	terms, err := Terms()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"password.min_length": true, "retention.customers.tenant_file.days": true,
		"password": false, "password.min_length.x": false, "retention.customers.days": false, "retention..x.days": false,
		"retention.a.b.c.days": false, "retention.*.*.days": true, "": false,
	} {
		if _, ok := terms.Find(path); ok != want {
			t.Errorf("%q: found is %v", path, ok)
		}
	}
}

func TestTermValues(t *testing.T) {
	terms, err := Terms()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		path  string
		value any
		wrong string
	}{
		{"password.min_length", 16, ""},
		{"password.min_length", 0, "0 is not between 1 and 256 characters"},
		{"password.min_length", 257, "257 is not between"},
		{"password.min_length", "16", `"16" is not a whole number of characters`},
		{"password.min_length", 16.5, "16.5 is not a whole number"},
		{"mfa.required", true, ""},
		{"mfa.required", "true", `"true" is not true or false`},
		{"encryption.min_tls", "1.3", ""},
		{"encryption.min_tls", 1.3, "1.3 is not text"},
		{"encryption.min_tls", "1.4", `"1.4" is not one of 1.0, 1.1, 1.2, 1.3`},
		{"access.countries", []any{"NL", "BE"}, ""},
		{"access.countries", []any{}, "a list is not a list of country codes"},
		{"access.countries", "NL", "is not a list of country codes"},
		{"access.countries", []any{"nl"}, `"nl" is not a country code`},
		{"access.countries", []any{7}, "7 is not a country code"},
		{"breach.notify_hours", 73, "73 is not between 1 and 72 hours"},
		{"password.min_length", map[string]any{}, "a set of keys is not"},
	}
	for _, tt := range tests {
		spec, _ := terms.Find(tt.path)
		_, err := spec.Value(tt.value)
		if (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s: %v: %v, want %q", tt.path, tt.value, err, tt.wrong)
		}
	}
}

func TestWeaker(t *testing.T) {
	terms, err := Terms()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		path            string
		strict, lenient any
	}{
		{"password.min_length", 16, 12},
		{"session.max_minutes", 30, 60},
		{"mfa.required", true, false},
		{"tests.live_data_allowed", false, true},
		{"encryption.min_tls", "1.3", "1.2"},
		{"redundancy.min", "region", "none"},
		{"endpoint.removable_media", "blocked", "encrypted"},
		{"access.countries", []any{"NL"}, []any{"NL", "US"}},
		{"retention.a.b.days", 30, 60},
		{"subprocessors.notice_working_days", 30, 20},
	}
	for _, tt := range tests {
		spec, ok := terms.Find(tt.path)
		strict, err1 := spec.Value(tt.strict)
		lenient, err2 := spec.Value(tt.lenient)
		if !ok || err1 != nil || err2 != nil {
			t.Fatal(tt.path, ok, err1, err2)
		}
		if !spec.Weaker(lenient, strict) || spec.Weaker(strict, lenient) || spec.Weaker(strict, strict) {
			t.Errorf("%s: %v must be weaker than %v, and not the other way round", tt.path, lenient, strict)
		}
	}
	spec, _ := terms.Find("access.countries")
	if !spec.Weaker([]string{"BE"}, []string{"NL"}) {
		t.Error("another country is not weaker")
	}
}

func TestGlob(t *testing.T) {
	tests := []struct {
		pattern, s string
		want       bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"a*", "ab/c.d", true}, {"*a", "ba", true}, {"*a*", "bac", true}, {"*", "", true},
		{"a*a", "a", false}, {"a*a", "aa", true}, {"a*b*c", "a1b2c", true}, {"a*b*c", "acb", false}, {"*ab*ab", "ab", false},
		{`x["a"]`, `x["a"]`, true}, {`x["*"]`, `x["a"]`, true}, {"a?", "ab", false}, {"", "", true}, {"**", "x", true},
	}
	for _, tt := range tests {
		if got := Glob(tt.pattern).Match(tt.s); got != tt.want {
			t.Errorf("%q on %q: %v", tt.pattern, tt.s, got)
		}
	}
}

// A pattern made of a text by putting * for pieces of it matches that text.
func FuzzGlob(f *testing.F) {
	f.Add("module.a/b", uint8(2), uint8(5))
	f.Add("aaaa", uint8(0), uint8(1))
	f.Fuzz(func(t *testing.T, s string, from, to uint8) {
		a, b := int(from)%(len(s)+1), int(to)%(len(s)+1)
		if a > b {
			a, b = b, a
		}
		if strings.Contains(s, "*") {
			return
		}
		if !Glob(s).Match(s) || !Glob(s[:a]+"*"+s[b:]).Match(s) || !Glob("*"+s[a:b]+"*").Match(s) {
			t.Errorf("%q with %d to %d cut does not match itself", s, a, b)
		}
		if Glob(s).Match(s + "x") {
			t.Errorf("%q matches more than itself", s)
		}
	})
}

func TestDate(t *testing.T) {
	for text, ok := range map[string]bool{"2024-02-29": true, "2023-02-29": false, "2024-2-1": false, "": false, "2024-01-01T00:00:00Z": false} {
		var d Date
		if err := d.UnmarshalText([]byte(text)); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
	if !Date("").Time().IsZero() || Date("2024-02-29").Time().Day() != 29 {
		t.Error("a date gives the wrong time")
	}
}
