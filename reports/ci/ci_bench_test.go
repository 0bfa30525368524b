package ci_test

import (
	"io"
	"testing"

	"waarborg/reports/ci"
)

// One operation writes 10,000 outcomes.
func BenchmarkOutputs(b *testing.B) {
	const n = 10_000
	r, all := large(n)
	for _, form := range forms() {
		write := ci.Writers()[form]
		b.Run(form, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := write(io.Discard, r, all, ci.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/outcome")
		})
	}
}
