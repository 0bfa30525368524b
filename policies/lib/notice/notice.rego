# METADATA
# description: >-
#   Says whether a sub-processor's row allows its use on the day of assessment: announced with the agreed notice, past the
#   day on which the change takes effect, and without an open objection. Each function is what a rule denies.
package waarborg.lib.notice

early(path, row) := {"path": path, "value": row.effective, "limit": data.now.date} if {
	is_string(row.effective)
	row.effective > data.now.date
}

# Without either date the sub-processor was there from the start: Annex C itself authorises it.
without_day(path, row) := {"path": path, "value": row.announced, "limit": "effective", "code": "not_effective"} if {
	is_string(row.announced)
	object.get(row, "effective", null) == null
}

# Who was engaged by the start of the contract is in its Annex C (VWO-7.3) and needed no announcement.
unannounced(path, row, start) := {"path": path, "value": row.effective, "limit": start, "code": "not_announced"} if {
	engaged_later(row, start)
	object.get(row, "announced", null) == null
}

short(path, row, start, working_days) := {"path": path, "value": days, "limit": working_days, "code": "notice_too_short"} if {
	engaged_later(row, start)
	is_string(row.announced)
	days := (midnight_ns(row.effective) - midnight_ns(row.announced)) / day_ns
	days < fewest_days(working_days)
}

# How many customers object is no business of another customer, so the finding has no number.
objection(path, row) := {"path": path, "code": "objection"} if row.open_objections > 0

engaged_later(row, start) if {
	is_string(row.effective)
	row.effective > start
}

midnight_ns(date) := time.parse_rfc3339_ns(sprintf("%sT00:00:00Z", [date]))

day_ns := 86400000000000

# The fewest calendar days that so many working days can take: two days of a weekend come after each five. This is a sound
# lower bound that knows no holidays: a shorter notice is surely too short, and a longer one may still be. The exact count
# needs the calendar of the workflow for changes of sub-processors.
fewest_days(working_days) := max([0, working_days + (2 * floor((working_days - 1) / 5))])
