package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
)

const maxJWT = 64 << 10 // bytes of a service account's token

// login puts the token to use in place, and tells whether it is ours to end.
func (c *client) login(ctx context.Context, how Login) (made bool, err error) {
	if how.Token != "" {
		c.api.SetToken(how.Token)
		return false, nil
	}
	var mount string
	var body map[string]any
	switch {
	case how.AppRole != nil:
		mount, body = or(how.AppRole.Mount, "approle"), map[string]any{"role_id": how.AppRole.RoleID, "secret_id": how.AppRole.SecretID}
	case how.Kubernetes != nil:
		jwt, err := readJWT(how.Kubernetes.JWTFile)
		if err != nil {
			return false, err
		}
		mount, body = or(how.Kubernetes.Mount, "kubernetes"), map[string]any{"role": how.Kubernetes.Role, "jwt": jwt}
	}
	var answer struct {
		Auth struct {
			Token string `json:"client_token"`
		} `json:"auth"`
	}
	err = c.post(ctx, call{path: "auth/" + mount + "/login", shown: "auth/" + mount + "/login"}, body, &answer)
	var failed *callError
	if errors.As(err, &failed) || err == nil && answer.Auth.Token == "" {
		return false, &collect.Error{Code: inventory.Permission, Msg: fmt.Sprintf("Vault at %s refused the login at auth/%s", c.host, mount),
			Hint: "check the role, its credentials and the name of the mount; a login that asks for a second factor cannot be used"}
	}
	if err != nil {
		return false, err
	}
	c.api.SetToken(answer.Auth.Token)
	return true, nil
}

func readJWT(file string) (string, error) {
	unreadable := &collect.Error{Code: inventory.SourceError, Msg: "the service account's token for the Kubernetes login could not be read",
		Hint: "jwt_file must name a readable file with one token; in a pod: /var/run/secrets/kubernetes.io/serviceaccount/token"}
	f, err := os.Open(file)
	if err != nil {
		unreadable.Err = err
		return "", unreadable
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxJWT+1))
	jwt := strings.TrimSpace(string(raw))
	if err != nil || jwt == "" || len(raw) > maxJWT {
		return "", unreadable
	}
	return jwt, nil
}
