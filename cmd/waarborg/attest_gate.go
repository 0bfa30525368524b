package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/attest"
	"waarborg/internal/gate"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/reports"
)

// attestationAge is how old an attestation may be at a deploy, where nothing else is said.
const attestationAge = time.Hour

// writeAttestation signs what a run of the gate found with the evidence key of the workspace, and replaces a file with it. A
// run that found that something is not met is attested as well.
func (a *app) writeAttestation(ctx context.Context, s *space, r *gate.Report, o attest.Options, file string) error {
	key, done, err := a.evidenceKey(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	signer, err := key.CryptoSigner()
	if err != nil {
		return err
	}
	raw, err := attest.Make(ctx, r, o, signer, key.Public())
	if err != nil {
		return err
	}
	return a.replace(file, raw)
}

// requireOptions is what a deploy stage wants of an attestation.
type requireOptions struct {
	maxAge           time.Duration   // 0: attestationAge
	rules, teamRules string          // digests of the rules in force now
	allow            attest.Softened // what this stage lets through, too; a baseline that is named must be the one that was used
}

// requireAttestation tells why a deploy of inputs may not go on by what an attestation says; nil if it may. The attestation must
// be of these very files and no others, say that they are met by the rules and the workspace of now, and be signed with an
// evidence key of the workspace that counted at the time. It is an error if the file cannot be read: there is none.
func (a *app) requireAttestation(s *space, file string, inputs []gate.Info, o requireOptions) (*gate.Block, error) {
	raw, err := readUpTo(file, maxAttestation)
	if err != nil {
		return nil, fails(say.Both("the attestation %s cannot be read", "het attest %s is niet te lezen", reports.Plain(file)),
			say.Both("name the file that `waarborg gate --attest` wrote in the stage before", "noem het bestand dat `waarborg gate --attest` in de stap ervoor schreef"))
	}
	workspace, err := s.digest()
	if err != nil {
		return nil, err
	}
	trust, err := sign.LoadTrust(s.keys())
	if err != nil {
		return nil, err
	}
	want := attest.Want{Alone: true, Met: true, Allow: o.allow, Basis: &attest.Basis{Rules: o.rules, TeamRules: o.teamRules, Workspace: workspace}, MaxAge: o.maxAge}
	if want.MaxAge <= 0 {
		want.MaxAge = attestationAge
	}
	for _, in := range inputs {
		want.Inputs = append(want.Inputs, attest.Input{Name: in.Name, Digest: in.Digest, Format: in.Format})
	}
	if _, err := attest.Verify(raw, trust, a.now(), want); err != nil {
		hint := say.HintOf(err)
		if errors.Is(err, sign.ErrUnknownSigner) { // here nobody is trusted but the workspace
			hint = say.Both("both stages need the same workspace, with the public half of its evidence key",
				"beide stappen hebben dezelfde werkmap nodig, met de publieke helft van de evidence-sleutel")
		}
		return &gate.Block{What: "attestation", Status: blockedBy(err), Text: say.Of(err).In(a.lang), Hint: hint.In(a.lang)}, nil
	}
	return nil, nil
}

// maxAttestation is more than the size of any attestation, in bytes; what is larger is refused by whoever reads it.
const maxAttestation = 4 << 20

// blockedBy is the status of a deploy that an attestation does not let on: it fails by what says so, or was forged or exchanged,
// and else nothing is known of it.
func blockedBy(err error) assess.Status {
	for _, worse := range []error{sign.ErrBroken, attest.ErrNotMet, attest.ErrOtherInput} {
		if errors.Is(err, worse) {
			return assess.Fail
		}
	}
	return assess.Unknown
}

// subjectsOf makes digests of the files that an attestation must be of. They can be large, and are not kept in memory.
func subjectsOf(o verifyOptions) ([]attest.Input, error) {
	if len(o.subjects) > 0 && o.attestation == "" {
		return nil, fails(say.Both("--subject is for an attestation", "--subject hoort bij een attest"),
			say.Both("name the attestation with --attestation FILE", "noem het attest met --attestation BESTAND"))
	}
	var out []attest.Input
	for _, file := range o.subjects {
		sum, err := fileDigest(file)
		if err != nil {
			return nil, fails(say.Both("the file %s of --subject cannot be read", "het bestand %s van --subject is niet te lezen", reports.Plain(file)),
				say.Both("check the name and who may read it", "controleer de naam en wie het mag lezen"))
		}
		out = append(out, attest.Input{Name: filepath.Base(file), Digest: sum})
	}
	return out, nil
}

func fileDigest(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}

// showAttested tells in a few sentences what an attestation says.
func (a *app) showAttested(s attest.Statement, indent string) {
	p := s.Predicate
	line := func(text string) { reports.Wrap(a.out, indent, indent, text, a.width) }
	for _, x := range s.Subject {
		line(fmt.Sprintf("%s (%s) sha256:%s", reports.Plain(x.Name), reports.Plain(x.Annotations.Format), x.Digest.SHA256))
	}
	line(fmt.Sprintf(a.pick("It says: %s; %d resources judged; not met %d, known %d, accepted %d, to be proved %d, unknown %d, met %d.",
		"Het zegt: %s; %d objecten beoordeeld; niet voldaan %d, bekend %d, geaccepteerd %d, nog te bewijzen %d, onbekend %d, voldaan %d."),
		reports.StatusText(p.Status, a.lang), p.Resources, p.Counts.Failing, p.Counts.Known, p.Counts.Accepted, p.Counts.ToProve, p.Counts.Unclear, p.Counts.Pass))
	for _, b := range p.Blocks {
		line(fmt.Sprintf(a.pick("Stopped by: %s (%s).", "Tegengehouden door: %s (%s)."), reports.Plain(b.What), reports.StatusText(b.Status, a.lang)))
	}
	for _, w := range p.Waivers {
		line(fmt.Sprintf(a.pick("Accepted by %s: %s for %d resources, until %s.", "Geaccepteerd met %s: %s voor %d objecten, tot en met %s."),
			reports.Plain(w.ID), reports.Plain(w.Rule), w.Resources, reports.Plain(w.Until)))
	}
	if p.Softened != (attest.Softened{}) {
		line(fmt.Sprintf(a.pick("More was let through than by default:%s.", "Er is meer doorgelaten dan normaal:%s."), softened(p.Softened)))
	}
}

func softened(s attest.Softened) string {
	out := ""
	if s.AllowUnproved {
		out += " --allow-unproved"
	}
	if s.AllowEmpty {
		out += " --allow-empty"
	}
	if s.Baseline != "" {
		out += " --baseline (" + s.Baseline + ")"
	}
	return out
}
