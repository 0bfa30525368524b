package hclsource

import "strings"

// maxCalls is how many modules deep a resource is looked up; real configurations have five at most.
const maxCalls = 256

// address is an address of Terraform without instance keys: a configuration has one block for all instances.
type address struct {
	calls    []string // names of module calls, outermost first
	resource string   // type.name, or data.type.name
}

// parseAddress reads an address such as module.a["x"].data.azurerm_subnet.b[0]. ok is false for anything else.
func parseAddress(text string) (a address, ok bool) {
	rest := text
	for ok = true; ok; {
		var name, kind string
		if kind, rest, ok = step(rest); !ok {
			return address{}, false
		}
		if kind == "module" {
			if name, rest, ok = step(rest); !ok || rest == "" || len(a.calls) == maxCalls {
				return address{}, false
			}
			a.calls = append(a.calls, name)
			continue
		}
		prefix := ""
		if kind == "data" || kind == "ephemeral" {
			prefix = kind + "."
			if kind, rest, ok = step(rest); !ok {
				return address{}, false
			}
		}
		if name, rest, ok = step(rest); !ok || rest != "" {
			return address{}, false
		}
		a.resource = prefix + kind + "." + name
		return a, true
	}
	return address{}, false
}

// step takes one name with its instance key off the front of an address. rest is empty at the end.
func step(text string) (name, rest string, ok bool) {
	end := strings.IndexAny(text, ".[")
	if end < 0 {
		end = len(text)
	}
	name, rest = text[:end], text[end:]
	if name == "" {
		return "", "", false
	}
	if strings.HasPrefix(rest, "[") {
		if rest, ok = afterKey(rest); !ok {
			return "", "", false
		}
	}
	if rest == "" {
		return name, "", true
	}
	rest, ok = strings.CutPrefix(rest, ".")
	return name, rest, ok && rest != ""
}

// afterKey is what follows an instance key: [0] or ["x"]. A key can hold any characters, also ], . and an escaped quote.
func afterKey(text string) (rest string, ok bool) {
	if !strings.HasPrefix(text, `["`) {
		_, rest, ok = strings.Cut(text, "]")
		return rest, ok
	}
	for i := 2; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return strings.CutPrefix(text[i+1:], "]")
		}
	}
	return "", false
}
