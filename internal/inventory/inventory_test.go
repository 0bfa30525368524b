package inventory

import (
	"bytes"
	"encoding/json/v2"
	"strings"
	"testing"
	"time"
)

func TestEncodeThreeValues(t *testing.T) {
	d := Draft{ID: "s/a", Name: "a", Attributes: &Datastore{
		Engine:         Known("blob"),
		LogSinks:       Known[[]Sink](nil),
		DataCategories: Partial([]string{"iban"}, AfterApply, "tags"),
		Retention:      Retention{AutomaticDays: Absent[int]()},
		Encryption:     Encryption{MinTLS: Unknown[string](Permission, "reader"), AtRest: Known(true)},
	}, Provenance: Provenance{Source: "s", At: time.Unix(1, 5)}}
	r, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"data_categories":["iban"],"encryption":{"at_rest":true},"engine":"blob","log_sinks":[],"retention":{"automatic_days":null}}`
	if string(r.Attributes) != want {
		t.Errorf("attributes\n got %s\nwant %s", r.Attributes, want)
	}
	if len(r.Unknown) != 2 || r.Unknown["encryption.min_tls"] != (Reason{Permission, "reader"}) || r.Unknown["data_categories"].Code != AfterApply {
		t.Errorf("unknown: %v", r.Unknown)
	}
	if !r.Provenance.At.Equal(time.Unix(1, 0)) {
		t.Errorf("time is not cut to the second: %v", r.Provenance.At)
	}
}

func TestZeroFactIsUnknown(t *testing.T) {
	var f Fact[bool]
	if !f.IsUnknown() || f.IsAbsent() || f.IsSet() || f.Reason().Code != NotReported {
		t.Errorf("a zero fact must be unknown: %+v", f)
	}
	if _, ok := f.Value(); ok {
		t.Error("a zero fact has a value")
	}
}

func TestEncodeAllRefusesTwoOfOneID(t *testing.T) {
	two := []Draft{{ID: "x", Attributes: &Flow{}}, {ID: "x", Attributes: &Flow{}}}
	if _, err := EncodeAll(two); err == nil {
		t.Fatal("a duplicate id was accepted")
	}
}

func TestPathsOfEveryKind(t *testing.T) {
	for _, k := range Kinds() {
		paths := Paths(k)
		if len(paths) == 0 {
			t.Errorf("%s has no attributes", k.Kind())
		}
		for i, p := range paths {
			if p == "" || bytes.HasSuffix([]byte(p), []byte(".")) || i > 0 && p == paths[i-1] {
				t.Errorf("%s: bad or double path %q: every field needs a json name", k.Kind(), p)
			}
		}
	}
}

func TestPseudonyms(t *testing.T) {
	key := bytes.Repeat([]byte{7}, PseudonymKeySize)
	p, err := NewPseudonyms(key)
	if err != nil {
		t.Fatal(err)
	}
	a := p.Token("Anna.de.Vries@example.nl")
	if b := p.Token(" anna.de.vries@EXAMPLE.nl "); a != b {
		t.Errorf("one person, two tokens: %s %s", a, b)
	}
	if c := p.Token("bert"); a == c {
		t.Error("two people, one token")
	}
	again, _ := NewPseudonyms(key)
	again.Token("anna.de.vries@example.nl")
	if again.Sealed()[a] != p.Sealed()[a] {
		t.Error("the same key and name give different bytes")
	}
	if name, err := p.Reveal(a, p.Sealed()[a]); err != nil || name != "anna.de.vries@example.nl" {
		t.Errorf("Reveal: %q, %v", name, err)
	}
	other, _ := NewPseudonyms(bytes.Repeat([]byte{8}, PseudonymKeySize))
	if _, err := other.Reveal(a, p.Sealed()[a]); err != ErrOtherKey {
		t.Errorf("another key revealed it: %v", err)
	}
	if _, err := p.Reveal("p-other", p.Sealed()[a]); err != ErrOtherKey {
		t.Error("a name was revealed under another token")
	}
}

func TestFillTakesOnlyWhatIsWhollyUnknown(t *testing.T) {
	live := Draft{ID: "pg/crm", Attributes: &Datastore{Engine: Known("postgresql"), Copies: Partial([]Copy{{Role: "replica"}}, NotReported, ""),
		Encryption: Encryption{TLSRequired: Known(false)}, Provider: Unknown[string](Permission, "x")}}
	plan := Draft{ID: "azure/db", Attributes: &Datastore{Engine: Known("other"), Copies: Known([]Copy{}), Provider: Known("azure"),
		Encryption: Encryption{TLSRequired: Known(true), AtRest: Known(true)}, Redundancy: Partial("zone", AfterApply, "")}}
	live.Fill(plan)
	a := live.Attributes.(*Datastore)
	if v, _ := a.Engine.Value(); v != "postgresql" {
		t.Errorf("a known fact was replaced by %q", v)
	}
	if v, _ := a.Encryption.TLSRequired.Value(); v {
		t.Error("a violation that was seen live was covered up")
	}
	if !a.Copies.IsUnknown() {
		t.Error("a partly known list was replaced")
	}
	if v, ok := a.Encryption.AtRest.Value(); !ok || !v {
		t.Error("encryption at rest was not taken over")
	}
	if v, _ := a.Provider.Value(); v != "azure" {
		t.Error("a fact that may not be read was not taken over")
	}
	if !a.Redundancy.IsUnknown() {
		t.Error("a partly known fact was taken over")
	}
	if got := live.Provenance.Filled; len(got) != 2 || got["encryption.at_rest"] != "azure/db" || got["provider"] != "azure/db" {
		t.Errorf("filled: %v", got)
	}
}

// TestAbsentOnlyWithAMeaning makes every fact of every kind absent: null stands in the attributes only where absence
// has a meaning; elsewhere the fact is unknown, so that no rule takes it for the good answer.
func TestAbsentOnlyWithAMeaning(t *testing.T) {
	for _, a := range Kinds() {
		for _, path := range Paths(a) {
			if err := SetAbsent(a, path); err != nil {
				t.Fatal(err)
			}
		}
		r, err := Draft{ID: "x", Attributes: a}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		var facts map[string]any
		if err := json.Unmarshal(r.Attributes, &facts); err != nil {
			t.Fatal(err)
		}
		for _, path := range Paths(a) {
			meaning, may := MayBeAbsent(a, path)
			_, there := at(facts, path)
			switch reason, unknown := r.Unknown[path]; {
			case may && (!there || unknown || strings.TrimSpace(meaning.EN) == "" || strings.TrimSpace(meaning.NL) == "" || meaning.EN == meaning.NL):
				t.Errorf("%s %s may be absent (%+v): in the attributes %v, unknown %v", a.Kind(), path, meaning, there, unknown)
			case !may && (there || reason != Reason{Malformed, "absent"}):
				t.Errorf("%s %s is always there: in the attributes %v, unknown for %v", a.Kind(), path, there, reason)
			}
		}
	}
}

// at looks a dotted path up in decoded attributes.
func at(tree map[string]any, path string) (value any, there bool) {
	step, rest, nested := strings.Cut(path, ".")
	value, there = tree[step]
	if sub, ok := value.(map[string]any); ok && nested {
		return at(sub, rest)
	}
	return value, there && !nested
}

func TestMayBeAbsent(t *testing.T) {
	for _, c := range []struct {
		of   Attributes
		path string
		want string
	}{
		{&Grant{}, "expires", "never"},
		{&Datastore{}, "retention.automatic_days", "never deletes"},
		{&SignIn{}, "password.min_length", "no minimum"},
		{&Datastore{}, "network.public", ""},
		{&Datastore{}, "network.anonymous", ""},
		{&Datastore{}, "authentication.shared_key", ""},
		{&Datastore{}, "data_categories", ""},
		{&Network{}, "admin_ports_open", ""},
		{&SecretStore{}, "root_tokens", ""},
		{&Grant{}, "left", ""},
		{&Datastore{}, "retention", ""},
		{&Grant{}, "expires.", ""},
		{&Grant{}, "nothing", ""},
		{&Grant{}, "", ""},
	} {
		if meaning, ok := MayBeAbsent(c.of, c.path); meaning.EN != c.want || ok != (c.want != "") {
			t.Errorf("%s %q: %+v %v, want %q", c.of.Kind(), c.path, meaning, ok, c.want)
		}
	}
}
