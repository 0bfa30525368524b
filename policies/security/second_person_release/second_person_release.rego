# METADATA
# title: A second person approves every release
# description: Software reaches production only after others approved it, and only through the pipeline.
# schemas:
#   - input: schema.deployment
# custom:
#   id: SEC-025
#   kind: deployment
#   needs: [required_reviewers, author_can_approve, direct]
#   scope: [environment]
#   terms: [four_eyes.approvals]
#   clauses: [BB-DAT-5, BB-SCH-1]
#   gdpr: ["32(1)(b)", "32(1)(d)"]
#   severity: critical
#   title_nl: Een tweede persoon keurt elke uitrol goed
#   description_nl: Software komt pas in productie nadat anderen dit goedkeurden, en alleen via de pijplijn.
#   remediation: >-
#     GitHub: environment "production" with required reviewers and self-review prevented. Azure DevOps: an approval
#     check on the environment, approvers cannot approve their own runs. Let only the pipeline's identity write to
#     production.
#   remediation_nl: >-
#     GitHub: environment "production" met verplichte reviewers en zonder goedkeuring van eigen werk. Azure DevOps:
#     een approval check op de omgeving, zonder goedkeuring van eigen runs. Laat alleen de identiteit van de pijplijn
#     schrijven in productie.
#   messages:
#     default:
#       en: "{value} approvals are required; agreed: at least {limit}"
#       nl: "er zijn {value} goedkeuringen verplicht; afgesproken: minstens {limit}"
#     none:
#       en: "no approval is required; agreed: at least {limit}"
#       nl: "er is geen goedkeuring verplicht; afgesproken: minstens {limit}"
#     author:
#       en: "the author's own approval counts, so too few others need to approve"
#       nl: "de goedkeuring van de maker zelf telt mee, zodat te weinig anderen hoeven goed te keuren"
#     direct:
#       en: "software can reach production outside the pipeline"
#       nl: "software kan buiten de pijplijn om in productie komen"
package waarborg.security.second_person_release

# An environment by any other name counts as production.
applies if {
	environment := input.environment
	not environment in {"acceptance", "development", "test"}
}

deny contains {"path": "required_reviewers", "value": number, "limit": input.terms.four_eyes.approvals} if {
	number := input.required_reviewers
	is_number(number)
	number < input.terms.four_eyes.approvals
}

deny contains {
	"path": "required_reviewers",
	"value": null,
	"limit": input.terms.four_eyes.approvals,
	"code": "none",
} if {
	is_null(input.required_reviewers)
}

# The author's own approval leaves one fewer of others.
deny contains {"path": "author_can_approve", "value": true, "limit": false, "code": "author"} if {
	input.author_can_approve == true
	number := input.required_reviewers
	is_number(number)
	number <= input.terms.four_eyes.approvals
}

deny contains {"path": "direct", "value": input.direct, "limit": false, "code": "direct"} if input.direct == true
