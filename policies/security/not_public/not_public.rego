# METADATA
# title: Personal data cannot be reached from the internet
# description: >-
#   A datastore with personal data has no public address, and its firewall lets no very wide range of addresses in.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-003
#   kind: datastore
#   needs: [network.public, network.allowed_ranges]
#   scope: [personal_data]
#   clauses: [VWO-2.1.2, VWO-1.8]
#   gdpr: ["32(1)(b)", "32(2)"]
#   severity: critical
#   title_nl: Persoonsgegevens zijn niet bereikbaar vanaf internet
#   description_nl: >-
#     Een gegevensopslag met persoonsgegevens heeft geen openbaar adres, en de firewall laat geen heel grote reeksen
#     adressen toe.
#   remediation: >-
#     Azure: public network access = Disabled with a private endpoint, and remove the firewall rules 0.0.0.0-0.0.0.0
#     ("allow Azure services") and 0.0.0.0/0. PostgreSQL: listen_addresses on the private network only. Vault and
#     Elastic: a private listener behind the VPN, and IP filtering or private link in Elastic Cloud.
#   remediation_nl: >-
#     Azure: public network access = Disabled met een private endpoint, en verwijder de firewallregels 0.0.0.0-0.0.0.0
#     ("allow Azure services") en 0.0.0.0/0. PostgreSQL: listen_addresses alleen op het eigen netwerk. Vault en
#     Elastic: luister op een privé-adres achter de VPN, en in Elastic Cloud IP-filters of private link.
#   messages:
#     default:
#       en: "the datastore can be reached from the internet"
#       nl: "de gegevensopslag is bereikbaar vanaf internet"
#     azure:
#       en: "the firewall rule {value} lets every Azure customer's services in"
#       nl: "de firewallregel {value} laat diensten van elke Azure-klant toe"
#     range:
#       en: "the firewall lets {value} in, which is a large part of the internet"
#       nl: "de firewall laat {value} toe, een groot deel van het internet"
package waarborg.security.not_public

applies if input.personal_data == true

# Azure writes "all services inside Azure", of any customer, as the address 0.0.0.0.
azure := {"0.0.0.0-0.0.0.0", "0.0.0.0/32", "0.0.0.0"}

whole := {"0.0.0.0-255.255.255.255", "*"}

# Ranges wider than the largest ones given to one organisation (IPv4 /8, IPv6 /32), so that the internet cut in two
# halves counts too.
wide4 := {format_int(bits, 10) | some bits in numbers.range(0, 7)}

wide6 := {format_int(bits, 10) | some bits in numbers.range(0, 31)}

# Addresses that are not routed on the internet: unique local (fc00::/7) and link-local (fe80::/10).
local6 := ["fc", "fd", "fe80"]

wide(range) if range in whole

wide(range) if {
	[address, bits] := split(range, "/")
	not contains(address, ":")
	bits in wide4
}

wide(range) if {
	[address, bits] := split(range, "/")
	contains(address, ":")
	bits in wide6
	not strings.any_prefix_match(lower(address), local6)
}

deny contains {"path": "network.public", "value": true, "limit": false} if input.network.public == true

deny contains {"path": "network.allowed_ranges", "value": range, "limit": [], "code": "azure"} if {
	some range in input.network.allowed_ranges
	range in azure
}

deny contains {"path": "network.allowed_ranges", "value": range, "limit": [], "code": "range"} if {
	some range in input.network.allowed_ranges
	wide(range)
}
