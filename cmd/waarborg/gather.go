package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"waarborg/dpa"
	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/sign"
)

// broken is a source that could not be set up.
type broken struct{ err error }

func (b broken) Collect(context.Context, collect.Env) ([]inventory.Draft, error) {
	return nil, b.err
}

// gather reads all sources of the workspace into a snapshot that is not sealed yet.
func (a *app) gather(ctx context.Context, s *space, names *inventory.Pseudonyms, matcher func(string) string) (inventory.Snapshot, error) {
	now := a.now().UTC().Truncate(time.Second)
	annotator := dpa.Annotator{Map: s.DataMap, Access: s.Access, Book: s.Book, Now: now, Token: matcher}
	sources := a.sources(s, annotator)
	drafts, outcomes := collect.Run(ctx, sources, func() time.Time { return now }, names, a.progress())
	if err := ctx.Err(); err != nil {
		return inventory.Snapshot{}, err
	}
	a.strangers(annotator.Strangers(drafts))
	resources, err := inventory.EncodeAll(annotator.Annotate(drafts))
	if err != nil {
		return inventory.Snapshot{}, err
	}
	digest, err := s.digest()
	if err != nil {
		return inventory.Snapshot{}, err
	}
	info := inventory.Info{CreatedAt: now, ToolVersion: versionString(), WorkspaceDigest: digest, DataMapDigest: s.Digests["datamap.yaml"]}
	for _, o := range outcomes {
		a.problemsOf(o)
		info.Sources = append(info.Sources, inventory.SourceOutcome{Source: o.Source, Status: o.Status, Resources: o.Resources, Message: o.Message, Hint: o.Hint})
	}
	return inventory.NewSnapshot(info, names.Sealed(), resources, rand.Reader)
}

// strangers tells which resources are said to serve customers or applications that do not exist. They are judged for
// everybody, so that nothing gets out of sight.
func (a *app) strangers(list []say.Text) {
	for _, text := range list {
		a.note("%s\n", text.In(a.lang))
	}
}

// note writes to stderr, except where the output is for one customer: notes may speak of others.
func (a *app) note(format string, args ...any) {
	if !a.oneCustomer {
		fmt.Fprintf(a.err, format, args...)
	}
}

// problemsOf tells on stderr what a source could not show, and what would mend it.
func (a *app) problemsOf(o collect.Outcome) {
	const most = 6
	for i, p := range o.Problems {
		if i == most {
			a.note("%s: … %d %s\n", o.Source, len(o.Problems)-most, a.pick("more; `waarborg doctor` lists them", "meer; `waarborg doctor` noemt ze"))
			break
		}
		a.note("%s: %s %s\n", o.Source, a.pick("could not read", "niet gelezen:"), p.What.In(a.lang))
		if hint := p.Hint.In(a.lang); hint != "" {
			a.note("  hint: %s\n", hint)
		}
	}
}

// pseudonyms opens the workspace's pseudonym key. Without one, principals get names that hold for this run alone.
func (a *app) pseudonyms(s *space, needed bool) (names *inventory.Pseudonyms, matcher func(string) string, err error) {
	key, err := a.pseudonymKey(s)
	if err != nil {
		if needed || errors.Is(err, sign.ErrPassphrase) { // one that does not fit is a mistake, not a choice to go without
			return nil, nil, err
		}
		if !errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(a.err, "%s\n", a.pick("note: the pseudonym key could not be opened (is the passphrase given?), so tokens of principals (p-…) hold for this run alone",
				"let op: de pseudoniemsleutel kon niet worden geopend (is de wachtzin gegeven?), dus tokens van personen (p-…) gelden alleen voor deze keer"))
		} else {
			fmt.Fprintf(a.err, "%s\n", a.pick("note: no pseudonym key, so tokens of principals (p-…) hold for this run alone; `waarborg keys init` makes keys",
				"let op: geen pseudoniemsleutel, dus tokens van personen (p-…) gelden alleen voor deze keer; `waarborg keys init` maakt sleutels"))
		}
		return passingNames()
	}
	return namesBy(key)
}

// passingNames makes pseudonyms that hold for this run alone.
func passingNames() (names *inventory.Pseudonyms, matcher func(string) string, err error) {
	key := make([]byte, inventory.PseudonymKeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, nil, err
	}
	return namesBy(key)
}

// namesBy makes pseudonyms with a key, and what matches the names of access.yaml with them: a second one, so that names that
// nobody was seen with do not enter the snapshot.
func namesBy(key []byte) (names *inventory.Pseudonyms, matcher func(string) string, err error) {
	if names, err = inventory.NewPseudonyms(key); err != nil {
		return nil, nil, err
	}
	other, err := inventory.NewPseudonyms(key)
	if err != nil {
		return nil, nil, err
	}
	return names, other.Token, nil
}

func (a *app) pseudonymKey(s *space) ([]byte, error) {
	return sign.OpenPseudonym(s.path(s.Config.Keys.Dir), a.passphrase(s))
}

// passphrase resolves the workspace's reference when a key is really needed.
func (a *app) passphrase(s *space) sign.Passphrase {
	return func() ([]byte, error) {
		if s.Config.Keys.Passphrase == "" {
			return nil, fails(say.Both("the workspace does not say where the passphrase of its keys is",
				"de werkmap zegt niet waar de wachtzin van de sleutels staat"),
				say.Both("add `passphrase: env:NAME` under `keys` in waarborg.yaml",
					"zet `passphrase: env:NAAM` onder `keys` in waarborg.yaml"))
		}
		v, err := a.secret(s, s.Config.Keys.Passphrase)
		return []byte(v), err
	}
}

// progress shows on a terminal what is being read; elsewhere nothing.
func (a *app) progress() collect.Progress {
	if !a.live || a.oneCustomer {
		return nil // progress names every source, also those of other customers
	}
	return &ticker{app: a, doing: map[string]string{}}
}

// ticker writes one line that says what is being read, and a line for each source that is done.
type ticker struct {
	app   *app
	mu    sync.Mutex        // guards doing and the terminal
	doing map[string]string // source to what it does now
}

func (t *ticker) Step(source string, what say.Text) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.doing[source] = what.In(t.app.lang)
	fmt.Fprintf(t.app.err, "\r\x1b[K%s: %.60s", source, t.doing[source])
}

func (t *ticker) Done(o collect.Outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.doing, o.Source)
	mark := map[string]string{"complete": "✓", "partial": "!", "failed": "✗"}[o.Status]
	fmt.Fprintf(t.app.err, "\r\x1b[K%s %s: %d %s\n", mark, o.Source, o.Resources, t.app.pick("resources", "objecten"))
}
