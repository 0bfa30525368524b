# METADATA
# title: Changes are tested before production
# description: What reaches production has passed the development, test and acceptance environments, in that order.
# schemas:
#   - input: schema.deployment
# custom:
#   id: SEC-049
#   kind: deployment
#   needs: [stages]
#   scope: [environment]
#   clauses: [BB-SCH-1]
#   gdpr: ["32(1)(b)", "32(1)(d)", "25(1)"]
#   severity: high
#   title_nl: Wijzigingen worden getest voordat ze in productie komen
#   description_nl: Wat in productie komt, is langs ontwikkel-, test- en acceptatieomgeving gegaan, in die volgorde.
#   remediation: >-
#     Let the production stage of the pipeline depend on acceptance, acceptance on test, and test on development
#     (GitHub: needs; Azure DevOps: dependsOn), each with its own environment and its own resource group or cluster.
#   remediation_nl: >-
#     Laat in de pijplijn productie afhangen van acceptatie, acceptatie van test, en test van ontwikkeling (GitHub:
#     needs; Azure DevOps: dependsOn), elk met een eigen omgeving en een eigen resource group of cluster.
#   messages:
#     default:
#       en: "software does not pass development, test and acceptance in this order, but: {value}"
#       nl: "software gaat niet langs ontwikkeling, test en acceptatie in die volgorde, maar langs: {value}"
#     none:
#       en: "software passes no environment before production"
#       nl: "software komt in productie zonder eerst door een andere omgeving te gaan"
package waarborg.security.tested_before_production

# An environment by any other name counts as production.
applies if {
	environment := input.environment
	not environment in {"acceptance", "development", "test"}
}

agreed := ["development", "test", "acceptance"]

in_order if {
	some i, "development" in input.stages
	some j, "test" in input.stages
	some k, "acceptance" in input.stages
	i < j
	j < k
}

deny contains {"path": "stages", "value": stages, "limit": agreed} if {
	stages := input.stages
	count(stages) > 0
	not in_order
}

deny contains {"path": "stages", "value": [], "limit": agreed, "code": "none"} if none

none if is_null(input.stages)

none if input.stages == []
