package pades

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"time"

	"waarborg/internal/say"
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
		return Signed{}, &say.Error{Msg: say.Both("the PDF has %d bytes, which is too large",
			"de PDF heeft %d bytes, en dat is te groot", len(pdf)),
			Hint: say.Both("check where the file comes from", "controleer waar het bestand vandaan komt"), Err: ErrTooLarge}
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
		return Signed{}, notOurs(say.Of(err))
	}
	files, err := b.attachments(limits)
	if errors.Is(err, ErrTooLarge) {
		return Signed{}, err
	} else if err != nil {
		return Signed{}, notOurs(say.Of(err))
	}
	u, err := readUpdate(b, pdf, start, h)
	if err != nil {
		return Signed{}, notOurs(say.Of(err))
	}
	added, again, err := u.write(b, start)
	if err != nil || again != h || len(added) != len(pdf)-start ||
		!bytes.Equal(added[:h.start-start], pdf[start:h.start]) || !bytes.Equal(added[h.end-start:], pdf[h.end:]) {
		return Signed{}, notOurs(say.Both("what was added on signing has another form",
			"wat bij het ondertekenen is toegevoegd, heeft een andere vorm"))
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
		return 0, h, &say.Error{Msg: say.Both("the file is not a PDF", "het bestand is geen PDF"),
			Hint: say.Both("give the PDF that was sent", "geef de PDF die is verstuurd"), Err: ErrProfile}
	}
	head := bytes.LastIndex(pdf, []byte(sigHead))
	if head < 0 {
		if bytes.Contains(pdf, []byte("/ByteRange")) {
			return 0, h, notOurs(say.Both("it has a signature of another form", "er staat een handtekening van een andere vorm in"))
		}
		return 0, h, &say.Error{Msg: say.Both("the PDF is not signed", "de PDF is niet ondertekend"),
			Hint: say.Both("give the signed one", "geef de ondertekende"), Err: ErrNotSigned}
	}
	s := &scanner{b: pdf, i: head}
	sig, err := s.value(0)
	if err != nil {
		return 0, h, changed(say.Both("its signature cannot be read", "de handtekening is niet te lezen"))
	}
	ranges, _ := sig.get("ByteRange")
	contents, _ := sig.get("Contents")
	if contents.kind != text || len(ranges.items) != 4 {
		return 0, h, changed(say.Both("its signature is not whole", "de handtekening is niet volledig"))
	}
	h.end = head + len(sig.raw) - len(">>")
	h.start = h.end - len(contents.raw)
	if !bytes.Equal(pdf[h.start:h.end], contents.raw) {
		return 0, h, changed(say.Both("its signature is not whole", "de handtekening is niet volledig"))
	}
	if covered := h.end + ranges.items[3].n; covered > h.end && covered < len(pdf) && ranges.items[2].n == h.end {
		return 0, h, changed(say.Both("%d bytes were added after signing",
			"bytes die na het ondertekenen zijn toegevoegd: %d", len(pdf)-covered))
	}
	if string(ranges.raw) != byteRange(h, len(pdf)) {
		return 0, h, changed(say.Both("its signature does not cover the whole file", "de handtekening dekt niet het hele bestand"))
	}
	// The update starts with the signature's object, after the base's last line.
	line := bytes.LastIndex(pdf[:max(head-1, 0)], []byte("\n"))
	if line < 0 || pdf[head-1] != '\n' {
		return 0, h, notOurs(say.Both("its signature does not follow its pages", "de handtekening volgt niet op de pagina's"))
	}
	return line + 1, h, nil
}

// verifySignature checks the signature over the file, and that its timestamp is intact.
func verifySignature(pdf []byte, h hole) (Signed, error) {
	padded := make([]byte, (h.end-h.start)/2-1)
	if len(padded) > maxRoom {
		return Signed{}, notOurs(say.Both("the room for its signature is too much", "er is te veel ruimte voor de handtekening"))
	}
	if _, err := hex.Decode(padded, pdf[h.start+1:h.end-1]); err != nil {
		return Signed{}, changed(say.Both("its signature cannot be read", "de handtekening is niet te lezen"))
	}
	var raw asn1.RawValue
	padding, err := asn1.Unmarshal(padded, &raw)
	if err != nil {
		return Signed{}, changed(say.Both("its signature cannot be read", "de handtekening is niet te lezen"))
	}
	if len(bytes.Trim(padding, "\x00")) > 0 {
		return Signed{}, changed(say.Both("there is something beside its signature", "er staat iets naast de handtekening"))
	}
	out := Signed{Level: "B-B"}
	if out.Signature, err = cms.Verify(raw.FullBytes, digest(pdf, h)); err != nil {
		return Signed{}, changed(say.Of(err))
	}
	if out.Token = out.Signature.Token; out.Token != nil {
		out.Level = "B-T"
		if out.Stamp, err = timestamp.Verify(out.Token, out.Signature.Value, nil); !errors.Is(err, timestamp.ErrUntrusted) {
			return Signed{}, changed(say.Both("its timestamp does not verify", "het tijdstempel klopt niet"))
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
		return u, because(say.Both("its time cannot be read", "het tijdstip is niet te lezen"))
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
			return u, because(say.Both("what an attachment is to the document is not said",
				"er staat niet bij wat een bijlage voor het document is"))
		}
		u.relations = append(u.relations, relation.text)
	}
	return u, u.check()
}
