package file

// words lists the closed sets of words of facts, as internal/inventory describes them, by kind and path. A word that is
// not in its set is not taken over.
var words = map[string][]string{
	"datastore engine":                       {"postgresql", "mssql", "mysql", "cosmos", "blob", "file_share", "queue", "elasticsearch", "log", "backup", "secrets"},
	"datastore environment":                  environments,
	"datastore live_data":                    {"none", "masked", "live"},
	"datastore redundancy":                   {"none", "zone", "region"},
	"datastore encryption.key_custody":       {"platform", "customer", "hsm"},
	"datastore encryption.min_tls":           {"1.0", "1.1", "1.2", "1.3"},
	"datastore authentication.password_hash": {"scram-sha-256", "md5", "plain"},
	"datastore tenancy.isolation":            {"dedicated", "database", "schema", "row_level_security", "container", "index", "none"},
	"grant principal_type":                   {"person", "group", "service", "guest", "public"},
	"grant environment":                      environments,
	"grant rights":                           {"read", "write", "delete", "administer"},
	"sign_in audience":                       {"staff", "admin", "customer"},
	"deployment environment":                 environments,
	"deployment stages":                      environments,
	"endpoint form":                          {"laptop", "desktop", "phone", "server"},
	"endpoint removable_media":               {"blocked", "encrypted", "open"},
	"network scope":                          {"production", "office"},
	"network ids":                            {"off", "alert", "block"},
	"network waf":                            {"off", "detect", "prevent"},
	"flow recipient_type":                    {"sub-processor", "controller", "authority", "third-party", "own"},
	"flow feature":                           {"integration", "telemetry", "analytics", "ai", "support", "transfer"},
	"flow mechanism":                         {"api", "sftp", "portal", "mail", "link"},
}

var environments = []string{"production", "acceptance", "test", "development"}

// moment is the form of a fact that says when something was.
type moment int

const (
	noMoment moment = iota
	day             // a date, such as 2026-11-20
	instant         // a time, such as 2026-11-20T08:00:00Z
)

var moments = map[string]moment{
	"datastore backup.last_success": instant, "datastore backup.last_restore_test": day,
	"dataset oldest":  day,
	"grant last_used": instant, "grant last_review": day, "grant expires": instant,
	"repository oldest_critical": day, "repository oldest_high": day,
	"endpoint antivirus_signatures": instant, "endpoint antivirus_exception_until": day,
	"endpoint missing_critical_since": day, "endpoint missing_high_since": day,
	"crypto_key rotated_at": instant, "crypto_key expires": instant,
}

// countries are facts of ISO 3166-1 alpha-2 codes.
var countries = map[string]bool{"grant country": true, "supplier countries": true, "supplier access_countries": true}

// people are facts that name principals: only their pseudonyms are taken over.
var people = map[string]bool{"grant principal": true, "grant path": true}

// ordered are lists whose order has a meaning; others are sorted.
var ordered = map[string]bool{"deployment stages": true, "grant path": true}

// worseAbove and worseBelow say which side of a limit fails, so that a conversion that does not come out whole is
// rounded to that side. Facts in neither are judged both ways; there it must come out whole.
var (
	worseAbove = map[string]bool{"sign_in session_minutes": true, "sign_in password.max_age_days": true, "endpoint screen_lock_minutes": true,
		"flow link_max_hours": true, "service maintenance_minutes": true, "service maintenance_office_minutes": true,
		"secret_store token_max_ttl_hours": true, "secret_store lease_max_ttl_hours": true, "crypto_key auto_rotate_days": true}
	worseBelow = map[string]bool{"service uptime_basis_points": true, "sign_in mfa.coverage_percent": true}
)

// units are what numbers can be converted between: those of time in milliseconds, and shares in ten-thousandths.
var units = map[string]struct {
	of   string // what it measures
	size int64
}{
	"milliseconds": {"time", 1}, "seconds": {"time", 1000}, "minutes": {"time", 60_000}, "hours": {"time", 3_600_000}, "days": {"time", 86_400_000},
	"basis_points": {"share", 1}, "percent": {"share", 100}, "fraction": {"share", 10_000},
}
