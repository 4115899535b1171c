package live_test

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live"
	"convexgateway/dev/deployment"
)

// deploymentProcess makes TestDeploymentProcess a deployment.
const deploymentProcess = "CONVEX_TEST_DEPLOYMENT"

// TestDeploymentProcess is no test: it is the deployment of benchmarks that measure this process's memory.
func TestDeploymentProcess(t *testing.T) {
	if os.Getenv(deploymentProcess) == "" {
		t.Skip("a process of its own")
	}
	d, err := deployment.Start(t.Context(), deployment.Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	_, _ = fmt.Fprintln(os.Stdout, d.URL())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		token, err := d.Token(deployment.TokenRequest{User: lines.Text(), TTL: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintln(os.Stdout, token)
	}
}

// separateDeployment is such a process.
type separateDeployment struct {
	url   string
	in    io.Writer
	lines *bufio.Scanner
}

func startDeployment(tb testing.TB) *separateDeployment {
	tb.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestDeploymentProcess$")
	cmd.Env = append(os.Environ(), deploymentProcess+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = in.Close(); _, _ = io.Copy(io.Discard, out); _ = cmd.Wait() })
	d := &separateDeployment{in: in, lines: bufio.NewScanner(out)}
	d.url = d.line(tb)
	return d
}

func (d *separateDeployment) line(tb testing.TB) string {
	tb.Helper()
	if !d.lines.Scan() {
		tb.Fatal("the deployment has ended: ", d.lines.Err())
	}
	return d.lines.Text()
}

// user signs a user in.
func (d *separateDeployment) user(tb testing.TB, name string) convex.Credential {
	tb.Helper()
	if _, err := fmt.Fprintln(d.in, name); err != nil {
		tb.Fatal(err)
	}
	return convex.Credential{
		Identity: sha256.Sum256([]byte(name)), Token: strings.Clone(d.line(tb)), Issued: time.Now(), Expires: time.Now().Add(time.Hour),
	}
}

// inUse is what the process's heap and stacks hold once the collector has had time to shrink both.
func inUse() (heap, stacks float64) {
	for range 4 {
		runtime.GC()
	}
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(s)
	return float64(s[0].Value.Uint64()), float64(s[1].Value.Uint64())
}

// BenchmarkIdleSession reports what an identity with one query costs while nothing happens.
func BenchmarkIdleSession(b *testing.B) {
	d := startDeployment(b)
	users := make([]convex.Credential, 500)
	for i := range users {
		users[i] = d.user(b, fmt.Sprint("user", i))
	}
	b.Run("plain", func(b *testing.B) { idle(b, d, users, live.Options{}) })
	b.Run("compressed", func(b *testing.B) { idle(b, d, users[:100], live.Options{Compress: true}) })
}

func idle(b *testing.B, d *separateDeployment, users []convex.Credential, opts live.Options) {
	client, err := live.New(d.url, opts)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = client.Close() })
	heap, stacks := inUse()
	for b.Loop() {
		subs := make([]*live.Subscription, len(users))
		for i, user := range users {
			subs[i] = subscribeUser(b, client, user)
		}
		b.StopTimer()
		heap1, stacks1 := inUse()
		b.ReportMetric((heap1-heap)/float64(len(users)), "heap-B/session")
		b.ReportMetric((stacks1-stacks)/float64(len(users)), "stack-B/session")
		for _, sub := range subs {
			sub.Close()
		}
		b.StartTimer()
	}
}

// subscribeUser subscribes a user and waits for the first result.
func subscribeUser(tb testing.TB, client *live.Client, user convex.Credential) *live.Subscription {
	tb.Helper()
	path, err := convex.ParsePath("users:me")
	if err != nil {
		tb.Fatal(err)
	}
	sub, err := client.Subscribe(user, path, []byte(`{}`), live.SubscribeOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	for state := sub.State(); state.Result == nil; {
		if state, err = sub.Next(tb.Context()); err != nil || state.Err != nil {
			tb.Fatal(err, state.Err)
		}
	}
	return sub
}
