package bundle

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	bundlev1 "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	"github.com/sigstore/protobuf-specs/gen/pb-go/dsse"
	"google.golang.org/protobuf/encoding/protojson"

	"waarborg/internal/say"
	"waarborg/internal/sign"
)

// PayloadType is the type of what is in an envelope: an in-toto statement, and nothing else.
const PayloadType = "application/vnd.in-toto+json"

// MaxStatement is the size of the largest statement that is signed or accepted, in bytes.
const MaxStatement = 1 << 20

// MaxEnvelope is more than the size of any bundle that holds a statement, in bytes.
const MaxEnvelope = MaxStatement*4/3 + maxBundle

// MakeStatement signs an in-toto statement, a JSON object, with the evidence key, and returns the bundle that holds both as
// canonical JSON (RFC 8785). The signature is verified with the public half before it is returned.
func MakeStatement(ctx context.Context, statement []byte, signer crypto.Signer, public sign.Public) ([]byte, error) {
	if !bytes.HasPrefix(statement, []byte("{")) || len(statement) > MaxStatement {
		return nil, &say.Error{Msg: say.Both("what is to be signed is no statement, or larger than %d KiB",
			"wat ondertekend moet worden is geen verklaring, of groter dan %d KiB", MaxStatement>>10),
			Hint: say.Both("give fewer files at once", "geef minder bestanden tegelijk")}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	digest := sha256.Sum256(pae(statement))
	value, err := signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	if err := public.CheckDigest(digest[:], value); err != nil {
		return nil, err
	}
	return encodeStatement(hint(public), statement, value)
}

// VerifyStatement returns the statement that a bundle holds, and which of the keys signed it. It accepts exactly what
// MakeStatement makes, byte for byte; what the statement says, the caller judges. Errors are those of Verify.
func VerifyStatement(raw []byte, keys []sign.Public) ([]byte, sign.Public, error) {
	if len(raw) > MaxEnvelope {
		return nil, sign.Public{}, broken(say.Both("it is too large", "het is te groot"), nil)
	}
	b := &bundlev1.Bundle{}
	if err := protojson.Unmarshal(raw, b); err != nil {
		return nil, sign.Public{}, broken(say.Both("it is not JSON of that form", "het is geen JSON van die vorm"), err)
	}
	envelope := b.GetDsseEnvelope()
	if len(envelope.GetSignatures()) != 1 {
		return nil, sign.Public{}, broken(say.Both("it does not have exactly one signature", "het heeft niet precies één handtekening"), nil)
	}
	statement, value := envelope.GetPayload(), envelope.GetSignatures()[0].GetSig()
	again, err := encodeStatement(b.GetVerificationMaterial().GetPublicKey().GetHint(), statement, value)
	if err != nil || !bytes.Equal(again, raw) {
		return nil, sign.Public{}, broken(say.Both("it is not in the form that Waarborg writes", "het heeft niet de vorm die Waarborg schrijft"), err)
	}
	named := b.GetVerificationMaterial().GetPublicKey().GetHint()
	digest := sha256.Sum256(pae(statement))
	for _, key := range keys {
		if hint(key) != named {
			continue
		}
		if err := key.CheckDigest(digest[:], value); err != nil {
			return nil, sign.Public{}, broken(say.Both("the signature does not fit", "de handtekening past niet"), err)
		}
		return statement, key, nil
	}
	return nil, sign.Public{}, stranger()
}

// IsStatement tells whether a file is meant to be a bundle that holds a statement; whether it is one, VerifyStatement tells.
func IsStatement(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte(`{"dsseEnvelope":`))
}

// pae is what an envelope's signature is over, as DSSE defines it: the type is signed with the content.
func pae(statement []byte) []byte {
	return append(fmt.Appendf(nil, "DSSEv1 %d %s %d ", len(PayloadType), PayloadType, len(statement)), statement...)
}

func encodeStatement(hint string, statement, value []byte) ([]byte, error) {
	return canonical(&bundlev1.Bundle{
		MediaType:            MediaType,
		VerificationMaterial: named(hint),
		Content: &bundlev1.Bundle_DsseEnvelope{DsseEnvelope: &dsse.Envelope{
			Payload: statement, PayloadType: PayloadType,
			Signatures: []*dsse.Signature{{Sig: value}},
		}},
	})
}
