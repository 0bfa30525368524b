package terraform

import (
	"slices"
	"strconv"
	"strings"

	"waarborg/internal/inventory"
)

const securityGroup = "azurerm_network_security_group"

// managementPorts are ports by which machines and databases are managed: SSH, Telnet, SMB, SQL Server, MySQL, RDP,
// PostgreSQL, VNC, WinRM, Redis, Elasticsearch, MongoDB.
var managementPorts = []int{22, 23, 445, 1433, 3306, 3389, 5432, 5900, 5985, 5986, 6379, 9200, 27017}

// portRule is what a security rule lets in from the internet.
type portRule struct {
	admin bool             // a management port
	all   bool             // every port
	why   inventory.Reason // what is not known of it; then admin and all are not either
}

// securityGroupNode maps azurerm_network_security_group. Deny rules that come before an allow rule are not weighed: a
// management port that some rule opens to the internet is one too many, even while another rule closes it.
func securityGroupNode(g *graph, r resource) {
	net := &inventory.Network{Scope: productionTag(r.object)}
	n := g.node(r, net)
	list, listed, why := r.blocks("security_rule")
	for _, b := range list {
		n.rules = append(n.rules, inboundRule(b))
	}
	n.closing = append(n.closing, func() {
		if !listed && why.Code == inventory.AfterApply && n.created && g.notConfigured(n.head, "security_rule") {
			listed = true // a new group without rules of its own has none but those of separate resources
		}
		g.closeGroup(n, net, listed, reasonOr(why, "security_rule"))
	})
}

// notConfigured tells whether the configuration is there and leaves out an attribute of the resource.
func (g *graph) notConfigured(h head, attr string) bool {
	r, ok := g.resource(h)
	expressions, isObject := members(find(r, "expressions"), nil)
	return ok && (isObject || isNull(find(r, "expressions"))) && isNull(find(expressions, attr))
}

func (g *graph) closeGroup(n *node, net *inventory.Network, listed bool, why inventory.Reason) {
	admin, all := false, false
	if listed {
		why = g.doubt(n, areaRules)
	}
	for _, rule := range n.rules {
		admin, all = admin || rule.admin, all || rule.all
		if rule.why.Code != "" {
			why = rule.why
		}
	}
	net.AdminPortsOpen, net.DefaultDeny = unknown[bool](why), unknown[bool](why)
	if admin || why.Code == "" {
		net.AdminPortsOpen = inventory.Known(admin)
	}
	// Every group ends with DenyAllInBound, which cannot be removed, only preceded by a rule that lets all in.
	// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
	if all || why.Code == "" {
		net.DefaultDeny = inventory.Known(!all)
	}
	if why.Code == "" {
		net.Firewall = inventory.Known(true)
	}
}

// securityRule maps azurerm_network_security_rule.
func securityRule(g *graph, r resource) {
	rule := inboundRule(r.object)
	g.tell(areaRules, securityGroup, r.refNamed("network_security_group_name", securityGroup), func(n *node) {
		n.rules = append(n.rules, rule)
	})
}

func inboundRule(o object) portRule {
	inbound := fact(o, oneOf(map[string]bool{"inbound": true, "outbound": false}), "direction")
	allow := fact(o, oneOf(map[string]bool{"allow": true, "deny": false}), "access")
	tcp := fact(o, oneOf(map[string]bool{"tcp": true, "*": true, "udp": false, "icmp": false, "esp": false, "ah": false}), "protocol")
	for _, f := range []inventory.Fact[bool]{inbound, allow, tcp} {
		if yes, ok := f.Value(); ok && !yes {
			return portRule{}
		}
	}
	for _, f := range []inventory.Fact[bool]{inbound, allow, tcp} {
		if f.IsUnknown() {
			return portRule{why: f.Reason()}
		}
	}
	sources, whySource := oneOrMore(o, "source_address_prefix", "source_address_prefixes")
	ports, whyPort := oneOrMore(o, "destination_port_range", "destination_port_ranges")
	if !slices.ContainsFunc(sources, everybody) {
		return portRule{why: whySource}
	}
	rule := portRule{why: whyPort}
	for _, p := range ports {
		first, last, ok := portRange(p)
		if !ok {
			rule.why = inventory.Reason{Code: inventory.Malformed, Detail: "destination_port_range"}
			continue
		}
		rule.all = rule.all || first == 0 && last == 65535
		rule.admin = rule.admin || slices.ContainsFunc(managementPorts, func(m int) bool { return first <= m && m <= last })
	}
	return rule
}

// oneOrMore reads an attribute that has a form for one value and a form for several.
func oneOrMore(o object, one, more string) ([]string, inventory.Reason) {
	single := o.read(one)
	list, _, why := o.strings(more)
	if single.why.Code != "" && len(list) == 0 {
		why = single.why
	}
	if s := single.text(); s != "" {
		list = append(list, s)
	}
	if len(list) == 0 && why.Code == "" {
		why = inventory.Reason{Code: inventory.NotReported, Detail: one}
	}
	return list, why
}

// everybody tells whether a source is the internet.
func everybody(source string) bool {
	switch strings.ToLower(source) {
	case "*", "internet", "any":
		return true
	}
	p, ok := asRange(source)
	return ok && p.Bits() < 8 && !p.Addr().IsPrivate()
}

func portRange(s string) (first, last int, ok bool) {
	if s == "*" {
		return 0, 65535, true
	}
	a, b, isRange := strings.Cut(s, "-")
	if !isRange {
		b = a
	}
	first, errA := strconv.Atoi(a)
	last, errB := strconv.Atoi(b)
	return first, last, errA == nil && errB == nil && 0 <= first && first <= last && last <= 65535
}

// productionTag makes a network of production by its tag. Other environments have no word among the scopes.
func productionTag(o object) inventory.Fact[string] {
	n := node{store: &inventory.Datastore{}}
	n.tags(o)
	if env, ok := n.store.Environment.Value(); ok && env == "production" {
		return inventory.Known("production")
	}
	return inventory.Fact[string]{}
}

var idsModes = map[string]string{"off": "off", "alert": "alert", "deny": "block"}

// firewallNode maps azurerm_firewall; its intrusion detection is set in its policy.
func firewallNode(g *graph, r resource) {
	net := &inventory.Network{Scope: productionTag(r.object), Firewall: inventory.Known(true)}
	policy := r.ref("firewall_policy_id")
	n := g.node(r, net)
	n.closing = append(n.closing, func() { net.IDS = policyFact(g, policy, func(p *node) inventory.Fact[string] { return p.ids }) })
}

// firewallPolicy maps azurerm_firewall_policy. Without a block intrusion_detection it is off.
func firewallPolicy(g *graph, r resource) {
	n := g.helper(r)
	mode, found, listed, why := r.block("intrusion_detection")
	switch {
	case why.Code != "":
		n.ids = unknown[string](why)
	case found:
		n.ids = fact(mode, oneOf(idsModes), "mode")
	case listed:
		n.ids = inventory.Known("off")
	}
}

// policyFact takes a fact of the policy that ref names.
func policyFact(g *graph, policy reference, get func(*node) inventory.Fact[string]) inventory.Fact[string] {
	found, how := g.resolve(policy)
	switch how {
	case none:
		return inventory.Fact[string]{}
	case exact:
		return get(found[0])
	}
	return unknown[string](policy.lacking(how))
}

var wafModes = map[string]string{"detection": "detect", "prevention": "prevent"}

// applicationGateway maps azurerm_application_gateway: its web application firewall by its policy, or by the older block.
func applicationGateway(g *graph, r resource) {
	net := &inventory.Network{Scope: productionTag(r.object)}
	policy := r.ref("firewall_policy_id")
	block, found, listed, why := r.block("waf_configuration")
	n := g.node(r, net)
	n.closing = append(n.closing, func() {
		net.WAF = policyFact(g, policy, func(p *node) inventory.Fact[string] { return p.waf })
		switch {
		case net.WAF.IsSet():
		case why.Code != "":
			net.WAF = unknown[string](why)
		case found:
			net.WAF = wafMode(block, "firewall_mode")
		case listed:
			net.WAF = inventory.Known("off")
		}
	})
}

// wafMode reads a mode, and whether it is switched on at all.
func wafMode(o object, attr string) inventory.Fact[string] {
	enabled := fact(o, asBool, "enabled")
	on, ok := enabled.Value()
	switch {
	case ok && !on:
		return inventory.Known("off")
	case !ok:
		return unknown[string](enabled.Reason())
	}
	return fact(o, oneOf(wafModes), attr)
}

// gatewayPolicy maps azurerm_web_application_firewall_policy, for the gateways that use it.
func gatewayPolicy(g *graph, r resource) {
	n := g.helper(r)
	settings, found, _, why := r.block("policy_settings")
	if why.Code != "" {
		n.waf = unknown[string](why)
	}
	if found {
		n.waf = wafMode(settings, "mode")
	}
}

// frontDoorPolicy maps the firewall policies of Front Door, which stand for the edge that they protect.
func frontDoorPolicy(g *graph, r resource) {
	g.node(r, &inventory.Network{Scope: productionTag(r.object), WAF: wafMode(r.object, "mode")})
}
