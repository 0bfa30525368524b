# METADATA
# description: Reads the register of sub-processors, which holds Annex C and its announced changes.
package waarborg.lib.register

import data.waarborg.lib.reference

# entry is a party's row, or null where the register has none. An absent id (null) is on no register.
entry(register, id) := object.get(register, id, null)

# admits says whether a row lets a party have a category: it is "named"; its group is "open" wording such as "basic
# information such as …", so that a person must read it; or "no". What nobody classified yet may be anything, so it is
# open too. A category in no catalogue belongs to no group.
admits(row, category) := "named" if {
	category in row.categories
} else := "open" if {
	reference.group(category) in row.open_groups
} else := "open" if {
	reference.group(category) == "unclassified"
} else := "no"

# finding is what a rule denies of a party that has a category.
finding(path, row, category) := {"path": path, "value": category, "limit": row.categories} if admits(row, category) == "no"

# question is what a person must decide of a party that has a category.
question(path, row, category) := {"path": path, "value": category, "code": "open_wording"} if admits(row, category) == "open"
