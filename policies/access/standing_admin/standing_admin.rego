# METADATA
# title: People do not administer personal data all the time
# description: People get administration rights to personal data only when they ask, and for a limited time.
#   Break-glass accounts have a rule of their own.
# schemas:
#   - input: schema.grant
# custom:
#   id: ACC-002
#   kind: grant
#   needs: [rights, standing]
#   scope: [personal_data, principal_type, break_glass]
#   terms: [access.standing_admin_allowed]
#   clauses: [VWO-1.7, VWO-2.1.1]
#   gdpr: ["28(3)(b)", "29", "32(1)(b)", "32(4)"]
#   severity: critical
#   title_nl: Mensen hebben niet altijd beheerrechten op persoonsgegevens
#   description_nl: Mensen krijgen beheerrechten op persoonsgegevens alleen op verzoek en voor korte tijd. Voor
#     noodaccounts geldt een eigen regel.
#   remediation: "Make the right one that people request for a limited time. Azure: replace the standing role
#     assignment by an eligible one in Privileged Identity Management. PostgreSQL: take SUPERUSER, CREATEROLE,
#     BYPASSRLS and table ownership from personal roles; grant an administration role with an end date when needed.
#     Vault: hand out short-lived tokens for administration. Elastic: take superuser and manage privileges off the
#     role mapping."
#   remediation_nl: "Maak er een recht van dat mensen voor korte tijd aanvragen. Azure: vervang de vaste
#     roltoewijzing door een in aanmerking komende (eligible) in Privileged Identity Management. PostgreSQL: haal
#     SUPERUSER, CREATEROLE, BYPASSRLS en het eigendom van tabellen weg bij persoonlijke rollen; geef een beheerrol
#     met einddatum als het nodig is. Vault: geef kortlevende tokens voor beheer. Elastic: haal superuser en
#     manage-rechten uit de role mapping."
#   messages:
#     default:
#       en: "a person can always administer personal data; agreed: only on request and for a limited time"
#       nl: "iemand heeft altijd beheerrechten op persoonsgegevens; afgesproken: alleen op verzoek en voor korte tijd"
#     group:
#       en: "a group can always administer personal data; check that no people are in it, or give the right only on request"
#       nl: "een groep heeft altijd beheerrechten op persoonsgegevens; ga na dat er geen mensen in zitten, of geef het recht alleen op verzoek"
package waarborg.access.standing_admin

applies if {
	input.personal_data == true
	input.principal_type in {"person", "guest", "group"}
	input.break_glass != true
}

# Where nothing can be requested for a while (absent), a right always stands.
standing_admin if {
	"administer" in input.rights
	input.standing != false
	input.terms.access.standing_admin_allowed == false
}

deny contains {"path": "standing", "value": input.standing, "limit": false} if {
	standing_admin
	input.principal_type in {"person", "guest"}
}

# A group may hold people or services, and its members are not part of the right.
unsure contains {"path": "standing", "code": "group", "value": input.standing} if {
	standing_admin
	input.principal_type == "group"
}
