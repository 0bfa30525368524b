package postgres

import (
	"context"
	"regexp"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Versions that are understood. A newer server is read, with a problem that says so.
const (
	oldestVersion = 13
	newestVersion = 18
)

// grace is how much longer than the server's own time limit the collector waits for an answer.
const grace = 5 * time.Second

// session is one connection.
type session struct {
	c       *Collector
	conn    *pgx.Conn
	version int // major
}

func (c *Collector) connect(ctx context.Context) (*session, error) {
	conn, err := pgx.ConnectConfig(ctx, c.conn)
	if err != nil {
		return nil, c.failure(ctx, say.Both("connecting", "het verbinden"), err)
	}
	s := &session{c: c, conn: conn, version: majorVersion(conn.PgConn().ParameterStatus("server_version"))}
	if s.version < oldestVersion {
		s.close()
		return nil, &collect.Error{Code: inventory.Unsupported,
			Msg: say.Both("database %s: the server is not PostgreSQL %d or newer",
				"database %s: de server is geen PostgreSQL %d of nieuwer", c.cfg.Database, oldestVersion),
			Hint: say.Both("older versions get no security updates any more: upgrade the server",
				"oudere versies krijgen geen beveiligingsupdates meer: werk de server bij")}
	}
	return s, nil
}

var leadingNumber = regexp.MustCompile(`^\d{1,4}`)

// majorVersion reads 15 from "15.18 (Debian 15.18-0+deb12u1)"; 0 where there is no number.
func majorVersion(s string) int {
	n, err := strconv.Atoi(leadingNumber.FindString(s))
	if err != nil {
		return 0
	}
	return n
}

// close ends the connection, and does not wait long for a server that no longer answers.
func (s *session) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = s.conn.Close(ctx) // nothing was written, so nothing is lost
}

// reader is a read-only transaction with one view of the data.
type reader struct {
	tx    pgx.Tx
	limit time.Duration
}

// read runs fn in a transaction of its own. The limits hold for the transaction alone and not for the connection: a
// pooler would hand a changed connection to somebody else. row_security = off makes a statement fail whose rows a
// policy would hide, instead of answering with a part.
func (s *session) read(ctx context.Context, fn func(reader) error) error {
	r := reader{limit: s.c.cfg.StatementTimeout + grace}
	start, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	tx, err := s.conn.BeginTx(start, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_ = tx.Rollback(end) // a transaction that only read has nothing to keep
	}()
	r.tx = tx
	_, err = tx.Exec(start, `SELECT set_config('search_path', 'pg_catalog', true), set_config('row_security', 'off', true),
		set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
		set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),
		set_config('idle_in_transaction_session_timeout', '60s', true)`,
		milliseconds(s.c.cfg.StatementTimeout), milliseconds(s.c.cfg.LockTimeout))
	if err != nil {
		return err
	}
	return fn(r)
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(max(1, d.Milliseconds()), 10) }

// all returns every row of a query, its columns in the order of T's fields.
func all[T any](ctx context.Context, r reader, sql string, args ...any) ([]T, error) {
	ctx, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	rows, err := r.tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[T])
}

// one returns the only row of a query.
func one[T any](ctx context.Context, r reader, sql string, args ...any) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	rows, err := r.tx.Query(ctx, sql, args...)
	if err != nil {
		var zero T
		return zero, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[T])
}
