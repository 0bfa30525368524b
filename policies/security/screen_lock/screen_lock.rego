# METADATA
# title: Screens lock by themselves
# description: Laptops, desktops and phones lock after no more idle minutes than agreed.
# schemas:
#   - input: schema.endpoint
# custom:
#   id: SEC-021
#   kind: endpoint
#   needs: [screen_lock_minutes]
#   scope: [form]
#   terms: [endpoint.screen_lock_minutes]
#   clauses: [BB-FYS-6]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: medium
#   title_nl: Schermen gaan vanzelf op slot
#   description_nl: Laptops, desktops en telefoons gaan na hoogstens het afgesproken aantal minuten op slot.
#   remediation: >-
#     Set the maximum minutes of inactivity with a password required in the device management (Intune: device
#     restrictions).
#   remediation_nl: >-
#     Stel in het apparaatbeheer het maximum aantal minuten zonder activiteit in, met verplicht wachtwoord (Intune:
#     device restrictions).
#   messages:
#     default:
#       en: "the screen locks after {value} minutes; agreed: at most {limit}"
#       nl: "het scherm gaat op slot na {value} minuten; afgesproken: hoogstens {limit}"
#     never:
#       en: "the screen never locks; agreed: after at most {limit} minutes"
#       nl: "het scherm gaat nooit op slot; afgesproken: na hoogstens {limit} minuten"
package waarborg.security.screen_lock

applies if input.form in {"desktop", "laptop", "phone"}

deny contains {
	"path": "screen_lock_minutes",
	"value": minutes,
	"limit": input.terms.endpoint.screen_lock_minutes,
} if {
	minutes := input.screen_lock_minutes
	is_number(minutes)
	minutes > input.terms.endpoint.screen_lock_minutes
}

deny contains {
	"path": "screen_lock_minutes",
	"value": null,
	"limit": input.terms.endpoint.screen_lock_minutes,
	"code": "never",
} if {
	never
}

never if is_null(input.screen_lock_minutes)

# Windows and others write "never" as 0.
never if input.screen_lock_minutes == 0
