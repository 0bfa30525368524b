package redact

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

// join keeps made-up credentials out of the reach of scanners that look for real ones.
func join(parts ...string) string { return strings.Join(parts, "") }

func TestCredentialsAreStruckOut(t *testing.T) {
	key88 := strings.Repeat("Ab3+", 21) + "Zz==" // only its form counts
	key88 = key88[:86] + "=="
	for name, c := range map[string]struct{ in, want string }{
		"AWS access key":         {"key " + join("AKIA", "IOSFODNN7EXAMPLE") + " used", "key [redacted] used"},
		"AWS temporary key":      {join("ASIA", "IOSFODNN7EXAMPLE"), "[redacted]"},
		"GitHub personal":        {join("ghp_", "16C7e42F292c6912E7710c838347Ae178B4a"), "[redacted]"},
		"GitHub OAuth":           {join("gho_", "16C7e42F292c6912E7710c838347Ae178B4a"), "[redacted]"},
		"GitHub fine-grained":    {join("github_pat_", "11AAAAAAA0abcdefghijkl_mnopqrstuv"), "[redacted]"},
		"GitLab":                 {join("glpat-", "abcdefghij0123456789"), "[redacted]"},
		"Slack":                  {join("xoxb-", "123456789012-abcdefGHIJKL"), "[redacted]"},
		"Vault service token":    {join("hvs.", "CAESIJlU02LQZq"), join("hvs.", "CAESIJlU02LQZq")},
		"Vault token of length":  {join("hvs.", "CAESIJlU02LQZqAbCdEfGhIj"), "[redacted]"},
		"Vault batch token":      {join("hvb.", "AAAAAQJlU02LQZqAbCdEfGhIj"), "[redacted]"},
		"Stripe":                 {join("sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"), "[redacted]"},
		"JWT":                    {"auth " + join("eyJ", "hbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"), "auth [redacted]"},
		"private key":            {"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb", "a\n[redacted]\nb"},
		"private key cut off":    {"-----BEGIN PRIVATE KEY-----\nMIIE", "[redacted]"},
		"PGP private key":        {"-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQ\n-----END PGP PRIVATE KEY BLOCK-----", "[redacted]"},
		"storage account key":    {key88, "[redacted]"},
		"account key":            {"DefaultEndpointsProtocol=https;AccountName=st1;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net", "DefaultEndpointsProtocol=https;AccountName=st1;AccountKey=[redacted];EndpointSuffix=core.windows.net"},
		"service bus":            {"Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=c2VjcmV0", "Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=[redacted]"},
		"ADO password":           {"Server=db;Password=my long pass;Database=x", "Server=db;Password=[redacted];Database=x"},
		"ADO pwd":                {"Server=db;pwd = x1;Database=x", "Server=db;pwd = [redacted];Database=x"},
		"client secret in query": {"client_secret=abc&grant_type=x", "client_secret=[redacted]&grant_type=x"},
		"SAS":                    {"https://st1.blob.core.windows.net/c?sv=2022&sig=abcdEFGH%2B1234%3D&se=2026", "https://st1.blob.core.windows.net/c?sv=2022&sig=[redacted]&se=2026"},
		"URL with a password":    {"postgres://app:s3cr@t@db.example:5432/x", "postgres://[redacted]@db.example:5432/x"},
		"URL without a user":     {"redis://:s3cret@cache:6379", "redis://[redacted]@cache:6379"},
		"authorization":          {"Authorization: Bearer abcdefghijklmnopqrst", "Authorization: Bearer [redacted]"},
		"32 hex digits":          {"key 9e107d9d372bb6826bd81d3542a419d6", "key [redacted]"},
		"bare digest":            {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "[redacted]"},
		"base64 of chance":       {"x=" + "q8Zk3VfT1xWm9RbY7cLd2HnPs5JgEu4A", "[redacted]"},
	} {
		if got := String(c.in); got != c.want {
			t.Errorf("%s: %q became %q, want %q", name, c.in, got, c.want)
		}
		if Secret(c.in) != (c.in != c.want) {
			t.Errorf("%s: Secret and String differ", name)
		}
		if again := String(c.want); again != c.want {
			t.Errorf("%s: %q was struck out twice: %q", name, c.want, again)
		}
	}
}

// What an address, an id or a name looks like stays readable: an engineer must find the resource.
func TestOrdinaryTextStays(t *testing.T) {
	for _, s := range []string{
		"", "a", "westeurope", "Standard_GRS", "TLS1_2", "publicNetworkAccess",
		`module.storage["prod-weu"].azurerm_storage_account.this[0]`,
		"module.platform.module.databases.azurerm_postgresql_flexible_server.application_database_primary",
		"/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg-prod-westeurope-001/providers/Microsoft.Storage/storageAccounts/stprodweu001",
		"/subscriptions/5f2c1b7e-8d3a-4c69-9b1f-2e7a6d5c4b3a/resourceGroups/MyResourceGroup01/providers/Microsoft.DBforPostgreSQL/flexibleServers/psql1",
		"/providers/Microsoft.Authorization/policyDefinitions/0a15ec92-a229-4763-bb14-0ea34a568f8d",
		"https://kv-prod.vault.azure.net/keys/storage/0123456789abcdef0123456789abcdef",
		"https://stprodweu001.blob.core.windows.net/container",
		"550e8400-e29b-41d4-a716-446655440000",
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"registry.example/app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"psql-prod-westeurope-application-001-replica-02-blue",
		"aks-nodepool1-12345678-vmss000001-westeurope-a",
		"storageAccountProd001WestEurope2BlobContainer",
		"MicrosoftStorageAccountsBlobServicesContainers",
		"ThisIsAVeryLongCamelCaseNameOfAResourceNumber12",
		"0000000000000000000000000000000000000000",
		"1234567890123456789012345678901234567890",
		"a.very.long.host.name.in.the.cloud.example.com",
		"arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
		"2026-11-23T12:00:00Z", "10.0.0.0/8", "2001:db8:85a3:8d3:1319:8a2e:370:7348",
		"password.min_length", "passwords may have 8 characters; agreed: at least 16", "the password is too short",
		"AccountKind=StorageV2", "KeyVaultName=kv1", "design=blue&big=1",
		"http://[2001:db8::1]:8080/x@y", "user@example.com", "mailto:user@example.com",
		"PATCH apps/v1 Deployment production/deployment/web-frontend", "eyJ", "AKIA", "ghp_short", "task_test_name",
		"Basic authentication is switched on", "-----BEGIN CERTIFICATE-----",
		Marker, "Password=" + Marker,
	} {
		if got := String(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// Keys are made anew each time: nearly all of what chance makes is struck out.
func TestRandomTextIsStruckOut(t *testing.T) {
	missed := 0
	const tries = 2000
	for i := range tries {
		raw := make([]byte, 24+i%9)
		if _, err := rand.Read(raw); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw), hex.EncodeToString(raw)} {
			if !Secret("value: " + s) {
				missed++
			}
		}
	}
	if missed > 3*tries/10 {
		t.Errorf("%d of %d keys were left", missed, 3*tries)
	}
	t.Logf("%d of %d keys were left", missed, 3*tries)
}

func FuzzString(f *testing.F) {
	for _, s := range []string{"", "Password=x;", "postgres://a:b@c", "-----BEGIN PRIVATE KEY-----", "sha256:00", "\xff\xfe", strings.Repeat("aB1", 20)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := String(s)
		if Secret(s) != (once != s) {
			t.Errorf("Secret and String differ on %q", s)
		}
		for _, secret := range []string{join("ghp_", "16C7e42F292c6912E7710c838347Ae178B4a"), "postgres://app:hunter22@db"} {
			if out := String(s + " " + secret + " " + s); strings.Contains(out, "16C7e42F292c") || strings.Contains(out, "hunter22") {
				t.Errorf("a credential is left in %q", out)
			}
		}
	})
}
