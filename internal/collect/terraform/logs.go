package terraform

import (
	"strings"

	"waarborg/internal/inventory"
)

// auditsBySetting are the engines that audit reads and writes by a diagnostic setting alone.
var auditsBySetting = map[string]bool{"blob": true, "file_share": true, "queue": true, "secrets": true, "cosmos": true}

// categories is what a diagnostic setting logs.
type categories struct {
	audit, reads, writes, deletes bool
	why                           inventory.Reason // a part is not known
}

// auditCategories are log categories that say who did what.
// https://learn.microsoft.com/azure/azure-monitor/reference/logs-index
var auditCategories = map[string]categories{
	"auditevent":             {audit: true, reads: true, writes: true, deletes: true},
	"dataplanerequests":      {audit: true, reads: true, writes: true, deletes: true},
	"storageread":            {audit: true, reads: true},
	"storagewrite":           {audit: true, writes: true},
	"storagedelete":          {audit: true, deletes: true},
	"sqlsecurityauditevents": {audit: true},
	"postgresqllogs":         {audit: true},
	"mysqlauditlogs":         {audit: true},
	"audit":                  {audit: true},
}

// diagnosticSetting maps azurerm_monitor_diagnostic_setting: where the logs of its target go, and what is audited.
func diagnosticSetting(g *graph, r resource) {
	workspace, archive := r.ref("log_analytics_workspace_id"), r.ref("storage_account_id")
	hub, partner := r.read("eventhub_authorization_rule_id"), r.read("partner_solution_id")
	logged := loggedCategories(r.object)
	g.tell(areaLogs, "", r.ref("target_resource_id"), func(n *node) {
		n.audited(logged)
		some := g.sink(n, workspace, "log_analytics")
		some = g.sink(n, archive, "storage") || some
		// The id of an event hub or partner says nothing of where it is.
		if !hub.absent() {
			some, n.sinkGap = true, inventory.Reason{Code: inventory.NotReported, Detail: "eventhub_authorization_rule_id"}
		}
		if !partner.absent() {
			some, n.sinkGap = true, inventory.Reason{Code: inventory.NotReported, Detail: "partner_solution_id"}
		}
		if !some {
			n.sinkGap = inventory.Reason{Code: inventory.NotReported, Detail: "log_analytics_workspace_id"}
		}
	})
}

// sink adds the log destination that ref names; its location is that of the datastore it is.
func (g *graph) sink(n *node, ref reference, kind string) bool {
	found, how := g.resolve(ref)
	if how == none {
		return false
	}
	if how != exact || found[0].store == nil {
		n.sinkGap = ref.lacking(how)
		return true
	}
	location, ok := found[0].store.Location.Value()
	if !ok {
		n.sinkGap = found[0].store.Location.Reason()
		return true
	}
	n.sinks = append(n.sinks, inventory.Sink{Kind: kind, Location: location})
	if days, ok := found[0].store.Retention.AutomaticDays.Value(); ok && kind == "log_analytics" {
		if have, ok := n.store.Audit.RetentionDays.Value(); !ok || days > have {
			n.store.Audit.RetentionDays = inventory.Known(days)
		}
	}
	return true
}

func (n *node) audited(c categories) {
	if c.why.Code != "" {
		n.auditGap = c.why
	}
	audit := &n.store.Audit
	if c.audit {
		audit.Enabled = inventory.Known(true)
	}
	engine, _ := n.store.Engine.Value()
	if c.reads && auditsBySetting[engine] {
		audit.Reads = inventory.Known(true)
	}
	if c.writes && c.deletes && auditsBySetting[engine] {
		audit.Writes = inventory.Known(true)
	}
}

// loggedCategories reads the blocks enabled_log, and log of older providers.
func loggedCategories(o object) categories {
	var sum categories
	for _, name := range []string{"enabled_log", "log"} {
		list, _, why := o.blocks(name)
		if why.Code != "" && (name == "enabled_log" || why.Code != inventory.AfterApply) {
			sum.why = why
		}
		for _, b := range list {
			if enabled, ok := b.read("enabled").value.(bool); ok && !enabled {
				continue
			}
			group, category := b.read("category_group"), b.read("category")
			if group.why.Code != "" && category.text() == "" {
				sum.why = group.why
			}
			c := auditCategories[strings.ToLower(category.text())]
			if g := strings.ToLower(group.text()); g == "audit" || g == "alllogs" {
				c = categories{audit: true, reads: true, writes: true, deletes: true}
			}
			sum.audit, sum.reads = sum.audit || c.audit, sum.reads || c.reads
			sum.writes, sum.deletes = sum.writes || c.writes, sum.deletes || c.deletes
		}
	}
	return sum
}

// logWorkspace maps azurerm_log_analytics_workspace.
func logWorkspace(g *graph, r resource) {
	g.node(r, &inventory.Datastore{
		Engine:         inventory.Known("log"),
		Location:       fact(r.object, asLocation, "location"),
		Network:        inventory.Exposure{Public: fact(r.object, asBool, "internet_query_enabled")},
		Authentication: inventory.Authentication{SharedKey: localKeys(r.object)},
		Retention:      inventory.Retention{AutomaticDays: fact(r.object, asCount, "retention_in_days")},
	})
}

// localKeys tells whether account keys are accepted, by either form of the attribute.
func localKeys(o object) inventory.Fact[bool] {
	return fact(o, asBool, "local_authentication_enabled").
		Or(fact(o, asNot, "local_authentication_disabled"))
}

// elasticCloud maps azurerm_elastic_cloud_elasticsearch: Elastic's own service, in a region of Azure.
func elasticCloud(g *graph, r resource) {
	n := g.node(r, &inventory.Datastore{
		Engine:   inventory.Known("elasticsearch"),
		Location: fact(r.object, asLocation, "location"),
	})
	n.unlogged = true
}

// privateEndpoint maps azurerm_private_endpoint.
func privateEndpoint(g *graph, r resource) {
	block, found, _, why := r.block("private_service_connection")
	to := reference{from: r.head, path: []string{"private_service_connection", "private_connection_resource_id"}, value: reading{why: why}}
	if found {
		to.value = block.read("private_connection_resource_id")
	}
	if to.value.absent() {
		return // by alias: another party's service
	}
	g.tell(areaEndpoint, "", to, func(n *node) {
		n.store.Network.PrivateEndpoint = inventory.Known(true)
	})
}
