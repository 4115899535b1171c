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
	"strings"
	"sync"
	"syscall"
	"time"
)

// gateway is a process of the measured gateway.
type gateway struct {
	*process
	grpc, http string
	files0     int // open files before the first call
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
	args := append([]string{"serve", "--convex-url", convexURL, "--grpc-addr", "127.0.0.1:0", "--http-addr", "127.0.0.1:0"}, flags...)
	if b.quick {
		args = append(args, "--linger", b.linger().String())
	}
	p, err := b.launch(ctx, "gateway", exec.Command(b.binary, args...))
	if err != nil {
		return nil, err
	}
	g := &gateway{process: p}
	found := regexp.MustCompile(`^gRPC (\S+), REST (\S+), deployment \S+(?: pprof (\S+))?`).FindStringSubmatch(p.line)
	if found == nil {
		return nil, fmt.Errorf("the gateway said %q", p.line)
	}
	g.grpc, g.http = found[1], found[2]
	if found[3] != "" {
		p.profiler = &profiler{url: "http://" + found[3], dir: b.profile}
	}
	err = b.until(ctx, 20*time.Second, "the gateway is not ready", func() bool {
		resp, err := http.Get("http://" + g.http + "/readyz")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	http.DefaultClient.CloseIdleConnections()
	g.files0 = g.files()
	return g, err
}

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

// leftoverTypes are the types, by package, whose methods may be on a stack only while there are calls or streams.
var leftoverTypes = map[string][]string{
	"server/live": {"Stream"},
	"server/rpc":  {"functionService", "authService"},
	"server/rest": {"httpStream"},
	"convex/live": {"session", "loop", "link", "socket"},
	"auth/lease":  {"Lease"},
}

// leftover matches their methods, and the handlers that protoc-gen-go-grpc generates.
var leftover = sync.OnceValue(func() *regexp.Regexp {
	patterns := []string{`_Handler\(`}
	for pkg, types := range leftoverTypes {
		patterns = append(patterns, regexp.QuoteMeta(pkg)+`\.\(\*(`+strings.Join(types, "|")+`)\)`)
	}
	return regexp.MustCompile(strings.Join(patterns, "|"))
})

// finish ends an idle gateway with a dump of its goroutines, and records leaked files and goroutines as faults. All clients
// have disconnected before.
func (b *bench) finish(ctx context.Context, g *gateway) {
	const spare = 8 // files: connections that are just being closed, the poller
	err := b.until(ctx, 30*time.Second, "", func() bool { return g.files() <= g.files0+spare+idleUpstream })
	if err != nil {
		b.faults.Add("gateway: %d files are open when all have hung up; at first there were %d", g.files(), g.files0)
	}
	wait := time.NewTimer(b.linger() + 500*time.Millisecond) // sessions linger
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
		return
	}
	_ = g.cmd.Process.Signal(syscall.SIGQUIT)
	if !g.waitFor(30 * time.Second) {
		b.faults.Add("gateway: did not end with a dump of its goroutines")
		return
	}
	text, _ := os.ReadFile(g.log)
	b.checkDump(string(text))
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

func (b *bench) checkDump(log string) {
	before, dump, found := strings.Cut(log, "SIGQUIT: quit")
	if !found {
		b.faults.Add("gateway: ended without a dump of its goroutines")
		return
	}
	for line := range strings.Lines(before) {
		if strings.Contains(line, "level=ERROR") || strings.HasPrefix(line, "panic:") {
			b.faults.Add("gateway: logged %.300s", strings.TrimSpace(line))
		}
	}
	for stack := range strings.SplitSeq(dump, "\n\n") {
		if what := leftover().FindString(stack); what != "" && strings.HasPrefix(stack, "goroutine ") {
			b.faults.Add("gateway: leaks a goroutine in %s", what)
		}
	}
}
