package verify_test

import (
	"context"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	digitorus "github.com/digitorus/timestamp"

	"waarborg/internal/evidence"
	"waarborg/internal/sign"
	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/signtest"
	"waarborg/internal/verify"
)

// template is a certificate for documents, to be changed.
func template(change func(*x509.Certificate)) *x509.Certificate {
	c := signtest.Template("Voorbeeld B.V.")
	c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 36}}
	if change != nil {
		change(c)
	}
	return c
}

func TestCertificates(t *testing.T) {
	p := newProcessor(t)
	base := p.honest(t, p.whole, "").draw(t)
	ca, other := signtest.NewCA(t, "Test CA"), signtest.NewCA(t, "Other CA")
	root, otherRoot := sign.ChainPEM([]*x509.Certificate{ca.Root}), sign.ChainPEM([]*x509.Certificate{other.Root})
	self := func(change func(*x509.Certificate)) []*x509.Certificate {
		return []*x509.Certificate{signtest.Issue(t, template(change), p.key.Public(), nil, p.key)}
	}
	issued := func(by *signtest.CA, change func(*x509.Certificate)) []*x509.Certificate {
		return []*x509.Certificate{by.Issue(t, template(change), p.key.Public()), by.Middle}
	}
	expired := func(c *x509.Certificate) { c.NotAfter = p.now.Add(-time.Minute) }
	later := func(c *x509.Certificate) { c.NotBefore = p.now.Add(time.Minute) }
	servers := func(c *x509.Certificate) {
		c.UnknownExtKeyUsage, c.ExtKeyUsage = nil, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	anything := func(c *x509.Certificate) {
		c.UnknownExtKeyUsage, c.ExtKeyUsage = nil, []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
	}
	key, one := p.public.PEM(), self(nil)
	for _, c := range []struct {
		name  string
		chain []*x509.Certificate
		trust []byte
		state verify.State
		say   string
	}{
		{"a trusted key", self(nil), key, verify.Valid, "Signed by Voorbeeld B.V."},
		{"a trusted certificate", one, sign.ChainPEM(one), verify.Valid, "which you trust"},
		{"a trusted authority and key", issued(ca, nil), append(root, key...), verify.Valid, "The certificate was valid then"},
		{"an authority alone", issued(ca, nil), root, verify.Valid, "was sealed with the key that signed this file"},
		{"another authority", issued(ca, nil), otherRoot, verify.NotTrusted, "of somebody whom you do not trust"},
		{"another authority of the same name", issued(signtest.NewCA(t, "Test CA"), nil), root, verify.NotTrusted, "of somebody whom you do not trust"},
		{"expired", self(expired), key, verify.NotTrusted, "had expired when this was signed"},
		{"not yet valid", self(later), key, verify.NotTrusted, "was not valid yet"},
		{"for servers", self(servers), key, verify.NotTrusted, "not for signing documents"},
		{"for anything", self(anything), key, verify.NotTrusted, "not for signing documents"},
		{"issued and expired", issued(ca, expired), root, verify.NotTrusted, "had expired when this was signed"},
		{"issued and not yet valid", issued(ca, later), root, verify.NotTrusted, "was not valid yet"},
		{"issued for servers", issued(ca, servers), root, verify.NotTrusted, "not for signing documents"},
		{"a stranger's chain with a trusted key", issued(other, nil), key, verify.Valid, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			pdf, err := p.signBy(t.Context(), base, cms.Identity{Signer: p.key, Chain: c.chain})
			if err != nil {
				t.Fatal(err)
			}
			r := p.reader(t)
			r.Trust = trust(t, c.trust)
			wants(t, r, pdf, c.state, c.say)
		})
	}
	// What is not even signed: an authority's own certificate, one of another key, a chain that is none.
	for name, chain := range map[string][]*x509.Certificate{
		"an authority": self(func(c *x509.Certificate) {
			c.IsCA, c.KeyUsage = true, x509.KeyUsageDigitalSignature|x509.KeyUsageCertSign
		}),
		"another key":    {signtest.Issue(t, template(nil), signtest.ECDSA(t).Public(), nil, signtest.ECDSA(t))},
		"encryption":     self(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }),
		"another issuer": {self(nil)[0], other.Middle},
	} {
		if _, err := p.signBy(t.Context(), base, cms.Identity{Signer: p.key, Chain: chain}); err == nil {
			t.Errorf("signed with a certificate of %s", name)
		}
	}
}

// TestAForgersOwnSignature: everything is right but who it is. The same name, a copy of all that the certificate says.
func TestAForgersOwnSignature(t *testing.T) {
	p, forger := newProcessor(t), newProcessor(t)
	c := forger.honest(t, forger.whole, "")
	pdf := forger.sign(t, c.draw(t))
	wants(t, forger.replaying(t), pdf, verify.Valid, "")
	v := wants(t, p.replaying(t), pdf, verify.NotTrusted, "The signature is intact, but of somebody whom you do not trust")
	if v.Signer != "" || v.KeyID != "" {
		t.Errorf("the forger's name is repeated: %q %q", v.Signer, v.KeyID)
	}
	// The forger takes the genuine evidence, with its seal, along: a seal is no signature of the report.
	wants(t, p.replaying(t), forger.sign(t, p.honest(t, p.whole, "").draw(t)), verify.NotTrusted, "The signature is intact, but of somebody whom you do not trust")
	wants(t, verify.Reader{Now: p.now, Version: version, Language: "nl"}, pdf, verify.NotTrusted, "van iemand die u niet vertrouwt")
}

// retired is trust in the processor's key with what a workspace keeps of its end; a zero time: nothing.
func (p *processor) retired(t testing.TB, at, compromised time.Time) sign.Trust {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "retired"), 0o700); err != nil {
		t.Fatal(err)
	}
	since := ""
	if !compromised.IsZero() {
		since = fmt.Sprintf(`,"compromised_since":%q`, compromised.Format(time.RFC3339))
	}
	for name, text := range map[string]string{".pub": string(p.public.PEM()),
		".json": fmt.Sprintf(`{"key_id":%q,"use":"evidence","retired_at":%q%s}`, p.public.ID, at.Format(time.RFC3339), since)} {
		if err := os.WriteFile(filepath.Join(dir, "retired", p.public.ID+name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return must(sign.LoadTrust(dir))(t)
}

func TestRetiredAndCompromisedKeys(t *testing.T) {
	p := newProcessor(t)
	tsa := newStamper(t)
	base := p.honest(t, p.whole, "").draw(t)
	plain, proven := p.sign(t, base), p.sign(t, base, stamped(t, tsa))
	day := 24 * time.Hour
	never := time.Time{}
	for _, c := range []struct {
		name                 string
		retired, compromised time.Time
		pdf                  []byte
		state                verify.State
		say                  string
	}{
		{"retired later", p.now.Add(day), never, plain, verify.Valid, "it counts for what was signed before"},
		{"retired before", p.now.Add(-time.Minute), never, plain, verify.NotTrusted, "open signer: The key had been retired when this was signed"},
		{"retired before, with a timestamp", p.now.Add(-time.Minute), never, proven, verify.NotTrusted, "open signer: The key had been retired when this was signed"},
		{"retired before collecting", p.now.Add(-3 * time.Hour), never, plain, verify.NotTrusted, "open signer: The key had been retired when this was signed"},
		{"compromised later, nothing proved", p.now.Add(2 * day), p.now.Add(day), plain, verify.NotTrusted, "open signer: The key was in the hands of others, and nothing proves that this is older"},
		{"compromised later, with a timestamp", p.now.Add(2 * day), p.now.Add(day), proven, verify.Valid, "The snapshot of"},
		{"compromised before, with a timestamp", p.now.Add(2 * day), p.now.Add(-day), proven, verify.NotTrusted, "open signer: The key was in the hands of others"},
		{"compromised between collecting and signing", p.now.Add(2 * day), p.now.Add(-time.Hour), proven, verify.NotTrusted, "open signer: The key was in the hands of others"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := p.reader(t)
			r.Trust, r.Stampers, r.Now = p.retired(t, c.retired, c.compromised), tsa.CA.Roots(), p.now.Add(3*day)
			wants(t, r, c.pdf, c.state, c.say)
			r.Stampers = nil // a timestamp of nobody whom the reader trusts proves nothing
			if !c.compromised.IsZero() {
				wants(t, r, c.pdf, verify.NotTrusted, "open signer: The key was in the hands of others, and nothing proves that this is older")
			}
		})
	}
}

// TestAnAuthorityVouchesForNoOtherSeal: the authority knows who signed; whose seal it is, it does not know.
func TestAnAuthorityVouchesForNoOtherSeal(t *testing.T) {
	p, stranger := newProcessor(t), newProcessor(t)
	ca := signtest.NewCA(t, "Test CA")
	p.chain = []*x509.Certificate{ca.Issue(t, template(nil), p.key.Public()), ca.Middle}
	r := p.reader(t)
	r.Trust = trust(t, sign.ChainPEM([]*x509.Certificate{ca.Root}))
	pdf := p.sign(t, p.honest(t, p.assess(t, p.whole.At, stranger.seal), "").draw(t))
	wants(t, r, pdf, verify.NotTrusted, "The snapshot was sealed with key "+stranger.public.ID)
}

// TestTheSealOfAReplacedKey: the snapshot was sealed with the old key, the report signed with the new one.
func TestTheSealOfAReplacedKey(t *testing.T) {
	p, old := newProcessor(t), newProcessor(t)
	tsa := newStamper(t)
	a := p.assess(t, p.whole.At, old.seal)
	base := p.honest(t, a, "").draw(t)
	r := p.reader(t)
	wants(t, r, p.sign(t, base), verify.NotTrusted, "The snapshot was sealed with key "+old.public.ID+", which you do not trust")
	r.Trust = r.Trust.Merge(old.retired(t, p.now.Add(-time.Hour), time.Time{}))
	wants(t, r, p.sign(t, base), verify.Valid, "The snapshot of")
	r.Trust = p.reader(t).Trust.Merge(old.retired(t, p.now.Add(-3*time.Hour), time.Time{}))
	wants(t, r, p.sign(t, base), verify.NotTrusted, "seal: The key had been retired")
	// In the hands of others after the report was signed, and before.
	r.Stampers = tsa.CA.Roots()
	stampedPDF := p.sign(t, base, stamped(t, tsa))
	r.Trust = p.reader(t).Trust.Merge(old.retired(t, p.now.Add(time.Hour), p.now.Add(time.Hour)))
	wants(t, r, stampedPDF, verify.Valid, "The snapshot of")
	wants(t, r, p.sign(t, base), verify.NotTrusted, "seal: The key was in the hands of others")
	r.Trust = p.reader(t).Trust.Merge(old.retired(t, p.now.Add(-time.Minute), p.now.Add(-time.Hour)))
	wants(t, r, stampedPDF, verify.NotTrusted, "seal: The key was in the hands of others")
}

func TestTime(t *testing.T) {
	p := newProcessor(t)
	p.chain = p.certificate(t, p.now.AddDate(-2, 0, 0), 4) // so that it says nothing against any time below
	tsa := newStamper(t)
	day := 24 * time.Hour
	draw := func(a evidence.Assessment) []byte { return p.honest(t, a, "").draw(t) }
	base := draw(p.whole)
	long := draw(p.assess(t, p.now.Add(-10*day), p.seal))
	for _, c := range []struct {
		name    string
		base    []byte
		changes []with
		now     time.Time
		state   verify.State
		say     string
	}{
		{"as it should be", base, nil, p.now, verify.Valid, "as the signer states; no timestamp proves it"},
		{"a clock a little ahead", base, []with{at(p.now.Add(50 * time.Minute))}, p.now, verify.Valid, ""},
		{"signed before the assessment", base, []with{at(p.now.Add(-4 * time.Hour))}, p.now, verify.NotTrusted, "The times in it contradict each other"},
		{"signed a year before the assessment", base, []with{at(p.now.AddDate(-1, 0, 0))}, p.now, verify.NotTrusted, "The times in it contradict each other"},
		{"signed in the future", base, []with{at(p.now.Add(2 * day))}, p.now, verify.NotTrusted, "lies in the future"},
		{"signed and stamped", base, []with{stamped(t, tsa)}, p.now, verify.Valid, "the timestamp of Test TSA 1 proves it"},
		{"stamped days after it says", long, []with{at(p.now.Add(-3 * day)), stamped(t, tsa)}, p.now, verify.NotTrusted, "does not fit the timestamp"},
		{"stamped before it says", base, []with{at(p.now.Add(2 * time.Hour)), stamped(t, tsa)}, p.now.Add(day), verify.NotTrusted, "does not fit the timestamp"},
		{"stamped before the assessment", draw(p.assess(t, p.now.Add(5*time.Hour), p.seal)), []with{at(p.now.Add(6 * time.Hour)), stamped(t, tsa)}, p.now.Add(day), verify.NotTrusted, "The times in it contradict each other"},
		{"the reader's clock set back", base, []with{stamped(t, tsa)}, p.now.AddDate(-1, 0, 0), verify.NotTrusted, "lies in the future"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := p.reader(t)
			r.Now, r.Stampers = c.now, tsa.CA.Roots()
			wants(t, r, p.sign(t, c.base, c.changes...), c.state, c.say)
		})
	}
	t.Run("an assessment of the future", func(t *testing.T) {
		wants(t, p.reader(t), p.sign(t, draw(p.assess(t, p.now.Add(2*day), p.seal)), at(p.now.Add(2*day))), verify.NotTrusted, "lies in the future")
	})
	// A certificate that had expired, used with the clock set back: the timestamp tells.
	t.Run("a clock set back to a certificate's time", func(t *testing.T) {
		q := newProcessor(t)
		q.chain = q.certificate(t, q.now.AddDate(-1, 0, -1), 1)
		pdf := q.sign(t, q.honest(t, q.assess(t, q.now.Add(-30*time.Hour), q.seal), "").draw(t), at(q.now.Add(-26*time.Hour)), stamped(t, tsa))
		r := q.reader(t)
		r.Stampers = tsa.CA.Roots()
		wants(t, r, pdf, verify.NotTrusted, "had expired when this was signed")
		wants(t, r, pdf, verify.NotTrusted, "does not fit the timestamp")
	})
}

func TestTimestampsThatProveNothing(t *testing.T) {
	p := newProcessor(t)
	tsa := newStamper(t)
	base := p.honest(t, p.whole, "").draw(t)
	pdf := p.sign(t, base, stamped(t, tsa))
	r := p.reader(t)
	for name, who := range map[string]*x509.CertPool{"nobody": nil, "another": signtest.NewCA(t, "Test TSA").Roots()} {
		r.Stampers = who
		v := wants(t, r, pdf, verify.Valid, "an authority that you do not trust; it proves nothing to you")
		if v.Proven || v.Level != "B-T" {
			t.Errorf("trusting %s: %+v", name, v)
		}
	}
	// A token of another signature is not even put in; put in by hand it breaks the file.
	var first []byte
	_ = p.sign(t, base, func(o *pades.Options) {
		stamped(t, tsa)(o)
		ask := o.Stamp
		o.Stamp = func(ctx context.Context, value []byte) ([]byte, error) {
			token, err := ask(ctx, value)
			first = token
			return token, err
		}
	})
	if _, err := p.signBy(t.Context(), base, p.identity(), func(o *pades.Options) {
		o.Stamp, o.StampRoom = func(context.Context, []byte) ([]byte, error) { return first, nil }, 4000
	}); err == nil {
		t.Error("the timestamp of another signature is put in")
	}
	// An authority that lies about the time by a day is refused when signing.
	lying := newStamper(t)
	lying.Change = func(ts *digitorus.Timestamp) { ts.Time = ts.Time.Add(-24 * time.Hour) }
	if _, err := p.signBy(t.Context(), base, p.identity(), stamped(t, lying)); err == nil || !strings.Contains(err.Error(), "differ by") {
		t.Errorf("a timestamp of yesterday: %v", err)
	}
}
