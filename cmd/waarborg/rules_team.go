package main

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waarborg/internal/assess"
	"waarborg/internal/say"
	"waarborg/policies"
	"waarborg/reports"
)

// ruleSet is a set of rules and the folder they come from. Close it.
type ruleSet struct {
	*assess.Policies
	files fs.FS
	team  bool // a team's own
	close func() error
}

// policyFlag adds --policy.
func policyFlag(cmd *cobra.Command, policy *string) {
	cmd.Flags().StringVar(policy, "policy", "", "folder with rules of your own, in place of the shipped ones")
}

// ruleSet loads the shipped rules, or a team's own where a folder is named. It writes all that is wrong with a team's rules.
func (a *app) ruleSet(policy string) (ruleSet, error) {
	if policy == "" {
		p, err := assess.Load(policies.FS)
		return ruleSet{Policies: p, files: policies.FS, close: func() error { return nil }}, err
	}
	root, err := os.OpenRoot(policy)
	if err != nil {
		return ruleSet{}, fails(say.Both("the folder of rules cannot be opened: %s", "de map met regels is niet te openen: %s", err),
			say.Both("name a folder that holds files ending in .rego", "noem een map met bestanden die eindigen op .rego"))
	}
	set := ruleSet{files: root.FS(), team: true, close: root.Close}
	var problems []assess.Problem
	if set.Policies, problems, err = assess.LoadTeam(set.files, policy); err == nil && len(problems) > 0 {
		err = a.ruleProblems(policy, problems)
	}
	if err != nil {
		_ = root.Close() // nothing was written
		return ruleSet{}, err
	}
	return set, nil
}

// ruleProblems writes what is wrong with a team's rules, and returns an error that ends the command.
func (a *app) ruleProblems(policy string, list []assess.Problem) error {
	for _, p := range list {
		at := reports.Plain(p.File)
		if p.Line > 0 {
			at = fmt.Sprintf("%s:%d", at, p.Line)
		}
		fmt.Fprintf(a.err, "%s: %s\n", at, reports.Plain(p.Text.In(a.lang)))
		if hint := p.Hint.In(a.lang); hint != "" {
			fmt.Fprintf(a.err, "  hint: %s\n", reports.Plain(hint)) // which is a Dutch word too
		}
		fmt.Fprintln(a.err)
	}
	if len(list) == 1 {
		return fails(say.Both("the rules in %s have a problem", "de regels in %s hebben een fout", policy), say.Text{})
	}
	return fails(say.Both("the rules in %s have %d problems", "de regels in %s hebben %d fouten", policy, len(list)), say.Text{})
}

// kinds are the kinds of resource that a rule is about.
func (s ruleSet) kinds(id string) string {
	var kinds []string
	for _, r := range s.Rules {
		if r.ID == id {
			kinds = append(kinds, string(r.Kind))
		}
	}
	return strings.Join(kinds, ", ")
}

// find returns a rule by its id in any case.
func (s ruleSet) find(id string) (*assess.Rule, error) {
	i := slices.IndexFunc(s.Rules, func(r *assess.Rule) bool { return strings.EqualFold(r.ID, id) })
	if i >= 0 {
		return s.Rules[i], nil
	}
	hint := say.Both("`waarborg rules list` names them all", "`waarborg rules list` noemt ze allemaal")
	if s.team {
		hint = say.Both("`waarborg rules list` with the same --policy names them all", "`waarborg rules list` met dezelfde --policy noemt ze allemaal")
	}
	return nil, fails(say.Both("there is no rule %q", "er is geen regel %q", id), hint)
}
