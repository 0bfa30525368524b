package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"waarborg/internal/assess"
	"waarborg/internal/evidence"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/strictjson"
	"waarborg/internal/verify"
	"waarborg/internal/workspace"
	"waarborg/policies"
	"waarborg/reports"
)

// releaseOptions are those of the two commands by which a customer's report is released.
type releaseOptions struct {
	draft, as, out, since string
	approvals, trust      []string
}

func (a *app) approveCommand() *cobra.Command {
	var o releaseOptions
	cmd := &cobra.Command{Use: "approve DRAFT.pdf", Short: "Sign the draft of a customer's report, on a machine of your own",
		Args: exactly(1, say.Both("the draft of a customer's report", "het concept van een rapport voor een klant")),
		Long: `Sign the draft of a customer's report with your own key, where the key that signs reports is not at hand. The draft is verified,
assessed again and drawn again, and what it says is made again from your own copy of the workspace: all must be the same.
Your signature goes into a small file that names neither customer nor person. Send it to whoever has the signing key, who
makes the final PDF with ` + "`waarborg report release --approval FILE`" + `.

Exit status: 0 you signed it; 2 you did not.`,
		Example: `  waarborg report approve draft.pdf --as security-officer --trust evidence.pub
  waarborg report release draft.pdf --approval draft.pdf.approval.json -o havenstede.pdf      # elsewhere`,
		RunE: func(c *cobra.Command, args []string) error {
			o.draft = args[0]
			return a.approve(c.Context(), o)
		}}
	o.flags(cmd, "file to write; without it the draft's name with .approval.json behind it")
	cmd.Flags().StringVar(&o.as, "as", "", "id of the person who signs (required)")
	_ = cmd.MarkFlagRequired("as")
	return cmd
}

func (a *app) releaseCommand() *cobra.Command {
	var o releaseOptions
	cmd := &cobra.Command{Use: "release DRAFT.pdf", Short: "Release a customer's report when two people have signed it",
		Args: exactly(1, say.Both("the draft of a customer's report", "het concept van een rapport voor een klant")),
		Long: `Release a customer's report that two people have signed. The draft is verified, assessed again and drawn again, and what it says is
made again from this copy of the workspace: all must be the same. Where the assessment is kept on this machine, too, the
customer's part is cut again and compared; elsewhere the command says that it could not be. The final PDF is made from the
draft's data alone, and signed with the evidence key.

The first person signed when the draft was made with --as, or with ` + "`waarborg report approve`" + `. The second signs here with --as, or
signed elsewhere, and --approval names the file.

Exit status: 0 the report is released; 2 it is not.`,
		Example: `  waarborg report release draft.pdf --as security-officer -o havenstede.pdf
  waarborg report release draft.pdf --approval draft.pdf.approval.json -o havenstede.pdf`,
		RunE: func(c *cobra.Command, args []string) error {
			o.draft = args[0]
			return a.release(c.Context(), o)
		}}
	o.flags(cmd, "file to write (required)")
	cmd.Flags().StringVar(&o.as, "as", "", "id of the person who signs it now")
	cmd.Flags().StringArrayVar(&o.approvals, "approval", nil, "file that `waarborg report approve` made; up to two")
	_ = cmd.MarkFlagRequired("output")
	return cmd
}

func (o *releaseOptions) flags(cmd *cobra.Command, output string) {
	cmd.Flags().StringVarP(&o.out, "output", "o", "", output)
	cmd.Flags().StringVar(&o.since, "since", "", "the earlier report that the draft compares with, if it does")
	cmd.Flags().StringArrayVar(&o.trust, "trust", nil, "file with public keys or certificates to trust, in PEM, where the evidence key is not here")
}

func (a *app) approve(ctx context.Context, o releaseOptions) error {
	out := cmp.Or(o.out, o.draft+".approval.json")
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		return a.taken(out)
	}
	s, c, err := a.draft(ctx, o)
	if err != nil {
		return err
	}
	if err := a.releasable(ctx, s, c, o); err != nil {
		return err
	}
	digest, err := c.Document.ReleaseDigest()
	if err != nil {
		return err
	}
	step, err := a.step(s, digest, o.as)
	if err != nil {
		return err
	}
	raw, err := reports.Approval{Schema: reports.ApprovalSchema, Digest: digest, Step: *step}.Encode()
	if err != nil {
		return err
	}
	if err := a.save(out, raw); err != nil {
		return err
	}
	fmt.Fprintf(a.out, a.pick("%s: signed; send it to whoever makes the final report\n", "%s: ondertekend; stuur het naar wie het definitieve rapport maakt\n"), out)
	return nil
}

func (a *app) release(ctx context.Context, o releaseOptions) error {
	if o.as == "" && len(o.approvals) == 0 {
		return failf(a.pick("say who signs it now with --as ID, or name the file of who signed elsewhere with --approval FILE", "zeg met --as ID wie nu ondertekent, of noem met --approval BESTAND wat elders is ondertekend"),
			"%s", a.pick("nobody signs this release", "niemand ondertekent deze vrijgave"))
	}
	s, c, err := a.draft(ctx, o)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(filepath.Join(s.keys(), string(sign.Evidence)+".key")); vaultOf(s) == nil && errors.Is(err, fs.ErrNotExist) {
		return failf(a.pick("sign it with `waarborg report approve` here, and have it released where that key is", "onderteken het hier met `waarborg report approve`, en laat het vrijgeven waar die sleutel staat"),
			"%s", a.pick("the key that signs reports is not on this machine", "de sleutel die rapporten ondertekent staat niet op deze machine"))
	}
	d := c.Document
	digest, err := d.ReleaseDigest()
	if err != nil {
		return err
	}
	var steps []*reports.Step
	earliest := c.Results.At
	if d.Release != nil && d.Release.Prepared != nil {
		if why := a.unfit(s, *d.Release.Prepared, earliest); why != "" {
			return failf(a.pick("have a new draft made", "laat een nieuw concept maken"), "%s: %s", reports.Plain(o.draft), why)
		}
		steps, earliest = append(steps, d.Release.Prepared), d.Release.Prepared.At
	}
	for _, file := range o.approvals {
		step, err := a.approval(s, file, digest, earliest)
		if err != nil {
			return err
		}
		steps = append(steps, step)
	}
	if err := a.releasable(ctx, s, c, o); err != nil {
		return err
	}
	if o.as != "" {
		step, err := a.step(s, digest, o.as)
		if err != nil {
			return err
		}
		steps = append(steps, step)
	}
	if len(steps) != 2 {
		return failf(a.pick("one signs with `waarborg report --customer ID --as ID` or `waarborg report approve`, another with --as or `waarborg report approve`", "de een ondertekent met `waarborg report --customer ID --as ID` of `waarborg report approve`, de ander met --as of `waarborg report approve`"),
			a.pick("two people have to sign it; signatures so far: %d", "twee personen moeten het ondertekenen; handtekeningen tot nu toe: %d"), len(steps))
	}
	if steps[1].At.Before(steps[0].At) && d.Release == nil {
		slices.Reverse(steps) // of two who signed elsewhere, the first stands first
	}
	d.Release = &reports.Release{Digest: digest, Prepared: steps[0], Released: steps[1]}
	if state := d.CheckRelease(s.people(), sign.PersonVerifier{}); state != reports.ReleaseDone {
		return failf(a.pick("two people, each with a key of their own, have to sign it", "twee personen moeten het ondertekenen, elk met een eigen sleutel"), "%s", a.pick("the report cannot be released with these signatures", "met deze handtekeningen kan het rapport niet worden vrijgegeven"))
	}
	x := parts{d, c.Results, c.Assessment}
	files := map[string][]byte{verify.ResultsFile: c.Files[verify.ResultsFile], verify.EvidenceFile: c.Files[verify.EvidenceFile]}
	if files[verify.DocumentFile], err = reports.Canonical(d); err != nil {
		return err
	}
	a.lang = d.Language
	return a.writePDF(ctx, s, x, files, o.out, a.out)
}

// draft opens a draft that is waiting for a signature, and makes sure that the present person is not its preparer.
func (a *app) draft(ctx context.Context, o releaseOptions) (*space, verify.Content, error) {
	none := verify.Content{}
	s, err := a.load()
	if err != nil {
		return nil, none, err
	}
	name := reports.Plain(o.draft)
	raw, err := readUpTo(o.draft, verify.MaxFile)
	if err != nil {
		return nil, none, failf("", "%s: %s", name, a.pick("cannot be read", "is niet te lezen"))
	}
	a.named = true // the workspace counts beside --trust: this is whose report it is
	c, subject, err := a.opened(ctx, o.draft, raw, o.trust)
	if err != nil {
		return nil, none, err
	}
	d := c.Document
	switch {
	case d.Customer == nil:
		return nil, none, failf("", "%s: %s", name, a.pick("this is no customer's report, so there is nothing to release", "dit is geen rapport voor een klant, dus er valt niets vrij te geven"))
	case !d.Draft():
		return nil, none, failf("", "%s: %s", name, a.pick("it has been released already", "het is al vrijgegeven"))
	case o.as != "" && d.Release != nil && d.Release.Prepared != nil && d.Release.Prepared.Person(s.people(), sign.PersonVerifier{}) == o.as:
		return nil, none, failf(a.pick("another person has to release it", "een ander moet het vrijgeven"), "%s %s", o.as, a.pick("prepared this report", "heeft dit rapport opgesteld"))
	}
	if o.as != "" { // whoever signs reads what it says
		a.showSubject(subject, "")
	}
	return s, c, nil
}

// approval reads what somebody signed elsewhere, not before a time.
func (a *app) approval(s *space, file, digest string, earliest time.Time) (*reports.Step, error) {
	name := reports.Plain(file)
	raw, err := strictjson.ReadFile(file, strictjson.Limits{Size: 64 << 10})
	if err != nil {
		return nil, err
	}
	x, err := reports.ReadApproval(raw)
	if err != nil {
		return nil, failf(a.pick("name the file that `waarborg report approve` made", "noem het bestand dat `waarborg report approve` heeft gemaakt"), "%s: %s", name, a.pick("this is no approval", "dit is geen goedkeuring"))
	}
	again := a.pick("have it signed again with `waarborg report approve`", "laat het opnieuw ondertekenen met `waarborg report approve`")
	if x.Digest != digest {
		return nil, failf(again, "%s: %s", name, a.pick("it approves another draft", "het is een goedkeuring van een ander concept"))
	}
	if why := a.unfit(s, x.Step, earliest); why != "" {
		return nil, failf(again, "%s: %s", name, why)
	}
	return &x.Step, nil
}

// unfit says in words why somebody's signature cannot be used: its key is nobody's, its role is not that of the key, or its
// time cannot be. Role and time are not signed.
func (a *app) unfit(s *space, x reports.Step, earliest time.Time) string {
	id := x.Person(s.people(), sign.PersonVerifier{})
	i := slices.IndexFunc(s.Config.People, func(p workspace.Person) bool { return p.ID == id })
	switch {
	case id == "" || i < 0:
		return a.pick("it is signed with a key that nobody here has: `people` in waarborg.yaml does not have it", "het is ondertekend met een sleutel die hier van niemand is: hij staat niet in `people` van waarborg.yaml")
	case s.Config.People[i].Role != x.Role:
		return a.pick("it names another role than waarborg.yaml has for its key", "het noemt een andere rol dan waarborg.yaml bij de sleutel heeft")
	case x.At.Before(earliest.Add(-time.Hour)) || x.At.After(a.now().Add(time.Hour)):
		return a.pick("it was signed before the assessment or the draft, or lies in the future: a clock is wrong", "het is ondertekend voor de beoordeling of het concept, of ligt in de toekomst: een klok loopt verkeerd")
	}
	return ""
}

// prepare signs a customer's report as the person who made it.
func (a *app) prepare(s *space, d reports.Document, as string) (*reports.Release, error) {
	if d.Customer == nil {
		return nil, failf(a.pick("leave out --as, or name the customer", "laat --as weg, of noem de klant"), "%s", a.pick("only a customer's report is prepared and released", "alleen een rapport voor een klant wordt opgesteld en vrijgegeven"))
	}
	digest, err := d.ReleaseDigest()
	if err != nil {
		return nil, err
	}
	step, err := a.step(s, digest, as)
	return &reports.Release{Digest: digest, Prepared: step}, err
}

// step is one person's signature of a report.
func (a *app) step(s *space, digest, as string) (*reports.Step, error) {
	sig, err := a.signAs(s, as, sign.ContextApproval, []byte(digest))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.Config.People, func(p workspace.Person) bool { return p.ID == as })
	person := s.Config.People[i]
	return &reports.Step{Role: person.Role, At: a.now().UTC().Truncate(time.Second), Key: string(person.Key), Signature: base64.StdEncoding.EncodeToString(sig.Value)}, nil
}

// releasable looks at a draft as the second person: whatever the first could have put in is made again from this workspace,
// and compared.
func (a *app) releasable(ctx context.Context, s *space, c verify.Content, o releaseOptions) error {
	d, x := c.Document, c.Assessment
	again := a.pick("have a new draft made", "laat een nieuw concept maken")
	switch {
	case d.Version != versionString():
		return failf(a.pick("use the same version for both steps", "gebruik voor beide stappen dezelfde versie"), a.pick("Waarborg %s made the draft, and this is %s", "Waarborg %s maakte het concept, en dit is %s"), reports.Plain(d.Version), versionString())
	case a.now().Sub(x.Header.CreatedAt) > maxEvidenceAge:
		return failf(again, "%s", a.pick("the evidence of the draft is older than 31 days", "het bewijs van het concept is ouder dan 31 dagen"))
	case s.changed(x.Header.WorkspaceDigest):
		return failf(again, "%s", a.pick("the agreement, register, data map or role matrix is another than when the draft was made", "de overeenkomst, het register, de gegevenskaart of de rollenmatrix is anders dan toen het concept werd gemaakt"))
	}
	p, err := assess.Load(policies.FS)
	if err != nil {
		return err
	}
	in, err := s.inputs(p, x.At)
	if err != nil {
		return err
	}
	if err := x.MadeOf(in); err != nil {
		return failf(again, "%s", a.pick("the draft rests on other rules or terms than this workspace has", "het concept rust op andere regels of voorwaarden dan deze werkmap heeft"))
	}
	if err := a.sameDocument(ctx, s, c, o); err != nil {
		return err
	}
	return a.sameSlice(ctx, s, p, c)
}

// sameDocument makes what the pages say again.
func (a *app) sameDocument(ctx context.Context, s *space, c verify.Content, o releaseOptions) error {
	mine, err := a.document(s, c.Results)
	if err != nil {
		return err
	}
	if o.since != "" {
		if mine.Since, err = a.since(ctx, s, o.since, o.trust, c.Results); err != nil {
			return err
		}
	}
	theirs := c.Document
	mine.Release, theirs.Release, mine.Files = nil, nil, theirs.Files
	x, err1 := reports.Canonical(mine)
	y, err2 := reports.Canonical(theirs)
	if err1 == nil && err2 == nil && bytes.Equal(x, y) {
		return nil
	}
	hint := a.pick("have a new draft made", "laat een nieuw concept maken")
	if theirs.Since != nil && o.since == "" {
		hint = a.pick("the draft says what changed: name the earlier report with --since", "het concept zegt wat er is veranderd: noem het eerdere rapport met --since")
	}
	return failf(hint, "%s", a.pick("the draft says other things than this workspace gives: about clauses, attestations, parties or changes", "het concept zegt andere dingen dan deze werkmap oplevert: over bepalingen, verklaringen, partijen of wijzigingen"))
}

// sameSlice cuts the customer's part again from the assessment that is kept here, so that nothing was left out.
func (a *app) sameSlice(ctx context.Context, s *space, p *assess.Policies, c verify.Content) error {
	archive := s.archive()
	list, err := archive.List()
	if err != nil {
		return err
	}
	for _, e := range list {
		if !e.Evidence || !e.At.Equal(c.Assessment.At.Truncate(1e9)) {
			continue
		}
		whole, err := archive.Load(e)
		if err != nil || whole.Header.Root != c.Assessment.Header.Root {
			continue
		}
		var mine evidence.Assessment
		if mine, err = whole.Slice(ctx, p, c.Assessment.Customer); err != nil {
			return err
		}
		packed, err := mine.EncodePacked()
		if err != nil {
			return err
		}
		if !bytes.Equal(packed, c.Files[verify.EvidenceFile]) {
			return failf(a.pick("have a new draft made", "laat een nieuw concept maken"), "%s", a.pick("the draft does not hold all that the assessment has of this customer", "het concept bevat niet alles wat de beoordeling van deze klant heeft"))
		}
		return nil
	}
	a.note("%s\n", a.pick("note: the assessment is not kept on this machine, so whether the draft holds all of it was not checked; `report release` checks it where the assessment is kept", "let op: de beoordeling is niet op deze machine bewaard, dus of het concept alles ervan bevat is niet gecontroleerd; `report release` controleert dat waar de beoordeling is bewaard"))
	return nil
}
