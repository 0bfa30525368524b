package dpa

import (
	"embed"
	"strings"

	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

//go:embed data/clauses.yaml data/gdpr-duties.yaml data/terms.yaml data/workflows.yaml
var data embed.FS

// The kinds of a clause or duty: what sort of proof it takes.
const (
	PolicyCheck            = "policy_check"            // provable from live configuration
	Workflow               = "workflow"                // a case with steps and perhaps a deadline
	Document               = "document"                // a record that must exist and be current
	OrganisationalEvidence = "organisational_evidence" // a certificate, a training, an inspection
)

// Clause is one clause of the agreement, in our own words.
type Clause struct {
	ID          string    `yaml:"id" validate:"required"` // stable: VWO-7.1, BB-LOG-4
	Part        string    `yaml:"part" validate:"required,oneof=verwerkersovereenkomst bijlage_a bijlage_b bijlage_c algemene_voorwaarden"`
	EN          string    `yaml:"en" validate:"required"`
	NL          string    `yaml:"nl" validate:"required"`
	DutyHolder  string    `yaml:"duty_holder" validate:"required,oneof=processor controller both"`
	Kind        string    `yaml:"kind" validate:"required,oneof=policy_check workflow document organisational_evidence"`
	Evidence    []string  `yaml:"evidence" validate:"required"` // what would prove it
	GDPR        []string  `yaml:"gdpr" validate:"required"`     // articles, such as 28(3)(a)
	Deadline    *Deadline `yaml:"deadline"`
	Gap         string    `yaml:"gap"`    // what it leaves open, or is at odds with; empty for nothing
	GapNL       string    `yaml:"gap_nl"` // the same in Dutch
	ISO27001    []string  `yaml:"iso27001_2022"`
	NEN7510     []string  `yaml:"nen7510_2017"`
	DuplicateOf string    `yaml:"duplicate_of"` // id of the clause that says the same
}

// Deadline is the time limit of a clause, in words.
type Deadline struct {
	Trigger string `yaml:"trigger" validate:"required"`
	Limit   string `yaml:"limit" validate:"required"`
	Unit    string `yaml:"unit"`
}

// Duty is a duty that the GDPR lays on a processor itself.
type Duty struct {
	ID        string   `yaml:"id" validate:"required"`
	GDPR      string   `yaml:"gdpr" validate:"required"` // the article
	EN        string   `yaml:"en" validate:"required"`
	NL        string   `yaml:"nl" validate:"required"`
	Kind      string   `yaml:"kind" validate:"required,oneof=policy_check workflow document organisational_evidence"`
	How       string   `yaml:"how" validate:"required"` // how it is proved
	Agreement []string `yaml:"agreement"`               // clauses that mirror it; * at the end for all that start so
	Deadline  string   `yaml:"deadline"`
	Condition string   `yaml:"condition"` // when it applies, if not always

	ConditionNL string `yaml:"condition_nl"` // the same in Dutch
}

type meta struct {
	Note      string `yaml:"note"`
	Agreement string `yaml:"agreement"`
	Source    string `yaml:"source"`
}

// Clauses returns the clauses of the agreement in its order. They are read anew at each call: keep them.
func Clauses() ([]Clause, error) {
	var file struct {
		Meta    meta     `yaml:"meta"`
		Clauses []Clause `yaml:"clauses"`
	}
	err := readData("data/clauses.yaml", &file)
	return file.Clauses, err
}

// CustomerDuties returns the clauses that bind the customer alone. It reads just that of the catalogue, whose layout is
// ours, because every check needs it and reading the whole takes longer than the check; a test holds the two together.
func CustomerDuties() (map[string]bool, error) {
	raw, err := data.ReadFile("data/clauses.yaml")
	if err != nil {
		return nil, damaged(say.Same("data/clauses.yaml"), err)
	}
	out := map[string]bool{}
	id := ""
	for line := range strings.Lines(string(raw)) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "- id: "); ok {
			id = v
		}
		if v, ok := strings.CutPrefix(line, "  duty_holder: "); ok && strings.TrimSpace(v) == "controller" {
			out[id] = true
		}
	}
	return out, nil
}

// Duties returns the duties of a processor under the GDPR, in the order of its articles.
func Duties() ([]Duty, error) {
	var file struct {
		Meta   meta   `yaml:"meta"`
		Duties []Duty `yaml:"duties"`
	}
	err := readData("data/gdpr-duties.yaml", &file)
	return file.Duties, err
}

func readData(name string, into any) error {
	raw, err := data.ReadFile(name)
	if err != nil {
		return damaged(say.Same(name), err)
	}
	if problems := strictyaml.Decode(name, raw, into); len(problems) > 0 {
		return damaged(problems[0].What, nil)
	}
	return nil
}

// damaged says that the program's own data cannot be read, which its tests would have found.
func damaged(what Text, err error) error {
	return &say.Error{Msg: say.Both("the data of this program are damaged: %s", "de gegevens van dit programma zijn beschadigd: %s", what),
		Hint: say.Both("download Waarborg again", "download Waarborg opnieuw"), Err: err}
}
