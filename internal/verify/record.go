package verify

import (
	"bytes"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/sign/pades"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

// RecordFile is the attachment of a record of processing activities.
const RecordFile = "record.json"

// RecordRelationships says what the attachment of a record is to its pages (AFRelationship).
func RecordRelationships() map[string]string { return map[string]string{RecordFile: "Data"} }

// RecordAttachments is the attachment of a record.
func RecordAttachments(raw []byte, lang string) []pdf.Attachment {
	return []pdf.Attachment{{Name: RecordFile, Description: assess.Text{EN: "the record as data", NL: "het register als gegevens"}.In(lang), Content: raw}}
}

// isRecord tells a record of processing activities from a report.
func isRecord(signed pades.Signed) bool {
	return len(signed.Attachments) == 1 && signed.Attachments[0].Name == RecordFile
}

// record judges a record of processing activities: what its pages say is what its data say.
func (v *inspection) record(signed pades.Signed, at time.Time) {
	v.Kind = "record"
	f := signed.Attachments[0]
	var r dpa.ProcessingRecord
	if f.Relationship != RecordRelationships()[RecordFile] || reports.ParseStrict(f.Content, &r) != nil || r.Schema != dpa.RecordSchema {
		v.contradicts(v.pick("the record in it cannot be read", "het register erin is niet te lezen"))
		return
	}
	v.ok("data", v.pickf("It holds the record of processing activities of %s, as of %s, as data too.", "Het bevat het register van verwerkingsactiviteiten van %s, stand %s, ook als gegevens.",
		reports.Plain(r.Processor.Name), reports.Plain(string(r.Day))))
	if r.Day.Time().After(at.Add(skew)) {
		v.fail(NotTrusted, "time", v.pick("It was signed before the day of which it speaks: a clock is wrong, or was set back.", "Het is ondertekend vóór de dag waar het over gaat: een klok loopt verkeerd, of is teruggezet."), "")
	}
	switch {
	case v.Policies == nil:
		v.note("pages", v.pick("The pages were not drawn again; --replay does that.", "De pagina's zijn niet opnieuw getekend; --replay doet dat."))
	case r.Version != v.Version:
		v.otherVersion(r.Version)
	default:
		var again bytes.Buffer
		v.samePages(pdf.Record(&again, r, RecordAttachments(f.Content, r.Language)), again.Bytes(), signed.Base)
	}
}
