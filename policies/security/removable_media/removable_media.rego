# METADATA
# title: Removable media are encrypted or blocked
# description: Laptops and desktops treat USB sticks and other removable media at least as strictly as agreed.
# schemas:
#   - input: schema.endpoint
# custom:
#   id: SEC-018
#   kind: endpoint
#   needs: [removable_media]
#   scope: [form]
#   terms: [endpoint.removable_media]
#   clauses: [BB-OVD-2]
#   gdpr: ["32(1)(a)"]
#   severity: medium
#   title_nl: Losse media zijn versleuteld of geblokkeerd
#   description_nl: >-
#     Laptops en desktops gaan minstens zo streng om met usb-sticks en andere losse media als afgesproken.
#   remediation: >-
#     Intune: deny write access to removable drives that BitLocker does not protect, or block removable storage
#     altogether by device control.
#   remediation_nl: >-
#     Intune: weiger schrijven naar losse schijven zonder BitLocker, of blokkeer losse opslag helemaal met device
#     control.
#   messages:
#     default:
#       en: "it is not known what the setting {value} means"
#       nl: "niet bekend is wat de instelling {value} betekent"
#     encrypted:
#       en: "removable media work without encryption; agreed: encrypted"
#       nl: "losse media werken zonder versleuteling; afgesproken: versleuteld"
#     blocked:
#       en: "removable media work; agreed: blocked"
#       nl: "losse media werken; afgesproken: geblokkeerd"
package waarborg.security.removable_media

applies if input.form in {"desktop", "laptop"}

levels := ["open", "encrypted", "blocked"]

accepted contains level if {
	some i, limit in levels
	limit == input.terms.endpoint.removable_media
	some j, level in levels
	j >= i
}

# Where nothing is set, every stick works.
level := "open" if is_null(input.removable_media)

level := input.removable_media if is_string(input.removable_media)

deny contains {
	"path": "removable_media",
	"value": level,
	"limit": input.terms.endpoint.removable_media,
	"code": input.terms.endpoint.removable_media,
} if {
	level in levels
	not level in accepted
}

deny contains {
	"path": "removable_media",
	"value": level,
	"limit": input.terms.endpoint.removable_media,
} if not level in levels
