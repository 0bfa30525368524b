package assess

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"waarborg/internal/inventory"
)

// Input is all that an assessment depends on. The same input gives the same results, byte for byte.
type Input struct {
	Resources   []inventory.Resource // in the order of inventory.Compare
	Customers   []Customer           // the standard terms under the id Standard, and every customer
	Now         time.Time
	TeamRegions map[string]any // provider to region to {"country": …}: regions the shipped table does not know
	Workers     int            // 0: as many as there are processors
	RuleTimeout time.Duration  // the longest that one rule may take on one input; 0: no limit, for the same results every time
}

// Judged is a rule's verdict for a resource, for the customers who share the terms it was judged by.
type Judged struct {
	*Verdict
	Customers []string // ids, sorted; nil: the standard terms alone
}

// Assess judges every resource by every rule of its kind. The slice has one element per resource, in the same order;
// each holds the verdicts sorted by rule. evaluated is how many distinct rule inputs were really evaluated.
func (p *Policies) Assess(ctx context.Context, in Input) (judged [][]Judged, evaluated int, err error) {
	j, err := p.Judge(in)
	if err != nil {
		return nil, 0, err
	}
	out := make([][]Judged, len(in.Resources))
	workers := in.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	const chunk = 256
	var next atomic.Int64
	var once sync.Once
	var failed error
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				from := int(next.Add(chunk)) - chunk
				if from >= len(in.Resources) || ctx.Err() != nil {
					return
				}
				for i := from; i < min(from+chunk, len(in.Resources)); i++ {
					var err error
					if out[i], err = j.Resource(ctx, in.Resources[i]); err != nil {
						once.Do(func() { failed = err })
						return
					}
				}
			}
		})
	}
	wg.Wait()
	if failed == nil {
		failed = ctx.Err()
	}
	return out, int(j.evals.Load()), failed
}

func indexes(all, paths []string) []int {
	var out []int
	for _, p := range paths {
		i, _ := slices.BinarySearch(all, p)
		out = append(out, i)
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
