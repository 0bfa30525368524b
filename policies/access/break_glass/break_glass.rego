# METADATA
# title: Break-glass accounts expire or are reviewed
# description: An account for emergencies ends by itself within the agreed review period, or was reviewed within
#   that period.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-012
#   kind: grant
#   needs: [expires, last_review]
#   scope: [break_glass]
#   terms: [access.review_days]
#   clauses: [VWO-1.7, BB-LOG-3, BB-DAT-1]
#   gdpr: ["32(1)(b)", "32(1)(d)", "32(4)"]
#   severity: high
#   title_nl: Noodaccounts verlopen of worden gecontroleerd
#   description_nl: Een account voor noodgevallen eindigt vanzelf binnen de afgesproken controletermijn, of is
#     binnen die termijn gecontroleerd.
#   remediation: "Review the account: who can reach its credentials, was it used, is it still needed. Record the
#     date, and rotate its credentials. Better still, give it an end date (Azure: a time-bound assignment;
#     PostgreSQL: VALID UNTIL; Vault: a token with a short life made by several key holders)."
#   remediation_nl: "Controleer het account: wie kan bij de inloggegevens, is het gebruikt, is het nog nodig. Leg de
#     datum vast en vernieuw de inloggegevens. Nog beter: geef het een einddatum (Azure: een tijdelijke toewijzing;
#     PostgreSQL: VALID UNTIL; Vault: een kortlevend token dat meerdere sleutelhouders samen maken)."
#   messages:
#     default:
#       en: "this break-glass account was last reviewed on {value} and does not end soon; agreed: at least every {limit} days"
#       nl: "dit noodaccount is voor het laatst gecontroleerd op {value} en loopt niet binnenkort af; afgesproken: minstens elke {limit} dagen"
#     never:
#       en: "this break-glass account was never reviewed and does not end soon; agreed: at least every {limit} days"
#       nl: "dit noodaccount is nooit gecontroleerd en loopt niet binnenkort af; afgesproken: minstens elke {limit} dagen"
#     future:
#       en: "the date of the last review, {value}, lies after today; correct it"
#       nl: "de datum van de laatste controle, {value}, ligt na vandaag; verbeter die"
package waarborg.access.break_glass

applies if input.break_glass == true

# RFC 3339 dates in UTC sort as text, so that a placeholder such as 0001-01-01 is old and no error.
today := sprintf("%04d-%02d-%02d", time.date(data.now.ns))

due := sprintf("%04d-%02d-%02d", time.date(time.add_date(data.now.ns, 0, 0, 0 - input.terms.access.review_days)))

next_review := sprintf("%04d-%02d-%02d", time.date(time.add_date(data.now.ns, 0, 0, input.terms.access.review_days)))

# An end beyond the next review is as good as none.
stays if is_null(input.expires)

stays if {
	is_string(input.expires)
	substring(input.expires, 0, 10) > next_review
}

deny contains {"path": "last_review", "value": input.last_review, "limit": input.terms.access.review_days} if {
	stays
	is_string(input.last_review)
	input.last_review < due
}

deny contains {"path": "last_review", "value": null, "limit": input.terms.access.review_days, "code": "never"} if {
	stays
	is_null(input.last_review)
}

unsure contains {"path": "last_review", "code": "future", "value": input.last_review} if {
	stays
	is_string(input.last_review)
	substring(input.last_review, 0, 10) > today
}
