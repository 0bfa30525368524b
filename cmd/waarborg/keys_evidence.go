package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"waarborg/dpa"
	"waarborg/internal/sign"
	"waarborg/internal/sign/vaultkey"
	"waarborg/internal/workspace"
)

// keys is the folder of the workspace's keys.
func (s *space) keys() string { return s.path(s.Config.Keys.Dir) }

// vaultOf is where the evidence key is in Vault; nil if it is in a file.
func vaultOf(s *space) *workspace.VaultKey {
	if s.Config.Keys.Evidence == nil {
		return nil
	}
	return s.Config.Keys.Evidence.Vault
}

// evidenceKey opens the key that seals and signs, in a file or in Vault. The caller calls done after the last signature.
func (a *app) evidenceKey(ctx context.Context, s *space) (key sign.Signer, done func(), err error) {
	if vaultOf(s) == nil {
		key, err := sign.Open(s.keys(), sign.Evidence, a.passphrase(s))
		if err != nil {
			return nil, nil, err
		}
		return key, func() {}, nil
	}
	public, err := sign.LoadPublic(s.keys(), sign.Evidence)
	if err != nil {
		return nil, nil, err
	}
	cfg, err := a.vaultKeyConfig(s)
	if err != nil {
		return nil, nil, err
	}
	inVault, err := vaultkey.Open(ctx, cfg, public)
	if err != nil {
		return nil, nil, err
	}
	return inVault, func() {
		if err := inVault.Close(); err != nil {
			fmt.Fprintf(a.err, "waarborg: %s: %s\n", a.pick("the login to Vault could not be ended", "de login bij Vault kon niet worden beëindigd"), a.advice(err))
		}
	}, nil
}

// readVaultKey reads the public half of the configured version of the key in Vault.
func (a *app) readVaultKey(ctx context.Context, s *space) (sign.Public, error) {
	cfg, err := a.vaultKeyConfig(s)
	if err != nil {
		return sign.Public{}, err
	}
	return vaultkey.Pin(ctx, cfg)
}

func (a *app) vaultKeyConfig(s *space) (vaultkey.Config, error) {
	set := vaultOf(s)
	cfg := vaultkey.Config{Address: string(set.Address), Namespace: set.Namespace, Mount: set.Mount, Key: set.Key, Version: set.Version}
	if set.CA != "" {
		cfg.CAFile = s.path(set.CA)
	}
	login, err := a.vaultLogin(s, set.Login)
	if err != nil {
		return cfg, err
	}
	cfg.Login = vaultkey.Login{Token: login.Token, AppRole: (*vaultkey.AppRole)(login.AppRole), Kubernetes: (*vaultkey.Kubernetes)(login.Kubernetes)}
	return cfg, nil
}

// subject is whom the certificate of the evidence key names.
func subject(s *space) sign.Subject {
	p := s.Config.Processor
	return sign.Subject{Organisation: p.Name, Country: p.Country, CommonName: p.Name}
}

// evidenceChain returns the certificate chain to sign with now, and makes one where there is none.
func (a *app) evidenceChain(s *space, key sign.Signer) ([]*x509.Certificate, error) {
	chain, _, err := sign.EnsureCertificate(s.keys(), key, subject(s), a.now(), rand.Reader)
	return chain, err
}

// initCertificate makes the certificate of the evidence key if there is none.
func (a *app) initCertificate(ctx context.Context, s *space) error {
	public, err := sign.LoadPublic(s.keys(), sign.Evidence)
	if err != nil {
		return err
	}
	if _, err := sign.LoadCertificate(s.keys(), public); err == nil {
		fmt.Fprintf(a.out, "%s: %s\n", a.pick("certificate", "certificaat"), a.pick("exists already, left as it is", "bestaat al, niet gewijzigd"))
		return nil
	}
	return a.makeCertificate(ctx, s)
}

func (a *app) makeCertificate(ctx context.Context, s *space) error {
	key, done, err := a.evidenceKey(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	chain, err := a.evidenceChain(s, key)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s %s\n", a.pick("certificate: made, valid until", "certificaat: gemaakt, geldig tot en met"), chain[0].NotAfter.Format("2006-01-02"))
	return nil
}

// certificateState says how the evidence key's certificate stands, and whether that needs attention. Without a key or a
// certificate there is nothing to say: the first report makes it.
func (a *app) certificateState(s *space) (text string, ok bool) {
	public, err := sign.LoadPublic(s.keys(), sign.Evidence)
	if err != nil {
		return "", true
	}
	chain, err := sign.LoadCertificate(s.keys(), public)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return a.pick("none yet; the first report makes it", "nog niet gemaakt; het eerste rapport maakt het"), true
	case err != nil:
		return a.advice(err), false
	}
	err = sign.CheckChain(chain, public, a.now())
	ends := endOf(chain)
	left := int(ends.NotAfter.Sub(a.now()).Hours() / 24)
	switch {
	case errors.Is(err, sign.ErrExpired):
		return a.pick("expired", "verlopen"), false
	case errors.Is(err, sign.ErrNotYetValid):
		return a.pick("not valid yet: check the clock", "nog niet geldig: controleer de klok"), false
	case err != nil:
		return a.advice(err), false
	case left <= dpa.LastNotice:
		return fmt.Sprintf(a.pick("ends in %d days (within %d)", "eindigt over %d dagen (binnen %d)"), left, dpa.LastNotice), false
	case left <= dpa.FirstNotice:
		return fmt.Sprintf(a.pick("ends in %d days (within %d)", "eindigt over %d dagen (binnen %d)"), left, dpa.FirstNotice), false
	}
	return fmt.Sprintf(a.pick("valid until %s", "geldig tot en met %s"), ends.NotAfter.Format("2006-01-02")), true
}

// endOf is the certificate of a chain that ends first.
func endOf(chain []*x509.Certificate) *x509.Certificate {
	first := chain[0]
	for _, c := range chain {
		if c.NotAfter.Before(first.NotAfter) {
			first = c
		}
	}
	return first
}

// endingCertificate warns 60 and 30 days ahead, and of a certificate that signs nothing any more.
func (a *app) endingCertificate(s *space) bool {
	text, ok := a.certificateState(s)
	if !ok {
		fmt.Fprintf(a.out, "! %s: %s\n", a.pick("certificate of the evidence key", "certificaat van de evidence-sleutel"), text)
	}
	return !ok
}

// sealCounts tells why a seal of that time does not count; nil if it does. The seal itself was verified before. Its time is
// the signer's own statement.
func sealCounts(trust sign.Trust, seal sign.Signature, at time.Time) error {
	signer, err := seal.Signer()
	if err == nil {
		_, err = trust.Key(signer, at, false)
	}
	return err
}

// untrustedSeal says in the user's language why a seal does not count.
func (a *app) untrustedSeal(why error) string {
	switch {
	case errors.Is(why, sign.ErrCompromised):
		return a.pick("the seal is intact, but by a key that was in the hands of others", "het zegel is gaaf, maar van een sleutel die in handen van anderen was")
	case errors.Is(why, sign.ErrRetired):
		return a.pick("the seal is intact, but made after its key was retired", "het zegel is gaaf, maar gezet nadat de sleutel buiten gebruik was gesteld")
	}
	return a.pick("the seal is intact, but by a key that this workspace does not know", "het zegel is gaaf, maar van een sleutel die deze werkmap niet kent")
}
