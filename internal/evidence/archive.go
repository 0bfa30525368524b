package evidence

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"waarborg/internal/durable"
	"waarborg/internal/say"
)

// How much an Archive keeps: results of the newest assessments, and of fewer the evidence too, which is far larger.
const (
	KeepEvidence = 30
	KeepResults  = 40
)

// The files of one assessment.
const (
	evidenceFile = "evidence.json.gz"
	resultsFile  = "results.json.gz"
)

// maxResults is how large results may be, in bytes, packed and unpacked.
const maxResults = 512 << 20

// Archive keeps whole assessments in a folder, each in a folder of its own, readable by its owner alone. Its names are
// the UTC time of assessment and eight hex digits of the SHA-256 of the evidence, so that they sort by time.
type Archive struct{ Dir string }

// Kept is one assessment that was kept.
type Kept struct {
	Name     string
	At       time.Time // of assessment, to the second
	Evidence bool      // whether its evidence is there
	Dropped  bool      // whether its evidence was there, and went because enough newer ones were kept; its results are there
	Err      error     // why it cannot be read; it is listed all the same, so that nothing goes missing silently
}

const stamp = "20060102T150405Z"

var keptName = regexp.MustCompile(`^\d{8}T\d{6}Z-[0-9a-f]{8}$`)

// Keep adds a whole assessment with its results, and drops the oldest: their evidence first, then all. The results are
// written last: an assessment without any was interrupted. The error names the folder.
func (r Archive) Keep(a Assessment, results []byte) error {
	if !a.Whole() {
		return broken(nil, say.Both("only whole assessments are kept", "alleen hele beoordelingen worden bewaard"))
	}
	packed, err := a.EncodePacked()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(packed)
	dir := filepath.Join(r.Dir, a.At.Format(stamp)+"-"+hex.EncodeToString(sum[:4]))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return failed(err, say.Both("cannot keep the assessment in %s: %s",
			"kan de beoordeling niet bewaren in %s (%s)", r.Dir, cause(err)))
	}
	for _, f := range []struct {
		name    string
		content []byte
	}{{evidenceFile, packed}, {resultsFile, pack(results, gzip.BestSpeed)}} {
		err := durable.Replace(filepath.Join(dir, f.name), 0o600, func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(f.content))
			return err
		})
		if err != nil {
			return err
		}
	}
	if err := saveFolder(r.Dir); err != nil {
		return err
	}
	return r.prune()
}

// saveFolder makes the folder's new entry survive a power cut.
func saveFolder(dir string) error {
	d, err := os.Open(dir)
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return failed(err, say.Both("cannot save folder %s: %s", "kan map %s niet bewaren (%s)", dir, cause(err)))
	}
	return nil
}

// prune drops what is older than the newest few. It touches nothing that Keep did not make.
func (r Archive) prune() error {
	list, err := r.List()
	if err != nil {
		return err
	}
	var errs []error
	for i, e := range slices.Backward(list) {
		newer := len(list) - 1 - i
		files := []string{}
		if newer >= KeepEvidence {
			files = append(files, evidenceFile)
		}
		if newer >= KeepResults {
			files = append(files, resultsFile)
		}
		for _, name := range files {
			if err := os.Remove(filepath.Join(r.Dir, e.Name, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, failed(err, say.Both("cannot drop the old assessment %s: %s",
					"kan de oude beoordeling %s niet opruimen (%s)", e.Name, cause(err))))
			}
		}
		if len(files) == 2 {
			os.Remove(filepath.Join(r.Dir, e.Name)) // stays if somebody put something beside
		}
	}
	return errors.Join(errs...)
}

// List returns what is kept, in the order of time. An archive that is not there yet is empty.
func (r Archive) List() ([]Kept, error) {
	entries, err := os.ReadDir(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, failed(err, say.Both("cannot list the assessments in %s: %s",
			"kan de beoordelingen in %s niet opsommen (%s)", r.Dir, cause(err)))
	}
	var out []Kept
	for _, d := range entries { // sorted by name, so by time
		if !keptName.MatchString(d.Name()) {
			continue
		}
		k := Kept{Name: d.Name()}
		at, err := time.Parse(stamp, d.Name()[:len(stamp)])
		k.At = at
		if err == nil {
			_, err = r.size(k, resultsFile)
		}
		if err != nil {
			k.Err = &say.Error{Msg: say.Both("the kept assessment %s cannot be read: %s",
				"de bewaarde beoordeling %s is niet te lezen (%s)", k.Name, cause(err)),
				Hint: say.Both("a later one is as good", "een latere is even goed"), Err: err}
		}
		_, err = r.size(k, evidenceFile)
		k.Evidence = err == nil
		out = append(out, k)
	}
	for i := range out {
		k := &out[i]
		k.Dropped = !k.Evidence && k.Err == nil && len(out)-1-i >= KeepEvidence
	}
	return out, nil
}

// errNoFile says that something of the name is there and is no file.
var errNoFile error = &say.Error{Msg: say.Both("it is not a regular file", "het is geen gewoon bestand")}

func (r Archive) size(k Kept, name string) (int64, error) {
	st, err := os.Lstat(filepath.Join(r.Dir, k.Name, name))
	if err == nil && !st.Mode().IsRegular() {
		err = errNoFile
	}
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

// Load reads the evidence of a kept assessment. Whoever uses it checks it: the folder is not protected against change. The
// error is ErrNotKept if the archive has no such assessment, ErrDropped if it has its results alone.
func (r Archive) Load(k Kept) (Assessment, error) {
	raw, err := r.read(k, evidenceFile, Limits{}.orDefaults().Bytes)
	if errors.Is(err, fs.ErrNotExist) {
		if _, none := r.size(k, resultsFile); none != nil {
			return Assessment{}, &Error{Kind: ErrNotKept, Msg: say.Both("no assessment %s was kept",
				"er is geen beoordeling %s bewaard", k.Name),
				Hint: say.Both("make one", "maak er een"), Err: err}
		}
		return Assessment{}, &Error{Kind: ErrDropped, Msg: say.Both("of the kept assessment %s only the results are left",
			"van de bewaarde beoordeling %s zijn alleen de resultaten er nog", k.Name),
			Hint: say.Both("make a new assessment", "maak een nieuwe beoordeling"), Err: err}
	}
	if err != nil {
		return Assessment{}, err
	}
	a, err := DecodePacked(raw, Limits{})
	if err == nil && !a.Whole() {
		err = broken(nil, say.Both("it is a customer's slice", "het is het deel van één klant"))
	}
	return a, err
}

// Results reads the results of a kept assessment as they were given to Keep.
func (r Archive) Results(k Kept) ([]byte, error) {
	packed, err := r.read(k, resultsFile, maxResults)
	if err != nil {
		return nil, err
	}
	raw, err := unpack(packed, maxResults)
	if err != nil {
		return nil, failed(err, say.Both("cannot read the results of the kept assessment %s: %s",
			"kan de resultaten van de bewaarde beoordeling %s niet lezen (%s)", k.Name, err))
	}
	return raw, nil
}

func (r Archive) read(k Kept, name string, limit int64) ([]byte, error) {
	size, err := r.size(k, name)
	if err == nil && size > limit {
		err = &say.Error{Msg: say.Both("it is larger than %d bytes", "het is groter dan %d bytes", limit)}
	}
	var raw []byte
	if err == nil {
		raw, err = os.ReadFile(filepath.Join(r.Dir, k.Name, name))
	}
	if err != nil {
		return nil, failed(err, say.Both("cannot read %s of the kept assessment %s: %s",
			"kan %s van de bewaarde beoordeling %s niet lezen (%s)", name, k.Name, cause(err)))
	}
	return raw, nil
}

func failed(err error, what say.Text) error { return &say.Error{Msg: what, Err: err} }

// cause takes the path out of an error of the file system: the message has it.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
