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

// Tree builds the tree of a snapshot, for proofs.
func (s Snapshot) Tree() (*Tree, error) {
	if len(s.Salts) != len(s.Resources) {
		return nil, saltError(s)
	}
	t := &Tree{}
	for i, r := range s.Resources {
		enc, err := leaf{r, s.Salts[i]}.encode()
		if err != nil {
			return nil, err
		}
		if err := t.add(enc); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func saltError(s Snapshot) error {
	return &SnapshotError{Msg: fmt.Sprintf("the snapshot has %d resources and %d salts", len(s.Resources), len(s.Salts)), Hint: "make it with NewSnapshot"}
}

// Proof shows that one resource is in a snapshot, to someone who has the header but not the rest.
type Proof struct {
	Index  int64       `json:"index"` // of the resource in the snapshot
	Size   int64       `json:"size"`  // resources in the snapshot
	Hashes []tlog.Hash `json:"hashes"`
}

// Proof returns the proof for the resource at index i.
func (t *Tree) Proof(i int) (Proof, error) {
	p, err := tlog.ProveRecord(t.size, int64(i), tlog.HashReaderFunc(t.read))
	if err != nil {
		return Proof{}, &SnapshotError{Msg: fmt.Sprintf("there is no resource %d in a snapshot of %d", i, t.size)}
	}
	return Proof{Index: int64(i), Size: t.size, Hashes: p}, nil
}

// CheckProof tells whether the resource with its salt is in the snapshot of that header; nil means it is. The header's
// seal must have been verified before.
func CheckProof(h Header, r Resource, salt Salt, p Proof) error {
	bad := &SnapshotError{Msg: fmt.Sprintf("resource %q is not in the snapshot", r.ID), Hint: "it was changed, or its proof belongs to another snapshot"}
	root, err := hex.DecodeString(h.Root)
	if err != nil || len(root) != tlog.HashSize || p.Size != int64(h.Resources) {
		return bad
	}
	enc, err := leaf{r, salt}.encode()
	if err != nil {
		return err
	}
	if tlog.CheckRecord(p.Hashes, p.Size, tlog.Hash(root), p.Index, tlog.RecordHash(enc)) != nil {
		return bad
	}
	return nil
}
