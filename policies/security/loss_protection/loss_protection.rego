# METADATA
# title: Deleted data can be brought back
# description: >-
#   Files, objects and backups with personal data are kept for the agreed days after deletion, or their earlier
#   versions are kept.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-005
#   kind: datastore
#   needs: [deletion.soft_delete, deletion.soft_delete_days, deletion.versioning]
#   scope: [personal_data, engine]
#   terms: [deletion.soft_delete_min_days]
#   clauses: [VWO-2.1.2]
#   gdpr: ["32(1)(b)", "32(1)(c)", "32(2)"]
#   severity: medium
#   title_nl: Verwijderde gegevens kunnen worden teruggehaald
#   description_nl: >-
#     Bestanden, objecten en back-ups met persoonsgegevens blijven na verwijdering het afgesproken aantal dagen
#     bewaard, of eerdere versies blijven bewaard.
#   remediation: >-
#     Azure Storage: turn on soft delete for blobs, containers and file shares with the agreed days, or blob
#     versioning. Recovery Services and Backup vaults: turn on soft delete. Databases are held by the rules on
#     backups.
#   remediation_nl: >-
#     Azure Storage: zet soft delete aan voor blobs, containers en bestandsshares met het afgesproken aantal dagen, of
#     versiebeheer voor blobs. Recovery Services- en Backup-kluizen: zet soft delete aan. Voor databases gelden de
#     regels over back-ups.
#   messages:
#     default:
#       en: "deleted data can be brought back for {value} days; agreed: at least {limit}"
#       nl: "verwijderde gegevens zijn {value} dagen terug te halen; afgesproken: minstens {limit}"
#     no_recovery:
#       en: "deleted data cannot be brought back: no soft delete and no versions"
#       nl: "verwijderde gegevens zijn niet terug te halen: geen soft delete en geen versies"
#     no_days:
#       en: "soft delete has no number of days; agreed: at least {limit}"
#       nl: "voor soft delete is geen aantal dagen ingesteld; afgesproken: minstens {limit}"
package waarborg.security.loss_protection

# The stores in which one deletes single items. What a database row needs is a backup.
applies if {
	input.personal_data == true
	input.engine in {"backup", "blob", "file_share"}
}

deny contains {
	"path": "deletion.soft_delete",
	"value": input.deletion.soft_delete,
	"limit": true,
	"code": "no_recovery",
} if {
	input.deletion.soft_delete != true
	input.deletion.versioning != true
}

deny contains {
	"path": "deletion.soft_delete_days",
	"value": days,
	"limit": input.terms.deletion.soft_delete_min_days,
} if {
	input.deletion.soft_delete == true
	input.deletion.versioning != true
	days := input.deletion.soft_delete_days
	is_number(days)
	days < input.terms.deletion.soft_delete_min_days
}

deny contains {
	"path": "deletion.soft_delete_days",
	"value": null,
	"limit": input.terms.deletion.soft_delete_min_days,
	"code": "no_days",
} if {
	input.deletion.soft_delete == true
	input.deletion.versioning != true
	is_null(input.deletion.soft_delete_days)
}
