# METADATA
# title: Logs are kept within the agreed bounds
# description: Log stores keep entries long enough to find out what happened, and no longer than agreed.
# schemas:
#   - input: schema.datastore
# custom:
#   id: RET-005
#   kind: datastore
#   needs: [retention.automatic_days]
#   scope: [engine]
#   terms: [log.retention_min_days, log.retention_max_days]
#   clauses: [BB-INV-2, BB-DAT-4]
#   gdpr: ["5(1)(e)", "28(3)(a)", "32(1)(b)", "32(1)(d)"]
#   severity: medium
#   title_nl: Logs worden bewaard binnen de afgesproken grenzen
#   description_nl: Logopslag bewaart regels lang genoeg om uit te zoeken wat er is gebeurd, en niet langer dan
#     afgesproken.
#   remediation: "Set the retention of the log store between the two bounds. Azure Log Analytics: retention_in_days
#     of the workspace, and of tables that differ from it, with archive counted. Storage account: a lifecycle rule
#     that deletes. Elastic: the delete phase of the lifecycle policy. Files on servers: logrotate with maxage."
#   remediation_nl: "Stel de bewaartermijn van de logopslag in tussen de twee grenzen. Azure Log Analytics:
#     retention_in_days van de workspace, en van tabellen die ervan afwijken, het archief meegeteld. Storage
#     account: een lifecycle-regel die wist. Elastic: de delete-fase van het lifecycle-beleid. Bestanden op servers:
#     logrotate met maxage."
#   messages:
#     too_short:
#       en: "log entries are kept for {value} days; agreed: at least {limit}"
#       nl: "logregels worden {value} dagen bewaard; afgesproken: minstens {limit}"
#     too_long:
#       en: "log entries are kept for {value} days; agreed: at most {limit}"
#       nl: "logregels worden {value} dagen bewaard; afgesproken: hoogstens {limit}"
#     no_end:
#       en: "log entries are never deleted; agreed: after at most {limit} days"
#       nl: "logregels worden nooit gewist; afgesproken: na hoogstens {limit} dagen"
package waarborg.retention.logs

applies if input.engine == "log"

deny contains {
	"path": "retention.automatic_days",
	"value": input.retention.automatic_days,
	"limit": input.terms.log.retention_min_days,
	"code": "too_short",
} if {
	is_number(input.retention.automatic_days)
	input.retention.automatic_days < input.terms.log.retention_min_days
}

deny contains {
	"path": "retention.automatic_days",
	"value": input.retention.automatic_days,
	"limit": input.terms.log.retention_max_days,
	"code": "too_long",
} if {
	input.retention.automatic_days > input.terms.log.retention_max_days
}

deny contains {
	"path": "retention.automatic_days",
	"value": null,
	"limit": input.terms.log.retention_max_days,
	"code": "no_end",
} if {
	is_null(input.retention.automatic_days)
}
