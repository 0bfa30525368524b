package cms

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"slices"

	"waarborg/internal/say"
)

// SignedData is a CMS SignedData with one signer, as Decode reads it. Nothing in it has been verified.
type SignedData struct {
	ContentType  asn1.ObjectIdentifier
	Content      []byte // nil: detached
	Certificates []*x509.Certificate
	Issuer       []byte // DER of the SEQUENCE of issuer and serial number that names the signer's certificate
	Hash         crypto.Hash
	Attributes   map[string][]byte // the signed ones: DER of the only value, by dotted OID
	Value        []byte            // the signature
	Unsigned     map[string][]byte // the unsigned attributes, as Attributes

	signed []byte // DER of the signed attributes, as [0]; the signature is over them as SET
	alg    asn1.ObjectIdentifier
}

// Limits of a SignedData. They are far above what is met, and bound the work that a hostile one causes.
const (
	maxCertificates = 8
	maxDER          = 256 << 10 // bytes
	minRSA          = 2048      // bits, of authorities; a signer needs MinRSA
)

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue
}

type signedData struct {
	Version      int
	Algorithms   []algorithm `asn1:"set"`
	Encapsulated encapsulated
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type algorithm struct {
	Algorithm  asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

type encapsulated struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"optional,tag:0"`
}

type signerInfo struct {
	Version   int
	Issuer    asn1.RawValue
	Digest    algorithm
	Signed    asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm algorithm
	Value     []byte
	Unsigned  asn1.RawValue `asn1:"optional,tag:1"`
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial asn1.RawValue
}

var (
	oidData       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidSHA256     = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384     = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512     = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	oidRSA        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
)

// Attributes by their dotted OID, for the maps of a SignedData.
const (
	ContentType          = "1.2.840.113549.1.9.3"
	MessageDigest        = "1.2.840.113549.1.9.4"
	SigningCertificate   = "1.2.840.113549.1.9.16.2.12"
	SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47"
	SignatureTimeStamp   = "1.2.840.113549.1.9.16.2.14"
)

// schemes lists the signatures that are known, by hash. RSA goes by the name without a hash, or by one with it.
var schemes = []struct {
	hash               crypto.Hash
	oid, ecOID, rsaOID asn1.ObjectIdentifier
	withECDSA, withRSA x509.SignatureAlgorithm
}{
	{crypto.SHA256, oidSHA256, oid(1, 2, 840, 10045, 4, 3, 2), oid(1, 2, 840, 113549, 1, 1, 11), x509.ECDSAWithSHA256, x509.SHA256WithRSA},
	{crypto.SHA384, oidSHA384, oid(1, 2, 840, 10045, 4, 3, 3), oid(1, 2, 840, 113549, 1, 1, 12), x509.ECDSAWithSHA384, x509.SHA384WithRSA},
	{crypto.SHA512, oidSHA512, oid(1, 2, 840, 10045, 4, 3, 4), oid(1, 2, 840, 113549, 1, 1, 13), x509.ECDSAWithSHA512, x509.SHA512WithRSA},
}

func oid(arcs ...int) asn1.ObjectIdentifier { return arcs }

// signedTag is the first byte of signed attributes in a SignerInfo; they are signed with that of a SET instead.
const signedTag, setTag = 0xa0, 0x31

var errForm = because(say.Both("it is not encoded as CMS with one signer", "het is niet gecodeerd als CMS met één ondertekenaar"))

// Decode reads a SignedData of another maker: any order, parameters and unsigned attributes. What is given twice, left over
// or unknown is an error. Limits: 256 KiB, 8 certificates.
func Decode(der []byte) (SignedData, error) {
	var out SignedData
	var info contentInfo
	var sd signedData
	if len(der) > maxDER {
		return out, because(say.Both("it is too large", "het is te groot"))
	}
	if !whole(der, &info) || !info.Type.Equal(oidSignedData) || info.Content.Class != asn1.ClassContextSpecific ||
		info.Content.Tag != 0 || !whole(info.Content.Bytes, &sd) || len(sd.Signers) != 1 {
		return out, errForm
	}
	s := sd.Signers[0]
	out.ContentType, out.Value, out.Issuer, out.alg = sd.Encapsulated.Type, s.Value, s.Issuer.FullBytes, s.Algorithm.Algorithm
	if out.signed = bytes.Clone(s.Signed.FullBytes); len(out.signed) == 0 {
		return out, errForm
	}
	out.signed[0] = signedTag // the reader also takes 0x80, which the signature would not notice
	if sd.Encapsulated.Content.FullBytes != nil && !whole(sd.Encapsulated.Content.Bytes, &out.Content) {
		return out, errForm
	}
	for _, h := range schemes {
		if h.oid.Equal(s.Digest.Algorithm) {
			out.Hash = h.hash
		}
	}
	if out.Hash == 0 {
		return out, because(say.Both("its hash is none of SHA-256, SHA-384, SHA-512", "de hash is geen SHA-256, SHA-384 of SHA-512"))
	}
	for _, p := range []asn1.RawValue{s.Digest.Parameters, s.Algorithm.Parameters} {
		if p.FullBytes != nil && !bytes.Equal(p.FullBytes, asn1.NullBytes) {
			return out, because(say.Both("its algorithm has parameters", "het algoritme heeft parameters"))
		}
	}
	var err error
	if out.Attributes, err = attributes(s.Signed.Bytes); err != nil {
		return out, err
	}
	if out.Unsigned, err = attributes(s.Unsigned.Bytes); err != nil {
		return out, err
	}
	for rest := sd.Certificates.Bytes; len(rest) > 0; {
		var raw asn1.RawValue
		if rest, err = asn1.Unmarshal(rest, &raw); err != nil || len(out.Certificates) == maxCertificates {
			return out, because(say.Both("its certificates cannot be read", "de certificaten zijn niet te lezen"))
		}
		cert, err := x509.ParseCertificate(raw.FullBytes)
		if err != nil {
			return out, because(say.Both("one of its certificates cannot be read", "een van de certificaten is niet te lezen"))
		}
		if k, ok := cert.PublicKey.(*rsa.PublicKey); ok && (k.N.BitLen() < minRSA || k.N.BitLen() > MaxRSA) {
			return out, because(say.Both("one of its certificates has an RSA key that is too small or too large",
				"een van de certificaten heeft een RSA-sleutel die te klein of te groot is"))
		}
		out.Certificates = append(out.Certificates, cert)
	}
	return out, nil
}

// whole reads DER that holds one value and nothing more: what was read, encoded again, gives the same bytes.
func whole[T any](der []byte, into *T) bool {
	rest, err := asn1.Unmarshal(der, into)
	if err != nil || len(rest) > 0 {
		return false
	}
	again, err := asn1.Marshal(*into)
	return err == nil && bytes.Equal(again, der)
}

func attributes(set []byte) (map[string][]byte, error) {
	out := map[string][]byte{}
	for len(set) > 0 {
		var raw asn1.RawValue
		var a attribute
		rest, err := asn1.Unmarshal(set, &raw)
		if err != nil || !whole(raw.FullBytes, &a) || len(a.Values) != 1 {
			return nil, errForm
		}
		if out[a.Type.String()] != nil {
			return nil, because(say.Both("it has an attribute twice", "een attribuut staat er twee keer in"))
		}
		out[a.Type.String()], set = a.Values[0].FullBytes, rest
	}
	return out, nil
}

// Signer returns the certificate that the signature names, nil if it did not come with it.
func (s SignedData) Signer() *x509.Certificate {
	i := slices.IndexFunc(s.Certificates, func(c *x509.Certificate) bool { return bytes.Equal(issuerOf(c), s.Issuer) })
	if i < 0 {
		return nil
	}
	return s.Certificates[i]
}

func issuerOf(c *x509.Certificate) []byte {
	serial, err := asn1.Marshal(c.SerialNumber)
	if err != nil {
		return nil
	}
	der, err := asn1.Marshal(issuerAndSerial{asn1.RawValue{FullBytes: c.RawIssuer}, asn1.RawValue{FullBytes: serial}})
	if err != nil {
		return nil
	}
	return der
}

// Check verifies the signature with a certificate's key, and that it covers the content (its digest under Hash). Which
// attributes there should be is for the caller to say.
func (s SignedData) Check(cert *x509.Certificate, digest []byte) error {
	if err := s.covers(digest); err != nil {
		return err
	}
	alg := s.algorithm(cert.PublicKeyAlgorithm)
	set := append([]byte{setTag}, s.signed[1:]...)
	if alg == x509.UnknownSignatureAlgorithm || cert.CheckSignature(alg, set, s.Value) != nil {
		return broken(say.Both("it was not made with the key of its certificate, or it was changed",
			"die is niet gezet met de sleutel van het certificaat, of is gewijzigd"))
	}
	return nil
}

// covers checks that the attributes say what the content is.
func (s SignedData) covers(digest []byte) error {
	typ, err := asn1.Marshal(s.ContentType)
	if err != nil || !bytes.Equal(s.Attributes[ContentType], typ) {
		return broken(say.Both("its content type is missing or another", "de soort inhoud ontbreekt of is een andere"))
	}
	var signed []byte
	if !whole(s.Attributes[MessageDigest], &signed) || !bytes.Equal(signed, digest) {
		return broken(say.Both("the content is not what was signed", "de inhoud is niet wat is ondertekend"))
	}
	return nil
}

// algorithm is the signature's, if hash, name and key agree.
func (s SignedData) algorithm(key x509.PublicKeyAlgorithm) x509.SignatureAlgorithm {
	for _, h := range schemes {
		switch {
		case h.hash != s.Hash:
		case key == x509.ECDSA && s.alg.Equal(h.ecOID):
			return h.withECDSA
		case key == x509.RSA && (s.alg.Equal(oidRSA) || s.alg.Equal(h.rsaOID)):
			return h.withRSA
		}
	}
	return x509.UnknownSignatureAlgorithm
}

// Normal encodes the SignedData in the one form that this package knows, with these certificates instead of its own. What the
// signature covers stays as it is; unsigned attributes and lists of revoked certificates are left out.
func (s SignedData) Normal(certs []*x509.Certificate) ([]byte, error) {
	signer := s.Signer()
	if signer == nil {
		return nil, broken(say.Both("its certificate is missing", "het certificaat ontbreekt"))
	}
	return s.encode(signer.PublicKeyAlgorithm, certs, nil)
}

func (s SignedData) encode(key x509.PublicKeyAlgorithm, certs []*x509.Certificate, token []byte) ([]byte, error) {
	digest := algorithm{}
	alg := algorithm{}
	for _, h := range schemes {
		if h.hash != s.Hash {
			continue
		}
		digest.Algorithm = h.oid
		if key == x509.ECDSA {
			alg.Algorithm = h.ecOID
		} else {
			alg = algorithm{oidRSA, asn1.NullRawValue}
		}
	}
	set := make([]asn1.RawValue, 0, len(certs))
	for _, c := range certs {
		set = append(set, asn1.RawValue{FullBytes: c.Raw})
	}
	certificates, err := asn1.MarshalWithParams(set, "set,tag:0")
	if err != nil {
		return nil, err
	}
	signer := signerInfo{Version: 1, Issuer: asn1.RawValue{FullBytes: s.Issuer}, Digest: digest, Signed: asn1.RawValue{FullBytes: s.signed},
		Algorithm: alg, Value: s.Value}
	if token != nil {
		unsigned, err := encodeAttributes("tag:1", attribute{oidSignatureTimeStamp, []asn1.RawValue{{FullBytes: token}}})
		if err != nil {
			return nil, err
		}
		signer.Unsigned.FullBytes = unsigned
	}
	sd := signedData{Version: 1, Algorithms: []algorithm{digest}, Encapsulated: encapsulated{Type: s.ContentType},
		Certificates: asn1.RawValue{FullBytes: certificates}, Signers: []signerInfo{signer}}
	if !s.ContentType.Equal(oidData) {
		sd.Version = 3
	}
	if s.Content != nil {
		inner, err := asn1.Marshal(s.Content)
		if err != nil {
			return nil, err
		}
		sd.Encapsulated.Content = asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: inner}
	}
	inner, err := asn1.Marshal(sd)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(contentInfo{oidSignedData, asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: inner}})
}

// encodeAttributes encodes a set of attributes under a context tag, such as "tag:0".
func encodeAttributes(tag string, list ...attribute) ([]byte, error) {
	set := make([]asn1.RawValue, len(list))
	for i, a := range list {
		der, err := asn1.Marshal(a)
		if err != nil {
			return nil, err
		}
		set[i].FullBytes = der
	}
	return asn1.MarshalWithParams(set, "set,"+tag)
}
