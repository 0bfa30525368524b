package pades

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"

	"waarborg/internal/sign/cms"
)

// Forge signs as Sign does, without looking at what it signs, and after a change to what it adds. What the signature covers is
// made right again, so the result is a valid signature over a file that Sign would not make. between is put between the base
// and the update.
func Forge(raw, between []byte, id cms.Identity, o Options, change func(update []byte) []byte) ([]byte, error) {
	loose, err := readBody(raw)
	if err != nil {
		return nil, err
	}
	b := &base{body: loose, catalog: loose.objects[loose.root].value}
	pages, _ := b.catalog.get("Pages")
	kids, _ := loose.objects[pages.n].value.get("Kids")
	b.page = kids.items[0].n
	names, _ := b.catalog.get("Names")
	tree, _ := names.get("EmbeddedFiles")
	list, _ := tree.get("Names")
	u := update{at: o.At, name: o.Name, reason: o.Reason, language: o.Language}
	for i := 1; i < len(list.items); i += 2 {
		b.files, u.relations = append(b.files, list.items[i].n), append(u.relations, Data)
	}
	if u.look, err = o.Field.layout(); err != nil {
		return nil, err
	}
	if u.room, err = cms.Room(id.Chain, 0); err != nil {
		return nil, err
	}
	if len(between) > 0 { // the numbers of another update's three objects are taken
		b.objects = append(b.objects, object{}, object{}, object{})
	}
	before := bytes.Join([][]byte{raw, between}, nil)
	added, _, err := u.write(b, len(before))
	if err != nil {
		return nil, err
	}
	if change != nil {
		added = change(added)
	}
	out := append(before, added...)
	at := bytes.LastIndex(out, []byte(" /Contents <"))
	h := hole{start: at + len(" /Contents ")}
	h.end = h.start + bytes.IndexByte(out[h.start:], '>') + 1
	copy(out[at-len(byteRange(h, len(out))):], byteRange(h, len(out)))
	der, err := cms.Sign(context.Background(), id, digest(out, h), nil)
	if err != nil {
		return nil, err
	}
	if 2*len(der) > h.end-h.start-2 {
		return nil, fmt.Errorf("no room")
	}
	hex.Encode(out[h.start+1:], der)
	return out, nil
}
