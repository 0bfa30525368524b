package verify_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json/jsontext"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/internal/evidence"
	"waarborg/internal/inventory"
	"waarborg/internal/sign/cms"
	"waarborg/internal/sign/pades"
	"waarborg/internal/sign/signtest"
	"waarborg/internal/verify"
	"waarborg/reports"
)

// TestAnHonestReport is what all attacks below are changes of.
func TestAnHonestReport(t *testing.T) {
	p := newProcessor(t)
	c := p.honest(t, p.whole, "")
	v := wants(t, p.replaying(t), p.sign(t, c.draw(t)), verify.Valid, "the pages are the same")
	if !v.Replayed || !v.Redrawn || v.KeyID != p.public.ID || v.Signer != name.CommonName || v.Resources != 3 || v.Subject == nil || v.Subject.Fail == 0 || v.Level != "B-B" || v.Proven {
		t.Errorf("%+v", v)
	}
	v = wants(t, p.replaying(t), p.sign(t, p.honest(t, p.whole, "north").draw(t)), verify.Draft, "This is a draft")
	if !v.Replayed || !v.Redrawn || v.Subject == nil || v.Subject.Customer != "NORTH" {
		t.Errorf("%+v", v)
	}
}

// overwrite is an update, not signed, that gives the first page another content.
func overwrite(pdf []byte) []byte {
	page := regexp.MustCompile(`/Contents (\d+) 0 R`).FindSubmatch(pdf)[1]
	return slices.Concat(page, []byte(" 0 obj\n<</Length 20>>\nstream\nBT (all is well) Tj ET\nendstream\nendobj\nxref\n"), page, []byte(" 1\n0000000000 00000 n \ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"))
}

func TestAddedAfterSigning(t *testing.T) {
	p := newProcessor(t)
	base := p.honest(t, p.whole, "").draw(t)
	pdf := p.sign(t, base)
	forger := signtest.ECDSA(t)
	for name, more := range map[string][]byte{"a line": []byte("\n"), "a comment": []byte("%x\n"), "an end": []byte("%%EOF\n"), "an update": overwrite(pdf),
		"a whole other report": p.sign(t, base, at(p.now.Add(-time.Minute))),
		"a second signature":   p.sign(t, base, at(p.now.Add(-time.Minute)))[len(base):],
	} {
		t.Run(name, func(t *testing.T) {
			wants(t, p.reader(t), append(bytes.Clone(pdf), more...), verify.Broken, "The file was changed after signing")
		})
	}
	// A second signature over all of it, by the same key and by another: it is not even made.
	for _, id := range []cms.Identity{p.identity(), signtest.SelfSigned(t, forger)} {
		if _, err := p.signBy(t.Context(), pdf, id); err == nil || !strings.Contains(err.Error(), "cannot be signed") {
			t.Errorf("a signed file is signed again: %v", err)
		}
	}
	wants(t, p.reader(t), base, verify.NotTrusted, "The file is not signed")
	wants(t, p.reader(t), append([]byte("x"), pdf...), verify.Unreadable, "")
	// The signature of one report under the pages of another.
	c := p.honest(t, p.whole, "")
	c.d.Processor.Name = "Voorbeeld C.V."
	c.name(t)
	wants(t, p.reader(t), slices.Concat(c.draw(t), pdf[len(base):]), verify.Broken, "")
}

// TestContradictions: the signer's own valid signature over data that do not fit together.
func TestContradictions(t *testing.T) {
	p := newProcessor(t)
	other := p.assess(t, p.whole.At, p.seal)                  // another snapshot of the same moment
	later := p.assess(t, p.whole.At.Add(time.Second), p.seal) // and of another
	bomb := func() []byte {
		var out bytes.Buffer
		w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
		w.Write([]byte(`{"accepted":"`))
		zeros := make([]byte, 1<<20)
		for range 64 {
			w.Write(zeros)
		}
		w.Close()
		return out.Bytes()
	}()
	pack := func(t *testing.T, a evidence.Assessment) []byte { return must(a.EncodePacked())(t) }
	for _, c := range []struct {
		name, customer string
		change         func(t *testing.T, c *content)
		say            string
	}{
		{"results swapped", "", func(t *testing.T, c *content) {
			c.files[verify.ResultsFile] = p.honest(t, other, "").files[verify.ResultsFile]
		}, "names other results or evidence"},
		{"evidence swapped", "", func(t *testing.T, c *content) { c.files[verify.EvidenceFile] = pack(t, other) }, "names other results or evidence"},
		{"the size alone differs", "", func(t *testing.T, c *content) {
			h := c.d.Files[verify.ResultsFile]
			h.Size++
			c.d.Files[verify.ResultsFile] = h
			c.files[verify.DocumentFile] = must(reports.Canonical(c.d))(t)
		}, "names other results or evidence"},
		{"a third file is named", "", func(t *testing.T, c *content) {
			c.d.Files["x.json"] = reports.FileHash{}
			c.files[verify.DocumentFile] = must(reports.Canonical(c.d))(t)
		}, "names other results or evidence"},
		{"evidence of another snapshot", "", func(t *testing.T, c *content) { c.a = other; c.encode(t) }, "of different assessments"},
		{"evidence of another time", "", func(t *testing.T, c *content) { c.a = later; c.encode(t) }, "of different assessments"},
		{"the same evidence at another time", "", func(t *testing.T, c *content) { c.a.At = c.a.At.Add(time.Second); c.encode(t) }, "of different assessments"},
		{"a slice in a report of everything", "", func(t *testing.T, c *content) { c.a = p.honest(t, p.whole, "north").a; c.encode(t) }, "of different assessments"},
		{"the whole in a customer's report", "north", func(t *testing.T, c *content) { c.a = p.whole; c.encode(t) }, "of different assessments"},
		{"a customer's slice with another's results", "north", func(t *testing.T, c *content) { c.r = p.honest(t, p.whole, "south").r; c.encode(t) }, "of different assessments"},
		{"in another language", "", func(t *testing.T, c *content) { c.d.Language = "nl"; c.name(t) }, "of different assessments"},
		{"of other rules", "", func(t *testing.T, c *content) { c.a.Rules = "sha256:other"; c.encode(t) }, "of different assessments"},
		{"results that claim a seal", "", func(t *testing.T, c *content) { c.a.Seal = nil; c.encode(t) }, "of different assessments"},
		{"results of another seal's key", "", func(t *testing.T, c *content) { c.r.Evidence.SealedBy = "0123456789abcdef"; c.encode(t) }, "of different assessments"},
		{"a bomb", "", func(t *testing.T, c *content) { c.files[verify.EvidenceFile] = bomb; c.name(t) }, "its evidence cannot be read"},
		{"spaces in the results", "", func(t *testing.T, c *content) {
			c.files[verify.ResultsFile] = append(c.files[verify.ResultsFile], '\n')
			c.name(t)
		}, "its results cannot be read"},
		{"one key more in the document", "", func(t *testing.T, c *content) {
			c.files[verify.DocumentFile] = bytes.Replace(c.files[verify.DocumentFile], []byte(`{"agreements"`), []byte(`{"a":1,"agreements"`), 1)
		}, "its document cannot be read"},
		{"no evidence", "", func(t *testing.T, c *content) { delete(c.files, verify.EvidenceFile); c.name(t) }, "an attachment is missing"},
		{"another file", "", func(t *testing.T, c *content) { c.files["x.json"] = []byte("{}"); c.name(t) }, "an attachment in it that no report has"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := p.honest(t, p.whole, c.customer)
			honest := maps.Clone(x.files)
			c.change(t, &x)
			if maps.EqualFunc(honest, x.files, bytes.Equal) {
				t.Fatal("nothing was changed")
			}
			pages := x // pages of what the document says, whatever it says: the renderer looks at the hashes too
			pages.d.Files = nil
			pdf := p.sign(t, pages.draw(t), func(o *pades.Options) {
				o.Attachments = map[string]string{}
				for name := range x.files {
					if o.Attachments[name] = verify.Relationships()[name]; o.Attachments[name] == "" {
						o.Attachments[name] = pades.Data
					}
				}
			})
			wants(t, p.reader(t), pdf, verify.Broken, "The data in the file contradict each other: ")
			wants(t, p.reader(t), pdf, verify.Broken, c.say)
		})
	}
	// What an attachment is to the pages is fixed, too.
	base := p.honest(t, p.whole, "").draw(t)
	wants(t, p.reader(t), p.sign(t, base, func(o *pades.Options) {
		o.Attachments = map[string]string{verify.DocumentFile: "Data", verify.ResultsFile: "Data", verify.EvidenceFile: "Data"}
	}), verify.Broken, "an attachment in it that no report has")
}

// TestAnEmptyBombIsNotEvenSigned: an attachment that the PDF itself packs too tightly.
func TestAnEmptyBombIsNotEvenSigned(t *testing.T) {
	p := newProcessor(t)
	c := p.honest(t, p.whole, "")
	c.files[verify.EvidenceFile] = make([]byte, 16<<20)
	c.name(t)
	if _, err := p.signBy(t.Context(), c.draw(t), p.identity()); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a bomb is signed: %v", err)
	}
}

// TestADishonestProcessor has the trusted key and signs what is not so. A reader who replays sees it; the seal and the
// proofs hold without.
func TestADishonestProcessor(t *testing.T) {
	p := newProcessor(t)
	green := func(r *assess.Results) {
		for i := range r.Results {
			if r.Results[i].Status == assess.Fail {
				r.Results[i].Status, r.Results[i].Findings = assess.Pass, nil
			}
		}
		r.Summary.Results.Pass += r.Summary.Results.Fail
		r.Summary.Results.Fail = 0
		r.Summary.Status = assess.Pass
	}
	t.Run("results", func(t *testing.T) {
		for customer, state := range map[string]verify.State{"": verify.Valid, "north": verify.Draft} {
			c := p.honest(t, p.whole, customer)
			green(&c.r)
			c.encode(t)
			pdf := p.sign(t, c.draw(t))
			wants(t, p.reader(t), pdf, state, "fit together")
			wants(t, p.replaying(t), pdf, verify.Broken, "the evidence gives other results than the file holds")
		}
	})
	t.Run("pages", func(t *testing.T) {
		c := p.honest(t, p.whole, "")
		pages := c
		pages.d.Processor.Name = "Somebody Else B.V."
		pdf := p.sign(t, pages.draw(t)) // with the attachments of c
		wants(t, p.reader(t), pdf, verify.Valid, "")
		wants(t, p.replaying(t), pdf, verify.Broken, "The pages are not those that the data in the file give")
		pages = c
		pages.r.Results = slices.Clone(c.r.Results)
		green(&pages.r)
		wants(t, p.replaying(t), p.sign(t, pages.draw(t)), verify.Broken, "The pages are not those")
	})
	t.Run("terms", func(t *testing.T) {
		c := p.honest(t, p.whole, "")
		c.a.Customers = slices.Clone(c.a.Customers)
		for i := range c.a.Customers {
			c.a.Customers[i].Terms = jsontext.Value(`{"regions":{"eea_only":false}}`)
		}
		c.encode(t)
		wants(t, p.replaying(t), p.sign(t, c.draw(t)), verify.Broken, "the evidence gives other results")
	})
	t.Run("duties", func(t *testing.T) { // a clause that is the customer's own can never fail
		c := p.honest(t, p.whole, "")
		c.a.Duties = append(slices.Clone(c.a.Duties), "BC-0")
		slices.Sort(c.a.Duties)
		c.r = must(c.a.Results(t.Context(), p.policies, "en"))(t)
		c.encode(t)
		wants(t, p.replaying(t), p.sign(t, c.draw(t)), verify.Broken, "other clauses as the customer's own duties")
	})
	t.Run("clauses", func(t *testing.T) {
		c := p.honest(t, p.whole, "")
		c.d.Coverage = must(dpa.Coverage(dpa.CoverageInput{Clauses: must(dpa.Clauses())(t), Rules: c.r.Clauses, Language: "en"}))(t)
		c.name(t)
		wants(t, p.replaying(t), p.sign(t, c.draw(t)), verify.Valid, "")
		i := slices.IndexFunc(c.d.Coverage, func(r dpa.CoverageRow) bool { return r.State == dpa.CoverageNotMet })
		if i < 0 {
			t.Fatal("the test is wrong: no clause is not met")
		}
		c.d.Coverage[i].State = dpa.CoverageMet
		c.name(t)
		wants(t, p.reader(t), p.sign(t, c.draw(t)), verify.Broken, "the states of the clauses do not follow")
		for k := range c.d.Coverage[i].Proofs {
			c.d.Coverage[i].Proofs[k].State = dpa.CoverageMet
		}
		c.name(t)
		wants(t, p.reader(t), p.sign(t, c.draw(t)), verify.Broken, "the states of the clauses do not follow")
	})
	// The clauses of another version may have had other words: that is said, and is no forgery. A version that lies about itself
	// gains no more than that.
	t.Run("clauses of another version", func(t *testing.T) {
		c := p.honest(t, p.whole, "")
		c.d.Version, c.d.Coverage[0].Text = "0.9.0", "Words of before."
		c.name(t)
		signed := p.sign(t, c.draw(t))
		wants(t, p.reader(t), signed, verify.Valid, "That no clause stands better than its rules was checked")
		wants(t, p.replaying(t), signed, verify.NotTrusted, "could not be drawn again")
		honest := slices.Clone(c.d.Coverage)
		failing := slices.IndexFunc(honest, func(r dpa.CoverageRow) bool { return r.State == dpa.CoverageNotMet })
		for name, forge := range map[string]func(){
			"greener":           func() { c.d.Coverage[failing].State = dpa.CoverageMet },
			"greener, attested": func() { c.d.Coverage[failing].State = dpa.CoverageAttested },
			"put away":          func() { c.d.Coverage[failing].State = dpa.CoverageNotTaken },
			"no proofs":         func() { c.d.Coverage[failing].State, c.d.Coverage[failing].Proofs = dpa.CoverageMet, []dpa.Proof{} },
			"left out":          func() { c.d.Coverage = slices.Delete(c.d.Coverage, failing, failing+1) },
			"twice":             func() { c.d.Coverage = append(c.d.Coverage, c.d.Coverage[failing]) },
			"none":              func() { c.d.Coverage = []dpa.CoverageRow{} },
			"our own version":   func() { c.d.Version = version },
		} {
			forge()
			c.name(t)
			if v, _ := p.reader(t).Report(t.Context(), name, p.sign(t, c.draw(t))); v.State != verify.Broken {
				t.Errorf("%s: %s", name, v.State)
			}
			c.d.Version, c.d.Coverage = "0.9.0", slices.Clone(honest)
		}
	})
	// What a customer takes, the evidence says: no clause about it can be put away.
	t.Run("an application put away", func(t *testing.T) {
		for _, x := range []struct {
			customer, application, section string
			want                           verify.State
		}{{"", "housing", "BA-5.3.", verify.Broken}, {"", "portals", "BA-5.4.", verify.Valid}, {"south", "housing", "BA-5.3.", verify.Broken},
			{"south", "social", "BA-5.1.", verify.Draft}} {
			c := p.honest(t, p.whole, x.customer)
			for i, r := range c.d.Coverage {
				if r.Clause == "BA-1."+x.application || strings.HasPrefix(r.Clause, x.section) {
					c.d.Coverage[i].State = dpa.CoverageNotTaken
				}
			}
			c.name(t)
			if v, _ := p.reader(t).Report(t.Context(), "report.pdf", p.sign(t, c.draw(t))); v.State != x.want {
				t.Errorf("%+v: %+v", x, v)
			}
		}
	})
	// The replay is of the same rules and version, or it says that there was none.
	t.Run("another version", func(t *testing.T) {
		r := p.replaying(t)
		r.Version = "9.9.9"
		if v := wants(t, r, p.sign(t, p.honest(t, p.whole, "").draw(t)), verify.NotTrusted, "could not be drawn again"); v.Redrawn || !v.Replayed {
			t.Errorf("%+v", v)
		}
	})
}

// TestForgedEvidence: changes to what was sealed, in a report that the trusted key signs and that fits together otherwise.
func TestForgedEvidence(t *testing.T) {
	p := newProcessor(t)
	foreign := signtest.ECDSA(t)
	const notSealed = "The evidence is not of the snapshot that was sealed"
	replace := func(part *inventory.Part, old, new string) func(t *testing.T) {
		return func(t *testing.T) {
			if !bytes.Contains(part.Content, []byte(old)) {
				t.Fatalf("the test is wrong: there is no %q in %s", old, part.Content)
			}
			part.Content = jsontext.Value(strings.Replace(string(part.Content), old, new, 1))
		}
	}
	for _, c := range []struct {
		name, customer string
		change         func(t *testing.T, a *evidence.Assessment)
		state          verify.State
		say            string
	}{
		{"a fact", "", func(t *testing.T, a *evidence.Assessment) { replace(&a.Resources[1].Facts, "uksouth", "westeurope")(t) }, verify.Broken, notSealed},
		{"a fact in a slice", "north", func(t *testing.T, a *evidence.Assessment) { replace(&a.Resources[1].Facts, "uksouth", "westeurope")(t) }, verify.Broken, notSealed},
		{"a name", "", func(t *testing.T, a *evidence.Assessment) {
			replace(&a.Resources[1].Identity, "cloud/north", "cloud/other")(t)
		}, verify.Broken, notSealed},
		{"a salt", "", func(t *testing.T, a *evidence.Assessment) { a.Resources[0].Facts.Salt = strings.Repeat("0", 32) }, verify.Broken, notSealed},
		{"whom it serves", "", func(t *testing.T, a *evidence.Assessment) { replace(&a.Resources[1].Scope, "north", "south")(t) }, verify.Broken, notSealed},
		{"a resource left out", "", func(t *testing.T, a *evidence.Assessment) { a.Resources = a.Resources[:2] }, verify.Broken, notSealed},
		{"a resource left out of a slice", "north", func(t *testing.T, a *evidence.Assessment) { a.Resources = a.Resources[:1] }, verify.Broken, notSealed},
		{"a proof hash missing", "north", func(t *testing.T, a *evidence.Assessment) { a.Proof = a.Proof[:len(a.Proof)-1] }, verify.Broken, notSealed},
		{"a proof hash changed", "north", func(t *testing.T, a *evidence.Assessment) { a.Proof[0][7] ^= 1 }, verify.Broken, notSealed},
		{"a proof hash more", "north", func(t *testing.T, a *evidence.Assessment) { a.Proof = append(a.Proof, a.Proof[0]) }, verify.Broken, notSealed},
		{"the sources", "", func(t *testing.T, a *evidence.Assessment) { a.Particulars.Sources[0].Status = "failed" }, verify.Broken, notSealed},
		{"the header", "", func(t *testing.T, a *evidence.Assessment) { a.Header.CreatedAt = a.Header.CreatedAt.Add(time.Hour) }, verify.Broken, notSealed},
		{"a broken seal", "", func(t *testing.T, a *evidence.Assessment) {
			s := *a.Seal
			s.Value = slices.Clone(s.Value)
			s.Value[10] ^= 1
			a.Seal = &s
		}, verify.Broken, notSealed},
		{"the seal of another snapshot", "", func(t *testing.T, a *evidence.Assessment) { a.Seal = p.assess(t, a.At, p.seal).Seal }, verify.Broken, notSealed},
		{"a seal of an unknown key", "", func(t *testing.T, a *evidence.Assessment) {
			q := &processor{key: foreign, public: public(t, foreign)}
			message := must(a.Header.Message())(t)
			s := must(q.seal(message))(t)
			a.Seal = &s
		}, verify.NotTrusted, "which you do not trust"},
		{"a broken seal of an unknown key", "", func(t *testing.T, a *evidence.Assessment) {
			q := &processor{key: foreign, public: public(t, foreign)}
			s := must(q.seal([]byte("something else")))(t)
			a.Seal = &s
		}, verify.Broken, notSealed},
		{"another's terms in a slice", "north", func(t *testing.T, a *evidence.Assessment) {
			a.Customers = append(a.Customers, evidence.Customer{ID: "south", Applications: []string{}, Terms: jsontext.Value("{}")})
		}, verify.Broken, notSealed},
		{"more shown than belongs there", "north", func(t *testing.T, a *evidence.Assessment) { a.Resources[0].Serves = evidence.ServesCustomer }, verify.Broken, notSealed},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := p.honest(t, p.assess(t, p.whole.At, p.seal), c.customer)
			c.change(t, &x.a)
			if x.a.Seal != nil {
				x.r.Evidence.SealedBy = x.a.Seal.KeyID // so that nothing else speaks against it
			}
			x.encode(t)
			wants(t, p.reader(t), p.sign(t, x.draw(t)), c.state, c.say)
		})
	}
}

// TestASliceUnderAnotherName: what was made for north, handed to south as its own.
func TestASliceUnderAnotherName(t *testing.T) {
	p := newProcessor(t)
	c := p.honest(t, p.whole, "north")
	for i := range c.a.Customers {
		if c.a.Customers[i].ID == "north" {
			c.a.Customers[i].ID = "south"
		}
	}
	c.a.Customer, c.d.Customer = "south", &reports.Party{ID: "south", Name: "SOUTH"}
	c.r = must(c.a.Results(t.Context(), p.policies, "en"))(t)
	c.encode(t)
	pdf := p.sign(t, c.draw(t))
	wants(t, p.reader(t), pdf, verify.Broken, "of another customer")
}

// TestAnUnsealedSnapshot: nothing but the signature of the report vouches for what was read, and that is not enough.
func TestAnUnsealedSnapshot(t *testing.T) {
	p := newProcessor(t)
	a := p.assess(t, p.whole.At, nil)
	wants(t, p.replaying(t), p.sign(t, p.honest(t, a, "").draw(t)), verify.NotTrusted, "was not sealed when it was collected")
}
