// Package durable writes files that are either whole or not there, also after a crash or a power cut.
//
// The system calls, in order: open(O_CREAT|O_EXCL) of a temporary file in the target's own folder, write, fsync, close,
// then rename (Replace) or link and unlink (Create), then fsync of the folder. On any error the temporary file is
// removed. The known gap: a process killed midway leaves its temporary file, named ".<name>.tmp-<number>", behind.
package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"waarborg/internal/say"
)

// Replace writes a file with the given permissions, in the place of one that may be there. If write or any step fails,
// what was there stays as it was.
func Replace(path string, perm fs.FileMode, write func(io.Writer) error) error {
	return put(path, perm, write, os.Rename)
}

// Create is Replace for a file that must not exist yet; if it does, the error is fs.ErrExist and nothing changes.
// Two processes that create the same file cannot both succeed. The file system must know hard links.
func Create(path string, perm fs.FileMode, write func(io.Writer) error) error {
	return put(path, perm, write, func(temp, path string) error {
		// rename would replace a file that another process has just made; link refuses.
		if err := os.Link(temp, path); err != nil {
			return err
		}
		return os.Remove(temp)
	})
}

func put(path string, perm fs.FileMode, write func(io.Writer) error, publish func(temp, path string) error) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".tmp-*")
	if err != nil {
		return failed(err, say.Both("cannot write in folder %s: %s", "kan niet schrijven in map %s (%s)", dir, cause(err)))
	}
	defer func() {
		if err != nil {
			f.Close()           // closing twice is harmless here
			os.Remove(f.Name()) // gone already once it is published
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(perm), f.Sync(), f.Close()); err != nil {
		return failed(err, say.Both("cannot write file %s: %s", "kan bestand %s niet schrijven (%s)", path, cause(err)))
	}
	if err := publish(f.Name(), path); err != nil {
		return failed(err, say.Both("cannot write file %s: %s", "kan bestand %s niet schrijven (%s)", path, cause(err)))
	}
	return syncDir(dir)
}

// syncDir makes the folder's new entry survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return failed(err, say.Both("cannot open folder %s: %s", "kan map %s niet openen (%s)", dir, cause(err)))
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return failed(err, say.Both("cannot save folder %s: %s", "kan map %s niet bewaren (%s)", dir, cause(err)))
	}
	return nil
}

func failed(err error, what say.Text) error { return &say.Error{Msg: what, Err: cause(err)} }

// cause takes the temporary file's name out of an error: it means nothing to a reader.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
