package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json/v2"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"waarborg/internal/assess"
	"waarborg/internal/durable"
	"waarborg/internal/evidence"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/verify"
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
one person makes it with --as ID, another runs ` + "`waarborg report release`" + `. Each may do so on a machine of their own, away
from the key that signs reports: see ` + "`waarborg report approve`" + `.

With --from REPORT.pdf the data of a verified report are put into another form; this needs no workspace.

Exit status: 0 the report was made; 2 the command could not do its work.`,
		Example: `  waarborg report -o report.pdf
  waarborg report --customer havenstede --as privacy-officer -o draft.pdf
  waarborg report release draft.pdf --as security-officer -o havenstede.pdf
  waarborg report --from havenstede.pdf --format html -o havenstede.html`,
		RunE: func(c *cobra.Command, _ []string) error {
			o.format, o.notes = a.format, a.out
			return a.makeReport(c.Context(), o)
		}}
	f := cmd.Flags()
	f.StringVarP(&o.out, "output", "o", "", "file to write; without it a PDF gets a name with customer and date, and other forms go to standard output")
	f.StringVar(&o.customer, "customer", "", "report to one customer")
	f.StringVar(&o.results, "results", "", "results of an assessment that the workspace has kept; without it the last one")
	f.StringVar(&o.from, "from", "", "take the data from this report instead of the workspace")
	f.StringArrayVar(&o.trust, "trust", nil, "for --from and --since: file with public keys or certificates to trust, in PEM")
	f.StringVar(&o.since, "since", "", "earlier results, or an earlier report, to show what changed")
	f.StringVar(&o.as, "as", "", "id of the person who prepares a customer's report, and signs it")
	a.formatFlag(cmd, "pdf", "html", "md", "csv", "json")
	cmd.AddCommand(a.approveCommand(), a.releaseCommand())
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
	a.named = true // beside --trust the workspace counts, too: its own earlier reports are compared with
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
	whole, err := a.kept(s, p, o.results)
	if err != nil {
		return err
	}
	return a.publish(ctx, s, p, whole, o)
}

// kept finds the assessment to report on, and makes sure that it is whole. Results are never reported as they come: they
// must be those of an assessment that the workspace kept, or somebody could write green into a file and have it signed.
func (a *app) kept(s *space, p *assess.Policies, results string) (evidence.Assessment, error) {
	archive := s.archive()
	list, err := archive.List()
	if err != nil {
		return evidence.Assessment{}, err
	}
	var wanted []byte
	if results != "" {
		raw, err := os.ReadFile(results)
		if err != nil {
			return evidence.Assessment{}, failf(a.pick("make it with `waarborg check --format json`", "maak het met `waarborg check --format json`"), "%s: %s", reports.Plain(results), a.pick("cannot be read", "is niet te lezen"))
		}
		r, err := reports.ReadResults(raw)
		if err != nil {
			return evidence.Assessment{}, failf(a.pick("make it with `waarborg check --format json` of this version", "maak het met `waarborg check --format json` van deze versie"), "%s: %s", reports.Plain(results), a.pick("these are no results", "dit zijn geen resultaten"))
		}
		if wanted, err = reports.Canonical(r); err != nil {
			return evidence.Assessment{}, err
		}
	}
	for _, e := range slices.Backward(list) {
		if wanted != nil {
			have, err := archive.Results(e)
			if err != nil || !bytes.Equal(have, wanted) {
				continue
			}
		}
		// Without --results it is the newest or nothing: an older one may be better than how things stand.
		if err := a.usable(e, wanted == nil); err != nil {
			return evidence.Assessment{}, err
		}
		got, err := archive.Load(e)
		if err != nil {
			return got, failf(a.pick("run `waarborg check` again", "draai `waarborg check` opnieuw"), "%s: %s", e.Name, a.pick("the kept assessment is damaged", "de bewaarde beoordeling is beschadigd"))
		}
		return got, a.sound(s, p, got)
	}
	if wanted != nil {
		return evidence.Assessment{}, failf(a.pick("run `waarborg check` and report on that; only assessments that the workspace keeps can be proved", "draai `waarborg check` en rapporteer daarover; alleen beoordelingen die de werkmap bewaart, zijn te bewijzen"),
			"%s: %s", reports.Plain(results), a.pick("the workspace keeps no assessment with these results", "de werkmap bewaart geen beoordeling met deze resultaten"))
	}
	return evidence.Assessment{}, failf(a.pick("run `waarborg check` first", "draai eerst `waarborg check`"), "%s", a.pick("there is no assessment to report on", "er is geen beoordeling om over te rapporteren"))
}

// usable tells whether a kept assessment can be reported on.
func (a *app) usable(e evidence.Kept, newest bool) error {
	again := a.pick("run `waarborg check` again", "draai `waarborg check` opnieuw")
	switch {
	case e.At.After(a.now().Add(time.Hour)):
		return failf(a.pick("set the clock right; if the assessment was made with a wrong clock, remove its folder from .waarborg/assessments", "zet de klok goed; is de beoordeling met een verkeerde klok gemaakt, verwijder dan haar map uit .waarborg/assessments"),
			"%s: %s", e.Name, a.pick("the kept assessment lies in the future", "de bewaarde beoordeling ligt in de toekomst"))
	case !e.Evidence && !e.Dropped:
		return failf(again, "%s: %s", e.Name, a.pick("the evidence of the assessment is missing", "het bewijs van de beoordeling ontbreekt"))
	case !e.Evidence:
		return failf(again, "%s: %s", e.Name, a.pick("of that assessment only the results are kept; its evidence was dropped to save room", "van die beoordeling zijn alleen de resultaten bewaard; het bewijs is opgeruimd"))
	case newest && a.now().Sub(e.At) > maxEvidenceAge:
		return failf(again+a.pick("; --results FILE reports on an older one", "; --results BESTAND rapporteert over een oudere"), "%s: %s", e.Name, a.pick("the last assessment is older than 31 days", "de laatste beoordeling is ouder dan 31 dagen"))
	}
	return nil
}

// sound refuses a kept assessment that somebody changed, that is not sealed with a key of ours, or whose terms and waivers are
// not those of the workspace: none of that may be signed because it lay in a folder.
func (a *app) sound(s *space, p *assess.Policies, x evidence.Assessment) error {
	again := a.pick("run `waarborg check` again", "draai `waarborg check` opnieuw")
	if s.changed(x.Header.WorkspaceDigest) {
		return failf(a.pick("run `waarborg check` first", "draai eerst `waarborg check`"), "%s",
			a.pick("the agreement, register, data map or role matrix has changed since that assessment, so a report of it would mix two states", "de overeenkomst, het register, de gegevenskaart of de rollenmatrix is sinds die beoordeling gewijzigd, dus een rapport zou twee toestanden mengen"))
	}
	trust, err := sign.LoadTrust(s.keys())
	if err != nil {
		return err
	}
	err = x.Check(sealBy(trust, x.Header.CreatedAt))
	switch {
	case errors.Is(err, evidence.ErrUnsealed):
		return failf(a.pick("make keys with `waarborg keys init`, set the passphrase, and run `waarborg check` again", "maak sleutels met `waarborg keys init`, geef de wachtzin, en draai `waarborg check` opnieuw"),
			"%s", a.pick("what the assessment rests on was not sealed when it was collected, so nothing proves it", "waar de beoordeling op rust is bij het verzamelen niet verzegeld, dus niets bewijst het"))
	case err != nil:
		return failf(again, "%s", a.pick("the kept assessment was changed, or its snapshot is sealed with a key that this workspace does not know", "de bewaarde beoordeling is gewijzigd, of de momentopname is verzegeld met een sleutel die deze werkmap niet kent"))
	}
	in, err := s.inputs(p, x.At)
	if err != nil {
		return err
	}
	err = x.MadeOf(in)
	switch {
	case errors.Is(err, evidence.ErrOtherRules):
		return failf(again, "%s", a.pick("the assessment was made with other rules than this version has", "de beoordeling is gemaakt met andere regels dan deze versie heeft"))
	case err != nil:
		return failf(again, "%s", a.pick("the assessment has other terms, waivers or regions than the workspace", "de beoordeling heeft andere voorwaarden, acceptaties of regio's dan de werkmap"))
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
		if x.document.Trend, err = a.trend(s, x.results); err != nil {
			return err
		}
	}
	if o.since != "" {
		if x.document.Since, err = a.since(ctx, s, o.since, o.trust, x.results); err != nil {
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
		if files[verify.DocumentFile], err = reports.Canonical(x.document); err != nil {
			return err
		}
	}
	return a.write(ctx, s, x, files, o)
}

// files encodes what a report carries, and names the files in the document.
func (x *parts) files() (map[string][]byte, error) {
	var results []byte
	var failed error
	var beside sync.WaitGroup // the two largest take as long as drawing the pages
	beside.Go(func() { results, failed = reports.Canonical(x.results) })
	packed, err := x.assessment.EncodePacked()
	beside.Wait()
	if err := errors.Join(err, failed); err != nil {
		return nil, err
	}
	out := map[string][]byte{verify.ResultsFile: results, verify.EvidenceFile: packed}
	x.document.Files = verify.Hashes(out)
	if out[verify.DocumentFile], err = reports.Canonical(x.document); err != nil {
		return nil, err
	}
	return out, nil
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
	err := durable.Create(file, 0o600, func(w io.Writer) error { _, err := w.Write(content); return err })
	if errors.Is(err, fs.ErrExist) {
		return a.taken(file)
	}
	if err != nil {
		return fails(say.Of(err), say.Both("check the disk and who may write there", "controleer de schijf en wie daar mag schrijven"))
	}
	return nil
}

func (a *app) taken(file string) error {
	return failf(a.pick("choose another name: nothing that was signed is written over", "kies een andere naam: wat is ondertekend wordt nooit overschreven"), "%s %s", reports.Plain(file), a.pick("exists already", "bestaat al"))
}

// writePDF draws the pages, signs them, and writes the file and its bundle.
func (a *app) writePDF(ctx context.Context, s *space, x parts, files map[string][]byte, out string, notes io.Writer) error {
	state := ""
	switch {
	case x.document.Draft() && x.document.Release == nil:
		state = a.pick(", a draft that nobody has signed yet: two people sign it with `waarborg report approve`, or one makes it with --as ID", ", een concept dat nog niemand heeft ondertekend: twee personen ondertekenen het met `waarborg report approve`, of een maakt het met --as ID")
	case x.document.Draft():
		state = a.pick(", a draft: another person signs it with `waarborg report release` here, or `waarborg report approve` elsewhere", ", een concept: een ander ondertekent het hier met `waarborg report release`, of elders met `waarborg report approve`")
	}
	return a.signPDF(ctx, s, toSign{out: out, lang: x.document.Language, state: state, reason: a.pick("Report of an assessment", "Rapport van een beoordeling"),
		attachments: verify.Relationships(), draw: func(w io.Writer) error {
			return pdf.Render(w, x.document, x.results, verify.Attachments(files, x.document.Language))
		}}, notes)
}

// since compares with earlier results, or with those of an earlier report, which must be whole.
func (a *app) since(ctx context.Context, s *space, file string, trust []string, now assess.Results) (*reports.Comparison, error) {
	raw, err := readUpTo(file, verify.MaxFile)
	if err != nil {
		return nil, failf(a.pick("name earlier results or an earlier report", "noem eerdere resultaten of een eerder rapport"), "%s: %s", reports.Plain(file), a.pick("cannot be read", "is niet te lezen"))
	}
	var old assess.Results
	if bytes.HasPrefix(raw, []byte("%PDF")) {
		c, _, err := a.opened(ctx, file, raw, trust)
		if err != nil {
			return nil, err
		}
		if c.Document.Draft() {
			return nil, failf(a.pick("compare with what was released", "vergelijk met wat is vrijgegeven"), "%s: %s", reports.Plain(file), a.pick("this is a draft", "dit is een concept"))
		}
		old = c.Results
	} else if old, err = a.earlier(s, file, raw); err != nil {
		return nil, err
	}
	if !old.At.Before(now.At) {
		return nil, failf(a.pick("name an earlier one", "noem een eerdere"), "%s: %s", reports.Plain(file), a.pick("it is not older than the assessment that it is compared with", "het is niet ouder dan de beoordeling waarmee het wordt vergeleken"))
	}
	if old.Customer != now.Customer {
		return nil, failf(a.pick("compare with an earlier report for the same reader", "vergelijk met een eerder rapport voor dezelfde lezer"), "%s: %s", reports.Plain(file), a.pick("it is another customer's, or the whole", "het is van een andere klant, of van het geheel"))
	}
	changes, err := assess.Compare(old, now)
	if err != nil {
		return nil, shown(err)
	}
	return &reports.Comparison{At: old.At, Changes: changes}, nil
}

// earlier reads results to compare with. They must be those of an assessment that was kept, for what changed goes into a
// signed report; results of one customer are in no archive, so for these there is the earlier report.
func (a *app) earlier(s *space, file string, raw []byte) (assess.Results, error) {
	r, err := reports.ReadResults(raw)
	var text []byte
	if err == nil {
		text, err = reports.Canonical(r)
	}
	if err != nil {
		return r, failf(a.pick("name earlier results or an earlier report", "noem eerdere resultaten of een eerder rapport"), "%s: %s", reports.Plain(file), a.pick("these are no results", "dit zijn geen resultaten"))
	}
	archive := s.archive()
	list, err := archive.List()
	if err != nil {
		return r, err
	}
	for _, e := range list {
		if have, err := archive.Results(e); err == nil && bytes.Equal(have, text) {
			return r, nil
		}
	}
	return r, failf(a.pick("compare with an earlier report (PDF), which is signed", "vergelijk met een eerder rapport (PDF), dat is ondertekend"), "%s: %s", reports.Plain(file),
		a.pick("the workspace keeps no assessment with these results", "de werkmap bewaart geen beoordeling met deze resultaten"))
}

// trendPoints is how many assessments a trend shows at most.
const trendPoints = 24

// trend lists the last assessments that the workspace holds, up to the present one.
func (a *app) trend(s *space, now assess.Results) ([]reports.Point, error) {
	archive := s.archive()
	list, err := archive.List()
	if err != nil {
		return nil, err
	}
	var out []reports.Point
	missed := 0
	for _, e := range slices.Backward(list) {
		if len(out) == trendPoints-1 {
			break
		}
		raw, err := archive.Results(e)
		var r assess.Results
		if err == nil {
			r, err = brief(raw)
		}
		if err != nil {
			missed++
			continue
		}
		if r.At.Before(now.At) {
			out = append(out, point(r))
		}
	}
	if missed > 0 {
		a.note(a.pick("note: earlier assessments that cannot be read, and are not in the trend: %d\n", "let op: eerdere beoordelingen die niet te lezen zijn en in de trend ontbreken: %d\n"), missed)
	}
	out = append(out, point(now))
	slices.SortStableFunc(out, func(a, b reports.Point) int { return a.At.Compare(b.At) })
	return out[max(0, len(out)-trendPoints):], nil
}

// brief reads of kept results only what a trend shows: reading all of a year's would take longer than the report itself.
func brief(raw []byte) (assess.Results, error) {
	var r struct {
		Schema   string          `json:"schema"`
		At       time.Time       `json:"assessed_at"`
		Evidence assess.Evidence `json:"evidence"`
		Summary  assess.Summary  `json:"summary"`
	}
	if err := json.Unmarshal(raw, &r); err != nil || r.Schema != assess.ResultsSchema {
		return assess.Results{}, reports.ErrForm
	}
	return assess.Results{Schema: r.Schema, At: r.At, Evidence: r.Evidence, Summary: r.Summary}, nil
}

// point is an assessment in a trend: at the time of its evidence, for an old snapshot that is judged today says nothing of
// today.
func point(r assess.Results) reports.Point {
	return reports.Point{At: r.Evidence.CollectedAt, Status: r.Summary.Status, Count: r.Summary.Results}
}

// opened verifies a report that a command goes on with, and returns what it carries.
func (a *app) opened(ctx context.Context, file string, raw []byte, trust []string) (verify.Content, verify.Subject, error) {
	none := verify.Subject{}
	r, err := a.reader(verifyOptions{trust: trust, replay: true})
	if err != nil {
		return verify.Content{}, none, err
	}
	v, c := r.Report(ctx, filepath.Base(file), raw)
	if !bytes.HasPrefix(raw, []byte("%PDF")) || v.Kind != "report" {
		return c, none, failf(a.pick("give a report that `waarborg report` made", "geef een rapport dat `waarborg report` heeft gemaakt"), "%s: %s", reports.Plain(file), a.pick("this is no report", "dit is geen rapport"))
	}
	if v.State != verify.Valid && v.State != verify.Draft {
		a.showVerdict(v)
		return c, none, failf(a.pick("`waarborg verify` tells more", "`waarborg verify` zegt meer"), "%s: %s", reports.Plain(file), a.pick("this report cannot be relied on", "op dit rapport kan niet worden vertrouwd"))
	}
	return c, *v.Subject, nil
}

// reform puts the data of a verified report into another form.
func (a *app) reform(ctx context.Context, o reportOptions) error {
	if o.customer+o.results+o.since+o.as != "" {
		return failf(a.pick("leave out the other options", "laat de andere opties weg"), "%s", a.pick("--from takes everything from the report", "--from haalt alles uit het rapport"))
	}
	if o.format == "pdf" {
		return failf("--format html, md, csv, json", "%s", a.pick("the report is a PDF already", "het rapport is al een PDF"))
	}
	raw, err := readUpTo(o.from, verify.MaxFile)
	if err != nil {
		return failf("", "%s: %s", reports.Plain(o.from), a.pick("cannot be read", "is niet te lezen"))
	}
	c, _, err := a.opened(ctx, o.from, raw, o.trust)
	if err != nil {
		return err
	}
	return a.writeOther(parts{c.Document, c.Results, c.Assessment}, o.format, o.out)
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
