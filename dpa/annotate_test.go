package dpa_test

import (
	"slices"
	"testing"
	"time"

	"waarborg/dpa"
	"waarborg/internal/inventory"
)

func annotator() dpa.Annotator {
	return dpa.Annotator{
		Now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Map: dpa.DataMap{
			Stores: []dpa.Store{
				{ID: "crm-db", Applications: []string{"crm"}, Source: "azure", Match: "*server.crm", SeenIn: []dpa.Sighting{{Source: "pg", Match: "crm"}},
					Provider: "cloud", Environment: "production", Categories: []string{"name", "iban"}},
				{ID: "files", Applications: []string{"crm", "portal"}, Source: "azure", Match: "*account.files", Provider: "cloud", Environment: "production",
					Categories: []string{"name", "iban", "unclassified"}, Customers: dpa.Customers{"a"}},
			},
			Flows: []dpa.Flow{{ID: "chat", Application: "crm", Feature: "integration", Purpose: "deliver", Categories: []string{"name"}, Mechanism: "api"}},
		},
		Access: dpa.Access{
			Needs:         []dpa.Need{{ID: "support", Principals: []dpa.Glob{"support-desk"}, Stores: []string{"crm-db"}, Rights: []string{"read"}}},
			WorkCountries: []dpa.WorkCountry{{Principals: []dpa.Glob{"support-desk"}, Country: "NL"}},
			BreakGlass:    []dpa.Glob{"emergency"},
		},
		Book: dpa.Book{
			Agreements: []dpa.Agreement{{ID: "x", Applications: []dpa.Application{{ID: "crm", Categories: []string{"name", "iban"}}, {ID: "portal", Categories: []string{"name"}}}}},
		},
		Token: func(s string) string { return "p-" + s },
	}
}

func byID(t *testing.T, drafts []inventory.Draft, id string) inventory.Draft {
	t.Helper()
	i := slices.IndexFunc(drafts, func(d inventory.Draft) bool { return d.ID == id })
	if i < 0 {
		t.Fatalf("there is no draft %q", id)
	}
	return drafts[i]
}

func value[T any](t *testing.T, f inventory.Fact[T]) T {
	t.Helper()
	v, ok := f.Value()
	if !ok {
		t.Fatalf("the fact is not known: %+v", f)
	}
	return v
}

func TestStoresOfTheDataMapAreRecognised(t *testing.T) {
	out := annotator().Annotate([]inventory.Draft{
		{ID: "azure/module.db.server.crm", Attributes: &inventory.Datastore{}},
		{ID: "azure/module.db.server.crm2", Attributes: &inventory.Datastore{}},
	})
	d := byID(t, out, "azure/module.db.server.crm")
	a := d.Attributes.(*inventory.Datastore)
	if !value(t, a.PersonalData) || value(t, a.Provider) != "cloud" || !slices.Equal(value(t, a.DataCategories), []string{"iban", "name"}) {
		t.Errorf("%+v", a)
	}
	if !slices.Equal(d.Scope.Applications, []string{"crm"}) {
		t.Errorf("scope %+v", d.Scope)
	}
	stranger := byID(t, out, "azure/module.db.server.crm2").Attributes.(*inventory.Datastore)
	if !stranger.PersonalData.IsUnknown() || stranger.PersonalData.Reason().Code != inventory.Undeclared {
		t.Error("a store that nobody mapped must be unknown, not free of personal data")
	}
}

func TestAStoreThatNobodyReportsStaysInSight(t *testing.T) {
	out := annotator().Annotate(nil)
	a := byID(t, out, "datamap/store/files").Attributes.(*inventory.Datastore)
	if !a.Location.IsUnknown() || !value(t, a.PersonalData) {
		t.Errorf("%+v", a)
	}
}

func TestTwoSourcesCompleteEachOther(t *testing.T) {
	out := annotator().Annotate([]inventory.Draft{
		{ID: "azure/server.crm", Attributes: &inventory.Datastore{Location: inventory.Known(inventory.Location{Provider: "azure", Region: "westeurope"}),
			Encryption: inventory.Encryption{TLSRequired: inventory.Known(true)}}},
		{ID: "pg/crm", Attributes: &inventory.Datastore{Encryption: inventory.Encryption{TLSRequired: inventory.Known(false)}}},
	})
	live := byID(t, out, "pg/crm")
	a := live.Attributes.(*inventory.Datastore)
	if value(t, a.Location).Region != "westeurope" || live.Provenance.Filled["location"] != "azure/server.crm" {
		t.Errorf("the database did not learn where it stands: %+v", live.Provenance)
	}
	if value(t, a.Encryption.TLSRequired) {
		t.Error("what the database says of itself was replaced")
	}
}

func TestASourceWithTwoOfAStoreCompletesNothing(t *testing.T) {
	m := annotator()
	m.Map.Stores[0].Match = "*server.crm*"
	out := m.Annotate([]inventory.Draft{
		{ID: "azure/server.crm1", Attributes: &inventory.Datastore{Redundancy: inventory.Known("zone")}},
		{ID: "azure/server.crm2", Attributes: &inventory.Datastore{Redundancy: inventory.Known("none")}},
		{ID: "pg/crm", Attributes: &inventory.Datastore{}},
	})
	if !byID(t, out, "pg/crm").Attributes.(*inventory.Datastore).Redundancy.IsUnknown() {
		t.Error("a fact was taken from one of two candidates")
	}
}

func TestGrantsAgainstTheRoleMatrix(t *testing.T) {
	grant := func(path []string, target string, rights ...string) inventory.Draft {
		return inventory.Draft{ID: "pg/crm/grant/" + path[0] + rights[0], Attributes: &inventory.Grant{Target: inventory.Known(target),
			Rights: inventory.Known(rights), Path: inventory.Known(path), Principal: inventory.Known("p-someone")}}
	}
	out := annotator().Annotate([]inventory.Draft{
		{ID: "pg/crm", Attributes: &inventory.Datastore{}},
		grant([]string{"support-desk"}, "pg/crm", "read"),
		grant([]string{"support-desk"}, "pg/crm", "delete", "read"),
		grant([]string{"group:emergency"}, "pg/crm", "administer"),
		grant([]string{"anyone"}, "elsewhere", "read"),
		{ID: "pg/crm/grant/dark", Attributes: &inventory.Grant{Target: inventory.Known("pg/crm")}},
	})
	get := func(id string) *inventory.Grant { return byID(t, out, id).Attributes.(*inventory.Grant) }
	ok := get("pg/crm/grant/support-deskread")
	if !value(t, ok.Approved) || value(t, ok.Need) != "support" || value(t, ok.Country) != "NL" || !value(t, ok.PersonalData) || value(t, ok.BreakGlass) {
		t.Errorf("%+v", ok)
	}
	if name := byID(t, out, "pg/crm/grant/support-deskread").Name; name != "p-someone → support-desk → crm-db" {
		t.Errorf("who reaches what, by which path: %q", name)
	}
	if value(t, get("pg/crm/grant/support-deskdelete").Approved) {
		t.Error("a right beyond the matrix was approved")
	}
	if !value(t, get("pg/crm/grant/group:emergencyadminister").BreakGlass) {
		t.Error("a break-glass group was not recognised")
	}
	far := get("pg/crm/grant/anyoneread")
	if value(t, far.Approved) || !far.PersonalData.IsUnknown() || !far.Country.IsUnknown() {
		t.Errorf("%+v", far)
	}
	if dark := get("pg/crm/grant/dark"); !dark.Approved.IsUnknown() {
		t.Error("a grant with unknown rights was judged")
	}
}

func TestProcessingsFlowsAndSuppliers(t *testing.T) {
	out := annotator().Annotate(nil)
	crm := byID(t, out, "datamap/processing/crm/cloud").Attributes.(*inventory.Processing)
	if got := value(t, crm.DataCategories); !slices.Equal(got, []string{"iban", "name"}) {
		t.Errorf("crm: %v", got)
	}
	// The files are of customer a alone: what is in them is nobody else's business, nor anybody else's finding.
	own := byID(t, out, "datamap/processing/crm/cloud@a")
	if got := value(t, own.Attributes.(*inventory.Processing).DataCategories); !slices.Equal(got, []string{"iban", "name", "unclassified"}) || !slices.Equal(own.Scope.Customers, []string{"a"}) {
		t.Errorf("crm of a: %v, %+v", got, own.Scope)
	}
	// In the shared store the bank account is crm's: only its Annex A has it. What nobody classified may be anybody's.
	portal := byID(t, out, "datamap/processing/portal/cloud@a").Attributes.(*inventory.Processing)
	if got := value(t, portal.DataCategories); !slices.Equal(got, []string{"name", "unclassified"}) {
		t.Errorf("portal: %v", got)
	}
	flow := byID(t, out, "datamap/flow/chat").Attributes.(*inventory.Flow)
	if !flow.Recipient.IsAbsent() || !flow.RecipientType.IsUnknown() || !flow.Encrypted.IsUnknown() || !flow.Location.IsUnknown() {
		t.Errorf("a flow to nobody knows whom: %+v", flow)
	}
	supplier := byID(t, out, "datamap/supplier/cloud").Attributes.(*inventory.Supplier)
	if !supplier.Register.IsAbsent() || !supplier.AccessCountries.IsUnknown() {
		t.Errorf("a host that is not on the register: %+v", supplier)
	}
}

func TestExpectedStandsForAFailedSource(t *testing.T) {
	m := annotator()
	got := m.Expected("pg")
	if len(got) != 1 || got[0].ID != "pg/unread/crm-db" {
		t.Fatalf("%+v", got)
	}
	out := m.Annotate(got)
	if slices.ContainsFunc(out, func(d inventory.Draft) bool { return d.ID == "datamap/store/crm-db" }) {
		t.Error("the store is there twice: as unread, and as never seen")
	}
}

func TestAMisspeltCustomerDoesNotTakeAResourceOutOfSight(t *testing.T) {
	m := annotator()
	m.Book.Customers = []dpa.Customer{{ID: "a"}}
	drafts := []inventory.Draft{
		{ID: "idp/right", Scope: inventory.Scope{Customers: []string{"a"}}, Attributes: &inventory.SignIn{}},
		{ID: "idp/wrong", Scope: inventory.Scope{Customers: []string{"aa"}}, Attributes: &inventory.SignIn{}},
		{ID: "idp/app", Scope: inventory.Scope{Applications: []string{"crn"}}, Attributes: &inventory.SignIn{}},
	}
	got := m.Strangers(drafts)
	if len(got) != 2 || drafts[1].Scope.Customers != nil || drafts[2].Scope.Applications != nil || len(drafts[0].Scope.Customers) != 1 {
		t.Errorf("%v, %+v", got, drafts)
	}
}

func TestObjectionsAreOursToSee(t *testing.T) {
	m := annotator()
	m.Book.SubProcessors = []dpa.SubProcessor{{ID: "cloud", OpenObjections: 2}}
	d := byID(t, m.Annotate(nil), "datamap/supplier/cloud/objections")
	if !d.Scope.Internal {
		t.Errorf("a customer would see that others object: %+v", d.Scope)
	}
}

func TestASourceWithTwoOfAStoreTakesNothing(t *testing.T) {
	m := annotator()
	m.Map.Stores[0].Match = "*server.crm*"
	out := m.Annotate([]inventory.Draft{
		{ID: "azure/server.crm1", Attributes: &inventory.Datastore{}},
		{ID: "azure/server.crm2", Attributes: &inventory.Datastore{}},
		{ID: "pg/crm", Attributes: &inventory.Datastore{Encryption: inventory.Encryption{TLSRequired: inventory.Known(true)}}},
	})
	if !byID(t, out, "azure/server.crm2").Attributes.(*inventory.Datastore).Encryption.TLSRequired.IsUnknown() {
		t.Error("the facts of one database were given to two")
	}
}

func TestAStoreMarkedAsPersonalStaysSo(t *testing.T) {
	m := annotator()
	m.Map.Stores[0].Categories = nil
	out := m.Annotate([]inventory.Draft{
		{ID: "azure/server.crm", Attributes: &inventory.Datastore{PersonalData: inventory.Known(true)}},
		{ID: "azure/grant", Attributes: &inventory.Grant{Target: inventory.Known("azure/server.crm"), PersonalData: inventory.Known(true)}},
		{ID: "pg/crm", Attributes: &inventory.Datastore{}},
	})
	if !value(t, byID(t, out, "azure/server.crm").Attributes.(*inventory.Datastore).PersonalData) {
		t.Error("a data map without categories switched off what Terraform marks as personal data")
	}
	if !value(t, byID(t, out, "azure/grant").Attributes.(*inventory.Grant).PersonalData) {
		t.Error("and the rights to it")
	}
}
