package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"waarborg/internal/say"
)

// Bounds of what is asked of git.
const (
	gitTime   = 2 * time.Minute // of one command
	gitOutput = 64 << 20        // bytes of one answer
	gitErrors = 64 << 10        // bytes of messages
)

// gitRepo is a repository whose own settings are not trusted: nothing in them may run a program, and nothing is fetched.
type gitRepo struct {
	root string // work tree
	env  []string
}

// openGit finds the repository of a folder by its path as it was given: a link in the work tree belongs to the change under
// test, and must not lead to another repository. Nor must a submodule: which one it is, the change under test says.
func openGit(dir string, env func(string) (string, bool)) (*gitRepo, error) {
	root, submodule := workTree(dir)
	if root == "" {
		return nil, fails(say.Both("%s is in no git repository", "%s ligt niet in een git-repository", dir),
			say.Both("leave --ref out, or run this in a checkout", "laat --ref weg, of draai dit in een checkout"))
	}
	if submodule {
		return nil, fails(say.Both("%s is a submodule, and which one that is, the change under test decides", "%s is een submodule, en welke dat is bepaalt de wijziging zelf", root),
			say.Both("name the workspace in a checkout of its own with -w", "noem de werkmap in een eigen checkout met -w"))
	}
	if real, err := filepath.EvalSymlinks(root); err != nil || real != root {
		return nil, fails(say.Both("the repository %s is reached through a link", "de repository %s wordt bereikt via een koppeling", root),
			say.Both("name the workspace by its real path with -w", "noem de werkmap met haar echte pad met -w"))
	}
	r := &gitRepo{root: root, env: []string{"LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_TERMINAL_PROMPT=0",
		"GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1", "GIT_NO_LAZY_FETCH=1", "GIT_LITERAL_PATHSPECS=1", "GIT_PAGER=cat"}}
	for _, name := range []string{"PATH", "SYSTEMROOT", "TMPDIR", "TEMP"} {
		if v, ok := env(name); ok {
			r.env = append(r.env, name+"="+v)
		}
	}
	return r, nil
}

// run gives what git writes. The repository is named, so git looks for none, and its owner need not be who runs this, as in
// a container.
func (r *gitRepo) run(ctx context.Context, in io.Reader, args ...string) (out []byte, messages string, err error) {
	ctx, stop := context.WithTimeout(ctx, gitTime)
	defer stop()
	args = append([]string{"--no-pager", "--git-dir=" + filepath.Join(r.root, ".git"), "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull,
		"-c", "protocol.allow=never", "-c", "core.warnAmbiguousRefs=true", "-c", "gc.auto=0", "-c", "maintenance.auto=false"}, args...)
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Env, cmd.Stdin = r.root, r.env, in
	cmd.WaitDelay = time.Second
	stdout, stderr := &capped{left: gitOutput, stop: stop}, &capped{left: gitErrors, stop: stop}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err = cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		err = fails(say.Both("there is no git to read --ref with", "er is geen git om --ref mee te lezen"), say.Both("install git", "installeer git"))
	case stdout.over || stderr.over:
		err = fails(say.Both("git gives more than %d MiB", "git geeft meer dan %d MiB", gitOutput>>20),
			say.Both("keep the workspace in a folder of its own", "zet de werkmap in een eigen map"))
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fails(say.Both("git took longer than %s", "git deed er langer over dan %s", gitTime), say.Text{})
	}
	return stdout.held.Bytes(), stderr.held.String(), err
}

// capped holds what a program writes, up to a limit at which it stops the program.
type capped struct {
	held bytes.Buffer
	left int
	over bool
	stop func()
}

func (c *capped) Write(p []byte) (int, error) {
	if c.left -= len(p); c.left < 0 {
		c.over = true
		c.stop()
		return 0, io.ErrShortWrite
	}
	return c.held.Write(p)
}

// commit is what a ref names.
func (r *gitRepo) commit(ctx context.Context, ref string) (string, error) {
	again := say.Both("name a branch, tag or commit that is here, such as --ref origin/main; a shallow checkout may lack it: fetch it first",
		"noem een branch, tag of commit die er is, zoals --ref origin/main; in een ondiepe checkout kan die ontbreken: haal die dan eerst op")
	bad := fails(say.Both("%q cannot be a ref", "%q kan geen ref zijn", ref[:min(len(ref), 100)]), again)
	if ref == "" || len(ref) > 250 || ref[0] == '-' || strings.ContainsFunc(ref, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return "", bad
	}
	out, messages, err := r.run(ctx, nil, "rev-parse", "--verify", "--end-of-options", ref+"^{commit}")
	if exit, is := errors.AsType[*exec.ExitError](err); is && exit.Exited() {
		return "", fails(say.Both("there is no ref %q in %s", "er is geen ref %q in %s", ref, r.root), again)
	}
	if err != nil {
		return "", err
	}
	if strings.Contains(messages, "ambiguous") { // a tag of the name of a branch would win from it
		return "", fails(say.Both("there are several refs %q in %s", "er zijn meer refs %q in %s", ref, r.root),
			say.Both("write it in full, such as refs/heads/main", "schrijf hem voluit, zoals refs/heads/main"))
	}
	commit := strings.TrimSpace(string(out))
	if len(commit) < 40 || strings.Trim(commit, "0123456789abcdef") != "" {
		return "", bad
	}
	return commit, nil
}

// gitFile is a file of a commit.
type gitFile struct {
	name string // from the root of the work tree, with slashes
	id   string
	size int64
}

// files lists the files of a commit at paths and below. What is no plain file is refused.
func (r *gitRepo) files(ctx context.Context, commit string, paths ...string) ([]gitFile, error) {
	out, _, err := r.run(ctx, nil, append([]string{"ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--"}, paths...)...)
	if err != nil {
		return nil, r.failed(err)
	}
	var list []gitFile
	for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if line == "" {
			continue
		}
		info, name, _ := strings.Cut(line, "\t")
		part := strings.Fields(info) // mode, type, id, size
		if len(part) != 4 || !filepath.IsLocal(filepath.FromSlash(name)) {
			return nil, r.failed(nil)
		}
		if part[0] != "100644" && part[0] != "100755" {
			return nil, fails(say.Both("%q is no plain file at that ref", "%q is bij die ref geen gewoon bestand", name),
				say.Both("a workspace holds neither links nor submodules", "in een werkmap staan geen links en geen submodules"))
		}
		size, err := strconv.ParseInt(part[3], 10, 64)
		if err != nil {
			return nil, r.failed(err)
		}
		list = append(list, gitFile{name, part[2], size})
	}
	return list, nil
}

// contents reads files of a commit, exactly as they were committed.
func (r *gitRepo) contents(ctx context.Context, list []gitFile) ([][]byte, error) {
	var ids strings.Builder
	for _, f := range list {
		ids.WriteString(f.id + "\n")
	}
	out, _, err := r.run(ctx, strings.NewReader(ids.String()), "cat-file", "--batch")
	if err != nil {
		return nil, r.failed(err)
	}
	all := make([][]byte, len(list))
	for i, f := range list {
		head := f.id + " blob " + strconv.FormatInt(f.size, 10) + "\n"
		if !bytes.HasPrefix(out, []byte(head)) || int64(len(out)) < int64(len(head))+f.size+1 {
			return nil, r.failed(nil)
		}
		all[i] = out[len(head) : int64(len(head))+f.size]
		out = out[int64(len(head))+f.size+1:]
	}
	return all, nil
}

func (r *gitRepo) failed(err error) error {
	if _, _, ok := say.In(err, "en"); ok {
		return err
	}
	return &say.Error{Msg: say.Both("git could not read %s", "git kon %s niet lezen", r.root),
		Hint: say.Both("check it with `git fsck`; a partial clone must have its files", "controleer de repository met `git fsck`; een gedeeltelijke clone moet de bestanden wel hebben"), Err: err}
}

// workTree is the root of the git work tree that a path lies in by its name; empty if it is in none. A folder on the way that is a
// link is no root. submodule tells whether the tree is one, or has its repository elsewhere, so that the two cannot be told apart.
func workTree(path string) (root string, submodule bool) {
	for dir := path; ; dir = filepath.Dir(dir) {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() {
			if git, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
				return dir, !git.IsDir() && !linkedTree(filepath.Join(dir, ".git"))
			}
		}
		if dir == filepath.Dir(dir) {
			return "", false
		}
	}
}

// linkedTree tells whether a .git file is that of `git worktree add`.
func linkedTree(file string) bool {
	raw, err := os.ReadFile(file)
	where, ok := strings.CutPrefix(strings.TrimSpace(string(raw)), "gitdir: ")
	if err != nil || !ok {
		return false
	}
	if !filepath.IsAbs(where) {
		where = filepath.Join(filepath.Dir(file), where)
	}
	_, err = os.Stat(filepath.Join(where, "commondir"))
	return err == nil
}
