package attest

import (
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
	"waarborg/internal/strictjson"
)

// DefaultValidity is how long an attestation counts where nothing else is said.
const DefaultValidity = 24 * time.Hour

// Options is what an attestation says besides the report.
type Options struct {
	Ref      string        // git ref that the workspace was read from; empty: it was a folder
	ValidFor time.Duration // from the moment of judging; 0: DefaultValidity. The end of a waiver that was used cuts it short
	Softened Softened
	Outcomes gate.Outcomes // those of the report, for what is left to prove
}

// Make signs what a report says with the evidence key, and returns the attestation as a sigstore bundle. A report that no
// input was read for, or that does not fit its outcomes, is an error.
func Make(ctx context.Context, r *gate.Report, o Options, signer crypto.Signer, public sign.Public) ([]byte, error) {
	s, err := state(r, o)
	if err != nil {
		return nil, err
	}
	raw, err := strictjson.Canonical(s)
	if err != nil {
		return nil, fmt.Errorf("encoding an attestation: %w", err)
	}
	return bundle.MakeStatement(ctx, raw, signer, public)
}

func state(r *gate.Report, o Options) (Statement, error) {
	s := Statement{Type: StatementType, Subject: []Subject{}, PredicateType: PredicateType}
	for _, in := range r.Inputs {
		s.Subject = append(s.Subject, Subject{Name: strings.ToValidUTF8(in.Name, "\uFFFD"),
			Digest: Digest{strings.TrimPrefix(in.Digest, digestPrefix)}, Annotations: Annotations{in.Format}})
	}
	if o.ValidFor <= 0 {
		o.ValidFor = DefaultValidity
	}
	at := r.At.UTC().Truncate(time.Second)
	p := Predicate{Version: r.Version, JudgedAt: at, ValidUntil: at.Add(o.ValidFor).Truncate(time.Second), Status: r.Status, Resources: r.Subjects,
		Counts: r.Counts, Blocks: []Block{}, Basis: Basis{r.Rules, r.TeamRules, r.Workspace}, Ref: o.Ref, Waivers: []Waiver{}, Softened: o.Softened}
	for _, b := range r.Blocks {
		p.Blocks = append(p.Blocks, Block{b.What, b.Status})
	}
	for _, w := range r.Waivers {
		if w.State != assess.WaiverUsed {
			continue
		}
		p.Waivers = append(p.Waivers, Waiver{w.ID, w.Rule, w.Expires, w.Matched})
		last, err := time.Parse(time.DateOnly, w.Expires)
		if err != nil {
			return s, fmt.Errorf("the last day of waiver %s cannot be read: %w", w.ID, err)
		}
		if end := last.AddDate(0, 0, 1); end.Before(p.ValidUntil) {
			p.ValidUntil = end
		}
	}
	var err error
	if p.ToProve, err = Open(o.Outcomes); err != nil {
		return s, err
	}
	s.Predicate = p
	if !s.sound() {
		return s, &say.Error{Msg: say.Both("there is no attestation to make of this: nothing was read, or the report contradicts itself",
			"hiervan is geen attest te maken: er is niets gelezen, of het rapport spreekt zichzelf tegen"),
			Hint: say.Both("give at least one input; if you did, this is a fault in Waarborg: please report it",
				"geef minstens één invoer; deed u dat, dan is dit een fout in Waarborg: meld die")}
	}
	return s, nil
}

// Open tells how many outcomes are left to prove, with the digest of their list: SHA-256 over a line of canonical JSON for
// each, in the order of the outcomes, that has its rule, input, address and the paths of its unknown facts. nil outcomes are none.
func Open(all gate.Outcomes) (ToProve, error) {
	h, n := sha256.New(), 0
	if all != nil {
		for o, err := range all {
			if err != nil {
				return ToProve{}, err
			}
			if o.Class != gate.ToProve {
				continue
			}
			n++
			facts := []string{}
			for _, u := range o.Unknown {
				facts = append(facts, u.Path)
			}
			line, err := strictjson.Canonical(struct {
				Rule    string   `json:"rule"`
				Input   string   `json:"input"`
				Address string   `json:"address"`
				Facts   []string `json:"facts"`
			}{o.Rule, o.Input, o.Address, facts})
			if err != nil {
				return ToProve{}, fmt.Errorf("encoding what is left to prove: %w", err)
			}
			h.Write(append(line, '\n'))
		}
	}
	return ToProve{n, digestPrefix + hex.EncodeToString(h.Sum(nil))}, nil
}
