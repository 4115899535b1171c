package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/v"
	"convexgateway/internal/freeport"
)

// generated runs the command in this process.
func generated(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	err = run(t.Context(), append([]string{"generate"}, args...), &out, &errs)
	return out.String(), errs.String(), err
}

const sampleSpec = "../examples/convex-app/api/spec.json"

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// From a file, the contract and the document are written, the same each time; --check finds what is not current, and changes nothing.
func TestGenerate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	api, document := filepath.Join(dir, "api"), filepath.Join(dir, "openapi.json")
	args := []string{"--spec", "../convex/spec/testdata/function-spec.json", "--api", api, "--openapi", document}
	if _, _, err := generated(t, append(args, "--check")...); err == nil || !strings.Contains(err.Error(), document) {
		t.Errorf("a check before the first run: %v", err)
	}
	stdout, stderr, err := generated(t, args...)
	if err != nil || stderr != "" || !strings.Contains(stdout, "convex/app/messages/messages.proto") {
		t.Fatalf("%v: %s%s", err, stdout, stderr)
	}
	spec := readFile(t, filepath.Join(api, "spec.json"))
	if strings.Contains(spec, "secret") || strings.Contains(spec, `"url"`) || !strings.Contains(spec, "messages.js:list") {
		t.Error("the contract has internal functions or the deployment's URL, or lacks functions")
	}
	if text := readFile(t, document); strings.Contains(text, "internal") || !strings.Contains(text, "/v1/functions/spec/deep/er/nested/leaf") {
		t.Error("the document is not of the public functions")
	}
	if stdout, _, err := generated(t, args...); err != nil || stdout != "" {
		t.Errorf("the second run: %v, %s", err, stdout)
	}
	if _, _, err := generated(t, append(args, "--check")...); err != nil {
		t.Errorf("a check of current files: %v", err)
	}
	if err := os.WriteFile(filepath.Join(api, "spec.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := generated(t, append(args, "--check")...); err == nil || !strings.Contains(err.Error(), "spec.json") || strings.Contains(err.Error(), "openapi") {
		t.Errorf("a check of a changed file: %v", err)
	}
	if text := readFile(t, filepath.Join(api, "spec.json")); text != "{}" {
		t.Error("the check has changed the file")
	}
}

// A spec that has what cannot be read gives a contract all the same, with warnings that name function and field.
func TestGenerate_warns(t *testing.T) {
	t.Parallel()
	api := filepath.Join(t.TempDir(), "api")
	_, stderr, err := generated(t, "--spec", "../convex/spec/testdata/broken.json", "--api", api)
	if err != nil || !strings.Contains(stderr, "warning: new.js:kind, args.filter.tags[]: has the unknown type") {
		t.Errorf("%v: %s", err, stderr)
	}
	if text := readFile(t, filepath.Join(api, "spec.json")); !strings.Contains(text, "new.js:kind") {
		t.Error("the function is missing")
	}
}

// The Kotlin is written in the order of the contract that the same run writes, and --check compares it.
func TestGenerate_kotlin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	schema := "../convex/spec/testdata/schema-active.json"
	args := []string{"--spec", sampleSpec, "--api", filepath.Join(dir, "api"), "--kotlin", dir, "--kotlin-package", "com.example", "--schema", schema}
	if _, stderr, err := generated(t, args...); err != nil || stderr != "" {
		t.Fatal(err, stderr)
	}
	file := filepath.Join(dir, "com", "example", "Messages.kt")
	if text := readFile(t, file); !strings.Contains(text, "fun list(") {
		t.Error(text)
	}
	if text := readFile(t, filepath.Join(dir, "com", "example", "Documents.kt")); !strings.Contains(text, "class Counters(") {
		t.Error(text)
	}
	if _, _, err := generated(t, append(args, "--check")...); err != nil {
		t.Errorf("a check of current files: %v", err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := generated(t, append(args, "--check")...); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a check of a changed file: %v", err)
	}
	for flag, args := range map[string][]string{
		"--kotlin-package": {"--spec", sampleSpec, "--kotlin", dir},
		"package":          {"--spec", sampleSpec, "--kotlin", dir, "--kotlin-package", "No"},
		"the schema":       {"--spec", sampleSpec, "--kotlin", dir, "--kotlin-package", "com.example", "--schema", sampleSpec},
	} {
		if _, _, err := generated(t, args...); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%q: %v", args, err)
		}
	}
}

// A deployment gives the spec for a deploy key, and a gateway the one that it serves, for none.
func TestGenerate_sources(t *testing.T) {
	t.Parallel()
	d := startDeployment(t, deployment.Config{})
	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	if err := os.WriteFile(key, []byte(d.AdminKey()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	api := filepath.Join(dir, "api")
	if _, stderr, err := generated(t, "--convex-url", d.URL(), "--deploy-key-file", key, "--api", api); err != nil {
		t.Fatal(err, stderr)
	}
	want := readFile(t, sampleSpec)
	if readFile(t, filepath.Join(api, "spec.json")) != want {
		t.Error("the deployment's contract is not that of the sample app")
	}
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/functions" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(want))
	}))
	t.Cleanup(gateway.Close)
	for _, url := range []string{gateway.URL, gateway.URL + "/", gateway.URL + "/v1/functions"} {
		fetched := filepath.Join(t.TempDir(), "api")
		if _, _, err := generated(t, "--spec", url, "--api", fetched); err != nil || readFile(t, filepath.Join(fetched, "spec.json")) != want {
			t.Errorf("%s: %v", url, err)
		}
	}
	for name, args := range map[string][]string{
		"another route":        {"--spec", gateway.URL + "/v2"},
		"no gateway":           {"--spec", "http://" + freeport.Addr()},
		"no file":              {"--spec", filepath.Join(dir, "nope.json")},
		"no spec":              {"--spec", key},
		"a wrong key":          {"--convex-url", d.URL(), "--deploy-key", "wrong|key"},
		"no key":               {"--convex-url", d.URL()},
		"no source":            {},
		"two keys":             {"--convex-url", d.URL(), "--deploy-key", "a", "--deploy-key-file", key},
		"a key file not there": {"--convex-url", d.URL(), "--deploy-key-file", filepath.Join(dir, "nope")},
	} {
		other := filepath.Join(t.TempDir(), "api")
		_, stderr, err := generated(t, append(args, "--api", other)...)
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error()+stderr, d.AdminKey()) || strings.Contains(err.Error(), "wrong|key") {
			t.Errorf("%s: the key is in the error", name)
		}
		if _, err := os.Stat(other); err == nil {
			t.Errorf("%s: the folder was made", name)
		}
	}
	if _, _, err := generated(t, "--spec", sampleSpec); err == nil || !strings.Contains(err.Error(), "nothing to write") {
		t.Errorf("without an output: %v", err)
	}
}

// --watch writes what a deployment's functions are, and again when they have changed, over a socket that may be lost.
func TestGenerate_watch(t *testing.T) {
	t.Parallel()
	d := startDeployment(t, deployment.Config{})
	api := filepath.Join(t.TempDir(), "api")
	lines, stdout := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		var stderr bytes.Buffer
		err := run(ctx, []string{"generate", "--convex-url", d.URL(), "--deploy-key", d.AdminKey(), "--api", api, "--watch"}, stdout, &stderr)
		_ = stdout.Close()
		ended <- errors.Join(err, errors.New(stderr.String()))
	}()
	written := bufio.NewScanner(lines)
	until := func(file string) { // which is the last of a run in which the functions have changed
		t.Helper()
		for written.Scan() {
			if strings.HasSuffix(written.Text(), file) {
				return
			}
		}
		t.Fatalf("it has ended before it wrote %s: %v", file, <-ended)
	}
	until("spec.json")
	if text := readFile(t, filepath.Join(api, "spec.json")); text != readFile(t, sampleSpec) {
		t.Error("the first contract is not that of the sample app")
	}
	for i, name := range []string{"extra:first", "extra:second"} {
		if i == 1 {
			d.CutSockets()
		}
		if err := d.Deploy(append(app.Sample(), app.Query(name, v.Object(), func(*app.QueryCtx, app.Args) (any, error) { return nil, nil }))); err != nil {
			t.Fatal(err)
		}
		until("spec.json")
		if text := readFile(t, filepath.Join(api, "spec.json")); !strings.Contains(text, strings.Replace(name, ":", ".js:", 1)) {
			t.Errorf("the contract lacks %s", name)
		}
	}
	cancel()
	if _, err := io.Copy(io.Discard, lines); err != nil {
		t.Error(err)
	}
	if err := <-ended; err.Error() != "" {
		t.Errorf("after an interrupt: %v", err)
	}
	for name, args := range map[string][]string{
		"--spec":  {"--spec", sampleSpec},
		"--check": {"--convex-url", d.URL(), "--deploy-key", d.AdminKey(), "--check"},
	} {
		if _, _, err := generated(t, append(args, "--api", api, "--watch")...); err == nil || !strings.Contains(err.Error(), "--watch") {
			t.Errorf("with %s: %v", name, err)
		}
	}
}
