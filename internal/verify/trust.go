package verify

import (
	"bytes"
	"crypto/x509"
	"errors"
	"time"

	"waarborg/internal/inventory"
	"waarborg/internal/sign"
	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/timestamp"
	"waarborg/reports"
)

// moment finds out when a PDF was signed: by its timestamp if that counts, else by what the signer states.
func (v *inspection) moment(stated time.Time, s cms.Signature) (at time.Time, proven bool) {
	v.SignedAt = &stated
	if len(s.Token) == 0 {
		v.note("time", v.pickf("Signed on %s, as the signer states; no timestamp proves it.", "Ondertekend op %s, volgens de ondertekenaar zelf; geen tijdstempel bewijst dat.", v.time(stated)))
		return stated, false
	}
	token, err := timestamp.Verify(s.Token, s.Value, v.Stampers)
	switch {
	case errors.Is(err, timestamp.ErrUntrusted):
		v.note("time", v.pickf("Signed on %s, as the signer states. There is a timestamp of %s by %s, an authority that you do not trust; it proves nothing to you.",
			"Ondertekend op %s, volgens de ondertekenaar zelf. Er is een tijdstempel van %s door %s, een dienst die u niet vertrouwt; die bewijst voor u niets.",
			v.time(stated), v.time(token.Time), token.Authority))
		return stated, false
	case err != nil:
		v.fail(Broken, "time", v.pick("The timestamp in the file is not of this signature, or was changed.", "Het tijdstempel in het bestand hoort niet bij deze handtekening, of is gewijzigd."), "")
		return stated, false
	}
	v.SignedAt, v.Proven = &token.Time, true
	v.ok("time", v.pickf("Signed no later than %s; the timestamp of %s proves it.", "Ondertekend uiterlijk op %s; het tijdstempel van %s bewijst dat.", v.time(token.Time), token.Authority))
	if d := token.Time.Sub(stated); d > 24*time.Hour || d < -skew {
		v.fail(NotTrusted, "time", v.pickf("The signer states %s, which does not fit the timestamp: the clock of the signer was wrong, or set otherwise.",
			"De ondertekenaar noemt %s, wat niet past bij het tijdstempel: de klok van de ondertekenaar liep verkeerd, of is verzet.", v.time(stated)), "")
	}
	return token.Time, true
}

// signer decides whether a chain is of somebody whom the reader trusts, and at a time when that counted.
func (v *inspection) signer(chain []*x509.Certificate, at time.Time, proven bool) bool {
	by, err := v.Trust.Chain(chain, at, proven)
	if err != nil {
		v.untrusted("signer", err)
		return false
	}
	v.signed(by)
	cert := chain[0]
	v.signingKey = cert.RawSubjectPublicKeyInfo
	v.ok("certificate", v.pickf("The certificate was valid then (from %s to %s).", "Het certificaat was toen geldig (van %s tot %s).", v.time(cert.NotBefore), v.time(cert.NotAfter)))
	return true
}

func (v *inspection) signed(by sign.SignedBy) {
	v.Signer, v.KeyID = by.Name, by.KeyID
	name := reports.Plain(by.Name)
	if name == "" {
		name = v.pick("a key without a name", "een sleutel zonder naam")
	}
	switch {
	case v.Workspace != "":
		v.ok("signer", v.pickf("Signed by %s (key %s), whom the workspace in %s trusts.", "Ondertekend door %s (sleutel %s), die de werkmap in %s vertrouwt.", name, by.KeyID, reports.Plain(v.Workspace)))
	default:
		v.ok("signer", v.pickf("Signed by %s (key %s), whom you trust.", "Ondertekend door %s (sleutel %s), die u vertrouwt.", name, by.KeyID))
	}
	if by.Retired {
		v.note("signer", v.pick("That key has been replaced since; it counts for what was signed before.", "Die sleutel is sindsdien vervangen; hij telt voor wat daarvoor is ondertekend."))
	}
}

// untrusted says why an intact signature does not count.
func (v *inspection) untrusted(id string, err error) {
	text, hint, state := "", "", NotTrusted
	switch {
	case errors.Is(err, sign.ErrUnknownSigner):
		text = v.pick("The signature is intact, but of somebody whom you do not trust. Anyone can sign a file with a key of their own.",
			"De handtekening is gaaf, maar van iemand die u niet vertrouwt. Iedereen kan een bestand met een eigen sleutel ondertekenen.")
		hint = v.pick("ask the processor for its key or certificate by another way, and name it with --trust FILE", "vraag de verwerker langs een andere weg om de sleutel of het certificaat, en noem het met --trust BESTAND")
	case errors.Is(err, sign.ErrExpired):
		text = v.pick("The signer's certificate had expired when this was signed.", "Het certificaat van de ondertekenaar was verlopen toen dit werd ondertekend.")
	case errors.Is(err, sign.ErrNotYetValid):
		text = v.pick("The signer's certificate was not valid yet when this was signed.", "Het certificaat van de ondertekenaar was nog niet geldig toen dit werd ondertekend.")
	case errors.Is(err, sign.ErrWrongUse):
		text = v.pick("The signer's certificate is not for signing documents.", "Het certificaat van de ondertekenaar is niet bedoeld om documenten mee te ondertekenen.")
	case errors.Is(err, sign.ErrRetired):
		text = v.pick("The key had been retired when this was signed.", "De sleutel was al buiten gebruik toen dit werd ondertekend.")
	case errors.Is(err, sign.ErrCompromised):
		text = v.pick("The key was in the hands of others, and nothing proves that this is older.", "De sleutel was in handen van anderen, en niets bewijst dat dit ouder is.")
	default:
		text, state = v.pick("The signer's certificate does not fit the signature.", "Het certificaat van de ondertekenaar past niet bij de handtekening."), Broken
	}
	v.fail(state, id, text, hint)
}

// fits tells whether a seal fits what it seals, whoever made it; sealer decides whether that counts.
func (v *inspection) fits(message []byte, s inventory.Seal) error {
	_, err := sign.Verify(v.Trust.Keys(), sign.ContextSnapshot, message, sign.Signature(s))
	if errors.Is(err, sign.ErrUnknownSigner) {
		return nil
	}
	return err
}

// sealer decides whether a seal that fits is of a key that counts.
func (v *inspection) sealer(s inventory.Seal, at time.Time) {
	signer, err := sign.Signature(s).Signer()
	if err == nil {
		err = v.sealCounts(signer, at)
	}
	switch {
	case err == nil:
		v.ok("seal", v.pickf("The snapshot of %s was sealed with key %s, which you trust.", "De momentopname van %s is verzegeld met sleutel %s, die u vertrouwt.", v.time(at), s.KeyID))
	case errors.Is(err, sign.ErrUnknownSigner) && v.signingKey != nil && bytes.Equal(s.PublicKey, v.signingKey):
		// An authority vouches for certificates, and a seal has none; but it vouched for this key just now.
		v.ok("seal", v.pickf("The snapshot of %s was sealed with the key that signed this file.", "De momentopname van %s is verzegeld met de sleutel die dit bestand ondertekende.", v.time(at)))
	case errors.Is(err, sign.ErrUnknownSigner):
		v.fail(NotTrusted, "seal", v.pickf("The snapshot was sealed with key %s, which you do not trust.", "De momentopname is verzegeld met sleutel %s, die u niet vertrouwt.", reports.Plain(s.KeyID)),
			v.pick("name the key with --trust FILE if you know whose it is", "noem de sleutel met --trust BESTAND als u weet van wie hij is"))
	default:
		v.untrusted("seal", err)
	}
}

// sealCounts tells whether a seal of a moment counts. Of a key that fell into the hands of others it does if the timestamp of
// the report that holds it is older than that.
func (v *inspection) sealCounts(key sign.Public, at time.Time) error {
	_, err := v.Trust.Key(key, at, false)
	if errors.Is(err, sign.ErrCompromised) && v.Proven {
		_, err = v.Trust.Key(key, *v.SignedAt, true)
	}
	return err
}
