package workspace

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed template
var templates embed.FS

// Init writes a new workspace with comments in the language (nl or en) into the folder, which is made if it is not
// there, and returns the names of the files it made. It writes over nothing, and if it cannot make all files it makes
// none.
func Init(dir, lang string) ([]string, error) {
	root, err := fs.Sub(templates, path.Join("template", lang))
	if err == nil {
		_, err = fs.Stat(root, ConfigFile)
	}
	if err != nil {
		return nil, fmt.Errorf("there is no workspace template in the language %q: choose nl or en", lang)
	}
	names, err := templateFiles(root)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(dir, target(name))); err == nil {
			return nil, fmt.Errorf("%s exists already: choose an empty folder, or move the file", filepath.Join(dir, target(name)))
		}
	}
	var undo []string // what was made, in order
	for _, name := range names {
		content, err := fs.ReadFile(root, name)
		if err == nil {
			err = create(filepath.Join(dir, target(name)), content, &undo)
		}
		if err != nil {
			for _, made := range slices.Backward(undo) {
				err = errors.Join(err, os.Remove(made))
			}
			return nil, fmt.Errorf("the workspace could not be made in %s, and nothing was left there: %w", dir, err)
		}
	}
	out := make([]string, 0, len(names))
	for _, name := range names {
		out = append(out, target(name))
	}
	return out, nil
}

// target is the name that a template file gets: embedded files cannot start with a dot.
func target(name string) string {
	if name == "gitignore" {
		return ".gitignore"
	}
	return name
}

func templateFiles(root fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	// The files of the folder itself before those of folders in it, for the list that is shown.
	slices.SortFunc(names, func(a, b string) int {
		return strings.Count(a, "/") - strings.Count(b, "/")
	})
	return names, err
}

// create makes a new file and the folders above it, and adds each to made.
func create(name string, content []byte, made *[]string) error {
	var missing []string
	for dir := filepath.Dir(name); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			break
		}
		missing = append(missing, dir)
	}
	for _, dir := range slices.Backward(missing) {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
		*made = append(*made, dir)
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	*made = append(*made, name)
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
