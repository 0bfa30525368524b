package main

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/evidence"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/reports"
)

// lastSeen is an assessment of live systems, by which a deploy is held up.
type lastSeen struct {
	evidence.Assessment
	name string // for people
}

// liveBlocks says why the last assessment of live systems holds a deploy up: it failed, cannot be trusted, is older than maxAge
// (zero: any age will do), or was made of another workspace or with other rules. file is a sealed snapshot, which is judged now,
// or packed evidence of an assessment; without it the last assessment counts that the workspace keeps. It is held against the
// workspace's own register, for that is what it was made by. The error is that there is no such file, or that ctx ended.
func (a *app) liveBlocks(ctx context.Context, s *space, p *assess.Policies, file string, maxAge time.Duration) ([]gate.Block, error) {
	if s.own != nil {
		asRead := *s
		asRead.Book, asRead.own = *s.own, nil
		s = &asRead
	}
	x, err := a.lastLive(s, p, file)
	if _, none := errors.AsType[*fs.PathError](err); none && file != "" {
		return nil, err
	}
	if err != nil {
		return []gate.Block{a.liveBlock(x.name, say.Of(err))}, nil
	}
	trust, err := sign.LoadTrust(s.keys())
	if err != nil {
		return nil, err
	}
	var blocks []gate.Block
	because := func(what say.Text) { blocks = append(blocks, a.liveBlock(x.name, what)) }
	switch err := x.Check(sealBy(trust, x.Header.CreatedAt)); {
	case errors.Is(err, evidence.ErrUnsealed):
		because(say.Both("it is not sealed, so nothing proves it", "zij is niet verzegeld, dus niets bewijst haar"))
		return blocks, nil
	case errors.Is(err, sign.ErrUnknownSigner), errors.Is(err, sign.ErrRetired), errors.Is(err, sign.ErrCompromised):
		because(say.Same(a.untrustedSeal(err)))
		return blocks, nil
	case err != nil:
		because(say.Of(err))
		return blocks, nil
	}
	seen := x.Header.CreatedAt
	switch age := a.now().Sub(seen); {
	case age < -time.Hour:
		because(say.Both("it says that it was made in the future: a clock is wrong", "zij zegt dat zij in de toekomst is gemaakt: een klok loopt verkeerd"))
	case maxAge > 0 && age > maxAge:
		because(say.Both("it is of %s, and at most %s old is allowed", "zij is van %s, en mag hoogstens %s oud zijn", seen.Format("2006-01-02 15:04 UTC"), span(maxAge)))
	}
	if s.changed(x.Header.WorkspaceDigest) {
		because(say.Both("the agreement, register, data map or role matrix is another than it was made with",
			"de overeenkomst, het register, de gegevenskaart of de rollenmatrix is een andere dan waarmee zij is gemaakt"))
	}
	in, err := s.inputs(p, x.At)
	if err != nil {
		return nil, err
	}
	switch err := x.MadeOf(in); {
	case errors.Is(err, evidence.ErrOtherRules):
		because(say.Both("it was made with other rules than this version has", "zij is gemaakt met andere regels dan deze versie heeft"))
		return blocks, nil // its outcomes cannot be made again
	case err != nil:
		because(say.Both("it has other terms, waivers or regions than the workspace", "zij heeft andere voorwaarden, acceptaties of regio's dan de werkmap"))
		return blocks, nil
	}
	r, err := x.Results(ctx, p, a.lang)
	if err != nil {
		return nil, err
	}
	c := r.Summary.Results
	switch r.Summary.Status {
	case assess.Fail:
		b := a.liveBlock(x.name, say.Both("it failed: %d not met, %d unknown", "zij is niet voldaan: %d niet voldaan, %d onbekend", c.Fail, c.Unknown))
		b.Status, b.Hint = assess.Fail, a.pick("mend what `waarborg check` shows, and check again", "verhelp wat `waarborg check` toont, en controleer opnieuw")
		blocks = append(blocks, b)
	case assess.Pass, assess.Waived:
	default:
		because(say.Both("it does not know enough: %d unknown", "zij weet niet genoeg: %d onbekend", c.Unknown))
	}
	return blocks, nil
}

func (a *app) liveBlock(name string, what say.Text) gate.Block {
	return gate.Block{What: "live", Status: assess.Unknown, Text: say.Both("the live assessment %s: %s", "de beoordeling van de echte systemen %s: %s", name, what).In(a.lang),
		Hint: a.pick("run `waarborg check` or `waarborg collect` where the systems and the key are, and give what it made", "draai `waarborg check` of `waarborg collect` waar de systemen en de sleutel zijn, en geef wat daaruit komt")}
}

// lastLive finds the assessment. What it is called is there with an error, too.
func (a *app) lastLive(s *space, p *assess.Policies, file string) (lastSeen, error) {
	if file == "" {
		return a.lastKept(s)
	}
	x := lastSeen{name: reports.Plain(file)}
	packed, err := isEvidence(file)
	switch {
	case err != nil:
		return x, err
	case packed:
		raw, err := readAtMost(file, maxEvidenceFile)
		if err != nil {
			return x, err
		}
		x.Assessment, err = evidence.DecodePacked(raw, evidence.Limits{})
		if err == nil && !x.Whole() {
			err = fails(say.Both("it is of one customer alone", "zij is van één klant"), say.Text{})
		}
		return x, err
	}
	// The seal is looked at with that of any assessment: here its keys are not needed yet.
	snap, sealed, err := inventory.ReadSnapshotFile(file, inventory.Limits{}, func([]byte, inventory.Seal) error { return nil })
	if err != nil {
		return x, err
	}
	x.Assessment, err = a.assessment(s, p, snap, seal{Sealed: &sealed})
	return x, err
}

// lastKept is the newest assessment that the workspace keeps. An older one may be better than how things stand.
func (a *app) lastKept(s *space) (lastSeen, error) {
	archive := s.archive()
	list, err := archive.List()
	if err != nil {
		return lastSeen{}, err
	}
	if len(list) == 0 {
		return lastSeen{name: a.pick("of this workspace", "van deze werkmap")}, fails(say.Both("there is none", "die is er niet"), say.Text{})
	}
	k := list[len(list)-1]
	x := lastSeen{name: k.Name}
	if k.Err != nil {
		return x, k.Err
	}
	x.Assessment, err = archive.Load(k)
	return x, err
}

// maxEvidenceFile is how large packed evidence may be, in bytes.
const maxEvidenceFile = 256 << 20

// isEvidence tells packed evidence from anything else by how it begins: its first key, at or accepted, is none of a snapshot.
func isEvidence(file string) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		return false, nil // the reader of snapshots says what is wrong
	}
	begin := make([]byte, 3)
	n, _ := io.ReadFull(zip, begin)
	return string(begin[:n]) == `{"a`, nil
}

func readAtMost(file string, limit int64) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(raw)) > limit {
		err = fails(say.Both("it is larger than %d bytes", "zij is groter dan %d bytes", limit), say.Text{})
	}
	return raw, err
}

// span writes a time span as people give it: 24h rather than 24h0m0s.
func span(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}
