package assess

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"sync"
)

// digest hashes a sequence of named parts; lengths go in, so that parts cannot run into each other. It is used once:
// String or key ends it.
type digest struct{ *state }

type state struct {
	h      hash.Hash
	length [8]byte
	sum    [sha256.Size]byte
	text   []byte // scratch for strings, so that hashing one makes no garbage
}

// states are reused: an assessment of 100,000 resources makes a million digests.
var states = sync.Pool{New: func() any { return &state{h: sha256.New()} }}

func newDigest() digest {
	s := states.Get().(*state)
	s.h.Reset()
	return digest{s}
}

func (d digest) add(name string, data []byte) {
	d.str(name)
	d.bytes(data)
}

func (d digest) str(s string) {
	d.text = append(d.text[:0], s...)
	d.bytes(d.text)
}

func (d digest) bytes(b []byte) {
	binary.BigEndian.PutUint64(d.length[:], uint64(len(b)))
	d.h.Write(d.length[:])
	d.h.Write(b)
}

func (d digest) String() string {
	defer states.Put(d.state)
	return "sha256:" + hex.EncodeToString(d.h.Sum(d.sum[:0]))
}

// key is a digest cut to what a map key needs; 128 bits leave no room for an accidental clash.
type key [16]byte

func (d digest) key() (k key) {
	copy(k[:], d.h.Sum(d.sum[:0]))
	states.Put(d.state)
	return k
}
