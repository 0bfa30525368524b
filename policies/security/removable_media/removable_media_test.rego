package waarborg.security.removable_media_test

import data.waarborg.security.removable_media

# What meets the agreement; each case below changes some of it.
good := {"form": "laptop", "removable_media": "encrypted", "terms": {"endpoint": {"removable_media": "encrypted"}}}

cases := {
	"encrypted": {"change": {}, "deny": set()},
	"blocked": {"change": {"removable_media": "blocked"}, "deny": set()},
	"open": {
		"change": {"removable_media": "open"},
		"deny": {{"path": "removable_media", "value": "open", "limit": "encrypted", "code": "encrypted"}},
	},
	"nothing set": {
		"change": {"removable_media": null},
		"deny": {{"path": "removable_media", "value": "open", "limit": "encrypted", "code": "encrypted"}},
	},
	"blocking agreed": {
		"change": {"terms": {"endpoint": {"removable_media": "blocked"}}},
		"deny": {{"path": "removable_media", "value": "encrypted", "limit": "blocked", "code": "blocked"}},
	},
	"an unheard-of level": {
		"change": {"removable_media": "ask"},
		"deny": {{"path": "removable_media", "value": "ask", "limit": "encrypted"}},
	},
}

facts := ["removable_media", "form", "terms/endpoint/removable_media"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := removable_media.deny with input as object.union(good, c.change)
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
		found := removable_media.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	removable_media.deny == set() with input as {}
	not removable_media.applies with input as {}
}

test_applies if {
	removable_media.applies with input as good
	removable_media.applies with input as object.union(good, {"form": "desktop"})
	not removable_media.applies with input as object.union(good, {"form": "server"})
	not removable_media.applies with input as object.union(good, {"form": "phone"})
	not removable_media.applies with input as json.remove(good, ["form"])
}
