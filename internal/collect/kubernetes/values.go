package kubernetes

import (
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// block is the members of an object or of a part of it; nil is one without members.
type block struct{ tree map[string]any }

// at goes down by names; where one leads nowhere the block has no members.
func (b block) at(names ...string) block {
	for _, name := range names {
		b.tree, _ = b.tree[name].(map[string]any)
	}
	return b
}

func (b block) has(name string) bool { return b.tree[name] != nil }

// text is a member that is text; else it is empty.
func (b block) text(name string) string {
	s, _ := b.tree[name].(string)
	return s
}

// truth is a member that is true or false.
func (b block) truth(name string) (value, ok bool) {
	value, ok = b.tree[name].(bool)
	return value, ok
}

// blocks are the members of a list.
func (b block) blocks(name string) (out []block) {
	list, _ := b.tree[name].([]any)
	for _, x := range list {
		if m, ok := x.(map[string]any); ok {
			out = append(out, block{m})
		}
	}
	return out
}

// texts are the texts of a list; whole is false if it has something else too, or is no list.
func (b block) texts(name string) (out []string, whole bool) {
	if b.tree[name] == nil {
		return nil, true
	}
	list, whole := b.tree[name].([]any)
	for _, x := range list {
		s, ok := x.(string)
		if whole = whole && ok; ok {
			out = append(out, s)
		}
	}
	return out, whole
}

// hidden stands for a value that was not decoded.
type hidden struct{}

const (
	items   = "items"
	lineKey = "\x00line" // where an item of a list of objects notes its line until it becomes an object
)

// secretParts are members whose values are never decoded: what Secrets, ConfigMaps and containers are given.
var secretParts = map[string]bool{"data": true, "stringData": true, "binaryData": true, "env": true, "args": true, "command": true}

// named are members whose own members are named by people, so that a name means nothing there.
var named = map[string]bool{"labels": true, "annotations": true, "matchLabels": true, "selector": true}

// lastApplied is an annotation that holds the whole object once more, its secrets included.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

func hides(parent, key string) bool { return secretParts[key] && !named[parent] || key == lastApplied }

var secretEnds = []string{"password", "passwd", "secret", "token", "credential", "credentials", "connectionstring", "privatekey", "apikey"}

// hidesText tells whether text under a key is taken for a secret.
func hidesText(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc(secretEnds, func(end string) bool { return strings.HasSuffix(key, end) })
}

// raw gives attributes of an object to rules.
type raw struct{ tree map[string]any }

// Attribute returns the value at a path. What was not decoded has the reason sensitive; of a value that holds such a part
// the rest is returned, beside that reason.
func (r raw) Attribute(path []string) (value any, why inventory.Reason, ok bool) {
	value = r.tree
	for _, step := range path {
		m, is := value.(map[string]any)
		if _, secret := value.(hidden); secret {
			break
		}
		if value, ok = m[step]; !is || !ok {
			return nil, why, false
		}
	}
	if _, secret := value.(hidden); secret {
		return nil, inventory.Reason{Code: inventory.Sensitive, Detail: "manifest"}, true
	}
	value, partly := shown(value)
	if partly {
		why = inventory.Reason{Code: inventory.Sensitive, Detail: "manifest"}
	}
	return value, why, true
}

// shown copies a value without what is hidden, and tells whether there was any.
func shown(v any) (out any, partly bool) {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, x := range v {
			if _, secret := x.(hidden); secret {
				partly = true
				continue
			}
			inner, some := shown(x)
			m[k], partly = inner, partly || some
		}
		return m, partly
	case []any:
		list := make([]any, 0, len(v))
		for _, x := range v {
			if _, secret := x.(hidden); secret {
				partly = true
				continue
			}
			inner, some := shown(x)
			list, partly = append(list, inner), partly || some
		}
		return list, partly
	}
	return v, false
}
