package pdf

import (
	"cmp"
	"slices"
)

// passage is a small heading with a text.
type passage struct{ head, text string }

func (p *report) passages(list []passage) {
	for _, m := range list {
		p.caption(m.head, 2*body.lead)
		p.para(left, column, body, m.text)
	}
}

// method tells how the report was made and what it does not show.
func (p *report) method() {
	p.passages([]passage{
		{p.pick("From agreement to rules", "Van overeenkomst naar regels"), p.pick(
			"Every clause of the agreement is named. Where a system can show whether it is kept, rules look at facts; for the rest a person signs a statement, or a document or workflow proves it. A clause that nothing proves is shown as such.",
			"Elke bepaling van de overeenkomst is benoemd. Waar een systeem kan laten zien of zij wordt nagekomen, bekijken regels de feiten; voor de rest ondertekent een persoon een verklaring, of bewijst een document of werkstroom het. Een bepaling die nergens mee is bewezen, staat zo vermeld.")},
		{p.pick("From systems to facts", "Van systemen naar feiten"), p.pick(
			"Sources are read without changing them. What could not be read is kept as unknown, with the reason. A fact that is missing never counts as met. Names of people are replaced by pseudonyms before anything is kept.",
			"Bronnen worden gelezen zonder ze te veranderen. Wat niet kon worden gelezen, blijft onbekend, met de reden. Een feit dat ontbreekt, telt nooit als voldaan. Namen van personen worden vervangen door pseudoniemen voordat iets wordt bewaard.")},
		{p.pick("From facts to outcomes", "Van feiten naar uitkomsten"), p.pick(
			"A rule compares the facts of one object with the terms in force for the customer on the day of assessment. The same facts, terms and rules always give the same outcome. Outcomes are not kept as truth of their own: they can be made again from the attached evidence, and compared.",
			"Een regel vergelijkt de feiten van één object met de afspraken die op de dag van beoordeling voor de klant gelden. Dezelfde feiten, afspraken en regels geven altijd dezelfde uitkomst. Uitkomsten zijn geen waarheid op zichzelf: ze kunnen uit het bijgevoegde bewijs opnieuw worden gemaakt en vergeleken.")},
		{p.pick("What this report shows", "Wat dit rapport toont"), p.pick(
			"It states what was met, when, and on what evidence: the state of the systems that were read, at the moment they were read, against the terms of that day.",
			"Het vermeldt aan welke afspraken was voldaan, wanneer, en op grond van welk bewijs: de toestand van de gelezen systemen, op het moment van lezen, naast de afspraken van die dag.")},
		{p.pick("What it does not show", "Wat het niet toont"), p.pick(
			"It is no legal judgement and no seal of approval. It says nothing about systems that are not named as a source, about what happened before or after the moment of reading, or about facts that a source reports wrongly. An attestation is the word of the person who signed it. Rules that met no object looked at nothing.",
			"Het is geen juridisch oordeel en geen keurmerk. Het zegt niets over systemen die niet als bron zijn genoemd, over wat voor of na het moment van lezen gebeurde, of over feiten die een bron verkeerd meldt. Een verklaring is het woord van wie haar ondertekende. Regels die geen object troffen, hebben niets bekeken.")},
	})
	if p.d.Customer != nil {
		p.passages([]passage{{p.pick("What a customer sees", "Wat een klant ziet"), p.pick(
			"This report is made from the customer's own part of the evidence. Objects that serve everybody are shown under a number, and facts that could name others are withheld. There is nothing of any other customer in it.",
			"Dit rapport is gemaakt uit het eigen deel van het bewijs van de klant. Objecten die voor iedereen werken, staan er onder een nummer in, en feiten die anderen kunnen noemen, zijn weggelaten. Er staat niets van een andere klant in.")}})
	}
}

// glossary says the words of the report in plain language.
func (p *report) glossary() {
	list := []passage{
		{p.pick("Assessment", "Beoordeling"), p.pick("one run of all rules over all objects, at one moment.", "één keer alle regels over alle objecten, op één moment.")},
		{p.pick("Attestation", "Verklaring"), p.pick("a signed statement of a person that a measure is in place, valid until a day.", "een ondertekende uitspraak van een persoon dat een maatregel er is, geldig tot een dag.")},
		{p.pick("Clause", "Bepaling"), p.pick("one duty from the agreement, with an id of its own.", "één plicht uit de overeenkomst, met een eigen kenmerk.")},
		{p.pick("Controller", "Verwerkingsverantwoordelijke"), p.pick("who decides why and how personal data are used: the customer.", "wie bepaalt waarom en hoe persoonsgegevens worden gebruikt: de klant.")},
		{p.pick("Digest (SHA-256)", "Vingerafdruk (SHA-256)"), p.pick("a number that changes when even one byte of a file changes.", "een getal dat verandert als ook maar één byte van een bestand verandert.")},
		{p.pick("Evidence", "Bewijs"), p.pick("the facts that were collected, as they were sealed.", "de verzamelde feiten, zoals ze zijn verzegeld.")},
		{p.pick("Object", "Object"), p.pick("one thing that was looked at: a database, an account, a supplier, a flow of data.", "één ding dat is bekeken: een database, een account, een leverancier, een gegevensstroom.")},
		{p.pick("Outcome", "Uitkomst"), p.pick("what one rule says of one object.", "wat één regel zegt over één object.")},
		{p.pick("Processor", "Verwerker"), p.pick("who handles personal data on behalf of the customer.", "wie persoonsgegevens verwerkt in opdracht van de klant.")},
		{p.pick("Seal", "Zegel"), p.pick("a signature over all collected facts at once; one changed fact breaks it.", "een handtekening over alle verzamelde feiten samen; één veranderd feit breekt het zegel.")},
		{p.pick("Sub-processor", "Subverwerker"), p.pick("a supplier that handles personal data for the processor.", "een leverancier die persoonsgegevens verwerkt voor de verwerker.")},
		{p.pick("Waiver", "Acceptatie"), p.pick("a finding that two people accepted until a day, with the reason.", "een bevinding die twee personen tot een dag hebben aanvaard, met de reden.")},
	}
	slices.SortFunc(list, func(a, b passage) int { return cmp.Compare(a.head, b.head) })
	p.y += 2
	for _, g := range list {
		const label = 160.0
		lines := p.lines(body, column-label, g.text)
		p.need(float64(len(lines)) * body.lead)
		p.text(left, p.y+body.baseline(), bodyBold, p.fit(bodyBold, label-8, g.head))
		p.write(left+label, body, lines)
		p.y += 3
	}
}
