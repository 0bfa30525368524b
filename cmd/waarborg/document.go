package main

import (
	"slices"
	"time"

	"waarborg/dpa"
	"waarborg/internal/assess"
	"waarborg/reports"
)

// document gathers what a report says besides its results. For a customer it is made from that customer's part of the
// workspace alone.
func (a *app) document(s *space, r assess.Results) (reports.Document, error) {
	p := s.Config.Processor
	d := reports.Document{Schema: reports.DocumentSchema, Version: versionString(), Language: r.Language,
		Processor: reports.Party{Name: p.Name, Register: p.Register, PostalAddress: p.PostalAddress, Country: p.Country, Contact: p.Contact}}
	book := s.Book
	attestations, err := attestationsAt(s, r.At)
	if err != nil {
		return d, err
	}
	if r.Customer != "" {
		book = book.For(r.Customer)
		attestations = concerning(attestations, r.Customer)
		c := book.Customers[0]
		d.Customer = &reports.Party{ID: c.ID, Name: c.Name}
	}
	d.Agreements, d.Applications = agreed(book, r.Customer, r.Language)
	clauses, err := dpa.Clauses()
	if err != nil {
		return d, err
	}
	d.Coverage, err = dpa.Coverage(dpa.CoverageInput{Clauses: clauses, Rules: r.Clauses, Attestations: attestations, Book: book, Language: r.Language})
	if err != nil {
		return d, err
	}
	ours := slices.ContainsFunc(book.Agreements, func(g dpa.Agreement) bool { return g.Text == dpa.CatalogueText })
	if r.Customer != "" || !ours {
		for i := range d.Coverage {
			// What an agreement leaves open is for its parties to talk about, not for a report of evidence; and it says nothing of
			// an agreement of another text.
			d.Coverage[i].Gap = ""
		}
	}
	for _, at := range attestations {
		d.Attestations = append(d.Attestations, reports.Attestation{ID: at.ID, Clauses: at.Clauses,
			Statement: dpa.Text{EN: at.StatementEN, NL: at.StatementNL}.In(r.Language), Role: at.Role,
			MadeAt: at.MadeAt.UTC().Truncate(time.Second), ValidUntil: string(at.ValidUntil), File: at.Evidence.File, SHA256: at.Evidence.SHA256,
			State: at.Status.State.Text().In(r.Language), Proves: at.Status.State.Proves()})
	}
	return d, nil
}

// concerning leaves the attestations that speak of a customer, without the names of the others they speak of.
func concerning(list []dpa.JudgedAttestation, customer string) []dpa.JudgedAttestation {
	var out []dpa.JudgedAttestation
	for _, at := range list {
		if !at.Concerns(customer) {
			continue
		}
		if len(at.Customers) > 0 {
			at.Customers = []string{customer}
		}
		out = append(out, at)
	}
	return out
}

// agreed names the agreements of a book, with the contract of the one customer it is for, and the applications taken.
func agreed(book dpa.Book, customer, lang string) (list []reports.Agreement, applications []string) {
	for _, g := range book.Agreements {
		x := reports.Agreement{Title: g.Title.In(lang), Version: g.Version, InForce: string(g.InForce), Text: g.Text}
		taken := map[string]bool{}
		for _, c := range book.Customers {
			if c.Agreement != g.ID {
				continue
			}
			for _, id := range c.Applications {
				taken[id] = true
			}
			if customer != "" {
				x.Contract, x.Start = c.Contract.Document, string(c.Contract.Start)
			}
		}
		list = append(list, x)
		for _, app := range g.Applications {
			if customer == "" || taken[app.ID] {
				applications = append(applications, app.ID)
			}
		}
	}
	return list, applications
}
