package terraform

import (
	"bytes"
	"context"
	"encoding/json/jsontext"
	"io"
	"slices"
	"strings"
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// resources finds out what the file is, and notes the resources that stand elsewhere than in resource_changes.
func (f *File) resources(ctx context.Context, parts map[string]section) error {
	there := func(name string) bool { return parts[name].size > 0 }
	f.format = "terraform-plan"
	isPlan := there("resource_changes") || there("planned_values") || there("configuration")
	if isPlan {
		raw, err := f.small(parts["timestamp"])
		if err != nil {
			return err
		}
		f.dated(raw, there("timestamp"))
	}
	switch {
	case there("resource_changes"):
		complete, err := f.small(parts["complete"])
		if err != nil {
			return err
		}
		errored, err := f.small(parts["errored"])
		if err != nil {
			return err
		}
		if f.complete = !(len(complete) > 0 && complete[0] == 'f') && !isTrue(errored); !f.complete {
			f.problem(say.Both("the rest of the plan",
				"de rest van het plan"), inventory.Reason{Code: inventory.AfterApply, Detail: "complete"},
				say.Both("the plan is incomplete (it failed, was made with -target, or defers changes); plan the whole configuration",
					"het plan is onvolledig (het mislukte, is met -target gemaakt, of stelt wijzigingen uit); maak een plan van de hele configuratie"))
		}
		return f.drifted(ctx, parts["resource_drift"])
	case there("planned_values"):
		f.unmarked, f.state = true, true
		return f.values(ctx, parts["planned_values"], "planned_values")
	case isPlan:
		return &collect.Error{Code: inventory.Malformed,
			Msg: say.Both("%s: the plan has neither resource_changes nor planned_values",
				"%s: het plan heeft geen resource_changes en geen planned_values", f.name),
			Hint: say.Both("make it again with `terraform show -json PLAN`",
				"maak het opnieuw met `terraform show -json PLAN`")}
	case there("values"):
		f.complete, f.state, f.format = true, true, "terraform-state"
		return f.values(ctx, parts["values"], "values")
	}
	f.format = "terraform-state"
	// A format version and nothing else is how Terraform shows that there is no state.
	f.problem(say.Both("any resource", "enig object"), inventory.Reason{Code: inventory.NotReported, Detail: "values"},
		say.Both("the state is empty; check that the right backend and workspace were selected",
			"de state is leeg; kijk of de juiste backend en workspace gekozen zijn"))
	return nil
}

// part reads a section as a stream of tokens.
func (f *File) part(ctx context.Context, s section) *jsontext.Decoder {
	return jsontext.NewDecoder(cancelling{ctx, io.NewSectionReader(f.at, s.at, s.size)})
}

// cancelling stops reading when the context is done.
type cancelling struct {
	ctx context.Context
	io.Reader
}

func (c cancelling) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}

// values notes the resources of a state or of planned_values.
func (f *File) values(ctx context.Context, s section, where string) error {
	dec := f.part(ctx, s)
	p := newHeadParser(&f.index, true)
	bad := malformed(f.name, say.Same(where))
	err := eachMember(dec, func(name string) error {
		if name != "root_module" {
			return dec.SkipValue()
		}
		return f.module(dec, s.at, p, malformed(f.name, say.Both("a resource in %s", "een object in %s", where)))
	})
	return readingError(ctx, err, bad)
}

// module notes the resources of a module and of those within it.
func (f *File) module(dec *jsontext.Decoder, base int64, p *headParser, bad error) error {
	return eachMember(dec, func(name string) error {
		switch name {
		case "resources":
			return eachElement(dec, func() error {
				raw, err := dec.ReadValue()
				if err != nil {
					return err
				}
				if len(raw) > f.limit {
					return errTooLarge
				}
				var n noted
				if !p.element(raw, base+dec.InputOffset()-int64(len(raw)), &n) {
					return bad
				}
				f.note(&n)
				return nil
			})
		case "child_modules":
			return eachElement(dec, func() error { return f.module(dec, base, p, bad) })
		}
		return dec.SkipValue()
	})
}

// eachMember reads an object or null; each is called for the value of each member.
func eachMember(dec *jsontext.Decoder, each func(name string) error) error {
	tok, err := dec.ReadToken()
	if err != nil || tok.Kind() == 'n' {
		return err
	}
	if tok.Kind() != '{' {
		return errInvalid
	}
	for dec.PeekKind() != '}' {
		tok, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if err := each(tok.String()); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}

// eachElement reads an array or null; each is called for each element.
func eachElement(dec *jsontext.Decoder, each func() error) error {
	tok, err := dec.ReadToken()
	if err != nil || tok.Kind() == 'n' {
		return err
	}
	if tok.Kind() != '[' {
		return errInvalid
	}
	for dec.PeekKind() != ']' {
		if err := each(); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}

// readingError gives errors of reading tokens the form of bad, and leaves others.
func readingError(ctx context.Context, err, bad error) error {
	if _, ok := err.(*collect.Error); ok || err == nil || err == errTooLarge {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return bad
}

// maxDrift is how many drifted resources are told one by one.
const maxDrift = 1000

// drifted lists what was changed outside Terraform: the names of attributes, never values.
func (f *File) drifted(ctx context.Context, s section) error {
	if s.size == 0 {
		return nil
	}
	dec := f.part(ctx, s)
	err := eachElement(dec, func() error {
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if len(f.drift) >= maxDrift {
			f.skipped["drift"]++
			return nil
		}
		d, ok := f.driftOf(raw)
		if !ok {
			return errInvalid
		}
		if d.Change != "" {
			f.drift = append(f.drift, d)
		}
		return nil
	})
	return readingError(ctx, err, malformed(f.name, say.Same("resource_drift")))
}

func (f *File) driftOf(raw []byte) (d gate.Drift, ok bool) {
	top, ok := members(raw, nil)
	address, okAddress := text(find(top, "address"))
	typ, okType := text(find(top, "type"))
	change, okChange := members(find(top, "change"), nil)
	if !ok || !okAddress || !okType || !okChange || address == "" {
		return d, false
	}
	actions, _ := elements(find(change, "actions"), nil)
	d = gate.Drift{Address: publicAddress(f.env.Pseudonyms, address, true), Type: typ}
	before, _ := members(find(change, "before"), nil)
	after, _ := members(find(change, "after"), nil)
	switch {
	case slices.ContainsFunc(actions, func(a []byte) bool { return string(a) == `"delete"` }):
		d.Change = "delete"
		return d, true
	case !slices.ContainsFunc(actions, func(a []byte) bool { return string(a) == `"update"` }):
		return d, true
	}
	d.Change = "update"
	for _, b := range before {
		if !sameJSON(b.value, find(after, string(b.name))) {
			d.Fields = append(d.Fields, string(b.name))
		}
	}
	for _, a := range after {
		if find(before, string(a.name)) == nil && !isNull(a.value) {
			d.Fields = append(d.Fields, string(a.name))
		}
	}
	d.Fields = slices.DeleteFunc(d.Fields, func(name string) bool { return !attributeForm.MatchString(name) })
	slices.Sort(d.Fields)
	return d, true
}

// sameJSON tells whether two values are the same; nothing is the same as null.
func sameJSON(a, b []byte) bool {
	if bytes.Equal(a, b) || isNull(a) && isNull(b) {
		return true
	}
	x, y := jsontext.Value(bytes.Clone(a)), jsontext.Value(bytes.Clone(b))
	return x.Canonicalize() == nil && y.Canonicalize() == nil && bytes.Equal(x, y)
}

// dated takes the time at which a plan says it was made, so that an old plan does not look fresh.
func (f *File) dated(raw []byte, there bool) {
	if !there {
		return // Terraform before 1.5
	}
	remedy := say.Both("make a new plan", "maak een nieuw plan")
	s, _ := text(raw)
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || at.Year() < 1970 {
		f.made = f.env.MadeUnknown(f.name, remedy)
		return
	}
	f.made, _ = f.env.Made(f.name, at, remedy)
}

// otherClouds are providers, as their types begin, that can make stores of data and of which nothing is mapped.
var otherClouds = map[string]bool{"aws": true, "awscc": true, "google": true, "azapi": true, "azurestack": true, "oci": true, "ibm": true, "alicloud": true,
	"digitalocean": true, "scaleway": true, "ovh": true, "hcloud": true, "linode": true, "vultr": true, "exoscale": true, "upcloud": true, "stackit": true,
	"openstack": true, "heroku": true, "cloudflare": true, "vsphere": true, "proxmox": true, "mongodbatlas": true, "snowflake": true, "databricks": true,
	"confluent": true, "aiven": true, "ec": true, "elasticstack": true, "planetscale": true, "neon": true, "supabase": true, "rediscloud": true,
	"influxdb": true, "clickhouse": true, "couchbase-capella": true, "astra": true, "cockroach": true, "yandex": true, "tencentcloud": true,
	"kubernetes": true, "helm": true, "kubectl": true, "docker": true}

// unmapped reports types that hold data and have no mapping, once.
func (f *File) unmapped(typ string, changed bool) {
	provider, _, _ := strings.Cut(typ, "_")
	var what say.Text
	switch {
	case notMapped[typ]:
		what = say.Both("resources of type %s", "objecten van type %s", typ)
	case otherClouds[provider]:
		what = say.Both("resources of provider %s", "objecten van provider %s", provider)
	default:
		return
	}
	i := slices.IndexFunc(f.problems, func(p problem) bool { return p.What == what })
	if i < 0 {
		i = len(f.problems)
		f.problem(what, inventory.Reason{Code: inventory.Unsupported, Detail: "type"},
			say.Both("they are not judged; read them from the live system, or put what they hold in the data map",
				"ze worden niet beoordeeld; lees ze uit het systeem zelf, of zet wat ze bevatten in de gegevenskaart"))
		f.problems[i].resting = true
	}
	f.problems[i].resting = f.problems[i].resting && !changed
}
