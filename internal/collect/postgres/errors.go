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
	"waarborg/internal/say"
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
// quote the connection string and the server's can quote data, so neither is passed on. doing is what went on: a gerund
// in English, such as "reading the catalogues", and the like with its article in Dutch ("het lezen van de catalogi").
func (c *Collector) failure(ctx context.Context, doing say.Text, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("database %s: %w", c.cfg.Database, ctx.Err())
	}
	out := &collect.Error{Code: inventory.SourceError, Err: err}
	out.Msg, out.Hint = say.Both("failed while %s", "mislukt bij %s", doing), tryAgain
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
		out.Msg = say.Both("the server did not answer while %s", "de server antwoordde niet bij %s", doing)
		out.Hint = say.Both("check the network between here and the server, or raise the source's statement timeout",
			"controleer het netwerk tussen hier en de server, of verhoog de tijdslimiet per opdracht van de bron (statement_timeout)")
	case errors.As(err, &certErr) || errors.As(err, &hostErr) || errors.As(err, &invalidErr):
		out.Msg = say.Both("the server's certificate is not trusted", "het certificaat van de server wordt niet vertrouwd")
		out.Hint = say.Both("name the certificate authority with sslrootcert=…, and the host as the certificate has it",
			"noem de certificaatautoriteit met sslrootcert=…, en de host zoals die in het certificaat staat")
	case errors.As(err, &dnsErr):
		out.Msg = say.Both("the server's host name is not known", "de hostnaam van de server is niet bekend")
		out.Hint = say.Both("check the host in the connection string", "controleer de host in de verbindingsregel")
	case errors.Is(err, syscall.ECONNREFUSED):
		out.Msg = say.Both("the server refused the connection", "de server weigerde de verbinding")
		out.Hint = say.Both("check host and port, and that PostgreSQL runs",
			"controleer host en poort, en of PostgreSQL draait")
	}
	out.Msg = say.Both("database %s: %s", "de database %s: %s", c.cfg.Database, out.Msg)
	return out
}

var tryAgain = say.Both("try again, and look in the server's log", "probeer het opnieuw, en kijk in het logboek van de server")

func explainServer(out *collect.Error, doing say.Text, code string) {
	switch code {
	case codeBadPassword, codeBadAccount:
		out.Code = inventory.Permission
		out.Msg = say.Both("the server does not accept the account", "de server accepteert het account niet")
		out.Hint = say.Both("check the account and its password, and pg_hba.conf",
			"controleer het account en het wachtwoord, en pg_hba.conf")
	case codeNoDatabase:
		out.Msg = say.Both("the database does not exist", "de database bestaat niet")
		out.Hint = say.Both("check the database in the connection string", "controleer de database in de verbindingsregel")
	case codeTooMany:
		out.Msg = say.Both("the server has no connection left", "de server heeft geen verbinding meer vrij")
		out.Hint = say.Both("try again later, or raise max_connections",
			"probeer het later opnieuw, of verhoog max_connections")
	case codeStarting:
		out.Msg = say.Both("the server is starting or stopping", "de server is aan het starten of stoppen")
		out.Hint = say.Both("try again later", "probeer het later opnieuw")
	case codeNoPrivilege:
		out.Code = inventory.Permission
		out.Msg = say.Both("the account lacks a privilege for %s", "het account mist een recht voor %s", doing)
		out.Hint = say.Both("GRANT pg_monitor TO %s, and CONNECT on the database",
			"GRANT pg_monitor TO %s, en CONNECT op de database", account)
	case codeStatementLimit, codeLockLimit:
		out.Msg = say.Both("the time limit passed while %s", "de tijdslimiet verliep bij %s", doing)
		out.Hint = say.Both("raise the source's statement timeout, or try at a quieter hour",
			"verhoog de tijdslimiet per opdracht van de bron (statement_timeout), of probeer het op een rustiger moment")
	default:
		out.Msg = say.Both("the server answered with error %s while %s",
			"de server antwoordde met fout %s bij %s", code, doing)
	}
}

// account stands in hints for the collector's account, whose name may be a person's.
var account = say.Both("<the collector's account>", "<het account van Waarborg>")
