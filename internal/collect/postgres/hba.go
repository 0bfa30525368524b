package postgres

import (
	"net/netip"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// A line with an error but a type is only a warning: hostssl where TLS is off.
const hbaSQL = `SELECT coalesce(type, ''), coalesce(database, '{}'), coalesce(user_name, '{}'), coalesce(address, ''),
	coalesce(netmask, ''), coalesce(auth_method, ''), coalesce(options, '{}'), error IS NOT NULL AND type IS NULL
	FROM pg_hba_file_rules ORDER BY line_number`

// hbaLine is a line of pg_hba.conf. The first line that fits a client decides, so a line can be hidden by earlier ones.
type hbaLine struct {
	Type             string
	Databases, Users []string
	Address, Netmask string
	Method           string
	Options          []string
	Malformed        bool
}

// channel is how a client's bytes travel.
type channel uint8

const (
	socket channel = 1 << iota
	plain          // TCP without encryption
	tls
	gss
)

func (l hbaLine) channels() channel {
	switch l.Type {
	case "local":
		return socket
	case "host":
		return plain | tls | gss
	case "hostssl":
		return tls
	case "hostnossl":
		return plain | gss
	case "hostgssenc":
		return gss
	case "hostnogssenc":
		return plain | tls
	}
	return socket | plain | tls | gss // a type that we do not know may let anybody in
}

// hbaFindings is what the rules let in.
type hbaFindings struct {
	trust       int      // lines that ask for no credential
	remoteTrust bool     // one of these lets in other machines
	noTLS       int      // lines that let other machines in without TLS
	insecure    []string // methods that show a password, or believe the client's machine
	password    bool     // a password is accepted
	malformed   bool     // the file has an error, so the server runs with other rules than it shows
}

// judgeHBA works out what the lines let in for a database, where ssl tells whether the server speaks TLS.
func judgeHBA(lines []hbaLine, database string, ssl bool) hbaFindings {
	var out hbaFindings
	for i, l := range lines {
		out.malformed = out.malformed || l.Malformed
		open := l.channels()
		if !ssl {
			open &^= tls
		}
		for _, earlier := range lines[:i] {
			if earlier.covers(l) {
				open &^= earlier.channels()
			}
		}
		if l.Malformed || open == 0 || l.Method == "reject" || !l.concerns(database) {
			continue
		}
		out.count(l, open)
	}
	slices.Sort(out.insecure)
	out.insecure = slices.Compact(out.insecure)
	return out
}

func (f *hbaFindings) count(l hbaLine, open channel) {
	remote := l.remote()
	if l.Method == "trust" && !l.asksCertificate() {
		f.trust++
		f.remoteTrust = f.remoteTrust || remote
	}
	if remote && open&plain != 0 {
		f.noTLS++
	}
	switch l.Method {
	case "scram-sha-256", "md5":
		f.password = true
	case "password", "ldap", "pam", "bsd", "radius": // the client sends the password as it is
		f.password = true
		if remote && open&plain != 0 {
			f.insecure = append(f.insecure, l.Method)
		}
	case "ident":
		if remote {
			f.insecure = append(f.insecure, l.Method)
		}
	}
}

func (l hbaLine) asksCertificate() bool {
	return slices.Contains(l.Options, "clientcert=verify-full") || slices.Contains(l.Options, "clientcert=verify-ca")
}

// remote tells whether the line is for clients on other machines.
func (l hbaLine) remote() bool {
	if l.Type == "local" || l.Address == "samehost" || l.Address == "localhost" {
		return false
	}
	p, ok := l.prefix()
	return !ok || !p.Addr().IsLoopback()
}

func (l hbaLine) prefix() (netip.Prefix, bool) {
	addr, err := netip.ParseAddr(l.Address)
	if err != nil {
		return netip.Prefix{}, false
	}
	bits := addr.BitLen()
	if l.Netmask != "" {
		mask, err := netip.ParseAddr(l.Netmask)
		if err != nil || mask.BitLen() != addr.BitLen() {
			return netip.Prefix{}, false
		}
		bits = 0
		for _, b := range mask.AsSlice() {
			for ; b&0x80 != 0; b <<= 1 {
				bits++
			}
		}
	}
	p, err := addr.Prefix(bits)
	return p, err == nil
}

// concerns tells whether the line can let a client into the database, or into its replication stream.
func (l hbaLine) concerns(database string) bool {
	return slices.ContainsFunc(l.Databases, func(d string) bool {
		return d == database || strings.HasPrefix(d, "/") ||
			slices.Contains([]string{"all", "replication", "sameuser", "samerole", "samegroup"}, d)
	})
}

// covers tells whether every client of the other line meets this one first. It says no where it is not sure.
func (l hbaLine) covers(other hbaLine) bool {
	if l.Malformed || !slices.Contains(l.Users, "all") && !subset(other.Users, l.Users) {
		return false
	}
	for _, d := range other.Databases {
		if !slices.Contains(l.Databases, d) && (d == "replication" || !slices.Contains(l.Databases, "all")) {
			return false
		}
	}
	if l.Type == "local" || other.Type == "local" {
		return l.Type == other.Type
	}
	if l.Address == "all" {
		return true
	}
	mine, okMine := l.prefix()
	theirs, okTheirs := other.prefix()
	return okMine && okTheirs && mine.Bits() <= theirs.Bits() && mine.Contains(theirs.Addr())
}

// subset tells whether all names are in the list. Patterns and groups are no plain names, so they must be written the
// same.
func subset(names, list []string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(list, n) })
}

// tlsRequired tells whether the server refuses clients on other machines that do not speak TLS.
func (c config) tlsRequired(f *hbaFindings) inventory.Fact[bool] {
	ssl, ok := c["ssl"]
	switch {
	case !ok:
		return inventory.Unknown[bool](inventory.Permission, "ssl")
	case !boolean(ssl):
		return inventory.Known(false)
	case boolean(c["require_secure_transport"]) || boolean(c["rds.force_ssl"]): // managed servers
		return inventory.Known(true)
	case f == nil:
		return inventory.Unknown[bool](inventory.Permission, "pg_hba_file_rules")
	case f.malformed:
		return inventory.Unknown[bool](inventory.Malformed, "pg_hba_file_rules")
	}
	return inventory.Known(f.noTLS == 0)
}

// authentication says how clients sign in; f is nil where the rules cannot be read.
func (c config) authentication(f *hbaFindings, weak *int) inventory.Authentication {
	out := inventory.Authentication{
		SharedKey:    inventory.Known(false), // PostgreSQL has no key of a whole server
		PasswordHash: c.text("password_encryption"),
		WeakHashes:   inventory.Unknown[int](inventory.Permission, "pg_authid"),
	}
	if weak != nil {
		out.WeakHashes = inventory.Known(*weak)
	}
	code := inventory.Permission
	if f != nil && f.malformed {
		code = inventory.Malformed
	}
	if f == nil || f.malformed {
		out.PasswordLogin = inventory.Unknown[bool](code, "pg_hba_file_rules")
		out.TrustEntries = inventory.Unknown[int](code, "pg_hba_file_rules")
		out.NoTLSEntries = inventory.Unknown[int](code, "pg_hba_file_rules")
		out.InsecureMethods = inventory.Unknown[[]string](code, "pg_hba_file_rules")
		return out
	}
	out.PasswordLogin = inventory.Known(f.password)
	out.TrustEntries = inventory.Known(f.trust)
	out.NoTLSEntries = inventory.Known(f.noTLS)
	out.InsecureMethods = inventory.Known(f.insecure)
	return out
}
