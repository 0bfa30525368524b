package vault

import (
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/hcl"
	"github.com/hashicorp/hcl/hcl/ast"
)

// capability is a set of what a policy allows on a path.
type capability uint8

const (
	capRead capability = 1 << iota
	capWrite
	capDelete
	capSudo
	capDeny
)

// Limits of a policy's text. The parser takes cubic time for nested lists, and a policy nests some five deep.
const (
	maxPolicy = 1 << 20 // bytes
	maxNested = 16
)

// capabilities are Vault's words for them. `subscribe` is for events, which hold no secret.
var capabilities = map[string]capability{
	"read": capRead, "list": capRead, "create": capWrite, "update": capWrite, "patch": capWrite, "recover": capWrite,
	"delete": capDelete, "sudo": capSudo, "deny": capDeny, "subscribe": 0,
}

// oldPolicies are the words of the attribute `policy`, which came before `capabilities`.
var oldPolicies = map[string]capability{
	"deny": capDeny, "read": capRead, "write": capRead | capWrite | capDelete, "sudo": capRead | capWrite | capDelete | capSudo,
}

// rule is one path of a policy.
type rule struct {
	path      pattern
	caps      capability // capDeny alone if it denies
	templated bool       // the path depends on who asks; path has a wildcard in place of it
}

// policy is what a Vault ACL policy allows.
type policy struct {
	name  string
	rules []rule
}

var errPolicy = errors.New("not a policy that is understood")

// parsePolicy reads a policy in HCL or JSON as Vault does. Limits on parameters and control groups are left out: they
// only narrow what the paths allow. The error says nothing of the text.
func parsePolicy(name, text string) (p policy, err error) {
	defer func() {
		// The parser panics on some broken texts, such as JSON that ends in an escape; that is no reason to lose the rest.
		if recover() != nil {
			p, err = policy{name: name}, errPolicy
		}
	}()
	p.name = name
	if len(text) > maxPolicy || strings.ContainsRune(text, 0) || tooNested(text) {
		return p, errPolicy
	}
	file, err := hcl.Parse(text)
	if err != nil {
		return p, errPolicy
	}
	list, ok := file.Node.(*ast.ObjectList)
	if !ok {
		return p, errPolicy
	}
	for _, item := range list.Filter("path").Items {
		r, err := parseRule(item)
		if err != nil {
			return p, err
		}
		p.rules = append(p.rules, r)
	}
	return p, nil
}

// tooNested tells whether brackets nest deeper than a policy's do. Here-documents and `${` are taken for too deep:
// they have rules of their own, behind which brackets could hide, and no policy needs them.
func tooNested(text string) bool {
	depth := 0
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		switch {
		case strings.HasPrefix(rest, "<<"), strings.HasPrefix(rest, "${"):
			return true
		case rest[0] == '#' || strings.HasPrefix(rest, "//"):
			i += skip(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += skip(rest, "*/")
		case rest[0] == '"':
			end := stringEnd(rest)
			if strings.Contains(rest[:end+1], "${") {
				return true
			}
			i += end
		case rest[0] == '[' || rest[0] == '{':
			if depth++; depth > maxNested {
				return true
			}
		case rest[0] == ']' || rest[0] == '}':
			depth = max(depth-1, 0)
		}
	}
	return false
}

// skip returns where the last byte of the comment at the beginning of text stands.
func skip(text, end string) int {
	start := len(end) // `/*/` does not end itself
	at := strings.Index(text[start:], end)
	if at < 0 {
		return len(text) - 1
	}
	return start + at + len(end) - 1
}

// stringEnd returns where the closing quote of the string at the beginning of text stands.
func stringEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text) - 1
}

func parseRule(item *ast.ObjectItem) (rule, error) {
	if len(item.Keys) == 0 {
		return rule{}, errPolicy
	}
	path, ok := item.Keys[0].Token.Value().(string)
	if !ok {
		return rule{}, errPolicy
	}
	var body struct {
		Policy       string   `hcl:"policy"`
		Capabilities []string `hcl:"capabilities"`
	}
	if err := hcl.DecodeObject(&body, item.Val); err != nil {
		return rule{}, errPolicy
	}
	r := rule{templated: strings.Contains(path, "{{")}
	if r.templated {
		path = untemplate(path)
	}
	r.path = parsePattern(strings.TrimPrefix(path, "/"))
	if body.Policy != "" {
		caps, ok := oldPolicies[body.Policy]
		if !ok {
			return rule{}, errPolicy
		}
		r.caps |= caps
	}
	for _, word := range body.Capabilities {
		c, ok := capabilities[word]
		if !ok {
			return rule{}, errPolicy // a word of a later Vault: what it allows is not known
		}
		r.caps |= c
	}
	if r.caps&capDeny != 0 {
		r.caps = capDeny
	}
	return r, nil
}

// untemplate puts a wildcard in place of every segment with a template, which may itself hold slashes only inside its
// braces.
func untemplate(path string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(path, "{{")
		out.WriteString(before)
		if !found {
			break
		}
		out.WriteByte('\x00')
		_, path, _ = strings.Cut(rest, "}}")
	}
	segs := strings.Split(out.String(), "/")
	for i, s := range segs {
		if strings.Contains(s, "\x00") {
			segs[i] = "+"
			if i == len(segs)-1 && strings.HasSuffix(s, "*") {
				segs = append(segs[:i], "*") // `+*` is no pattern: wider is safe
			}
		}
	}
	return strings.Join(segs, "/")
}

// rights are the words of inventory.Grant for capabilities, sorted.
func (c capability) rights() []string {
	var out []string
	for _, r := range []struct {
		c    capability
		word string
	}{{capRead, "read"}, {capWrite, "write"}, {capDelete, "delete"}, {capSudo, "administer"}} {
		if c&r.c != 0 {
			out = append(out, r.word)
		}
	}
	slices.Sort(out)
	return out
}
