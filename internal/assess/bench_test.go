package assess_test

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"waarborg/internal/assess"
	"waarborg/internal/inventory"
	"waarborg/policies"
)

// fleet makes n resources in the proportions of a Terraform plan of a cloud: datastores, logs and grants, about 2 % of
// them wrong. In differ facts that rules read (0, 2 or 6) each resource differs from every other.
func fleet(n, differ int) []inventory.Resource {
	rnd := rand.New(rand.NewPCG(7, 7))
	regions := []string{"westeurope", "northeurope", "germanywestcentral", "francecentral", "swedencentral"}
	out := make([]inventory.Resource, 0, n)
	for i := range n {
		wrong := rnd.IntN(50) == 0
		region := regions[rnd.IntN(len(regions))]
		if wrong {
			region = "eastus"
		}
		extra, more := 0, 0
		if differ > 0 {
			extra = i
		}
		if differ > 2 {
			more = i
		}
		var a inventory.Attributes
		if i%6 == 3 {
			a = &inventory.Grant{Principal: inventory.Known(fmt.Sprintf("p-%d", i)), Type: inventory.Known("person"), Shared: inventory.Known(false),
				Enabled: inventory.Known(true), Left: inventory.Known(false), Country: inventory.Known("NL"), BreakGlass: inventory.Known(false),
				PersonalData: inventory.Known(true), Environment: inventory.Known("production"), Role: inventory.Known("Reader"),
				Rights: inventory.Known([]string{"read"}), Wildcard: inventory.Known(wrong), Direct: inventory.Known(wrong), Standing: inventory.Known(true),
				Approved: inventory.Known(!wrong), LastUsed: inventory.Known(fmt.Sprintf("2026-11-%02dT00:00:00Z", 1+i%20)),
				LastReview: inventory.Known(day(extra)), Expires: inventory.Absent[string]()}
		} else {
			a = store(region, wrong, i, extra, more)
		}
		r, err := inventory.Draft{ID: fmt.Sprintf("plan/module.app%d.r%d", i%40, i), Name: fmt.Sprintf("r%d", i), Attributes: a,
			Scope: inventory.Scope{Applications: []string{[]string{"social", "customers", "housing", "portals"}[i%4]}}}.Encode()
		if err != nil {
			panic(err)
		}
		out = append(out, r)
	}
	return out
}

// day is one of 300,000 days before the assessment, so that a fact can differ in every resource.
func day(i int) string { return fmt.Sprintf("%04d-%02d-%02d", 2025-i/336, 1+(i/28)%12, 1+i%28) }

func store(region string, wrong bool, i, extra, more int) *inventory.Datastore {
	engine := []string{"blob", "postgresql", "mssql", "log", "elasticsearch"}[i%5]
	at := inventory.Location{Provider: "azure", Region: region}
	return &inventory.Datastore{Engine: inventory.Known(engine), Environment: inventory.Known("production"), PersonalData: inventory.Known(true),
		DataCategories: inventory.Known([]string{"email", "name"}), LiveData: inventory.Known("none"), Pseudonymised: inventory.Known(true),
		Provider: inventory.Known("microsoft-azure"), Location: inventory.Known(at), Copies: inventory.Known([]inventory.Copy{{Role: "replica", Location: at}}),
		LogSinks: inventory.Known([]inventory.Sink{{Kind: "log_analytics", Location: at}}), Redundancy: inventory.Known("zone"),
		Encryption:     inventory.Encryption{AtRest: inventory.Known(true), KeyCustody: inventory.Known("customer"), TLSRequired: inventory.Known(true), MinTLS: inventory.Known("1.2")},
		Network:        inventory.Exposure{Public: inventory.Known(wrong), Anonymous: inventory.Known(false), AllowedRanges: inventory.Known([]string{}), PrivateEndpoint: inventory.Known(true)},
		Authentication: inventory.Authentication{PasswordLogin: inventory.Known(false), SharedKey: inventory.Known(false)},
		Backup: inventory.Backup{Enabled: inventory.Known(true), RetentionDays: inventory.Known(14 + more), GeoRedundant: inventory.Known(false),
			LastSuccess: inventory.Known("2026-11-23T02:00:00Z"), LastRestoreTest: inventory.Known(day(extra))},
		Deletion:  inventory.Deletion{SoftDelete: inventory.Known(true), SoftDeleteDays: inventory.Known(14 + more), Versioning: inventory.Known(true), PurgeProtection: inventory.Known(true)},
		Retention: inventory.Retention{AutomaticDays: inventory.Known(30 + more), Instructions: inventory.Known([]string{"i-1"})},
		Audit:     inventory.Audit{Enabled: inventory.Known(true), Reads: inventory.Known(true), Writes: inventory.Known(true), UserAndTime: inventory.Known(true), RetentionDays: inventory.Known(200 + extra)},
		Tenancy:   inventory.Tenancy{Isolation: inventory.Known("row_level_security"), Unprotected: inventory.Known([]string{})}}
}

// benchCustomers are the standard terms and three customers, one of them with terms of its own.
func benchCustomers(b *testing.B, p *assess.Policies) []assess.Customer {
	b.Helper()
	terms := map[string]any{}
	for _, r := range p.Rules {
		list, err := assess.Examples(policies.FS, r)
		if err != nil {
			b.Fatal(err)
		}
		for _, x := range list {
			merge(terms, x.Terms)
		}
	}
	own := map[string]any{}
	merge(own, terms)
	own["backup"] = map[string]any{"max_age_hours": 26, "min_retention_days": 14, "max_retention_days": 35, "restore_test_days": 180}
	all := []string{"social", "customers", "housing", "portals"}
	return []assess.Customer{{Terms: terms}, {ID: "a", Applications: all, Terms: terms}, {ID: "b", Applications: all[:2], Terms: terms}, {ID: "c", Applications: all, Terms: own}}
}

func BenchmarkAssess(b *testing.B) {
	p, err := assess.Load(policies.FS)
	if err != nil {
		b.Fatal(err)
	}
	customers := benchCustomers(b, p)
	for _, c := range []struct {
		name      string
		n, differ int
	}{{"100000-alike", 100_000, 0}, {"100000-all-differ", 100_000, 2}, {"10000-differ-in-6-facts", 10_000, 6}} {
		b.Run(c.name, func(b *testing.B) {
			rs := fleet(c.n, c.differ)
			resetPeak()
			b.ReportAllocs()
			for b.Loop() {
				judged, n, err := p.Assess(context.Background(), assess.Input{Resources: rs, Customers: customers, Now: now})
				if err != nil {
					b.Fatal(err)
				}
				runtime.KeepAlive(judged)
				b.ReportMetric(float64(n), "evaluations")
			}
			b.ReportMetric(peak(), "peak-MB")
			// The baseline of the same run: decoding the facts of all resources, which no assessment can do without.
			start := time.Now()
			for _, r := range rs {
				var x any
				if err := json.Unmarshal(r.Attributes, &x); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/time.Since(start).Seconds(), "x-decoding")
		})
	}
}

// resetPeak forgets the peak of making the resources, so that peak tells that of judging them, the resources included.
func resetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200) // where it cannot be reset, the peak is too high, never too low
}

// peak is the process's largest resident size so far, in MB.
func peak() float64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kb float64
	for _, line := range splitLines(raw) {
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			break
		}
	}
	return kb / 1024
}

func splitLines(raw []byte) []string {
	var out []string
	start := 0
	for i, c := range raw {
		if c == '\n' {
			out = append(out, string(raw[start:i]))
			start = i + 1
		}
	}
	return out
}

func BenchmarkLoadAllRules(b *testing.B) {
	for b.Loop() {
		if _, err := assess.Load(policies.FS); err != nil {
			b.Fatal(err)
		}
	}
}
