# METADATA
# title: Rights to personal data are reviewed in time
# description: Each right to personal data was reviewed within the agreed number of days.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-007
#   kind: grant
#   needs: [last_review]
#   scope: [personal_data]
#   terms: [access.review_days]
#   clauses: [VWO-1.7, BB-DAT-1]
#   gdpr: ["32(1)(d)", "32(4)"]
#   severity: medium
#   title_nl: Rechten op persoonsgegevens worden op tijd gecontroleerd
#   description_nl: Elk recht op persoonsgegevens is binnen het afgesproken aantal dagen gecontroleerd.
#   remediation: "Hold a review: the owner of the data confirms or withdraws each right, and the date is recorded
#     (access.yaml, or an Entra access review). The approval of a new right counts as its first review."
#   remediation_nl: "Voer een controle uit: de eigenaar van de gegevens bevestigt elk recht of trekt het in, en de datum
#     wordt vastgelegd (access.yaml, of een toegangsbeoordeling in Entra). De goedkeuring van een nieuw recht telt
#     als eerste controle."
#   messages:
#     default:
#       en: "this right was last reviewed on {value}; agreed: at least every {limit} days"
#       nl: "dit recht is voor het laatst gecontroleerd op {value}; afgesproken: minstens elke {limit} dagen"
#     never:
#       en: "this right was never reviewed; agreed: at least every {limit} days"
#       nl: "dit recht is nooit gecontroleerd; afgesproken: minstens elke {limit} dagen"
#     future:
#       en: "the date of the last review, {value}, lies after today; correct it"
#       nl: "de datum van de laatste controle, {value}, ligt na vandaag; verbeter die"
package waarborg.access.reviewed

applies if input.personal_data == true

# RFC 3339 dates in UTC sort as text, so that a placeholder such as 0001-01-01 is old and no error.
today := sprintf("%04d-%02d-%02d", time.date(data.now.ns))

due := sprintf("%04d-%02d-%02d", time.date(time.add_date(data.now.ns, 0, 0, 0 - input.terms.access.review_days)))

deny contains {"path": "last_review", "value": input.last_review, "limit": input.terms.access.review_days} if {
	is_string(input.last_review)
	input.last_review < due
}

deny contains {"path": "last_review", "value": null, "limit": input.terms.access.review_days, "code": "never"} if {
	is_null(input.last_review)
}

# A review still to come proves nothing, nor does a text that is no date.
unsure contains {"path": "last_review", "code": "future", "value": input.last_review} if {
	is_string(input.last_review)
	substring(input.last_review, 0, 10) > today
}
