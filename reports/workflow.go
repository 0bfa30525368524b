package reports

// workflowsNL names workflows in Dutch; in English their ids are names.
var workflowsNL = map[string]string{
	"instructions": "instructies", "disclosures": "verstrekkingen", "assistance": "bijstand", "breach": "datalekken", "requests": "verzoeken van betrokkenen",
	"amendments": "wijzigingen", "exit": "einde van het contract", "subprocessors": "subverwerkers", "access-reviews": "controle van rechten",
}

// ProofName is what a proof of a clause is called on pages: a workflow by a word of the language, all else by its id.
func ProofName(kind, id, lang string) string {
	if dutch, ok := workflowsNL[id]; ok && kind == "workflow" && lang == "nl" {
		return dutch
	}
	return id
}
