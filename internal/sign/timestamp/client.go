package timestamp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"mime"
	"net/http"
	"slices"
	"time"

	"waarborg/internal/say"
)

// Client asks one authority for timestamps. Safe for concurrent use.
type Client struct {
	URL    string                // where the authority answers, http or https: its answers are signed
	HTTP   *http.Client          // its timeout holds if it is shorter than 30 s; nil: a plain one
	Roots  *x509.CertPool        // whom to trust; an answer from anyone else is an error
	Others []*x509.Certificate   // the authority's certificates below the root, for one that only sends its own
	Policy asn1.ObjectIdentifier // the rules to ask for; nil leaves them to the authority
	Now    func() time.Time
	Rand   io.Reader // for nonces; crypto/rand.Reader
}

// Limits of an answer.
const (
	answerTimeout = 30 * time.Second
	maxAnswer     = 64 << 10 // bytes
	maxSkew       = 10 * time.Minute
)

type request struct {
	Version int
	Imprint imprint
	Policy  asn1.ObjectIdentifier `asn1:"optional"`
	Nonce   *big.Int
	Certs   bool `asn1:"optional"`
}

type response struct {
	Status struct {
		Status int
		Text   asn1.RawValue  `asn1:"optional"`
		Fail   asn1.BitString `asn1:"optional"`
	}
	Token asn1.RawValue `asn1:"optional"`
}

// Stamp asks for a token over a signature's value and returns it in the form that Verify accepts. ErrNoAnswer says that the
// authority could not be reached or would not; ErrUntrusted and ErrBroken what it answered.
func (c *Client) Stamp(ctx context.Context, signatureValue []byte) ([]byte, error) {
	if c.Roots == nil {
		return nil, &say.Error{Msg: say.Both("no root certificate is set for the timestamp authority %s",
			"er is geen rootcertificaat ingesteld voor de tijdstempeldienst %s", c.URL),
			Hint: say.Both("name the one to trust", "noem het certificaat dat te vertrouwen is")}
	}
	nonce, err := c.nonce()
	if err != nil {
		return nil, &say.Error{Msg: say.Both("there is no randomness for a timestamp",
			"er is geen toeval voor een tijdstempel"), Err: err}
	}
	sum := sha256.Sum256(signatureValue)
	req := request{Version: 1, Policy: c.Policy, Nonce: nonce, Certs: true}
	req.Imprint.Hash.Algorithm, req.Imprint.Hash.Parameters, req.Imprint.Sum = oidSHA256, asn1.NullRawValue, sum[:]
	query, err := asn1.Marshal(req)
	if err != nil {
		return nil, &say.Error{Msg: say.Both("the question for a timestamp could not be made",
			"de aanvraag voor een tijdstempel kon niet worden gemaakt"), Err: err}
	}
	answer, err := c.post(ctx, query)
	if err != nil {
		return nil, &say.Error{Msg: say.Both("the timestamp authority %s gave no usable answer: %v",
			"de tijdstempeldienst %s gaf geen bruikbaar antwoord (%v)", c.URL, plain(err)),
			Hint: say.Both("try again later, or sign without a timestamp",
				"probeer het later opnieuw, of onderteken zonder tijdstempel"), Err: errors.Join(ErrNoAnswer, err)}
	}
	var resp response
	if rest, err := asn1.Unmarshal(answer, &resp); err != nil || len(rest) > 0 {
		return nil, c.bad(say.Both("it is not an answer for a timestamp",
			"het is geen antwoord op een aanvraag voor een tijdstempel"), ErrBroken)
	}
	if resp.Status.Status != 0 && resp.Status.Status != 1 || resp.Token.FullBytes == nil {
		return nil, c.bad(say.Both("it refused (status %d)", "de dienst weigerde (status %d)", resp.Status.Status), ErrNoAnswer)
	}
	return c.check(resp.Token.FullBytes, signatureValue, nonce)
}

func (c *Client) check(token, signatureValue []byte, nonce *big.Int) ([]byte, error) {
	t, err := read(token, signatureValue)
	if err != nil {
		return nil, c.bad(say.Of(err), ErrBroken)
	}
	if t.nonce == nil || t.nonce.Cmp(nonce) != 0 {
		return nil, c.bad(say.Both("it is not for this question (nonce)", "het is niet voor deze aanvraag (nonce)"), ErrBroken)
	}
	if c.Policy != nil && t.Policy != c.Policy.String() {
		return nil, c.bad(say.Both("it follows other rules (%s) than were asked for",
			"het volgt andere regels (%s) dan gevraagd", t.Policy), ErrBroken)
	}
	if skew := c.Now().Sub(t.Time).Abs(); skew > maxSkew {
		return nil, &say.Error{Msg: say.Both("the clocks of the timestamp authority %s and of this machine differ by %s",
			"de klokken van de tijdstempeldienst %s en van deze machine verschillen %s", c.URL, skew.Round(time.Second)),
			Hint: say.Both("set the clock right", "zet de klok goed"), Err: ErrBroken}
	}
	chain, err := t.verify(c.Roots, slices.Concat(t.data.Certificates, c.Others))
	if err != nil {
		return nil, &say.Error{Msg: say.Both("the timestamp authority %s (%s) is not trusted",
			"de tijdstempeldienst %s (%s) wordt niet vertrouwd", c.URL, t.Authority),
			Hint: say.Both("check its root certificate, and whether it has expired",
				"controleer het rootcertificaat ervan, en of dat is verlopen"), Err: errors.Join(ErrUntrusted, err)}
	}
	normal, err := t.data.Normal(chain)
	if err != nil {
		return nil, c.bad(say.Both("it cannot be kept", "het is niet te bewaren"), ErrBroken)
	}
	// What a reader will do, now that it can still be mended.
	if _, err := Verify(normal, signatureValue, c.Roots); err != nil {
		return nil, err
	}
	return normal, nil
}

func (c *Client) bad(why say.Text, cause error) error {
	return &say.Error{Msg: say.Both("the answer of the timestamp authority %s cannot be used: %s",
		"het antwoord van de tijdstempeldienst %s is niet te gebruiken: %s", c.URL, why),
		Hint: say.Both("check the address, or choose another authority", "controleer het adres, of kies een andere dienst"), Err: cause}
}

// nonce is a positive number of 64 bits.
func (c *Client) nonce() (*big.Int, error) {
	var b [8]byte
	if _, err := io.ReadFull(c.Rand, b[:]); err != nil {
		return nil, err
	}
	return new(big.Int).SetBytes(b[:]), nil
}

func (c *Client) post(ctx context.Context, query []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	var client http.Client
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if next.URL.Host != req.URL.Host || next.URL.Scheme != req.URL.Scheme || next.Method != http.MethodPost || len(via) > 3 {
			return because(say.Both("it sends us elsewhere", "de dienst stuurt door naar een ander adres"))
		}
		return nil
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, because(say.Both("HTTP status %d", "HTTP-status %d", resp.StatusCode))
	}
	if typ, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); typ != "application/timestamp-reply" {
		return nil, because(say.Both("it does not answer as a timestamp authority does",
			"die antwoordt niet zoals een tijdstempeldienst doet"))
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(answer) > maxAnswer {
		err = because(say.Both("its answer is too large", "het antwoord is te groot"))
	}
	return answer, err
}

// plain takes the words of net/http around a failure away.
func plain(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return because(say.Both("it took too long", "het duurde te lang"))
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}
