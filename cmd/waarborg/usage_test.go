package main

import (
	"errors"
	"testing"

	"waarborg/internal/say"
)

// TestUsageErrors: the library's own words stay in English, get Dutch, and one that is new to us is shown as it is.
func TestUsageErrors(t *testing.T) {
	for en, nl := range map[string]string{
		"flag needs an argument: 'o' in -o":                                       "achter optie 'o' in -o hoort een waarde",
		"bad flag syntax: --=x":                                                   "optie verkeerd geschreven: --=x",
		`required flag(s) "as", "until" not set`:                                  `verplichte optie ontbreekt: "as", "until"`,
		"accepts 1 arg(s), received 0":                                            "1 argument, het zijn er 0",
		"unknown command \"x\" for \"y\"\n\nDid you mean this?\n\tz\n":            "onbekend commando \"x\" bij \"y\"\n\nBedoelt u dit?\n\tz\n",
		`invalid argument "x" for "--a, -b" flag: strconv.ParseBool: parsing "x"`: `waarde "x" past niet bij optie "--a, -b"`,
		"something else": "something else",
	} {
		err := usageError(errors.New(en), say.Text{})
		if msg, _, ok := say.In(err, "nl"); msg != nl || !ok {
			t.Errorf("%q: %q, want %q", en, msg, nl)
		}
		if msg, _, _ := say.In(err, "en"); msg != en {
			t.Errorf("%q became %q", en, msg)
		}
	}
}
