package terraform

import (
	"cmp"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// accessPolicy is what a conditional access policy demands, of whom.
type accessPolicy struct {
	audience   string // staff: all users; admin: holders of directory roles; empty: some people only
	on         bool
	mfa        bool // asks for multi-factor, for every application
	device     bool // lets in managed devices only, for every application
	noLegacy   bool // blocks protocols without multi-factor
	exclusions int
	why        inventory.Reason // a part that is not known; then it proves nothing
	gap        inventory.Reason // exclusions that cannot be counted
	source     inventory.Provenance
}

// conditionalAccess maps azuread_conditional_access_policy. A tenant's sign-in is made by its policies together, so they
// are put together per audience in signIns, rather than a resource each.
func conditionalAccess(g *graph, r resource) {
	p := accessPolicy{source: g.provenance(r.typ)}
	state := fact(r.object, oneOf(map[string]bool{"enabled": true, "disabled": false, "enabledforreportingbutnotenforced": false}), "state")
	p.on, _ = state.Value()
	if state.IsUnknown() {
		p.why = state.Reason()
	}
	conditions, found, _, why := r.block("conditions")
	if !found {
		p.why = cmp.Or(p.why, reasonOr(why, "conditions"))
	}
	p.people(conditions)
	everywhere := p.everywhere(conditions)
	clients, _, why := conditions.strings("client_app_types")
	p.why = cmp.Or(p.why, why)
	controls, demandsAll := p.controls(r.object)
	allClients := slices.Contains(clients, "all") || slices.Contains(clients, "browser") && slices.Contains(clients, "mobileAppsAndDesktopClients")
	sure := func(control string) bool {
		return everywhere && allClients && slices.Contains(controls, control) && (demandsAll || len(controls) == 1)
	}
	p.mfa = sure("mfa")
	p.device = sure("compliantDevice") || sure("domainJoinedDevice") ||
		everywhere && allClients && subset(controls, "compliantDevice", "domainJoinedDevice")
	legacy := slices.Contains(clients, "exchangeActiveSync") && slices.Contains(clients, "other")
	p.noLegacy = everywhere && legacy && slices.Contains(controls, "block")
	g.policies = append(g.policies, p)
}

// subset tells whether there is a control and all are of the ones named.
func subset(controls []string, of ...string) bool {
	return len(controls) > 0 && !slices.ContainsFunc(controls, func(c string) bool { return !slices.Contains(of, c) })
}

// people reads for whom the policy is.
func (p *accessPolicy) people(conditions object) {
	users, found, _, why := conditions.block("users")
	if !found {
		p.why = cmp.Or(p.why, reasonOr(why, "users"))
		return
	}
	included, _, why := users.strings("included_users")
	p.why = cmp.Or(p.why, why)
	roles, _, why := users.strings("included_roles")
	p.why = cmp.Or(p.why, why)
	switch {
	case slices.Contains(included, "All"):
		p.audience = "staff"
	case len(roles) > 0:
		p.audience = "admin"
	}
	excluded, _, why := users.strings("excluded_users")
	p.gap = why
	p.exclusions = len(excluded)
	for _, attr := range []string{"excluded_groups", "excluded_roles"} {
		list, _, why := users.strings(attr)
		p.gap = cmp.Or(p.gap, why)
		if len(list) > 0 {
			// How many accounts a group or role has is not in the file.
			p.gap = cmp.Or(p.gap, inventory.Reason{Code: inventory.NotReported, Detail: attr})
		}
	}
}

// everywhere tells whether the policy holds for every application, from every place and platform.
func (p *accessPolicy) everywhere(conditions object) bool {
	apps, found, _, why := conditions.block("applications")
	if !found {
		p.why = cmp.Or(p.why, reasonOr(why, "applications"))
		return false
	}
	included, _, why := apps.strings("included_applications")
	p.why = cmp.Or(p.why, why)
	excluded, _, why := apps.strings("excluded_applications")
	p.why = cmp.Or(p.why, why)
	for _, narrowing := range []string{"locations", "platforms", "devices"} {
		list, _, why := conditions.blocks(narrowing)
		p.why = cmp.Or(p.why, why)
		if len(list) > 0 {
			return false
		}
	}
	for _, narrowing := range []string{"sign_in_risk_levels", "user_risk_levels", "service_principal_risk_levels"} {
		list, _, why := conditions.strings(narrowing)
		p.why = cmp.Or(p.why, why)
		if len(list) > 0 {
			return false
		}
	}
	return slices.Contains(included, "All") && len(excluded) == 0
}

// controls reads what the policy asks for; all: every control, rather than one of them.
func (p *accessPolicy) controls(o object) (controls []string, all bool) {
	grant, found, _, why := o.block("grant_controls")
	if !found {
		p.why = cmp.Or(p.why, why) // a policy may have session controls alone
		return nil, false
	}
	controls, _, why = grant.strings("built_in_controls")
	p.why = cmp.Or(p.why, why)
	operator := grant.read("operator")
	p.why = cmp.Or(p.why, operator.why)
	for _, other := range []string{"custom_authentication_factors", "terms_of_use"} {
		list, _, why := grant.strings(other)
		p.why = cmp.Or(p.why, why)
		controls = append(controls, list...)
	}
	if grant.read("authentication_strength_policy_id").text() != "" {
		controls = append(controls, "authenticationStrength")
	}
	return controls, strings.EqualFold(operator.text(), "AND")
}

// signIns makes one sign_in for all staff and one for administrators of what their policies demand together. A policy
// proves what it demands; that no policy demands something is not known, for others may be made elsewhere.
func (f *File) signIns(policies []accessPolicy) []inventory.Draft {
	var out []inventory.Draft
	for _, audience := range []string{"staff", "admin"} {
		s := &inventory.SignIn{Audience: inventory.Known(audience)}
		var source inventory.Provenance
		for _, p := range policies {
			if p.audience == audience {
				source = p.source
			}
			// Administrators are staff too; what holds for all users holds for them.
			if p.audience == audience || p.audience == "staff" {
				p.prove(s)
			}
		}
		if source.Collector == "" {
			continue
		}
		id := "conditional_access." + audience
		out = append(out, inventory.Draft{ID: f.env.ID(id), Name: id, Attributes: s, Provenance: source})
	}
	return out
}

// prove sets the facts that the policy makes true. Of two policies that ask for multi-factor the one with fewer
// exclusions counts: whoever one leaves out, the other may still catch.
func (p accessPolicy) prove(s *inventory.SignIn) {
	if p.why.Code != "" {
		s.MFA.Required = s.MFA.Required.Or(unknown[bool](p.why))
		s.Device, s.LegacyAuth = s.Device.Or(unknown[bool](p.why)), s.LegacyAuth.Or(unknown[bool](p.why))
		return
	}
	if !p.on {
		return
	}
	if p.mfa {
		s.MFA.Required = inventory.Known(true)
		left := inventory.Known(p.exclusions)
		if p.gap.Code != "" {
			left = inventory.Partial(p.exclusions, p.gap.Code, p.gap.Detail)
		}
		have, ok := s.MFA.Exclusions.Value()
		if !ok || s.MFA.Exclusions.IsUnknown() && p.gap.Code == "" || p.gap.Code == "" && p.exclusions < have {
			s.MFA.Exclusions = left
		}
	}
	if p.device {
		s.Device = inventory.Known(true)
	}
	if p.noLegacy {
		s.LegacyAuth = inventory.Known(false)
	}
}
