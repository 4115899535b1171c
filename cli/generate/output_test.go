package generate

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree returns the files below a folder with their contents.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func output(dir string, files map[string]string) Output {
	o := Output{Dir: dir, Manifest: manifestFile, Files: map[string][]byte{}}
	for name, text := range files {
		o.Files[name] = []byte(text)
	}
	return o
}

func mustWrite(t *testing.T, o Output) []Change {
	t.Helper()
	changes, err := o.Write()
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// A run writes its files and a manifest, changes nothing the second time, removes what has become stale, and leaves all else in the folder.
func TestOutput(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "api")
	first := output(dir, map[string]string{"spec.json": "1", "app/messages.proto": "m", "app/users.proto": "u"})
	if changes, err := first.Changes(); err != nil || len(changes) != 4 {
		t.Errorf("before the first run: %v, %v", changes, err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a check made the folder")
	}
	mustWrite(t, first)
	if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte("own"), 0o600); err != nil {
		t.Fatal(err)
	}
	if changes := mustWrite(t, first); len(changes) != 0 {
		t.Errorf("the second run changed %v", changes)
	}
	second := output(dir, map[string]string{"spec.json": "2", "app/messages.proto": "m"})
	got := mustWrite(t, second)
	want := []Change{
		{Path: filepath.Join(dir, "manifest.json")}, {Path: filepath.Join(dir, "spec.json")},
		{Path: filepath.Join(dir, "app/users.proto"), Removed: true},
	}
	if !slices.Equal(got, want) {
		t.Errorf("changes %v, want %v", got, want)
	}
	files := tree(t, dir)
	names := slices.Sorted(maps.Keys(files))
	if !slices.Equal(names, []string{"README.md", "app/messages.proto", "manifest.json", "spec.json"}) || files["spec.json"] != "2" || files["README.md"] != "own" {
		t.Errorf("files %v", files)
	}
	if files["manifest.json"] != "{\n  \"files\": [\n    \"app/messages.proto\",\n    \"spec.json\"\n  ]\n}\n" {
		t.Errorf("manifest %s", files["manifest.json"])
	}
}

// A run that fails changes nothing, and leaves no file of its own.
func TestOutput_fails(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"a folder where a file should be": func(t *testing.T, dir string) {
			if err := os.MkdirAll(filepath.Join(dir, "b.json", "x"), 0o700); err != nil {
				t.Fatal(err)
			}
		},
		"a file where a folder should be": func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, "sub"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"a manifest that is none": func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, "manifest.json"), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"a manifest that leads elsewhere": func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(`{"files":["../secret"]}`), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			dir := filepath.Join(root, "api")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, "secret"), []byte("kept"), 0o600); err != nil {
				t.Fatal(err)
			}
			mustWrite(t, Output{Dir: dir, Files: map[string][]byte{"a.json": []byte("old")}})
			spoil(t, dir)
			before := tree(t, root)
			_, err := output(dir, map[string]string{"a.json": "new", "b.json": "new", "sub/c.json": "new"}).Write()
			if after := tree(t, root); err == nil || !maps.Equal(before, after) {
				t.Errorf("%v: %v, and before %v", err, after, before)
			}
		})
	}
}

// A file without a manifest is the only one that is written.
func TestOutput_withoutManifest(t *testing.T) {
	dir := t.TempDir()
	mustWrite(t, Output{Dir: dir, Files: map[string][]byte{"openapi.json": []byte("{}")}})
	if files := tree(t, dir); len(files) != 1 || files["openapi.json"] != "{}" {
		t.Errorf("files %v", files)
	}
	if info, err := os.Stat(filepath.Join(dir, "openapi.json")); err != nil || !strings.HasPrefix(info.Mode().String(), "-rw-r--r--") {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
