package bundle

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"math/big"

	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/strictjson"
)

// Token signs claims as a JSON Web Token (RFC 7519) with ES256, the form in which OPA wants the digests of a bundle of rules.
// The key's id is in the header. claims must be an object in JSON. The signature is verified with the public half before it
// is returned.
func Token(ctx context.Context, claims any, signer crypto.Signer, public sign.Public) (string, error) {
	header, err := strictjson.Canonical(map[string]string{"alg": "ES256", "kid": public.ID, "typ": "JWT"})
	if err != nil {
		return "", err
	}
	payload, err := strictjson.Canonical(claims)
	if err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	// The header is an object with a name in it, so its base64 begins with "eyJ"; see the package comment.
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	digest := sha256.Sum256([]byte(text))
	value, err := signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return "", err
	}
	if err := public.CheckDigest(digest[:], value); err != nil {
		return "", err
	}
	pair, err := fixed(value)
	if err != nil {
		return "", err
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(pair), nil
}

// fixed writes an ECDSA signature, two numbers in DER, as tokens have it: both in 32 bytes (RFC 7518, 3.4).
func fixed(value []byte) ([]byte, error) {
	const size = 32
	var n struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(value, &n)
	if err != nil || len(rest) > 0 || n.R.Sign() < 0 || n.S.Sign() < 0 || n.R.BitLen() > 8*size || n.S.BitLen() > 8*size {
		return nil, &say.Error{Msg: say.Both("the key gave no signature that fits a token", "de sleutel gaf geen handtekening die in een token past"),
			Hint: say.Both("use an evidence key, which is ECDSA P-256", "gebruik een evidence-sleutel, dat is ECDSA P-256"), Err: sign.ErrBroken}
	}
	return append(n.R.FillBytes(make([]byte, size)), n.S.FillBytes(make([]byte, size))...), nil
}
