package terraform

import (
	"errors"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// What the scanner finds wrong; refusal says it to people.
var (
	errCutOff   = errors.New("cut off")
	errInvalid  = errors.New("not valid")
	errTooDeep  = errors.New("too deep")
	errTooLarge = errors.New("too large")
	errTrailing = errors.New("trailing data")
	errTwice    = errors.New("a key twice")
)

type readError struct{ error }

func (e *readError) Unwrap() error { return e.error }

var makePlan = say.Both("make it with `terraform show -json PLAN > plan.json`",
	"maak het met `terraform show -json PLAN > plan.json`")

// refusal says what is wrong with a file.
func refusal(name string, limit int, err error) error {
	var failed *readError
	if errors.As(err, &failed) {
		return &collect.Error{Code: inventory.SourceError, Err: err,
			Msg: say.Both("%s: could not be read", "%s: kon niet worden gelezen", name),
			Hint: say.Both("check that the file and its disk are in order; it must not change while it is read",
				"kijk of het bestand en de schijf in orde zijn; het mag niet veranderen terwijl het wordt gelezen")}
	}
	what, ok := map[error]say.Text{
		errCutOff:   say.Both("ends in the middle", "houdt halverwege op"),
		errInvalid:  say.Both("is not valid JSON", "is geen geldige JSON"),
		errTooDeep:  say.Both("is nested deeper than %d levels", "is dieper genest dan %d niveaus", depth),
		errTooLarge: say.Both("a resource or text in it is larger than %d MiB", "een object of tekst erin is groter dan %d MiB", limit>>20),
		errTrailing: say.Both("something follows the JSON value", "er volgt nog iets na de JSON-waarde"),
		errTwice:    say.Both("an object has the same key twice", "een object heeft twee keer dezelfde sleutel"),
	}[err]
	if !ok {
		return err
	}
	return &collect.Error{Code: inventory.Malformed, Msg: say.Both("%s: %s", "%s: %s", name, what),
		Hint: say.Both("make it again with `terraform show -json PLAN > plan.json`, and do not change it afterwards",
			"maak het opnieuw met `terraform show -json PLAN > plan.json`, en wijzig het daarna niet")}
}

func malformed(name string, where say.Text) error {
	return &collect.Error{Code: inventory.Malformed,
		Msg: say.Both("%s: %s does not have the form that `terraform show -json` writes",
			"%s: %s heeft niet de vorm die `terraform show -json` schrijft", name, where),
		Hint: say.Both("make it again with `terraform show -json`, and do not change it afterwards",
			"maak het opnieuw met `terraform show -json`, en wijzig het daarna niet")}
}

func notShown(name string) error {
	return &collect.Error{Code: inventory.Unsupported, Hint: makePlan,
		Msg: say.Both("%s: is not the output of `terraform show -json`",
			"%s: is niet de uitvoer van `terraform show -json`", name)}
}

// fileError says what strictjson found wrong.
func fileError(err error) error {
	var bad *strictjson.Error
	if !errors.As(err, &bad) {
		return err
	}
	code := inventory.Malformed
	if bad.Err != nil {
		code = inventory.SourceError
	}
	hint := bad.Hint
	if !strings.Contains(hint.EN, "path") {
		hint = say.Both("%s; the file is the output of `terraform show -json PLAN`",
			"%s; het bestand is de uitvoer van `terraform show -json PLAN`", hint)
	}
	return &collect.Error{Code: code, Msg: bad.Msg, Hint: hint, Err: bad}
}
