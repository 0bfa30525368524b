# METADATA
# title: Customers are kept apart
# description: A datastore with personal data of several customers keeps them apart by a means that the system
#   enforces.
# schemas:
#   - input: schema.datastore
# custom:
#   id: ACC-013
#   kind: datastore
#   needs: [tenancy.isolation]
#   scope: [personal_data]
#   clauses: [BB-SCH-2]
#   gdpr: ["32(1)(b)", "5(1)(f)"]
#   severity: critical
#   title_nl: Klanten zijn van elkaar gescheiden
#   description_nl: Een gegevensopslag met persoonsgegevens van meerdere klanten houdt die uit elkaar met een middel
#     dat
#     het systeem afdwingt.
#   remediation: "Separate the customers. PostgreSQL: row-level security that is enabled and forced on every table
#     with a customer column, or a schema or database each. Azure Storage: a container each, with rights on the
#     container. Elastic: an index each, or document-level security. Vault: a namespace or path each."
#   remediation_nl: "Scheid de klanten. PostgreSQL: row-level security die aanstaat en is afgedwongen (FORCE) op
#     elke tabel met een klantkolom, of een schema of database per klant. Azure Storage: een container per klant,
#     met rechten op de container. Elastic: een index per klant, of document-level security. Vault: een namespace of
#     pad per klant."
#   messages:
#     default:
#       en: "nothing in the system keeps the customers in this datastore apart (found: {value})"
#       nl: "niets in het systeem houdt de klanten in deze gegevensopslag uit elkaar (gevonden: {value})"
package waarborg.access.customers_apart

applies if input.personal_data == true

# Only what is known to separate counts: absent, none or a word that nobody here knows does not.
separations := ["container", "database", "dedicated", "index", "row_level_security", "schema"]

deny contains {"path": "tenancy.isolation", "value": isolation, "limit": separations} if {
	isolation := input.tenancy.isolation
	not isolation in separations
}
