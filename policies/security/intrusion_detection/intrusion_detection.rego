# METADATA
# title: Intrusions are detected
# description: >-
#   Networks have intrusion detection or prevention, and web applications have a web application firewall before them.
# schemas:
#   - input: schema.network
# custom:
#   id: SEC-048
#   kind: network
#   needs: [ids, waf]
#   clauses: [BB-LOG-6, BB-BES-7]
#   gdpr: ["32(1)(b)"]
#   severity: medium
#   title_nl: Inbraak in het netwerk wordt opgemerkt
#   description_nl: >-
#     Netwerken hebben inbraakdetectie of -preventie, en voor webapplicaties staat een web application firewall.
#   remediation: >-
#     Azure: Azure Firewall Premium with IDPS on alert or deny, and Application Gateway or Front Door with a WAF
#     policy in prevention mode. Office: turn on the intrusion prevention of the firewall.
#   remediation_nl: >-
#     Azure: Azure Firewall Premium met IDPS op alert of deny, en Application Gateway of Front Door met een WAF-beleid
#     in prevention mode. Kantoor: zet de inbraakpreventie van de firewall aan.
#   messages:
#     default:
#       en: "intrusion detection is off"
#       nl: "inbraakdetectie staat uit"
#     waf:
#       en: "the web application firewall is off"
#       nl: "de web application firewall staat uit"
package waarborg.security.intrusion_detection

deny contains {"path": "ids", "value": mode, "limit": ["alert", "block"]} if {
	mode := input.ids
	not mode in {"alert", "block"}
}

# Absent: there is no web application here to put one before.
deny contains {"path": "waf", "value": mode, "limit": ["detect", "prevent"], "code": "waf"} if {
	mode := input.waf
	not is_null(mode)
	not mode in {"detect", "prevent"}
}
