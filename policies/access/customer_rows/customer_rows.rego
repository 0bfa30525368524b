# METADATA
# title: Row-level security covers every table with customers' rows
# description: Where row-level security keeps customers apart, no table with a customer column is left without an
#   enforced policy.
# schemas:
#   - input: schema.datastore
# custom:
#   id: ACC-018
#   kind: datastore
#   needs: [tenancy.unprotected]
#   scope: [personal_data, tenancy.isolation]
#   clauses: [BB-SCH-2]
#   gdpr: ["32(1)(b)", "5(1)(f)"]
#   severity: critical
#   title_nl: Row-level security geldt voor elke tabel met rijen van klanten
#   description_nl: Waar row-level security klanten scheidt, heeft elke tabel met een klantkolom een afgedwongen
#     policy.
#   remediation: "PostgreSQL: ALTER TABLE … ENABLE ROW LEVEL SECURITY and FORCE ROW LEVEL SECURITY, with a policy on
#     the customer column, for each table named; run the application as a role that does not own the tables and has
#     no BYPASSRLS. SQL Server: add the table to the security policy."
#   remediation_nl: "PostgreSQL: ALTER TABLE … ENABLE ROW LEVEL SECURITY en FORCE ROW LEVEL SECURITY, met een policy
#     op de klantkolom, voor elke genoemde tabel; laat de applicatie draaien als een rol die niet de eigenaar van de
#     tabellen is en geen BYPASSRLS heeft. SQL Server: voeg de tabel toe aan de security policy."
#   messages:
#     default:
#       en: "no enforced policy keeps the customers apart in these tables: {value}"
#       nl: "geen afgedwongen policy houdt de klanten uit elkaar in deze tabellen: {value}"
package waarborg.access.customer_rows

applies if {
	input.personal_data == true
	input.tenancy.isolation == "row_level_security"
}

deny contains {"path": "tenancy.unprotected", "value": input.tenancy.unprotected, "limit": []} if {
	is_array(input.tenancy.unprotected)
	count(input.tenancy.unprotected) > 0
}
