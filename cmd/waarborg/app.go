package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Exit statuses, the same for every command.
const (
	exitMet     = 0 // all met
	exitNotMet  = 1 // something is not met
	exitFailed  = 2 // the command could not do its work
	exitUnknown = 3 // nothing failed, but something could not be evaluated or trusted
	exitStopped = 130
)

const exitHelp = `
Exit status: 0 all met; 1 something is not met; 2 the command could not do its work; 3 nothing failed, but something
could not be evaluated or trusted.`

// outside is what the program uses of the world, so that a test can give its own.
type outside struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) (string, bool)
	now      func() time.Time
	width    int  // of the terminal; 0 when out is none
	color    bool // out is a terminal that shows colours
	live     bool // err is a terminal: progress may be shown
}

func system() outside {
	o := outside{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.LookupEnv,
		// One zone for every day and date, so that a term, a rule and a waiver end at the same moment.
		now: func() time.Time { return time.Now().UTC() }}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		o.color = true
		if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
			o.width = w
		}
	}
	o.live = term.IsTerminal(int(os.Stderr.Fd()))
	if v, ok := o.env("NO_COLOR"); ok && v != "" {
		o.color = false
	}
	if v, _ := o.env("TERM"); v == "dumb" {
		o.color = false
	}
	return o
}

// app is one run of the program.
type app struct {
	outside
	dir    string // workspace
	lang   string // nl or en
	format string
	debug  bool
	code   int // exit status to give when the command itself succeeded

	oneCustomer bool // what is shown is for one customer alone
	named       bool // the workspace was named on the command line
}

// problem is an error that a user can read: what failed, and what to do. Anything else shows as an internal error.
type problem struct {
	msg  string
	hint string
	code int // exit status; 0 means exitFailed
}

func (p *problem) Error() string { return p.msg }

func failf(hint, format string, args ...any) error {
	return &problem{msg: fmt.Sprintf(format, args...), hint: hint}
}

// run executes one command line and returns the exit status.
func run(ctx context.Context, args []string, o outside) int {
	a := &app{outside: o}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(o.in)
	root.SetOut(o.out)
	root.SetErr(o.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return a.code
	}
	if ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled) {
		fmt.Fprintln(o.err, "waarborg: stopped")
		return exitStopped
	}
	return a.report(err)
}

// report writes an error in the one form that all commands use.
func (a *app) report(err error) int {
	var p *problem
	code := exitFailed
	msg, hint := err.Error(), ""
	if errors.As(err, &p) {
		msg, hint = p.msg, p.hint
		if p.code != 0 {
			code = p.code
		}
	} else if h, ok := hinted(err); ok {
		msg, hint = h.msg, h.hint
	}
	if strings.HasPrefix(msg, "required flag") && hint == "" {
		hint = "the command's --help says what each option is for"
	}
	if msg != "" {
		fmt.Fprintf(a.err, "waarborg: %s\n", strings.TrimRight(msg, "\n"))
	}
	if hint != "" {
		fmt.Fprintf(a.err, "hint: %s\n", hint)
	}
	return code
}

func (a *app) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "waarborg",
		Short: "Prove that a data processor does what its data processing agreement promises",
		Long: `Waarborg (Dutch for safeguard) checks a data processing agreement against live systems.

Start with: waarborg init my-workspace && cd my-workspace && waarborg check` + "\n" + exitHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			a.named = c.Flags().Changed("workspace")
			level := slog.LevelWarn
			if a.debug {
				level = slog.LevelDebug
			}
			slog.SetDefault(slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: level})))
			return a.chooseLanguage()
		},
	}
	cmd.PersistentFlags().StringVarP(&a.dir, "workspace", "w", ".", "folder of the workspace")
	cmd.PersistentFlags().StringVar(&a.lang, "lang", "", "language of texts: nl or en (default from LANG)")
	cmd.PersistentFlags().BoolVar(&a.debug, "debug", false, "log more, to stderr")
	cmd.CompletionOptions.HiddenDefaultCmd = true
	cmd.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return failf("see `"+c.CommandPath()+" --help`", "%s", err)
	})
	cmd.AddCommand(a.commands()...)
	complete(cmd)
	return cmd
}

func (a *app) chooseLanguage() error {
	switch a.lang {
	case "nl", "en":
		return nil
	case "":
		a.lang = "en"
		for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
			if v, ok := a.env(name); ok && v != "" {
				if strings.HasPrefix(v, "nl") {
					a.lang = "nl"
				}
				break
			}
		}
		return nil
	}
	return failf("use --lang nl or --lang en", "there is no language %q", a.lang)
}

// pick chooses a text by language.
func (a *app) pick(en, nl string) string {
	if a.lang == "nl" {
		return nl
	}
	return en
}

// formatFlag adds --format with the given choices, the first being the default.
func (a *app) formatFlag(cmd *cobra.Command, choices ...string) {
	format := cmd.Flags().String("format", choices[0], "form of the output: "+strings.Join(choices, ", "))
	inner := cmd.RunE
	cmd.RunE = func(c *cobra.Command, args []string) error {
		a.format = *format
		if slices.Contains(choices, a.format) {
			return inner(c, args)
		}
		return failf("use one of: "+strings.Join(choices, ", "), "%s has no format %q", c.CommandPath(), a.format)
	}
}
