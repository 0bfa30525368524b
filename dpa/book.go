package dpa

import "slices"

// For returns what concerns one customer: its agreement, its own file and the register, which is the same for all. It is
// empty where there is no such customer.
func (b Book) For(customer string) Book {
	c, ok := b.Customer(customer)
	if !ok {
		return Book{Catalogue: b.Catalogue}
	}
	out := Book{Customers: []Customer{c}, SubProcessors: b.SubProcessors, Catalogue: b.Catalogue}
	for _, x := range b.Standings {
		if x.Customer == customer {
			out.Standings = append(out.Standings, x)
		}
	}
	if a, ok := b.Agreement(c.Agreement); ok {
		out.Agreements = []Agreement{a}
	}
	return out
}

// Concerns tells whether an attestation speaks of a customer.
func (s Statement) Concerns(customer string) bool {
	return len(s.Customers) == 0 || slices.Contains(s.Customers, customer)
}
