package pdf_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"fmt"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

var at = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func tr(lang, en, nl string) string { return assess.Text{EN: en, NL: nl}.In(lang) }

// result is one outcome with what pages show of it.
func result(rule, area string, s assess.Status, sev assess.Severity, resource, title, message string, customers ...string) assess.Result {
	return assess.Result{Rule: rule, Area: area, Status: s, Severity: sev, Clauses: []string{"BC-1", "VWO-8.1"}, GDPR: []string{"28(3)(a)", "44"}, Resource: resource,
		Kind: inventory.KindDatastore, Title: title, Message: message, Customers: customers}
}

// results are small but have every kind of outcome. In a customer's there is nobody else.
func results(lang string, customer bool) assess.Results {
	all, one := []string{"havenstede", "linde"}, []string{"linde"}
	if customer {
		all, one = []string{"linde"}, []string{"linde"}
	}
	region := tr(lang, "Personal data lie in the EEA", "Persoonsgegevens staan in de EER")
	gb := result("TRF-001", "transfers", assess.Fail, assess.Critical, "azure/storage.surveys", region, tr(lang, "the data lie in uksouth (GB); agreed: within the EEA", "de gegevens staan in uksouth (GB); afgesproken: binnen de EER"), all...)
	gb.Findings = []assess.Finding{{Path: "location", Value: jsontext.Value(`"uksouth (GB)"`), Limit: jsontext.Value(`"EEA"`)}}
	gb.Source = &assess.SourceRef{File: "plan.json", Line: 12}
	gb.Remediation = tr(lang, "Move the data to a region in the EEA.", "Verplaats de gegevens naar een regio in de EER.")
	gb2 := gb
	gb2.Resource, gb2.Source = "azure/storage.exports", &assess.SourceRef{File: "plan.json", Line: 80}
	us := gb
	us.Resource, us.Customers, us.Message = "azure/storage.photos", one, tr(lang, "the data lie in eastus (US); agreed: within the EEA", "de gegevens staan in eastus (US); afgesproken: binnen de EER")
	us.Findings = []assess.Finding{{Path: "location", Value: jsontext.Value(`"eastus (US)"`), Limit: jsontext.Value(`"EEA"`)}}
	own := result("ACC-014", "access", assess.Fail, assess.Medium, "entra/staff", tr(lang, "Accounts belong to people who work here", "Accounts zijn van mensen die hier werken"), tr(lang, "3 accounts were not used for longer than agreed", "3 accounts zijn langer niet gebruikt dan afgesproken"), all...)
	own.Accepted = customer
	theirs := result("ACC-020", "access", assess.Fail, assess.Low, "entra/customer", tr(lang, "The customer's admins use a second factor", "Beheerders van de klant gebruiken een tweede factor"), tr(lang, "no second factor", "geen tweede factor"), one...)
	theirs.Duty = "customer"
	asked := result("SUB-007", "subprocessors", assess.Unknown, assess.High, "datamap/supplier/mail", tr(lang, "Suppliers get the data of their entry alone", "Leveranciers krijgen alleen de gegevens van hun regel"), "", all...)
	asked.Question = tr(lang, "does the open wording cover absence and photos?", "dekt de open omschrijving verzuim en foto’s?")
	asked.Questions = []assess.Finding{{Path: "data_categories", Value: jsontext.Value(`"absence"`)}, {Path: "data_categories", Value: jsontext.Value(`["photo","town"]`)}}
	unread := result("RET-005", "retention", assess.Unknown, assess.Medium, "elastic/logs", tr(lang, "Logs are kept within the limits", "Logs worden bewaard binnen de grenzen"), tr(lang, "retention.days: the source does not report it", "retention.days: de bron meldt het niet"), all...)
	unread.Unknown = []assess.UnknownFact{{Path: "retention.days", Reason: inventory.Reason{Code: inventory.NotReported}}, {Path: "copies", Reason: inventory.Reason{Code: inventory.Permission, Detail: "elastic"}}}
	waived := result("SEC-010", "security", assess.Waived, assess.High, "entra/helpdesk", tr(lang, "Passwords are long enough", "Wachtwoorden zijn lang genoeg"), tr(lang, "passwords may have 12 characters; agreed: at least 16", "een wachtwoord mag 12 tekens hebben; afgesproken: minstens 16"), all...)
	waived.Waiver = "w-1"
	met := result("SEC-001", "security", assess.Pass, assess.Critical, "azure/db", tr(lang, "Stored personal data are encrypted", "Opgeslagen persoonsgegevens zijn versleuteld"), "", all...)
	met2 := met
	met2.Resource = "azure/db-2"
	r := assess.Results{Schema: assess.ResultsSchema, Version: "0.4.0", At: at, Language: lang,
		Evidence: assess.Evidence{CollectedAt: at.Add(-time.Hour), Root: "sha256:" + digest("root"), SealedBy: "0123456789abcdef", Rules: "sha256:" + digest("rules"), Workspace: "sha256:" + digest("workspace")},
		Summary: assess.Summary{Status: assess.Fail, Resources: 9, Rules: 12, NotLooked: []string{"SEC-042", "PRC-006"}, Results: assess.Count{Fail: 4, Unknown: 2, Waived: 1, Pass: 2, Customer: 1},
			Areas: map[string]assess.Count{"transfers": {Fail: 3}, "subprocessors": {Unknown: 1}, "access": {Fail: 1, Customer: 1}, "retention": {Unknown: 1}, "security": {Waived: 1, Pass: 2}, "processings": {NotApplicable: 3}}},
		Results: []assess.Result{gb, gb2, us, asked, own, theirs, unread, waived, met, met2},
		Clauses: []assess.ClauseState{{Clause: "VWO-2.1.2", Status: assess.Unknown, Rules: []string{"SEC-042"}}, {Clause: "BB-1", Status: assess.Unknown, Rules: []string{"SEC-042", "PRC-006"}}},
		Sources: []assess.SourceState{{ID: "azure", Status: "complete"}, {ID: "elastic", Status: "failed", Message: tr(lang, "elastic does not answer", "elastic antwoordt niet"), Hint: tr(lang, "check that it runs", "kijk of het draait")}, {ID: "mdm", Status: "partial"}},
	}
	if customer {
		r.Customer = "linde"
		for i := range r.Results {
			if r.Results[i].Source != nil {
				r.Results[i].Source = &assess.SourceRef{File: "plan.json"} // a customer sees no line
			}
		}
		return r
	}
	expired, reason := "2026-11-01", tr(lang, "the new system comes in January", "het nieuwe systeem komt in januari")
	for i, state := range []assess.WaiverState{assess.WaiverUsed, assess.WaiverUnused, assess.WaiverExpired, assess.WaiverOrphaned, assess.WaiverDeclared, assess.WaiverNotAllowed} {
		r.Waivers = append(r.Waivers, assess.WaiverUse{ID: fmt.Sprintf("w-%d", i+1), Rule: "SEC-010", State: state, Matched: i % 2, Owner: "security-officer", Reason: reason, Expires: expired})
	}
	return r
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// document goes with results: a customer's draft, or the whole with changes and a trend.
func document(lang string, customer bool) reports.Document {
	d := reports.Document{Schema: reports.DocumentSchema, Version: "0.4.0", Language: lang, Processor: reports.Party{Name: "Verwerker B.V.", Register: "67694373", Country: "NL"},
		Agreements:   []reports.Agreement{{Title: tr(lang, "Data processing agreement", "Verwerkersovereenkomst"), Version: "2024-1", InForce: "2024-05-01", Text: dpa.CatalogueText, Contract: "C-2024-17", Start: "2024-06-01"}},
		Applications: []string{tr(lang, "Customer portal", "Klantportaal"), tr(lang, "Surveys", "Enquêtes")},
		Attestations: []reports.Attestation{
			{ID: "screening", Clauses: []string{"BB-PSE-1"}, Statement: tr(lang, "All staff have a certificate of conduct.", "Alle medewerkers hebben een VOG."), Role: "HR officer", MadeAt: at.AddDate(0, -2, 0), ValidUntil: "2027-09-23", File: "vog.pdf", SHA256: digest("vog"), State: tr(lang, "valid", "geldig"), Proves: true},
			{ID: "drill", Clauses: []string{"BB-BES-2", "BB-BES-3"}, Statement: tr(lang, "The restore was practised.", "Het terugzetten is geoefend."), Role: "Security officer", MadeAt: at.AddDate(-2, 0, 0), ValidUntil: "2025-11-23", File: "drill.pdf", SHA256: digest("drill"), State: tr(lang, "expired", "verlopen")}},
		Files: map[string]reports.FileHash{},
	}
	clause := func(id, part, holder string, s dpa.CoverageState, text string, proofs ...dpa.Proof) {
		d.Coverage = append(d.Coverage, dpa.CoverageRow{Clause: id, Part: part, Text: text, DutyHolder: holder, GDPR: []string{"28(3)"}, State: s, Proofs: proofs})
	}
	clause("BC-1", "bijlage_c", "processor", dpa.CoverageNotMet, tr(lang, "Personal data stay in the EEA.", "Persoonsgegevens blijven in de EER."), dpa.Proof{Type: "rule", ID: "TRF-001", State: dpa.CoverageNotMet}, dpa.Proof{Type: "rule", ID: "TRF-002", State: dpa.CoverageMet})
	clause("VWO-0.1", "verwerkersovereenkomst", "both", dpa.CoverageMet, tr(lang, "There is a written agreement.", "Er is een schriftelijke overeenkomst."), dpa.Proof{Type: "document", ID: "agreements/customers", State: dpa.CoverageMet})
	clause("VWO-1.3", "verwerkersovereenkomst", "controller", dpa.CoverageCustomer, tr(lang, "The customer sees to it that the processing is lawful.", "De klant staat ervoor in dat de verwerking rechtmatig is."))
	clause("VWO-3.1", "verwerkersovereenkomst", "processor", dpa.CoverageUnproven, tr(lang, "A breach is told within 24 hours.", "Een datalek wordt binnen 24 uur gemeld."), dpa.Proof{Type: "workflow", ID: "breach", State: dpa.CoverageUnproven, Note: tr(lang, "not in this version", "zit niet in deze versie")})
	clause("VWO-2.1.2", "verwerkersovereenkomst", "processor", dpa.CoverageUnknown, tr(lang, "Connections are encrypted.", "Verbindingen zijn versleuteld."), dpa.Proof{Type: "rule", ID: "RET-005", State: dpa.CoverageUnknown})
	clause("BB-1", "bijlage_b", "processor", dpa.CoveragePartly, tr(lang, "Systems are patched.", "Systemen zijn bijgewerkt."))
	clause("BB-2", "bijlage_b", "processor", dpa.CoverageWaived, tr(lang, "Passwords have 16 characters.", "Wachtwoorden hebben 16 tekens."), dpa.Proof{Type: "rule", ID: "SEC-010", State: dpa.CoverageWaived})
	clause("BB-PSE-1", "bijlage_b", "processor", dpa.CoverageAttested, tr(lang, "Staff are screened.", "Medewerkers zijn gescreend."), dpa.Proof{Type: "attestation", ID: "screening", State: dpa.CoverageAttested, Note: tr(lang, "valid, until 2027-09-23", "geldig, tot en met 2027-09-23")})
	clause("BA-1.housing", "bijlage_a", "both", dpa.CoverageNotTaken, tr(lang, "Service Housing.", "Dienst Housing."))
	d.Coverage[1].Gap = tr(lang, "The date of signing is left open.", "De datum van ondertekening staat open.")
	if customer {
		d.Agreements[0].Text = "" // another text than the catalogue's
		d.Customer = &reports.Party{ID: "linde", Name: "Stichting De Linde", Register: "12345678"}
		d.Release = &reports.Release{Digest: "sha256:" + digest("release"), Prepared: &reports.Step{Role: "Privacy officer", At: at.Add(time.Hour), Key: "ed25519:c2xldXRlbA=="}}
		return d
	}
	change := func(rule string, was, is assess.Status) assess.Change {
		return assess.Change{Rule: rule, Resource: "azure/storage.photos", Title: tr(lang, "Personal data lie in the EEA", "Persoonsgegevens staan in de EER"), Severity: assess.Critical, Was: was, Is: is}
	}
	d.Since = &reports.Comparison{At: at.AddDate(0, 0, -7), Changes: assess.Changes{New: []assess.Change{change("TRF-001", "", assess.Fail)}, Worse: []assess.Change{change("ACC-014", assess.Pass, assess.Fail)},
		Mended: []assess.Change{change("SEC-001", assess.Fail, assess.Pass)}, Unreadable: []assess.Change{change("RET-005", assess.Pass, assess.Unknown)}, Gone: []assess.Change{change("SEC-099", assess.Fail, "")},
		Accepted: []assess.Change{change("SEC-010", assess.Fail, assess.Waived)}, Same: 5, Added: 1, Dropped: 1200, OtherRules: true}}
	d.Since.Changes.Accepted[0].Duty = "customer"
	for i := range 5 {
		d.Trend = append(d.Trend, reports.Point{At: at.AddDate(0, 0, -7*(4-i)), Status: assess.Fail, Count: assess.Count{Fail: 8 - i, Unknown: 1 + i/3, Pass: 2}})
	}
	return d
}

// files are the attachments, and what the document says of them.
func files(d *reports.Document) []pdf.Attachment {
	out := []pdf.Attachment{{Name: "report.json", Description: "report", Content: []byte("{}")}, {Name: "results.json", Description: "results", Content: []byte(`{"schema":"waarborg.results/v1"}`)},
		{Name: "evidence.json.gz", Description: "evidence", Content: bytes.Repeat([]byte("/Dest [5 0 R /XYZ 0 1 null] "), 40)}}
	d.Files = map[string]reports.FileHash{}
	for _, f := range out[1:] {
		d.Files[f.Name] = reports.FileHash{SHA256: digest(string(f.Content)), Size: int64(len(f.Content))}
	}
	return out
}

// render draws a report, or fails the test.
func render(t testing.TB, d reports.Document, r assess.Results, list []pdf.Attachment) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Render(&b, d, r, list); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sample draws the small, complete report.
func sample(t testing.TB, lang string, customer bool) []byte {
	t.Helper()
	d := document(lang, customer)
	list := files(&d)
	return render(t, d, results(lang, customer), list)
}

func letter(lang string) pdf.Letter {
	return pdf.Letter{Language: lang, Version: "0.4.0", Sender: []string{"Verwerker B.V.", "Griffeweg 97", "9723 DV Groningen"}, Addressee: []string{"Stichting De Linde", "t.a.v. de functionaris voor gegevensbescherming", "Postbus 1", "9700 AA Groningen"},
		Place: "Groningen", At: at, Subject: tr(lang, "Notice of a new sub-processor", "Melding van een nieuwe subverwerker"), Reference: "SUB-2026-004",
		Paragraphs: []string{tr(lang, "Dear sir or madam,", "Geachte heer, mevrouw,"),
			tr(lang, "From 1 January 2027 we want to use a new supplier for sending mail. You may object until 23 December 2026.", "Vanaf 1 januari 2027 willen wij een nieuwe leverancier inzetten voor het versturen van e-mail. U kunt tot en met 23 december 2026 bezwaar maken."),
			tr(lang, "The supplier gets names and mail addresses alone, and keeps them in the EEA.", "De leverancier krijgt alleen namen en e-mailadressen, en bewaart ze in de EER.")},
		Closing: tr(lang, "Yours sincerely,", "Met vriendelijke groet,"), Signatory: []string{"Privacy officer", "Verwerker B.V."}}
}
