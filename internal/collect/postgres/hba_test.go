package postgres

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

// client is one way of knocking at the door.
type client struct {
	addr     string
	database string
	user     string
	by       channel
}

// firstMatch is what PostgreSQL does: the first line that fits decides.
func firstMatch(lines []hbaLine, c client) (hbaLine, bool) {
	for _, l := range lines {
		named := slices.Contains(l.Databases, c.database) || c.database != "replication" && slices.Contains(l.Databases, "all")
		if l.channels()&c.by == 0 || !named || !slices.Contains(l.Users, c.user) && !slices.Contains(l.Users, "all") {
			continue
		}
		if l.Type != "local" && l.Address != "all" {
			p, ok := l.prefix()
			if !ok || !p.Contains(netip.MustParseAddr(c.addr)) {
				continue
			}
		}
		return l, true
	}
	return hbaLine{}, false
}

// Whoever a server lets in without TLS or without a credential, the judgement of its rules must have seen; and where
// it sees none, nobody gets in so. Random rules are held against the plain first-match reading of a few clients.
func TestJudgeHBASeesEveryOpenDoor(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	for range 20000 {
		lines := make([]hbaLine, 1+r.IntN(5))
		for i := range lines {
			lines[i] = hbaLine{Type: pick("local", "host", "hostssl", "hostnossl", "hostnogssenc"), Databases: []string{pick("all", "crm", "replication", "other")},
				Users: []string{pick("all", "anna", "bert")}, Method: pick("reject", "reject", "trust", "scram-sha-256", "password"),
				Address: pick("all", "127.0.0.1", "10.0.0.0", "10.1.0.0", "0.0.0.0")}
			lines[i].Netmask = map[string]string{"127.0.0.1": "255.255.255.255", "10.0.0.0": "255.0.0.0", "10.1.0.0": "255.255.0.0", "0.0.0.0": "0.0.0.0"}[lines[i].Address]
			if lines[i].Type == "local" {
				lines[i].Address, lines[i].Netmask = "", ""
			}
		}
		checkDoors(t, lines, judgeHBA(lines, "crm", true))
		if t.Failed() {
			return
		}
	}
}

func checkDoors(t *testing.T, lines []hbaLine, f hbaFindings) {
	t.Helper()
	for _, database := range []string{"crm", "replication"} {
		for _, user := range []string{"anna", "bert", "carl"} {
			for _, c := range []client{{"10.1.2.3", database, user, plain}, {"10.9.9.9", database, user, plain}, {"192.0.2.1", database, user, tls}, {"10.1.2.3", database, user, tls}, {"", database, user, socket}} {
				l, ok := firstMatch(lines, c)
				if !ok || l.Method == "reject" {
					continue
				}
				if c.by == plain && f.noTLS == 0 {
					t.Errorf("%+v gets in without TLS by %+v of %+v", c, l, lines)
				}
				if l.Method == "trust" && (f.trust == 0 || c.by != socket && !f.remoteTrust) {
					t.Errorf("%+v gets in without a credential by %+v of %+v", c, l, lines)
				}
			}
		}
	}
}

func FuzzHBALine(f *testing.F) {
	f.Add("host", "10.0.0.0", "255.0.0.0", "trust")
	f.Add("hostssl", "::", "::", "scram-sha-256")
	f.Add("", "fe80::1%eth0", "255.0.255.0", "")
	f.Fuzz(func(t *testing.T, kind, address, netmask, method string) {
		l := hbaLine{Type: kind, Databases: []string{"all"}, Users: []string{"all"}, Address: address, Netmask: netmask, Method: method}
		got := judgeHBA([]hbaLine{l}, "crm", true)
		if method == "trust" && got.trust != 1 {
			t.Errorf("a line of trust was not counted: %+v", l)
		}
		reject := l
		reject.Type, reject.Method, reject.Address, reject.Netmask = "host", "reject", "all", ""
		if kind == "hostssl" && judgeHBA([]hbaLine{reject, l}, "crm", true).trust != 0 {
			t.Errorf("a line that nobody reaches was counted: %+v", l)
		}
	})
}
