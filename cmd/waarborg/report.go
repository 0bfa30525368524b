package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"waarborg/internal/assess"
	"waarborg/internal/durable"
	"waarborg/internal/evidence"
	"waarborg/internal/inventory"
	"waarborg/internal/sign"
	"waarborg/internal/verify"
	"waarborg/internal/workspace"
	"waarborg/policies"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

type reportOptions struct {
	out, customer, results, from, since, as string
	trust                                   []string

	format string
	notes  io.Writer // where it is said what was written
}

func (a *app) reportCommand() *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{Use: "report", Short: "Make a signed report of an assessment that was kept", Args: cobra.NoArgs,
		Long: `Make a report of the last assessment of this workspace, or of the one that --results holds: a signed PDF with the evidence
inside, and beside it a bundle (.sigstore.json) that cosign verifies. Other forms (HTML, Markdown, CSV, JSON) are for reading
and are not signed.

With --customer the report is for that customer, holds nothing of any other, and is a draft until a second person releases it:
one person makes it with --as ID, another runs ` + "`waarborg report release`" + `.

With --from REPORT.pdf the data of a verified report are put into another form; this needs no workspace.

Exit status: 0 the report was made; 2 the command could not do its work; 3 it was made, but the workspace has changed since.`,
		Example: `  waarborg report -o report.pdf
  waarborg report --customer havenstede --as privacy-officer -o draft.pdf
  waarborg report release draft.pdf --as security-officer -o havenstede.pdf
  waarborg report --from havenstede.pdf --format html -o havenstede.html`,
		RunE: func(c *cobra.Command, _ []string) error {
			o.format, o.notes = a.format, a.out
			return a.makeReport(c.Context(), o)
		}}
	f := cmd.Flags()
	f.StringVarP(&o.out, "output", "o", "", "file to write; without it a name with customer and date, and - for standard output (not for PDF)")
	f.StringVar(&o.customer, "customer", "", "report to one customer")
	f.StringVar(&o.results, "results", "", "results of an assessment that the workspace has kept; without it the last one")
	f.StringVar(&o.from, "from", "", "take the data from this report instead of the workspace")
	f.StringArrayVar(&o.trust, "trust", nil, "for --from and --since: file with public keys or certificates to trust, in PEM")
	f.StringVar(&o.since, "since", "", "earlier results, or an earlier report, to show what changed")
	f.StringVar(&o.as, "as", "", "id of the person who prepares a customer's report, and signs it")
	a.formatFlag(cmd, "pdf", "html", "md", "csv", "json")
	cmd.AddCommand(a.releaseCommand())
	return cmd
}

// parts is a report before it has pages: its content, and what it is made with.
type parts struct {
	document   reports.Document
	results    assess.Results
	assessment evidence.Assessment
}

func (a *app) makeReport(ctx context.Context, o reportOptions) error {
	if o.from != "" {
		return a.reform(ctx, o)
	}
	s, err := a.load()
	if err != nil {
		return err
	}
	if o.customer != "" {
		if err := s.customer(o.customer); err != nil {
			return err
		}
		a.oneCustomer = true
	}
	p, err := assess.Load(policies.FS)
	if err != nil {
		return err
	}
	whole, err := a.kept(ctx, s, p, o.results)
	if err != nil {
		return err
	}
	if s.changed(whole.Header.WorkspaceDigest) {
		return failf(a.pick("run `waarborg check` first", "draai eerst `waarborg check`"), "%s",
			a.pick("the agreement, register, data map or role matrix has changed since that assessment, so a report of it would mix two states", "de overeenkomst, het register, de gegevenskaart of de rollenmatrix is sinds die beoordeling gewijzigd, dus een rapport zou twee toestanden mengen"))
	}
	return a.publish(ctx, s, p, whole, o)
}

// kept finds the assessment to report on, and makes sure that it is whole. Results are never reported as they come: they
// must be those of an assessment that the workspace kept, or somebody could write green into a file and have it signed.
func (a *app) kept(ctx context.Context, s *space, p *assess.Policies, results string) (evidence.Assessment, error) {
	archive := s.archive()
	list, err := archive.List()
	if err != nil {
		return evidence.Assessment{}, err
	}
	var wanted []byte
	if results != "" {
		raw, err := os.ReadFile(results)
		if err != nil {
			return evidence.Assessment{}, failf(a.pick("make it with `waarborg check --format json`", "maak het met `waarborg check --format json`"), "%s: %s", results, a.pick("cannot be read", "is niet te lezen"))
		}
		r, err := reports.ReadResults(raw)
		if err != nil {
			return evidence.Assessment{}, failf(a.pick("make it with `waarborg check --format json` of this version", "maak het met `waarborg check --format json` van deze versie"), "%s: %s", results, a.pick("these are no results", "dit zijn geen resultaten"))
		}
		if wanted, err = reports.Canonical(r); err != nil {
			return evidence.Assessment{}, err
		}
	}
	for _, e := range slices.Backward(list) {
		if !e.Evidence {
			continue
		}
		if wanted != nil {
			have, err := archive.Results(e)
			if err != nil || !bytes.Equal(have, wanted) {
				continue
			}
		}
		got, err := archive.Load(e)
		if err != nil {
			return got, failf(a.pick("run `waarborg check` again", "draai `waarborg check` opnieuw"), "%s: %s", e.Name, a.pick("the kept assessment is damaged", "de bewaarde beoordeling is beschadigd"))
		}
		return got, a.sound(ctx, s, p, got)
	}
	if wanted != nil {
		return evidence.Assessment{}, failf(a.pick("run `waarborg check` and report on that; only assessments that the workspace keeps can be proved", "draai `waarborg check` en rapporteer daarover; alleen beoordelingen die de werkmap bewaart, zijn te bewijzen"),
			"%s: %s", results, a.pick("the workspace keeps no assessment with these results", "de werkmap bewaart geen beoordeling met deze resultaten"))
	}
	return evidence.Assessment{}, failf(a.pick("run `waarborg check` first", "draai eerst `waarborg check`"), "%s", a.pick("there is no assessment to report on", "er is geen beoordeling om over te rapporteren"))
}

// sound refuses a kept assessment that somebody changed, or whose seal is not ours.
func (a *app) sound(_ context.Context, s *space, p *assess.Policies, x evidence.Assessment) error {
	trust, err := sign.LoadTrust(s.keys())
	if err != nil {
		return err
	}
	err = x.Check(sealBy(trust, x.Header.CreatedAt))
	switch {
	case errors.Is(err, evidence.ErrUnsealed):
	case err != nil:
		return failf(a.pick("run `waarborg check` again", "draai `waarborg check` opnieuw"), "%s", a.pick("the kept assessment was changed, or its snapshot is sealed with a key that this workspace does not know", "de bewaarde beoordeling is gewijzigd, of de momentopname is verzegeld met een sleutel die deze werkmap niet kent"))
	}
	if x.Rules != p.Digest {
		return failf(a.pick("run `waarborg check` again", "draai `waarborg check` opnieuw"), "%s", a.pick("the assessment was made with other rules than this version has", "de beoordeling is gemaakt met andere regels dan deze versie heeft"))
	}
	return nil
}

// publish makes a report in the form asked for and writes it.
func (a *app) publish(ctx context.Context, s *space, p *assess.Policies, whole evidence.Assessment, o reportOptions) error {
	x := parts{assessment: whole}
	var err error
	if o.customer != "" {
		if x.assessment, err = whole.Slice(ctx, p, o.customer); err != nil {
			return err
		}
	}
	if x.results, err = x.assessment.Results(ctx, p, a.lang); err != nil {
		return err
	}
	if x.document, err = a.document(s, x.results); err != nil {
		return err
	}
	if o.customer == "" {
		x.document.Trend = a.trend(s, x.results)
	}
	if o.since != "" {
		if x.document.Since, err = a.since(ctx, o.since, o.trust, x.results); err != nil {
			return err
		}
	}
	files, err := x.files()
	if err != nil {
		return err
	}
	if o.as != "" {
		if x.document.Release, err = a.prepare(s, x.document, o.as); err != nil {
			return err
		}
		if files, err = x.files(); err != nil {
			return err
		}
	}
	return a.write(ctx, s, x, files, o)
}

// files encodes what a report carries, and names the files in the document.
func (x *parts) files() (map[string][]byte, error) {
	results, err := reports.Canonical(x.results)
	if err != nil {
		return nil, err
	}
	packed, err := x.assessment.EncodePacked()
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{verify.ResultsFile: results, verify.EvidenceFile: packed}
	x.document.Files = verify.Hashes(out)
	if out[verify.DocumentFile], err = reports.Canonical(x.document); err != nil {
		return nil, err
	}
	return out, nil
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
	return &reports.Step{By: as, Role: person.Role, At: a.now().UTC().Truncate(time.Second), Key: string(person.Key), Signature: base64.StdEncoding.EncodeToString(sig.Value)}, nil
}

// write puts a report into its form and into its file.
func (a *app) write(ctx context.Context, s *space, x parts, files map[string][]byte, o reportOptions) error {
	if o.format == "pdf" {
		return a.writePDF(ctx, s, x, files, cmp.Or(o.out, reportName(x, "pdf")), o.notes)
	}
	return a.writeOther(x, o.format, o.out)
}

// reportName is the name of a report's file where none was asked for: it names one customer at most.
func reportName(x parts, suffix string) string {
	name := "waarborg-report-" + x.results.At.UTC().Format(time.DateOnly)
	if x.results.Customer != "" {
		name += "-" + x.results.Customer
		if x.document.Draft() {
			name += "-draft"
		}
	}
	return name + "." + suffix
}

// writeOther writes a form that is not signed.
func (a *app) writeOther(x parts, format, out string) error {
	var b bytes.Buffer
	var err error
	switch format {
	case "html":
		err = reports.HTML(&b, x.document, x.results)
	case "md":
		err = reports.MarkdownReport(&b, x.document, x.results)
	case "csv":
		err = reports.CSV(&b, x.results)
	default:
		err = reports.JSON(&b, x.results)
	}
	if err != nil {
		return err
	}
	if out == "" || out == "-" {
		_, err := a.out.Write(b.Bytes())
		return err
	}
	return a.save(out, b.Bytes())
}

// save writes a file whole or not at all, and never over another.
func (a *app) save(file string, content []byte) error {
	err := durable.Create(file, 0o644, func(w io.Writer) error { _, err := w.Write(content); return err })
	if errors.Is(err, fs.ErrExist) {
		return a.taken(file)
	}
	if err != nil {
		return failf(a.pick("check the disk and who may write there", "controleer de schijf en wie daar mag schrijven"), "%s", err)
	}
	return nil
}

func (a *app) taken(file string) error {
	return failf(a.pick("choose another name: a report is never written over", "kies een andere naam: een rapport wordt nooit overschreven"), "%s %s", file, a.pick("exists already", "bestaat al"))
}

// writePDF draws the pages, signs them, and writes the file and its bundle.
func (a *app) writePDF(ctx context.Context, s *space, x parts, files map[string][]byte, out string, notes io.Writer) error {
	state := ""
	if x.document.Draft() {
		state = a.pick(", a draft: another person releases it with `waarborg report release`", ", een concept: een ander persoon geeft het vrij met `waarborg report release`")
	}
	return a.signPDF(ctx, s, toSign{out: out, lang: x.document.Language, state: state, reason: a.pick("Report of an assessment", "Rapport van een beoordeling"),
		attachments: verify.Relationships(), draw: func(w io.Writer) error {
			return pdf.Render(w, x.document, x.results, verify.Attachments(files, x.document.Language))
		}}, notes)
}

// since compares with earlier results, or with those of an earlier report, which must be whole.
func (a *app) since(ctx context.Context, file string, trust []string, now assess.Results) (*reports.Comparison, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, failf(a.pick("name earlier results or an earlier report", "noem eerdere resultaten of een eerder rapport"), "%s: %s", file, a.pick("cannot be read", "is niet te lezen"))
	}
	var old assess.Results
	if bytes.HasPrefix(raw, []byte("%PDF")) {
		c, err := a.opened(ctx, file, raw, trust)
		if err != nil {
			return nil, err
		}
		old = c.Results
	} else if old, err = reports.ReadResults(raw); err != nil {
		return nil, failf(a.pick("name earlier results or an earlier report", "noem eerdere resultaten of een eerder rapport"), "%s: %s", file, a.pick("these are no results", "dit zijn geen resultaten"))
	}
	if old.Customer != now.Customer {
		return nil, failf(a.pick("compare with an earlier report for the same reader", "vergelijk met een eerder rapport voor dezelfde lezer"), "%s: %s", file, a.pick("it is another customer's, or the whole", "het is van een andere klant, of van het geheel"))
	}
	changes, err := assess.Compare(old, now)
	if err != nil {
		return nil, failf("", "%s", err)
	}
	return &reports.Comparison{At: old.At, Changes: changes}, nil
}

// trendPoints is how many assessments a trend shows at most.
const trendPoints = 24

// trend lists the last assessments that the workspace holds, up to the present one.
func (a *app) trend(s *space, now assess.Results) []reports.Point {
	archive := s.archive()
	list, err := archive.List()
	if err != nil {
		return nil
	}
	var out []reports.Point
	for _, e := range list {
		raw, err := archive.Results(e)
		if err != nil {
			continue
		}
		r, err := reports.ReadResults(raw)
		if err != nil || !r.At.Before(now.At) {
			continue
		}
		out = append(out, reports.Point{At: r.At, Status: r.Summary.Status, Count: r.Summary.Results})
	}
	out = append(out, reports.Point{At: now.At, Status: now.Summary.Status, Count: now.Summary.Results})
	return out[max(0, len(out)-trendPoints):]
}

// opened verifies a report that a command goes on with, and returns what it carries.
func (a *app) opened(ctx context.Context, file string, raw []byte, trust []string) (verify.Content, error) {
	r, err := a.reader(verifyOptions{trust: trust, replay: true})
	if err != nil {
		return verify.Content{}, err
	}
	v, c := r.Report(ctx, filepath.Base(file), raw)
	if v.State != verify.Valid && v.State != verify.Draft {
		a.showVerdict(v)
		return c, failf(a.pick("`waarborg verify` tells more", "`waarborg verify` zegt meer"), "%s: %s", file, a.pick("this report cannot be relied on", "op dit rapport kan niet worden vertrouwd"))
	}
	return c, nil
}

// reform puts the data of a verified report into another form.
func (a *app) reform(ctx context.Context, o reportOptions) error {
	if o.customer+o.results+o.since+o.as != "" {
		return failf(a.pick("leave out the other options", "laat de andere opties weg"), "%s", a.pick("--from takes everything from the report", "--from haalt alles uit het rapport"))
	}
	if o.format == "pdf" {
		return failf("--format html, md, csv, json", "%s", a.pick("the report is a PDF already", "het rapport is al een PDF"))
	}
	raw, err := os.ReadFile(o.from)
	if err != nil {
		return failf("", "%s: %s", o.from, a.pick("cannot be read", "is niet te lezen"))
	}
	c, err := a.opened(ctx, o.from, raw, o.trust)
	if err != nil {
		return err
	}
	return a.writeOther(parts{c.Document, c.Results, c.Assessment}, o.format, o.out)
}

func (a *app) releaseCommand() *cobra.Command {
	var as, out string
	cmd := &cobra.Command{Use: "release DRAFT.pdf", Short: "Release a customer's report as the second person", Args: exactly(1, "the draft of a customer's report"),
		Long: `Release a customer's report that another person prepared with --as. The draft is verified, assessed again and drawn again; then
you sign it with your own key, and the final PDF is made from the draft's data alone.`,
		RunE: func(c *cobra.Command, args []string) error { return a.release(c.Context(), args[0], as, out) }}
	cmd.Flags().StringVar(&as, "as", "", "id of the person who releases it (required)")
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write (required)")
	_ = cmd.MarkFlagRequired("as")
	_ = cmd.MarkFlagRequired("output")
	return cmd
}

func (a *app) release(ctx context.Context, file, as, out string) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return failf("", "%s: %s", file, a.pick("cannot be read", "is niet te lezen"))
	}
	c, err := a.opened(ctx, file, raw, nil)
	if err != nil {
		return err
	}
	d := c.Document
	switch {
	case d.Customer == nil:
		return failf("", "%s: %s", file, a.pick("this is no customer's report, so there is nothing to release", "dit is geen rapport voor een klant, dus er valt niets vrij te geven"))
	case !d.Draft():
		return failf("", "%s: %s", file, a.pick("it has been released already", "het is al vrijgegeven"))
	case d.Release == nil || d.Release.Prepared == nil:
		return failf(a.pick("make it with `waarborg report --customer ID --as ID`", "maak het met `waarborg report --customer ID --as ID`"), "%s: %s", file, a.pick("nobody has signed it as its preparer", "niemand heeft het als opsteller ondertekend"))
	case d.Release.Prepared.By == as:
		return failf(a.pick("another person has to release it", "een ander moet het vrijgeven"), "%s %s", as, a.pick("prepared this report", "heeft dit rapport opgesteld"))
	}
	step, err := a.step(s, d.Release.Digest, as)
	if err != nil {
		return err
	}
	release := *d.Release
	release.Released = step
	d.Release = &release
	if state := d.CheckRelease(s.people(), sign.PersonVerifier{}); state != reports.ReleaseDone {
		return failf(a.pick("two people, each with a key of their own, have to sign it", "twee personen moeten het ondertekenen, elk met een eigen sleutel"), "%s", a.pick("the report cannot be released with these signatures", "met deze handtekeningen kan het rapport niet worden vrijgegeven"))
	}
	x := parts{d, c.Results, c.Assessment}
	files := map[string][]byte{verify.ResultsFile: c.Files[verify.ResultsFile], verify.EvidenceFile: c.Files[verify.EvidenceFile]}
	if files[verify.DocumentFile], err = reports.Canonical(d); err != nil {
		return err
	}
	a.lang = d.Language
	return a.writePDF(ctx, s, x, files, out, a.out)
}

// sealBy tells whether a seal fits and its key counted at a time.
func sealBy(trust sign.Trust, at time.Time) func([]byte, inventory.Seal) error {
	return func(message []byte, seal inventory.Seal) error {
		if _, err := sign.Verify(trust.Keys(), sign.ContextSnapshot, message, sign.Signature(seal)); err != nil {
			return err
		}
		return sealCounts(trust, sign.Signature(seal), at)
	}
}

// archive is where the workspace keeps its assessments.
func (s *space) archive() evidence.Archive {
	return evidence.Archive{Dir: s.path(".waarborg/assessments")}
}
