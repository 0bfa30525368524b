package main

import (
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/reports"
	"waarborg/subprocessors"
)

// export is the workspace's own register as an export. It has as many open objections as the register counts, of nobody in
// particular. rnd makes their references.
func (s *space) export(now time.Time, valid time.Duration, rnd io.Reader) (subprocessors.Export, error) {
	now = now.UTC().Truncate(time.Second)
	e := subprocessors.Export{Schema: subprocessors.Schema, IssuedAt: now, ExpiresAt: now.Add(valid).Truncate(time.Second), Processor: s.processor()}
	for _, x := range s.Book.SubProcessors {
		entry := subprocessors.Entry{ID: x.ID, Name: x.Name, Purpose: subprocessors.Text(x.Purpose), Source: subprocessors.Source{
			Document: x.Source.Document, Clause: x.Source.Clause, Date: string(x.Source.Date)},
			Categories: unique(x.Categories), OpenGroups: unique(x.OpenGroups), EEA: x.EEA, Countries: unique(x.Countries),
			AccessCountries: unique(x.AccessCountries), Agreement: string(x.Agreement), Ground: x.Ground, GroundUntil: string(x.GroundUntil),
			TIA: string(x.TIA), Notice: subprocessors.Notice{Given: string(x.Announced), Ends: string(x.Effective)}}
		for provider, list := range x.Regions {
			if entry.Regions == nil {
				entry.Regions = map[string][]string{}
			}
			entry.Regions[provider] = unique(list)
		}
		entry.Status = entry.Notice.StatusAt(string(dpa.DateOf(now)))
		for range x.OpenObjections {
			ref := make([]byte, 16)
			if _, err := io.ReadFull(rnd, ref); err != nil {
				return e, fails(say.Both("there is no randomness for the export", "er is geen toeval voor de export"), say.Text{})
			}
			entry.Objections = append(entry.Objections, subprocessors.Objection{Ref: hex.EncodeToString(ref), State: subprocessors.Open})
		}
		slices.SortFunc(entry.Objections, func(x, y subprocessors.Objection) int { return strings.Compare(x.Ref, y.Ref) })
		e.Entries = append(e.Entries, entry)
	}
	slices.SortFunc(e.Entries, func(x, y subprocessors.Entry) int { return strings.Compare(x.ID, y.ID) })
	return e, nil
}

func (s *space) processor() subprocessors.Processor {
	return subprocessors.Processor{Name: s.Config.Processor.Name, Register: s.Config.Processor.Register}
}

// unique is a sorted copy in which nothing is there twice.
func unique(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// withRegister returns the book with an export in the place of the workspace's register. What has ended is on it no longer.
func withRegister(book dpa.Book, e subprocessors.Export) dpa.Book {
	book.SubProcessors, book.Standings = nil, nil
	for _, x := range e.Entries {
		if x.Status == subprocessors.Ended {
			continue
		}
		book.SubProcessors = append(book.SubProcessors, dpa.SubProcessor{ID: x.ID, Name: x.Name, Purpose: dpa.Text(x.Purpose), Categories: x.Categories,
			OpenGroups: x.OpenGroups, EEA: x.EEA, Countries: x.Countries, AccessCountries: x.AccessCountries, Regions: x.Regions,
			Agreement: dpa.Date(x.Agreement), Announced: dpa.Date(x.Notice.Given), Effective: dpa.Date(x.Notice.Ends),
			OpenObjections: x.OpenObjections(""), Ground: x.Ground, GroundUntil: dpa.Date(x.GroundUntil), TIA: dpa.Date(x.TIA),
			Source: dpa.Source{Document: x.Source.Document, Clause: x.Source.Clause, Date: dpa.Date(x.Source.Date)}})
		for _, c := range book.Customers {
			notice := x.NoticeFor(c.ID)
			book.Standings = append(book.Standings, dpa.Standing{SubProcessor: x.ID, Customer: c.ID, Announced: dpa.Date(notice.Given),
				Effective: dpa.Date(notice.Ends), OpenObjections: x.OpenObjections(c.ID), Absent: !x.Serves(c.Applications)})
		}
	}
	return book
}

// register reads an export of the register, by which a deploy is judged. Without a file it is the workspace's own. use puts it in
// the place of the workspace's register; it is nil where the export is not to be trusted, so that nothing is judged by it. One
// that has expired is used all the same: what it forbids is forbidden still. The error is that there is no such file.
func (a *app) register(s *space, file string) (blocks []gate.Block, use func(*space), err error) {
	if file == "" {
		own, err := s.export(a.now(), time.Hour, neverRandom{})
		if err != nil {
			return nil, nil, err
		}
		return nil, putIn(own), nil
	}
	trust, err := sign.LoadTrust(s.keys())
	if err != nil {
		return nil, nil, err
	}
	e, seal, err := subprocessors.ReadFile(file, func(message []byte, seal subprocessors.Seal) error {
		_, err := sign.Verify(trust.Keys(), sign.ContextRegister, message, sign.Signature(seal))
		return err
	})
	if err == nil {
		err = sealCounts(trust, sign.Signature(seal), e.IssuedAt)
	}
	if _, none := errors.AsType[*fs.PathError](err); none {
		return nil, nil, err
	}
	again := say.Both("make it anew with `waarborg subprocessor export` where the key of this workspace is",
		"maak hem opnieuw met `waarborg subprocessor export` waar de sleutel van deze werkmap is")
	block := func(what say.Text) []gate.Block {
		return []gate.Block{{What: "register", Status: assess.Unknown, Text: say.Both("the register %s: %s", "het register %s: %s", reports.Plain(file), what).In(a.lang),
			Hint: again.In(a.lang)}}
	}
	switch {
	case errors.Is(err, sign.ErrUnknownSigner), errors.Is(err, sign.ErrRetired), errors.Is(err, sign.ErrCompromised):
		return block(say.Same(a.untrustedSeal(err))), nil, nil
	case err != nil:
		return block(say.Of(err)), nil, nil
	case e.Processor != s.processor():
		return block(say.Both("it is of another processor than this workspace", "het is van een andere verwerker dan deze werkmap")), nil, nil
	case e.IssuedAt.After(a.now().Add(time.Hour)):
		return block(say.Both("it says that it was made in the future: a clock is wrong", "het zegt dat het in de toekomst is gemaakt: een klok loopt verkeerd")), nil, nil
	case e.Expired(a.now()):
		return block(say.Both("it expired on %s", "het is verlopen op %s", e.ExpiresAt.Format("2006-01-02 15:04 UTC"))), putIn(e), nil
	}
	return nil, putIn(e), nil
}

func putIn(e subprocessors.Export) func(*space) {
	return func(s *space) {
		if s.own == nil {
			own := s.Book
			s.own = &own
		}
		s.Book = withRegister(s.Book, e)
	}
}

// neverRandom gives zeros: references of objections that never leave the program.
type neverRandom struct{}

func (neverRandom) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// hostOf makes a datastore's host what the workspace says of resources of its type, in the tool's words. Of a type that it does
// not speak of, the host stays what the data map says.
func (s *space) hostOf(x inventory.Attributes, resourceType string) {
	if store, is := x.(*inventory.Datastore); is {
		if id, ok := s.Config.Hosts.Of(resourceType); ok {
			store.Provider = inventory.Known(id)
		}
	}
}
