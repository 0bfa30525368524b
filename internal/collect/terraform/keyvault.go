package terraform

import (
	"strings"

	"waarborg/internal/inventory"
)

// keyVault maps azurerm_key_vault. It is a datastore, not a secret_store: what an agreement asks of it, such as soft
// delete, purge protection and who can reach it, are facts of datastores.
func keyVault(g *graph, r resource) {
	o := r.object
	n := g.node(r, &inventory.Datastore{
		Engine:   inventory.Known("secrets"),
		Location: fact(o, asLocation, "location"),
		Deletion: inventory.Deletion{
			SoftDeleteDays:  fact(o, asCount, "soft_delete_retention_days"),
			PurgeProtection: fact(o, asBool, "purge_protection_enabled"),
		},
	})
	if days, ok := n.store.Deletion.SoftDeleteDays.Value(); ok {
		n.store.Deletion.SoftDelete = inventory.Known(days > 0)
	}
	n.access = fact(o, asBool, "public_network_access_enabled")
	n.networkRules(o, "network_acls")
}

var keyTypes = map[string]string{"rsa": "rsa", "ec": "ec", "rsa-hsm": "rsa-hsm", "ec-hsm": "ec-hsm", "oct-hsm": "oct-hsm"}

// keyVaultKey maps azurerm_key_vault_key.
func keyVaultKey(g *graph, r resource) {
	o := r.object
	key := &inventory.CryptoKey{
		Type:       fact(o, oneOf(keyTypes), "key_type"),
		AutoRotate: rotation(o),
		Expires:    fact(o, asDate, "expiration_date"),
	}
	if o.listed("expiration_date") && o.read("expiration_date").absent() {
		key.Expires = inventory.Absent[string]()
	}
	g.node(r, key)
}

// rotation reads after how many days the vault makes a new version of the key by itself.
func rotation(o object) inventory.Fact[int] {
	policy, found, listed, why := o.block("rotation_policy")
	if why.Code != "" {
		return unknown[int](why)
	}
	if !found {
		if listed {
			return inventory.Absent[int]()
		}
		return inventory.Fact[int]{}
	}
	auto, found, listed, why := policy.block("automatic")
	switch {
	case why.Code != "":
		return unknown[int](why)
	case !found && listed:
		return inventory.Absent[int]()
	case !found:
		return inventory.Fact[int]{}
	}
	if after := fact(auto, asDays, "time_after_creation"); after.IsSet() && auto.read("time_after_creation").value != "" {
		return after
	}
	before := fact(auto, asDays, "time_before_expiry")
	life := fact(policy, asDays, "expire_after")
	b, okB := before.Value()
	l, okL := life.Value()
	if !okB || !okL || b >= l {
		return inventory.Unknown[int](inventory.NotReported, "time_before_expiry")
	}
	return inventory.Known(l - b)
}

// accessKeyVault maps azurerm_key_vault_access_policy: a grant on a vault that does not use roles.
func accessKeyVault(g *graph, r resource) {
	rights := map[string]bool{}
	var why inventory.Reason
	for _, name := range []string{"key_permissions", "secret_permissions", "certificate_permissions", "storage_permissions"} {
		list, _, bad := r.strings(name)
		if bad.Code != "" {
			why = bad
		}
		for _, p := range list {
			if right, ok := vaultRights[strings.ToLower(p)]; ok {
				rights[right] = true
			}
		}
	}
	grant := &inventory.Grant{
		Principal: principal(g, r, "object_id"),
		Rights:    rightsFact(rights, why),
		Role:      inventory.Known("access policy"),
		Wildcard:  inventory.Known(false),
		Standing:  inventory.Known(true),
		Expires:   inventory.Absent[string](),
	}
	n := g.node(r, grant)
	n.target = r.ref("key_vault_id")
}

var vaultRights = map[string]string{
	"get": "read", "list": "read", "decrypt": "read", "unwrapkey": "read", "backup": "read",
	"set": "write", "create": "write", "import": "write", "update": "write", "recover": "write", "restore": "write",
	"sign": "write", "encrypt": "write", "wrapkey": "write", "rotate": "write",
	"delete": "delete", "purge": "delete",
	"manageissuers": "administer", "setissuers": "administer", "managecontacts": "administer", "setrotationpolicy": "administer",
}
