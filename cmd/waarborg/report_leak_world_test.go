package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/sign"
	"waarborg/internal/workspace"
)

// Words for what the processor keeps to itself, even where it is about the very customer that reads.
const (
	hushedOwner  = "carlaquix"
	hushedWaiver = "inner-"
	hushedReason = "hushquax"
)

// sharedWaiver is about a store of everybody; two customers agreed to it, who know nothing of each other.
const sharedWaiver = "some-agreed"

// pair is a word for what two customers share, each odd one with the one before it.
func pair(i int) string { return fmt.Sprintf("pair%dqix", i|1) }

func agreedToShared(i int) bool { return i == 1 || i == 2 }

// reportWorld is leakFiles with all that only a report shows: people with keys, signed attestations and waivers, a sealed
// snapshot, and two more assessments between which every customer's systems changed.
type reportWorld struct {
	*shell
	customers int
	first     string // snapshot of the first assessment
	firstAt   time.Time
	last      string // of the last
}

// newReportWorld makes a world with a number of customers. Of the last so many a store is in a
// source that cannot be read. keys is a folder
// of keys to take over, or nothing to make them.
func newReportWorld(t *testing.T, customers, unreadable int, keys string) reportWorld {
	t.Helper()
	f := leakFilesOf(customers)
	f["waarborg.yaml"] = strings.Replace(f["waarborg.yaml"], "sources:\n", "  - id: "+hushedOwner+"\n    role: Fleet "+hushedReason+"\nsources:\n", 1)
	// What changes below is judged: a password of six characters is mended, one of four is new.
	f["users.yaml"] = strings.Replace(f["users.yaml"], "audience: {const: customer}", "audience: {const: staff}\n  password.none: {const: false}", 1)
	f["agreements/standard.yaml"] += "  - {path: password.min_length, value: 12, basis: processor, source: {document: Annex B, clause: BB-LOG-4}}\n"
	for i := customers - unreadable; i < customers; i++ {
		f["waarborg.yaml"] += fmt.Sprintf("  - {id: gone-%[1]s, type: file, settings: {file: gone-%[1]s.json, mapping: mapping.yaml}}\n", tag(i))
		f["datamap.yaml"] = strings.Replace(f["datamap.yaml"], "flows:\n", fmt.Sprintf("  - {id: gone-%[1]s, applications: [crm], customers: [%[1]s], source: gone-%[1]s, match: gone, provider: azure, environment: production, categories: [name]}\nflows:\n", tag(i)), 1)
	}
	w := reportWorld{shell: newShell(t, f), customers: customers}
	w.now = w.now.AddDate(0, 0, -3)
	if keys != "" {
		w.takeKeys(t, keys)
	} else {
		w.must(t, exitMet, "keys", "init")
	}
	for _, person := range []string{"anna", "bram", hushedOwner} {
		if keys == "" {
			w.must(t, exitMet, "keys", "init", "--person", person)
		}
		public, err := sign.LoadPublic(filepath.Join(w.dir, ".waarborg", "keys"), w.person(t, person))
		if err != nil {
			t.Fatal(err)
		}
		w.edit(t, "waarborg.yaml", "  - id: "+person+"\n", fmt.Sprintf("  - id: %s\n    key: %s\n", person, public))
	}
	w.signWaiversAndAttestations(t)
	w.first, w.firstAt = w.assess(t), w.now
	w.now = w.now.AddDate(0, 0, 1)
	w.assess(t)
	for i := range customers {
		w.edit(t, "export-"+tag(i)+".json", `"length": 6`, `"length": 16`)
		w.edit(t, "export-"+tag(i)+".json", `{"users": [`, `{"users": [{"id": "late-of-`+tag(i)+`", "customer": "`+tag(i)+`", "length": 4}, `)
	}
	w.now = w.now.AddDate(0, 0, 2)
	w.last = w.assess(t)
	return w
}

// takeKeys copies keys, which nobody else may read.
func (w reportWorld) takeKeys(t *testing.T, from string) {
	t.Helper()
	dir := filepath.Join(w.dir, ".waarborg", "keys")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	keys, err := filepath.Glob(filepath.Join(dir, "*.key"))
	if err != nil || len(keys) < 4 {
		t.Fatalf("%d keys: %v", len(keys), err)
	}
	for _, key := range append(keys, dir) {
		info, err := os.Stat(key)
		if err == nil {
			err = os.Chmod(key, info.Mode().Perm()&0o700)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// assess collects, seals and judges, and returns the snapshot.
func (w reportWorld) assess(t *testing.T) string {
	t.Helper()
	snap := filepath.Join(t.TempDir(), "snap.json.gz")
	w.must(t, exitUnknown, "collect", "-o", snap)
	w.must(t, exitNotMet, "check", "--snapshot", snap)
	return snap
}

// earlier makes a customer's released report of the first assessment, on the day of it, to compare with.
func (w reportWorld) earlier(t *testing.T, i int, lang string) string {
	t.Helper()
	dir, then := t.TempDir(), *w.shell
	then.now = w.firstAt
	draft, file := filepath.Join(dir, "draft.pdf"), filepath.Join(dir, "since.pdf")
	then.must(t, exitNotMet, "check", "--snapshot", w.first, "--customer", tag(i), "--as", "anna", "--report", draft, "--lang", lang)
	then.must(t, exitMet, "report", "release", draft, "--as", "bram", "-o", file)
	return file
}

func (w reportWorld) person(t *testing.T, id string) sign.Use {
	t.Helper()
	use, err := sign.Person(id)
	if err != nil {
		t.Fatal(err)
	}
	return use
}

// edit replaces a text that a file has exactly once.
func (w reportWorld) edit(t *testing.T, file, old, now string) {
	t.Helper()
	path := filepath.Join(w.dir, file)
	raw, err := os.ReadFile(path)
	if err != nil || strings.Count(string(raw), old) != 1 {
		t.Fatalf("%s does not have %q exactly once: %v", file, old, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(raw), old, now, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// space reads the workspace as the program does.
func (w reportWorld) space(t *testing.T) (*app, *space) {
	t.Helper()
	a := &app{dir: w.dir, lang: "en", outside: outside{env: func(name string) (string, bool) { v, ok := w.env[name]; return v, ok }, err: os.Stderr}}
	s, err := a.load()
	if err != nil {
		t.Fatal(err)
	}
	return a, s
}

// leakWaivers accepts of each customer what lies abroad: of every second one with its consent, of the others without.
func (w reportWorld) leakWaivers() []workspace.Waiver {
	waiver := func(id, rule, resource, reason string) workspace.Waiver {
		return workspace.Waiver{ID: id, Rule: rule, Resource: dpa.Glob(resource), Owner: hushedOwner, Reason: hushedReason + " " + reason, Created: "2026-11-01", Expires: "2027-03-31"}
	}
	consent := func(i int) workspace.Consent {
		return workspace.Consent{Customer: tag(i), Document: "Consent " + tag(i), Date: "2026-11-10"}
	}
	shared := waiver(sharedWaiver, "SEC-006", "cloud/files", "until the move")
	out := []workspace.Waiver{}
	for i := range w.customers {
		x := waiver(hushedWaiver+tag(i), "TRF-001", "plan/azurerm_storage_account."+tag(i), "since "+tag(i)+" pays for it")
		if i%2 == 0 {
			x.ID, x.CustomerConsent = "agreed-"+tag(i), []workspace.Consent{consent(i)}
		}
		out = append(out, x)
		if agreedToShared(i) {
			shared.CustomerConsent = append(shared.CustomerConsent, consent(i))
		}
	}
	return append(out, shared)
}

// signWaiversAndAttestations has two people approve each waiver, and one attest for everybody, for each customer, and for
// pairs of customers.
func (w reportWorld) signWaiversAndAttestations(t *testing.T) {
	t.Helper()
	a, s := w.space(t)
	keys := map[string]*sign.Key{}
	for _, id := range []string{"anna", "bram", hushedOwner} {
		key, err := sign.Open(s.keys(), w.person(t, id), a.passphrase(s))
		if err != nil {
			t.Fatal(err)
		}
		keys[id] = key
	}
	signed := func(by, context string, message []byte) dpa.Signature {
		sig, err := keys[by].Sign(context, message)
		if err != nil {
			t.Fatal(err)
		}
		return dpa.Signature{By: by, KeyID: sig.KeyID, Signature: base64.StdEncoding.EncodeToString(sig.Value)}
	}
	text := "waivers:\n"
	for _, x := range w.leakWaivers() {
		text += fmt.Sprintf("  - id: %s\n    rule: %s\n    resource: %s\n    owner: %s\n    reason: %s\n    created: %s\n    expires: %s\n    approvals:\n",
			x.ID, x.Rule, x.Resource, x.Owner, x.Reason, x.Created, x.Expires)
		for _, by := range []string{hushedOwner, "bram"} {
			text += fmt.Sprintf("      - {by: %s, signature: %q}\n", by, signed(by, sign.ContextApproval, []byte(waiverDigest(x))).Signature)
		}
		if len(x.CustomerConsent) > 0 {
			text += "    customer_consent:\n"
		}
		for _, c := range x.CustomerConsent {
			text += fmt.Sprintf("      - {customer: %s, document: %s, date: %s}\n", c.Customer, c.Document, c.Date)
		}
	}
	attest := func(id, words string, customers ...string) {
		evidence, err := dpa.NewEvidence("scan "+words+".pdf", strings.NewReader(words))
		if err != nil {
			t.Fatal(err)
		}
		at := dpa.Attestation{Statement: dpa.Statement{ID: id, Clauses: []string{"BB-EFF-1"}, StatementEN: "Seen for " + words + ".", StatementNL: "Gezien voor " + words + ".",
			By: "bram", Role: "Privacy officer", Evidence: evidence, MadeAt: w.now.Add(-time.Hour), ValidUntil: "2027-06-30", Customers: customers}}
		message, err := at.Message()
		if err != nil {
			t.Fatal(err)
		}
		at.Signatures = []dpa.Signature{signed("bram", sign.ContextAttestation, message)}
		raw, err := at.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := (files{"attestations/" + id + ".json": string(raw)}).write(w.dir); err != nil {
			t.Fatal(err)
		}
	}
	attest("for-all", "everybody")
	for i := range w.customers {
		attest("only-"+tag(i), tag(i), tag(i))
		if i%2 == 1 {
			attest("about-"+pair(i), pair(i), tag(i-1), tag(i))
		}
	}
	if err := (files{"waivers.yaml": text}).write(w.dir); err != nil {
		t.Fatal(err)
	}
}
