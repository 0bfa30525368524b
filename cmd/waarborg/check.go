package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"io"
	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/durable"
	"waarborg/internal/inventory"
	"waarborg/internal/sign"
	"waarborg/policies"
	"waarborg/reports"
)

type checkOptions struct {
	snapshot, customer, save string
	all                      bool
}

func (a *app) checkCommand() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{Use: "check", Short: "Judge live systems, or a snapshot, by the agreement", Args: cobra.NoArgs,
		Long: `Collect (or take a snapshot), judge every resource by the rules and the terms in force, and show the results.

With --customer the view has that customer's own results alone: nothing of any other customer.` + "\n" + exitHelp,
		RunE: func(c *cobra.Command, _ []string) error { return a.check(c.Context(), o) }}
	cmd.Flags().StringVar(&o.snapshot, "snapshot", "", "judge this snapshot instead of collecting")
	cmd.Flags().StringVar(&o.save, "save", "", "also write the sealed snapshot that was collected to this file")
	cmd.Flags().StringVar(&o.customer, "customer", "", "show one customer's results")
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
	snap, evidence, err := a.evidence(ctx, s, o)
	if err != nil {
		return err
	}
	results, err := a.assess(ctx, s, snap, o.customer)
	if err != nil {
		return err
	}
	evidence.Rules = results.Evidence.Rules
	results.Evidence = evidence
	untrusted := o.snapshot != "" && a.code == exitUnknown // shown, but not kept: `coverage` and `status` would trust it
	if o.customer == "" && !untrusted {
		a.remember(s, results)
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

// evidence collects, or reads and verifies a snapshot.
func (a *app) evidence(ctx context.Context, s *space, o checkOptions) (inventory.Snapshot, assess.Evidence, error) {
	if o.snapshot != "" {
		return a.readSnapshot(s, o.snapshot)
	}
	names, matcher, err := a.pseudonyms(s, o.save != "")
	if err != nil {
		return inventory.Snapshot{}, assess.Evidence{}, err
	}
	snap, err := a.gather(ctx, s, names, matcher)
	if err == nil && o.save != "" {
		notes := a.err // standard output is the results' alone
		if a.oneCustomer {
			notes = io.Discard // it counts everybody's resources
		}
		err = a.writeSnapshot(s, snap, o.save, notes)
	}
	return snap, assess.Evidence{CollectedAt: snap.CreatedAt, Workspace: snap.WorkspaceDigest}, err
}

// readSnapshot accepts a seal by the workspace's own evidence key. One that is intact but by an unknown key is assessed,
// and never more than exit status 3: a forger can seal too.
func (a *app) readSnapshot(s *space, file string) (inventory.Snapshot, assess.Evidence, error) {
	var trusted []sign.Public
	if p, err := sign.LoadPublic(s.path(s.Config.Keys.Dir), sign.Evidence); err == nil {
		trusted = append(trusted, p)
	}
	unknown := false
	snap, sealed, err := inventory.ReadSnapshotFile(file, inventory.Limits{}, func(message []byte, seal inventory.Seal) error {
		_, err := sign.Verify(trusted, sign.ContextSnapshot, message, sign.Signature(seal))
		if errors.Is(err, sign.ErrUnknownSigner) {
			unknown = true
			return nil
		}
		return err
	})
	if err != nil {
		return snap, assess.Evidence{}, err
	}
	e := assess.Evidence{CollectedAt: snap.CreatedAt, Root: sealed.Header.Root, SealedBy: sealed.Seal.KeyID, Workspace: snap.WorkspaceDigest}
	if s.changed(snap.WorkspaceDigest) {
		a.note("waarborg: %s: %s\n", file, a.pick("the snapshot was collected under another data map, role matrix, register or agreement than the present one",
			"de momentopname is gemaakt onder een andere gegevenskaart, rollenmatrix, register of overeenkomst dan de huidige"))
		a.note("hint: %s\n", a.pick("collect anew; what changed since is not in these results", "verzamel opnieuw; wat sindsdien is gewijzigd, zit niet in deze resultaten"))
		a.code = exitUnknown
	}
	if unknown {
		e.SealedBy += " (unknown)"
		fmt.Fprintf(a.err, "waarborg: %s: %s\n", file, a.pick("the seal is intact, but by a key that this workspace does not know", "het zegel is gaaf, maar van een sleutel die deze werkmap niet kent"))
		fmt.Fprintf(a.err, "hint: %s\n", a.pick("`waarborg keys show` lists the known keys; results of this snapshot cannot be trusted", "`waarborg keys show` noemt de bekende sleutels; op deze resultaten kunt u niet vertrouwen"))
		a.code = exitUnknown
	}
	return snap, e, nil
}

// assess judges a snapshot by the rules and the terms in force now.
func (a *app) assess(ctx context.Context, s *space, snap inventory.Snapshot, customer string) (assess.Results, error) {
	p, err := assess.Load(policies.FS)
	if err != nil {
		return assess.Results{}, err
	}
	now := a.now()
	customers, err := s.customers(now)
	if err != nil {
		return assess.Results{}, err
	}
	theirs, err := dpa.CustomerDuties()
	if err != nil {
		return assess.Results{}, err
	}
	judged, _, err := p.Assess(ctx, assess.Input{Resources: snap.Resources, Customers: customers, Now: now, TeamRegions: s.Config.RegionTable()})
	if err != nil {
		return assess.Results{}, err
	}
	out := p.Build(snap.Resources, judged, assess.View{Customer: customer, Language: a.lang, Waivers: s.waivers(a.lang, now), Now: now,
		Theirs: func(clause string) bool { return theirs[clause] }})
	out.Version = versionString()
	for _, o := range snap.Sources {
		if st, ok := sourceState(o, out); ok {
			out.Sources = append(out.Sources, st)
		}
		if o.Status == "failed" {
			out.Summary.Status = assess.Worse(out.Summary.Status, assess.Unknown)
		}
	}
	return out, nil
}

// sourceState is a source as a view shows it. In a customer's view one that told nothing of that customer can be another
// customer's own: it keeps its name to itself, and is there only if it failed, so that nothing goes missing silently.
func sourceState(o inventory.SourceOutcome, r assess.Results) (st assess.SourceState, shown bool) {
	if r.Customer == "" {
		return assess.SourceState{ID: o.Source, Status: o.Status, Message: o.Message, Hint: o.Hint}, true
	}
	// Messages and hints may speak of other customers' tables.
	if slices.ContainsFunc(r.Results, func(x assess.Result) bool { return strings.HasPrefix(x.Resource, o.Source+"/") }) {
		return assess.SourceState{ID: o.Source, Status: o.Status}, true
	}
	return assess.SourceState{ID: "(other)", Status: o.Status}, o.Status == "failed"
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

// remember keeps the results; a workspace that cannot be written to is still checked.
func (a *app) remember(s *space, r assess.Results) {
	file := s.path(lastResults)
	err := os.MkdirAll(s.path(".waarborg"), 0o700)
	if err == nil {
		err = durable.Replace(file, 0o600, func(w io.Writer) error { return reports.JSON(w, r) })
	}
	if err != nil {
		fmt.Fprintf(a.err, "%s\n", a.pick("note: the results could not be kept in .waarborg, so `coverage` and `status` do not know of them", "let op: de resultaten konden niet in .waarborg worden bewaard, dus `coverage` en `status` kennen ze niet"))
	}
}

// waivers turns the register into what the assessment uses: approved only by two enrolled people who signed it.
func (s *space) waivers(lang string, now time.Time) []assess.Waiver {
	var out []assess.Waiver
	for _, w := range s.Workspace.Waivers {
		approved, why := dpa.ApprovedBy(waiverDigest(w), approvals(w), s.people(), sign.PersonVerifier{}, w.Owner)
		x := assess.Waiver{ID: w.ID, Rule: w.Rule, Covers: w.Resource.Match, Owner: w.Owner, Reason: w.Reason,
			Expires: w.Expires.Time().Add(24 * time.Hour), Approved: approved}
		if !approved {
			x.Why = why.Text().In(lang)
		}
		if w.Created.Time().After(now) {
			x.Approved, x.Why = false, dpa.Text{EN: "it starts on " + string(w.Created), NL: "zij begint op " + string(w.Created)}.In(lang)
		}
		out = append(out, x)
	}
	return slices.Clip(out)
}
