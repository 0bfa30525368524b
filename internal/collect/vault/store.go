package vault

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/vault/api"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// readSeal needs no login. It is an error if Vault is sealed: nothing else can be read then.
func (r *run) readSeal(ctx context.Context) error {
	r.store.TLS = inventory.Known(strings.HasPrefix(r.cfg.Address, "https://"))
	var status struct {
		Type        string `json:"type"`
		Initialized bool   `json:"initialized"`
		Sealed      *bool  `json:"sealed"`
		Storage     string `json:"storage_type"`
		Version     string `json:"version"`
	}
	what := readCall("sys/seal-status")
	// Vault Enterprise answers it in the root namespace alone.
	root := r.api.WithNamespace("")
	err := r.do(ctx, &status, func(ctx context.Context) (*api.Response, error) {
		return root.Logical().ReadRawWithContext(ctx, what.path)
	})
	var failed *callError
	switch {
	case errors.As(err, &failed):
		return &collect.Error{Code: inventory.SourceError, Msg: noVault(r.host),
			Hint: say.Both("check the address and port; where Vault speaks TLS the address begins with https://",
				"controleer het adres en de poort; spreekt Vault TLS, dan begint het adres met https://")}
	case err != nil:
		return err
	case status.Sealed == nil:
		return &collect.Error{Code: inventory.Malformed,
			Msg: noVault(r.host), Hint: say.Both("check the address and port", "controleer het adres en de poort")}
	}
	r.version = status.Version
	r.store.Sealed = inventory.Known(*status.Sealed)
	r.store.SealType = word(status.Type)
	r.store.Storage = word(status.Storage)
	switch {
	case !status.Initialized:
		return &collect.Error{Code: inventory.SourceError,
			Msg: say.Both("Vault at %s is not initialised", "Vault op %s is niet geïnitialiseerd", r.host),
			Hint: say.Both("initialise and unseal it (vault operator init)",
				"initialiseer en ontzegel de Vault (vault operator init)")}
	case *status.Sealed:
		return &collect.Error{Code: inventory.SourceError,
			Msg:  say.Both("Vault at %s is sealed", "Vault op %s is verzegeld", r.host),
			Hint: say.Both("unseal it (vault operator unseal)", "ontzegel de Vault (vault operator unseal)")}
	}
	return nil
}

func noVault(host string) say.Text {
	return say.Both("what answers at %s does not seem to be a Vault", "wat op %s antwoordt, lijkt geen Vault te zijn", host)
}

// word is a fact of a word that Vault has a closed list of.
func word(s string) inventory.Fact[string] {
	switch {
	case s == "":
		return inventory.Unknown[string](inventory.NotReported, "sys/seal-status")
	case !plainName.MatchString(s):
		return inventory.Unknown[string](inventory.Malformed, "sys/seal-status")
	}
	return inventory.Known(s)
}

// mount is an auth method or a secrets engine at a path.
type mount struct {
	Type     string `json:"type"`
	Accessor string `json:"accessor"`

	path   string            // without a slash at its end
	shown  string            // of plain words
	tune   tune              // if tuned
	reason *inventory.Reason // why tune could not be read
}

// tune is a mount's settings as they work out, the server's defaults filled in.
type tune struct {
	MaxLease       int64 `json:"max_lease_ttl"` // seconds
	LockoutDisable bool  `json:"user_lockout_disable"`
}

type mounts struct {
	auth, secret             []mount           // sorted by path
	authReason, secretReason *inventory.Reason // why they could not be listed
}

// noLeases are secrets engines that give no leases.
var noLeases = []string{"kv", "generic", "cubbyhole", "identity", "system", "transit", "totp", "transform", "keymgmt",
	"ns_cubbyhole", "ns_identity", "ns_system", "ns_token"}

func (r *run) readMounts(ctx context.Context) mounts {
	var m mounts
	m.auth, m.authReason = r.listMounts(ctx, "sys/auth", say.Both("the auth methods", "de inlogmethoden"))
	m.secret, m.secretReason = r.listMounts(ctx, "sys/mounts", say.Both("the secrets engines", "de secrets engines"))
	for i := range m.auth {
		r.readTune(ctx, &m.auth[i], "auth/")
	}
	if m.authReason != nil {
		r.store.AuthMethods = unknown[[]string](m.authReason)
	} else {
		types := map[string]bool{}
		for _, a := range m.auth {
			types[r.name(a.Type)] = true
		}
		r.store.AuthMethods = inventory.Known(slices.Sorted(maps.Keys(types)))
	}
	longest, reason, some := int64(0), m.secretReason, false
	for i := range m.secret {
		s := &m.secret[i]
		if slices.Contains(noLeases, s.Type) {
			continue
		}
		some = true
		r.readTune(ctx, s, "")
		if s.reason != nil {
			reason = s.reason
			continue
		}
		longest = max(longest, s.tune.MaxLease)
	}
	switch {
	case !some && reason == nil:
		r.store.LeaseMaxTTL = inventory.Absent[int]() // nothing that gives leases
	case longest == 0 && reason != nil:
		r.store.LeaseMaxTTL = unknown[int](reason)
	default:
		r.store.LeaseMaxTTL = partly(hours(longest), reason)
	}
	return m
}

func (r *run) listMounts(ctx context.Context, path string, subject say.Text) ([]mount, *inventory.Reason) {
	what := readCall(path)
	found, err := get[map[string]mount](ctx, r.client, what)
	if err != nil {
		return nil, new(r.problem(subject, what, err))
	}
	var out []mount
	for _, p := range slices.Sorted(maps.Keys(found)) {
		m := found[p]
		m.path = strings.TrimSuffix(p, "/")
		m.shown = r.path(m.path)
		out = append(out, m)
	}
	return out, nil
}

// readTune reads a mount's settings. The path of an auth method's settings below sys/auth would need sudo; this one
// gives the same without.
func (r *run) readTune(ctx context.Context, m *mount, under string) {
	what := readCall("sys/mounts/" + under + m.path + "/tune").as("sys/mounts/" + under + m.shown + "/tune")
	var err error
	if m.tune, err = get[tune](ctx, r.client, what); err != nil {
		m.reason = new(r.problem(say.Both("the settings of the mount %s",
			"de instellingen van de mount %s", under+m.shown), what, err))
	}
}

func (r *run) readAudit(ctx context.Context) {
	r.env.Step(say.Both("audit devices", "audit devices lezen"))
	what := readCall("sys/audit").sudo()
	devices, err := get[map[string]struct{}](ctx, r.client, what)
	if err != nil {
		r.store.AuditDevices = unknown[int](new(r.problem(say.Both("the audit devices", "de audit devices"), what, err)))
		return
	}
	r.store.AuditDevices = inventory.Known(len(devices))
}

// policies are the ACL policies by name, root left out: it has no text.
type policies struct {
	all    map[string]policy
	unread map[string]inventory.Reason
	reason *inventory.Reason // why they could not be listed, or not all be read
}

func (r *run) readPolicies(ctx context.Context) policies {
	out := policies{all: map[string]policy{"root": {name: "root"}}, unread: map[string]inventory.Reason{}}
	what, subject := listCall("sys/policies/acl"), say.Both("the policies", "de policy's")
	found, err := list[struct{}](ctx, r.client, what)
	if err != nil {
		out.reason = new(r.problem(subject, what, err))
		r.store.SudoPolicies = unknown[[]string](out.reason)
		return out
	}
	names := found.Keys
	if len(names) > maxItems {
		names, out.reason = names[:maxItems], new(r.cut(subject, what))
	}
	for _, name := range names {
		if name == "root" {
			continue
		}
		one := item(what, name)
		got, err := get[struct {
			Text string `json:"policy"`
		}](ctx, r.client, one)
		if err != nil {
			out.unread[name] = r.problem(say.Both("a policy", "een policy"), one, err)
			continue
		}
		p, err := parsePolicy(name, got.Text)
		if err != nil {
			out.unread[name] = inventory.Reason{Code: inventory.Unsupported, Detail: one.shown}
			r.env.Problem(collect.Problem{What: say.Both("the policy %s",
				"de policy %s", r.name(name)), Reason: out.unread[name],
				Hint: say.Both("it has a capability or a form that is not known here: report this with the version of Vault",
					"er staat een capability of een vorm in die hier niet bekend is: meld dit met de versie van Vault")})
			continue
		}
		out.all[name] = p
	}
	r.store.SudoPolicies = r.sudoPolicies(out)
	return out
}

// sudoPaths are where sudo is the right of an administrator of Vault itself.
var sudoPaths = []string{"sys/", "auth/", "identity/"}

// readers are the paths whose mere reading asks for sudo; this collector needs them itself.
var readers = []string{"sys/audit", "auth/token/accessors", "auth/token/accessors/"}

func (r *run) sudoPolicies(p policies) inventory.Fact[[]string] {
	var names []string
	for name, one := range p.all {
		if name != "root" && sensitiveSudo(one, slices.Concat(sudoPaths, r.cfg.Sensitive)) {
			names = append(names, r.name(name))
		}
	}
	slices.Sort(names)
	reason := p.reason
	for _, name := range slices.Sorted(maps.Keys(p.unread)) {
		reason = new(p.unread[name])
	}
	return partly(names, reason)
}

func sensitiveSudo(p policy, prefixes []string) bool {
	p.rules = slices.DeleteFunc(slices.Clone(p.rules), func(r rule) bool {
		return slices.Contains(readers, r.path.String()) && r.caps&(capWrite|capDelete) == 0
	})
	if slices.ContainsFunc(p.rules, func(r rule) bool { return r.templated && r.caps&capSudo != 0 }) {
		return true
	}
	rules := newACL(p)
	return slices.ContainsFunc(prefixes, func(prefix string) bool {
		return rules.over(parsePattern(strings.TrimSuffix(prefix, "*")+"*")).caps&capSudo != 0
	})
}

// partly is a fact that is known, or, with a reason, known in part.
func partly[T any](v T, reason *inventory.Reason) inventory.Fact[T] {
	if reason == nil {
		return inventory.Known(v)
	}
	return inventory.Partial(v, reason.Code, reason.Detail)
}

func unknown[T any](reason *inventory.Reason) inventory.Fact[T] {
	return inventory.Unknown[T](reason.Code, reason.Detail)
}

// hours rounds up, so that a short time is not taken for 0, which means without end.
func hours(seconds int64) int { return int((seconds + 3599) / 3600) }

// isGone tells whether Vault says that a token has ended since it was listed.
func isGone(err error) bool {
	var failed *callError
	return errors.As(err, &failed) && (failed.status == http.StatusBadRequest || failed.status == http.StatusForbidden || failed.status == http.StatusNotFound) &&
		(strings.Contains(failed.hidden, "invalid accessor") || strings.Contains(failed.hidden, "bad token"))
}
