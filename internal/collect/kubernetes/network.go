package kubernetes

import (
	"regexp"
	"slices"
	"strings"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

var spaceTells = []string{"default_deny_inbound", "firewall"}

// otherFirewalls are kinds that also decide which traffic pods accept, and that are not read.
var otherFirewalls = []string{"cilium.io/CiliumNetworkPolicy", "cilium.io/CiliumClusterwideNetworkPolicy", "projectcalico.org/NetworkPolicy",
	"projectcalico.org/GlobalNetworkPolicy", "crd.projectcalico.org/NetworkPolicy", "crd.projectcalico.org/GlobalNetworkPolicy",
	"policy.networking.k8s.io/AdminNetworkPolicy", "policy.networking.k8s.io/BaselineAdminNetworkPolicy"}

// space judges a namespace, once: at its Namespace object if the input has that, else at its first NetworkPolicy.
func (w *world) space(o *object, judgedSpaces map[string]bool) unit {
	name := o.namespace
	if o.key == "/Namespace" {
		name = o.name
	} else if w.spaces[name] != nil || judgedSpaces[name] {
		w.info.Skipped["part-of-another"]++
		return nil
	}
	judgedSpaces[name] = true
	return func() []gate.Subject {
		n := &inventory.Network{Scope: w.production(o)}
		w.firewall(n, name)
		s := w.subject(o, n, spaceTells)
		if o.key != "/Namespace" { // it is about the namespace, whichever policy of it comes first
			space, _, _ := strings.Cut(o.address, "/")
			s.Address, s.Draft.Name = "Namespace/"+space, space
			s.Draft.ID = w.env.ID(s.Address)
		}
		return one(s)
	}
}

// firewall decides whether pods of a namespace accept nothing unless a policy lets it in. Policies only add to each other,
// so one that chooses all pods and lets in nothing is enough, unless another lets everything in to all pods.
//
// No policy in the input means: there is none. That is a conclusion from silence, and it can only fail a rule.
func (w *world) firewall(n *inventory.Network, namespace string) {
	all, letsIn, any := false, false, false
	for _, p := range w.policies[namespace] {
		spec := p.at("spec")
		types, _ := spec.texts("policyTypes")
		if len(types) > 0 && !slices.Contains(types, "Ingress") {
			continue
		}
		any = true
		if everyPod := len(spec.at("podSelector", "matchLabels").tree) == 0 && len(spec.at("podSelector").blocks("matchExpressions")) == 0; everyPod {
			all = true
			letsIn = letsIn || slices.ContainsFunc(spec.blocks("ingress"), everybody)
		}
	}
	deny := all && !letsIn
	if !deny {
		for _, key := range otherFirewalls {
			if len(w.byKind[key]) > 0 {
				n.Firewall = inventory.Unknown[bool](inventory.Unsupported, "policy")
				n.DefaultDeny = inventory.Unknown[bool](inventory.Unsupported, "policy")
				return
			}
		}
	}
	n.Firewall, n.DefaultDeny = inventory.Known(any), inventory.Known(deny)
}

// everybody tells whether an ingress rule lets in all traffic.
func everybody(rule block) bool {
	if len(rule.blocks("ports")) > 0 {
		return false
	}
	from := rule.blocks("from")
	return len(from) == 0 || slices.ContainsFunc(from, func(b block) bool {
		p, ok := asRange(b.at("ipBlock").text("cidr"))
		return ok && p.Bits() == 0
	})
}

var ingressTells = []string{"waf"}

var engineOn = regexp.MustCompile(`(?m)^\s*SecRuleEngine\s+On\s*$`)

// firewalledIngress judges an Ingress whose annotations say something of a web application firewall; nil for others, before
// which one can stand that no manifest knows of.
func (w *world) firewalledIngress(o *object) unit {
	notes := o.at("metadata", "annotations")
	var waf inventory.Fact[string]
	switch {
	case engineOn.MatchString(notes.text("nginx.ingress.kubernetes.io/modsecurity-snippet")) &&
		notes.text("nginx.ingress.kubernetes.io/enable-modsecurity") == "true":
		waf = inventory.Known("prevent")
	case notes.text("nginx.ingress.kubernetes.io/enable-modsecurity") == "true":
		waf = inventory.Known("detect") // what ModSecurity does until it is told to block
	case notes.has("appgw.ingress.kubernetes.io/waf-policy-for-path"):
		waf = inventory.Unknown[string](inventory.NotReported, "waf-policy-for-path") // the policy, elsewhere, has the mode
	case notes.has("alb.ingress.kubernetes.io/wafv2-acl-arn"):
		waf = inventory.Unknown[string](inventory.NotReported, "wafv2-acl-arn")
	default:
		w.info.Skipped["no-facts"]++
		return nil
	}
	return func() []gate.Subject {
		return one(w.subject(o, &inventory.Network{Scope: w.production(o), WAF: waf}, ingressTells))
	}
}
