package evidence

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/internal/strictjson"
)

var (
	testKey     = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	errTestSeal = errors.New("no good")
)

func testSeal(message []byte) (inventory.Seal, error) {
	return inventory.Seal{KeyID: "k", Algorithm: "ed25519", PublicKey: testKey.Public().(ed25519.PublicKey), Value: ed25519.Sign(testKey, message)}, nil
}

func testVerify(message []byte, s inventory.Seal) error {
	pub := testKey.Public().(ed25519.PublicKey)
	if s.KeyID != "k" || s.Algorithm != "ed25519" || !bytes.Equal(s.PublicKey, pub) || !ed25519.Verify(pub, message, s.Value) {
		return errTestSeal
	}
	return nil
}

func (w world) whole(t testing.TB) Assessment {
	t.Helper()
	sealed, err := w.snap.Write(io.Discard, testSeal)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(w.snap, &sealed, w.in)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func mustJSON(t testing.TB, v any, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := strictjson.Canonical(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// decoded sends an assessment through its packed form.
func decoded(t testing.TB, a Assessment) Assessment {
	t.Helper()
	packed, err := a.EncodePacked()
	if err != nil {
		t.Fatal(err)
	}
	back, err := DecodePacked(packed, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.EncodePacked()
	if err != nil || !bytes.Equal(again, packed) {
		t.Fatalf("encoding again gives other bytes (%v)", err)
	}
	return back
}

// direct is an assessment as the engine gives it, without evidence between.
func direct(t *testing.T, w world, customer, lang string) assess.Results {
	t.Helper()
	judged, _, err := w.in.Policies.Assess(t.Context(), assess.Input{Resources: w.snap.Resources, Customers: w.in.Customers, Now: w.in.Now, TeamRegions: w.in.Regions})
	if err != nil {
		t.Fatal(err)
	}
	return w.in.Policies.Build(w.snap.Resources, judged, assess.View{Customer: customer, Language: lang, Waivers: w.in.Waivers, Now: w.in.Now,
		Theirs: func(c string) bool { return slices.Contains(w.in.Duties, c) }})
}

// TestReplayIsTheAssessment: the processor's view of the evidence, fresh and read again, is what the engine gives.
func TestReplayIsTheAssessment(t *testing.T) {
	w := newWorld(t, 1, 20)
	a := w.whole(t)
	if err := a.Check(testVerify); err != nil {
		t.Fatal(err)
	}
	back := decoded(t, a)
	if back.resources != nil {
		t.Fatal("the decoded one is the fresh one")
	}
	for _, lang := range []string{"en", "nl"} {
		want := direct(t, w, "", lang)
		want.Version = "1.2.3"
		want.Evidence = assess.Evidence{CollectedAt: w.snap.CreatedAt, Root: a.Header.Root, SealedBy: "k", Rules: w.in.Policies.Digest, Workspace: "sha256:w"}
		for _, s := range w.snap.Sources {
			want.Sources = append(want.Sources, assess.SourceState{ID: s.Source, Status: s.Status, Message: s.Message.In(lang), Hint: s.Hint.In(lang)})
		}
		text := mustJSON(t, want, nil)
		for name, x := range map[string]Assessment{"fresh": a, "decoded": back} {
			r, err := x.Results(t.Context(), w.in.Policies, lang)
			if got := mustJSON(t, r, err); !bytes.Equal(got, text) {
				t.Errorf("%s, %s: the results differ from the engine's:\n%s", name, lang, firstDifference(got, text))
			}
		}
		if c := want.Summary.Results; c.Fail < 100 || c.Pass < 100 || c.Unknown < 100 || c.Waived < 10 {
			t.Errorf("too little is tried: %+v", c)
		}
	}
}

func firstDifference(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("…%s…\nand\n…%s…", a[max(0, i-300):min(len(a), i+200)], b[max(0, i-300):min(len(b), i+200)])
}

// TestSliceReplaysToTheView is the promise of a slice: a customer's own copy replays, byte for byte, to what the whole
// shows that customer, and holds no word of another.
func TestSliceReplaysToTheView(t *testing.T) {
	asserted, shared, accepted, consented := 0, 0, 0, 0
	for seed := range uint64(3) {
		w := newWorld(t, seed, []int{24, 6, 6}[seed])
		a := w.whole(t)
		whole := string(mustJSON(t, a, nil))
		for i := range worldCustomers {
			for _, word := range secretsOf(i) {
				if !strings.Contains(whole, word) {
					t.Fatalf("the whole has no %s, so nothing is proved below", word)
				}
			}
		}
		for i := range worldCustomers {
			langs := []string{[]string{"en", "nl"}[i%2]}
			if i < 3 {
				langs = []string{"en", "nl"}
			} else if seed > 0 {
				break
			}
			s, err := a.Slice(t.Context(), w.in.Policies, tag(i))
			if err != nil {
				t.Fatal(err)
			}
			back := decoded(t, s)
			if err := back.Check(testVerify); err != nil {
				t.Fatalf("%s: %v", tag(i), err)
			}
			text := string(mustJSON(t, s, nil))
			onlyOwn(t, "slice", text, i)
			for _, lang := range langs {
				view, err := a.View(t.Context(), w.in.Policies, tag(i), lang)
				want := mustJSON(t, view, err)
				onlyOwn(t, "view", string(want), i)
				r, err := back.Results(t.Context(), w.in.Policies, lang)
				if got := mustJSON(t, r, err); !bytes.Equal(got, want) {
					t.Fatalf("seed %d, %s, %s: the slice gives other results than the whole:\n%s", seed, tag(i), lang, firstDifference(got, want))
				}
				if view.Summary.Resources != len(s.Resources) {
					t.Errorf("%s: %d resources in the view, %d in the slice", tag(i), view.Summary.Resources, len(s.Resources))
				}
				// All of what is judged for the customer is there, and by the same outcomes as without evidence.
				sameOutcomes(t, view, direct(t, w, tag(i), lang))
			}
			asserted += s.Asserted()
			for _, e := range s.Resources {
				if e.Serves == ServesShared {
					shared++
				}
			}
			for _, x := range s.Accepted {
				if x.ID == "" {
					accepted++
				} else {
					consented++
				}
			}
		}
	}
	if asserted < 100 || shared < 100 || accepted < 20 || consented < 20 {
		t.Errorf("too little is tried: %d asserted, %d shared, %d accepted, %d with consent", asserted, shared, accepted, consented)
	}
}

func secretsOf(i int) []string {
	return []string{tag(i), fmt.Sprintf(":%d", limit(i))}
}

func onlyOwn(t *testing.T, what, text string, i int) {
	t.Helper()
	for j := range worldCustomers {
		if j == i {
			continue
		}
		for _, word := range secretsOf(j) {
			if at := strings.Index(text, word); at >= 0 {
				t.Fatalf("the %s of %s holds %q: …%s…", what, tag(i), word, text[max(0, at-300):min(len(text), at+80)])
			}
		}
	}
}

// sameOutcomes compares rule, resource and status: redacting never changes a verdict.
func sameOutcomes(t *testing.T, a, b assess.Results) {
	t.Helper()
	if !reflect.DeepEqual(a.Summary.Results, b.Summary.Results) || len(a.Results) != len(b.Results) {
		t.Fatalf("%+v, without evidence %+v", a.Summary.Results, b.Summary.Results)
	}
	for i, x := range a.Results {
		if y := b.Results[i]; x.Rule != y.Rule || x.Resource != y.Resource || x.Status != y.Status || x.Accepted != y.Accepted || x.Waiver != y.Waiver {
			t.Fatalf("%s on %s is %s, without evidence %s on %s is %s", x.Rule, x.Resource, x.Status, y.Rule, y.Resource, y.Status)
		}
	}
}

func TestSliceOfNobody(t *testing.T) {
	w := newWorld(t, 4, 2)
	a := w.whole(t)
	for _, id := range []string{"", "nobody"} {
		if _, err := a.Slice(t.Context(), w.in.Policies, id); err == nil {
			t.Errorf("a slice for %q", id)
		}
	}
	if _, err := a.Slice(t.Context(), w.in.Policies, "nobody"); !errors.Is(err, ErrNoCustomer) {
		t.Errorf("error %v", err)
	}
	s, err := a.Slice(t.Context(), w.in.Policies, tag(0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Slice(t.Context(), w.in.Policies, tag(0)); !errors.Is(err, ErrBroken) {
		t.Errorf("a slice of a slice: %v", err)
	}
	if _, err := s.View(t.Context(), w.in.Policies, tag(1), "en"); !errors.Is(err, ErrBroken) {
		t.Errorf("another's view of a slice: %v", err)
	}
	if _, err := s.View(t.Context(), w.in.Policies, "", "en"); !errors.Is(err, ErrBroken) {
		t.Errorf("the whole view of a slice: %v", err)
	}
	w.snap.Resources, w.snap.Salts = nil, nil
	empty := w.whole(t)
	if s, err = empty.Slice(t.Context(), w.in.Policies, tag(0)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(decoded(t, empty).Check(testVerify), decoded(t, s).Check(testVerify)); err != nil {
		t.Errorf("of nothing: %v", err)
	}
}

func TestOtherRules(t *testing.T) {
	w := newWorld(t, 5, 1)
	a := w.whole(t)
	other := *w.in.Policies
	other.Digest = "sha256:other"
	if _, err := a.Results(t.Context(), &other, "en"); !errors.Is(err, ErrOtherRules) {
		t.Errorf("Results: %v", err)
	}
	if _, err := a.Slice(t.Context(), &other, tag(0)); !errors.Is(err, ErrOtherRules) {
		t.Errorf("Slice: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := a.Results(ctx, w.in.Policies, "en"); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestUnsealed(t *testing.T) {
	w := newWorld(t, 6, 2)
	a, err := New(w.snap, nil, w.in)
	if err != nil {
		t.Fatal(err)
	}
	never := func([]byte, inventory.Seal) error { t.Error("there is no seal to look at"); return nil }
	if err := decoded(t, a).Check(never); !errors.Is(err, ErrUnsealed) || errors.Is(err, ErrBroken) {
		t.Errorf("error %v", err)
	}
	r, err := a.Results(t.Context(), w.in.Policies, "en")
	if err != nil || r.Evidence.Root != "" || r.Evidence.SealedBy != "" {
		t.Errorf("%+v, %v", r.Evidence, err)
	}
	a.Header.Root = strings.Repeat("0", 64)
	if err := a.Check(never); !errors.Is(err, ErrBroken) {
		t.Errorf("broken and unsealed: %v", err)
	}
	sealed, _ := w.snap.Write(io.Discard, testSeal)
	sealed.Header.Root = strings.Repeat("0", 64)
	if _, err := New(w.snap, &sealed, w.in); !errors.Is(err, ErrBroken) {
		t.Errorf("another's seal: %v", err)
	}
}

// TestCheckNotices spoils a whole assessment and a slice in every place that the seal covers.
func TestCheckNotices(t *testing.T) {
	w := newWorld(t, 7, 6)
	a := w.whole(t)
	s, err := a.Slice(t.Context(), w.in.Policies, tag(0))
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(s.Resources, func(e Entry) bool { return e.Serves == ServesShared })
	type spoil func(*Assessment)
	broken := map[string]struct {
		whole bool
		do    spoil
	}{
		"a resource removed":     {true, func(a *Assessment) { a.Resources = a.Resources[1:] }},
		"a fact changed":         {true, func(a *Assessment) { a.Resources[0].Facts.Content = jsontext.Value(`{"attributes":{},"unknown":{}}`) }},
		"a source renamed":       {true, func(a *Assessment) { p := *a.Particulars; p.Salt[0] ^= 1; a.Particulars = &p }},
		"another number of":      {true, func(a *Assessment) { a.Header.Leaves *= 2 }},
		"a part withheld":        {true, func(a *Assessment) { a.Resources[0].Private.Withhold() }},
		"a stated outcome":       {true, func(a *Assessment) { a.Resources[0].Asserted = map[string]Outcome{"x": {}} }},
		"no particulars":         {true, func(a *Assessment) { a.Particulars = nil }},
		"another customer":       {true, func(a *Assessment) { a.Customer = tag(0) }},
		"another schema":         {true, func(a *Assessment) { a.Schema = "waarborg.evidence/v2" }},
		"an acceptance":          {true, func(a *Assessment) { a.Accepted = []Acceptance{{}} }},
		"slice: removed":         {false, func(a *Assessment) { a.Resources = a.Resources[1:] }},
		"slice: doubled":         {false, func(a *Assessment) { a.Resources = append(a.Resources[:1:1], a.Resources...) }},
		"slice: a fact":          {false, func(a *Assessment) { a.Resources[0].Facts.Content = jsontext.Value(`{"attributes":{},"unknown":{}}`) }},
		"slice: a hash":          {false, func(a *Assessment) { a.Proof = a.Proof[1:] }},
		"slice: a name shown":    {false, func(a *Assessment) { a.Resources[at].Serves = ServesCustomer }},
		"slice: serves nothing":  {false, func(a *Assessment) { a.Resources[at].Serves = "" }},
		"slice: facts withheld":  {false, func(a *Assessment) { a.Resources[at].Facts.Withhold() }},
		"slice: terms of others": {false, func(a *Assessment) { a.Customers = append(a.Customers, Customer{ID: "other"}) }},
		"slice: waivers":         {false, func(a *Assessment) { a.Waivers = []Waiver{{}} }},
		"in another order":       {true, func(a *Assessment) { a.Resources[0], a.Resources[1] = a.Resources[1], a.Resources[0] }},
		"two in one place":       {true, func(a *Assessment) { a.Resources[0].Index = a.Resources[1].Index }},
		"in each other's place":  {true, func(a *Assessment) { swap(&a.Resources[0].Index, &a.Resources[1].Index) }},
		"with hashes":            {true, func(a *Assessment) { a.Proof = append(a.Proof, tlog.Hash{}) }},
		"another number":         {true, func(a *Assessment) { p := *a.Particulars; p.Resources++; a.Particulars = &p }},
		"slice: another order":   {false, func(a *Assessment) { slices.Reverse(a.Resources) }},
		"slice: other places":    {false, func(a *Assessment) { swap(&a.Resources[0].Index, &a.Resources[1].Index) }},
		"slice: particulars":     {false, func(a *Assessment) { a.Particulars = &inventory.Particulars{} }},
	}
	for name, c := range broken {
		x := s
		if c.whole {
			x = a
		}
		x.Resources = slices.Clone(x.Resources)
		c.do(&x)
		var known *Error
		if err := x.Check(testVerify); !errors.Is(err, ErrBroken) || !errors.As(err, &known) || known.Hint.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, x := range []Assessment{a, s} {
		x.Header.ToolVersion = "other"
		if err := x.Check(testVerify); !errors.Is(err, ErrSealRefused) || !errors.Is(err, errTestSeal) {
			t.Errorf("a changed header: %v", err)
		}
	}
}

func swap[T any](a, b *T) { *a, *b = *b, *a }

// TestStatedOutcomes: only what a rule can say may be stated.
func TestStatedOutcomes(t *testing.T) {
	w := newWorld(t, 8, 12)
	s, err := w.whole(t).Slice(t.Context(), w.in.Policies, tag(2))
	if err != nil {
		t.Fatal(err)
	}
	with := slices.IndexFunc(s.Resources, func(e Entry) bool { return len(e.Asserted) > 0 })
	found, why := []assess.Finding{{Path: "x"}}, []assess.UnknownFact{{Path: "x"}}
	for _, c := range []struct {
		ok bool
		o  Outcome
	}{
		{true, Outcome{Status: assess.Pass}}, {true, Outcome{Status: assess.NotApplicable}}, {true, Outcome{Status: assess.Fail, Findings: found}},
		{true, Outcome{Status: assess.Fail, Findings: found, Questions: found}}, {true, Outcome{Status: assess.Unknown, Unknown: why}},
		{true, Outcome{Status: assess.Unknown, Questions: found}}, {true, Outcome{Status: assess.Unknown, Questions: found, Unknown: why}},
		{false, Outcome{}}, {false, Outcome{Status: "green"}}, {false, Outcome{Status: assess.Waived, Findings: found}}, {false, Outcome{Status: assess.Waived}},
		{false, Outcome{Status: assess.Fail}}, {false, Outcome{Status: assess.Fail, Questions: found}}, {false, Outcome{Status: assess.Fail, Findings: found, Unknown: why}},
		{false, Outcome{Status: assess.Unknown}}, {false, Outcome{Status: assess.Unknown, Unknown: why, Findings: found}},
		{false, Outcome{Status: assess.Pass, Findings: found}}, {false, Outcome{Status: assess.Pass, Questions: found}}, {false, Outcome{Status: assess.Pass, Unknown: why}},
		{false, Outcome{Status: assess.NotApplicable, Questions: found}},
	} {
		x := s
		x.Resources = slices.Clone(s.Resources)
		stated := maps.Clone(x.Resources[with].Asserted)
		for rule := range stated {
			stated[rule] = c.o
		}
		x.Resources[with].Asserted = stated
		if err := x.Check(testVerify); errors.Is(err, ErrBroken) == c.ok || c.ok && err != nil {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}

// TestAssertedExactlyWhereNeeded: nobody can state an outcome that the evidence itself gives, nor leave one out.
func TestAssertedExactlyWhereNeeded(t *testing.T) {
	w := newWorld(t, 8, 12)
	s, err := w.whole(t).Slice(t.Context(), w.in.Policies, tag(2))
	if err != nil {
		t.Fatal(err)
	}
	with := slices.IndexFunc(s.Resources, func(e Entry) bool { return len(e.Asserted) > 0 })
	without := slices.IndexFunc(s.Resources, func(e Entry) bool { return len(e.Asserted) == 0 && e.Kind == inventory.KindGrant })
	if with < 0 || without < 0 {
		t.Fatal("nothing to try")
	}
	for name, do := range map[string]func(*Assessment){
		"one left out": func(a *Assessment) { a.Resources[with].Asserted = nil },
		"one too many": func(a *Assessment) {
			a.Resources[without].Asserted = map[string]Outcome{"ACC-001": {Status: assess.Pass}}
		},
		"of no rule": func(a *Assessment) {
			a.Resources[without].Asserted = map[string]Outcome{"XXX-000": {Status: assess.Pass}}
		},
		"of another kind": func(a *Assessment) {
			a.Resources[without].Asserted = map[string]Outcome{"SEC-001": {Status: assess.Pass}}
		},
		"no standard terms": func(a *Assessment) { a.Customers = a.Customers[1:] },
		"bad terms":         func(a *Assessment) { a.Customers[0].Terms = jsontext.Value(`[]`) },
		"bad regions":       func(a *Assessment) { a.Regions = jsontext.Value(`[]`) },
		"bad parts":         func(a *Assessment) { a.Resources[with].Facts.Content = jsontext.Value(`[]`) },
	} {
		x := s
		x.Resources, x.Customers = slices.Clone(s.Resources), slices.Clone(s.Customers)
		do(&x)
		if _, err := x.Results(t.Context(), w.in.Policies, "en"); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDecodeIsStrict changes each byte of a small slice: each change is an error of form, of proof, or gives another value.
func TestDecodeIsStrict(t *testing.T) {
	w := newWorld(t, 9, 1)
	s, err := w.whole(t).Slice(t.Context(), w.in.Policies, tag(0))
	if err != nil {
		t.Fatal(err)
	}
	s.Resources, s.Proof = s.Resources[:1], s.Proof[:2]
	s.Customers[0].Terms, s.Customers[1].Terms = jsontext.Value(`{}`), jsontext.Value(`{"a":1.5}`)
	raw, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	same := mustJSON(t, s, nil)
	for i := range raw {
		for bit := range 8 {
			c := bytes.Clone(raw)
			c[i] ^= 1 << bit
			if x, err := Decode(c, Limits{}); err == nil && bytes.Equal(mustJSON(t, x, nil), same) {
				t.Fatalf("bit %d of byte %d makes no difference: %s", bit, i, c[max(0, i-40):min(len(c), i+40)])
			} else if err != nil && !errors.Is(err, ErrBroken) {
				t.Fatalf("error %v", err)
			}
		}
	}
	for name, text := range map[string]string{
		"nothing":       "",
		"no object":     "[]",
		"spaces":        strings.Replace(string(raw), `,`, `, `, 1),
		"a key twice":   strings.Replace(string(raw), `{"accepted"`, `{"accepted":[],"accepted"`, 1) + " ",
		"unknown key":   strings.Replace(string(raw), `"at":`, `"as":1,"at":`, 1),
		"two values":    string(raw) + "{}",
		"too deep":      strings.Replace(string(raw), `{"a":1.5}`, `{"a":`+strings.Repeat("[", 80)+strings.Repeat("]", 80)+`}`, 1),
		"another time":  strings.Replace(string(raw), `"at":"2026-11-23T12:00:00.000012345Z"`, `"at":"2026-11-23T13:00:00.000012345+01:00"`, 1),
		"newer":         strings.Replace(string(raw), Schema, "waarborg.evidence/v2", 1),
		"a byte order":  "\xef\xbb\xbf" + string(raw),
		"another place": strings.Replace(string(raw), fmt.Sprintf(`"index":%d`, s.Resources[0].Index), `"index":99999`, 1),
	} {
		if text == string(raw) {
			t.Errorf("%s changes nothing", name)
		}
		if _, err := Decode([]byte(text), Limits{}); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	many, err := w.whole(t).Encode()
	if _, good := Decode(many, Limits{}); good != nil || err != nil {
		t.Fatal(good, err)
	}
	for name, l := range map[string]Limits{"bytes": {Bytes: 100}, "depth": {Depth: 2}, "elements": {Elements: 1}, "resources": {Resources: 3}} {
		if _, err := Decode(many, l); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPackedForm(t *testing.T) {
	w := newWorld(t, 9, 1)
	a := w.whole(t)
	packed, err := a.EncodePacked()
	if err != nil {
		t.Fatal(err)
	}
	bomb, err := Assessment{Version: strings.Repeat("0", 8<<20)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Assessment{Version: strings.Repeat("0", 8<<20)}).EncodePacked(); !errors.Is(err, ErrBroken) {
		t.Errorf("a bomb is made: %v", err)
	}
	for name, data := range map[string][]byte{
		"a byte behind it": append(bytes.Clone(packed), 0),
		"two in one":       append(bytes.Clone(packed), packed...),
		"cut off":          packed[:len(packed)-1],
		"not packed":       mustJSON(t, a, nil),
		"a bomb":           zipped(t, bomb, ""),
		"a name":           zipped(t, mustJSON(t, a, nil), "anna"),
		"nothing":          nil,
	} {
		if _, err := DecodePacked(data, Limits{}); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := DecodePacked(packed, Limits{Bytes: 1000}); !errors.Is(err, ErrBroken) {
		t.Error("the limit does not hold")
	}
	if !bytes.HasPrefix(packed, []byte{0x1f, 0x8b}) {
		t.Error("what is packed does not begin as gzip does")
	}
}

// FuzzDecode: whatever is read has one form, and can be checked and replayed without a panic.
func FuzzDecode(f *testing.F) {
	w := newWorld(f, 9, 1)
	a := w.whole(f)
	s, err := a.Slice(f.Context(), w.in.Policies, tag(0))
	if err != nil {
		f.Fatal(err)
	}
	for _, x := range []Assessment{a, s, {Schema: Schema}} {
		x.Resources = x.Resources[:min(2, len(x.Resources))]
		for i := range x.Customers {
			x.Customers[i].Terms = jsontext.Value(`{}`)
		}
		raw, err := x.Encode()
		if err == nil {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := Decode(raw, Limits{Bytes: 1 << 20})
		if err != nil {
			if !errors.Is(err, ErrBroken) {
				t.Fatalf("error %v", err)
			}
			return
		}
		if again, err := a.Encode(); err != nil || !bytes.Equal(again, raw) {
			t.Fatalf("another form: %v", err)
		}
		a.Check(func([]byte, inventory.Seal) error { return nil })
		a.Rules = w.in.Policies.Digest
		if r, err := a.Results(t.Context(), w.in.Policies, "en"); err == nil {
			if _, err := json.Marshal(r); err != nil {
				t.Fatal(err)
			}
		}
	})
}
func zipped(t *testing.T, plain []byte, name string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Name = name
	w.Write(plain)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
