package sign

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"encoding/json/v2"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sigstore/sigstore/pkg/cryptoutils"

	"waarborg/internal/say"
)

// maxTrusted is how many keys and certificates one may trust at once.
const maxTrusted = 1000

// Trust is what a reader accepts: keys and certificates, with the time until which they count. The zero value accepts nobody.
type Trust struct {
	keys   []trustedKey
	leaves []*x509.Certificate // signers' own certificates, each for itself alone
	roots  []*x509.Certificate // authorities: every certificate for documents under them
}

// trustedKey is a key with what is known of its end. Zero times: it has none.
type trustedKey struct {
	public               Public
	retired, compromised time.Time
	name                 string
}

// Note is why a signature counts for less than it could.
type Note string

// Notes on a signature that is trusted.
const (
	// NoteOwnTime: the time of signing is what the signer states; nothing else proves it.
	NoteOwnTime Note = "own-time"
	// NoteRetired: the key was retired after this signature was made.
	NoteRetired Note = "retired"
	// NoteRetiredOwnTime: both; whoever holds the retired key could have set the time back.
	NoteRetiredOwnTime Note = "retired-own-time"
)

// In says a note in a language, nl or en.
func (n Note) In(lang string) string {
	texts := map[Note]say.Text{
		NoteOwnTime: {EN: "the time of signing is the signer's own statement", NL: "het moment van ondertekenen is wat de ondertekenaar zelf opgeeft"},
		NoteRetired: {EN: "the key has been retired since; this signature is from before", NL: "de sleutel is sindsdien buiten gebruik gesteld; deze handtekening is van daarvoor"},
		NoteRetiredOwnTime: {EN: "the key has been retired since; that this signature is from before is the signer's own statement",
			NL: "de sleutel is sindsdien buiten gebruik gesteld; dat deze handtekening van daarvoor is, geeft de ondertekenaar zelf op"},
	}
	return texts[n].In(lang)
}

// SignedBy is a signer that is trusted.
type SignedBy struct {
	Name    string // as the certificate has it, else empty. It may hold any character: escape it where it is shown
	KeyID   string
	Retired bool
	Note    Note // empty: nothing to remark
}

// LoadTrust returns whom a workspace trusts by its folder of keys: the present evidence key and all retired ones. Without
// a key that is nobody. A file that cannot be read is an error: it might say that a key was compromised.
func LoadTrust(dir string) (Trust, error) {
	var t Trust
	present, err := LoadPublic(dir, Evidence)
	switch {
	case err == nil:
		t.keys = append(t.keys, trustedKey{public: present, name: nameIn(crtPath(dir), present)})
	case !errors.Is(err, fs.ErrNotExist):
		return Trust{}, err
	}
	records, err := filepath.Glob(filepath.Join(escape(retiredDir(dir)), "*.json"))
	if err != nil {
		return Trust{}, err
	}
	for _, path := range records {
		use, key, err := readRetirement(path)
		if err != nil {
			return Trust{}, err
		}
		if use != Evidence {
			continue
		}
		if key.public.Equal(present) {
			key.retired = time.Time{} // its rotation was cut short: it still is the present key
		}
		t.add(key)
	}
	return t, nil
}

func readRetirement(path string) (Use, trustedKey, error) {
	damaged := func(path string, err error) (Use, trustedKey, error) {
		return "", trustedKey{}, &say.Error{Msg: say.Both("%s cannot be read, so it is not known until when a key counted",
			"%s is niet te lezen, zodat onbekend is tot wanneer een sleutel telde", path),
			Hint: say.Both("put the file back from a backup", "zet het bestand terug uit een back-up"), Err: err}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return damaged(path, err)
	}
	var doc retirement
	if err := json.Unmarshal(text, &doc, json.RejectUnknownMembers(true)); err != nil {
		return damaged(path, err)
	}
	base := strings.TrimSuffix(path, ".json")
	text, err = os.ReadFile(base + ".pub")
	if err != nil {
		return damaged(base+".pub", err)
	}
	public, err := ParsePublic(string(text))
	if err != nil || public.ID != doc.KeyID || doc.RetiredAt.IsZero() || doc.Use.check() != nil {
		return damaged(path, err)
	}
	return doc.Use, trustedKey{public: public, retired: doc.RetiredAt, compromised: doc.CompromisedSince, name: nameIn(base+".crt", public)}, nil
}

// nameIn is whom a certificate beside a key names; it is for showing alone.
func nameIn(path string, key Public) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	chain, err := ParseChain(text)
	if err != nil {
		return ""
	}
	if owner, err := newPublic(chain[0].PublicKey); err != nil || !owner.Equal(key) {
		return ""
	}
	return nameOf(chain[0])
}

func nameOf(cert *x509.Certificate) string {
	parts := []string{}
	for _, part := range append([]string{cert.Subject.CommonName}, cert.Subject.Organization...) {
		if part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// ParseTrust reads a file of whom to trust: blocks of `PUBLIC KEY` and `CERTIFICATE` in PEM. A certificate of an authority
// makes every certificate for documents under it trusted. Any other certificate, and a key, stands for itself alone.
func ParseTrust(text []byte) (Trust, error) {
	var t Trust
	n := 0
	for rest := bytes.TrimSpace(text); len(rest) > 0; n++ {
		block, after := pem.Decode(rest)
		if block == nil || n == maxTrusted {
			return Trust{}, badTrust(say.Both("it is not a PEM file of public keys and certificates",
				"het is geen PEM-bestand met publieke sleutels en certificaten"), nil)
		}
		switch {
		case strings.Contains(block.Type, "PRIVATE KEY"):
			return Trust{}, badTrust(say.Both("it holds a private key, which nobody else may have",
				"er staat een privésleutel in, die niemand anders mag hebben"), nil)
		case block.Type == string(cryptoutils.PublicKeyPEMType):
			public, err := parseSPKI(block.Bytes)
			if err != nil {
				return Trust{}, err
			}
			t.add(trustedKey{public: public})
		case block.Type == certificateType:
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return Trust{}, badTrust(say.Both("a certificate in it is damaged", "een certificaat erin is beschadigd"), err)
			}
			if cert.IsCA {
				t.roots = append(t.roots, cert)
			} else {
				t.leaves = append(t.leaves, cert)
			}
		default:
			return Trust{}, badTrust(say.Both("it holds something else than public keys and certificates",
				"er staat iets anders in dan publieke sleutels en certificaten"), nil)
		}
		rest = bytes.TrimSpace(after)
	}
	if n == 0 {
		return Trust{}, badTrust(say.Both("it is empty", "het is leeg"), nil)
	}
	return t, nil
}

func badTrust(why say.Text, err error) error {
	return &say.Error{Msg: say.Both("the file of whom to trust cannot be used: %s",
		"het bestand met wie te vertrouwen is, is niet te gebruiken: %s", why),
		Hint: say.Both("give a file in PEM with the signer's public key or certificate, or that of its authority",
			"geef een PEM-bestand met de publieke sleutel of het certificaat van de ondertekenaar, of van de uitgever daarvan"), Err: err}
}

// Merge trusts whom either trusts. What either knows of the end of a key holds.
func (t Trust) Merge(other Trust) Trust {
	out := Trust{keys: slices.Clone(t.keys), leaves: slices.Concat(t.leaves, other.leaves), roots: slices.Concat(t.roots, other.roots)}
	for _, k := range other.keys {
		out.add(k)
	}
	return out
}

// add puts a key in; of one that is there already, the earlier end holds.
func (t *Trust) add(k trustedKey) {
	for i, have := range t.keys {
		if have.public.Equal(k.public) {
			t.keys[i].retired = earlier(have.retired, k.retired)
			t.keys[i].compromised = earlier(have.compromised, k.compromised)
			if have.name == "" {
				t.keys[i].name = k.name
			}
			return
		}
	}
	t.keys = append(t.keys, k)
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Keys lists the keys that are trusted for some time, those of single certificates too. Authorities have no part in it.
// It is for telling an intact signature from a broken one; whether it counts at its time, Key tells.
func (t Trust) Keys() []Public {
	var out []Public
	for _, k := range t.keys {
		out = append(out, k.public)
	}
	for _, cert := range t.leaves {
		if p, err := newPublic(cert.PublicKey); err == nil && !slices.ContainsFunc(out, p.Equal) {
			out = append(out, p)
		}
	}
	return out
}

// RetiredKey is a key that is known for what it signed before.
type RetiredKey struct {
	Public Public
	Retirement
}

// Retired lists the keys that are retired or were in the hands of others, by the day of that.
func (t Trust) Retired() []RetiredKey {
	var out []RetiredKey
	for _, k := range t.keys {
		if !k.retired.IsZero() || !k.compromised.IsZero() {
			out = append(out, RetiredKey{k.public, Retirement{At: k.retired, CompromisedSince: k.compromised}})
		}
	}
	slices.SortFunc(out, func(a, b RetiredKey) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Public.ID, b.Public.ID)) })
	return out
}

// Key tells whether a key's signature of a moment counts, as seals and bundles need it; the signature itself must have
// been verified. proven says that a timestamp shows the moment, rather than the signer. Errors, for errors.Is:
// ErrUnknownSigner, ErrRetired, ErrCompromised, and where the key is trusted by a certificate alone, ErrExpired, ErrNotYetValid.
func (t Trust) Key(p Public, at time.Time, proven bool) (SignedBy, error) {
	for _, k := range t.keys {
		if k.public.Equal(p) {
			return k.at(at, proven)
		}
	}
	err := unknown(p.ID)
	for _, cert := range t.leaves {
		if owner, bad := newPublic(cert.PublicKey); bad == nil && owner.Equal(p) {
			if err = errors.Join(checkUse(cert), checkTime(cert, at)); err == nil {
				return SignedBy{Name: nameOf(cert), KeyID: p.ID, Note: ownTime(proven)}, nil
			}
		}
	}
	return SignedBy{}, err
}

// Chain tells whether a signature with an embedded chain counts: the chain's first certificate is trusted, is for documents,
// and was valid at the moment. proven says that a timestamp shows the moment, rather than the signer. The signature itself
// must have been verified with that certificate's key. Errors are those of Key, and ErrWrongUse.
func (t Trust) Chain(chain []*x509.Certificate, at time.Time, proven bool) (SignedBy, error) {
	if len(chain) == 0 || len(chain) > maxChain {
		return SignedBy{}, badChain(say.Both("it has no certificate, or too many", "er is geen certificaat bij, of te veel"), nil)
	}
	leaf := chain[0]
	by := SignedBy{Name: nameOf(leaf), Note: ownTime(proven)}
	public, err := newPublic(leaf.PublicKey)
	if err == nil {
		by.KeyID = public.ID
	} // else an authority may vouch for a kind of key that we do not make
	known := slices.IndexFunc(t.keys, func(k trustedKey) bool { return k.public.Equal(public) })
	if known >= 0 {
		if by, err = t.keys[known].at(at, proven); err != nil {
			return SignedBy{}, err
		}
		by.Name = nameOf(leaf)
	} else if !slices.ContainsFunc(t.leaves, leaf.Equal) {
		if err := t.vouched(chain, by.KeyID, at); err != nil {
			return SignedBy{}, err
		}
	}
	if err := errors.Join(checkUse(leaf), checkTime(leaf, at)); err != nil {
		return SignedBy{}, err
	}
	return by, nil
}

// vouched looks for a trusted authority above the chain.
func (t Trust) vouched(chain []*x509.Certificate, id string, at time.Time) error {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range t.roots {
		roots.AddCert(c)
	}
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		if err := checkTime(invalid.Cert, at); err != nil {
			return err
		}
	}
	return unknown(id)
}

// at tells whether the key counts at a moment.
func (k trustedKey) at(at time.Time, proven bool) (SignedBy, error) {
	at = at.UTC().Truncate(time.Second) // as exact as retirements are
	by := SignedBy{Name: k.name, KeyID: k.public.ID, Note: ownTime(proven)}
	if !k.compromised.IsZero() && !(proven && at.Before(k.compromised)) {
		return SignedBy{}, &say.Error{Msg: say.Both("the key %s was in the hands of others from %s, and nothing proves the signature to be older",
			"de sleutel %s was vanaf %s in handen van anderen, en niets bewijst dat de handtekening ouder is", k.public.ID, stamp(k.compromised)),
			Hint: say.Both("ask for a document that is signed anew with the present key",
				"vraag om een document dat opnieuw is ondertekend, met de huidige sleutel"), Err: ErrCompromised}
	}
	if k.retired.IsZero() {
		return by, nil
	}
	if at.After(k.retired) {
		return SignedBy{}, &say.Error{Msg: say.Both("the key %s was retired on %s, before the signature was made",
			"de sleutel %s is op %s buiten gebruik gesteld, voordat de handtekening werd gezet", k.public.ID, stamp(k.retired)),
			Hint: say.Both("ask whose key it was who used it since; it should not exist any more",
				"vraag aan wie de sleutel had, wie die daarna heeft gebruikt; hij zou niet meer mogen bestaan"), Err: ErrRetired}
	}
	by.Retired, by.Note = true, NoteRetired
	if !proven {
		by.Note = NoteRetiredOwnTime
	}
	return by, nil
}

func ownTime(proven bool) Note {
	if proven {
		return ""
	}
	return NoteOwnTime
}

func unknown(id string) error {
	whose := say.Both("its key %s", "sleutel %s", id)
	if id == "" {
		whose = say.Both("its key", "de sleutel")
	}
	return &say.Error{Msg: say.Both("the signature is intact, but %s is not trusted",
		"de handtekening is gaaf, maar %s wordt niet vertrouwd", whose),
		Hint: say.Both("if you know whose key it is, name it with --trust FILE",
			"weet u van wie de sleutel is, noem hem dan met --trust BESTAND"), Err: ErrUnknownSigner}
}
