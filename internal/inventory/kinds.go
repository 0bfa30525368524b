package inventory

// Kind names a kind of resource in the agreement's language rather than a vendor's.
type Kind string

// The kinds of resource. Each has a struct of the same name below that lists its attributes.
const (
	KindDatastore   Kind = "datastore"
	KindDataset     Kind = "dataset"
	KindGrant       Kind = "grant"
	KindSignIn      Kind = "sign_in"
	KindRepository  Kind = "repository"
	KindDeployment  Kind = "deployment"
	KindEndpoint    Kind = "endpoint"
	KindNetwork     Kind = "network"
	KindFlow        Kind = "flow"
	KindSupplier    Kind = "supplier"
	KindProcessing  Kind = "processing"
	KindService     Kind = "service"
	KindSecretStore Kind = "secret_store"
	KindCryptoKey   Kind = "crypto_key"
)

// Attributes is one of the structs of this file. Every field is a Fact or a struct of Facts; JSON names are what rules
// see, joined by dots for nested ones (`backup.retention_days`). Dates and times are RFC 3339 strings in UTC.
//
// The tag `absent` says what it means that a fact was read and is not there. A fact without that tag is always there:
// whether a store is public has an answer, and a source that gives none leaves it unknown.
//
// The tag `private` says why a fact can name or speak of others than the one who looks, where a resource serves several:
// such facts have a commitment of their own in a snapshot, see Part.
type Attributes interface{ Kind() Kind }

// Location says where data lie. Either provider and region, or country, is set: a region's country is looked up by the
// rules in reference data, so that a region nobody knows cannot slip through here.
type Location struct {
	Provider string `json:"provider,omitempty"` // azure, elastic, aws, gcp; empty for own or rented hardware
	Region   string `json:"region,omitempty"`   // the provider's name of it, lower case without spaces
	Country  string `json:"country,omitempty"`  // ISO 3166-1 alpha-2, where the source states a country
}

// Copy is another place that holds the same data.
type Copy struct {
	Role     string   `json:"role"`     // replica, paired (the provider's partner region), backup, archive, failover
	Location Location `json:"location"` // for role paired: the location whose partner region holds the copy
}

// Sink is a place that logs or metrics go to.
type Sink struct {
	Kind     string   `json:"kind"` // log_analytics, storage, event_hub, syslog, partner, file
	Location Location `json:"location"`
}

// Datastore (gegevensopslag) is a database, bucket, index, queue, log or backup that may hold personal data.
type Datastore struct {
	Engine         Fact[string]   `json:"engine"`          // postgresql, mssql, mysql, cosmos, blob, file_share, queue, elasticsearch, log, backup, secrets
	Environment    Fact[string]   `json:"environment"`     // production, acceptance, test, development
	PersonalData   Fact[bool]     `json:"personal_data"`   // holds personal data, by the data map or a tag
	DataCategories Fact[[]string] `json:"data_categories"` // ids of the category catalogue, sorted
	LiveData       Fact[string]   `json:"live_data"`       // outside production: none, masked, live
	Pseudonymised  Fact[bool]     `json:"pseudonymised"`   // logs and analytics hold ids, not names
	Provider       Fact[string]   `json:"provider"`        // id of the sub-processor that hosts it, or "own"
	Location       Fact[Location] `json:"location"`
	Copies         Fact[[]Copy]   `json:"copies"`     // every replica, paired region, backup and archive
	LogSinks       Fact[[]Sink]   `json:"log_sinks"`  // where its logs go; empty list: nowhere
	Redundancy     Fact[string]   `json:"redundancy"` // none, zone, region
	SizeMB         Fact[int]      `json:"size_mb"`    // on disk, in MiB, rounded up
	Encryption     Encryption     `json:"encryption"`
	Network        Exposure       `json:"network"`
	Authentication Authentication `json:"authentication"`
	Backup         Backup         `json:"backup"`
	Deletion       Deletion       `json:"deletion"`
	Retention      Retention      `json:"retention"`
	Audit          Audit          `json:"audit"`
	Tenancy        Tenancy        `json:"tenancy"`
}

// Encryption of a datastore, at rest and in transit.
type Encryption struct {
	AtRest      Fact[bool]   `json:"at_rest"`
	KeyCustody  Fact[string] `json:"key_custody" absent:"no key encrypts it"`               // platform, customer, hsm
	TLSRequired Fact[bool]   `json:"tls_required"`                                          // plain-text connections are refused
	MinTLS      Fact[string] `json:"min_tls" absent:"TLS is off, or no version is too old"` // "1.0", "1.1", "1.2", "1.3"
}

// Exposure of a datastore to networks.
type Exposure struct {
	Public          Fact[bool]     `json:"public"`                                       // reachable from the internet
	Anonymous       Fact[bool]     `json:"anonymous"`                                    // readable without signing in
	AllowedRanges   Fact[[]string] `json:"allowed_ranges" private:"addresses of others"` // CIDR ranges let in from outside, sorted
	PrivateEndpoint Fact[bool]     `json:"private_endpoint"`                             // reachable by a private address
}

// Authentication of a datastore's clients.
type Authentication struct {
	PasswordLogin   Fact[bool]     `json:"password_login"`   // local accounts with passwords are accepted
	SharedKey       Fact[bool]     `json:"shared_key"`       // one account key for everybody is accepted
	PasswordHash    Fact[string]   `json:"password_hash"`    // scram-sha-256, md5, plain
	WeakHashes      Fact[int]      `json:"weak_hashes"`      // accounts whose stored password is md5 or plain
	TrustEntries    Fact[int]      `json:"trust_entries"`    // host-based rules that ask for no credential
	NoTLSEntries    Fact[int]      `json:"no_tls_entries"`   // host-based rules that let remote clients in without TLS
	InsecureMethods Fact[[]string] `json:"insecure_methods"` // such as password, ident over a network
}

// Backup of a datastore.
type Backup struct {
	Enabled         Fact[bool]   `json:"enabled"`
	RetentionDays   Fact[int]    `json:"retention_days" absent:"kept without end"`
	GeoRedundant    Fact[bool]   `json:"geo_redundant"`
	Immutable       Fact[bool]   `json:"immutable"`
	LastSuccess     Fact[string] `json:"last_success" absent:"never"`      // time
	LastRestoreTest Fact[string] `json:"last_restore_test" absent:"never"` // date
}

// Deletion says what protects against accidental deletion, and how long deleted data linger.
type Deletion struct {
	SoftDelete      Fact[bool] `json:"soft_delete"`
	SoftDeleteDays  Fact[int]  `json:"soft_delete_days" absent:"no number of days is set"`
	Versioning      Fact[bool] `json:"versioning"`
	PurgeProtection Fact[bool] `json:"purge_protection"`
}

// Retention of a datastore as it is set there.
type Retention struct {
	AutomaticDays Fact[int]      `json:"automatic_days" absent:"never deletes"`         // data are deleted after so many days
	Instructions  Fact[[]string] `json:"instructions" private:"instructions of others"` // ids of the controllers' instructions that set it, sorted; empty: none
}

// Audit log of a datastore.
type Audit struct {
	Enabled       Fact[bool] `json:"enabled"`
	Reads         Fact[bool] `json:"reads"`
	Writes        Fact[bool] `json:"writes"` // changes and deletions
	UserAndTime   Fact[bool] `json:"user_and_time"`
	RetentionDays Fact[int]  `json:"retention_days" absent:"kept without end"`
}

// Tenancy says how customers are kept apart in a shared datastore.
type Tenancy struct {
	Isolation   Fact[string]   `json:"isolation"`                                       // dedicated, database, schema, row_level_security, container, index, none
	Unprotected Fact[[]string] `json:"unprotected" private:"tables named after others"` // tables with a tenant column and no enforced policy, sorted
}

// Dataset (gegevensverzameling) is one customer's records of one table or index, seen by aggregates alone.
type Dataset struct {
	Application Fact[string] `json:"application" private:"an application that others take"`
	Class       Fact[string] `json:"class" private:"named by people"`                  // class of the data map, such as tenant_file; a retention limit is agreed per class
	Store       Fact[string] `json:"store" private:"named by people"`                  // id of the data map's store
	Trigger     Fact[string] `json:"trigger" private:"named by people"`                // what starts the retention term, such as tenancy_end
	Oldest      Fact[string] `json:"oldest" absent:"no record whose term has started"` // date of the oldest trigger
	Records     Fact[bool]   `json:"records"`                                          // any record at all
}

// Grant (recht) says that a principal can reach a datastore.
type Grant struct {
	Principal    Fact[string]   `json:"principal" private:"a person or account"` // pseudonym, see Pseudonyms; "public" for everybody
	Type         Fact[string]   `json:"principal_type"`                          // person, group, service, guest, public
	Shared       Fact[bool]     `json:"shared"`                                  // used by several people
	Enabled      Fact[bool]     `json:"enabled"`
	Left         Fact[bool]     `json:"left"`    // the person no longer works here
	Country      Fact[string]   `json:"country"` // from where the principal works, ISO 3166-1 alpha-2
	BreakGlass   Fact[bool]     `json:"break_glass"`
	Target       Fact[string]   `json:"target" private:"id of a resource"` // id of the datastore or secret store
	PersonalData Fact[bool]     `json:"personal_data"`                     // the target holds personal data or opens a way to them
	Environment  Fact[string]   `json:"environment"`
	Role         Fact[string]   `json:"role" private:"named by people"`                            // the vendor's name: Owner, superuser, policy admin
	Rights       Fact[[]string] `json:"rights"`                                                    // read, write, delete, administer; sorted
	Wildcard     Fact[bool]     `json:"wildcard"`                                                  // by a pattern that covers more than was named
	Path         Fact[[]string] `json:"path" private:"groups and roles named after others"`        // how it is reached, outermost first: group, role, policy; people in it pseudonymised
	Direct       Fact[bool]     `json:"direct"`                                                    // given to the principal itself rather than to a role or group
	Standing     Fact[bool]     `json:"standing"`                                                  // always active, rather than requested for a while
	Approved     Fact[bool]     `json:"approved"`                                                  // within the role matrix of the workspace
	Need         Fact[string]   `json:"need" absent:"no entry gives it" private:"named by people"` // id of the matrix entry that gives the reason
	LastUsed     Fact[string]   `json:"last_used" absent:"never used"`                             // time
	LastReview   Fact[string]   `json:"last_review" absent:"never reviewed"`                       // date
	Expires      Fact[string]   `json:"expires" absent:"never"`                                    // time
}

// SignIn (aanmelden) is a set of sign-in rules: of an identity provider, an application's tenant, a VPN.
type SignIn struct {
	Audience            Fact[string] `json:"audience"` // staff, admin, customer
	Password            Password     `json:"password"`
	MFA                 MFA          `json:"mfa"`
	Lockout             Fact[bool]   `json:"lockout" absent:"nothing is set"`          // locks after repeated failures
	SessionMax          Fact[int]    `json:"session_minutes" absent:"never ends"`      // longest idle session
	Device              Fact[bool]   `json:"company_device" absent:"not asked"`        // only managed devices are let in
	VPN                 Fact[bool]   `json:"vpn" absent:"not asked"`                   // only through the VPN
	VPNPersonal         Fact[bool]   `json:"vpn_personal" absent:"no VPN"`             // each person has a VPN credential of their own
	LegacyAuth          Fact[bool]   `json:"legacy_auth"`                              // protocols without multi-factor are accepted
	StaleUsers          Fact[int]    `json:"stale_users"`                              // enabled accounts unused for longer than the agreed days
	Departed            Fact[int]    `json:"departed_users"`                           // enabled accounts of people who left
	SharedUsers         Fact[int]    `json:"shared_users"`                             // interactive accounts of several people
	UnmarkedGuests      Fact[int]    `json:"unmarked_guests"`                          // outsiders not marked as guest
	InitialSecretChange Fact[bool]   `json:"initial_secret_change" absent:"not asked"` // a first password must be changed
}

// Password rules of a sign-in.
type Password struct {
	MinLength Fact[int]  `json:"min_length" absent:"no minimum"`
	Upper     Fact[bool] `json:"upper" absent:"not asked"`
	Lower     Fact[bool] `json:"lower" absent:"not asked"`
	Digit     Fact[bool] `json:"digit" absent:"not asked"`
	Special   Fact[bool] `json:"special" absent:"not asked"`
	Generated Fact[bool] `json:"generated" absent:"not asked"` // made by a password manager
	MaxAge    Fact[int]  `json:"max_age_days" absent:"no forced change"`
	None      Fact[bool] `json:"none"` // passwordless: no password is ever accepted
}

// MFA is the multi-factor state of a sign-in.
type MFA struct {
	Required   Fact[bool] `json:"required" absent:"not asked"`
	Exclusions Fact[int]  `json:"exclusions"` // accounts left out, break-glass ones not counted
	Coverage   Fact[int]  `json:"coverage_percent"`
}

// Repository holds source code.
type Repository struct {
	Reviews        Fact[int]    `json:"required_reviews" absent:"none is asked"`
	AuthorApproves Fact[bool]   `json:"author_can_approve"`
	StaleDismissed Fact[bool]   `json:"stale_approvals_dismissed"`
	Bypass         Fact[bool]   `json:"bypass_allowed"` // administrators or apps can go round
	ForcePush      Fact[bool]   `json:"force_push"`
	SecretScan     Fact[bool]   `json:"secret_scanning"`
	DependencyScan Fact[bool]   `json:"dependency_scanning"`
	OldestCritical Fact[string] `json:"oldest_critical" absent:"none is open"` // date since when a critical finding is open
	OldestHigh     Fact[string] `json:"oldest_high" absent:"none is open"`
}

// Deployment is a way by which software reaches an environment.
type Deployment struct {
	Environment    Fact[string]   `json:"environment"`
	Reviewers      Fact[int]      `json:"required_reviewers" absent:"none is asked"`
	AuthorApproves Fact[bool]     `json:"author_can_approve"`
	Stages         Fact[[]string] `json:"stages"` // environments passed before, in order
	Direct         Fact[bool]     `json:"direct"` // can be done without the pipeline
}

// Endpoint is a laptop, phone or server.
type Endpoint struct {
	Form            Fact[string] `json:"form"` // laptop, desktop, phone, server
	Company         Fact[bool]   `json:"company_owned"`
	Managed         Fact[bool]   `json:"managed"`
	DiskEncrypted   Fact[bool]   `json:"disk_encrypted"`
	KeyEscrowed     Fact[bool]   `json:"recovery_key_escrowed"`
	Antivirus       Fact[bool]   `json:"antivirus"`
	RealTime        Fact[bool]   `json:"antivirus_real_time"`
	SignaturesAt    Fact[string] `json:"antivirus_signatures" absent:"there are none"`    // time of the newest signatures
	ExceptionUntil  Fact[string] `json:"antivirus_exception_until" absent:"no exception"` // date
	MissingCritical Fact[string] `json:"missing_critical_since" absent:"none is missing"` // date
	MissingHigh     Fact[string] `json:"missing_high_since" absent:"none is missing"`
	Firewall        Fact[bool]   `json:"firewall"`
	ScreenLock      Fact[int]    `json:"screen_lock_minutes" absent:"never locks"`
	Removable       Fact[string] `json:"removable_media"` // blocked, encrypted, open
}

// Network is a network or the edge of one.
type Network struct {
	Scope          Fact[string] `json:"scope"` // production, office
	Firewall       Fact[bool]   `json:"firewall"`
	DefaultDeny    Fact[bool]   `json:"default_deny_inbound"`
	IDS            Fact[string] `json:"ids"`                                   // off, alert, block
	WAF            Fact[string] `json:"waf" absent:"nothing to put it before"` // off, detect, prevent
	AdminPortsOpen Fact[bool]   `json:"admin_ports_open"`                      // management ports reachable from the internet
	VPNPersonal    Fact[bool]   `json:"vpn_personal" absent:"no VPN ends here"`
	FlowLogs       Fact[bool]   `json:"flow_logs"`
}

// Flow (gegevensstroom) takes data to a recipient.
type Flow struct {
	Application     Fact[string]   `json:"application" private:"an application that others take"`
	Recipient       Fact[string]   `json:"recipient" absent:"nobody knows"` // id of a sub-processor, "controller" or "own"
	RecipientType   Fact[string]   `json:"recipient_type"`                  // sub-processor, controller, authority, third-party, own
	PersonalData    Fact[bool]     `json:"personal_data"`
	DataCategories  Fact[[]string] `json:"data_categories"`
	Location        Fact[Location] `json:"location"`
	Purpose         Fact[string]   `json:"purpose"`                                                      // id of a purpose of Annex A section 4
	Instruction     Fact[string]   `json:"instruction" absent:"none" private:"an instruction of others"` // id of the controller's instruction
	Feature         Fact[string]   `json:"feature"`                                                      // integration, telemetry, analytics, ai, support, transfer
	Encrypted       Fact[bool]     `json:"encrypted"`
	Mechanism       Fact[string]   `json:"mechanism"`                                           // api, sftp, portal, mail, link
	LinkMaxHours    Fact[int]      `json:"link_max_hours" absent:"no link, or one without end"` // for link: how long it lives
	PersonalAccount Fact[bool]     `json:"personal_account"`                                    // each recipient has an account of its own
}

// Supplier (leverancier) is a party seen in use.
type Supplier struct {
	Register        Fact[string]   `json:"register_id" absent:"not found there"` // id in the register
	PersonalData    Fact[bool]     `json:"personal_data"`                        // its people or systems can reach personal data
	DataCategories  Fact[[]string] `json:"data_categories"`
	Countries       Fact[[]string] `json:"countries"`        // where it processes, ISO 3166-1 alpha-2
	AccessCountries Fact[[]string] `json:"access_countries"` // from where its people have access
}

// Processing (verwerking) is what the data map says of one application at one host, to hold against Annex A and the
// sub-processor table.
type Processing struct {
	Application    Fact[string]   `json:"application" private:"an application that others take"`
	Provider       Fact[string]   `json:"provider"`          // id of the sub-processor, or "own"
	DataCategories Fact[[]string] `json:"data_categories"`   // in use
	Agreed         Fact[[]string] `json:"agreed_categories"` // Annex A's for the application
}

// Service is an application as its users meet it.
type Service struct {
	Application        Fact[string] `json:"application" private:"an application that others take"`
	UptimeBasisPoints  Fact[int]    `json:"uptime_basis_points"`        // of the last 30 days: 9990 is 99.90 %
	MaintenanceMinutes Fact[int]    `json:"maintenance_minutes"`        // in the last 30 days
	OfficeHours        Fact[int]    `json:"maintenance_office_minutes"` // of these, in office hours
	ProtectionBypassed Fact[bool]   `json:"protection_bypassed"`        // technical protection was removed or gone round
}

// SecretStore keeps secrets: HashiCorp Vault, Azure Key Vault.
type SecretStore struct {
	Sealed          Fact[bool]     `json:"sealed"`
	AuditDevices    Fact[int]      `json:"audit_devices"`
	SealType        Fact[string]   `json:"seal_type"` // shamir, awskms, azurekeyvault, transit …
	Storage         Fact[string]   `json:"storage"`   // raft, consul, inmem …
	TLS             Fact[bool]     `json:"tls"`
	RootTokens      Fact[int]      `json:"root_tokens"`         // live ones
	TokenMaxTTL     Fact[int]      `json:"token_max_ttl_hours"` // the longest that any auth method gives; 0: without end
	LeaseMaxTTL     Fact[int]      `json:"lease_max_ttl_hours" absent:"nothing gives leases"`
	AuthMethods     Fact[[]string] `json:"auth_methods"`                                        // types, sorted
	HumanWithoutMFA Fact[[]string] `json:"human_methods_without_mfa" private:"named by people"` // mounts by which people sign in with no second factor
	SudoPolicies    Fact[[]string] `json:"sudo_policies" private:"named by people"`             // policies with sudo on sensitive paths, the built-in root excepted
	Location        Fact[Location] `json:"location"`
}

// CryptoKey is a key that protects a datastore.
type CryptoKey struct {
	Type            Fact[string] `json:"type"`
	RotatedAt       Fact[string] `json:"rotated_at" absent:"never"`
	AutoRotate      Fact[int]    `json:"auto_rotate_days" absent:"by hand"`
	Exportable      Fact[bool]   `json:"exportable"`
	DeletionAllowed Fact[bool]   `json:"deletion_allowed"`
	Expires         Fact[string] `json:"expires" absent:"never"`
}

func (*Datastore) Kind() Kind   { return KindDatastore }
func (*Dataset) Kind() Kind     { return KindDataset }
func (*Grant) Kind() Kind       { return KindGrant }
func (*SignIn) Kind() Kind      { return KindSignIn }
func (*Repository) Kind() Kind  { return KindRepository }
func (*Deployment) Kind() Kind  { return KindDeployment }
func (*Endpoint) Kind() Kind    { return KindEndpoint }
func (*Network) Kind() Kind     { return KindNetwork }
func (*Flow) Kind() Kind        { return KindFlow }
func (*Supplier) Kind() Kind    { return KindSupplier }
func (*Processing) Kind() Kind  { return KindProcessing }
func (*Service) Kind() Kind     { return KindService }
func (*SecretStore) Kind() Kind { return KindSecretStore }
func (*CryptoKey) Kind() Kind   { return KindCryptoKey }

// Kinds returns an empty value of every kind, in a fixed order.
func Kinds() []Attributes {
	return []Attributes{&Datastore{}, &Dataset{}, &Grant{}, &SignIn{}, &Repository{}, &Deployment{}, &Endpoint{},
		&Network{}, &Flow{}, &Supplier{}, &Processing{}, &Service{}, &SecretStore{}, &CryptoKey{}}
}
