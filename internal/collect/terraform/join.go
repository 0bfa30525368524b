package terraform

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// joint is a satellite that belongs to a target; not exact: that may belong to it.
type joint struct {
	target, satellite uint32
	exact             bool
}

func (f *File) jointsOf(target uint32) []joint {
	i, _ := slices.BinarySearchFunc(f.joined, target, func(j joint, t uint32) int { return cmp.Compare(j.target, t) })
	end := i
	for end < len(f.joined) && f.joined[end].target == target {
		end++
	}
	return f.joined[i:end]
}

// share is what one worker found of a range of satellites.
type share struct {
	joined []joint
	loose  []looseEnd
	away   map[string]int // changed satellites of resources that are not in the file, by type
	lost   map[string]int
	err    error
}

type looseEnd struct {
	place
	why inventory.Reason
}

// join resolves what each satellite belongs to. One that can belong to any node leaves that area of every node in
// doubt; it never makes a fact known.
func (f *File) join(ctx context.Context) error {
	var list []uint32
	for ord := range f.records {
		if r := &f.records[ord]; r.flags&isAttached != 0 && r.does != drops {
			list = append(list, uint32(ord))
		}
	}
	const most = 256 // satellites in a share
	shares := make([]share, (len(list)+most-1)/most)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(f.workers, len(shares)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(shares) {
					return
				}
				shares[i] = f.share(ctx, list[i*most:min((i+1)*most, len(list))])
			}
		})
	}
	workers.Wait()
	lost, away := map[string]int{}, map[string]int{}
	total := 0
	for _, s := range shares {
		if s.err != nil {
			return s.err
		}
		total += len(s.joined)
	}
	f.joined = make([]joint, 0, total)
	for i, s := range shares {
		f.joined = append(f.joined, s.joined...)
		for _, l := range s.loose {
			f.loose[l.place] = l.why
		}
		for what, n := range s.lost {
			lost[what] += n
		}
		for typ, n := range s.away {
			away[typ] += n
		}
		shares[i] = share{}
	}
	slices.SortFunc(f.joined, func(a, b joint) int {
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.satellite, b.satellite))
	})
	for what, count := range lost {
		f.problem(say.Both("to which resource %d of %s belong", "bij welk object %d van %s horen", count, what),
			inventory.Reason{Code: inventory.AfterApply, Detail: what},
			say.Both("refer to the resource itself rather than through a local value or a condition, or collect again from the state after apply",
				"verwijs naar het object zelf en niet via een local of een voorwaarde, of lees opnieuw uit de state na apply"))
	}
	if f.source != "terraform" {
		return nil // what translates another format tells of these itself, in its own words
	}
	for _, typ := range slices.Sorted(maps.Keys(away)) {
		f.problem(say.Both("what %d of %s do to a resource that is not in this file", "wat %d van %s doen met een object dat niet in dit bestand staat", away[typ], typ),
			inventory.Reason{Code: inventory.NotReported, Detail: typ},
			say.Both("judge it with the configuration that has the resource, or read the live system",
				"beoordeel het met de configuratie waar het object in staat, of lees het systeem zelf"))
	}
	return nil
}

func (f *File) share(ctx context.Context, list []uint32) (out share) {
	out.lost, out.away = map[string]int{}, map[string]int{}
	g := f.sheet()
	defer g.giveBack()
	out.err = f.each(ctx, list, func(ord uint32, raw []byte) error {
		g.clear()
		if _, err := g.mapped(ord, raw); err != nil {
			return err
		}
		for _, s := range g.satellites {
			found, how := g.find(s.to)
			switch how {
			case exact:
				out.joined = append(out.joined, joint{found[0], ord, true})
			case candidates:
				for _, target := range found {
					out.joined = append(out.joined, joint{target, ord, false})
				}
			case none, unresolved:
				out.loose = append(out.loose, looseEnd{place{s.area, s.target}, s.to.reason()})
			}
			if how == outside && s.target != "" && f.judges(ord) {
				out.away[s.to.from.typ]++
			}
			if how != exact && how != outside {
				out.lost[s.to.from.typ+"."+strings.Join(s.to.path, ".")]++
			}
		}
		return g.err
	})
	return out
}

// judges tells whether the deploy makes or changes a resource.
func (f *File) judges(ord uint32) bool {
	does := f.records[ord].does
	return does != stays && does != drops && does != present
}

// each calls do with the elements of records, in their order. Those that stand close together are read at once; raw holds
// as long as the caller likes.
func (f *File) each(ctx context.Context, list []uint32, do func(ord uint32, raw []byte) error) error {
	const gap, most = 8 << 10, 256 << 10
	for len(list) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		start := f.records[list[0]].at
		end, n := start, 0
		for n < len(list) {
			r := &f.records[list[n]]
			if n > 0 && (r.at < start || r.at > end+gap || r.at+int64(r.size) > start+most) {
				break
			}
			end = max(end, r.at+int64(r.size))
			n++
		}
		buf, err := f.bytes(start, int(end-start), nil)
		if err != nil {
			return err
		}
		for _, ord := range list[:n] {
			r := &f.records[ord]
			if err := do(ord, buf[r.at-start:r.at-start+int64(r.size)]); err != nil {
				return err
			}
		}
		list = list[n:]
	}
	return nil
}
