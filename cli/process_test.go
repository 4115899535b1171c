package cli

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"convexgateway/dev/deployment"
	"convexgateway/internal/leaktest"
)

// asCommand is the variable with which this test binary runs as the command, so that tests have a process to signal.
const asCommand = "CONVEXGATEWAY_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	leaktest.Main(m)
}

const patience = time.Minute

// process is a running command.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	output string // what it printed until it was ready
	stderr *bytes.Buffer
}

// start runs the command until its output matches ready.
func start(t *testing.T, ready string, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, stderr: &bytes.Buffer{}}
	p.cmd = exec.CommandContext(t.Context(), os.Args[0], args...)
	p.cmd.Env = append(append(os.Environ(), asCommand+"=1"), env...)
	stdout, stdoutWriter := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = stdoutWriter, io.MultiWriter(p.stderr, stdoutWriter)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait(); stdoutWriter.Close() })
	found := make(chan bool, 1)
	go func() {
		pattern := regexp.MustCompile(ready)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			p.output += lines.Text() + "\n"
			if pattern.MatchString(p.output) {
				found <- true
				_, _ = io.Copy(io.Discard, stdout)
				return
			}
		}
		found <- false
	}()
	select {
	case ok := <-found:
		if !ok {
			t.Fatalf("%v ended before it printed %q:\n%s", args, ready, p.output)
		}
	case <-time.After(patience): //nolint:forbidigo // the one deadline of the test
		t.Fatalf("%v did not print %q", args, ready)
	}
	return p
}

// find returns the first group of a pattern in what the process printed.
func (p *process) find(pattern string) string {
	p.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(p.output)
	if m == nil {
		p.t.Fatalf("no %q in:\n%s", pattern, p.output)
	}
	return m[1]
}

// terminate sends SIGTERM and returns the exit code.
func (p *process) terminate() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	err := p.cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode()
}

var anyPort = []string{"--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"}

func post(t *testing.T, url, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimSpace(string(text))
}

// startDeployment starts a development deployment for a test.
func startDeployment(t *testing.T, cfg deployment.Config) *deployment.Deployment {
	t.Helper()
	cfg.Addr = "127.0.0.1:0"
	d, err := deployment.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}
