package vault

import (
	"strings"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Config says how to reach one Vault and what its secrets open. Nothing of it is taken from the environment.
type Config struct {
	Address    string        // such as https://vault.example.nl:8200; http:// for this machine alone
	Namespace  string        // of Vault Enterprise; empty: the root namespace
	CACertFile string        // PEM of the authority of Vault's certificate; empty: the system's authorities
	Login      Login         // exactly one way
	Timeout    time.Duration // of one call; 0: 15 s

	// PersonalData maps the paths of secrets that open a way to personal data to the id of the datastore they open, such
	// as "database/creds/app" or "secret/data/prod/*". Paths are as in a Vault policy, with `*` at the end and `+` for a
	// segment; in a key-value store of version 2 the path has `data/` in it.
	PersonalData map[string]string
	// Sensitive are beginnings of paths on which a policy with sudo is reported, besides sys/, auth/ and identity/.
	Sensitive []string
	Location  inventory.Fact[inventory.Location] // where Vault runs, which it cannot say itself
}

// Login is how the collector signs in: one of the three.
type Login struct {
	Token      string
	AppRole    *AppRole
	Kubernetes *Kubernetes
}

// AppRole signs in with the approle method.
type AppRole struct {
	RoleID, SecretID string
	Mount            string // Defaults to approle.
}

// Kubernetes signs in with the token of a pod's service account.
type Kubernetes struct {
	Role    string
	JWTFile string // read at every collection, for the kubelet replaces it
	Mount   string // Defaults to kubernetes.
}

// String keeps the secrets of a login out of logs.
func (Login) String() string { return "(login)" }

// GoString does so for %#v.
func (l Login) GoString() string { return l.String() }

// check returns what is wrong with the configuration, in words for the one who wrote it.
func (c Config) check() error {
	if _, err := parseAddress(c.Address); err != nil {
		return err
	}
	if err := c.Login.check(); err != nil {
		return err
	}
	for path, store := range c.PersonalData {
		if strings.Trim(path, "/*+") == "" || strings.HasPrefix(path, "/") || strings.Contains(path, "+*") || store == "" {
			return refuse(say.Both("%q is no path of a secret of Vault that opens a datastore",
				"%q is geen pad van een geheim van Vault dat een gegevensopslag opent", path),
				say.Both("write it as in a Vault policy, such as secret/data/prod/*",
					"schrijf het zoals in een policy van Vault, bijvoorbeeld secret/data/prod/*"))
		}
	}
	return nil
}

func (l Login) check() error {
	ways := 0
	if l.Token != "" {
		ways++
	}
	if l.AppRole != nil {
		ways++
	}
	if l.Kubernetes != nil {
		ways++
	}
	switch {
	case ways != 1:
		return refuse(say.Both("a login of Vault is not one of the three ways",
			"het inloggen bij Vault gaat niet op een van de drie manieren"),
			say.Both("give exactly one: token, approle or kubernetes", "geef er precies een: token, approle of kubernetes"))
	case strings.ContainsAny(l.Token, " \t\r\n"):
		return refuse(say.Both("the token for Vault holds blanks or a line end",
			"het token voor Vault bevat spaties of een regeleinde"),
			say.Both("check the secret that it comes from", "controleer het geheim waar het vandaan komt"))
	case l.AppRole != nil && (l.AppRole.RoleID == "" || l.AppRole.SecretID == ""):
		return refuse(say.Both("the approle login of Vault is not complete",
			"het inloggen bij Vault met approle is niet volledig"),
			say.Both("give role_id and secret_id", "geef role_id en secret_id"))
	case l.Kubernetes != nil && (l.Kubernetes.Role == "" || l.Kubernetes.JWTFile == ""):
		return refuse(say.Both("the kubernetes login of Vault is not complete",
			"het inloggen bij Vault met kubernetes is niet volledig"),
			say.Both("give role and jwt_file", "geef role en jwt_file"))
	}
	return nil
}

// refuse is an error of the configuration.
func refuse(msg, hint say.Text) error {
	return &collect.Error{Code: inventory.Undeclared, Msg: msg, Hint: hint}
}
