# METADATA
# title: No policy of the secret store gives root-like rights
# description: No policy of the secret store gives sudo on sensitive paths, for it would open every secret and with
#   it the personal data behind.
# schemas:
#   - input: schema.secret_store
# custom:
#   id: ACC-015
#   kind: secret_store
#   needs: [sudo_policies]
#   clauses: [VWO-1.7]
#   gdpr: ["28(3)(b)", "32(1)(b)", "32(4)"]
#   severity: high
#   title_nl: Geen policy van de geheimenkluis geeft rechten als root
#   description_nl: Geen policy van de geheimenkluis geeft sudo op gevoelige paden, want die zou elk geheim openen
#     en zo ook de persoonsgegevens erachter.
#   remediation: "Vault: take the sudo capability out of the policy and name the paths and capabilities that the
#     work needs; for emergencies make a root token with several key holders (vault operator generate-root) and
#     revoke it after use. Azure Key Vault: replace Key Vault Administrator by narrower roles on request."
#   remediation_nl: "Vault: haal sudo uit de policy en noem de paden en rechten die het werk nodig heeft; maak voor
#     noodgevallen met meerdere sleutelhouders een root-token (vault operator generate-root) en trek het na gebruik in.
#     Azure Key Vault: vervang Key Vault Administrator door smallere rollen op verzoek."
#   messages:
#     default:
#       en: "these policies give root-like rights on the secret store: {value}"
#       nl: "deze policies geven rechten als root op de geheimenkluis: {value}"
package waarborg.access.sudo_policies

deny contains {"path": "sudo_policies", "value": input.sudo_policies, "limit": []} if {
	is_array(input.sudo_policies)
	count(input.sudo_policies) > 0
}
