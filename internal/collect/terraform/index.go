package terraform

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"waarborg/internal/gate"
)

// record is what is kept of each resource that has a meaning here. A resource that is let go of while another takes its
// place has two.
type record struct {
	at    int64  // offset of its element in the file; of what was given, its place in the list
	size  uint32 // of the element in bytes
	typ   uint16 // in index.types
	does  does
	flags flags
}

// does is what the deploy does with a resource.
type does uint8

const (
	stays does = iota
	creates
	updates
	replaces
	moves
	imports
	forgets
	joins
	present
	drops
)

var changes = [...]gate.Change{creates: gate.Create, updates: gate.Update, replaces: gate.Replace, moves: gate.Move,
	imports: gate.Import, forgets: gate.Forget, joins: gate.Joined, present: gate.Present, stays: "", drops: ""}

type flags uint8

const (
	isSecond   flags = 1 << iota // another resource has its address after apply
	isFormer                     // judged by its values before apply
	isCreated                    // the plan makes it anew
	isAttached                   // it can tell something of another resource
	isMoved                      // it had another address
)

// key is a hash and the place of the record that has it, in index.records.
type key struct {
	hash uint64
	ord  uint32
}

// index finds resources by numbers instead of texts, so that a plan of a million costs some tens of megabytes. Hashes are
// keyed with a seed of this process, so nobody can make two texts that have one; what is found by an id or a name is
// compared with it once it is read. Nothing changes once it is sealed.
type index struct {
	seed    maphash.Seed
	types   []string
	mapping []mapping // of each type; nil for one without
	typeNo  map[string]uint16
	records []record

	ids     []key // cleaned Azure ids
	names   []key // type and lower-case name, of types that others name so
	locals  []key // module instance, type and name
	keyed   []key // and the instance key
	address []key // until sealed
	clashes []key // until sealed: addresses that others can have too once pseudonyms stand in them
	suffix  map[uint32]int

	modules   map[string]bool     // addresses of module instances
	instances map[string][]string // address without its last key to those of the instances
}

func newIndex(raw []string) index {
	x := index{seed: maphash.MakeSeed(), typeNo: map[string]uint16{}, suffix: map[uint32]int{},
		modules: map[string]bool{}, instances: map[string][]string{}}
	for _, typ := range slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(slices.Clone(raw), maps.Keys(table))))) {
		x.typeNo[typ] = uint16(len(x.types))
		x.types, x.mapping = append(x.types, typ), append(x.mapping, table[typ])
	}
	return x
}

// hash is that of texts one after the other.
func (x *index) hash(parts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(x.seed)
	for _, p := range parts {
		h.WriteString(p)
		h.WriteByte(0)
	}
	return h.Sum64()
}

// entry is what is noted of one resource, before it has its place in the index.
type entry struct {
	record
	address, local, keyed, id, id2, name, clash uint64 // hashes; 0: none
	module                                      string
}

// add gives an entry its place.
func (x *index) add(e entry) uint32 {
	ord := uint32(len(x.records))
	x.records = append(x.records, e.record)
	for _, k := range []struct {
		hash uint64
		into *[]key
	}{{e.address, &x.address}, {e.local, &x.locals}, {e.keyed, &x.keyed}, {e.id, &x.ids}, {e.id2, &x.ids}, {e.name, &x.names}, {e.clash, &x.clashes}} {
		if k.hash != 0 {
			*k.into = append(*k.into, key{k.hash, ord})
		}
	}
	x.addModule(e.module)
	return ord
}

// addModule makes an instance of a module findable, and those that it stands in. One that is nested deeper than a
// configuration can be has none that refers to it.
func (x *index) addModule(m string) {
	if strings.Count(m, ".module.") > depth/3 {
		return
	}
	for m != "" && !x.modules[m] {
		parent, call, instance := parentOf(m)
		if call == "" {
			return
		}
		m = strings.Clone(m)
		x.modules[m] = true
		base := strings.TrimSuffix(m, instance)
		x.instances[base] = append(x.instances[base], m)
		m = parent
	}
}

// seal sorts what was added and returns pairs of records with one address.
func (x *index) seal() (twice []key) {
	x.records = slices.Clip(x.records)
	for _, list := range []*[]key{&x.ids, &x.names, &x.locals, &x.keyed, &x.address, &x.clashes} {
		slices.SortFunc(*list, func(a, b key) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.ord, b.ord)) })
	}
	for i := 1; i < len(x.address); i++ {
		if x.address[i].hash == x.address[i-1].hash {
			twice = append(twice, x.address[i-1], x.address[i])
		}
	}
	for i, n := 1, 1; i < len(x.clashes); i++ {
		if n++; x.clashes[i].hash != x.clashes[i-1].hash {
			n = 1
		}
		if n > 1 {
			x.suffix[x.clashes[i].ord] = n
		}
	}
	x.address, x.clashes = nil, nil
	return twice
}

// having returns the records with a hash, in the order of the file, each once.
func having(list []key, hash uint64) []uint32 {
	i, _ := slices.BinarySearchFunc(list, hash, func(k key, h uint64) int { return cmp.Compare(k.hash, h) })
	var out []uint32
	for ; i < len(list) && list[i].hash == hash; i++ {
		if len(out) == 0 || out[len(out)-1] != list[i].ord {
			out = append(out, list[i].ord)
		}
	}
	return out
}

// typeOf is the type of a record.
func (x *index) typeOf(ord uint32) string { return x.types[x.records[ord].typ] }

// hashes fills in what an entry is found by. text of the address may be the file's; nothing of it is kept.
func (x *index) hashes(e *entry, typ string, h *headText) {
	e.clash = x.clash(h.address, typ, e.flags&isSecond != 0)
	if e.flags&isSecond == 0 {
		e.address = x.hash(string(h.address))
	}
	if id := string(h.id); id != "" {
		e.id = x.hash(cleanID(id))
	}
	if id := string(h.otherID); id != "" && typ == roleDefinitionType {
		e.id2 = x.hash(cleanID(id))
	}
	if len(h.resourceName) > 0 && named[typ] {
		e.name = x.hash(typ, strings.ToLower(string(h.resourceName)))
	}
	if e.flags&isFormer == 0 && len(h.name) > 0 {
		e.local = x.hash(string(h.module), typ, string(h.name))
		if len(h.key) > 0 {
			e.keyed = x.hash(string(h.module), typ, string(h.name), string(h.key))
		}
	}
}

// headText is text of an element by which it is found.
type headText struct{ address, module, name, key, id, otherID, resourceName []byte }

// clash is the hash of an address of which a pseudonym or a suffix hides what tells it apart; 0 for others.
func (x *index) clash(address []byte, typ string, second bool) uint64 {
	if !second && !bytes.Contains(address, []byte(`["`)) {
		return 0
	}
	hidden := second
	steps := splitAddress(string(address))
	for i, s := range steps {
		name, plain, ok := textKey(s)
		if ok && (grants[typ] || !plainKey.MatchString(plain) || tokenForm.MatchString(plain)) {
			steps[i], hidden = name+`["`+strings.ToLower(strings.TrimSpace(plain))+`"]`, true
		}
	}
	if !hidden {
		return 0
	}
	suffix := ""
	if second {
		suffix = "~forgotten"
	}
	return x.hash(strings.Join(steps, "."), suffix)
}

// maps tells whether a type has a mapping.
func (x *index) maps(typ string) bool {
	no, ok := x.typeNo[typ]
	return ok && x.mapping[no] != nil
}
