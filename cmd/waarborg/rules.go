package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"waarborg/internal/assess"
	"waarborg/internal/durable"
	"waarborg/internal/rulebundle"
	"waarborg/internal/say"
	"waarborg/policies"
	"waarborg/reports"
)

func (a *app) rulesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "rules", Short: "List, show, test, document and bundle the rules"}
	var policy string
	list := &cobra.Command{Use: "list", Short: "List the rules", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.rulesList(policy) }}
	a.formatFlag(list, "table", "json")
	show := &cobra.Command{Use: "show RULE", Short: "Show a rule, its texts and its examples",
		Args: exactly(1, say.Both("the id of a rule, such as TRF-001", "het id van een regel, zoals TRF-001")),
		RunE: func(_ *cobra.Command, args []string) error { return a.rulesShow(policy, args[0]) }}
	test := &cobra.Command{Use: "test", Short: "Run the rules' own tests and examples", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return a.rulesTest(c, policy) }}
	docs := &cobra.Command{Use: "docs", Short: "Write the rule reference as Markdown to standard output", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.rulesDocs() }}
	for _, c := range []*cobra.Command{list, show, test} {
		policyFlag(c, &policy)
	}
	var out string
	bundle := &cobra.Command{Use: "bundle", Short: "Write the rules as a signed bundle that plain OPA loads", Args: cobra.NoArgs,
		Long: `Write the rules with their reference data as a bundle that plain OPA loads, signed with the evidence key of the workspace.
A file of that name is replaced. OPA verifies it before it loads it:

  opa run --bundle rules.tar.gz --verification-key .waarborg/keys/evidence.pub --signing-alg ES256

The rules read the time from data.now (ns and date), which the bundle leaves to whoever evaluates. That a fact is unknown, and
so cannot be met, is judged by Waarborg and not by the rules: plain OPA does not see it.`,
		Example: "  waarborg rules bundle -o rules.tar.gz",
		RunE:    func(c *cobra.Command, _ []string) error { return a.rulesBundle(c.Context(), out) }}
	bundle.Flags().StringVarP(&out, "output", "o", "", "file to write, such as rules.tar.gz (required)")
	_ = bundle.MarkFlagRequired("output")
	cmd.AddCommand(list, show, test, docs, bundle)
	return cmd
}

func (a *app) rulesBundle(ctx context.Context, out string) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	p, err := assess.Load(policies.FS)
	if err != nil {
		return err
	}
	files, err := p.Bundle(policies.FS)
	if err != nil {
		return err
	}
	key, done, err := a.evidenceKey(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	signer, err := key.CryptoSigner()
	if err != nil {
		return err
	}
	raw, err := rulebundle.Make(ctx, files, signer, key.Public())
	if err != nil {
		return err
	}
	if err := a.replace(out, raw); err != nil {
		return err
	}
	fmt.Fprintf(a.out, a.pick("%s: %d rules, %s, signed with key %s\n", "%s: %d regels, %s, ondertekend met sleutel %s\n"), reports.Plain(out), len(p.Rules), p.Digest, key.Public().ID)
	return nil
}

// replace writes a file that others may read, in the place of one that may be there: what can be made again at any time.
func (a *app) replace(file string, content []byte) error {
	err := durable.Replace(file, 0o644, func(w io.Writer) error { _, err := w.Write(content); return err })
	if err != nil {
		return fails(say.Of(err), say.Both("check the disk and who may write there", "controleer de schijf en wie daar mag schrijven"))
	}
	return nil
}

// ruleInfo is a rule in `rules list --format json`.
type ruleInfo struct {
	ID          string          `json:"id"`
	Area        string          `json:"area"`
	Kind        string          `json:"kind"`
	Severity    assess.Severity `json:"severity"`
	Waivable    bool            `json:"waivable"`
	Clauses     []string        `json:"clauses"`
	GDPR        []string        `json:"gdpr"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Remediation string          `json:"remediation"`
	Needs       []string        `json:"needs"`
	Terms       []string        `json:"terms,omitempty"`
}

func (a *app) info(r *assess.Rule) ruleInfo {
	var terms []string
	for _, t := range r.Terms {
		terms = append(terms, t.Path)
	}
	return ruleInfo{r.ID, r.Area, string(r.Kind), r.Severity, r.Waivable, r.Clauses, r.GDPR, r.Title.In(a.lang), r.Description.In(a.lang),
		r.Remediation.In(a.lang), r.Needs, terms}
}

func (a *app) rulesList(policy string) (err error) {
	p, err := a.ruleSet(policy)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if a.format == "json" {
		infos := []ruleInfo{}
		for _, r := range p.Rules {
			infos = append(infos, a.info(r))
		}
		return reports.JSON(a.out, struct {
			Schema string     `json:"schema"`
			Digest string     `json:"digest"`
			Rules  []ruleInfo `json:"rules"`
		}{"waarborg.rules/v1", p.Digest, infos})
	}
	for _, r := range p.Rules {
		clauses := ""
		if len(r.Clauses) > 0 {
			clauses = "  (" + strings.Join(r.Clauses, ", ") + ")"
		}
		fmt.Fprintf(a.out, "%s  %-8s  %-13s  %s%s\n", r.ID, r.Severity, r.Kind, r.Title.In(a.lang), clauses)
	}
	fmt.Fprintf(a.out, "\n%d %s, %s\n", len(p.Described()), a.pick("rules", "regels"), p.Digest)
	return nil
}

func (a *app) rulesShow(policy, id string) (err error) {
	p, err := a.ruleSet(policy)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	r, err := p.find(id)
	if err != nil {
		return err
	}
	return a.ruleDoc(a.out, p, r)
}

func (a *app) rulesTest(cmd *cobra.Command, policy string) (err error) {
	ctx := cmd.Context()
	p, err := a.ruleSet(policy)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	results, cov, err := p.Test(ctx, p.files)
	if err != nil {
		return err
	}
	failed := 0
	for _, r := range results {
		if r.Failed {
			failed++
			fmt.Fprintf(a.out, "FAIL %s.%s %s\n", r.Package, r.Name, r.Message)
		}
	}
	examples := 0
	for _, r := range p.Rules {
		list, err := assess.Examples(p.files, r)
		if err != nil {
			return err
		}
		for _, x := range list {
			examples++
			v, err := p.Try(ctx, r, x)
			if err != nil {
				return err
			}
			if v.Status != x.Want {
				failed++
				fmt.Fprintf(a.out, "FAIL %s, example %q: %s, want %s\n", r.ID, x.Name, v.Status, x.Want)
			}
		}
	}
	if p.team {
		stray, err := p.StrayExamples(p.files)
		if err != nil {
			return err
		}
		for _, x := range stray {
			failed++
			fmt.Fprintf(a.out, "FAIL %s is no rule of that folder\n", reports.Plain(x))
		}
	}
	fmt.Fprintf(a.out, "%d rules, %d tests, %d examples, %d failed; %.1f %% of the lines covered\n", len(p.Described()), len(results), examples, failed, cov.Percent)
	if failed > 0 {
		a.code = exitNotMet
	}
	return nil
}

func (a *app) rulesDocs() error {
	p, err := a.ruleSet("")
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "# %s\n\n%s\n", a.pick("Rule reference", "Overzicht van de regels"), a.pick("Generated by `waarborg rules docs`; do not edit.", "Gemaakt met `waarborg rules docs`; niet met de hand wijzigen."))
	for _, area := range assess.Areas {
		fmt.Fprintf(a.out, "\n## %s\n", reports.AreaText(area, a.lang))
		for _, r := range p.Rules {
			if r.Area != area {
				continue
			}
			fmt.Fprintln(a.out)
			if err := a.ruleDoc(a.out, p, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// ruleDoc writes a rule as Markdown that also reads well at a terminal.
func (a *app) ruleDoc(w io.Writer, p ruleSet, r *assess.Rule) error {
	info := a.info(r)
	fmt.Fprintf(w, "### %s: %s\n\n%s\n\n", info.ID, info.Title, info.Description)
	fmt.Fprintf(w, "- %s: %s · %s: %s\n", a.pick("severity", "ernst"), reports.SeverityText(info.Severity, a.lang), a.pick("kind of resource", "soort object"), p.kinds(r.ID))
	var basis []string
	if len(info.Clauses) > 0 {
		basis = append(basis, fmt.Sprintf("%s: %s", a.pick("clauses", "bepalingen"), strings.Join(info.Clauses, ", ")))
	}
	if len(info.GDPR) > 0 {
		basis = append(basis, fmt.Sprintf("%s: %s", a.pick("GDPR", "AVG"), strings.Join(info.GDPR, ", ")))
	}
	if len(basis) > 0 {
		fmt.Fprintf(w, "- %s\n", strings.Join(basis, " · "))
	}
	fmt.Fprintf(w, "- %s: `%s`\n", a.pick("facts that decide", "feiten die beslissen"), strings.Join(info.Needs, "`, `"))
	if len(info.Terms) > 0 {
		fmt.Fprintf(w, "- %s: `%s`\n", a.pick("terms", "afspraken"), strings.Join(info.Terms, "`, `"))
	}
	if !info.Waivable {
		fmt.Fprintf(w, "- %s\n", a.pick("cannot be waived", "kan niet worden geaccepteerd"))
	}
	fmt.Fprintf(w, "- %s: %s\n\n", a.pick("what to do", "wat te doen"), info.Remediation)
	list, err := assess.Examples(p.files, r)
	if err != nil {
		return err
	}
	for _, x := range list {
		fmt.Fprintf(w, "- %s: %s\n", reports.StatusText(x.Want, a.lang), reports.Plain(a.pick(x.Name, cmp.Or(x.NameNL, x.Name))))
	}
	return nil
}

// exactly wants a number of arguments and says which.
func exactly(n int, what say.Text) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return fails(say.Both("%s needs %d argument, it got %d",
			"%s vraagt %d argument, en kreeg er %d", cmd.CommandPath(), n, len(args)),
			say.Both("give %s", "geef %s", what))
	}
}

// atLeast asks for one argument or more.
func atLeast(n int, what say.Text) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= n {
			return nil
		}
		return fails(say.Both("%s needs at least %d argument", "%s vraagt minstens %d argument", cmd.CommandPath(), n),
			say.Both("give %s", "geef %s", what))
	}
}
