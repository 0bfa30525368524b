package postgres

import (
	"testing"

	"waarborg/internal/inventory"
)

func TestPlaces(t *testing.T) {
	nl := inventory.Location{Country: "NL"}
	for _, c := range []struct {
		name     string
		declared []inventory.Copy
		seen     copies
		conf     config
		want     string
	}{
		{"none", nil, copies{}, config{"archive_mode": "off", "archive_command": "set"}, "[]"},
		{"an archive", nil, copies{}, config{"archive_mode": "on", "archive_command": "set"}, "[{role:archive,location:{}}]+"},
		{"an archive by a library", nil, copies{}, config{"archive_mode": "always", "archive_library": "set"}, "[{role:archive,location:{}}]+"},
		{"an archive that does nothing", nil, copies{}, config{"archive_mode": "on", "archive_command": ""}, "[]"},
		{"an archive with a place", []inventory.Copy{{Role: "archive", Location: nl}}, copies{}, config{"archive_mode": "on", "archive_command": "set"}, "[{role:archive,location:{country:NL}}]"},
		{"a place too few", []inventory.Copy{{Role: "replica", Location: nl}}, copies{Streaming: 2}, config{"archive_mode": "off"}, "[{role:replica,location:{country:NL}},{role:replica,location:{}}]+"},
		{"a place for failover", []inventory.Copy{{Role: "failover", Location: nl}}, copies{Away: 1}, config{"archive_mode": "off"}, "[{role:failover,location:{country:NL}}]"},
		{"a base backup under way", nil, copies{BackingUp: 1}, config{"archive_mode": "off"}, "[{role:backup,location:{}}]+"},
		{"a subscription", nil, copies{Subscriptions: 1}, config{"archive_mode": "off"}, "[{role:replica,location:{}}]+"},
		{"a standby with a place for the primary", []inventory.Copy{{Role: "replica", Location: nl}}, copies{Standby: true}, config{"archive_mode": "off"}, "[{role:replica,location:{country:NL}}]+"},
		{"archive not readable", nil, copies{}, config{}, "[]+"},
	} {
		t.Run(c.name, func(t *testing.T) {
			collector := &Collector{cfg: Config{Copies: c.declared}}
			want(t, "copies", collector.places(&catalogue{copies: c.seen}, c.conf), c.want)
		})
	}
}
