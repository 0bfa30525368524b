package kubernetes

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

// managementPorts are ports by which machines and databases are managed: SSH, Telnet, SMB, SQL Server, MySQL, RDP,
// PostgreSQL, VNC, WinRM, Redis, Elasticsearch, MongoDB.
var managementPorts = []int{22, 23, 445, 1433, 3306, 3389, 5432, 5900, 5985, 5986, 6379, 9200, 27017}

// service is what the Services with one selector say together.
type service struct {
	selector map[string]string // empty: they select nothing
	exposure
}

// selectorOf reads the selector of a Service; whole is false if it has something else than text, which a cluster refuses.
func selectorOf(o *object) (selector map[string]string, whole bool) {
	if o.at("spec").text("type") == "ExternalName" {
		return nil, true
	}
	return texts(o.at("spec", "selector"))
}

// texts are the members of a block that are text; whole is false if there are others.
func texts(b block) (out map[string]string, whole bool) {
	out, whole = map[string]string{}, true
	for k, v := range b.tree {
		s, ok := v.(string)
		if whole = whole && ok; ok {
			out[k] = s
		}
	}
	return out, whole
}

// internal are the annotations by which a load balancer gets an address of the own network alone, with their values.
var internal = map[string]string{
	"service.beta.kubernetes.io/azure-load-balancer-internal":     "true",
	"networking.gke.io/load-balancer-type":                        "internal",
	"cloud.google.com/load-balancer-type":                         "internal",
	"service.beta.kubernetes.io/aws-load-balancer-scheme":         "internal",
	"service.beta.kubernetes.io/aws-load-balancer-internal":       "true",
	"service.beta.kubernetes.io/openstack-internal-load-balancer": "true",
}

// openingOf reads the spec of a Service.
func openingOf(spec, annotations block) opening {
	if spec.has("externalIPs") {
		if ips, _ := spec.texts("externalIPs"); len(ips) > 0 {
			return doubted(inventory.NotReported, "externalIPs")
		}
	}
	switch spec.text("type") {
	case "", "ClusterIP", "ExternalName":
		return closed()
	case "NodePort":
		// Every node listens; whether nodes have public addresses, no manifest says.
		return doubted(inventory.NotReported, "NodePort")
	case "LoadBalancer":
	default:
		return doubted(inventory.Malformed, "type")
	}
	for key, value := range internal {
		if strings.EqualFold(annotations.text(key), value) {
			return closed()
		}
	}
	if spec.has("loadBalancerClass") && !strings.EqualFold(annotations.text("service.beta.kubernetes.io/aws-load-balancer-scheme"), "internet-facing") {
		return doubted(inventory.NotReported, "loadBalancerClass") // each class has its own default
	}
	list, whole := spec.texts("loadBalancerSourceRanges")
	if len(list) == 0 && whole {
		list = commaList(cmp.Or(annotations.text("service.beta.kubernetes.io/load-balancer-source-ranges"),
			annotations.text("service.beta.kubernetes.io/azure-allowed-ip-ranges")))
	}
	if annotations.has("service.beta.kubernetes.io/azure-allowed-service-tags") {
		return doubted(inventory.Unsupported, "azure-allowed-service-tags")
	}
	return openTo(list, whole, "loadBalancerSourceRanges")
}

func commaList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// selects tells whether the Service sends traffic to pods with these labels.
func (s *service) selects(labels map[string]string) bool {
	if len(s.selector) == 0 {
		return false
	}
	for k, v := range s.selector {
		if have, ok := labels[k]; !ok || have != v {
			return false
		}
	}
	return true
}

// route is what an Ingress or the like says: the Services that it leads to.
type route struct {
	services map[string]bool
	opening
}

// routeReaders read the kinds that lead to Services.
var routeReaders = map[string]func(*object) route{
	"networking.k8s.io/Ingress":           readIngress,
	"route.openshift.io/Route":            readOpenShiftRoute,
	"gateway.networking.k8s.io/HTTPRoute": readGatewayRoute,
	"gateway.networking.k8s.io/GRPCRoute": readGatewayRoute,
	"gateway.networking.k8s.io/TLSRoute":  readGatewayRoute,
	"gateway.networking.k8s.io/TCPRoute":  readGatewayRoute,
}

func readIngress(o *object) route {
	r := route{services: map[string]bool{}, opening: ingressOpening(o)}
	add := func(backend block) {
		r.services[cmp.Or(backend.at("service").text("name"), backend.text("serviceName"))] = true
	}
	spec := o.at("spec")
	add(spec.at("defaultBackend"))
	add(spec.at("backend"))
	for _, rule := range spec.blocks("rules") {
		for _, path := range rule.at("http").blocks("paths") {
			add(path.at("backend"))
		}
	}
	return r
}

// ingressOpening takes an Ingress for what it is there for, a way in from outside, unless it says that its address is
// internal.
func ingressOpening(o *object) opening {
	notes := o.at("metadata", "annotations")
	class := strings.ToLower(cmp.Or(o.at("spec").text("ingressClassName"), notes.text("kubernetes.io/ingress.class")))
	scheme := strings.ToLower(notes.text("alb.ingress.kubernetes.io/scheme"))
	switch {
	case notes.text("appgw.ingress.kubernetes.io/use-private-ip") == "true", class == "gce-internal", scheme == "internal",
		class == "alb" && scheme == "":
		return closed()
	}
	return openTo(commaList(cmp.Or(notes.text("nginx.ingress.kubernetes.io/whitelist-source-range"),
		notes.text("nginx.ingress.kubernetes.io/allowlist-source-range"), notes.text("alb.ingress.kubernetes.io/inbound-cidrs"))), true, "source-range")
}

func readOpenShiftRoute(o *object) route {
	r := route{services: map[string]bool{o.at("spec", "to").text("name"): true}, opening: openTo(commaList(
		o.at("metadata", "annotations").text("haproxy.router.openshift.io/ip_whitelist")), true, "ip_whitelist")}
	for _, b := range o.at("spec").blocks("alternateBackends") {
		r.services[b.text("name")] = true
	}
	return r
}

// readGatewayRoute leaves open whom it lets in: that is for the Gateway, whose class decides about its address.
func readGatewayRoute(o *object) route {
	r := route{services: map[string]bool{}, opening: doubted(inventory.NotReported, "gateway")}
	for _, rule := range o.at("spec").blocks("rules") {
		for _, b := range rule.blocks("backendRefs") {
			r.services[b.text("name")] = true
		}
	}
	return r
}

// indexServices puts Services with the same selector together, each with what leads to it.
func (w *world) indexServices() {
	for _, key := range slices.Sorted(maps.Keys(routeReaders)) {
		for _, o := range w.byKind[key] {
			r := routeReaders[key](o)
			for name := range r.services {
				at := o.namespace + "/" + name
				if w.routes[at] == nil {
					w.routes[at] = &exposure{}
				}
				w.routes[at].add(r.opening)
			}
		}
	}
	known := map[string]*service{}
	for _, o := range w.byKind["/Service"] {
		selector, whole := selectorOf(o)
		key := o.namespace
		for _, k := range slices.Sorted(maps.Keys(selector)) {
			key += "\x00" + k + "=" + selector[k]
		}
		s := known[key]
		if s == nil {
			s = &service{selector: selector}
			known[key] = s
			w.services[o.namespace] = append(w.services[o.namespace], s)
		}
		s.add(openingOf(o.at("spec"), o.at("metadata", "annotations")))
		if !whole {
			s.add(doubted(inventory.Malformed, "selector"))
		}
		s.merge(w.routes[o.namespace+"/"+o.name])
	}
}

// exposed is what all Services of a namespace that chosen picks say together.
func (w *world) exposed(namespace string, chosen func(*service) bool) *exposure {
	e := &exposure{}
	for _, s := range w.services[namespace] {
		if chosen(s) {
			e.merge(&s.exposure)
		}
	}
	return e
}

var serviceTells = []string{"admin_ports_open"}

// exposedService judges a Service that is reachable from outside the cluster; nil for others.
func (w *world) exposedService(o *object) unit {
	spec := o.at("spec")
	if ips, _ := spec.texts("externalIPs"); len(ips) == 0 && slices.Contains([]string{"", "ClusterIP", "ExternalName"}, spec.text("type")) {
		w.info.Skipped["inside-cluster"]++
		return nil
	}
	return func() []gate.Subject {
		n := &inventory.Network{Scope: w.production(o)}
		open := openingOf(spec, o.at("metadata", "annotations")).public
		admin, whole := opensAdmin(spec)
		yes, known := open.Value()
		switch {
		case !whole:
			n.AdminPortsOpen = inventory.Unknown[bool](inventory.Malformed, "ports")
		case !admin, known && !yes:
			n.AdminPortsOpen = inventory.Known(false)
		case known:
			n.AdminPortsOpen = inventory.Known(true)
		default:
			n.AdminPortsOpen = inventory.Unknown[bool](open.Reason().Code, open.Reason().Detail)
		}
		return one(w.subject(o, n, serviceTells))
	}
}

// opensAdmin tells whether a Service has a management port, on itself or on the pods behind it.
func opensAdmin(spec block) (admin, whole bool) {
	ports := spec.blocks("ports")
	whole = len(ports) > 0
	for _, p := range ports {
		number, ok := p.tree["port"].(float64)
		whole = whole && ok && number == math.Trunc(number)
		target, _ := p.tree["targetPort"].(float64)
		admin = admin || slices.Contains(managementPorts, int(number)) || slices.Contains(managementPorts, int(target))
	}
	return admin, whole || admin
}

// production makes a network of production by what the object or its namespace says. Other environments have no word among
// the scopes.
func (w *world) production(o *object) inventory.Fact[string] {
	if word, ok := w.environment(o).Value(); ok && word == "production" {
		return inventory.Known("production")
	}
	return inventory.Fact[string]{}
}
