package main

import (
	"cmp"
	"strings"

	"github.com/spf13/cobra"

	"waarborg/internal/say"
)

// commands lists every subcommand; each has a file of its own.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{a.initCommand(), a.doctorCommand(), a.statusCommand(), a.collectCommand(), a.checkCommand(), a.gateCommand(), a.coverageCommand(),
		a.reportCommand(), a.verifyCommand(), a.recordCommand(), a.attestCommand(), a.waiverCommand(), a.subprocessorCommand(), a.rulesCommand(), a.keysCommand(), a.versionCommand()}
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
	hint := say.Both("see `%s --help`", "zie `%s --help`", c.CommandPath())
	if close := c.SuggestionsFor(args[0]); len(close) > 0 {
		hint = say.Both("did you mean %s?", "bedoelt u %s?", close[0])
	}
	return fails(say.Both("unknown command %q for %q", "onbekend commando %q bij %q", args[0], c.CommandPath()), hint)
}
