package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/evidence"
	"waarborg/internal/inventory"
	"waarborg/internal/sign"
	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/signtest"
	"waarborg/internal/verify"
	"waarborg/policies"
	"waarborg/reports"
	"waarborg/reports/pdf"
)

// Compiling the rules takes seconds, and they do not change.
var rules = sync.OnceValues(func() (*assess.Policies, error) { return assess.Load(policies.FS) })

const version = "1.2.3"

// processor is a party with an evidence key, and a small assessment: a store of everybody's, and one of north and one of
// south alone, both of these abroad.
type processor struct {
	policies *assess.Policies
	now      time.Time // of signing and of reading; the assessment is two hours older
	key      crypto.Signer
	public   sign.Public
	chain    []*x509.Certificate
	whole    evidence.Assessment
	snapshot []byte // the sealed file
}

func newProcessor(t testing.TB) *processor {
	t.Helper()
	p := &processor{policies: must(rules())(t), now: signtest.Now(), key: signtest.ECDSA(t)}
	p.public = public(t, p.key)
	p.chain = p.certificate(t, p.now.AddDate(0, 0, -10), 1)
	p.whole = p.assess(t, p.now.Add(-2*time.Hour), p.seal)
	return p
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// public is the public half of a key as trust knows it.
func public(t testing.TB, key crypto.Signer) sign.Public {
	t.Helper()
	der := must(x509.MarshalPKIXPublicKey(key.Public()))(t)
	return must(sign.ParsePublic(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))))(t)
}

var name = sign.Subject{Organisation: "Voorbeeld B.V.", Country: "NL", CommonName: "Voorbeeld B.V."}

// certificate is one that the key signs itself.
func (p *processor) certificate(t testing.TB, from time.Time, years int) []*x509.Certificate {
	t.Helper()
	return []*x509.Certificate{must(sign.SelfSigned(p.key, name, from, years, rand.Reader))(t)}
}

func (p *processor) seal(message []byte) (inventory.Seal, error) {
	s, err := sign.SignWith(p.key, p.public, sign.ContextSnapshot, message)
	return inventory.Seal(s), err
}

// assess makes the assessment of a new snapshot, which is sealed unless seal is nil.
func (p *processor) assess(t testing.TB, at time.Time, seal func([]byte) (inventory.Seal, error)) evidence.Assessment {
	t.Helper()
	var all []inventory.Resource
	for id, customers := range map[string][]string{"cloud/files": nil, "cloud/north": {"north"}, "cloud/south": {"south"}} {
		region := "uksouth"
		if customers == nil {
			region = "westeurope"
		}
		d := inventory.Draft{ID: id, Name: id, Scope: inventory.Scope{Customers: customers}, Attributes: &inventory.Datastore{Engine: inventory.Known("blob"),
			PersonalData: inventory.Known(true), Environment: inventory.Known("production"), Location: inventory.Known(inventory.Location{Provider: "azure", Region: region})},
			Provenance: inventory.Provenance{Collector: "file", Source: "cloud", Call: "GET /stores", At: at.Truncate(time.Second)}}
		all = append(all, must(d.Encode())(t))
	}
	snap := must(inventory.NewSnapshot(inventory.Info{CreatedAt: at, ToolVersion: version, WorkspaceDigest: "sha256:w", DataMapDigest: "sha256:d",
		Sources: []inventory.SourceOutcome{{Source: "cloud", Status: "complete", Resources: 3}}}, nil, all, rand.Reader))(t)
	var sealed *inventory.Sealed
	if seal != nil {
		var file bytes.Buffer
		s := must(snap.Write(&file, seal))(t)
		sealed, p.snapshot = &s, file.Bytes()
	}
	terms := map[string]any{"regions": map[string]any{"eea_only": true}}
	return must(evidence.New(snap, sealed, evidence.Inputs{Policies: p.policies, Version: version, Now: at, Duties: slices.Sorted(maps.Keys(must(dpa.CustomerDuties())(t))),
		Customers: []assess.Customer{{ID: assess.Standard, Terms: terms}, {ID: "north", Applications: []string{"housing", "social"}, Terms: terms}, {ID: "south", Applications: []string{"housing"}, Terms: terms}}}))(t)
}

// content is what a report is made of. A test changes some of it, and signs.
type content struct {
	d     reports.Document
	r     assess.Results
	a     evidence.Assessment
	files map[string][]byte
}

// honest is the content of a report as the program makes it: for a customer, or of everything.
func (p *processor) honest(t testing.TB, a evidence.Assessment, customer string) content {
	t.Helper()
	if customer != "" {
		a = must(a.Slice(t.Context(), p.policies, customer))(t)
	}
	c := content{a: a, r: must(a.Results(t.Context(), p.policies, "en"))(t)}
	c.d = reports.Document{Schema: reports.DocumentSchema, Version: version, Language: "en", Processor: reports.Party{Name: "Voorbeeld B.V."}}
	if customer != "" {
		c.d.Customer = &reports.Party{ID: customer, Name: strings.ToUpper(customer)}
	}
	c.d.Coverage = must(dpa.Coverage(dpa.CoverageInput{Clauses: must(dpa.Clauses())(t), Rules: c.r.Clauses, Language: "en"}))(t)
	c.encode(t)
	return c
}

// encode makes the attachments anew, with their right digests in the document.
func (c *content) encode(t testing.TB) {
	t.Helper()
	c.files = map[string][]byte{verify.ResultsFile: must(reports.Canonical(c.r))(t), verify.EvidenceFile: must(c.a.EncodePacked())(t)}
	c.name(t)
}

// name puts the digests of the attachments into the document.
func (c *content) name(t testing.TB) {
	t.Helper()
	delete(c.files, verify.DocumentFile)
	c.d.Files = verify.Hashes(c.files)
	c.files[verify.DocumentFile] = must(reports.Canonical(c.d))(t)
}

// draw gives the pages with the attachments.
func (c content) draw(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := pdf.Render(&out, c.d, c.r, verify.Attachments(c.files, c.d.Language)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// with changes the options of signing.
type with = func(*pades.Options)

func at(when time.Time) with { return func(o *pades.Options) { o.At = when } }

func (p *processor) identity() cms.Identity { return cms.Identity{Signer: p.key, Chain: p.chain} }

// sign signs a PDF as a report, by the processor.
func (p *processor) sign(t testing.TB, base []byte, changes ...with) []byte {
	t.Helper()
	return must(p.signBy(t.Context(), base, p.identity(), changes...))(t)
}

func (p *processor) signBy(ctx context.Context, base []byte, id cms.Identity, changes ...with) ([]byte, error) {
	box := pdf.SignatureBox()
	o := pades.Options{At: p.now, Name: "Voorbeeld B.V.", Reason: "Report of an assessment", Language: "en-GB", Attachments: verify.Relationships(),
		Field: pades.Field{X: box.X, Y: box.Y, W: box.Width, H: box.Height, Lines: []string{"Signed by Voorbeeld B.V."}}}
	for _, change := range changes {
		change(&o)
	}
	return pades.Sign(ctx, base, id, o)
}

// stamped asks an authority for a timestamp that says what change makes of it.
func stamped(t testing.TB, a *signtest.Authority) with {
	t.Helper()
	client := stampClient(a.Serve(t), a.CA.Roots())
	return func(o *pades.Options) { o.Stamp, o.StampRoom = client.Stamp, 4000 }
}

// trust is of the keys and certificates in PEM.
func trust(t testing.TB, text ...[]byte) sign.Trust {
	t.Helper()
	return must(sign.ParseTrust(slices.Concat(text...)))(t)
}

// reader trusts the processor's key and does not replay.
func (p *processor) reader(t testing.TB) verify.Reader {
	t.Helper()
	return verify.Reader{Trust: trust(t, p.public.PEM()), Now: p.now, Version: version, Language: "en"}
}

// replaying is a reader who also assesses and draws again.
func (p *processor) replaying(t testing.TB) verify.Reader {
	r := p.reader(t)
	r.Policies = p.policies
	return r
}

func alone(string) ([]byte, error) { return nil, fs.ErrNotExist }

// wants judges a file and compares the verdict; say is a part of one of its sentences. Of what cannot be relied on nothing
// is repeated.
func wants(t testing.TB, r verify.Reader, file []byte, state verify.State, say string) verify.Verdict {
	t.Helper()
	v := r.File(t.Context(), "report.pdf", file, alone)
	var said []string
	for _, c := range v.Checks {
		said = append(said, string(c.Mark)+" "+c.ID+": "+c.Text)
	}
	text := strings.Join(said, "\n")
	if v.State != state || !strings.Contains(text, say) {
		t.Errorf("%s, want %s and %q:\n%s", v.State, state, say, text)
	}
	if reliable := v.State == verify.Valid || v.State == verify.Draft; !reliable && v.Subject != nil {
		t.Errorf("what it says is repeated: %+v", v.Subject)
	}
	return v
}
