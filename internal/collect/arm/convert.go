package arm

import (
	"strings"
	"time"
)

// ref is the id of another resource, until join.go decides what it leads to.
type ref struct {
	id    string // with marks
	owner bool   // what the resource itself belongs to
	named bool   // the attribute wants the name alone
	role  bool   // of a role: one of Azure's own, or one of the input that has just this id
}

// build makes the attributes of a block, or of a whole resource. What is not there is left out.
func build(body any, fields []attribute) map[string]any {
	out := map[string]any{}
	for _, f := range fields {
		v := get(body, f.from)
		if f.by != nil && v != nil {
			v = f.by(v)
		}
		if v != nil {
			out[f.to] = v
		}
	}
	return out
}

// words translates the words of a closed list, in any case. A word that is not in it stays, and is not understood later.
func words(list map[string]any) func(any) any {
	return func(v any) any {
		if s, ok := v.(string); ok {
			if t, ok := list[strings.ToLower(s)]; ok {
				return t
			}
		}
		return v
	}
}

// opaque is a value of which nothing can be read, as it is or as broken.
func opaque(v any) any {
	if isOpaque(v) {
		return v
	}
	return broken{}
}

// block makes a list of one block of an object.
func block(fields ...attribute) func(any) any {
	return func(v any) any {
		if object, ok := v.(map[string]any); ok {
			return []any{build(object, fields)}
		}
		return opaque(v)
	}
}

// blocks makes a block of each object of a list.
func blocks(fields ...attribute) func(any) any {
	return func(v any) any {
		items, ok := v.([]any)
		if !ok {
			return opaque(v)
		}
		out := make([]any, len(items))
		for i, item := range items {
			switch object := item.(type) {
			case map[string]any:
				out[i] = build(object, fields)
			case after, secret:
				out[i] = item
			default:
				out[i] = broken{}
			}
		}
		return out
	}
}

// each takes one member of each object of a list.
func each(member string) func(any) any {
	return func(v any) any {
		items, ok := v.([]any)
		if !ok {
			return opaque(v)
		}
		out := make([]any, len(items))
		for i, item := range items {
			if out[i] = get(item, member); out[i] == nil {
				out[i] = broken{}
			}
		}
		return out
	}
}

// list is a list, or one element that nothing can be read of.
func list(v any) []any {
	switch t := v.(type) {
	case nil:
		return nil
	case []any:
		return t
	}
	return []any{opaque(v)}
}

func id(v any) any      { return refTo(v, false) }
func ownerID(v any) any { return refTo(v, true) }

func refTo(v any, owner bool) any {
	s, ok := name(v)
	if _, isText := v.(string); !ok || s == "" || !isText && !isMarked(s) {
		if s == "" && isText {
			return nil
		}
		return v
	}
	return ref{id: s, owner: owner}
}

// made keeps an id of which only matters that it is there. One that is not known at all may also be empty.
func made(v any) any {
	if s, ok := name(v); ok && (strings.HasPrefix(s, "/") || !isMarked(s)) {
		return shown(s)
	}
	return v
}

// replication is the last part of a storage account's SKU: Standard_RAGRS.
func replication(v any) any {
	s, _ := v.(string)
	_, word, ok := strings.Cut(s, "_")
	if !ok {
		return v
	}
	// The generation with provisioned capacity has a V2 in between: StandardV2_ZRS.
	return word
}

// storageKey tells whose key it is: a list without a block says that Azure keeps it.
func storageKey(v any) any {
	source := get(v, "keySource")
	s, ok := source.(string)
	switch {
	case source == nil:
		return nil
	case ok && strings.EqualFold(s, "Microsoft.Storage"):
		return []any{}
	case ok && strings.EqualFold(s, "Microsoft.Keyvault"):
		return []any{keyOf(get(v, "keyvaultproperties.keyvaulturi"))}
	case isOpaque(source):
		return source
	}
	return broken{}
}

// keyOf is a block that names a key by its address, in a vault or in a managed HSM. An address that is known only after
// apply is a key's nevertheless.
func keyOf(v any) any {
	s, ok := v.(string)
	switch {
	case ok && strings.Contains(strings.ToLower(s), ".managedhsm."):
		return map[string]any{"managed_hsm_key_id": s}
	case ok:
		return map[string]any{"key_vault_key_id": s}
	case v == nil:
		return map[string]any{}
	}
	return map[string]any{"key_vault_key_id": v}
}

func serverKey(v any) any {
	kind := get(v, "type")
	s, ok := kind.(string)
	switch {
	case kind == nil && get(v, "primaryKeyURI") == nil:
		return nil
	case kind == nil, ok && strings.EqualFold(s, "AzureKeyVault"):
		return []any{keyOf(get(v, "primaryKeyURI"))}
	case ok && strings.EqualFold(s, "SystemManaged"):
		return []any{}
	case isOpaque(kind):
		return kind
	}
	return broken{}
}

// protectorKey is the key of a server's encryption protector, if it is kept in what is asked for.
func protectorKey(hsm bool) func(any) any {
	return func(v any) any {
		kind := get(v, "serverKeyType")
		s, ok := kind.(string)
		switch {
		case ok && strings.EqualFold(s, "ServiceManaged"):
			return nil
		case !ok || !strings.EqualFold(s, "AzureKeyVault"):
			if kind == nil || ok {
				return broken{}
			}
			return kind
		}
		uri := get(v, "uri")
		if uri == nil {
			uri = after{} // the server's key names it
		}
		text, known := uri.(string)
		if isHSM := known && strings.Contains(strings.ToLower(text), ".managedhsm."); isHSM != hsm {
			return nil
		}
		return uri
	}
}

func highAvailability(v any) any {
	mode := get(v, "mode")
	if s, ok := mode.(string); ok && strings.EqualFold(s, "Disabled") {
		return []any{}
	}
	if mode == nil {
		return nil
	}
	return []any{map[string]any{"mode": mode}}
}

// softDelete makes a block with days if it is switched on, and none if it is switched off.
func softDelete(v any) any {
	switch on := get(v, "enabled").(type) {
	case bool:
		if !on {
			return []any{}
		}
		return []any{build(v, []attribute{{"days", "days", nil}})}
	case nil:
		return nil
	case after, secret:
		return on
	}
	return broken{}
}

// vaultSoftDelete is for how many days; none if it is switched off, which older vaults can have.
func vaultSoftDelete(v any) any {
	if on, ok := get(v, "enableSoftDelete").(bool); ok && !on {
		return 0.0
	}
	if on := get(v, "enableSoftDelete"); isOpaque(on) {
		return on
	}
	return get(v, "softDeleteRetentionInDays")
}

// fromUnix makes a date of seconds since 1970.
func fromUnix(v any) any {
	n, ok := v.(float64)
	if !ok || n < 0 || n > 1<<40 {
		return opaque(v)
	}
	return time.Unix(int64(n), 0).UTC().Format(time.RFC3339)
}

// rotation makes the policy's block: of its actions only the one that rotates.
func rotation(v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return opaque(v)
	}
	policy := map[string]any{}
	if expiry := get(object, "attributes.expiryTime"); expiry != nil {
		policy["expire_after"] = expiry
	}
	actions := get(object, "lifetimeActions")
	if isOpaque(actions) {
		policy["automatic"] = actions
		return []any{policy}
	}
	if actions == nil {
		return []any{policy}
	}
	automatic := []any{}
	for _, a := range list(actions) {
		kind := get(a, "action.type")
		s, ok := kind.(string)
		switch {
		case ok && strings.EqualFold(s, "rotate"):
			automatic = append(automatic, build(a, []attribute{{"time_after_creation", "trigger.timeAfterCreate", nil},
				{"time_before_expiry", "trigger.timeBeforeExpiry", nil}}))
		case isOpaque(a) || isOpaque(kind):
			policy["automatic"] = plain(after{})
			return []any{policy}
		}
	}
	policy["automatic"] = automatic
	return []any{policy}
}

// connections are those of a private endpoint, approved by itself or by hand.
func connections(v any) any {
	var out []any
	for _, key := range []string{"privateLinkServiceConnections", "manualPrivateLinkServiceConnections"} {
		all := get(v, key)
		if isOpaque(all) {
			return plain(all)
		}
		for _, c := range list(all) {
			if isOpaque(c) {
				return plain(c)
			}
			out = append(out, build(c, []attribute{{"private_connection_resource_id", "properties.privateLinkServiceId", ownerID}}))
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// securityRules are the rules in a group itself. Azure puts a group as a whole: one that names none has none.
func securityRules(v any) any {
	rules := get(v, "securityRules")
	if rules == nil {
		return []any{}
	}
	if isOpaque(rules) {
		return rules
	}
	return blocks(portRule("properties.")...)(rules)
}

// role is the definition of a role, which has the same id at every scope.
func role(v any) any {
	s, ok := name(v)
	if !ok || isMarked(lastSegment(s)) && !strings.Contains(s, "/") {
		return plain(v)
	}
	return ref{id: roleID(s), role: true}
}

func roleID(s string) string {
	if kind, _ := typeOf(s); strings.EqualFold(kind, "Microsoft.Authorization/roleDefinitions") {
		return "/subscriptions/" + unknownText("-") + "/providers/Microsoft.Authorization/roleDefinitions/" + lastSegment(s)
	}
	return s
}
