package evidence

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"strings"

	"waarborg/internal/say"
	"waarborg/internal/strictjson"
)

// place is a region as rules look it up: in lower case, the region without blanks.
type place struct{ provider, region string }

func newPlace(provider, region string) place {
	return place{strings.ToLower(provider), strings.ReplaceAll(strings.ToLower(region), " ", "")}
}

// regionsFor keeps of a table of the workspace's own regions those that the facts of resources name, for the names of
// others can speak of customers. With a region goes the country of its partner, where copies can lie.
func regionsFor(resources []Entry, table jsontext.Value) (jsontext.Value, error) {
	type entry struct {
		Country string `json:"country"`
		Paired  string `json:"paired,omitempty"`
	}
	var all map[string]map[string]entry
	if err := json.Unmarshal(table, &all, json.RejectUnknownMembers(true)); err != nil {
		return nil, broken(err, say.Both("the regions cannot be read", "de regio's zijn niet te lezen"))
	}
	named := map[place]bool{}
	for _, e := range resources {
		for _, part := range []jsontext.Value{e.Facts.Content, e.Private.Content} {
			var content any
			if len(all) == 0 || !bytes.Contains(part, []byte(`"region":`)) {
				continue
			}
			if err := json.Unmarshal(part, &content); err != nil {
				return nil, broken(err, say.Both("resource %d cannot be read", "object %d is niet te lezen", e.Index))
			}
			findPlaces(content, named)
		}
	}
	out := map[string]map[string]entry{}
	keep := func(p place, e entry) {
		if out[p.provider] == nil {
			out[p.provider] = map[string]entry{}
		}
		out[p.provider][p.region] = e
	}
	for p := range named {
		e, ok := all[p.provider][p.region]
		if !ok {
			continue
		}
		keep(p, e)
		partner := newPlace(p.provider, e.Paired)
		if x, ok := all[partner.provider][partner.region]; ok && !named[partner] {
			x.Paired = ""
			keep(partner, x)
		}
	}
	raw, err := strictjson.Canonical(out)
	if err != nil {
		return nil, broken(err, say.Both("the regions cannot be encoded", "de regio's zijn niet te coderen"))
	}
	return raw, nil
}

// findPlaces gathers every pair of provider and region in a value.
func findPlaces(x any, into map[place]bool) {
	switch x := x.(type) {
	case []any:
		for _, e := range x {
			findPlaces(e, into)
		}
	case map[string]any:
		provider, ok1 := x["provider"].(string)
		region, ok2 := x["region"].(string)
		if ok1 && ok2 {
			into[newPlace(provider, region)] = true
		}
		for _, e := range x {
			findPlaces(e, into)
		}
	}
}
