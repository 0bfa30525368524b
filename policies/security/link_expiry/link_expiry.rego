# METADATA
# title: Links to personal data expire
# description: A link by which personal data are sent stops working within the agreed hours.
# schemas:
#   - input: schema.flow
# custom:
#   id: SEC-051
#   kind: flow
#   needs: [link_max_hours]
#   scope: [personal_data, mechanism]
#   terms: [transfer_tool.link_max_hours]
#   clauses: [BB-OVD-3]
#   gdpr: ["32(1)(a)", "5(1)(f)"]
#   severity: medium
#   title_nl: Links naar persoonsgegevens verlopen
#   description_nl: Een link waarmee persoonsgegevens worden verstuurd, werkt niet langer dan het afgesproken aantal
#     uren.
#   remediation: >-
#     Set the expiry of links in the transfer tool. Azure Storage: a SAS expiration policy on the storage account.
#     Microsoft 365: an expiration for sharing links.
#   remediation_nl: >-
#     Stel in het overdrachtsprogramma in wanneer links verlopen. Azure Storage: een SAS expiration policy op het
#     opslagaccount. Microsoft 365: een vervaltermijn voor deellinks.
#   messages:
#     default:
#       en: "a link lives {value} hours; agreed: at most {limit}"
#       nl: "een link werkt {value} uur; afgesproken: hoogstens {limit}"
#     never:
#       en: "a link never expires; agreed: after at most {limit} hours"
#       nl: "een link verloopt nooit; afgesproken: na hoogstens {limit} uur"
package waarborg.security.link_expiry

applies if {
	input.personal_data == true
	input.mechanism == "link"
}

deny contains {"path": "link_max_hours", "value": hours, "limit": input.terms.transfer_tool.link_max_hours} if {
	hours := input.link_max_hours
	is_number(hours)
	hours > input.terms.transfer_tool.link_max_hours
}

deny contains {
	"path": "link_max_hours",
	"value": null,
	"limit": input.terms.transfer_tool.link_max_hours,
	"code": "never",
} if {
	is_null(input.link_max_hours)
}
