package kubernetes

import (
	"regexp"
	"strconv"
	"strings"

	"waarborg/internal/gate"
	"waarborg/internal/inventory"
)

// operators read the objects of which an operator makes a data system.
var operators = map[string]func(*world, *object) gate.Subject{
	"postgresql.cnpg.io/Cluster":                 cloudNativePG,
	"acid.zalan.do/postgresql":                   zalandoPostgres,
	"elasticsearch.k8s.elastic.co/Elasticsearch": elasticOnKubernetes,
}

var (
	cnpgTells    = append([]string{"backup.enabled", "backup.retention_days"}, datastoreTells...)
	elasticTells = append([]string{"encryption.tls_required"}, datastoreTells...)
)

// cloudNativePG reads a Cluster of CloudNativePG. The Services that the operator makes itself are inside the cluster.
// https://cloudnative-pg.io/documentation/current/backup/
func cloudNativePG(w *world, o *object) gate.Subject {
	d := &inventory.Datastore{Engine: inventory.Known("postgresql")}
	w.described(o, d)
	spec := o.at("spec")
	all := w.exposed(o.namespace, func(s *service) bool { return s.selector["cnpg.io/cluster"] == o.name })
	all.add(closed())
	for _, extra := range spec.at("managed", "services").blocks("additional") {
		t := extra.at("serviceTemplate")
		all.add(openingOf(t.at("spec"), t.at("metadata", "annotations")))
	}
	all.apply(d)
	w.cnpgBackup(o, d)
	if version, ok := tlsVersions[strings.ToLower(spec.at("postgresql", "parameters").text("ssl_min_protocol_version"))]; ok {
		d.Encryption.MinTLS = inventory.Known(version)
	}
	claims := []block{storageOf(spec.at("storage"))}
	if spec.has("walStorage") {
		claims = append(claims, storageOf(spec.at("walStorage")))
	}
	w.encryptedBy(d, claims)
	return w.subject(o, d, cnpgTells)
}

var tlsVersions = map[string]string{"tlsv1": "1.0", "tlsv1.1": "1.1", "tlsv1.2": "1.2", "tlsv1.3": "1.3"}

// storageOf makes the spec of a claim of the storage of a CloudNativePG cluster.
func storageOf(storage block) block {
	if t := storage.at("pvcTemplate"); t.tree != nil && !storage.has("storageClass") {
		return t
	}
	return block{map[string]any{"storageClassName": storage.tree["storageClass"]}}
}

// cnpgBackup tells of backups only what certainly is made: the archive of changes, and base backups on a schedule.
func (w *world) cnpgBackup(o *object, d *inventory.Datastore) {
	backup := o.at("spec", "backup")
	scheduled := false
	for _, s := range w.backups[o.namespace+"/"+o.name] {
		suspended, _ := s.at("spec").truth("suspend")
		scheduled = scheduled || !suspended
	}
	object := backup.has("barmanObjectStore")
	if scheduled && (object || backup.has("volumeSnapshot") || len(o.at("spec").blocks("plugins")) > 0) {
		d.Backup.Enabled = inventory.Known(true)
	}
	switch policy := backup.text("retentionPolicy"); {
	case !object:
	case policy == "":
		d.Backup.RetentionDays = inventory.Absent[int]() // what was backed up is never removed
	default:
		days, ok := cnpgDays(policy)
		d.Backup.RetentionDays = inventory.Known(days)
		if !ok {
			d.Backup.RetentionDays = inventory.Unknown[int](inventory.Malformed, "retentionPolicy")
		}
	}
}

var policyForm = regexp.MustCompile(`^([1-9][0-9]{0,3})([dwm])$`)

// cnpgDays reads 30d, 4w or 6m, a month as 30 days.
func cnpgDays(policy string) (int, bool) {
	parts := policyForm.FindStringSubmatch(policy)
	if parts == nil {
		return 0, false
	}
	n, err := strconv.Atoi(parts[1])
	return n * map[string]int{"d": 1, "w": 7, "m": 30}[parts[2]], err == nil
}

// zalandoPostgres reads a postgresql of the operator of Zalando. What it does not say, the operator's own settings do.
func zalandoPostgres(w *world, o *object) gate.Subject {
	d := &inventory.Datastore{Engine: inventory.Known("postgresql")}
	w.described(o, d)
	spec := o.at("spec")
	all := w.exposed(o.namespace, func(s *service) bool { return s.selector["cluster-name"] == o.name })
	for _, name := range []string{"enableMasterLoadBalancer", "enableReplicaLoadBalancer"} {
		switch on, said := spec.truth(name); {
		case !said:
			all.add(doubted(inventory.NotReported, name))
		case on:
			list, whole := spec.texts("allowedSourceRanges")
			all.add(openTo(list, whole, "allowedSourceRanges"))
		default:
			all.add(closed())
		}
	}
	for _, name := range []string{"enableMasterPoolerLoadBalancer", "enableReplicaPoolerLoadBalancer"} {
		if on, _ := spec.truth(name); on {
			list, whole := spec.texts("allowedSourceRanges")
			all.add(openTo(list, whole, "allowedSourceRanges"))
		}
	}
	all.apply(d)
	if on, _ := spec.truth("enableLogicalBackup"); on {
		d.Backup.Enabled = inventory.Known(true)
	}
	if volume := spec.at("volume"); volume.has("storageClass") {
		w.encryptedBy(d, []block{{map[string]any{"storageClassName": volume.tree["storageClass"]}}})
	}
	return w.subject(o, d, datastoreTells)
}

// elasticOnKubernetes reads an Elasticsearch of Elastic's operator, which serves HTTPS alone unless it is told otherwise.
// https://www.elastic.co/docs/deploy-manage/security/k8s-https-settings
func elasticOnKubernetes(w *world, o *object) gate.Subject {
	d := &inventory.Datastore{Engine: inventory.Known("elasticsearch")}
	w.described(o, d)
	http := o.at("spec", "http")
	all := w.exposed(o.namespace, func(s *service) bool { return s.selector["elasticsearch.k8s.elastic.co/cluster-name"] == o.name })
	all.add(openingOf(http.at("service", "spec"), http.at("service", "metadata", "annotations")))
	all.merge(w.routes[o.namespace+"/"+o.name+"-es-http"]) // the Service that the operator makes is not in the input
	all.apply(d)
	off, _ := http.at("tls", "selfSignedCertificate").truth("disabled")
	d.Encryption.TLSRequired = inventory.Known(!off || http.at("tls", "certificate").tree != nil)
	var claims []block
	for _, set := range o.at("spec").blocks("nodeSets") {
		if overridesTLS(set.at("config").tree) {
			d.Encryption.TLSRequired = inventory.Unknown[bool](inventory.Unsupported, "xpack.security.http.ssl")
		}
		for _, t := range set.blocks("volumeClaimTemplates") {
			claims = append(claims, t.at("spec"))
		}
	}
	w.encryptedBy(d, claims)
	return w.subject(o, d, elasticTells)
}

// overridesTLS tells whether settings of Elasticsearch, written with dots or nested, say anything of TLS for clients, or
// switch security off.
func overridesTLS(settings map[string]any) bool {
	var walk func(prefix string, m map[string]any) bool
	walk = func(prefix string, m map[string]any) bool {
		for k, v := range m {
			path := prefix + k
			if strings.HasPrefix(path, "xpack.security.http.ssl") || path == "xpack.security.enabled" {
				return true
			}
			if inner, ok := v.(map[string]any); ok && walk(path+".", inner) {
				return true
			}
		}
		return false
	}
	return walk("", settings)
}
