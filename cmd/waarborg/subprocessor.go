package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"waarborg/internal/say"
	"waarborg/internal/sign"
	"waarborg/reports"
	"waarborg/subprocessors"
)

func (a *app) subprocessorCommand() *cobra.Command {
	var out string
	var valid time.Duration
	cmd := &cobra.Command{Use: "subprocessor", Short: "Hand the register of sub-processors to others"}
	export := &cobra.Command{Use: "export", Short: "Write the register as a signed file that a pipeline judges by", Args: cobra.NoArgs,
		Long: `Write the register of sub-processors of the workspace to a file, signed with the evidence key, for
` + "`waarborg gate --register FILE`" + `. A file of that name is replaced.

The file holds no personal data. It ends by itself, so that a pipeline does not go on by a register that has changed: make it
anew, say each night.

Exit status: 0 the file was written; 2 the command could not do its work.`,
		Example: "  waarborg subprocessor export -o register.json --valid 24h",
		RunE:    func(c *cobra.Command, _ []string) error { return a.subprocessorExport(c.Context(), out, valid) }}
	export.Flags().StringVarP(&out, "output", "o", "", "file to write, such as register.json (required)")
	export.Flags().DurationVar(&valid, "valid", 24*time.Hour, "how long it holds; at most 744h")
	_ = export.MarkFlagRequired("output")
	cmd.AddCommand(export)
	return cmd
}

func (a *app) subprocessorExport(ctx context.Context, out string, valid time.Duration) error {
	s, err := a.load()
	if err != nil {
		return err
	}
	if valid < time.Minute || valid > subprocessors.MaxValid {
		return fails(say.Both("--valid %s is not between a minute and 744h", "--valid %s ligt niet tussen een minuut en 744h", valid),
			say.Both("write it as 24h", "schrijf het als 24h"))
	}
	if info, err := os.Stat(filepath.Dir(out)); err != nil || !info.IsDir() {
		return fails(say.Both("the folder of %s does not exist", "de map van %s bestaat niet", out),
			say.Both("make the folder first", "maak eerst de map"))
	}
	e, err := s.export(a.now(), valid, rand.Reader)
	if err != nil {
		return err
	}
	if err := e.Check(); err != nil { // before a passphrase is asked for
		return shownAs(say.Both("the register cannot be exported", "het register is niet te exporteren"), err)
	}
	key, done, err := a.evidenceKey(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	sealed, err := subprocessors.WriteFile(out, e, func(message []byte) (subprocessors.Seal, error) {
		sig, err := key.Sign(sign.ContextRegister, message)
		return subprocessors.Seal(sig), err
	})
	if err != nil {
		return shown(err)
	}
	fmt.Fprintf(a.out, a.pick("%s: %d sub-processors, holds until %s, sealed by key %s\n", "%s: %d subverwerkers, geldt tot %s, verzegeld met sleutel %s\n"),
		reports.Plain(out), len(e.Entries), e.ExpiresAt.Format("2006-01-02 15:04 UTC"), sealed.KeyID)
	return nil
}

// shownAs puts in front of what an error says what failed.
func shownAs(what say.Text, err error) error {
	return &say.Error{Msg: say.Both("%s: %s", "%s: %s", what, err), Hint: say.Both("mend subprocessors.yaml", "verbeter subprocessors.yaml"), Err: err}
}
