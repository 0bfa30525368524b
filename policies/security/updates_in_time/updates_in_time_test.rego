package waarborg.security.updates_in_time_test

import data.waarborg.security.updates_in_time

now := {"ns": 1795435200000000000, "date": "2026-11-23"}

# What meets the agreement; each case below changes some of it.
good := {"missing_critical_since": null, "missing_high_since": null, "terms": {"patch": {"critical_days": 7, "high_days": 30}}}

cases := {
	"nothing missing": {"change": {}, "deny": set()},
	"open, both on the last day": {
		"change": {"missing_critical_since": "2026-11-16", "missing_high_since": "2026-10-24"},
		"deny": set(),
	},
	"a critical one a day too long": {
		"change": {"missing_critical_since": "2026-11-15"},
		"deny": {{"path": "missing_critical_since", "value": "2026-11-15", "limit": 7}},
	},
	"a high one a day too long": {
		"change": {"missing_high_since": "2026-10-23"},
		"deny": {{"path": "missing_high_since", "value": "2026-10-23", "limit": 30, "code": "high"}},
	},
	"both open since the summer": {
		"change": {"missing_critical_since": "2026-07-01", "missing_high_since": "2026-07-01"},
		"deny": {
			{"path": "missing_critical_since", "value": "2026-07-01", "limit": 7},
			{"path": "missing_high_since", "value": "2026-07-01", "limit": 30, "code": "high"},
		},
	},
	"found today, as a time": {"change": {"missing_critical_since": "2026-11-23T08:00:00Z"}, "deny": set()},
}

facts := ["missing_critical_since", "missing_high_since", "terms/patch/critical_days", "terms/patch/high_days"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := updates_in_time.deny with input as object.union(good, c.change) with data.now as now
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
		found := updates_in_time.deny with input as less with data.now as now
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	updates_in_time.deny == set() with input as {} with data.now as now
}
