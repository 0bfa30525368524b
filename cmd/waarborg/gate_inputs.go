package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waarborg/internal/assess"
	"waarborg/internal/collect"
	"waarborg/internal/collect/arm"
	"waarborg/internal/collect/file"
	"waarborg/internal/collect/kubernetes"
	"waarborg/internal/collect/terraform"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// gateInputs are the inputs of a run, opened.
type gateInputs struct {
	readers []gate.Reader
	files   []*os.File
	sums    []chan string
	beside  []gate.Info // files that decide how the inputs are read
}

// units is how many units there are in all inputs.
func (x *gateInputs) units() (n int) {
	for _, r := range x.readers {
		n += r.Units()
	}
	return n
}

func (x *gateInputs) close() {
	for _, r := range x.readers {
		r.Close() // they were only read
	}
	for _, f := range x.files {
		f.Close()
	}
}

// digests completes the report with the digests of the inputs' bytes, which were made beside everything else.
func (x *gateInputs) digests(r *gate.Report) error {
	for i, sum := range x.sums {
		if r.Inputs[i].Digest = <-sum; r.Inputs[i].Digest == "" {
			return fails(say.Both("%s cannot be read to its end", "%s is niet tot het einde te lezen", r.Inputs[i].Name), say.Text{})
		}
	}
	r.Inputs = append(slices.Clip(r.Inputs), x.beside...)
	return nil
}

// readBeside notes the files that decide how inputs are read: with other parameters or another mapping it is another deploy that is
// judged, so an attestation must be of these, too.
func (x *gateInputs) readBeside(o gateOptions, mappings []asMapping) error {
	note := func(name, format string) error {
		sum, err := fileDigest(name)
		if err != nil {
			return fails(say.Both("cannot read %s: %s", "kan %s niet lezen: %s", name, reasonOf(err)), say.Both("check the name", "controleer de naam"))
		}
		info, err := os.Stat(name)
		if err == nil {
			x.beside = append(x.beside, gate.Info{Name: filepath.Base(name), Format: format, Digest: sum, Size: info.Size()})
		}
		return err
	}
	if o.parameters != "" {
		if err := note(o.parameters, "arm-parameters"); err != nil {
			return err
		}
	}
	for _, as := range mappings {
		if err := note(as.file, "mapping"); err != nil {
			return err
		}
	}
	return nil
}

// gateNames are the pseudonyms of a run. Addresses can have the name of a person as the key of an instance: with the workspace's
// own key, which a pipeline seldom has, they get the same token every time.
func (a *app) gateNames(s *space) (*inventory.Pseudonyms, func(string) string, error) {
	key, err := a.pseudonymKey(s)
	if err != nil {
		return passingNames()
	}
	return namesBy(key)
}

// opener opens the inputs of one run.
type opener struct {
	*app
	space *space
	o     gateOptions
	names *inventory.Pseudonyms
	raw   []inventory.Kind // kinds of resources that rules ask for as they are
	as    []asMapping
}

// asMapping is one --as.
type asMapping struct{ kind, file string }

// openInputs finds out what each input is, and opens it.
func (a *app) openInputs(ctx context.Context, s *space, args []string, o gateOptions, names *inventory.Pseudonyms, team *assess.Policies) (*gateInputs, error) {
	x := &gateInputs{}
	op := opener{app: a, space: s, o: o, names: names}
	if team != nil {
		op.raw = team.RawKinds()
	}
	for _, as := range o.as {
		kind, name, ok := strings.Cut(as, "=")
		if !ok || kind == "" || name == "" {
			return x, fails(say.Both("--as %s is not of the form KIND=MAPPING.yaml", "--as %s heeft niet de vorm KIND=MAPPING.yaml", as),
				say.Both("such as --as datastore=mapping.yaml", "zoals --as datastore=mapping.yaml"))
		}
		op.as = append(op.as, asMapping{kind, name})
	}
	if i := slices.Index(args, "-"); i >= 0 && slices.Contains(args[i+1:], "-") {
		return x, fails(say.Both("standard input can be read only once", "de standaardinvoer kan maar één keer worden gelezen"), say.Text{})
	}
	for _, arg := range args {
		f, name, err := op.file(ctx, arg)
		if err != nil {
			return x, err
		}
		x.files = append(x.files, f)
		info, err := f.Stat()
		if err != nil {
			return x, err
		}
		r, err := op.reader(ctx, f, name, info.Size())
		if err != nil {
			return x, err
		}
		x.readers = append(x.readers, r)
		sum := make(chan string, 1)
		x.sums = append(x.sums, sum)
		go func() {
			if have := r.Info().Digest; have != "" {
				sum <- have
				return
			}
			sum <- digestOf(io.NewSectionReader(f, 0, info.Size()))
		}()
	}
	return x, x.readBeside(o, op.as)
}

// digestOf is empty where the file cannot be read.
func digestOf(r io.Reader) string {
	h := sha256.New()
	if _, err := io.CopyBuffer(h, r, make([]byte, 256<<10)); err != nil {
		return ""
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// maxSpool is the size of an input that is no file, in bytes.
const maxSpool = 8 << 30

// file opens an input. What is no regular file, such as a pipe, is first copied to a file that nobody else can open.
func (op opener) file(ctx context.Context, arg string) (f *os.File, name string, err error) {
	in := op.in
	if arg != "-" {
		f, err := until(ctx, func() (*os.File, error) { return os.Open(arg) })
		if err != nil {
			return nil, "", fails(say.Both("cannot read %s: %s", "kan %s niet lezen: %s", arg, reasonOf(err)), say.Both("check the name", "controleer de naam"))
		}
		info, err := f.Stat()
		switch {
		case err != nil:
			return nil, "", errors.Join(err, f.Close())
		case info.IsDir():
			f.Close()
			return nil, "", fails(say.Both("%s is a folder", "%s is een map", arg), say.Both("give the files in it", "geef de bestanden die erin staan"))
		case info.Mode().IsRegular():
			return f, filepath.Base(arg), nil
		}
		defer f.Close()
		in, name = f, filepath.Base(arg)
	} else {
		name = "-"
	}
	spooled, err := tempFile()
	if err != nil {
		return nil, "", err
	}
	n, err := until(ctx, func() (int64, error) { return io.Copy(spooled, io.LimitReader(in, maxSpool+1)) })
	if err == nil && n > maxSpool {
		err = fails(say.Both("%s is too large", "%s is te groot", name), say.Text{})
	}
	if err != nil {
		return nil, "", errors.Join(err, spooled.Close())
	}
	return spooled, name, nil
}

// until does what may wait for another program, such as opening or reading a pipe, but no longer than ctx lasts. What then still
// waits ends with the program: reading from a pipe cannot be broken off.
func until[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := do()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// tempFile makes a file that has no name any more, so that nobody else can open it and nothing is left of it.
func tempFile() (*os.File, error) {
	f, err := os.CreateTemp("", "waarborg-*")
	if err != nil {
		return nil, fails(say.Both("cannot make a temporary file: %s", "kan geen tijdelijk bestand maken: %s", reasonOf(err)),
			say.Both("check the disk, or set TMPDIR", "controleer de schijf, of stel TMPDIR in"))
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func reasonOf(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// headSize is how much of an input is looked at to find out what it is, in bytes.
const headSize = 64 << 10

// reader finds out what an input is, and opens it as that.
func (op opener) reader(ctx context.Context, f *os.File, name string, size int64) (gate.Reader, error) {
	head := make([]byte, headSize)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	packed := bytes.HasPrefix(head, []byte{0x1f, 0x8b})
	if packed {
		head = unpackedHead(head)
	}
	whole := func() io.Reader {
		r := io.Reader(io.NewSectionReader(f, 0, size))
		if packed {
			r = &unpacking{r: r}
		}
		return r
	}
	if packed && bytes.HasPrefix(head, []byte(`{"schema":"`+inventory.SnapshotSchema)) {
		return op.snapshot(name, f, size)
	}
	if isTerraform(head) {
		return op.terraform(ctx, f, size, name, packed)
	}
	if _, ok := arm.Is(head); ok {
		return arm.Open(arm.Config{File: name, Input: whole(), Parameters: op.o.parameters, Partial: true, RawTypes: op.rawTypes("arm.")}, op.env("arm"))
	}
	if kubernetes.Is(head) {
		return kubernetes.Open(kubernetes.Config{Name: name, Input: whole(), RawTypes: op.rawTypes("kubernetes.")}, op.env("kubernetes"))
	}
	if len(op.as) > 0 {
		return op.mapped(ctx, name, whole())
	}
	return nil, fails(say.Both("%s: it is not clear what this is", "%s: onduidelijk wat dit is", name),
		say.Both("known are: the JSON of `terraform show -json`, ARM templates and what-if, Kubernetes manifests, snapshots; any other JSON or YAML with --as KIND=MAPPING.yaml",
			"bekend zijn: de JSON van `terraform show -json`, ARM-sjablonen en what-if, Kubernetes-manifesten, momentopnamen; andere JSON of YAML met --as KIND=MAPPING.yaml"))
}

// terraform opens a plan or a state. One that is packed is read as a stream.
func (op opener) terraform(ctx context.Context, f *os.File, size int64, name string, packed bool) (gate.Reader, error) {
	cfg := terraform.Config{File: name, Workers: op.o.workers, RawTypes: op.rawTypes("terraform.")}
	var opened *terraform.File
	var err error
	if packed {
		cfg.File = strings.TrimSuffix(name, ".gz") + ".gz"
		opened, err = terraform.OpenStream(ctx, io.NewSectionReader(f, 0, size), cfg, op.env("terraform"))
	} else {
		opened, err = terraform.OpenAt(ctx, f, size, cfg, op.env("terraform"))
	}
	if err != nil {
		return nil, err
	}
	r, err := opened.Reader(ctx)
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return r, nil
}

// unpacking unpacks gzip when it is first read.
type unpacking struct {
	r   io.Reader
	zip *gzip.Reader
}

func (u *unpacking) Read(p []byte) (int, error) {
	if u.zip == nil {
		var err error
		if u.zip, err = gzip.NewReader(bufio.NewReader(u.r)); err != nil {
			return 0, err
		}
	}
	return u.zip.Read(p)
}

// unpackedHead is what the first part of a gzip file begins with.
func unpackedHead(head []byte) []byte {
	zip, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return nil
	}
	out := make([]byte, headSize)
	n, _ := io.ReadFull(zip, out) // cut off in the middle, as it must be
	return out[:n]
}

// isTerraform tells whether a document begins as the output of `terraform show -json`, or as a state file, which the reader
// refuses with a hint.
func isTerraform(head []byte) bool {
	d := jsontext.NewDecoder(bytes.NewReader(bytes.TrimPrefix(head, []byte("\uFEFF"))))
	if tok, err := d.ReadToken(); err != nil || tok.Kind() != '{' {
		return false
	}
	for d.PeekKind() == '"' {
		key, err := d.ReadToken()
		if err != nil {
			return false
		}
		switch key.String() {
		// In any order: what re-encodes a plan may put a large member first.
		case "format_version", "terraform_version", "resource_changes", "planned_values", "lineage", "configuration", "prior_state",
			"resource_drift", "relevant_attributes", "output_changes":
			return true
		}
		if d.SkipValue() != nil {
			return false
		}
	}
	return false
}

// rawTypes are the types of a format that rules ask for as they are.
func (op opener) rawTypes(prefix string) (out []string) {
	for _, k := range op.raw {
		if typ, ok := strings.CutPrefix(string(k), prefix); ok {
			out = append(out, typ)
		}
	}
	return out
}

// env gives readers what they may use. Resources get the ids that the workspace's own source gives them, so that the data map
// knows them.
func (op opener) env(kind string) collect.Env {
	id := op.o.sourceID
	if id == "" {
		var same []string
		for _, src := range op.space.Config.Sources {
			if src.Type == kind {
				same = append(same, src.ID)
			}
		}
		id = kind
		if len(same) == 1 {
			id = same[0]
		}
	}
	return collect.Env{Source: id, Now: op.now, Pseudonyms: op.names}
}

func (op opener) snapshot(name string, f *os.File, size int64) (gate.Reader, error) {
	snap, sealed, err := op.verifySnapshot(op.space, name, func(verify func([]byte, inventory.Seal) error) (inventory.Snapshot, inventory.Sealed, error) {
		return inventory.ReadSnapshot(io.NewSectionReader(f, 0, size), inventory.Limits{}, verify)
	})
	if err != nil {
		return nil, err
	}
	info := gate.Info{Name: name, Size: size}
	if sealed.unknown || op.code == exitUnknown {
		info.Problems = []gate.Problem{{What: say.Both("the seal or the time of the snapshot", "het zegel of de tijd van de momentopname"),
			Reason: inventory.Reason{Code: inventory.SourceError, Detail: "seal"}, Hint: say.Both("collect anew", "verzamel opnieuw")}}
	}
	return gate.Snapshot(info, snap), nil
}

func (op opener) mapped(ctx context.Context, name string, r io.Reader) (gate.Reader, error) {
	if len(op.as) > 1 {
		return nil, fails(say.Both("%s could be read by more than one --as", "%s is met meer dan één --as te lezen", name),
			say.Both("run waarborg gate once for each mapping", "voer waarborg gate per toewijzing apart uit"))
	}
	return file.OpenInput(ctx, file.Input{Name: name, Data: r, Kind: op.as[0].kind, Mapping: op.as[0].file}, op.env("file"))
}
