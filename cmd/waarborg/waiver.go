package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/workspace"
	"waarborg/policies"
)

// waiverDigest is what approvals of a waiver sign: everything but the approvals, so that no word of it can be changed
// afterwards.
func waiverDigest(w workspace.Waiver) string {
	signed := map[string]any{"id": w.ID, "rule": w.Rule, "resource": string(w.Resource),
		"owner": w.Owner, "reason": w.Reason, "created": string(w.Created), "expires": string(w.Expires)}
	if len(w.CustomerConsent) > 0 {
		var list []map[string]string
		for _, c := range w.CustomerConsent {
			list = append(list, map[string]string{"customer": c.Customer, "document": c.Document, "date": string(c.Date)})
		}
		signed["customer_consent"] = list
	}
	d, err := dpa.Digest("waarborg.waiver/v1", signed)
	if err != nil {
		return "" // no digest approves nothing
	}
	return d
}

func approvals(w workspace.Waiver) []dpa.Signature {
	var out []dpa.Signature
	for _, x := range w.Approvals {
		out = append(out, dpa.Signature{By: x.By, Signature: x.Signature})
	}
	return out
}

func (a *app) waiverCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "waiver", Short: "List and sign the waivers of waivers.yaml"}
	list := &cobra.Command{Use: "list", Short: "List waivers and whether they are approved", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return a.waiverList() }}
	var as string
	approve := &cobra.Command{Use: "approve ID", Short: "Sign a waiver: its owner and another person must both",
		Args: exactly(1, say.Both("the id of a waiver", "het id van een acceptatie")),
		Long: `Sign a waiver of waivers.yaml with an enrolled person's key, and print the line to put under its ` + "`approvals`" + `.

A waiver takes effect only with two signatures over the same words: its owner's, and another enrolled person's.`,
		RunE: func(_ *cobra.Command, args []string) error { return a.waiverApprove(args[0], as) }}
	approve.Flags().StringVar(&as, "as", "", "id of the person who signs (required)")
	_ = approve.MarkFlagRequired("as")
	cmd.AddCommand(list, approve)
	return cmd
}

func (a *app) waiverList() error {
	s, err := a.load()
	if err != nil {
		return err
	}
	p, err := assess.Load(policies.FS)
	if err != nil {
		return err
	}
	for i, w := range s.waivers(a.now()) {
		state := a.pick("approved", "goedgekeurd")
		known := slices.ContainsFunc(p.Rules, func(r *assess.Rule) bool { return r.ID == w.Rule })
		switch {
		case !known:
			state = a.pick("there is no such rule", "deze regel bestaat niet")
		case !a.now().Before(w.Expires):
			state = a.pick("expired", "verlopen")
		case !w.Approved:
			state = w.Why.In(a.lang)
		}
		raw := s.Workspace.Waivers[i]
		fmt.Fprintf(a.out, a.pick("%s  %s on %s, until %s, owner %s: %s\n", "%s  %s op %s, tot en met %s, eigenaar %s: %s\n"), w.ID, w.Rule, raw.Resource, raw.Expires, w.Owner, state)
	}
	if len(s.Workspace.Waivers) == 0 {
		fmt.Fprintln(a.out, a.pick("no waivers", "geen acceptaties"))
	}
	return nil
}

func (a *app) waiverApprove(id, as string) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(s.Workspace.Waivers, func(w workspace.Waiver) bool { return w.ID == id })
	if i < 0 {
		return fails(say.Both("there is no waiver %q in waivers.yaml", "er is geen acceptatie %q in waivers.yaml", id),
			say.Both("`waarborg waiver list` names them", "`waarborg waiver list` noemt ze"))
	}
	sig, err := a.signAs(s, as, sign.ContextApproval, []byte(waiverDigest(s.Workspace.Waivers[i])))
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s\n\n      - {by: %s, signature: \"%s\"}\n", a.pick("put this under `approvals` of "+id+" in waivers.yaml:", "zet dit onder `approvals` van "+id+" in waivers.yaml:"),
		as, base64.StdEncoding.EncodeToString(sig.Value))
	return nil
}

// signAs signs with an enrolled person's key.
func (a *app) signAs(s *space, person, context string, message []byte) (sign.Signature, error) {
	if !slices.ContainsFunc(s.Config.People, func(p workspace.Person) bool { return p.ID == person && p.Key != "" }) {
		return sign.Signature{}, fails(say.Both("%s is not enrolled in waarborg.yaml with a key",
			"%s staat niet met een sleutel in waarborg.yaml", person),
			say.Both("`waarborg keys init --person %s` makes a key and prints the line for `people`",
				"`waarborg keys init --person %s` maakt een sleutel en toont de regel voor `people`", person))
	}
	use, err := sign.Person(person)
	if err != nil {
		return sign.Signature{}, err
	}
	key, err := sign.Open(s.path(s.Config.Keys.Dir), use, a.passphrase(s))
	if errors.Is(err, fs.ErrNotExist) {
		return sign.Signature{}, failf(a.pick("run this where that person's key is", "draai dit waar de sleutel van die persoon staat"), a.pick("the key of %s is not on this machine", "de sleutel van %s staat niet op deze machine"), person)
	}
	if err != nil {
		return sign.Signature{}, err
	}
	return key.Sign(context, message)
}
