package terraform

import (
	"strings"

	"waarborg/internal/inventory"
)

const (
	recoveryVault = "azurerm_recovery_services_vault"
	backupVault   = "azurerm_data_protection_backup_vault"
)

var vaultSpread = map[string]string{"georedundant": "region", "locallyredundant": "none", "zoneredundant": "zone"}

// recoveryVaultNode maps azurerm_recovery_services_vault.
func recoveryVaultNode(g *graph, r resource) {
	o := r.object
	n := vaultNode(g, r, "storage_mode_type")
	n.store.Deletion.SoftDelete = fact(o, asBool, "soft_delete_enabled")
	n.store.Encryption.KeyCustody = custody(o, "encryption")
	if public := fact(o, asBool, "public_network_access_enabled"); public.IsSet() {
		n.access, n.guarded = public, inventory.Known(false) // it has no firewall
	}
}

// backupVaultNode maps azurerm_data_protection_backup_vault.
func backupVaultNode(g *graph, r resource) {
	n := vaultNode(g, r, "redundancy")
	n.store.Deletion.SoftDelete = fact(r.object, oneOf(map[string]bool{"on": true, "alwayson": true, "off": false}), "soft_delete")
	n.store.Deletion.SoftDeleteDays = fact(r.object, asCount, "retention_duration_in_days")
}

// vaultNode is what both kinds of vault have in common. Restoring in the other region reads the copy that redundancy by
// region keeps there, so it adds none.
func vaultNode(g *graph, r resource, redundancy string) *node {
	o := r.object
	n := g.node(r, &inventory.Datastore{
		Engine:     inventory.Known("backup"),
		Location:   fact(o, asLocation, "location"),
		Redundancy: fact(o, oneOf(vaultSpread), redundancy),
		Backup: inventory.Backup{
			Immutable:    fact(o, oneOf(map[string]bool{"locked": true, "unlocked": false, "disabled": false}), "immutability"),
			GeoRedundant: fact(o, georedundant, redundancy),
		},
	})
	n.ownCopy = n.store.Backup.GeoRedundant
	return n
}

func georedundant(v any) (bool, string) {
	spread, bad := oneOf(vaultSpread)(v)
	return spread == "region", bad
}

// backupInstance maps the resources that put a datastore under backup in a vault.
func backupInstance(target, attr, vault, policy string) mapping {
	return func(g *graph, r resource) {
		in, by := r.ref(vault), r.ref(policy)
		if strings.HasSuffix(vault, "_name") {
			in = r.refNamed(vault, recoveryVault)
		}
		g.tell(areaBackup, target, r.ref(attr), func(n *node) {
			b := &n.store.Backup
			b.Enabled = inventory.Known(true)
			if found, how := g.resolve(by); how == exact && found[0].days.IsSet() {
				b.RetentionDays = longest(b.RetentionDays, found[0].days)
			}
			g.copyTo(n, in, "backup")
			if found, how := g.resolve(in); how == exact && found[0].store != nil {
				b.Immutable = found[0].store.Backup.Immutable
			}
		})
	}
}

// longest is the longer of two terms; an unknown one makes it unknown.
func longest(a, b inventory.Fact[int]) inventory.Fact[int] {
	days, ok := a.Value()
	more, okB := b.Value()
	if okB && ok && days > more {
		return a
	}
	return b
}

// blobBackupPolicy maps azurerm_data_protection_backup_policy_blob_storage.
func blobBackupPolicy(g *graph, r resource) {
	n := g.helper(r)
	n.days = longestOf(r.object, "operational_default_retention_duration", "vault_default_retention_duration")
}

// databaseBackupPolicy maps the backup policies of flexible servers: default_retention_rule, its longest life cycle.
func databaseBackupPolicy(g *graph, r resource) {
	n := g.helper(r)
	rule, found, _, why := r.block("default_retention_rule")
	if why.Code != "" {
		n.days = unknown[int](why)
	}
	if !found {
		return
	}
	cycles, _, why := rule.blocks("life_cycle")
	if why.Code != "" {
		n.days = unknown[int](why)
	}
	for _, c := range cycles {
		n.days = longest(n.days, fact(c, asDays, "duration"))
	}
}

// longestOf is the longest of durations, some of which may be absent.
func longestOf(o object, names ...string) inventory.Fact[int] {
	var out inventory.Fact[int]
	for _, name := range names {
		if o.read(name).absent() {
			continue
		}
		out = longest(out, fact(o, asDays, name))
		if out.IsUnknown() {
			return out
		}
	}
	return out
}
