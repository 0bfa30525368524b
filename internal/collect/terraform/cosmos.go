package terraform

import (
	"strings"

	"waarborg/internal/inventory"
)

// cosmosAccount maps azurerm_cosmosdb_account.
func cosmosAccount(g *graph, r resource) {
	o := r.object
	n := g.node(r, &inventory.Datastore{
		Engine:         inventory.Known("cosmos"),
		Location:       fact(o, asLocation, "location"),
		Encryption:     inventory.Encryption{MinTLS: fact(o, oneOf(tlsVersions), "minimal_tls_version"), KeyCustody: cosmosKey(o)},
		Authentication: inventory.Authentication{SharedKey: localKeys(o)},
		Backup:         cosmosBackup(o),
	})
	n.geoLocations(o)
	n.access = fact(o, asBool, "public_network_access_enabled")
	n.ipFilter(o)
}

func cosmosKey(o object) inventory.Fact[string] {
	if !o.listed("key_vault_key_id") {
		return inventory.Fact[string]{}
	}
	switch r := o.read("key_vault_key_id"); {
	case r.why.Code != "":
		return unknown[string](r.why)
	case r.text() != "":
		return inventory.Known("customer")
	}
	return inventory.Known("platform")
}

// geoLocations reads the regions of the account: the one that writes, and its replicas. Each is a copy but the account's
// own location.
func (n *node) geoLocations(o object) {
	list, listed, why := o.blocks("geo_location")
	if why.Code != "" {
		n.ownCopy, n.store.Redundancy = unknown[bool](why), unknown[string](why)
		return
	}
	if !listed || len(list) == 0 {
		return
	}
	own, _ := n.store.Location.Value()
	zones := inventory.Known("none")
	n.ownCopy = inventory.Known(false)
	for _, b := range list {
		place := fact(b, asLocation, "location")
		location, ok := place.Value()
		if !ok {
			n.doubts[areaCopies] = place.Reason()
			continue
		}
		if zone, ok := b.read("zone_redundant").value.(bool); ok && zone {
			zones = inventory.Known("zone")
		}
		if location != own {
			n.copies = append(n.copies, inventory.Copy{Role: "replica", Location: location})
		}
	}
	n.store.Redundancy = zones
	if len(n.copies) > 0 {
		n.store.Redundancy = inventory.Known("region")
	}
}

// continuousDays is how far back each tier of continuous backup goes.
var continuousDays = map[string]int{"continuous7days": 7, "continuous30days": 30}

func cosmosBackup(o object) inventory.Backup {
	b, found, _, why := o.block("backup")
	if why.Code != "" {
		return inventory.Backup{Enabled: unknown[bool](why), RetentionDays: unknown[int](why), GeoRedundant: unknown[bool](why)}
	}
	if !found {
		return inventory.Backup{}
	}
	kind := fact(b, oneOf(map[string]string{"periodic": "periodic", "continuous": "continuous"}), "type")
	out := inventory.Backup{}
	switch word, _ := kind.Value(); word {
	case "periodic":
		out.Enabled = inventory.Known(true)
		out.RetentionDays = fact(b, func(v any) (int, string) {
			hours, bad := asCount(v)
			return hours / 24, bad
		}, "retention_in_hours")
		out.GeoRedundant = fact(b, oneOf(geoStorage), "storage_redundancy")
	case "continuous":
		out.Enabled = inventory.Known(true)
		out.RetentionDays = fact(b, oneOf(continuousDays), "tier")
	}
	return out
}

// ipFilter reads ip_range_filter: a list, or text with commas in older providers. Without a filter, and without one by
// networks, everybody can connect.
func (n *node) ipFilter(o object) {
	filter := o.read("ip_range_filter")
	networks := fact(o, asBool, "is_virtual_network_filter_enabled")
	text, isText := filter.value.(string)
	var list []string
	switch why := filter.why; {
	case why.Code != "":
		n.guarded = unknown[bool](why)
		return
	case isText && text != "":
		list = strings.Split(text, ",")
	case !isText && !filter.absent():
		var why inventory.Reason
		list, _, why = o.strings("ip_range_filter")
		if why.Code != "" {
			n.guarded = inventory.Known(true)
			n.letInAll(list, why, "ip_range_filter")
			return
		}
	}
	n.guarded = networks
	if len(list) > 0 {
		n.guarded = inventory.Known(true)
	}
	n.letInAll(list, inventory.Reason{}, "ip_range_filter")
}
