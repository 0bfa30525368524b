# METADATA
# title: Each person has a VPN credential
# description: The VPN that ends in the network knows each person apart; no key is shared.
# schemas:
#   - input: schema.network
# custom:
#   id: SEC-045
#   kind: network
#   needs: [vpn_personal]
#   scope: [vpn_personal]
#   clauses: [BB-LOG-8b]
#   gdpr: ["32(1)(a)", "32(1)(b)"]
#   severity: high
#   title_nl: Iedereen heeft een eigen VPN-toegang
#   description_nl: De VPN die op het netwerk uitkomt, kent elke persoon apart; geen sleutel wordt gedeeld.
#   remediation: >-
#     Azure VPN gateway: authenticate with Entra ID or a client certificate a person; remove shared certificates and
#     revoke those of people who left.
#   remediation_nl: >-
#     Azure VPN-gateway: log in met Entra ID of een clientcertificaat per persoon; verwijder gedeelde certificaten en
#     trek die van vertrokken mensen in.
#   messages:
#     default:
#       en: "several people share one VPN credential"
#       nl: "meerdere mensen delen één VPN-toegang"
package waarborg.security.vpn_credentials

# Absent: no VPN ends in this network.
applies if is_boolean(input.vpn_personal)

deny contains {"path": "vpn_personal", "value": input.vpn_personal, "limit": true} if input.vpn_personal == false
