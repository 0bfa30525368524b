package main

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"waarborg/dpa"
	"waarborg/internal/say"
	"waarborg/internal/workspace"
)

// Bounds of what is read from a ref.
const (
	maxTrustedFiles = 20_000
	maxTrustedBytes = 48 << 20 // of all files together
)

// trusted is a workspace, and whatever else of its repository is asked for, as it is at a git ref. It lies in a private folder.
type trusted struct {
	repo   *gitRepo
	commit string
	cwd    string // from the root of the work tree
	copy   string // folder with what was read, laid out as the work tree
	dir    string // the workspace in it
	bytes  int64
	files  map[string]bool // that were read
}

// trust reads the workspace as it is at a git ref of the repository that holds it. The work tree is not looked at. What the
// caller needs besides, such as a baseline, it asks for with path. It closes it in the end.
func (a *app) trust(ctx context.Context, ref string) (*trusted, error) {
	cwd, dir, err := fromHere(a.dir)
	if err != nil {
		return nil, err
	}
	repo, err := openGit(dir, a.env)
	if err != nil {
		return nil, err
	}
	t := &trusted{repo: repo, files: map[string]bool{}}
	if t.commit, err = repo.commit(ctx, ref); err != nil {
		return nil, err
	}
	if t.copy, err = os.MkdirTemp("", "waarborg-ref-"); err != nil { // 0700
		return nil, fails(say.Both("no private folder can be made: %s", "er kan geen eigen map worden gemaakt: %s", err),
			say.Both("check TMPDIR", "controleer TMPDIR"))
	}
	t.cwd, _ = filepath.Rel(repo.root, cwd)
	within, err := filepath.Rel(repo.root, dir)
	if err == nil {
		t.dir = filepath.Join(t.copy, within)
		err = t.workspace(ctx, filepath.ToSlash(within))
	}
	if err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

// fromHere makes the present folder, and another named from it, absolute. Links on the way to the present folder are those of
// whoever runs this; those below it are not followed.
func fromHere(name string) (cwd, full string, err error) {
	given, err := os.Getwd()
	if err == nil {
		cwd, err = filepath.EvalSymlinks(given)
	}
	if err != nil {
		return "", "", fails(say.Both("the present folder cannot be found: %s", "de huidige map is niet te vinden: %s", err), say.Text{})
	}
	if !filepath.IsAbs(name) {
		return cwd, filepath.Join(cwd, name), nil
	}
	if below, err := filepath.Rel(given, name); err == nil && filepath.IsLocal(below) {
		return cwd, filepath.Join(cwd, below), nil
	}
	return cwd, filepath.Clean(name), nil
}

// workspace reads what a workspace consists of: its files, the statements, and the public halves of its keys. Private keys stay
// where they are.
func (t *trusted) workspace(ctx context.Context, within string) error {
	var names []string
	for _, name := range []string{workspace.ConfigFile, workspace.AgreementsDir, workspace.SubProcessorsFile, workspace.DataMapFile, workspace.AccessFile,
		workspace.WaiversFile, attestationsDir} {
		names = append(names, path.Join(within, name))
	}
	if err := t.take(ctx, all, names...); err != nil {
		return err
	}
	if !t.files[path.Join(within, workspace.ConfigFile)] {
		return fails(say.Both("there is no workspace %q at that ref", "bij die ref is er geen werkmap %q", within),
			say.Both("name its folder as it is there with -w; a link is not followed", "noem met -w haar map zoals die daar heet; een koppeling wordt niet gevolgd"))
	}
	// Whatever is wrong with the files is said by whoever loads the workspace.
	ws, _ := workspace.Load(os.DirFS(t.dir), dpa.Categories{})
	if keys := filepath.ToSlash(ws.Config.Keys.Dir); keys != "" && filepath.IsLocal(ws.Config.Keys.Dir) {
		return t.take(ctx, public, path.Join(within, keys))
	}
	return nil
}

func all(string) bool { return true }

func public(name string) bool {
	return slices.Contains([]string{".pub", ".crt", ".json", ".pem"}, path.Ext(name))
}

// path returns where a file or folder, named from the present folder, can be read as it is at the ref. An absolute path is none of
// the repository's, and is returned as it is.
func (t *trusted) path(ctx context.Context, name string) (string, error) {
	if name == "" || filepath.IsAbs(name) {
		return name, nil
	}
	within := filepath.Join(t.cwd, name)
	if !filepath.IsLocal(within) {
		return "", fails(say.Both("%q lies outside the repository that --ref reads", "%q ligt buiten de repository die --ref leest", name),
			say.Both("give its path from the root, starting with /", "geef het pad vanaf de wortel, beginnend met /"))
	}
	if err := t.take(ctx, all, filepath.ToSlash(within)); err != nil {
		return "", err
	}
	full := filepath.Join(t.copy, within)
	if _, err := os.Lstat(full); err != nil {
		return "", fails(say.Both("there is no %q at that ref", "bij die ref is er geen %q", name),
			say.Both("commit it there first, or give its path from the root, starting with /", "zet het daar eerst in, of geef het pad vanaf de wortel, beginnend met /"))
	}
	return full, nil
}

// take copies files at paths and below that are wanted. What is not there is left out.
func (t *trusted) take(ctx context.Context, wanted func(name string) bool, paths ...string) error {
	list, err := t.repo.files(ctx, t.commit, paths...)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(f gitFile) bool { return t.files[f.name] || !wanted(f.name) })
	for _, f := range list {
		t.bytes += f.size
	}
	if len(t.files)+len(list) > maxTrustedFiles || t.bytes > maxTrustedBytes {
		return fails(say.Both("what is read at that ref is more than %d files or %d MiB", "wat bij die ref wordt gelezen is meer dan %d bestanden of %d MiB", maxTrustedFiles, maxTrustedBytes>>20),
			say.Both("keep the workspace in a folder of its own", "zet de werkmap in een eigen map"))
	}
	contents, err := t.repo.contents(ctx, list)
	if err != nil {
		return err
	}
	for i, f := range list {
		if err := t.put(f.name, contents[i]); err != nil {
			return fails(say.Both("%q cannot be put in a private folder: %s", "%q kan niet in een eigen map worden gezet: %s", f.name, err),
				say.Both("check the disk of TMPDIR; two names may differ in capitals alone", "controleer de schijf van TMPDIR; misschien verschillen twee namen alleen in hoofdletters"))
		}
		t.files[f.name] = true
	}
	return nil
}

func (t *trusted) put(name string, content []byte) error {
	root, err := os.OpenRoot(t.copy)
	if err != nil {
		return err
	}
	defer root.Close()
	local := filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(local), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(local, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// close removes what was read.
func (t *trusted) close() error { return os.RemoveAll(t.copy) }

// ownWorkspace refuses, in a pipeline, a workspace that the change under test can alter: one in the same checkout as an input or
// as the present folder. With a ref it is read from there, so nothing is refused.
func (a *app) ownWorkspace(ref string, inputs []string) error {
	if ref != "" || !a.inPipeline() {
		return nil
	}
	for _, other := range append([]string{"."}, inputs...) {
		if sameCheckout(a.dir, other) {
			return fails(say.Both("the workspace %s lies in the checkout that is judged, so the change under test could alter what it is judged by",
				"de werkmap %s ligt in de checkout die wordt beoordeeld, dus de wijziging zou kunnen veranderen waaraan zij wordt getoetst", a.dir),
				say.Both("read it from a trusted branch with --ref origin/main, or name a workspace outside the checkout with -w",
					"lees haar uit een vertrouwde branch met --ref origin/main, of noem met -w een werkmap buiten de checkout"))
		}
	}
	return nil
}

// inPipeline tells whether a build server runs this.
func (a *app) inPipeline() bool {
	for _, name := range []string{"CI", "TF_BUILD"} {
		if v, ok := a.env(name); ok && v != "" && v != "0" && !strings.EqualFold(v, "false") {
			return true
		}
	}
	return false
}

// sameCheckout tells whether a workspace lies in the same git work tree as another file or folder, by its name or by where links lead.
// A submodule belongs to the tree around it. What is in no work tree is the same as a folder that holds it.
func sameCheckout(workspace, other string) bool {
	for _, x := range bothNames(workspace) {
		for _, y := range bothNames(other) {
			here, there := checkout(x), checkout(y)
			if here != "" && here == there {
				return true
			}
			if below, err := filepath.Rel(y, x); here == "" && there == "" && err == nil && filepath.IsLocal(below) {
				return true
			}
		}
	}
	return false
}

// bothNames are the absolute path of a file by its name, and by where links lead.
func bothNames(name string) []string {
	_, full, err := fromHere(name)
	if err != nil {
		return nil
	}
	real, err := filepath.EvalSymlinks(full)
	if err != nil || real == full {
		return []string{full}
	}
	return []string{full, real}
}

// checkout is the root of the outermost work tree that a path belongs to by submodules; empty if it is in none.
func checkout(path string) string {
	root, submodule := workTree(path)
	if submodule {
		if outer := checkout(filepath.Dir(root)); outer != "" {
			return outer
		}
	}
	return root
}
