package verify

import (
	"errors"

	"waarborg/internal/attest"
	"waarborg/internal/sign"
)

// Attestation judges an attestation of the gate. Each of subjects, files by digest, must have been judged; without any, what
// the attestation is of is for the reader to see. An attestation that says "not met" is as genuine as another.
func (r Reader) Attestation(name string, raw []byte, subjects []attest.Input) Verdict {
	v := r.inspect(name, raw)
	v.attestation(raw, subjects)
	return v.done()
}

func (v *inspection) attestation(raw []byte, subjects []attest.Input) {
	v.Kind = "attestation"
	s, key, err := attest.Read(raw, v.Trust.Keys())
	switch {
	case errors.Is(err, sign.ErrUnknownSigner):
		v.fail(NotTrusted, "signer", v.pick("The attestation names a key that you do not trust, so it is not known whether it is genuine.", "Het attest noemt een sleutel die u niet vertrouwt, dus of het echt is, is niet bekend."),
			v.pick("name the key with --trust FILE", "noem de sleutel met --trust BESTAND"))
		return
	case err != nil:
		v.fail(Broken, "form", v.pick("This is no attestation of the gate, or it was changed after it was signed.", "Dit is geen attest van de gate, of het is na ondertekening gewijzigd."), "")
		v.note("form", v.plainError(err))
		return
	}
	v.ok("form", v.pick("Nothing in the attestation was changed after signing.", "In het attest is na ondertekening niets gewijzigd."))
	at := s.Predicate.JudgedAt
	v.SignedAt = &at
	by, err := v.Trust.Key(key, at, false)
	if err != nil {
		v.untrusted("signer", err)
		return
	}
	v.signed(by)
	v.Attested = &s
	switch err := s.Check(v.Now, attest.Want{Inputs: subjects}); {
	case errors.Is(err, attest.ErrOtherInput):
		v.fail(Broken, "data", v.pick("It is not of the files that you named.", "Het gaat niet over de bestanden die u noemde."), v.plainError(err))
		return
	case err != nil:
		v.fail(NotTrusted, "time", v.pick("It does not count at this moment.", "Het telt op dit moment niet."), v.plainError(err))
		return
	}
	if len(subjects) > 0 {
		v.ok("data", v.pick("It is of the files that you named, as they are now.", "Het gaat over de bestanden die u noemde, zoals ze nu zijn."))
	} else {
		v.note("data", v.pick("Name the files that it should be of with --subject, to have them compared.", "Noem met --subject de bestanden waar het over moet gaan, dan worden ze vergeleken."))
	}
	v.ok("time", v.pickf("It was judged on %s and counts until %s.", "Het oordeel is van %s en telt tot %s.", v.time(at), v.time(s.Predicate.ValidUntil)))
}
