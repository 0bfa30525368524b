package inventory

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// ReadSnapshot reads a snapshot and checks all of it: size, form, order, each resource against the root, and the seal
// through verify, which gets the signed message and returns nil only for an intact seal of a trusted key. An error is a
// *say.Error. verify is called once, as soon as header and seal are read, and an error of it comes last and can be found with errors.Is: then everything but the seal is intact.
func ReadSnapshot(r io.Reader, limits Limits, verify func(message []byte, seal Seal) error) (Snapshot, Sealed, error) {
	limits = limits.orDefaults()
	packed := &countReader{r: bufio.NewReader(r)}
	zip, err := gzip.NewReader(packed)
	if err != nil {
		return Snapshot{}, Sealed{}, notSnapshot(err)
	}
	zip.Multistream(false)
	if zip.Name != "" || zip.Comment != "" || len(zip.Extra) > 0 || !zip.ModTime.IsZero() {
		return Snapshot{}, Sealed{}, changed(say.Both("its gzip header was rewritten", "de gzip-kop is herschreven"))
	}
	snap, sealed, err := decode(&capReader{r: zip, packed: packed, limits: limits}, limits, verify)
	if err != nil {
		return Snapshot{}, Sealed{}, err
	}
	if _, err := packed.ReadByte(); err != io.EOF {
		return Snapshot{}, Sealed{}, changed(say.Both("something follows its end", "er volgt nog iets na het einde"))
	}
	return snap, sealed, nil
}

// ReadSnapshotFile reads the snapshot in a file.
func ReadSnapshotFile(path string, limits Limits, verify func(message []byte, seal Seal) error) (Snapshot, Sealed, error) {
	f, err := os.Open(path)
	if err != nil {
		return Snapshot{}, Sealed{}, &say.Error{Msg: say.Both("cannot read snapshot %s", "kan momentopname %s niet lezen", path),
			Hint: say.Both("check the name and who may read it", "controleer de naam en wie het mag lezen"), Err: err}
	}
	defer f.Close()
	return ReadSnapshot(f, limits, verify)
}

// decode reads the unpacked form.
func decode(r io.Reader, limits Limits, verify func([]byte, Seal) error) (Snapshot, Sealed, error) {
	d := &lines{r: bufio.NewReaderSize(r, limits.Line+64), limits: limits}
	sealed, message := d.head()
	var sealErr error
	if d.err == nil {
		sealErr = verify(message, sealed.Seal)
	}
	h := sealed.Header
	p := d.particulars(h)
	snap := Snapshot{Salt: p.Salt, Info: Info{CreatedAt: h.CreatedAt, ToolVersion: h.ToolVersion, WorkspaceDigest: h.WorkspaceDigest,
		DataMapDigest: h.DataMapDigest, Sources: p.Sources}}
	snap.Principals = d.principals(h.PrincipalsDigest)
	snap.Resources, snap.Salts = d.resources(h, p)
	d.end()
	if d.err != nil {
		return Snapshot{}, Sealed{}, d.err
	}
	if sealErr != nil {
		return Snapshot{}, Sealed{}, &say.Error{Msg: say.Both("the seal of the snapshot is not accepted: %s",
			"het zegel van de momentopname wordt niet aanvaard: %s", sealErr), Hint: say.HintOf(sealErr), Err: sealErr}
	}
	return snap, sealed, nil
}

// lines reads a snapshot line by line. After the first error the rest of its methods do nothing.
type lines struct {
	r      *bufio.Reader
	limits Limits
	n      int // lines read
	err    error
}

// next returns the next line without its line feed. It is valid until the next call.
func (d *lines) next() []byte {
	if d.err != nil {
		return nil
	}
	d.n++
	line, err := d.r.ReadSlice('\n')
	var known *say.Error
	switch {
	case err == nil:
		return line[:len(line)-1]
	case errors.As(err, &known):
		d.err = known
	case errors.Is(err, bufio.ErrBufferFull):
		d.err = changed(say.Both("line %d is longer than %d bytes", "regel %d is langer dan %d bytes", d.n, d.limits.Line))
	case d.n == 1 && err == io.EOF:
		d.err = notSnapshot(err)
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		d.err = &say.Error{Msg: say.Both("the snapshot is cut off in line %d", "de momentopname is afgebroken in regel %d", d.n),
			Hint: say.Both("copy it again, or collect again", "kopieer die opnieuw, of verzamel opnieuw"), Err: io.ErrUnexpectedEOF}
	default:
		d.err = &say.Error{Msg: say.Both("the snapshot is damaged at line %d", "de momentopname is beschadigd bij regel %d", d.n),
			Hint: say.Both("copy it again, or collect again", "kopieer die opnieuw, of verzamel opnieuw"), Err: err}
	}
	return nil
}

func (d *lines) expect(want string) {
	if got := d.next(); d.err == nil && string(got) != want {
		d.err = changed(say.Both("line %d is not what belongs there", "regel %d is niet wat daar hoort", d.n))
	}
}

// value reads a line of a name and canonical JSON, and unmarshals it into v, a field that it does not know being an
// error. The raw JSON is valid until the next line.
func (d *lines) value(start, after string, v any) []byte {
	line := d.next()
	raw, ok := bytes.CutPrefix(line, []byte(start))
	raw, ok2 := bytes.CutSuffix(raw, []byte(after))
	if d.err == nil && !(ok && ok2) {
		d.err = changed(say.Both("line %d is not what belongs there", "regel %d is niet wat daar hoort", d.n))
	}
	d.unmarshal(raw, v)
	return raw
}

func (d *lines) unmarshal(raw []byte, v any) {
	if d.err != nil {
		return
	}
	if depth(raw) > d.limits.Depth {
		d.err = changed(say.Both("line %d nests deeper than %d", "regel %d is dieper genest dan %d", d.n, d.limits.Depth))
		return
	}
	err := json.Unmarshal(raw, v, json.RejectUnknownMembers(true))
	if errors.Is(err, json.ErrUnknownName) {
		d.err = &say.Error{Msg: say.Both("line %d of the snapshot has a field that this version does not know",
			"regel %d van de momentopname heeft een veld dat deze versie niet kent", d.n),
			Hint: say.Both("it was made by a newer Waarborg: use that version or a later one",
				"die is gemaakt met een nieuwere Waarborg: gebruik die versie of een latere")}
		return
	}
	if err == nil {
		form := jsontext.Value(bytes.Clone(raw))
		if err = form.Canonicalize(); err == nil && !bytes.Equal(form, raw) {
			err = errors.New("not canonical")
		}
	}
	if err != nil {
		d.err = changed(say.Both("line %d is not the JSON that belongs there", "regel %d is niet de JSON die daar hoort", d.n))
	}
}

func (d *lines) head() (Sealed, []byte) {
	if first := string(d.next()); d.err == nil && first != lineSchema {
		if strings.HasPrefix(first, `{"schema":"`+schemaPrefix) {
			d.err = &say.Error{Msg: say.Both("the snapshot was made by a newer Waarborg",
				"de momentopname is gemaakt met een nieuwere Waarborg"),
				Hint: say.Both("use that version or a later one", "gebruik die versie of een latere")}
		} else {
			d.err = notSnapshot(nil)
		}
	}
	var s Sealed
	message := bytes.Clone(d.value(startHeader, ",", &s.Header))
	sealText := d.value(startSeal, ",", &s.Seal)
	if d.err == nil {
		// Base64 has several forms of one value; only one is a seal.
		if form, err := strictjson.Canonical(s.Seal); err != nil || !bytes.Equal(form, sealText) {
			d.err = changed(say.Both("its seal was rewritten", "het zegel is herschreven"))
		}
	}
	if h := s.Header; d.err == nil && (h.Schema != SnapshotSchema || h.checkLeaves() != nil || h.Leaves > leavesFor(d.limits.Resources)) {
		d.err = changed(say.Both("its header does not fit", "de kop past niet"))
	}
	return s, message
}

func (d *lines) particulars(h Header) (p Particulars) {
	raw := d.value(startParticulars, ",", &p)
	if d.err == nil && hexSum(raw) != h.ParticularsDigest {
		d.err = changed(say.Both("its sources are not those that were sealed", "de bronnen zijn niet die welke zijn verzegeld"))
	}
	if d.err == nil && (p.Resources < 0 || p.Resources > d.limits.Resources || leavesFor(p.Resources) != h.Leaves) {
		d.err = changed(say.Both("its header does not fit its sources", "de kop past niet bij de bronnen"))
	}
	return p
}

func (d *lines) principals(digest string) map[string]string {
	out := map[string]string{}
	var members []string
	d.expect(linePrincipals)
	for more := true; more; {
		line := d.next()
		if d.err != nil || len(members) == 0 && string(line) == "}," {
			break
		}
		line, more = bytes.CutSuffix(line, []byte(","))
		m := principalLine.FindSubmatch(line)
		if m == nil || len(members) > 0 && members[len(members)-1] >= string(line) {
			d.err = changed(say.Both("line %d is not a principal, or not in order",
				"regel %d is geen principal, of staat niet op volgorde", d.n))
			break
		}
		out[string(m[1])] = string(m[2])
		members = append(members, string(line))
		if !more {
			d.expect("},")
		}
	}
	if d.err == nil && (principalsDigest(members) != digest || len(out) != len(members)) {
		d.err = changed(say.Both("its principals are not those that were sealed", "de principals zijn niet die welke zijn verzegeld"))
	}
	return out
}

func (d *lines) resources(h Header, p Particulars) ([]Resource, []Salt) {
	d.expect(lineResources)
	if d.err != nil {
		return nil, nil
	}
	// Not more at once than a small file can hold: the number is not trusted yet.
	resources, salts := make([]Resource, 0, min(p.Resources, 1<<16)), make([]Salt, 0, min(p.Resources, 1<<16))
	check, leaves := newChecker(), []tlog.Hash{}
	for i := range p.Resources {
		after := ","
		if i == p.Resources-1 {
			after = ""
		}
		var l line
		raw := d.value("", after, &l)
		if d.err == nil {
			d.err = check.add(l.Resource)
		}
		if errors.Is(d.err, errDisorder) {
			d.err = changed(say.Both("the resource in line %d is there twice, or out of order",
				"het object in regel %d staat er twee keer in, of niet op volgorde", d.n))
		}
		var leaf tlog.Hash
		if d.err == nil {
			leaf, d.err = l.leaf(raw)
		}
		if d.err != nil {
			break
		}
		resources, salts, leaves = append(resources, l.Resource), append(salts, l.Salt), append(leaves, leaf)
	}
	d.expect(lineEnd)
	if d.err == nil {
		tree, _, err := grow(salts, leaves, p.Salt)
		if err != nil || tree.Root() != h.Root || !maps.Equal(check.kinds, p.Kinds) {
			d.err = changed(say.Both("its resources are not those that were sealed", "de objecten zijn niet die welke zijn verzegeld"))
		}
	}
	return slices.Clip(resources), slices.Clip(salts)
}

// leaf hashes the leaf of a line, of which raw is the canonical JSON.
func (l line) leaf(raw []byte) (tlog.Hash, error) {
	p, err := split(raw, l)
	if err != nil {
		return tlog.Hash{}, changed(say.Both("a resource has not the form that belongs to it",
			"een object heeft niet de vorm die erbij hoort"))
	}
	return tlog.RecordHash(p.leaf(l.Resource.Kind, l.Salt)), nil
}

// end makes sure that nothing follows; reading to the end also checks gzip's own checksum.
func (d *lines) end() {
	if d.err != nil {
		return
	}
	if _, err := d.r.ReadByte(); err == nil {
		d.err = changed(say.Both("something follows its end", "er volgt nog iets na het einde"))
	} else if err != io.EOF {
		d.err = changed(say.Both("its checksum does not fit", "de controlesom past niet"))
	}
}

func changed(how say.Text) *say.Error {
	return &say.Error{Msg: say.Both("the snapshot was changed or damaged: %s", "de momentopname is gewijzigd of beschadigd: %s", how),
		Hint: say.Both("get the original again, or collect again", "haal het origineel opnieuw op, of verzamel opnieuw")}
}

func notSnapshot(err error) *say.Error {
	return &say.Error{Msg: say.Both("this is not a snapshot", "dit is geen momentopname"),
		Hint: say.Both("name a file that `waarborg collect` made", "noem een bestand dat `waarborg collect` heeft gemaakt"), Err: err}
}

// countReader counts the packed bytes. As a ByteReader it keeps gzip from reading past its end.
type countReader struct {
	r *bufio.Reader
	n int64
}

func (c *countReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *countReader) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// capReader stops at a file that unpacks to too much.
type capReader struct {
	r      io.Reader
	packed *countReader
	limits Limits
	n      int64
}

func (c *capReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if tooLarge(c.n, c.packed.n, c.limits) {
		return 0, &say.Error{Msg: say.Both("the snapshot unpacks to more than %d bytes, or more than %d times its size",
			"de momentopname pakt uit tot meer dan %d bytes, of meer dan %d keer de eigen grootte", c.limits.Bytes, c.limits.Ratio),
			Hint: say.Both("it is no snapshot of Waarborg; if it is, collect fewer sources into one",
				"het is geen momentopname van Waarborg; is het dat wel, verzamel dan minder bronnen in één")}
	}
	return n, err
}
