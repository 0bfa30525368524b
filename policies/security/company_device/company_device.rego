# METADATA
# title: Staff sign in from company devices only
# description: The sign-in lets in managed company devices and no others.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: SEC-014
#   kind: sign_in
#   needs: [company_device]
#   scope: [audience]
#   clauses: [BB-LOG-8a]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: high
#   title_nl: Medewerkers loggen alleen in met zakelijke apparaten
#   description_nl: De aanmelding laat alleen beheerde zakelijke apparaten toe.
#   remediation: >-
#     Entra ID: a Conditional Access policy for all apps that requires a compliant or hybrid-joined device. Elsewhere:
#     sign in through Entra ID, or require a client certificate that only managed devices have.
#   remediation_nl: >-
#     Entra ID: een Conditional Access-beleid voor alle apps dat een compliant of hybrid-joined apparaat eist. Elders:
#     log in via Entra ID, of eis een clientcertificaat dat alleen beheerde apparaten hebben.
#   messages:
#     default:
#       en: "devices of people themselves are let in"
#       nl: "privéapparaten worden toegelaten"
package waarborg.security.company_device

applies if input.audience in {"admin", "staff"}

deny contains {
	"path": "company_device",
	"value": input.company_device,
	"limit": true,
} if input.company_device != true
