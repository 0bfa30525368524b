package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

// Nothing but reads reaches the server, and every read is in a read-only transaction.
func TestOnlyReads(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (tenant text, ended date); CREATE ROLE "$_me" LOGIN PASSWORD 'pw'; GRANT SELECT ON public.a TO "$_me"`)
	cfg := w.as("me", "pw")
	cfg.Tables = []Table{{Schema: "public", Name: "a", Class: "file", TenantColumn: "tenant", TriggerColumn: "ended"}}
	mustCollect(t, cfg)
	statement := regexp.MustCompile(`(?m)^waarborg\|` + w.db + `_me\|LOG: +(?:statement|execute [^:]*): (.*)$`)
	found := statement.FindAllStringSubmatch(w.c.Log(), -1)
	if len(found) < 10 {
		t.Fatalf("only %d statements in the log: the test sees nothing", len(found))
	}
	inside := false
	for _, f := range found {
		sql := strings.ToLower(f[1])
		switch {
		case strings.HasPrefix(sql, "begin"):
			inside = strings.Contains(sql, "read only") && strings.Contains(sql, "repeatable read")
		case strings.HasPrefix(sql, "rollback"):
			inside = false
		case inside && (strings.HasPrefix(sql, "select ") || strings.HasPrefix(sql, "with recursive ")):
		default:
			t.Errorf("not a read in a read-only transaction: %s", f[1])
		}
	}
}

// Should a policy go unnoticed, a statement has to fail rather than to answer with the rows that are left.
func TestHiddenRowsAreAnError(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (tenant text); INSERT INTO public.a VALUES ('1'); ALTER TABLE public.a ENABLE ROW LEVEL SECURITY;
		CREATE ROLE "$_me" LOGIN PASSWORD 'pw'; GRANT SELECT ON public.a TO "$_me"; GRANT USAGE ON SCHEMA public TO "$_me"`)
	c, err := New(w.as("me", "pw"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	err = s.read(t.Context(), func(r reader) error {
		_, err := one[struct{ N int }](t.Context(), r, "SELECT count(*) FROM public.a")
		return err
	})
	if reason, _ := explainTable(Table{}, err); reason.Code != inventory.Permission {
		t.Errorf("%v", err)
	}
}

// The number of queries depends on the tables of the data map alone.
func TestNumberOfQueries(t *testing.T) {
	w := newWorld(t)
	before := countQueries(t, w)
	w.exec(`DO $$ BEGIN FOR i IN 1..40 LOOP EXECUTE format('CREATE TABLE public.t%s (i int)', i); EXECUTE format('CREATE ROLE "$_%s" LOGIN', i);
		EXECUTE format('GRANT SELECT ON public.t%s TO "$_%s"', i, i); END LOOP; END $$`)
	if after := countQueries(t, w); after != before {
		t.Errorf("%d queries with 40 tables and roles, %d without", after, before)
	}
}

func countQueries(t testing.TB, w *world) int64 {
	t.Helper()
	c, err := New(w.config())
	if err != nil {
		t.Fatal(err)
	}
	counter := &queryCounter{}
	c.conn.Tracer = counter
	if o := collectBy(t, t.Context(), c); o.err != nil {
		t.Fatal(o.err)
	}
	return counter.n.Load()
}

func TestFailuresSayWhatToDo(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE ROLE "$_me" LOGIN PASSWORD 'pw'`)
	closed, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	const secret = "s3cr3t-canary"
	good := w.c.TCP(w.db, w.db+"_me", "pw")
	for _, c := range []struct{ name, dsn, code, msg, hint string }{
		{"nobody listens", "postgres://me:" + secret + "@" + nobody + "/x", inventory.SourceError, "refused the connection", "PostgreSQL runs"},
		{"wrong password", w.c.TCP(w.db, w.db+"_me", secret), inventory.Permission, "does not accept the account", "password"},
		{"no such database", strings.Replace(good, "/"+w.db+"?", "/nosuchdb?", 1), inventory.SourceError, "does not exist", "connection string"},
		{"a certificate of somebody else", regexp.MustCompile(`&?sslrootcert=[^&]*`).ReplaceAllString(good, ""), inventory.SourceError, "certificate is not trusted", "sslrootcert"},
		{"it accepts and says nothing", "postgres://me:" + secret + "@" + silent(t) + "/x", inventory.SourceError, "did not answer while connecting", "network"},
		{"an old server", "postgres://me:" + secret + "@" + oldServer(t) + "/x?sslmode=disable", inventory.Unsupported, "not PostgreSQL 13 or newer", "upgrade"},
		{"it goes away in the middle", proxied(good, dropAfter(t, w, 4000)), inventory.SourceError, "while reading the catalogues", "log"},
		{"it hangs in the middle", proxied(good, hangAfter(t, w, 4000)), inventory.SourceError, "did not answer while reading the catalogues", "network"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := collectWith(t, Config{DSN: c.dsn, Database: "crm", StatementTimeout: 300 * time.Millisecond})
			var e *collect.Error
			if !errors.As(o.err, &e) {
				t.Fatalf("not a *collect.Error: %v", o.err)
			}
			if e.Code != c.code || !strings.Contains(e.Msg.EN, c.msg) || !strings.Contains(e.Hint.EN, c.hint) || !bothSaid(e.Msg, e.Hint) {
				t.Errorf("%s: %q, hint %q", e.Code, e.Msg, e.Hint)
			}
			for _, leak := range []string{secret, "postgres://", "127.0.0.1", w.db + "_me"} {
				if strings.Contains(fmt.Sprint(e.Msg, e.Hint), leak) {
					t.Errorf("the message shows %q: %q, hint %q", leak, e.Msg, e.Hint)
				}
			}
		})
	}
}

// A connection lost between two tables keeps what was read, and loses no dataset from sight.
func TestDroppedBetweenTables(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (tenant text, ended date); CREATE TABLE public.b (tenant text, ended date); INSERT INTO public.a VALUES ('1', '2020-01-01')`)
	w.exec(`CREATE ROLE "$_me" LOGIN PASSWORD 'pw'; GRANT SELECT ON public.a, public.b TO "$_me"`)
	cfg := w.as("me", "pw")
	cfg.Tenants = map[string]string{"1": "c"}
	for _, name := range []string{"a", "b"} {
		cfg.Tables = append(cfg.Tables, Table{Schema: "public", Name: name, Class: name, TenantColumn: "tenant", TriggerColumn: "ended"})
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.conn.Tracer = &killer{w: w, on: `"public"."b"`}
	o := collectBy(t, t.Context(), c)
	var e *collect.Error
	if !errors.As(o.err, &e) {
		t.Fatalf("not a *collect.Error: %v", o.err)
	}
	if got := o.datasets("a"); got != "c: 2020-01-01, true" {
		t.Errorf("what was read before: %s", got)
	}
	if got := o.datasets("b"); got != "c: unknown source-error, unknown source-error" {
		t.Errorf("what was not read: %s", got)
	}
}

func TestCancelledByTheCaller(t *testing.T) {
	c, err := New(Config{DSN: "postgres://me@" + silent(t) + "/x", Database: "crm"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if o := collectBy(t, ctx, c); !errors.Is(o.err, context.DeadlineExceeded) {
		t.Errorf("the source's own deadline has to be recognisable: %v", o.err)
	}
}

// silent accepts connections and never answers.
func silent(t *testing.T) string {
	return serve(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
}

// oldServer greets like PostgreSQL 12.
func oldServer(t *testing.T) string {
	return serve(t, func(conn net.Conn) {
		b := pgproto3.NewBackend(conn, conn)
		if _, err := b.ReceiveStartupMessage(); err != nil {
			return
		}
		b.Send(&pgproto3.AuthenticationOk{})
		b.Send(&pgproto3.ParameterStatus{Name: "server_version", Value: "12.22"})
		b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
		_ = b.Flush()
		_, _ = io.Copy(io.Discard, conn)
	})
}

func serve(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	return l.Addr().String()
}

// proxied sends a connection string through a proxy, whose certificate is the server's.
func proxied(dsn, addr string) string {
	return regexp.MustCompile(`@127\.0\.0\.1:\d+/`).ReplaceAllString(dsn, "@"+addr+"/")
}

// dropAfter passes so many bytes of the server's answers on, then closes; hangAfter then goes silent.
func dropAfter(t *testing.T, w *world, n int64) string { return proxy(t, w, n, true) }
func hangAfter(t *testing.T, w *world, n int64) string { return proxy(t, w, n, false) }

func proxy(t *testing.T, w *world, n int64, closes bool) string {
	server := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(w.c.TCP(w.db, "u", "p"))
	return serve(t, func(client net.Conn) {
		upstream, err := net.Dial("tcp4", server)
		if err != nil {
			return
		}
		defer upstream.Close()
		go func() { _, _ = io.Copy(upstream, client) }()
		_, _ = io.CopyN(client, upstream, n)
		if !closes {
			_, _ = io.Copy(io.Discard, upstream)
		}
	})
}

type queryCounter struct{ n atomic.Int64 }
