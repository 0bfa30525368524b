# METADATA
# title: Everybody signs in with a second factor
# description: >-
#   Staff and administrators sign in with multi-factor authentication, with no more exceptions than agreed and no old
#   protocols that skip it.
# schemas:
#   - input: schema.sign_in
# custom:
#   id: SEC-013
#   kind: sign_in
#   needs: [mfa.required, mfa.exclusions, mfa.coverage_percent, legacy_auth]
#   scope: [audience]
#   terms: [mfa.required, mfa.max_exclusions]
#   clauses: [BB-LOG-8c, VWO-2.1.1]
#   gdpr: ["32(1)(b)", "32(4)"]
#   severity: critical
#   title_nl: Iedereen logt in met een tweede factor
#   description_nl: >-
#     Medewerkers en beheerders loggen in met multi-factor authenticatie, met niet meer uitzonderingen dan afgesproken
#     en zonder oude protocollen die dit overslaan.
#   remediation: >-
#     Entra ID: one Conditional Access policy for all users and apps that requires multi-factor, one that blocks
#     legacy authentication; exclude only break-glass accounts. Vault: enforce login MFA on every human mount. Elastic
#     Cloud: require single sign-on.
#   remediation_nl: >-
#     Entra ID: één Conditional Access-beleid voor alle gebruikers en apps dat multi-factor eist, en één dat legacy
#     authentication blokkeert; sluit alleen noodaccounts uit. Vault: dwing login-MFA af op elke ingang voor mensen.
#     Elastic Cloud: verplicht single sign-on.
#   messages:
#     default:
#       en: "a second factor is not required"
#       nl: "een tweede factor is niet verplicht"
#     exclusions:
#       en: "{value} accounts need no second factor; agreed: at most {limit}"
#       nl: "{value} accounts hebben geen tweede factor nodig; afgesproken: hoogstens {limit}"
#     coverage:
#       en: "{value} % of the accounts has a second factor; it must be {limit} %"
#       nl: "{value} % van de accounts heeft een tweede factor; dit moet {limit} % zijn"
#     no_coverage:
#       en: "no account has a second factor; it must be {limit} %"
#       nl: "geen account heeft een tweede factor; dit moet {limit} % zijn"
#     legacy:
#       en: "old protocols that know no second factor are accepted"
#       nl: "oude protocollen zonder tweede factor worden toegelaten"
package waarborg.security.multi_factor

applies if input.audience in {"admin", "staff"}

agreed if input.terms.mfa.required == true

deny contains {"path": "mfa.required", "value": input.mfa.required, "limit": true} if {
	agreed
	input.mfa.required != true
}

# No list of exclusions means that nobody is excluded.
deny contains {
	"path": "mfa.exclusions",
	"value": number,
	"limit": input.terms.mfa.max_exclusions,
	"code": "exclusions",
} if {
	agreed
	number := input.mfa.exclusions
	is_number(number)
	number > input.terms.mfa.max_exclusions
}

deny contains {"path": "mfa.coverage_percent", "value": percent, "limit": 100, "code": "coverage"} if {
	agreed
	percent := input.mfa.coverage_percent
	is_number(percent)
	percent < 100
}

deny contains {"path": "mfa.coverage_percent", "value": null, "limit": 100, "code": "no_coverage"} if {
	agreed
	is_null(input.mfa.coverage_percent)
}

deny contains {"path": "legacy_auth", "value": true, "limit": false, "code": "legacy"} if {
	agreed
	input.legacy_auth == true
}
