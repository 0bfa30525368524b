package kubernetes

import (
	"slices"
	"strings"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

// workloads are the kinds that keep pods running. Jobs end: one with the image of a database is a client of it, such as
// one that makes a backup.
var workloads = map[string]bool{"apps/StatefulSet": true, "apps/Deployment": true, "apps/DaemonSet": true, "apps/ReplicaSet": true,
	"/ReplicationController": true, "/Pod": true}

var datastoreTells = []string{"data_categories", "engine", "environment", "network.allowed_ranges", "network.public", "personal_data"}

// pods are the spec of the pods that a workload makes.
func (o *object) pods() block {
	if o.key == "/Pod" {
		return o.at("spec")
	}
	return o.at("spec", "template", "spec")
}

func (o *object) podLabels() map[string]string {
	at := o.at("spec", "template", "metadata", "labels")
	if o.key == "/Pod" {
		at = o.at("metadata", "labels")
	}
	labels, _ := texts(at)
	return labels
}

// engines are the data systems that the containers of a workload run, in their order, each once.
func (o *object) engines() (out []string) {
	for _, c := range o.pods().blocks("containers") {
		if engine := engineOf(c.text("image")); engine != "" && !slices.Contains(out, engine) {
			out = append(out, engine)
		}
	}
	return out
}

// keepsData tells whether a workload has disks of its own for each pod.
func (o *object) keepsData() bool {
	return o.key == "apps/StatefulSet" && len(o.at("spec").blocks("volumeClaimTemplates")) > 0
}

// workload makes a datastore of a workload that runs a data system, or that keeps data in a system whose image nobody knows.
func (w *world) workload(o *object) unit {
	engines := o.engines()
	if len(engines) == 0 && !o.keepsData() {
		w.info.Skipped["no-data"]++
		return nil
	}
	if len(engines) == 0 {
		engines = []string{""}
	}
	return func() []gate.Subject {
		out := make([]gate.Subject, 0, len(engines))
		for i, engine := range engines {
			d := &inventory.Datastore{Engine: inventory.Known(engine)}
			if engine == "" {
				d.Engine = inventory.Unknown[string](inventory.Unsupported, "image")
			}
			w.described(o, d)
			w.exposePods(o, d)
			w.encrypted(o, d)
			s := w.subject(o, d, datastoreTells)
			if i > 0 { // a second system in the same pods
				s.Address += "/" + engine
				s.Draft.ID += "/" + engine
			}
			out = append(out, s)
		}
		return out
	}
}

// exposePods sets who can reach the pods of a workload.
func (w *world) exposePods(o *object, d *inventory.Datastore) {
	labels := o.podLabels()
	all := w.exposed(o.namespace, func(s *service) bool { return s.selects(labels) })
	pods := o.pods()
	if onHost, _ := pods.truth("hostNetwork"); onHost {
		all.add(doubted(inventory.NotReported, "hostNetwork"))
	}
	for _, c := range pods.blocks("containers") {
		for _, p := range c.blocks("ports") {
			if port, _ := p.tree["hostPort"].(float64); port > 0 {
				all.add(doubted(inventory.NotReported, "hostPort"))
			}
		}
	}
	all.apply(d)
}

// noteMounts notes the claims that datastores use, so that these are not counted again.
func (w *world) noteMounts() {
	made := map[string]bool{} // what the names of claims that a StatefulSet makes begin with: the template's name and its own
	for key := range workloads {
		for _, o := range w.byKind[key] {
			if len(o.engines()) == 0 && !o.keepsData() {
				continue
			}
			for _, v := range o.pods().blocks("volumes") {
				w.mounted[o.namespace+"/"+v.at("persistentVolumeClaim").text("claimName")] = true
			}
			for _, t := range o.at("spec").blocks("volumeClaimTemplates") {
				made[o.namespace+"/"+t.at("metadata").text("name")+"-"+o.name] = true
			}
		}
	}
	for _, o := range w.byKind["/PersistentVolumeClaim"] {
		name := o.namespace + "/" + o.name
		if end := strings.LastIndexByte(name, '-'); end > 0 && strings.Trim(name[end+1:], "0123456789") == "" && made[name[:end]] {
			w.mounted[name] = true
		}
	}
}

// encrypted sets what the storage classes of a workload's disks say of encryption, if the input has them all.
func (w *world) encrypted(o *object, d *inventory.Datastore) {
	var claims []block
	for _, v := range o.pods().blocks("volumes") {
		if name := v.at("persistentVolumeClaim").text("claimName"); name != "" {
			c := w.claims[o.namespace][name]
			if c == nil {
				return
			}
			claims = append(claims, c.at("spec"))
		}
	}
	for _, t := range o.at("spec").blocks("volumeClaimTemplates") {
		claims = append(claims, t.at("spec"))
	}
	w.encryptedBy(d, claims)
}

// encryptedBy sets encryption by the classes of claims: known only if each is in the input and they agree.
func (w *world) encryptedBy(d *inventory.Datastore, claims []block) {
	for i, spec := range claims {
		c, ok := w.classOf(spec)
		if !ok || !c.encrypted || i > 0 && custodyOf(d) != c.custody {
			d.Encryption = inventory.Encryption{}
			return
		}
		d.Encryption.AtRest, d.Encryption.KeyCustody = inventory.Known(true), inventory.Fact[string]{}
		if c.custody != "" {
			d.Encryption.KeyCustody = inventory.Known(c.custody)
		}
	}
}

func custodyOf(d *inventory.Datastore) string {
	custody, _ := d.Encryption.KeyCustody.Value()
	return custody
}
