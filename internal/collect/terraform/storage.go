package terraform

import (
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

var tlsVersions = map[string]string{
	"tls1_0": "1.0", "tls1_1": "1.1", "tls1_2": "1.2", "tls1_3": "1.3",
	"1.0": "1.0", "1.1": "1.1", "1.2": "1.2", "1.3": "1.3",
	"tls": "1.0", "tls11": "1.1", "tls12": "1.2",
	"tlsv1": "1.0", "tlsv1.1": "1.1", "tlsv1.2": "1.2", "tlsv1.3": "1.3",
}

const account = "azurerm_storage_account"

// storageAccount maps azurerm_storage_account.
func storageAccount(g *graph, r resource) {
	o := r.object
	d := &inventory.Datastore{
		Engine:     inventory.Known("blob"),
		Location:   fact(o, asLocation, "location"),
		Redundancy: fact(o, oneOf(regional), "account_replication_type"),
		Encryption: inventory.Encryption{
			// Cannot be turned off: https://learn.microsoft.com/azure/storage/common/storage-service-encryption
			AtRest:      inventory.Known(true),
			KeyCustody:  custody(o, "customer_managed_key"),
			TLSRequired: fact(o, asBool, "https_traffic_only_enabled", "enable_https_traffic_only"),
			MinTLS:      fact(o, oneOf(tlsVersions), "min_tls_version"),
		},
		Authentication: inventory.Authentication{SharedKey: fact(o, asBool, "shared_access_key_enabled")},
	}
	if strings.EqualFold(o.read("account_kind").text(), "FileStorage") {
		d.Engine = inventory.Known("file_share")
	}
	n := g.node(r, d)
	n.ownCopy = fact(o, func(v any) (bool, string) {
		spread, bad := oneOf(regional)(v)
		return spread == "region", bad
	}, "account_replication_type")
	n.blobProperties(o)
	n.access = fact(o, asBool, "public_network_access_enabled")
	n.networkRules(o, "network_rules")
	public := fact(o, asBool, "allow_nested_items_to_be_public", "allow_blob_public_access")
	n.closing = append(n.closing, func() {
		g.closeStorage(n, public)
	})
}

// closeStorage decides on anonymous reading, the lifecycle and the key.
func (g *graph) closeStorage(n *node, public inventory.Fact[bool]) {
	d := n.store
	allowed, ok := public.Value()
	switch found, some := d.Network.Anonymous.Value(); {
	case ok && !allowed:
		d.Network.Anonymous = inventory.Known(false) // the account forbids it, whatever a container says
	case some && found && ok:
		// A public container in an account that allows it.
	case !ok:
		d.Network.Anonymous = public
	default:
		// Allowed, and no public container here; but containers are also made by applications.
		d.Network.Anonymous = inventory.Unknown[bool](inventory.NotReported, "container_access_type")
	}
	if why := g.doubt(n, areaLifecycle); why.Code != "" {
		d.Retention.AutomaticDays = d.Retention.AutomaticDays.Or(unknown[int](why))
	} else {
		// An account has one lifecycle policy at most; none in a whole file means that nothing is deleted by itself.
		d.Retention.AutomaticDays = d.Retention.AutomaticDays.Or(inventory.Absent[int]())
	}
	if why := g.doubt(n, areaCustody); why.Code != "" {
		if held, ok := d.Encryption.KeyCustody.Value(); ok && held == "platform" {
			d.Encryption.KeyCustody = unknown[string](why)
		}
	}
}

// blobProperties reads soft delete and versioning. An empty list of a block says that it is switched off; a list that
// is not there says nothing.
func (n *node) blobProperties(o object) {
	block, deleted := "blob_properties", "delete_retention_policy"
	if engine, _ := n.store.Engine.Value(); engine == "file_share" {
		block, deleted = "share_properties", "retention_policy"
	}
	p, found, _, why := o.block(block)
	del := &n.store.Deletion
	if why.Code != "" {
		del.SoftDelete, del.SoftDeleteDays, del.Versioning = unknown[bool](why), unknown[int](why), unknown[bool](why)
	}
	if !found {
		return
	}
	del.Versioning = fact(p, asBool, "versioning_enabled")
	policy, found, listed, why := p.block(deleted)
	switch {
	case why.Code != "":
		del.SoftDelete, del.SoftDeleteDays = unknown[bool](why), unknown[int](why)
	case found:
		del.SoftDelete, del.SoftDeleteDays = inventory.Known(true), fact(policy, asCount, "days")
	case listed:
		del.SoftDelete, del.SoftDeleteDays = inventory.Known(false), inventory.Absent[int]()
	}
}

var defaultAction = map[string]bool{"deny": true, "allow": false}

// networkRules reads a block with default_action and ip_rules, as storage accounts and key vaults have.
func (n *node) networkRules(o object, block string) {
	rules, found, listed, why := o.block(block)
	switch {
	case why.Code != "":
		n.guarded = unknown[bool](why)
	case found:
		n.firewall(rules)
	case listed && !n.created:
		// An empty list in a state or for what exists: no firewall. For what is to be made, Azure fills the list in.
		n.guarded = inventory.Known(false)
	}
}

func (n *node) firewall(rules object) {
	n.guarded = fact(rules, oneOf(defaultAction), "default_action")
	list, _, why := rules.strings("ip_rules")
	n.letInAll(list, why, "ip_rules")
}

// storageNetworkRules maps azurerm_storage_account_network_rules.
func storageNetworkRules(g *graph, r resource) {
	g.tell(areaRanges, account, r.ref("storage_account_id"), func(n *node) {
		n.firewall(r.object)
	})
}

// storageContainer maps azurerm_storage_container: whether anybody may read it.
func storageContainer(g *graph, r resource) {
	to := r.ref("storage_account_id")
	if to.value.absent() {
		to = r.refNamed("storage_account_name", account)
	}
	kind := fact(r.object, oneOf(map[string]bool{"private": false, "blob": true, "container": true}), "container_access_type")
	public, ok := kind.Value()
	g.tell(areaAnonymous, account, to, func(n *node) {
		if ok && public {
			n.store.Network.Anonymous = inventory.Known(true)
		}
	})
}

// storagePart maps azurerm_storage_share and azurerm_storage_queue: datastores that have the account's facts.
func storagePart(engine string) mapping {
	return func(g *graph, r resource) {
		to := r.ref("storage_account_id")
		if to.value.absent() {
			to = r.refNamed("storage_account_name", account)
		}
		n := g.node(r, &inventory.Datastore{Engine: inventory.Known(engine)})
		n.parent, n.whole = &to, true
		n.takeOver = func(part, account *node) {
			takeWhole(part, account)
			// Soft delete, versions, the lifecycle and anonymous reading are those of blobs.
			part.store.Deletion, part.store.Retention = inventory.Deletion{}, inventory.Retention{}
			part.store.Network.Anonymous = inventory.Fact[bool]{}
		}
	}
}

// storageLifecycle maps azurerm_storage_management_policy: after how many days blobs are deleted.
func storageLifecycle(g *graph, r resource) {
	days := lifecycleDays(r.object)
	g.tell(areaLifecycle, account, r.ref("storage_account_id"), func(n *node) {
		have, ok := n.store.Retention.AutomaticDays.Value()
		if more, known := days.Value(); ok && known && more < have {
			return // two policies for one account cannot be; the weaker one counts
		}
		n.store.Retention.AutomaticDays = days
	})
}

// deleteAges are the conditions that bound the age of a blob since it was made or last changed. Provider versions write
// -1 for a condition that is not set.
var deleteAges = []string{"delete_after_days_since_modification_greater_than", "delete_after_days_since_creation_greater_than"}

// lifecycleDays is the shortest term of the rules that hold for every blob. Rules for some prefixes bound nothing.
func lifecycleDays(o object) inventory.Fact[int] {
	rules, listed, why := o.blocks("rule")
	if why.Code != "" || !listed {
		return unknown[int](reasonOr(why, "rule"))
	}
	best := inventory.Absent[int]()
	for _, rule := range rules {
		enabled, ok := rule.read("enabled").value.(bool)
		if ok && !enabled {
			continue
		}
		days := ruleDays(rule)
		if !ok || isFiltered(rule) {
			if !days.IsAbsent() && !hasValue(best) {
				best = inventory.Unknown[int](inventory.NotReported, "filters")
			}
			continue
		}
		if n, known := days.Value(); known {
			if have, any := best.Value(); !any || n < have {
				best = days
			}
		} else if days.IsUnknown() && !hasValue(best) {
			best = days
		}
	}
	return best
}

func ruleDays(rule object) inventory.Fact[int] {
	actions, found, listed, why := rule.block("actions")
	if why.Code != "" || !found && !listed {
		return unknown[int](reasonOr(why, "actions"))
	}
	base, found, _, why := actions.block("base_blob")
	if why.Code != "" {
		return unknown[int](why)
	}
	out := inventory.Absent[int]()
	for _, name := range deleteAges {
		if !found {
			break
		}
		r := base.read(name)
		if f, ok := r.value.(float64); r.absent() || ok && f < 0 {
			continue
		}
		days := fact(base, asCount, name)
		n, known := days.Value()
		have, any := out.Value()
		if !known && !any || known && (!any || n < have) {
			out = days
		}
	}
	return out
}

// isFiltered tells whether a rule holds for a part of the blobs only.
func isFiltered(rule object) bool {
	filter, found, _, why := rule.block("filters")
	if why.Code != "" {
		return true
	}
	if !found {
		return false
	}
	kinds, _, why := filter.strings("blob_types")
	if why.Code != "" || len(kinds) > 0 && !slices.Contains(kinds, "blockBlob") {
		return true
	}
	prefixes, _, why := filter.strings("prefix_match")
	tags, _, whyTags := filter.blocks("match_blob_index_tag")
	return len(prefixes) > 0 || len(tags) > 0 || why.Code != "" || whyTags.Code != ""
}

func hasValue[T any](f inventory.Fact[T]) bool { _, ok := f.Value(); return ok }

func reasonOr(why inventory.Reason, attr string) inventory.Reason {
	if why.Code == "" {
		return inventory.Reason{Code: inventory.NotReported, Detail: attr}
	}
	return why
}

// storageKey maps azurerm_storage_account_customer_managed_key.
func storageKey(g *graph, r resource) {
	held := inventory.Known("customer")
	if r.read("managed_hsm_key_id").text() != "" {
		held = inventory.Known("hsm")
	}
	g.tell(areaCustody, account, r.ref("storage_account_id"), func(n *node) {
		n.store.Encryption.KeyCustody = held
	})
}

// storageReplication maps azurerm_storage_object_replication: blobs are copied to another account.
func storageReplication(g *graph, r resource) {
	to := r.ref("destination_storage_account_id")
	g.tell(areaCopies, account, r.ref("source_storage_account_id"), func(n *node) { g.copyTo(n, to, "replica") })
}

// copyTo notes that ref holds a copy of n's data. Its own copy in a paired region is one too.
func (g *graph) copyTo(n *node, ref reference, role string) {
	found, how := g.resolve(ref)
	if how != exact || found[0].store == nil {
		n.doubts[areaCopies] = ref.lacking(how)
		return
	}
	location, ok := found[0].store.Location.Value()
	if !ok {
		n.doubts[areaCopies] = found[0].store.Location.Reason()
		return
	}
	n.copies = append(n.copies, inventory.Copy{Role: role, Location: location})
	if geo, ok := found[0].ownCopy.Value(); ok && geo {
		n.copies = append(n.copies, inventory.Copy{Role: "paired", Location: location})
	} else if !ok && found[0].ownCopy.IsSet() {
		n.doubts[areaCopies] = found[0].ownCopy.Reason()
	}
}
