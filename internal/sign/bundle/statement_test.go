package bundle

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"testing"

	"waarborg/internal/sign"
)

const statement = `{"_type":"https://in-toto.io/Statement/v1","a":1}`

func stated(t testing.TB) ([]byte, *ecdsa.PrivateKey, sign.Public) {
	t.Helper()
	private, public := key(t)
	raw, err := MakeStatement(t.Context(), []byte(statement), private, public)
	if err != nil {
		t.Fatal(err)
	}
	return raw, private, public
}

func TestStatement(t *testing.T) {
	raw, _, public := stated(t)
	_, stranger := key(t)
	got, by, err := VerifyStatement(raw, []sign.Public{stranger, public})
	if err != nil || string(got) != statement || by.ID != public.ID {
		t.Errorf("%s, %s, %v", got, by.ID, err)
	}
	for name, keys := range map[string][]sign.Public{"nobody": nil, "another": {stranger}, "none": {{}}} {
		if _, _, err := VerifyStatement(raw, keys); !errors.Is(err, sign.ErrUnknownSigner) || errors.Is(err, sign.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !IsStatement(raw) {
		t.Error("it is not taken for a statement")
	}
	for _, blob := range []string{"{}", statement, "%PDF-1.7"} {
		detached, _ := made(t, []byte(blob))
		if IsStatement(detached) {
			t.Error("a signature of a file is taken for a statement")
		}
		if _, _, err := VerifyStatement(detached, []sign.Public{public}); !errors.Is(err, sign.ErrBroken) {
			t.Errorf("a signature of a file: %v", err)
		}
		if _, err := Verify(raw, []byte(blob), []sign.Public{public}); !errors.Is(err, sign.ErrBroken) {
			t.Errorf("a statement as the signature of a file: %v", err)
		}
	}
}

// TestEveryFlippedBitOfAStatementIsNoticed: no bit of the bundle can change without the bundle being refused.
func TestEveryFlippedBitOfAStatementIsNoticed(t *testing.T) {
	raw, _, public := stated(t)
	for i := range raw {
		for bit := range 8 {
			bad := bytes.Clone(raw)
			bad[i] ^= 1 << bit
			if _, _, err := VerifyStatement(bad, []sign.Public{public}); err == nil {
				t.Errorf("bit %d of byte %d (%q)", bit, i, raw[max(0, i-10):i+1])
			}
		}
	}
}

func TestOnlyOurFormOfStatement(t *testing.T) {
	raw, private, public := stated(t)
	text := string(raw)
	begin := `"signatures":[`
	one := text[strings.Index(text, begin)+len(begin) : strings.Index(text, `]`)]
	for name, bad := range map[string]string{
		"two signatures": strings.Replace(text, one, one+","+one, 1),
		"no signature":   strings.Replace(text, one, "", 1),
		"key id":         strings.Replace(text, `{"sig":`, `{"keyid":"x","sig":`, 1),
		"other type":     strings.Replace(text, PayloadType, "application/vnd.other+json", 1),
		"no type":        strings.Replace(text, `"payloadType":"`+PayloadType+`",`, "", 1),
		"payload twice":  strings.Replace(text, `{"payload":`, `{"payload":"e30=","payload":`, 1),
		"envelope twice": strings.Replace(text, `{"dsseEnvelope":`, `{"dsseEnvelope":{},"dsseEnvelope":`, 1),
		"space":          text + "\n",
		"unknown field":  strings.Replace(text, `"mediaType"`, `"extra":1,"mediaType"`, 1),
		"other media":    strings.Replace(text, "v0.3+json", "v0.2+json", 1),
		"log entries":    strings.Replace(text, `"verificationMaterial":{`, `"verificationMaterial":{"tlogEntries":[{}],`, 1),
		"no padding":     strings.Replace(text, "=", "", 1),
		"both contents":  strings.Replace(text, `"mediaType"`, `"messageSignature":{},"mediaType"`, 1),
		"none":           "", "null": "null", "empty": "{}", "list": "[]",
		"large": text[:len(text)-1] + strings.Repeat(" ", MaxEnvelope) + "}",
	} {
		if bad == text {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, _, err := VerifyStatement([]byte(bad), []sign.Public{public}); !errors.Is(err, sign.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Signed with the very key, over another type: only the type that is signed tells them apart.
	other := "DSSEv1 26 application/vnd.other+json 2 {}"
	sum := sha256.Sum256([]byte(other))
	value, err := ecdsa.SignASN1(rand.Reader, private, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	forged, err := encodeStatement(hint(public), []byte("{}"), value)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := VerifyStatement(forged, []sign.Public{public}); !errors.Is(err, sign.ErrBroken) {
		t.Errorf("an envelope of another type: %v", err)
	}
}

func TestMakeStatementRefusals(t *testing.T) {
	private, public := key(t)
	for name, what := range map[string][]byte{"text": []byte("hello"), "empty": nil, "payload": sign.Payload(sign.ContextReport, []byte("{}")),
		"large": append([]byte("{"), make([]byte, MaxStatement)...)} {
		if _, err := MakeStatement(t.Context(), what, private, public); err == nil {
			t.Errorf("%s was signed", name)
		}
	}
	if _, err := MakeStatement(t.Context(), []byte("{}"), foreign{private}, public); !errors.Is(err, sign.ErrBroken) {
		t.Errorf("a signature of another key: %v", err)
	}
	largest := append([]byte(`{"a":"`), bytes.Repeat([]byte("x"), MaxStatement-8)...)
	raw, err := MakeStatement(t.Context(), append(largest, `"}`...), private, public)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := VerifyStatement(raw, []sign.Public{public}); err != nil {
		t.Errorf("the largest that is made is not accepted: %v", err)
	}
}

// TestNoFormFitsAnother: what the key signs in one form is refused in every other.
func TestNoFormFitsAnother(t *testing.T) {
	raw, private, public := stated(t)
	blob := pae([]byte(statement))
	if _, err := Make(t.Context(), blob, private, public); err == nil {
		t.Error("an envelope's bytes were signed as a file")
	}
	token, err := Token(t.Context(), map[string]any{"files": []string{}}, private, public)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{sign.ContextSnapshot, sign.ContextReport, sign.ContextBundle, sign.ContextRegister, ""} {
		b, _, err := VerifyStatement(raw, []sign.Public{public})
		if err != nil {
			t.Fatal(err)
		}
		value, err := base64.StdEncoding.DecodeString(between(string(raw), `"sig":"`, `"`))
		if err != nil {
			t.Fatal(err)
		}
		for _, message := range [][]byte{b, blob} {
			if err := public.Check(c, message, value); !errors.Is(err, sign.ErrBroken) {
				t.Errorf("a statement's signature passes as one of context %q", c)
			}
		}
	}
	for start, of := range map[string][]byte{"waarborg ": sign.Payload(sign.ContextReport, nil), "DSSEv1 ": blob, "eyJ": []byte(token)} {
		if !bytes.HasPrefix(of, []byte(start)) {
			t.Errorf("%.20q does not begin with %q", of, start)
		}
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	out, _, _ := strings.Cut(rest, to)
	return out
}

// TestToken checks a token with nothing but the standard library, as RFC 7515 says.
func TestToken(t *testing.T) {
	private, public := key(t)
	for range 300 { // enough for numbers that are shorter than 32 bytes
		token, err := Token(t.Context(), map[string]any{"b": 1, "a": "x"}, private, public)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(token, ".")
		if len(parts) != 3 {
			t.Fatalf("%s", token)
		}
		var texts [3][]byte
		for i, part := range parts {
			if texts[i], err = base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
				t.Fatal(err)
			}
		}
		if string(texts[0]) != `{"alg":"ES256","kid":"`+public.ID+`","typ":"JWT"}` || string(texts[1]) != `{"a":"x","b":1}` || len(texts[2]) != 64 {
			t.Fatalf("%s %s %d", texts[0], texts[1], len(texts[2]))
		}
		sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		r, s := new(big.Int).SetBytes(texts[2][:32]), new(big.Int).SetBytes(texts[2][32:])
		if !ecdsa.Verify(&private.PublicKey, sum[:], r, s) {
			t.Fatal("the signature does not fit")
		}
	}
	if _, err := Token(t.Context(), map[string]any{}, foreign{private}, public); !errors.Is(err, sign.ErrBroken) {
		t.Errorf("a signature of another key: %v", err)
	}
	if _, err := Token(t.Context(), map[string]any{"x": func() {}}, private, public); err == nil {
		t.Error("signed what is no JSON")
	}
	for _, bad := range []string{"", "\x30\x00", "\x30\x03\x02\x01\x01", "\x30\x06\x02\x01\x01\x02\x01\xff", "\x30\x06\x02\x01\x01\x02\x01\x01x",
		"\x30\x27\x02\x22\x01" + strings.Repeat("\x01", 33) + "\x02\x01\x01"} {
		if _, err := fixed([]byte(bad)); !errors.Is(err, sign.ErrBroken) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if got, err := fixed([]byte("\x30\x06\x02\x01\x01\x02\x01\x02")); err != nil || got[31] != 1 || got[63] != 2 {
		t.Errorf("%x, %v", got, err)
	}
}

func FuzzVerifyStatement(f *testing.F) {
	private, public := key(f)
	raw, err := MakeStatement(f.Context(), []byte(statement), private, public)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"dsseEnvelope":{"payload":"e30=","payloadType":"","signatures":[{}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _, err := VerifyStatement(data, []sign.Public{public})
		if err == nil && string(got) != statement {
			t.Errorf("accepted: %s", data)
		}
	})
}
