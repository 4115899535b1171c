package contract

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/call"
)

// specOf is a spec with one query of each path.
func specOf(paths ...string) []byte {
	var functions []string
	for _, path := range paths {
		functions = append(functions, fmt.Sprintf(`{"identifier":%q,"functionType":"Query","visibility":{"kind":"public"},"args":{"type":"object","value":{}},"returns":null}`, path))
	}
	return []byte(`{"functions":[` + strings.Join(functions, ",") + `]}`)
}

// files are files that may be replaced while they are read.
type files struct {
	mu      sync.Mutex
	current fstest.MapFS
}

func (f *files) Open(name string) (fs.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current.Open(name)
}

func (f *files) set(name string, text []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	next := fstest.MapFS{}
	maps.Copy(next, f.current)
	next[name] = &fstest.MapFile{Data: text, ModTime: time.Now()}
	f.current = next
}

func mustPath(t *testing.T, text string) convex.Path {
	t.Helper()
	p, err := convex.ParsePath(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The files are read again when they have changed, and at no other time; what cannot be read leaves the old ones in use.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logs bytes.Buffer
		f := &files{}
		f.set(SpecFile, specOf("a.js:one"))
		c, err := Open(Options{Files: f, Strict: true, Logger: slog.New(slog.NewTextHandler(&logs, nil))})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var reloads []bool // that were good
		go c.Follow(ctx, func(err error) { reloads = append(reloads, err == nil) })
		has := func(name string) bool { return c.Check(convex.Query, mustPath(t, name), []byte("{}")) == nil }
		wait := func() { time.Sleep(2 * Interval); synctest.Wait() }
		first := c.API()
		wait()
		if c.API() != first {
			t.Error("unchanged files were read again")
		}
		f.set(SpecFile, specOf("a.js:two"))
		wait()
		if has("a:one") || !has("a:two") {
			t.Error("changed files were not read again")
		}
		f.set(SpecFile, []byte("{"))
		wait()
		if !has("a:two") || strings.Count(logs.String(), "cannot be read again") != 1 {
			t.Errorf("after bad files: %s", logs.String())
		}
		wait()
		if strings.Count(logs.String(), "cannot be read again") != 1 {
			t.Error("bad files are tried again and again")
		}
		f.set(SpecFile, specOf("a.js:three"))
		wait()
		if !has("a:three") {
			t.Error("good files after bad ones were not read")
		}
		third := c.API()
		f.set("messages.proto", []byte("syntax = \"proto3\";"))
		wait()
		if c.API() == third {
			t.Error("a new proto was not noticed")
		}
		f.set("notes.txt", nil)
		fourth := c.API()
		wait()
		if c.API() != fourth {
			t.Error("a file that is not of the contract was noticed")
		}
		if want := []bool{true, false, true, true}; !slices.Equal(reloads, want) {
			t.Errorf("reloads %v, want %v", reloads, want)
		}
	})
}

// A folder whose files are links, as those of a ConfigMap are, is read again when the links change.
func TestList_links(t *testing.T) {
	dir := t.TempDir()
	for _, version := range []string{"v1", "v2"} {
		if err := os.Mkdir(filepath.Join(dir, version), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, version, SpecFile), specOf("a.js:"+version), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(dir, version, SpecFile), time.Time{}, time.Unix(int64(len(version)), int64(version[1]))); err != nil {
			t.Fatal(err)
		}
	}
	api := filepath.Join(dir, "api")
	if err := os.Mkdir(api, 0o700); err != nil {
		t.Fatal(err)
	}
	var lists []string
	for _, version := range []string{"v1", "v2"} {
		_ = os.Remove(filepath.Join(api, SpecFile))
		if err := os.Symlink(filepath.Join(dir, version, SpecFile), filepath.Join(api, SpecFile)); err != nil {
			t.Fatal(err)
		}
		listed, err := list(os.DirFS(api))
		if err != nil || listed == "" {
			t.Fatal(listed, err)
		}
		lists = append(lists, listed)
	}
	if lists[0] == lists[1] {
		t.Error("the change of a link is not noticed")
	}
}

// Without files nothing is checked, and nothing followed.
func TestOpen_withoutFiles(t *testing.T) {
	c, err := Open(Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil || c.API() != nil || (*Contract)(nil).API() != nil {
		t.Fatal(err, c.API())
	}
	c.Reload()
	c.Follow(t.Context(), nil)
	if err := c.Check(convex.Action, mustPath(t, "a:b"), []byte(`{"x":1}`)); err != nil {
		t.Error(err)
	}
	if _, err := Open(Options{Files: fstest.MapFS{}}); err == nil {
		t.Error("a folder without a spec is a contract")
	}
	if _, err := Open(Options{Files: fstest.MapFS{SpecFile: {Data: []byte("[")}}}); err == nil || !strings.Contains(err.Error(), SpecFile) {
		t.Errorf("a spec that is no JSON: %v", err)
	}
}

// Internal functions of the file are none, so that a spec as the deployment prints it gives nothing away.
func TestOpen_internal(t *testing.T) {
	text := strings.Replace(string(specOf("a.js:hidden")), "public", "internal", 1)
	c, err := Open(Options{Files: fstest.MapFS{SpecFile: {Data: []byte(text)}}, Strict: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	api := c.API()
	if api.Function(mustPath(t, "a:hidden")) != nil || strings.Contains(string(api.SpecText)+string(api.Document), "hidden") {
		t.Error("an internal function is known")
	}
	hidden, missing := c.Check(convex.Query, mustPath(t, "a:hidden"), nil), c.Check(convex.Query, mustPath(t, "a:missing"), nil)
	if call.ProblemOf(hidden).Reason != "FUNCTION_NOT_FOUND" || strings.ReplaceAll(call.ProblemOf(hidden).Message, "hidden", "missing") != call.ProblemOf(missing).Message {
		t.Errorf("%v, and of a missing one %v", hidden, missing)
	}
}

// The check of a call, with the look-up of its function.
func BenchmarkCheck(b *testing.B) {
	text, err := os.ReadFile("../../examples/convex-app/api/" + SpecFile)
	if err != nil {
		b.Fatal(err)
	}
	if _, _, err := spec.Parse(text); err != nil {
		b.Fatal(err)
	}
	c, err := Open(Options{Files: fstest.MapFS{SpecFile: {Data: text}}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	send, _ := convex.ParsePath("messages:send")
	args := []byte(`{"body":"hello, world","channel":"general"}`)
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Check(convex.Mutation, send, args); err != nil {
			b.Fatal(err)
		}
	}
}
