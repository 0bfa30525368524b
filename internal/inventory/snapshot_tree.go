package inventory

import (
	"encoding/hex"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Tree is the Merkle tree (RFC 6962, section 2.1) over the leaves of a snapshot.
type Tree struct {
	size   int64
	hashes []tlog.Hash // in the order of tlog.StoredHashIndex
}

func (t *Tree) read(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = t.hashes[x]
	}
	return out, nil
}

func (t *Tree) add(leaf []byte) error {
	hashes, err := tlog.StoredHashes(t.size, leaf, tlog.HashReaderFunc(t.read))
	if err != nil {
		return err
	}
	t.hashes = append(t.hashes, hashes...)
	t.size++
	return nil
}

// Root returns the root in hex; of an empty tree it is the SHA-256 of nothing.
func (t *Tree) Root() string {
	root, err := tlog.TreeHash(t.size, tlog.HashReaderFunc(t.read))
	if err != nil {
		return "" // cannot be: read never fails; and an empty root equals no other
	}
	return hex.EncodeToString(root[:])
}

// TreeOf builds the tree of a whole snapshot from what is disclosed of it, for proofs of a part.
func TreeOf(all []Disclosure) (*Tree, error) {
	t := &Tree{}
	for i, d := range all {
		if d.Index != i {
			return nil, notProved("resource %d of the snapshot is missing", i)
		}
		l, err := d.leaf()
		if err != nil {
			return nil, err
		}
		if err := t.add(l); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func saltError(s Snapshot) error {
	return &SnapshotError{Msg: fmt.Sprintf("the snapshot has %d resources and %d salts", len(s.Resources), len(s.Salts)), Hint: "make it with NewSnapshot"}
}

// half returns where a tree over the leaves from low up to high divides: the largest power of two below their number.
func half(low, high int64) int64 {
	k := int64(1)
	for k<<1 < high-low {
		k <<= 1
	}
	return low + k
}

// subtree returns the hash over the leaves from low up to high, which is a node of the tree.
func (t *Tree) subtree(low, high int64) tlog.Hash {
	level := 0
	for int64(1)<<level < high-low {
		level++
	}
	if int64(1)<<level == high-low {
		return t.hashes[tlog.StoredHashIndex(level, low>>level)]
	}
	mid := half(low, high)
	return tlog.NodeHash(t.subtree(low, mid), t.subtree(mid, high))
}

// MultiProof returns the hashes that prove some leaves together: of each largest part of the tree without any of them, from
// left to right. Indexes are of resources in the snapshot and strictly increase. For no leaf at all it is the root alone,
// and for all of them nothing.
func (t *Tree) MultiProof(indexes []int) ([]tlog.Hash, error) {
	if err := checkIndexes(indexes, t.size); err != nil {
		return nil, err
	}
	var out []tlog.Hash
	var walk func(low, high int64, wanted []int)
	walk = func(low, high int64, wanted []int) {
		switch {
		case len(wanted) == 0:
			out = append(out, t.subtree(low, high))
		case high-low > 1:
			mid := half(low, high)
			n := below(wanted, mid)
			walk(low, mid, wanted[:n])
			walk(mid, high, wanted[n:])
		}
	}
	if t.size > 0 {
		walk(0, t.size, indexes)
	}
	return out, nil
}

func checkIndexes(indexes []int, size int64) error {
	for i, x := range indexes {
		if x < 0 || int64(x) >= size || i > 0 && indexes[i-1] >= x {
			return notProved("there is no resource %d in its place in a snapshot of %d", x, size)
		}
	}
	return nil
}

// below counts the sorted indexes below a limit.
func below(indexes []int, limit int64) int {
	n := 0
	for n < len(indexes) && int64(indexes[n]) < limit {
		n++
	}
	return n
}

// CheckMultiProof tells whether what is disclosed is of the snapshot of that header; nil means it is. Disclosures stand in
// the order of the snapshot, and hashes are those of MultiProof: one too many, too few or elsewhere is an error. It says
// nothing of resources that are not disclosed, nor of the header itself: its seal must have been verified before.
func CheckMultiProof(h Header, disclosed []Disclosure, hashes []tlog.Hash) error {
	indexes, leaves := make([]int, len(disclosed)), make([]tlog.Hash, len(disclosed))
	for i, d := range disclosed {
		l, err := d.leaf()
		if err != nil {
			return err
		}
		indexes[i], leaves[i] = d.Index, tlog.RecordHash(l)
	}
	const most = 1 << 40 // far beyond any snapshot, so that no sum of sizes overflows
	size := int64(h.Resources)
	if size < 0 || size > most {
		return notProved("the number of resources in the header makes no sense")
	}
	if err := checkIndexes(indexes, size); err != nil {
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
	var walk func(low, high int64, wanted []int) tlog.Hash
	walk = func(low, high int64, wanted []int) tlog.Hash {
		switch {
		case len(wanted) == 0:
			return take(&hashes)
		case high-low == 1:
			return take(&leaves)
		}
		mid := half(low, high)
		n := below(wanted, mid)
		left := walk(low, mid, wanted[:n])
		return tlog.NodeHash(left, walk(mid, high, wanted[n:]))
	}
	root := (&Tree{}).Root()
	if size > 0 {
		top := walk(0, size, indexes)
		root = hex.EncodeToString(top[:])
	}
	if short || len(hashes) > 0 || root != h.Root {
		return notProved("what is disclosed is not of the snapshot that was sealed")
	}
	return nil
}

func notProved(format string, args ...any) *SnapshotError {
	return &SnapshotError{Msg: fmt.Sprintf(format, args...), Hint: "it was changed, or its proof belongs to another snapshot"}
}
