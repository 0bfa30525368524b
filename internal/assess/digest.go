package assess

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// digest hashes a sequence of named parts; lengths go in, so that parts cannot run into each other.
type digest struct{ h hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

func (d digest) add(name string, data []byte) {
	d.bytes([]byte(name))
	d.bytes(data)
}

func (d digest) bytes(b []byte) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(b)))
	d.h.Write(n[:])
	d.h.Write(b)
}

func (d digest) String() string { return "sha256:" + hex.EncodeToString(d.h.Sum(nil)) }

// key is a digest cut to what a map key needs; 128 bits leave no room for an accidental clash.
type key [16]byte

func (d digest) key() (k key) {
	copy(k[:], d.h.Sum(nil))
	return k
}
