# METADATA
# title: Connections to personal data are encrypted
# description: >-
#   A datastore with personal data refuses connections without TLS, and those with an older TLS version than agreed.
# schemas:
#   - input: schema.datastore
# custom:
#   id: SEC-002
#   kind: datastore
#   needs: [encryption.tls_required, encryption.min_tls]
#   scope: [personal_data]
#   terms: [encryption.min_tls]
#   clauses: [VWO-2.1.2]
#   gdpr: ["32(1)(a)"]
#   severity: high
#   title_nl: Verbindingen met persoonsgegevens zijn versleuteld
#   description_nl: >-
#     Een gegevensopslag met persoonsgegevens weigert verbindingen zonder TLS en met een oudere TLS-versie dan
#     afgesproken.
#   remediation: >-
#     Azure: set "secure transfer required" or require_secure_transport, and the minimum TLS version. PostgreSQL: ssl
#     = on, ssl_min_protocol_version, and only hostssl lines in pg_hba.conf. Elastic: xpack.security.http.ssl.enabled
#     and supported_protocols.
#   remediation_nl: >-
#     Azure: zet "secure transfer required" of require_secure_transport aan, en de minimale TLS-versie. PostgreSQL:
#     ssl = on, ssl_min_protocol_version, en alleen hostssl-regels in pg_hba.conf. Elastic:
#     xpack.security.http.ssl.enabled en supported_protocols.
#   messages:
#     default:
#       en: "connections with TLS {value} are accepted; agreed: at least {limit}"
#       nl: "verbindingen met TLS {value} worden toegelaten; afgesproken: minstens {limit}"
#     plain:
#       en: "connections without encryption are accepted"
#       nl: "onversleutelde verbindingen worden toegelaten"
#     no_minimum:
#       en: "no minimum TLS version is set; agreed: at least {limit}"
#       nl: "er is geen minimale TLS-versie ingesteld; afgesproken: minstens {limit}"
package waarborg.security.encryption_in_transit

applies if input.personal_data == true

versions := ["1.0", "1.1", "1.2", "1.3"]

# A version that is not in the list is not known to be safe, so it is not accepted.
accepted contains version if {
	some i, limit in versions
	limit == input.terms.encryption.min_tls
	some j, version in versions
	j >= i
}

deny contains {
	"path": "encryption.tls_required",
	"value": input.encryption.tls_required,
	"limit": true,
	"code": "plain",
} if {
	input.encryption.tls_required != true
}

deny contains {"path": "encryption.min_tls", "value": version, "limit": input.terms.encryption.min_tls} if {
	version := input.encryption.min_tls
	not is_null(version)
	not version in accepted
}

deny contains {
	"path": "encryption.min_tls",
	"value": null,
	"limit": input.terms.encryption.min_tls,
	"code": "no_minimum",
} if {
	is_null(input.encryption.min_tls)
}
