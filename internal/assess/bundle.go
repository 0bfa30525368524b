package assess

import (
	"bytes"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/util"
)

// BundleFile is a file of a bundle of rules in the form that plain OPA loads.
type BundleFile struct {
	Name   string // slash-separated, relative to the bundle
	Data   []byte
	Digest string // SHA-256 in hex, as OPA counts it: of what JSON says, and of the bytes of any other file
}

// bundleRoots are the parts of OPA's data that a bundle of our rules owns. `data.now` and `data.team_regions` are not among
// them: whoever evaluates gives those.
var bundleRoots = []string{"reference", "waarborg"}

// Bundle returns the files of an OPA bundle of these rules, by name: the rules and their library as they are, the reference
// data in one data.json, and a manifest whose revision is the digest of the rules. fsys is what the rules were loaded from; the
// same rules give the same bytes.
func (p *Policies) Bundle(fsys fs.FS) ([]BundleFile, error) {
	var out []BundleFile
	sum := newDigest()
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		isRule, isData := path.Ext(name) == ".rego" && !strings.HasSuffix(name, "_test.rego"), strings.HasPrefix(name, "reference/") && path.Ext(name) == ".json"
		if err != nil || d.IsDir() || !isRule && !isData {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		sum.add(name, data)
		if isRule {
			out = append(out, BundleFile{Name: name, Data: data})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the rules: %w", err)
	}
	if sum.String() != p.Digest {
		return nil, fmt.Errorf("the rules to bundle are not those that were loaded")
	}
	for name, doc := range map[string]any{
		"data.json": map[string]any{"reference": p.reference},
		".manifest": map[string]any{"revision": p.Digest, "roots": bundleRoots, "rego_version": 1},
	} {
		raw, err := json.Marshal(doc, json.Deterministic(true))
		value := jsontext.Value(raw)
		if err == nil {
			err = value.Canonicalize()
		}
		if err != nil {
			return nil, fmt.Errorf("encoding %s of a bundle: %w", name, err)
		}
		out = append(out, BundleFile{Name: name, Data: value})
	}
	slices.SortFunc(out, func(a, b BundleFile) int { return strings.Compare(a.Name, b.Name) })
	for i := range out {
		if out[i].Digest, err = bundleDigest(out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// bundleDigest is what OPA compares a file of a signed bundle with. Of JSON it is over the meaning, so spaces do not count.
func bundleDigest(f BundleFile) (string, error) {
	h, err := bundle.NewSignatureHasher(bundle.SHA256)
	if err != nil {
		return "", err
	}
	var value any = bytes.Clone(f.Data)
	if bundle.IsStructuredDoc(f.Name) {
		value = nil
		if err := util.Unmarshal(f.Data, &value); err != nil {
			return "", fmt.Errorf("reading %s of a bundle: %w", f.Name, err)
		}
	}
	sum, err := h.HashFile(value)
	return hex.EncodeToString(sum), err
}
