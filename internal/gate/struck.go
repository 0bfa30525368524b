package gate

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"maps"
	"slices"
	"strings"

	"waarborg/internal/assess"
	"waarborg/internal/redact"
	"waarborg/internal/say"
)

// strike takes what looks like a credential out of the names of a subject, before they are kept. Mostly they are the address, or end
// in it, so that one look does for all.
func (l *loud) strike() {
	address := l.address
	l.address = redact.String(address)
	clean := address != "" && l.address == address
	for _, name := range []*string{&l.id, &l.name, &l.was, &l.file} {
		if !clean || !strings.HasSuffix(*name, address) {
			*name = redact.String(*name)
		}
	}
}

// nameless tells whether a name was struck, so that it may be that of several resources: what is known of one, on a baseline, says
// nothing of another.
func nameless(address string) bool { return strings.Contains(address, redact.Marker) }

// struckInfo is what is known of an input, with what looks like a credential taken out.
func struckInfo(in Info) Info {
	in.Name = redact.String(in.Name)
	in.Drift = slices.Clone(in.Drift)
	for i, d := range in.Drift {
		d.Fields = slices.Clone(d.Fields)
		for n := range d.Fields {
			d.Fields[n] = redact.String(d.Fields[n])
		}
		d.Address, d.Type = redact.String(d.Address), redact.String(d.Type)
		in.Drift[i] = d
	}
	in.Problems = slices.Clone(in.Problems)
	for i, p := range in.Problems {
		p.What, p.Hint, p.Reason.Detail = struckText(p.What), struckText(p.Hint), redact.String(p.Reason.Detail)
		in.Problems[i] = p
	}
	if slices.ContainsFunc(slices.Collect(maps.Keys(in.Skipped)), redact.Secret) {
		skipped := map[string]int{}
		for why, n := range in.Skipped {
			skipped[redact.String(why)] += n
		}
		in.Skipped = skipped
	}
	return in
}

func struckAll(types map[string]bool) []string {
	out := make([]string, 0, len(types))
	for typ := range types {
		out = append(out, redact.String(typ))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func struckText(t say.Text) say.Text {
	return say.Text{EN: redact.String(t.EN), NL: redact.String(t.NL)}
}

// struckResult is what is said of a verdict, with what looks like a credential taken out of what the source gave.
func struckResult(r assess.Result) assess.Result {
	r.Message = redact.String(r.Message)
	for _, list := range []*[]assess.Finding{&r.Findings, &r.Questions} {
		if slices.ContainsFunc(*list, func(f assess.Finding) bool { return redact.Secret(string(f.Value)) || redact.Secret(string(f.Limit)) }) {
			*list = slices.Clone(*list)
			for i, f := range *list {
				(*list)[i].Value, (*list)[i].Limit = struckValue(f.Value), struckValue(f.Limit)
			}
		}
	}
	return r
}

// struckValue strikes the texts in a value; one that cannot be taken apart is struck whole.
func struckValue(v jsontext.Value) jsontext.Value {
	if len(v) == 0 {
		return v
	}
	var plain any
	if err := json.Unmarshal(v, &plain); err == nil {
		if out, err := json.Marshal(strike(plain), json.Deterministic(true)); err == nil && !redact.Secret(string(out)) {
			return out
		}
	}
	return jsontext.Value(`"` + redact.Marker + `"`)
}

// secretEnds are how attributes end that hold a credential whether or not the tool marks them, in lower case and without - and _.
var secretEnds = []string{"password", "passwd", "passphrase", "secret", "token", "credential", "credentials", "connectionstring", "privatekey", "apikey", "accesskey",
	"accountkey"}

func secretName(name string) bool {
	name = strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
	return slices.ContainsFunc(secretEnds, func(end string) bool { return strings.HasSuffix(name, end) })
}

// holdsText tells whether a value is or has a text that is not empty: whether a password is set at all may be known.
func holdsText(value any) bool {
	switch v := value.(type) {
	case string:
		return v != ""
	case []any:
		return slices.ContainsFunc(v, holdsText)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), holdsText)
	}
	return false
}
