package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waarborg/internal/say"
	"waarborg/internal/sign"
)

// repository is a git repository of a test.
type repository struct {
	t    *testing.T
	root string
}

func newRepository(t *testing.T) repository {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := repository{t, root}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r repository) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.root
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a",
		"GIT_COMMITTER_EMAIL=a@example.org", "GIT_ALLOW_PROTOCOL=file")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit puts files in the work tree and commits all of it.
func (r repository) commit(f files) {
	r.t.Helper()
	if err := f.write(r.root); err != nil {
		r.t.Fatal(err)
	}
	r.git("add", "-A", "-f")
	r.git("commit", "-q", "--allow-empty", "-m", "x")
}

// below puts files in a folder.
func (f files) below(dir string) files {
	out := files{}
	for name, text := range f {
		out[dir+"/"+name] = text
	}
	return out
}

func appIn(dir string) *app {
	return &app{dir: dir, lang: "en", outside: outside{env: os.LookupEnv, now: time.Now}}
}

// TestTrustedRef: the workspace is that of the ref, whatever the work tree holds.
func TestTrustedRef(t *testing.T) {
	r := newRepository(t)
	keys := files{".waarborg/keys/evidence.pub": "public", ".waarborg/keys/evidence.key": "private", ".waarborg/keys/retired/1.json": "{}", ".waarborg/keys/evidence.crt": "c"}
	r.commit(small().with(keys).below("privacy").with(files{"baseline.json": "of main", "deep/register.json": "of main", "privacy/attestations/a.json": "{}",
		"app/main.tf": "resource", "privacy/.gitattributes": "* export-ignore export-subst text eol=crlf\n", "privacy/agreements/.hidden": "x", "other.json": "main"}))
	want := r.git("rev-parse", "HEAD")
	r.git("checkout", "-q", "-b", "change")
	r.commit(files{"privacy/waivers.yaml": "waivers: [] # all\n", "baseline.json": "of the change", "new.json": "of the change"})
	if err := os.RemoveAll(filepath.Join(r.root, "privacy", "agreements")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(r.root, "app"))
	for _, ref := range []string{"main", "refs/heads/main", want, "HEAD~1", "@{-1}"} {
		a := appIn("../privacy")
		x, err := a.trust(t.Context(), ref)
		if err != nil {
			t.Errorf("%s: %v", ref, err)
			continue
		}
		if st, err := os.Stat(x.copy); err != nil || st.Mode().Perm() != 0o700 || x.commit != want {
			t.Errorf("%s: mode %v, commit %s, %v", ref, st.Mode(), x.commit, err)
		}
		a.dir = x.dir
		s := loaded(t, a)
		if s.Config.Processor.Name != "Small Processor" || len(s.Book.Customers) != 2 {
			t.Errorf("%s: %+v", ref, s.Config)
		}
		var have []string
		err = filepath.WalkDir(x.copy, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				name, _ := filepath.Rel(x.copy, path)
				have = append(have, filepath.ToSlash(name))
				if info, err := d.Info(); err != nil || info.Mode() != 0o600 {
					t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		same(t, ref, have, []string{"privacy/waarborg.yaml", "privacy/agreements/standard.yaml", "privacy/agreements/.hidden", "privacy/agreements/customers/north.yaml",
			"privacy/agreements/customers/south.yaml", "privacy/subprocessors.yaml", "privacy/datamap.yaml", "privacy/access.yaml", "privacy/waivers.yaml",
			"privacy/attestations/a.json", "privacy/.waarborg/keys/evidence.pub", "privacy/.waarborg/keys/evidence.crt", "privacy/.waarborg/keys/retired/1.json"})
		if raw, err := os.ReadFile(filepath.Join(x.dir, "waivers.yaml")); err != nil || string(raw) != "waivers: []\n" {
			t.Errorf("%s: waivers %q, %v", ref, raw, err)
		}
		for name, want := range map[string]string{"../baseline.json": "of main", "../deep/register.json": "of main", "../deep": "", "/etc/hosts": "/etc/hosts", "": ""} {
			path, err := x.path(t.Context(), name)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if raw, err := os.ReadFile(path); strings.HasPrefix(want, "of") && (err != nil || string(raw) != want) || want == "/etc/hosts" && path != want {
				t.Errorf("%s: %q, %v", name, raw, err)
			}
		}
		for _, name := range []string{"../new.json", "../../secret", "nothing"} {
			if path, err := x.path(t.Context(), name); err == nil {
				t.Errorf("%s is read as %s", name, path)
			}
		}
		if err := x.close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(x.copy); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: it is left behind: %v", ref, err)
		}
	}
}

// TestTrustedKeys: a register sealed by the key of the ref is trusted, whatever key the change brings.
func TestTrustedKeys(t *testing.T) {
	s := newShell(t, small())
	s.must(t, exitMet, "keys", "init")
	r := newRepository(t)
	pub, err := os.ReadFile(filepath.Join(s.dir, ".waarborg/keys/evidence.pub"))
	if err != nil {
		t.Fatal(err)
	}
	r.commit(small().with(files{".waarborg/keys/evidence.pub": string(pub)}))
	r.git("checkout", "-q", "-b", "change")
	r.commit(files{".waarborg/keys/evidence.pub": "-----BEGIN PUBLIC KEY-----\n"})
	t.Chdir(r.root)
	x, err := appIn(".").trust(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	defer x.close()
	a := appIn(x.dir)
	trust, err := sign.LoadTrust(loaded(t, a).keys())
	if err != nil || len(trust.Keys()) != 1 {
		t.Errorf("%d keys are trusted, %v", len(trust.Keys()), err)
	}
}

func TestHostileRefs(t *testing.T) {
	r := newRepository(t)
	r.commit(small())
	canary := filepath.Join(t.TempDir(), "canary")
	t.Chdir(r.root)
	for _, ref := range []string{"", "-", "--upload-pack=touch " + canary, "-o" + canary, "--output=" + canary, "--exec=touch " + canary, "main\n", "ma\x00in", "main\x7f", "nowhere", "main:waarborg.yaml",
		"main^{tree}", "HEAD^{blob}", "../main", strings.Repeat("a", 300), "main main", "$(touch " + canary + ")", "`touch " + canary + "`", "main;touch " + canary,
		strings.Repeat("0", 40), "main..main", "^main", "@{-1}", "main~5"} {
		x, err := appIn(".").trust(t.Context(), ref)
		if err == nil {
			t.Errorf("%q is read as %s", ref, x.commit)
			continue
		}
		for _, lang := range []string{"en", "nl"} {
			if msg, hint, ok := say.In(err, lang); !ok || msg == "" || hint == "" {
				t.Errorf("%q: %q, %q", ref, msg, hint)
			}
		}
	}
	if _, err := os.Stat(canary); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something ran: %v", err)
	}
	r.git("tag", "change")
	r.git("branch", "change")
	if _, err := appIn(".").trust(t.Context(), "change"); err == nil || !strings.Contains(err.Error(), "several refs") {
		t.Errorf("a branch and a tag of one name: %v", err)
	}
	if x, err := appIn(".").trust(t.Context(), "refs/heads/change"); err != nil {
		t.Errorf("written in full: %v", err)
	} else {
		x.close()
	}
}

// TestHostileRepository: nothing that stands in a repository's settings runs, and nothing in its tree leads elsewhere.
func TestHostileRepository(t *testing.T) {
	r := newRepository(t)
	r.commit(small().below("privacy"))
	r.git("tag", "good")
	canary := filepath.Join(t.TempDir(), "canary")
	run := "touch " + canary + "; echo"
	hooks := filepath.Join(r.root, ".git", "hooks")
	script := []byte("#!/bin/sh\ntouch " + canary + "\n")
	if err := os.MkdirAll(hooks, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, hook := range []string{"post-checkout", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman", "post-index-change"} {
		if err := os.WriteFile(filepath.Join(hooks, hook), script, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{"core.fsmonitor": filepath.Join(hooks, "fsmonitor-watchman"), "core.hooksPath": hooks, "core.pager": run, "pager.ls-tree": run,
		"pager.rev-parse": run, "core.sshCommand": run, "core.editor": run, "alias.rev-parse": "!" + run, "alias.ls-tree": "!" + run, "alias.cat-file": "!" + run, "core.askPass": run,
		"filter.x.smudge": run, "filter.x.process": run, "diff.x.textconv": run, "core.gitProxy": run, "credential.helper": "!" + run,
		"remote.origin.url": "ext::sh -c touch% " + canary, "remote.origin.promisor": "true", "protocol.ext.allow": "always", "extensions.partialClone": "origin",
		"uploadpack.packObjectsHook": run, "gpg.program": run, "core.alternateRefsCommand": run} {
		r.git("config", name, value)
	}
	if err := os.WriteFile(filepath.Join(r.root, ".git", "info", "attributes"), []byte("* filter=x diff=x export-ignore\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	os.Remove(canary)
	t.Chdir(r.root)
	x, err := appIn("privacy").trust(t.Context(), "good")
	if err != nil {
		t.Fatal(err)
	}
	if err := x.close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(canary); !errors.Is(err, fs.ErrNotExist) {
		t.Error("something in the settings of the repository ran")
	}

	// A file that is missing from a partial clone is not fetched.
	id := r.git("rev-parse", "good:privacy/waivers.yaml")
	os.Remove(canary)
	if err := os.Remove(filepath.Join(r.root, ".git", "objects", id[:2], id[2:])); err != nil {
		t.Fatal(err)
	}
	if _, err := appIn("privacy").trust(t.Context(), "good"); err == nil || !strings.Contains(err.Error(), "git could not read") {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := os.Stat(canary); !errors.Is(err, fs.ErrNotExist) {
		t.Error("git went to fetch a file")
	}
}

func TestHostileTrees(t *testing.T) {
	link := func(r repository, target, name string) {
		full := filepath.Join(r.root, name)
		if err := errors.Join(os.RemoveAll(full), os.MkdirAll(filepath.Dir(full), 0o755), os.Symlink(target, full)); err != nil {
			r.t.Fatal(err)
		}
		r.git("add", "-A", "-f")
		r.git("commit", "-q", "-m", "x")
	}
	for name, spoil := range map[string]func(r repository){
		"a link to a file":    func(r repository) { link(r, "/etc/passwd", "privacy/waivers.yaml") },
		"a link in a folder":  func(r repository) { link(r, "../../x", "privacy/agreements/customers/evil.yaml") },
		"a link for a folder": func(r repository) { link(r, "/etc", "privacy/agreements") },
		"a link among keys":   func(r repository) { link(r, "/etc/passwd", "privacy/.waarborg/keys/evidence.pub") },
		"a submodule in it": func(r repository) {
			r.git("update-index", "--add", "--cacheinfo", "160000,"+r.git("rev-parse", "HEAD")+",privacy/attestations")
			r.git("commit", "-q", "-m", "x")
		},
		"more than may be": func(r repository) {
			r.commit(files{"privacy/attestations/big.json": strings.Repeat("x", maxTrustedBytes)})
		},
		"a workspace that's link": func(r repository) { link(r, "other", "privacy") },
	} {
		r := newRepository(t)
		r.commit(small().below("privacy").with(small().below("other")))
		spoil(r)
		t.Chdir(r.root)
		x, err := appIn("privacy").trust(t.Context(), "main")
		if err == nil {
			t.Errorf("%s: it is read", name)
			x.close()
		} else if _, hint, ok := say.In(err, "nl"); !ok || hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), "waarborg-ref-*"))
	for _, dir := range left {
		if st, err := os.Stat(dir); err == nil && time.Since(st.ModTime()) < 5*time.Second {
			t.Errorf("%s is left behind", dir)
		}
	}
}

// TestLinkedWorkTree: a link that the change puts in the place of the workspace leads nowhere, for only names count.
func TestLinkedWorkTree(t *testing.T) {
	r := newRepository(t)
	weak := small()
	weak["waarborg.yaml"] = strings.Replace(weak["waarborg.yaml"], "Small Processor", "Weak Processor", 1)
	r.commit(small().below("privacy").with(weak.below("examples/weak")))
	r.git("checkout", "-q", "-b", "change")
	if err := errors.Join(os.RemoveAll(filepath.Join(r.root, "privacy")), os.Symlink("examples/weak", filepath.Join(r.root, "privacy"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(r.root)
	x, err := appIn("privacy").trust(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	defer x.close()
	if got := loaded(t, appIn(x.dir)).Config.Processor.Name; got != "Small Processor" {
		t.Errorf("the workspace of %s is read", got)
	}
}

func TestWhereARepositoryIs(t *testing.T) {
	r := newRepository(t)
	r.commit(small().below("privacy"))
	inner := newRepository(t)
	inner.commit(small())
	r.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.root, "sub")
	r.git("commit", "-q", "-m", "x")
	tree := filepath.Join(t.TempDir(), "tree")
	r.git("worktree", "add", "-q", tree, "-b", "beside")
	tree, err := filepath.EvalSymlinks(tree)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(r.root)
	if _, err := appIn("sub").trust(t.Context(), "main"); err == nil || !strings.Contains(err.Error(), "is a submodule") {
		t.Errorf("a submodule: %v", err)
	}
	if x, err := appIn(filepath.Join(tree, "privacy")).trust(t.Context(), "main"); err != nil {
		t.Errorf("a linked work tree: %v", err)
	} else {
		x.close()
	}
	if _, err := appIn(t.TempDir()).trust(t.Context(), "main"); err == nil || !strings.Contains(err.Error(), "is in no git repository") {
		t.Errorf("no repository: %v", err)
	}

	loose := t.TempDir()
	if err := errors.Join(os.MkdirAll(filepath.Join(loose, "ws"), 0o755), os.MkdirAll(filepath.Join(loose, "beside"), 0o755), os.Symlink(filepath.Join(r.root, "privacy"), filepath.Join(loose, "link")),
		os.WriteFile(filepath.Join(r.root, "plan.json"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		workspace, other string
		want             bool
	}{
		{"privacy", ".", true}, {"privacy", "plan.json", true}, {filepath.Join(r.root, "privacy"), ".", true}, {".", "privacy", true}, {"gone", ".", true},
		{"sub", ".", true}, {"privacy", "sub", true}, {filepath.Join(tree, "privacy"), ".", false}, {inner.root, ".", false}, {filepath.Join(loose, "ws"), ".", false},
		{filepath.Join(loose, "link"), ".", true}, {filepath.Join(loose, "ws"), loose, true}, {filepath.Join(loose, "ws"), filepath.Join(loose, "beside"), false}, {loose, loose, true},
	} {
		if got := sameCheckout(tt.workspace, tt.other); got != tt.want {
			t.Errorf("%s and %s: %v", tt.workspace, tt.other, got)
		}
	}
}

func TestOwnWorkspace(t *testing.T) {
	r := newRepository(t)
	r.commit(small().below("privacy"))
	outside := t.TempDir()
	t.Chdir(r.root)
	a := appIn("privacy")
	var set string
	a.env = func(name string) (string, bool) { return set, name == "CI" && set != "" }
	for _, value := range []string{"", "0", "false", "False"} {
		if set = value; a.ownWorkspace("", nil) != nil {
			t.Errorf("CI=%s is no pipeline", value)
		}
	}
	set = "true"
	err := a.ownWorkspace("", nil)
	if err == nil || !strings.Contains(err.Error(), "--ref origin/main") {
		t.Errorf("in the checkout: %v", err)
	}
	if msg, hint, _ := say.In(err, "nl"); !strings.Contains(msg, "ligt in de checkout") || hint == "" {
		t.Errorf("%q, %q", msg, hint)
	}
	if err := a.ownWorkspace("main", nil); err != nil {
		t.Errorf("with a ref: %v", err)
	}
	a.dir = outside
	if err := a.ownWorkspace("", []string{"plan.json"}); err != nil {
		t.Errorf("outside the checkout: %v", err)
	}
	if err := a.ownWorkspace("", []string{filepath.Join(outside, "..")}); err == nil {
		t.Error("an input that holds the workspace is let through")
	}
	a.env = func(name string) (string, bool) { return "True", name == "TF_BUILD" }
	if !a.inPipeline() {
		t.Error("Azure Pipelines is no pipeline")
	}
}
