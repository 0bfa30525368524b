# METADATA
# title: Logs go within 180 days
# description: Logs go within 180 days.
# custom:
#   id: BENCH-16
#   kinds: [terraform.azurerm_log_analytics_workspace]
#   needs: [retention_in_days]
#   severity: medium
#   title_nl: Logboeken zijn binnen 180 dagen weg
#   description_nl: Logboeken zijn binnen 180 dagen weg.
#   remediation: Lower retention_in_days.
#   remediation_nl: Verlaag retention_in_days.
#   messages:
#     default:
#       en: "logs are kept for {value} days; at most {limit}"
#       nl: "logboeken blijven {value} dagen; hoogstens {limit}"
package team.bench.log_retention

deny contains {"path": "retention_in_days", "value": input.retention_in_days, "limit": 180} if {
	input.retention_in_days > 180
}
