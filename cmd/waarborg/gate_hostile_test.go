package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"waarborg/internal/say"
)

// hostile is a shell in a workspace with a plan, and a folder for inputs beside it.
type hostile struct {
	*shell
	inputs string
}

func newHostile(t *testing.T) hostile {
	t.Helper()
	return hostile{newShell(t, planned()), t.TempDir()}
}

// input writes an input and returns where it is.
func (h hostile) input(t testing.TB, name string, parts ...string) string {
	t.Helper()
	path := filepath.Join(h.inputs, name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		if _, err := f.WriteString(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// refused wants an input to be an error, in one message with a hint, and nothing to be shown of it.
func (h hostile) refused(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := h.run(t.Context(), append([]string{"gate"}, args...)...)
	if code != exitFailed || out != "" || !strings.HasPrefix(errs, "waarborg: ") || !strings.Contains(errs, "\nhint: ") || strings.Count(errs, "\n") > 6 {
		t.Errorf("exit status %d\n%s%s", code, out, errs)
	}
	return errs
}

// made is a plan in which one storage account is made; after is what it gets besides.
func made(after string) string { return madeOf("azurerm_storage_account", after) }

// elastic is a type of which plans show so little that all of it is met by where it stands.
const elastic = "azurerm_elastic_cloud_elasticsearch"

func madeOf(typ, after string) string {
	return `{"format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": [{"address": "` + typ + `.files", "mode": "managed",
 "type": "` + typ + `", "name": "files", "change": {"actions": ["create"], "after_unknown": {}, "after_sensitive": {}, "after": {"location": "westeurope"` + after + `}}}]}`
}

// TestACutPlanIsRefused: at whatever place it was cut off, nothing of it is judged. Opening reads to the end, so no rule is needed.
func TestACutPlanIsRefused(t *testing.T) {
	h := newHostile(t)
	a := h.app("en")
	s := loaded(t, a)
	names, _, err := a.gateNames(s)
	if err != nil {
		t.Fatal(err)
	}
	open := func(path string) error {
		x, err := a.openInputs(t.Context(), s, []string{path}, gateOptions{}, names, nil)
		defer x.close()
		return err
	}
	whole := strings.TrimSpace(planned()["plan.json"])
	if err := open(h.input(t, "plan.json", whole)); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		n := i * len(whole) / 100
		err := open(h.input(t, "plan.json", whole[:n]))
		if err == nil {
			t.Fatalf("cut off at %d of %d, it opens", n, len(whole))
		}
		for _, lang := range []string{"en", "nl"} {
			msg, hint, known := say.In(err, lang)
			if !known || hint == "" || !strings.Contains(msg, "plan.json") || strings.Contains(msg+hint, "uksouth") {
				t.Errorf("cut off at %d: %q, %q", n, msg, hint)
			}
		}
	}
	for _, n := range []int{len(whole) / 3, len(whole) - 1} {
		h.refused(t, h.input(t, "plan.json", whole[:n]), "-o", "json="+filepath.Join(h.inputs, "out.json"))
	}
	only(t, h.inputs, "plan.json")
}

// TestHostileInputIsNeverGreen: each is an error that says what it is, or is judged for what it is; in bounded memory.
func TestHostileInputIsNeverGreen(t *testing.T) {
	h := newHostile(t)
	deep := func(open, end string) string { return strings.Repeat(open, 10_000) + strings.Repeat(end, 10_000) }
	laughs := "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: a\n  labels:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		laughs += fmt.Sprintf("  a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	for name, tt := range map[string]struct {
		file, text, says string
	}{
		"a state of 10,000 modules": {"state.json", `{"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": [], "child_modules": [` +
			deep(`{"address": "module.a", "child_modules": [`, `]}`) + `]}}}`, "nested deeper than"},
		"a configuration of 10,000 modules": {"plan.json", strings.TrimSuffix(made(""), "}") + `, "configuration": {"root_module": ` +
			deep(`{"module_calls": {"a": {"module": `, `}}}`[:3]) + `}}`, "plan.json: "},
		"arrays in an attribute":          {"plan.json", made(`, "tags": ` + deep("[", "]")), "nested deeper than"},
		"a key twice":                     {"plan.json", made(`, "location": "uksouth"`), "an element of resource_changes"},
		"a key twice, by an escape":       {"plan.json", made(`, "l\u006fcation": "uksouth"`), "an element of resource_changes"},
		"bytes that are no UTF-8":         {"plan.json", made(`, "tags": {"a": "` + "\xff\xfe" + `"}`), "an element of resource_changes"},
		"half of a surrogate":             {"plan.json", made(`, "tags": {"a": "\ud800"}`), "an element of resource_changes"},
		"something after the end":         {"plan.json", made("") + `{"resource_changes": []}`, "follows the JSON value"},
		"a plan twice":                    {"plan.json", strings.Replace(made(""), `"resource_changes"`, `"resource_changes": [], "resource_changes"`, 1), "twice"},
		"documents that are no manifests": {"m.yaml", "apiVersion: v1\nkind: List\n---\n" + strings.Repeat("[", 100_000), "m.yaml"},
		"a template of Helm":              {"m.yaml", "apiVersion: v1\nkind: {{ .Values.kind }}\n", "m.yaml"},
		"nothing":                         {"plan.json", "", "not clear what this is"},
		"a value":                         {"plan.json", "null", "not clear what this is"},
	} {
		t.Run(name, func(t *testing.T) {
			if errs := h.refused(t, h.input(t, tt.file, tt.text)); !strings.Contains(errs, tt.says) {
				t.Errorf("no %q in %s", tt.says, errs)
			}
			rss, code, out, errs := h.inProcess(t, filepath.Join(h.inputs, tt.file))
			if code != exitFailed || rss > 400<<20 {
				t.Errorf("exit status %d, %d MiB\n%s%s", code, rss>>20, out, errs)
			}
		})
	}
	t.Run("anchors that explode", func(t *testing.T) { // to ten thousand million texts; what nobody asks for need not be an error
		for _, args := range [][]string{{h.input(t, "m.yaml", laughs)}, {h.input(t, "any.yaml", "stores:\n"+laughs[strings.Index(laughs, "  a0"):]), "--as", "datastore=" + h.input(t, "mapping.yaml", anyMapping)}} {
			if rss, code, out, errs := h.inProcess(t, args...); code != exitFailed && code != exitUnknown || rss > 400<<20 {
				t.Errorf("exit status %d, %d MiB\n%s%s", code, rss>>20, out, errs)
			}
		}
	})
	for name, after := range map[string]string{"a number beyond float64": `, "tags": {"data": "personal"}, "location_count": 1e999`,
		"a number of 10,000 digits": `, "tags": {"data": "personal"}, "location_count": ` + strings.Repeat("9", 10_000)} {
		t.Run(name, func(t *testing.T) {
			if code, out, errs := h.run(t.Context(), "gate", h.input(t, "plan.json", made(after))); code == exitMet || code == exitFailed && !strings.Contains(errs, "hint: ") {
				t.Errorf("exit status %d\n%s%s", code, out, errs)
			}
		})
	}
	t.Run("an address of 10,000 modules", func(t *testing.T) {
		long := strings.Repeat("module.a.", 10_000)
		code, out, errs := h.run(t.Context(), "gate", h.input(t, "plan.json", strings.Replace(made(""), `"address": "`, `"address": "`+long, 1)), "--format", "json")
		if code == exitMet || code == exitFailed && !strings.Contains(errs, "hint: ") || len(out)+len(errs) > 8<<20 {
			t.Errorf("exit status %d, %d bytes\n%.500s%.500s", code, len(out), out, errs)
		}
	})
}

const anyMapping = `kind: datastore
permission: reader
items: /stores
id: /name
facts:
  engine: {const: blob}
`

// inProcess runs the gate in a process of its own and tells the most memory it had, in bytes.
func (h hostile) inProcess(t *testing.T, args ...string) (rss int64, code int, out, errs string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "waarborg", append([]string{"gate", "-w", h.dir}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = append(os.Environ(), "WAARBORG_TEST_NOW=2026-11-23T12:00:00Z", "CI=")
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	// A child begins with the peak of whoever started it, which says nothing of its own until it is above that.
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		t.Fatal(err)
	}
	peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	if peak <= own.Maxrss && own.Maxrss > 100<<10 {
		peak = 0
	}
	return peak << 10, cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// TestALargeResource is judged or refused by a limit that is named, and does not take several times its size.
func TestALargeResource(t *testing.T) {
	h := newHostile(t)
	const size = 50 << 20
	many := strings.TrimSuffix(strings.Repeat(`"203.0.113.1",`, size/50), ",")
	for name, parts := range map[string][]string{
		"a text":  {`, "custom_data": "`, strings.Repeat("x", size), `"`},
		"a list":  {`, "tags": {"data": "personal"}, "network_rules": [{"default_action": "Deny", "ip_rules": [`, many, `]}]`},
		"in tags": {`, "tags": {"data": "personal", "note": "`, strings.Repeat("x", size), `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			head, tail, _ := strings.Cut(made("\x00"), "\x00")
			plan := h.input(t, "plan.json", append(append([]string{head}, parts...), tail)...)
			rss, code, out, errs := h.inProcess(t, plan)
			if code == exitMet || code == exitFailed && !strings.Contains(errs, "MiB") || rss > 6*size {
				t.Errorf("exit status %d, %d MiB\n%.2000s%.2000s", code, rss>>20, out, errs)
			}
			t.Logf("exit status %d, %d MiB", code, rss>>20)
		})
	}
}

// TestOutputsThatCannotBeWritten: an error names the place, and no other output appears either.
func TestOutputsThatCannotBeWritten(t *testing.T) {
	h := newHostile(t)
	plan := h.input(t, "plan.json", planned()["plan.json"])
	file := h.input(t, "file", "")
	good := filepath.Join(h.inputs, "good.json")
	for name, bad := range map[string]string{"no folder": filepath.Join(h.inputs, "none", "x"), "a file for a folder": filepath.Join(file, "x"), "a folder": h.dir, "a full disk": "/dev/full"} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := h.run(t.Context(), "gate", plan, "-o", "json="+good, "-o", "sarif="+bad)
			if code != exitFailed || out != "" || !strings.Contains(errs, "\nhint: ") || !strings.Contains(errs, filepath.Dir(bad)) {
				t.Errorf("exit status %d\n%s%s", code, out, errs)
			}
			only(t, h.inputs, "file", "plan.json")
		})
	}
	if info, err := os.Stat("/dev/full"); err != nil || info.Mode().IsRegular() {
		t.Fatalf("/dev/full was replaced: %v", err)
	}

	// What is read is not written over, by whatever name; nor are two things written to one place.
	link := filepath.Join(h.inputs, "link.json")
	if err := os.Symlink(plan, link); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{plan, "-o", "json=" + plan}, {plan, "-o", "json=" + link}, {link, "-o", "json=" + plan}, {plan, "--attest", plan},
		{plan, "-o", "json=" + good, "-o", "sarif=" + h.inputs + "/./good.json"}, {plan, "-o", "json=" + good, "--attest", good},
		{plan, "--update-baseline", "--baseline", plan, "--reason", "x", "--until", "2027-01-31"}, {plan, "--baseline", file, "-o", "json=" + file}} {
		h.refused(t, args...)
	}
	if raw, err := os.ReadFile(plan); err != nil || string(raw) != planned()["plan.json"] {
		t.Fatalf("the plan was written over: %v", err)
	}
	only(t, h.inputs, "file", "link.json", "plan.json")
}

// TestARuleThatLoops is named as unknown once its time is over, and does not hold up the others.
func TestARuleThatLoops(t *testing.T) {
	h := newHostile(t)
	policy := files{"loop.rego": `# METADATA
# title: It ends
# description: It takes the cube of the length of a list.
# custom:
#   id: TEAM-001
#   kinds: [terraform.azurerm_elastic_cloud_elasticsearch]
#   needs: [list]
#   clauses: [BB-LOG-4]
#   severity: high
#   title_nl: Het houdt op
#   description_nl: Het kost de derde macht van de lengte van een lijst.
#   remediation: Wait.
#   remediation_nl: Wacht.
#   messages: {default: {en: "x", nl: "x"}}
package team.loop

deny contains {"path": "list"} if {
	some x in input.list
	some y in input.list
	some z in input.list
	x + y + z < 0
}
`}.in(t)
	h.with(t, "datamap.yaml", "azurerm_storage_account", elastic)
	plan := h.input(t, "plan.json", madeOf(elastic, `, "list": [`+strings.TrimSuffix(strings.Repeat("1,", 4000), ",")+`]`))
	h.must(t, exitMet, "gate", plan)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for lang, why := range map[string]string{"en": "the rule took longer than it may (TEAM-001)", "nl": "de regel duurde langer dan mag (TEAM-001)"} {
		code, out, errs := h.run(ctx, "gate", plan, "--policy", policy, "--rule-timeout", "100ms", "--lang", lang)
		if code != exitUnknown || !strings.Contains(out, "? TEAM-001") || !strings.Contains(out, why) || strings.Contains(out, "✗") {
			t.Errorf("exit status %d\n%s%s", code, out, errs)
		}
	}
	if ctx.Err() != nil {
		t.Error("it took longer than the rule may")
	}
}

// with changes a text in a file of the workspace, wherever it stands.
func (h hostile) with(t *testing.T, name, old, text string) {
	t.Helper()
	path := filepath.Join(h.dir, name)
	raw, err := os.ReadFile(path)
	if err == nil && !bytes.Contains(raw, []byte(old)) {
		t.Fatalf("no %q in %s", old, name)
	}
	if err = errors.Join(err, os.WriteFile(path, bytes.ReplaceAll(raw, []byte(old), []byte(text)), 0o644)); err != nil {
		t.Fatal(err)
	}
}
