# METADATA
# description: >-
#   Says of a location in which country it lies and whether that is in the EEA. A region wins over a stated country,
#   and a region that nobody knows counts as outside the EEA until the workspace's regions name its country.
package waarborg.lib.geo

import data.waarborg.lib.reference

# place looks a location up. known is false for a region in no table; undecided is true where a person must say: there
# is neither region nor country, a name that is no region, or a territory of unclear standing.
place(location) := country(shipped(location).country) if {
	shipped(location)
} else := country(added(location).country) if {
	added(location)
} else := {"country": null, "known": true, "eea": false, "undecided": true} if special(location)

else := {"country": null, "known": false, "eea": false, "undecided": false} if region(location)

else := country(location.country) if location.country != ""

else := {"country": null, "known": true, "eea": false, "undecided": true}

# country is the place of an ISO 3166-1 alpha-2 code, in capitals or not. What is no country is not in the EEA.
country(code) := {"country": upper(code), "known": true, "eea": true, "undecided": false} if {
	reference.in_eea(upper(code))
} else := {"country": upper(code), "known": true, "eea": false, "undecided": true} if {
	reference.unclear(upper(code))
} else := {"country": upper(code), "known": true, "eea": false, "undecided": false}

# paired is the location of the partner region that a provider copies to by itself. Undefined without a partner.
paired(location) := {"provider": provider(location), "region": entry(location).paired} if is_string(entry(location).paired)

# copy_location is where a copy lies; undefined where there is no copy after all, because the region has no partner.
copy_location(copy) := copy.location if copy.role != "paired"

copy_location(copy) := paired(copy.location) if copy.role == "paired"

# The partner of a region that is in no table cannot be known: the region itself is reported.
copy_location(copy) := copy.location if {
	copy.role == "paired"
	region(copy.location)
	not entry(copy.location)
}

# A pair without a region, or of an added region that says nothing of pairs, is a place that nobody knows.
copy_location(copy) := {} if {
	copy.role == "paired"
	not region(copy.location)
}

copy_location(copy) := {} if {
	copy.role == "paired"
	is_object(entry(copy.location))
	object.get(entry(copy.location), "paired", "unsaid") == "unsaid"
}

# label names a location for people: its region and country, or what is known of these; null for nothing.
label(location) := sprintf("%s (%s)", [region(location), code]) if {
	region(location)
	code := place(location).country
	is_string(code)
} else := region(location) if {
	region(location)
} else := upper(location.country) if location.country != ""

else := null

# finding is what a rule denies of a location that must be in the EEA, or in one of the countries if these are a list.
finding(path, location, eea_only, countries) := {"path": path, "value": label(location), "limit": "EEA"} if {
	eea_only == true
	outside(location)
} else := {"path": path, "value": label(location), "limit": countries, "code": "other_country"} if {
	is_array(countries)
	p := place(location)
	p.known == true
	p.undecided == false
	not p.country in countries
} else := {"path": path, "value": label(location), "limit": "EEA", "code": "unknown_region"} if {
	limited(eea_only, countries)
	place(location).known == false
}

# question is what a person must say of a location before such a rule can pass.
question(path, location) := {"path": path, "value": label(location), "code": "unclear_territory"} if {
	p := place(location)
	p.undecided == true
	is_string(p.country)
} else := {"path": path, "value": label(location), "code": "no_region"} if place(location).undecided == true

# limited holds where something is agreed of places at all.
limited(eea_only, _) if eea_only == true

limited(_, countries) if is_array(countries)

# outside holds for a place in a known country that is not in the EEA.
outside(location) if {
	p := place(location)
	p.known == true
	p.undecided == false
	p.eea == false
}

# The names of a location as the tables write them: lower case without blanks. Undefined where there are none.
region(location) := name if {
	name := replace(lower(location.region), " ", "")
	name != ""
}

provider(location) := lower(location.provider)

shipped(location) := reference.region(provider(location), region(location))

# added is the workspace's own entry; it never overrides a shipped one.
added(location) := data.team_regions[provider(location)][region(location)]

entry(location) := shipped(location) if {
	shipped(location)
} else := added(location)

special(location) if reference.special(provider(location), region(location))
