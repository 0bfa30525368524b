package postgres

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

func TestNewRefuses(t *testing.T) {
	const ok = "postgres://me:s3cr3t@localhost/x"
	for _, c := range []struct {
		name string
		cfg  Config
		msg  string
	}{
		{"nothing", Config{}, "the connection string cannot be read"},
		{"nonsense", Config{DSN: "postgres://me:s3cr3t@[::1/x"}, "the connection string cannot be read"},
		{"nonsense with a name", Config{DSN: "postgres://me:s3cr3t@[::1/x", Database: "crm"}, "the connection string of database crm cannot be read"},
		{"plain text over a network", Config{DSN: "postgres://me:s3cr3t@db.example/x?sslmode=disable"}, "without TLS"},
		{"plain text as second choice", Config{DSN: "postgres://me:s3cr3t@db.example/x"}, "without TLS"},
		{"a table without class", Config{DSN: ok, Tables: []Table{{Schema: "s", Name: "t"}}}, "class"},
		{"a table twice", Config{DSN: ok, Tables: []Table{{Schema: "s", Name: "t", Class: "c"}, {Schema: "s", Name: "t", Class: "c"}}}, "twice"},
		{"a pattern", Config{DSN: ok, PersonRoles: []string{"[a"}}, "pattern"},
		{"a tenant of nobody", Config{DSN: ok, Tenants: map[string]string{"canary": ""}}, "no customer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(c.cfg)
			var e *collect.Error
			if !errors.As(err, &e) || !strings.Contains(e.Msg.EN, c.msg) || !bothSaid(e.Msg, e.Hint) {
				t.Fatalf("%v", err)
			}
			if strings.Contains(fmt.Sprint(e.Msg, e.Hint), "s3cr3t") || strings.Contains(fmt.Sprint(e.Msg, e.Hint), "canary") {
				t.Errorf("it shows a secret: %s", e.Msg.EN)
			}
		})
	}
}

func TestNewTakes(t *testing.T) {
	for _, cfg := range []Config{
		{DSN: "postgres://me@db.example/x?sslmode=require"},
		{DSN: "postgres://me@db.example/x?sslmode=disable", AllowPlaintext: true},
		{DSN: "postgres://me@127.0.0.1/x"},
		{DSN: "host=/run/postgresql dbname=x user=me"},
	} {
		if _, err := New(cfg); err != nil {
			t.Errorf("%s: %v", cfg.DSN, err)
		}
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{{"svc_*", "svc_crm", true}, {"svc_*", "anna", false}, {"*@example.nl", "team/anna@example.nl", true}, {"a?", "ab", true}, {"SVC_*", "svc_crm", false}} {
		if got := matches([]string{c.pattern}, c.name); got != c.want {
			t.Errorf("%s on %s: %v", c.pattern, c.name, got)
		}
	}
}

// What a source always has must stay in sight when it fails, under the ids that it has when it does not.
func TestExpected(t *testing.T) {
	w := newWorld(t)
	w.exec(`CREATE TABLE public.a (tenant text, ended date)`)
	cfg := w.config()
	cfg.Tenants = map[string]string{"1": "c", "2": "d"}
	cfg.Tables = []Table{{Schema: "public", Name: "a", Class: "file", TenantColumn: "tenant"}, {Schema: "public", Name: "a", Class: "log"}}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var expected, got []string
	for _, d := range c.Expected("pg") {
		expected = append(expected, d.ID)
	}
	for _, d := range collectBy(t, t.Context(), c).drafts {
		if d.Attributes.Kind() != inventory.KindGrant {
			got = append(got, d.ID)
		}
	}
	if !slices.Equal(expected, got) || len(got) != 4 {
		t.Errorf("expected %v, collected %v", expected, got)
	}
}
