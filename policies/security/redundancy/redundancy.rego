# METADATA
# title: Personal data survive the loss of a data centre as agreed
# description: A production datastore with personal data is kept over zones or regions, at least as agreed.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-009
#   kind: datastore
#   needs: [redundancy]
#   scope: [personal_data, environment, engine]
#   terms: [redundancy.min]
#   clauses: [BB-BES-1, VWO-2.1.4]
#   gdpr: ["32(1)(b)", "32(1)(c)"]
#   severity: medium
#   title_nl: Persoonsgegevens overleven uitval van een datacenter zoals afgesproken
#   description_nl: >-
#     Een productieopslag met persoonsgegevens staat in meerdere zones of regio's, minstens zoals afgesproken.
#   remediation: >-
#     Azure: choose zone-redundant high availability, or storage replication ZRS (zones) or GZRS (regions; only where
#     the paired region lies in the EEA). PostgreSQL: a standby in another zone. Elastic: replicas over several
#     availability zones.
#   remediation_nl: >-
#     Azure: kies zone-redundante hoge beschikbaarheid, of opslagreplicatie ZRS (zones) of GZRS (regio's; alleen als
#     de gekoppelde regio in de EER ligt). PostgreSQL: een standby in een andere zone. Elastic: replica's in meerdere
#     beschikbaarheidszones.
#   messages:
#     default:
#       en: "it is not known what the redundancy {value} means"
#       nl: "niet bekend is wat de redundantie {value} betekent"
#     zone:
#       en: "the data lie in one zone; agreed: several zones"
#       nl: "de gegevens staan in één zone; afgesproken: meerdere zones"
#     region:
#       en: "the data lie in one region; agreed: several regions"
#       nl: "de gegevens staan in één regio; afgesproken: meerdere regio's"
package waarborg.security.redundancy

# A backup needs none of its own; a queue and a log hold what passes, not the records of the controller.
exempt := {"backup", "log", "queue"}

applies if {
	input.personal_data == true
	environment := input.environment
	not environment in trial
	engine := input.engine
	not engine in exempt
}

# An environment by any other name counts as production.
trial := {"acceptance", "development", "test"}

levels := ["none", "zone", "region"]

accepted contains level if {
	some i, limit in levels
	limit == input.terms.redundancy.min
	some j, level in levels
	j >= i
}

# A store without the notion has one copy.
level := "none" if is_null(input.redundancy)

level := input.redundancy if is_string(input.redundancy)

deny contains {
	"path": "redundancy",
	"value": level,
	"limit": input.terms.redundancy.min,
	"code": input.terms.redundancy.min,
} if {
	level in levels
	not level in accepted
}

deny contains {"path": "redundancy", "value": level, "limit": input.terms.redundancy.min} if not level in levels
