package reports_test

import (
	"io"
	"testing"

	"waarborg/reports"
)

func BenchmarkHTML5000(b *testing.B) {
	d, r := sampleDocument("nl"), many("nl", 5000)
	b.ReportAllocs()
	b.ReportMetric(float64(len(page(b, d, r))), "bytes")
	for b.Loop() {
		if err := reports.HTML(io.Discard, d, r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCSV5000(b *testing.B) {
	r := many("nl", 5000)
	b.ReportAllocs()
	for b.Loop() {
		if err := reports.CSV(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
