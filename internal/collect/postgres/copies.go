package postgres

import (
	"slices"

	"waarborg/internal/inventory"
)

// places lists where copies of the data are. The server knows that they exist but not where, so the list is known only
// where the workspace says where they all stand.
func (c *Collector) places(cat *catalogue, conf config) inventory.Fact[[]inventory.Copy] {
	seen := map[string]int{
		"replica": cat.copies.Streaming + cat.copies.Away + cat.copies.LogicalSlots + cat.copies.Subscriptions,
		"backup":  cat.copies.BackingUp,
	}
	if cat.copies.Standby { // the primary is the other copy
		seen["replica"]++
	}
	mode, readable := conf["archive_mode"]
	if readable && mode != "off" && (conf["archive_command"] != "" || conf["archive_library"] != "") {
		seen["archive"] = 1
	}
	out := slices.Clone(c.cfg.Copies)
	missing := false
	for _, role := range []string{"replica", "backup", "archive"} {
		declared := 0
		for _, d := range c.cfg.Copies {
			if d.Role == role || role == "replica" && d.Role == "failover" {
				declared++
			}
		}
		for range seen[role] - declared {
			missing = true
			out = append(out, inventory.Copy{Role: role})
		}
	}
	switch {
	case missing:
		return inventory.Partial(out, inventory.Undeclared, "copies")
	case cat.copies.Standby:
		return inventory.Partial(out, inventory.NotReported, "standby")
	case !readable:
		return inventory.Partial(out, inventory.Permission, "archive_mode")
	}
	return inventory.Known(out)
}
