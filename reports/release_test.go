package reports_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/reports"
)

// verifier checks signatures over the message itself; contexts are the business of package sign.
type verifier struct{}

func (verifier) Verify(key, context string, message, sig []byte) error {
	raw, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(raw) != ed25519.PublicKeySize || !ed25519.Verify(raw, append([]byte(context), message...), sig) {
		return errors.New("broken")
	}
	return nil
}

func (verifier) KeyID(key string) (string, error) {
	if key == "" {
		return "", errors.New("no key")
	}
	return key, nil
}

func person(seed byte) (private ed25519.PrivateKey, public string) {
	raw := make([]byte, ed25519.SeedSize)
	raw[0] = seed
	private = ed25519.NewKeyFromSeed(raw)
	return private, base64.StdEncoding.EncodeToString(private.Public().(ed25519.PublicKey))
}

func step(t *testing.T, d reports.Document, seed byte) *reports.Step {
	t.Helper()
	digest, err := d.ReleaseDigest()
	if err != nil {
		t.Fatal(err)
	}
	private, public := person(seed)
	return &reports.Step{Role: "officer", At: time.Unix(1, 0).UTC(), Key: public,
		Signature: base64.StdEncoding.EncodeToString(ed25519.Sign(private, append([]byte(dpa.ContextApproval), digest...)))}
}

func customerDocument() reports.Document {
	return reports.Document{Schema: reports.DocumentSchema, Language: "en", Customer: &reports.Party{ID: "north", Name: "North"},
		Files: map[string]reports.FileHash{"results.json": {SHA256: "aa", Size: 1}}}
}

func TestARelease(t *testing.T) {
	d := customerDocument()
	digest, err := d.ReleaseDigest()
	if err != nil {
		t.Fatal(err)
	}
	_, anna := person(1)
	_, bram := person(2)
	_, anna2 := person(4)
	known := dpa.People{"anna": {"no key", anna, anna2}, "bram": {bram}}
	shared := dpa.People{"anna": {anna}, "bram": {bram}, "carl": {bram}}
	release := func(change func(*reports.Release)) *reports.Release {
		r := &reports.Release{Digest: digest, Prepared: step(t, d, 1), Released: step(t, d, 2)}
		if change != nil {
			change(r)
		}
		return r
	}
	other := customerDocument()
	other.Files["results.json"] = reports.FileHash{SHA256: "bb", Size: 1}
	tests := map[string]struct {
		release *reports.Release
		people  dpa.People
		want    reports.ReleaseState
	}{
		"nobody":                      {nil, known, reports.ReleaseDraft},
		"prepared":                    {release(func(r *reports.Release) { r.Released = nil }), known, reports.ReleaseDraft},
		"released":                    {release(nil), known, reports.ReleaseDone},
		"released, people not known":  {release(nil), nil, reports.ReleaseDone},
		"released without a preparer": {release(func(r *reports.Release) { r.Prepared = nil }), known, reports.ReleaseBroken},
		"released, nobody enrolled":   {release(nil), dpa.People{}, reports.ReleaseStranger},
		"one key twice":               {release(func(r *reports.Release) { r.Released = step(t, d, 1) }), known, reports.ReleaseBroken},
		"one key twice, not known":    {release(func(r *reports.Release) { r.Released = step(t, d, 1) }), nil, reports.ReleaseBroken},
		"one person with two keys":    {release(func(r *reports.Release) { r.Released = step(t, d, 4) }), known, reports.ReleaseBroken},
		"a key of two people":         {release(nil), shared, reports.ReleaseStranger},
		"a stranger released":         {release(func(r *reports.Release) { r.Released = step(t, d, 3) }), known, reports.ReleaseStranger},
		"a stranger prepared":         {release(func(r *reports.Release) { r.Prepared = step(t, d, 3) }), known, reports.ReleaseStranger},
		"a stranger's draft":          {release(func(r *reports.Release) { r.Prepared, r.Released = step(t, d, 3), nil }), known, reports.ReleaseStranger},
		"another's key named":         {release(func(r *reports.Release) { r.Released.Key = anna }), known, reports.ReleaseBroken},
		"of another report":           {release(func(r *reports.Release) { r.Released = step(t, other, 2) }), known, reports.ReleaseBroken},
		"another digest":              {release(func(r *reports.Release) { r.Digest = "sha256:00" }), known, reports.ReleaseBroken},
		"a signature that is none":    {release(func(r *reports.Release) { r.Released.Signature = "?" }), known, reports.ReleaseBroken},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := customerDocument()
			d.Release = tt.release
			if got := d.CheckRelease(tt.people, verifier{}); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if draft := d.Draft(); draft && tt.want == reports.ReleaseDone {
				t.Error("shown as a draft although it is released")
			}
		})
	}
	whole := reports.Document{Schema: reports.DocumentSchema}
	if got := whole.CheckRelease(nil, verifier{}); got != reports.ReleaseNone || whole.Draft() {
		t.Errorf("a report of everything: %s", got)
	}
	whole.Release = release(nil)
	if got := whole.CheckRelease(nil, verifier{}); got != reports.ReleaseBroken {
		t.Errorf("a report of everything with a release: %s", got)
	}
}

func TestThePersonOfAStep(t *testing.T) {
	known := dpa.People{"anna": {"old", "key"}, "bram": {"other", "both"}, "carl": {"both"}, "dora": {"twice", "twice"}, "none": {""}}
	for key, want := range map[string]string{"key": "anna", "old": "anna", "other": "bram", "both": "", "twice": "dora", "stranger": "", "": ""} {
		if got := (reports.Step{Key: key}).Person(known, verifier{}); got != want {
			t.Errorf("%q is of %q, not of %q", key, got, want)
		}
	}
}

// A report may go to anyone, so no id of a person may be in it.
func TestADocumentNamesRolesAlone(t *testing.T) {
	d := draftDocument("en")
	d.Release = &reports.Release{Prepared: &reports.Step{Role: "officer"}, Released: &reports.Step{Role: "officer"}}
	raw, err := reports.Canonical(d)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte(`"by":`)) {
		t.Errorf("the document says by whom: %s", raw)
	}
	r := sampleResults("en")
	r.Waivers = []assess.WaiverUse{{ID: "w", Rule: "TRF-001", State: assess.WaiverUsed, Owner: "anna-the-owner"}}
	if d := sampleDocument("en"); strings.Contains(page(t, d, r)+markdown(t, d, r), "anna-the-owner") {
		t.Error("the pages name the owner of a waiver")
	}
}

func TestEveryPartOfADocumentIsInItsReleaseDigest(t *testing.T) {
	base, err := customerDocument().ReleaseDigest()
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*reports.Document){
		"customer":    func(d *reports.Document) { d.Customer.Name = "South" },
		"coverage":    func(d *reports.Document) { d.Coverage = []dpa.CoverageRow{{Clause: "VWO-1.1"}} },
		"files":       func(d *reports.Document) { d.Files["results.json"] = reports.FileHash{SHA256: "aa", Size: 2} },
		"attestation": func(d *reports.Document) { d.Attestations = []reports.Attestation{{ID: "x"}} },
		"trend":       func(d *reports.Document) { d.Trend = []reports.Point{{Status: assess.Pass}} },
	} {
		d := customerDocument()
		change(&d)
		if got, err := d.ReleaseDigest(); err != nil || got == base {
			t.Errorf("%s does not count: %v", name, err)
		}
	}
	signed := customerDocument()
	signed.Release = &reports.Release{Digest: base}
	if got, err := signed.ReleaseDigest(); err != nil || got != base {
		t.Errorf("the release itself counts: %v", err)
	}
}

func TestDataOfAReportAreReadStrictly(t *testing.T) {
	d := customerDocument()
	raw, err := reports.Canonical(d)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := reports.ParseDocument(raw); err != nil || got.Customer.Name != "North" {
		t.Fatalf("%+v, %v", got, err)
	}
	r := assess.Results{Schema: assess.ResultsSchema, At: time.Unix(5, 6).UTC(), Results: []assess.Result{{Rule: "A", Findings: []assess.Finding{{Path: "p", Value: []byte(`{"a":1}`)}}}}}
	results, err := reports.Canonical(r)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := reports.ParseResults(results); err != nil || got.Results[0].Rule != "A" {
		t.Fatalf("%+v, %v", got, err)
	}
	for name, bad := range map[string][]byte{
		"nothing":        nil,
		"a blank":        slices.Concat(raw, []byte(" ")),
		"a blank before": slices.Concat([]byte(" "), raw),
		"twice":          slices.Concat(raw, raw),
		"unknown key":    slices.Concat([]byte(`{"aaa":1,`), raw[1:]),
		"results":        results,
		"cut":            raw[:len(raw)-1],
	} {
		if _, err := reports.ParseDocument(bad); !errors.Is(err, reports.ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := reports.ParseResults(raw); !errors.Is(err, reports.ErrForm) {
		t.Errorf("a document as results: %v", err)
	}
}

func TestAnApprovalIsReadStrictly(t *testing.T) {
	d := customerDocument()
	digest, err := d.ReleaseDigest()
	if err != nil {
		t.Fatal(err)
	}
	want := reports.Approval{Schema: reports.ApprovalSchema, Digest: digest, Step: *step(t, d, 1)}
	raw, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := reports.ReadApproval(append(raw, "\r\n"...)); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, change := range map[string]func(*reports.Approval){
		"another schema": func(a *reports.Approval) { a.Schema = reports.DocumentSchema },
		"no digest":      func(a *reports.Approval) { a.Digest = "" },
		"no key":         func(a *reports.Approval) { a.Step.Key = "" },
		"no signature":   func(a *reports.Approval) { a.Step.Signature = "" },
		"no time":        func(a *reports.Approval) { a.Step.At = time.Time{} },
	} {
		bad := want
		change(&bad)
		raw, err := bad.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := reports.ReadApproval(raw); !errors.Is(err, reports.ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, bad := range map[string]string{
		"an unknown key": strings.Replace(string(raw), `{"digest"`, `{"and":1,"digest"`, 1), "a key twice": strings.Replace(string(raw), `{"digest"`, `{"digest":"","digest"`, 1),
		"not canonical": strings.Replace(string(raw), `{"digest"`, `{ "digest"`, 1), "nothing": "", "two": string(raw) + string(raw), "not JSON": "%PDF-1.7", "null": "null",
	} {
		if _, err := reports.ReadApproval([]byte(bad)); !errors.Is(err, reports.ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
