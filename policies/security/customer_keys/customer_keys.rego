# METADATA
# title: Data are encrypted with own keys where agreed
# description: >-
#   Where the agreement asks for customer-managed keys, the platform does not hold the key of a datastore with
#   personal data.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-037
#   kind: datastore
#   needs: [encryption.key_custody]
#   scope: [personal_data]
#   terms: ["encryption.customer_keys?"]
#   clauses: [VWO-2.1.2]
#   gdpr: ["32(1)(a)"]
#   severity: high
#   title_nl: Gegevens zijn met eigen sleutels versleuteld waar dat is afgesproken
#   description_nl: >-
#     Waar eigen sleutels zijn afgesproken, is de sleutel van een gegevensopslag met persoonsgegevens niet in beheer
#     bij het platform.
#   remediation: >-
#     Azure: set a customer-managed key from Key Vault or Managed HSM on the storage account, SQL server or PostgreSQL
#     server (for PostgreSQL only when the server is made). Elastic Cloud: bring your own key.
#   remediation_nl: >-
#     Azure: stel een eigen sleutel (customer-managed key) uit Key Vault of Managed HSM in op het opslagaccount, de
#     SQL-server of de PostgreSQL-server (bij PostgreSQL alleen bij het aanmaken). Elastic Cloud: bring your own key.
#   messages:
#     default:
#       en: "the platform holds the key; agreed: a key of one's own"
#       nl: "het platform beheert de sleutel; afgesproken: een eigen sleutel"
#     none:
#       en: "there is no key; agreed: a key of one's own"
#       nl: "er is geen sleutel; afgesproken: een eigen sleutel"
package waarborg.security.customer_keys

applies if {
	input.personal_data == true
	input.terms.encryption.customer_keys == true
}

deny contains {"path": "encryption.key_custody", "value": custody, "limit": ["customer", "hsm"]} if {
	input.terms.encryption.customer_keys == true
	custody := input.encryption.key_custody
	is_string(custody)
	not custody in {"customer", "hsm"}
}

deny contains {"path": "encryption.key_custody", "value": null, "limit": ["customer", "hsm"], "code": "none"} if {
	input.terms.encryption.customer_keys == true
	is_null(input.encryption.key_custody)
}
