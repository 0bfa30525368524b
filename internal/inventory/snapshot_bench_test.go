package inventory

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// benchResources is a large organisation's inventory; written out it is some 70 MB of JSON.
const benchResources = 100_000

func benchSnapshot(b *testing.B) Snapshot {
	s := sampleSnapshot(b, benchResources)
	for i := range s.Resources {
		s.Resources[i].Provenance.Call = "GET /subscriptions/" + strconv.Itoa(i) + strings.Repeat("/resourceGroups/production", 8)
	}
	return s
}

// reportPeak reports the largest resident memory of the process so far, where the system tells.
func reportPeak(b *testing.B) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			if kb, err := strconv.Atoi(strings.Fields(rest)[0]); err == nil {
				b.ReportMetric(float64(kb)/1024, "peak-MB")
			}
		}
	}
}

// peak-MB covers what ran in the process before, too, such as making the resources.

func BenchmarkWriteSnapshot(b *testing.B) {
	s := benchSnapshot(b)
	var n counter
	for b.Loop() {
		n = counter{w: &bytes.Buffer{}}
		if _, err := s.Write(&n, testSeal); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n.n)/(1<<20), "packed-MB")
	reportPeak(b)
}

func BenchmarkReadSnapshot(b *testing.B) {
	path := b.TempDir() + "/s.json.gz"
	if _, err := benchSnapshot(b).WriteFile(path, testSeal); err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	for b.Loop() {
		s, _, err := ReadSnapshotFile(path, Limits{}, testVerify)
		if err != nil || len(s.Resources) != benchResources {
			b.Fatal(err)
		}
	}
	reportPeak(b)
}
