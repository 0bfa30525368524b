# METADATA
# title: Personal data are not open to everybody
# description: No right to personal data is given to everybody or to guests from outside.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-004
#   kind: grant
#   needs: [principal_type]
#   scope: [personal_data]
#   clauses: [VWO-2.1.1, VWO-2.1.2]
#   gdpr: ["32(1)(b)", "32(2)", "32(4)"]
#   severity: critical
#   title_nl: Persoonsgegevens staan niet voor iedereen open
#   description_nl: Geen recht op persoonsgegevens is gegeven aan iedereen of aan gasten van buiten.
#   remediation: "Take the right away. PostgreSQL: REVOKE ALL ON the tables and the schema FROM PUBLIC, and ALTER
#     DEFAULT PRIVILEGES likewise. SQL Server: deny the guest user CONNECT. Azure: close anonymous blob access and
#     remove guests from role assignments; give an outside colleague a staff account. Vault: take the path out of
#     the default policy. Elastic: remove anonymous roles."
#   remediation_nl: "Trek het recht in. PostgreSQL: REVOKE ALL ON de tabellen en het schema FROM PUBLIC, en pas
#     ALTER DEFAULT PRIVILEGES net zo aan. SQL Server: ontneem de gebruiker guest CONNECT. Azure: sluit anonieme
#     blobtoegang en haal gasten uit roltoewijzingen; geef een collega van buiten een medewerkersaccount. Vault:
#     haal het pad uit de default policy. Elastic: verwijder anonieme rollen."
#   messages:
#     default:
#       en: "everybody who can reach the system has this right to personal data"
#       nl: "iedereen die bij het systeem kan, heeft dit recht op persoonsgegevens"
#     guest:
#       en: "a guest from outside has this right to personal data"
#       nl: "een gast van buiten heeft dit recht op persoonsgegevens"
package waarborg.access.open_to_everybody

applies if input.personal_data == true

deny contains {"path": "principal_type", "value": "public", "limit": named} if input.principal_type == "public"

deny contains {"path": "principal_type", "value": "guest", "limit": named, "code": "guest"} if {
	input.principal_type == "guest"
}

named := ["group", "person", "service"]
