package file

import (
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

// TestFacts reads one fact from one item: want is its canonical JSON, or "?" and the code of why it is unknown.
func TestFacts(t *testing.T) {
	for _, c := range []struct{ name, kind, path, fact, value, want string }{
		{"truth", "endpoint", "managed", "{pointer: /v}", `true`, `true`},
		{"truth as text", "endpoint", "managed", "{pointer: /v}", `"true"`, "?malformed"},
		{"truth as number", "endpoint", "managed", "{pointer: /v}", `1`, "?malformed"},
		{"missing", "endpoint", "managed", "{pointer: /w}", `true`, "?not-reported"},
		{"null", "endpoint", "managed", "{pointer: /v}", `null`, "?not-reported"},
		{"null that means absent", "endpoint", "missing_high_since", "{pointer: /v, absent: [null]}", `null`, `null`},
		{"text that means absent", "endpoint", "missing_high_since", `{pointer: /v, absent: [null, "", never]}`, `"never"`, `null`},
		{"missing is not absent", "endpoint", "missing_high_since", "{pointer: /w, absent: [null]}", `null`, "?not-reported"},
		{"number that means absent", "endpoint", "screen_lock_minutes", "{pointer: /v, absent: [0]}", `0.0`, `null`},

		{"number", "endpoint", "screen_lock_minutes", "{pointer: /v}", `5`, `5`},
		{"whole number with a point", "endpoint", "screen_lock_minutes", "{pointer: /v}", `5.0`, `5`},
		{"fraction", "endpoint", "screen_lock_minutes", "{pointer: /v}", `5.5`, "?malformed"},
		{"negative", "endpoint", "screen_lock_minutes", "{pointer: /v}", `-1`, "?malformed"},
		{"number as text", "endpoint", "screen_lock_minutes", "{pointer: /v}", `"5"`, "?malformed"},
		{"too large", "endpoint", "screen_lock_minutes", "{pointer: /v}", `99999999999`, "?malformed"},
		{"huge exponent", "endpoint", "screen_lock_minutes", "{pointer: /v}", `1e999999999`, "?malformed"},

		{"constant", "endpoint", "form", "{const: laptop}", `1`, `"laptop"`},
		{"constant that is absent", "network", "vpn_personal", "{const: null}", `1`, `null`},
		{"constant place", "datastore", "location", "{const: {country: NL}}", `1`, `{"country":"NL"}`},
		{"constant empty list", "datastore", "copies", "{const: []}", `1`, `[]`},

		{"map", "endpoint", "managed", `{pointer: /v, map: {Compliant: true, "*": false}}`, `"Compliant"`, `true`},
		{"map to the rest", "endpoint", "managed", `{pointer: /v, map: {Compliant: true, "*": false}}`, `"compliant"`, `false`},
		{"map without the rest", "endpoint", "managed", `{pointer: /v, map: {Compliant: true}}`, `"other"`, "?malformed"},
		{"map of a number", "datastore", "redundancy", `{pointer: /v, map: {"1": none, "*": zone}}`, `1`, `"none"`},
		{"map of a truth", "network", "ids", `{pointer: /v, map: {"true": alert, "false": "off"}}`, `false`, `"off"`},
		{"map to absent", "network", "waf", `{pointer: /v, map: {none: null}}`, `"none"`, `null`},
		{"map never takes a missing one", "endpoint", "managed", `{pointer: /w, map: {"*": true}}`, `1`, "?not-reported"},
		{"map never takes null", "endpoint", "managed", `{pointer: /v, map: {"*": true}}`, `null`, "?not-reported"},
		{"map of null", "datastore", "network.public", `{pointer: /v, map: {"null": false, "true": true}}`, `null`, `false`},
		{"map of null by its bare word", "datastore", "network.public", `{pointer: /v, map: {null: true}}`, `null`, `true`},
		{"map of null to no elements", "datastore", "network.allowed_ranges", `{pointer: /v, map: {"null": []}}`, `null`, `[]`},
		{"map of null never takes a missing one", "datastore", "network.public", `{pointer: /w, map: {"null": false}}`, `null`, "?not-reported"},
		{"absent before map", "endpoint", "screen_lock_minutes", `{pointer: /v, map: {"null": 5}, absent: [null]}`, `null`, `null`},
		{"map of a list", "endpoint", "managed", `{pointer: /v, map: {"*": true}}`, `[1]`, "?malformed"},

		{"equals", "endpoint", "company_owned", "{pointer: /v, equals: company}", `"company"`, `true`},
		{"not equal", "endpoint", "company_owned", "{pointer: /v, equals: company}", `"Company"`, `false`},
		{"equal numbers", "endpoint", "managed", "{pointer: /v, equals: 2}", `2.0`, `true`},
		{"number is not text", "endpoint", "managed", `{pointer: /v, equals: "2"}`, `2`, `false`},
		{"not false", "repository", "bypass_allowed", "{pointer: /v, equals: false}", `false`, `true`},
		{"equals of a list", "endpoint", "managed", "{pointer: /v, equals: 2}", `[2]`, "?malformed"},
		{"equals of a missing one", "endpoint", "managed", "{pointer: /w, equals: 2}", `2`, "?not-reported"},

		{"exists", "endpoint", "managed", "{pointer: /v, exists: true}", `{}`, `true`},
		{"does not exist", "endpoint", "managed", "{pointer: /w, exists: true}", `1`, `false`},
		{"null does not exist", "endpoint", "managed", "{pointer: /v, exists: true}", `null`, `false`},
		{"there is none", "datastore", "network.public", "{pointer: /v/0, exists: false}", `[]`, `true`},
		{"there is one", "datastore", "network.public", "{pointer: /v/0, exists: false}", `["x"]`, `false`},

		{"count of a list", "deployment", "required_reviewers", "{pointer: /v, count: true}", `[1,2]`, `2`},
		{"count of an object", "deployment", "required_reviewers", "{pointer: /v, count: true}", `{"a":1}`, `1`},
		{"count of text", "deployment", "required_reviewers", "{pointer: /v, count: true}", `"ab"`, "?malformed"},

		{"date", "endpoint", "missing_high_since", "{pointer: /v, date: true}", `"2026-11-01"`, `"2026-11-01"`},
		{"date of a time", "endpoint", "missing_high_since", "{pointer: /v}", `"2026-11-01T00:30:00+01:00"`, `"2026-10-31"`},
		{"time", "endpoint", "antivirus_signatures", "{pointer: /v, date: true}", `"2026-11-01T10:30:00.123+01:00"`, `"2026-11-01T09:30:00Z"`},
		{"time of a date", "endpoint", "antivirus_signatures", "{pointer: /v, date: true}", `"2026-11-01"`, `"2026-11-01T00:00:00Z"`},
		{"no date", "endpoint", "missing_high_since", "{pointer: /v, date: true}", `"01-11-2026"`, "?malformed"},
		{"a date that stands for never", "grant", "expires", "{pointer: /v, date: true}", `"9999-12-31T23:59:59Z"`, "?malformed"},
		{"age in hours", "endpoint", "antivirus_signatures", "{pointer: /v, ago: hours}", `1.5`, `"2026-11-23T08:00:00Z"`},
		{"age in days", "endpoint", "missing_critical_since", "{pointer: /v, ago: days}", `3`, `"2026-11-20"`},
		{"negative age", "endpoint", "missing_critical_since", "{pointer: /v, ago: days}", `-3`, "?malformed"},
		{"endless age", "endpoint", "missing_critical_since", "{pointer: /v, ago: days}", `99999999`, "?malformed"},

		{"region", "datastore", "location", "{pointer: /v, region: azure}", `"West Europe"`, `{"provider":"azure","region":"westeurope"}`},
		{"region of Elastic", "datastore", "location", "{pointer: /v, region: elastic}", `"azure-westeurope"`, `{"provider":"elastic","region":"azure-westeurope"}`},
		{"no region", "datastore", "location", "{pointer: /v, region: azure}", `"jan@example.nl"`, "?malformed"},

		{"a name is no region", "datastore", "location", "{pointer: /v, region: azure}", `"Jan de Boer"`, "?malformed"},

		{"unit", "sign_in", "session_minutes", "{pointer: /v, unit: {from: seconds, to: minutes}}", `28800`, `480`},
		{"unit rounded to the worse side", "sign_in", "session_minutes", "{pointer: /v, unit: {from: seconds, to: minutes}}", `28801`, `481`},
		{"share rounded to the worse side", "service", "uptime_basis_points", "{pointer: /v, unit: {from: percent, to: basis_points}}", `99.4999`, `9949`},
		{"share without rounding", "service", "uptime_basis_points", "{pointer: /v, unit: {from: percent, to: basis_points}}", `99.95`, `9995`},
		{"fraction of one", "service", "uptime_basis_points", "{pointer: /v, unit: {from: fraction, to: basis_points}}", `0.9995`, `9995`},
		{"unit that does not come out whole", "datastore", "backup.retention_days", "{pointer: /v, unit: {from: hours, to: days}}", `25`, "?malformed"},
		{"unit that does", "datastore", "backup.retention_days", "{pointer: /v, unit: {from: hours, to: days}}", `48`, `2`},
		{"unit of text", "sign_in", "session_minutes", "{pointer: /v, unit: {from: seconds, to: minutes}}", `"28800"`, "?malformed"},

		{"word", "datastore", "environment", "{pointer: /v}", `"Production"`, `"production"`},
		{"no such word", "datastore", "environment", "{pointer: /v}", `"jan"`, "?malformed"},
		{"id", "service", "application", "{pointer: /v}", `"customers"`, `"customers"`},
		{"mail address", "service", "application", "{pointer: /v}", `"jan@example.nl"`, "?malformed"},
		{"free text", "service", "application", "{pointer: /v}", `"Jan de Boer"`, "?malformed"},
		{"country", "grant", "country", "{pointer: /v}", `"NL"`, `"NL"`},
		{"no country", "grant", "country", "{pointer: /v}", `"Netherlands"`, "?malformed"},
		{"list in its order", "deployment", "stages", "{pointer: /v}", `["test","acceptance"]`, `["test","acceptance"]`},
		{"list that is sorted", "grant", "rights", "{pointer: /v}", `["write","read","read"]`, `["read","write"]`},
		{"list with a stranger", "grant", "rights", "{pointer: /v}", `["read","fly"]`, "?malformed"},
		{"list with a number", "grant", "rights", "{pointer: /v}", `["read",1]`, "?malformed"},
		{"ranges", "datastore", "network.allowed_ranges", "{pointer: /v}", `["10.1.2.3/8","203.0.113.7"]`, `["10.0.0.0/8","203.0.113.7/32"]`},
		{"no range", "datastore", "network.allowed_ranges", "{pointer: /v}", `["office"]`, "?malformed"},
		{"everybody", "grant", "principal", "{const: public}", `1`, `"public"`},
		{"empty principal", "grant", "principal", "{pointer: /v}", `" "`, "?malformed"},

		{"list position", "endpoint", "managed", "{pointer: /v/1/a}", `[0,{"a":true}]`, `true`},
		{"position with a zero before it", "endpoint", "managed", "{pointer: /v/01}", `[0,true]`, "?not-reported"},
		{"past the end", "endpoint", "managed", "{pointer: /v/2}", `[0,true]`, "?not-reported"},
		{"into a scalar", "endpoint", "managed", "{pointer: /v/a}", `3`, "?not-reported"},
		{"escaped", "endpoint", "managed", "{pointer: /v/a~1b~0c}", `{"a/b~c":true}`, `true`},
	} {
		t.Run(c.name, func(t *testing.T) {
			mapping := "kind: " + c.kind + "\nid: one\nfacts:\n  " + c.path + ": " + c.fact + "\n"
			for _, form := range []string{"x.json", "x.yaml"} { // JSON is YAML, so both readers must agree
				if form == "x.yaml" && (strings.Contains(c.value, "e9999") || c.value == "99999999999") {
					continue // not a number to the reader of YAML
				}
				out := collectFile(t, mapping, form, `{"v": `+c.value+`}`)
				if out.err != nil {
					t.Fatal(form, out.err, out.err.Hint)
				}
				r := out.encoded(t)["one"]
				got := "?" + r.Unknown[c.path].Code
				if got == "?" {
					want := c.want
					steps := strings.Split(c.path, ".")
					for i := len(steps) - 1; i >= 0; i-- {
						want = `{"` + steps[i] + `":` + want + `}`
					}
					if string(r.Attributes) != want {
						t.Errorf("%s: got %s, want %s", form, r.Attributes, want)
					}
					continue
				}
				if got != c.want {
					t.Errorf("%s: got %s, want %s", form, got, c.want)
				}
				if len(out.problems) != 1 {
					t.Errorf("%s: an unknown fact and %d problems", form, len(out.problems))
				}
			}
		})
	}
}

// TestPrincipals: a principal is a pseudonym whether or not the mapping says so.
func TestPrincipals(t *testing.T) {
	for _, fact := range []string{"{pointer: /who}", "{pointer: /who, pseudonym: true}"} {
		mapping := "kind: grant\nid: /id\nid_pseudonym: true\nfacts:\n  principal: " + fact + "\n  path: {pointer: /via}\n"
		out := collectFile(t, mapping, "x.json", `[{"id": "jan@example.nl", "who": "jan@example.nl", "via": ["admins", "piet@example.nl"]}]`)
		if out.err != nil || len(out.drafts) != 1 {
			t.Fatalf("%+v", out)
		}
		names := testEnv(t, nil).Pseudonyms
		g := out.drafts[0].Attributes.(*inventory.Grant)
		if who, _ := g.Principal.Value(); who != names.Token("jan@example.nl") {
			t.Errorf("principal %q", who)
		}
		if via, _ := g.Path.Value(); len(via) != 2 || via[1] != names.Token("piet@example.nl") {
			t.Errorf("path %v", via)
		}
		if d := out.drafts[0]; d.ID != "s/"+names.Token("jan@example.nl") || strings.Contains(d.Name, "jan") {
			t.Errorf("id %s, name %s", d.ID, d.Name)
		}
	}
}

// TestHintsWork: what is advised for an unknown fact makes it known, and absence is spoken of only where it can be said.
func TestHintsWork(t *testing.T) {
	for _, c := range []struct{ name, kind, path, fact, value, want string }{
		{"missing", "datastore", "network.public", "{pointer: /w}", `1`, "the export does not have it; export more, or correct the pointer"},
		{"missing, may be absent", "grant", "expires", "{pointer: /w, absent: [null]}", `1`, "if the key is left out for: never, let the export write null there and list null under `absent`"},
		{"null", "datastore", "network.public", "{pointer: /v}", `null`, "or say by a line \"null\" of `map` what that stands for"},
		{"null, may be absent", "grant", "expires", "{pointer: /v}", `null`, "list null under `absent` if that stands for: never"},
		{"another form", "datastore", "network.public", "{pointer: /v}", `"open"`, "the value has another form than the fact; use `map`, `unit` or `date`"},
		{"another form, may be absent", "grant", "expires", "{pointer: /v}", `"never"`, "or list under `absent` what stands for: never"},
	} {
		t.Run(c.name, func(t *testing.T) {
			mapping := "kind: " + c.kind + "\nid: one\nfacts:\n  " + c.path + ": " + c.fact + "\n"
			out := collectFile(t, mapping, "x.json", `{"v": `+c.value+`}`)
			if len(out.problems) != 1 || !strings.HasSuffix(out.problems[0].Hint.EN, c.want) {
				t.Errorf("want %q in %+v", c.want, out.problems)
			}
		})
	}
}
