package waarborg.security.customer_sign_in_test

import data.waarborg.security.customer_sign_in

# What meets the agreement; each case below changes some of it.
good := {"audience": "customer", "password": {"none": false, "min_length": 16, "max_age_days": 365}, "mfa": {"required": true}, "session_minutes": 30, "terms": {"password": {"min_length": 16, "max_age_days": 365}, "mfa": {"required": true}, "session": {"max_minutes": 30}}}

cases := {
	"as strict as the processor's own": {"change": {}, "deny": set(), "unsure": set()},
	"a password that is never changed": {
		"change": {"password": {"max_age_days": null}},
		"deny": {{"path": "password.max_age_days", "value": null, "limit": 365, "code": "no_change"}},
		"unsure": set(),
	},
	"changed a day too late": {
		"change": {"password": {"max_age_days": 366}},
		"deny": {{"path": "password.max_age_days", "value": 366, "limit": 365}},
		"unsure": set(),
	},
	"a short password": {
		"change": {"password": {"min_length": 15}},
		"deny": set(),
		"unsure": {{"path": "password.min_length", "code": "length", "value": 15}},
	},
	"no length": {
		"change": {"password": {"min_length": null}},
		"deny": set(),
		"unsure": {{"path": "password.min_length", "code": "no_length", "value": null}},
	},
	"no second factor": {
		"change": {"mfa": {"required": false}},
		"deny": set(),
		"unsure": {{"path": "mfa.required", "code": "mfa", "value": false}},
	},
	"a long session": {
		"change": {"session_minutes": 31},
		"deny": set(),
		"unsure": {{"path": "session_minutes", "code": "session", "value": 31}},
	},
	"a session without end": {
		"change": {"session_minutes": null},
		"deny": set(),
		"unsure": {{"path": "session_minutes", "code": "endless", "value": null}},
	},
	"single sign-on without passwords": {
		"change": {"password": {"none": true, "min_length": null, "max_age_days": null}},
		"deny": set(),
		"unsure": set(),
	},
	"a second factor that does not exist": {
		"change": {"mfa": {"required": null}},
		"deny": set(),
		"unsure": {{"path": "mfa.required", "code": "mfa", "value": null}},
	},
	"a second factor that nobody asks of staff": {
		"change": {"mfa": {"required": false}, "terms": {"mfa": {"required": false}}},
		"deny": set(),
		"unsure": set(),
	},
	"no word about going without passwords": {
		"change": {"password": {"none": null, "min_length": 8, "max_age_days": 400}},
		"deny": {{"path": "password.max_age_days", "value": 400, "limit": 365}},
		"unsure": {{"path": "password.min_length", "code": "length", "value": 8}},
	},
	"old rules left after passwords went": {
		"change": {"password": {"none": true, "min_length": 8, "max_age_days": 400}},
		"deny": set(),
		"unsure": set(),
	},
}

facts := ["password/none", "password/min_length", "password/max_age_days", "mfa/required", "session_minutes", "audience", "terms/password/min_length", "terms/password/max_age_days", "terms/mfa/required", "terms/session/max_minutes"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := customer_sign_in.deny with input as object.union(good, c.change)
		found != c.deny
	}
	wrong == {}
}

test_unsure if {
	wrong := {name: found |
		some name, c in cases
		found := customer_sign_in.unsure with input as object.union(good, c.change)
		found != c.unsure
	}
	wrong == {}
}

# To know less never adds a violation.
test_unknown_is_no_violation if {
	wrong := {[name, path] |
		some name, c in cases
		some path in facts
		less := json.remove(object.union(good, c.change), [path])
		found := customer_sign_in.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	customer_sign_in.deny == set() with input as {}
	customer_sign_in.unsure == set() with input as {}
	not customer_sign_in.applies with input as {}
}

test_applies if {
	customer_sign_in.applies with input as good
	not customer_sign_in.applies with input as object.union(good, {"audience": "staff"})
	not customer_sign_in.applies with input as json.remove(good, ["audience"])
}
