# METADATA
# title: Deleted data do not linger longer than agreed
# description: Where deleted personal data can be brought back for a while, that while is no longer than agreed.
# schemas:
#   - input: schema.datastore
# custom:
#   id: RET-004
#   kind: datastore
#   needs: [deletion.soft_delete_days]
#   scope: [personal_data, deletion.soft_delete]
#   terms: [deletion.soft_delete_max_days]
#   clauses: [BA-3]
#   gdpr: ["5(1)(e)", "28(3)(a)", "28(3)(g)"]
#   severity: medium
#   title_nl: Gewiste gegevens zijn niet langer terug te halen dan afgesproken
#   description_nl: Waar gewiste persoonsgegevens nog een tijd zijn terug te halen, duurt die tijd niet langer dan
#     afgesproken.
#   remediation: "Shorten the soft-delete period. Azure Storage: delete_retention_policy of blobs, containers and
#     shares, and end old versions by a lifecycle rule. Key Vault: soft_delete_retention_days (fixed when the vault
#     is made). Recovery Services: the vault's soft-delete days."
#   remediation_nl: "Verkort de periode van soft delete. Azure Storage: delete_retention_policy van blobs,
#     containers en shares, en ruim oude versies op met een lifecycle-regel. Key Vault: soft_delete_retention_days
#     (ligt vast bij het maken van de kluis). Recovery Services: de soft-delete-dagen van de kluis."
#   messages:
#     default:
#       en: "deleted data linger for {value} days; agreed: at most {limit}"
#       nl: "gewiste gegevens zijn nog {value} dagen terug te halen; afgesproken: hoogstens {limit}"
#     no_end:
#       en: "deleted data linger without an end; agreed: at most {limit} days"
#       nl: "gewiste gegevens blijven voor altijd terug te halen; afgesproken: hoogstens {limit} dagen"
package waarborg.retention.soft_delete

applies if {
	input.personal_data == true
	input.deletion.soft_delete == true
}

deny contains {
	"path": "deletion.soft_delete_days",
	"value": input.deletion.soft_delete_days,
	"limit": input.terms.deletion.soft_delete_max_days,
} if {
	input.deletion.soft_delete_days > input.terms.deletion.soft_delete_max_days
}

deny contains {
	"path": "deletion.soft_delete_days",
	"value": null,
	"limit": input.terms.deletion.soft_delete_max_days,
	"code": "no_end",
} if {
	is_null(input.deletion.soft_delete_days)
}
