package dpa_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/sign"
)

// person is someone with a key, without the key's file.
type person struct {
	id  string
	key ed25519.PrivateKey
}

func newPerson(id string, seed byte) person {
	return person{id, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))}
}

func (p person) public() string {
	return "ed25519:" + base64.StdEncoding.EncodeToString(p.key.Public().(ed25519.PublicKey))
}

func (p person) sign(context string, message []byte) dpa.Signature {
	value := ed25519.Sign(p.key, sign.Payload(context, message))
	return dpa.Signature{By: p.id, Signature: base64.StdEncoding.EncodeToString(value)}
}

func (p person) approve(digest string) dpa.Signature {
	return p.sign(dpa.ContextApproval, []byte(digest))
}

var (
	anna, bert, eve = newPerson("anna", 1), newPerson("bert", 2), newPerson("eve", 3)
	people          = dpa.People{"anna": {anna.public()}, "bert": {bert.public()}}
	verifier        = sign.PersonVerifier{}
	madeAt          = time.Date(2026, 1, 10, 9, 0, 0, 0, time.UTC)
)

func sample(t *testing.T) dpa.Attestation {
	t.Helper()
	e, err := dpa.NewEvidence("iso27001.pdf", strings.NewReader("a certificate"))
	if err != nil {
		t.Fatal(err)
	}
	return dpa.Attestation{Statement: dpa.Statement{ID: "iso-2026", Clauses: []string{"BB-ORG-1", "VWO-7.1"},
		StatementEN: "The certificate covers hosting.", StatementNL: "Het certificaat omvat de hosting.",
		By: "anna", Role: "security officer", Evidence: e, MadeAt: madeAt, ValidUntil: "2027-01-10"}}
}

func signed(t *testing.T, a dpa.Attestation, by ...person) dpa.Attestation {
	t.Helper()
	message, err := a.Message()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range by {
		a.Signatures = append(a.Signatures, p.sign(dpa.ContextAttestation, message))
	}
	return a
}

func TestAttestationFile(t *testing.T) {
	a := signed(t, sample(t), anna)
	raw, err := a.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, issues := dpa.ParseAttestation(raw)
	if len(issues) > 0 || !reflect.DeepEqual(got, a) {
		t.Fatalf("%v\n got %+v\nwant %+v", issues, got, a)
	}
	if st := got.State(madeAt, people, verifier); st.State != dpa.AttestationValid {
		t.Errorf("state %v", st)
	}
	// An editor that indents the file changes nothing that was signed.
	spaced := strings.ReplaceAll(string(raw), `,"`, ",\n  \"") + "\n"
	if got, issues := dpa.ParseAttestation([]byte(spaced)); len(issues) > 0 || got.State(madeAt, people, verifier).State != dpa.AttestationValid {
		t.Errorf("indented: %v", issues)
	}
	for name, bad := range map[string]string{
		"unknown key":   strings.Replace(string(raw), `"by":"anna"`, `"by":"anna","risk":1`, 1),
		"wrong type":    strings.Replace(string(raw), `"by":"anna"`, `"by":1`, 1),
		"double key":    strings.Replace(string(raw), `"by":"anna"`, `"by":"bert","by":"anna"`, 1),
		"newer version": strings.Replace(string(raw), `attestation/v1`, `attestation/v2`, 1),
		"cut off":       string(raw[:len(raw)-2]),
		"not UTF-8":     strings.Replace(string(raw), `security officer`, "security \xff", 1),
		"too large":     string(raw) + strings.Repeat(" ", 1<<20),
		"no digest":     strings.Replace(string(raw), `"sha256":`, `"sha255":`, 1),
	} {
		if bad == string(raw) {
			t.Fatalf("%s: the case changes nothing", name)
		}
		if _, issues := dpa.ParseAttestation([]byte(bad)); len(issues) == 0 || issues[0].What.NL == "" || issues[0].Hint.NL == "" {
			t.Errorf("%s: accepted, or without a hint: %v", name, issues)
		}
	}
}

func TestAttestationChecks(t *testing.T) {
	tests := map[string]struct {
		path  string
		spoil func(*dpa.Attestation)
	}{
		"a path as id":      {"id", func(a *dpa.Attestation) { a.ID = "../x" }},
		"no clauses":        {"clauses", func(a *dpa.Attestation) { a.Clauses = nil }},
		"clause twice":      {"clauses[1]", func(a *dpa.Attestation) { a.Clauses[1] = a.Clauses[0] }},
		"no Dutch":          {"statement_nl", func(a *dpa.Attestation) { a.StatementNL = " " }},
		"a mail address":    {"statement_en", func(a *dpa.Attestation) { a.StatementEN = "Ask j.jansen@example.nl." }},
		"terminal escape":   {"role", func(a *dpa.Attestation) { a.Role = "officer\x1b[2J" }},
		"reversed text":     {"role", func(a *dpa.Attestation) { a.Role = "officer\u202e" }},
		"nobody":            {"by", func(a *dpa.Attestation) { a.By = "" }},
		"no evidence":       {"evidence.sha256", func(a *dpa.Attestation) { a.Evidence.SHA256 = "" }},
		"empty evidence":    {"evidence.size", func(a *dpa.Attestation) { a.Evidence.Size = 0 }},
		"evidence outside":  {"evidence.file", func(a *dpa.Attestation) { a.Evidence.File = "../../etc/passwd" }},
		"no time":           {"made_at", func(a *dpa.Attestation) { a.MadeAt = time.Time{} }},
		"no end":            {"valid_until", func(a *dpa.Attestation) { a.ValidUntil = "" }},
		"ends before":       {"valid_until", func(a *dpa.Attestation) { a.ValidUntil = "2026-01-09" }},
		"holds too long":    {"valid_until", func(a *dpa.Attestation) { a.ValidUntil = "2029-01-11" }},
		"a customer's name": {"customers[0]", func(a *dpa.Attestation) { a.Customers = []string{"Woonstad Rotterdam"} }},
	}
	for name, tt := range tests {
		a := sample(t)
		a.Clauses = append([]string(nil), a.Clauses...)
		tt.spoil(&a)
		issues := a.Check()
		if len(issues) != 1 || issues[0].Path != tt.path || issues[0].Hint.NL == "" {
			t.Errorf("%s: %v", name, issues)
		}
		// A signature does not make a bad statement good.
		if st := signed(t, a, anna).State(madeAt, people, verifier); st.State.Proves() {
			t.Errorf("%s: proves something", name)
		}
	}
	a := sample(t)
	a.ValidUntil = "2029-01-10"
	if issues := a.Check(); len(issues) > 0 {
		t.Errorf("three years exactly: %v", issues)
	}
}

func TestAttestationState(t *testing.T) {
	at := func(s string) time.Time {
		amsterdam := time.FixedZone("CET", 3600)
		when, err := time.ParseInLocation("2006-01-02 15:04", s, amsterdam)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	later := "2026-06-01 12:00"
	rotated := dpa.People{"anna": {eve.public()}, "bert": {bert.public()}}
	annasKey, _ := verifier.KeyID(anna.public())
	tests := []struct {
		name   string
		now    string
		people dpa.People
		by     []person
		change func(*dpa.Attestation) // after signing
		want   dpa.AttestationStatus
	}{
		{"the first day", "2026-01-10 10:00", people, []person{anna}, nil, dpa.AttestationStatus{State: dpa.AttestationValid, DaysLeft: 365}},
		{"a second before", "2026-01-10 09:59", people, []person{anna}, nil, dpa.AttestationStatus{State: dpa.AttestationNotYetValid, DaysLeft: 365}},
		{"61 days to go", "2026-11-10 10:00", people, []person{anna}, nil, dpa.AttestationStatus{State: dpa.AttestationValid, DaysLeft: 61}},
		{"60 days to go", "2026-11-11 10:00", people, []person{anna}, nil, dpa.AttestationStatus{State: dpa.AttestationExpiresSoon, DaysLeft: 60, Notice: 60}},
		{"30 days to go", "2026-12-11 10:00", people, []person{anna}, nil, dpa.AttestationStatus{State: dpa.AttestationExpiresSoon, DaysLeft: 30, Notice: 30}},
		{"the last minute", "2027-01-10 23:59", people, []person{anna}, nil, dpa.AttestationStatus{State: dpa.AttestationExpiresSoon, DaysLeft: 0, Notice: 30}},
		{"the day after", "2027-01-11 00:00", people, []person{anna}, nil, dpa.AttestationStatus{State: dpa.AttestationExpired, DaysLeft: -1}},
		{"two signatures", later, people, []person{anna, bert}, nil, dpa.AttestationStatus{State: dpa.AttestationValid, DaysLeft: 223}},
		{"no signature", later, people, nil, nil, dpa.AttestationStatus{State: dpa.AttestationNotSigned}},
		{"a name only", later, people, nil, func(a *dpa.Attestation) { a.Signatures = []dpa.Signature{{By: "anna"}} }, dpa.AttestationStatus{State: dpa.AttestationNotSigned}},
		{"another's signature alone", later, people, []person{bert}, nil, dpa.AttestationStatus{State: dpa.AttestationNotSigned}},
		{"a stranger", later, people, []person{eve}, nil, dpa.AttestationStatus{State: dpa.AttestationUnknownSigner}},
		{"a stranger too", later, people, []person{eve, anna}, nil, dpa.AttestationStatus{State: dpa.AttestationUnknownSigner}},
		{"a stranger as anna", later, people, []person{{"anna", eve.key}}, nil, dpa.AttestationStatus{State: dpa.AttestationBroken}},
		{"nobody enrolled", later, nil, []person{anna}, nil, dpa.AttestationStatus{State: dpa.AttestationUnknownSigner}},
		{"changed afterwards", later, people, []person{anna}, func(a *dpa.Attestation) { a.ValidUntil = "2028-01-10" }, dpa.AttestationStatus{State: dpa.AttestationBroken}},
		{"another's name on it", later, people, []person{anna}, func(a *dpa.Attestation) { a.By, a.Signatures[0].By = "bert", "bert" }, dpa.AttestationStatus{State: dpa.AttestationBroken}},
		{"a replaced key", later, rotated, []person{anna}, func(a *dpa.Attestation) { a.Signatures[0].KeyID = annasKey }, dpa.AttestationStatus{State: dpa.AttestationUnknownSigner}},
		{"not base64", later, people, []person{anna}, func(a *dpa.Attestation) { a.Signatures[0].Signature = "?" }, dpa.AttestationStatus{State: dpa.AttestationBroken}},
		{"an approval's signature", later, people, nil, func(a *dpa.Attestation) {
			message, _ := a.Message()
			a.Signatures = []dpa.Signature{anna.sign(dpa.ContextApproval, message)}
		}, dpa.AttestationStatus{State: dpa.AttestationBroken}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := signed(t, sample(t), tt.by...)
			if tt.change != nil {
				tt.change(&a)
			}
			got := a.State(at(tt.now), tt.people, verifier)
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if text := got.State.Text(); text.EN == "" || text.NL == "" {
				t.Errorf("no text: %v", text)
			}
			good := got.State == dpa.AttestationValid || got.State == dpa.AttestationExpiresSoon
			if got.State.Proves() != good {
				t.Errorf("Proves() = %v", got.State.Proves())
			}
		})
	}
}

// TestEveryFieldIsSigned changes each field of a signed statement.
func TestEveryFieldIsSigned(t *testing.T) {
	changes := map[string]func(*dpa.Attestation){
		"id": func(a *dpa.Attestation) { a.ID = "other" }, "clauses": func(a *dpa.Attestation) { a.Clauses = []string{"VWO-7.1"} },
		"statement_en": func(a *dpa.Attestation) { a.StatementEN += " Not." }, "statement_nl": func(a *dpa.Attestation) { a.StatementNL += " Niet." },
		"role": func(a *dpa.Attestation) { a.Role = "director" }, "file": func(a *dpa.Attestation) { a.Evidence.File = "other.pdf" },
		"sha256": func(a *dpa.Attestation) { a.Evidence.SHA256 = strings.Repeat("0", 64) }, "size": func(a *dpa.Attestation) { a.Evidence.Size++ },
		"made_at": func(a *dpa.Attestation) { a.MadeAt = a.MadeAt.Add(-time.Hour) }, "valid_until": func(a *dpa.Attestation) { a.ValidUntil = "2027-01-11" },
		"customers": func(a *dpa.Attestation) { a.Customers = []string{"woonstad"} },
	}
	for name, change := range changes {
		a := signed(t, sample(t), anna)
		change(&a)
		if st := a.State(madeAt.AddDate(0, 1, 0), people, verifier); st.State != dpa.AttestationBroken {
			t.Errorf("%s: %v", name, st)
		}
	}
	if n := reflect.TypeFor[dpa.Statement]().NumField() + reflect.TypeFor[dpa.Evidence]().NumField() - 1; n != len(changes)+1 {
		t.Errorf("%d fields, %d tried and `by`: add the new one here", n, len(changes))
	}
}

func TestEvidence(t *testing.T) {
	e := sample(t).Evidence
	if err := e.Matches(strings.NewReader("a certificate")); err != nil {
		t.Error(err)
	}
	for _, other := range []io.Reader{strings.NewReader("a certificatE"), strings.NewReader("a certificate "), strings.NewReader("")} {
		if e.Matches(other) == nil {
			t.Error("another document passes for the evidence")
		}
	}
}

type waiver struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

func digest(t *testing.T, w waiver) string {
	t.Helper()
	d, err := dpa.Digest("waarborg.waiver/v1", w)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestApprovedBy(t *testing.T) {
	d, other := digest(t, waiver{"SEC-010", "until the migration"}), digest(t, waiver{"SEC-010", "for ever"})
	if d == other {
		t.Fatal("two waivers, one digest")
	}
	if x, _ := dpa.Digest("waarborg.exit/v1", waiver{"SEC-010", "until the migration"}); x == d {
		t.Fatal("two kinds of things, one digest")
	}
	annaTwo := person{"anna", eve.key}
	bertAsAnna := person{"bert", anna.key}
	shared := dpa.People{"anna": {anna.public()}, "bert": {strings.TrimPrefix(anna.public(), "ed25519:")}}
	spare := dpa.People{"anna": {anna.public(), eve.public()}, "bert": {bert.public(), eve.public()}}
	twoKeys := dpa.People{"anna": {anna.public(), eve.public()}, "bert": {bert.public()}}
	pemKey := dpa.People{"anna": {"not a key", anna.public()}, "bert": {bert.public()}}
	tests := []struct {
		name      string
		digest    string
		approvals []dpa.Signature
		people    dpa.People
		want      dpa.Why
	}{
		{"owner and another", d, []dpa.Signature{anna.approve(d), bert.approve(d)}, people, dpa.WhyApproved},
		{"in another order, with rubbish", d, []dpa.Signature{eve.approve(d), bert.approve(d), bert.approve(other), anna.approve(d), {By: "anna"}}, people, dpa.WhyApproved},
		{"with either of her keys", d, []dpa.Signature{annaTwo.approve(d), bert.approve(d)}, twoKeys, dpa.WhyApproved},
		{"a bad key beside a good one", d, []dpa.Signature{anna.approve(d), bert.approve(d)}, pemKey, dpa.WhyApproved},
		{"names only", d, []dpa.Signature{{By: "anna"}, {By: "bert"}}, people, dpa.WhyOwnerNotSigned},
		{"a second name only", d, []dpa.Signature{anna.approve(d), {By: "bert"}}, people, dpa.WhySecondMissing},
		{"nobody", d, nil, people, dpa.WhyOwnerNotSigned},
		{"the owner alone", d, []dpa.Signature{anna.approve(d)}, people, dpa.WhySecondMissing},
		{"the other alone", d, []dpa.Signature{bert.approve(d)}, people, dpa.WhyOwnerNotSigned},
		{"the same signature twice", d, []dpa.Signature{anna.approve(d), anna.approve(d)}, people, dpa.WhySecondMissing},
		{"one person with two keys", d, []dpa.Signature{anna.approve(d), annaTwo.approve(d)}, twoKeys, dpa.WhySecondMissing},
		{"the owner's key under another name", d, []dpa.Signature{anna.approve(d), bertAsAnna.approve(d)}, people, dpa.WhySecondBroken},
		{"one key enrolled for both", d, []dpa.Signature{anna.approve(d), bertAsAnna.approve(d)}, shared, dpa.WhySameKey},
		{"a spare key enrolled for both", d, []dpa.Signature{anna.approve(d), {By: "bert", Signature: eve.approve(d).Signature}}, spare, dpa.WhySameKey},
		{"over another waiver", d, []dpa.Signature{anna.approve(d), bert.approve(other)}, people, dpa.WhySecondBroken},
		{"the reason changed after signing", other, []dpa.Signature{anna.approve(d), bert.approve(d)}, people, dpa.WhyOwnerBroken},
		{"a stranger as the second", d, []dpa.Signature{anna.approve(d), eve.approve(d)}, people, dpa.WhySecondUnknown},
		{"an owner who is not enrolled", d, []dpa.Signature{anna.approve(d), bert.approve(d)}, dpa.People{"bert": {bert.public()}}, dpa.WhyOwnerUnknown},
		{"an attestation's signature", d, []dpa.Signature{anna.approve(d), bert.sign(dpa.ContextAttestation, []byte(d))}, people, dpa.WhySecondBroken},
		{"no digest", "", []dpa.Signature{anna.approve(""), bert.approve("")}, people, dpa.WhyNoDigest},
		{"an empty name", d, []dpa.Signature{anna.approve(d), {By: "", Signature: bert.approve(d).Signature}}, people, dpa.WhySecondUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ok, why := dpa.ApprovedBy(tt.digest, tt.approvals, tt.people, verifier, "anna")
			if why != tt.want || ok != (tt.want == dpa.WhyApproved) {
				t.Errorf("got %v, %q; want %q", ok, why, tt.want)
			}
			if text := why.Text(); text.EN == "not approved" || text.NL == "" {
				t.Errorf("no text: %v", text)
			}
		})
	}
	if ok, _ := dpa.ApprovedBy(d, []dpa.Signature{anna.approve(d), bert.approve(d)}, people, verifier, ""); ok {
		t.Error("approved without an owner")
	}
}

func FuzzParseAttestation(f *testing.F) {
	f.Add([]byte(`{"schema":"waarborg.attestation/v1","attestation":{"id":"a"}}`))
	a := dpa.Attestation{Statement: dpa.Statement{ID: "a", Clauses: []string{"X-1"}, StatementEN: "Yes.", StatementNL: "Ja.", By: "anna", Role: "officer",
		Evidence: dpa.Evidence{File: "f", SHA256: strings.Repeat("0", 64), Size: 1}, MadeAt: madeAt, ValidUntil: "2027-01-01"}, Signatures: []dpa.Signature{{By: "anna", Signature: "AAAA"}}}
	if raw, err := a.Encode(); err == nil {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, issues := dpa.ParseAttestation(raw)
		if a.State(madeAt, people, verifier).State.Proves() {
			t.Fatal("unsigned, and proves something")
		}
		if len(issues) > 0 {
			return
		}
		first, err := a.Message()
		if err != nil {
			t.Fatal(err)
		}
		enc, err := a.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, issues := dpa.ParseAttestation(enc)
		if len(issues) > 0 {
			t.Fatalf("written but not read: %v", issues)
		}
		if second, _ := again.Message(); !bytes.Equal(first, second) {
			t.Error("what is signed changes when the file is written again")
		}
	})
}
