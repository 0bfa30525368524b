package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"waarborg/internal/say"
	"waarborg/internal/sign"
)

type rotateOptions struct {
	person, compromised string
	keep                bool
}

func (a *app) rotateCommand() *cobra.Command {
	var o rotateOptions
	cmd := &cobra.Command{Use: "rotate", Short: "Replace the evidence key, and keep what verifies the old one's signatures", Args: cobra.NoArgs,
		Long: `Make a new evidence key and certificate. The public half and the certificate of the old one move to the folder retired, beside
the keys: what it signed until now keeps counting, what it signs from now on does not. The old private key is deleted.

Was the old key in the hands of others, say since when with --compromised-since: of its signatures only those count then
that a timestamp proves to be older.

Where the evidence key is in Vault, rotate it there, set the new version in waarborg.yaml, and run this: it keeps the new
public half. A move from a file to Vault, or back, goes the same way.

With --person ID it makes a new key for one person instead, and prints the entry for ` + "`people`" + `. It has the old key under
` + "`former`" + `: reports released and attestations made with it go on counting. Leave that out if others may have had the key.
Approvals of waivers have to be given again.

Exit status: 0 there is a new key; 2 there is none, and the old one still signs.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.keysRotate(c.Context(), o) }}
	cmd.Flags().StringVar(&o.compromised, "compromised-since", "", "the day from which others may have had the old key (YYYY-MM-DD)")
	cmd.Flags().BoolVar(&o.keep, "keep", false, "keep the old private key, in the folder retired")
	cmd.Flags().StringVar(&o.person, "person", "", "replace the key of this person: an `ID` of people in waarborg.yaml")
	return cmd
}

func (a *app) keysRotate(ctx context.Context, o rotateOptions) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	r, err := a.retirement(o)
	if err != nil {
		return err
	}
	use := sign.Evidence
	if o.person != "" {
		if use, err = sign.Person(o.person); err != nil {
			return err
		}
	}
	issued := a.certifiedByOthers(s)
	old, next, err := a.rotate(ctx, s, use, r, o.keep)
	if err != nil {
		return err
	}
	if use == sign.Evidence {
		defer fmt.Fprintln(a.out, a.pick("give your readers the new public key (evidence.pub): without it they do not trust what you sign from now on", "geef uw lezers de nieuwe publieke sleutel (evidence.pub): zonder die vertrouwen ze niet wat u vanaf nu ondertekent"))
	}
	fmt.Fprintf(a.out, a.pick("%s: the new key is %s; %s is retired\n", "%s: de nieuwe sleutel is %s; %s is buiten gebruik gesteld\n"), use, next.ID, old.ID)
	if o.keep {
		fmt.Fprintf(a.out, "%s %s\n", a.pick("the old private key is kept in", "de oude privésleutel staat in"), filepath.Join(s.keys(), "retired"))
	} else {
		fmt.Fprintln(a.out, a.pick("the old private key is deleted here; a backup may still have it", "de oude privésleutel is hier verwijderd; een back-up kan hem nog hebben"))
	}
	if o.person != "" {
		return a.enrol(s, o.person, use, old)
	}
	if err := a.makeCertificate(ctx, s); err != nil {
		return err
	}
	if issued {
		fmt.Fprintln(a.out, a.pick("the old certificate was of an issuer: ask for one for the new key with `waarborg keys certificate --request`",
			"het oude certificaat was van een uitgever: vraag er een voor de nieuwe sleutel met `waarborg keys certificate --request`"))
	}
	return nil
}

// certifiedByOthers tells whether the present certificate is of an issuer.
func (a *app) certifiedByOthers(s *space) bool {
	public, err := sign.LoadPublic(s.keys(), sign.Evidence)
	if err != nil {
		return false
	}
	chain, err := sign.LoadCertificate(s.keys(), public)
	return err == nil && !selfMade(chain[0])
}

func (a *app) rotate(ctx context.Context, s *space, use sign.Use, r sign.Retirement, keep bool) (old, next sign.Public, err error) {
	if use != sign.Evidence || vaultOf(s) == nil {
		return sign.Rotate(s.keys(), use, r, keep, a.passphrase(s), rand.Reader)
	}
	if next, err = a.readVaultKey(ctx, s); err != nil {
		return old, next, err
	}
	old, err = sign.RotateTo(s.keys(), next, r, keep)
	return old, next, err
}

func (a *app) retirement(o rotateOptions) (sign.Retirement, error) {
	r := sign.Retirement{At: a.now()}
	if o.compromised == "" {
		return r, nil
	}
	if o.person != "" {
		return r, fails(say.Both("--compromised-since is for the evidence key", "--compromised-since is voor de evidence-sleutel"),
			say.Both("leave it out: nothing that the old key signed counts once the new one stands in `people`",
				"laat het weg: niets wat de oude sleutel ondertekende telt nog als de nieuwe in `people` staat"))
	}
	day, err := time.Parse(time.DateOnly, o.compromised)
	if err != nil || day.After(a.now()) {
		return r, fails(say.Both("--compromised-since %q cannot be used", "--compromised-since %q is niet te gebruiken", o.compromised),
			say.Both("write a day that has been, as YYYY-MM-DD", "schrijf een dag die is geweest, als JJJJ-MM-DD"))
	}
	r.CompromisedSince = day
	return r, nil
}
