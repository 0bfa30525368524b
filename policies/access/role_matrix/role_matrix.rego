# METADATA
# title: Rights to personal data are within the role matrix
# description: Every right to personal data is one that the role matrix gives a reason for.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-001
#   kind: grant
#   needs: [approved]
#   scope: [personal_data]
#   clauses: [VWO-1.7, VWO-2.1.1, BB-LOG-1, BB-DAT-3]
#   gdpr: ["28(3)(b)", "29", "32(1)(b)", "32(4)"]
#   severity: high
#   title_nl: Rechten op persoonsgegevens staan in de rollenmatrix
#   description_nl: Elk recht op persoonsgegevens heeft een reden in de rollenmatrix.
#   remediation: "Take the right away, or add the need for it to the role matrix (access.yaml) and have it approved.
#     Azure: delete the role assignment. PostgreSQL: REVOKE the privilege or the membership. Vault: take the policy
#     off the role or entity. Elastic: take the role off the user or the role mapping."
#   remediation_nl: "Trek het recht in, of zet de noodzaak ervan in de rollenmatrix (access.yaml) en laat die
#     goedkeuren. Azure: verwijder de roltoewijzing. PostgreSQL: REVOKE het recht of het lidmaatschap. Vault: haal
#     de policy van de rol of entiteit. Elastic: haal de rol van de gebruiker of uit de role mapping."
#   messages:
#     default:
#       en: "this right to personal data is not in the role matrix"
#       nl: "dit recht op persoonsgegevens staat niet in de rollenmatrix"
package waarborg.access.role_matrix

applies if input.personal_data == true

# Absent means that nobody approved it, so that is not met either.
deny contains {"path": "approved", "value": input.approved, "limit": true} if input.approved != true
