package generate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Output is a set of files below a folder. Nothing else in the folder is touched.
type Output struct {
	Dir   string
	Files map[string][]byte // by their paths below Dir, with slashes
	// Manifest is the name of a file in Dir that lists the others; "": there is none, and no file gets stale.
	Manifest string
}

// Change is what a run does to a file.
type Change struct {
	Path    string // with Dir
	Removed bool   // otherwise it is written
}

// manifest is the content of a manifest.
type manifest struct {
	Files []string `json:"files"`
}

// Changes returns what is not as it should be, sorted; nothing is changed.
func (o Output) Changes() (changes []Change, err error) {
	files, err := o.all()
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text, err := os.ReadFile(o.path(name)) //nolint:gosec // below the operator's folder: see listed
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err != nil || !bytes.Equal(text, files[name]) {
			changes = append(changes, Change{Path: o.path(name)})
		}
	}
	listed, err := o.listed()
	for _, name := range listed {
		if _, kept := files[name]; kept {
			continue
		}
		if _, err := os.Lstat(o.path(name)); err == nil { //nolint:gosec // as above
			changes = append(changes, Change{Path: o.path(name), Removed: true})
		}
	}
	return changes, err
}

// Write makes the files what they should be, and returns what it has changed. All files are written beside the old ones before the first of
// them is replaced: if that fails, nothing is changed.
func (o Output) Write() ([]Change, error) {
	changes, err := o.Changes()
	if err != nil {
		return nil, err
	}
	files, err := o.all()
	if err != nil {
		return nil, err
	}
	staged := map[string]string{} // new files by their paths
	defer func() {
		for _, name := range staged {
			_ = os.Remove(name)
		}
	}()
	for name, text := range files {
		if path := o.path(name); slices.Contains(changes, Change{Path: path}) {
			if staged[path], err = stage(path, text); err != nil {
				return nil, err
			}
		}
	}
	for _, change := range changes {
		if change.Removed {
			err = os.Remove(change.Path)
		} else {
			err = os.Rename(staged[change.Path], change.Path)
			delete(staged, change.Path)
		}
		if err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// stage writes a new file beside the one that it will replace, and returns its name.
func stage(path string, text []byte) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // sources for everybody, as a checkout has them
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".convexgateway-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	return f.Name(), err
}

// all returns the files with the manifest.
func (o Output) all() (map[string][]byte, error) {
	if o.Manifest == "" {
		return o.Files, nil
	}
	files := maps.Clone(o.Files)
	text, err := json.MarshalIndent(manifest{slices.Sorted(maps.Keys(o.Files))}, "", "  ")
	files[o.Manifest] = append(text, '\n')
	return files, err
}

// listed returns the files that the folder's manifest lists.
func (o Output) listed() ([]string, error) {
	if o.Manifest == "" {
		return nil, nil
	}
	text, err := os.ReadFile(o.path(o.Manifest)) //nolint:gosec // the operator's folder
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", o.path(o.Manifest), err)
	}
	for _, name := range m.Files {
		if !fs.ValidPath(name) || name == "." {
			return nil, fmt.Errorf("%s lists %q, which is no file below its folder", o.path(o.Manifest), name)
		}
	}
	return m.Files, nil
}

func (o Output) path(name string) string { return filepath.Join(o.Dir, filepath.FromSlash(name)) }
