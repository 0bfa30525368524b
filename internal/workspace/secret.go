package workspace

import (
	"strings"

	"waarborg/internal/say"
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
		return &strictyaml.Mismatch{What: say.Both("must say where the secret is, not what it is",
			"moet zeggen waar het geheim staat, niet wat het is"),
			Hint: say.Both("write env:NAME or file:PATH; a Vault Agent can write a secret of Vault to a file",
				"schrijf env:NAAM of file:PAD; een Vault Agent kan een geheim uit Vault naar een bestand schrijven")}
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
			return "", &say.Error{Msg: say.Both("the environment variable %s is not set", "de omgevingsvariabele %s is niet gezet", rest),
				Hint: say.Both("set it, or change the reference in waarborg.yaml", "zet deze, of wijzig de verwijzing in waarborg.yaml")}
		}
		return value, nil
	case "file":
		raw, err := readFile(rest)
		if err != nil {
			return "", &say.Error{Msg: say.Both("the file %s with a secret cannot be read",
				"het bestand %s met een geheim kan niet worden gelezen", rest),
				Hint: say.Both("check that it exists and that you may read it", "kijk of het bestaat en of u het mag lezen"), Err: err}
		}
		value := strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
		if value == "" || len(raw) > maxSecret {
			return "", &say.Error{Msg: say.Both("the file %s is empty or over %d bytes",
				"het bestand %s is leeg of groter dan %d bytes", rest, maxSecret),
				Hint: say.Both("it must hold one secret", "er moet één geheim in staan")}
		}
		return value, nil
	}
	return "", &say.Error{Msg: say.Both("a setting in waarborg.yaml has no reference to a secret",
		"een instelling in waarborg.yaml heeft geen verwijzing naar een geheim"),
		Hint: say.Both("write env:NAME or file:PATH", "schrijf env:NAAM of file:PAD")}
}
