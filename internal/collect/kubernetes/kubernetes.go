// Package kubernetes reads manifests of Kubernetes, as `helm template`, `kustomize build` and `kubectl get -o yaml` write
// them, and tells what they say of where data are kept, who can reach them and from where. It asks nothing of a cluster.
//
// Reading (yaml.go, json.go, object.go) is apart from meaning: each of the other files reads one group of kinds. What tells
// something of another object, such as a Service of the pods it selects, is joined within the one input, whatever the
// order of its documents.
package kubernetes

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"fmt"
	"io"
	"slices"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// MaxSize is how large an input may be, in bytes.
const MaxSize = 16 << 20

// maxObjects is how many objects an input may have: what is joined is compared with each other.
const maxObjects = 20_000

// Config of an input.
type Config struct {
	Name      string    // for people; without folders
	Input     io.Reader // YAML of any number of documents, or JSON; read to its end by Open
	Namespace string    // of objects that name none; "default" if empty
	RawTypes  []string  // types ("apps/v1 Deployment") or kinds ("Deployment") that are subjects even if nothing is told of them
}

// Is tells whether data, the first part of an input or all of it, looks like a manifest. It is cheap, and says yes to a
// manifest that Open refuses, such as a template of Helm.
func Is(data []byte) bool {
	data = start(data)
	data = data[:min(len(data), 256<<10)]
	if bytes.HasPrefix(data, []byte("{")) {
		return isJSON(data)
	}
	api, kind := false, false
	for line := range bytes.Lines(data) {
		switch {
		case bytes.HasPrefix(line, []byte("---")):
			api, kind = false, false
		case bytes.HasPrefix(line, []byte("apiVersion:")):
			api = true
		case bytes.HasPrefix(line, []byte("kind:")):
			kind = true
		}
		if api && kind {
			return true
		}
	}
	return false
}

// isJSON looks for a member apiVersion of the outer object: no other format that is judged has one there.
func isJSON(data []byte) bool {
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	if _, err := dec.ReadToken(); err != nil {
		return false
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return false
		}
		if name.String() == "apiVersion" {
			return dec.PeekKind() == '"'
		}
		if dec.SkipValue() != nil {
			return false
		}
	}
	return false
}

// Open reads a manifest and joins what belongs together. env.Problem is not used: problems stand in the reader's Info. The
// error is a *collect.Error: the input is too large, no YAML or JSON that can be read, a template, or no manifest.
func Open(cfg Config, env collect.Env) (gate.Reader, error) {
	cfg.Namespace = cmp.Or(cfg.Namespace, "default")
	data, err := io.ReadAll(io.LimitReader(cfg.Input, MaxSize+1))
	if err != nil {
		return nil, &collect.Error{Code: inventory.SourceError,
			Msg: say.Both("%s could not be read", "%s kon niet worden gelezen", cfg.Name),
			Hint: say.Both("check the path, and that this account may read it",
				"controleer het pad, en of dit account het mag lezen"), Err: err}
	}
	if len(data) > MaxSize {
		return nil, refuse(say.Both("%s is larger than %d MiB", "%s is groter dan %d MiB", cfg.Name, MaxSize>>20), splitUp())
	}
	objects, err := readObjects(cfg, env, data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	w := newWorld(cfg, env, objects)
	w.info.Digest, w.info.Size = "sha256:"+hex.EncodeToString(sum[:]), int64(len(data))
	return w, nil
}

// refuse is the error of an input that cannot be judged.
func refuse(msg, hint say.Text) error {
	return &collect.Error{Code: inventory.Malformed, Msg: msg, Hint: hint}
}

// world is all that an input says. Once made it does not change, so that its subjects can be made side by side.
type world struct {
	cfg      Config
	env      collect.Env
	info     gate.Info
	units    []unit
	byKind   map[string][]*object          // by group/kind, in the order of the input
	services map[string][]*service         // by namespace
	routes   map[string]*exposure          // what leads to a Service, by namespace/name
	claims   map[string]map[string]*object // claims by namespace and name
	classes  map[string]class              // storage classes by name
	policies map[string][]*object          // network policies by namespace
	spaces   map[string]*object            // namespaces by name
	roles    map[string]*object            // by namespace/name; of the cluster: /name
	mounted  map[string]bool               // claims, as namespace/name, that a datastore of the input uses
	backups  map[string][]*object          // scheduled backups by namespace/cluster
}

// unit makes the subjects of one object, anew at each call. It may give none.
type unit func() []gate.Subject

func newWorld(cfg Config, env collect.Env, objects []*object) *world {
	w := &world{cfg: cfg, env: env, byKind: map[string][]*object{}, services: map[string][]*service{}, routes: map[string]*exposure{},
		claims: map[string]map[string]*object{}, classes: map[string]class{}, policies: map[string][]*object{},
		spaces: map[string]*object{}, roles: map[string]*object{}, mounted: map[string]bool{}, backups: map[string][]*object{}}
	w.info = gate.Info{Name: cfg.Name, Format: "kubernetes", Skipped: map[string]int{}}
	for _, o := range objects {
		w.byKind[o.key] = append(w.byKind[o.key], o)
	}
	w.index()
	judgedSpaces := map[string]bool{}
	for _, o := range objects {
		u := w.unitOf(o, judgedSpaces)
		if u == nil && w.wantsRaw(o) {
			u = func() []gate.Subject { return []gate.Subject{w.subject(o, nil, nil)} }
		}
		if u != nil {
			w.units = append(w.units, u)
		}
	}
	w.reportUnread(objects)
	return w
}

// index notes what joins look up.
func (w *world) index() {
	for _, o := range w.byKind["/Namespace"] {
		w.spaces[o.name] = o
	}
	w.indexServices()
	for _, o := range w.byKind["/PersistentVolumeClaim"] {
		if w.claims[o.namespace] == nil {
			w.claims[o.namespace] = map[string]*object{}
		}
		w.claims[o.namespace][o.name] = o
	}
	for _, o := range w.byKind["storage.k8s.io/StorageClass"] {
		w.classes[o.name] = readClass(o)
	}
	for _, o := range w.byKind["networking.k8s.io/NetworkPolicy"] {
		w.policies[o.namespace] = append(w.policies[o.namespace], o)
	}
	for _, key := range []string{rbac + "Role", rbac + "ClusterRole"} {
		for _, o := range w.byKind[key] {
			w.roles[o.namespace+"/"+o.name] = o
		}
	}
	for _, o := range w.byKind["postgresql.cnpg.io/ScheduledBackup"] {
		of := o.namespace + "/" + o.at("spec", "cluster").text("name")
		w.backups[of] = append(w.backups[of], o)
	}
	w.noteMounts()
}

// unitOf chooses what reads an object; nil if nothing does, or if it says nothing that is judged.
func (w *world) unitOf(o *object, judgedSpaces map[string]bool) unit {
	switch {
	case o.owned():
		w.info.Skipped["owned"]++
		return nil
	case workloads[o.key]:
		return w.workload(o)
	case operators[o.key] != nil:
		return func() []gate.Subject { return one(operators[o.key](w, o)) }
	}
	switch o.key {
	case "/PersistentVolumeClaim":
		return w.claim(o)
	case "/Service":
		return w.exposedService(o)
	case "networking.k8s.io/Ingress":
		return w.firewalledIngress(o)
	case rbac + "RoleBinding", rbac + "ClusterRoleBinding":
		return w.binding(o)
	case "/Namespace", "networking.k8s.io/NetworkPolicy":
		return w.space(o, judgedSpaces)
	}
	if !joined[o.key] {
		w.info.Skipped["no-mapping"]++
	}
	return nil
}

// joined are kinds that only tell something of others.
var joined = map[string]bool{"storage.k8s.io/StorageClass": true, rbac + "Role": true, rbac + "ClusterRole": true,
	"postgresql.cnpg.io/ScheduledBackup": true}

func (w *world) wantsRaw(o *object) bool {
	return slices.Contains(w.cfg.RawTypes, o.typ()) || slices.Contains(w.cfg.RawTypes, o.kind)
}

// subject makes a subject of an object. Facts that tells names and that nothing set become unknown with a reason.
func (w *world) subject(o *object, a inventory.Attributes, tells []string) gate.Subject {
	p := w.env.Provenance("kubernetes", o.typ(), "")
	p.File, p.Line = w.cfg.Name, o.line
	d := inventory.Draft{ID: w.env.ID(o.address), Name: o.shown, Attributes: a, Provenance: p, Scope: w.scope(o)}
	for _, path := range tells {
		setMissing(a, path)
	}
	return gate.Subject{Draft: d, Address: o.address, Type: o.typ(), Change: gate.Present, Tells: tells, Raw: raw{o.tree}}
}

func one(s gate.Subject) []gate.Subject { return []gate.Subject{s} }

// Info tells what the input is.
func (w *world) Info() gate.Info { return w.info }

// Units is how many objects are judged.
func (w *world) Units() int { return len(w.units) }

// Read makes the subjects of a range of objects.
func (w *world) Read(ctx context.Context, from, to int, out []gate.Subject) ([]gate.Subject, error) {
	if from < 0 || to > len(w.units) || from > to {
		return out, fmt.Errorf("kubernetes: there are no units %d to %d of %d", from, to, len(w.units))
	}
	for _, u := range w.units[from:to] {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		out = append(out, u()...)
	}
	return out, nil
}

// Close gives nothing back: the garbage collector does.
func (w *world) Close() error { return nil }

// foreign are API groups, or ends of them, of operators and clouds that make data systems and that are not read here.
var foreign = []string{"mongodb.com", "percona.com", "crunchydata.com", "kubedb.com", "k8s.mariadb.com", "mysql.oracle.com", "min.io",
	"strimzi.io", "rabbitmq.com", "opstreelabs.in", "spotahome.com", "redislabs.com", "opensearch.opster.io", "opensearch.org",
	"datastax.com", "k8ssandra.io", "altinity.com", "couchbase.com", "stackgres.io", "scylladb.com", "cockroachlabs.com",
	"upbound.io", "crossplane.io", "dbforpostgresql.azure.com", "dbformysql.azure.com", "storage.azure.com", "sql.azure.com",
	"documentdb.azure.com", "cache.azure.com", "services.k8s.aws", "cnrm.cloud.google.com"}

// reportUnread tells of kinds that can hold personal data and are not read.
func (w *world) reportUnread(objects []*object) {
	seen := map[string]bool{}
	for _, o := range objects {
		known := operators[o.key] != nil || joined[o.key] || seen[o.typ()]
		if known || !slices.ContainsFunc(foreign, func(end string) bool { return o.group == end || strings.HasSuffix(o.group, "."+end) }) {
			continue
		}
		seen[o.typ()] = true
		w.info.Problems = append(w.info.Problems, gate.Problem{What: say.Both("objects of type %s", "objecten van type %s", o.typ()),
			Reason: inventory.Reason{Code: inventory.Unsupported, Detail: "kind"},
			Hint: say.Both("they are not judged; read them from the live system, or put what they hold in the data map",
				"ze worden niet beoordeeld; lees ze uit het systeem zelf, of zet wat ze bevatten in de gegevenskaart")})
	}
}
