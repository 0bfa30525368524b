package inventory

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"waarborg/internal/say"
)

// Tree is the Merkle tree (RFC 6962, section 2.1) over the leaves of a snapshot. Two things keep it from telling one who
// gets a part of it about the rest: leaves stand in the order of random salts, and padding makes their number a power of two.
type Tree struct {
	levels [][]tlog.Hash // the leaves first, the root last
}

// minLeaves is the size of the smallest tree.
const minLeaves = 64

// leavesFor returns how many leaves the tree over n resources has.
func leavesFor(n int) int {
	size := minLeaves
	for size < n {
		size *= 2
	}
	return size
}

// dummy is a leaf that pads a tree. Without the salt of the particulars it cannot be told from a resource's.
type dummy struct {
	place Salt // among the salts of the resources
	hash  tlog.Hash
}

// padding makes the dummies for a tree over n resources, in the order of their places.
func padding(salt Salt, n int) []dummy {
	out := make([]dummy, leavesFor(n)-n)
	for i := range out {
		out[i].hash = tlog.RecordHash(keyed(salt, "pad "+strconv.Itoa(i)))
		copy(out[i].place[:], keyed(salt, "place "+strconv.Itoa(i)))
	}
	slices.SortFunc(out, func(a, b dummy) int { return bytes.Compare(a.place[:], b.place[:]) })
	return out
}

func keyed(salt Salt, message string) []byte {
	h := hmac.New(sha256.New, salt[:])
	h.Write([]byte(message))
	return h.Sum(nil)
}

// placesOf gives the place of each resource in the tree, by its salt among those of the others and of the padding.
func placesOf(salts []Salt, pad []dummy) ([]int, error) {
	type key struct {
		salt     Salt
		resource int // -1: a dummy
	}
	keys := make([]key, 0, len(salts)+len(pad))
	for i, s := range salts {
		keys = append(keys, key{s, i})
	}
	for _, d := range pad {
		keys = append(keys, key{d.place, -1})
	}
	slices.SortFunc(keys, func(a, b key) int { return bytes.Compare(a.salt[:], b.salt[:]) })
	out := make([]int, len(salts))
	for place, k := range keys {
		if place > 0 && keys[place-1].salt == k.salt {
			return nil, &say.Error{Msg: say.Both("two resources of the snapshot have one salt",
				"twee objecten van de momentopname hebben hetzelfde zout"),
				Hint: say.Both("make it with NewSnapshot and a good source of randomness",
					"maak die met NewSnapshot en een goede bron van toeval")}
		}
		if k.resource >= 0 {
			out[k.resource] = place
		}
	}
	return out, nil
}

// grow builds the tree of a whole snapshot from the salt and the leaf of each resource, and tells their places in it.
func grow(salts []Salt, leaves []tlog.Hash, particulars Salt) (*Tree, []int, error) {
	pad := padding(particulars, len(leaves))
	places, err := placesOf(salts, pad)
	if err != nil {
		return nil, nil, err
	}
	t, err := plant(leaves, places, pad)
	return t, places, err
}

// plant puts leaves in their places, and the padding in those that are left.
func plant(leaves []tlog.Hash, places []int, pad []dummy) (*Tree, error) {
	size := len(leaves) + len(pad)
	if err := checkPlaces(slices.Sorted(slices.Values(places)), size); err != nil {
		return nil, err
	}
	all, taken := make([]tlog.Hash, size), make([]bool, size)
	for i, p := range places {
		all[p], taken[p] = leaves[i], true
	}
	for p := range all {
		if !taken[p] {
			all[p], pad = pad[0].hash, pad[1:]
		}
	}
	t := &Tree{levels: [][]tlog.Hash{all}}
	for len(all) > 1 {
		above := make([]tlog.Hash, len(all)/2)
		for i := range above {
			above[i] = tlog.NodeHash(all[2*i], all[2*i+1])
		}
		t.levels, all = append(t.levels, above), above
	}
	return t, nil
}

// Root returns the root in hex.
func (t *Tree) Root() string { return hex.EncodeToString(t.levels[len(t.levels)-1][0][:]) }

// Leaves returns the number of leaves, padding included.
func (t *Tree) Leaves() int { return len(t.levels[0]) }

// TreeOf builds the tree of a whole snapshot from all that is disclosed of it, in any order, for proofs of a part.
func TreeOf(all []Disclosure, p Particulars) (*Tree, error) {
	leaves, places := make([]tlog.Hash, len(all)), make([]int, len(all))
	for i, d := range all {
		l, err := d.leaf()
		if err != nil {
			return nil, err
		}
		leaves[i], places[i] = tlog.RecordHash(l), d.Index
	}
	return plant(leaves, places, padding(p.Salt, len(all)))
}

func saltError(s Snapshot) error {
	return &say.Error{Msg: say.Both("the snapshot has %d resources and %d salts",
		"de momentopname heeft %d objecten en %d zouten", len(s.Resources), len(s.Salts)),
		Hint: say.Both("make it with NewSnapshot", "maak die met NewSnapshot")}
}

// MultiProof returns the hashes that prove some leaves together: of each largest part of the tree without any of them, from
// left to right. Indexes are places in the tree, distinct and in any order. For no leaf at all it is the root alone, and for
// all of them nothing.
func (t *Tree) MultiProof(indexes []int) ([]tlog.Hash, error) {
	wanted := slices.Sorted(slices.Values(indexes))
	if err := checkPlaces(wanted, t.Leaves()); err != nil {
		return nil, err
	}
	out := []tlog.Hash{}
	var walk func(level, at int, wanted []int)
	walk = func(level, at int, wanted []int) {
		switch {
		case len(wanted) == 0:
			out = append(out, t.levels[level][at])
		case level > 0:
			left, right := halves(wanted, (2*at+1)<<(level-1))
			walk(level-1, 2*at, left)
			walk(level-1, 2*at+1, right)
		}
	}
	walk(len(t.levels)-1, 0, wanted)
	return out, nil
}

// checkPlaces wants sorted places that are distinct and in the tree.
func checkPlaces(places []int, size int) error {
	for i, p := range places {
		if p < 0 || p >= size || i > 0 && places[i-1] == p {
			return notProved(say.Both("place %d in a tree of %d leaves is taken twice, or not there",
				"plaats %d in een boom van %d bladeren is twee keer bezet, of bestaat niet", p, size))
		}
	}
	return nil
}

// halves divides sorted places at the middle of a part of the tree.
func halves(places []int, middle int) (left, right []int) {
	n, _ := slices.BinarySearch(places, middle)
	return places[:n], places[n:]
}

// CheckMultiProof tells whether what is disclosed is of the snapshot of that header; nil means it is. Disclosures are distinct
// and in any order, and hashes are those of MultiProof: one too many, too few or elsewhere is an error. It says nothing of
// resources that are not disclosed, nor of the header itself: its seal must have been verified before.
func CheckMultiProof(h Header, disclosed []Disclosure, hashes []tlog.Hash) error {
	if err := h.checkLeaves(); err != nil {
		return err
	}
	sorted := slices.SortedFunc(slices.Values(disclosed), func(a, b Disclosure) int { return cmp.Compare(a.Index, b.Index) })
	places, leaves := make([]int, len(sorted)), make([]tlog.Hash, len(sorted))
	for i, d := range sorted {
		l, err := d.leaf()
		if err != nil {
			return err
		}
		places[i], leaves[i] = d.Index, tlog.RecordHash(l)
	}
	if err := checkPlaces(places, h.Leaves); err != nil {
		return err
	}
	short := false
	take := func(from *[]tlog.Hash) (out tlog.Hash) {
		if len(*from) == 0 {
			short = true
			return out
		}
		out, *from = (*from)[0], (*from)[1:]
		return out
	}
	var walk func(low, size int, wanted []int) tlog.Hash
	walk = func(low, size int, wanted []int) tlog.Hash {
		switch {
		case len(wanted) == 0:
			return take(&hashes)
		case size == 1:
			return take(&leaves)
		}
		left, right := halves(wanted, low+size/2)
		hash := walk(low, size/2, left)
		return tlog.NodeHash(hash, walk(low+size/2, size/2, right))
	}
	root := walk(0, h.Leaves, places)
	if short || len(hashes) > 0 || hex.EncodeToString(root[:]) != h.Root {
		return notProved(say.Both("what is disclosed is not of the snapshot that was sealed",
			"wat wordt getoond, is niet van de momentopname die is verzegeld"))
	}
	return nil
}

// CheckWhole tells whether what is disclosed, in any order, is all of the snapshot of that header, and the particulars are
// its own; nil means they are. No resource can hide in the padding, which is worked out again.
func CheckWhole(h Header, p Particulars, disclosed []Disclosure) error {
	kinds := map[Kind]int{}
	for _, d := range disclosed {
		kinds[d.Kind]++
	}
	digest, err := p.Digest()
	if err != nil {
		return err
	}
	if digest != h.ParticularsDigest || p.Resources != len(disclosed) || !maps.Equal(kinds, p.Kinds) {
		return notProved(say.Both("its sources and numbers are not those that were sealed",
			"de bronnen en aantallen zijn niet die welke zijn verzegeld"))
	}
	t, err := TreeOf(disclosed, p)
	if err != nil {
		return err
	}
	if t.Leaves() != h.Leaves || t.Root() != h.Root {
		return notProved(say.Both("what is disclosed is not all of the snapshot that was sealed",
			"wat wordt getoond, is niet alles van de momentopname die is verzegeld"))
	}
	return nil
}

// checkLeaves wants a number of leaves that a tree can have.
func (h Header) checkLeaves() error {
	const most = 1 << 30 // far beyond any snapshot
	if n := h.Leaves; n < minLeaves || n > most || n&(n-1) != 0 {
		return notProved(say.Both("the number of leaves in the header makes no sense", "het aantal bladeren in de kop kan niet kloppen"))
	}
	return nil
}

func notProved(what say.Text) *say.Error {
	return &say.Error{Msg: what, Hint: say.Both("it was changed, or its proof belongs to another snapshot",
		"het is gewijzigd, of het bewijs hoort bij een andere momentopname")}
}
