package workspace

import (
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"waarborg/dpa"
	"waarborg/internal/say"
	"waarborg/internal/strictyaml"
)

// Config is waarborg.yaml.
type Config struct {
	Processor Processor `yaml:"processor" validate:"required"`
	Keys      Keys      `yaml:"keys" validate:"required"`
	People    []Person  `yaml:"people"`
	Sources   []Source  `yaml:"sources"`
	Regions   []Region  `yaml:"regions"` // of providers that Waarborg's own table does not have

	Hosts Hosts `yaml:"hosts" validate:"dive,id"` // who runs what a deploy makes; left out: the data map alone says so
}

// Region is a provider's region and the country it lies in. It never replaces one of Waarborg's own table.
type Region struct {
	Provider string `yaml:"provider" validate:"required,word"`
	Region   string `yaml:"region" validate:"required,word"`
	Country  string `yaml:"country" validate:"required,iso3166_1_alpha2"`
	Paired   string `yaml:"paired" validate:"word"` // the region that geo-redundant copies go to; left out: none
}

// RegionTable is the regions as rules look them up: by provider and region.
func (c Config) RegionTable() map[string]any {
	out := map[string]any{}
	for _, r := range c.Regions {
		table, ok := out[r.Provider].(map[string]any)
		if !ok {
			table = map[string]any{}
			out[r.Provider] = table
		}
		entry := map[string]any{"country": r.Country}
		if r.Paired != "" {
			entry["paired"] = r.Paired
		}
		table[r.Region] = entry
	}
	return out
}

// Processor is who we are (GDPR 30(2)(a)).
type Processor struct {
	Name          string `yaml:"name" validate:"required"`
	Register      string `yaml:"register"` // number in the trade register
	PostalAddress string `yaml:"postal_address"`
	Country       string `yaml:"country" validate:"required,iso3166_1_alpha2"`
	Contact       string `yaml:"contact" validate:"required"` // of a role, such as privacy@example.nl, not of a person

	DPO            dpa.Officer         `yaml:"dpo"` // left out: not said
	Representative *dpa.Representative `yaml:"representative"`
}

// Keys says where this workspace's keys are.
type Keys struct {
	Dir        string       `yaml:"dir" validate:"required"` // below the workspace, never in git
	Passphrase SecretRef    `yaml:"passphrase"`
	Evidence   *EvidenceKey `yaml:"evidence"`  // left out: a file in Dir
	Timestamp  *Timestamp   `yaml:"timestamp"` // left out: reports get no timestamp
}

// EvidenceKey says where the evidence key is, if not in a file.
type EvidenceKey struct {
	Vault *VaultKey `yaml:"vault" validate:"required"`
}

// VaultKey is one version of a key of a Vault's transit engine. Its public half lies in Keys.Dir.
type VaultKey struct {
	Address   Address    `yaml:"address" validate:"required"`
	CA        string     `yaml:"ca"` // file with certificates to trust; left out: those of the system
	Namespace string     `yaml:"namespace"`
	Login     VaultLogin `yaml:"login" validate:"required"`
	Mount     string     `yaml:"mount"` // of the transit engine; left out: transit
	Key       string     `yaml:"key" validate:"required,word"`
	Version   int        `yaml:"version" validate:"required,min=1"` // the one that signs
}

// Timestamp is an authority that timestamps signatures (RFC 3161).
type Timestamp struct {
	URL   Address `yaml:"url" validate:"required"`
	Roots string  `yaml:"roots" validate:"required"` // file with the certificates of its authority
}

// Person is a role that signs: its id is the role's name, such as privacy-officer, never a person's.
type Person struct {
	ID   string    `yaml:"id" validate:"required,id"`
	Role string    `yaml:"role" validate:"required"`
	Key  PublicKey `yaml:"key"` // left out: not enrolled, so that it can sign nothing

	Since dpa.Date `yaml:"since"` // first day of Key, in UTC; left out: from the beginning

	Former []FormerKey `yaml:"former"` // earlier keys, such as of who held the role before
}

// FormerKey is a key that a person signed with before. Reports that were released and attestations that were made until its
// last day go on counting; approvals of waivers, which carry no time, do not.
type FormerKey struct {
	Key   PublicKey `yaml:"key" validate:"required"`
	Until dpa.Date  `yaml:"until" validate:"required"` // last day, in UTC
}

// PublicKey is an Ed25519 public key as ed25519: and 32 bytes in base64.
type PublicKey string

// UnmarshalText reads a key.
func (k *PublicKey) UnmarshalText(b []byte) error {
	encoded, ok := strings.CutPrefix(string(b), "ed25519:")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(raw) != 32 {
		return &strictyaml.Mismatch{What: say.Both("is not a public key", "is geen publieke sleutel"),
			Hint: say.Both("copy the line that `waarborg keys show` prints: ed25519: and 44 characters",
				"neem de regel over die `waarborg keys show` toont: ed25519: en 44 tekens")}
	}
	*k = PublicKey(b)
	return nil
}

// Source is a system to read. Settings is a pointer to the settings of its type.
type Source struct {
	ID       string   `yaml:"id" validate:"required,id"`
	Type     string   `yaml:"type" validate:"required,oneof=terraform postgres vault file"`
	Timeout  Duration `yaml:"timeout"` // for the whole source; DefaultTimeout if left out
	Settings any      `yaml:"settings" union:"type" validate:"required"`
}

// DefaultTimeout is how long a source may take if it does not say.
const DefaultTimeout = 2 * time.Minute

// Variant returns empty settings of a type of source.
func (Source) Variant(kind string) any {
	switch kind {
	case "terraform":
		return &TerraformSettings{}
	case "postgres":
		return &PostgresSettings{}
	case "vault":
		return &VaultSettings{}
	case "file":
		return &FileSettings{}
	}
	return nil
}

// Variants lists all types of settings, for the masking of secrets.
func (s Source) Variants() []any {
	return []any{s.Variant("terraform"), s.Variant("postgres"), s.Variant("vault"), s.Variant("file")}
}

// Limit is how long the source may take.
func (s Source) Limit() time.Duration {
	if s.Timeout == 0 {
		return DefaultTimeout
	}
	return time.Duration(s.Timeout)
}

// TerraformSettings are those of a source of type terraform.
type TerraformSettings struct {
	File string `yaml:"file" validate:"required"` // output of `terraform show -json`, below the workspace or absolute
}

// PostgresSettings are those of a source of type postgres.
type PostgresSettings struct {
	DSN              SecretRef     `yaml:"dsn" validate:"required"`
	Database         string        `yaml:"database"`          // the name that is shown; left out: the one connected to
	Location         *dpa.Location `yaml:"location"`          // left out: unknown, for a server does not know where it is
	ServiceRoles     []dpa.Glob    `yaml:"service_roles"`     // roles that software uses
	PersonRoles      []dpa.Glob    `yaml:"person_roles"`      // roles of one person each
	SharedRoles      []dpa.Glob    `yaml:"shared_roles"`      // roles that several people use
	AppRoles         []dpa.Glob    `yaml:"app_roles"`         // roles by which applications serve customers, for row-level security
	Copies           []Copy        `yaml:"copies"`            // where replicas and archives stand, which a server does not know
	AllowPlaintext   bool          `yaml:"allow_plaintext"`   // lets the collector speak to a remote server without TLS
	StatementTimeout Duration      `yaml:"statement_timeout"` // left out: the collector's own
}

// Copy says where a replica or an archive of a database stands.
type Copy struct {
	Role     string       `yaml:"role" validate:"required,oneof=replica archive backup failover"`
	Location dpa.Location `yaml:"location" validate:"required"`
}

// VaultSettings are those of a source of type vault.
type VaultSettings struct {
	Address   Address       `yaml:"address" validate:"required"`
	CA        string        `yaml:"ca"` // file with certificates to trust; left out: those of the system
	Namespace string        `yaml:"namespace"`
	Login     VaultLogin    `yaml:"login" validate:"required"`
	Sensitive []string      `yaml:"sensitive"` // prefixes of paths whose names are not shown
	Location  *dpa.Location `yaml:"location"`
}

// VaultLogin is how to sign in to a Vault.
type VaultLogin struct {
	Method   string    `yaml:"method" validate:"required,oneof=token approle kubernetes"`
	Token    SecretRef `yaml:"token"`     // token
	RoleID   SecretRef `yaml:"role_id"`   // approle
	SecretID SecretRef `yaml:"secret_id"` // approle
	Role     string    `yaml:"role"`      // kubernetes
	JWT      SecretRef `yaml:"jwt"`       // kubernetes
	Mount    string    `yaml:"mount"`     // left out: the method's name
}

// Check asks for what each method needs.
func (l *VaultLogin) Check(report func(path string, what, hint say.Text)) {
	given := map[string]bool{"token": l.Token != "", "role_id": l.RoleID != "", "secret_id": l.SecretID != "",
		"role": l.Role != "", "jwt": l.JWT != ""}
	needs := map[string][]string{"token": {"token"}, "approle": {"role_id", "secret_id"}, "kubernetes": {"role", "jwt"}}
	for _, key := range needs[l.Method] {
		if !given[key] {
			report("", say.Both("the method %s needs the key %s", "de methode %s heeft het veld %s nodig", l.Method, key), say.Text{})
		}
		delete(given, key)
	}
	for _, key := range []string{"token", "role_id", "secret_id", "role", "jwt"} {
		if given[key] {
			report(key, say.Both("the method %s does not use this", "de methode %s gebruikt dit niet", l.Method),
				say.Both("remove it", "haal het weg"))
		}
	}
}

// FileSettings are those of a source of type file: an export, and how to read it.
type FileSettings struct {
	File    string `yaml:"file" validate:"required"`
	Mapping string `yaml:"mapping" validate:"required"`
}

// Duration is a time span as 30s, 5m or 2h; 0 is none.
type Duration time.Duration

// UnmarshalText reads a time span of more than nothing and at most a day.
func (d *Duration) UnmarshalText(b []byte) error {
	span, err := time.ParseDuration(string(b))
	if err != nil || span <= 0 || span > 24*time.Hour {
		return &strictyaml.Mismatch{What: say.Both("is not a time span up to a day", "is geen tijdsduur van hoogstens een dag"),
			Hint: say.Both("write it as 30s, 5m or 2h", "schrijf het als 30s, 5m of 2h")}
	}
	*d = Duration(span)
	return nil
}

// Address is where a server is. It is masked like a secret, for people paste passwords into it.
type Address string

// Secret masks it.
func (*Address) Secret() {}

// UnmarshalText reads an http or https address without a user or password.
func (a *Address) UnmarshalText(b []byte) error {
	u, err := url.Parse(string(b))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return &strictyaml.Mismatch{What: say.Both("must be an address as https://vault.example.nl:8200",
			"moet een adres zijn zoals https://vault.example.nl:8200")}
	}
	if u.User != nil || u.RawQuery != "" {
		return &strictyaml.Mismatch{What: say.Both("must be an address without user, password or query",
			"moet een adres zijn zonder gebruiker, wachtwoord of deel achter een vraagteken"),
			Hint: say.Both("put secrets under `login`, as references", "zet geheimen onder `login`, als verwijzing")}
	}
	*a = Address(b)
	return nil
}
