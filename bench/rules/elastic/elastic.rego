# METADATA
# title: Elastic is in the name of a Dutch address
# description: Elastic is in the name of a Dutch address.
# custom:
#   id: BENCH-17
#   kinds: [terraform.azurerm_elastic_cloud_elasticsearch]
#   needs: [elastic_cloud_email_address]
#   severity: low
#   title_nl: Elastic staat op naam van een Nederlands adres
#   description_nl: Elastic staat op naam van een Nederlands adres.
#   remediation: Use an address that ends in .nl.
#   remediation_nl: Gebruik een adres dat eindigt op .nl.
#   messages:
#     default:
#       en: "the address does not end in .nl"
#       nl: "het adres eindigt niet op .nl"
package team.bench.elastic

# The address itself can be a person's, so it is not in the finding.
deny contains {"path": "elastic_cloud_email_address"} if {
	is_string(input.elastic_cloud_email_address)
	not endswith(input.elastic_cloud_email_address, ".nl")
}
