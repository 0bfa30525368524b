package waarborg.security.antivirus_test

import data.waarborg.security.antivirus

now := {"ns": 1795435200000000000, "date": "2026-11-23"}

# What meets the agreement; each case below changes some of it.
good := {"form": "server", "antivirus": true, "antivirus_real_time": true, "antivirus_signatures": "2026-11-22T12:00:00Z", "antivirus_exception_until": null, "terms": {"antivirus": {"signature_hours": 24}}}

cases := {
	"signatures exactly a day old": {"change": {}, "deny": set()},
	"on, with fresh signatures": {"change": {"antivirus_signatures": "2026-11-23T09:00:00Z"}, "deny": set()},
	"off": {
		"change": {"antivirus": false, "antivirus_real_time": false, "antivirus_signatures": null},
		"deny": {{"path": "antivirus", "value": false, "limit": true}},
	},
	"none installed": {
		"change": {"antivirus": null, "antivirus_real_time": null, "antivirus_signatures": null},
		"deny": {{"path": "antivirus", "value": null, "limit": true}},
	},
	"not in real time": {
		"change": {"antivirus_real_time": false},
		"deny": {{"path": "antivirus_real_time", "value": false, "limit": true, "code": "real_time"}},
	},
	"signatures a second too old": {
		"change": {"antivirus_signatures": "2026-11-22T11:59:59Z"},
		"deny": {{"path": "antivirus_signatures", "value": "2026-11-22T11:59:59Z", "limit": 24, "code": "signatures"}},
	},
	"signatures of last month": {
		"change": {"antivirus_signatures": "2026-10-20T08:00:00Z"},
		"deny": {{"path": "antivirus_signatures", "value": "2026-10-20T08:00:00Z", "limit": 24, "code": "signatures"}},
	},
	"clocks differ by an hour": {"change": {"antivirus_signatures": "2026-11-23T13:00:00Z"}, "deny": set()},
	"tomorrow": {
		"change": {"antivirus_signatures": "2026-11-24T12:00:00Z"},
		"deny": {{"path": "antivirus_signatures", "value": "2026-11-24T12:00:00Z", "limit": 24, "code": "future"}},
	},
	"no signatures": {
		"change": {"antivirus_signatures": null},
		"deny": {{"path": "antivirus_signatures", "value": null, "limit": 24, "code": "no_signatures"}},
	},
	"off, by an exception that ends today": {
		"change": {"antivirus": false, "antivirus_real_time": null, "antivirus_signatures": null, "antivirus_exception_until": "2026-11-23"},
		"deny": set(),
	},
	"off, by an exception that ended yesterday": {
		"change": {"antivirus": false, "antivirus_exception_until": "2026-11-22"},
		"deny": {{"path": "antivirus", "value": false, "limit": true}},
	},
	"an exception for all of it": {
		"change": {"antivirus_signatures": "2020-01-01T00:00:00Z", "antivirus_real_time": false, "antivirus_exception_until": "2026-12-24"},
		"deny": set(),
	},
	"an exception, signatures of tomorrow": {
		"change": {"antivirus_signatures": "2026-11-24T13:00:00Z", "antivirus_exception_until": "2026-12-24"},
		"deny": set(),
	},
	"an exception, no signatures": {
		"change": {"antivirus_signatures": null, "antivirus_exception_until": "2026-12-24"},
		"deny": set(),
	},
	"real-time protection does not exist": {
		"change": {"antivirus_real_time": null},
		"deny": {{"path": "antivirus_real_time", "value": null, "limit": true, "code": "real_time"}},
	},
	"off, signatures do not matter (1)": {
		"change": {"antivirus": false, "antivirus_signatures": "2020-01-01T00:00:00Z", "antivirus_real_time": false},
		"deny": {{"path": "antivirus", "value": false, "limit": true}},
	},
	"off, signatures do not matter (2)": {
		"change": {"antivirus": false, "antivirus_signatures": "2026-11-24T13:00:00Z", "antivirus_real_time": false},
		"deny": {{"path": "antivirus", "value": false, "limit": true}},
	},
	"off, signatures do not matter (3)": {
		"change": {"antivirus": null, "antivirus_signatures": "2020-01-01T00:00:00Z", "antivirus_real_time": false},
		"deny": {{"path": "antivirus", "value": null, "limit": true}},
	},
	"off, signatures do not matter (4)": {
		"change": {"antivirus": null, "antivirus_signatures": "2026-11-24T13:00:00Z", "antivirus_real_time": false},
		"deny": {{"path": "antivirus", "value": null, "limit": true}},
	},
}

facts := ["antivirus", "antivirus_real_time", "antivirus_signatures", "antivirus_exception_until", "form", "terms/antivirus/signature_hours"]

test_deny if {
	wrong := {name: found |
		some name, c in cases
		found := antivirus.deny with input as object.union(good, c.change) with data.now as now
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
		found := antivirus.deny with input as less with data.now as now
		count(found - c.deny) > 0
	}
	wrong == set()
}

# 2027-02-21 is 90 days after the day of assessment.
test_long_exception if {
	every until in ["2027-02-22", "2027-02-22T00:00:00Z", "9999-12-31"] {
		every on in [true, false] {
			device := object.union(good, {"antivirus": on, "antivirus_exception_until": until})
			antivirus.deny == set() with input as device with data.now as now
			antivirus.unsure == {{
				"path": "antivirus_exception_until", "value": until,
				"code": "long_exception",
			}} with input as device with data.now as now
		}
	}
}

test_no_long_exception if {
	every until in ["2027-02-21", "2027-02-21T23:59:59Z", "2026-11-23", "2020-01-01", null] {
		antivirus.unsure == set() with input as object.union(good, {"antivirus_exception_until": until}) with data.now as now
	}
	antivirus.unsure == set() with input as json.remove(good, ["antivirus_exception_until"]) with data.now as now
}

test_nothing_known if {
	antivirus.deny == set() with input as {} with data.now as now
	antivirus.unsure == set() with input as {} with data.now as now
	not antivirus.applies with input as {}
}

test_applies if {
	antivirus.applies with input as good
	antivirus.applies with input as object.union(good, {"form": "laptop"})
	antivirus.applies with input as object.union(good, {"form": "desktop"})
	not antivirus.applies with input as object.union(good, {"form": "phone"})
	not antivirus.applies with input as json.remove(good, ["form"])
}
