package console

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for something.
const patience = time.Minute

// longPatience is for waits that last as long as a token is valid.
const longPatience = 3 * time.Minute

// binary returns the path of the gateway, which is built once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "console-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "convexgateway")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// process is a running gateway.
type process struct {
	cmd    *exec.Cmd
	ended  chan struct{}
	output string // until it was ready
}

// start runs the gateway until the test ends or kill is called, and waits until it has printed ready.
func start(t *testing.T, ready string, args ...string) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(path, args...), ended: make(chan struct{})}
	out, in := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = in, in
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	go func() {
		_ = p.cmd.Wait()
		_ = in.Close()
		close(p.ended)
	}()
	found := make(chan bool, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.output += lines.Text() + "\n"
			if strings.Contains(p.output, ready) {
				found <- true
				_, _ = io.Copy(io.Discard, out)
				return
			}
		}
		found <- false
	}()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case ok := <-found:
		if !ok {
			t.Fatalf("%v ended early:\n%s", args, p.output)
		}
	case <-limit.C:
		t.Fatalf("%v was not ready in time", args)
	}
	return p
}

// kill ends the process with SIGKILL.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

func (p *process) find(t *testing.T, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(p.output)
	if m == nil {
		t.Fatalf("no %q in:\n%s", pattern, p.output)
	}
	return m[1]
}

// dev is a development deployment with its gateway.
type dev struct {
	*process
	url        string // of the gateway
	deployment string
}

func startDev(t *testing.T) *dev {
	t.Helper()
	p := start(t, "Stop with Ctrl-C",
		"dev", "--deployment-addr", "127.0.0.1:0", "--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0")
	return &dev{p, p.find(t, `REST +(http://\S+)`), p.find(t, `deployment +(http://\S+)`)}
}

// token returns a token of the development issuer.
func (d *dev) token(t *testing.T, user, ttl string) string {
	t.Helper()
	answer := post(t, d.deployment+"/dev/token", fmt.Sprintf(`{"user":%q,"ttl":%q}`, user, ttl))
	var issued struct{ Token string }
	if err := json.Unmarshal(answer, &issued); err != nil {
		t.Fatal(err)
	}
	return issued.Token
}

// send adds a message from outside the page.
func (d *dev) send(t *testing.T, body string) {
	t.Helper()
	args, err := json.Marshal(map[string]any{"path": "messages:send", "args": map[string]any{"body": body}})
	if err != nil {
		t.Fatal(err)
	}
	post(t, d.url+"/v1/mutate", string(args))
}

// serving is `serve` in front of a dev's deployment, on ports that stay the same when it is started again.
type serving struct {
	*process
	dev        *dev
	url        string
	grpc, http string
}

func startServe(t *testing.T, d *dev) *serving {
	t.Helper()
	s := &serving{dev: d, grpc: freeAddr(t), http: freeAddr(t)}
	s.url = "http://" + s.http
	s.again(t)
	return s
}

// again starts the gateway again after kill.
func (s *serving) again(t *testing.T) {
	t.Helper()
	s.process = start(t, "msg=ready", "serve", "--console", "--convex-url", s.dev.deployment,
		"--clerk-issuer", s.dev.find(t, `issuer +(\S+)`), "--grpc-addr", s.grpc, "--http-addr", s.http, "--admin-addr", "off")
}

// freeAddr returns an address below the ports that systems give to connections, so that nobody takes it before it is used.
func freeAddr(t *testing.T) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no free port")
	return ""
}

func post(t *testing.T, url, body string) []byte {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("POST %s: %s %s, %v", url, resp.Status, bytes.TrimSpace(answer), err)
	}
	return answer
}
