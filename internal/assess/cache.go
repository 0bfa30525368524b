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

// put keeps the first value of a key, so that equal inputs share one verdict even when two goroutines met them at once.
func (c *cache[V]) put(k key, v V) {
	s := &c.shards[k[0]%64]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[key]V{}
	}
	if _, ok := s.m[k]; !ok {
		s.m[k] = v
	}
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
