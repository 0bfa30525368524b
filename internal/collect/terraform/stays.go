package terraform

import (
	"context"
	"sync"
)

// standing knows at which addresses a resource is after apply. It is made when it is first asked for: only a baseline does.
type standing struct {
	once sync.Once
	at   map[string]bool
}

// Stays tells whether a resource is at an address after apply, judged or not. Where that cannot be read, one may be.
func (r *reader) Stays(address string) bool {
	r.standing.once.Do(func() {
		var list []uint32
		for ord := range r.records {
			if r.records[ord].does != drops {
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
			r.standing.at = at
		}
	})
	return r.standing.at == nil || r.standing.at[address]
}
