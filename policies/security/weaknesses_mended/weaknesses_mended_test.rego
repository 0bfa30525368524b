package waarborg.security.weaknesses_mended_test

import data.waarborg.security.weaknesses_mended

now := {"ns": 1795435200000000000, "date": "2026-11-23"}

# What meets the agreement; each case below changes some of it.
good := {"oldest_critical": null, "oldest_high": null, "terms": {"vulnerability": {"critical_days": 7, "high_days": 30}}}

cases := {
	"nothing open": {"change": {}, "deny": set()},
	"open, both on the last day": {
		"change": {"oldest_critical": "2026-11-16", "oldest_high": "2026-10-24"},
		"deny": set(),
	},
	"a critical one a day too long": {
		"change": {"oldest_critical": "2026-11-15"},
		"deny": {{"path": "oldest_critical", "value": "2026-11-15", "limit": 7}},
	},
	"a high one a day too long": {
		"change": {"oldest_high": "2026-10-23"},
		"deny": {{"path": "oldest_high", "value": "2026-10-23", "limit": 30, "code": "high"}},
	},
	"both open since the summer": {
		"change": {"oldest_critical": "2026-07-01", "oldest_high": "2026-07-01"},
		"deny": {
			{"path": "oldest_critical", "value": "2026-07-01", "limit": 7},
			{"path": "oldest_high", "value": "2026-07-01", "limit": 30, "code": "high"},
		},
	},
	"found today, as a time": {"change": {"oldest_critical": "2026-11-23T08:00:00Z"}, "deny": set()},
}

facts := ["oldest_critical", "oldest_high", "terms/vulnerability/critical_days", "terms/vulnerability/high_days"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := weaknesses_mended.deny with input as object.union(good, c.change) with data.now as now
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
		found := weaknesses_mended.deny with input as less with data.now as now
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	weaknesses_mended.deny == set() with input as {} with data.now as now
}
