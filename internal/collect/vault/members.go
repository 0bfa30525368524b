package vault

import (
	"context"
	"fmt"
	"slices"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// member is a role or user of an auth method: who may get a token there, with which policies and for how long.
type member struct {
	Policies    []string `json:"token_policies"`
	OldPolicies []string `json:"policies"`
	NoDefault   bool     `json:"token_no_default_policy"`
	MaxTTL      int64    `json:"token_max_ttl"` // seconds, as the next three; 0: not set
	ExplicitTTL int64    `json:"token_explicit_max_ttl"`
	Period      int64    `json:"token_period"`
	OldPeriod   int64    `json:"period"`           // of token roles, as the next
	OldExplicit int64    `json:"explicit_max_ttl"` // older Vaults
	RoleType    string   `json:"role_type"`        // of jwt: oidc for people with a browser
	Allowed     []string `json:"allowed_policies"` // of token roles, as the next
	AllowedGlob []string `json:"allowed_policies_glob"`

	name string
}

// members are what an auth method has of them.
type members struct {
	mount
	list   []member
	reason *inventory.Reason // why they could not be read, or not all
}

// memberLists says where an auth method keeps its members. Of other methods they are not read, and so unknown.
var memberLists = map[string]string{"approle": "role", "kubernetes": "role", "jwt": "role", "oidc": "role", "userpass": "users", "token": "roles"}

func (r *run) readMembers(ctx context.Context, m mounts) []members {
	if m.authReason != nil {
		return []members{{mount: mount{shown: "auth"}, reason: m.authReason}}
	}
	var out []members
	for _, a := range m.auth {
		out = append(out, r.readMembersOf(ctx, a))
	}
	return out
}

func (r *run) readMembersOf(ctx context.Context, a mount) members {
	set := members{mount: a}
	subject := say.Both("who may sign in at auth/%s", "wie mag inloggen bij auth/%s", a.shown)
	kind, ok := memberLists[a.Type]
	if !ok {
		set.reason = &inventory.Reason{Code: inventory.Unsupported, Detail: "auth/" + a.shown}
		r.env.Problem(collect.Problem{What: subject, Reason: *set.reason,
			Hint: say.Both("the roles and users of this auth method are not read yet; its grants stay unknown",
				"de rollen en gebruikers van deze inlogmethode worden nog niet gelezen; de rechten blijven onbekend")})
		return set
	}
	what := listCall("auth/" + a.path + "/" + kind).as("auth/" + a.shown + "/" + kind)
	found, err := list[struct{}](ctx, r.client, what)
	if err != nil {
		set.reason = new(r.problem(subject, what, err))
		return set
	}
	names := found.Keys
	if len(names) > maxItems {
		names, set.reason = names[:maxItems], new(r.cut(subject, what))
	}
	for _, name := range names {
		one := item(what, name)
		got, err := get[member](ctx, r.client, one)
		if err != nil {
			set.reason = new(r.problem(subject, one, err))
			continue
		}
		got.name = name
		set.list = append(set.list, got)
	}
	return set
}

func (m member) policies() []string {
	out := slices.Concat(m.Policies, m.OldPolicies)
	if !m.NoDefault {
		out = append(out, "default")
	}
	return out
}

// longest is how long a member's token can live, in seconds, within what the mount allows (0: not known). A periodic token
// without an explicit limit has no end.
func (m member) longest(mount int64) (seconds int64, endless bool) {
	explicit, period := max(m.ExplicitTTL, m.OldExplicit), max(m.Period, m.OldPeriod)
	switch {
	case explicit > 0 && period > 0:
		return explicit, false
	case period > 0:
		return 0, true
	}
	seconds = mount
	for _, limit := range []int64{explicit, m.MaxTTL} {
		if limit > 0 && (seconds == 0 || limit < seconds) {
			seconds = limit
		}
	}
	return seconds, false
}

// readLifetimes works out the longest that a token of any auth method can live.
func (r *run) readLifetimes(m mounts, all []members) {
	if m.authReason != nil {
		r.store.TokenMaxTTL = unknown[int](m.authReason)
		return
	}
	var longest int64
	var endless bool
	var reason *inventory.Reason
	for _, set := range all {
		if set.mount.reason != nil {
			reason = set.mount.reason
		}
		if set.reason != nil {
			reason = set.reason
		}
		// A token can also be made without a role; and of what could not be read, the mount's limit is the least known.
		if set.Type == "token" || set.reason != nil {
			longest = max(longest, set.tune.MaxLease)
		}
		for _, one := range set.list {
			seconds, ends := one.longest(set.tune.MaxLease)
			longest, endless = max(longest, seconds), endless || ends
		}
	}
	switch {
	case endless:
		r.store.TokenMaxTTL = inventory.Known(0) // nothing that was not read can be longer
	case longest == 0:
		r.store.TokenMaxTTL = inventory.Unknown[int](inventory.NotReported, "sys/mounts/auth/token/tune")
		if reason != nil {
			r.store.TokenMaxTTL = unknown[int](reason)
		}
	default:
		r.store.TokenMaxTTL = partly(hours(longest), reason)
	}
}

// enforcement is a login MFA enforcement: whom it asks for a second factor.
type enforcement struct {
	Accessors []string `json:"auth_method_accessors"`
	Types     []string `json:"auth_method_types"`
	Groups    []string `json:"identity_group_ids"`
	Entities  []string `json:"identity_entity_ids"`
}

// People sign in by these; the second group leaves the signing in to a system that may itself ask for a second factor.
var (
	humanMethods     = []string{"userpass", "ldap", "radius", "github", "kerberos"}
	delegatedMethods = []string{"oidc", "okta", "saml"}
)

// readSignIns says by which methods people sign in without a second factor, and the rules of the userpass methods.
func (r *run) readSignIns(ctx context.Context, m mounts, all []members) {
	what := listCall("identity/mfa/login-enforcement")
	found, err := list[enforcement](ctx, r.client, what)
	var reason *inventory.Reason
	switch {
	case err != nil:
		reason = new(r.problem(say.Both("the second factors", "de tweede factoren"), what, err))
	case len(found.Info) < len(found.Keys):
		reason = &inventory.Reason{Code: inventory.Unsupported, Detail: what.shown}
	}
	r.store.HumanWithoutMFA = withoutMFA(m, all, found.Info, reason)
	lockout := r.serverLockout(ctx, m)
	for _, a := range m.auth {
		if a.Type == "userpass" {
			r.add("sign-in at auth/"+a.shown, signIn(a, found.Info, reason, lockout), "sys/mounts/auth/+/tune, "+what.shown, "read", "sign-in", a.shown)
		}
	}
}

func withoutMFA(m mounts, all []members, enforced map[string]enforcement, reason *inventory.Reason) inventory.Fact[[]string] {
	if m.authReason != nil {
		return unknown[[]string](m.authReason)
	}
	var without []string
	var doubt *inventory.Reason
	for _, set := range all {
		own, delegated := slices.Contains(humanMethods, set.Type), slices.Contains(delegatedMethods, set.Type)
		if set.Type == "jwt" {
			delegated = set.reason != nil || slices.ContainsFunc(set.list, func(m member) bool { return m.RoleType == "oidc" })
		}
		asked, _ := covered(set.mount, enforced)
		switch {
		case asked || !own && !delegated:
		case reason != nil:
			return unknown[[]string](reason)
		case own:
			without = append(without, set.shown)
		default:
			doubt = &inventory.Reason{Code: inventory.NotReported, Detail: "auth/" + set.shown}
		}
	}
	return partly(without, doubt)
}

// covered tells whether everybody who signs in at a mount is asked for a second factor, and whether some may be.
func covered(a mount, enforced map[string]enforcement) (all, some bool) {
	for _, e := range enforced {
		if slices.Contains(e.Accessors, a.Accessor) || slices.Contains(e.Types, a.Type) {
			return true, true
		}
		some = some || len(e.Groups)+len(e.Entities) > 0
	}
	return false, some
}

func signIn(a mount, enforced map[string]enforcement, reason *inventory.Reason, lockout inventory.Fact[bool]) *inventory.SignIn {
	s := &inventory.SignIn{Audience: inventory.Known("staff")}
	s.Password.None = inventory.Known(false)
	all, some := covered(a, enforced)
	switch {
	case all:
		s.MFA = inventory.MFA{Required: inventory.Known(true), Exclusions: inventory.Known(0), Coverage: inventory.Known(100)}
	case reason != nil:
		s.MFA = inventory.MFA{Required: unknown[bool](reason), Exclusions: unknown[int](reason), Coverage: unknown[int](reason)}
	case some: // of groups or single people: not everybody
		s.MFA.Required = inventory.Known(false)
	default:
		s.MFA = inventory.MFA{Required: inventory.Known(false), Coverage: inventory.Known(0)}
	}
	switch {
	case a.reason != nil:
		s.Lockout = unknown[bool](a.reason)
	case a.tune.LockoutDisable:
		s.Lockout = inventory.Known(false)
	default:
		s.Lockout = lockout
	}
	// Vault has no rules for the passwords of userpass, and does not say how long they are.
	inventory.SetUnknown(s, inventory.Reason{Code: inventory.NotReported, Detail: "userpass"})
	return s
}

// serverLockout says whether the server's own configuration leaves the lockout of userpass on, as it is by default
// since Vault 1.13.
func (r *run) serverLockout(ctx context.Context, m mounts) inventory.Fact[bool] {
	if !slices.ContainsFunc(m.auth, func(a mount) bool { return a.Type == "userpass" }) {
		return inventory.Fact[bool]{}
	}
	var major, minor int
	if n, err := fmt.Sscanf(r.version, "%d.%d", &major, &minor); n != 2 || err != nil {
		return inventory.Unknown[bool](inventory.Malformed, "sys/seal-status")
	}
	if major == 1 && minor < 13 {
		return inventory.Known(false)
	}
	what := readCall("sys/config/state/sanitized")
	config, err := get[struct {
		Lockouts []struct {
			Type    string `json:"type"`
			Disable bool   `json:"disable_lockout"`
		} `json:"user_lockout_configs"`
	}](ctx, r.client, what)
	if err != nil {
		return unknown[bool](new(r.problem(say.Both("the lockout of the server's configuration",
			"de blokkering na mislukte pogingen in de configuratie van de server"), what, err)))
	}
	on := true
	for _, l := range config.Lockouts {
		if l.Type == "all" {
			on = !l.Disable
		}
	}
	for _, l := range config.Lockouts {
		if l.Type == "userpass" { // weighs more than all
			on = !l.Disable
		}
	}
	return inventory.Known(on)
}
