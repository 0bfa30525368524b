package dpa

import (
	"strings"
	"testing"

	"waarborg/internal/strictyaml"
)

func TestContact(t *testing.T) {
	for text, want := range map[string]string{
		"fg@example.nl": "fg@example.nl", "fg@example.nl,+31 50 123 45 67": "fg@example.nl, +31 50 123 45 67", "050-1234567": "050-1234567",
		"https://example.nl/privacy": "https://example.nl/privacy", "+31 (0)50 123.45.67": "+31 (0)50 123.45.67",
		"": "", "Jan Jansen": "", "Jan Jansen <jan@example.nl>": "", "none": "", "fg@example.nl,": "", "fg@example.nl, Jan": "", "12": "",
		"ftp://example.nl": "", "https://user:pw@example.nl": "", "example.nl": "", "@": "",
		strings.Repeat("a@example.nl, ", 20) + "b@example.nl": "",
	} {
		var c Contact
		err := c.UnmarshalText([]byte(text))
		if string(c) != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v", text, c, err)
		}
	}
}

func TestOfficerAndRepresentative(t *testing.T) {
	type file struct {
		DPO            Officer         `yaml:"dpo"`
		Representative *Representative `yaml:"representative"`
	}
	for text, want := range map[string]string{
		"dpo: none":                            "",
		"dpo: fg@example.nl":                   "",
		"dpo: None":                            "is not an e-mail address",
		"representative: {not_needed: a ship}": "",
		"representative: {name: R, contact: 0501234567x}":                 "is not an e-mail address",
		"representative: {name: R, contact: r@r.example}":                 "",
		"representative: {name: R}":                                       "a name and a contact, or a reason",
		"representative: {}":                                              "a name and a contact, or a reason",
		"representative: {postal_address: x, not_needed: y}":              "a name and a contact, or a reason",
		"representative: {name: R, contact: r@r.example, not_needed: y}":  "a name and a contact, or a reason",
		"representative: {name: R, contact: r@r.example, person: Jansen}": "this key is not known here",
		"representative: none":                                            "keys with values",
	} {
		var f file
		problems := strictyaml.Decode("x.yaml", []byte(text+"\n"), &f)
		switch {
		case want == "" && len(problems) > 0:
			t.Errorf("%s: %s", text, problems[0])
		case want != "" && (len(problems) != 1 || !strings.Contains(problems[0].String(), want)):
			t.Errorf("%s: %v, want %q", text, problems, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	r := testReference(t)
	for _, c := range []struct {
		l          Location
		country    string
		eea, known bool
		label      string
	}{
		{Location{Country: "NL"}, "NL", true, true, "Nederland (NL)"},
		{Location{Country: "RE"}, "RE", true, true, "Réunion (RE)"},
		{Location{Country: "US"}, "US", false, true, "Verenigde Staten (US)"},
		{Location{Country: "GI"}, "GI", false, false, "Gibraltar (GI)"},
		{Location{Provider: "Azure", Region: "UK South"}, "GB", false, true, "Verenigd Koninkrijk (GB), UK South"},
		{Location{Provider: "azure", Region: "westeurope"}, "NL", true, true, "Nederland (NL), westeurope"}, // not the workspace's
		{Location{Provider: "ours", Region: "attic"}, "GB", false, true, "Verenigd Koninkrijk (GB), attic"},
		{Location{Provider: "azure", Region: "global"}, "", false, false, "global"},
		{Location{Provider: "nobody", Region: "westeurope"}, "", false, false, "westeurope"},
		{Location{}, "", false, false, ""},
	} {
		p := r.place(c.l, "nl")
		if p.country != c.country || p.eea != c.eea || p.known != c.known || p.label != c.label {
			t.Errorf("%+v: %+v", c.l, p)
		}
	}
}
