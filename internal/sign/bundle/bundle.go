// Package bundle makes and verifies what others verify with the evidence key as well: sigstore bundles, which cosign reads,
// and the tokens of bundles of rules, which OPA reads. So a reader need not have Waarborg. A sigstore bundle is either a
// signature of a file in a small JSON file beside it (`cosign verify-blob`), or an in-toto statement in an envelope (DSSE)
// with its signature (`cosign verify-blob-attestation`).
//
// None of these signatures is over the payload of a context, as our other signatures are. They can still never be taken for
// one of those, nor for each other: all are signatures of SHA-256 of some bytes, and those bytes begin differently.
//
//	"waarborg "      the payload of a context
//	0x30 or 0x31     DER: a certificate, a request, the signed attributes of a PDF signature
//	"%PDF" or "{"    a file in a bundle
//	"DSSEv1 "        an envelope, see [pae]; after that comes the type of what is in it, and we sign and accept in-toto alone
//	"eyJ"            a token: the base64 of its header, which begins with `{"`
//
// What is made and what is accepted begins so and in no other way, whatever a caller gives.
package bundle

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json/jsontext"
	"encoding/pem"
	"errors"
	"fmt"

	bundlev1 "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	commonv1 "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"waarborg/internal/say"
	"waarborg/internal/sign"
)

// MediaType is the form of the bundles.
const MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// maxBundle is far above the size of any bundle that Make makes, in bytes.
const maxBundle = 16 << 10

// Make signs a file, a PDF or JSON, with the evidence key and returns its bundle as canonical JSON (RFC 8785). The signature
// is verified with the public half before it is returned.
func Make(ctx context.Context, blob []byte, signer crypto.Signer, public sign.Public) ([]byte, error) {
	if err := checkBlob(blob); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	digest := sha256.Sum256(blob)
	value, err := signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	if err := public.CheckDigest(digest[:], value); err != nil {
		return nil, err
	}
	return encode(hint(public), digest[:], value)
}

// Verify returns which of the keys signed the file. It accepts exactly what Make makes, byte for byte but for the
// signature. The error is, for errors.Is, sign.ErrBroken if the bundle is another file's, was changed or is none, and
// sign.ErrUnknownSigner if it names a key that is not among keys: a bundle holds no key, so whether it is intact is then
// not known. Whether a key counts at the time, sign.Trust tells.
func Verify(raw, blob []byte, keys []sign.Public) (sign.Public, error) {
	if err := checkBlob(blob); err != nil {
		return sign.Public{}, err
	}
	b, err := decode(raw)
	if err != nil {
		return sign.Public{}, err
	}
	digest := sha256.Sum256(blob)
	content := b.GetMessageSignature()
	if !bytes.Equal(content.GetMessageDigest().GetDigest(), digest[:]) {
		return sign.Public{}, broken(say.Both("it is the bundle of another file, or the file was changed",
			"het is de bundel van een ander bestand, of het bestand is gewijzigd"), nil)
	}
	named := b.GetVerificationMaterial().GetPublicKey().GetHint()
	for _, key := range keys {
		if hint(key) != named {
			continue
		}
		if err := key.CheckDigest(digest[:], content.GetSignature()); err != nil {
			return sign.Public{}, broken(say.Both("the signature does not fit", "de handtekening past niet"), err)
		}
		return key, nil
	}
	return sign.Public{}, stranger()
}

// stranger is the error of a bundle that names a key which is not trusted. It holds no key, so it may be broken as well.
func stranger() error {
	return &say.Error{Msg: say.Both("the bundle is signed with a key that is not trusted",
		"de bundel is ondertekend met een sleutel die niet wordt vertrouwd"),
		Hint: say.Both("if you know whose key it is, name it with --trust FILE",
			"weet u van wie de sleutel is, noem hem dan met --trust BESTAND"), Err: sign.ErrUnknownSigner}
}

// checkBlob keeps signatures of bundles and of contexts apart; see the package comment.
func checkBlob(blob []byte) error {
	if bytes.HasPrefix(blob, []byte("%PDF")) || bytes.HasPrefix(blob, []byte("{")) {
		return nil
	}
	return &say.Error{Msg: say.Both("a bundle is of a PDF or a JSON file, and this is neither",
		"een bundel is van een PDF of een JSON-bestand, en dit is geen van beide"),
		Hint: say.Both("give the report itself", "geef het rapport zelf"), Err: sign.ErrBroken}
}

// hint names a key as cosign and sigstore's libraries do: the base64 of the SHA-256 of its SubjectPublicKeyInfo.
func hint(key sign.Public) string {
	block, _ := pem.Decode(key.PEM())
	if block == nil {
		return ""
	}
	sum := sha256.Sum256(block.Bytes)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func encode(hint string, digest, value []byte) ([]byte, error) {
	return canonical(&bundlev1.Bundle{
		MediaType:            MediaType,
		VerificationMaterial: named(hint),
		Content: &bundlev1.Bundle_MessageSignature{MessageSignature: &commonv1.MessageSignature{
			MessageDigest: &commonv1.HashOutput{Algorithm: commonv1.HashAlgorithm_SHA2_256, Digest: digest},
			Signature:     value,
		}},
	})
}

// named tells with which key a bundle is verified, without holding it.
func named(hint string) *bundlev1.VerificationMaterial {
	return &bundlev1.VerificationMaterial{
		Content: &bundlev1.VerificationMaterial_PublicKey{PublicKey: &commonv1.PublicKeyIdentifier{Hint: hint}},
	}
}

// canonical is the one form of a bundle: protojson puts in spaces at random, so that nobody relies on its form.
func canonical(b *bundlev1.Bundle) ([]byte, error) {
	raw, err := protojson.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encoding a bundle: %w", err)
	}
	out := jsontext.Value(raw)
	if err := out.Canonicalize(); err != nil {
		return nil, fmt.Errorf("encoding a bundle: %w", err)
	}
	return out, nil
}

// decode reads a bundle and makes it again of what was read: whatever else was in it shows as a difference.
func decode(raw []byte) (*bundlev1.Bundle, error) {
	if len(raw) > maxBundle {
		return nil, broken(say.Both("it is too large", "het is te groot"), nil)
	}
	b := &bundlev1.Bundle{}
	if err := protojson.Unmarshal(raw, b); err != nil {
		return nil, broken(say.Both("it is not JSON of that form", "het is geen JSON van die vorm"), err)
	}
	content := b.GetMessageSignature()
	again, err := encode(b.GetVerificationMaterial().GetPublicKey().GetHint(), content.GetMessageDigest().GetDigest(), content.GetSignature())
	if err != nil || !bytes.Equal(again, raw) {
		return nil, broken(say.Both("it is not in the form that Waarborg writes", "het heeft niet de vorm die Waarborg schrijft"), err)
	}
	return b, nil
}

func broken(why say.Text, err error) error {
	return &say.Error{Msg: say.Both("the bundle does not verify: %s", "de bundel klopt niet: %s", why),
		Hint: say.Both("get the file and its bundle again from who sent them",
			"vraag het bestand en de bundel opnieuw aan wie ze stuurde"),
		Err: errors.Join(sign.ErrBroken, err)}
}
