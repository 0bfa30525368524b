package waarborg.security.intrusion_detection_test

import data.waarborg.security.intrusion_detection

# What meets the agreement; each case below changes some of it.
good := {"ids": "alert", "waf": "detect"}

cases := {
	"both on": {"change": {}, "deny": set()},
	"both at their strictest": {"change": {"ids": "block", "waf": "prevent"}, "deny": set()},
	"detection off": {
		"change": {"ids": "off"},
		"deny": {{"path": "ids", "value": "off", "limit": ["alert", "block"]}},
	},
	"no detection": {
		"change": {"ids": null},
		"deny": {{"path": "ids", "value": null, "limit": ["alert", "block"]}},
	},
	"web application firewall off": {
		"change": {"waf": "off"},
		"deny": {{"path": "waf", "value": "off", "limit": ["detect", "prevent"], "code": "waf"}},
	},
	"no web application": {"change": {"waf": null}, "deny": set()},
}

facts := ["ids", "waf"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := intrusion_detection.deny with input as object.union(good, c.change)
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
		found := intrusion_detection.deny with input as less
		count(found - c.deny) > 0
	}
	wrong == set()
}

test_nothing_known if {
	intrusion_detection.deny == set() with input as {}
}
