package main

import (
	"bufio"
	"encoding/json/jsontext"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// benchResources is how many resources the plan that is judged has.
const benchResources = 10_000

// BenchmarkGate judges a plan as the command does, compiling the rules included, with the workspace of bench/. One ratio is to
// a mere look whether the same bytes are JSON, in the same run.
func BenchmarkGate(b *testing.B) {
	workspace, err := filepath.Abs("../../bench/workspace")
	if err != nil {
		b.Fatal(err)
	}
	s := &shell{dir: workspace, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	for _, name := range []string{"alike", "distinct"} {
		b.Run(name, func(b *testing.B) {
			plan := filepath.Join(b.TempDir(), "plan.json")
			writeBenchPlan(b, plan, benchResources, name == "distinct")
			var validating time.Duration
			peak := watchHeap()
			runs := 0
			for b.Loop() {
				if code, _, errs := s.run(b.Context(), "gate", plan); code != exitNotMet {
					b.Fatalf("exit status %d: %s", code, errs)
				}
				runs++
			}
			heap, each := peak(), b.Elapsed()/time.Duration(runs)
			const times = 5
			started := time.Now()
			for range times {
				validate(b, plan)
			}
			validating = time.Since(started) / times
			b.ReportMetric(float64(each.Nanoseconds())/benchResources, "ns/resource")
			b.ReportMetric(each.Seconds()/validating.Seconds(), "x-validating")
			b.ReportMetric(float64(heap)/(1<<20), "peak-heap-MiB")
		})
	}
}

// validate reads a file as JSON and does nothing with it.
func validate(b *testing.B, name string) {
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	d := jsontext.NewDecoder(bufio.NewReaderSize(f, 64<<10))
	for {
		if _, err := d.ReadToken(); err == io.EOF {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

// watchHeap looks at the heap every millisecond, and tells the most that it held above what it held before, in bytes.
func watchHeap() (peak func() uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	look := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before := look()
	stop, most := make(chan struct{}), make(chan uint64, 1)
	go func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		top := before
		for {
			select {
			case <-tick.C:
				top = max(top, look())
			case <-stop:
				most <- top - before
				return
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return <-most
	}
}

// writeBenchPlan writes a plan of n resources in the proportions of bench/plan.py: five sorts, and an audit setting for each
// storage account that says by reference to which it belongs. One in fifty is wrong.
func writeBenchPlan(b *testing.B, name string, n int, distinct bool) {
	b.Helper()
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	var config strings.Builder
	fmt.Fprint(w, `{"format_version":"1.2","terraform_version":"1.9.8","resource_changes":[`)
	for i := range n {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		typ, after, unknown := benchResource(i, distinct)
		fmt.Fprintf(w, `{"address":"%s.r%d","mode":"managed","type":"%s","name":"r%d","provider_name":"registry.terraform.io/hashicorp/azurerm",`+
			`"change":{"actions":["create"],"before":null,"after":{%s},"after_unknown":{"id":true%s},"before_sensitive":false,"after_sensitive":{}}}`,
			typ, i, typ, i, after, unknown)
		if unknown != "" {
			if config.Len() > 0 {
				config.WriteString(",")
			}
			fmt.Fprintf(&config, `{"address":"%s.r%d","mode":"managed","type":"%s","name":"r%d","expressions":{"target_resource_id":`+
				`{"references":["azurerm_storage_account.r%d.id","azurerm_storage_account.r%d"]}}}`, typ, i, typ, i, i-5, i-5)
		}
	}
	fmt.Fprintf(w, `],"configuration":{"root_module":{"resources":[%s]}}}`, config.String())
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// benchResource gives the type of the i-th resource, its attributes and which of them, besides its id, are known after apply.
func benchResource(i int, distinct bool) (typ, after, unknown string) {
	extra, place, tls := 0, []string{"westeurope", "northeurope", "swedencentral"}[i/6%3], "TLS1_2"
	if distinct {
		extra = i
	}
	if i%50 == 0 {
		place, tls = "eastus", "TLS1_0"
	}
	tags := fmt.Sprintf(`"tags":{"env":"prod","data":"personal","application":"%s","cost_centre":"%d"}`,
		[]string{"social", "customers", "housing", "portals"}[i/6%4], extra)
	switch i % 6 {
	case 0:
		return "azurerm_storage_account", fmt.Sprintf(`"name":"st%d","location":"%s","min_tls_version":"%s","https_traffic_only_enabled":true,`+
			`"public_network_access_enabled":false,"account_replication_type":"ZRS","account_tier":"Standard","allow_nested_items_to_be_public":false,`+
			`"blob_properties":[{"delete_retention_policy":[{"days":%d}],"versioning_enabled":true}],`+
			`"network_rules":[{"default_action":"Deny","bypass":["AzureServices"],"ip_rules":[]}],%s`, i, place, tls, 30+extra%61, tags), ""
	case 1:
		return "azurerm_postgresql_flexible_server", fmt.Sprintf(`"name":"pg%d","location":"%s","version":"16","storage_mb":%d,"backup_retention_days":14,`+
			`"geo_redundant_backup_enabled":false,"public_network_access_enabled":false,"authentication":[{"active_directory_auth_enabled":true,`+
			`"password_auth_enabled":false}],"sku_name":"GP_Standard_D4s_v3",%s`, i, place, 131072+extra, tags), ""
	case 2:
		return "azurerm_mssql_database", fmt.Sprintf(`"name":"db%d","server_id":"/subscriptions/x/sql/%d","transparent_data_encryption_enabled":true,`+
			`"short_term_retention_policy":[{"retention_days":14}],%s`, i, i, tags), ""
	case 3:
		return "azurerm_role_assignment", fmt.Sprintf(`"scope":"/subscriptions/x/rg/%d","principal_type":"User","role_definition_name":"Reader",`+
			`"principal_id":"00000000-0000-0000-0000-%012d"`, i%200+extra, i), ""
	case 4:
		return "azurerm_log_analytics_workspace", fmt.Sprintf(`"name":"la%d","location":"%s","retention_in_days":90,"daily_quota_gb":%d,%s`,
			i, place, 1+extra, tags), ""
	}
	return "azurerm_monitor_diagnostic_setting", fmt.Sprintf(`"name":"diag%d","enabled_log":[{"category_group":"audit"}]`, i), `,"target_resource_id":true`
}
