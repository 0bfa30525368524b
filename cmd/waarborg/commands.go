package main

import "github.com/spf13/cobra"

// commands lists every subcommand; each has a file of its own.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{a.rulesCommand(), a.versionCommand()}
}

// hinted turns an error of an inner package that a user can act on into a problem.
func hinted(err error) (*problem, bool) { return nil, false }
