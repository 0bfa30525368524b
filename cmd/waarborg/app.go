package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"waarborg/internal/say"
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
	// collectAt tells the runtime at which size of the heap, in bytes, to begin collecting garbage in earnest; nil leaves it alone.
	collectAt func(size int64)
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
	_, percent := os.LookupEnv("GOGC")
	_, limit := os.LookupEnv("GOMEMLIMIT")
	if !percent && !limit { // else whoever runs it has decided
		o.collectAt = func(size int64) {
			debug.SetGCPercent(400)
			debug.SetMemoryLimit(size)
		}
	}
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

// failf makes an error of a command that knows the language of the run: its texts are in that already. Anything but a
// say.Error shows as it is, in English.
func failf(hint, format string, args ...any) error {
	return fails(say.Same(fmt.Sprintf(format, args...)), say.Same(hint))
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
	a.speak(args)
	if ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled) {
		fmt.Fprintf(o.err, "waarborg: %s\n", a.pick("stopped", "gestopt"))
		return exitStopped
	}
	return a.report(err)
}

// report writes an error in the one form that all commands use.
func (a *app) report(err error) int {
	msg, hint, ok := say.In(err, a.lang)
	if !ok { // of the library that reads the command line, or one that nobody foresaw
		msg, hint, _ = say.In(usageError(err, say.Text{}), a.lang)
	}
	if strings.HasPrefix(err.Error(), "required flag") && hint == "" {
		hint = a.pick("the command's --help says what each option is for", "--help van het commando zegt waar elke optie voor is")
	}
	if msg != "" {
		fmt.Fprintf(a.err, "waarborg: %s\n", strings.TrimRight(msg, "\n"))
	}
	if hint != "" {
		fmt.Fprintf(a.err, "hint: %s\n", hint)
	}
	return exitFailed
}

// speak chooses the language of an error that came before all flags were read.
func (a *app) speak(args []string) {
	for i, arg := range args {
		lang, ok := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			lang, ok = args[i+1], true
		}
		if ok && a.lang == "" {
			a.lang = lang
		}
	}
	if a.lang != "nl" && a.lang != "en" {
		a.lang = ""
		_ = a.chooseLanguage() // without a name it cannot fail
	}
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
	cmd.SetFlagErrorFunc(wrongFlag)
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
	return fails(say.Both("there is no language %q", "er is geen taal %q", a.lang),
		say.Both("use --lang nl or --lang en", "gebruik --lang nl of --lang en"))
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
		return fails(say.Both("%s has no format %q", "%s heeft geen vorm %q", c.CommandPath(), a.format),
			say.Both("use one of: %s", "gebruik een van: %s", strings.Join(choices, ", ")))
	}
}
