package reports_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"waarborg/internal/assess"
	"waarborg/internal/testtool"
	"waarborg/reports"
)

// browser is a tab of a real Chromium, and what went over its wire and into its console.
type browser struct {
	context.Context
	t         *testing.T
	mu        sync.Mutex
	requests  []string
	complaint []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(testtool.Path(t, "chromium")), chromedp.UserDataDir(t.TempDir()),
		chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has no sandbox for root
	}
	limited, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(stop)
	allocator, end := chromedp.NewExecAllocator(limited, options...)
	t.Cleanup(end)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	b := &browser{Context: ctx, t: t}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, b.heard); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) heard(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	complain := func(format string, args ...any) { b.complaint = append(b.complaint, fmt.Sprintf(format, args...)) }
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *log.EventEntryAdded:
		complain("log: %s", e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		complain("console.%s", e.Type)
	case *runtime.EventExceptionThrown:
		complain("exception: %s", e.ExceptionDetails.Text)
	case *cdpage.EventJavascriptDialogOpening:
		complain("dialog: %s", e.Message)
	}
}

// open shows a page from a file, as a reader would.
func (b *browser) open(html string) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Navigate("file://" + file))
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) window(width, height int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

func (b *browser) scheme(dark bool) {
	b.t.Helper()
	value := map[bool]string{true: "dark", false: "light"}[dark]
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	if _, err := chromedp.Call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatal(err)
	}
}

func ask[T any](b *browser, script string) T {
	b.t.Helper()
	out, err := chromedp.Run(b, chromedp.Evaluate[T](script))
	if err != nil {
		b.t.Fatalf("%v: %.200s", err, script)
	}
	return out
}

// until waits for a condition in the page, at most ten seconds.
func (b *browser) until(condition string) {
	b.t.Helper()
	for range 200 {
		if ask[bool](b, condition) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("never true: %s; the count says %q", condition, ask[string](b, `document.getElementById('count').textContent`))
}

// quiet fails where the page asked for more than itself, or a browser complained.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaint {
		b.t.Errorf("the browser complains: %s", c)
	}
	for _, r := range b.requests {
		if !strings.HasPrefix(r, "file://") || !strings.HasSuffix(r, "/report.html") {
			b.t.Errorf("the page asks for %s", r)
		}
	}
	if len(b.requests) == 0 {
		b.t.Error("the browser did not even load the page, so this test sees nothing")
	}
	b.complaint, b.requests = nil, nil
}

// many is the sample with n more findings.
func many(lang string, n int) assess.Results {
	r := sampleResults(lang)
	one := r.Results[0]
	for i := range n {
		one.Resource, one.Rule, one.Message = fmt.Sprintf("many/%04d", i), fmt.Sprintf("TRF-%03d", 100+i%50), fmt.Sprintf("message %d", i)
		r.Results = append(r.Results, one)
	}
	return r
}

const shown = `[...document.querySelectorAll('.item')].filter((e) => e.checkVisibility()).map((e) => e.id).join(' ')`

func TestFilterByKeyboard(t *testing.T) {
	b := newBrowser(t)
	b.window(1280, 900)
	b.open(page(t, sampleDocument("nl"), sampleResults("nl")))
	if got, want := ask[string](b, `document.getElementById('count').textContent`), "Getoond: 7 van 7 bevindingen, met 9 van 9 objecten"; got != want {
		t.Errorf("at first the count says %q, want %q", got, want)
	}
	if got := ask[string](b, `const c = document.getElementById('count'); c.getAttribute('role') + ' ' + c.getAttribute('aria-live')`); got != "status polite" {
		t.Errorf("the count is no live region: %s", got)
	}
	b.tabTo("filter-text")
	b.do(chromedp.KeyEvent("azure/d"))
	b.until(`document.getElementById('count').textContent.startsWith('Getoond: 3 van 7 bevindingen, met 3 van 9')`)
	if got := ask[string](b, shown); got != "r-TRF-001 r-TRF-003 r-TRF-001-2" {
		t.Errorf("searching azure/d shows %s", got)
	}
	if ask[bool](b, `[...document.querySelectorAll('#r-TRF-001 .objects > li')].filter((e) => e.checkVisibility()).length !== 1`) {
		t.Error("objects of a finding that do not fit are shown")
	}
	b.tabTo("filter-state")
	b.do(chromedp.KeyEvent("n")) // niet voldaan
	b.until(`document.getElementById('count').textContent.startsWith('Getoond: 1 van')`)
	b.tabTo("filter-severity")
	b.do(chromedp.KeyEvent("l")) // laag
	b.until(`document.getElementById('count').textContent === 'Niets gevonden: 0 van 7 bevindingen'`)
	if got := ask[string](b, shown); got != "" {
		t.Errorf("shown: %s", got)
	}
	b.tabTo("filter-clear")
	b.do(chromedp.KeyEvent("\r"))
	b.until(`document.getElementById('count').textContent.startsWith('Getoond: 7 van 7')`)
	if got := ask[string](b, `document.activeElement.id`); got != "filter-text" {
		t.Errorf("after showing all, focus is at %q", got)
	}
	b.do(chromedp.KeyEvent("toegang")) // the area's name is a heading, and the select's
	b.until(`document.getElementById('count').textContent.startsWith('Niets')`)
	b.tabTo("filter-clear")
	b.do(chromedp.KeyEvent("\r"))
	b.tabTo("filter-area")
	b.do(chromedp.KeyEvent("t"))
	b.until(`document.getElementById('count').textContent.startsWith('Getoond: 1 van')`)
	// A link to what the filter hides shows it.
	b.do(chromedp.Evaluate[chromedp.Void](`void (location.hash = '#r-TRF-002')`))
	b.until(`document.getElementById('r-TRF-002').checkVisibility()`)
	b.quiet()
}

// frames waits until the page has been drawn again, twice.
func (b *browser) frames() chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))`, chromedp.EvalAwaitPromise)
}

// tabTo presses Tab until something has focus.
func (b *browser) tabTo(id string) {
	b.t.Helper()
	for range 300 {
		if ask[string](b, `document.activeElement.id`) == id {
			return
		}
		b.do(chromedp.KeyEvent("\t"))
	}
	b.t.Fatalf("Tab does not come to %s", id)
}

// The filter stays in view and covers nothing that has focus (WCAG 2.4.11).
func TestFilterCoversNoFocus(t *testing.T) {
	b := newBrowser(t)
	for _, size := range [][2]int64{{1280, 800}, {360, 740}} {
		b.window(size[0], size[1])
		b.scheme(false)
		b.open(page(t, sampleDocument("en"), many("en", 40)))
		b.tabTo("filter-clear")
		seen := 0
		for range 400 {
			b.do(chromedp.KeyEvent("\t"), b.frames())
			state := ask[string](b, `(() => { const e = document.activeElement; if (!e.closest('.results')) return 'out';
				const r = e.getBoundingClientRect(), at = document.elementFromPoint(r.left + Math.min(r.width, 20) / 2, r.top + r.height / 2);
				return at && (e.contains(at) || at.contains(e)) && !at.closest('#filter') ? 'seen' : 'covered: ' + e.textContent + ' by ' + (at ? at.id || at.tagName : 'the edge'); })()`)
			if state == "out" {
				break
			}
			if seen++; state != "seen" {
				t.Errorf("%d wide: %s", size[0], state)
			}
		}
		if seen < 40 {
			t.Errorf("%d wide: Tab came to %d things only", size[0], seen)
		}
		if sticky := ask[string](b, `getComputedStyle(document.getElementById('filter')).position`); (sticky == "sticky") != (size[0] == 1280) {
			t.Errorf("%d wide: the filter is %s", size[0], sticky)
		}
	}
	b.quiet()
}

func TestPageWithoutScript(t *testing.T) {
	b := newBrowser(t)
	if _, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.open(page(t, sampleDocument("en"), sampleResults("en")))
	if got := len(strings.Fields(ask[string](b, shown))); got != 7 {
		t.Errorf("%d findings are shown, of 7", got)
	}
	if ask[bool](b, `document.getElementById('filter').checkVisibility()`) {
		t.Error("there is a filter that does nothing")
	}
}

func TestPagesReflowAndAreSeen(t *testing.T) {
	b := newBrowser(t)
	d, r := hostileReport(strings.Repeat("x", 10_000))
	for name, html := range map[string]string{"sample": page(t, draftDocument("nl"), sampleResults("nl")), "long names": page(t, d, r)} {
		for _, width := range []int64{320, 360, 1280} {
			b.window(width, 800)
			b.open(html)
			if over := ask[int](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s, %d wide: %d pixels too wide", name, width, over)
			}
		}
	}
	b.open(page(t, sampleDocument("nl"), sampleResults("nl")))
	light, dark := b.brightness(false), b.brightness(true)
	if light < 0.8 || light > 0.999 || dark > 0.25 || dark < 0.02 {
		t.Errorf("the light page is %.2f bright and the dark one %.2f", light, dark)
	}
	b.quiet()
}

// brightness of a screenshot, 0 to 1; it fails where the page is one plain colour.
func (b *browser) brightness(dark bool) float64 {
	b.t.Helper()
	b.scheme(dark)
	raw, err := chromedp.Run(b, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	colors := map[[3]uint32]bool{}
	sum, n := 0.0, 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			r, g, bl, _ := img.At(x, y).RGBA()
			colors[[3]uint32{r, g, bl}] = true
			sum, n = sum+float64(r+g+bl)/3/0xffff, n+1
		}
	}
	if len(colors) < 20 {
		b.t.Errorf("dark %v: a screenshot has %d colours, so the page looks blank", dark, len(colors))
	}
	return sum / float64(n)
}

// Print shows everything, in light colours, whatever the filter hides on the screen.
func TestPrint(t *testing.T) {
	b := newBrowser(t)
	b.scheme(true)
	b.open(page(t, draftDocument("en"), sampleResults("en")))
	b.tabTo("filter-text")
	b.do(chromedp.KeyEvent("azure/b"))
	b.until(`document.getElementById('count').textContent.startsWith('Shown: 1 of')`)
	raw, err := chromedp.Run(b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "print.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(testtool.Path(t, "pdftotext"), "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	for _, want := range []string{"azure/a", "azure/c", "azure/e", "azure/f", "TRF-005", "DRAFT", "What to do"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on paper", want)
		}
	}
	for _, bad := range []string{"Show all", "Skip to"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is on paper", bad)
		}
	}
	b.quiet()
}

func TestHostileNamesDoNothingInABrowser(t *testing.T) {
	b := newBrowser(t)
	for _, name := range hostileHTML {
		d, r := hostileReport(name)
		b.open(page(t, d, r))
		if got := ask[string](b, `[...document.querySelectorAll('script, style, img, iframe, object, [onerror], [onclick], a:not([href^="#"])')].map((e) => e.tagName).join(' ')`); got != "STYLE SCRIPT" {
			t.Errorf("%.40q: the page has %s", name, got)
		}
		b.quiet()
	}
}

const (
	axeVersion = "4.14.1"
	axeSHA256  = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c" // of axe.min.js
)

// axe returns the source of axe-core, fetched from the npm registry once and checked.
func axe(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(cache, "waarborg-test", "axe-core-"+axeVersion, "axe.min.js")
	raw, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		raw, err = fetchAxe(testtool.Path(t, "npm"), t.TempDir())
		if err == nil {
			err = errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, raw, 0o644))
		}
	}
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("axe-core: %v", err)
	case err != nil:
		t.Skipf("axe-core: %v", err)
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != axeSHA256 {
		t.Fatalf("%s is not axe-core %s: remove it", file, axeVersion)
	}
	return string(raw)
}

func fetchAxe(npm, dir string) ([]byte, error) {
	cmd := exec.Command(npm, "pack", "--silent", "axe-core@"+axeVersion)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack: %w: %s", err, out)
	}
	f, err := os.Open(filepath.Join(dir, "axe-core-"+axeVersion+".tgz"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err != nil {
			return nil, fmt.Errorf("no axe.min.js in the package: %w", err)
		}
		if h.Name == "package/axe.min.js" {
			return io.ReadAll(r)
		}
	}
}

// TestAccessibility holds the page against WCAG 2.2 A and AA as far as a program can see.
func TestAccessibility(t *testing.T) {
	source := axe(t)
	b := newBrowser(t)
	// Content-visibility leaves text undrawn until it is near, and what is not drawn is not judged.
	const run = `document.querySelectorAll('.item, .block').forEach((e) => e.style.setProperty('content-visibility', 'visible'));
		document.querySelectorAll('details').forEach((e) => { e.open = true; });
		axe.run(document, {preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
		.then((r) => { window.axeReport = JSON.stringify({checked: r.passes.length, violations: r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | '))}); })
		.catch((e) => { window.axeReport = JSON.stringify({checked: 0, violations: [String(e)]}); }); void 0`
	type report struct {
		Checked    int      `json:"checked"`
		Violations []string `json:"violations"`
	}
	for _, lang := range []string{"nl", "en"} {
		for _, d := range []reports.Document{sampleDocument(lang), draftDocument(lang)} {
			for _, width := range []int64{1280, 360} {
				for _, dark := range []bool{false, true} {
					b.window(width, 900)
					b.scheme(dark)
					b.open(page(t, d, sampleResults(lang)))
					b.do(chromedp.Evaluate[chromedp.Void](source+";void 0"), chromedp.Evaluate[chromedp.Void](run))
					b.until(`window.axeReport !== undefined`)
					got := ask[report](b, `JSON.parse(window.axeReport)`)
					for _, v := range got.Violations {
						t.Errorf("%s, draft %v, %d wide, dark %v: %.600s", lang, d.Draft(), width, dark, v)
					}
					if got.Checked < 20 {
						t.Errorf("axe found %d rules to check only", got.Checked)
					}
				}
			}
		}
	}
}
