package gate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/policies"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// made is a reader of subjects that a test wrote.
type made struct {
	info Info
	list []func() Subject // made anew for each reading, as readers do
	fail int              // unit that cannot be read; -1 for none
	goes map[string]bool
}

func (m *made) Info() Info               { return m.info }
func (m *made) Units() int               { return len(m.list) }
func (m *made) Close() error             { return nil }
func (m *made) Goes(address string) bool { return m.goes[address] }
func (m *made) Read(ctx context.Context, from, to int, out []Subject) ([]Subject, error) {
	for i := from; i < to; i++ {
		if i == m.fail {
			return out, errors.New("unit cannot be read")
		}
		out = append(out, m.list[i]())
	}
	return out, ctx.Err()
}

func input(name string, list ...func() Subject) *made {
	return &made{info: Info{Name: name, Format: "terraform-plan"}, list: list, fail: -1}
}

// told are the facts that the made inputs can show.
var told = []string{"engine", "personal_data", "environment", "location", "encryption.at_rest", "encryption.min_tls", "encryption.tls_required",
	"network.public", "network.allowed_ranges", "backup.enabled"}

// store is a storage account as a plan shows it; change alters it.
func store(address string, change func(*Subject, *inventory.Datastore)) func() Subject {
	return func() Subject {
		d := &inventory.Datastore{Engine: inventory.Known("blob"), PersonalData: inventory.Known(true), Environment: inventory.Known("production"),
			Location:   inventory.Known(inventory.Location{Provider: "azure", Region: "westeurope"}),
			Encryption: inventory.Encryption{AtRest: inventory.Known(true), MinTLS: inventory.Known("1.2"), TLSRequired: inventory.Known(true)},
			Network:    inventory.Exposure{Public: inventory.Known(false), AllowedRanges: inventory.Known([]string{})}}
		s := Subject{Address: address, Type: "azurerm_storage_account", Change: Create, Tells: told,
			Draft: inventory.Draft{ID: "plan/" + address, Name: address, Attributes: d}}
		if change != nil {
			change(&s, d)
		}
		return s
	}
}

func abroad(_ *Subject, d *inventory.Datastore) {
	d.Location = inventory.Known(inventory.Location{Provider: "azure", Region: "eastus"})
}

// options judge by two rules alone: where data lie (TRF-001) and the protection of connections, so that outcomes can be counted.
func options(t testing.TB, readers ...Reader) Options {
	t.Helper()
	p, err := assess.Load(policies.FS, inventory.KindDatastore)
	if err != nil {
		t.Fatal(err)
	}
	p.Rules = slices.DeleteFunc(p.Rules, func(r *assess.Rule) bool {
		return r.ID != "TRF-001" && r.Package != "waarborg.security.not_public" && r.Package != "waarborg.security.restore_tested"
	})
	if len(p.Rules) != 3 {
		t.Fatalf("%d rules", len(p.Rules))
	}
	terms := map[string]any{}
	for _, r := range p.Rules {
		list, err := assess.Examples(policies.FS, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			for k, v := range x.Terms {
				terms[k] = v
			}
		}
	}
	j, err := p.Judge(assess.Input{Customers: []assess.Customer{{Terms: terms}}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return Options{Readers: readers, Rules: []Rules{{Policies: p, Judge: j}}, View: assess.View{Language: "en", Now: now},
		Declared: func(inventory.Kind) []string { return []string{"personal_data", "data_categories"} },
		Temp:     func() (*os.File, error) { return os.Create(filepath.Join(t.TempDir(), "spool")) }}
}

func judge(t testing.TB, o Options) (*Run, []Outcome) {
	t.Helper()
	run, _, err := Judge(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Close() })
	var out []Outcome
	for x, err := range run.Outcomes() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return run, out
}

// short writes outcomes as lines.
func short(list []Outcome) string {
	var lines []string
	for _, x := range list {
		line := fmt.Sprintf("%s %s %s", x.Class, x.Rule, x.Address)
		if x.Compared != "" {
			line += " " + x.Compared
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestClasses(t *testing.T) {
	restore := "left"
	for name, c := range map[string]struct {
		change func(*Subject, *inventory.Datastore)
		want   string
		status assess.Status
	}{
		"met":     {nil, "", assess.Pass},
		"not met": {abroad, "failing TRF-001 a", assess.Fail},
		"after apply": {func(_ *Subject, d *inventory.Datastore) {
			d.Location = inventory.Unknown[inventory.Location](inventory.AfterApply, "location")
		}, "to-prove TRF-001 a", assess.Unknown},
		"told and left out": {func(_ *Subject, d *inventory.Datastore) { d.Location = inventory.Fact[inventory.Location]{} }, "unclear TRF-001 a", assess.Unknown},
		"secret": {func(_ *Subject, d *inventory.Datastore) {
			d.Location = inventory.Unknown[inventory.Location](inventory.Sensitive, "location")
		}, "unclear TRF-001 a", assess.Unknown},
		"never told": {func(s *Subject, d *inventory.Datastore) {
			d.Location = inventory.Fact[inventory.Location]{}
			s.Tells = slices.DeleteFunc(slices.Clone(told), func(p string) bool { return p == "location" })
			s.Type = "other"
		}, "", assess.Pass},
		"the workspace is silent": {func(_ *Subject, d *inventory.Datastore) {
			d.PersonalData = inventory.Unknown[bool](inventory.Undeclared, "datamap.yaml")
			d.Network.Public = inventory.Known(true)
		}, "", assess.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			run, list := judge(t, options(t, input("p", store("a", c.change))))
			if c.want != "" && short(list) != c.want || run.Report.Status != c.status || run.Report.Subjects != 1 {
				t.Errorf("%s, %d subjects:\n%s", run.Report.Status, run.Report.Subjects, short(list))
			}
			n := 0
			for _, l := range run.Report.Left {
				n += l.Count
			}
			if n != run.Report.Counts.LeftOver {
				t.Errorf("left: %v, counted %d", run.Report.Left, run.Report.Counts.LeftOver)
			}
			// When a backup was restored no plan shows: said, whatever else is found.
			if name != "the workspace is silent" && !slices.ContainsFunc(run.Report.Left, func(l Left) bool { return slices.Contains(l.Facts, "backup.last_restore_test") }) {
				t.Errorf("%s: %v", restore, run.Report.Left)
			}
		})
	}
}

func TestNothingJudgedIsNotGreen(t *testing.T) {
	for _, readers := range [][]Reader{nil, {input("p")}, {input("p"), input("q")}} {
		run, list := judge(t, options(t, readers...))
		if run.Report.Status != assess.Unknown || len(list) != 0 || len(run.Report.NotMet) != 3 {
			t.Errorf("%s, %v", run.Report.Status, run.Report.NotMet)
		}
	}
	in := input("p", store("a", nil))
	in.info.Problems = []Problem{{Reason: inventory.Reason{Code: inventory.Unsupported}}}
	if run, _ := judge(t, options(t, in)); run.Report.Status != assess.Unknown {
		t.Error("what could not be read of an input does not count")
	}
}

// TestOrderIsThatOfTheInput: with any number of workers the outcomes are the same, in the same order.
func TestOrderIsThatOfTheInput(t *testing.T) {
	var one, two []func() Subject
	for i := range 3000 {
		var change func(*Subject, *inventory.Datastore)
		if i%7 == 0 {
			change = abroad
		}
		one = append(one, store(fmt.Sprintf("a[%d]", i), change))
		two = append(two, store(fmt.Sprintf("b[%d]", i), change))
	}
	var first string
	for _, workers := range []int{1, 2, 3, 16} {
		o := options(t, input("one", one...), input("two", two...))
		o.Workers = workers
		run, list := judge(t, o)
		text := short(list)
		if first == "" {
			first = text
			if strings.Count(text, "\n") != 2*429-1 || !strings.HasPrefix(text, "failing TRF-001 a[0]\nfailing TRF-001 a[7]\n") {
				t.Fatal(strings.Count(text, "\n"), text[:200])
			}
		}
		if text != first || run.Report.Subjects != 6000 {
			t.Errorf("%d workers give another order", workers)
		}
		again := ""
		for x := range run.Outcomes() {
			again += short([]Outcome{x}) + "\n"
		}
		if again != text+"\n" {
			t.Error("a second range gives others")
		}
	}
}

func TestWhatCannotBeReadEndsTheRun(t *testing.T) {
	var list []func() Subject
	for i := range 2000 {
		list = append(list, store(fmt.Sprintf("a[%d]", i), nil))
	}
	in := input("p", list...)
	in.fail = 1500
	run, _, err := Judge(t.Context(), options(t, in))
	if err == nil || run != nil || !strings.Contains(err.Error(), "unit cannot be read") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in.fail = -1
	if _, _, err := Judge(ctx, options(t, in)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestWaivers(t *testing.T) {
	o := options(t, input("p", store("a", abroad), store("b", abroad)))
	w := assess.Waiver{ID: "w1", Rule: "TRF-001", Covers: func(id string) bool { return id == "plan/a" }, Owner: "anna", Reason: "moves soon",
		Expires: now.AddDate(0, 0, 2), Approved: true}
	o.View.Waivers = []assess.Waiver{w}
	run, list := judge(t, o)
	if short(list) != "accepted TRF-001 a\nfailing TRF-001 b" || list[0].Waiver != "w1" || list[0].Status != assess.Waived ||
		list[0].Reason != "moves soon" || list[0].Until != "2026-11-25" || run.Report.Counts.Accepted != 1 {
		t.Errorf("%s %+v", short(list), list[0])
	}
	if len(run.Report.Waivers) != 1 || run.Report.Waivers[0].State != assess.WaiverUsed {
		t.Errorf("%+v", run.Report.Waivers)
	}
	w.Approved = false
	o = options(t, input("p", store("a", abroad)))
	o.View.Waivers = []assess.Waiver{w}
	if _, list := judge(t, o); short(list) != "failing TRF-001 a" {
		t.Errorf("a name in a file approves: %s", short(list))
	}
}

// TestARuleWithoutClausesIsOurs: a team may leave clauses out; its failures are no duty of the customer's, and count.
func TestARuleWithoutClausesIsOurs(t *testing.T) {
	o := options(t, input("p", store("a", abroad)))
	o.View.Theirs = func(string) bool { return false }
	for _, r := range o.Rules[0].Policies.Rules {
		r.Clauses = nil
	}
	run, list := judge(t, o)
	if short(list) != "failing TRF-001 a" || run.Report.Status != assess.Fail {
		t.Errorf("%s: %s", run.Report.Status, short(list))
	}
}

func TestLocateAndFingerprint(t *testing.T) {
	o := options(t, input("p", store("a", abroad), store("b", abroad)))
	o.Locate = func(x Outcome) *assess.SourceRef {
		if x.Address == "a" {
			return &assess.SourceRef{File: "main.tf", Line: 7}
		}
		return nil
	}
	_, list := judge(t, o)
	if list[0].Source == nil || list[0].Source.File != "main.tf" || list[1].Source != nil {
		t.Errorf("%+v", list)
	}
	if list[0].Fingerprint == list[1].Fingerprint || len(list[0].Fingerprint) != 32 || list[0].Fingerprint != Fingerprint("TRF-001", "a") {
		t.Errorf("%s %s", list[0].Fingerprint, list[1].Fingerprint)
	}
}

func TestNotesAreSaidOnce(t *testing.T) {
	o := options(t, input("p", store("a", nil), store("b", nil)))
	o.Annotate = func(*Subject) []sayText { return []sayText{{EN: "note", NL: "let op"}} }
	_, notes, err := Judge(t.Context(), o)
	if err != nil || len(notes) != 1 {
		t.Errorf("%v %v", notes, err)
	}
}
