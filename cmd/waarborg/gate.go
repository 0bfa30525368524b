package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/attest"
	"waarborg/internal/evidence"
	"waarborg/internal/gate"
	"waarborg/internal/hclsource"
	"waarborg/internal/say"
	"waarborg/internal/strictjson"
	"waarborg/policies"
)

type gateOptions struct {
	out, as              []string
	sourceDir, module    string
	sourceID, parameters string
	baseline             string
	updateBaseline       bool
	reason, until        string
	policy               string
	ruleTimeout          time.Duration
	register             string
	snapshot             string
	liveMaxAge           time.Duration
	attest               string
	attestFor            time.Duration
	requireAttestation   string
	attestationAge       time.Duration
	ref                  string
	allowEmpty           bool
	allowUnproved        bool
	workers              int
}

func (a *app) gateCommand() *cobra.Command {
	var o gateOptions
	cmd := &cobra.Command{Use: "gate INPUT...", Short: "Judge what a deploy would change, before it is made", Args: cobra.ArbitraryArgs,
		Long: `Judge what a deploy would make or change, by the agreement, without looking at any live system.

Inputs are told apart by what is in them: the JSON of a Terraform plan or state, an ARM template (also of Bicep) or the outcome of
what-if, Kubernetes manifests, a snapshot of Waarborg, and any JSON or YAML with --as. - reads standard input.

Agreement, rules, waivers, baseline, register and keys come from the workspace (-w), or from it as it is at a git ref (--ref), and
never from the inputs. What is known only after apply is listed as "to be proved": afterwards, waarborg check --prove closes it.` + "\n" + exitHelp,
		Example: `  terraform show -json plan.bin > plan.json
  waarborg gate plan.json -w ../compliance --source . -o sarif=gate.sarif -o json=gate.json
  kustomize build . | waarborg gate - --ref main`,
		RunE: func(c *cobra.Command, args []string) error { return a.gate(c.Context(), args, o) }}
	f := cmd.Flags()
	f.StringArrayVarP(&o.out, "output", "o", nil, "also write FORMAT=FILE, any number of times: "+strings.Join(gateFormats(), ", ")+" (- for standard output)")
	f.StringArrayVar(&o.as, "as", nil, "read inputs of no known format as KIND by a mapping: KIND=MAPPING.yaml")
	f.StringVar(&o.sourceDir, "source", "", "folder of the repository, to point at files and lines of the Terraform configuration in it")
	f.StringVar(&o.module, "root-module", "", "folder of the root module below --source (default: --source itself)")
	f.StringVar(&o.sourceID, "source-id", "", "id of the workspace's source that has the same resources, for the data map (default: its only one of that type)")
	f.StringVar(&o.parameters, "parameters", "", "parameters file of an ARM template")
	f.StringVar(&o.baseline, "baseline", "", "fail on what is new or worse than this baseline alone")
	f.BoolVar(&o.updateBaseline, "update-baseline", false, "write what is not met now into the --baseline; needs --reason and --until")
	f.StringVar(&o.reason, "reason", "", "with --update-baseline: why the new entries are known")
	f.StringVar(&o.until, "until", "", "with --update-baseline: their last day, as 2027-01-31")
	f.StringVar(&o.policy, "policy", "", "folder with rules of your own, judged beside ours")
	f.DurationVar(&o.ruleTimeout, "rule-timeout", 5*time.Second, "the longest that one rule may take on one resource")
	f.StringVar(&o.register, "register", "", "signed export of the sub-processor register to judge by")
	f.StringVar(&o.snapshot, "snapshot", "", "with --live-max-age: sealed snapshot of the last live assessment (default: the workspace's own)")
	f.DurationVar(&o.liveMaxAge, "live-max-age", 0, "stop the deploy if the last live assessment is older, failed, or cannot be trusted")
	f.StringVar(&o.attest, "attest", "", "write a signed attestation of this run to a file")
	f.DurationVar(&o.attestFor, "attest-valid", 24*time.Hour, "with --attest: how long the attestation counts")
	f.StringVar(&o.requireAttestation, "require-attestation", "", "do not judge: pass only with this attestation, fresh and of these very inputs")
	f.DurationVar(&o.attestationAge, "attestation-max-age", time.Hour, "with --require-attestation: the oldest that is accepted")
	f.StringVar(&o.ref, "ref", "", "read the workspace as it is at this git ref, and not as it lies in its folder")
	f.BoolVar(&o.allowEmpty, "allow-empty", false, "pass if there is nothing to judge")
	f.BoolVar(&o.allowUnproved, "allow-unproved", false, "pass if nothing is wrong but some can be proved only after apply")
	f.IntVar(&o.workers, "workers", 0, "how many inputs' parts are judged side by side (default: one for each processor)")
	a.formatFlag(cmd, gateFormats()...)
	return cmd
}

// gate judges the inputs and shows what came of it.
func (a *app) gate(ctx context.Context, args []string, o gateOptions) error {
	if err := a.gateUsage(args, o); err != nil {
		return err
	}
	outputs, err := a.outputs(o.out)
	if err != nil {
		return err
	}
	a.keepHeap(0)
	ours := begin(func() (*assess.Policies, error) { return assess.Load(policies.FS) })
	if err := apart(args, o, outputs); err != nil {
		return err
	}
	done, err := a.trusted(ctx, &o, args)
	if err != nil {
		return err
	}
	defer done()
	s, err := a.load()
	if err != nil {
		return err
	}
	if o.requireAttestation != "" {
		return a.gateByAttestation(ctx, s, ours, args, o)
	}
	run, err := a.judgeInputs(ctx, s, ours, args, o)
	if err != nil {
		return err
	}
	defer run.Close()
	if o.updateBaseline {
		return a.updateBaseline(run, o)
	}
	if o.attest != "" {
		if err := a.attestRun(ctx, s, run, o); err != nil {
			return err
		}
	}
	if err := a.writeOutputs(ctx, run, outputs); err != nil {
		return err
	}
	a.code = gateCode(run.Report, o)
	return nil
}

// keepHeap lets the heap grow to a size at which it stays small and garbage is seldom collected: most of what a gate makes is garbage
// at once. What is kept of an input is some dozens of bytes a unit.
func (a *app) keepHeap(units int) {
	if a.collectAt != nil {
		a.collectAt(72<<20 + 160*int64(units))
	}
}

// begin starts work whose outcome is asked for later, any number of times.
func begin[T any](work func() (T, error)) (outcome func() (T, error)) {
	var made T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		made, err = work()
	}()
	return func() (T, error) {
		<-done
		return made, err
	}
}

// gateUsage refuses command lines that contradict themselves.
func (a *app) gateUsage(args []string, o gateOptions) error {
	switch {
	case len(args) == 0:
		return fails(say.Both("there is no input to judge", "er is geen invoer om te beoordelen"),
			say.Both("give one or more files, or - for standard input: waarborg gate plan.json", "geef een of meer bestanden, of - voor de standaardinvoer: waarborg gate plan.json"))
	case o.updateBaseline && (o.baseline == "" || strings.TrimSpace(o.reason) == "" || o.until == ""):
		return fails(say.Both("--update-baseline needs --baseline FILE, --reason TEXT and --until DAY", "bij --update-baseline horen --baseline BESTAND, --reason TEKST en --until DAG"),
			say.Both("an entry without a reason and an end would hide a fault for ever", "een regel zonder reden en einde zou een fout voor altijd verbergen"))
	case !o.updateBaseline && (o.reason != "" || o.until != ""):
		return fails(say.Both("--reason and --until are for --update-baseline", "--reason en --until horen bij --update-baseline"), say.Text{})
	case o.requireAttestation != "" && (o.updateBaseline || o.attest != "" || len(o.out) > 0 || o.register != "" || o.liveMaxAge != 0):
		return fails(say.Both("with --require-attestation nothing is judged, so -o, --attest, --update-baseline, --register and --live-max-age have no place there",
			"met --require-attestation wordt niets beoordeeld, dus -o, --attest, --update-baseline, --register en --live-max-age horen daar niet bij"),
			say.Both("give them in the stage that makes the attestation", "geef ze in de stap die het attest maakt"))
	case o.updateBaseline && (o.attest != "" || len(o.out) > 0):
		return fails(say.Both("--update-baseline writes the baseline alone, not -o or --attest", "--update-baseline schrijft alleen de nulmeting, niet -o of --attest"),
			say.Both("judge again with the new baseline to get those", "beoordeel opnieuw met de nieuwe nulmeting om die te krijgen"))
	case o.snapshot != "" && o.liveMaxAge == 0:
		return fails(say.Both("--snapshot is for --live-max-age", "--snapshot hoort bij --live-max-age"),
			say.Both("to judge a snapshot, give it as an input", "wilt u een momentopname beoordelen, geef die dan als invoer"))
	}
	if o.until != "" {
		day, err := time.Parse(time.DateOnly, o.until)
		if err != nil || day.Before(a.now().Truncate(24*time.Hour)) {
			return fails(say.Both("--until %s is not a day from today on", "--until %s is geen dag vanaf vandaag", o.until),
				say.Both("write it as 2027-01-31", "schrijf hem als 2027-01-31"))
		}
	}
	return nil
}

// judgeInputs opens and judges all inputs. ours are the shipped rules.
func (a *app) judgeInputs(ctx context.Context, s *space, ours func() (*assess.Policies, error), args []string, o gateOptions) (*gate.Run, error) {
	at := a.now()
	blocks, use, err := a.register(s, o.register)
	if err != nil {
		return nil, err
	}
	if use != nil {
		use(s)
	}
	names, matcher, err := a.gateNames(s)
	if err != nil {
		return nil, err
	}
	// With few resources it is getting ready that takes the time: side by side with reading the inputs.
	view := begin(func() (assess.View, error) { return s.view(a.lang, at) })
	team, err := a.teamRules(o.policy)
	if err != nil {
		return nil, err
	}
	inputs, err := a.openInputs(ctx, s, args, o, names, team)
	defer inputs.close()
	if err != nil {
		return nil, err
	}
	a.keepHeap(inputs.units())
	sets, err := a.ruleSets(s, ours, team, at, o)
	if err != nil {
		return nil, err
	}
	baseline, err := a.readBaseline(o)
	if err != nil {
		return nil, err
	}
	seen, err := view()
	if err != nil {
		return nil, err
	}
	locate, closeSource, err := a.locator(o)
	if err != nil {
		return nil, err
	}
	run, notes, err := gate.Judge(ctx, gate.Options{Readers: inputs.readers, Rules: sets, View: seen, Annotate: a.annotator(s, matcher, at), Declared: dpa.Declared,
		Baseline: baseline, Locate: locate, Workers: o.workers, Temp: tempFile})
	if err != nil {
		closeSource()
		return nil, err
	}
	run.OnClose(closeSource)
	for _, n := range notes {
		a.note("%s\n", n.In(a.lang))
	}
	if o.liveMaxAge > 0 {
		more, err := a.liveBlocks(ctx, s, sets[0].Policies, o.snapshot, o.liveMaxAge)
		if err != nil {
			return nil, errors.Join(err, run.Close())
		}
		blocks = append(blocks, more...)
	}
	run.Report.Version = versionString()
	if run.Report.Workspace, err = s.digest(); err != nil {
		return nil, errors.Join(err, run.Close())
	}
	run.Report.Block(blocks...)
	return run, inputs.digests(run.Report)
}

// ruleSets are the rules that inputs are judged by: ours, and the team's own if there are any.
func (a *app) ruleSets(s *space, ours func() (*assess.Policies, error), team *assess.Policies, at time.Time, o gateOptions) (sets []gate.Rules, err error) {
	p, err := ours()
	if err != nil {
		return nil, err
	}
	for _, rules := range []*assess.Policies{p, team} {
		if rules == nil {
			continue
		}
		judge, err := a.judgeOf(s, rules, at, o)
		if err != nil {
			return nil, err
		}
		sets = append(sets, gate.Rules{Policies: rules, Judge: judge, Team: rules == team})
	}
	return sets, nil
}

// teamRules loads the team's own rules; nil if there are none.
func (a *app) teamRules(dir string) (*assess.Policies, error) {
	if dir == "" {
		return nil, nil
	}
	set, err := a.ruleSet(dir)
	if err != nil {
		return nil, err
	}
	return set.Policies, set.close()
}

func (a *app) judgeOf(s *space, p *assess.Policies, at time.Time, o gateOptions) (*assess.Judge, error) {
	customers, err := s.customers(at)
	if err != nil {
		return nil, err
	}
	return p.Judge(assess.Input{Customers: customers, Now: at, TeamRegions: s.Config.RegionTable(), RuleTimeout: o.ruleTimeout})
}

// view is how the processor itself sees outcomes.
func (s *space) view(lang string, at time.Time) (assess.View, error) {
	theirs, err := dpa.CustomerDuties()
	if err != nil {
		return assess.View{}, err
	}
	customers, err := s.customers(at)
	if err != nil {
		return assess.View{}, err
	}
	terms, err := strictjson.Canonical(customers[0].Terms)
	if err != nil {
		return assess.View{}, err
	}
	return assess.View{Language: lang, Now: at, Waivers: s.waivers(at), Rows: evidence.Rows(terms),
		Theirs: func(clause string) bool { _, is := theirs[clause]; return is }}, nil
}

// annotator adds what the workspace knows: the data map, the role matrix, and who runs what a tool makes.
func (a *app) annotator(s *space, matcher func(string) string, at time.Time) func(*gate.Subject) []say.Text {
	one := dpa.Annotator{Map: s.DataMap, Access: s.Access, Book: s.Book, Now: at, Token: matcher}.One()
	return func(x *gate.Subject) []say.Text {
		notes := one(&x.Draft)
		s.hostOf(x.Draft.Attributes, x.Type)
		return notes
	}
}

// locator finds files and lines of the configuration under --source.
func (a *app) locator(o gateOptions) (find func(gate.Outcome) *assess.SourceRef, done func() error, err error) {
	done = func() error { return nil }
	if o.sourceDir == "" {
		return nil, done, nil
	}
	src, err := hclsource.Open(o.sourceDir, o.module, hclsource.Limits{})
	if err != nil {
		return nil, done, err
	}
	return func(x gate.Outcome) *assess.SourceRef {
		var names []string
		for _, f := range x.Findings {
			names = append(names, hclsource.AttributeOf(x.Type, f.Path)...)
		}
		for _, u := range x.Unknown {
			names = append(names, hclsource.AttributeOf(x.Type, u.Path)...)
		}
		place, ok := src.LocateAttribute(cmp.Or(x.Address, x.Name), names...)
		if !ok {
			return nil
		}
		if place.Caller != nil {
			place = *place.Caller
		}
		return &assess.SourceRef{File: place.File, Line: place.Line}
	}, src.Close, nil
}

func (a *app) readBaseline(o gateOptions) (*gate.Baseline, error) {
	if o.baseline == "" {
		return nil, nil
	}
	raw, err := strictjson.ReadFile(o.baseline, strictjson.Limits{Size: gate.MaxBaseline, Depth: 16})
	if errors.Is(err, os.ErrNotExist) && o.updateBaseline {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return gate.ReadBaseline(o.baseline, raw)
}

// updateBaseline writes what is not met into the baseline, and says what it did.
func (a *app) updateBaseline(run *gate.Run, o gateOptions) error {
	old, err := a.readBaseline(o)
	if err != nil {
		return err
	}
	b, added, err := run.NewBaseline(old, o.reason, o.until, a.now().Format(time.DateOnly))
	if err != nil {
		return err
	}
	raw, err := b.Encode()
	if err != nil {
		return err
	}
	if err := a.replace(o.baseline, raw); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s\n", a.pick(
		fmt.Sprintf("%s: %d entries, %d of them new, until %s at the latest", o.baseline, len(b.Entries), added, lastDay(b)),
		fmt.Sprintf("%s: %d regels, waarvan %d nieuw, uiterlijk tot en met %s", o.baseline, len(b.Entries), added, lastDay(b))))
	return nil
}

func lastDay(b gate.Baseline) string {
	last := "-"
	for _, e := range b.Entries {
		last = max(last, e.Until)
	}
	return last
}

// gateCode is the exit status of a run.
func gateCode(r *gate.Report, o gateOptions) int {
	problems := slices.ContainsFunc(r.Inputs, func(in gate.Info) bool { return len(in.Problems) > 0 })
	blocked := slices.ContainsFunc(r.Blocks, func(b gate.Block) bool { return b.Status != assess.Pass })
	switch {
	case r.Status == assess.Fail:
		return exitNotMet
	case r.Counts.Unclear > 0 || problems || blocked:
		return exitUnknown
	case r.Counts.ToProve > 0 && !o.allowUnproved:
		return exitUnknown
	case r.Subjects == 0 && !o.allowEmpty:
		return exitUnknown
	}
	return exitMet
}

// trusted takes the workspace, and what is named by a relative path, from the git ref, or refuses one that the change under test
// could alter.
func (a *app) trusted(ctx context.Context, o *gateOptions, args []string) (done func(), err error) {
	judgedBy := []*string{&o.policy}
	if !o.updateBaseline {
		judgedBy = append(judgedBy, &o.baseline)
	}
	for i := range o.as {
		if kind, mapping, ok := strings.Cut(o.as[i], "="); ok {
			defer func() { o.as[i] = kind + "=" + mapping }()
			judgedBy = append(judgedBy, &mapping)
		}
	}
	if o.ref == "" {
		return func() {}, a.ownFiles(args, judgedBy)
	}
	judgedBy = append(judgedBy, &o.register) // signed, so it may lie anywhere; but a name means the file at the ref
	if err := a.ownAbsolute(args, judgedBy); err != nil {
		return nil, err
	}
	t, err := a.trust(ctx, o.ref)
	if err != nil {
		return nil, err
	}
	done = func() { t.close() } // a private copy; what of it stays is swept with other temporary files
	a.dir, a.named = t.dir, true
	for _, name := range judgedBy {
		if *name == "" {
			continue
		}
		if *name, err = t.path(ctx, *name); err != nil {
			done()
			return nil, err
		}
	}
	return done, nil
}

// ownFiles refuses, in a pipeline, what the change under test could alter: the workspace, and what else inputs are judged by.
func (a *app) ownFiles(inputs []string, judgedBy []*string) error {
	if err := a.ownWorkspace("", inputs); err != nil {
		return err
	}
	return a.outsideCheckout(inputs, judgedBy)
}

// ownAbsolute refuses names that begin with / and lie in the checkout all the same: they are not read from the ref.
func (a *app) ownAbsolute(inputs []string, judgedBy []*string) error {
	var full []*string
	for _, name := range judgedBy {
		if filepath.IsAbs(*name) {
			full = append(full, name)
		}
	}
	return a.outsideCheckout(inputs, full)
}

func (a *app) outsideCheckout(inputs []string, judgedBy []*string) error {
	if !a.inPipeline() {
		return nil
	}
	for _, name := range judgedBy {
		for _, other := range append([]string{"."}, inputs...) {
			if *name != "" && sameCheckout(*name, other) {
				return fails(say.Both("%s lies in the checkout that is judged, so the change under test could alter what it is judged by",
					"%s ligt in de checkout die wordt beoordeeld, dus de wijziging zou kunnen veranderen waaraan zij wordt getoetst", *name),
					say.Both("read it from a trusted branch with --ref origin/main, or name a file outside the checkout",
						"lees het uit een vertrouwde branch met --ref origin/main, of noem een bestand buiten de checkout"))
			}
		}
	}
	return nil
}

// attestRun writes the attestation of a run.
func (a *app) attestRun(ctx context.Context, s *space, run *gate.Run, o gateOptions) error {
	soft, err := o.softened()
	if err != nil {
		return err
	}
	return a.writeAttestation(ctx, s, run.Report, attest.Options{Ref: o.ref, ValidFor: o.attestFor, Softened: soft, Outcomes: run.Outcomes()}, o.attest)
}

// softened are the options that let more through than the rules alone would.
func (o gateOptions) softened() (attest.Softened, error) {
	out := attest.Softened{AllowUnproved: o.allowUnproved, AllowEmpty: o.allowEmpty}
	if o.baseline == "" {
		return out, nil
	}
	var err error
	out.Baseline, err = fileDigest(o.baseline)
	return out, err
}

// gateByAttestation lets a deploy pass by an attestation of its very inputs, and judges nothing.
func (a *app) gateByAttestation(ctx context.Context, s *space, ours func() (*assess.Policies, error), args []string, o gateOptions) error {
	names, _, err := a.gateNames(s)
	if err != nil {
		return err
	}
	team, err := a.teamRules(o.policy)
	if err != nil {
		return err
	}
	inputs, err := a.openInputs(ctx, s, args, o, names, nil)
	defer inputs.close()
	if err != nil {
		return err
	}
	var rep gate.Report
	for _, r := range inputs.readers {
		rep.Inputs = append(rep.Inputs, r.Info())
	}
	if err := inputs.digests(&rep); err != nil {
		return err
	}
	p, err := ours()
	if err != nil {
		return err
	}
	soft, err := o.softened()
	if err != nil {
		return err
	}
	want := requireOptions{maxAge: o.attestationAge, rules: p.Digest, allow: soft}
	if team != nil {
		want.teamRules = team.Digest
	}
	block, err := a.requireAttestation(s, o.requireAttestation, rep.Inputs, want)
	if err != nil {
		return err
	}
	if block == nil {
		fmt.Fprintf(a.out, "%s\n", a.pick("the attestation is fresh, and of these very inputs: the deploy may go on", "het attest is vers, en van precies deze invoer: de uitrol mag doorgaan"))
		return nil
	}
	fmt.Fprintf(a.err, "waarborg: %s\n", block.Text)
	if block.Hint != "" {
		fmt.Fprintf(a.err, "hint: %s\n", block.Hint)
	}
	a.code = exitOf(block.Status)
	return nil
}
