package vault

import (
	"context"
	"slices"
	"strings"
	"sync"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// lookups is how many tokens are looked up at once.
const lookups = 8

// token is what is read of a token by its accessor, which does not give the token itself.
type token struct {
	Policies         []string `json:"policies"`
	IdentityPolicies []string `json:"identity_policies"`
	Path             string   `json:"path"`
	Expires          string   `json:"expire_time"`
}

// readTokens counts the root tokens, and returns the tokens that were made by hand rather than by a login.
func (r *run) readTokens(ctx context.Context) []principal {
	what := listCall("auth/token/accessors").sudo()
	found, err := list[struct{}](ctx, r.client, what)
	if err != nil {
		// The policy needs the slash that LIST adds.
		what.shown = "auth/token/accessors/"
		reason := r.problem(theTokens, what, err)
		r.store.RootTokens = unknown[int](&reason)
		return []principal{{key: "tokens", reason: &reason}}
	}
	accessors := found.Keys
	var reason *inventory.Reason
	if len(accessors) > maxItems {
		accessors, reason = accessors[:maxItems], new(r.cut(theTokens, what))
	}
	tokens, errs := r.lookUp(ctx, accessors)
	var out []principal
	roots, seen := 0, 0
	for i, t := range tokens {
		if errs[i] != nil {
			if !isGone(errs[i]) {
				reason = new(r.problem(theTokens, lookupCall, errs[i]))
			}
			continue
		}
		seen++
		if slices.Contains(t.Policies, "root") {
			roots++
		}
		if strings.HasPrefix(t.Path, "auth/token/") {
			out = append(out, r.tokenPrincipal(accessors[i], t))
		}
	}
	if reason != nil {
		out = append(out, principal{key: "tokens", reason: reason})
	}
	if seen == 0 && reason != nil {
		r.store.RootTokens = unknown[int](reason)
	} else {
		r.store.RootTokens = partly(roots, reason)
	}
	return out
}

var theTokens = say.Both("the tokens", "de tokens")

var lookupCall = call{path: "auth/token/lookup-accessor", shown: "auth/token/lookup-accessor", caps: []string{"update"}}

func (r *run) lookUp(ctx context.Context, accessors []string) ([]token, []error) {
	tokens, errs := make([]token, len(accessors)), make([]error, len(accessors))
	slots := make(chan struct{}, lookups)
	var wg sync.WaitGroup
	for i, accessor := range accessors {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			var answer struct {
				Data token `json:"data"`
			}
			errs[i] = r.post(ctx, lookupCall, map[string]any{"accessor": accessor}, &answer)
			tokens[i] = answer.Data
		})
	}
	wg.Wait()
	return tokens, errs
}

func (r *run) tokenPrincipal(accessor string, t token) principal {
	pseudonym := r.env.Pseudonyms.Token("vault token " + accessor)
	expires := inventory.Absent[string]()
	if t.Expires != "" {
		expires = utc(t.Expires)
	}
	return principal{key: pseudonym, token: pseudonym, kind: inventory.Unknown[string](inventory.NotReported, "token"),
		own: slices.Concat(t.Policies, t.IdentityPolicies), via: []string{"token"}, enabled: inventory.Known(true), expires: expires}
}
