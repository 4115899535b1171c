package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"convexgateway/bench/process"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/wait"
)

// gateway is a process of the measured gateway.
type gateway struct {
	*process.Process
	grpc, http string
	files0     int // open files before the first call
}

// functions returns a client of the gateway's functions. closeConn must be called.
func (g *gateway) functions() (client gatewayv1.FunctionServiceClient, closeConn func(), err error) {
	conn, err := grpc.NewClient(g.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, nil, err
	}
	return gatewayv1.NewFunctionServiceClient(conn), func() { _ = conn.Close() }, nil
}

// build compiles the gateway.
func (b *bench) build(ctx context.Context) error {
	pkg := "."
	if b.profile != "" {
		pkg = "./bench/profiled"
	}
	b.binary = filepath.Join(b.dir, "convexgateway")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", b.binary, pkg)
	cmd.Dir = b.root
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the gateway: %w\n%s", err, out)
	}
	return nil
}

// gateway starts a gateway and waits until it is ready.
func (b *bench) gateway(ctx context.Context, convexURL string, flags ...string) (*gateway, error) {
	return b.gatewayWithin(ctx, capacity{}, convexURL, append(flags, "--max-streams-per-caller", "0")...) // all load is one caller's
}

// capacity is what a gateway may use; 0: as much as this process.
type capacity struct {
	memory int // bytes: the limit of Go's runtime
	files  int
}

// gatewayWithin is like gateway, for one that has a capacity.
func (b *bench) gatewayWithin(ctx context.Context, c capacity, convexURL string, flags ...string) (*gateway, error) {
	args := append([]string{"serve", "--convex-url", convexURL, "--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0",
		"--max-connections", "0", "--max-connections-per-address", "0", "--max-upstream-sockets", "20000"}, flags...)
	if b.quick {
		args = append(args, "--linger", b.linger().String())
	}
	cmd := exec.Command(b.binary, args...)
	if c.files > 0 {
		cmd = exec.Command("sh", append([]string{"-c", fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, c.files), b.binary}, args...)...)
	}
	if c.memory > 0 {
		cmd.Env = append(os.Environ(), fmt.Sprintf("GOMEMLIMIT=%d", c.memory))
	}
	p, err := b.launch(ctx, "gateway", cmd)
	if err != nil {
		return nil, err
	}
	g := &gateway{Process: p}
	found := regexp.MustCompile(`^gRPC (\S+), REST (\S+), deployment \S+(?: pprof (\S+))?`).FindStringSubmatch(p.Line)
	if found == nil {
		return nil, fmt.Errorf("the gateway said %q", p.Line)
	}
	g.grpc, g.http = found[1], found[2]
	if found[3] != "" {
		p.Profiler = &process.Profiler{URL: "http://" + found[3], Dir: b.profile}
	}
	err = b.until(ctx, patience, "the gateway is not ready", func() bool {
		resp, err := http.Get("http://" + g.http + "/readyz")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	http.DefaultClient.CloseIdleConnections()
	g.files0 = g.Files()
	return g, err
}

// patience is how long a gateway may take on a busy machine for what takes it a moment.
const patience = 2 * time.Minute

// until polls done, and fails with the text otherwise after limit.
func (b *bench) until(ctx context.Context, limit time.Duration, otherwise string, done func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return errors.New(otherwise)
		case <-tick.C:
		}
	}
	return nil
}

// finish ends an idle gateway with a dump of its goroutines, and records leaked files and goroutines as faults. All clients
// have disconnected before.
func (b *bench) finish(ctx context.Context, g *gateway) {
	const spare = 8 // files: connections that are just being closed, the poller
	err := b.until(ctx, patience, "", func() bool { return g.Files() <= g.files0+spare+idleUpstream })
	if err != nil {
		b.faults.Add("gateway: %d files are open when all have hung up; at first there were %d", g.Files(), g.files0)
	}
	if wait.For(ctx, b.linger()+2*time.Second) != nil { // sessions linger
		return
	}
	_ = g.Cmd.Process.Signal(syscall.SIGQUIT)
	if !g.WaitFor(patience) {
		b.faults.Add("gateway: did not end with a dump of its goroutines")
		return
	}
	text, _ := os.ReadFile(g.Log)
	for _, fault := range process.Faults(string(text)) {
		b.faults.Add("gateway: %s", fault)
	}
}

// idleUpstream is how many idle connections to the deployment may stay open for a while.
const idleUpstream = 128

// linger is how long the gateway keeps a sync session without subscribers.
func (b *bench) linger() time.Duration {
	if b.quick {
		return time.Second
	}
	return 5 * time.Second // the default
}
