package waarborg.security.key_rotation_test

import data.waarborg.security.key_rotation

now := {"ns": 1795435200000000000, "date": "2026-11-23"}

# What meets the agreement; each case below changes some of it.
good := {"rotated_at": "2025-11-23T09:00:00Z", "auto_rotate_days": null, "terms": {"secrets": {"key_rotation_days": 365}}}

cases := {
	"exactly the agreed days ago": {"change": {}, "deny": set()},
	"rotated this summer": {"change": {"rotated_at": "2026-08-01T09:00:00Z"}, "deny": set()},
	"a day too long ago": {
		"change": {"rotated_at": "2025-11-22T23:59:59Z"},
		"deny": {{"path": "rotated_at", "value": "2025-11-22T23:59:59Z", "limit": 365}},
	},
	"rotated three years ago": {
		"change": {"rotated_at": "2023-05-01T09:00:00Z"},
		"deny": {{"path": "rotated_at", "value": "2023-05-01T09:00:00Z", "limit": 365}},
	},
	"late, though a schedule is set": {
		"change": {"rotated_at": "2023-05-01T09:00:00Z", "auto_rotate_days": 90},
		"deny": {{"path": "rotated_at", "value": "2023-05-01T09:00:00Z", "limit": 365}},
	},
	"tomorrow": {
		"change": {"rotated_at": "2026-11-24T00:00:00Z"},
		"deny": {{"path": "rotated_at", "value": "2026-11-24T00:00:00Z", "limit": 365, "code": "future"}},
	},
	"never, and no schedule": {
		"change": {"rotated_at": null},
		"deny": {{"path": "rotated_at", "value": null, "limit": 365, "code": "never"}},
	},
	"new, with a schedule": {"change": {"rotated_at": null, "auto_rotate_days": 365}, "deny": set()},
	"new, with too slow a schedule": {
		"change": {"rotated_at": null, "auto_rotate_days": 366},
		"deny": {{"path": "auto_rotate_days", "value": 366, "limit": 365, "code": "schedule"}},
	},
	"rotated today": {"change": {"rotated_at": "2026-11-23T15:00:00Z"}, "deny": set()},
	"rotated, with a slow schedule": {
		"change": {"rotated_at": "2026-08-01T09:00:00Z", "auto_rotate_days": 366},
		"deny": set(),
	},
}

facts := ["rotated_at", "auto_rotate_days", "terms/secrets/key_rotation_days"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := key_rotation.deny with input as object.union(good, c.change) with data.now as now
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
		found := key_rotation.deny with input as less with data.now as now
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	key_rotation.deny == set() with input as {} with data.now as now
}
