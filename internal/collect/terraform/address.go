package terraform

import (
	"slices"
	"strings"
)

// specific drops each reference that a longer one continues (Terraform lists a.b.id and a.b), and what only says which
// instance. keyed: by count.index, each.key or each.value.
func specific(refs []string) (named []string, keyed, each bool) {
	for _, r := range refs {
		first, _, _ := strings.Cut(r, ".")
		switch first {
		case "each", "count":
			keyed = true
			each = each || strings.HasPrefix(r, "each.value")
			continue
		case "path", "terraform", "self":
			continue
		}
		longer := slices.ContainsFunc(refs, func(other string) bool {
			return strings.HasPrefix(other, r+".") || strings.HasPrefix(other, r+"[")
		})
		if !longer && !slices.Contains(named, r) {
			named = append(named, r)
		}
	}
	return named, keyed, each
}

// splitAddress splits at the dots that are not in an instance key.
func splitAddress(address string) []string {
	var out []string
	start, quoted, depth := 0, false, 0
	for i := 0; i < len(address); i++ {
		switch c := address[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '.' && depth == 0:
			out = append(out, address[start:i])
			start = i + 1
		}
	}
	return append(out, address[start:])
}

// splitKey splits `name["key"]`.
func splitKey(step string) (name, key string) {
	if i := strings.IndexByte(step, '['); i >= 0 {
		return step[:i], step[i:]
	}
	return step, ""
}

// withoutKeys is the address of a module's configuration, which all its instances share.
func withoutKeys(module string) string {
	steps := splitAddress(module)
	for i, s := range steps {
		steps[i], _ = splitKey(s)
	}
	return strings.Join(steps, ".")
}

// parentOf splits the address of a module instance into that of its caller, the name of the call and the key.
func parentOf(module string) (parent, call, key string) {
	steps := splitAddress(module)
	if len(steps) < 2 {
		return "", "", ""
	}
	call, key = splitKey(steps[len(steps)-1])
	return strings.Join(steps[:len(steps)-2], "."), call, key
}

func join(module, step string) string {
	if module == "" {
		return step
	}
	return module + "." + step
}
