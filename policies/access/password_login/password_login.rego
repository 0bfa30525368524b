# METADATA
# title: Hosted databases are reached without local passwords
# description: Databases with personal data at a provider with personal identities refuse local accounts with
#   passwords.
# schemas:
#   - input: schema.datastore
# custom:
#   id: ACC-019
#   kind: datastore
#   needs: [authentication.password_login]
#   scope: [personal_data, engine, location]
#   clauses: [BB-LOG-3]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: medium
#   title_nl: Gehoste databases zijn te bereiken zonder lokale wachtwoorden
#   description_nl: Databases met persoonsgegevens bij een aanbieder met persoonlijke identiteiten weigeren lokale
#     accounts met wachtwoorden.
#   remediation: "Let people and services sign in with their identity at the provider. Azure Database for
#     PostgreSQL: Entra authentication on, password authentication off. Azure SQL: Entra-only authentication. Azure
#     Database for MySQL: aad_auth_only = ON. Elastic Cloud: single sign-on for people, and personal or service API
#     keys; keep the built-in elastic user for emergencies."
#   remediation_nl: "Laat mensen en diensten zich aanmelden met hun identiteit bij de aanbieder. Azure Database for
#     PostgreSQL: Entra-authenticatie aan, wachtwoordauthenticatie uit. Azure SQL: alleen Entra-authenticatie. Azure
#     Database for MySQL: aad_auth_only = ON. Elastic Cloud: single sign-on voor mensen, en API-sleutels per persoon
#     of dienst; bewaar de ingebouwde gebruiker elastic voor noodgevallen."
#   messages:
#     default:
#       en: "this database accepts local accounts with passwords, although its provider has personal identities"
#       nl: "deze database aanvaardt lokale accounts met wachtwoorden, terwijl de aanbieder persoonlijke identiteiten heeft"
package waarborg.access.password_login

# On own hardware a login role a person can be a personal credential; whether it is shared is asked of each grant.
applies if {
	input.personal_data == true
	input.engine in {"postgresql", "mssql", "mysql", "elasticsearch"}
	input.location.provider in {"azure", "aws", "gcp", "elastic"}
}

deny contains {"path": "authentication.password_login", "value": true, "limit": false} if {
	input.authentication.password_login == true
}
