package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waarborg/dpa"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/workspace"
)

func (a *app) keysCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "keys", Short: "Make and show the keys of a workspace"}
	var person string
	create := &cobra.Command{Use: "init", Short: "Make the keys that are missing; none is ever overwritten", Args: cobra.NoArgs,
		Long: `Make the workspace's keys, each for one use: evidence (seals and reports) with its certificate, checkpoint (the journal),
pseudonym (names of principals). With --person ID it makes the signing key of one enrolled person instead, and prints the
line for ` + "`people`" + `. Of an evidence key that is kept in Vault it keeps the public half, so that reading needs no Vault.

The passphrase comes from the reference keys.passphrase in waarborg.yaml; it needs at least twelve characters. Beside
keys that are there already it must open one of them.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.keysInit(c.Context(), person) }}
	create.Flags().StringVar(&person, "person", "", "make the key of this person: an `ID` of people in waarborg.yaml")
	show := &cobra.Command{Use: "show", Short: "Show the public half of each key", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.keysShow() }}
	resolve := &cobra.Command{Use: "resolve TOKEN", Short: "Show the name behind a pseudonym of a snapshot",
		Args: exactly(1, say.Both("a token such as p-8f3k2m9q…", "een token zoals p-8f3k2m9q…"))}
	var snapshot string
	resolve.Flags().StringVar(&snapshot, "snapshot", "", "the snapshot that has the token (required)")
	_ = resolve.MarkFlagRequired("snapshot")
	resolve.RunE = func(_ *cobra.Command, args []string) error { return a.keysResolve(args[0], snapshot) }
	cmd.AddCommand(create, show, a.certificateCommand(), a.rotateCommand(), resolve)
	return cmd
}

func (a *app) keysInit(ctx context.Context, person string) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	uses := []sign.Use{sign.Evidence, sign.Checkpoint, sign.Pseudonym}
	if person != "" {
		use, err := sign.Person(person)
		if err != nil {
			return err
		}
		uses = []sign.Use{use}
	}
	inFile := func(use sign.Use) bool { return use != sign.Evidence || vaultOf(s) == nil }
	if slices.ContainsFunc(uses, func(use sign.Use) bool { return inFile(use) && !sign.Exists(s.keys(), use) }) {
		if err := a.opensOthers(s); err != nil {
			return err
		}
	}
	for _, use := range uses {
		public, err := a.makeKey(ctx, s, use)
		switch {
		case errors.Is(err, fs.ErrExist):
			fmt.Fprintf(a.out, "%s: %s\n", use, a.pick("exists already, left as it is", "bestaat al, niet gewijzigd"))
		case err != nil:
			return err
		default:
			fmt.Fprintf(a.out, "%s: %s %s\n", use, a.pick("made", "gemaakt"), public.ID)
		}
	}
	if person != "" {
		return a.enrol(s, person, uses[0])
	}
	return a.initCertificate(ctx, s)
}

// opensOthers refuses a passphrase that opens none of the keys that are here: a key made with it would not open together with
// them. Without keys any passphrase will do.
func (a *app) opensOthers(s *space) error {
	var first error
	for _, use := range sign.Private(s.keys()) {
		fits, err := sign.Fits(s.keys(), use, a.passphrase(s))
		if fits {
			return nil
		}
		if err == nil {
			err = fails(say.Both("the passphrase does not fit the keys that are here (%s)", "de wachtzin past niet op de sleutels die hier staan (%s)", use),
				say.Both("give theirs; if it is lost, replace a key with `waarborg keys rotate --lost` first, or move the old key files away",
					"geef die van die sleutels; is die kwijt, vervang dan eerst een sleutel met `waarborg keys rotate --lost`, of verplaats de oude sleutelbestanden"))
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// makeKey makes a key, or of an evidence key in Vault keeps the public half. One that is there already is fs.ErrExist.
func (a *app) makeKey(ctx context.Context, s *space, use sign.Use) (sign.Public, error) {
	if use != sign.Evidence || vaultOf(s) == nil {
		return sign.Create(s.keys(), use, a.passphrase(s), rand.Reader)
	}
	if _, err := sign.LoadPublic(s.keys(), use); err == nil {
		return sign.Public{}, fs.ErrExist
	}
	public, err := a.readVaultKey(ctx, s)
	if err != nil {
		return sign.Public{}, err
	}
	return public, sign.Pin(s.keys(), public)
}

// enrol prints what to put into waarborg.yaml: a key counts only once it stands there.
func (a *app) enrol(s *space, person string, use sign.Use, replaced ...sign.Public) error {
	public, err := sign.LoadPublic(s.keys(), use)
	if err != nil {
		return err
	}
	role := a.pick("say which role this is", "zeg welke rol dit is")
	var former []workspace.FormerKey
	since := dpa.DateOf(a.now().UTC())
	heading := fmt.Sprintf(a.pick("%s is not in `people` of waarborg.yaml yet; add this entry:", "%s staat nog niet onder `people` in waarborg.yaml; voeg deze regels toe:"), person)
	for _, p := range s.Config.People {
		if p.ID == person {
			role, former = p.Role, p.Former
			if string(p.Key) == public.String() {
				since = p.Since
			}
			heading = a.pick("the entry of `people` in waarborg.yaml is then:", "de regel onder `people` in waarborg.yaml wordt dan:")
		}
	}
	for _, old := range replaced {
		former = append(former, workspace.FormerKey{Key: workspace.PublicKey(old.String()), Until: dpa.DateOf(a.now().UTC())})
	}
	fmt.Fprintf(a.out, "%s\n\n  - id: %s\n    role: %s\n", heading, person, role)
	if since != "" {
		fmt.Fprintf(a.out, "    since: %s\n", since)
	}
	fmt.Fprintf(a.out, "    key: %s\n", public)
	if len(former) > 0 {
		fmt.Fprintln(a.out, "    former:")
	}
	for _, f := range former {
		fmt.Fprintf(a.out, "      - {key: %q, until: %s}\n", f.Key, f.Until)
	}
	return nil
}

// forPeopleAlone says whom this machine signs for, where it has people's keys and none of the organisation's; else nothing.
func (a *app) forPeopleAlone(s *space) string {
	var ids []string
	for _, use := range sign.Private(s.keys()) {
		id, is := use.Owner()
		if !is {
			return ""
		}
		ids = append(ids, id)
	}
	if _, err := sign.LoadPublic(s.keys(), sign.Evidence); len(ids) == 0 || vaultOf(s) != nil && err == nil {
		return ""
	}
	return fmt.Sprintf(a.pick("this machine signs for %s alone; the key that signs reports is elsewhere",
		"deze machine ondertekent alleen voor %s; de sleutel die rapporten ondertekent staat elders"), strings.Join(ids, ", "))
}

func (a *app) keysShow() error {
	s, err := a.load()
	if err != nil {
		return err
	}
	missing, people := false, a.forPeopleAlone(s)
	for _, use := range []sign.Use{sign.Evidence, sign.Checkpoint} {
		p, err := sign.LoadPublic(s.keys(), use)
		switch {
		case err != nil && people != "":
			continue
		case err != nil:
			missing = true
			fmt.Fprintf(a.out, "%s: %s\n", use, a.pick("not there", "is er niet"))
			continue
		}
		fmt.Fprintf(a.out, "%s: %s\n%s", use, p.ID, p.PEM())
	}
	if people != "" {
		fmt.Fprintln(a.out, people)
	}
	trust, err := sign.LoadTrust(s.keys())
	if err != nil {
		return err
	}
	for _, k := range trust.Retired() {
		fmt.Fprintf(a.out, a.pick("evidence, retired on %s: %s\n", "evidence, buiten gebruik sinds %s: %s\n"), k.At.Format(time.DateOnly), k.Public.ID)
		if !k.CompromisedSince.IsZero() {
			fmt.Fprintf(a.out, a.pick("    in the hands of others from %s\n", "    in handen van anderen vanaf %s\n"), k.CompromisedSince.Format(time.DateOnly))
		}
		fmt.Fprintf(a.out, "%s", k.Public.PEM())
	}
	for _, p := range s.Config.People {
		key := string(p.Key)
		if key == "" {
			key = a.pick("no key enrolled: signs nothing", "geen sleutel geregistreerd: ondertekent niets")
		}
		fmt.Fprintf(a.out, a.pick("person %s (%s): %s\n", "persoon %s (%s): %s\n"), p.ID, p.Role, key)
	}
	if missing {
		fmt.Fprintf(a.err, "hint: %s\n", a.pick("`waarborg keys init` makes the missing keys", "`waarborg keys init` maakt de ontbrekende sleutels"))
	}
	return nil
}

func (a *app) keysResolve(token, file string) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	snap, _, err := a.readSnapshot(s, file)
	if err != nil {
		return err
	}
	sealed, ok := snap.Principals[token]
	if !ok {
		return fails(say.Both("%s has no principal %s", "%s heeft geen principal %s", file, token),
			say.Both("tokens are in the results of that very snapshot",
				"tokens staan in de resultaten van precies die momentopname"))
	}
	key, err := a.pseudonymKey(s)
	if err != nil {
		return err
	}
	names, err := inventory.NewPseudonyms(key)
	if err != nil {
		return err
	}
	name, err := names.Reveal(token, sealed)
	if err != nil {
		return fails(say.Both("the name behind %s cannot be read: %s", "de naam achter %s is niet te lezen: %s", token, err),
			say.Both("use the workspace that collected the snapshot",
				"gebruik de werkmap die de momentopname heeft verzameld"))
	}
	fmt.Fprintln(a.out, name)
	return nil
}
