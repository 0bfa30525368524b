package workspace

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"waarborg/dpa"
	"waarborg/internal/say"
)

// Hosts says who runs what a deploy makes, by how its type begins in the words of the tool: azurerm_, Microsoft.Storage/,
// or all of a type. Each is the id of a sub-processor, or own. An id that is on no register is no mistake: whatever is made there
// with personal data fails, and that is how a supplier is named that is not to be used.
type Hosts map[string]string

// maxHostType is how long the beginning of a type may be, in bytes.
const maxHostType = 100

// Check asks for beginnings of types as tools write them, and for hosts that can host.
func (h Hosts) Check(report func(path string, what, hint say.Text)) {
	for _, begin := range slices.Sorted(maps.Keys(h)) {
		if len(begin) > maxHostType || strings.Trim(begin, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-") != "" {
			report(begin, say.Both("is not how a type of resource begins", "is niet hoe een soort resource begint"),
				say.Both("write it as azurerm_ or Microsoft.Storage/", "schrijf het als azurerm_ of Microsoft.Storage/"))
		}
		if id := h[begin]; id != dpa.Own && slices.Contains(dpa.Recipients(), id) {
			report(begin, say.Both("%s hosts nothing", "bij %s staat niets", id),
				say.Both("name a sub-processor, or own", "noem een subverwerker, of own"))
		}
	}
}

// Of returns who runs a resource of a type: that of the longest beginning that fits, whatever its capitals. ok is false if none
// fits.
func (h Hosts) Of(resourceType string) (id string, ok bool) {
	// Of two that differ in capitals alone, the last in order counts: always the same one.
	begins := slices.SortedFunc(maps.Keys(h), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(b, a)) })
	for _, begin := range begins {
		if len(begin) <= len(resourceType) && strings.EqualFold(begin, resourceType[:len(begin)]) {
			return h[begin], true
		}
	}
	return "", false
}
