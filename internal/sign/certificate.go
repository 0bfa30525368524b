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
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"time"
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
		return nil, &Error{Msg: "there is no randomness for a certificate's number", Err: err}
	}
	serial[0] = serial[0]&0x7f | 0x40 // positive, and always of the same length
	id := sha256.Sum256(public.spki)
	from = from.UTC().Truncate(time.Second)
	template := &x509.Certificate{SerialNumber: new(big.Int).SetBytes(serial), Subject: subject.name(), NotBefore: from, NotAfter: from.AddDate(years, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, UnknownExtKeyUsage: []asn1.ObjectIdentifier{documentSigning},
		BasicConstraintsValid: true, SubjectKeyId: id[:20], SignatureAlgorithm: x509.ECDSAWithSHA256}
	der, err := x509.CreateCertificate(rnd, template, template, signer.Public(), signer)
	if err != nil {
		return nil, signingFailed("the certificate could not be made", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, &Error{Msg: "the certificate that was made cannot be read", Err: err}
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
		return nil, signingFailed("the request for a certificate could not be made", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: requestType, Bytes: der}), nil
}

// signingFailed keeps what a key said itself: x509 wraps it in words of its own.
func signingFailed(what string, err error) error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return &Error{Msg: what, Hint: "check the key with `waarborg doctor`", Err: err}
}

// ParseChain reads a chain of certificates in PEM: the signer's own first, each made by the next. The root may be left out.
func ParseChain(text []byte) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for rest := bytes.TrimSpace(text); len(rest) > 0; {
		block, after := pem.Decode(rest)
		if block == nil || block.Type != certificateType || len(chain) == maxChain {
			return nil, badChain("it is not a PEM file of certificates alone", nil)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, badChain("a certificate in it is damaged", err)
		}
		chain, rest = append(chain, cert), bytes.TrimSpace(after)
	}
	if len(chain) == 0 {
		return nil, badChain("it is empty", nil)
	}
	return chain, linked(chain)
}

func linked(chain []*x509.Certificate) error {
	for i, cert := range chain[:len(chain)-1] {
		if err := cert.CheckSignatureFrom(chain[i+1]); err != nil {
			return badChain(fmt.Sprintf("certificate %d is not signed by certificate %d", i+1, i+2), err)
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
		return badChain("it is empty", nil)
	}
	if owner, err := newPublic(chain[0].PublicKey); err != nil || !owner.Equal(key) {
		return &Error{Msg: fmt.Sprintf("the certificate is not of the evidence key %s", key.ID),
			Hint: "ask for one with `waarborg keys certificate --request`; the chain starts with the key's own certificate"}
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
	var known *Error
	if errors.As(err, &known) && (errors.Is(err, ErrExpired) || errors.Is(err, ErrNotYetValid)) {
		return &Error{Msg: known.Msg, Err: known.Err,
			Hint: "check the clock of this machine; `waarborg keys rotate` makes a new key and certificate, `waarborg keys certificate --import` takes one of an issuer"}
	}
	return err
}

// checkUse wants a certificate for documents, of no authority, and with nothing critical that we do not know.
func checkUse(leaf *x509.Certificate) error {
	why := ""
	switch {
	case leaf.IsCA:
		why = "it is of a certificate authority"
	case leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		why = "its key usage is not signing"
	case !slices.ContainsFunc(leaf.UnknownExtKeyUsage, documentSigning.Equal):
		why = "its extended key usage does not have document signing (1.3.6.1.5.5.7.3.36)"
	case len(leaf.UnhandledCriticalExtensions) > 0:
		why = "it has a critical extension that is not known"
	default:
		return nil
	}
	return &Error{Msg: "the certificate is not for signing documents: " + why, Hint: "ask the issuer for one that is, with `waarborg keys certificate --request`", Err: ErrWrongUse}
}

// checkTime tells whether a certificate was valid at a moment. Both its ends belong to it.
func checkTime(cert *x509.Certificate, at time.Time) error {
	at = at.UTC().Truncate(time.Second) // as exact as certificates are
	switch {
	case at.Before(cert.NotBefore):
		return &Error{Msg: fmt.Sprintf("the certificate is valid from %s, which is after %s", stamp(cert.NotBefore), stamp(at)),
			Hint: "such a signature does not count; the clock of who signed may have been wrong", Err: ErrNotYetValid}
	case at.After(cert.NotAfter):
		return &Error{Msg: fmt.Sprintf("the certificate was valid until %s, which is before %s", stamp(cert.NotAfter), stamp(at)),
			Hint: "such a signature does not count; ask for one that is made within the certificate's time", Err: ErrExpired}
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
		return nil, &Error{Msg: "there is no certificate of the evidence key: " + path + " is missing", Hint: "`waarborg keys init` makes it", Err: fs.ErrNotExist}
	}
	if err != nil {
		return nil, &Error{Msg: "cannot read file " + path, Hint: "check who may read it", Err: err}
	}
	chain, err := ParseChain(text)
	if err != nil {
		return nil, err
	}
	if owner, err := newPublic(chain[0].PublicKey); err != nil || !owner.Equal(key) {
		return nil, &Error{Msg: fmt.Sprintf("%s is not of the evidence key %s", path, key.ID), Hint: "`waarborg keys init` makes a new one", Err: errOtherKey}
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
		return &Error{Msg: crtPath(dir) + " cannot be read", Hint: "move it away, so that nothing is lost", Err: err}
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

func badChain(why string, err error) error {
	return &Error{Msg: "the certificates cannot be used: " + why,
		Hint: "give a file in PEM with the key's own certificate first and each issuer after it", Err: err}
}
