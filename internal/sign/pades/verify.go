package pades

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/timestamp"
)

// Signed is a PDF that is as it was signed. Whether the signer is to be trusted, and a timestamp's authority, is not in it.
type Signed struct {
	Base                            []byte // the file before it was signed
	Signature                       cms.Signature
	At                              time.Time // the signer's own statement
	Name, Reason, Location, Contact string
	Language                        string
	Attachments                     []Attachment
	Level                           string          // "B-B", or "B-T": with a timestamp
	Token                           []byte          // the timestamp, for timestamp.Verify with Signature.Value; nil if there is none
	Stamp                           timestamp.Token // what it says; nobody has said yet that its authority is trusted
}

// Verify reads a signed PDF. It is ErrNotSigned, ErrChanged, ErrProfile or ErrTooLarge for errors.Is if it is not one, or not
// any more.
func Verify(pdf []byte, limits Limits) (Signed, error) {
	limits = limits.orDefault()
	if int64(len(pdf)) > limits.File {
		return Signed{}, &Error{Msg: fmt.Sprintf("the PDF has %d bytes, which is too large", len(pdf)),
			Hint: "check where the file comes from", Err: ErrTooLarge}
	}
	start, h, err := find(pdf)
	if err != nil {
		return Signed{}, err
	}
	out, err := verifySignature(pdf, h)
	if err != nil {
		return Signed{}, err
	}
	out.Base = pdf[:start:start]
	b, err := readBase(out.Base)
	if err != nil {
		return Signed{}, notOurs("%v", err)
	}
	files, err := b.attachments(limits)
	if errors.Is(err, ErrTooLarge) {
		return Signed{}, err
	} else if err != nil {
		return Signed{}, notOurs("%v", err)
	}
	u, err := readUpdate(b, pdf, start, h)
	if err != nil {
		return Signed{}, notOurs("%v", err)
	}
	added, again, err := u.write(b, start)
	if err != nil || again != h || len(added) != len(pdf)-start ||
		!bytes.Equal(added[:h.start-start], pdf[start:h.start]) || !bytes.Equal(added[h.end-start:], pdf[h.end:]) {
		return Signed{}, notOurs("what was added on signing has another form")
	}
	for i := range files {
		files[i].Relationship = u.relations[i]
	}
	out.At, out.Name, out.Reason, out.Location, out.Contact = u.at, u.name, u.reason, u.location, u.contact
	out.Language, out.Attachments = u.language, files
	return out, nil
}

// find returns where the update starts, and the hole of the signature. Only the last signature can cover the whole file.
func find(pdf []byte) (start int, h hole, err error) {
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return 0, h, &Error{Msg: "the file is not a PDF", Hint: "give the PDF that was sent", Err: ErrProfile}
	}
	head := bytes.LastIndex(pdf, []byte(sigHead))
	if head < 0 {
		if bytes.Contains(pdf, []byte("/ByteRange")) {
			return 0, h, notOurs("it has a signature of another form")
		}
		return 0, h, &Error{Msg: "the PDF is not signed", Hint: "give the signed one", Err: ErrNotSigned}
	}
	s := &scanner{b: pdf, i: head}
	sig, err := s.value(0)
	if err != nil {
		return 0, h, changed("its signature cannot be read")
	}
	ranges, _ := sig.get("ByteRange")
	contents, _ := sig.get("Contents")
	if contents.kind != text || len(ranges.items) != 4 {
		return 0, h, changed("its signature is not whole")
	}
	h.end = head + len(sig.raw) - len(">>")
	h.start = h.end - len(contents.raw)
	if !bytes.Equal(pdf[h.start:h.end], contents.raw) {
		return 0, h, changed("its signature is not whole")
	}
	if covered := h.end + ranges.items[3].n; covered > h.end && covered < len(pdf) && ranges.items[2].n == h.end {
		return 0, h, changed("%d bytes were added after signing", len(pdf)-covered)
	}
	if string(ranges.raw) != byteRange(h, len(pdf)) {
		return 0, h, changed("its signature does not cover the whole file")
	}
	// The update starts with the signature's object, after the base's last line.
	line := bytes.LastIndex(pdf[:max(head-1, 0)], []byte("\n"))
	if line < 0 || pdf[head-1] != '\n' {
		return 0, h, notOurs("its signature does not follow its pages")
	}
	return line + 1, h, nil
}

// verifySignature checks the signature over the file, and that its timestamp is intact.
func verifySignature(pdf []byte, h hole) (Signed, error) {
	padded := make([]byte, (h.end-h.start)/2-1)
	if len(padded) > maxRoom {
		return Signed{}, notOurs("the room for its signature is too much")
	}
	if _, err := hex.Decode(padded, pdf[h.start+1:h.end-1]); err != nil {
		return Signed{}, changed("its signature cannot be read")
	}
	var raw asn1.RawValue
	padding, err := asn1.Unmarshal(padded, &raw)
	if err != nil {
		return Signed{}, changed("its signature cannot be read")
	}
	if len(bytes.Trim(padding, "\x00")) > 0 {
		return Signed{}, changed("there is something beside its signature")
	}
	out := Signed{Level: "B-B"}
	if out.Signature, err = cms.Verify(raw.FullBytes, digest(pdf, h)); err != nil {
		return Signed{}, changed("%s", short(err))
	}
	if out.Token = out.Signature.Token; out.Token != nil {
		out.Level = "B-T"
		if out.Stamp, err = timestamp.Verify(out.Token, out.Signature.Value, nil); !errors.Is(err, timestamp.ErrUntrusted) {
			return Signed{}, changed("its timestamp does not verify")
		}
	}
	return out, nil
}

// readUpdate reads what an update says. It is lenient: what it misses shows when the update is made again.
func readUpdate(b *base, pdf []byte, start int, h hole) (update, error) {
	u := update{room: (h.end-h.start)/2 - 1}
	s := &scanner{b: pdf, i: start}
	added := map[int]object{}
	for !s.literal("xref\n") {
		n, o, err := s.object()
		if err != nil {
			return u, err
		}
		added[n] = o
	}
	sig, widget, drawn := added[len(b.objects)].value, added[len(b.objects)+1].value, added[len(b.objects)+2]
	at, _ := sig.get("M")
	var err error
	if u.at, err = time.Parse(dateLayout, at.text); err != nil {
		return u, fmt.Errorf("its time cannot be read")
	}
	for key, into := range map[string]*string{"Name": &u.name, "Reason": &u.reason, "Location": &u.location, "ContactInfo": &u.contact} {
		v, _ := sig.get(key)
		*into = decoded(v.text)
	}
	rect, _ := widget.get("Rect")
	u.look = readLook(rect.items, string(drawn.stream))
	lang, _ := added[b.root].value.get("Lang")
	u.language = lang.text
	for _, n := range b.files {
		relation, _ := added[n].value.get("AFRelationship")
		if relation.text != Data && relation.text != Source {
			return u, fmt.Errorf("what an attachment is to the document is not said")
		}
		u.relations = append(u.relations, relation.text)
	}
	return u, u.check()
}
