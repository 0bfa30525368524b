package pades

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"waarborg/internal/say"
	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/timestamp"
)

// Options is what a signature says beside who made it. Name, Reason, Location and Contact may be empty; each is cut at 200
// characters, and what cannot be shown is replaced.
type Options struct {
	At                              time.Time // the signer's own statement; kept in UTC, in whole seconds
	Name, Reason, Location, Contact string
	Field                           Field
	Language                        string            // of the document, such as nl-NL
	Attachments                     map[string]string // Data or Source, for each attachment by its name
	Stamp                           cms.Stamp         // asks for a timestamp; nil: without
	StampRoom                       int               // bytes that a timestamp may take; 0: 8,192
}

const defaultStampRoom = 8 << 10

// Sign returns the base with a signature over all of it. raw is what gofpdf wrote, with fixed dates; one that holds what
// Verify would refuse is refused here. The key signs once. The same arguments give the same bytes, but for the
// signature's own value.
func Sign(ctx context.Context, raw []byte, id cms.Identity, o Options) ([]byte, error) {
	b, u, err := plan(raw, id, o)
	if err != nil {
		return nil, err
	}
	added, h, err := u.write(b, len(raw))
	if err != nil {
		return nil, cannotSign(err)
	}
	out := slices.Concat(raw, added)
	stamp := o.Stamp
	if stamp != nil {
		stamp = func(ctx context.Context, value []byte) ([]byte, error) {
			token, err := o.Stamp(ctx, value)
			if err != nil {
				return nil, err
			}
			if _, err := timestamp.Verify(token, value, nil); !errors.Is(err, timestamp.ErrUntrusted) {
				return nil, err
			}
			return token, nil
		}
	}
	der, err := cms.Sign(ctx, id, digest(out, h), stamp)
	if err != nil {
		return nil, err
	}
	if len(der) > u.room {
		return nil, &say.Error{Msg: say.Both("the timestamp is %d bytes too long for the room that was kept for it",
			"het tijdstempel is %d bytes te lang voor de ruimte die ervoor is vrijgehouden", len(der)-u.room),
			Hint: say.Both("choose a timestamp authority with fewer certificates, or keep more room",
				"kies een tijdstempeldienst met minder certificaten, of houd meer ruimte vrij")}
	}
	hex.Encode(out[h.start+1:], der)
	return out, nil
}

// plan checks everything before the key is used.
func plan(raw []byte, id cms.Identity, o Options) (*base, update, error) {
	u := update{at: o.At.UTC().Truncate(time.Second), name: clean(o.Name), reason: clean(o.Reason), location: clean(o.Location),
		contact: clean(o.Contact), language: o.Language}
	b, err := readBase(raw)
	if err != nil {
		return nil, u, cannotSign(err)
	}
	files, err := b.attachments(Limits{}.orDefault())
	if err != nil {
		return nil, u, cannotSign(err)
	}
	for _, f := range files {
		relation := o.Attachments[f.Name]
		if relation != Data && relation != Source {
			return nil, u, cannotSign(because(say.Both("what attachment %s is to the document is not said",
				"er staat niet bij wat bijlage %s voor het document is", f.Name)))
		}
		u.relations = append(u.relations, relation)
	}
	if len(o.Attachments) != len(files) {
		return nil, u, cannotSign(because(say.Both("it has %d attachments instead of %d",
			"er zijn %d bijlagen in plaats van %d", len(files), len(o.Attachments))))
	}
	if u.look, err = o.Field.layout(); err != nil {
		return nil, u, err
	}
	stampRoom := 0
	if o.Stamp != nil {
		stampRoom = cmp.Or(o.StampRoom, defaultStampRoom)
	}
	if u.room, err = cms.Room(id.Chain, stampRoom); err != nil {
		return nil, u, err
	}
	if err := u.check(); err != nil {
		return nil, u, cannotSign(err)
	}
	return b, u, nil
}

// digest is over the file without the hole.
func digest(file []byte, h hole) [32]byte {
	sum := sha256.New()
	sum.Write(file[:h.start])
	sum.Write(file[h.end:])
	return [32]byte(sum.Sum(nil))
}

func cannotSign(err error) error {
	return &say.Error{Msg: say.Both("the PDF cannot be signed: %s", "de PDF is niet te ondertekenen: %s", err),
		Hint: say.Both("it can only be what reports are made of", "het kan alleen zijn waaruit rapporten bestaan")}
}
