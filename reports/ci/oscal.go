package ci

import (
	"crypto/sha1"
	"encoding/json/jsontext"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"waarborg/internal/gate"
)

// oscalVersion is the version of OSCAL that the form is of.
const oscalVersion = "1.1.3"

// oscalNamespace is ours for properties: what OSCAL has no name for.
const oscalNamespace = "urn:waarborg:oscal"

type oscalProp struct {
	Name  string `json:"name"`
	NS    string `json:"ns"`
	Value string `json:"value"`
}

type oscalSubject struct {
	UUID  string `json:"subject-uuid"`
	Type  string `json:"type"`
	Title string `json:"title"`
}

type oscalObservation struct {
	UUID        string         `json:"uuid"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Props       []oscalProp    `json:"props"`
	Methods     []string       `json:"methods"`
	Types       []string       `json:"types"`
	Subjects    []oscalSubject `json:"subjects,omitempty"`
	Collected   time.Time      `json:"collected"`
	Remarks     string         `json:"remarks,omitempty"`
}

type oscalFinding struct {
	UUID        string      `json:"uuid"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Target      oscalTarget `json:"target"`
	Related     []oscalLink `json:"related-observations"`
}

type oscalTarget struct {
	Type   string            `json:"type"`
	ID     string            `json:"target-id"`
	Status map[string]string `json:"status"`
}

type oscalLink struct {
	UUID string `json:"observation-uuid"`
}

// OSCAL writes assessment results of OSCAL 1.1.3: an observation for each outcome and each block, a finding for each clause of the
// agreement that an outcome is about, and the resources as inventory items. Ids are the same for the same outcome in every
// run. There is no assessment plan, so import-ap points at the document itself.
func OSCAL(w io.Writer, r *gate.Report, all gate.Outcomes, o Options) error {
	v := o.voice(r)
	s := newStream(w)
	at := r.At.UTC()
	title := v.tell("Assessment of a deploy by the gate of Waarborg", "Beoordeling van een uitrol door de poort van Waarborg")
	s.token(jsontext.BeginObject, jsontext.String("assessment-results"), jsontext.BeginObject)
	s.member("uuid", uuid("document", runKey(r)))
	s.member("metadata", map[string]any{"title": title, "last-modified": at, "version": version(r), "oscal-version": oscalVersion})
	s.member("import-ap", map[string]string{"href": "#"})
	s.open("results")
	s.token(jsontext.BeginObject)
	s.member("uuid", uuid("result", runKey(r)))
	s.member("title", title)
	s.member("description", v.verdict(r))
	s.member("start", at)
	s.member("end", at)
	s.member("props", props("status", string(r.Status), "rules", r.Rules, "team-rules", r.TeamRules, "workspace", r.Workspace))
	oscalInventory(s, r, all)
	s.member("reviewed-controls", map[string]any{"control-selections": []any{reviewed(r)}})
	v.oscalObservations(s, r, all)
	v.oscalFindings(s, all)
	s.token(jsontext.EndObject)
	s.close()
	s.token(jsontext.EndObject, jsontext.EndObject)
	return s.err
}

// oscalInventory writes the resources that outcomes speak of, each once: those of one follow each other. An array of OSCAL may not
// be empty, so the first item opens it.
func oscalInventory(s *stream, r *gate.Report, all gate.Outcomes) {
	before, opened := "", false
	s.each(all, func(o *gate.Outcome) {
		id := resourceID(o)
		if id == before {
			return
		}
		if !opened {
			s.token(jsontext.String("local-definitions"), jsontext.BeginObject)
			s.open("inventory-items")
		}
		before, opened = id, true
		s.value(map[string]any{"uuid": id, "description": or(name(o.Address), "-"),
			"props": props("input", o.Input, "type", o.Type, "change", string(o.Change), "was", o.Was)})
	})
	if opened {
		s.close()
		s.token(jsontext.EndObject)
	}
}

// reviewed selects the clauses of all rules that something was judged by.
func reviewed(r *gate.Report) map[string]any {
	none := unreached(r)
	var ids []string
	for _, d := range r.Descriptors {
		if !none(d.ID) {
			for _, c := range d.Clauses {
				ids = append(ids, token(c))
			}
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return map[string]any{}
	}
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = map[string]string{"control-id": id}
	}
	return map[string]any{"include-controls": list}
}

func (v voice) oscalObservations(s *stream, r *gate.Report, all gate.Outcomes) {
	opened := false
	write := func(o oscalObservation) {
		if !opened {
			s.open("observations")
			opened = true
		}
		o.Methods, o.Types, o.Collected = []string{"TEST"}, []string{"finding"}, r.At.UTC()
		s.value(o)
	}
	for i, b := range r.Blocks {
		write(oscalObservation{UUID: uuid("block", runKey(r), number(i)), Title: or(blockRule(b), "-"), Description: or(v.blocked(b), "-"),
			Props: props("class", "block", "status", string(b.Status)), Remarks: sentence(b.Hint)})
	}
	s.each(all, func(o *gate.Outcome) {
		p := props("class", string(o.Class), "rule", o.Rule, "severity", string(o.Severity), "fingerprint", o.Fingerprint, "waiver", o.Waiver, "until", o.Until)
		if file, line, ok := source(o); ok {
			p = append(p, props("source", fmt.Sprintf("%s:%d", relative(file), line))...)
		}
		write(oscalObservation{UUID: observationID(o), Title: v.title(o), Description: v.headline(o), Props: p,
			Subjects: []oscalSubject{{resourceID(o), "inventory-item", or(name(o.Address), "-")}}, Remarks: sentence(o.Remediation)})
	})
	if opened {
		s.close()
	}
}

func (v voice) oscalFindings(s *stream, all gate.Outcomes) {
	opened := false
	s.each(all, func(o *gate.Outcome) {
		status := map[string]string{"state": "not-satisfied", "reason": "fail"}
		if o.Class != gate.Failing {
			status["reason"] = "other"
			status["remarks"] = or(v.accepted(o), v.class(o.Class))
		}
		for _, c := range o.Clauses {
			if !opened {
				s.open("findings")
				opened = true
			}
			s.value(oscalFinding{uuid("finding", observationID(o), c), name(c) + ": " + sentence(o.Title), v.headline(o),
				oscalTarget{"statement-id", token(c), status}, []oscalLink{{observationID(o)}}})
		}
	})
	if opened {
		s.close()
	}
}

// props makes properties of names and values in turn; those without a value are left out.
func props(pairs ...string) []oscalProp {
	out := []oscalProp{}
	for i := 0; i < len(pairs); i += 2 {
		if value := strings.TrimSpace(sentence(pairs[i+1])); value != "" {
			out = append(out, oscalProp{pairs[i], oscalNamespace, value})
		}
	}
	return out
}

func resourceID(o *gate.Outcome) string { return uuid("resource", o.Input, o.Address) }

// observationID tells outcomes apart that have one fingerprint: of several inputs, and under the terms of several customers.
func observationID(o *gate.Outcome) string {
	return uuid("outcome", o.Input, o.Fingerprint, strings.Join(o.Customers, ","))
}

// runKey names a run by what it judged and by what rules.
func runKey(r *gate.Report) string {
	parts := []string{r.At.UTC().Format(time.RFC3339Nano), r.Rules, r.TeamRules, r.Workspace}
	for _, in := range r.Inputs {
		parts = append(parts, in.Name, in.Digest)
	}
	return strings.Join(parts, "\x00")
}

// uuid is a version 5 UUID (RFC 9562) of parts, in a namespace of ours.
func uuid(parts ...string) string {
	h := sha1.New() // version 5 is so defined; nothing rests on it but that it is the same every time
	_, _ = io.WriteString(h, "waarborg.gate/v1")
	for _, p := range parts {
		_, _ = fmt.Fprintf(h, "\x00%d\x00%s", len(p), p)
	}
	b := h.Sum(nil)
	b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
