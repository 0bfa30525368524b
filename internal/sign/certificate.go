package sign

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"time"

	"waarborg/internal/say"
)

// CertificateYears is how long a certificate holds that we make ourselves.
const CertificateYears = 3

const (
	certificateType = "CERTIFICATE"
	requestType     = "CERTIFICATE REQUEST"

	maxChain = 10 // certificates, far more than any chain has
	maxName  = 64 // characters, X.520's limit of a common name and of an organisation's name
)

var (
	documentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36} // RFC 9336
	extKeyUsage     = asn1.ObjectIdentifier{2, 5, 29, 15}
	extExtKeyUsage  = asn1.ObjectIdentifier{2, 5, 29, 37}
)

// Subject is whom a certificate of the evidence key names.
type Subject struct {
	Organisation string
	Country      string // ISO 3166-1, two letters
	CommonName   string // what readers of a PDF show as the signer
}

func (s Subject) name() pkix.Name {
	return pkix.Name{Organization: []string{cut(s.Organisation)}, Country: []string{s.Country}, CommonName: cut(s.CommonName)}
}

// cut keeps a name within what readers accept.
func cut(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), maxName)])
}

// SelfSigned makes a certificate of a key by that key itself: for signing documents, from a moment on (to the second) for
// a number of years. It says who signs; that this is true, a reader must learn by another way. rnd is crypto/rand.Reader.
func SelfSigned(signer crypto.Signer, subject Subject, from time.Time, years int, rnd io.Reader) (*x509.Certificate, error) {
	public, err := newPublic(signer.Public())
	if err != nil {
		return nil, err
	}
	serial := make([]byte, 16)
	if _, err := io.ReadFull(rnd, serial); err != nil {
		return nil, &say.Error{Msg: say.Both("there is no randomness for a certificate's number",
			"er is geen toeval voor het nummer van een certificaat"), Err: err}
	}
	serial[0] = serial[0]&0x7f | 0x40 // positive, and always of the same length
	id := sha256.Sum256(public.spki)
	from = from.UTC().Truncate(time.Second)
	template := &x509.Certificate{SerialNumber: new(big.Int).SetBytes(serial), Subject: subject.name(), NotBefore: from, NotAfter: from.AddDate(years, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, UnknownExtKeyUsage: []asn1.ObjectIdentifier{documentSigning},
		BasicConstraintsValid: true, SubjectKeyId: id[:20], SignatureAlgorithm: x509.ECDSAWithSHA256}
	der, err := x509.CreateCertificate(rnd, template, template, signer.Public(), signer)
	if err != nil {
		return nil, signingFailed(say.Both("the certificate could not be made", "het certificaat kon niet worden gemaakt"), err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, &say.Error{Msg: say.Both("the certificate that was made cannot be read",
			"het gemaakte certificaat is niet te lezen"), Err: err}
	}
	return cert, nil
}

// Request makes a certificate signing request in PEM, asking for a certificate as SelfSigned makes.
func Request(signer crypto.Signer, subject Subject, rnd io.Reader) ([]byte, error) {
	usage, err := asn1.Marshal(asn1.BitString{Bytes: []byte{0xc0}, BitLength: 2}) // digitalSignature, contentCommitment
	if err != nil {
		return nil, err
	}
	purpose, err := asn1.Marshal([]asn1.ObjectIdentifier{documentSigning})
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificateRequest(rnd, &x509.CertificateRequest{Subject: subject.name(), SignatureAlgorithm: x509.ECDSAWithSHA256,
		ExtraExtensions: []pkix.Extension{{Id: extKeyUsage, Critical: true, Value: usage}, {Id: extExtKeyUsage, Value: purpose}}}, signer)
	if err != nil {
		return nil, signingFailed(say.Both("the request for a certificate could not be made",
			"de aanvraag voor een certificaat kon niet worden gemaakt"), err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: requestType, Bytes: der}), nil
}

// signingFailed keeps what a key said itself: x509 wraps it in words of its own.
func signingFailed(what say.Text, err error) error {
	var known *say.Error
	if errors.As(err, &known) {
		return known
	}
	return &say.Error{Msg: what,
		Hint: say.Both("check the key with `waarborg doctor`", "controleer de sleutel met `waarborg doctor`"), Err: err}
}

// ParseChain reads a chain of certificates in PEM: the signer's own first, each made by the next. The root may be left out.
func ParseChain(text []byte) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for rest := bytes.TrimSpace(text); len(rest) > 0; {
		block, after := pem.Decode(rest)
		if block == nil || block.Type != certificateType || len(chain) == maxChain {
			return nil, badChain(say.Both("it is not a PEM file of certificates alone",
				"het is geen PEM-bestand met alleen certificaten"), nil)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, badChain(say.Both("a certificate in it is damaged", "een certificaat erin is beschadigd"), err)
		}
		chain, rest = append(chain, cert), bytes.TrimSpace(after)
	}
	if len(chain) == 0 {
		return nil, badChain(say.Both("it is empty", "het is leeg"), nil)
	}
	return chain, linked(chain)
}

func linked(chain []*x509.Certificate) error {
	for i, cert := range chain[:len(chain)-1] {
		if err := cert.CheckSignatureFrom(chain[i+1]); err != nil {
			return badChain(say.Both("certificate %d is not signed by certificate %d",
				"certificaat %d is niet ondertekend door certificaat %d", i+1, i+2), err)
		}
	}
	return nil
}

// ChainPEM writes a chain as ParseChain reads it.
func ChainPEM(chain []*x509.Certificate) []byte {
	var out []byte
	for _, cert := range chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: certificateType, Bytes: cert.Raw})...)
	}
	return out
}

// CheckChain tells whether a chain lets a key sign documents at a moment: the key is the chain's, each certificate is made
// by the next, the first is for documents, and all are valid. Errors, for errors.Is: ErrExpired, ErrNotYetValid, ErrWrongUse.
func CheckChain(chain []*x509.Certificate, key Public, at time.Time) error {
	if len(chain) == 0 {
		return badChain(say.Both("it is empty", "het is leeg"), nil)
	}
	if owner, err := newPublic(chain[0].PublicKey); err != nil || !owner.Equal(key) {
		return &say.Error{Msg: say.Both("the certificate is not of the evidence key %s",
			"het certificaat hoort niet bij de evidence-sleutel %s", key.ID),
			Hint: say.Both("ask for one with `waarborg keys certificate --request`; the chain starts with the key's own certificate",
				"vraag er een aan met `waarborg keys certificate --request`; de keten begint met het certificaat van de sleutel zelf")}
	}
	if err := errors.Join(linked(chain), checkUse(chain[0])); err != nil {
		return err
	}
	for _, cert := range chain {
		if err := checkTime(cert, at); err != nil {
			return err
		}
	}
	return nil
}

// mayStillSign is CheckChain with advice for the one who signs.
func mayStillSign(chain []*x509.Certificate, key Public, now time.Time) error {
	err := CheckChain(chain, key, now)
	var known *say.Error
	if errors.As(err, &known) && (errors.Is(err, ErrExpired) || errors.Is(err, ErrNotYetValid)) {
		return &say.Error{Msg: known.Msg, Err: known.Err,
			Hint: say.Both("check the clock of this machine; `waarborg keys rotate` makes a new key and certificate, `waarborg keys certificate --import` takes one of an issuer",
				"controleer de klok van deze machine; `waarborg keys rotate` maakt een nieuwe sleutel met certificaat, `waarborg keys certificate --import` neemt er een van een uitgever")}
	}
	return err
}

// checkUse wants a certificate for documents, of no authority, and with nothing critical that we do not know.
func checkUse(leaf *x509.Certificate) error {
	var why say.Text
	switch {
	case leaf.IsCA:
		why = say.Both("it is of a certificate authority", "het is van een certificaatuitgever")
	case leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		why = say.Both("its key usage is not signing", "de key usage is niet ondertekenen")
	case !slices.ContainsFunc(leaf.UnknownExtKeyUsage, documentSigning.Equal):
		why = say.Both("its extended key usage does not have document signing (1.3.6.1.5.5.7.3.36)",
			"in de extended key usage staat document signing (1.3.6.1.5.5.7.3.36) niet")
	case len(leaf.UnhandledCriticalExtensions) > 0:
		why = say.Both("it has a critical extension that is not known", "er staat een kritieke extensie in die onbekend is")
	default:
		return nil
	}
	return &say.Error{Msg: say.Both("the certificate is not for signing documents: %s",
		"het certificaat is niet voor het ondertekenen van documenten: %s", why),
		Hint: say.Both("ask the issuer for one that is, with `waarborg keys certificate --request`",
			"vraag de uitgever om een dat dat wel is, met `waarborg keys certificate --request`"), Err: ErrWrongUse}
}

// checkTime tells whether a certificate was valid at a moment. Both its ends belong to it.
func checkTime(cert *x509.Certificate, at time.Time) error {
	at = at.UTC().Truncate(time.Second) // as exact as certificates are
	switch {
	case at.Before(cert.NotBefore):
		return &say.Error{Msg: say.Both("the certificate is valid from %s, which is after %s",
			"het certificaat geldt pas vanaf %s, en dat is na %s", stamp(cert.NotBefore), stamp(at)),
			Hint: say.Both("such a signature does not count; the clock of who signed may have been wrong",
				"zo'n handtekening telt niet; misschien liep de klok van de ondertekenaar verkeerd"), Err: ErrNotYetValid}
	case at.After(cert.NotAfter):
		return &say.Error{Msg: say.Both("the certificate was valid until %s, which is before %s",
			"het certificaat gold tot %s, en dat is voor %s", stamp(cert.NotAfter), stamp(at)),
			Hint: say.Both("such a signature does not count; ask for one that is made within the certificate's time",
				"zo'n handtekening telt niet; vraag om een die is gezet toen het certificaat gold"), Err: ErrExpired}
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// LoadCertificate reads the chain of the evidence key from dir, and checks that it is of that key. A missing file is
// fs.ErrNotExist. Whether it is valid at some moment, CheckChain tells.
func LoadCertificate(dir string, key Public) ([]*x509.Certificate, error) {
	path := crtPath(dir)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &say.Error{Msg: say.Both("there is no certificate of the evidence key: %s is missing",
			"er is geen certificaat van de evidence-sleutel: %s ontbreekt", path),
			Hint: say.Both("`waarborg keys init` makes it", "`waarborg keys init` maakt het"), Err: fs.ErrNotExist}
	}
	if err != nil {
		return nil, &say.Error{Msg: say.Both("cannot read file %s", "kan bestand %s niet lezen", path),
			Hint: say.Both("check who may read it", "controleer wie het mag lezen"), Err: err}
	}
	chain, err := ParseChain(text)
	if err != nil {
		return nil, err
	}
	if owner, err := newPublic(chain[0].PublicKey); err != nil || !owner.Equal(key) {
		return nil, &say.Error{Msg: say.Both("%s is not of the evidence key %s",
			"%s hoort niet bij de evidence-sleutel %s", path, key.ID),
			Hint: say.Both("`waarborg keys init` makes a new one", "`waarborg keys init` maakt een nieuw certificaat"), Err: errOtherKey}
	}
	return chain, nil
}

// errOtherKey is what a rotation that was cut short leaves for a moment: a certificate of the key before.
var errOtherKey = errors.New("the certificate is of another key")

// EnsureCertificate returns the chain of the evidence key in dir for signing now, and makes a self-signed one where there is
// none, which it tells. One that has expired or is not valid yet is an error: it never signs.
func EnsureCertificate(dir string, key Signer, subject Subject, now time.Time, rnd io.Reader) (chain []*x509.Certificate, made bool, err error) {
	chain, err = LoadCertificate(dir, key.Public())
	switch {
	case err == nil:
		return chain, false, mayStillSign(chain, key.Public(), now)
	case errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, errOtherKey):
		if err := setAside(dir); err != nil {
			return nil, false, err
		}
	default:
		return nil, false, err
	}
	signer, err := key.CryptoSigner()
	if err != nil {
		return nil, false, err
	}
	cert, err := SelfSigned(signer, subject, now, CertificateYears, rnd)
	if err != nil {
		return nil, false, err
	}
	chain = []*x509.Certificate{cert}
	return chain, true, replace(crtPath(dir), 0o644, ChainPEM(chain))
}

// ImportCertificate puts a chain in PEM in the place of the present one, which is kept in `retired`. The chain must be of the
// key and let it sign now.
func ImportCertificate(dir string, key Public, text []byte, now time.Time) ([]*x509.Certificate, error) {
	chain, err := ParseChain(text)
	if err == nil {
		err = mayStillSign(chain, key, now)
	}
	if err == nil {
		err = setAside(dir)
	}
	if err != nil {
		return nil, err
	}
	return chain, replace(crtPath(dir), 0o644, ChainPEM(chain))
}

// setAside copies the present chain into `retired`, under its key and number.
func setAside(dir string) error {
	text, err := os.ReadFile(crtPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	chain, parseErr := ParseChain(text)
	if err = errors.Join(err, parseErr); err != nil {
		return &say.Error{Msg: say.Both("%s cannot be read", "%s is niet te lezen", crtPath(dir)),
			Hint: say.Both("move it away, so that nothing is lost", "verplaats het, zodat er niets verloren gaat"), Err: err}
	}
	owner, err := newPublic(chain[0].PublicKey)
	if err != nil {
		return err
	}
	if err := prepareDir(retiredDir(dir)); err != nil {
		return err
	}
	return replace(filepath.Join(retiredDir(dir), owner.ID+"-"+chain[0].SerialNumber.Text(16)+".crt"), 0o644, text)
}

// Fingerprint is the SHA-256 of a certificate in DER, in hexadecimal, as other programs show it.
func Fingerprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}

func crtPath(dir string) string { return filepath.Join(dir, string(Evidence)+".crt") }

func badChain(why say.Text, err error) error {
	return &say.Error{Msg: say.Both("the certificates cannot be used: %s", "de certificaten zijn niet te gebruiken: %s", why),
		Hint: say.Both("give a file in PEM with the key's own certificate first and each issuer after it",
			"geef een PEM-bestand met eerst het certificaat van de sleutel zelf en daarna elke uitgever"), Err: err}
}
