package dpa_test

import (
	"slices"
	"testing"

	"waarborg/internal/inventory"
)

// TestInstructionsOfAStore: the data map says on whose word a store deletes; where it is silent nobody knows, and what
// a collector read itself stays.
func TestInstructionsOfAStore(t *testing.T) {
	a := annotator()
	a.Map.Stores[0].Instructions = []string{"n-2", "n-1"}
	read := inventory.Retention{Instructions: inventory.Known([]string{"n-7"})}
	out := a.Annotate([]inventory.Draft{
		{ID: "azure/module.db.server.crm", Attributes: &inventory.Datastore{}},
		{ID: "pg/crm", Attributes: &inventory.Datastore{Retention: read}},
		{ID: "azure/account.files", Attributes: &inventory.Datastore{}},
	})
	instructions := func(id string) inventory.Fact[[]string] {
		return byID(t, out, id).Attributes.(*inventory.Datastore).Retention.Instructions
	}
	if got := value(t, instructions("pg/crm")); !slices.Equal(got, []string{"n-7"}) {
		t.Errorf("what was read is replaced by %v", got)
	}
	if f := instructions("azure/account.files"); !f.IsUnknown() {
		t.Errorf("a store that names none: %+v", f)
	}
	a.Map.Stores[0].SeenIn = nil
	out = a.Annotate([]inventory.Draft{{ID: "azure/module.db.server.crm", Attributes: &inventory.Datastore{}}})
	if got := value(t, instructions("azure/module.db.server.crm")); !slices.Equal(got, []string{"n-1", "n-2"}) {
		t.Errorf("instructions %v, want them sorted", got)
	}
}

// TestDataMapLeavesNoSenselessAbsence: a flow or right of which the data map is silent is absent only where that means
// something.
func TestDataMapLeavesNoSenselessAbsence(t *testing.T) {
	out := annotator().Annotate([]inventory.Draft{{ID: "azure/module.db.server.crm", Attributes: &inventory.Datastore{}},
		{ID: "azure/grant", Attributes: &inventory.Grant{Target: inventory.Known("azure/module.db.server.crm"), Rights: inventory.Known([]string{"read"})}}})
	for _, d := range out {
		r, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		for path, reason := range r.Unknown {
			if reason == (inventory.Reason{Code: inventory.Malformed, Detail: "absent"}) {
				t.Errorf("%s: %s is absent, which means nothing", d.ID, path)
			}
		}
	}
}
