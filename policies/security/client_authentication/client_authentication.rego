# METADATA
# title: Database clients prove who they are, over TLS
# description: >-
#   The host-based rules of a PostgreSQL database with personal data let nobody in without a credential, with an
#   insecure method or, from elsewhere, without TLS.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-043
#   kind: datastore
#   needs: [authentication.trust_entries, authentication.insecure_methods, authentication.no_tls_entries]
#   scope: [personal_data, engine]
#   clauses: [VWO-2.1.1, VWO-2.1.2]
#   gdpr: ["32(1)(a)", "32(1)(b)"]
#   severity: critical
#   title_nl: Wie met de database verbindt, bewijst over TLS wie hij is
#   description_nl: >-
#     De hostregels van een PostgreSQL-database met persoonsgegevens laten niemand binnen zonder inloggegevens, met
#     een onveilige methode of, vanaf een andere computer, zonder TLS.
#   remediation: >-
#     In pg_hba.conf replace trust, password and ident by scram-sha-256 or cert, write hostssl in place of host, and
#     reload.
#   remediation_nl: >-
#     Vervang in pg_hba.conf trust, password en ident door scram-sha-256 of cert, schrijf hostssl in plaats van host,
#     en laad de instellingen opnieuw.
#   messages:
#     default:
#       en: "{value} rules let clients in without a credential"
#       nl: "{value} regels laten verbindingen zonder inloggegevens toe"
#     methods:
#       en: "insecure ways to sign in are accepted: {value}"
#       nl: "onveilige manieren van inloggen worden toegelaten: {value}"
#     no_tls:
#       en: "{value} rules let remote clients in without TLS"
#       nl: "{value} regels laten verbindingen vanaf een andere computer zonder TLS toe"
package waarborg.security.client_authentication

applies if {
	input.personal_data == true
	input.engine == "postgresql"
}

deny contains {"path": "authentication.trust_entries", "value": number, "limit": 0} if {
	number := input.authentication.trust_entries
	is_number(number)
	number > 0
}

deny contains {"path": "authentication.insecure_methods", "value": methods, "limit": [], "code": "methods"} if {
	methods := input.authentication.insecure_methods
	is_array(methods)
	count(methods) > 0
}

deny contains {"path": "authentication.no_tls_entries", "value": number, "limit": 0, "code": "no_tls"} if {
	number := input.authentication.no_tls_entries
	is_number(number)
	number > 0
}
