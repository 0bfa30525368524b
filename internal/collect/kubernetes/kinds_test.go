package kubernetes

import (
	"fmt"
	"strings"
	"testing"

	"waarborg/internal/inventory"
)

func TestOperators(t *testing.T) {
	list := read(t, fixture(t, "operators.yaml"))
	expect{"engine": "postgresql", "environment": "acceptance", "network.public": "false", "network.allowed_ranges": "[]", "backup.enabled": "true",
		"backup.retention_days": "28", "encryption.min_tls": "1.2", "encryption.at_rest": "true", "encryption.key_custody": "platform",
		"personal_data": "?not-reported manifest", "redundancy": "-"}.check(t, find(t, list, "crm-acc/Cluster/crm"))
	expect{"network.public": "false", "network.allowed_ranges": `["203.0.113.0/24"]`, "backup.enabled": "?not-reported manifest",
		"backup.retention_days": "null", "encryption.at_rest": "-"}.check(t, find(t, list, "crm-acc/Cluster/crm-open"))
	expect{"engine": "postgresql", "network.public": "true", "backup.enabled": "true", "environment": "?not-reported manifest"}.check(
		t, find(t, list, "survey/postgresql/acid-survey"))
	expect{"engine": "elasticsearch", "network.public": "false", "encryption.tls_required": "true", "encryption.at_rest": "true"}.check(
		t, find(t, list, "crm-acc/Elasticsearch/search"))
	expect{"network.public": "true", "encryption.tls_required": "false"}.check(t, find(t, list, "crm-acc/Elasticsearch/plain"))
	expect{"waf": "detect"}.check(t, find(t, list, "crm-acc/Ingress/plain"))
}

func TestOperatorsInDoubt(t *testing.T) {
	elastic := func(set string) string {
		return "apiVersion: elasticsearch.k8s.elastic.co/v1\nkind: Elasticsearch\nmetadata: {name: e}\nspec:\n  nodeSets:\n    - " + set + "\n"
	}
	for set, want := range map[string]string{
		"config: {xpack.security.http.ssl.enabled: false}":         "?unsupported xpack.security.http.ssl",
		"config: {xpack: {security: {http: {ssl: {x: 1}}}}}":       "?unsupported xpack.security.http.ssl",
		"config: {xpack.security: {enabled: false}}":               "?unsupported xpack.security.http.ssl",
		"config: {xpack.security.authc.anonymous.roles: [viewer]}": "true",
	} {
		expect{"encryption.tls_required": want}.check(t, find(t, read(t, elastic(set)), "default/Elasticsearch/e"))
	}
	cluster := "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: c}\nspec: {backup: {retentionPolicy: %s, barmanObjectStore: {x: 1}}}\n"
	for policy, want := range map[string]string{"30d": "30", "6m": "180", "2w": "14", "soon": "?malformed retentionPolicy", "0d": "?malformed retentionPolicy"} {
		expect{"backup.retention_days": want}.check(t, find(t, read(t, fmt.Sprintf(cluster, policy)), "default/Cluster/c"))
	}
	suspended := documents(fmt.Sprintf(cluster, "30d"), "apiVersion: postgresql.cnpg.io/v1\nkind: ScheduledBackup\nmetadata: {name: s}\nspec: {suspend: true, cluster: {name: c}}")
	expect{"backup.enabled": "?not-reported manifest"}.check(t, find(t, read(t, suspended), "default/Cluster/c"))
	zalando := "apiVersion: acid.zalan.do/v1\nkind: postgresql\nmetadata: {name: z}\nspec: {}\n"
	expect{"network.public": "?not-reported enableReplicaLoadBalancer"}.check(t, find(t, read(t, zalando), "default/postgresql/z"))
}

func TestEngines(t *testing.T) {
	for image, want := range map[string]string{
		"postgres": "postgresql", "postgres:16-alpine": "postgresql", "docker.io/library/postgres@sha256:abc": "postgresql",
		"registry.example:5000/mirror/bitnami/postgresql:16": "postgresql", "ghcr.io/zalando/spilo-16:3.2-p3": "postgresql",
		"mcr.microsoft.com/mssql/server:2022-latest": "mssql", "mysql/community-server": "mysql", "mariadb:11": "mysql",
		"docker.elastic.co/elasticsearch/elasticsearch:8.15.0": "elasticsearch", "quay.io/minio/minio": "blob", "REDIS:7": "redis",
		"bitnami/postgres-exporter": "", "oliver006/redis_exporter": "", "pgbouncer": "", "my/postgres/tool": "", "server": "",
		"bitnami/redis-sentinel": "", "": "", "postgres-backup": "", "x/mongo:7": "mongodb", "rancher/server": "",
	} {
		if got := engineOf(image); got != want {
			t.Errorf("%q: %q, want %q", image, got, want)
		}
	}
}

const database = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: ns}\n" +
	"spec: {template: {metadata: {labels: {app: db, tier: data}}, spec: {containers: [{name: db, image: 'postgres:16'}]}}}"

func serviceDoc(name, spec string, annotations ...string) string {
	return fmt.Sprintf("apiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: ns, annotations: {%s}}\nspec: {%s}", name, strings.Join(annotations, ", "), spec)
}

func ingressDoc(service, class string, annotations ...string) string {
	return fmt.Sprintf("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i-%s, namespace: ns, annotations: {%s}}\n"+
		"spec: {ingressClassName: %s, rules: [{http: {paths: [{backend: {service: {name: %s}}}]}}]}", service, strings.Join(annotations, ", "), class, service)
}

func TestWhoCanReachADatabase(t *testing.T) {
	inside := serviceDoc("s", "selector: {app: db}")
	for name, c := range map[string]struct{ docs, public, ranges string }{
		"no service":         {"", "?not-reported manifest", "?not-reported manifest"},
		"inside":             {inside, "false", "[]"},
		"other pods":         {serviceDoc("s", "type: LoadBalancer, selector: {app: web}"), "?not-reported manifest", "?not-reported manifest"},
		"more is asked":      {serviceDoc("s", "type: LoadBalancer, selector: {app: db, x: z}"), "?not-reported manifest", "?not-reported manifest"},
		"malformed selector": {serviceDoc("s", "selector: {app: db, x: 1}"), "?malformed selector", "?malformed selector"},
		"no selector":        {serviceDoc("s", "type: LoadBalancer"), "?not-reported manifest", "?not-reported manifest"},
		"balancer":           {serviceDoc("s", "type: LoadBalancer, selector: {tier: data, app: db}"), "true", "[]"},
		"balancer, ranges":   {serviceDoc("s", "type: LoadBalancer, selector: {app: db}, loadBalancerSourceRanges: [203.0.113.7/24, 198.51.100.1]"), "false", `["198.51.100.1/32","203.0.113.0/24"]`},
		"all ranges":         {serviceDoc("s", "type: LoadBalancer, selector: {app: db}, loadBalancerSourceRanges: [0.0.0.0/0]"), "true", `["0.0.0.0/0"]`},
		"private ranges":     {serviceDoc("s", "type: LoadBalancer, selector: {app: db}, loadBalancerSourceRanges: [10.0.0.0/7, 10.0.0.0/8]"), "false", `["10.0.0.0/7","10.0.0.0/8"]`},
		"malformed range":    {serviceDoc("s", "type: LoadBalancer, selector: {app: db}, loadBalancerSourceRanges: [anna]"), "?malformed loadBalancerSourceRanges", "?malformed loadBalancerSourceRanges"},
		"range annotation":   {serviceDoc("s", "type: LoadBalancer, selector: {app: db}", "service.beta.kubernetes.io/load-balancer-source-ranges: '203.0.113.0/24, 10.0.0.0/16'"), "false", `["10.0.0.0/16","203.0.113.0/24"]`},
		"internal":           {serviceDoc("s", "type: LoadBalancer, selector: {app: db}", "service.beta.kubernetes.io/azure-load-balancer-internal: 'true'"), "false", "[]"},
		"internal off":       {serviceDoc("s", "type: LoadBalancer, selector: {app: db}", "service.beta.kubernetes.io/azure-load-balancer-internal: 'false'"), "true", "[]"},
		"service tags":       {serviceDoc("s", "type: LoadBalancer, selector: {app: db}", "service.beta.kubernetes.io/azure-allowed-service-tags: x"), "?unsupported azure-allowed-service-tags", "?unsupported azure-allowed-service-tags"},
		"a class":            {serviceDoc("s", "type: LoadBalancer, loadBalancerClass: tailscale, selector: {app: db}"), "?not-reported loadBalancerClass", "?not-reported loadBalancerClass"},
		"node port":          {serviceDoc("s", "type: NodePort, selector: {app: db}"), "?not-reported NodePort", "?not-reported NodePort"},
		"external address":   {serviceDoc("s", "externalIPs: [203.0.113.1], selector: {app: db}"), "?not-reported externalIPs", "?not-reported externalIPs"},
		"unknown type":       {serviceDoc("s", "type: Other, selector: {app: db}"), "?malformed type", "?malformed type"},
		"two services":       {documents(serviceDoc("a", "selector: {app: db}"), serviceDoc("b", "type: LoadBalancer, selector: {app: db}")), "true", "[]"},
		"public and node":    {documents(serviceDoc("a", "type: NodePort, selector: {app: db}"), serviceDoc("b", "type: LoadBalancer, selector: {app: db}, loadBalancerSourceRanges: [0.0.0.0/0]")), "true", `["0.0.0.0/0"]?not-reported NodePort`},
		"ingress":            {documents(inside, ingressDoc("s", "nginx")), "true", "[]"},
		"ingress, other":     {documents(inside, ingressDoc("t", "nginx")), "false", "[]"},
		"ingress, ranges":    {documents(inside, ingressDoc("s", "nginx", "nginx.ingress.kubernetes.io/whitelist-source-range: '203.0.113.0/24,198.51.100.0/24'")), "false", `["198.51.100.0/24","203.0.113.0/24"]`},
		"ingress, inside":    {documents(inside, ingressDoc("s", "azure-application-gateway", "appgw.ingress.kubernetes.io/use-private-ip: 'true'")), "false", "[]"},
		"ingress, alb":       {documents(inside, ingressDoc("s", "alb")), "false", "[]"},
		"ingress, alb out":   {documents(inside, ingressDoc("s", "alb", "alb.ingress.kubernetes.io/scheme: internet-facing")), "true", "[]"},
		"default backend":    {documents(inside, "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, namespace: ns}\nspec: {defaultBackend: {service: {name: s}}}"), "true", "[]"},
		"other namespace":    {documents(inside, strings.ReplaceAll(ingressDoc("s", "nginx"), "namespace: ns", "namespace: m")), "false", "[]"},
		"old ingress":        {documents(inside, "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: i, namespace: ns}\nspec: {backend: {serviceName: s}}"), "true", "[]"},
		"gateway":            {documents(inside, "apiVersion: gateway.networking.k8s.io/v1\nkind: TCPRoute\nmetadata: {name: i, namespace: ns}\nspec: {rules: [{backendRefs: [{name: s}]}]}"), "?not-reported gateway", "?not-reported gateway"},
		"route":              {documents(inside, "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: i, namespace: ns}\nspec: {to: {name: s}}"), "true", "[]"},
	} {
		for _, manifest := range []string{documents(database, c.docs), documents(c.docs, database)} {
			r := find(t, read(t, manifest), "ns/StatefulSet/db")
			if public, ranges := factAt(t, r, "network.public"), factAt(t, r, "network.allowed_ranges"); public != c.public || ranges != c.ranges {
				t.Errorf("%s: %s and %s, want %s and %s", name, public, ranges, c.public, c.ranges)
			}
		}
	}
	for _, port := range []string{"hostNetwork: true, containers: [", "containers: [{name: p, image: x, ports: [{hostPort: 5432}]}, "} {
		doc := strings.Replace(database, "containers: [", port, 1)
		expect{"network.public": map[bool]string{true: "?not-reported hostNetwork", false: "?not-reported hostPort"}[strings.HasPrefix(port, "host")]}.check(
			t, find(t, read(t, documents(doc, inside)), "ns/StatefulSet/db"))
	}
}

func TestManagementPorts(t *testing.T) {
	for spec, want := range map[string]string{
		"type: LoadBalancer, ports: [{port: 5432}]":                                           "true",
		"type: LoadBalancer, ports: [{port: 443}, {port: 15432, targetPort: 5432}]":           "true",
		"type: LoadBalancer, ports: [{port: 443, targetPort: https}]":                         "false",
		"type: LoadBalancer, ports: [{port: 22}], loadBalancerSourceRanges: [203.0.113.0/24]": "false",
		"type: LoadBalancer, ports: [{port: x}]":                                              "?malformed ports",
		"type: LoadBalancer":                                                                  "?malformed ports",
		"type: NodePort, ports: [{port: 22}]":                                                 "?not-reported NodePort",
		"type: NodePort, ports: [{port: 443}]":                                                "false",
		"externalIPs: [203.0.113.1], ports: [{port: 6379}]":                                   "?not-reported externalIPs",
	} {
		if got := factAt(t, find(t, read(t, serviceDoc("s", spec)), "ns/Service/s"), "admin_ports_open"); got != want {
			t.Errorf("%s: %s, want %s", spec, got, want)
		}
	}
}

func TestWorkloads(t *testing.T) {
	two := strings.Replace(database, "containers: [", "containers: [{name: c, image: 'redis:7'}, {name: c2, image: 'valkey:8'}, ", 1)
	list := read(t, two)
	expect{"engine": "redis"}.check(t, find(t, list, "ns/StatefulSet/db"))
	expect{"engine": "postgresql"}.check(t, find(t, list, "ns/StatefulSet/db/postgresql"))
	unknown := "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{image: acme/db}]}}, volumeClaimTemplates: [{metadata: {name: d}}]}"
	expect{"engine": "?unsupported image"}.check(t, find(t, read(t, unknown), "default/StatefulSet/x"))
	for _, kind := range []string{"apps/v1 Deployment", "apps/v1 DaemonSet", "apps/v1 ReplicaSet", "v1 ReplicationController", "extensions/v1beta1 Deployment"} {
		api, name, _ := strings.Cut(kind, " ")
		doc := strings.NewReplacer("apps/v1", api, "StatefulSet", name).Replace(database)
		list := read(t, doc)
		expect{"engine": "postgresql"}.check(t, find(t, list, "ns/"+name+"/db"))
		if list[0].Type != kind {
			t.Errorf("type %s, want %s", list[0].Type, kind)
		}
	}
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: ns, labels: {app: db}%s}\nspec: {containers: [{image: mongo}]}"
	expect{"engine": "mongodb", "network.public": "true"}.check(t, find(t, read(t, documents(fmt.Sprintf(pod, ""), serviceDoc("s", "type: LoadBalancer, selector: {app: db}"))), "ns/Pod/p"))
	if list := read(t, fmt.Sprintf(pod, ", ownerReferences: [{kind: StatefulSet, controller: true}]")); len(list) != 0 {
		t.Errorf("a pod of a workload is counted once more: %d", len(list))
	}
	for _, kind := range []string{"Job", "CronJob"} {
		if list := read(t, strings.NewReplacer("apps/v1", "batch/v1", "StatefulSet", kind).Replace(database)); len(list) != 0 {
			t.Errorf("a %s is taken for a datastore", kind)
		}
	}
}

func TestEnvironmentsAndLabels(t *testing.T) {
	for namespace, want := range map[string]string{"crm-prod": "production", "prd": "production", "test-crm": "test", "acc": "acceptance",
		"contest": "?not-reported manifest", "prod-test": "?not-reported manifest", "crm-prod-x": "?not-reported manifest"} {
		doc := strings.ReplaceAll(database, "namespace: ns", "namespace: "+namespace)
		expect{"environment": want}.check(t, find(t, read(t, doc), namespace+"/StatefulSet/db"))
	}
	for labels, want := range map[string]expect{
		"env: acc": {"environment": "acceptance"},
		"env: acc, waarborg/environment: productie":  {"environment": "production"},
		"environment: moon":                          {"environment": "?unsupported labels"},
		"waarborg/data: none":                        {"personal_data": "?not-reported manifest"},
		"waarborg/data-categories: 'b; a+c,a'":       {"data_categories": `["a","b","c"]`},
		"waarborg/data-categories: 'a, Anna Jansen'": {"data_categories": `["a"]?malformed data-categories`},
		"waarborg/data-categories: ','":              {"data_categories": "[]?malformed data-categories"},
		"waarborg/data-categories: NAW":              {"data_categories": `["naw"]`},
	} {
		for _, at := range []string{"metadata: {labels: {" + labels + "}, name: db", "metadata: {annotations: {" + labels + "}, name: db"} {
			doc := strings.Replace(database, "metadata: {name: db", at, 1)
			want.check(t, find(t, read(t, doc), "ns/StatefulSet/db"))
		}
	}
	space := "apiVersion: v1\nkind: Namespace\nmetadata: {name: ns, labels: {environment: test, app.kubernetes.io/part-of: crm}}"
	for _, s := range read(t, documents(database, space)) {
		if s.Address == "ns/StatefulSet/db" && (len(s.Draft.Scope.Applications) != 1 || s.Draft.Scope.Applications[0] != "crm") {
			t.Errorf("application of the namespace: %+v", s.Draft.Scope)
		}
	}
	expect{"environment": "test"}.check(t, find(t, read(t, documents(database, space)), "ns/StatefulSet/db"))
}

func TestClaims(t *testing.T) {
	list := read(t, fixture(t, "platform.yaml"))
	expect{"engine": "file_share", "environment": "test", "personal_data": "true", "data_categories": `["documents"]`, "encryption.at_rest": "true",
		"encryption.key_custody": "platform", "redundancy": "region", "location": `{"provider":"azure","region":"westeurope"}`,
		"copies": `[{"location":{"provider":"azure","region":"westeurope"},"role":"paired"}]`}.check(t, find(t, list, "intake/PersistentVolumeClaim/uploads"))

	class := "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: c}\nprovisioner: %s\nparameters: {%s}"
	claim := "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: p, namespace: ns}\nspec: {storageClassName: c%s}"
	for name, c := range map[string]struct{ provisioner, parameters, claim, rest, custody, redundancy string }{
		"azure disk":    {"disk.csi.azure.com", "skuname: premium_lrs", "", "true", "platform", "none"},
		"own key":       {"disk.csi.azure.com", "diskEncryptionSetID: x", "", "true", "customer", "-"},
		"own account":   {"file.csi.azure.com", "storageAccount: x, skuName: Standard_LRS", "", "true", "-", "-"},
		"aws":           {"ebs.csi.aws.com", "type: gp3", "", "-", "-", "-"},
		"aws encrypted": {"ebs.csi.aws.com", "encrypted: 'true', kmsKeyId: x", "", "true", "customer", "-"},
		"google":        {"pd.csi.storage.gke.io", "replication-type: regional-pd", "", "true", "platform", "zone"},
		"other":         {"rancher.io/local-path", "encrypted: 'true'", "", "-", "-", "-"},
		"static":        {"disk.csi.azure.com", "skuName: Premium_LRS", ", volumeName: v", "-", "-", "-"},
	} {
		r := find(t, read(t, documents(fmt.Sprintf(claim, c.claim), fmt.Sprintf(class, c.provisioner, c.parameters))), "ns/PersistentVolumeClaim/p")
		for path, want := range map[string]string{"encryption.at_rest": c.rest, "encryption.key_custody": c.custody, "redundancy": c.redundancy} {
			if got := factAt(t, r, path); got != want {
				t.Errorf("%s: %s is %s, want %s", name, path, got, want)
			}
		}
	}

	mounted := strings.Replace(database, "containers: [", "volumes: [{persistentVolumeClaim: {claimName: p}}], containers: [", 1)
	made := strings.Replace(database, "spec: {template", "spec: {volumeClaimTemplates: [{metadata: {name: data}}], template", 1)
	for doc, name := range map[string]string{mounted: "p", made: "data-db-0"} {
		if list := read(t, documents(strings.Replace(fmt.Sprintf(claim, ""), "name: p", "name: "+name, 1), doc)); len(list) != 1 {
			t.Errorf("the claim %s of a database is counted on its own: %d subjects", name, len(list))
		}
	}
	for _, name := range []string{"data-db-x", "data-db", "data-other-0"} {
		if list := read(t, documents(strings.Replace(fmt.Sprintf(claim, ""), "name: p", "name: "+name, 1), made)); len(list) != 2 {
			t.Errorf("the claim %s is not counted", name)
		}
	}
	// A database whose disks differ, or of which one is not in the input, tells nothing of their encryption.
	for _, other := range []string{"", documents(strings.NewReplacer("name: c", "name: d").Replace(fmt.Sprintf(class, "disk.csi.azure.com", "diskEncryptionSetID: x")))} {
		doc := strings.Replace(database, "spec: {template", "spec: {volumeClaimTemplates: [{spec: {storageClassName: c}}, {spec: {storageClassName: d}}], template", 1)
		expect{"encryption.at_rest": "-", "encryption.key_custody": "-"}.check(t, find(t, read(t, documents(doc, fmt.Sprintf(class, "disk.csi.azure.com", ""), other)), "ns/StatefulSet/db"))
	}
}

func TestNamespaces(t *testing.T) {
	list := read(t, fixture(t, "platform.yaml"))
	expect{"firewall": "true", "default_deny_inbound": "true", "scope": "-"}.check(t, find(t, list, "Namespace/intake"))
	expect{"firewall": "false", "default_deny_inbound": "false", "scope": "production"}.check(t, find(t, list, "Namespace/open-prod"))
	policy := "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: %s, namespace: ns}\nspec: {%s}"
	for specs, want := range map[string]expect{
		"podSelector: {}":                                                         {"firewall": "true", "default_deny_inbound": "true"},
		"podSelector: {}, policyTypes: [Egress]":                                  {"firewall": "false", "default_deny_inbound": "false"},
		"podSelector: {matchLabels: {a: b}}":                                      {"firewall": "true", "default_deny_inbound": "false"},
		"podSelector: {matchExpressions: [{key: a, operator: Exists}]}":           {"firewall": "true", "default_deny_inbound": "false"},
		"podSelector: {}, ingress: [{}]":                                          {"firewall": "true", "default_deny_inbound": "false"},
		"podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]":      {"firewall": "true", "default_deny_inbound": "false"},
		"podSelector: {}, ingress: [{ports: [{port: 443}]}]":                      {"firewall": "true", "default_deny_inbound": "true"},
		"podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]": {"firewall": "true", "default_deny_inbound": "true"},
		"podSelector: {}|podSelector: {}, ingress: [{}]":                          {"firewall": "true", "default_deny_inbound": "false"},
		"podSelector: {}|podSelector: {matchLabels: {a: b}}, ingress: [{}]":       {"firewall": "true", "default_deny_inbound": "true"},
	} {
		var docs []string
		for i, spec := range strings.Split(specs, "|") {
			docs = append(docs, fmt.Sprintf(policy, fmt.Sprint("p", i), spec))
		}
		list := read(t, documents(docs...))
		if len(list) != 1 {
			t.Errorf("%s: %d subjects for one namespace", specs, len(list))
		}
		want.check(t, find(t, list, "Namespace/ns"))
	}
	cilium := "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: all}\nspec: {}"
	expect{"firewall": "?unsupported policy", "default_deny_inbound": "?unsupported policy"}.check(
		t, find(t, read(t, documents(fixture(t, "platform.yaml"), cilium)), "Namespace/open-prod"))
}

func TestFirewallsBeforeAnIngress(t *testing.T) {
	for annotation, want := range map[string]string{
		"nginx.ingress.kubernetes.io/enable-modsecurity: 'true'": "detect",
		"nginx.ingress.kubernetes.io/enable-modsecurity: 'true', nginx.ingress.kubernetes.io/modsecurity-snippet: \"SecRuleEngine On\\nSecAuditLog /x\"": "prevent",
		"nginx.ingress.kubernetes.io/enable-modsecurity: 'true', nginx.ingress.kubernetes.io/modsecurity-snippet: 'SecRuleEngine DetectionOnly'":         "detect",
		"appgw.ingress.kubernetes.io/waf-policy-for-path: /subscriptions/x":                                                                              "?not-reported waf-policy-for-path",
		"alb.ingress.kubernetes.io/wafv2-acl-arn: 'arn:x'":                                                                                               "?not-reported wafv2-acl-arn",
	} {
		expect{"waf": want}.check(t, find(t, read(t, ingressDoc("s", "nginx", annotation)), "ns/Ingress/i-s"))
	}
	if list := read(t, ingressDoc("s", "nginx", "nginx.ingress.kubernetes.io/enable-modsecurity: 'false'")); len(list) != 0 {
		t.Error("an Ingress without a firewall of its own is judged: one can stand before it")
	}
}

func TestGrants(t *testing.T) {
	list := read(t, fixture(t, "platform.yaml"))
	names := testEnv(t).Pseudonyms
	anna, team := names.Token("anna@example.org"), names.Token("support")
	expect{"principal": anna, "principal_type": "person", "rights": `["read"]`, "wildcard": "false", "direct": "true", "standing": "true",
		"expires": "null", "environment": "test", "role": "-", "target": "-", "personal_data": "-"}.check(t, find(t, list, "intake/RoleBinding/intake-support/"+anna))
	expect{"principal_type": "group", "direct": "false"}.check(t, find(t, list, "intake/RoleBinding/intake-support/"+team))
	service := names.Token("system:serviceaccount:intake:deployer")
	expect{"principal": service, "principal_type": "service"}.check(t, find(t, list, "intake/RoleBinding/intake-support/"+service))
	expect{"rights": `["administer","delete","read","write"]`, "wildcard": "true", "role": "cluster-admin"}.check(
		t, find(t, list, "ClusterRoleBinding/owners/"+names.Token("platform")))
	for _, s := range list {
		if text := fmt.Sprintf("%+v", s.Draft) + s.Address; strings.Contains(text, "anna") || strings.Contains(text, "support/support") {
			t.Errorf("a name comes out: %s", text)
		}
	}
}

func TestRightsOfRoles(t *testing.T) {
	role := "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: ns}\nrules: [%s]%s"
	binding := "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: ns}\nroleRef: {kind: %s, name: %s}\nsubjects: [{kind: Group, name: g}]"
	address := "ns/RoleBinding/b/" + testEnv(t).Pseudonyms.Token("g")
	for rules, want := range map[string][2]string{
		`{apiGroups: [""], resources: [secrets], verbs: [get, create]}`:                                              {`["read","write"]`, "false"},
		`{apiGroups: [""], resources: [secrets], verbs: ["*"]}`:                                                      {`["delete","read","write"]`, "true"},
		`{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}`:                                                         {`["administer","delete","read","write"]`, "true"},
		`{apiGroups: [""], resources: ["pods/exec"], verbs: [create]}`:                                               {`["delete","read","write"]`, "false"},
		`{apiGroups: [""], resources: ["*/exec"], verbs: [create]}`:                                                  {`["delete","read","write"]`, "false"},
		`{apiGroups: [""], resources: [persistentvolumeclaims], verbs: [get, delete]}`:                               {`["delete"]`, "false"},
		`{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create]}`:                       {`["administer"]`, "false"},
		`{apiGroups: [""], resources: [users], verbs: [impersonate]}`:                                                {`["administer"]`, "false"},
		`{apiGroups: [postgresql.cnpg.io], resources: [clusters], verbs: [delete]}`:                                  {`["delete"]`, "false"},
		`{apiGroups: [""], resources: [secrets], verbs: [get]}, {apiGroups: ["*"], resources: [pods], verbs: [get]}`: {`["read"]`, "false"},
		`{apiGroups: [""], resources: [secrets], verbs: [7]}`:                                                        {"?malformed rules", "?malformed rules"},
		`{apiGroups: [""], resources: [pods, configmaps], verbs: ["*"]}`:                                             {"", ""},
		`{apiGroups: [apps], resources: [secrets], verbs: [get]}`:                                                    {"", ""},
	} {
		list := read(t, documents(fmt.Sprintf(role, rules, ""), fmt.Sprintf(binding, "Role", "r")))
		if want[0] == "" {
			if len(list) != 0 {
				t.Errorf("%s: is taken for a way to data", rules)
			}
			continue
		}
		expect{"rights": want[0], "wildcard": want[1]}.check(t, find(t, list, address))
	}
	aggregated := fmt.Sprintf(role, `{apiGroups: [""], resources: [secrets], verbs: [get]}`, "\naggregationRule: {x: y}")
	expect{"rights": `["read"]?not-reported aggregationRule`, "wildcard": "?not-reported aggregationRule"}.check(t, find(t, read(t, documents(aggregated, fmt.Sprintf(binding, "Role", "r"))), address))
	expect{"rights": "?not-reported role", "wildcard": "?not-reported role"}.check(t, find(t, read(t, fmt.Sprintf(binding, "Role", "elsewhere")), address))
	expect{"rights": "?not-reported role"}.check(t, find(t, read(t, fmt.Sprintf(binding, "Role", "edit")), address)) // a Role of that name, not the cluster's
	expect{"rights": `["delete","read","write"]`, "role": "edit", "wildcard": "false"}.check(t, find(t, read(t, fmt.Sprintf(binding, "ClusterRole", "edit")), address))
	if list := read(t, fmt.Sprintf(binding, "ClusterRole", "view")); len(list) != 0 {
		t.Error("view is taken for a way to data")
	}
}

func TestPrincipals(t *testing.T) {
	binding := "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: admin}\nsubjects: [{%s}]"
	for subject, want := range map[string]expect{
		"kind: User, name: system:anonymous":                     {"principal": "public", "principal_type": "public"},
		"kind: Group, name: system:unauthenticated":              {"principal": "public", "principal_type": "public"},
		"kind: Group, name: system:authenticated":                {"principal_type": "group", "direct": "false"},
		"kind: User, name: system:serviceaccount:a:b":            {"principal_type": "service", "direct": "true"},
		"kind: User, name: 01234567-89ab-cdef-0123-456789abcdef": {"principal_type": "?not-reported object id", "direct": "?not-reported object id"},
		"kind: User, name: 'piet_x.nl#EXT#@example.org'":         {"principal_type": "guest"},
		"kind: Robot, name: r":                                   {"principal_type": "?unsupported kind"},
		"kind: User":                                             {"principal": "?malformed subjects", "principal_type": "?malformed subjects"},
	} {
		list := read(t, fmt.Sprintf(binding, subject))
		if len(list) != 1 {
			t.Fatalf("%s: %d grants", subject, len(list))
		}
		r, err := list[0].Draft.Encode()
		if err != nil {
			t.Fatal(err)
		}
		want.check(t, r)
		expect{"wildcard": "true"}.check(t, r)
	}
	// A name that could be a mail address is shown nowhere, and two of them stay apart.
	odd := strings.ReplaceAll(fmt.Sprintf(binding, "kind: Group, name: g"), "name: b", "name: Anna@Example.org")
	list := read(t, documents(odd, strings.ReplaceAll(odd, "Anna", "anna")))
	if len(list) != 2 || list[0].Address == list[1].Address || strings.Contains(strings.ToLower(list[0].Address+list[1].Address+list[0].Draft.Name), "anna") {
		t.Errorf("%+v", list)
	}
}

func TestWhatIsNotReadIsSaid(t *testing.T) {
	r, err := open(t, documents("apiVersion: psmdb.percona.com/v1\nkind: PerconaServerMongoDB\nmetadata: {name: a}",
		"apiVersion: psmdb.percona.com/v1\nkind: PerconaServerMongoDB\nmetadata: {name: b}",
		"apiVersion: storage.azure.com/v1api20230101\nkind: StorageAccount\nmetadata: {name: c}", "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: d}"))
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Info().Problems; len(p) != 2 || p[0].What.EN != "objects of type psmdb.percona.com/v1 PerconaServerMongoDB" || p[0].Reason.Code != inventory.Unsupported {
		t.Errorf("%+v", p)
	}
}
