package pades

import (
	"slices"
	"strings"

	"waarborg/internal/say"
)

// base is a base that holds what reports have and nothing else.
type base struct {
	*body
	catalog value
	page    int   // the first page's object
	files   []int // the objects of the attachments' descriptions
}

// maxFiles is as many attachments as gofpdf lists in the right order.
const maxFiles = 9

// readBase reads a base and refuses whatever Sign would not sign.
func readBase(b []byte) (*base, error) {
	raw, err := readBody(b)
	if err != nil {
		return nil, err
	}
	w := &walk{body: raw, seen: make([]string, len(raw.objects)), count: map[string]int{}}
	w.push(raw.root, "catalog")
	w.push(raw.info, "info")
	for len(w.todo) > 0 {
		n := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		if err := w.object(n); err != nil {
			return nil, err
		}
	}
	for n := 1; n < len(w.seen); n++ {
		if w.seen[n] == "" {
			return nil, because(say.Both("object %d is not used", "object %d wordt niet gebruikt", n))
		}
	}
	for _, only := range []string{"pages", "outlines", "resources"} {
		if w.count[only] > 1 {
			return nil, because(say.Both("it has more than one object with its %s", "er is meer dan één object met %s", called(only)))
		}
	}
	out := &base{body: raw, catalog: raw.objects[raw.root].value}
	root, _ := out.catalog.get("Pages")
	kids, _ := raw.objects[root.n].value.get("Kids")
	count, _ := raw.objects[root.n].value.get("Count")
	if len(kids.items) == 0 || len(kids.items) != w.count["page"] || count.n != len(kids.items) {
		return nil, because(say.Both("its list of pages is not whole", "de lijst van pagina's is niet volledig"))
	}
	listed := map[int]bool{}
	for _, k := range kids.items {
		listed[k.n] = true
	}
	if out.page = kids.items[0].n; len(listed) != len(kids.items) {
		return nil, because(say.Both("a page is listed twice", "een pagina staat twee keer in de lijst"))
	}
	names, _ := out.catalog.get("Names")
	tree, _ := names.get("EmbeddedFiles")
	list, _ := tree.get("Names")
	for i := 1; i < len(list.items); i += 2 {
		out.files = append(out.files, list.items[i].n)
	}
	if len(out.files) > maxFiles || len(out.files) != w.count["attachment"] {
		return nil, because(say.Both("it has too many attachments, or one twice",
			"er zijn te veel bijlagen, of een bijlage staat er twee keer in"))
	}
	return out, nil
}

// walk visits each object once, in the one role it has.
type walk struct {
	*body
	seen  []string // the role of each object; empty: not met yet
	count map[string]int
	todo  []int
}

// push notes an object to be visited in a role.
func (w *walk) push(n int, role string) error {
	if _, ok := w.body.object(n); !ok {
		return because(say.Both("object %d is missing", "object %d ontbreekt", n))
	}
	if w.seen[n] == role {
		return nil
	}
	if w.seen[n] != "" {
		return because(say.Both("object %d is used as %s and as %s",
			"object %d wordt gebruikt als %s en als %s", n, called(w.seen[n]), called(role)))
	}
	w.seen[n] = role
	w.count[role]++
	w.todo = append(w.todo, n)
	return nil
}

func (w *walk) object(n int) error {
	o, role := w.objects[n], roles[w.seen[n]]
	if (o.stream != nil) != role.stream {
		return because(say.Both("object %d (%s) has a stream, or has none, and should not",
			"object %d (%s) heeft ten onrechte een stream, of heeft er geen", n, called(w.seen[n])))
	}
	if err := role.check(w, o.value); err != nil {
		return because(say.Both("object %d (%s): %s", "in object %d (%s): %s", n, called(w.seen[n]), err))
	}
	return nil
}

// check says what is wrong with a value; nil if nothing is.
type check func(w *walk, v value) error

// role is what an object may hold.
type role struct {
	stream bool
	check  check
}

// has checks a dict: all keys are among fields, and those under needs are there.
func has(needs string, fields map[string]check) check {
	return func(w *walk, v value) error {
		if v.kind != dict {
			return because(say.Both("it is no dictionary", "het is geen dictionary"))
		}
		for i, key := range v.keys {
			f, ok := fields[key]
			if !ok {
				return because(say.Both("it has /%s, which is not used here", "er staat /%s in, dat hier niet wordt gebruikt", key))
			}
			if err := f(w, v.items[i]); err != nil {
				return because(say.Both("/%s: %s", "/%s: %s", key, err))
			}
		}
		for _, key := range strings.Fields(needs) {
			if _, ok := v.get(key); !ok {
				return because(say.Both("it has no /%s", "/%s ontbreekt", key))
			}
		}
		return nil
	}
}

// named checks a dict whose keys are a letter or two and then free, such as fonts by their name.
func named(prefix string, f check) check {
	return func(w *walk, v value) error {
		if v.kind != dict {
			return because(say.Both("it is no dictionary", "het is geen dictionary"))
		}
		for i, key := range v.keys {
			if !strings.HasPrefix(key, prefix) {
				return because(say.Both("it has /%s, which is not used here", "er staat /%s in, dat hier niet wordt gebruikt", key))
			}
			if err := f(w, v.items[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

func isName(allowed ...string) check {
	return func(_ *walk, v value) error {
		if v.kind != name || len(allowed) > 0 && !slices.Contains(allowed, v.text) {
			return because(say.Both("it is none of the names that are used here", "het is geen naam die hier wordt gebruikt"))
		}
		return nil
	}
}

func isKind(k kind) check {
	return func(_ *walk, v value) error {
		if v.kind != k {
			return because(say.Both("it is of another kind than it should be", "het is van een andere soort dan het moet zijn"))
		}
		return nil
	}
}

// to checks a reference to an object in a role.
func to(role string) check {
	return func(w *walk, v value) error {
		if v.kind != ref {
			return because(say.Both("it is no reference", "het is geen verwijzing"))
		}
		return w.push(v.n, role)
	}
}

func list(of check) check {
	return func(w *walk, v value) error {
		if v.kind != array {
			return because(say.Both("it is no list", "het is geen lijst"))
		}
		for _, item := range v.items {
			if err := of(w, item); err != nil {
				return err
			}
		}
		return nil
	}
}

// row checks a list of fixed length.
func row(of ...check) check {
	return func(w *walk, v value) error {
		if v.kind != array || len(v.items) != len(of) {
			return because(say.Both("it is no list of %d", "het is geen lijst van %d", len(of)))
		}
		for i, item := range v.items {
			if err := of[i](w, item); err != nil {
				return err
			}
		}
		return nil
	}
}

func either(a, b check) check {
	return func(w *walk, v value) error {
		if a(w, v) == nil {
			return nil
		}
		return b(w, v)
	}
}

// webAddress checks where a link leads: https alone.
func webAddress(_ *walk, v value) error {
	if v.kind != text || !strings.HasPrefix(v.text, "https://") {
		return because(say.Both("a link leads elsewhere than to https", "een link leidt naar iets anders dan https"))
	}
	for _, c := range []byte(v.text) {
		if c <= ' ' || c > '~' {
			return because(say.Both("a link's address has a character that it should not have",
				"in het adres van een link staat een teken dat er niet mag staan"))
		}
	}
	return nil
}

// link checks a link: within the document, or to a page on the web.
func link(w *walk, v value) error {
	_, outside := v.get("A")
	_, inside := v.get("Dest")
	if outside == inside {
		return because(say.Both("a link leads nowhere, or to two places", "een link leidt nergens heen, of naar twee plaatsen"))
	}
	return has("Type Subtype Rect", map[string]check{
		"Type": isName("Annot"), "Subtype": isName("Link"), "Rect": rect, "Border": list(num), "Dest": place,
		"A": has("S URI", map[string]check{"S": isName("URI"), "URI": webAddress}),
	})(w, v)
}
