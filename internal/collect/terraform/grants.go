package terraform

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// builtIn are Azure's own roles that open a way to data or to rights, with what they allow, by their name and by the id
// that role_definition_id ends in. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var builtIn = []struct {
	name, id string
	rights   []string
}{
	{"Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", []string{"administer", "delete", "read", "write"}},
	{"Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", []string{"delete", "read", "write"}},
	{"Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", []string{"read"}},
	{"User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", []string{"administer", "read"}},
	{"Role Based Access Control Administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168", []string{"administer", "read"}},
	{"Storage Account Contributor", "17d1049b-9a84-46fb-8f53-869881c3d3ab", []string{"delete", "read", "write"}},
	{"Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", []string{"administer", "delete", "read", "write"}},
	{"Storage Blob Data Contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", []string{"delete", "read", "write"}},
	{"Storage Blob Data Reader", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", []string{"read"}},
	{"Storage Queue Data Contributor", "974c5e8b-45b9-4653-ba55-5f855dd0fb88", []string{"delete", "read", "write"}},
	{"Storage Queue Data Reader", "19e7f393-937e-4f77-808e-94535e297925", []string{"read"}},
	{"Storage File Data SMB Share Contributor", "0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb", []string{"delete", "read", "write"}},
	{"Storage File Data SMB Share Reader", "aba4ae5f-2193-4029-9191-0cb91df5e314", []string{"read"}},
	{"Key Vault Administrator", "00482a5a-887f-4fb3-b363-3b7fe8e74483", []string{"administer", "delete", "read", "write"}},
	{"Key Vault Contributor", "f25e0fa2-a7c8-4377-a976-54943a77a395", []string{"administer", "delete", "write"}},
	{"Key Vault Reader", "21090545-7ca7-4776-b22c-e363652d74d2", []string{"read"}},
	{"Key Vault Secrets Officer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", []string{"delete", "read", "write"}},
	{"Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6", []string{"read"}},
	{"Key Vault Crypto Officer", "14b46e9e-c2b7-41b4-b07b-48a6ebf60603", []string{"delete", "read", "write"}},
	{"Key Vault Crypto User", "12338af0-0e69-4776-bea7-57ae8d297424", []string{"read", "write"}},
	{"Key Vault Certificates Officer", "a4417e6f-fecd-4de8-b567-7b0420556985", []string{"delete", "read", "write"}},
	{"SQL DB Contributor", "9b7fa17d-e63e-47b0-bb0a-15c516ac86ec", []string{"delete", "read", "write"}},
	{"SQL Server Contributor", "6d8ee4ec-f05a-4a1d-8b00-a9b17e38b437", []string{"delete", "read", "write"}},
	{"Cosmos DB Account Reader Role", "fbdf93bf-df7d-467e-a4d2-9458aa1360c8", []string{"read"}},
	{"DocumentDB Account Contributor", "5bd9cd88-fe45-4216-938b-f97437e15450", []string{"delete", "read", "write"}},
	{"Log Analytics Contributor", "92aaf0da-9dab-42b6-94a3-d43ce8d16293", []string{"delete", "read", "write"}},
	{"Log Analytics Reader", "73c42c96-874c-492b-b04d-ab87d138a893", []string{"read"}},
	{"Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05", []string{"read"}},
	{"Backup Contributor", "5e467623-bb1f-42f4-a55d-6e525e11384b", []string{"delete", "read", "write"}},
	{"Backup Operator", "00c29273-979b-4161-815c-10b084fb9324", []string{"read", "write"}},
	{"Backup Reader", "a795c7a0-d4a2-40c1-ae25-d81f01202912", []string{"read"}},
}

// customRole is what of a custom role definition is needed.
type customRole struct {
	rights   inventory.Fact[[]string]
	wildcard inventory.Fact[bool]
}

var principalTypes = map[string]string{"user": "person", "group": "group", "serviceprincipal": "service"}

// roleAssignment maps azurerm_role_assignment: a right that stands until somebody takes it away.
func roleAssignment(g *graph, r resource) {
	grant := assignment(g, r)
	grant.Standing, grant.Expires = inventory.Known(true), inventory.Absent[string]()
}

// pimEligible maps azurerm_pim_eligible_role_assignment: a right that must be asked for each time.
func pimEligible(g *graph, r resource) {
	grant := assignment(g, r)
	grant.Standing, grant.Expires = inventory.Known(false), scheduleEnd(r.object)
}

// pimActive maps azurerm_pim_active_role_assignment: a right that stands, perhaps until a date.
func pimActive(g *graph, r resource) {
	grant := assignment(g, r)
	grant.Standing, grant.Expires = inventory.Known(true), scheduleEnd(r.object)
}

func assignment(g *graph, r resource) *inventory.Grant {
	grant := &inventory.Grant{
		Principal: principal(g, r, "principal_id"),
		Type:      fact(r.object, oneOf(principalTypes), "principal_type"),
	}
	if word, ok := grant.Type.Value(); ok {
		grant.Direct = inventory.Known(word != "group")
	} else if grant.Type.IsSet() {
		grant.Direct = unknown[bool](grant.Type.Reason())
	}
	n := g.node(r, grant)
	n.target, n.roleID = r.ref("scope"), r.ref("role_definition_id")
	n.target.within = true
	grant.Wildcard = wideScope(r.read("scope"))
	grant.Role, grant.Rights = builtInRole(r.read("role_definition_name"), n.roleID.value)
	return grant
}

// principal gives the pseudonym of the id of a person, group or service.
func principal(g *graph, r resource, attr string) inventory.Fact[string] {
	return fact(r.object, func(v any) (string, string) {
		s, ok := v.(string)
		if !ok || s == "" {
			return "", inventory.Malformed
		}
		return g.env.Pseudonyms.Token(s), ""
	}, attr)
}

// builtInRole finds a role by its name or id. The name of a role that is not Azure's own is free text, and is not
// carried over.
func builtInRole(name, id reading) (role inventory.Fact[string], rights inventory.Fact[[]string]) {
	if name.text() == "" && id.text() == "" {
		why := cmp.Or(name.why, id.why)
		if why.Code == "" {
			return role, rights
		}
		return unknown[string](why), unknown[[]string](why)
	}
	wanted := strings.ToLower(id.text())
	for _, b := range builtIn {
		if strings.EqualFold(name.text(), b.name) || name.text() == "" && strings.HasSuffix(wanted, "/"+b.id) {
			return inventory.Known(b.name), inventory.Known(b.rights)
		}
	}
	return inventory.Unknown[string](inventory.Unsupported, "role_definition_name"),
		inventory.Unknown[[]string](inventory.Unsupported, "role_definition_name")
}

// wideScope tells whether a scope is a whole subscription, management group or tenant.
func wideScope(scope reading) inventory.Fact[bool] {
	if scope.why.Code != "" {
		return unknown[bool](scope.why)
	}
	s := strings.Trim(strings.ToLower(scope.text()), "/")
	parts := strings.Split(s, "/")
	switch {
	case scope.absent():
		return inventory.Fact[bool]{}
	case scope.value == "/", len(parts) == 2 && parts[0] == "subscriptions",
		strings.HasPrefix(s, "providers/microsoft.management/managementgroups/"):
		return inventory.Known(true)
	case len(parts) > 2 && parts[0] == "subscriptions":
		return inventory.Known(false)
	}
	return inventory.Unknown[bool](inventory.Unsupported, "scope")
}

// scheduleEnd reads when an assignment of Privileged Identity Management ends.
func scheduleEnd(o object) inventory.Fact[string] {
	schedule, found, _, why := o.block("schedule")
	if !found {
		return unknown[string](reasonOr(why, "schedule"))
	}
	end, found, listed, why := schedule.block("expiration")
	switch {
	case why.Code != "":
		return unknown[string](why)
	case !found && listed:
		return inventory.Absent[string]()
	case !found:
		return inventory.Unknown[string](inventory.NotReported, "expiration")
	}
	date := end.read("end_date_time")
	if date.absent() || date.value == "" {
		return inventory.Unknown[string](inventory.AfterApply, "end_date_time") // a duration from when it is made
	}
	return fact(end, asDate, "end_date_time")
}

// roleDefinition maps azurerm_role_definition, a custom role, for the assignments of it.
func roleDefinition(g *graph, r resource) {
	n := g.helper(r)
	n.role = &customRole{}
	list, listed, why := r.blocks("permissions")
	if !listed {
		n.role.rights, n.role.wildcard = unknown[[]string](reasonOr(why, "permissions")), unknown[bool](reasonOr(why, "permissions"))
		return
	}
	rights, wild := map[string]bool{}, false
	for _, p := range list {
		for _, name := range []string{"actions", "data_actions"} {
			actions, _, bad := p.strings(name)
			why = cmp.Or(why, bad)
			for _, action := range actions {
				all, known := rightsOf(strings.ToLower(action), rights)
				wild = wild || all
				if !known {
					why = cmp.Or(why, inventory.Reason{Code: inventory.Unsupported, Detail: name})
				}
			}
		}
	}
	n.role.rights = rightsFact(rights, why)
	n.role.wildcard = inventory.Known(wild)
	if !wild && why.Code != "" && why.Code != inventory.Unsupported {
		n.role.wildcard = unknown[bool](why)
	}
}

// rightsOf adds the rights that an action of a custom role gives. all: it is a lone star. known is false for actions
// such as listKeys, of which only their own documentation says what they open.
func rightsOf(action string, rights map[string]bool) (all, known bool) {
	provider, _, _ := strings.Cut(action, "/")
	administers := provider == "microsoft.authorization" || strings.Contains(provider, "*") // such as */write
	switch {
	case action == "*" || action == "*/*":
		for _, r := range []string{"read", "write", "delete", "administer"} {
			rights[r] = true
		}
		return true, true
	case strings.HasSuffix(action, "/read"):
		rights["read"] = true
	case strings.HasSuffix(action, "/write"):
		rights["write"] = true
		rights["administer"] = rights["administer"] || administers
	case strings.HasSuffix(action, "/delete"):
		rights["delete"] = true
		rights["administer"] = rights["administer"] || administers
	case strings.HasSuffix(action, "/*"):
		rights["read"], rights["write"], rights["delete"] = true, true, true
		rights["administer"] = rights["administer"] || administers
	default:
		return false, false
	}
	return false, true
}

func rightsFact(rights map[string]bool, why inventory.Reason) inventory.Fact[[]string] {
	list := slices.Sorted(maps.Keys(rights))
	list = slices.DeleteFunc(list, func(s string) bool { return !rights[s] })
	switch {
	case why.Code == "":
		return inventory.Known(list)
	case len(list) > 0:
		return inventory.Partial(list, why.Code, why.Detail)
	}
	return unknown[[]string](why)
}

// closeGrant brings a grant together with its target and, if it is of a custom role, with that.
func (g *graph) closeGrant(n *node, grant *inventory.Grant) {
	if _, ok := grant.Role.Value(); !ok {
		g.closeRole(n, grant)
	}
	found, how := g.resolveClosed(n.target)
	switch {
	case how == exact && found[0].store != nil && !found[0].hidden:
		grant.Target = inventory.Known(g.env.ID(found[0].shown))
		grant.PersonalData, grant.Environment = found[0].store.PersonalData, found[0].store.Environment
		grant.Wildcard = inventory.Known(false) // one datastore, also if its id is known only after apply
		if n.scope.Applications == nil {
			n.scope = found[0].scope
		}
	default:
		grant.Target = unknown[string](n.target.lacking(how))
	}
	g.closeWildcard(n, grant)
}

// closeRole looks up a custom role.
func (g *graph) closeRole(n *node, grant *inventory.Grant) {
	if n.roleID.path == nil {
		return
	}
	found, how := g.resolve(n.roleID)
	if how != exact || found[0].role == nil {
		return
	}
	grant.Rights = found[0].role.rights
	n.role = found[0].role
}

// closeWildcard makes a grant of a custom role with the action * a wildcard, whatever its scope. A role that is not
// known may have that action.
func (g *graph) closeWildcard(n *node, grant *inventory.Grant) {
	if n.roleID.path == nil {
		return
	}
	if wide, ok := grant.Wildcard.Value(); ok && wide {
		return
	}
	if n.role != nil {
		if star, ok := n.role.wildcard.Value(); !ok || star {
			grant.Wildcard = n.role.wildcard
		}
		return
	}
	if _, ok := grant.Role.Value(); !ok {
		why := grant.Role.Reason()
		grant.Wildcard = unknown[bool](why)
	}
}
