package postgres

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

// SQLSTATE codes that the collector tells apart.
const (
	codeBadPassword    = "28P01"
	codeBadAccount     = "28000"
	codeNoDatabase     = "3D000"
	codeTooMany        = "53300"
	codeStarting       = "57P03"
	codeNoPrivilege    = "42501"
	codeStatementLimit = "57014"
	codeLockLimit      = "55P03"
)

// failure turns an error of the driver into one that names the database and what to do. The driver's own text can
// quote the connection string and the server's can quote data, so neither is passed on.
func (c *Collector) failure(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("database %s: %w", c.cfg.Database, ctx.Err())
	}
	out := &collect.Error{Code: inventory.SourceError, Err: err}
	out.Msg, out.Hint = "failed while "+doing, "try again, and look in the server's log"
	var pgErr *pgconn.PgError
	var certErr x509.UnknownAuthorityError
	var hostErr x509.HostnameError
	var invalidErr x509.CertificateInvalidError
	var dnsErr *net.DNSError
	switch {
	case errors.As(err, &pgErr):
		explainServer(out, doing, pgErr.Code)
	case pgconn.Timeout(err) || errors.Is(err, context.DeadlineExceeded):
		// Not wrapped: the deadline was this statement's, not the whole source's.
		out.Err = nil
		out.Msg = "the server did not answer while " + doing
		out.Hint = "check the network between here and the server, or raise the source's statement timeout"
	case errors.As(err, &certErr) || errors.As(err, &hostErr) || errors.As(err, &invalidErr):
		out.Msg = "the server's certificate is not trusted"
		out.Hint = "name the certificate authority with sslrootcert=…, and the host as the certificate has it"
	case errors.As(err, &dnsErr):
		out.Msg, out.Hint = "the server's host name is not known", "check the host in the connection string"
	case errors.Is(err, syscall.ECONNREFUSED):
		out.Msg, out.Hint = "the server refused the connection", "check host and port, and that PostgreSQL runs"
	}
	out.Msg = fmt.Sprintf("database %s: %s", c.cfg.Database, out.Msg)
	return out
}

func explainServer(out *collect.Error, doing, code string) {
	switch code {
	case codeBadPassword, codeBadAccount:
		out.Code = inventory.Permission
		out.Msg, out.Hint = "the server does not accept the account", "check the account and its password, and pg_hba.conf"
	case codeNoDatabase:
		out.Msg, out.Hint = "the database does not exist", "check the database in the connection string"
	case codeTooMany:
		out.Msg, out.Hint = "the server has no connection left", "try again later, or raise max_connections"
	case codeStarting:
		out.Msg, out.Hint = "the server is starting or stopping", "try again later"
	case codeNoPrivilege:
		out.Code = inventory.Permission
		out.Msg, out.Hint = "the account lacks a privilege for "+doing, "GRANT pg_monitor TO "+account+", and CONNECT on the database"
	case codeStatementLimit, codeLockLimit:
		out.Msg, out.Hint = "the time limit passed while "+doing, "raise the source's statement timeout, or try at a quieter hour"
	default:
		out.Msg = fmt.Sprintf("the server answered with error %s while %s", code, doing)
	}
}

// account stands in hints for the collector's account, whose name may be a person's.
const account = "<the collector's account>"
