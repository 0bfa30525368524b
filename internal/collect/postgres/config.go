package postgres

import (
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// DefaultTimeout is the longest that one statement may take, where the configuration does not say.
const DefaultTimeout = 10 * time.Second

// DefaultLockTimeout is the longest that a statement waits for a lock, where the configuration does not say.
const DefaultLockTimeout = 2 * time.Second

// Config says which database to read, and what nobody but the workspace knows of it. Patterns of role names have `*`
// for any characters, `?` for one, and `[a-z]`.
type Config struct {
	DSN              string                             // connection string or URL with its secrets resolved; never shown
	AllowPlaintext   bool                               // lets the collector speak to a remote server without TLS
	Database         string                             // name shown, and part of every id
	Location         inventory.Fact[inventory.Location] // where the server stands, which it does not know itself
	Copies           []inventory.Copy                   // where its replicas and archives stand, likewise
	StatementTimeout time.Duration                      // of one statement; 0: DefaultTimeout
	LockTimeout      time.Duration                      // of a wait for a lock; 0: DefaultLockTimeout
	Tables           []Table                            // tables of the data map
	Tenants          map[string]string                  // value of a tenant column to the customer's id
	ServiceRoles     []string                           // patterns of roles that software uses
	PersonRoles      []string                           // patterns of roles that are one person's
	SharedRoles      []string                           // patterns of roles that several people use
	AppRoles         []string                           // patterns of roles by which applications serve customers; empty: not declared
}

// Table is a table of the data map.
type Table struct {
	Schema, Name  string
	Class         string // class of data, such as tenant_file
	Application   string
	Store         string // id of the data map's store
	TenantColumn  string // says whose record it is; empty: the whole table serves the application's customers
	TriggerColumn string // date or time at which the retention term starts; empty: not declared
	Trigger       string // what that date is, such as tenancy_end
	// Tenants maps the tenant column's values to customers in this table, where they differ from Config.Tenants: two stores
	// on one server may number customers differently.
	Tenants map[string]string
}

func (t Table) String() string { return t.Schema + "." + t.Name }

// Collector reads one database. It is safe for concurrent use.
type Collector struct {
	cfg  Config
	conn *pgx.ConnConfig
}

// New checks the configuration. Its errors are of type *collect.Error.
func New(cfg Config) (*Collector, error) {
	if cfg.StatementTimeout <= 0 {
		cfg.StatementTimeout = DefaultTimeout
	}
	if cfg.LockTimeout <= 0 {
		cfg.LockTimeout = DefaultLockTimeout
	}
	conn, err := pgx.ParseConfig(cfg.DSN)
	if err != nil || cfg.DSN == "" {
		what := say.Both("the connection string cannot be read", "de verbindingsregel is niet te lezen")
		if cfg.Database != "" {
			what = say.Both("the connection string of database %s cannot be read",
				"de verbindingsregel van database %s is niet te lezen", cfg.Database)
		}
		return nil, refuse(what, say.Both("write it as postgres://account@host:5432/database?sslmode=verify-full, or as host=… user=… dbname=…",
			"schrijf hem als postgres://account@host:5432/database?sslmode=verify-full, of als host=… user=… dbname=…"))
	}
	if cfg.Database == "" {
		cfg.Database = conn.Database
	}
	if cfg.Database == "" {
		return nil, refuse(say.Both("a PostgreSQL source names no database", "een bron van PostgreSQL noemt geen database"),
			say.Both("add the database to the connection string", "zet de database in de verbindingsregel"))
	}
	if !cfg.AllowPlaintext && speaksPlaintext(conn) {
		return nil, refuse(say.Both("the connection to database %s could be made without TLS",
			"de verbinding met database %s zou zonder TLS kunnen gaan", cfg.Database),
			say.Both("add sslmode=verify-full and sslrootcert=… to the connection string",
				"zet sslmode=verify-full en sslrootcert=… in de verbindingsregel"))
	}
	if err := checkTables(cfg.Tables); err != nil {
		return nil, err
	}
	for _, id := range cfg.Tenants {
		if id == "" {
			return nil, refuse(say.Both("a tenant of database %s has no customer",
				"een tenant van database %s heeft geen klant", cfg.Database),
				say.Both("write the customer's id after each value of a tenant column",
					"zet achter elke waarde van een tenantkolom het id van de klant"))
		}
	}
	for _, p := range slices.Concat(cfg.ServiceRoles, cfg.PersonRoles, cfg.SharedRoles, cfg.AppRoles) {
		if _, err := path.Match(p, ""); err != nil {
			return nil, refuse(say.Both("%q is not a pattern of role names", "%q is geen patroon voor namen van rollen", p),
				say.Both("write * for any characters, and \\ before a [ that is meant",
					"schrijf * voor willekeurige tekens, en \\ voor een [ die echt zo bedoeld is"))
		}
	}
	conn.RuntimeParams["application_name"] = "waarborg"
	// Unnamed statements: a pooler in front of the server may give the next one another connection.
	conn.DefaultQueryExecMode = pgx.QueryExecModeExec
	if conn.ConnectTimeout == 0 {
		conn.ConnectTimeout = cfg.StatementTimeout
	}
	return &Collector{cfg: cfg, conn: conn}, nil
}

func checkTables(tables []Table) error {
	seen := map[string]bool{}
	for _, t := range tables {
		if t.Schema == "" || t.Name == "" || t.Class == "" {
			return refuse(say.Both("a table of the data map lacks its schema, name or class",
				"bij een tabel in de gegevenskaart ontbreekt het schema, de naam of de klasse"),
				say.Both("write all three", "schrijf ze alle drie op"))
		}
		key := strings.Join([]string{t.Class, t.Schema, t.Name}, "\x00")
		if seen[key] {
			return refuse(say.Both("table %s is there twice for class %s",
				"tabel %s staat er twee keer voor klasse %s", t, t.Class),
				say.Both("remove one, or give it a class of its own", "haal er een weg, of geef hem een eigen klasse"))
		}
		seen[key] = true
	}
	return nil
}

// speaksPlaintext tells whether any way of connecting crosses a network without TLS.
func speaksPlaintext(c *pgx.ConnConfig) bool {
	plain := c.TLSConfig == nil && !onThisMachine(c.Host)
	for _, f := range c.Fallbacks {
		plain = plain || f.TLSConfig == nil && !onThisMachine(f.Host)
	}
	return plain
}

func onThisMachine(host string) bool {
	if strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// matches tells whether a role's name fits one of the patterns.
func matches(patterns []string, name string) bool {
	flat := strings.NewReplacer("/", "\x00") // path.Match stops a * at a slash, which means nothing in a role's name
	for _, p := range patterns {
		if ok, err := path.Match(flat.Replace(p), flat.Replace(name)); ok && err == nil {
			return true
		}
	}
	return false
}

// tenants are the values of a table's tenant column.
func (c Config) tenants(t Table) map[string]string {
	if t.Tenants != nil {
		return t.Tenants
	}
	return c.Tenants
}

// customersOf returns the ids of the customers of tenants, sorted.
func customersOf(tenants map[string]string) []string {
	var out []string
	for _, id := range tenants {
		out = append(out, id)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// refuse is an error of the configuration.
func refuse(msg, hint say.Text) error {
	return &collect.Error{Code: inventory.Undeclared, Msg: msg, Hint: hint}
}
