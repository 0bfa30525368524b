package dpa

import "strings"

// workflows tells which workflow drives each clause of that kind. They are named here before they exist, so that a
// clause's proof is visible as missing rather than left out.
func workflows() (map[string]string, error) {
	var file struct {
		Workflows map[string][]string `yaml:"workflows"`
	}
	if err := readData("data/workflows.yaml", &file); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, clauses := range file.Workflows {
		for _, c := range clauses {
			out[c] = name
		}
	}
	return out, nil
}

// documents tells which clauses the workspace itself documents: those that only ask that something is written down. What
// is written must still be complete: a sub-processor without the date of its contract does not prove VWO-7.2.
func (b Book) documents() map[string]Proof {
	out := map[string]Proof{}
	add := func(clause, file string, ok bool) {
		p := Proof{Type: "document", ID: file, State: CoverageUnproven}
		if ok {
			p.State = CoverageMet
		}
		out[clause] = p
	}
	complete := len(b.SubProcessors) > 0
	for _, s := range b.SubProcessors {
		complete = complete && s.Agreement != ""
	}
	add("VWO-7.2", "subprocessors.yaml", complete)
	add("VWO-7.3", "subprocessors.yaml", len(b.SubProcessors) > 0)
	add("BC-0", "subprocessors.yaml", len(b.SubProcessors) > 0)
	contracts := len(b.Customers) > 0
	for _, c := range b.Customers {
		contracts = contracts && c.Contract.Document != ""
	}
	for _, clause := range []string{"VWO-0.1", "VWO-1.1", "AV-19.6", "BA-4.0", "BA-5.0"} {
		add(clause, "agreements/customers", contracts)
	}
	for _, a := range b.Agreements {
		file := "agreements/" + a.ID + ".yaml"
		for _, app := range a.Applications {
			add("BA-1."+app.ID, file, app.EN != "" && app.NL != "")
			add(strings.TrimSuffix(app.Source.Clause, ".basic")+".subjects", file, len(app.Subjects) > 0)
		}
		for _, p := range a.Purposes {
			if strings.HasPrefix(p.Source.Clause, "BA-4.") {
				add(p.Source.Clause, file, true)
			}
		}
		annexB := 0
		for _, t := range a.Terms {
			if strings.HasPrefix(t.Source.Clause, "BB-") {
				annexB++
			}
		}
		add("VWO-2.2", file, annexB > 0)
	}
	return out
}
