package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/sign"
)

func (a *app) collectCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{Use: "collect", Short: "Read all sources into a sealed snapshot", Args: cobra.NoArgs,
		Long: `Read the metadata of all sources of the workspace into a snapshot, sealed with the evidence key.

Nothing is written to any source, and no content of personal data is read. What could not be read is in the snapshot as
unknown, with the reason.

Exit status: 0 everything was read; 2 no snapshot was made; 3 the snapshot was made, but a source failed or was read in part.`,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := a.load()
			if err != nil {
				return err
			}
			if info, err := os.Stat(filepath.Dir(out)); err != nil || !info.IsDir() {
				return fails(say.Both("the folder of %s does not exist", "de map van %s bestaat niet", out),
					say.Both("make the folder first", "maak eerst de map"))
			}
			names, matcher, err := a.pseudonyms(s, true)
			if err != nil {
				return err
			}
			snap, err := a.gather(c.Context(), s, names, matcher)
			if err != nil {
				return err
			}
			return a.writeSnapshot(c.Context(), s, snap, out, a.out)
		}}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write, such as snap.json.gz (required)")
	_ = cmd.MarkFlagRequired("output")
	return cmd
}

// writeSnapshot seals a snapshot, and says so on w.
func (a *app) writeSnapshot(ctx context.Context, s *space, snap inventory.Snapshot, file string, w io.Writer) error {
	_, err := a.sealSnapshot(ctx, s, snap, file, w)
	return err
}

// sealSnapshot seals a snapshot, writes it to the file if one is named, and says so on w.
func (a *app) sealSnapshot(ctx context.Context, s *space, snap inventory.Snapshot, file string, w io.Writer) (inventory.Sealed, error) {
	key, done, err := a.evidenceKey(ctx, s)
	if err != nil {
		return inventory.Sealed{}, err
	}
	defer done()
	seal := func(message []byte) (inventory.Seal, error) {
		sig, err := key.Sign(sign.ContextSnapshot, message)
		return inventory.Seal(sig), err
	}
	if file == "" {
		return snap.Write(io.Discard, seal)
	}
	sealed, err := snap.WriteFile(file, seal)
	if err != nil {
		return sealed, err
	}
	fmt.Fprintf(w, "%s: %d %s, %s %s\n", file, len(snap.Resources), a.pick("resources", "objecten"),
		a.pick("sealed by key", "verzegeld met sleutel"), sealed.Seal.KeyID)
	for _, o := range snap.Sources {
		if o.Status != "complete" {
			a.code = exitUnknown
			if message := o.Message.In(a.lang); message != "" {
				a.note("%s\n", message)
			}
			if hint := o.Hint.In(a.lang); hint != "" {
				a.note("  hint: %s\n", hint)
			}
		}
	}
	return sealed, nil
}
