# METADATA
# title: A firewall protects the network
# description: Production and office networks have a firewall that lets nothing in unless a rule says so.
# schemas:
#   - input: schema.network
# custom:
#   id: SEC-022
#   kind: network
#   needs: [firewall, default_deny_inbound]
#   clauses: [BB-LOG-6, BB-BES-7]
#   gdpr: ["32(1)(b)"]
#   severity: high
#   title_nl: Een firewall beschermt het netwerk
#   description_nl: >-
#     Productie- en kantoornetwerken hebben een firewall die niets binnenlaat, tenzij een regel het toestaat.
#   remediation: >-
#     Azure: give every subnet a network security group or put Azure Firewall before it, and remove the rules that
#     allow any inbound traffic. Office: set the default for inbound traffic to deny.
#   remediation_nl: >-
#     Azure: geef elk subnet een network security group of zet Azure Firewall ervoor, en verwijder regels die al het
#     inkomende verkeer toestaan. Kantoor: zet inkomend verkeer standaard op weigeren.
#   messages:
#     default:
#       en: "there is no firewall"
#       nl: "er is geen firewall"
#     default_allow:
#       en: "inbound traffic is let in unless a rule forbids it"
#       nl: "inkomend verkeer wordt toegelaten, tenzij een regel het verbiedt"
package waarborg.security.firewall

deny contains {"path": "firewall", "value": input.firewall, "limit": true} if input.firewall != true

deny contains {
	"path": "default_deny_inbound",
	"value": input.default_deny_inbound,
	"limit": true,
	"code": "default_allow",
} if {
	input.firewall == true
	input.default_deny_inbound != true
}
