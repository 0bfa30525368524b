package pdf_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"waarborg/internal/assess"
	"waarborg/reports/pdf"
)

// many are results of n findings, each of a resource of its own, in some sixty rules.
func many(n int) assess.Results {
	r := results("nl", true)
	first := r.Results[0]
	r.Results = nil
	areas := map[string]assess.Count{}
	for _, area := range assess.Areas {
		for k := range n / len(assess.Areas) {
			x := first
			x.Area, x.Rule = area, fmt.Sprintf("%.3s-%03d", area, k%10)
			x.Resource = fmt.Sprintf("azure/module.storage.azurerm_storage_account.%s_%d", area, k)
			x.Message = fmt.Sprintf("de gegevens staan in uksouth (GB); afgesproken: binnen de EER (%d)", k%40/10)
			r.Results = append(r.Results, x)
		}
		areas[area] = assess.Count{Fail: n / len(assess.Areas)}
	}
	r.Summary.Areas, r.Summary.Results, r.Summary.Resources = areas, assess.Count{Fail: len(r.Results)}, len(r.Results)
	return r
}

func BenchmarkRender5000(b *testing.B) {
	d := document("nl", true)
	for len(d.Coverage) < 184 {
		d.Coverage = append(d.Coverage, d.Coverage[:8]...)
	}
	r := many(5000)
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := pdf.Render(&out, d, r, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "file-bytes")
}

// BenchmarkRenderDifferent has a message of its own for each finding: the longest report.
func BenchmarkRenderDifferent(b *testing.B) {
	d, r := document("nl", true), many(5000)
	for i := range r.Results {
		r.Results[i].Message += fmt.Sprintf(" %d", i)
	}
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := pdf.Render(&out, d, r, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "file-bytes")
}

func BenchmarkRenderSmall(b *testing.B) {
	d, r := document("nl", true), results("nl", true)
	list := files(&d)
	b.ReportAllocs()
	for b.Loop() {
		if err := pdf.Render(io.Discard, d, r, list); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNotice(b *testing.B) {
	l := letter("nl")
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := pdf.Notice(&out, l); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "file-bytes")
}
