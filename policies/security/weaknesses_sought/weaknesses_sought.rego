# METADATA
# title: Weaknesses in the code are looked for
# description: Source code is scanned for secrets and for dependencies with known weaknesses.
# schemas:
#   - input: schema.repository
# custom:
#   id: SEC-026
#   kind: repository
#   needs: [secret_scanning, dependency_scanning]
#   clauses: [VWO-2.1.3]
#   gdpr: ["32(1)(d)"]
#   severity: high
#   title_nl: Er wordt gezocht naar kwetsbaarheden in de code
#   description_nl: Broncode wordt doorzocht op geheimen en op onderdelen met bekende kwetsbaarheden.
#   remediation: >-
#     GitHub: turn on secret scanning with push protection and Dependabot alerts. Azure DevOps: turn on GitHub
#     Advanced Security, or run a scanner in every build.
#   remediation_nl: >-
#     GitHub: zet secret scanning met push protection en Dependabot alerts aan. Azure DevOps: zet GitHub Advanced
#     Security aan, of draai een scanner in elke build.
#   messages:
#     default:
#       en: "dependencies are not scanned for known weaknesses"
#       nl: "onderdelen worden niet op bekende kwetsbaarheden onderzocht"
#     secrets:
#       en: "the code is not scanned for secrets"
#       nl: "de code wordt niet op geheimen doorzocht"
package waarborg.security.weaknesses_sought

deny contains {
	"path": "secret_scanning",
	"value": input.secret_scanning,
	"limit": true,
	"code": "secrets",
} if input.secret_scanning != true

deny contains {
	"path": "dependency_scanning",
	"value": input.dependency_scanning,
	"limit": true,
} if input.dependency_scanning != true
