package postgres

import (
	"time"

	"waarborg/internal/collect"
	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// fill puts the answers of a table's aggregate into its drafts, and adds one for records of tenants whom no agreement
// names.
func (c *Collector) fill(env collect.Env, t Table, tenants map[string]string, drafts []inventory.Draft,
	rows []oldest) []inventory.Draft {
	byCustomer := map[string][]oldest{}
	for _, row := range rows {
		id := ""
		if row.tenant != nil {
			id = tenants[*row.tenant]
		}
		byCustomer[id] = append(byCustomer[id], row)
	}
	for _, d := range drafts {
		id := ""
		if len(d.Scope.Customers) > 0 {
			id = d.Scope.Customers[0]
		}
		c.setAge(env, t, d.Attributes.(*inventory.Dataset), byCustomer[id])
	}
	strays := byCustomer[""]
	if t.TenantColumn == "" || len(strays) == 0 {
		return drafts
	}
	env.Problem(collect.Problem{
		What: say.Both("records of a tenant that no agreement names in %s",
			"gegevens van een tenant die in geen overeenkomst staat, in %s", t),
		Reason: inventory.Reason{Code: inventory.Undeclared, Detail: "tenants"},
		Hint: say.Both("add the tenant to the customer it belongs to, or delete the records of a customer that left",
			"zet de tenant bij de klant waar hij van is, of verwijder de gegevens van een klant die weg is")})
	d := c.dataset(env.Source, t, noCustomer)
	d.Scope.Internal = true
	c.setAge(env, t, d.Attributes.(*inventory.Dataset), strays)
	return append(drafts, d)
}

func (c *Collector) setAge(env collect.Env, t Table, a *inventory.Dataset, rows []oldest) {
	a.Records = inventory.Known(len(rows) > 0)
	a.Oldest = oldestOf(rows)
	if t.TriggerColumn == "" && len(rows) > 0 {
		a.Oldest = inventory.Unknown[string](inventory.Undeclared, "trigger_column")
	}
	if a.Oldest.IsUnknown() {
		env.Problem(collect.Problem{What: ageOf(t), Reason: a.Oldest.Reason(),
			Hint: say.Both("name the date that starts the retention term, with dates of the years 1 to 9999 in it",
				"noem de datum waarop de bewaartermijn begint, met datums van de jaren 1 tot en met 9999")})
	}
}

func ageOf(t Table) say.Text {
	return say.Both("the age of records in %s", "hoe oud de gegevens in %s zijn", t)
}

// oldestOf returns the oldest date; absent where no term has started. A date that cannot be read makes it unknown,
// for it could be the oldest.
func oldestOf(rows []oldest) inventory.Fact[string] {
	first := ""
	for _, row := range rows {
		if row.trigger == nil {
			continue
		}
		if _, err := time.Parse(time.DateOnly, *row.trigger); err != nil {
			return inventory.Unknown[string](inventory.Malformed, "date")
		}
		if first == "" || *row.trigger < first {
			first = *row.trigger
		}
	}
	if first == "" {
		return inventory.Absent[string]()
	}
	return inventory.Known(first)
}
