# METADATA
# title: Management ports are closed to the internet
# description: Ports for management, such as SSH, remote desktop and databases, cannot be reached from the internet.
# schemas:
#   - input: schema.network
# custom:
#   id: SEC-023
#   kind: network
#   needs: [admin_ports_open]
#   clauses: [BB-LOG-8b, BB-LOG-6]
#   gdpr: ["32(1)(b)"]
#   severity: critical
#   title_nl: Beheerpoorten zijn dicht voor internet
#   description_nl: Poorten voor beheer, zoals SSH, remote desktop en databases, zijn niet bereikbaar vanaf internet.
#   remediation: >-
#     Azure: remove network security rules that allow ports such as 22, 3389, 5432, 8200 and 9200 from Internet, * or
#     0.0.0.0/0; manage through the VPN or Azure Bastion.
#   remediation_nl: >-
#     Azure: verwijder netwerkregels die poorten zoals 22, 3389, 5432, 8200 en 9200 toestaan vanaf Internet, * of
#     0.0.0.0/0; beheer via de VPN of Azure Bastion.
#   messages:
#     default:
#       en: "management ports are open to the internet"
#       nl: "beheerpoorten staan open voor internet"
package waarborg.security.management_ports

deny contains {
	"path": "admin_ports_open",
	"value": input.admin_ports_open,
	"limit": false,
} if input.admin_ports_open == true
