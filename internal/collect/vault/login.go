package vault

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
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
		return false, &collect.Error{Code: inventory.Permission,
			Msg: say.Both("Vault at %s refused the login at auth/%s",
				"Vault op %s weigerde het inloggen bij auth/%s", c.host, mount),
			Hint: say.Both("check the role, its credentials and the name of the mount; a login that asks for a second factor cannot be used",
				"controleer de rol, de inloggegevens en de naam van de mount; inloggen met een tweede factor kan hier niet")}
	}
	if err != nil {
		return false, err
	}
	c.api.SetToken(answer.Auth.Token)
	return true, nil
}

func readJWT(file string) (string, error) {
	unreadable := &collect.Error{Code: inventory.SourceError,
		Msg: say.Both("the service account's token for the Kubernetes login could not be read",
			"het token van het serviceaccount voor het inloggen met Kubernetes kon niet worden gelezen"),
		Hint: say.Both("jwt_file must name a readable file with one token; in a pod: /var/run/secrets/kubernetes.io/serviceaccount/token",
			"jwt_file moet een leesbaar bestand met één token noemen; in een pod: /var/run/secrets/kubernetes.io/serviceaccount/token")}
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
