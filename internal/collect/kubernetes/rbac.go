package kubernetes

import (
	"regexp"
	"slices"
	"strings"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

const rbac = "rbac.authorization.k8s.io/"

var grantTells = []string{"direct", "expires", "principal", "principal_type", "rights", "standing", "wildcard"}

// powers are what a role allows.
type powers struct {
	rights   inventory.Fact[[]string]
	wildcard inventory.Fact[bool]
	name     string // of a role that every cluster has
}

// everything are all rights, sorted.
var everything = []string{"administer", "delete", "read", "write"}

// builtIn are the roles that every cluster has and that charts refer to, with what they allow.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
var builtIn = map[string]struct {
	rights   []string
	wildcard bool
}{
	"cluster-admin":         {everything, true},
	"admin":                 {everything, false},
	"edit":                  {[]string{"delete", "read", "write"}, false},
	"view":                  {nil, false}, // no secrets, no shells
	"system:auth-delegator": {nil, false},
}

// powersOf looks up the role that a binding refers to.
func (w *world) powersOf(o *object) powers {
	ref := o.at("roleRef")
	name, namespace := ref.text("name"), o.namespace
	if ref.text("kind") == "ClusterRole" {
		namespace = ""
	}
	if role := w.roles[namespace+"/"+name]; role != nil {
		return powersIn(role)
	}
	if namespace == "" {
		if known, ok := builtIn[name]; ok {
			return powers{inventory.Known(known.rights), inventory.Known(known.wildcard), name}
		}
	}
	why := inventory.Reason{Code: inventory.NotReported, Detail: "role"}
	return powers{rights: inventory.Unknown[[]string](why.Code, why.Detail), wildcard: inventory.Unknown[bool](why.Code, why.Detail)}
}

// powersIn reads the rules of a role.
func powersIn(role *object) powers {
	var rights []string
	wildcard := false
	for _, rule := range role.blocks("rules") {
		verbs, okVerbs := rule.texts("verbs")
		resources, okResources := rule.texts("resources")
		groups, okGroups := rule.texts("apiGroups")
		if !okVerbs || !okResources || !okGroups {
			return powers{rights: inventory.Unknown[[]string](inventory.Malformed, "rules"), wildcard: inventory.Unknown[bool](inventory.Malformed, "rules")}
		}
		got := rightsOf(groups, resources, verbs)
		rights = append(rights, got...)
		wildcard = wildcard || len(got) > 0 && slices.Contains(slices.Concat(verbs, resources, groups), "*")
	}
	slices.Sort(rights)
	rights = slices.Compact(rights)
	p := powers{rights: inventory.Known(rights), wildcard: inventory.Known(wildcard)}
	if role.has("aggregationRule") { // the cluster adds rules of roles with certain labels
		p.rights = inventory.Partial(rights, inventory.NotReported, "aggregationRule")
		p.wildcard = inventory.Unknown[bool](inventory.NotReported, "aggregationRule")
		if wildcard {
			p.wildcard = inventory.Known(true)
		}
	}
	return p
}

// way is a resource that opens a way to data or to rights, and what each verb on it gives.
type way struct {
	group     string
	resources []string
	verbs     map[string][]string
}

var (
	look   = []string{"get", "list", "watch"}
	change = []string{"create", "update", "patch"}
	remove = []string{"delete", "deletecollection"}
)

// verbs makes a table of what groups of verbs give.
func verbs(pairs ...any) map[string][]string {
	out := map[string][]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		for _, verb := range pairs[i].([]string) {
			out[verb] = append(out[verb], pairs[i+1].([]string)...)
		}
	}
	return out
}

var ways = []way{
	{"", []string{"secrets"}, verbs(look, []string{"read"}, change, []string{"write"}, remove, []string{"delete"})},
	// A shell in a container, or its port, reaches whatever the container reaches.
	{"", []string{"pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers", "nodes/proxy"},
		verbs(append([]string{"get"}, change...), []string{"delete", "read", "write"})},
	{"", []string{"persistentvolumes", "persistentvolumeclaims"}, verbs(change, []string{"write"}, remove, []string{"delete"})},
	{"", []string{"users", "groups", "serviceaccounts"}, verbs([]string{"impersonate"}, []string{"administer"})},
	{"", []string{"serviceaccounts/token"}, verbs([]string{"create"}, []string{"administer"})},
	{strings.TrimSuffix(rbac, "/"), []string{"roles", "clusterroles", "rolebindings", "clusterrolebindings"},
		verbs(append([]string{"escalate", "bind"}, slices.Concat(change, remove)...), []string{"administer"})},
	{"postgresql.cnpg.io", []string{"clusters"}, verbs(change, []string{"write"}, remove, []string{"delete"})},
	{"acid.zalan.do", []string{"postgresqls"}, verbs(change, []string{"write"}, remove, []string{"delete"})},
	{"elasticsearch.k8s.elastic.co", []string{"elasticsearches"}, verbs(change, []string{"write"}, remove, []string{"delete"})},
}

// rightsOf is what a rule gives of ways to data.
func rightsOf(groups, resources, asked []string) (out []string) {
	for _, w := range ways {
		if !slices.Contains(groups, "*") && !slices.Contains(groups, w.group) {
			continue
		}
		if !slices.ContainsFunc(w.resources, func(r string) bool {
			return slices.ContainsFunc(resources, func(pattern string) bool { return covers(pattern, r) })
		}) {
			continue
		}
		for verb, rights := range w.verbs {
			if slices.Contains(asked, verb) || slices.Contains(asked, "*") {
				out = append(out, rights...)
			}
		}
	}
	return out
}

// covers tells whether a resource of a rule is the one meant: *, pods/exec, or */exec.
func covers(pattern, resource string) bool {
	if pattern == "*" || pattern == resource {
		return true
	}
	sub, any := strings.CutPrefix(pattern, "*/")
	_, have, _ := strings.Cut(resource, "/")
	return any && have == sub
}

// binding makes a grant for each subject of a binding whose role opens a way to data, or of which that is not known.
func (w *world) binding(o *object) unit {
	p := w.powersOf(o)
	if rights, ok := p.rights.Value(); ok && len(rights) == 0 && !p.rights.IsUnknown() {
		w.info.Skipped["no-way-to-data"]++
		return nil
	}
	if o.key == rbac+"ClusterRoleBinding" && !p.rights.IsUnknown() {
		p.wildcard = inventory.Known(true) // in every namespace, also those that are still to come
	}
	return func() []gate.Subject {
		var out []gate.Subject
		seen := map[string]bool{}
		for _, sub := range o.blocks("subjects") {
			g := w.grant(o, sub, p)
			key, _ := g.Principal.Value()
			if key == "" {
				key = "unknown"
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			s := w.subject(o, g, grantTells)
			s.Address += "/" + key
			s.Draft.ID += "/" + key
			out = append(out, s)
		}
		return out
	}
}

var (
	serviceName = regexp.MustCompile(`^system:serviceaccount:[^:]+:[^:]+$`)
	objectID    = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

func (w *world) grant(o *object, sub block, p powers) *inventory.Grant {
	g := &inventory.Grant{Rights: p.rights, Wildcard: p.wildcard, Environment: w.environment(o),
		Standing: inventory.Known(true), Expires: inventory.Absent[string]()} // a binding has no end and is always in force
	if p.name != "" {
		g.Role = inventory.Known(p.name)
	}
	if strings.EqualFold(o.label(dataKey), "personal") {
		g.PersonalData = inventory.Known(true)
	}
	g.Principal, g.Type = w.principal(o, sub)
	if word, ok := g.Type.Value(); ok {
		g.Direct = inventory.Known(word != "group")
	} else {
		g.Direct = inventory.Unknown[bool](g.Type.Reason().Code, g.Type.Reason().Detail)
	}
	return g
}

// principal is whom a binding names, as a pseudonym, and what kind of principal that is.
func (w *world) principal(o *object, sub block) (who, what inventory.Fact[string]) {
	name := sub.text("name")
	if name == "" {
		why := inventory.Reason{Code: inventory.Malformed, Detail: "subjects"}
		return inventory.Unknown[string](why.Code, why.Detail), inventory.Unknown[string](why.Code, why.Detail)
	}
	token := func(name string) inventory.Fact[string] { return inventory.Known(w.env.Pseudonyms.Token(name)) }
	switch sub.text("kind") {
	case "ServiceAccount":
		namespace := sub.text("namespace")
		if namespace == "" {
			namespace = o.namespace
		}
		return token("system:serviceaccount:" + namespace + ":" + name), inventory.Known("service")
	case "Group":
		if name == "system:unauthenticated" {
			return inventory.Known("public"), inventory.Known("public")
		}
		return token(name), inventory.Known("group")
	case "User":
		switch {
		case name == "system:anonymous":
			return inventory.Known("public"), inventory.Known("public")
		case serviceName.MatchString(name), strings.HasPrefix(name, "system:"):
			return token(name), inventory.Known("service")
		case objectID.MatchString(name): // Entra writes both people and services so
			return token(name), inventory.Unknown[string](inventory.NotReported, "object id")
		case strings.Contains(strings.ToLower(name), "#ext#"):
			return token(name), inventory.Known("guest")
		}
		return token(name), inventory.Known("person")
	}
	return token(name), inventory.Unknown[string](inventory.Unsupported, "kind")
}
