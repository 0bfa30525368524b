package inventory

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waarborg/internal/durable"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// A snapshot file is gzip of this JSON, to the byte: every resource and principal is a line, so that a reader needs no
// more memory than its longest line and what it keeps, and no other bytes can mean the same.
//
//	{"schema":"waarborg.snapshot/v1",
//	"header":{…},
//	"seal":{…},
//	"particulars":{…},
//	"principals":{
//	"p-…":"…",
//	"p-…":"…"
//	},
//	"resources":[
//	{"resource":{…},"salt":"…"},
//	{"resource":{…},"salt":"…"}
//	]}
const (
	lineSchema       = `{"schema":"` + SnapshotSchema + `",`
	startHeader      = `"header":`
	startSeal        = `"seal":`
	startParticulars = `"particulars":`
	linePrincipals   = `"principals":{`
	lineResources    = `"resources":[`
	lineEnd          = `]}`
)

// Write writes the snapshot, sealed by seal, which gets the message to sign. The same snapshot and seal give the same
// bytes.
func (s Snapshot) Write(w io.Writer, seal func(message []byte) (Seal, error)) (Sealed, error) {
	limits := Limits{}.orDefaults()
	header, particulars, principals, err := s.header(limits)
	if err != nil {
		return Sealed{}, err
	}
	message, err := header.Message()
	if err != nil {
		return Sealed{}, err
	}
	for _, raw := range [][]byte{message, particulars} {
		if len(raw)+len(startParticulars)+1 > limits.Line || depth(raw) > limits.Depth {
			return Sealed{}, &say.Error{Msg: say.Both("the header of the snapshot is too large", "de kop van de momentopname is te groot"),
				Hint: say.Both("collect fewer sources into one snapshot", "verzamel minder bronnen in één momentopname")}
		}
	}
	signature, err := seal(message)
	if err != nil {
		return Sealed{}, err
	}
	sealText, err := strictjson.Canonical(signature)
	if err != nil {
		return Sealed{}, &say.Error{Msg: say.Both("the seal of the snapshot cannot be encoded",
			"het zegel van de momentopname is niet te coderen"), Err: err}
	}
	packed := &counter{w: w}
	zip := gzip.NewWriter(packed) // its header has no name and no time
	plain := &counter{w: zip}
	out := bufio.NewWriterSize(plain, 64<<10)
	fmt.Fprintf(out, "%s\n%s%s,\n%s%s,\n%s%s,\n", lineSchema, startHeader, message, startSeal, sealText, startParticulars, particulars)
	if err := s.writeBody(out, principals); err != nil {
		return Sealed{}, err
	}
	if err := errors.Join(out.Flush(), zip.Close()); err != nil {
		return Sealed{}, &say.Error{Msg: say.Both("the snapshot cannot be written", "de momentopname is niet te schrijven"),
			Hint: say.Both("check the disk", "controleer de schijf"), Err: err}
	}
	if tooLarge(plain.n, packed.n, limits) {
		return Sealed{}, &say.Error{Msg: say.Both("the snapshot of %d bytes is too large to be read again",
			"de momentopname van %d bytes is te groot om weer te lezen", plain.n),
			Hint: say.Both("collect fewer sources into one snapshot", "verzamel minder bronnen in één momentopname")}
	}
	return Sealed{header, signature}, nil
}

func tooLarge(plain, packed int64, l Limits) bool {
	return plain > l.Bytes || plain > 1<<20 && plain > packed*l.Ratio
}

// header checks the snapshot and works out what the seal signs, the particulars and the lines of the principals. Lines are
// encoded here and again when they are written: that is cheaper than to keep them all in memory.
func (s Snapshot) header(limits Limits) (h Header, particulars []byte, principals []string, err error) {
	if len(s.Salts) != len(s.Resources) {
		return Header{}, nil, nil, saltError(s)
	}
	if len(s.Resources) > limits.Resources {
		return Header{}, nil, nil, &say.Error{Msg: say.Both("%d resources are too many for one snapshot",
			"%d objecten is te veel voor één momentopname", len(s.Resources)),
			Hint: say.Both("collect fewer sources into one snapshot", "verzamel minder bronnen in één momentopname")}
	}
	check, leaves := newChecker(), make([]tlog.Hash, len(s.Resources))
	for i, r := range s.Resources {
		if err := check.add(r); err != nil {
			return Header{}, nil, nil, err
		}
		enc, err := line{r, s.Salts[i]}.encode()
		if err != nil {
			return Header{}, nil, nil, err
		}
		if len(enc)+2 > limits.Line || depth(enc) > limits.Depth {
			return Header{}, nil, nil, &say.Error{Msg: say.Both("resource %q is too large for a snapshot",
				"object %q is te groot voor een momentopname", r.ID),
				Hint: say.Both("its collector reports more than facts", "de collector meldt meer dan feiten")}
		}
		if leaves[i], err = (line{r, s.Salts[i]}).leaf(enc); err != nil {
			return Header{}, nil, nil, err
		}
	}
	tree, _, err := grow(s.Salts, leaves, s.Salt)
	if err != nil {
		return Header{}, nil, nil, err
	}
	return s.head(check.kinds, tree)
}

// head puts the header together from what was found of the resources.
func (s Snapshot) head(kinds map[Kind]int, tree *Tree) (h Header, particulars []byte, principals []string, err error) {
	principals, digest, err := principalLines(s.Principals)
	if err != nil {
		return Header{}, nil, nil, err
	}
	p := s.particulars(kinds)
	if particulars, err = p.encode(); err != nil {
		return Header{}, nil, nil, err
	}
	return Header{Schema: SnapshotSchema, CreatedAt: s.CreatedAt.UTC().Truncate(time.Second), ToolVersion: s.ToolVersion,
		WorkspaceDigest: s.WorkspaceDigest, DataMapDigest: s.DataMapDigest, Leaves: tree.Leaves(), Root: tree.Root(),
		PrincipalsDigest: digest, ParticularsDigest: hexSum(particulars)}, particulars, principals, nil
}

func (s Snapshot) particulars(kinds map[Kind]int) Particulars {
	p := Particulars{Kinds: kinds, Resources: len(s.Resources), Salt: s.Salt, Sources: s.Sources}
	if p.Sources == nil {
		p.Sources = []SourceOutcome{}
	}
	return p
}

func (s Snapshot) writeBody(out *bufio.Writer, principals []string) error {
	fmt.Fprintln(out, linePrincipals)
	for i, line := range principals {
		out.WriteString(line)
		endLine(out, i, len(principals))
	}
	fmt.Fprintf(out, "},\n%s\n", lineResources)
	for i, r := range s.Resources {
		enc, err := line{r, s.Salts[i]}.encode()
		if err != nil {
			return err
		}
		out.Write(enc)
		endLine(out, i, len(s.Resources))
	}
	fmt.Fprintln(out, lineEnd) // bufio keeps the first error; Flush returns it
	return nil
}

func endLine(out *bufio.Writer, i, n int) {
	if i < n-1 {
		out.WriteByte(',')
	}
	out.WriteByte('\n')
}

// WriteFile writes the snapshot into a file, mode 0600, in the place of one that may be there. On any error nothing
// changes and no half file is left.
func (s Snapshot) WriteFile(path string, seal func(message []byte) (Seal, error)) (Sealed, error) {
	var sealed Sealed
	var inner error
	err := durable.Replace(path, 0o600, func(w io.Writer) error {
		sealed, inner = s.Write(w, seal)
		return inner
	})
	if err != nil && inner == nil {
		err = &say.Error{Msg: say.Both("the snapshot is not saved: %s", "de momentopname is niet bewaard: %s", err),
			Hint: say.Both("check the folder and who may write there", "controleer de map en wie daar mag schrijven"), Err: err}
	}
	if err != nil {
		return Sealed{}, err
	}
	return sealed, nil
}

// counter counts the bytes that pass to w.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// checker holds what must be true of all resources of a snapshot together.
type checker struct {
	kinds map[Kind]int
	known map[Kind]bool
	ids   map[string]struct{}
	last  Resource
}

func newChecker() *checker {
	c := &checker{kinds: map[Kind]int{}, known: map[Kind]bool{}, ids: map[string]struct{}{}}
	for _, k := range Kinds() {
		c.known[k.Kind()] = true
	}
	return c
}

// errDisorder says that a resource has no id, one that is there already, or is not in its place.
var errDisorder = errors.New("not in order")

// add checks the next resource: a known kind, an id that is new, and the right order.
func (c *checker) add(r Resource) error {
	if !c.known[r.Kind] {
		return &say.Error{Msg: say.Both("resource %q is of a kind that this version does not know",
			"object %q is van een soort die deze versie niet kent", r.ID),
			Hint: say.Both("use a newer Waarborg", "gebruik een nieuwere Waarborg")}
	}
	if _, dup := c.ids[r.ID]; dup || r.ID == "" || len(c.ids) > 0 && Compare(c.last, r) >= 0 {
		return &say.Error{Msg: say.Both("resource %q is there twice, or not in the order of kind and id",
			"object %q staat er twee keer in, of niet op volgorde van soort en id", r.ID),
			Hint: say.Both("give each source an id of its own, and make the snapshot with NewSnapshot",
				"geef elke bron een eigen id, en maak de momentopname met NewSnapshot"), Err: errDisorder}
	}
	c.ids[r.ID] = struct{}{}
	c.kinds[r.Kind]++
	c.last = r
	return nil
}
