// Package arm reads what a deploy with Azure Resource Manager would make: a deployment template, also one that Bicep was
// compiled to, or the outcome of a what-if. It needs no access to Azure.
//
// Each resource is translated to the attributes of the azurerm type that package terraform knows (table.go), so that one
// fact has one meaning whatever made the resource. Of a template, expressions are evaluated (eval.go) as far as the file
// tells their outcome; what it does not tell is known only after apply, and never guessed.
package arm

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	jsonv2 "encoding/json/v2"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// The formats that are read, as gate.Info has them.
const (
	Template = "arm-template"
	WhatIf   = "arm-what-if"
)

// Config of an input.
type Config struct {
	File       string    // path of the template or of the outcome of what-if; gzip if it ends in .gz
	Input      io.Reader // read instead of File if it is not nil; File then only names it
	Parameters string    // path of the parameters file of a template; none if empty
	Size       int64     // limit of each file in bytes, also unpacked; 64 MiB if zero
	// Partial says that there may be more than the input lists: a deploy in incremental mode takes nothing away, so a firewall rule
	// of an earlier template may still stand. Nothing follows from silence then.
	Partial  bool
	RawTypes []string // types without a translation that are to be subjects nevertheless, in Azure's words
}

const (
	defaultSize = 64 << 20
	depth       = 128
)

// Open reads an input whole and translates it. The reader's subjects have Azure's own types and addresses, and give the
// attributes of the resource as the template has them. An input that is neither format, or takes too much to evaluate, is
// a *collect.Error.
func Open(cfg Config, env collect.Env) (gate.Reader, error) {
	name := filepath.Base(cfg.File)
	if env.Step != nil {
		env.Step(say.Both("reading %s", "%s lezen", name))
	}
	data, info, err := load(cfg)
	if err != nil {
		return nil, err
	}
	doc, err := decode(data, name)
	if err != nil {
		return nil, err
	}
	r := &result{name: name, raw: lowerSet(cfg.RawTypes), skipped: map[string]int{}, program: newEvaluator()}
	switch info.Format, _ = Is(data); info.Format {
	case Template:
		params, given, perr := loadParameters(cfg)
		if perr != nil {
			return nil, perr
		}
		err = r.template(doc, params, given)
	case WhatIf:
		if cfg.Parameters != "" {
			return nil, &collect.Error{Code: inventory.Malformed,
				Msg: say.Both("%s is the outcome of what-if, which has no parameters file",
					"%s is de uitkomst van what-if; daar hoort geen parameterbestand bij", name),
				Hint: say.Both("leave the parameters file out; what-if has used it already",
					"laat het parameterbestand weg; what-if heeft het al gebruikt")}
		}
		err = r.whatIf(doc)
	default:
		err = notARM(name)
	}
	if err != nil {
		return nil, err
	}
	info.Name = name
	return newReader(r, info, cfg.Partial, env)
}

// load reads the input to its end, with the digest of its bytes as they are.
func load(cfg Config) ([]byte, gate.Info, error) {
	in := cfg.Input
	if in == nil {
		f, err := os.Open(cfg.File)
		if err != nil {
			_, err = strictjson.ReadFile(cfg.File, strictjson.Limits{}) // the same failure, in words
			return nil, gate.Info{}, fileError(err, nil)
		}
		defer f.Close()
		in = f
	}
	sum, seen := sha256.New(), &counter{}
	all := io.TeeReader(in, io.MultiWriter(sum, seen))
	var text bytes.Buffer
	limits := strictjson.Limits{Size: cfg.Size, Depth: depth}
	if limits.Size <= 0 {
		limits.Size = defaultSize
	}
	plain := all
	if !strings.EqualFold(filepath.Ext(cfg.File), ".gz") {
		plain = io.TeeReader(all, &text)
	}
	data, err := strictjson.Read(plain, cfg.File, limits)
	if err != nil {
		return nil, gate.Info{}, fileError(err, text.Bytes())
	}
	if _, err := io.Copy(io.Discard, all); err != nil {
		return nil, gate.Info{}, fileError(err, nil)
	}
	return data, gate.Info{Digest: "sha256:" + hex.EncodeToString(sum.Sum(nil)), Size: seen.n}, nil
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// decode makes plain values of valid JSON. Marks of stand-ins (value.go) cannot be in them afterwards.
func decode(data []byte, name string) (map[string]any, error) {
	var doc any
	if err := jsonv2.Unmarshal(data, &doc); err != nil {
		return nil, notARM(name) // a number beyond float64
	}
	object, ok := unmarked(doc).(map[string]any)
	if !ok {
		return nil, notARM(name)
	}
	return object, nil
}

// loadParameters reads the values of a parameters file, by lower-case name. given is false if there is no file.
func loadParameters(cfg Config) (params map[string]any, given bool, err error) {
	if cfg.Parameters == "" {
		return nil, false, nil
	}
	data, _, err := load(Config{File: cfg.Parameters, Size: cfg.Size})
	if err != nil {
		return nil, false, err
	}
	name := filepath.Base(cfg.Parameters)
	doc, err := decode(data, name)
	if err != nil {
		return nil, false, notParameters(name)
	}
	list, ok := get(doc, "parameters").(map[string]any)
	if !ok {
		return nil, false, notParameters(name)
	}
	params = map[string]any{}
	for key, v := range list {
		entry, ok := v.(map[string]any)
		if !ok {
			return nil, false, notParameters(name)
		}
		_, twice := params[strings.ToLower(key)]
		if twice {
			return nil, false, notParameters(name)
		}
		params[strings.ToLower(key)] = after{}
		if value, there := field(entry, "value"); there {
			params[strings.ToLower(key)] = value
		} else if get(entry, "reference") != nil {
			params[strings.ToLower(key)] = secret{} // a secret of a key vault
		}
	}
	return params, true, nil
}

func notARM(name string) error {
	return &collect.Error{Code: inventory.Malformed,
		Msg: say.Both("%s is neither an ARM template nor the outcome of what-if",
			"%s is geen ARM-template en ook geen uitkomst van what-if", name),
		Hint: say.Both("make it with `az bicep build --file main.bicep`, or with `az deployment group what-if --no-pretty-print`",
			"maak het met `az bicep build --file main.bicep`, of met `az deployment group what-if --no-pretty-print`")}
}

func notParameters(name string) error {
	return &collect.Error{Code: inventory.Malformed,
		Msg: say.Both("%s is not a parameters file of an ARM template", "%s is geen parameterbestand van een ARM-template", name),
		Hint: say.Both("make it with `az bicep build-params --file main.bicepparam`; it has an object `parameters`",
			"maak het met `az bicep build-params --file main.bicepparam`; er staat een object `parameters` in")}
}

// fileError says what is wrong with a file; text is what of it was read, to tell comments from other faults.
func fileError(err error, text []byte) error {
	var bad *strictjson.Error
	if !errors.As(err, &bad) {
		return &collect.Error{Code: inventory.SourceError, Msg: say.Both("the input could not be read to its end",
			"de invoer kon niet tot het einde worden gelezen"),
			Hint: say.Both("check the file and its disk, and try again", "controleer het bestand en de schijf, en probeer het opnieuw"), Err: err}
	}
	code, hint := inventory.Malformed, bad.Hint
	if bad.Err != nil {
		code = inventory.SourceError
	}
	if commentAt(text, bad.Line, bad.Column) {
		hint = say.Both("comments are not JSON; `az bicep decompile` and then `az bicep build` makes a template without them",
			"commentaar hoort niet in JSON; `az bicep decompile` en dan `az bicep build` maakt een template zonder")
	}
	return &collect.Error{Code: code, Msg: bad.Msg, Hint: hint, Err: bad}
}

func commentAt(text []byte, line, column int) bool {
	if line < 1 {
		return false
	}
	lines := bytes.SplitN(bytes.TrimPrefix(text, []byte("\uFEFF")), []byte{'\n'}, line+1)
	if len(lines) < line {
		return false
	}
	at := []rune(string(lines[line-1]))
	if column < 1 || column > len(at) {
		return false
	}
	rest := string(at[column-1:])
	if strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "/*") {
		return true
	}
	before := strings.TrimSpace(string(at[:column-1])) // the fault may be found at the second character
	return strings.HasSuffix(before, "/") && (rest[0] == '/' || rest[0] == '*')
}

func lowerSet(list []string) map[string]bool {
	out := map[string]bool{}
	for _, s := range list {
		out[strings.ToLower(s)] = true
	}
	return out
}

// result is what a reading found, before references are decided on.
type result struct {
	name     string
	raw      map[string]bool // lower-case types that are wanted though they have no translation
	program  *evaluator
	list     []*found
	skipped  map[string]int
	problems []gate.Problem
	asked    map[string]bool // problems that were said already
}

// found is one resource of an input.
type found struct {
	address string
	id      string // with marks of stand-ins
	typ     string // in Azure's words
	change  gate.Change
	drop    bool           // it goes: what it told of others goes with it
	body    map[string]any // evaluated
	unknown bool           // nothing of it but its id is known before it is made
}

func (r *result) problem(what say.Text, code, detail string, hint say.Text) {
	if r.asked == nil {
		r.asked = map[string]bool{}
	}
	if r.asked[what.EN] {
		return
	}
	r.asked[what.EN] = true
	r.problems = append(r.problems, gate.Problem{What: what, Reason: inventory.Reason{Code: code, Detail: detail}, Hint: hint})
}

// wanted tells whether the resource is to be translated, and says so if its type can hold personal data and has no
// translation.
func (r *result) wanted(typ string) bool {
	lower := strings.ToLower(typ)
	if _, ok := table[lower]; ok {
		return true
	}
	if notMapped[lower] {
		r.problem(say.Both("resources of type %s", "objecten van type %s", typ), inventory.Unsupported, "type",
			say.Both("they are not judged; read them from the live system, or put what they hold in the data map",
				"ze worden niet beoordeeld; lees ze uit het systeem zelf, of zet wat ze bevatten in de gegevenskaart"))
	} else if !r.raw[lower] {
		r.skipped["type"]++
	}
	return r.raw[lower]
}
