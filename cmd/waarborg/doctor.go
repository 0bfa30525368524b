package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waarborg/dpa"
	"waarborg/internal/collect"
	"waarborg/internal/say"
	"waarborg/internal/sign"
)

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{Use: "doctor", Short: "Check every source, key, permission, folder and setting", Args: cobra.NoArgs,
		Long: `Check everything that a check needs, and say of each thing what to do about it. Every source is really read once, and every
private key that is here is opened.

Exit status: 0 all is well; 2 the workspace cannot be read; 3 something needs attention.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.doctor(c.Context()) }}
}

// finding of the doctor: what was looked at, and what to do if it is not well.
func (a *app) tell(ok bool, what, advice string) {
	if ok {
		fmt.Fprintf(a.out, "%s %s\n", a.green("✓"), what)
		return
	}
	a.code = exitUnknown
	fmt.Fprintf(a.out, "%s %s\n", a.red("✗"), what)
	if advice != "" {
		fmt.Fprintf(a.out, "    → %s\n", advice)
	}
}

func (a *app) green(s string) string { return a.paint("32", s) }
func (a *app) red(s string) string   { return a.paint("31;1", s) }

func (a *app) paint(code, s string) string {
	if !a.color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (a *app) doctor(ctx context.Context) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	a.tell(true, fmt.Sprintf(a.pick("the workspace reads well (files: %d, customers: %d, stores: %d)", "de werkmap is in orde (bestanden: %d, klanten: %d, opslagen: %d)"),
		len(s.Digests), len(s.Book.Customers), len(s.DataMap.Stores)), "")
	if _, err := s.customers(a.now()); err != nil {
		a.tell(false, a.advice(err), "")
	}
	a.doctorKeys(s)
	a.doctorEvidence(ctx, s)
	a.doctorFolder(s)
	a.doctorPeople(s)
	a.doctorPrivateKeys(s)
	a.doctorSources(ctx, s)
	a.doctorLast(s)
	return nil
}

// doctorKeys opens every private key that is here, so that a passphrase that fits none, or not all, is seen.
func (a *app) doctorKeys(s *space) {
	here := sign.Private(s.keys())
	closed := map[sign.Use]string{} // why a key that is here does not open
	fits := true
	for _, use := range here {
		is, err := sign.Fits(s.keys(), use, a.passphrase(s))
		switch {
		case err != nil:
			closed[use] = a.advice(err)
		case !is:
			fits = false
			closed[use] = a.pick("the passphrase does not fit; if it does elsewhere, the file is damaged: put it back from a backup",
				"de wachtzin past niet; past die elders wel, dan is het bestand beschadigd: zet het terug uit een back-up")
		}
	}
	a.doctorPassphrase(s, fits)
	if people := a.forPeopleAlone(s); people != "" {
		a.tell(true, people, "")
	} else {
		for _, use := range []sign.Use{sign.Evidence, sign.Checkpoint} {
			a.doctorKey(s, use, slices.Contains(here, use), closed[use])
		}
		why := closed[sign.Pseudonym]
		if !slices.Contains(here, sign.Pseudonym) {
			why = a.pick("run `waarborg keys init`", "draai `waarborg keys init`")
		}
		a.tell(why == "", a.pick("key pseudonym opens", "sleutel pseudonym gaat open"), why)
	}
	for _, use := range here {
		if _, is := use.Owner(); is {
			a.doctorKey(s, use, true, closed[use])
		}
	}
}

// doctorKey tells of one key that signs: of what is here of it, and why it does not open.
func (a *app) doctorKey(s *space, use sign.Use, here bool, closed string) {
	public, err := sign.LoadPublic(s.keys(), use)
	what := strings.TrimSpace(fmt.Sprintf(a.pick("key %s %s", "sleutel %s %s"), use, public.ID))
	switch {
	case here:
		a.tell(closed == "", what, closed)
	case errors.Is(err, fs.ErrNotExist):
		a.tell(false, what, a.pick("run `waarborg keys init`", "draai `waarborg keys init`"))
	case err != nil:
		a.tell(false, what, a.advice(err))
	case use == sign.Evidence && vaultOf(s) != nil:
		a.tell(true, what, "") // the half in Vault is looked at next
	default:
		a.tell(true, what+a.pick(", its public half alone", ", alleen de publieke helft"), "")
	}
}

// doctorPassphrase looks at the passphrase itself, and tells whether it fits all keys that are here.
func (a *app) doctorPassphrase(s *space, fits bool) {
	ref := string(s.Config.Keys.Passphrase)
	pass, err := a.passphrase(s)()
	set := err == nil && len(pass) >= sign.MinPassphrase && len(pass) <= sign.MaxPassphrase
	clear(pass)
	name, inEnv := strings.CutPrefix(ref, "env:")
	var advice string
	switch {
	case set:
		advice = a.pick("the passphrase does not fit every key that is here: see those marked ✗", "de wachtzin past niet op elke sleutel die hier staat: zie die met ✗")
	case ref == "":
		advice = a.advice(err)
	case inEnv:
		advice = fmt.Sprintf(a.pick("set the variable %s to the passphrase, twelve characters or more: export %[1]s='…'",
			"zet de wachtzin in de variabele %s, twaalf tekens of meer: export %[1]s='…'"), name)
	default:
		advice = a.pick("set what `keys.passphrase` in waarborg.yaml points to, to at least twelve characters", "zet waar `keys.passphrase` in waarborg.yaml naar verwijst, op minstens twaalf tekens")
	}
	a.tell(set && fits, a.pick("passphrase of the keys", "wachtzin van de sleutels"), advice)
}

// doctorEvidence looks at the certificate of the evidence key, at what is retired, and at the key itself where it is in Vault.
func (a *app) doctorEvidence(ctx context.Context, s *space) {
	public, err := sign.LoadPublic(s.keys(), sign.Evidence)
	if err != nil || a.forPeopleAlone(s) != "" {
		return // said already
	}
	text, ok := a.certificateState(s)
	a.tell(ok, fmt.Sprintf(a.pick("certificate of the evidence key: %s", "certificaat van de evidence-sleutel: %s"), text),
		a.pick("`waarborg keys rotate` makes a new key and certificate; `waarborg keys certificate --import` takes one of an issuer",
			"`waarborg keys rotate` maakt een nieuwe sleutel en een nieuw certificaat; `waarborg keys certificate --import` neemt er een van een uitgever"))
	if _, err := sign.LoadTrust(s.keys()); err != nil {
		a.tell(false, a.pick("retired keys", "sleutels buiten gebruik"), a.advice(err))
	}
	if vaultOf(s) == nil {
		return
	}
	inVault, err := a.readVaultKey(ctx, s)
	if err == nil && !inVault.Equal(public) {
		err = failf(a.pick("if it was rotated there, run `waarborg keys rotate`", "is hij daar vervangen, draai dan `waarborg keys rotate`"),
			a.pick("the key in Vault is %s, and %s is expected", "de sleutel in Vault is %s, en %s wordt verwacht"), inVault.ID, public.ID)
	}
	a.tell(err == nil, a.pick("key evidence in Vault", "sleutel evidence in Vault"), a.advice(err))
}

// advice is what an error says, and what to do about it.
func (a *app) advice(err error) string {
	if err == nil {
		return ""
	}
	msg, hint, ok := say.In(err, a.lang)
	switch {
	case !ok:
		return err.Error()
	case hint == "":
		return msg
	}
	return msg + "; " + hint
}

// doctorPrivateKeys warns where one machine holds the keys of several people: whoever has it and the passphrase signs for
// all of them, and four eyes are two.
func (a *app) doctorPrivateKeys(s *space) {
	found := slices.DeleteFunc(sign.Private(s.keys()), func(use sign.Use) bool { _, is := use.Owner(); return !is })
	a.tell(len(found) < 2, fmt.Sprintf(a.pick("signing keys of people on this machine: %d", "ondertekensleutels van personen op deze machine: %d"), len(found)),
		a.pick("four eyes take two machines: let each person run `waarborg keys init --person ID` on their own, and move the key files there", "vier ogen vragen twee machines: laat ieder `waarborg keys init --person ID` op de eigen machine draaien, en verplaats de sleutelbestanden"))
}

func (a *app) doctorFolder(s *space) {
	dir := s.path(".waarborg")
	err := os.MkdirAll(dir, 0o700)
	var probe *os.File
	if err == nil {
		probe, err = os.CreateTemp(dir, "probe-*")
	}
	if err == nil {
		probe.Close()
		err = os.Remove(probe.Name())
	}
	a.tell(err == nil, fmt.Sprintf(a.pick("folder %s can be written to", "map %s is schrijfbaar"), dir), a.pick("give the account that runs waarborg write access to it", "geef het account dat waarborg draait schrijfrechten"))
	if info, err := os.Stat(dir); err == nil {
		a.tell(info.Mode().Perm()&0o077 == 0, a.pick("folder .waarborg is closed to others", "map .waarborg is dicht voor anderen"), "chmod 700 "+dir)
	}
}

func (a *app) doctorPeople(s *space) {
	enrolled := 0
	for _, p := range s.Config.People {
		if p.Key != "" {
			enrolled++
		}
	}
	a.tell(enrolled >= 2, fmt.Sprintf(a.pick("people enrolled with a key: %d", "personen met een sleutel: %d"), enrolled),
		a.pick("four eyes take two: `waarborg keys init --person ID` makes a key and prints the line for `people`", "vier ogen vragen er twee: `waarborg keys init --person ID` maakt een sleutel en de regel voor `people`"))
}

func (a *app) doctorSources(ctx context.Context, s *space) {
	// Nothing is kept, so names that hold for this run alone will do; whether the key opens was said already.
	names, matcher, err := passingNames()
	if err != nil {
		a.tell(false, a.advice(err), "")
		return
	}
	now := func() time.Time { return a.now() }
	annotator := dpa.Annotator{Map: s.DataMap, Access: s.Access, Book: s.Book, Now: a.now(), Token: matcher}
	_, outcomes := collect.Run(ctx, a.sources(s, annotator), now, names, a.progress())
	for _, o := range outcomes {
		switch o.Status {
		case "failed":
			a.tell(false, o.Message.In(a.lang), o.Hint.In(a.lang))
		default:
			a.tell(len(o.Problems) == 0, fmt.Sprintf(a.pick("source %s: %d resources", "bron %s: %d objecten"), o.Source, o.Resources), "")
			for _, p := range o.Problems {
				fmt.Fprintf(a.out, "    %s %s\n", a.pick("could not read", "niet gelezen:"), p.What.In(a.lang))
				if hint := p.Hint.In(a.lang); hint != "" {
					fmt.Fprintf(a.out, "    → %s\n", hint)
				}
			}
		}
	}
	if len(outcomes) == 0 {
		a.tell(false, a.pick("no sources: nothing is looked at", "geen bronnen: er wordt nergens gekeken"), a.pick("add them under `sources` in waarborg.yaml", "voeg ze toe onder `sources` in waarborg.yaml"))
	}
}

// doctorLast: results that are old prove little.
func (a *app) doctorLast(s *space) {
	r, err := a.lastResults(s, "")
	switch {
	case err != nil:
		a.tell(false, a.advice(err), a.pick("run `waarborg check` anew", "draai `waarborg check` opnieuw"))
	case r == nil:
		a.tell(false, a.pick("there was no check yet", "er is nog niet gecontroleerd"), a.pick("run `waarborg check`", "draai `waarborg check`"))
	default:
		days := int(a.now().Sub(r.At).Hours() / 24)
		ago := fmt.Sprintf(a.pick("last check %d days ago", "laatste controle %d dagen geleden"), days)
		if days == 0 {
			ago = a.pick("last check less than a day ago", "laatste controle minder dan een dag geleden")
		}
		a.tell(days <= 31, ago, a.pick("run `waarborg check`", "draai `waarborg check`"))
	}
}
