package ci

import (
	"bytes"
	"cmp"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"io"
	"strconv"
	"strings"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
)

// What GitHub takes of one run; Options.Max lowers or raises the first.
const (
	sarifResults = 25_000
	sarifBytes   = 20_000_000
)

// small is how many results surely fit: none is longer than the limits of a name and a sentence let it be.
const small = 100

// sarifProperties are what SARIF has no name for.
type sarifProperties struct {
	Class  string `json:"class"`
	Type   string `json:"type"`
	Change string `json:"change"`
	Was    string `json:"was,omitempty"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID        string             `json:"ruleId"`
	RuleIndex     *int               `json:"ruleIndex,omitempty"`
	Kind          string             `json:"kind"`
	Level         string             `json:"level"`
	Message       sarifText          `json:"message"`
	Locations     []sarifLocation    `json:"locations"`
	Fingerprints  map[string]string  `json:"partialFingerprints,omitempty"`
	BaselineState string             `json:"baselineState,omitempty"`
	Suppressions  []sarifSuppression `json:"suppressions,omitempty"`
	Properties    *sarifProperties   `json:"properties,omitempty"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name      string `json:"name"`
	Qualified string `json:"fullyQualifiedName"`
	Kind      string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

// SARIF writes SARIF 2.1.0 within the limits of GitHub's code scanning. Blocks are results of a rule of their own. What has no
// line of source stands at its input, for GitHub refuses a result without a file. With more outcomes than fit, the worst are
// kept and a notification says how many were left out.
func SARIF(w io.Writer, r *gate.Report, all gate.Outcomes, o Options) error {
	v := o.voice(r)
	x := sarif{voice: v, report: r, index: map[string]int{}, baselined: baselined(r)}
	for i, d := range r.Descriptors {
		x.index[d.ID] = i
	}
	if err := x.measure(all, cmp.Or(o.Max, sarifResults)); err != nil {
		return err
	}
	s := newStream(w)
	x.head(s)
	x.results(s, all)
	x.tail(s)
	return s.err
}

type sarif struct {
	voice
	report    *gate.Report
	index     map[string]int // of rules
	baselined bool
	total     int
	written   int
	room      [ranks]struct{ results, bytes int } // what may still be written of each rank
	mended    int                                 // how many mended entries may be written
}

// measure finds out how much of each rank has room: whole ranks from the worst on, and of the next as much as fits.
func (x *sarif) measure(all gate.Outcomes, most int) error {
	var count, size [ranks]int
	for o, err := range all {
		if err != nil {
			return err
		}
		count[rank(&o)]++
		x.baselined = x.baselined || o.Compared != ""
	}
	left := most - len(x.report.Blocks)
	for i, n := range count {
		x.total += n
		x.room[i].results = max(0, min(n, left))
		x.room[i].bytes = sarifBytes
		left -= x.room[i].results
	}
	x.mended = max(0, min(left, len(x.report.Mended), small))
	if most-left <= small {
		return nil
	}
	seen := x.room
	for o, err := range all {
		if err != nil {
			return err
		}
		at := rank(&o)
		if seen[at].results == 0 {
			continue
		}
		seen[at].results--
		raw, err := json.Marshal(x.result(&o), json.Deterministic(true))
		if err != nil {
			return err
		}
		size[at] += visibleLen(raw)
	}
	bytes := sarifBytes - sarifBytes/10 - x.headSize()
	for i := range size {
		x.room[i].bytes = max(0, min(size[i], bytes))
		bytes -= x.room[i].bytes
	}
	return nil
}

// headSize is how many bytes stand around the results.
func (x *sarif) headSize() int {
	n := 0
	s := newStream(counter{&n})
	x.head(s)
	return n
}

type counter struct{ n *int }

func (c counter) Write(p []byte) (int, error) {
	*c.n += len(p)
	return len(p), nil
}

// visibleLen is the length of JSON once written by a visible.
func visibleLen(raw []byte) int {
	if clear(raw) {
		return len(raw) + 1
	}
	var b bytes.Buffer
	_, _ = (&visible{w: &b}).Write(raw) // a bytes.Buffer takes all
	return b.Len() + 1
}

func (x *sarif) head(s *stream) {
	r := x.report
	s.token(jsontext.BeginObject)
	s.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
	s.member("version", "2.1.0")
	s.open("runs")
	s.token(jsontext.BeginObject)
	s.member("tool", map[string]any{"driver": x.driver()})
	s.member("language", x.lang)
	s.member("columnKind", "utf16CodeUnits")
	s.member("automationDetails", map[string]any{"id": "waarborg/gate/" + uuid(runKey(r))})
	root := sarifText{Text: x.tell("The folder that the gate ran in", "De map waarin de poort draaide")}
	s.member("originalUriBaseIds", map[string]any{"%SRCROOT%": map[string]any{"description": root}})
	s.open("artifacts")
	for _, in := range r.Inputs {
		a := map[string]any{"location": sarifArtifact{uri(in.Name), "%SRCROOT%"}, "roles": []string{"analysisTarget"}, "length": in.Size}
		if hex, ok := strings.CutPrefix(in.Digest, "sha256:"); ok {
			a["hashes"] = map[string]string{"sha-256": hex}
		}
		s.value(a)
	}
	s.close()
	s.open("results")
}

func (x *sarif) results(s *stream, all gate.Outcomes) {
	for _, b := range x.report.Blocks {
		res := sarifResult{RuleID: blockRule(b), Kind: "fail", Level: "error",
			Message:   sarifText{Text: noLink(withHint(x.blocked(b), sentence(b.Hint)))},
			Locations: []sarifLocation{{Physical: &sarifPhysical{sarifArtifact{uri(firstInput(x.report)), "%SRCROOT%"}, &sarifRegion{1}}}}}
		if b.Status != assess.Fail {
			res.Kind, res.Level = "open", "none"
		}
		if x.baselined {
			res.BaselineState = "new"
		}
		s.value(res)
	}
	s.each(all, func(o *gate.Outcome) {
		room := &x.room[rank(o)]
		if room.results == 0 {
			return
		}
		raw, err := json.Marshal(x.result(o), json.Deterministic(true))
		n := visibleLen(raw)
		if err != nil || n > room.bytes {
			s.err, room.results = err, 0
			return
		}
		room.results--
		room.bytes -= n
		x.written++
		if err := s.WriteValue(raw); err != nil {
			s.err = err
		}
	})
	for _, m := range x.report.Mended[:x.mended] {
		id, index := x.rule(m.Rule)
		s.value(sarifResult{RuleID: id, RuleIndex: index, Kind: "pass", Level: "none", BaselineState: "absent",
			Message: sarifText{Text: noLink(x.tell("%s: this is met now; the entry can go from the baseline",
				"%s: hieraan is nu voldaan; de regel kan van de baseline af", name(m.Address)))},
			Locations: []sarifLocation{{Logical: logical(m.Address)}}})
	}
	s.close()
}

func (x *sarif) result(o *gate.Outcome) sarifResult {
	id, index := x.rule(o.Rule)
	file, line, _ := source(o)
	out := sarifResult{RuleID: id, RuleIndex: index, Kind: "fail", Level: sarifLevel(o.Severity),
		Message:      sarifText{Text: noLink(name(o.Address) + ": " + x.what(o))},
		Locations:    []sarifLocation{{Physical: &sarifPhysical{sarifArtifact{uri(file), "%SRCROOT%"}, &sarifRegion{line}}, Logical: logical(o.Address)}},
		Fingerprints: map[string]string{"waarborg/v1": o.Fingerprint},
		Properties:   &sarifProperties{string(o.Class), name(o.Type), string(o.Change), name(o.Was)}}
	switch o.Class {
	case gate.ToProve, gate.Unclear:
		out.Kind, out.Level = "open", "none"
	case gate.Accepted, gate.Known:
		out.Suppressions = []sarifSuppression{{"external", "accepted", noLink(x.accepted(o))}}
	}
	if x.baselined {
		out.BaselineState = "new"
		switch {
		case o.Class == gate.Known:
			out.BaselineState = "unchanged"
		case o.Compared == "worse":
			out.BaselineState = "updated"
		}
	}
	return out
}

func (x *sarif) rule(id string) (string, *int) {
	if i, ok := x.index[id]; ok {
		return name(id), &i
	}
	return name(id), nil
}

func logical(address string) []sarifLogical {
	return []sarifLogical{{name(address), name(address), "resource"}}
}

func (x *sarif) tail(s *stream) {
	r := x.report
	notes := []sarifNotification{}
	for _, in := range r.Inputs {
		for _, p := range in.Problems {
			text := withHint(name(in.Name)+": "+sentence(p.What.In(x.lang)), sentence(p.Hint.In(x.lang)))
			notes = append(notes, sarifNotification{"warning", sarifText{Text: noLink(text)}})
		}
	}
	if n := x.total - x.written; n > 0 {
		notes = append(notes, sarifNotification{"error", sarifText{Text: x.tell("%s of %s outcomes were left out, for no more fit; those that are here are the worst.",
			"%s van %s uitkomsten zijn weggelaten, omdat er niet meer in past; de ergste staan er wel.", x.number(n), x.number(x.total))}})
	}
	if r.Counts.LeftOver > 0 {
		notes = append(notes, sarifNotification{"note", sarifText{Text: x.tell("%s outcomes are left to check on the live system, for inputs like these never show what they need.",
			"%s uitkomsten zijn over om in het echte systeem na te gaan, want zulke invoer toont nooit wat ervoor nodig is.", x.number(r.Counts.LeftOver))}})
	}
	s.open("invocations")
	s.value(map[string]any{"executionSuccessful": true, "endTimeUtc": r.At.UTC().Format(time.RFC3339), "exitCodeDescription": x.verdict(r),
		"toolExecutionNotifications": notes})
	s.close()
	s.member("properties", map[string]any{"status": string(r.Status), "rules": r.Rules, "workspace": r.Workspace, "verdict": x.verdict(r)})
	s.token(jsontext.EndObject)
	s.close()
	s.token(jsontext.EndObject)
}

func sarifLevel(s assess.Severity) string {
	switch s {
	case assess.Critical, assess.High:
		return "error"
	case assess.Medium:
		return "warning"
	default:
		return "note"
	}
}

// blockRule is the id of the rule that a block is shown under.
func blockRule(b gate.Block) string { return "waarborg." + token(b.What) }

// firstInput is where that stands which belongs to no resource.
func firstInput(r *gate.Report) string {
	if len(r.Inputs) == 0 {
		return "-"
	}
	return r.Inputs[0].Name
}

func number(n int) string { return strconv.Itoa(n) }
