package ci

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
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

// example returns the example of a name in docs/pipelines.md.
func example(t *testing.T, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(read(t, filepath.Join(root, "docs", "pipelines.md")), "<!-- example: "+name+" -->\n```yaml\n")
	text, _, end := strings.Cut(rest, "\n```\n")
	if !ok || !end {
		t.Fatalf("docs/pipelines.md has no example %s", name)
	}
	return text + "\n"
}

func command(t *testing.T, dir, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=t",
		"GIT_COMMITTER_EMAIL=t@example.com", "PRE_COMMIT_HOME="+filepath.Join(dir, ".git", "pre-commit"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// repository makes a git repository of files.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), text, 0o644)
	}
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"add", "-A"}, {"commit", "-q", "-m", "x"},
		{"remote", "add", "origin", "https://gitlab.example.com/a/b.git"}} {
		if out, err := command(t, dir, "git", args...); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	return dir
}

// TestGitHubExample: actionlint knows workflows, expressions, scripts, and the inputs and outputs of an action beside it.
func TestGitHubExample(t *testing.T) {
	lint := testtool.Built(t, "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12")
	testtool.Path(t, "shellcheck")
	local := regexp.MustCompile(`example/waarborg@[0-9a-f]{40}`).ReplaceAllString(example(t, "github"), "./")
	check := func(workflow string) (string, error) {
		dir := repository(t, map[string]string{"action.yml": read(t, filepath.Join(root, "action.yml")), ".github/workflows/x.yml": workflow})
		return command(t, dir, lint, "-no-color")
	}
	if out, err := check(local); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for _, wrong := range [][2]string{{"workspace: compliance\n", ""}, {"plan: plan/plan.json", "plans: plan/plan.json"}, {"gate.outputs.sarif", "gate.outputs.sarf"}} {
		if out, err := check(strings.Replace(local, wrong[0], wrong[1], 1)); err == nil {
			t.Errorf("%q in place of %q was not seen: %s", wrong[1], wrong[0], out)
		}
	}
}

// gitlabLocal returns the entry point of gitlab-ci-local, installed once by its lock file.
func gitlabLocal(t *testing.T) string {
	t.Helper()
	lock := read(t, "testdata/gitlab-ci-local/package-lock.json")
	sum := sha256.Sum256([]byte(lock))
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "waarborg-test", "gitlab-ci-local-"+hex.EncodeToString(sum[:8]))
	entry := filepath.Join(dir, "node_modules", "gitlab-ci-local", "src", "index.js")
	if _, err := os.Stat(entry); err == nil {
		return entry
	}
	npm := testtool.Path(t, "npm")
	err = os.MkdirAll(filepath.Dir(dir), 0o755)
	work, tempErr := os.MkdirTemp(filepath.Dir(dir), "gitlab-ci-local-*.tmp")
	if err = errors.Join(err, tempErr); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(work)
	write(t, filepath.Join(work, "package-lock.json"), lock, 0o644)
	write(t, filepath.Join(work, "package.json"), read(t, "testdata/gitlab-ci-local/package.json"), 0o644)
	out, err := command(t, work, npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("npm ci: %v\n%s", err, out)
	case err != nil:
		t.Skipf("npm ci: %v\n%s", err, out)
	}
	if err := os.Rename(work, dir); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
	return entry
}

// TestGitLabExample: gitlab-ci-local resolves includes and extends, and holds the outcome against GitLab's own schema.
func TestGitLabExample(t *testing.T) {
	local, node := gitlabLocal(t), testtool.Path(t, "node")
	text := regexp.MustCompile(`  - project: .*\n    ref: .*\n    file: `).ReplaceAllString(example(t, "gitlab"), "  - local: ")
	preview := func(text string) (string, error) {
		dir := repository(t, map[string]string{".gitlab-ci.yml": text,
			"ci/gitlab/waarborg.gitlab-ci.yml": read(t, "gitlab/waarborg.gitlab-ci.yml")})
		return command(t, dir, node, local, "--preview", "--variable", "CI_COMMIT_BRANCH=main")
	}
	out, err := preview(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"codequality: ", "WAARBORG_ATTEST: gate.sigstore.json", "WAARBORG_BINARY: waarborg"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if out, err := preview(strings.Replace(text, "    access: developer", "    acces: developer", 1)); err == nil {
		t.Errorf("a wrong key was not seen:\n%s", out)
	}
}

// TestAzureExample holds the use of the template against its parameters. No program outside Azure reads templates.
func TestAzureExample(t *testing.T) {
	var pipeline struct {
		Trigger   []string
		Resources map[string]any
		Stages    []struct {
			Stage, Condition string
			Jobs             []struct {
				Job, Deployment, Environment string
				Pool                         map[string]string
				Strategy                     map[string]any
				Steps                        []struct {
					Template                                    string
					Parameters                                  map[string]any
					Checkout, Bash, Publish, Artifact, Download string
					Task, WorkingDirectory                      string
					Inputs                                      map[string]string
				}
			}
		}
	}
	text := example(t, "azure")
	text = strings.ReplaceAll(text, "workingDirectory:", "workingdirectory:") // the reader's names of fields are in lower case
	if err := yaml.UnmarshalWithOptions([]byte(text), &pipeline, yaml.DisallowUnknownField()); err != nil {
		t.Fatal(err)
	}
	var az template
	load(t, "ci/azure/waarborg.yml", &az)
	used := 0
	for _, stage := range pipeline.Stages {
		for _, job := range stage.Jobs {
			for _, step := range job.Steps {
				if step.Template == "" {
					continue
				}
				used++
				for name := range step.Parameters {
					if !slices.ContainsFunc(az.Parameters, func(p struct {
						Name, Type string
						Default    any
						Values     []string
					}) bool {
						return p.Name == name
					}) {
						t.Errorf("the template has no parameter %s", name)
					}
				}
				for _, p := range az.Parameters {
					if _, given := step.Parameters[p.Name]; p.Default == nil && !given {
						t.Errorf("the example does not give %s", p.Name)
					}
				}
			}
		}
	}
	if used != 1 {
		t.Errorf("the template is used %d times", used)
	}
}

// TestPreCommit: pre-commit accepts the manifest and the example, and hands the files that match to the program.
func TestPreCommit(t *testing.T) {
	tool := testtool.Path(t, "pre-commit")
	manifest := read(t, filepath.Join(root, ".pre-commit-hooks.yaml"))
	hooks := repository(t, map[string]string{".pre-commit-hooks.yaml": manifest, "config.yaml": example(t, "pre-commit")})
	for _, args := range [][]string{{"validate-manifest", ".pre-commit-hooks.yaml"}, {"validate-config", "config.yaml"}} {
		if out, err := command(t, hooks, tool, args...); err != nil || strings.Contains(out, "WARNING") {
			t.Errorf("pre-commit %s: %v\n%s", args[0], err, out)
		}
	}
	code := repository(t, map[string]string{"k8s/a b.yaml": "{}", "deploy/plan.json": "{}", "package.json": "{}", "README.md": "x"})
	bin := t.TempDir()
	write(t, filepath.Join(bin, "waarborg"), fake, 0o755)
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("FAKE_ARGV", filepath.Join(bin, "argv"))
	for status, passes := range map[string]bool{"0": true, "1": false, "3": false} {
		t.Setenv("FAKE_STATUS", status)
		out, err := command(t, code, tool, "try-repo", hooks, "waarborg-gate-system", "--all-files")
		if (err == nil) != passes {
			t.Errorf("waarborg ended with %s, pre-commit: %v\n%s", status, err, out)
		}
		if got := read(t, filepath.Join(bin, "argv")); got != "gate\x00deploy/plan.json\x00k8s/a b.yaml\x00" {
			t.Errorf("arguments: %q\n%s", got, out)
		}
	}
}
