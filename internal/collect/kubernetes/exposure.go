package kubernetes

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"waarborg/internal/inventory"
)

// opening is what one thing that exposes pods says: whether everybody on the internet can reach them, and which ranges can.
type opening struct {
	public inventory.Fact[bool]
	ranges inventory.Fact[[]string]
}

// closed is an opening to nobody outside the cluster or its network.
func closed() opening {
	return opening{inventory.Known(false), inventory.Known([]string(nil))}
}

// doubted is an opening of which a manifest does not say whom it lets in.
func doubted(code, detail string) opening {
	return opening{inventory.Unknown[bool](code, detail), inventory.Unknown[[]string](code, detail)}
}

// openTo is an opening by a public address to listed ranges, or to everybody if none is listed.
func openTo(list []string, whole bool, detail string) opening {
	ranges, everybody := []string(nil), len(list) == 0 && whole
	for _, s := range list {
		p, ok := asRange(strings.TrimSpace(s))
		if !ok {
			whole = false
			continue
		}
		// A range wider than any one party holds is the internet.
		everybody = everybody || p.Bits() < 8 && !p.Addr().IsPrivate()
		ranges = append(ranges, p.String())
	}
	slices.Sort(ranges)
	ranges = slices.Compact(ranges)
	switch {
	case whole:
		return opening{inventory.Known(everybody), inventory.Known(ranges)}
	case everybody:
		return opening{inventory.Known(true), inventory.Partial(ranges, inventory.Malformed, detail)}
	}
	return opening{inventory.Unknown[bool](inventory.Malformed, detail), inventory.Partial(ranges, inventory.Malformed, detail)}
}

// asRange reads an IP address or CIDR range.
func asRange(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// exposure is what all openings of something say together.
type exposure struct {
	any, public bool
	doubt       inventory.Reason // why not all is known
	ranges      []string
}

// maxRanges is how many ranges of one datastore are told; more of them nobody reviews.
const maxRanges = 1_000

func (e *exposure) add(o opening) {
	yes, known := o.public.Value()
	e.any, e.public = true, e.public || yes
	if !known {
		e.doubt = o.public.Reason()
	} else if o.ranges.IsUnknown() {
		e.doubt = cmp.Or(e.doubt, o.ranges.Reason())
	}
	list, _ := o.ranges.Value()
	e.let(list)
}

func (e *exposure) merge(other *exposure) {
	if other == nil {
		return
	}
	e.any, e.public, e.doubt = e.any || other.any, e.public || other.public, cmp.Or(e.doubt, other.doubt)
	e.let(other.ranges)
}

// let adds ranges, each once.
func (e *exposure) let(list []string) {
	if len(list) == 0 {
		return
	}
	all := slices.Concat(e.ranges, list)
	slices.Sort(all)
	e.ranges = slices.Compact(all)
	if len(e.ranges) > maxRanges {
		e.ranges = slices.Clone(e.ranges[:maxRanges])
		e.doubt = inventory.Reason{Code: inventory.Unsupported, Detail: "ranges"}
	}
}

// apply sets who can reach a datastore. If nothing opens it, nothing is known: another input may.
func (e *exposure) apply(d *inventory.Datastore) {
	why := e.doubt
	switch {
	case !e.any:
		return
	case why.Code == "":
		d.Network.Public, d.Network.AllowedRanges = inventory.Known(e.public), inventory.Known(e.ranges)
		return
	case e.public:
		d.Network.Public = inventory.Known(true)
	default:
		d.Network.Public = inventory.Unknown[bool](why.Code, why.Detail)
	}
	d.Network.AllowedRanges = inventory.Unknown[[]string](why.Code, why.Detail)
	if len(e.ranges) > 0 {
		d.Network.AllowedRanges = inventory.Partial(e.ranges, why.Code, why.Detail)
	}
}
