package attest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	intoto "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"waarborg/internal/assess"
	"waarborg/internal/gate"
	"waarborg/internal/inventory"
	"waarborg/internal/sign"
	"waarborg/internal/sign/bundle"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func digestOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// report is one of a run in which one file was judged and all was met.
func report(plan string) *gate.Report {
	return &gate.Report{Version: "v1.2.3", At: noon.Add(123 * time.Millisecond), Status: assess.Pass, Subjects: 3, Counts: gate.Counts{Pass: 12, LeftOver: 2},
		Inputs: []gate.Info{{Name: "plan.json", Format: "terraform-plan", Digest: digestOf(plan), Size: int64(len(plan))}},
		Rules:  digestOf("rules"), Workspace: digestOf("workspace")}
}

// key makes a key without files: deriving one from a passphrase is slow by design.
func key(t testing.TB) (*ecdsa.PrivateKey, sign.Public, sign.Trust) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	public, err := sign.ParsePublic(string(text))
	if err != nil {
		t.Fatal(err)
	}
	trust, err := sign.ParseTrust(text)
	if err != nil {
		t.Fatal(err)
	}
	return private, public, trust
}

func made(t testing.TB, r *gate.Report, o Options) ([]byte, sign.Trust) {
	t.Helper()
	private, public, trust := key(t)
	raw, err := Make(t.Context(), r, o, private, public)
	if err != nil {
		t.Fatal(err)
	}
	return raw, trust
}

// wanted is what a deploy stage asks of an attestation of the plan.
func wanted(plan string) Want {
	return Want{Inputs: []Input{{"plan.json", digestOf(plan), "terraform-plan"}}, Alone: true, Met: true, MaxAge: time.Hour,
		Basis: &Basis{Rules: digestOf("rules"), Workspace: digestOf("workspace")}}
}

func TestWhatIsMadeIsAccepted(t *testing.T) {
	raw, trust := made(t, report("plan"), Options{Ref: "main"})
	got, err := Verify(raw, trust, noon.Add(time.Minute), wanted("plan"))
	if err != nil {
		t.Fatal(err)
	}
	p := got.Predicate
	if p.JudgedAt != noon || p.ValidUntil != noon.Add(DefaultValidity) || p.Ref != "main" || p.Version != "v1.2.3" || p.Resources != 3 || p.Counts.Pass != 12 ||
		got.By.KeyID != trust.Keys()[0].ID || got.By.Note != sign.NoteOwnTime {
		t.Errorf("%+v", got)
	}
}

// TestForm holds the statement to in-toto's own library and to the text in docs/attestation.md.
func TestForm(t *testing.T) {
	r := report("plan")
	r.Waivers = []assess.WaiverUse{{ID: "w-1", Rule: "SEC-010", State: assess.WaiverUsed, Matched: 2, Expires: "2026-11-23", Owner: "anna", Reason: "until moved"},
		{ID: "w-2", Rule: "SEC-011", State: assess.WaiverUnused, Expires: "2026-11-20"}}
	r.Counts.Accepted = 2
	raw, trust := made(t, r, Options{Ref: "main", Softened: Softened{AllowUnproved: true, Baseline: digestOf("baseline")}})
	payload, _, err := bundle.VerifyStatement(raw, trust.Keys())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"_type":"https://in-toto.io/Statement/v1","predicate":{"blocks":[],"counts":{"accepted":2,"failing":0,"known":0,"left_to_check":2,"not_applicable":0,` +
		`"pass":12,"to_prove":0,"unclear":0},"git_ref":"main","judged_at":"2026-11-23T12:00:00Z","resources":3,"rules":"` + digestOf("rules") + `",` +
		`"softened":{"allow_empty":false,"allow_unproved":true,"baseline":"` + digestOf("baseline") + `"},"status":"pass",` +
		`"to_prove":{"count":0,"digest":"` + digestOf("") + `"},"valid_until":"2026-11-24T00:00:00Z",` +
		`"waarborg_version":"v1.2.3","waivers":[{"id":"w-1","resources":2,"rule":"SEC-010","until":"2026-11-23"}],"workspace":"` + digestOf("workspace") + `"},` +
		`"predicateType":"https://waarborg.dev/attestation/gate/v1","subject":[{"annotations":{"format":"terraform-plan"},"digest":{"sha256":"` +
		strings.TrimPrefix(digestOf("plan"), "sha256:") + `"},"name":"plan.json"}]}`
	if string(payload) != want {
		t.Errorf("%s\nwant\n%s", payload, want)
	}
	var s intoto.Statement
	if err := protojson.Unmarshal(payload, &s); err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(); err != nil {
		t.Errorf("in-toto's library: %v", err)
	}
}

func TestRefused(t *testing.T) {
	// Each case changes a report, its options or what is wanted, away from what is accepted.
	for name, tt := range map[string]struct {
		report func(r *gate.Report)
		make   func(o *Options)
		want   func(w *Want)
		now    time.Duration
		err    error
	}{
		"another plan":    {want: func(w *Want) { w.Inputs[0].Digest = digestOf("other") }, err: ErrOtherInput},
		"read otherwise":  {report: func(r *gate.Report) { r.Inputs[0].Format = "mapped" }, err: ErrOtherInput},
		"a plan too many": {want: func(w *Want) { w.Inputs = append(w.Inputs, Input{Name: "b", Digest: digestOf("b")}) }, err: ErrOtherInput},
		"judged with another": {report: func(r *gate.Report) {
			r.Inputs = append(r.Inputs, gate.Info{Name: "b", Format: "snapshot", Digest: digestOf("b")})
		}, err: ErrOtherInput},

		"failed":                 {report: func(r *gate.Report) { r.Status, r.Counts.Failing = assess.Fail, 1 }, err: ErrNotMet},
		"fail without a count":   {report: func(r *gate.Report) { r.Status = assess.Fail }, err: ErrNotMet},
		"a count without fail":   {report: func(r *gate.Report) { r.Counts.Failing = 1 }, err: ErrNotMet},
		"a block that fails":     {report: func(r *gate.Report) { r.Blocks = []gate.Block{{What: "register", Status: assess.Fail}} }, err: ErrNotMet},
		"a block that asks":      {report: func(r *gate.Report) { r.Blocks = []gate.Block{{What: "live", Status: assess.Unknown}} }, err: ErrNotKnown},
		"unclear":                {report: func(r *gate.Report) { r.Counts.Unclear = 1 }, err: ErrNotKnown},
		"unknown without reason": {report: func(r *gate.Report) { r.Status = assess.Unknown }, err: ErrNotKnown},
		"nothing judged":         {report: func(r *gate.Report) { r.Subjects = 0 }, make: func(o *Options) { o.Softened.AllowEmpty = true }, err: ErrNotKnown},
		"to be proved": {report: func(r *gate.Report) { r.Counts.ToProve = 1 },
			make: func(o *Options) { o.Outcomes, o.Softened.AllowUnproved = unproved("a"), true }, err: ErrNotKnown},

		"other rules":       {report: func(r *gate.Report) { r.Rules = digestOf("x") }, err: ErrOtherBasis},
		"rules of a team":   {report: func(r *gate.Report) { r.TeamRules = digestOf("x") }, err: ErrOtherBasis},
		"other rules of it": {want: func(w *Want) { w.Basis.TeamRules = digestOf("x") }, err: ErrOtherBasis},
		"other workspace":   {report: func(r *gate.Report) { r.Workspace = digestOf("x") }, err: ErrOtherBasis},
		"other baseline":    {want: func(w *Want) { w.Allow.Baseline = digestOf("x") }, err: ErrOtherBasis},

		"older than wanted": {now: time.Hour + time.Second, err: ErrStale},
		"expired":           {make: func(o *Options) { o.ValidFor = time.Minute }, now: time.Minute, err: ErrStale},
		"from the future":   {now: -skew - time.Second, err: ErrStale},
		"a waiver ended": {report: func(r *gate.Report) {
			r.At = noon.Add(11*time.Hour + 50*time.Minute)
			r.Waivers = []assess.WaiverUse{{ID: "w", Rule: "SEC-010", State: assess.WaiverUsed, Matched: 1, Expires: "2026-11-23"}}
		}, now: 12 * time.Hour, err: ErrStale},
	} {
		t.Run(name, func(t *testing.T) {
			r, o, w := report("plan"), Options{}, wanted("plan")
			if tt.report != nil {
				tt.report(r)
			}
			if tt.make != nil {
				tt.make(&o)
			}
			if tt.want != nil {
				tt.want(&w)
			}
			raw, trust := made(t, r, o)
			if _, err := Verify(raw, trust, noon.Add(tt.now), w); !errors.Is(err, tt.err) {
				t.Errorf("%v, want %v", err, tt.err)
			}
		})
	}
}

func TestAllowed(t *testing.T) {
	for name, tt := range map[string]struct {
		report func(r *gate.Report)
		make   Options
		allow  Softened
		now    time.Duration
	}{
		"known and accepted": {report: func(r *gate.Report) { r.Counts.Known, r.Counts.Accepted = 3, 4 }},
		"nothing judged":     {report: func(r *gate.Report) { r.Subjects, r.Status = 0, assess.Unknown }, allow: Softened{AllowEmpty: true}},
		"to be proved": {report: func(r *gate.Report) { r.Counts.ToProve, r.Status = 2, assess.Unknown },
			make: Options{Outcomes: unproved("a", "b")}, allow: Softened{AllowUnproved: true}},
		"the very baseline":    {make: Options{Softened: Softened{Baseline: digestOf("b")}}, allow: Softened{Baseline: digestOf("b")}},
		"some baseline":        {make: Options{Softened: Softened{Baseline: digestOf("b")}}},
		"a clock a bit behind": {now: -skew},
		"at the last moment":   {now: time.Hour},
	} {
		r, w := report("plan"), wanted("plan")
		if tt.report != nil {
			tt.report(r)
		}
		w.Allow = tt.allow
		raw, trust := made(t, r, tt.make)
		if _, err := Verify(raw, trust, noon.Add(tt.now), w); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Where nothing is wanted, genuine is enough: that it says "not met" is for its reader to see.
	r := report("plan")
	r.Status, r.Counts.Failing = assess.Fail, 1
	raw, trust := made(t, r, Options{})
	if got, err := Verify(raw, trust, noon.Add(2*time.Hour), Want{}); err != nil || got.Predicate.Status != assess.Fail {
		t.Errorf("%v", err)
	}
}

func unproved(addresses ...string) gate.Outcomes {
	return func(yield func(gate.Outcome, error) bool) {
		for _, class := range []gate.Class{gate.Failing, gate.ToProve} {
			for _, a := range addresses {
				o := gate.Outcome{Class: class, Address: a, Input: "plan.json",
					Result: assess.Result{Rule: "SEC-010", Unknown: []assess.UnknownFact{{Path: "encryption.tls", Reason: inventory.Reason{Code: "x"}}}}}
				if !yield(o, nil) {
					return
				}
			}
		}
	}
}

func TestOpen(t *testing.T) {
	got, err := Open(unproved("a"))
	if want := digestOf(`{"address":"a","facts":["encryption.tls"],"input":"plan.json","rule":"SEC-010"}` + "\n"); err != nil || got.Count != 1 || got.Digest != want {
		t.Errorf("%+v, %v, want %s", got, err, want)
	}
	if two, _ := Open(unproved("a", "b")); two.Count != 2 || two.Digest == got.Digest {
		t.Errorf("%+v", two)
	}
	bad := errors.New("the disk is gone")
	if _, err := Open(func(yield func(gate.Outcome, error) bool) { yield(gate.Outcome{}, bad) }); !errors.Is(err, bad) {
		t.Errorf("%v", err)
	}
}

func TestSigners(t *testing.T) {
	raw, trust := made(t, report("plan"), Options{})
	_, _, stranger := key(t)
	if _, err := Verify(raw, stranger, noon, wanted("plan")); !errors.Is(err, sign.ErrUnknownSigner) {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := Verify(raw, sign.Trust{}, noon, wanted("plan")); !errors.Is(err, sign.ErrUnknownSigner) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := Verify(raw, stranger.Merge(trust), noon, wanted("plan")); err != nil {
		t.Errorf("one of two: %v", err)
	}
}

// TestEveryFlippedBitIsNoticed: no bit of an attestation can change without its being refused.
func TestEveryFlippedBitIsNoticed(t *testing.T) {
	raw, trust := made(t, report("plan"), Options{})
	keys := trust.Keys()
	for i := range raw {
		for bit := range 8 {
			bad := bytes.Clone(raw)
			bad[i] ^= 1 << bit
			if _, _, err := Read(bad, keys); err == nil {
				t.Errorf("bit %d of byte %d (%q)", bit, i, raw[max(0, i-10):i+1])
			}
		}
	}
	for i := range raw {
		if _, _, err := Read(raw[:i], keys); !errors.Is(err, sign.ErrBroken) {
			t.Errorf("cut off after %d bytes: %v", i, err)
		}
	}
}

// TestOnlyOurForm: what the very key signed, but is not what Make writes, is no attestation.
func TestOnlyOurForm(t *testing.T) {
	private, public, trust := key(t)
	raw, err := Make(t.Context(), report("plan"), Options{}, private, public)
	if err != nil {
		t.Fatal(err)
	}
	payload, _, err := bundle.VerifyStatement(raw, trust.Keys())
	if err != nil {
		t.Fatal(err)
	}
	text := string(payload)
	subjects := text[strings.Index(text, `"subject":`) : len(text)-1]
	for name, bad := range map[string]string{
		"key twice":          strings.Replace(text, `"status":"pass"`, `"status":"fail","status":"pass"`, 1),
		"unknown field":      strings.Replace(text, `"status":"pass"`, `"state":1,"status":"pass"`, 1),
		"other case":         strings.Replace(text, `"status"`, `"Status"`, 1),
		"spaces":             strings.Replace(text, `"status":`, `"status": `, 1),
		"other order":        `{"predicateType":"` + PredicateType + `",` + strings.Replace(text[1:], `"predicateType":"`+PredicateType+`",`, "", 1),
		"other predicate":    strings.Replace(text, "gate/v1", "gate/v2", 1),
		"other statement":    strings.Replace(text, "Statement/v1", "Statement/v0.1", 1),
		"no subject":         strings.Replace(text, subjects, `"subject":[]`, 1),
		"null subject":       strings.Replace(text, subjects, `"subject":null`, 1),
		"upper case digest":  strings.Replace(text, subjects, strings.Replace(subjects, digestOf("plan")[7:], strings.ToUpper(digestOf("plan")[7:]), 1), 1),
		"other digest":       strings.Replace(text, `"digest":{"sha256":`, `"digest":{"md5":"x","sha256":`, 1),
		"no format":          strings.Replace(text, `{"format":"terraform-plan"}`, `{"format":""}`, 1),
		"unknown status":     strings.Replace(text, `"status":"pass"`, `"status":"fine"`, 1),
		"negative count":     strings.Replace(text, `"failing":0`, `"failing":-1`, 1),
		"large number":       strings.Replace(text, `"failing":0`, `"failing":1e400`, 1),
		"time of a zone":     strings.Replace(text, "T12:00:00Z", "T13:00:00+01:00", 1),
		"valid before":       strings.Replace(text, "2026-11-24T", "2026-11-22T", 1),
		"no workspace":       strings.Replace(text, digestOf("workspace"), "", 1),
		"count of unproved":  strings.Replace(text, `"to_prove":{"count":0`, `"to_prove":{"count":1`, 1),
		"empty optional":     strings.Replace(text, `"judged_at"`, `"git_ref":"","judged_at"`, 1),
		"nothing":            "{}",
		"something after it": text + "{}",
	} {
		if bad == text {
			t.Fatalf("%s: nothing was changed", name)
		}
		forged, err := bundle.MakeStatement(t.Context(), []byte(bad), private, public)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := Read(forged, trust.Keys()); !errors.Is(err, sign.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The envelope around it, with keys twice and signatures twice, is in package bundle's tests; here that we use it.
	if _, _, err := Read([]byte(strings.Replace(string(raw), `{"dsseEnvelope":`, `{"dsseEnvelope":{},"dsseEnvelope":`, 1)), trust.Keys()); !errors.Is(err, sign.ErrBroken) {
		t.Errorf("an envelope twice: %v", err)
	}
}

// TestNoReplay: a good attestation of one plan, with its subject exchanged for another, is refused: the subject is signed.
func TestNoReplay(t *testing.T) {
	raw, trust := made(t, report("plan"), Options{})
	var b struct {
		Envelope struct {
			Payload []byte           `json:"payload"`
			Rest    []jsontext.Value `json:"signatures"`
		} `json:"dsseEnvelope"`
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		t.Fatal(err)
	}
	moved := bytes.ReplaceAll(b.Envelope.Payload, []byte(digestOf("plan")[7:]), []byte(digestOf("evil")[7:]))
	if bytes.Equal(moved, b.Envelope.Payload) {
		t.Fatal("nothing was changed")
	}
	bad := bytes.ReplaceAll(raw, []byte(base64.StdEncoding.EncodeToString(b.Envelope.Payload)), []byte(base64.StdEncoding.EncodeToString(moved)))
	if _, err := Verify(bad, trust, noon, wanted("evil")); !errors.Is(err, sign.ErrBroken) {
		t.Errorf("%v", err)
	}
	if _, err := Verify(raw, trust, noon, wanted("evil")); !errors.Is(err, ErrOtherInput) {
		t.Errorf("%v", err)
	}
}

func TestMakeRefusals(t *testing.T) {
	private, public, _ := key(t)
	for name, change := range map[string]func(r *gate.Report){
		"no input":          func(r *gate.Report) { r.Inputs = nil },
		"no digest":         func(r *gate.Report) { r.Inputs[0].Digest = "" },
		"other digest":      func(r *gate.Report) { r.Inputs[0].Digest = "md5:" + strings.Repeat("0", 32) },
		"no rules":          func(r *gate.Report) { r.Rules = "" },
		"no time":           func(r *gate.Report) { r.At = time.Time{} },
		"no status":         func(r *gate.Report) { r.Status = "" },
		"unproved unlisted": func(r *gate.Report) { r.Counts.ToProve = 1 },
		"waiver of no day": func(r *gate.Report) {
			r.Waivers = []assess.WaiverUse{{ID: "w", State: assess.WaiverUsed, Expires: "soon"}}
		},
	} {
		r := report("plan")
		change(r)
		if _, err := Make(t.Context(), r, Options{}, private, public); err == nil {
			t.Errorf("%s was attested", name)
		}
	}
	r := report("plan")
	r.Inputs[0].Name = "a\xff\x1b[31m.json"
	raw, err := Make(t.Context(), r, Options{}, private, public)
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := Read(raw, []sign.Public{public})
	if err != nil || s.Subject[0].Name != "a\uFFFD\x1b[31m.json" {
		t.Errorf("%q, %v", s.Subject, err)
	}
	if err := s.Check(noon, Want{Alone: true}); err == nil || strings.ContainsRune(err.Error(), '\x1b') {
		t.Errorf("%q", err)
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Hour: "1h", 90 * time.Minute: "1h30m", 45 * time.Second: "45s", 10 * time.Minute: "10m", 100 * time.Hour: "100h"} {
		if got := short(d); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	private, public, trust := key(f)
	raw, err := Make(f.Context(), report("plan"), Options{}, private, public)
	if err != nil {
		f.Fatal(err)
	}
	want, err := Verify(raw, trust, noon, Want{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, _, err := Read(data, trust.Keys()); err == nil && got.Predicate.JudgedAt != want.Predicate.JudgedAt {
			t.Errorf("accepted: %s", data)
		}
	})
}
