package assess

import (
	"sync"
)

// cache is a map by digest that many goroutines share. It is split so that they seldom wait for each other.
type cache[V any] struct{ shards [64]shard[V] }

type shard[V any] struct {
	mu sync.RWMutex // guards m
	m  map[key]V
}

func (c *cache[V]) get(k key) (V, bool) {
	s := &c.shards[k[0]%64]
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := s.m[k]
	return v, ok
}

// cacheLimit is how many entries a cache holds: enough for every distinct input of 100,000 resources that differ, and far
// from filling the memory when a million do.
const cacheLimit = 1 << 18

// put keeps the first value of a key and returns it, so that equal inputs share one verdict even when two goroutines met them
// at once. A part of the cache that is full starts anew.
func (c *cache[V]) put(k key, v V) V {
	s := &c.shards[k[0]%64]
	s.mu.Lock()
	defer s.mu.Unlock()
	if have, ok := s.m[k]; ok {
		return have
	}
	if s.m == nil || len(s.m) >= cacheLimit/64 {
		s.m = map[key]V{}
	}
	s.m[k] = v
	return v
}

// key digests what a rule sees of a resource in some slots, and of the terms. The set's digest names the rule.
func (f *facts) key(set termSet, slots []int) key {
	d := newDigest()
	d.bytes(set.digest[:])
	for _, i := range slots {
		d.bytes(f.raw[i])
		if reason, is := f.unknown[i]; is {
			d.str(reason.Code)
			d.str(reason.Detail)
		}
	}
	// The number of slots goes in, so that a rule's scope and all its facts never share a key.
	d.bytes([]byte{byte(len(slots))})
	return d.key()
}

// lacking lists the slots that are unknown, with their paths.
func (f *facts) lacking(paths []string, slots []int) (out []UnknownFact) {
	for _, i := range slots {
		if reason, is := f.unknown[i]; is {
			out = append(out, UnknownFact{paths[i], reason})
		}
	}
	return out
}
