package cli

import (
	"bufio"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"convexgateway/dev/deployment"
)

// SIGHUP makes serve read --api again, which a look at the file could not show to be new. An open stream goes on.
func TestServe_hangup(t *testing.T) {
	t.Parallel()
	d := startDeployment(t, deployment.Config{})
	sample := readFile(t, sampleSpec)
	dir := t.TempDir()
	file, written := filepath.Join(dir, "spec.json"), time.Unix(1_000_000_000, 0)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, written, written); err != nil {
			t.Fatal(err)
		}
	}
	write(sample)
	p := start(t, "gRPC ", nil, append([]string{"serve", "--convex-url", d.URL(), "--api", dir, "--admin-addr", "off", "--drain-period", "0s"}, anyPort...)...)
	rest := "http://" + p.find(`REST (\S+),`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, rest+"/v1/functions/counter/get?args=%7B%22name%22:%22n%22%7D", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	stream, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	events := bufio.NewScanner(stream.Body)
	until := func(part string) {
		t.Helper()
		for events.Scan() {
			if strings.Contains(events.Text(), part) {
				return
			}
		}
		t.Fatalf("the stream ended before %s: %v", part, events.Err())
	}
	until(`"value":0`)
	write(strings.Replace(sample, `"counter.js:get"`, `"counter.js:got"`, 1)) // of the same size
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; {
		status, text := post(t, rest+"/v1/functions/counter/got", "", `{"name":"n"}`)
		if status != http.StatusOK && strings.Contains(text, "'counter:got'") && strings.Contains(text, "FUNCTION_NOT_FOUND") && strings.Contains(text, "Request ID") {
			break // from the deployment: the gateway has the function
		}
		if time.Now().After(deadline) {
			t.Fatalf("the files were not read again: %d %s", status, text)
		}
	}
	if status, text := post(t, rest+"/v1/mutate", "", `{"path":"counter:add","args":{"name":"n"}}`); status != http.StatusOK {
		t.Fatal(status, text)
	}
	until(`"value":1`)
	if code := p.terminate(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
