package terraform

import (
	"context"
	"sync"
)

// going knows at which addresses a resource is taken away. It is made when it is first asked for: only a baseline does.
type going struct {
	once sync.Once
	at   map[string]bool
}

// Goes tells whether the deploy takes a resource away at an address. Where that cannot be read, it does not.
func (r *reader) Goes(address string) bool {
	r.going.once.Do(func() {
		var list []uint32
		for ord := range r.records {
			if r.records[ord].does == drops {
				list = append(list, uint32(ord))
			}
		}
		at := map[string]bool{}
		err := r.each(context.Background(), list, func(ord uint32, raw []byte) error {
			fields, _ := members(raw, nil)
			if text, ok := text(find(fields, "address")); ok {
				at[r.shown(head{address: text, typ: r.typeOf(ord)}, ord)] = true
			}
			return nil
		})
		if err == nil {
			r.going.at = at
		}
	})
	return r.going.at[address]
}
