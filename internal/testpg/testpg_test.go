package testpg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestStartedServer(t *testing.T) {
	c := Start(t, Options{Settings: map[string]string{"log_statement": "all"}})
	db := c.NewDB(t)
	c.Exec(t, db, "CREATE TABLE a (i int); CREATE ROLE "+db+"_r LOGIN PASSWORD 'x y/z'")
	conn, err := pgx.Connect(t.Context(), c.TCP(db, db+"_r", "x y/z"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var tls bool
	var fsync string
	row := conn.QueryRow(t.Context(), "SELECT ssl, current_setting('fsync') FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
	if err := row.Scan(&tls, &fsync); err != nil {
		t.Fatal(err)
	}
	if !tls || fsync != "off" {
		t.Errorf("TLS %v, fsync %s; want TLS and no fsync", tls, fsync)
	}
	if c.Log() == "" {
		t.Error("the server's log is empty")
	}
}

func TestSetHBAIsUndone(t *testing.T) {
	c := Start(t, Options{})
	db := c.NewDB(t)
	c.Exec(t, db, "CREATE ROLE "+db+"_r LOGIN PASSWORD 'p'")
	dsn := c.TCP(db, db+"_r", "p")
	t.Run("closed", func(t *testing.T) {
		c.SetHBA(t, "host all all 127.0.0.1/32 reject")
		if canConnect(t, dsn) {
			t.Error("a client got in that the rules reject")
		}
	})
	if !canConnect(t, dsn) {
		t.Error("the default rules are not back")
	}
}

// canConnect tries for a while: the server reads its rules anew some time after the signal.
func canConnect(t *testing.T, dsn string) bool {
	t.Helper()
	got := false
	for range 20 {
		conn, err := pgx.Connect(t.Context(), dsn)
		got = err == nil
		if got {
			_ = conn.Close(context.Background())
		}
	}
	return got
}

func TestStopRemovesEverything(t *testing.T) {
	c := Start(t, Options{})
	c.Stop()
	c.Stop()
	if _, err := os.Stat(c.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if _, err := pgx.Connect(t.Context(), c.Socket("postgres", Superuser)); err == nil {
		t.Error("the server still answers")
	}
}

func TestFindBinaries(t *testing.T) {
	bin := t.TempDir()
	for _, name := range []string{"initdb", "postgres"} {
		if err := os.WriteFile(filepath.Join(bin, name), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	env := func(name, value string) func(string) string {
		return func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		}
	}
	if got, err := findBinaries(env("WAARBORG_PG_BIN", bin)); err != nil || got != bin {
		t.Errorf("WAARBORG_PG_BIN: %q, %v", got, err)
	}
	if _, err := findBinaries(env("WAARBORG_PG_BIN", t.TempDir())); !errors.Is(err, errMissing) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := findBinaries(env("WAARBORG_PG_VERSION", "6")); !errors.Is(err, errMissing) {
		t.Errorf("a version that is not there: %v", err)
	}
}

func TestMajorOf(t *testing.T) {
	for dir, want := range map[string]int{"/usr/lib/postgresql/15/bin": 15, "/usr/lib/postgresql/9.6/bin": 0, "": 0} {
		if got := majorOf(dir); got != want {
			t.Errorf("majorOf(%q) = %d, want %d", dir, got, want)
		}
	}
}
