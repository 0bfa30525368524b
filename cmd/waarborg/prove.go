package main

import (
	"fmt"
	"os"
	"slices"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/reports"
)

// proofSchema names the form of what `check --prove` gives in JSON.
const proofSchema = "waarborg.proof/v1"

// proof is what became of what a gate left to prove.
type proof struct {
	Schema string       `json:"schema"`
	Gate   string       `json:"gate"` // name of the file
	Proved int          `json:"proved"`
	Failed int          `json:"not_met"`
	Open   int          `json:"open"`
	Items  []gate.Proof `json:"items"`
}

// prove holds an assessment against what a gate left open, and shows that alone.
func (a *app) prove(file string, p *assess.Policies, snap inventory.Snapshot, results assess.Results) error {
	f, err := os.Open(file)
	if err != nil {
		return fails(say.Both("cannot read %s", "kan %s niet lezen", file), say.Both("give the JSON of `waarborg gate … -o json=FILE`", "geef de JSON van `waarborg gate … -o json=BESTAND`"))
	}
	defer f.Close()
	earlier, err := gate.ReadEarlier(file, f)
	if err != nil {
		return err
	}
	if !snap.CreatedAt.After(earlier.At) {
		a.note("waarborg: %s\n", a.pick("the live systems were read before the gate judged, so they prove nothing of the deploy", "de systemen zijn gelezen vóór de beoordeling van de uitrol, dus bewijzen zij daar niets van"))
		a.note("hint: %s\n", a.pick("collect again after the deploy", "verzamel opnieuw na de uitrol"))
		a.code = exitUnknown
	}
	seen := map[string]bool{}
	for _, r := range snap.Resources {
		seen[r.ID] = true
	}
	out := proof{Schema: proofSchema, Gate: file, Items: gate.Prove(earlier.Open, results.Results, func(id string) bool { return seen[id] },
		func(rule string) bool {
			return slices.ContainsFunc(p.Rules, func(r *assess.Rule) bool { return r.ID == rule })
		})}
	for _, p := range out.Items {
		switch p.Status {
		case assess.Pass, assess.Waived:
			out.Proved++
		case assess.Fail:
			out.Failed++
		default:
			out.Open++
		}
	}
	if a.code == exitMet { // else the snapshot or its time cannot be trusted, and that comes first
		switch {
		case out.Failed > 0:
			a.code = exitNotMet
		case out.Open > 0:
			a.code = exitUnknown
		}
	}
	if a.format == "json" {
		return reports.JSON(a.out, out)
	}
	a.showProof(out)
	return nil
}

func (a *app) showProof(out proof) {
	words := map[assess.Status]string{assess.Pass: a.pick("proved", "bewezen"), assess.Waived: a.pick("accepted", "geaccepteerd"),
		assess.Fail: a.pick("not met", "niet nagekomen"), assess.Unknown: a.pick("still open", "nog open")}
	items := slices.Clone(out.Items)
	slices.SortStableFunc(items, func(x, y gate.Proof) int { return x.Status.Rank() - y.Status.Rank() })
	for _, p := range items {
		fmt.Fprintf(a.out, "%-14s %s  %s\n", words[p.Status], p.Rule, reports.Plain(p.Address))
		switch {
		case p.Message != "":
			fmt.Fprintf(a.out, "               %s\n", reports.Plain(p.Message))
		case p.Status == assess.Unknown && p.Seen:
			fmt.Fprintf(a.out, "               %s\n", a.pick("this check has no such rule", "deze controle heeft die regel niet"))
		case !p.Seen:
			fmt.Fprintf(a.out, "               %s\n", say.Both("no source reports %s: collect the state after apply", "geen bron meldt %s: verzamel de state na apply", reports.Plain(p.Resource)).In(a.lang))
		}
	}
	fmt.Fprintf(a.out, "%s\n", a.pick(fmt.Sprintf("%d proved, %d not met, %d still open", out.Proved, out.Failed, out.Open),
		fmt.Sprintf("%d bewezen, %d niet nagekomen, %d nog open", out.Proved, out.Failed, out.Open)))
}
