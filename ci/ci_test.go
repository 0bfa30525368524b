package ci

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"waarborg/internal/testtool"
)

const root = ".."

// load reads a YAML file of the repository, in which a key may stand only once.
func load(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(raw, into, yaml.DisallowUnknownField()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// action is all that action.yml may hold.
type action struct {
	Name, Description, Author string
	Branding                  map[string]string
	Inputs                    map[string]struct {
		Description, Default string
		Required             bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []struct {
			ID, Shell, Run string
			Env            map[string]string
		}
	}
}

// template is all that the Azure template may hold.
type template struct {
	Parameters []struct {
		Name, Type string
		Default    any
		Values     []string
	}
	Steps []map[string]any
}

type script struct {
	name  string
	shell string // that runs it
	text  string
	// env gives the variable of each value, by the flag of waarborg that it belongs to; "" is that of the inputs.
	env map[string]string
}

func envOf(prefix string) map[string]string {
	out := map[string]string{"": prefix + "PLAN", "binary": prefix + "BINARY", "lang": prefix + "LANGUAGE"}
	for _, flag := range []string{"workspace", "ref", "source", "root-module", "baseline", "register", "policy", "snapshot", "live-max-age"} {
		out[flag] = prefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
	}
	return out
}

// scripts are the scripts of the three pipelines.
func scripts(t *testing.T) []script {
	t.Helper()
	raw, err := os.ReadFile("github/gate")
	if err != nil {
		t.Fatal(err)
	}
	github := script{"github", "bash", string(raw), envOf("GATE_")}

	var lab map[string]struct{ Script []string }
	rawLab, err := os.ReadFile("gitlab/waarborg.gitlab-ci.yml")
	if err == nil {
		err = yaml.Unmarshal(rawLab, &lab)
	}
	if err != nil || len(lab[".waarborg-gate"].Script) != 1 {
		t.Fatalf("the template of GitLab: %v", err)
	}
	gitlab := script{"gitlab", "sh", lab[".waarborg-gate"].Script[0], envOf("WAARBORG_")}
	gitlab.env[""] = "WAARBORG_PLANS"

	var az template
	load(t, "ci/azure/waarborg.yml", &az)
	azure := script{"azure", "bash", az.Steps[0]["bash"].(string), envOf("GATE_")}
	azure.env[""] = "GATE_PLANS"
	return []script{github, gitlab, azure}
}

// fake stands in for waarborg: it keeps its arguments, writes the files that it is asked for, and says hostile things.
const fake = `#!/usr/bin/env bash
printf '%s\0' "$@" >"$FAKE_ARGV"
for a; do
	[ "$a" != -- ] || break
	case $a in --output=*=-) ;; --output=*) f=${a#--output=*=}; printf 'written %s' "$f" >"$f" ;; esac
done
printf 'outcome\n'
printf '::error::hostile\n##vso[task.setvariable variable=x]hostile\n' >&2
exit "$FAKE_STATUS"
`

type outcome struct {
	args           []string
	stdout, stderr string
	code           int
	dir            string // where it ran; work, output and summary lie in it
}

func run(t *testing.T, s script, status string, values map[string]string) outcome {
	t.Helper()
	dir := t.TempDir()
	bin := filepath.Join(dir, "a waarborg")
	write(t, bin, fake, 0o755)
	write(t, filepath.Join(dir, "output"), "", 0o644)
	write(t, filepath.Join(dir, "summary"), "before\n", 0o644)
	write(t, filepath.Join(dir, "script"), s.text, 0o644)
	cmd := exec.Command(testtool.Path(t, s.shell), filepath.Join(dir, "script"))
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "FAKE_ARGV=" + filepath.Join(dir, "argv"), "FAKE_STATUS=" + status,
		"RUNNER_TEMP=" + dir, "AGENT_TEMPDIRECTORY=" + dir, "GITHUB_OUTPUT=" + filepath.Join(dir, "output"),
		"GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"), "GATE_ALLOW_UNPROVED=False", "GATE_ALLOW_EMPTY=False", "WAARBORG_ALLOW_UNPROVED=false",
		"WAARBORG_ALLOW_EMPTY=false", "WAARBORG_ATTEST=", s.env["binary"] + "=" + bin, s.env["lang"] + "=nl"}
	for flag, name := range s.env {
		if flag != "binary" && flag != "lang" {
			cmd.Env = append(cmd.Env, name+"="+values[flag])
		}
	}
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	res := outcome{stdout: out.String(), stderr: stderr.String(), code: cmd.ProcessState.ExitCode(), dir: dir}
	if raw, err := os.ReadFile(filepath.Join(dir, "argv")); err == nil {
		res.args = strings.Split(strings.TrimSuffix(string(raw), "\x00"), "\x00")
	}
	return res
}

func write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// hostile has values that a shell, or whoever puts them into the text of a script, would make something else of.
var hostile = map[string]string{
	"workspace": `../a b/'"$(touch pwned)` + "`touch pwned`", "ref": "--lang=en; touch pwned", "source": `*`, "root-module": "$HOME && touch pwned",
	"baseline": `\n"; touch pwned; "`, "register": "${{ github.token }}", "policy": "$((1))", "snapshot": "~", "live-max-age": "24h\t|| touch pwned",
	"": "a plan.json\n\n$(touch pwned)\n--ref=evil\n'; touch pwned; '\n*\nPLANS\n",
}

func TestArgumentsArriveUnharmed(t *testing.T) {
	for _, s := range scripts(t) {
		t.Run(s.name, func(t *testing.T) {
			got := run(t, s, "0", hostile)
			if got.code != 0 {
				t.Fatalf("exit status %d: %s%s", got.code, got.stdout, got.stderr)
			}
			for flag, value := range hostile {
				if flag != "" && !slices.Contains(got.args, "--"+flag+"="+value) {
					t.Errorf("--%s did not arrive as %q in %q", flag, value, got.args)
				}
			}
			if !slices.Contains(got.args, "--lang=nl") || !slices.Contains(got.args, "--allow-unproved=false") &&
				!slices.Contains(got.args, "--allow-unproved=False") {
				t.Errorf("language or --allow-unproved is missing in %q", got.args)
			}
			at := slices.Index(got.args, "--")
			want := []string{"a plan.json", "$(touch pwned)", "--ref=evil", "'; touch pwned; '", "*", "PLANS"}
			if at < 0 || !slices.Equal(got.args[at+1:], want) {
				t.Errorf("inputs: got %q, want %q", got.args[at+1:], want)
			}
			if _, err := os.Stat(filepath.Join(got.dir, "pwned")); err == nil {
				t.Error("a value was run")
			}
		})
	}
}

func TestEmptyValuesGiveNoFlag(t *testing.T) {
	for _, s := range scripts(t) {
		t.Run(s.name, func(t *testing.T) {
			got := run(t, s, "0", map[string]string{"workspace": "ws", "": "plan.json"})
			if got.code != 0 || !slices.Equal(got.args[len(got.args)-2:], []string{"--", "plan.json"}) {
				t.Fatalf("exit status %d, %q: %s%s", got.code, got.args, got.stdout, got.stderr)
			}
			for flag := range hostile {
				if flag != "" && flag != "workspace" && slices.ContainsFunc(got.args, func(a string) bool { return strings.HasPrefix(a, "--"+flag) }) {
					t.Errorf("--%s is given without a value: %q", flag, got.args)
				}
			}
		})
	}
}

func TestStatusIsPassedOn(t *testing.T) {
	for _, s := range scripts(t) {
		for _, status := range []string{"0", "1", "2", "3", "130"} {
			got := run(t, s, status, map[string]string{"workspace": "ws", "": "plan.json"})
			if want := map[string]int{"0": 0, "1": 1, "2": 2, "3": 3, "130": 130}[status]; got.code != want {
				t.Errorf("%s: waarborg ended with %s, the script with %d", s.name, status, got.code)
			}
		}
	}
}

func TestGitHubOutputs(t *testing.T) {
	s := scripts(t)[0]
	got := run(t, s, "1", map[string]string{"workspace": "ws", "": "plan.json"})
	text := read(t, filepath.Join(got.dir, "output"))
	found := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		found[key] = value
	}
	var a action
	load(t, "action.yml", &a)
	if want := slices.Sorted(maps.Keys(a.Outputs)); !slices.Equal(slices.Sorted(maps.Keys(found)), want) {
		t.Errorf("outputs: got %q, want %q", text, want)
	}
	if found["status"] != "1" || !strings.HasPrefix(read(t, found["sarif"]), "written ") || !strings.HasPrefix(read(t, found["json"]), "written ") {
		t.Errorf("outputs: %q", text)
	}
	if sum := read(t, filepath.Join(got.dir, "summary")); !strings.HasPrefix(sum, "before\nwritten ") {
		t.Errorf("the summary was not appended to: %q", sum)
	}
	// What the program says on stderr stands between a stop and its end, so that the runner takes no command from it.
	if !regexp.MustCompile(`(?s)::stop-commands::([0-9a-f]{32})\n.*::error::hostile\n.*\n::[0-9a-f]{32}::\n$`).MatchString(got.stdout) {
		t.Errorf("stderr is not fenced off: %q", got.stdout)
	}
	if strings.Contains(got.stderr, "hostile") {
		t.Errorf("stderr: %q", got.stderr)
	}
}

func TestGitHubRefusesLineEnds(t *testing.T) {
	s := scripts(t)[0]
	for flag := range hostile {
		if flag == "" {
			continue
		}
		got := run(t, s, "0", map[string]string{"workspace": "ws", "": "plan.json", flag: "a\nsarif=/etc/passwd"})
		out := read(t, filepath.Join(got.dir, "output"))
		if got.code != 2 || got.args != nil || out != "status=2\n" {
			t.Errorf("%s with a line end: status %d, arguments %q, outputs %q", flag, got.code, got.args, out)
		}
	}
}

// TestAzureTakesNoCommandFromStderr: what the gate says there can have names of the change under test in it.
func TestAzureTakesNoCommandFromStderr(t *testing.T) {
	got := run(t, scripts(t)[2], "3", map[string]string{"workspace": "ws", "": "plan.json"})
	if strings.Contains(got.stdout+got.stderr, "##") || !strings.Contains(got.stderr, "hostile") {
		t.Errorf("stderr: %q", got.stderr)
	}
}

// TestOldOutcomesDoNotPass: a file that the change under test brought along is not taken for an outcome.
func TestOldOutcomesDoNotPass(t *testing.T) {
	s := scripts(t)[1]
	s.text = "printf planted >gl-code-quality-report.json; printf planted >waarborg-junit.xml; printf planted >waarborg-gate.json\n" +
		"WAARBORG_BINARY=false\n" + s.text
	got := run(t, s, "0", map[string]string{"workspace": "ws", "": "plan.json"})
	if left, _ := filepath.Glob(filepath.Join(got.dir, "*-*.*")); got.code != 1 || len(left) != 0 {
		t.Errorf("status %d, left: %q", got.code, left)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestNoValueInAScript: an expression in the text of a script would be replaced before the shell reads it.
func TestNoValueInAScript(t *testing.T) {
	for _, s := range scripts(t) {
		if strings.Contains(s.text, "${{") || strings.Contains(s.text, "$[[") {
			t.Errorf("%s: a script has an expression in it", s.name)
		}
	}
	var a action
	load(t, "action.yml", &a)
	if len(a.Runs.Steps) != 1 || a.Runs.Using != "composite" || a.Runs.Steps[0].Run != `bash "$GATE_ACTION/ci/github/gate"` {
		t.Fatalf("the action does something else than run the script: %+v", a.Runs)
	}
	text := scripts(t)[0].text
	for name := range a.Inputs {
		env := "GATE_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if a.Runs.Steps[0].Env[env] != "${{ inputs."+name+" }}" || !strings.Contains(text, env) {
			t.Errorf("the input %s does not reach the script", name)
		}
	}
	var az template
	load(t, "ci/azure/waarborg.yml", &az)
	env := az.Steps[0]["env"].(map[string]any)
	for _, p := range az.Parameters {
		used := slices.ContainsFunc(slices.Sorted(maps.Keys(env)), func(k string) bool {
			return env[k] == "${{ parameters."+p.Name+" }}" && strings.Contains(az.Steps[0]["bash"].(string), k)
		})
		if !used && p.Name != "artifact" {
			t.Errorf("the parameter %s does not reach the script", p.Name)
		}
	}
}

func TestShellcheck(t *testing.T) {
	shellcheck := testtool.Path(t, "shellcheck")
	for _, s := range scripts(t) {
		cmd := exec.Command(shellcheck, "--shell="+s.shell, "-")
		cmd.Stdin = strings.NewReader(s.text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", s.name, err, out)
		}
	}
}
