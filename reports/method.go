package reports

// Passage is a text under a small heading, or a word with what it means.
type Passage struct{ Head, Text string }

// Method says in a language how an assessment is made and what it does not show; with more for a customer's report.
func Method(lang string, customer bool) []Passage {
	w := wordsIn(lang)
	out := []Passage{
		{w.pick("From agreement to rules", "Van overeenkomst naar regels"), w.pick(
			"Every clause is named. Where a system can show whether it is kept, rules look at facts; for the rest a person signs a statement, or a document or workflow proves it. A clause that nothing proves is shown as such.",
			"Elke bepaling is benoemd. Waar een systeem kan laten zien of zij wordt nagekomen, bekijken regels de feiten; voor de rest ondertekent een persoon een verklaring, of bewijst een document of werkstroom het. Een bepaling die nergens mee is bewezen, staat zo vermeld.")},
		{w.pick("From systems to facts", "Van systemen naar feiten"), w.pick(
			"Sources are read without changing them. What could not be read is kept as unknown, with the reason. A fact that is missing never counts as met. Names of accounts and of who has rights are replaced by pseudonyms before anything is kept; names that people gave to systems and rules stay as they are.",
			"Bronnen worden gelezen zonder ze te veranderen. Wat niet kon worden gelezen, blijft onbekend, met de reden. Een feit dat ontbreekt, telt nooit als voldaan. Namen van accounts en van wie rechten heeft, worden vervangen door pseudoniemen voordat iets wordt bewaard; namen die mensen aan systemen en regels gaven, blijven zoals ze zijn.")},
		{w.pick("From facts to outcomes", "Van feiten naar uitkomsten"), w.pick(
			"A rule compares the facts of one resource with the terms in force for the customer on the day of assessment. The same facts, terms and rules always give the same outcome. Outcomes are not kept as truth of their own: they can be made again from the attached evidence, and compared.",
			"Een regel vergelijkt de feiten van één object met de afspraken die op de dag van beoordeling voor de klant gelden. Dezelfde feiten, afspraken en regels geven altijd dezelfde uitkomst. Uitkomsten zijn geen waarheid op zichzelf: ze kunnen uit het bijgevoegde bewijs opnieuw worden gemaakt en vergeleken.")},
		{w.pick("What this report shows", "Wat dit rapport toont"), w.pick(
			"It states what was met, when, and on what evidence: the state of the systems that were read, at the moment they were read, against the terms of that day.",
			"Het vermeldt aan welke afspraken was voldaan, wanneer, en op grond van welk bewijs: de toestand van de gelezen systemen, op het moment van lezen, naast de afspraken van die dag.")},
		{w.pick("What it does not show", "Wat het niet toont"), w.pick(
			"It is no legal judgement and no seal of approval. It says nothing about systems that are not named as a source, about what happened before or after the moment of reading, or about facts that a source reports wrongly. An attestation is the word of the person who signed it. Rules that met no resource looked at nothing.",
			"Het is geen juridisch oordeel en geen keurmerk. Het zegt niets over systemen die niet als bron zijn genoemd, over wat voor of na het moment van lezen gebeurde, of over feiten die een bron verkeerd meldt. Een verklaring is het woord van wie haar ondertekende. Regels die geen object troffen, hebben niets bekeken.")},
	}
	if customer {
		out = append(out, Passage{w.pick("What a customer sees", "Wat een klant ziet"), w.pick(
			"This report is made from the customer's own part of the evidence. Resources that may serve others too are shown under a number, since they may be named after them, and facts that could name others are withheld. Resources of others are not in it. Only the number of sealed pieces of evidence depends on others, and that number is padded, so that it tells little.",
			"Dit rapport is gemaakt uit het eigen deel van het bewijs van de klant. Objecten die ook voor anderen kunnen werken, staan er onder een nummer in, want hun naam kan die anderen noemen, en feiten die anderen kunnen noemen, zijn weggelaten. Objecten van anderen staan er niet in. Alleen het aantal verzegelde stukken bewijs hangt van anderen af, en dat aantal is aangevuld, zodat het weinig zegt.")})
	}
	return out
}

// Glossary explains the words of a report, in the order of the alphabet of its language.
func Glossary(lang string) []Passage {
	if lang == "nl" {
		return []Passage{
			{"Acceptatie", "Een besluit van twee personen om iets dat niet voldoet tot een vaste dag te laten staan. Het blijft niet voldaan."},
			{"Bepaling", "Een stukje van de overeenkomst met een eigen nummer, zoals VWO-3.1."},
			{"Bevinding", "Wat een regel zegt over een of meer objecten, bijvoorbeeld dat iets niet voldoet."},
			{"Bewijs", "Wat er uit systemen en bestanden is gelezen, met de tijd en de plaats."},
			{"Klant", "Wie bepaalt waarom en hoe de gegevens worden verwerkt. De wet noemt dit de verwerkingsverantwoordelijke."},
			{"Object", "Iets dat is bekeken: een opslagplaats, een account, een verbinding, een leverancier."},
			{"Onbekend", "Kon niet worden beoordeeld, omdat een feit ontbrak of omdat een persoon moet beslissen."},
			{"Regel", "Een controle die altijd op dezelfde manier wordt uitgevoerd."},
			{"Subverwerker", "Een ander bedrijf dat de verwerker inschakelt en dat bij de gegevens kan."},
			{"Uitkomst", "Wat één regel zegt over één object."},
			{"Verklaring", "Bewijs dat alleen een persoon kan geven, ondertekend en met een einddatum."},
			{"Verwerker", "Wie persoonsgegevens verwerkt in opdracht van de klant."},
			{"Vingerafdruk (SHA-256)", "Een getal dat bij precies één bestand hoort. Verandert het bestand, dan verandert het getal."},
			{"Volgens eigen opgave", "Voldaan volgens wat de verwerker zelf vastlegt, zoals het register. Geen gelezen systeem heeft het laten zien."},
			{"Zegel", "Een handtekening over het bewijs, die laat zien dat er niets aan is veranderd."},
		}
	}
	return []Passage{
		{"As recorded by itself", "Met by what the processor itself writes down, such as the register. No system that was read has shown it."},
		{"Attestation", "Evidence that only a person can give, signed and with an end date."},
		{"Clause", "A piece of the agreement with a number of its own, such as VWO-3.1."},
		{"Customer", "Who decides why and how the data are processed. The law says controller."},
		{"Evidence", "What was read from systems and files, with time and place."},
		{"Finding", "What a rule says about one or more resources, such as that something is not met."},
		{"Fingerprint (SHA-256)", "A number that belongs to exactly one file. If the file changes, so does the number."},
		{"Outcome", "What one rule says of one resource."},
		{"Processor", "Who processes personal data on behalf of the customer."},
		{"Resource", "Something that was looked at: a store, an account, a connection, a supplier."},
		{"Rule", "A check that is always done in the same way."},
		{"Seal", "A signature over the evidence, which shows that nothing in it was changed."},
		{"Sub-processor", "Another company that the processor brings in and that can reach the data."},
		{"Unknown", "Could not be evaluated, because a fact was missing or because a person must decide."},
		{"Waiver", "A decision of two people to let stand, until a set day, something that is not met. It stays not met."},
	}
}
