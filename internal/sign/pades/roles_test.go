package pades

import "testing"

// TestRolesHaveADutchName: a role without one would leave a gap in what a Dutch reader sees.
func TestRolesHaveADutchName(t *testing.T) {
	for role := range roles {
		if rolesNL[role] == "" {
			t.Errorf("%s has no Dutch name", role)
		}
	}
	for role := range rolesNL {
		if _, ok := roles[role]; !ok {
			t.Errorf("%s is no role", role)
		}
	}
}
