package main

import (
	"cmp"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"waarborg/internal/collect"
	"waarborg/internal/evidence"
	"waarborg/internal/inventory"
	"waarborg/internal/sign"
)

// commands lists every subcommand; each has a file of its own.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{a.initCommand(), a.doctorCommand(), a.statusCommand(), a.collectCommand(), a.checkCommand(), a.coverageCommand(),
		a.reportCommand(), a.verifyCommand(), a.recordCommand(), a.attestCommand(), a.waiverCommand(), a.rulesCommand(), a.keysCommand(), a.versionCommand()}
}

// complete adds to a command and all below it what cobra leaves to each: the exit statuses in its help, and an error,
// rather than its help and success, where a group of commands gets the name of none.
func complete(c *cobra.Command) {
	if !strings.Contains(c.Long, "Exit status") {
		c.Long = cmp.Or(c.Long, c.Short) + "\n" + exitHelp
	}
	if c.HasParent() && c.HasSubCommands() && c.RunE == nil {
		c.SuggestionsMinimumDistance = 2
		c.RunE = unknownCommand
	}
	for _, sub := range c.Commands() {
		complete(sub)
	}
}

func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	hint := "see `" + c.CommandPath() + " --help`"
	if close := c.SuggestionsFor(args[0]); len(close) > 0 {
		hint = "did you mean " + close[0] + "?"
	}
	return failf(hint, "unknown command %q for %q", args[0], c.CommandPath())
}

// hinted turns an error of an inner package that says what to do into a problem.
func hinted(err error) (*problem, bool) {
	var k *sign.Error
	var s *inventory.SnapshotError
	var c *collect.Error
	var e *evidence.Error
	switch {
	case errors.As(err, &e):
		return &problem{msg: e.Msg, hint: e.Hint}, true
	case errors.As(err, &k):
		return &problem{msg: k.Msg, hint: k.Hint}, true
	case errors.As(err, &s):
		return &problem{msg: s.Msg, hint: s.Hint}, true
	case errors.As(err, &c):
		return &problem{msg: c.Msg, hint: c.Hint}, true
	}
	return nil, false
}
