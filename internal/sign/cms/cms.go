package cms

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"slices"

	"waarborg/internal/say"
)

// Identity is who signs: a key, and the certificates for it. Chain[0] is the signer's own; each next one issued the one
// before it. The root may be left out. A certificate of its own making (self-signed) is a chain of one.
type Identity struct {
	Signer crypto.Signer
	Chain  []*x509.Certificate
}

// Signature is what Verify found: intact, but of whoever the certificates say. Trust is the caller's to decide.
type Signature struct {
	Chain []*x509.Certificate // the signer's certificate, then its issuers as far as they were put in
	Value []byte              // the bare signature: what a timestamp is over
	Token []byte              // an RFC 3161 timestamp over Value, not verified here; nil if there is none
}

// Stamp asks a timestamp authority for a token over a signature's value.
type Stamp = func(ctx context.Context, value []byte) (token []byte, err error)

// Sizes of RSA keys, in bits. Larger ones only cost time.
const (
	MinRSA = 3072
	MaxRSA = 8192
)

var (
	oidContentType          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSignatureTimeStamp   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
)

type signingCertificateV2 struct{ Certs []essCertIDv2 }

// essCertIDv2 leaves out the hash's name, which is SHA-256 then.
type essCertIDv2 struct{ Hash []byte }

// Sign signs a SHA-256 digest and returns the signature as DER. stamp may be nil, for a signature without a timestamp. The
// key is used once, and the result is checked: a key that is not the certificate's is an error.
func Sign(ctx context.Context, id Identity, digest [32]byte, stamp Stamp) ([]byte, error) {
	if err := CheckChain(id.Chain); err != nil {
		return nil, err
	}
	s, err := prepare(id.Chain, digest)
	if err != nil {
		return nil, err
	}
	set := append([]byte{setTag}, s.signed[1:]...)
	sum := sha256.Sum256(set)
	if s.Value, err = id.Signer.Sign(rand.Reader, sum[:], crypto.SHA256); err != nil {
		if _, _, ok := say.In(err, "en"); ok {
			return nil, err // a key that is kept elsewhere says itself what is wrong there
		}
		return nil, &say.Error{Msg: say.Both("the key could not sign", "de sleutel kon niet ondertekenen"),
			Hint: say.Both("check the key and, if it is kept elsewhere, the connection to it",
				"controleer de sleutel en, als die elders staat, de verbinding ermee"), Err: err}
	}
	key := id.Chain[0].PublicKeyAlgorithm
	if key == x509.ECDSA {
		s.Value = lowS(s.Value)
	}
	if s.alg = oidRSA; key == x509.ECDSA {
		s.alg = schemes[0].ecOID
	}
	if err := s.Check(id.Chain[0], digest[:]); err != nil {
		return nil, &say.Error{Msg: say.Both("the key that signed is not that of the certificate",
			"de sleutel die ondertekende, is niet die van het certificaat"),
			Hint: say.Both("use the certificate that was made for this key and version",
				"gebruik het certificaat dat voor deze sleutel en versie is gemaakt"), Err: err}
	}
	var token []byte
	if stamp != nil {
		if token, err = stamp(ctx, s.Value); err != nil {
			return nil, err
		}
	}
	return s.encode(key, id.Chain, token)
}

// Room returns how many bytes the signature of a chain takes at most, with a token of up to tokenRoom bytes (0: without).
func Room(chain []*x509.Certificate, tokenRoom int) (int, error) {
	if err := CheckChain(chain); err != nil {
		return 0, err
	}
	s, err := prepare(chain, [32]byte{})
	if err != nil {
		return 0, err
	}
	size := 72 // of an ECDSA P-256 signature as DER: two numbers of 33 bytes at most, and their heads
	if k, ok := chain[0].PublicKey.(*rsa.PublicKey); ok {
		size = k.Size()
	}
	s.Value = make([]byte, size)
	var token []byte
	if tokenRoom > 0 {
		token = make([]byte, tokenRoom)
	}
	der, err := s.encode(chain[0].PublicKeyAlgorithm, chain, token)
	return len(der), err
}

// prepare builds all but the signature.
func prepare(chain []*x509.Certificate, digest [32]byte) (SignedData, error) {
	var certs signingCertificateV2
	for _, c := range chain {
		sum := sha256.Sum256(c.Raw)
		certs.Certs = append(certs.Certs, essCertIDv2{sum[:]})
	}
	var list []attribute
	out := SignedData{ContentType: oidData, Hash: crypto.SHA256, Issuer: issuerOf(chain[0]), Attributes: map[string][]byte{}}
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{{oidContentType, oidData}, {oidMessageDigest, digest[:]}, {oidSigningCertificateV2, certs}} {
		der, err := asn1.Marshal(a.value)
		if err != nil {
			return out, err
		}
		list = append(list, attribute{a.oid, []asn1.RawValue{{FullBytes: der}}})
		out.Attributes[a.oid.String()] = der
	}
	var err error
	out.signed, err = encodeAttributes("tag:0", list...)
	return out, err
}

// Verify checks a signature over a SHA-256 digest. The error is ErrBroken for errors.Is. See Signature for what is not
// checked: whether the signer is trusted, whether certificates were valid at some time, and the token.
func Verify(der []byte, digest [32]byte) (Signature, error) {
	s, err := Decode(der)
	if err != nil {
		return Signature{}, broken(say.Of(err))
	}
	if err := s.covers(digest[:]); err != nil { // first, for it costs nothing
		return Signature{}, err
	}
	chain, err := s.chain()
	if err != nil {
		return Signature{}, broken(say.Of(err))
	}
	if err := CheckChain(chain); err != nil {
		return Signature{}, broken(say.Of(err))
	}
	if chain[0].PublicKeyAlgorithm == x509.ECDSA && !isLowS(s.Value) {
		return Signature{}, broken(say.Both("its value is not in the form it was made in",
			"de waarde heeft niet de vorm waarin die is gemaakt"))
	}
	if err := s.Check(chain[0], digest[:]); err != nil {
		return Signature{}, err
	}
	// Nothing but what Sign writes: encoding it again gives the same bytes.
	again, err := prepare(chain, digest)
	if err != nil {
		return Signature{}, broken(say.Of(err))
	}
	again.Value = s.Value
	token := s.Unsigned[SignatureTimeStamp]
	same, err := again.encode(chain[0].PublicKeyAlgorithm, chain, token)
	if err != nil || !bytes.Equal(same, der) {
		return Signature{}, broken(say.Both("it is encoded in another form than it was made in",
			"de codering is een andere dan waarin die is gemaakt"))
	}
	return Signature{Chain: chain, Value: s.Value, Token: token}, nil
}

// chain puts the certificates in the order of signing-certificate-v2, which must list each once.
func (s SignedData) chain() ([]*x509.Certificate, error) {
	var ids signingCertificateV2
	if !whole(s.Attributes[SigningCertificateV2], &ids) || len(ids.Certs) != len(s.Certificates) {
		return nil, because(say.Both("it does not list its certificates", "de eigen certificaten staan er niet in opgesomd"))
	}
	var out []*x509.Certificate
	for _, id := range ids.Certs {
		i := slices.IndexFunc(s.Certificates, func(c *x509.Certificate) bool {
			sum := sha256.Sum256(c.Raw)
			return bytes.Equal(sum[:], id.Hash)
		})
		if i < 0 || slices.Contains(out, s.Certificates[i]) {
			return nil, because(say.Both("its certificates are not those it lists", "de certificaten zijn niet die welke zijn opgesomd"))
		}
		out = append(out, s.Certificates[i])
	}
	return out, nil
}

// CheckChain says whether certificates can be an Identity's: a signer with a key that this package signs with and that may
// sign documents, never an authority's own certificate, and each next certificate the issuer of the one before.
func CheckChain(chain []*x509.Certificate) error {
	bad := func(why say.Text) error {
		return &say.Error{Msg: say.Both("the certificates cannot be used for signing: %s",
			"met de certificaten is niet te ondertekenen: %s", why),
			Hint: say.Both("use the certificate of the signing key, and those of its issuers after it",
				"gebruik het certificaat van de sleutel die ondertekent, met daarna die van de uitgevers")}
	}
	if len(chain) == 0 || len(chain) > maxCertificates {
		return bad(say.Both("there are %d, between 1 and %d are fine",
			"het zijn er %d, 1 tot en met %d mag", len(chain), maxCertificates))
	}
	switch k := chain[0].PublicKey.(type) {
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return bad(say.Both("the key's curve is not P-256", "de kromme van de sleutel is niet P-256"))
		}
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < MinRSA || n > MaxRSA {
			return bad(say.Both("the RSA key has %d bits, between %d and %d are fine",
				"de RSA-sleutel heeft %d bits, %d tot en met %d mag", n, MinRSA, MaxRSA))
		}
	default:
		return bad(say.Both("the key is neither ECDSA P-256 nor RSA", "de sleutel is geen ECDSA P-256 en geen RSA"))
	}
	if chain[0].KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return bad(say.Both("the first one is not for signatures (key usage)",
			"het eerste is niet voor handtekeningen (key usage)"))
	}
	if chain[0].IsCA {
		return bad(say.Both("the first one is that of an authority, not of a signer",
			"het eerste is van een uitgever, niet van een ondertekenaar"))
	}
	for i, c := range chain {
		if len(c.UnhandledCriticalExtensions) > 0 {
			return bad(say.Both("one has a critical extension that is unknown here",
				"een ervan heeft een kritieke extensie die hier onbekend is"))
		}
		if i > 0 && (!bytes.Equal(chain[i-1].RawIssuer, c.RawSubject) || chain[i-1].CheckSignatureFrom(c) != nil) {
			return bad(say.Both("number %d did not issue number %d", "nummer %d heeft nummer %d niet uitgegeven", i+1, i))
		}
	}
	return nil
}

type ecdsaValue struct{ R, S *big.Int }

// lowS returns the ECDSA signature with the smaller of its two valid values of s: otherwise anyone could put the other one
// in and have a second file that is valid too.
func lowS(value []byte) []byte {
	var v ecdsaValue
	if !whole(value, &v) {
		return value
	}
	if n := elliptic.P256().Params().N; v.S.Cmp(new(big.Int).Rsh(n, 1)) > 0 {
		v.S.Sub(n, v.S)
	}
	low, err := asn1.Marshal(v)
	if err != nil {
		return value
	}
	return low
}

func isLowS(value []byte) bool { return bytes.Equal(lowS(value), value) }
