# METADATA
# title: Staff accounts are of people who work here and use them
# description: The sign-in of staff has no enabled accounts of people who left, none that lie unused, and none that
#   several people share.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: ACC-016
#   kind: sign_in
#   needs: [departed_users, stale_users, shared_users]
#   scope: [audience]
#   clauses: [VWO-2.1.1, BB-LOG-3]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: high
#   title_nl: Accounts van medewerkers zijn van mensen die hier werken en ze gebruiken
#   description_nl: De aanmelding van medewerkers heeft geen actieve accounts van wie weg is, geen ongebruikte
#     accounts en geen accounts die meerdere mensen delen.
#   remediation: "Disable accounts of people who left and end their sessions; disable or remove unused ones; replace
#     shared ones by personal accounts. Entra ID: lifecycle workflows and access reviews. PostgreSQL and Vault: let
#     people sign in through the identity provider, so that one closed account closes all."
#   remediation_nl: "Blokkeer accounts van wie weg is en beëindig hun sessies; blokkeer of verwijder ongebruikte;
#     vervang gedeelde door persoonlijke accounts. Entra ID: levenscycluswerkstromen en toegangsbeoordelingen.
#     PostgreSQL en Vault: laat mensen aanmelden via de identiteitsprovider, zodat een gesloten account alles
#     sluit."
#   messages:
#     departed:
#       en: "enabled accounts of people who no longer work here: {value}"
#       nl: "actieve accounts van mensen die hier niet meer werken: {value}"
#     stale:
#       en: "enabled accounts that were not used for longer than agreed: {value}"
#       nl: "actieve accounts die langer niet zijn gebruikt dan afgesproken: {value}"
#     shared:
#       en: "accounts that several people share: {value}"
#       nl: "accounts die meerdere mensen delen: {value}"
package waarborg.access.staff_accounts

applies if input.audience in {"staff", "admin"}

deny contains {"path": "departed_users", "value": input.departed_users, "limit": 0, "code": "departed"} if {
	input.departed_users > 0
}

deny contains {"path": "stale_users", "value": input.stale_users, "limit": 0, "code": "stale"} if input.stale_users > 0

deny contains {"path": "shared_users", "value": input.shared_users, "limit": 0, "code": "shared"} if {
	input.shared_users > 0
}
