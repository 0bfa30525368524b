// Package collect runs collectors side by side: read-only readers of live systems, each in a package of its own. A
// source that fails never stops the others: what was expected of it becomes resources whose every fact is unknown,
// with the reason, so that nothing turns green because nobody could look.
package collect

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// Collector reads the metadata of one source. It never writes, and never reads the content of personal data.
//
// Collect returns what it could read even when it also returns an error; facts it could not read are unknown with a
// reason. Errors never hold secrets, names of people or content.
type Collector interface {
	Collect(ctx context.Context, env Env) ([]inventory.Draft, error)
}

// Env is what a collector may use of the outside, besides its own source.
type Env struct {
	Source     string                // id of the source in the workspace; prefix of every resource id
	Now        func() time.Time      // the time of collection
	Pseudonyms *inventory.Pseudonyms // for every name of a person or account
	Problem    func(Problem)         // reports what stayed unknown; safe for concurrent use
	Step       func(say.Text)        // progress: what is being read now
}

// ID makes the id of a resource of this source.
func (e Env) ID(parts ...string) string { return e.Source + "/" + strings.Join(parts, "/") }

// Provenance makes a provenance of this source.
func (e Env) Provenance(collector, call, permission string) inventory.Provenance {
	return inventory.Provenance{Collector: collector, Source: e.Source, Call: call, At: e.Now(), Permission: permission}
}

// Problem is something a collector could not read, and what would mend it.
type Problem struct {
	Source string           `json:"source"`
	What   say.Text         `json:"what"`   // what could not be read
	Reason inventory.Reason `json:"reason"` // why
	Hint   say.Text         `json:"hint"`   // what to do, such as the GRANT that is missing
}

// Error is a failure of a whole source that the user can do something about. Its text holds no secret.
type Error struct {
	Code string   // one of inventory's reason codes
	Msg  say.Text // what failed, on what
	Hint say.Text // what to do
	Err  error    // the cause, for logs at debug level; never shown, for it may quote its input
}

// Error is the English text, for logs and tests.
func (e *Error) Error() string { return e.Msg.EN }

// Unwrap returns what to say, with the cause.
func (e *Error) Unwrap() error { return &say.Error{Msg: e.Msg, Hint: e.Hint, Err: e.Err} }

// Source is one configured source of a workspace.
type Source struct {
	ID        string
	Collector Collector
	Timeout   time.Duration     // for the whole source
	Expected  []inventory.Draft // what must not silently be missing: emitted with all facts unknown if the source fails
}

// Outcome says how collecting from one source went.
type Outcome struct {
	Source    string    `json:"source"`
	Status    string    `json:"status"` // complete, partial, failed
	Resources int       `json:"resources"`
	Message   say.Text  `json:"message,omitzero"`
	Hint      say.Text  `json:"hint,omitzero"`
	Problems  []Problem `json:"problems,omitempty"`
}

// Progress hears what happens; its methods are called from several goroutines.
type Progress interface {
	Step(source string, what say.Text)
	Done(Outcome)
}

// Parallel is how many sources are read at once.
const Parallel = 4

// Run reads all sources, at most Parallel at a time, and returns all drafts and an outcome per source in the order of
// the sources, whatever order they ended in.
func Run(ctx context.Context, sources []Source, now func() time.Time, names *inventory.Pseudonyms, progress Progress) ([]inventory.Draft, []Outcome) {
	drafts := make([][]inventory.Draft, len(sources))
	outcomes := make([]Outcome, len(sources))
	slots := make(chan struct{}, Parallel)
	var wg sync.WaitGroup
	for i, s := range sources {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			drafts[i], outcomes[i] = runOne(ctx, s, now, names, progress)
			if progress != nil {
				progress.Done(outcomes[i])
			}
		})
	}
	wg.Wait()
	return slices.Concat(drafts...), outcomes
}

func runOne(ctx context.Context, s Source, now func() time.Time, names *inventory.Pseudonyms, progress Progress) (drafts []inventory.Draft, out Outcome) {
	out = Outcome{Source: s.ID}
	var mu sync.Mutex // guards problems
	var problems []Problem
	env := Env{Source: s.ID, Now: now, Pseudonyms: names,
		Problem: func(p Problem) {
			p.Source = s.ID
			mu.Lock()
			defer mu.Unlock()
			problems = append(problems, p)
		},
		Step: func(what say.Text) {
			if progress != nil {
				progress.Step(s.ID, what)
			}
		},
	}
	if s.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.Timeout)
		defer cancel()
	}
	drafts, err := collectSafely(ctx, s.Collector, env)
	if err != nil {
		reason := fail(&out, s, err)
		drafts = append(drafts, unreachable(s, drafts, reason, now())...)
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.What.EN, b.What.EN) })
	out.Problems = slices.CompactFunc(problems, func(a, b Problem) bool { return a == b })
	out.Resources = len(drafts)
	if out.Status == "" {
		out.Status = "complete"
		if len(problems) > 0 {
			out.Status = "partial"
		}
	}
	return drafts, out
}

// collectSafely turns a collector's panic into an error: one odd answer of one system must not lose the others' facts.
func collectSafely(ctx context.Context, c Collector, env Env) (drafts []inventory.Draft, err error) {
	defer func() {
		if r := recover(); r != nil {
			// The panic's text may quote the input; it goes nowhere.
			drafts, err = nil, &Error{Code: inventory.SourceError,
				Msg: say.Both("the collector stopped on an answer it did not expect",
					"het lezen stopte bij een antwoord dat niet werd verwacht"),
				Hint: say.Both("report this with the version of the source; its facts are unknown meanwhile",
					"meld dit met de versie van de bron; zolang zijn de feiten van de bron onbekend")}
		}
	}()
	return c.Collect(ctx, env)
}

func fail(out *Outcome, s Source, err error) inventory.Reason {
	out.Status = "failed"
	reason := inventory.Reason{Code: inventory.SourceError}
	var known *Error
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		out.Message = say.Both("source %s did not answer within %s", "bron %s antwoordde niet binnen %s", s.ID, s.Timeout)
		out.Hint = say.Both("check that it is reachable, or raise `timeout` of the source",
			"kijk of de bron bereikbaar is, of verhoog `timeout` van de bron")
		reason.Detail = "timeout"
	case errors.As(err, &known):
		out.Message, out.Hint = say.Both("source %s: %s", "bron %s: %s", s.ID, known.Msg), known.Hint
		reason.Code = known.Code
		reason.Detail = s.ID
	default:
		out.Message = say.Both("source %s could not be read", "bron %s kon niet worden gelezen", s.ID)
		out.Hint = say.Both("run `waarborg doctor` to see what each source needs",
			"draai `waarborg doctor` om te zien wat elke bron nodig heeft")
		reason.Detail = s.ID
		slog.Debug("collect: unexpected error", "source", s.ID, "type", fmt.Sprintf("%T", err))
	}
	return reason
}

// unreachable makes the resources that stand for what the source did not report.
func unreachable(s Source, got []inventory.Draft, reason inventory.Reason, at time.Time) []inventory.Draft {
	have := map[string]bool{}
	for _, d := range got {
		have[d.ID] = true
	}
	var out []inventory.Draft
	for _, d := range s.Expected {
		if have[d.ID] {
			continue
		}
		inventory.SetUnknown(d.Attributes, reason)
		d.Provenance = inventory.Provenance{Collector: "none", Source: s.ID, Call: "not read", At: at}
		out = append(out, d)
	}
	return out
}
