package gate

import (
	"slices"
	"strings"
	"sync"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
)

// summary is what a list of judgements means for the deploy; it is made once per distinct list and type.
type summary struct {
	typ    string
	counts Counts
	left   []leftRule
	emits  []emit   // what is not met, in the order of rules
	met    []string // rules that apply

	// Of the goroutine that writes: how the outcomes are written, and how many there are of each class.
	tail    []byte
	emitted Counts
}

// emit is an outcome before waivers and the baseline are asked.
type emit struct {
	judged assess.Judged
	class  Class
	team   bool // of the team's own rules
}

type leftRule struct {
	rule  string
	facts []string
}

// classifier makes summaries. It is safe for concurrent use.
type classifier struct {
	declared func(inventory.Kind) []string
	theirs   func(*assess.Rule) bool
	mu       sync.Mutex // guards known and shown
	known    map[summaryKey]*summary
	shown    map[shownKey]map[string]bool
}

type summaryKey struct {
	list  *assess.Judged
	typ   string
	tells *string
}

type shownKey struct {
	tells *string
	kind  inventory.Kind
}

// tellsOf stands for what an input of this kind can show; readers share the list among subjects.
func tellsOf(s *Subject) *string {
	if len(s.Tells) == 0 {
		return nil
	}
	return &s.Tells[0]
}

func newClassifier(declared func(inventory.Kind) []string, theirs func(*assess.Rule) bool) *classifier {
	return &classifier{declared: declared, theirs: theirs, known: map[summaryKey]*summary{}, shown: map[shownKey]map[string]bool{}}
}

// of returns the summary of a list of judgements of a subject.
func (c *classifier) of(list []assess.Judged, s *Subject, kind inventory.Kind, team bool) *summary {
	if len(list) == 0 {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := summaryKey{&list[0], s.Type, tellsOf(s)}
	if have, ok := c.known[key]; ok {
		return have
	}
	made := c.make(list, s, kind, team)
	c.known[key] = made
	return made
}

func (c *classifier) make(list []assess.Judged, s *Subject, kind inventory.Kind, team bool) *summary {
	out := &summary{typ: s.Type}
	if why, lacking := undeclared(list); lacking {
		out.emits = append(out.emits, emit{judged: assess.Judged{Verdict: &assess.Verdict{Rule: Undeclared(), Status: assess.Unknown,
			Unknown: []assess.UnknownFact{why}}}, class: Unclear})
	}
	for _, j := range list {
		theirs := c.theirs(j.Rule)
		if j.Status != assess.NotApplicable {
			out.met = append(out.met, j.Rule.ID)
		}
		class, missing := c.class(j, s, kind)
		switch {
		case j.Status == assess.Pass:
			out.counts.Pass++
		case j.Status == assess.NotApplicable:
			out.counts.NotApplicable++
		case class == Unclear && waits(j):
			out.counts.LeftOver++
			out.left = append(out.left, leftRule{j.Rule.ID, []string{personal}})
		case theirs, class == LeftOver:
			out.counts.LeftOver++
			out.left = append(out.left, leftRule{j.Rule.ID, missing})
		default:
			out.emits = append(out.emits, emit{judged: j, class: class, team: team})
		}
	}
	return out
}

// class says what an outcome that is not met means. missing are the facts that the input never shows.
func (c *classifier) class(j assess.Judged, s *Subject, kind inventory.Kind) (class Class, missing []string) {
	if j.Status == assess.Fail {
		return Failing, nil
	}
	later, other := false, len(j.Questions) > 0
	for _, u := range j.Unknown {
		switch {
		case u.Reason.Code == inventory.AfterApply:
			later = true
		case u.Reason.Code == inventory.NoTerm, u.Reason.Code == inventory.NotReported && !c.shows(s, kind, u.Path):
			missing = append(missing, u.Path)
		default:
			other = true
		}
	}
	if later && !other {
		// Whether the rule applies may wait for apply; what it then needs is perhaps never shown here.
		for _, need := range j.Rule.Needs {
			if !c.shows(s, kind, need) && !slices.Contains(missing, need) {
				missing = append(missing, need)
			}
		}
	}
	switch {
	case other:
		return Unclear, nil
	case len(missing) > 0:
		return LeftOver, missing // also if more is known after apply: the same source could not decide then either
	case later:
		return ToProve, nil
	}
	return Unclear, nil
}

// shows tells whether the input, or the workspace, can tell every fact at or below a path.
func (c *classifier) shows(s *Subject, kind inventory.Kind, path string) bool {
	if s.Draft.Attributes == nil || s.Draft.Attributes.Kind() != kind {
		return true // a snapshot, or a resource asked for as it is: what it has not is not there
	}
	key := shownKey{tellsOf(s), kind}
	all := c.shown[key]
	if all == nil {
		all = map[string]bool{}
		told := slices.Concat(s.Tells, c.declared(kind))
		for _, p := range inventory.Paths(s.Draft.Attributes) {
			all[p] = slices.ContainsFunc(told, func(t string) bool { return t == p || strings.HasPrefix(p, t+".") })
		}
		c.shown[key] = all
	}
	for p, ok := range all {
		if !ok && (p == path || strings.HasPrefix(p, path+".") || strings.HasPrefix(path, p+".")) {
			return false
		}
	}
	return true
}
