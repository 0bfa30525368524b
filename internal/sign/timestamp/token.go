package timestamp

import (
	"bytes"
	"crypto"
	"crypto/sha1" // only to compare with what old authorities list; the certificate's own signature is what counts
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"time"

	"waarborg/internal/say"
	"waarborg/internal/sign/cms"
)

// Token is what a timestamp says: the signature was there at Time.
type Token struct {
	Time      time.Time // UTC, as the authority gave it
	Authority string    // the name in its certificate
	Policy    string    // the authority's rules, as a dotted OID

	nonce *big.Int
	data  cms.SignedData
	chain []*x509.Certificate
}

// content is TSTInfo up to what is read here. The authority's signature covers it, so more may follow.
type content struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint imprint
	Serial  *big.Int
	Time    asn1.RawValue
}

type imprint struct {
	Hash pkix.AlgorithmIdentifier
	Sum  []byte
}

var (
	oidContent = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidSHA256  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidEKU     = asn1.ObjectIdentifier{2, 5, 29, 37}
)

// Verify checks a token over a signature's value. ErrBroken says that it is not intact. ErrUntrusted says that it is, but
// that none of roots issued it, and the Token is returned with it; so with roots nil, always. Certificates are judged at the
// token's own time.
func Verify(token, signatureValue []byte, roots *x509.CertPool) (Token, error) {
	t, err := read(token, signatureValue)
	if err != nil {
		return Token{}, err
	}
	chain, err := t.embedded()
	if err != nil {
		return Token{}, err
	}
	normal, err := t.data.Normal(chain)
	if err != nil || !bytes.Equal(normal, token) {
		return Token{}, broken(say.Both("it is not in the form that it was kept in", "het heeft niet de vorm waarin het is bewaard"))
	}
	t.chain = chain
	if roots == nil {
		roots = x509.NewCertPool()
	}
	if _, err := t.verify(roots, chain[1:]); err != nil {
		return t, &say.Error{Msg: say.Both("the timestamp is intact, but its authority (%s) is not trusted",
			"het tijdstempel is gaaf, maar de dienst (%s) wordt niet vertrouwd", t.Authority),
			Hint: say.Both("if you trust the authority, name its root certificate",
				"vertrouwt u de dienst, noem dan het rootcertificaat ervan"), Err: ErrUntrusted}
	}
	return t, nil
}

// Certificates returns those of the authority, its own first, its root last.
func (t Token) Certificates() []*x509.Certificate { return slices.Clone(t.chain) }

// read checks all of a token that does not depend on its other certificates.
func read(token, signatureValue []byte) (Token, error) {
	d, err := cms.Decode(token)
	if err != nil {
		return Token{}, broken(say.Of(err))
	}
	if !d.ContentType.Equal(oidContent) || d.Content == nil {
		return Token{}, broken(say.Both("it holds no time", "er staat geen tijdstip in"))
	}
	cert := d.Signer()
	if cert == nil {
		return Token{}, broken(say.Both("the authority's certificate is missing", "het certificaat van de dienst ontbreekt"))
	}
	if err := checkPurpose(cert); err != nil {
		return Token{}, err
	}
	h := d.Hash.New()
	h.Write(d.Content)
	if d.Check(cert, h.Sum(nil)) != nil {
		return Token{}, broken(say.Both("the authority's signature does not fit", "de handtekening van de dienst past niet"))
	}
	if !lists(d, cert) {
		return Token{}, broken(say.Both("it does not say whose certificate it is signed with",
			"er staat niet in met wiens certificaat het is ondertekend"))
	}
	t := Token{data: d, Authority: name(cert)}
	if err := t.readContent(d.Content, signatureValue); err != nil {
		return Token{}, err
	}
	return t, nil
}

func (t *Token) readContent(der, signatureValue []byte) error {
	var seq asn1.RawValue
	var c content
	if rest, err := asn1.Unmarshal(der, &seq); err != nil || len(rest) > 0 {
		return broken(say.Both("its content cannot be read", "de inhoud is niet te lezen"))
	}
	rest := seq.Bytes
	var err error
	for _, field := range []any{&c.Version, &c.Policy, &c.Imprint, &c.Serial, &c.Time} {
		if rest, err = asn1.Unmarshal(rest, field); err != nil {
			return broken(say.Both("its content cannot be read", "de inhoud is niet te lezen"))
		}
	}
	sum := sha256.Sum256(signatureValue)
	if !c.Imprint.Hash.Algorithm.Equal(oidSHA256) || !bytes.Equal(c.Imprint.Sum, sum[:]) {
		return broken(say.Both("it is of another signature", "het is van een andere handtekening"))
	}
	// With fractions of a second or without: the reader of asn1 only takes the latter.
	if t.Time, err = time.Parse("20060102150405Z", string(c.Time.Bytes)); err != nil || c.Time.Tag != asn1.TagGeneralizedTime || c.Version != 1 {
		return broken(say.Both("its time cannot be read", "het tijdstip is niet te lezen"))
	}
	t.Policy = c.Policy.String()
	// What follows is all optional; of it only the nonce, the one INTEGER, counts here.
	for len(rest) > 0 {
		var v asn1.RawValue
		if rest, err = asn1.Unmarshal(rest, &v); err != nil {
			return broken(say.Both("its content cannot be read", "de inhoud is niet te lezen"))
		}
		if v.Class == asn1.ClassUniversal && v.Tag == asn1.TagInteger {
			if _, err := asn1.Unmarshal(v.FullBytes, &t.nonce); err != nil {
				return broken(say.Both("its content cannot be read", "de inhoud is niet te lezen"))
			}
		}
	}
	return nil
}

// checkPurpose refuses a certificate that is not for timestamps alone (RFC 3161, 2.3).
func checkPurpose(cert *x509.Certificate) error {
	critical := slices.ContainsFunc(cert.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidEKU) && e.Critical })
	alone := len(cert.ExtKeyUsage) == 1 && cert.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping && len(cert.UnknownExtKeyUsage) == 0
	if !critical || !alone {
		return broken(say.Both("it is signed with a certificate that is not for timestamps alone",
			"het is ondertekend met een certificaat dat niet alleen voor tijdstempels is"))
	}
	return nil
}

// lists tells whether the signed attributes name the certificate as the signer's, in the old form or the new one.
func lists(d cms.SignedData, cert *x509.Certificate) bool {
	if der := d.Attributes[cms.SigningCertificateV2]; der != nil {
		var v struct{ Certs []asn1.RawValue }
		if _, err := asn1.Unmarshal(der, &v); err != nil || len(v.Certs) == 0 {
			return false
		}
		return listsV2(v.Certs[0].FullBytes, cert)
	}
	var v struct{ Certs []struct{ Hash []byte } }
	if _, err := asn1.Unmarshal(d.Attributes[cms.SigningCertificate], &v); err != nil || len(v.Certs) == 0 {
		return false
	}
	sum := sha1.Sum(cert.Raw)
	return bytes.Equal(v.Certs[0].Hash, sum[:])
}

func listsV2(der []byte, cert *x509.Certificate) bool {
	var short struct{ Hash []byte }
	if _, err := asn1.Unmarshal(der, &short); err == nil { // no name of a hash: SHA-256
		sum := sha256.Sum256(cert.Raw)
		return bytes.Equal(short.Hash, sum[:])
	}
	var long struct {
		Algorithm pkix.AlgorithmIdentifier
		Hash      []byte
	}
	if _, err := asn1.Unmarshal(der, &long); err != nil {
		return false
	}
	for oid, hash := range map[string]crypto.Hash{
		"2.16.840.1.101.3.4.2.1": crypto.SHA256, "2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
	} {
		if long.Algorithm.Algorithm.String() == oid {
			h := hash.New()
			h.Write(cert.Raw)
			return bytes.Equal(h.Sum(nil), long.Hash)
		}
	}
	return false
}

// verify finds the authority's certificates up to one of roots, all valid at the token's time. The last one is self-signed.
func (t Token) verify(roots *x509.CertPool, others []*x509.Certificate) ([]*x509.Certificate, error) {
	between := x509.NewCertPool()
	for _, c := range others {
		between.AddCert(c)
	}
	chains, err := t.data.Signer().Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: t.Time,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	if err != nil {
		return nil, err
	}
	for _, chain := range chains {
		if selfSigned(chain[len(chain)-1]) {
			return chain, nil
		}
	}
	return nil, &say.Error{Msg: say.Both("the trusted certificate of the timestamp authority is not its root",
		"het vertrouwde certificaat van de tijdstempeldienst is niet het rootcertificaat"),
		Hint: say.Both("name the root certificate", "noem het rootcertificaat")}
}

// embedded orders the token's own certificates, and refuses any that is not between the authority and one root. So each is
// signed by the next, and the root by itself: none can be changed unseen.
func (t Token) embedded() ([]*x509.Certificate, error) {
	all := t.data.Certificates
	roots := x509.NewCertPool()
	for _, c := range all {
		if selfSigned(c) {
			roots.AddCert(c)
		}
	}
	chain, err := t.verify(roots, all)
	if err != nil || len(chain) != len(all) {
		return nil, broken(say.Both("its certificates do not lead from the authority to one root",
			"de certificaten leiden niet van de dienst naar één rootcertificaat"))
	}
	return chain, nil
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

func name(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return c.Subject.CommonName
	}
	return c.Subject.String()
}
