package testpg

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Superuser is the name of the cluster's superuser. It signs in over the Unix socket without a password.
const Superuser = "postgres"

// startTimeout is how long initdb and the start of the server may take together.
const startTimeout = 60 * time.Second

// defaultHBA lets the superuser in by the socket, and everybody else from this machine with a password.
var defaultHBA = []string{
	"local all all trust",
	"host all all 127.0.0.1/32 scram-sha-256",
}

// Options of a cluster. The zero value is a server with TLS on, and scram passwords over TCP.
type Options struct {
	Settings map[string]string // postgresql.conf, over the defaults
	HBA      []string          // lines of pg_hba.conf; nil: the default
}

// Cluster is a running server. Its methods are safe for concurrent use.
type Cluster struct {
	Port     int
	CertFile string // the server's certificate, which is its own root

	dir    string
	owner  *account
	server *exec.Cmd
	exited chan struct{} // closed when the server has ended
	log    *logBuffer
	next   atomic.Int64 // number of the next database
}

// Start starts a cluster that lives as long as the test.
func Start(t testing.TB, opts Options) *Cluster {
	t.Helper()
	c, err := start(opts)
	if err != nil {
		giveUp(t, err)
	}
	t.Cleanup(c.Stop)
	return c
}

// Shared is one cluster for all tests of a package: hold it in a variable, and Stop it at the end of TestMain.
type Shared struct {
	Options Options

	once    sync.Once
	cluster *Cluster
	err     error
}

// Cluster returns the cluster, which the first call starts.
func (s *Shared) Cluster(t testing.TB) *Cluster {
	t.Helper()
	s.once.Do(func() { s.cluster, s.err = start(s.Options) })
	if s.err != nil {
		giveUp(t, s.err)
	}
	return s.cluster
}

// Stop ends the cluster, if one was started.
func (s *Shared) Stop() {
	s.once.Do(func() {})
	if s.cluster != nil {
		s.cluster.Stop()
	}
}

func start(opts Options) (*Cluster, error) {
	bin, err := findBinaries(os.Getenv)
	if err != nil {
		return nil, err
	}
	owner, err := serverAccount()
	if err != nil {
		return nil, err
	}
	// A short folder: the path of a Unix socket has at most 107 bytes.
	dir, err := os.MkdirTemp("", "wpg")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, owner: owner, log: &logBuffer{}, exited: make(chan struct{})}
	if err := c.run(bin, opts); err != nil {
		c.Stop()
		return nil, fmt.Errorf("PostgreSQL of %s did not start: %w\n%s", bin, err, c.log)
	}
	return c, nil
}

func (c *Cluster) run(bin string, opts Options) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if err := c.owner.own(c.dir); err != nil {
		return err
	}
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", c.data(), "-U", Superuser, "-A", "trust",
		"-E", "UTF8", "--locale=C", "--no-sync")
	c.prepare(initdb)
	if err := initdb.Run(); err != nil {
		return fmt.Errorf("initdb: %w", err)
	}
	if err := c.configure(opts); err != nil {
		return err
	}
	c.server = exec.Command(filepath.Join(bin, "postgres"), "-D", c.data())
	c.prepare(c.server)
	if err := c.server.Start(); err != nil {
		return err
	}
	go func() {
		defer close(c.exited)
		_ = c.server.Wait() // how it ended is in its log
	}()
	return c.waitReady(ctx)
}

func (c *Cluster) prepare(cmd *exec.Cmd) {
	cmd.Dir = c.dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	cmd.Stdout, cmd.Stderr = c.log, c.log
	cmd.SysProcAttr = c.owner.attributes()
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// configure writes the settings, the certificate and the host-based rules.
func (c *Cluster) configure(opts Options) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	c.Port = port
	cert, key, err := writeCertificate(c.dir)
	if err != nil {
		return err
	}
	c.CertFile = cert
	settings := map[string]string{
		"port": strconv.Itoa(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": c.dir,
		"ssl": "on", "ssl_cert_file": cert, "ssl_key_file": key, "password_encryption": "scram-sha-256",
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "timezone": "UTC", "log_timezone": "UTC",
	}
	maps.Copy(settings, opts.Settings)
	var conf strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&conf, "%s = '%s'\n", name, strings.ReplaceAll(settings[name], "'", "''"))
	}
	hba := opts.HBA
	if hba == nil {
		hba = defaultHBA
	}
	if err := os.WriteFile(filepath.Join(c.data(), "postgresql.conf"), []byte(conf.String()), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(c.hbaFile(), hbaText(hba), 0o600); err != nil {
		return err
	}
	for _, path := range []string{cert, key, filepath.Join(c.data(), "postgresql.conf"), c.hbaFile()} {
		if err := c.owner.own(path); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) hbaFile() string { return filepath.Join(c.data(), "pg_hba.conf") }

// hbaText starts with a line that keeps the superuser able to sign in whatever a test writes.
func hbaText(lines []string) []byte {
	return []byte("local all " + Superuser + " trust\n" + strings.Join(lines, "\n") + "\n")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func (c *Cluster) waitReady(ctx context.Context) error {
	for {
		conn, err := pgx.Connect(ctx, c.Socket("postgres", Superuser))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.exited:
			return fmt.Errorf("it ended at once: %s", c.server.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop ends the server at once and removes its files. It may be called twice.
func (c *Cluster) Stop() {
	if c.server != nil && c.server.Process != nil {
		_ = c.server.Process.Signal(syscall.SIGQUIT) // an error means that it has ended already
		<-c.exited
	}
	_ = os.RemoveAll(c.dir)
}

// Log returns what the server wrote to its log so far.
func (c *Cluster) Log() string { return c.log.String() }

// SetHBA replaces the host-based rules until the end of the test. One rule is always first: the superuser by socket.
func (c *Cluster) SetHBA(t testing.TB, lines ...string) {
	t.Helper()
	before, err := os.ReadFile(c.hbaFile())
	if err != nil {
		t.Fatal(err)
	}
	write := func(content []byte) {
		if err := os.WriteFile(c.hbaFile(), content, 0o600); err != nil {
			t.Fatal(err)
		}
		c.Exec(t, "postgres", "SELECT pg_reload_conf()")
	}
	write(hbaText(lines))
	t.Cleanup(func() { write(before) })
}

// Socket is the connection string of a user over the Unix socket.
func (c *Cluster) Socket(database, user string) string {
	q := url.Values{"host": {c.dir}, "port": {strconv.Itoa(c.Port)}, "user": {user}}
	return "postgres:///" + url.PathEscape(database) + "?" + q.Encode()
}

// TCP is the connection string of a user over TCP and TLS, with the certificate verified.
func (c *Cluster) TCP(database, user, password string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Path: "/" + database,
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port)),
		RawQuery: url.Values{"sslmode": {"verify-full"}, "sslrootcert": {c.CertFile}}.Encode()}
	return u.String()
}

// NewDB makes an empty database and drops it at the end of the test. Roles belong to the whole cluster: a test that
// makes some names them after the database.
func (c *Cluster) NewDB(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("t%d", c.next.Add(1))
	c.Exec(t, "postgres", "CREATE DATABASE "+name)
	t.Cleanup(func() { c.Exec(t, "postgres", "DROP DATABASE "+name+" WITH (FORCE)") })
	return name
}

// Exec runs SQL as the superuser: several statements in one transaction, or one statement that cannot be in any.
func (c *Cluster) Exec(t testing.TB, database, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.Socket(database, Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.PgConn().Exec(ctx, sql).ReadAll(); err != nil {
		t.Fatalf("%v in:\n%s", err, sql)
	}
}

// logBuffer holds the output of the server.
type logBuffer struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
