package main

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/say"
	"waarborg/policies"
	"waarborg/reports"
)

func (a *app) coverageCommand() *cobra.Command {
	var file string
	var duties bool
	cmd := &cobra.Command{Use: "coverage", Short: "Show for every clause what proves it, and how it stands", Args: cobra.NoArgs,
		Long: `Show for each clause of the agreement what proves it (rules, a workflow, an attestation, a document) and its present
state, by who bears the duty. What nothing proves yet is shown as such. States come from the last ` + "`waarborg check`" + `, or from
--results FILE; without either, what rules would prove is unknown.

With --duties the rows are the duties that the GDPR lays on a processor itself, each with the clauses that carry it. A duty
stands as the worst of these; one that no clause carries is unproved.

Exit status: 0 every clause (or duty) of ours is proved; 1 one is not met; 2 the command could not do its work; 3 one is unproved
or unknown.`,
		RunE: func(*cobra.Command, []string) error { return a.coverage(file, duties) }}
	cmd.Flags().StringVar(&file, "results", "", "`FILE` with results of waarborg check --format json to use")
	cmd.Flags().BoolVar(&duties, "duties", false, "show the duties of a processor under the GDPR instead of the clauses")
	a.formatFlag(cmd, "table", "json", "md")
	return cmd
}

func (a *app) coverage(file string, duties bool) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	in, results, err := a.coverageInput(s, file)
	if err != nil {
		return err
	}
	rows, err := dpa.Coverage(in)
	if err != nil {
		return err
	}
	head := reports.CoverageHead{Notice: reports.BookNotice(s.Book, a.lang)}
	if results != nil {
		head.At, head.Results = results.At.Format("2006-01-02 15:04 UTC"), results.Results
	}
	if a.format == "json" && head.Notice != "" {
		fmt.Fprintln(a.err, head.Notice)
	}
	if duties {
		return a.duties(rows, head)
	}
	ours := dpa.CoverageCount(rows, "")
	a.code = coverageCode(ours)
	switch a.format {
	case "json":
		return reports.JSON(a.out, struct {
			Schema  string                    `json:"schema"`
			Counts  map[dpa.CoverageState]int `json:"counts"`
			Clauses []dpa.CoverageRow         `json:"clauses"`
		}{"waarborg.coverage/v1", ours, rows})
	case "md":
		return reports.CoverageMarkdown(a.out, rows, head, a.lang)
	default:
		return reports.CoverageTable(a.out, rows, head, reports.TableOptions{Color: a.color, Width: a.width}, a.lang)
	}
}

// duties shows the duties of a processor under the GDPR by the clauses that carry them.
func (a *app) duties(rows []dpa.CoverageRow, head reports.CoverageHead) error {
	all, err := dpa.Duties()
	if err != nil {
		return err
	}
	duties := dpa.DutyCoverage(all, rows, a.lang)
	counts := dpa.DutyCount(duties)
	a.code = coverageCode(counts)
	switch a.format {
	case "json":
		return reports.JSON(a.out, struct {
			Schema string                    `json:"schema"`
			Counts map[dpa.CoverageState]int `json:"counts"`
			Duties []dpa.DutyRow             `json:"duties"`
		}{"waarborg.duties/v1", counts, duties})
	case "md":
		return reports.DutiesMarkdown(a.out, duties, head, a.lang)
	default:
		return reports.DutiesTable(a.out, duties, head, reports.TableOptions{Color: a.color, Width: a.width}, a.lang)
	}
}

// coverageCode is the exit status of states: what is not met counts most.
func coverageCode(counts map[dpa.CoverageState]int) int {
	switch {
	case counts[dpa.CoverageNotMet] > 0:
		return exitNotMet
	case counts[dpa.CoverageUnknown]+counts[dpa.CoverageUnproven]+counts[dpa.CoveragePartly] > 0:
		return exitUnknown
	}
	return exitMet
}

// coverageInput gathers what the clauses are held against. used are the results that the rules' states are of; nil for none.
func (a *app) coverageInput(s *space, file string) (in dpa.CoverageInput, used *assess.Results, err error) {
	in = dpa.CoverageInput{Book: s.Book, Language: a.lang}
	if in.Clauses, err = dpa.Clauses(); err != nil {
		return in, nil, err
	}
	if in.Attestations, err = a.attestations(s); err != nil {
		return in, nil, err
	}
	results, err := a.lastResults(s, file)
	if err != nil {
		return in, nil, err
	}
	p, err := assess.Load(policies.FS)
	if err != nil {
		return in, nil, err
	}
	if results != nil {
		why := a.stale(s, p, *results)
		if why == "" {
			in.Rules = results.Clauses
			return in, results, nil
		}
		fmt.Fprintf(a.err, "%s\n", why)
	}
	// Nobody looked yet, or not at what there is now: every rule is named, and none has an outcome.
	in.Rules = p.Build(nil, nil, assess.View{Language: a.lang, Now: a.now()}).Clauses
	return in, nil, nil
}

// maxEvidenceAge is how old evidence may be to still say how things stand.
const maxEvidenceAge = 31 * 24 * time.Hour

// stale says why results say nothing of how things stand now; empty if they do.
func (a *app) stale(s *space, p *assess.Policies, r assess.Results) string {
	again := a.pick("; run `waarborg check`", "; draai `waarborg check`")
	switch {
	case r.Evidence.Rules != p.Digest:
		return a.pick("the last check was made with other rules", "de laatste controle is met andere regels gedaan") + again
	case s.changed(r.Evidence.Workspace):
		return a.pick("the last check was made under another data map, role matrix, register or agreement", "de laatste controle is gedaan onder een andere gegevenskaart, rollenmatrix, register of overeenkomst") + again
	case a.now().Sub(r.Evidence.CollectedAt) > maxEvidenceAge, r.Evidence.CollectedAt.After(a.now().Add(time.Hour)):
		return fmt.Sprintf(a.pick("the evidence of the last check is of %s", "het bewijs van de laatste controle is van %s"), r.Evidence.CollectedAt.Format(time.DateOnly)) + again
	}
	return ""
}

// lastResults reads results; nil where no file was asked for and there was no check yet.
func (a *app) lastResults(s *space, file string) (*assess.Results, error) {
	name := file
	if name == "" {
		name = s.path(lastResults)
	}
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && file == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fails(say.Both("%s cannot be read", "%s is niet te lezen", name),
			say.Both("make it with `waarborg check --format json`", "maak het met `waarborg check --format json`"))
	}
	var r assess.Results
	if err := json.Unmarshal(raw, &r); err != nil || r.Schema != assess.ResultsSchema || len(r.Clauses) == 0 || r.At.IsZero() {
		return nil, fails(say.Both("%s is not results of the form %s",
			"%s bevat geen resultaten van de vorm %s", name, assess.ResultsSchema),
			say.Both("make it with `waarborg check --format json` of this version",
				"maak het met `waarborg check --format json` van deze versie"))
	}
	if r.Customer != "" {
		return nil, fails(say.Both("%s has one customer's view", "%s toont alleen wat één klant ziet", name),
			say.Both("use the results of the whole, without --customer",
				"gebruik de resultaten van het geheel, zonder --customer"))
	}
	return &r, nil
}
