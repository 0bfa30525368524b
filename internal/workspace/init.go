package workspace

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"waarborg/internal/say"
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
		return nil, &say.Error{Msg: say.Both("there is no workspace template in the language %q",
			"er is geen voorbeeldwerkmap in de taal %q", lang),
			Hint: say.Both("choose nl or en", "kies nl of en"), Err: err}
	}
	names, err := templateFiles(root)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(dir, target(name))); err == nil {
			return nil, &say.Error{Msg: say.Both("%s exists already", "%s bestaat al", filepath.Join(dir, target(name))),
				Hint: say.Both("choose an empty folder, or move the file", "kies een lege map, of verplaats het bestand")}
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
			return nil, &say.Error{Msg: say.Both("the workspace could not be made in %s, and nothing was left there",
				"de werkmap kon niet worden gemaakt in %s, en er is niets achtergebleven", dir),
				Hint: say.Both("check that the folder can be written to", "kijk of er in de map geschreven kan worden"), Err: err}
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
