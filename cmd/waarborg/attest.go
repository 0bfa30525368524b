package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waarborg/dpa"
	"waarborg/internal/durable"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/workspace"
	"waarborg/reports"
)

const attestationsDir = "attestations"

func (a *app) attestCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "attest", Short: "Record evidence that only people can give, signed and with an end date"}
	var n newAttestation
	add := &cobra.Command{Use: "add ID", Short: "Attest that a measure is in place, on the strength of a document",
		Args: exactly(1, say.Both("an id, such as iso-27001-2026", "een id, zoals iso-27001-2026")),
		Example: `  waarborg attest add iso-27001-2026 --as security-officer --clauses BB-EFF-1,BB-EFF-2 --evidence certificate.pdf \
    --until 2027-05-31 --en "Certified for ISO 27001:2022." --nl "Gecertificeerd volgens ISO 27001:2022."`,
		RunE: func(_ *cobra.Command, args []string) error { n.id = args[0]; return a.attestAdd(n) }}
	f := add.Flags()
	f.StringVar(&n.as, "as", "", "id of the person who attests (required)")
	f.StringSliceVar(&n.clauses, "clauses", nil, "clauses it is about, such as BB-EFF-1 (required)")
	f.StringVar(&n.evidence, "evidence", "", "document it rests on; its digest is recorded, not its content (required)")
	f.StringVar(&n.until, "until", "", "last day it holds, YYYY-MM-DD (required)")
	f.StringVar(&n.en, "en", "", "statement in English, without names of people (required)")
	f.StringVar(&n.nl, "nl", "", "statement in Dutch (required)")
	for _, name := range []string{"as", "clauses", "evidence", "until", "en", "nl"} {
		_ = add.MarkFlagRequired(name)
	}
	list := &cobra.Command{Use: "list", Short: "List attestations and what they are worth now", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.attestList() }}
	a.formatFlag(list, "table", "json")
	show := &cobra.Command{Use: "show ID", Short: "Show an attestation",
		Args: exactly(1, say.Both("the id of an attestation", "het id van een verklaring")), RunE: func(_ *cobra.Command, args []string) error { return a.attestShow(args[0]) }}
	cmd.AddCommand(add, list, show)
	return cmd
}

type newAttestation struct {
	id, as, evidence, until, en, nl string
	clauses                         []string
}

func (a *app) attestAdd(n newAttestation) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(s.Config.People, func(p workspace.Person) bool { return p.ID == n.as })
	if i < 0 {
		return fails(say.Both("there is no person %q in waarborg.yaml", "er is geen persoon %q in waarborg.yaml", n.as),
			say.Both("add them under `people` in waarborg.yaml", "zet die persoon onder `people` in waarborg.yaml"))
	}
	if err := knownClauses(n.clauses); err != nil {
		return err
	}
	var until dpa.Date
	if err := until.UnmarshalText([]byte(n.until)); err != nil {
		return fails(say.Both("--until %q is not a date", "--until %q is geen datum", n.until),
			say.Both("write it as 2027-05-31", "schrijf die als 2027-05-31"))
	}
	doc, err := os.Open(n.evidence)
	if err != nil {
		return fails(say.Both("the evidence %s cannot be read", "het bewijs %s is niet te lezen", n.evidence),
			say.Both("name a file that exists", "noem een bestand dat bestaat"))
	}
	defer doc.Close()
	evidence, err := dpa.NewEvidence(filepath.Base(n.evidence), doc)
	if err != nil {
		return err
	}
	at := dpa.Attestation{Statement: dpa.Statement{ID: n.id, Clauses: n.clauses, StatementEN: n.en, StatementNL: n.nl, By: n.as,
		Role: s.Config.People[i].Role, Evidence: evidence, MadeAt: a.now().UTC().Truncate(time.Second), ValidUntil: until}}
	if issues := at.Check(); len(issues) > 0 {
		return fails(say.Both("the attestation cannot be made: %s %s",
			"de verklaring is niet te maken: %s %s", issues[0].Path, issues[0].What),
			issues[0].Hint)
	}
	message, err := at.Message()
	if err != nil {
		return err
	}
	sig, err := a.signAs(s, n.as, sign.ContextAttestation, message)
	if err != nil {
		return err
	}
	at.Signatures = []dpa.Signature{{By: n.as, KeyID: sig.KeyID, Signature: base64.StdEncoding.EncodeToString(sig.Value)}}
	return a.attestWrite(s, at)
}

func (a *app) attestWrite(s *space, at dpa.Attestation) error {
	raw, err := at.Encode()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.path(attestationsDir), 0o755); err != nil {
		return fails(say.Both("the folder %s cannot be made", "de map %s is niet te maken", s.path(attestationsDir)),
			say.Both("check that the workspace can be written to", "controleer of er in de werkmap te schrijven is"))
	}
	file := filepath.Join(s.path(attestationsDir), at.ID+".json")
	err = durable.Create(file, 0o644, func(w io.Writer) error { _, err := w.Write(raw); return err })
	if errors.Is(err, fs.ErrExist) {
		return fails(say.Both("%s exists already", "%s bestaat al", file),
			say.Both("an attestation is never changed: choose another id",
				"een verklaring wordt nooit gewijzigd: kies een ander id"))
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s: %s %s\n", file, a.pick("signed, valid until", "ondertekend, geldig tot en met"), at.ValidUntil)
	return nil
}

func knownClauses(ids []string) error {
	clauses, err := dpa.Clauses()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(clauses, func(c dpa.Clause) bool { return c.ID == id }) {
			return fails(say.Both("there is no clause %q", "er is geen bepaling %q", id),
				say.Both("`waarborg coverage` lists all clauses", "`waarborg coverage` noemt alle bepalingen"))
		}
	}
	return nil
}

// attestations reads the signed statements of the workspace and says what each is worth now. A file that cannot be read
// is an error: evidence must not vanish silently.
func (a *app) attestations(s *space) ([]dpa.JudgedAttestation, error) {
	return attestationsAt(s, a.now())
}

// attestationsAt says what they were worth at a time.
func attestationsAt(s *space, at time.Time) ([]dpa.JudgedAttestation, error) {
	entries, err := os.ReadDir(s.path(attestationsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fails(say.Both("the folder %s cannot be read", "de map %s is niet te lezen", s.path(attestationsDir)),
			say.Both("check its permissions", "controleer de rechten"))
	}
	var out []dpa.JudgedAttestation
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		file := filepath.Join(s.path(attestationsDir), e.Name())
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, fails(say.Both("%s cannot be read", "%s is niet te lezen", file),
				say.Both("check its permissions", "controleer de rechten"))
		}
		x, issues := dpa.ParseAttestation(raw)
		if len(issues) > 0 {
			return nil, fails(say.Both("%s: %s %s", "%s: %s %s", file, issues[0].Path, issues[0].What),
				issues[0].Hint)
		}
		if x.ID+".json" != e.Name() {
			return nil, fails(say.Both("%s holds the attestation %s", "%s bevat de verklaring %s", file, x.ID),
				say.Both("rename it to %s.json", "geef het de naam %s.json", x.ID))
		}
		out = append(out, dpa.JudgedAttestation{Attestation: x, Status: x.State(at, s.peopleAt(x.MadeAt), sign.PersonVerifier{})})
	}
	return out, nil
}

// attestationView is an attestation in JSON, with its worth.
type attestationView struct {
	dpa.Statement
	State    dpa.AttestationState `json:"state"`
	DaysLeft int                  `json:"days_left"`
}

func (a *app) attestList() error {
	s, err := a.load()
	if err != nil {
		return err
	}
	list, err := a.attestations(s)
	if err != nil {
		return err
	}
	if a.format == "json" {
		views := []attestationView{}
		for _, at := range list {
			views = append(views, attestationView{at.Statement, at.Status.State, at.Status.DaysLeft})
		}
		return reports.JSON(a.out, struct {
			Schema       string            `json:"schema"`
			Attestations []attestationView `json:"attestations"`
		}{"waarborg.attestations/v1", views})
	}
	for _, at := range list {
		fmt.Fprintf(a.out, "%s  %s, %s %s, %s\n", at.ID, at.Status.State.Text().In(a.lang), a.pick("until", "tot en met"), at.ValidUntil, strings.Join(at.Clauses, " "))
	}
	if len(list) == 0 {
		fmt.Fprintln(a.out, a.pick("no attestations", "geen verklaringen"))
	}
	return nil
}

func (a *app) attestShow(id string) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	list, err := a.attestations(s)
	if err != nil {
		return err
	}
	for _, at := range list {
		if at.ID == id {
			return reports.JSON(a.out, attestationView{at.Statement, at.Status.State, at.Status.DaysLeft})
		}
	}
	return fails(say.Both("there is no attestation %q", "er is geen verklaring %q", id),
		say.Both("`waarborg attest list` names them", "`waarborg attest list` noemt ze"))
}
