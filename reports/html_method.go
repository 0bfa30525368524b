package reports

// methodText says how an assessment works and what it does not show, a paragraph each.
func methodText(w words, oneCustomer bool) []string {
	out := []string{
		w.pick("Waarborg reads how systems are set up: settings, roles, regions, periods. It reads metadata only, never the content of personal data, and changes nothing. What it read is the evidence.",
			"Waarborg leest hoe systemen zijn ingesteld: instellingen, rollen, regio's, termijnen. Het leest alleen metagegevens, nooit de inhoud van persoonsgegevens, en verandert niets. Wat het las, is het bewijs."),
		w.pick("Rules compare the evidence with what the agreement says. Each rule names the clauses it is about. The same evidence, rules and agreement always give the same outcome.",
			"Regels vergelijken het bewijs met wat de overeenkomst zegt. Elke regel noemt de bepalingen waar zij over gaat. Hetzelfde bewijs, dezelfde regels en dezelfde overeenkomst geven altijd dezelfde uitkomst."),
		w.pick("An outcome is “met” only if all the facts that a rule needs were read and are as agreed. What could not be read is “unknown”, with the reason, and never counts as met.",
			"Een uitkomst is alleen ‘voldaan’ als alle feiten die een regel nodig heeft zijn gelezen en kloppen met de afspraak. Wat niet kon worden gelezen is ‘onbekend’, met de reden, en telt nooit als voldaan."),
		w.pick("“Waived” means: not met, but accepted by two people until a set day.",
			"‘Geaccepteerd’ betekent: niet voldaan, maar door twee personen geaccepteerd tot een vaste dag."),
		w.pick("Much of an agreement leaves no trace in systems. A clause that nothing proves is shown as such. A signed statement of a person, an attestation, can prove it for a time, but never covers what a system shows to be otherwise.",
			"Veel van een overeenkomst laat geen spoor na in systemen. Een bepaling die nergens mee is bewezen, staat er ook zo. Een ondertekende verklaring van een persoon kan haar voor een tijd bewijzen, maar dekt nooit af wat een systeem anders laat zien."),
		w.pick("This report says what was met at the moment of the assessment, on the evidence named here. It says nothing of other moments, nor of systems that were not read. It is no legal advice.",
			"Dit rapport zegt waaraan is voldaan op het moment van de beoordeling, op het bewijs dat hier is genoemd. Het zegt niets over andere momenten of over systemen die niet zijn gelezen. Het is geen juridisch advies."),
	}
	if oneCustomer {
		out = append(out, w.pick("This report is about one customer. What serves all customers has an alias here, such as shared/datastore/12, as its own name could be about somebody else.",
			"Dit rapport gaat over één klant. Wat alle klanten dient, heet hier anders, zoals shared/datastore/12, want de eigen naam kan over een ander gaan."))
	}
	return out
}

// glossary explains the words of a report, in the order of the alphabet of its language.
func glossary(w words) [][2]string {
	if w.lang == "nl" {
		return [][2]string{
			{"Acceptatie", "Een besluit van twee personen om iets dat niet voldoet tot een vaste dag te laten staan. Het blijft niet voldaan."},
			{"Bepaling", "Een stukje van de overeenkomst met een eigen nummer, zoals VWO-3.1."},
			{"Bevinding", "Wat een regel zegt over een of meer objecten, bijvoorbeeld dat iets niet voldoet."},
			{"Bewijs", "Wat er uit systemen en bestanden is gelezen, met de tijd en de plaats."},
			{"Klant", "Wie de gegevens laat verwerken. De wet noemt dit de verwerkingsverantwoordelijke."},
			{"Object", "Iets dat is bekeken: een opslagplaats, een account, een verbinding, een leverancier."},
			{"Onbekend", "Kon niet worden beoordeeld, omdat een feit ontbrak of omdat een mens moet beslissen."},
			{"Regel", "Een controle die altijd op dezelfde manier wordt uitgevoerd."},
			{"Subverwerker", "Een ander bedrijf dat de verwerker inschakelt en dat bij de gegevens kan."},
			{"Vingerafdruk (SHA-256)", "Een getal dat bij precies één bestand hoort. Verandert het bestand, dan verandert het getal."},
			{"Verklaring", "Bewijs dat alleen een persoon kan geven, ondertekend en met een einddatum."},
			{"Verwerker", "Wie persoonsgegevens verwerkt in opdracht van de klant."},
			{"Zegel", "Een handtekening over het bewijs, die laat zien dat er niets aan is veranderd."},
		}
	}
	return [][2]string{
		{"Attestation", "Evidence that only a person can give, signed and with an end date."},
		{"Clause", "A piece of the agreement with a number of its own, such as VWO-3.1."},
		{"Customer", "Who has the data processed. The law says controller."},
		{"Evidence", "What was read from systems and files, with time and place."},
		{"Finding", "What a rule says about one or more resources, such as that something is not met."},
		{"Fingerprint (SHA-256)", "A number that belongs to exactly one file. If the file changes, so does the number."},
		{"Processor", "Who processes personal data on behalf of the customer."},
		{"Resource", "Something that was looked at: a store, an account, a connection, a supplier."},
		{"Rule", "A check that is always done in the same way."},
		{"Seal", "A signature over the evidence, which shows that nothing in it was changed."},
		{"Sub-processor", "Another company that the processor brings in and that can reach the data."},
		{"Unknown", "Could not be evaluated, because a fact was missing or because a person must decide."},
		{"Waiver", "A decision of two people to let stand, until a set day, something that is not met. It stays not met."},
	}
}
