# METADATA
# title: Production databases survive the loss of a zone
# description: A database of production runs in more than one zone or region.
# schemas:
#   - input: schema.datastore
# custom:
#   id: TEAM-DB-001
#   kind: datastore
#   needs: [redundancy]
#   scope: [environment, engine]
#   severity: medium
#   title_nl: Productiedatabases overleven het verlies van een zone
#   description_nl: Een database van productie draait in meer dan een zone of regio.
#   remediation: Switch on zone redundancy or high availability for the server.
#   remediation_nl: Zet zoneredundantie of hoge beschikbaarheid aan voor de server.
#   messages:
#     default:
#       en: "redundancy is {value}; ours need a second zone or region"
#       nl: "redundantie is {value}; bij ons is een tweede zone of regio nodig"
package team.databases.redundancy

applies if {
	input.environment == "production"
	input.engine in {"postgresql", "mssql", "mysql"}
}

deny contains {"path": "redundancy", "value": "none"} if input.redundancy == "none"
