package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"waarborg/internal/assess"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/verify"
	"waarborg/internal/workspace"
	"waarborg/policies"
	"waarborg/reports"
)

type verifyOptions struct {
	trust, stampers []string
	replay          bool
	attestation     string   // a file that must be an attestation of the gate
	subjects        []string // files that it must be of
}

func (a *app) verifyCommand() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{Use: "verify FILE...", Short: "Tell whether a report, a bundle, a snapshot or results can be relied on",
		Args: func(c *cobra.Command, args []string) error {
			if o.attestation != "" {
				return nil
			}
			return atLeast(1, say.Both("a file to verify", "een bestand om te controleren"))(c, args)
		},
		Long: `Verify files that Waarborg gave out, without a network: that nothing was changed after signing, that somebody signed whom you
trust, at a time when that counted, and that the data inside fit together and prove what they say. A bundle (.sigstore.json)
is verified with the file of its name in the same folder.

Whom you trust is in --trust FILE (public keys and certificates in PEM). Without it, and with --workspace, it is the keys of the
workspace; the verdict says which. An intact signature of anyone else proves nothing: a forger can sign, too.

With --replay the evidence in a report is assessed again and its pages are drawn again; both must give the same bytes.

With --attestation FILE it is an attestation that the gate made, and each --subject FILE must be one that was judged. It tells
whether the attestation is genuine, of those files and still valid, and shows what it says: one that says "not met" is genuine,
too. To let a deploy on only where it says "met", use waarborg gate --require-attestation.

Exit status: 0 every file can be relied on; 1 one was changed, forged, or contradicts itself; 2 the command could not do its work;
3 one is intact but not of somebody you trust, a draft, or could not be checked in full.`,
		Example: `  waarborg verify report.pdf --trust processor.pub
  waarborg verify report.pdf report.pdf.sigstore.json --replay
  waarborg verify --attestation gate.sigstore.json --subject plan.json`,
		RunE: func(c *cobra.Command, args []string) error { return a.verify(c, args, o) }}
	cmd.Flags().StringArrayVar(&o.trust, "trust", nil, "file with public keys or certificates to trust, in PEM; may be given more than once")
	cmd.Flags().StringArrayVar(&o.stampers, "trust-timestamps", nil, "file with root certificates of timestamp authorities to trust, in PEM")
	cmd.Flags().BoolVar(&o.replay, "replay", false, "assess the evidence again, draw the pages again, and compare")
	cmd.Flags().StringVar(&o.attestation, "attestation", "", "an attestation of the gate to verify")
	cmd.Flags().StringArrayVar(&o.subjects, "subject", nil, "file that the attestation must be of; may be given more than once")
	a.formatFlag(cmd, "table", "json")
	return cmd
}

func (a *app) verify(c *cobra.Command, files []string, o verifyOptions) error {
	r, err := a.reader(o)
	if err != nil {
		return err
	}
	subjects, err := subjectsOf(o)
	if err != nil {
		return err
	}
	verdicts := make([]verify.Verdict, 0, len(files)+1)
	if o.attestation != "" {
		v := a.unread(o.attestation)
		if raw, err := readUpTo(o.attestation, verify.MaxFile); err == nil {
			v = r.Attestation(filepath.Base(o.attestation), raw, subjects)
		}
		verdicts = append(verdicts, v)
		a.code = worseCode(a.code, codeOf(v.State))
	}
	for _, file := range files {
		raw, err := readUpTo(file, verify.MaxFile)
		if err != nil { // a verdict too, so that the other files get theirs
			verdicts = append(verdicts, a.unread(file))
			a.code = worseCode(a.code, exitFailed)
			continue
		}
		dir := filepath.Dir(file)
		v := r.File(c.Context(), filepath.Base(file), raw, func(name string) ([]byte, error) {
			return readUpTo(filepath.Join(dir, filepath.Base(name)), verify.MaxFile)
		})
		verdicts = append(verdicts, v)
		a.code = worseCode(a.code, codeOf(v.State))
	}
	if a.format == "json" {
		return reports.JSON(a.out, struct {
			Schema   string           `json:"schema"`
			Verdicts []verify.Verdict `json:"verdicts"`
		}{"waarborg.verdicts/v1", verdicts})
	}
	for i, v := range verdicts {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		a.showVerdict(v)
	}
	return nil
}

func (a *app) unread(file string) verify.Verdict {
	return verify.Verdict{Schema: verify.Schema, File: filepath.Base(file), State: verify.Unreadable, Checks: []verify.Check{{ID: "form", Mark: verify.Fail,
		Text: a.pick("The file cannot be read.", "Het bestand is niet te lezen."), Hint: a.pick("check the name and who may read it", "controleer de naam en wie het mag lezen")}}}
}

// readUpTo reads a file and at most one byte more than a limit, whatever it is.
func readUpTo(file string, limit int64) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || st.IsDir() {
		return nil, errors.Join(err, fs.ErrInvalid)
	}
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// codeOf is the exit status of a verdict.
func codeOf(s verify.State) int {
	switch s {
	case verify.Valid:
		return exitMet
	case verify.Broken:
		return exitNotMet
	case verify.Unreadable:
		return exitFailed
	}
	return exitUnknown
}

// worseCode keeps the status that says most: a forgery over what could not be read, and that over what is not trusted.
func worseCode(x, y int) int {
	rank := map[int]int{exitMet: 0, exitUnknown: 1, exitFailed: 2, exitNotMet: 3}
	if rank[y] > rank[x] {
		return y
	}
	return x
}

// reader gathers whom to trust: what the options name, and the workspace if there is one.
func (a *app) reader(o verifyOptions) (verify.Reader, error) {
	r := verify.Reader{Now: a.now(), Version: versionString(), Language: a.lang}
	for _, file := range o.trust {
		raw, err := os.ReadFile(file)
		if err != nil {
			return r, fails(say.Both("the file %s of --trust cannot be read", "het bestand %s van --trust is niet te lezen", file),
				say.Both("name a file in PEM", "noem een bestand in PEM"))
		}
		t, err := sign.ParseTrust(raw)
		if err != nil {
			return r, err
		}
		r.Trust = r.Trust.Merge(t)
	}
	stampers := o.stampers
	// Not beside --trust, unless it is named: whoever sends a file can send a workspace around it.
	_, err := os.Stat(filepath.Join(a.dir, workspace.ConfigFile))
	if there := !errors.Is(err, fs.ErrNotExist); there && (len(o.trust) == 0 || a.named) || a.named {
		s, err := a.load()
		if err != nil {
			return r, err
		}
		t, err := sign.LoadTrust(s.keys())
		if err != nil {
			return r, err
		}
		r.Trust, r.People, r.Workspace = r.Trust.Merge(t), s.peopleAt, a.folder()
		if set := s.Config.Keys.Timestamp; set != nil {
			stampers = append(stampers, s.path(set.Roots))
		}
	}
	pool, err := rootsOf(stampers)
	if err != nil {
		return r, err
	}
	r.Stampers = pool
	if o.replay {
		if r.Policies, err = assess.Load(policies.FS); err != nil {
			return r, err
		}
	}
	return r, nil
}

// folder names the folder of the workspace so that a reader recognises it.
func (a *app) folder() string {
	if dir, err := filepath.Abs(a.dir); err == nil {
		return dir
	}
	return a.dir
}

// rootsOf reads root certificates; nil where no file is named.
func rootsOf(files []string) (*x509.CertPool, error) {
	if len(files) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil || !pool.AppendCertsFromPEM(raw) {
			return nil, fails(say.Both("the root certificates of timestamp authorities cannot be read from %s",
				"de rootcertificaten van tijdstempeldiensten zijn niet te lezen uit %s", file),
				say.Both("name a file with certificates in PEM", "noem een bestand met certificaten in PEM"))
		}
	}
	return pool, nil
}

func (a *app) showVerdict(v verify.Verdict) {
	paint := func(code, s string) string {
		if !a.color {
			return s
		}
		return "\x1b[" + code + "m" + s + "\x1b[0m"
	}
	colors := map[verify.Mark]string{verify.OK: "32", verify.Fail: "31;1", verify.Open: "33", verify.Note: "2"}
	marks := map[verify.Mark]string{verify.OK: "✓", verify.Fail: "✗", verify.Open: "?", verify.Note: "·"}
	fmt.Fprintf(a.out, "%s\n", paint("1", reports.Plain(v.File)))
	for _, c := range v.Checks {
		reports.Wrap(a.out, "  "+paint(colors[c.Mark], marks[c.Mark])+" ", "    ", c.Text, a.width)
		if c.Hint != "" {
			reports.Wrap(a.out, "    → ", "      ", c.Hint, a.width)
		}
	}
	if v.Subject != nil {
		a.showSubject(*v.Subject, "  ")
	}
	if v.Attested != nil {
		a.showAttested(*v.Attested, "  ")
	}
	text := map[verify.State]string{
		verify.Valid:      a.pick("VALID: genuine and unchanged.", "GELDIG: echt en ongewijzigd."),
		verify.Draft:      a.pick("DRAFT: intact and signed, but not released.", "CONCEPT: gaaf en ondertekend, maar niet vrijgegeven."),
		verify.NotTrusted: a.pick("NOT TRUSTED: do not rely on this file as it is.", "NIET VERTROUWD: vertrouw zo niet op dit bestand."),
		verify.Broken:     a.pick("BROKEN: changed or forged. Do not rely on this file.", "KAPOT: gewijzigd of vervalst. Vertrouw niet op dit bestand."),
		verify.Unreadable: a.pick("UNREADABLE: this cannot be verified.", "ONLEESBAAR: dit kan niet worden geverifieerd."),
	}[v.State]
	color := map[verify.State]string{verify.Valid: "32;1", verify.Draft: "33;1", verify.NotTrusted: "33;1", verify.Broken: "31;1", verify.Unreadable: "31;1"}[v.State]
	fmt.Fprintf(a.out, "  %s\n", paint(color, text))
}

// showSubject tells in a sentence what a file says.
func (a *app) showSubject(s verify.Subject, indent string) {
	who := s.Processor
	if s.Customer != "" {
		who += " · " + s.Customer
	}
	reports.Wrap(a.out, indent, indent, fmt.Sprintf(a.pick("It says: %s; assessed on %s; not met %d, unknown %d, waived %d, met %d.", "Het zegt: %s; beoordeeld op %s; niet voldaan %d, onbekend %d, geaccepteerd %d, voldaan %d."),
		reports.Plain(who), reports.TimeText(s.Assessed, a.lang), s.Fail, s.Unknown, s.Waived, s.Pass), a.width)
}
