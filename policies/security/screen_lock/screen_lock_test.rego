package waarborg.security.screen_lock_test

import data.waarborg.security.screen_lock

# What meets the agreement; each case below changes some of it.
good := {"form": "laptop", "screen_lock_minutes": 10, "terms": {"endpoint": {"screen_lock_minutes": 10}}}

cases := {
	"exactly the agreed minutes": {"change": {}, "deny": set()},
	"a minute too long": {
		"change": {"screen_lock_minutes": 11},
		"deny": {{"path": "screen_lock_minutes", "value": 11, "limit": 10}},
	},
	"never": {
		"change": {"screen_lock_minutes": null},
		"deny": {{"path": "screen_lock_minutes", "value": null, "limit": 10, "code": "never"}},
	},
	"never, written as zero": {
		"change": {"screen_lock_minutes": 0},
		"deny": {{"path": "screen_lock_minutes", "value": null, "limit": 10, "code": "never"}},
	},
}

facts := ["screen_lock_minutes", "form", "terms/endpoint/screen_lock_minutes"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := screen_lock.deny with input as object.union(good, c.change)
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
		found := screen_lock.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	screen_lock.deny == set() with input as {}
	not screen_lock.applies with input as {}
}

test_applies if {
	screen_lock.applies with input as good
	screen_lock.applies with input as object.union(good, {"form": "phone"})
	screen_lock.applies with input as object.union(good, {"form": "desktop"})
	not screen_lock.applies with input as object.union(good, {"form": "server"})
	not screen_lock.applies with input as json.remove(good, ["form"])
}
