package gate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/internal/redact"
	"waarborg/internal/say"
)

// Rules is a set of rules and what judges by it.
type Rules struct {
	Policies *assess.Policies
	Judge    *assess.Judge
	Team     bool // the team's own
}

// Options say what to judge, by what.
type Options struct {
	Readers []Reader // of the inputs, in the order in which outcomes are given
	Rules   []Rules
	View    assess.View // language, waivers, time; Customer is not used
	// Annotate adds to a subject what the workspace knows of it, and returns what is worth a note. Called from several
	// goroutines. May be nil.
	Annotate func(*Subject) []say.Text
	// Declared lists the fact paths of a kind that the workspace can tell: what is unknown there is not left to a check.
	Declared func(inventory.Kind) []string
	Baseline *Baseline // nil: none
	// Locate finds where an outcome's resource stands in the source; nil or a nil answer: not known.
	Locate  func(Outcome) *assess.SourceRef
	Workers int                      // 0: as many as there are processors
	Temp    func() (*os.File, error) // makes the file that outcomes are kept in
}

// Run is what came out: a report, and outcomes on disk. Close it.
type Run struct {
	Report *Report

	spool    *spool
	opts     Options
	infos    []Info
	types    names
	verdicts []emit
	index    map[emitKey]int
	waivers  []assess.Waiver
	entries  []*Entry
	known    map[outcomeAt]*Entry // outcomes that a second look found on the baseline
	unlooked map[string]bool      // entries of the baseline whose resource was not judged
	tellers  map[bool]*assess.Teller
	done     []func() error
}

type emitKey struct {
	verdict *assess.Verdict
	who     *string // the customers, by the address of their list
	class   Class
}

// outcomeAt is a record of the spool and the number of an outcome in it.
type outcomeAt struct {
	at int64
	n  int
}

// names numbers strings that come often.
type names struct {
	list []string
	at   map[string]int
}

func (x *names) number(s string) int {
	n, ok := x.at[s]
	if !ok {
		if x.at == nil {
			x.at = map[string]int{}
		}
		n = len(x.list)
		x.at[s], x.list = n, append(x.list, redact.String(s)) // a type can have any name
	}
	return n
}

// chunk is a run of units that one worker reads and judges.
type chunk struct {
	n        int // in order over all inputs
	input    int
	from, to int
}

// judgedChunk is what came of a chunk.
type judgedChunk struct {
	chunk
	subjects int
	loud     []loud   // subjects with outcomes that are not met
	looked   []string // addresses of the baseline that were judged
	tally    map[*summary]int
	notes    []say.Text
	err      error
}

// loud is a subject with at least one outcome that is not met.
type loud struct {
	id, name, address, was, typ, party, file string
	line                                     int
	kind                                     inventory.Kind
	change                                   Change
	sums                                     []*summary
}

const chunkUnits = 256

// Judge reads and judges all inputs. The order of outcomes is that of the inputs, whatever the number of workers. Outcomes
// can be ranged over until Close.
func Judge(ctx context.Context, o Options) (run *Run, notes []say.Text, err error) {
	file, err := o.Temp()
	if err != nil {
		return nil, nil, err
	}
	r := &Run{opts: o, spool: newSpool(file), Report: &Report{}, index: map[emitKey]int{}, known: map[outcomeAt]*Entry{},
		tellers: map[bool]*assess.Teller{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	for _, set := range o.Rules {
		r.tellers[set.Team] = set.Policies.Teller(o.View)
		r.Report.Descriptors = append(r.Report.Descriptors, set.Policies.Described()...)
		if set.Team {
			r.Report.TeamRules = set.Policies.Digest
		} else {
			r.Report.Rules = set.Policies.Digest
		}
	}
	r.Report.Descriptors = append(r.Report.Descriptors, undeclaredRule)
	for _, reader := range o.Readers {
		r.infos = append(r.infos, struckInfo(reader.Info()))
	}
	w := &writer{run: r, classes: newClassifier(o.Declared, r.tellers[false].Theirs), met: map[string]bool{}, left: map[string]*leftSum{},
		baseline: newMatcher(o.Baseline, o.Readers, o.View.Now)}
	if err := w.all(ctx); err != nil {
		return nil, nil, err
	}
	if err := r.spool.flush(); err != nil {
		return nil, nil, fmt.Errorf("gate: keeping outcomes: %w", err)
	}
	if err := w.finish(); err != nil {
		return nil, nil, err
	}
	return r, w.notes, nil
}

// OnClose has done called when the run is closed.
func (r *Run) OnClose(done func() error) { r.done = append(r.done, done) }

// Close gives back the file of outcomes, and whatever else is to be given back.
func (r *Run) Close() error {
	err := r.spool.close()
	for _, done := range r.done {
		err = errors.Join(err, done())
	}
	return err
}

// writer brings chunks into order and writes what is not met into the spool. It belongs to the goroutine that called Judge.
type writer struct {
	run      *Run
	classes  *classifier
	met      map[string]bool
	left     map[string]*leftSum
	baseline *matcher
	notes    []say.Text
	noted    map[string]bool
	record   fields
	heads    map[headKey][]byte
}

type leftSum struct {
	types, facts map[string]bool
	count        int
}

// all hands chunks to workers and takes what comes of them in order. At most a few chunks a worker are under way at once, so
// that one slow chunk does not let the others pile up.
func (w *writer) all(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	workers := w.run.opts.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	window := make(chan struct{}, 4*workers)
	todo, done := make(chan chunk), make(chan judgedChunk, 4*workers)
	var total atomic.Int64
	total.Store(-1)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		defer close(todo)
		n := 0
		for input, reader := range w.run.opts.Readers {
			for from := 0; from < reader.Units(); from += chunkUnits {
				select {
				case window <- struct{}{}:
				case <-ctx.Done():
					return
				}
				select {
				case todo <- chunk{n, input, from, min(from+chunkUnits, reader.Units())}:
				case <-ctx.Done():
					return
				}
				n++
			}
		}
	})
	count := 0
	for _, reader := range w.run.opts.Readers {
		count += (reader.Units() + chunkUnits - 1) / chunkUnits
	}
	for range min(workers, max(count, 1)) {
		wg.Go(func() {
			var subjects []Subject
			for c := range todo {
				var out judgedChunk
				out, subjects = w.judge(ctx, c, subjects[:0])
				select {
				case done <- out:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	early := map[int]judgedChunk{}
	for next := 0; next < count; {
		var c judgedChunk
		select {
		case c = <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if c.err != nil {
			return c.err
		}
		early[c.n] = c
		for {
			c, ok := early[next]
			if !ok {
				break
			}
			delete(early, next)
			if err := w.write(c); err != nil {
				return err
			}
			<-window
			next++
		}
	}
	return nil
}

// judge reads and judges a chunk. It runs in a worker.
func (w *writer) judge(ctx context.Context, c chunk, subjects []Subject) (judgedChunk, []Subject) {
	o := &w.run.opts
	out := judgedChunk{chunk: c, tally: map[*summary]int{}}
	subjects, out.err = o.Readers[c.input].Read(ctx, c.from, c.to, subjects)
	if out.err != nil {
		return out, subjects
	}
	out.subjects = len(subjects)
	for i := range subjects {
		s := &subjects[i]
		if o.Annotate != nil && s.Resource == nil && s.Draft.Attributes != nil {
			out.notes = append(out.notes, o.Annotate(s)...)
		}
		var sums []*summary
		for _, set := range o.Rules {
			lists, err := set.judge(ctx, w.run.infos[c.input].Format, s)
			if err != nil {
				out.err = err
				return out, subjects
			}
			for _, list := range lists {
				sum := w.classes.of(list, s, list[0].Rule.Kind, set.Team)
				out.tally[sum]++
				if len(sum.emits) > 0 {
					sums = append(sums, sum)
				}
			}
		}
		for _, address := range []string{s.Address, s.Was} {
			if w.baseline.has(address) {
				out.looked = append(out.looked, address)
			}
		}
		if len(sums) > 0 {
			out.loud = append(out.loud, s.loud(sums))
		}
	}
	return out, subjects
}

// judge gives the judgements of a set of rules on a subject: on its facts, and on the resource itself where a rule asks for it.
func (set Rules) judge(ctx context.Context, format string, s *Subject) (lists [][]assess.Judged, err error) {
	add := func(list []assess.Judged, err error) error {
		if len(list) > 0 {
			lists = append(lists, list)
		}
		return err
	}
	switch {
	case s.Resource != nil:
		err = add(set.Judge.Resource(ctx, *s.Resource))
	case s.Draft.Attributes != nil:
		err = add(set.Judge.Draft(ctx, s.Draft))
	}
	if err != nil || s.Raw == nil {
		return lists, err
	}
	return lists, set.raw(ctx, format, s, add)
}

func (s *Subject) loud(sums []*summary) loud {
	l := loud{id: s.Draft.ID, name: s.Draft.Name, address: s.Address, was: s.Was, typ: s.Type, change: s.Change, sums: sums,
		party: assess.Party(s.Draft)}
	if s.Resource != nil {
		l.id, l.name, l.kind = s.Resource.ID, s.Resource.Name, s.Resource.Kind
	} else if s.Draft.Attributes != nil {
		l.kind = s.Draft.Attributes.Kind()
	}
	// Without a line it would only say again which input it is.
	if at := s.Draft.Provenance; at.Line > 0 {
		l.file, l.line = at.File, at.Line
	}
	l.strike()
	return l
}

// write adds a chunk's outcomes to the spool and to the report.
func (w *writer) write(c judgedChunk) error {
	rep := w.run.Report
	rep.Subjects += c.subjects
	for sum, n := range c.tally {
		rep.Counts.Pass += n * sum.counts.Pass
		rep.Counts.NotApplicable += n * sum.counts.NotApplicable
		rep.Counts.LeftOver += n * sum.counts.LeftOver
		for _, id := range sum.met {
			w.met[id] = true
		}
		for _, l := range sum.left {
			w.leave(l, sum.typ, n)
		}
	}
	for _, t := range c.notes {
		if w.noted == nil {
			w.noted = map[string]bool{}
		}
		if !w.noted[t.EN] && len(w.notes) < 100 {
			w.noted[t.EN] = true
			w.notes = append(w.notes, t)
		}
	}
	for _, address := range c.looked {
		w.baseline.look(address)
	}
	for _, l := range c.loud {
		if err := w.subject(c.input, l); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) leave(l leftRule, typ string, n int) {
	sum := w.left[l.rule]
	if sum == nil {
		sum = &leftSum{types: map[string]bool{}, facts: map[string]bool{}}
		w.left[l.rule] = sum
	}
	sum.count += n
	sum.types[typ] = true
	for _, f := range l.facts {
		sum.facts[f] = true
	}
}

// subject writes one record: what is needed to say the outcomes later, as numbers where it comes often.
func (w *writer) subject(input int, l loud) error {
	r := w.run
	f := &w.record
	f.b = append(f.b[:0], w.head(headKey{input, l.typ, l.party, l.kind, l.change})...)
	f.text(l.id)
	f.tail(l.name, l.id)
	f.tail(l.address, l.id)
	f.text(l.was)
	f.text(l.file)
	f.num(l.line)
	n := 0
	for _, sum := range l.sums {
		n += len(sum.emits)
	}
	f.num(n)
	n = 0
	for _, sum := range l.sums {
		if r.opts.Baseline == nil && len(r.opts.View.Waivers) == 0 { // then it is the same for every subject
			f.b = append(f.b, w.tail(sum)...)
			r.Report.Counts.addAll(sum.emitted)
			continue
		}
		for _, e := range sum.emits {
			class, waiver, entry := w.settle(input, l, e)
			compared := ""
			if class == Failing || class == Unclear {
				if !nameless(l.address) {
					w.baseline.candidate(outcomeAt{r.spool.size, n}, l, e)
				}
				compared = w.baseline.compared(l, e)
			}
			w.outcome(f, e, class, waiver, entry, compared)
			r.Report.Counts.add(class, 1)
			n++
		}
	}
	_, err := r.spool.add(f.b)
	if err != nil {
		return fmt.Errorf("gate: keeping outcomes: %w", err)
	}
	return nil
}

// headKey is what many records begin with.
type headKey struct {
	input      int
	typ, party string
	kind       inventory.Kind
	change     Change
}

func (w *writer) head(k headKey) []byte {
	if have, ok := w.heads[k]; ok {
		return have
	}
	types, f := &w.run.types, &fields{}
	f.num(k.input)
	f.num(types.number(k.typ))
	f.num(types.number(string(k.kind)))
	f.num(types.number(string(k.change)))
	f.num(types.number(k.party))
	if w.heads == nil {
		w.heads = map[headKey][]byte{}
	}
	w.heads[k] = f.b
	return f.b
}

// tail is how the outcomes of a summary are written where no waiver and no baseline has a say.
func (w *writer) tail(sum *summary) []byte {
	if sum.tail == nil {
		f := &fields{}
		for _, e := range sum.emits {
			w.outcome(f, e, e.class, 0, 0, "")
			sum.emitted.add(e.class, 1)
		}
		sum.tail = f.b
	}
	return sum.tail
}

func (w *writer) outcome(f *fields, e emit, class Class, waiver, entry int, compared string) {
	f.num(w.run.number(e))
	f.num(w.run.types.number(string(class)))
	f.num(waiver)
	f.num(entry)
	f.num(w.run.types.number(compared))
}

// settle asks the waivers and the baseline. waiver and entry are numbers from 1, 0 for none.
func (w *writer) settle(input int, l loud, e emit) (class Class, waiver, entry int) {
	r := w.run
	if e.class == Failing {
		if x, ok := r.tellers[e.team].Waive(e.judged.Rule, l.id); ok {
			i := slices.IndexFunc(r.waivers, func(have assess.Waiver) bool { return have.ID == x.ID })
			if i < 0 {
				i = len(r.waivers)
				r.waivers = append(r.waivers, x)
			}
			return Accepted, i + 1, 0
		}
	}
	if (e.class == Failing || e.class == Unclear) && !nameless(l.address) {
		if x := w.baseline.match(input, l, e); x != nil {
			r.entries = append(r.entries, x)
			return Known, 0, len(r.entries)
		}
	}
	return e.class, 0, 0
}

func (r *Run) number(e emit) int {
	key := emitKey{verdict: e.judged.Verdict, class: e.class}
	if len(e.judged.Customers) > 0 {
		key.who = &e.judged.Customers[0]
	}
	n, ok := r.index[key]
	if !ok {
		n = len(r.verdicts)
		r.index[key], r.verdicts = n, append(r.verdicts, e)
	}
	return n
}

func (c *Counts) add(class Class, n int) {
	switch class {
	case Failing:
		c.Failing += n
	case Accepted:
		c.Accepted += n
	case Known:
		c.Known += n
	case ToProve:
		c.ToProve += n
	case Unclear:
		c.Unclear += n
	case LeftOver:
		c.LeftOver += n
	}
}

func (c *Counts) addAll(more Counts) {
	c.Failing += more.Failing
	c.Accepted += more.Accepted
	c.Known += more.Known
	c.ToProve += more.ToProve
	c.Unclear += more.Unclear
	c.LeftOver += more.LeftOver
}

// finish makes the rest of the report.
func (w *writer) finish() error {
	r, rep := w.run, w.run.Report
	for _, x := range w.baseline.second() {
		r.known[x.outcomeAt] = x.entry
		rep.Counts.add(x.class, -1)
		rep.Counts.Known++
	}
	r.unlooked = map[string]bool{}
	for key, t := range w.baseline.entries {
		r.unlooked[key] = !t.judged && !t.matched
	}
	rep.Schema, rep.At, rep.Language = Schema, r.opts.View.Now.UTC(), r.opts.View.Language
	rep.Inputs = r.infos
	rep.Mended, rep.Lapsed = w.baseline.mended(), w.baseline.lapsed()
	for _, id := range slices.Sorted(maps.Keys(w.left)) {
		l := w.left[id]
		rep.Left = append(rep.Left, Left{Rule: id, Types: struckAll(l.types), Facts: slices.Sorted(maps.Keys(l.facts)), Count: l.count})
	}
	for _, d := range rep.Descriptors {
		if !w.met[d.ID] && d != undeclaredRule {
			rep.NotMet = append(rep.NotMet, d.ID)
		}
	}
	slices.Sort(rep.NotMet)
	rep.NotMet = slices.Compact(rep.NotMet)
	for _, team := range []bool{false, true} {
		if t := r.tellers[team]; t != nil {
			rep.Waivers = mergeUses(rep.Waivers, t.Uses())
		}
	}
	rep.settle()
	return nil
}

// mergeUses brings together what two sets of rules say of the same waivers: one knows the rule, to the other it is orphaned.
func mergeUses(a, b []assess.WaiverUse) []assess.WaiverUse {
	if a == nil {
		return b
	}
	out := slices.Clone(a)
	for i := range out {
		if out[i].State == assess.WaiverOrphaned {
			out[i] = b[i]
		}
	}
	return out
}

// settle decides the overall status.
func (rep *Report) settle() {
	rep.Status = assess.Pass
	worse := func(s assess.Status, is bool) {
		if is {
			rep.Status = assess.Worse(rep.Status, s)
		}
	}
	worse(assess.Fail, rep.Counts.Failing > 0)
	worse(assess.Unknown, rep.Counts.Unclear+rep.Counts.ToProve > 0 || rep.Subjects == 0)
	for _, in := range rep.Inputs {
		worse(assess.Unknown, len(in.Problems) > 0)
	}
	for _, b := range rep.Blocks {
		worse(b.Status, true)
	}
}

// Block adds a reason to stop the deploy.
func (rep *Report) Block(list ...Block) {
	rep.Blocks = append(rep.Blocks, list...)
	rep.settle()
}

// Outcomes ranges over what is not met.
func (r *Run) Outcomes() Outcomes { return r.outcomes(true) }

// Unnamed is Outcomes without fingerprints, which are half the work and which people do not read.
func (r *Run) Unnamed() Outcomes { return r.outcomes(false) }

func (r *Run) outcomes(named bool) Outcomes {
	return func(yield func(Outcome, error) bool) {
		stopped := false
		told := map[toldKey]assess.Result{}
		err := r.spool.each(func(at int64, record []byte) bool {
			f := &fields{record}
			info := r.infos[f.readNum()]
			base := Outcome{Input: info.Name, Type: r.types.list[f.readNum()]}
			kind := inventory.Kind(r.types.list[f.readNum()])
			base.Change = Change(r.types.list[f.readNum()])
			party := r.types.list[f.readNum()]
			res := inventory.Resource{ID: f.readText(), Kind: kind}
			res.Name, base.Address, base.Was = f.readTail(res.ID), f.readTail(res.ID), f.readText()
			res.Provenance.File, res.Provenance.Line = f.readText(), f.readNum()
			for i := range f.readNum() {
				n, out := f.readNum(), base
				e := r.verdicts[n]
				out.Class = Class(r.types.list[f.readNum()])
				waiver, entry := f.readNum(), f.readNum()
				out.Compared = r.types.list[f.readNum()]
				out.Result = r.said(told, n, e, party)
				out.Resource, out.Name, out.Kind = res.ID, res.Name, e.judged.Rule.Kind
				if e.judged.Rule == undeclaredRule {
					out.Kind = kind
				}
				if res.Provenance.File != "" {
					out.Source = &assess.SourceRef{File: res.Provenance.File, Line: res.Provenance.Line}
				}
				if named {
					out.Fingerprint = Fingerprint(out.Rule, out.Address)
				}
				r.explain(&out, waiver, entry, outcomeAt{at, i})
				if r.opts.Locate != nil {
					if at := r.opts.Locate(out); at != nil {
						out.Source = at
					}
				}
				if !yield(out, nil) {
					stopped = true
					return false
				}
			}
			return true
		})
		if err != nil && !stopped {
			yield(Outcome{}, fmt.Errorf("gate: reading outcomes back: %w", err))
		}
	}
}

// toldKey is all that the words of an outcome depend on, but for its resource.
type toldKey struct {
	verdict int
	party   string
}

// said puts a judgement in words, once for all resources of which the same is said. A range over outcomes has a map of its own.
func (r *Run) said(told map[toldKey]assess.Result, n int, e emit, party string) assess.Result {
	key := toldKey{n, party}
	out, ok := told[key]
	if !ok {
		out = struckResult(r.tellers[e.team].Result(inventory.Resource{}, party, e.judged))
		told[key] = out
	}
	return out
}

// explain adds why an outcome does not count.
func (r *Run) explain(out *Outcome, waiver, entry int, at outcomeAt) {
	if waiver > 0 {
		w := r.waivers[waiver-1]
		out.Status, out.Waiver, out.Reason, out.Until = assess.Waived, w.ID, w.Reason, w.LastDay()
	}
	x := r.known[at]
	if entry > 0 {
		x = r.entries[entry-1]
	}
	if x != nil {
		out.Class, out.Compared, out.Reason, out.Until = Known, "", x.Reason, x.Until
	}
}

// Fingerprint names an outcome the same in every run: by its rule and the address of its resource.
func Fingerprint(rule, address string) string {
	sum := sha256.Sum256([]byte(rule + "\x00" + address))
	return hex.EncodeToString(sum[:16])
}
