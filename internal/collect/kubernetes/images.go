package kubernetes

import "strings"

// systems are the data systems that containers run, by the name of the image without registry, tag and digest. The words are
// the engines of internal/inventory; systems that it has no word for go by their own name.
var systems = map[string]string{
	"postgres": "postgresql", "postgresql": "postgresql", "postgis": "postgresql", "pgvector": "postgresql", "timescaledb": "postgresql",
	"timescaledb-ha": "postgresql", "postgresql-repmgr": "postgresql", "supabase/postgres": "postgresql",
	"mysql": "mysql", "mysql-server": "mysql", "mysql/community-server": "mysql", "mysql/enterprise-server": "mysql", "mariadb": "mysql",
	"mariadb-galera": "mysql", "percona": "mysql", "percona-server": "mysql", "percona-xtradb-cluster": "mysql",
	"mssql/server": "mssql", "mssql/rhel/server": "mssql", "azure-sql-edge": "mssql",
	"elasticsearch": "elasticsearch", "elasticsearch-oss": "elasticsearch", "elasticsearch-wolfi": "elasticsearch", "opensearch": "elasticsearch",
	"minio": "blob", "seaweedfs": "blob", "azurite": "blob", "azure-storage/azurite": "blob",
	"rabbitmq": "queue", "kafka": "queue", "cp-kafka": "queue", "cp-server": "queue", "redpanda": "queue", "activemq": "queue", "activemq-artemis": "queue",
	"loki":  "log",
	"mongo": "mongodb", "mongodb": "mongodb", "mongodb-community-server": "mongodb", "mongodb-enterprise-server": "mongodb",
	"mongodb-sharded": "mongodb", "percona-server-mongodb": "mongodb", "ferretdb": "mongodb",
	"redis": "redis", "redis-cluster": "redis", "redis-stack": "redis", "redis-stack-server": "redis", "valkey": "redis", "valkey-cluster": "redis",
	"keydb": "redis", "dragonfly": "redis", "memcached": "memcached",
	"cassandra": "cassandra", "scylla": "cassandra", "couchdb": "couchdb", "couchbase": "couchbase", "couchbase/server": "couchbase",
	"influxdb": "influxdb", "clickhouse": "clickhouse", "clickhouse-server": "clickhouse", "neo4j": "neo4j", "cockroach": "cockroachdb",
	"solr": "solr", "meilisearch": "meilisearch", "typesense": "typesense", "qdrant": "qdrant", "weaviate": "weaviate", "milvus": "milvus",
	"database/free": "oracle", "database/express": "oracle", "database/enterprise": "oracle", "oracle-free": "oracle", "oracle-xe": "oracle",
}

// engineOf is the engine of an image such as docker.io/bitnami/postgresql:16@sha256:…; empty if it is none that is known.
func engineOf(image string) string {
	image, _, _ = strings.Cut(strings.ToLower(image), "@")
	steps := strings.Split(image, "/")
	last := len(steps) - 1
	steps[last], _, _ = strings.Cut(steps[last], ":")
	for from := max(0, last-2); from <= last; from++ {
		if engine := systems[strings.Join(steps[from:], "/")]; engine != "" {
			return engine
		}
	}
	if strings.HasPrefix(steps[last], "spilo-") {
		return "postgresql"
	}
	return ""
}
