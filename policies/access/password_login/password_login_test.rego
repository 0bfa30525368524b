package waarborg.access.password_login_test

import data.waarborg.access.password_login

bad := {
	"personal_data": true,
	"engine": "mssql",
	"location": {"provider": "azure", "region": "westeurope"},
	"authentication": {"password_login": true},
}

test_passwords_are_accepted if {
	expected := {{"path": "authentication.password_login", "value": true, "limit": false}}
	every change in [
		{},
		{"engine": "postgresql"},
		{"engine": "mysql", "location": {"provider": "aws"}},
		{"engine": "elasticsearch", "location": {"provider": "elastic"}},
		{"location": {"provider": "gcp"}},
	] {
		password_login.applies with input as object.union(bad, change)
		password_login.deny == expected with input as object.union(bad, change)
	}
}

test_passwords_are_refused if {
	every value in [false, null] {
		password_login.deny == set() with input as object.union(bad, {"authentication": {"password_login": value}})
	}
}

test_unknown_is_not_denied if {
	password_login.deny == set() with input as without(bad, "authentication")
}

test_what_it_is_not_about if {
	every change in [{"personal_data": false}, {"personal_data": null}, {"engine": "blob"}, {"location": {"provider": "own"}}, {"location": null}] {
		not password_login.applies with input as object.union(bad, change)
	}
	own_hardware := object.union(without(bad, "location"), {"location": {"country": "NL"}})
	not password_login.applies with input as own_hardware
	every path in ["personal_data", "engine", "location"] {
		not password_login.applies with input as without(bad, path)
	}
}

# without is the input with one path unknown.
without(facts, path) := {k: v | some k, v in facts; k != path}
