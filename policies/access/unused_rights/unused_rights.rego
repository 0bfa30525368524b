# METADATA
# title: Rights that nobody uses are taken away
# description: Rights to personal data that were not used for the agreed number of days are gone. Break-glass
#   accounts are meant to lie unused.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-008
#   kind: grant
#   needs: [last_used]
#   scope: [personal_data, break_glass]
#   terms: [access.unused_days]
#   clauses: [VWO-1.7]
#   gdpr: ["28(3)(b)", "32(1)(b)", "32(4)"]
#   severity: medium
#   title_nl: Rechten die niemand gebruikt, worden ingetrokken
#   description_nl: Rechten op persoonsgegevens die het afgesproken aantal dagen niet zijn gebruikt, zijn weg.
#     Noodaccounts horen ongebruikt te blijven.
#   remediation: "Take the right away; it can be given again when it is needed. Azure: delete the role assignment or
#     make it eligible. PostgreSQL: REVOKE, or ALTER ROLE … NOLOGIN. Vault: delete the role or the entity's policy.
#     Elastic: invalidate the API key or remove the user."
#   remediation_nl: "Trek het recht in; het kan opnieuw worden gegeven als het nodig is. Azure: verwijder de
#     roltoewijzing of maak er een recht op aanvraag van (eligible). PostgreSQL: REVOKE, of ALTER ROLE … NOLOGIN. Vault:
#     verwijder de rol of de policy van de entiteit. Elastic: maak de API-sleutel ongeldig of verwijder de
#     gebruiker."
#   messages:
#     default:
#       en: "this right was last used on {value}; agreed: unused rights go after {limit} days"
#       nl: "dit recht is voor het laatst gebruikt op {value}; afgesproken: ongebruikte rechten vervallen na {limit} dagen"
#     never:
#       en: "this right was never used; agreed: unused rights go after {limit} days"
#       nl: "dit recht is nooit gebruikt; afgesproken: ongebruikte rechten vervallen na {limit} dagen"
#     future:
#       en: "the time of the last use, {value}, lies after today; check the source"
#       nl: "het tijdstip van het laatste gebruik, {value}, ligt na vandaag; controleer de bron"
package waarborg.access.unused_rights

applies if {
	input.personal_data == true
	input.break_glass != true
}

# RFC 3339 times in UTC sort as text, so that a placeholder such as 0001-01-01 is old and no error.
today := sprintf("%04d-%02d-%02d", time.date(data.now.ns))

oldest_use := sprintf("%04d-%02d-%02d", time.date(time.add_date(data.now.ns, 0, 0, 0 - input.terms.access.unused_days)))

deny contains {"path": "last_used", "value": input.last_used, "limit": input.terms.access.unused_days} if {
	is_string(input.last_used)
	input.last_used < oldest_use
}

deny contains {"path": "last_used", "value": null, "limit": input.terms.access.unused_days, "code": "never"} if {
	is_null(input.last_used)
}

# A clock of today may run ahead of ours; a later day, or a text that is no time, proves nothing.
unsure contains {"path": "last_used", "code": "future", "value": input.last_used} if {
	is_string(input.last_used)
	substring(input.last_used, 0, 10) > today
}
