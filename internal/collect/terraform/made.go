package terraform

import (
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"time"

	"waarborg/internal/inventory"
	"waarborg/internal/say"
)

// dated takes the time at which a plan says it was made, so that an old plan does not look fresh.
func (g *graph) dated(raw jsontext.Value) {
	if raw == nil {
		return // Terraform before 1.5
	}
	remedy := say.Both("make a new plan", "maak een nieuw plan")
	var at time.Time
	if jsonv2.Unmarshal(raw, &at) != nil || at.Year() < 1970 {
		g.made = g.env.MadeUnknown(g.file, remedy)
		return
	}
	g.made, _ = g.env.Made(g.file, at, remedy)
}

// provenance is where the facts of resources of a type come from.
func (g *graph) provenance(typ string) inventory.Provenance {
	p := g.env.Provenance("terraform", typ, "")
	p.File, p.At = g.file, g.made
	return p
}
