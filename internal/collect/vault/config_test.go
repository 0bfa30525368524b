package vault

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGuard(t *testing.T) {
	for _, c := range []struct {
		method, target string
		want           bool
	}{
		{"GET", "/v1/sys/audit", true}, {"PUT", "/v1/auth/token/lookup-accessor", true}, {"GET", "/v1/transit/keys/a", true},
		{"GET", "/v1/auth/approle/role?list=true", true}, {"GET", "/v1/auth/approle/role", false}, {"GET", "/v1/transit/keys", false},
		{"GET", "/v1/secret/data/prod", false}, {"GET", "/v1/secret/data/prod?list=true", false}, {"GET", "/v1/auth/approle/role/a/secret-id", false},
		{"PUT", "/v1/transit/keys/a", false}, {"GET", "/v1/transit/export/encryption-key/a", false}, {"DELETE", "/v1/sys/policies/acl/a", false},
		{"PUT", "/v1/sys/policies/acl/a", false}, {"PUT", "/v1/auth/token/create", false}, {"PUT", "/v1/auth/token/revoke", false},
		{"GET", "/v1/sys/policies/acl/../../raw/core", false}, {"GET", "/sys/audit", false}, {"GET", "/v1/database/creds/app", false},
	} {
		if got := mayCall(httptest.NewRequest(c.method, c.target, nil)); got != c.want {
			t.Errorf("%s %s: %v", c.method, c.target, got)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	good := Login{Token: "hvs.x"}
	for name, cfg := range map[string]Config{
		"no address":         {Login: good},
		"no scheme":          {Address: "vault:8200", Login: good},
		"another scheme":     {Address: "unix:///run/vault", Login: good},
		"user in address":    {Address: "https://a:b@vault", Login: good},
		"path in address":    {Address: "https://vault/v1", Login: good},
		"http to a name":     {Address: "http://vault:8200", Login: good},
		"http to loopback?":  {Address: "http://127.0.0.1.example.nl:8200", Login: good},
		"http to localhost?": {Address: "http://localhost.example.nl", Login: good},
		"http to all":        {Address: "http://0.0.0.0:8200", Login: good},
		"http to a private":  {Address: "http://10.0.0.5:8200", Login: good},
		"http in IPv6":       {Address: "HTTP://[fd00::1]:8200", Login: good},
		"no login":           {Address: "https://vault"},
		"two logins":         {Address: "https://vault", Login: Login{Token: "x", AppRole: &AppRole{RoleID: "a", SecretID: "b"}}},
		"half an approle":    {Address: "https://vault", Login: Login{AppRole: &AppRole{RoleID: "a"}}},
		"half a kubernetes":  {Address: "https://vault", Login: Login{Kubernetes: &Kubernetes{Role: "a"}}},
		"line end in token":  {Address: "https://vault", Login: Login{Token: "hvs.x\n"}},
		"everything":         {Address: "https://vault", Login: good, PersonalData: map[string]string{"*": "db"}},
		"no datastore":       {Address: "https://vault", Login: good, PersonalData: map[string]string{"a/b": ""}},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "hvs.x") {
			t.Errorf("%s: the error shows the token: %v", name, err)
		}
	}
	if _, err := New(Config{Address: "https://vault:8200/", Login: good, PersonalData: map[string]string{"secret/data/+/db": "db"}}); err != nil {
		t.Errorf("a good configuration: %v", err)
	}
	for _, host := range []string{"127.0.0.1:8200", "127.1.2.3", "[::1]:8200", "[::ffff:127.0.0.1]:8200", "localhost:8200", "LocalHost"} {
		if _, err := New(Config{Address: "http://" + host, Login: good}); err != nil {
			t.Errorf("http to %s: %v", host, err)
		}
	}
	if _, err := New(Config{Address: "http://vault:8200", Login: good}); err == nil || !strings.Contains(err.Error(), "the token over the network in clear") {
		t.Errorf("http to another machine: %v", err)
	}
	if s := fmt.Sprintf("%v %+v %#v", Config{Login: good}, Config{Login: good}, Config{Login: good}); strings.Contains(s, "hvs.x") {
		t.Errorf("a printed configuration shows the token: %s", s)
	}
}
