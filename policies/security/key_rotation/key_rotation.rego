# METADATA
# title: Keys are rotated in time
# description: A key that protects data was rotated within the agreed days, or will be by itself.
# schemas:
#   - input: schema.crypto_key
# custom:
#   id: SEC-036
#   kind: crypto_key
#   needs: [rotated_at, auto_rotate_days]
#   terms: [secrets.key_rotation_days]
#   clauses: [VWO-2.1.2]
#   gdpr: ["32(1)(a)", "32(1)(b)"]
#   severity: medium
#   title_nl: Sleutels worden op tijd vernieuwd
#   description_nl: >-
#     Een sleutel die gegevens beschermt, is binnen het afgesproken aantal dagen vernieuwd, of wordt vanzelf vernieuwd.
#   remediation: >-
#     Vault transit: vault write -f transit/keys/NAME/rotate, and set auto_rotate_period. Azure Key Vault: a rotation
#     policy on the key. Data under the old version stay readable; rewrap them when convenient.
#   remediation_nl: >-
#     Vault transit: vault write -f transit/keys/NAAM/rotate, en stel auto_rotate_period in. Azure Key Vault: een
#     rotation policy op de sleutel. Gegevens met de oude versie blijven leesbaar; versleutel ze daarna opnieuw
#     (rewrap).
#   messages:
#     default:
#       en: "the key was last rotated on {value}; agreed: every {limit} days"
#       nl: "de sleutel is voor het laatst vernieuwd op {value}; afgesproken: elke {limit} dagen"
#     never:
#       en: "the key was never rotated and does not rotate by itself; agreed: every {limit} days"
#       nl: "de sleutel is nooit vernieuwd en wordt niet vanzelf vernieuwd; afgesproken: elke {limit} dagen"
#     schedule:
#       en: "the key rotates every {value} days; agreed: every {limit}"
#       nl: "de sleutel wordt elke {value} dagen vernieuwd; afgesproken: elke {limit}"
#     future:
#       en: "the key has a rotation date in the future: {value}"
#       nl: "de sleutel heeft een vernieuwdatum in de toekomst: {value}"
package waarborg.security.key_rotation

# days is the number of whole days from a date, of which only the day counts, to the day of assessment.
days(date) := (time.parse_ns("2006-01-02", data.now.date) - time.parse_ns("2006-01-02", substring(date, 0, 10))) / 86400000000000

deny contains {"path": "rotated_at", "value": at, "limit": input.terms.secrets.key_rotation_days} if {
	at := input.rotated_at
	is_string(at)
	days(at) > input.terms.secrets.key_rotation_days
}

deny contains {
	"path": "rotated_at",
	"value": at,
	"limit": input.terms.secrets.key_rotation_days,
	"code": "future",
} if {
	at := input.rotated_at
	is_string(at)
	days(at) < 0
}

# A key that was never rotated may be new; then its schedule decides.
deny contains {
	"path": "rotated_at",
	"value": null,
	"limit": input.terms.secrets.key_rotation_days,
	"code": "never",
} if {
	is_null(input.rotated_at)
	is_null(input.auto_rotate_days)
}

deny contains {
	"path": "auto_rotate_days",
	"value": number,
	"limit": input.terms.secrets.key_rotation_days,
	"code": "schedule",
} if {
	is_null(input.rotated_at)
	number := input.auto_rotate_days
	is_number(number)
	number > input.terms.secrets.key_rotation_days
}
