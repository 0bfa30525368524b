// Package vault reads a live HashiCorp Vault: how it is sealed, audited and signed in to, who reaches the secrets that
// open personal data, and how transit keys are kept. It reads settings and never a secret; the calls it may make are
// listed in guard.go, and no other leaves it.
package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/vault/api"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

const collectorName = "vault"

// maxItems bounds what is read one by one of one listing: tokens, roles, users, entities, policies, keys. What is
// beyond it is reported as unknown.
const maxItems = 2000

const revokeTimeout = 5 * time.Second

// Collector reads one Vault.
type Collector struct {
	cfg Config
}

var _ collect.Collector = (*Collector)(nil)

// New makes a collector. It does not connect; it fails if the configuration is not complete.
func New(cfg Config) (*Collector, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	return &Collector{cfg: cfg}, nil
}

// run is one collection.
type run struct {
	*client
	cfg   Config
	env   collect.Env
	store *inventory.SecretStore

	version string // of the server
	out     []inventory.Draft
	ids     map[string]int // how often an id was asked for
}

// Collect reads what it may. A Vault that is sealed or refuses the login is an error, with a secret store of which
// only little is known; what a policy forbids is unknown with a problem that names the missing line.
func (c *Collector) Collect(ctx context.Context, env collect.Env) ([]inventory.Draft, error) {
	r := &run{cfg: c.cfg, env: env, store: &inventory.SecretStore{Location: c.cfg.Location}, ids: map[string]int{}}
	err := r.collect(ctx)
	if err == nil && r.client != nil {
		err = r.broken()
	}
	if err != nil {
		r.unread(err)
	}
	r.add("Vault", r.store, "sys/seal-status, sys/audit, sys/auth, sys/mounts", "read", "store")
	return r.out, err
}

func (r *run) collect(ctx context.Context) (err error) {
	if r.client, err = newClient(r.cfg); err != nil {
		return err
	}
	r.env.Step(say.Both("state of the seal", "toestand van het zegel"))
	if err := r.readSeal(ctx); err != nil {
		return err
	}
	made, err := r.login(ctx, r.cfg.Login)
	if err != nil {
		return err
	}
	if made {
		defer r.revoke(ctx)
	}
	m := r.readMounts(ctx)
	r.readAudit(ctx)
	r.env.Step(say.Both("policies", "policy's"))
	p := r.readPolicies(ctx)
	r.env.Step(theTokens)
	tokens := r.readTokens(ctx)
	r.env.Step(say.Both("roles and users", "rollen en gebruikers"))
	members := r.readMembers(ctx, m)
	r.readLifetimes(m, members)
	r.readSignIns(ctx, m, members)
	if len(r.cfg.PersonalData) > 0 {
		r.env.Step(say.Both("identities", "identiteiten"))
		ids := r.readIdentities(ctx)
		r.addGrants(p, slices.Concat(r.principals(members, ids), tokens))
	}
	r.env.Step(say.Both("keys", "sleutels"))
	r.readKeys(ctx, m)
	return nil
}

// unread makes what the failure left out unknown, so that nothing is green because nobody could look.
func (r *run) unread(err error) {
	reason := inventory.Reason{Code: inventory.SourceError, Detail: "vault"}
	var known *collect.Error
	if errors.As(err, &known) {
		reason.Code = known.Code
	}
	inventory.SetUnknown(r.store, reason)
	if len(r.cfg.PersonalData) > 0 {
		r.unknownGrants("source", reason)
	}
}

// revoke ends the token that the login made. It does so also when the collection was cancelled.
func (r *run) revoke(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeTimeout)
	defer cancel()
	what := call{path: "auth/token/revoke-self", shown: "auth/token/revoke-self", caps: []string{"update"}}
	err := r.attempt(ctx, nil, func(ctx context.Context) (*api.Response, error) {
		return r.api.Logical().WriteRawWithContext(ctx, what.path, []byte("{}"))
	})
	if err != nil {
		r.problem(say.Both("ending the collector's own token", "het beëindigen van het eigen token van Waarborg"), what, err)
	}
}

func (r *run) add(name string, a inventory.Attributes, calls, permission string, id ...string) {
	one := r.env.ID(id...)
	// Names that differ in case alone have one pseudonym.
	if r.ids[one]++; r.ids[one] > 1 {
		one = fmt.Sprintf("%s-%d", one, r.ids[one])
	}
	r.out = append(r.out, inventory.Draft{ID: one, Name: name, Attributes: a,
		Provenance: r.env.Provenance(collectorName, calls, permission)})
}

// problem reports that a call failed and returns the reason for the facts that depended on it.
func (r *run) problem(subject say.Text, what call, err error) inventory.Reason {
	reason, hint := inventory.Reason{Code: inventory.SourceError, Detail: what.shown}, say.Both("see the log of Vault",
		"kijk in het logboek van Vault")
	var failed *callError
	if errors.As(err, &failed) {
		switch {
		case failed.status == http.StatusForbidden:
			reason.Code, hint = inventory.Permission, say.Both("add to the collector's policy: %s",
				"voeg toe aan de policy van Waarborg: %s", what.policyLine())
		case failed.status == http.StatusNotFound, failed.status == http.StatusMethodNotAllowed, failed.status == http.StatusBadRequest:
			reason.Code = inventory.Unsupported
			hint = say.Both("this Vault has no such path; it is read from version 1.10 on",
				"deze Vault heeft dit pad niet; Vault wordt gelezen vanaf versie 1.10")
		case failed.status == 0:
			reason.Code, hint = inventory.Malformed, say.Both("report this with the version of Vault",
				"meld dit met de versie van Vault")
		}
	}
	r.env.Problem(collect.Problem{What: subject, Reason: reason, Hint: hint})
	return reason
}

// cut reports that a listing is longer than what is read of it.
func (r *run) cut(subject say.Text, what call) inventory.Reason {
	reason := inventory.Reason{Code: inventory.SourceError, Detail: what.shown}
	r.env.Problem(collect.Problem{What: subject, Reason: reason,
		Hint: say.Both("Vault has more than %d of them; the rest was not read: remove what is no longer used",
			"Vault heeft er meer dan %d; de rest is niet gelezen: verwijder wat niet meer wordt gebruikt", maxItems)})
	return reason
}

var plainName = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// name shows a name of a policy, role, mount or key if it is a plain word, else a pseudonym: Vault lets people write
// anything in it.
func (r *run) name(s string) string {
	if plainName.MatchString(s) {
		return s
	}
	return r.env.Pseudonyms.Token(s)
}

// path shows a path of plain words.
func (r *run) path(s string) string {
	segs := strings.Split(strings.Trim(s, "/"), "/")
	for i, seg := range segs {
		segs[i] = r.name(seg)
	}
	return strings.Join(segs, "/")
}
