# METADATA
# title: Audit logs of datastores are kept within the agreed bounds
# description: Where a datastore with personal data keeps its own audit log, entries stay long enough to find out
#   what happened, and no longer than agreed.
# schemas:
#   - input: schema.datastore
# custom:
#   id: RET-009
#   kind: datastore
#   needs: [audit.retention_days]
#   scope: [personal_data, engine, audit.enabled]
#   terms: [log.retention_min_days, log.retention_max_days]
#   clauses: [BB-INV-2, BB-DAT-4]
#   gdpr: ["5(1)(e)", "28(3)(a)", "32(1)(b)", "32(1)(d)"]
#   severity: medium
#   title_nl: Auditlogs van gegevensopslag worden bewaard binnen de afgesproken grenzen
#   description_nl: Waar een gegevensopslag met persoonsgegevens zelf een auditlog bijhoudt, worden regels lang genoeg
#     bewaard om uit te zoeken wat er is gebeurd, en niet langer dan afgesproken.
#   remediation: "Set the retention of the audit log between the two bounds. Azure SQL: retention_in_days of the
#     auditing policy (0 keeps for ever). PostgreSQL: log rotation of the pgaudit files, or the retention of the
#     workspace they are sent to. Vault: rotation of the audit file. Elastic: the lifecycle policy of the audit
#     index."
#   remediation_nl: "Stel de bewaartermijn van het auditlog in tussen de twee grenzen. Azure SQL: retention_in_days
#     van het auditbeleid (0 bewaart voor altijd). PostgreSQL: rotatie van de pgaudit-bestanden, of de termijn van
#     de workspace waar ze heen gaan. Vault: rotatie van het auditbestand. Elastic: het lifecycle-beleid van de
#     auditindex."
#   messages:
#     too_short:
#       en: "log entries are kept for {value} days; agreed: at least {limit}"
#       nl: "logregels worden {value} dagen bewaard; afgesproken: minstens {limit}"
#     too_long:
#       en: "log entries are kept for {value} days; agreed: at most {limit}"
#       nl: "logregels worden {value} dagen bewaard; afgesproken: hoogstens {limit}"
#     no_end:
#       en: "no end is set here for audit entries; check how long they are kept where they are sent"
#       nl: "hier is geen einde ingesteld voor auditregels; ga na hoe lang ze worden bewaard waar ze heen gaan"
package waarborg.retention.audit_logs

# A log store has a rule of its own, and a log that is off keeps nothing.
applies if {
	input.personal_data == true
	input.engine != "log"
	input.audit.enabled == true
}

deny contains {
	"path": "audit.retention_days",
	"value": input.audit.retention_days,
	"limit": input.terms.log.retention_min_days,
	"code": "too_short",
} if {
	is_number(input.audit.retention_days)
	input.audit.retention_days < input.terms.log.retention_min_days
}

deny contains {
	"path": "audit.retention_days",
	"value": input.audit.retention_days,
	"limit": input.terms.log.retention_max_days,
	"code": "too_long",
} if {
	input.audit.retention_days > input.terms.log.retention_max_days
}

# Without an end here, the store that the entries are sent to decides.
unsure contains {"path": "audit.retention_days", "code": "no_end", "value": null} if {
	is_null(input.audit.retention_days)
}
