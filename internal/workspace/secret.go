package workspace

import (
	"errors"
	"fmt"
	"strings"

	"waarborg/internal/strictyaml"
)

// SecretRef says where a secret is: env:NAME or file:PATH. The secret itself is never in a workspace.
type SecretRef string

// Secret masks it: what was meant as a reference may be the secret.
func (*SecretRef) Secret() {}

// UnmarshalText reads a reference and refuses anything else, without showing it.
func (r *SecretRef) UnmarshalText(b []byte) error {
	kind, rest, _ := strings.Cut(string(b), ":")
	ok := false
	switch kind {
	case "env":
		ok = rest != "" && strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == ""
	case "file":
		ok = rest != ""
	}
	if !ok {
		return &strictyaml.Mismatch{What: "must say where the secret is, not what it is", Hint: "write env:NAME or file:PATH; a Vault Agent can write a secret of Vault to a file"}
	}
	*r = SecretRef(b)
	return nil
}

const maxSecret = 64 << 10 // bytes of a file with a secret

// ResolveSecret returns the secret that a reference points to. A file's last line end does not count. Errors show the reference,
// never the secret.
func ResolveSecret(ref SecretRef, lookupEnv func(string) (string, bool), readFile func(string) ([]byte, error)) (string, error) {
	kind, rest, _ := strings.Cut(string(ref), ":")
	switch kind {
	case "env":
		value, ok := lookupEnv(rest)
		if !ok || value == "" {
			return "", fmt.Errorf("the environment variable %s is not set: set it, or change the reference in waarborg.yaml", rest)
		}
		return value, nil
	case "file":
		raw, err := readFile(rest)
		if err != nil {
			return "", fmt.Errorf("the file %s with a secret cannot be read: check that it exists and that you may read it: %w", rest, err)
		}
		value := strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
		if value == "" || len(raw) > maxSecret {
			return "", fmt.Errorf("the file %s is empty or over %d bytes: it must hold one secret", rest, maxSecret)
		}
		return value, nil
	}
	return "", errors.New("a setting in waarborg.yaml has no reference to a secret (write env:NAME or file:PATH)")
}
