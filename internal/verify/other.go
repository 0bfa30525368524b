package verify

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"waarborg/internal/evidence"
	"waarborg/internal/inventory"
	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
	"waarborg/internal/sign/pades"
	"waarborg/reports"
)

// BundleSuffix is what the name of a bundle adds to that of the file that it signs.
const BundleSuffix = ".sigstore.json"

func isBundle(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("{")) && bytes.Contains(raw[:min(len(raw), 4096)], []byte(`"application/vnd.dev.sigstore.bundle`))
}

// bundle judges a detached signature, for which the file must lie beside it.
func (v *inspection) bundle(ctx context.Context, name string, raw []byte, beside func(string) ([]byte, error)) {
	v.Kind = "bundle"
	target, ok := strings.CutSuffix(name, BundleSuffix)
	if !ok {
		v.fail(Unreadable, "form", v.pick("The name of a bundle is that of its file and "+BundleSuffix+".", "De naam van een bundel is die van het bestand en "+BundleSuffix+"."), "")
		return
	}
	blob, err := beside(target)
	if err != nil {
		v.fail(Unreadable, "form", v.pickf("The file that the bundle signs, %s, cannot be read.", "Het bestand dat de bundel ondertekent, %s, is niet te lezen.", reports.Plain(target)),
			v.pick("put it in the same folder", "zet het in dezelfde map"))
		return
	}
	if !v.detached(raw, blob) {
		return
	}
	// A signature over a file says nothing of what the file is worth: a draft is signed, too.
	of := v.Reader.File(ctx, target, blob, func(string) ([]byte, error) { return raw, nil })
	v.Subject, v.State = of.Subject, worse(v.State, of.State)
	for _, c := range of.Checks {
		if c.Mark == Fail || c.Mark == Open {
			v.Checks = append(v.Checks, c)
		}
	}
}

// detached judges a bundle over a file.
func (v *inspection) detached(raw, blob []byte) bool {
	key, err := bundle.Verify(raw, blob, v.Trust.Keys())
	switch {
	case errors.Is(err, sign.ErrUnknownSigner):
		v.fail(NotTrusted, "signer", v.pick("The bundle names a key that you do not trust, so it is not known whether it fits.", "De bundel noemt een sleutel die u niet vertrouwt, dus of hij klopt is niet bekend."),
			v.pick("name the key with --trust FILE", "noem de sleutel met --trust BESTAND"))
		return false
	case err != nil:
		v.fail(Broken, "form", v.pick("The bundle does not fit the file: one of the two was changed.", "De bundel past niet bij het bestand: een van beide is gewijzigd."), "")
		return false
	}
	v.ok("form", v.pick("The bundle fits the file: nothing in it was changed.", "De bundel past bij het bestand: er is niets in gewijzigd."))
	at := stated(blob, v.Now)
	by, err := v.Trust.Key(key, at, false)
	if err != nil {
		v.untrusted("signer", err)
		return false
	}
	v.signed(by)
	if at.After(v.Now.Add(skew)) {
		v.fail(NotTrusted, "time", v.pick("What was signed lies in the future: a clock is wrong, or was set otherwise.", "Wat is ondertekend ligt in de toekomst: een klok loopt verkeerd, of is verzet."), "")
	}
	return true
}

// stated is the time that a signed file gives itself: a bundle has none.
func stated(blob []byte, now time.Time) time.Time {
	if s, err := pades.Verify(blob, pades.Limits{}); err == nil {
		return s.At
	}
	if r, err := reports.ParseResults(bytes.TrimSpace(blob)); err == nil {
		return r.At
	}
	return now
}

// isSnapshot tells a snapshot from an assessment by its first bytes, both being gzip.
func isSnapshot(raw []byte) bool {
	zip, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return true // whoever reads it says what is wrong
	}
	head := make([]byte, 64)
	n, _ := io.ReadFull(zip, head)
	return bytes.Contains(head[:n], []byte("waarborg.snapshot/"))
}

// packed judges a snapshot or an assessment.
func (v *inspection) packed(raw []byte) {
	if !isSnapshot(raw) {
		v.assessment(raw)
		return
	}
	v.Kind = "snapshot"
	snap, sealed, err := inventory.ReadSnapshot(bytes.NewReader(raw), inventory.Limits{}, v.fits)
	if err != nil {
		v.fail(Broken, "form", v.pick("This is no snapshot, or it was changed after it was sealed.", "Dit is geen momentopname, of hij is na het verzegelen gewijzigd."), "")
		v.note("form", v.plainError(err))
		return
	}
	v.Resources = len(snap.Resources)
	v.ok("form", v.pickf("The snapshot is whole: %d resources, as they were sealed.", "De momentopname is gaaf: %d objecten, zoals ze zijn verzegeld.", v.Resources))
	v.KeyID = sealed.Seal.KeyID
	v.sealer(sealed.Seal, sealed.Header.CreatedAt)
	if sealed.Header.CreatedAt.After(v.Now.Add(skew)) {
		v.fail(NotTrusted, "time", v.pick("It says that it was collected in the future: a clock is wrong, or was set otherwise.", "Volgens de momentopname is er in de toekomst verzameld: een klok loopt verkeerd, of is verzet."), "")
	}
}

// assessment judges what a check kept. Nobody signs it as a whole; its resources are sealed.
func (v *inspection) assessment(raw []byte) {
	v.Kind = "assessment"
	a, err := evidence.DecodePacked(raw, evidence.Limits{})
	if err != nil {
		v.fail(Broken, "form", v.pick("The assessment cannot be read: it was changed, or a newer Waarborg made it.", "De beoordeling is niet te lezen: zij is gewijzigd, of door een nieuwere Waarborg gemaakt."), "")
		return
	}
	v.evidence(a)
	v.fail(NotTrusted, "data", v.pick("Only the resources are sealed. The terms and waivers in this file are signed by nobody; a report signs them.",
		"Alleen de objecten zijn verzegeld. De voorwaarden en acceptaties in dit bestand heeft niemand ondertekend; een rapport ondertekent ze wel."),
		v.pick("make a report of it", "maak er een rapport van"))
}

// json judges results, which are signed only by a bundle beside them.
func (v *inspection) json(raw []byte, beside func(string) ([]byte, error)) {
	r, err := reports.ParseResults(raw)
	if err != nil {
		// Results as `check` prints them are indented: the same data in another form.
		if r, err = reports.ReadResults(raw); err != nil {
			v.stranger()
			return
		}
	}
	v.Kind = "results"
	v.Subject = &Subject{Assessed: r.At, Collected: r.Evidence.CollectedAt, Status: string(r.Summary.Status), Customer: r.Customer,
		Fail: r.Summary.Results.Fail, Unknown: r.Summary.Results.Unknown, Waived: r.Summary.Results.Waived, Pass: r.Summary.Results.Pass, Rules: r.Evidence.Rules}
	b, err := beside(v.Verdict.File + BundleSuffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.fail(NotTrusted, "signer", v.pick("Results are not signed, and there is no bundle beside them.", "Resultaten zijn niet ondertekend, en er staat geen bundel naast."),
			v.pick("ask for the report, which is signed", "vraag om het rapport, dat is ondertekend"))
	case err != nil:
		v.fail(NotTrusted, "signer", v.pick("The bundle beside it cannot be read.", "De bundel ernaast is niet te lezen."), "")
	default:
		v.detached(b, raw)
	}
}
