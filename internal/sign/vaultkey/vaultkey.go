// Package vaultkey signs with an evidence key that never leaves a Vault: one version of one key of its transit engine. The
// key's public half is pinned beforehand, so that reading needs no Vault, and every signature is verified with it before
// anybody sees it: a key that was replaced in Vault signs nothing.
//
// Signing goes through sigstore's library for Vault. That library takes its TLS settings, namespace and headers from the
// environment (VAULT_SKIP_VERIFY among them) and cannot be given others. So it never gets the Vault's address or token: it
// talks to a socket of this process, and from there exactly two calls go on to the Vault, by our own client (relay.go).
package vaultkey

import (
	"context"
	"crypto"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sigstore/sigstore/pkg/signature/kms/hashivault"
	"github.com/sigstore/sigstore/pkg/signature/options"

	"waarborg/internal/say"
	"waarborg/internal/sign"
)

// Config says where the key is, and how to sign in.
type Config struct {
	Address   string // https://host:8200; http:// for this machine alone
	CAFile    string // certificates to trust, in PEM; empty: those of the system
	Namespace string
	Login     Login
	Mount     string        // of the transit engine; empty: transit
	Key       string        // its name
	Version   int           // the one version that signs, from 1
	Timeout   time.Duration // of one call; 0: 15 s
}

// Login is how to sign in: one of its fields.
type Login struct {
	Token      string
	AppRole    *AppRole
	Kubernetes *Kubernetes
}

// AppRole signs in with a role and its secret.
type AppRole struct{ RoleID, SecretID, Mount string }

// Kubernetes signs in with the token of a service account, which is read from its file at every login.
type Kubernetes struct{ Role, JWTFile, Mount string }

// String keeps the secrets of a login out of logs.
func (Login) String() string { return "(login)" }

// GoString keeps them out of %#v too.
func (Login) GoString() string { return "(login)" }

// Key is an evidence key in a Vault. Safe for concurrent use.
type Key struct {
	ctx    context.Context // of the command that signs: crypto.Signer cannot be given one
	cfg    Config
	public sign.Public
	client *client

	mu     sync.Mutex // guards what follows
	relay  *relay     // from the first signature on
	signer *hashivault.SignerVerifier
}

var _ sign.Signer = (*Key)(nil)

// Open prepares a key for signing. It does not call the Vault yet: that happens at the first signature. The context ends
// calls of the whole life of the key. The caller closes it.
func Open(ctx context.Context, cfg Config, pinned sign.Public) (*Key, error) {
	c, cfg, err := prepare(cfg)
	if err != nil {
		return nil, err
	}
	if pinned.Algorithm != sign.ECDSAP256 {
		return nil, &say.Error{Msg: say.Both("the pinned public half is not of an evidence key",
			"de vastgelegde publieke sleutel is geen evidence-sleutel"),
			Hint: say.Both("an evidence key is ECDSA P-256", "een evidence-sleutel is ECDSA P-256")}
	}
	return &Key{ctx: ctx, cfg: cfg, public: pinned, client: c}, nil
}

var keyName = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$`)

func prepare(cfg Config) (*client, Config, error) {
	if cfg.Mount == "" {
		cfg.Mount = "transit"
	}
	cfg.Mount = strings.Trim(cfg.Mount, "/")
	if !keyName.MatchString(cfg.Key) || cfg.Version < 1 || badPath(cfg.Mount) {
		return nil, cfg, &say.Error{Msg: say.Both("the settings of the key in Vault cannot be used",
			"de instellingen van de sleutel in Vault zijn niet te gebruiken"),
			Hint: say.Both("a key's name has lower-case letters, digits, hyphens and underscores; its version is 1 or more; `mount` is a path as transit",
				"de naam van een sleutel heeft kleine letters, cijfers, streepjes en onderstrepingstekens; de versie is 1 of hoger; `mount` is een pad zoals transit")}
	}
	c, err := newClient(cfg)
	return c, cfg, err
}

// Public returns the pinned public half.
func (k *Key) Public() sign.Public { return k.public }

// Sign signs a message in one of the contexts of the evidence key.
func (k *Key) Sign(context string, message []byte) (sign.Signature, error) {
	return sign.SignWith(digestSigner{k}, k.public, context, message)
}

// CryptoSigner signs in to the Vault, so that what is wrong with that shows before anything is made.
func (k *Key) CryptoSigner() (crypto.Signer, error) {
	if _, err := k.connect(); err != nil {
		return nil, err
	}
	return digestSigner{k}, nil
}

// Close gives the login's token back to the Vault, if a login made one. It comes after the last signature.
func (k *Key) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	err := k.client.logout(k.ctx)
	if k.relay != nil {
		err = errors.Join(err, k.relay.close())
		k.relay, k.signer = nil, nil
	}
	return err
}

// connect signs in and makes the library's signer, once.
func (k *Key) connect() (*hashivault.SignerVerifier, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.signer != nil {
		return k.signer, nil
	}
	if err := k.client.login(k.ctx, k.cfg.Login); err != nil {
		return nil, err
	}
	r, err := startRelay(k.ctx, k.client, k.cfg.Mount, k.cfg.Key)
	if err != nil {
		return nil, err
	}
	signer, err := hashivault.LoadSignerVerifier(hashivault.ReferenceScheme+k.cfg.Key, crypto.SHA256,
		options.WithRPCAuthOpts(options.RPCAuth{Address: r.address, Path: k.cfg.Mount, Token: "of the relay"}),
		options.WithKeyVersion(strconv.Itoa(k.cfg.Version)))
	if err != nil {
		// The library reads VAULT_* even where it uses none of them, and stops at one that it cannot read.
		return nil, errors.Join(&say.Error{Msg: say.Both("the client for Vault could not be made",
			"de verbinding met Vault kon niet worden klaargezet"),
			Hint: say.Both("unset the VAULT_* variables of the environment; the workspace's settings are used instead",
				"haal de VAULT_*-variabelen uit de omgeving; de instellingen van de werkmap worden gebruikt"), Err: err}, r.close())
	}
	k.relay, k.signer = r, signer
	return signer, nil
}

// digestSigner is the key as the standard library wants one.
type digestSigner struct{ key *Key }

// Public returns the pinned public half.
func (s digestSigner) Public() crypto.PublicKey { return s.key.public.CryptoKey() }

// Sign signs a SHA-256 digest with the pinned version, and verifies the signature with the pinned public half.
func (s digestSigner) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 || len(digest) != crypto.SHA256.Size() {
		return nil, &say.Error{Msg: say.Both("the key in Vault signs SHA-256 alone", "de sleutel in Vault ondertekent alleen SHA-256")}
	}
	signer, err := s.key.connect()
	if err != nil {
		return nil, err
	}
	value, err := signer.SignMessage(nil, options.WithDigest(digest), options.WithCryptoSignerOpts(crypto.SHA256))
	if err != nil {
		return nil, s.key.explain()
	}
	if s.key.public.CheckDigest(digest, value) != nil {
		return nil, s.key.replaced()
	}
	return value, nil
}

func (k *Key) replaced() error {
	return &say.Error{Msg: say.Both("version %d of the key %s in Vault is not the evidence key %s: it was rotated or replaced there",
		"versie %d van de sleutel %s in Vault is niet de evidence-sleutel %s: hij is daar vervangen", k.cfg.Version, k.cfg.Key, k.public.ID),
		Hint: say.Both("if that was meant, set `version` under `keys.evidence.vault` in waarborg.yaml, and run `waarborg keys rotate`",
			"was dat de bedoeling, zet dan `version` onder `keys.evidence.vault` in waarborg.yaml, en draai `waarborg keys rotate`"), Err: sign.ErrBroken}
}

// explain says in our words why the last call failed. The library's words quote addresses and answers.
func (k *Key) explain() error {
	status, said, err := k.relay.last()
	path := k.cfg.Mount + "/keys/" + k.cfg.Key
	switch {
	case err != nil:
		return err
	case status == http.StatusForbidden:
		return denied(path, "read", k.cfg.Mount+"/sign/"+k.cfg.Key+"/*", "update")
	case status == http.StatusNotFound || strings.Contains(said, "signing key not found"):
		return &say.Error{Msg: say.Both("Vault at %s has no key %s", "Vault op %s heeft geen sleutel %s", k.client.host, path),
			Hint: say.Both("check `mount` and `key` under `keys.evidence.vault` in waarborg.yaml",
				"controleer `mount` en `key` onder `keys.evidence.vault` in waarborg.yaml")}
	case strings.Contains(said, "key version") || strings.Contains(said, "requested version"):
		return &say.Error{Msg: say.Both("Vault does not sign with version %d of the key %s any more, or has none",
			"Vault ondertekent niet meer met versie %d van de sleutel %s, of heeft die versie niet", k.cfg.Version, k.cfg.Key),
			Hint: say.Both("it was rotated there: set `version` under `keys.evidence.vault` in waarborg.yaml, and run `waarborg keys rotate`",
				"de sleutel is daar vervangen: zet `version` onder `keys.evidence.vault` in waarborg.yaml, en draai `waarborg keys rotate`")}
	}
	return refused(k.client.host, status, say.Both("sign", "ondertekenen"))
}

// Pin reads the public half of the configured version, to be kept before anything is signed with it.
func Pin(ctx context.Context, cfg Config) (_ sign.Public, err error) {
	c, cfg, err := prepare(cfg)
	if err != nil {
		return sign.Public{}, err
	}
	if err := c.login(ctx, cfg.Login); err != nil {
		return sign.Public{}, err
	}
	defer func() { err = errors.Join(err, c.logout(ctx)) }()
	path := cfg.Mount + "/keys/" + cfg.Key
	status, raw, err := c.do(ctx, http.MethodGet, path, nil)
	switch {
	case err != nil:
		return sign.Public{}, err
	case status == http.StatusForbidden:
		return sign.Public{}, denied(path, "read")
	case status == http.StatusNotFound:
		return sign.Public{}, &say.Error{Msg: say.Both("Vault at %s has no key %s", "Vault op %s heeft geen sleutel %s", c.host, path),
			Hint: say.Both("make it: vault write %s type=ecdsa-p256", "maak hem: vault write %s type=ecdsa-p256", path)}
	case status != http.StatusOK:
		return sign.Public{}, refused(c.host, status, say.Both("read the key", "de sleutel lezen"))
	}
	return publicOf(raw, cfg)
}

func publicOf(raw []byte, cfg Config) (sign.Public, error) {
	var answer struct {
		Data struct {
			Type       string `json:"type"`
			Exportable bool   `json:"exportable"`
			Keys       map[string]struct {
				PublicKey string `json:"public_key"`
			} `json:"keys"`
		} `json:"data"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return sign.Public{}, &say.Error{Msg: say.Both("the answer of Vault about the key cannot be read",
			"het antwoord van Vault over de sleutel is niet te lezen"),
			Hint: say.Both("check that the address is a Vault's", "controleer of het adres van een Vault is"), Err: err}
	}
	version, ok := answer.Data.Keys[strconv.Itoa(cfg.Version)]
	switch {
	case answer.Data.Type != "ecdsa-p256":
		return sign.Public{}, &say.Error{Msg: say.Both("the key %s in Vault is not one that signs evidence",
			"de sleutel %s in Vault kan geen bewijs ondertekenen", cfg.Key),
			Hint: say.Both("make another of type ecdsa-p256", "maak een andere van type ecdsa-p256")}
	case !ok:
		return sign.Public{}, &say.Error{Msg: say.Both("the key %s in Vault has no version %d",
			"de sleutel %s in Vault heeft geen versie %d", cfg.Key, cfg.Version),
			Hint: say.Both("check `version` under `keys.evidence.vault` in waarborg.yaml",
				"controleer `version` onder `keys.evidence.vault` in waarborg.yaml")}
	case answer.Data.Exportable:
		return sign.Public{}, &say.Error{Msg: say.Both("the key %s can be taken out of Vault",
			"de sleutel %s kan uit Vault worden gehaald", cfg.Key),
			Hint: say.Both("make another that is not exportable", "maak een andere die niet te exporteren is")}
	}
	public, err := sign.ParsePublic(version.PublicKey)
	if err == nil && public.Algorithm != sign.ECDSAP256 {
		err = &say.Error{Msg: say.Both("Vault gave a public key of another kind than it said",
			"Vault gaf een publieke sleutel van een andere soort dan het zei"),
			Hint: say.Both("an evidence key is ECDSA P-256", "een evidence-sleutel is ECDSA P-256")}
	}
	return public, err
}

// Certify sends a request for a certificate (PEM) to the PKI engine at mount, to be signed under a role, and returns the chain
// in PEM: the key's certificate, then its issuers.
func (k *Key) Certify(mount, role string, request []byte) ([]byte, error) {
	if badPath(mount) || badPath(role) || strings.Contains(role, "/") {
		return nil, &say.Error{Msg: say.Both("the mount and role of the PKI engine cannot be used",
			"de mount en de rol van de PKI-engine zijn niet te gebruiken"),
			Hint: say.Both("write them as pki/waarborg", "schrijf ze zoals pki/waarborg")}
	}
	if _, err := k.connect(); err != nil {
		return nil, err
	}
	path := strings.Trim(mount, "/") + "/sign/" + role
	body, err := json.Marshal(map[string]any{"csr": string(request), "format": "pem"})
	if err != nil {
		return nil, err
	}
	status, raw, err := k.client.do(k.ctx, http.MethodPost, path, body)
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusForbidden:
		return nil, denied(path, "update")
	case status != http.StatusOK:
		return nil, &say.Error{Msg: say.Both("Vault at %s makes no certificate under %s (status %d)",
			"Vault op %s maakt geen certificaat onder %s (status %d)", k.client.host, path, status),
			Hint: say.Both("the role must allow the organisation's name and keys of type ec: key_type=ec allow_any_name=true enforce_hostnames=false",
				"de rol moet de naam van de organisatie en sleutels van type ec toestaan: key_type=ec allow_any_name=true enforce_hostnames=false")}
	}
	return chainOf(raw)
}

func chainOf(raw []byte) ([]byte, error) {
	var answer struct {
		Data struct {
			Certificate string   `json:"certificate"`
			Chain       []string `json:"ca_chain"`
			Issuer      string   `json:"issuing_ca"`
		} `json:"data"`
	}
	err := json.Unmarshal(raw, &answer)
	if err != nil || answer.Data.Certificate == "" {
		return nil, &say.Error{Msg: say.Both("the answer of Vault holds no certificate",
			"in het antwoord van Vault staat geen certificaat"),
			Hint: say.Both("check that the mount is a PKI engine's", "controleer of de mount van een PKI-engine is"), Err: err}
	}
	parts := append([]string{answer.Data.Certificate}, answer.Data.Chain...)
	if len(answer.Data.Chain) == 0 && answer.Data.Issuer != "" {
		parts = append(parts, answer.Data.Issuer)
	}
	return []byte(strings.Join(parts, "\n")), nil
}

// denied says what a Vault policy must allow: pairs of path and capability.
func denied(rules ...string) error {
	var lines []string
	for i := 0; i < len(rules); i += 2 {
		lines = append(lines, fmt.Sprintf("path %q { capabilities = [%q] }", rules[i], rules[i+1]))
	}
	return &say.Error{Msg: say.Both("Vault refuses the token: it is wrong, has ended, or may not use the key",
		"Vault weigert het token: het is fout, verlopen, of mag de sleutel niet gebruiken"),
		Hint: say.Both("sign in anew, and give the role this policy: %s",
			"log opnieuw in, en geef de rol deze policy: %s", strings.Join(lines, " "))}
}

func refused(host string, status int, what say.Text) error {
	return &say.Error{Msg: say.Both("Vault at %s did not %s (status %d)", "Vault op %s wilde niet %s (status %d)", host, what, status),
		Hint: say.Both("see the log of Vault for why", "kijk in het log van Vault waarom")}
}
