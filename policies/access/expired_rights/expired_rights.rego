# METADATA
# title: Expired rights are not active
# description: A right to personal data whose end date has passed no longer works.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-010
#   kind: grant
#   needs: [expires, enabled]
#   scope: [personal_data]
#   clauses: [VWO-2.1.1, BB-DAT-1]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: high
#   title_nl: Verlopen rechten zijn niet meer actief
#   description_nl: Een recht op persoonsgegevens waarvan de einddatum voorbij is, werkt niet meer.
#   remediation: "Take the right away, or have it approved again with a new end date. PostgreSQL: VALID UNTIL only
#     stops passwords, so also ALTER ROLE … NOLOGIN. Azure: delete the role assignment or the client secret. Vault:
#     revoke the token or secret id. Elastic: invalidate the API key."
#   remediation_nl: "Trek het recht in, of laat het opnieuw goedkeuren met een nieuwe einddatum. PostgreSQL: VALID
#     UNTIL houdt alleen wachtwoorden tegen, dus ook ALTER ROLE … NOLOGIN. Azure: verwijder de roltoewijzing of het
#     clientgeheim. Vault: trek het token of secret id in. Elastic: maak de API-sleutel ongeldig."
#   messages:
#     default:
#       en: "this right to personal data expired on {value} and is still active"
#       nl: "dit recht op persoonsgegevens is verlopen op {value} en is nog actief"
package waarborg.access.expired_rights

applies if input.personal_data == true

today := sprintf("%04d-%02d-%02d", time.date(data.now.ns))

# RFC 3339 dates in UTC sort as text, so that a far end such as 9999-12-31 is no error. Only an end of today needs the
# hour; a bare date lasts until the day is over.
past if substring(input.expires, 0, 10) < today

past if {
	substring(input.expires, 0, 10) == today
	count(input.expires) > 10
	time.parse_rfc3339_ns(input.expires) <= data.now.ns
}

# Where a right cannot be disabled (absent), it is active.
deny contains {"path": "expires", "value": input.expires, "limit": today} if {
	is_string(input.expires)
	input.enabled != false
	past
}
