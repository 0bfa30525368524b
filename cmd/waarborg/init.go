package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"waarborg/internal/workspace"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{Use: "init [DIR]", Short: "Make a complete workspace", Args: cobra.MaximumNArgs(1),
		Long: `Make a workspace: a folder of commented YAML files to keep in git. Files that exist are never overwritten.`,
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			made, err := workspace.Init(dir, a.lang)
			if err != nil {
				return shown(err)
			}
			for _, name := range made {
				fmt.Fprintln(a.out, filepath.Join(dir, name))
			}
			fmt.Fprintf(a.out, a.pick("made a workspace in %s\nnext: fill in waarborg.yaml, then `waarborg doctor -w %s`\n", "werkmap gemaakt in %s\nvul nu waarborg.yaml in, en draai dan `waarborg doctor -w %s`\n"), dir, dir)
			return nil
		}}
}
