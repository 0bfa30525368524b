# METADATA
# title: People's rights to delete are apart from those to write
# description: No single grant gives people or groups the rights to read, write and delete personal data together.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-006
#   kind: grant
#   needs: [rights]
#   scope: [personal_data, principal_type, break_glass]
#   clauses: [BB-DAT-2]
#   gdpr: ["32(1)(b)", "5(1)(f)"]
#   severity: medium
#   title_nl: Rechten om te wissen staan voor mensen los van die om te schrijven
#   description_nl: Geen enkele toekenning geeft mensen of groepen tegelijk het recht om persoonsgegevens te lezen,
#     te schrijven en te wissen.
#   remediation: "Split the right into a role to read and write and a role to delete, and give the second to few.
#     Azure: a custom role without delete data actions instead of Storage Blob Data Contributor. PostgreSQL: grant
#     SELECT, INSERT and UPDATE to one role and DELETE and TRUNCATE to another. Vault: a policy without delete.
#     Elastic: read and index privileges without delete and delete_index."
#   remediation_nl: "Splits het recht in een rol om te lezen en te schrijven en een rol om te wissen, en geef de
#     tweede aan weinig mensen. Azure: een eigen rol zonder delete in de data actions in plaats van Storage Blob
#     Data Contributor. PostgreSQL: geef SELECT, INSERT en UPDATE aan de ene rol en DELETE en TRUNCATE aan een
#     andere. Vault: een policy zonder delete. Elastic: read- en index-rechten zonder delete en delete_index."
#   messages:
#     default:
#       en: "one grant gives people {value} together; the right to delete is to be given apart"
#       nl: "één toekenning geeft mensen tegelijk {value}; het recht om te wissen hoort apart te worden gegeven"
package waarborg.access.delete_apart

applies if {
	input.personal_data == true
	input.principal_type in {"person", "guest", "group"}
	input.break_glass != true
}

deny contains {"path": "rights", "value": input.rights, "limit": ["read", "write"]} if {
	every right in ["read", "write", "delete"] {
		right in input.rights
	}
}
