package collect_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

type fake func(ctx context.Context, env collect.Env) ([]inventory.Draft, error)

func (f fake) Collect(ctx context.Context, env collect.Env) ([]inventory.Draft, error) {
	return f(ctx, env)
}

func at() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func store(id string) inventory.Draft {
	return inventory.Draft{ID: id, Attributes: &inventory.Datastore{Engine: inventory.Known("blob")}}
}

func one(t *testing.T, s collect.Source) ([]inventory.Draft, collect.Outcome) {
	t.Helper()
	drafts, out := collect.Run(t.Context(), []collect.Source{s}, at, nil, nil)
	return drafts, out[0]
}

func TestAFailedSourceLeavesItsResourcesUnknown(t *testing.T) {
	drafts, out := one(t, collect.Source{ID: "pg", Collector: fake(func(context.Context, collect.Env) ([]inventory.Draft, error) {
		return nil, &collect.Error{Code: inventory.Permission, Msg: say.Both("the account may not sign in", "het account mag niet inloggen"), Hint: say.Same("GRANT CONNECT")}
	}), Expected: []inventory.Draft{store("pg/crm")}})
	if out.Status != "failed" || out.Hint.NL != "GRANT CONNECT" || out.Message.NL != "bron pg: het account mag niet inloggen" || len(drafts) != 1 {
		t.Fatalf("%+v, %d drafts", out, len(drafts))
	}
	a := drafts[0].Attributes.(*inventory.Datastore)
	if r := a.Location.Reason(); !a.Location.IsUnknown() || r.Code != inventory.Permission {
		t.Errorf("location: %+v", r)
	}
	if v, ok := a.Engine.Value(); !ok || v != "blob" {
		t.Error("what was expected to be known is not")
	}
}

func TestWhatWasReadBeforeAFailureStays(t *testing.T) {
	drafts, out := one(t, collect.Source{ID: "pg", Collector: fake(func(context.Context, collect.Env) ([]inventory.Draft, error) {
		return []inventory.Draft{store("pg/a")}, errors.New("the connection broke")
	}), Expected: []inventory.Draft{store("pg/a"), store("pg/b")}})
	if len(drafts) != 2 || out.Status != "failed" {
		t.Fatalf("%d drafts, %+v", len(drafts), out)
	}
	if !drafts[0].Attributes.(*inventory.Datastore).Location.IsUnknown() || drafts[1].ID != "pg/b" {
		t.Errorf("drafts: %+v", drafts)
	}
}

func TestAnErrorsTextDoesNotLeak(t *testing.T) {
	const secret = "hunter2-in-a-dsn"
	_, out := one(t, collect.Source{ID: "pg", Collector: fake(func(context.Context, collect.Env) ([]inventory.Draft, error) {
		return nil, fmt.Errorf("dial postgres://u:%s@h", secret)
	})})
	if strings.Contains(fmt.Sprintf("%+v", out), secret) {
		t.Errorf("the outcome quotes the error: %+v", out)
	}
}

func TestAPanicStopsOneSourceAlone(t *testing.T) {
	sources := []collect.Source{
		{ID: "a", Collector: fake(func(context.Context, collect.Env) ([]inventory.Draft, error) { panic("odd answer with a secret") })},
		{ID: "b", Collector: fake(func(context.Context, collect.Env) ([]inventory.Draft, error) {
			return []inventory.Draft{store("b/x")}, nil
		})},
	}
	drafts, out := collect.Run(t.Context(), sources, at, nil, nil)
	if out[0].Status != "failed" || out[1].Status != "complete" || len(drafts) != 1 {
		t.Errorf("%+v", out)
	}
	if strings.Contains(out[0].Message.EN+out[0].Message.NL, "odd answer") {
		t.Error("the panic's text, which may quote input, is shown")
	}
}

func TestATimeoutStopsOneSourceAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sources := []collect.Source{
			{ID: "slow", Timeout: time.Second, Collector: fake(func(ctx context.Context, _ collect.Env) ([]inventory.Draft, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}), Expected: []inventory.Draft{store("slow/x")}},
			{ID: "fast", Collector: fake(func(context.Context, collect.Env) ([]inventory.Draft, error) {
				return []inventory.Draft{store("fast/x")}, nil
			})},
		}
		drafts, out := collect.Run(t.Context(), sources, at, nil, nil)
		if out[0].Status != "failed" || !strings.Contains(out[0].Message.EN+out[0].Message.NL, "within 1s") || out[1].Status != "complete" || len(drafts) != 2 {
			t.Errorf("%+v", out)
		}
	})
}

func TestProblemsMakeASourcePartial(t *testing.T) {
	_, out := one(t, collect.Source{ID: "pg", Collector: fake(func(_ context.Context, env collect.Env) ([]inventory.Draft, error) {
		for range 3 {
			env.Problem(collect.Problem{What: say.Same("pg_hba.conf"), Reason: inventory.Reason{Code: inventory.Permission}, Hint: say.Same("GRANT …")})
		}
		return nil, nil
	})})
	if out.Status != "partial" || len(out.Problems) != 1 || out.Problems[0].Source != "pg" {
		t.Errorf("%+v", out)
	}
}

func TestSourcesAreReadSideBySideButBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		var mu sync.Mutex
		var sources []collect.Source
		for i := range 20 {
			sources = append(sources, collect.Source{ID: fmt.Sprint(i), Collector: fake(func(context.Context, collect.Env) ([]inventory.Draft, error) {
				n := now.Add(1)
				mu.Lock()
				most.Store(max(most.Load(), n))
				mu.Unlock()
				time.Sleep(time.Second)
				now.Add(-1)
				return []inventory.Draft{store(fmt.Sprintf("%d/x", i))}, nil
			})})
		}
		drafts, out := collect.Run(t.Context(), sources, at, nil, nil)
		if most.Load() != collect.Parallel {
			t.Errorf("%d sources at once, want %d", most.Load(), collect.Parallel)
		}
		for i := range out {
			if out[i].Source != fmt.Sprint(i) || drafts[i].ID != fmt.Sprintf("%d/x", i) {
				t.Errorf("outcome %d is of %s: the order depends on who was first", i, out[i].Source)
			}
		}
	})
}
