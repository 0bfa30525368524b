package main

import (
	"errors"

	"github.com/spf13/cobra"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/sign"
)

// commands lists every subcommand; each has a file of its own.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{a.initCommand(), a.doctorCommand(), a.statusCommand(), a.collectCommand(), a.checkCommand(), a.coverageCommand(),
		a.attestCommand(), a.waiverCommand(), a.rulesCommand(), a.keysCommand(), a.versionCommand()}
}

// hinted turns an error of an inner package that says what to do into a problem.
func hinted(err error) (*problem, bool) {
	var k *sign.Error
	var s *inventory.SnapshotError
	var c *collect.Error
	switch {
	case errors.As(err, &k):
		return &problem{msg: k.Msg, hint: k.Hint}, true
	case errors.As(err, &s):
		return &problem{msg: s.Msg, hint: s.Hint}, true
	case errors.As(err, &c):
		return &problem{msg: c.Msg, hint: c.Hint}, true
	}
	return nil, false
}
