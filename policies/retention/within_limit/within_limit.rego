# METADATA
# title: No data are kept beyond the agreed limit
# description: The oldest record of each class is no older than the agreed retention limit, counted from the event
#   that starts the term.
# schemas:
#   - input: schema.dataset
# custom:
#   id: RET-002
#   kind: dataset
#   needs: [application, class, oldest]
#   terms: ["retention?"]
#   clauses: [BA-3, VWO-1.5]
#   gdpr: ["5(1)(e)", "28(3)(a)", "28(3)(g)"]
#   severity: critical
#   title_nl: Gegevens worden niet langer bewaard dan afgesproken
#   description_nl: Het oudste gegeven van elke soort is niet ouder dan de afgesproken bewaartermijn, geteld vanaf
#     de gebeurtenis die de termijn start.
#   remediation: "Delete or anonymise the records whose term has passed, find out why the clean-up job missed them,
#     and look for the same records in search indices, files and exports. PostgreSQL: a scheduled delete by the
#     trigger column. Elastic: a delete phase in the lifecycle policy. Where a law asks for longer storage, record
#     that ground as a waiver with an end date."
#   remediation_nl: "Wis of anonimiseer de gegevens waarvan de termijn voorbij is, zoek uit waarom de opschoontaak
#     ze miste, en zoek dezelfde gegevens in zoekindexen, bestanden en exports. PostgreSQL: een geplande delete op
#     de kolom die de termijn start. Elastic: een delete-fase in het lifecycle-beleid. Eist een wet langer bewaren,
#     leg die grond dan vast als uitzondering met einddatum."
#   messages:
#     default:
#       en: "the term of the oldest record started on {value}; agreed: kept at most {limit} days"
#       nl: "de termijn van het oudste gegeven begon op {value}; afgesproken: hoogstens {limit} dagen bewaren"
#     no_limit:
#       en: "no retention limit is agreed for these data, the oldest of {value}; the controller must set it"
#       nl: "voor deze gegevens, de oudste van {value}, is geen bewaartermijn afgesproken; de verwerkingsverantwoordelijke moet die bepalen"
#     no_date:
#       en: "the date of the oldest record, {value}, is no date; correct it at the source"
#       nl: "de datum van het oudste gegeven, {value}, is geen datum; verbeter die bij de bron"
package waarborg.retention.within_limit

days := input.terms.retention[input.application][input.class].days

agreed if is_number(days)

# RFC 3339 dates in UTC sort as text, so that a placeholder such as 0001-01-01 is old and no error. A date in the future
# is of a term that has not started, such as the agreed end of a tenancy.
first_day := sprintf("%04d-%02d-%02d", time.date(time.add_date(data.now.ns, 0, 0, 0 - days))) if agreed

# A date of another form, such as 31-12-2024, would sort wrongly.
is_date if [substring(input.oldest, 4, 1), substring(input.oldest, 7, 1)] == ["-", "-"]

deny contains {"path": "oldest", "value": input.oldest, "limit": days} if {
	is_string(input.oldest)
	is_date
	input.oldest < first_day
}

unsure contains {"path": "oldest", "code": "no_limit", "value": input.oldest} if {
	is_string(input.oldest)
	input.application
	input.class
	not agreed
}

unsure contains {"path": "oldest", "code": "no_date", "value": input.oldest} if {
	is_string(input.oldest)
	not is_date
}
