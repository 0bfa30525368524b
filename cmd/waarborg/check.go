package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"io"
	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/durable"
	"waarborg/internal/evidence"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/policies"
	"waarborg/reports"
)

type checkOptions struct {
	snapshot, customer, save string
	report, as, prove        string
	all                      bool
}

func (a *app) checkCommand() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{Use: "check", Short: "Judge live systems, or a snapshot, by the agreement", Args: cobra.NoArgs,
		Long: `Collect (or take a snapshot), judge every resource by the rules and the terms in force, and show the results.

With --customer the view has that customer's own results alone: nothing of any other customer. With --report the results are
also written as a signed PDF with the evidence inside; see ` + "`waarborg report`" + `.` + "\n" + exitHelp,
		RunE: func(c *cobra.Command, _ []string) error { return a.check(c.Context(), o) }}
	cmd.Flags().StringVar(&o.snapshot, "snapshot", "", "judge this snapshot instead of collecting")
	cmd.Flags().StringVar(&o.save, "save", "", "also write the sealed snapshot that was collected to this file")
	cmd.Flags().StringVar(&o.customer, "customer", "", "show one customer's results")
	cmd.Flags().StringVar(&o.report, "report", "", "also write a signed report to this PDF")
	cmd.Flags().StringVar(&o.as, "as", "", "with --report and --customer: id of the person who prepares the report, and signs it")
	cmd.Flags().StringVar(&o.prove, "prove", "", "show only what became of what a gate left to prove: FILE is its results in JSON")
	cmd.Flags().BoolVar(&o.all, "all", false, "show what is met too, and every resource")
	a.formatFlag(cmd, "table", "json", "md")
	return cmd
}

func (a *app) check(ctx context.Context, o checkOptions) error {
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
	if o.prove != "" && (o.customer != "" || o.report != "") {
		return fails(say.Both("--prove is about the processor's own deploy", "--prove gaat over de eigen uitrol van de verwerker"),
			say.Both("leave out --customer and --report", "laat --customer en --report weg"))
	}
	if o.as != "" && (o.report == "" || o.customer == "") {
		return failf(a.pick("add --report FILE and --customer ID, or leave out --as", "voeg --report BESTAND en --customer ID toe, of laat --as weg"), "%s", a.pick("--as signs a customer's report, and none is asked for", "--as ondertekent een rapport voor een klant, en daar is niet om gevraagd"))
	}
	if o.report != "" {
		if err := a.free(o.report); err != nil { // before the systems are read
			return err
		}
	}
	snap, seal, err := a.evidence(ctx, s, o)
	if err != nil {
		return err
	}
	p, err := assess.Load(policies.FS)
	if err != nil {
		return err
	}
	made, err := a.assessment(s, p, snap, seal)
	if err != nil {
		return err
	}
	results, err := made.View(ctx, p, o.customer, a.lang)
	if err != nil {
		return err
	}
	if seal.unknown {
		results.Evidence.SealedBy += " (unknown)"
	}
	untrusted := o.snapshot != "" && a.code == exitUnknown // shown, but not kept: `coverage` and `status` would trust it
	if o.customer == "" && !untrusted {
		a.remember(s, made, results)
	}
	if o.report != "" {
		if untrusted {
			return failf(a.pick("collect anew", "verzamel opnieuw"), "%s", a.pick("no report is made of a snapshot that cannot be trusted, or is of another state of the workspace", "over een momentopname die niet te vertrouwen is, of van een andere toestand van de werkmap, wordt geen rapport gemaakt"))
		}
		if err := a.publish(ctx, s, p, made, reportOptions{out: o.report, customer: o.customer, as: o.as, format: "pdf", notes: a.err}); err != nil {
			return err
		}
	}
	if o.prove != "" {
		return a.prove(o.prove, p, snap, results)
	}
	if err := a.show(s, results, o); err != nil {
		return err
	}
	a.code = max(a.code, exitOf(results.Summary.Status))
	if results.Summary.Status == assess.Fail {
		a.code = exitNotMet
	}
	if untrusted {
		a.code = exitUnknown // a forger can make a snapshot fail as well as pass
	}
	return nil
}

// exitOf maps an overall status to the exit status that all commands share.
func exitOf(s assess.Status) int {
	switch s {
	case assess.Fail:
		return exitNotMet
	case assess.Pass, assess.Waived:
		return exitMet
	default:
		return exitUnknown
	}
}

// seal is the seal that a snapshot was read with; of one that was just collected there is none.
type seal struct {
	*inventory.Sealed
	unknown bool // intact, but by a key that the workspace does not know
}

// evidence collects, or reads and verifies a snapshot.
func (a *app) evidence(ctx context.Context, s *space, o checkOptions) (inventory.Snapshot, seal, error) {
	if o.snapshot != "" {
		return a.readSnapshot(s, o.snapshot)
	}
	names, matcher, err := a.pseudonyms(s, o.save+o.report != "")
	if err != nil {
		return inventory.Snapshot{}, seal{}, err
	}
	snap, err := a.gather(ctx, s, names, matcher)
	if err != nil {
		return snap, seal{}, err
	}
	if o.save+o.report == "" {
		return snap, a.sealIfPossible(ctx, s, snap), nil
	}
	notes := a.err // standard output is the results' alone
	if a.oneCustomer {
		notes = io.Discard // it counts everybody's resources
	}
	sealed, err := a.sealSnapshot(ctx, s, snap, o.save, notes)
	return snap, seal{Sealed: &sealed}, err
}

// sealIfPossible seals what was collected where the key is at hand, so that a report can be made of it later. A check works
// without any key, too.
func (a *app) sealIfPossible(ctx context.Context, s *space, snap inventory.Snapshot) seal {
	if _, err := sign.LoadPublic(s.keys(), sign.Evidence); err != nil {
		return seal{}
	}
	sealed, err := a.sealSnapshot(ctx, s, snap, "", io.Discard)
	if err != nil {
		a.note("%s\n", a.pick("note: the evidence key could not be used, so what was collected is not sealed and no report can be made of it", "let op: de bewijssleutel kon niet worden gebruikt, dus wat is verzameld is niet verzegeld en er kan geen rapport van worden gemaakt"))
		return seal{}
	}
	return seal{Sealed: &sealed}
}

// readSnapshot accepts a seal by the workspace's own evidence key, or by one that was retired later. One that is intact but
// by an unknown key is assessed, and never more than exit status 3: a forger can seal too.
func (a *app) readSnapshot(s *space, file string) (inventory.Snapshot, seal, error) {
	return a.verifySnapshot(s, file, func(verify func([]byte, inventory.Seal) error) (inventory.Snapshot, inventory.Sealed, error) {
		return inventory.ReadSnapshotFile(file, inventory.Limits{}, verify)
	})
}

// verifySnapshot is readSnapshot for whatever reads it; file is its name.
func (a *app) verifySnapshot(s *space, file string,
	read func(verify func([]byte, inventory.Seal) error) (inventory.Snapshot, inventory.Sealed, error)) (inventory.Snapshot, seal, error) {
	trust, err := sign.LoadTrust(s.keys())
	if err != nil {
		return inventory.Snapshot{}, seal{}, err
	}
	snap, sealed, err := read(func(message []byte, seal inventory.Seal) error {
		_, err := sign.Verify(trust.Keys(), sign.ContextSnapshot, message, sign.Signature(seal))
		if errors.Is(err, sign.ErrUnknownSigner) {
			return nil // told below
		}
		return err
	})
	if err != nil {
		return snap, seal{}, err
	}
	if s.changed(snap.WorkspaceDigest) {
		a.note("waarborg: %s: %s\n", file, a.pick("the snapshot was collected under another data map, role matrix, register or agreement than the present one",
			"de momentopname is gemaakt onder een andere gegevenskaart, rollenmatrix, register of overeenkomst dan de huidige"))
		a.note("hint: %s\n", a.pick("collect anew; what changed since is not in these results", "verzamel opnieuw; wat sindsdien is gewijzigd, zit niet in deze resultaten"))
		a.code = exitUnknown
	}
	if snap.CreatedAt.After(a.now().Add(time.Hour)) {
		a.note("waarborg: %s: %s\n", file, a.pick("the snapshot says that it was collected in the future: a clock is wrong", "de momentopname zegt dat zij in de toekomst is verzameld: een klok loopt verkeerd"))
		a.code = exitUnknown
	}
	why := sealCounts(trust, sign.Signature(sealed.Seal), snap.CreatedAt)
	unknown := why != nil
	if unknown {
		fmt.Fprintf(a.err, "waarborg: %s: %s\n", file, a.untrustedSeal(why))
		fmt.Fprintf(a.err, "hint: %s\n", a.pick("`waarborg keys show` lists the known keys; results of this snapshot cannot be trusted", "`waarborg keys show` noemt de bekende sleutels; op deze resultaten kunt u niet vertrouwen"))
		a.code = exitUnknown
	}
	return snap, seal{&sealed, unknown}, nil
}

// assessment brings a snapshot together with the terms and waivers in force now.
func (a *app) assessment(s *space, p *assess.Policies, snap inventory.Snapshot, from seal) (evidence.Assessment, error) {
	in, err := s.inputs(p, a.now())
	if err != nil {
		return evidence.Assessment{}, err
	}
	return evidence.New(snap, from.Sealed, in)
}

// inputs are what an assessment of a moment takes from the workspace as it is now.
func (s *space) inputs(p *assess.Policies, at time.Time) (evidence.Inputs, error) {
	customers, err := s.customers(at)
	if err != nil {
		return evidence.Inputs{}, err
	}
	theirs, err := dpa.CustomerDuties()
	if err != nil {
		return evidence.Inputs{}, err
	}
	return evidence.Inputs{Policies: p, Version: versionString(), Now: at, Customers: customers, Regions: s.Config.RegionTable(),
		Waivers: s.waivers(at), Duties: slices.Collect(maps.Keys(theirs))}, nil
}

func (a *app) show(s *space, r assess.Results, o checkOptions) error {
	title := s.Config.Processor.Name
	if o.customer != "" {
		c, _ := s.Book.Customer(o.customer)
		title += " · " + c.Name
	}
	switch a.format {
	case "json":
		return reports.JSON(a.out, r)
	case "md":
		return reports.Markdown(a.out, title, r)
	default:
		return reports.Table(a.out, title, r, reports.TableOptions{Color: a.color, Width: min(cmp.Or(a.width, 100), 120), All: o.all})
	}
}

// lastResults is where the newest whole assessment is kept, for coverage and status.
const lastResults = ".waarborg/last-results.json"

// remember keeps the assessment and its results; a workspace that cannot be written to is still checked.
func (a *app) remember(s *space, made evidence.Assessment, r assess.Results) {
	text, err := reports.Canonical(r) // once for both: of a large assessment it takes seconds
	if err == nil {
		err = os.MkdirAll(s.path(".waarborg"), 0o700)
	}
	if err == nil {
		err = durable.Replace(s.path(lastResults), 0o600, func(w io.Writer) error { _, err := w.Write(text); return err })
	}
	if err == nil {
		err = s.archive().Keep(made, text)
	}
	if err != nil {
		fmt.Fprintf(a.err, "%s\n", a.pick("note: the results could not be kept in .waarborg, so `coverage`, `status` and `report` do not know of them", "let op: de resultaten konden niet in .waarborg worden bewaard, dus `coverage`, `status` en `report` kennen ze niet"))
	}
}

// waivers turns the register into what the assessment uses: approved only by two enrolled people who signed it.
func (s *space) waivers(now time.Time) []assess.Waiver {
	var out []assess.Waiver
	for _, w := range s.Workspace.Waivers {
		approved, why := dpa.ApprovedBy(waiverDigest(w), approvals(w), s.people(), sign.PersonVerifier{}, w.Owner)
		x := assess.Waiver{ID: w.ID, Rule: w.Rule, Covers: w.Resource.Match, Owner: w.Owner, Reason: w.Reason,
			Expires: w.Expires.Time().Add(24 * time.Hour), Approved: approved}
		if !approved {
			x.Why = assess.Text(why.Text())
			// Approvals carry no time, so a former key cannot count; that nothing else is wrong is worth saying.
			if before, _ := dpa.ApprovedBy(waiverDigest(w), approvals(w), s.peopleAt(time.Time{}), sign.PersonVerifier{}, w.Owner); before {
				x.Why = assess.Text{EN: "it is signed with a key that was replaced since; sign it again with `waarborg waiver approve`",
					NL: "zij is ondertekend met een sleutel die sindsdien is vervangen; onderteken opnieuw met `waarborg waiver approve`"}
			}
		}
		for _, c := range w.CustomerConsent {
			if !c.Date.Time().After(now) {
				x.Consent = append(x.Consent, assess.Consent{Customer: c.Customer, Document: c.Document, Date: string(c.Date)})
			}
		}
		if w.Created.Time().After(now) {
			x.Approved, x.Why = false, assess.Text{EN: "it starts on " + string(w.Created), NL: "zij begint op " + string(w.Created)}
		}
		out = append(out, x)
	}
	return slices.Clip(out)
}
