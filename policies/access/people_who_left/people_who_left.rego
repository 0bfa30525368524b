# METADATA
# title: People who left have no rights any more
# description: No enabled account of somebody who no longer works here reaches personal data.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-009
#   kind: grant
#   needs: [left, enabled]
#   scope: [personal_data, principal_type]
#   clauses: [VWO-2.1.1, BB-DAT-1]
#   gdpr: ["32(1)(b)", "32(4)", "29"]
#   severity: critical
#   title_nl: Wie weg is, heeft geen rechten meer
#   description_nl: Geen actief account van iemand die hier niet meer werkt, kan bij persoonsgegevens.
#   remediation: "Disable the account today, end its sessions and tokens, and take its rights away; then find out
#     why the leaver procedure missed it. Azure: block sign-in in Entra ID and revoke sessions. PostgreSQL: ALTER
#     ROLE … NOLOGIN and end its connections. Vault: disable the entity and revoke its tokens. Elastic: disable the
#     user and invalidate its API keys."
#   remediation_nl: "Blokkeer het account vandaag, beëindig sessies en tokens en trek de rechten in; zoek dan uit
#     waarom het account bij het vertrek is vergeten. Azure: blokkeer aanmelden in Entra ID en trek sessies in. PostgreSQL:
#     ALTER ROLE … NOLOGIN en beëindig de verbindingen. Vault: zet de entiteit uit en trek haar tokens in. Elastic:
#     zet de gebruiker uit en maak de API-sleutels ongeldig."
#   messages:
#     default:
#       en: "somebody who no longer works here still has an active right to personal data"
#       nl: "iemand die hier niet meer werkt, heeft nog een actief recht op persoonsgegevens"
package waarborg.access.people_who_left

applies if {
	input.personal_data == true
	input.principal_type in {"person", "guest"}
}

# Where an account cannot be disabled (absent), it is active.
deny contains {"path": "enabled", "value": input.enabled, "limit": false} if {
	input.left == true
	input.enabled != false
}
