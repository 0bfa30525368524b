package assess

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"waarborg/internal/inventory"
)

// Customer is a customer (verwerkingsverantwoordelijke) as far as rules need one.
type Customer struct {
	ID           string
	Applications []string       // that it takes
	Terms        map[string]any // the tree of terms in force on the day of assessment
}

// Standard is the id of the terms that no customer changed. They judge what serves no customer in particular.
const Standard = ""

// termSet is what one rule sees of the terms, and the customers for whom it is the same.
type termSet struct {
	value     *ast.Term
	missing   []UnknownFact
	digest    key
	customers []string // ids, sorted; nil for the standard terms alone
}

// projectTerms cuts the paths that a rule names out of a customer's terms.
func projectTerms(r *Rule, terms map[string]any) (termSet, error) {
	var set termSet
	cut := map[string]any{}
	for _, need := range r.Terms {
		x, ok := lookup(terms, strings.Split(need.Path, "."))
		switch {
		case ok:
			put(cut, strings.Split(need.Path, "."), x)
		case !need.Optional:
			set.missing = append(set.missing, UnknownFact{"terms." + need.Path, inventory.Reason{Code: inventory.NoTerm, Detail: need.Path}})
		}
	}
	raw, err := json.Marshal(cut, json.Deterministic(true))
	if err != nil {
		return set, fmt.Errorf("terms of rule %s: %w", r.ID, err)
	}
	canon := jsontext.Value(raw)
	if err := canon.Canonicalize(); err != nil {
		return set, fmt.Errorf("terms of rule %s: %w", r.ID, err)
	}
	var plain any
	if err := json.Unmarshal(canon, &plain); err != nil {
		return set, err
	}
	value, err := ast.InterfaceToValue(plain)
	if err != nil {
		return set, err
	}
	set.value = ast.NewTerm(value)
	d := newDigest()
	d.add(r.ID+" "+string(r.Kind), canon) // a rule of several kinds has a verdict for each
	set.digest = d.key()
	return set, nil
}

func lookup(tree map[string]any, path []string) (any, bool) {
	for i, part := range path {
		x, ok := tree[part]
		if !ok {
			return nil, false
		}
		if i == len(path)-1 {
			return x, true
		}
		if tree, ok = x.(map[string]any); !ok {
			return nil, false
		}
	}
	return nil, false
}

// serves lists the customers that a scope means, sorted by id. None means: judge by the standard terms.
func serves(s inventory.Scope, customers []Customer) []string {
	var out []string
	if s.Internal {
		return nil
	}
	for _, c := range customers {
		if c.ID == Standard {
			continue
		}
		switch {
		case len(s.Customers) > 0:
			if !slices.Contains(s.Customers, c.ID) {
				continue
			}
		case len(s.Applications) > 0:
			if !slices.ContainsFunc(c.Applications, func(a string) bool { return slices.Contains(s.Applications, a) }) {
				continue
			}
		}
		out = append(out, c.ID)
	}
	slices.Sort(out)
	return out
}

// termSets groups the customers of a scope by what a rule sees of their terms: one judgement per distinct set.
func (k *kindRules) termSets(r *Rule, ids []string) []termSet {
	if len(ids) == 0 {
		ids = []string{Standard}
	}
	var out []termSet
	at := map[key]int{}
	for _, id := range ids {
		set := k.projected[r][id]
		i, ok := at[set.digest]
		if !ok {
			i = len(out)
			at[set.digest] = i
			out = append(out, set)
			out[i].customers = nil
		}
		if id != Standard {
			out[i].customers = append(out[i].customers, id)
		}
	}
	return out
}
