package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/reports"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{Use: "status", Short: "Show in short how things stand, and what ends soon", Args: cobra.NoArgs,
		Long: `Show the last check, what of the agreement is proved, and which attestations and waivers, and whether the
certificate of the evidence key, end within 60 and 30 days.

Exit status: 0 all is met and nothing ends soon; 1 something is not met; 2 the command could not do its work; 3 something is
unknown, has ended, or ends within 60 days.`,
		RunE: func(*cobra.Command, []string) error { return a.status() }}
}

func (a *app) status() error {
	s, err := a.load()
	if err != nil {
		return err
	}
	in, _, err := a.coverageInput(s, "")
	if err != nil {
		return err
	}
	rows, err := dpa.Coverage(in)
	if err != nil {
		return err
	}
	r, err := a.lastResults(s, "")
	if err != nil {
		return err
	}
	a.code = exitUnknown
	if r == nil {
		fmt.Fprintln(a.out, a.pick("no check yet: run `waarborg check`", "nog niet gecontroleerd: draai `waarborg check`"))
	} else {
		c := r.Summary.Results
		fmt.Fprintf(a.out, a.pick("last check %s: %d not met, %d unknown, %d waived, %d met\n", "laatste controle %s: %d niet voldaan, %d onbekend, %d geaccepteerd, %d voldaan\n"),
			r.At.Format("2006-01-02 15:04 UTC"), c.Fail, c.Unknown, c.Waived, c.Pass)
		a.code = exitOf(r.Summary.Status)
	}
	count := dpa.CoverageCount(rows, "")
	if a.code == exitMet && count[dpa.CoverageUnknown]+count[dpa.CoverageUnproven]+count[dpa.CoveragePartly] > 0 {
		a.code = exitUnknown
	}
	if notice := reports.BookNotice(s.Book, a.lang); notice != "" {
		fmt.Fprintln(a.out, notice)
	}
	var states []string
	for _, st := range dpa.CoverageStates() {
		if count[st] > 0 {
			states = append(states, fmt.Sprintf("%d %s", count[st], st.Text().In(a.lang)))
		}
	}
	fmt.Fprintf(a.out, a.pick("%d clauses: %s\n", "%d bepalingen: %s\n"), len(rows), strings.Join(states, "; "))
	ending := a.endingAttestations(in.Attestations)
	ending = a.endingWaivers(s.waivers(a.now())) || ending
	ending = a.endingCertificate(s) || ending
	if ending && a.code == exitMet {
		a.code = exitUnknown
	}
	return nil
}

// endingAttestations warns 60 and 30 days ahead, and of what proves nothing any more.
func (a *app) endingAttestations(list []dpa.JudgedAttestation) (any bool) {
	for _, at := range list {
		st := at.Status
		if st.State == dpa.AttestationValid {
			continue
		}
		any = true
		text := st.State.Text().In(a.lang)
		if st.State == dpa.AttestationExpiresSoon {
			text = fmt.Sprintf(a.pick("ends in %d days (within %d)", "eindigt over %d dagen (binnen %d)"), st.DaysLeft, st.Notice)
		}
		fmt.Fprintf(a.out, "! %s %s: %s\n", a.pick("attestation", "verklaring"), at.ID, text)
	}
	return any
}

func (a *app) endingWaivers(list []assess.Waiver) (any bool) {
	for _, w := range list {
		left := int(w.Expires.Sub(a.now()).Hours() / 24)
		text := ""
		switch {
		case !a.now().Before(w.Expires):
			text = a.pick("expired", "verlopen")
		case !w.Approved:
			text = w.Why.In(a.lang)
		case left <= dpa.LastNotice:
			text = fmt.Sprintf(a.pick("ends in %d days (within %d)", "eindigt over %d dagen (binnen %d)"), left, dpa.LastNotice)
		case left <= dpa.FirstNotice:
			text = fmt.Sprintf(a.pick("ends in %d days (within %d)", "eindigt over %d dagen (binnen %d)"), left, dpa.FirstNotice)
		default:
			continue
		}
		any = true
		fmt.Fprintf(a.out, "! %s %s: %s\n", a.pick("waiver", "acceptatie"), w.ID, text)
	}
	return any
}
