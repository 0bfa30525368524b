# METADATA
# title: A second person approves every code change
# description: >-
#   Nobody can change the code of a release branch alone: others approve it, and no one can go round that.
# schemas:
#   - input: schema.repository
# custom:
#   id: SEC-024
#   kind: repository
#   needs: [required_reviews, author_can_approve, stale_approvals_dismissed, bypass_allowed, force_push]
#   terms: [four_eyes.approvals]
#   clauses: [BB-DAT-5, BB-INV-3]
#   gdpr: ["32(1)(b)", "32(1)(d)"]
#   severity: critical
#   title_nl: Een tweede persoon keurt elke codewijziging goed
#   description_nl: "Niemand kan de code alleen wijzigen: anderen keuren die goed, en niemand kan daar omheen."
#   remediation: >-
#     GitHub: a ruleset on the release branches with required approvals, stale approvals dismissed, force pushes
#     blocked and an empty bypass list. Azure DevOps: a minimum number of reviewers, "allow requestors to approve
#     their own changes" off, votes reset on push, and nobody with "bypass policies" or "force push".
#   remediation_nl: >-
#     GitHub: een ruleset op de release-branches met verplichte goedkeuringen, oude goedkeuringen vervallen, force
#     push geblokkeerd en een lege bypass-lijst. Azure DevOps: een minimum aantal reviewers, "allow requestors to
#     approve their own changes" uit, stemmen vervallen bij een push, en niemand met "bypass policies" of "force
#     push".
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
#     stale:
#       en: "an approval stays valid after the change is altered"
#       nl: "een goedkeuring blijft geldig nadat de wijziging is aangepast"
#     bypass:
#       en: "some can go round the approval"
#       nl: "sommigen kunnen om de goedkeuring heen"
#     force_push:
#       en: "approved history can be overwritten (force push)"
#       nl: "goedgekeurde geschiedenis kan worden overschreven (force push)"
package waarborg.security.second_person_code

deny contains {"path": "required_reviews", "value": number, "limit": input.terms.four_eyes.approvals} if {
	number := input.required_reviews
	is_number(number)
	number < input.terms.four_eyes.approvals
}

deny contains {
	"path": "required_reviews",
	"value": null,
	"limit": input.terms.four_eyes.approvals,
	"code": "none",
} if {
	is_null(input.required_reviews)
}

# The author's own approval leaves one fewer of others.
deny contains {"path": "author_can_approve", "value": true, "limit": false, "code": "author"} if {
	input.author_can_approve == true
	number := input.required_reviews
	is_number(number)
	number <= input.terms.four_eyes.approvals
}

deny contains {
	"path": "stale_approvals_dismissed",
	"value": input.stale_approvals_dismissed,
	"limit": true,
	"code": "stale",
} if input.stale_approvals_dismissed != true

deny contains {
	"path": "bypass_allowed",
	"value": input.bypass_allowed,
	"limit": false,
	"code": "bypass",
} if input.bypass_allowed == true

deny contains {
	"path": "force_push",
	"value": input.force_push,
	"limit": false,
	"code": "force_push",
} if input.force_push == true
