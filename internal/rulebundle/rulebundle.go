// Package rulebundle packs rules as a signed bundle that plain OPA loads and verifies: `opa run --bundle FILE
// --verification-key evidence.pub --signing-alg ES256`. So a team can judge by the very rules of a workspace with the OPA that
// it has already, and nobody in between can change them.
package rulebundle

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto"
	"errors"
	"fmt"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
	"waarborg/internal/strictjson"
)

// signatures is the name of the file that holds the signature over the digests of all others.
const signatures = ".signatures.json"

// claims is what is signed, as OPA wants it.
type claims struct {
	Files []file `json:"files"`
}

type file struct {
	Name      string `json:"name"`
	Hash      string `json:"hash"`
	Algorithm string `json:"algorithm"`
}

// Make packs files as a bundle (tar and gzip) and signs it with the evidence key. The same files give the same bytes but for
// the signature.
func Make(ctx context.Context, files []assess.BundleFile, signer crypto.Signer, public sign.Public) ([]byte, error) {
	c := claims{Files: []file{}}
	for _, f := range files {
		c.Files = append(c.Files, file{f.Name, f.Digest, "SHA-256"})
	}
	token, err := bundle.Token(ctx, c, signer, public)
	if err != nil {
		return nil, err
	}
	raw, err := strictjson.Canonical(map[string][]string{"signatures": {token}})
	if err != nil {
		return nil, err
	}
	return pack(append([]assess.BundleFile{{Name: signatures, Data: raw}}, files...))
}

// pack writes files without what differs from one moment or machine to another.
func pack(files []assess.BundleFile) ([]byte, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	archive := tar.NewWriter(zip)
	for _, f := range files {
		head := &tar.Header{Name: f.Name, Mode: 0o644, Size: int64(len(f.Data)), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(head); err != nil {
			return nil, fmt.Errorf("packing %s: %w", f.Name, err)
		}
		if _, err := archive.Write(f.Data); err != nil {
			return nil, fmt.Errorf("packing %s: %w", f.Name, err)
		}
	}
	if err := errors.Join(archive.Close(), zip.Close()); err != nil {
		return nil, fmt.Errorf("packing a bundle: %w", err)
	}
	return out.Bytes(), nil
}
