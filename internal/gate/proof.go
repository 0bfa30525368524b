package gate

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"io"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/say"
)

// Open is an outcome that could be judged only after apply.
type Open struct {
	Rule     string   `json:"rule"`
	Resource string   `json:"resource"` // id, as a collector of the same source gives it
	Address  string   `json:"address"`
	Input    string   `json:"input"`
	Facts    []string `json:"facts"` // paths that were not known
}

// Earlier is what is needed of the results of an earlier run.
type Earlier struct {
	At        time.Time
	Rules     string // digest
	Workspace string // digest
	Open      []Open // in the order of the outcomes
}

// maxEarlier is the size of results that are read, in bytes.
const maxEarlier = 4 << 30

// ReadEarlier reads the JSON of a run as a stream, and keeps what is open. Results that are cut off, of another schema or with
// a key twice are an error.
func ReadEarlier(name string, r io.Reader) (Earlier, error) {
	var out Earlier
	fail := func(err error) (Earlier, error) {
		return Earlier{}, &say.Error{Msg: say.Both("%s: these are not the results of `waarborg gate` in JSON", "%s: dit zijn niet de resultaten van `waarborg gate` in JSON", name),
			Hint: say.Both("make them with `waarborg gate … -o json=gate.json`", "maak ze met `waarborg gate … -o json=gate.json`"), Err: err}
	}
	d := jsontext.NewDecoder(io.LimitReader(r, maxEarlier))
	if tok, err := d.ReadToken(); err != nil || tok.Kind() != '{' {
		return fail(err)
	}
	schema, listed := "", false
	for d.PeekKind() == '"' {
		key, err := d.ReadToken()
		if err != nil {
			return fail(err)
		}
		var into any
		switch key.String() {
		case "schema":
			into = &schema
		case "judged_at":
			into = &out.At
		case "rules":
			into = &out.Rules
		case "workspace":
			into = &out.Workspace
		case "results":
			listed = true
			if err := out.read(d); err != nil {
				return fail(err)
			}
			continue
		}
		if into == nil {
			err = d.SkipValue()
		} else {
			err = json.UnmarshalDecode(d, into)
		}
		if err != nil {
			return fail(err)
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return fail(err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return fail(err)
	}
	if schema != Schema || !listed || out.At.IsZero() {
		return fail(nil)
	}
	return out, nil
}

func (e *Earlier) read(d *jsontext.Decoder) error {
	if tok, err := d.ReadToken(); err != nil || tok.Kind() != '[' {
		return errors.Join(err, errors.New("results is not a list"))
	}
	for d.PeekKind() == '{' {
		var x struct {
			Class    Class  `json:"class"`
			Rule     string `json:"rule"`
			Resource string `json:"resource"`
			Address  string `json:"address"`
			Input    string `json:"input"`
			Unknown  []struct {
				Path string `json:"path"`
			} `json:"unknown"`
		}
		if err := json.UnmarshalDecode(d, &x); err != nil {
			return err
		}
		if x.Class != ToProve {
			continue
		}
		o := Open{Rule: x.Rule, Resource: x.Resource, Address: x.Address, Input: x.Input, Facts: []string{}}
		for _, u := range x.Unknown {
			o.Facts = append(o.Facts, u.Path)
		}
		e.Open = append(e.Open, o)
	}
	_, err := d.ReadToken()
	return err
}

// Proof is what an assessment of live systems says of an open outcome.
type Proof struct {
	Open
	Status  assess.Status `json:"status"`            // pass: proved; fail: not met; unknown: still open; waived
	Message string        `json:"message,omitempty"` // what is not met, or still not known
	Seen    bool          `json:"seen"`              // the resource is in the assessment
}

// Prove holds open outcomes against an assessment. exists tells whether a resource was seen: of one that was, a rule that gives
// no result does not apply, and nothing is left to prove; judged tells whether the assessment had the rule at all.
func Prove(open []Open, results []assess.Result, exists, judged func(string) bool) []Proof {
	type key struct{ rule, resource string }
	worst := map[key]assess.Result{}
	for _, r := range results {
		k := key{r.Rule, r.Resource}
		if have, ok := worst[k]; !ok || assess.Worse(have.Status, r.Status) != have.Status {
			worst[k] = r
		}
	}
	var out []Proof
	for _, o := range open {
		p := Proof{Open: o, Seen: exists(o.Resource)}
		r, ok := worst[key{o.Rule, o.Resource}]
		switch {
		case ok:
			p.Status, p.Message = r.Status, r.Message
		case p.Seen && judged(o.Rule):
			p.Status = assess.Pass
		default:
			p.Status = assess.Unknown
		}
		out = append(out, p)
	}
	return out
}
