package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/evidence"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/sign/pades"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

// The attachments of a report, with what each is to the pages.
const (
	DocumentFile = "report.json"
	ResultsFile  = "results.json"
	EvidenceFile = "evidence.json.gz"
)

// Relationships says what the attachments of a report are to its pages (AFRelationship).
func Relationships() map[string]string {
	return map[string]string{DocumentFile: "Data", ResultsFile: "Data", EvidenceFile: "Source"}
}

// Content is what a report carries.
type Content struct {
	Document   reports.Document
	Results    assess.Results
	Assessment evidence.Assessment
	Files      map[string][]byte // the attachments by name
}

// Report judges a PDF as File does, and returns what it carries. Only a report that is Valid or a Draft may be relied on.
func (r Reader) Report(ctx context.Context, name string, raw []byte) (Verdict, Content) {
	v := r.inspect(name, raw)
	if len(raw) > MaxFile {
		v.tooLarge()
		return v.done(), Content{}
	}
	c := v.pdf(ctx, raw)
	return v.done(), c
}

// pdf judges a report and returns what it carries, as far as it could be read.
func (v *inspection) pdf(ctx context.Context, raw []byte) Content {
	v.Kind = "report"
	signed, err := pades.Verify(raw, pades.Limits{})
	if err != nil {
		v.refused(err)
		return Content{}
	}
	v.Level = signed.Level
	v.ok("form", v.pickf("Nothing in the file was changed after signing; the signature covers all of it (PAdES %s).", "Niets in het bestand is na het ondertekenen gewijzigd; de handtekening dekt het hele bestand (PAdES %s).", signed.Level))
	at, proven := v.moment(signed.At, signed.Signature)
	if at.After(v.Now.Add(skew)) {
		v.fail(NotTrusted, "time", v.pick("That lies in the future: a clock is wrong, or was set otherwise.", "Dat ligt in de toekomst: een klok loopt verkeerd, of is verzet."), "")
	}
	if !v.signer(signed.Signature.Chain, at, proven) {
		v.note("data", v.pick("What is in the file was not looked at, since nobody whom you trust signed it.", "Wat er in het bestand zit is niet bekeken, want niemand die u vertrouwt heeft het ondertekend."))
		return Content{}
	}
	if isRecord(signed) {
		v.record(signed, at)
		return Content{}
	}
	c, ok := v.content(signed)
	if !ok {
		return Content{}
	}
	v.order(c, at)
	v.subject(c)
	if name := signed.Signature.Chain[0].Subject; name.CommonName != c.Document.Processor.Name && !slices.Contains(name.Organization, c.Document.Processor.Name) {
		v.note("signer", v.pickf("The report speaks of the processor %s, and the certificate names %s: make sure that these are the same.", "Het rapport gaat over de verwerker %s, en het certificaat noemt %s: ga na of dat dezelfde is.",
			reports.Plain(c.Document.Processor.Name), reports.Plain(name.CommonName)))
	}
	v.evidence(c.Assessment)
	v.release(c.Document, at)
	v.replay(ctx, c, signed)
	return c
}

// order holds the moments of a report against each other: collected, assessed, prepared, released, signed.
func (v *inspection) order(c Content, signed time.Time) {
	times := []time.Time{c.Assessment.Header.CreatedAt, c.Results.At}
	if r := c.Document.Release; r != nil {
		for _, s := range []*reports.Step{r.Prepared, r.Released} {
			if s != nil {
				times = append(times, s.At)
			}
		}
	}
	times = append(times, signed)
	for i := 1; i < len(times); i++ {
		if times[i-1].After(times[i].Add(skew)) {
			v.fail(NotTrusted, "time", v.pickf("The times in it contradict each other: collected %s, assessed %s, signed %s. A clock is wrong, or was set back.",
				"De tijden erin spreken elkaar tegen: verzameld %s, beoordeeld %s, ondertekend %s. Een klok loopt verkeerd, of is teruggezet.",
				v.time(times[0]), v.time(times[1]), v.time(signed)), "")
			return
		}
	}
}

// refused tells why a PDF is no intact report.
func (v *inspection) refused(err error) {
	switch {
	case errors.Is(err, pades.ErrNotSigned):
		v.fail(NotTrusted, "form", v.pick("The file is not signed.", "Het bestand is niet ondertekend."), v.pick("ask for the signed report", "vraag om het ondertekende rapport"))
	case errors.Is(err, pades.ErrTooLarge):
		v.fail(Unreadable, "form", v.pick("The file, or something in it, is too large to be one of ours.", "Het bestand, of iets erin, is te groot om er een van ons te zijn."), "")
	default:
		v.fail(Broken, "form", v.pick("The file was changed after signing, or another program made it.", "Het bestand is na het ondertekenen gewijzigd, of door een ander programma gemaakt."),
			v.pick("get the original file again; do not rely on this one", "vraag het oorspronkelijke bestand opnieuw; vertrouw niet op dit bestand"))
		v.note("form", v.plainError(err))
	}
}

// plainError gives an error's own words, for an expert; they quote nothing of the file.
func (v *inspection) plainError(err error) string {
	words := say.Of(err).In(v.Language)
	if hint := say.HintOf(err).In(v.Language); hint != "" {
		words += "; " + hint
	}
	return reports.Plain(words)
}

// content reads the attachments and holds them against each other.
func (v *inspection) content(signed pades.Signed) (Content, bool) {
	c := Content{Files: map[string][]byte{}}
	for _, f := range signed.Attachments {
		if want, known := Relationships()[f.Name]; !known || f.Relationship != want || c.Files[f.Name] != nil {
			v.contradicts(v.pick("there is an attachment in it that no report has", "er zit een bijlage in die geen rapport heeft"))
			return c, false
		}
		c.Files[f.Name] = f.Content
	}
	if len(c.Files) != len(Relationships()) {
		v.contradicts(v.pick("an attachment is missing", "er ontbreekt een bijlage"))
		return c, false
	}
	if why := c.read(v); why != "" {
		v.contradicts(why)
		return c, false
	}
	follows := dpa.CheckCoverage(c.Document.Coverage, c.Results.Clauses, c.Document.Language) == nil
	if !follows && (c.Document.Version == v.Version || dpa.CheckCoverageOfOthers(c.Document.Coverage, c.Results.Clauses) != nil) {
		v.contradicts(v.pick("the states of the clauses do not follow from what proves them", "de toestand van de bepalingen volgt niet uit wat ze bewijst"))
		return c, false
	}
	v.ok("data", v.pick("The data in the file fit together: document, results and evidence.", "De gegevens in het bestand passen bij elkaar: document, resultaten en bewijs."))
	if !follows { // its clauses had other words, or there were others: that is no forgery
		v.note("data", v.pickf("Waarborg %s made this; this version (%s) has other clauses, or in other words. That no clause stands better than its rules was checked, their words and whether they are complete was not: use that version for it.",
			"Waarborg %s maakte dit; deze versie (%s) heeft andere bepalingen, of met andere woorden. Dat geen bepaling beter staat dan haar regels is gecontroleerd, haar tekst en of ze compleet zijn niet: gebruik daarvoor die versie.", reports.Plain(c.Document.Version), v.Version))
	}
	return c, true
}

func (v *inspection) contradicts(why string) {
	v.fail(Broken, "data", v.pickf("The data in the file contradict each other: %s.", "De gegevens in het bestand spreken elkaar tegen: %s.", why), v.pick("ask whoever signed it to explain", "vraag wie het ondertekende om uitleg"))
}

// read decodes the attachments. It returns what does not fit, in words.
func (c *Content) read(v *inspection) string {
	var err error
	if c.Document, err = reports.ParseDocument(c.Files[DocumentFile]); err != nil {
		return v.pick("its document cannot be read", "het document is niet te lezen")
	}
	if c.Results, err = reports.ParseResults(c.Files[ResultsFile]); err != nil {
		return v.pick("its results cannot be read", "de resultaten zijn niet te lezen")
	}
	if c.Assessment, err = evidence.DecodePacked(c.Files[EvidenceFile], evidence.Limits{}); err != nil {
		return v.pick("its evidence cannot be read", "het bewijs is niet te lezen")
	}
	if !maps.Equal(c.Document.Files, Hashes(map[string][]byte{ResultsFile: c.Files[ResultsFile], EvidenceFile: c.Files[EvidenceFile]})) {
		return v.pick("the document names other results or evidence", "het document noemt andere resultaten of ander bewijs")
	}
	id := ""
	if c.Document.Customer != nil {
		id = c.Document.Customer.ID
	}
	r, a, d := c.Results, c.Assessment, c.Document
	root, sealer := "", ""
	if a.Seal != nil {
		root, sealer = a.Header.Root, a.Seal.KeyID
	}
	if id != r.Customer || id != a.Customer || d.Language != r.Language || !r.At.Equal(a.At) || r.Evidence.Root != root || r.Evidence.SealedBy != sealer || r.Evidence.Rules != a.Rules {
		return v.pick("document, results and evidence are of different assessments", "document, resultaten en bewijs zijn van verschillende beoordelingen")
	}
	if !attested(d) {
		return v.pick("an attestation that proves a clause is not in it, or does not count", "een verklaring die een bepaling bewijst zit er niet in, of telt niet")
	}
	if hides(d, a) {
		return v.pick("it leaves out clauses about an application that a customer takes", "het laat bepalingen weg over een toepassing die een klant afneemt")
	}
	if ofAnother(a) {
		return v.pick("the evidence is of another customer", "het bewijs is van een andere klant")
	}
	return ""
}

// attested tells whether each attestation that proves a clause is there, speaks of that clause and still counted.
func attested(d reports.Document) bool {
	for _, row := range d.Coverage {
		for _, p := range row.Proofs {
			counts := slices.ContainsFunc(d.Attestations, func(a reports.Attestation) bool {
				return a.ID == p.ID && a.Proves && slices.Contains(a.Clauses, row.Clause)
			})
			if p.Type == "attestation" && p.State == dpa.CoverageAttested && !counts {
				return false
			}
		}
	}
	return true
}

// hides tells whether clauses stand as not applicable that are about an application which, by the evidence, a customer takes.
func hides(d reports.Document, a evidence.Assessment) bool {
	without, err := dpa.CoverageNotTakenBy(d.Coverage)
	return err != nil || slices.ContainsFunc(a.Customers, func(c evidence.Customer) bool {
		mine := d.Customer == nil || c.ID == d.Customer.ID
		return c.ID != assess.Standard && mine && slices.ContainsFunc(without, func(app string) bool { return slices.Contains(c.Applications, app) })
	})
}

// ofAnother tells whether a slice shows a resource that, by the snapshot, serves somebody else: it was made for another
// customer and got a new name. Proofs do not show that, for they do not say whose slice it is.
func ofAnother(a evidence.Assessment) bool {
	return !a.Whole() && slices.ContainsFunc(a.Resources, func(e evidence.Entry) bool {
		r, err := e.Resource()
		return err != nil || !e.Scope.Withheld() && !slices.Equal(r.Scope.Customers, []string{a.Customer})
	})
}

// Hashes lists files by digest, as a Document names them.
func Hashes(files map[string][]byte) map[string]reports.FileHash {
	out := map[string]reports.FileHash{}
	for name, content := range files {
		sum := sha256.Sum256(content)
		out[name] = reports.FileHash{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content))}
	}
	return out
}

// Attachments are the files of a report in the order in which its PDF holds them.
func Attachments(files map[string][]byte, lang string) []pdf.Attachment {
	what := map[string]assess.Text{
		DocumentFile: {EN: "what the pages say, as data", NL: "wat de pagina's zeggen, als gegevens"},
		ResultsFile:  {EN: "results in canonical JSON", NL: "resultaten in canonieke JSON"},
		EvidenceFile: {EN: "what the results rest on, with proofs", NL: "waar de resultaten op rusten, met bewijzen"},
	}
	var out []pdf.Attachment
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out = append(out, pdf.Attachment{Name: name, Description: what[name].In(lang), Content: files[name]})
	}
	return out
}

func (v *inspection) subject(c Content) {
	s := c.Results.Summary
	v.Subject = &Subject{Processor: c.Document.Processor.Name, Assessed: c.Results.At, Collected: c.Results.Evidence.CollectedAt, Status: string(s.Status),
		Fail: s.Results.Fail, Unknown: s.Results.Unknown, Waived: s.Results.Waived, Pass: s.Results.Pass, Rules: c.Results.Evidence.Rules}
	if c.Document.Customer != nil {
		v.Subject.Customer = c.Document.Customer.Name
	}
}

// evidence checks that what the results rest on is of the sealed snapshot.
func (v *inspection) evidence(a evidence.Assessment) {
	err := a.Check(v.fits)
	switch {
	case errors.Is(err, evidence.ErrUnsealed):
		v.fail(NotTrusted, "seal", v.pick("What it rests on was not sealed when it was collected, so nothing proves that it is what was read.",
			"Waar het op rust is bij het verzamelen niet verzegeld, dus niets bewijst dat dit is wat is gelezen."), "")
		return
	case err != nil:
		v.fail(Broken, "evidence", v.pick("The evidence is not of the snapshot that was sealed.", "Het bewijs is niet van de momentopname die is verzegeld."), "")
		return
	default:
		v.sealer(*a.Seal, a.Header.CreatedAt)
	}
	v.Resources = len(a.Resources)
	v.ok("evidence", v.pickf("%d resources are shown, and proved to be unchanged in the snapshot that was sealed.", "%d objecten zijn getoond, en bewezen ongewijzigd te zitten in de momentopname die is verzegeld.", len(a.Resources)))
}

// release says how far a customer's report has come, which was signed at a time.
func (v *inspection) release(d reports.Document, at time.Time) {
	var people dpa.People
	if v.People != nil {
		people = v.People(at)
	}
	switch d.CheckRelease(people, sign.PersonVerifier{}) {
	case reports.ReleaseNone:
	case reports.ReleaseDone:
		if v.People == nil {
			v.note("release", v.pickf("Prepared by %s and released by %s, by the word of the signer: two signatures with two keys are there, but you do not know whose keys they are.",
				"Opgesteld door %s en vrijgegeven door %s, volgens de ondertekenaar: er zijn twee handtekeningen met twee sleutels, maar van wie die zijn weet u niet.",
				reports.Plain(d.Release.Prepared.Role), reports.Plain(d.Release.Released.Role)))
			return
		}
		v.ok("release", v.pickf("Prepared by %s and released by %s, who each signed it.", "Opgesteld door %s en vrijgegeven door %s, die het elk hebben ondertekend.",
			reports.Plain(d.Release.Prepared.Role), reports.Plain(d.Release.Released.Role)))
	case reports.ReleaseDraft:
		v.fail(Draft, "release", v.pick("This is a draft: a second person has not released it.", "Dit is een concept: een tweede persoon heeft het niet vrijgegeven."),
			v.pick("wait for the released report", "wacht op het vrijgegeven rapport"))
	case reports.ReleaseStranger:
		v.fail(NotTrusted, "release", v.pick("It was released with a key that was not enrolled for that person when this was signed.", "Het is vrijgegeven met een sleutel die bij het ondertekenen niet voor die persoon was aangemeld."), "")
	default:
		v.fail(Broken, "release", v.pick("The signatures of its release do not fit.", "De handtekeningen van de vrijgave kloppen niet."), "")
	}
}

// replay assesses the evidence again, and draws the pages again.
func (v *inspection) replay(ctx context.Context, c Content, signed pades.Signed) {
	v.Asserted = c.Assessment.Asserted()
	v.Outcomes = len(c.Results.Results)
	if v.Asserted > 0 {
		v.note("evidence", v.pickf("%d outcomes rest on facts that are withheld because they can speak of others; for them the signer's word counts.",
			"%d uitkomsten rusten op feiten die zijn weggelaten omdat ze over anderen kunnen gaan; daarvoor telt het woord van de ondertekenaar.", v.Asserted))
	}
	if v.Policies == nil {
		v.note("replay", v.pick("Not assessed again; --replay does that.", "Niet opnieuw beoordeeld; --replay doet dat."))
		return
	}
	if theirs, err := dpa.CustomerDuties(); err != nil || c.Assessment.Rules == v.Policies.Digest && !slices.Equal(slices.Sorted(maps.Keys(theirs)), c.Assessment.Duties) {
		v.fail(Broken, "replay", v.pick("The file names other clauses as the customer's own duties than the agreement does.", "Het bestand noemt andere bepalingen als plicht van de klant dan de overeenkomst."), "")
		return
	}
	again, err := c.Assessment.Results(ctx, v.Policies, c.Results.Language)
	if errors.Is(err, evidence.ErrOtherRules) {
		v.fail(NotTrusted, "replay", v.pickf("It was assessed with other rules (%.16s…) than this Waarborg has (%.16s…), so it cannot be assessed again here.",
			"Het is beoordeeld met andere regels (%.16s…) dan deze Waarborg heeft (%.16s…), dus hier kan het niet opnieuw worden beoordeeld.", c.Results.Evidence.Rules, v.Policies.Digest),
			v.pickf("use Waarborg %s", "gebruik Waarborg %s", reports.Plain(c.Document.Version)))
		return
	}
	var text []byte
	if err == nil {
		text, err = reports.Canonical(again)
	}
	if err != nil || !bytes.Equal(text, c.Files[ResultsFile]) {
		v.fail(Broken, "replay", v.pick("Assessed again, the evidence gives other results than the file holds.", "Opnieuw beoordeeld geeft het bewijs andere resultaten dan in het bestand staan."), "")
		return
	}
	v.Replayed = true
	v.ok("replay", v.pickf("Assessed again, the evidence gives the same results, byte for byte (%d outcomes).", "Opnieuw beoordeeld geeft het bewijs dezelfde resultaten, byte voor byte (%d uitkomsten).", v.Outcomes))
	v.pages(c, signed)
}

// pages draws the pages from the data and compares them with those that were signed.
func (v *inspection) pages(c Content, signed pades.Signed) {
	if c.Document.Version != v.Version {
		v.otherVersion(c.Document.Version)
		return
	}
	var again bytes.Buffer
	v.samePages(pdf.Render(&again, c.Document, c.Results, Attachments(c.Files, c.Document.Language)), again.Bytes(), signed.Base)
}

func (v *inspection) otherVersion(version string) {
	v.fail(NotTrusted, "pages", v.pickf("Waarborg %s drew the pages; this is %s, so they could not be drawn again and compared.", "Waarborg %s tekende de pagina's; dit is %s, dus ze konden niet opnieuw worden getekend en vergeleken.",
		reports.Plain(version), v.Version), v.pickf("use Waarborg %s", "gebruik Waarborg %s", reports.Plain(version)))
}

// samePages compares pages that were drawn again with those that were signed.
func (v *inspection) samePages(err error, again, base []byte) {
	if err != nil || !bytes.Equal(again, base) {
		v.fail(Broken, "pages", v.pick("The pages are not those that the data in the file give.", "De pagina's zijn niet die de gegevens in het bestand opleveren."), "")
		return
	}
	v.Redrawn = true
	v.ok("pages", v.pick("Drawn again from the data, the pages are the same, byte for byte.", "Opnieuw getekend uit de gegevens zijn de pagina's dezelfde, byte voor byte."))
}
