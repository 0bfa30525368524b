package postgres

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/testpg"
)

var cluster = testpg.Shared{Options: testpg.Options{Settings: map[string]string{
	"wal_level": "logical", "max_wal_senders": "10", "max_replication_slots": "10",
	"log_line_prefix": "%a|%u|", "log_statement": "all",
}}}

func TestMain(m *testing.M) {
	code := m.Run()
	cluster.Stop()
	os.Exit(code)
}

var now = time.Date(2026, 6, 15, 10, 0, 0, 0, time.UTC)

// world is a database of its own. Roles in it are named after it, since they belong to the whole cluster.
type world struct {
	t  testing.TB
	c  *testpg.Cluster
	db string
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, c: cluster.Cluster(t)}
	t.Cleanup(func() { // runs after the database is gone, so that nothing depends on the roles
		w.c.Exec(t, "postgres", `DO $$ DECLARE r name; BEGIN
			FOR r IN SELECT rolname FROM pg_roles WHERE starts_with(rolname, '`+w.db+`_') LOOP EXECUTE format('DROP ROLE %I', r); END LOOP; END $$`)
	})
	w.db = w.c.NewDB(t)
	return w
}

// exec runs SQL in which $_ is the prefix of role names.
func (w *world) exec(sql string) {
	w.t.Helper()
	w.c.Exec(w.t, w.db, strings.ReplaceAll(sql, "$_", w.db+"_"))
}

// config reads as the superuser, over the socket.
func (w *world) config() Config {
	return Config{DSN: w.c.Socket(w.db, testpg.Superuser), Database: "crm"}
}

// as reads as a role of this world, over TCP with TLS.
func (w *world) as(role, password string) Config {
	return Config{DSN: w.c.TCP(w.db, w.db+"_"+role, password), Database: "crm"}
}

// outcome is what one collection gave.
type outcome struct {
	t        testing.TB
	drafts   []inventory.Draft
	problems []collect.Problem
	names    *inventory.Pseudonyms
	err      error
}

func collectWith(t testing.TB, cfg Config) *outcome {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return collectBy(t, t.Context(), c)
}

func collectBy(t testing.TB, ctx context.Context, c *Collector) *outcome {
	t.Helper()
	names, err := inventory.NewPseudonyms(bytes.Repeat([]byte{1}, inventory.PseudonymKeySize))
	if err != nil {
		t.Fatal(err)
	}
	out := &outcome{t: t, names: names}
	var mu sync.Mutex // guards problems
	out.drafts, out.err = c.Collect(ctx, collect.Env{Source: "pg", Now: func() time.Time { return now }, Pseudonyms: names,
		Step: func(say.Text) {},
		Problem: func(p collect.Problem) {
			if !bothSaid(p.What, p.Hint) {
				t.Errorf("not said in both languages: %+v", p)
			}
			mu.Lock()
			defer mu.Unlock()
			out.problems = append(out.problems, p)
		}})
	return out
}

// mustCollect fails the test if the collection fails.
func mustCollect(t testing.TB, cfg Config) *outcome {
	t.Helper()
	o := collectWith(t, cfg)
	if o.err != nil {
		t.Fatal(o.err)
	}
	return o
}

func (o *outcome) datastore() *inventory.Datastore {
	o.t.Helper()
	return o.draft("pg/crm").Attributes.(*inventory.Datastore)
}

func (o *outcome) draft(id string) inventory.Draft {
	o.t.Helper()
	for _, d := range o.drafts {
		if d.ID == id {
			return d
		}
	}
	o.t.Fatalf("no draft %s", id)
	return inventory.Draft{}
}

// grant returns a role's grant; nil if there is none.
func (o *outcome) grant(role string) *inventory.Grant {
	want := "public"
	if role != "PUBLIC" {
		want = o.names.Token(role)
	}
	for _, d := range o.drafts {
		if g, ok := d.Attributes.(*inventory.Grant); ok && d.ID == "pg/crm/grant/"+want {
			return g
		}
	}
	return nil
}

// text is everything that would leave the collector.
func (o *outcome) text() string {
	o.t.Helper()
	resources, err := inventory.EncodeAll(o.drafts)
	if err != nil {
		o.t.Fatal(err)
	}
	raw, err := json.Marshal(struct {
		Resources []inventory.Resource
		Problems  []collect.Problem
	}{resources, o.problems})
	if err != nil {
		o.t.Fatal(err)
	}
	return string(raw)
}

func (o *outcome) hasProblem(what, hint string) bool {
	for _, p := range o.problems {
		if strings.Contains(p.What.EN, what) && strings.Contains(p.Hint.EN, hint) {
			return true
		}
	}
	return false
}

// show writes a fact for comparison: the value, "absent", or "unknown" and why. A part of a list is followed by a +.
func show[T any](f inventory.Fact[T]) string {
	if f.IsAbsent() {
		return "absent"
	}
	v, ok := f.Value()
	if !ok {
		return "unknown " + f.Reason().Code
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	out := strings.ReplaceAll(string(raw), `"`, "")
	if f.IsUnknown() {
		out += "+"
	}
	return out
}

func want[T any](t testing.TB, what string, f inventory.Fact[T], expected string) {
	t.Helper()
	if got := show(f); got != expected {
		t.Errorf("%s: %s, want %s", what, got, expected)
	}
}

// bothSaid tells whether texts are there in both languages.
func bothSaid(texts ...say.Text) bool {
	return !slices.ContainsFunc(texts, func(t say.Text) bool { return t.EN == "" || t.NL == "" })
}
