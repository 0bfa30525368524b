package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"waarborg/internal/say"
	"waarborg/internal/sign"
)

type rotateOptions struct {
	person, compromised string
	keep, lost          bool
}

func (a *app) rotateCommand() *cobra.Command {
	var o rotateOptions
	cmd := &cobra.Command{Use: "rotate", Short: "Replace the evidence key, and keep what verifies the old one's signatures", Args: cobra.NoArgs,
		Long: `Make a new evidence key and certificate. The public half and the certificate of the old one move to the folder retired, beside
the keys: what it signed until now keeps counting, what it signs from now on does not. The old private key is deleted.

The passphrase must open the old key. Is its passphrase lost, or the file damaged, go on without with --lost; the new key gets
the passphrase that is given then, and the other keys keep theirs.

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
	cmd.Flags().BoolVar(&o.lost, "lost", false, "do not open the old key: its passphrase is lost")
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
	if !o.lost {
		if err := a.opensOld(s, use); err != nil {
			return err
		}
	}
	issued := a.certifiedByOthers(s)
	old, next, err := a.rotate(ctx, s, use, r, o.keep)
	if err != nil {
		return err
	}
	if use == sign.Evidence {
		defer fmt.Fprintln(a.out, a.pick("give your readers the new public key (evidence.pub), and have them keep the old one, for what it signed: without the new one they do not trust what you sign from now on",
			"geef uw lezers de nieuwe publieke sleutel (evidence.pub), en laat ze de oude bewaren, voor wat daarmee is ondertekend: zonder de nieuwe vertrouwen ze niet wat u vanaf nu ondertekent"))
	}
	fmt.Fprintf(a.out, a.pick("%s: the new key is %s; %s is retired\n", "%s: de nieuwe sleutel is %s; %s is buiten gebruik gesteld\n"), use, next.ID, old.ID)
	if o.keep {
		fmt.Fprintf(a.out, "%s %s\n", a.pick("the old private key is kept in", "de oude privésleutel staat in"), filepath.Join(s.keys(), "retired"))
	} else {
		fmt.Fprintln(a.out, a.pick("the old private key is deleted here; a backup may still have it", "de oude privésleutel is hier verwijderd; een back-up kan hem nog hebben"))
	}
	if o.person != "" {
		fmt.Fprintf(a.out, a.pick("approvals of waivers by %s must be given again\n", "goedkeuringen van acceptaties door %s moeten opnieuw worden gegeven\n"), o.person)
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

// opensOld refuses a passphrase that does not open the key that is replaced: keys behind different passphrases are of no use.
// Where the old key is not in a file here, the passphrase must be that of the others.
func (a *app) opensOld(s *space, use sign.Use) error {
	if _, err := sign.LoadPublic(s.keys(), use); err != nil {
		return err
	}
	fits, err := sign.Fits(s.keys(), use, a.passphrase(s))
	switch {
	case errors.Is(err, fs.ErrNotExist) && use == sign.Evidence && vaultOf(s) != nil:
		return nil // from one version in Vault to the next: no file is written that needs it
	case errors.Is(err, fs.ErrNotExist):
		return a.opensOthers(s)
	case err != nil || fits:
		return err
	}
	return fails(say.Both("the passphrase does not fit the old key", "de wachtzin past niet op de oude sleutel"),
		say.Both("give the right one, or add --lost when it is lost", "geef de goede, of voeg --lost toe als die kwijt is"))
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
			say.Both("leave it out, and leave the old key out of `former` in waarborg.yaml: then nothing that it signed counts",
				"laat het weg, en zet de oude sleutel niet onder `former` in waarborg.yaml: dan telt niets wat die heeft ondertekend"))
	}
	day, err := time.Parse(time.DateOnly, o.compromised)
	if err != nil || day.After(a.now()) {
		return r, fails(say.Both("--compromised-since %q cannot be used", "--compromised-since %q is niet te gebruiken", o.compromised),
			say.Both("write a day that has been, as YYYY-MM-DD", "schrijf een dag die is geweest, als JJJJ-MM-DD"))
	}
	r.CompromisedSince = day
	return r, nil
}
