package main

import (
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"waarborg/internal/say"
)

// fails makes an error that speaks the language of the run, whichever that is. hint may be empty.
func fails(msg, hint say.Text) error { return &say.Error{Msg: msg, Hint: hint} }

// shown makes of an error of a package below one that is shown in its own words.
func shown(err error) error {
	return &say.Error{Msg: say.Of(err), Hint: say.HintOf(err), Err: err}
}

// usage are the errors of the library that reads the command line, with their Dutch. A form matches the whole first line.
var usage = []struct {
	form *regexp.Regexp
	nl   string
}{
	{regexp.MustCompile(`^unknown command ("[^"]*") for ("[^"]*")$`), `onbekend commando $1 bij $2`},
	{regexp.MustCompile(`^unknown flag: (.*)$`), `onbekende optie: $1`},
	{regexp.MustCompile(`^unknown shorthand flag: ('.*') in (.*)$`), `onbekende optie: $1 in $2`},
	{regexp.MustCompile(`^bad flag syntax: (.*)$`), `optie verkeerd geschreven: $1`},
	{regexp.MustCompile(`^flag needs an argument: ('.*') in (.*)$`), `achter optie $1 in $2 hoort een waarde`},
	{regexp.MustCompile(`^flag needs an argument: (.*)$`), `achter optie $1 hoort een waarde`},
	{regexp.MustCompile(`^invalid argument (".*") for (".*") flag: .*$`), `waarde $1 past niet bij optie $2`},
	{regexp.MustCompile(`^required flag\(s\) (.*) not set$`), `verplichte optie ontbreekt: $1`},
	{regexp.MustCompile(`^accepts at most (\d+) arg\(s\), received (\d+)$`), `hoogstens $1 argument, het zijn er $2`},
	{regexp.MustCompile(`^accepts (\d+) arg\(s\), received (\d+)$`), `$1 argument, het zijn er $2`},
}

// usageError says in both languages what is wrong with a command line.
func usageError(err error, hint say.Text) error {
	first, rest, _ := strings.Cut(err.Error(), "\n")
	msg := say.Text{EN: err.Error(), NL: first}
	for _, u := range usage {
		if u.form.MatchString(first) {
			msg.NL = u.form.ReplaceAllString(first, u.nl)
			break
		}
	}
	if rest != "" {
		msg.NL += "\n" + strings.Replace(rest, "Did you mean this?", "Bedoelt u dit?", 1)
	}
	return &say.Error{Msg: msg, Hint: hint, Err: err}
}

// wrongFlag is what cobra asks for an option that it cannot read.
func wrongFlag(c *cobra.Command, err error) error {
	return usageError(err, say.Both("see `%s --help`", "zie `%s --help`", c.CommandPath()))
}
