# METADATA
# title: Staff reach the network through a personal VPN
# description: The sign-in is open through the VPN only, and each person has a VPN credential of their own.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: SEC-015
#   kind: sign_in
#   needs: [vpn, vpn_personal]
#   scope: [audience]
#   clauses: [BB-LOG-8b]
#   gdpr: ["32(1)(a)", "32(1)(b)"]
#   severity: high
#   title_nl: Medewerkers komen via een persoonlijke VPN op het netwerk
#   description_nl: De aanmelding werkt alleen via de VPN, en iedereen heeft een eigen VPN-toegang.
#   remediation: >-
#     Azure: let the VPN gateway sign people in with Entra ID or a certificate a person, no shared key, and allow the
#     sign-in from the VPN addresses only (Conditional Access named location, or a private endpoint).
#   remediation_nl: >-
#     Azure: laat de VPN-gateway mensen inloggen met Entra ID of een certificaat per persoon, zonder gedeelde sleutel,
#     en sta de aanmelding alleen toe vanaf de VPN-adressen (named location in Conditional Access, of een private
#     endpoint).
#   messages:
#     default:
#       en: "one can sign in without the VPN"
#       nl: "inloggen kan zonder VPN"
#     shared:
#       en: "several people share one VPN credential"
#       nl: "meerdere mensen delen één VPN-toegang"
package waarborg.security.personal_vpn

applies if input.audience in {"admin", "staff"}

deny contains {"path": "vpn", "value": input.vpn, "limit": true} if input.vpn != true

deny contains {"path": "vpn_personal", "value": input.vpn_personal, "limit": true, "code": "shared"} if {
	input.vpn == true
	input.vpn_personal != true
}
