package waarborg.security.session_end_test

import data.waarborg.security.session_end

# What meets the agreement; each case below changes some of it.
good := {"audience": "admin", "session_minutes": 30, "lockout": true, "terms": {"session": {"max_minutes": 30}}}

cases := {
	"exactly the agreed minutes": {"change": {}, "deny": set()},
	"a minute too long": {
		"change": {"session_minutes": 31},
		"deny": {{"path": "session_minutes", "value": 31, "limit": 30}},
	},
	"a session without end": {
		"change": {"session_minutes": null},
		"deny": {{"path": "session_minutes", "value": null, "limit": true, "code": "never"}},
	},
	"no lock": {
		"change": {"lockout": false},
		"deny": {{"path": "lockout", "value": false, "limit": true, "code": "lockout"}},
	},
	"no such setting": {
		"change": {"lockout": null},
		"deny": {{"path": "lockout", "value": null, "limit": true, "code": "lockout"}},
	},
	"no limit agreed": {
		"change": {"session_minutes": 600, "terms": {"session": {"max_minutes": 600}}},
		"deny": set(),
	},
}

facts := ["session_minutes", "lockout", "audience", "terms/session/max_minutes"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := session_end.deny with input as object.union(good, c.change)
		found != c.deny
	}
	wrong == {}
}

# To know less never adds a violation.
test_unknown_is_no_violation if {
	wrong := {[name, path] |
		some name, c in cases
		some path in facts
		less := json.remove(object.union(good, c.change), [path])
		found := session_end.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	session_end.deny == set() with input as {}
	not session_end.applies with input as {}
}

test_applies if {
	session_end.applies with input as good
	session_end.applies with input as object.union(good, {"audience": "staff"})
	not session_end.applies with input as object.union(good, {"audience": "customer"})
	not session_end.applies with input as json.remove(good, ["audience"])
}
