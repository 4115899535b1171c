package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"convexgateway/dev/deployment"
	"convexgateway/internal/freeport"
)

const replicas = 3

// cluster is a deployment, NATS, three gateways and HAProxy, all on loopback.
type cluster struct {
	folder     string
	deployment *deployment.Deployment
	nats       *natsserver.Server
	clusterKey string
	program    string // of the working tree
	gateways   [replicas]*gateway
	grpc, http string // of HAProxy
	haproxy    *process
}

// gateway is one replica. A restarted one has the same addresses.
type gateway struct {
	grpc, http string
	process    *process
}

// startCluster starts replicas of a program, or of the working tree's where it is "".
func startCluster(ctx context.Context, program string) (c *cluster, err error) {
	c = &cluster{}
	defer func() {
		if err != nil {
			c.stop()
		}
	}()
	if c.folder, err = os.MkdirTemp("", "replicas"); err != nil {
		return c, err
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	c.clusterKey = base64.StdEncoding.EncodeToString(key)
	if c.deployment, err = deployment.Start(ctx, deployment.Config{Addr: "127.0.0.1:0"}); err != nil {
		return c, err
	}
	if err = c.startNATS(); err != nil {
		return c, err
	}
	c.program = c.path("convexgateway")
	if err = command(ctx, "go", "build", "-o", c.program, "."); err != nil {
		return c, err
	}
	if program == "" {
		program = c.program
	}
	for i := range c.gateways {
		c.gateways[i] = &gateway{grpc: freeport.Addr(), http: freeport.Addr()}
		if err = c.startGateway(ctx, i, program); err != nil {
			return c, err
		}
	}
	c.grpc, c.http = freeport.Addr(), freeport.Addr()
	return c, c.startHAProxy(ctx)
}

func (c *cluster) path(name string) string { return filepath.Join(c.folder, name) }

func (c *cluster) startNATS() (err error) {
	c.nats, err = natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, NoSigs: true, NoLog: true})
	if err != nil {
		return err
	}
	c.nats.Start()
	if !c.nats.ReadyForConnections(time.Minute) {
		return errors.New("NATS does not start")
	}
	return nil
}

func (c *cluster) startGateway(ctx context.Context, i int, program string) (err error) {
	g := c.gateways[i]
	g.process, err = startProcess(c.path(fmt.Sprintf("gateway-%d.log", i+1)), []string{
		"CONVEX_URL=" + c.deployment.URL(), "CLERK_FRONTEND_API_URL=" + c.deployment.IssuerURL(),
		"CONVEXGATEWAY_CLUSTER_KEY=" + c.clusterKey, "CONVEXGATEWAY_NATS_URL=" + c.nats.ClientURL(),
	}, program, "serve", "--grpc-addr", g.grpc, "--http-addr", g.http)
	if err != nil {
		return err
	}
	return g.process.waitReady(ctx, g.http)
}

func (c *cluster) startHAProxy(ctx context.Context) (err error) {
	env := []string{"GRPC_BIND=" + c.grpc, "HTTP_BIND=" + c.http, "CONNECTIONS_PER_SOURCE=100000", "CONNECTION_RATE_PER_SOURCE=100000"} // all clients are of one address
	for i, g := range c.gateways {
		n := strconv.Itoa(i + 1)
		env = append(env, "GRPC_"+n+"="+g.grpc, "HTTP_"+n+"="+g.http)
	}
	c.haproxy, err = startProcess(c.path("haproxy.log"), env, "haproxy", "-db", "-f", "deploy/haproxy/haproxy.cfg")
	if err != nil {
		return err
	}
	return c.haproxy.waitReady(ctx, c.http)
}

// downtime is about the time in which a container starts.
const downtime = 2 * time.Second

// restart is that of one replica, with the program that it has from then on.
type restart struct {
	replica int // from 0
	program string
}

// restarts are those of a test: each replica once. With an earlier program, each gets the new one, and then all but the last the earlier
// one again, so that in the end they differ.
func (c *cluster) restarts(previous string) (all []restart) {
	for i := range c.gateways {
		all = append(all, restart{i, c.program})
	}
	if previous != "" {
		for i := range c.gateways[1:] {
			all = append(all, restart{i, previous})
		}
	}
	return all
}

// rollingRestart stops and starts one replica after the other, as an orchestrator does.
func (c *cluster) rollingRestart(ctx context.Context, restarts []restart, pause time.Duration, out io.Writer) error {
	for _, r := range restarts {
		i, g := r.replica, c.gateways[r.replica]
		start := time.Now()
		if err := g.process.end(); err != nil {
			return fmt.Errorf("replica %d: %w", i+1, err)
		}
		stopped := time.Since(start)
		if err := wait(ctx, downtime); err != nil {
			return err
		}
		if err := c.startGateway(ctx, i, r.program); err != nil {
			return fmt.Errorf("replica %d: %w", i+1, err)
		}
		fmt.Fprintf(out, "replica %d stopped in %v, ready again after %v with %s\n", i+1, stopped.Round(time.Millisecond), time.Since(start).Round(time.Millisecond),
			filepath.Base(r.program))
		if err := wait(ctx, pause); err != nil {
			return err
		}
	}
	return nil
}

// stop ends everything that startCluster has started, also when it has failed.
func (c *cluster) stop() {
	if c.haproxy != nil {
		c.haproxy.kill()
	}
	for _, g := range c.gateways {
		if g != nil && g.process != nil {
			g.process.kill()
		}
	}
	if c.nats != nil {
		c.nats.Shutdown()
	}
	if c.deployment != nil {
		_ = c.deployment.Close()
	}
	_ = os.RemoveAll(c.folder)
}

// process is a child process with its output in a file.
type process struct {
	cmd   *exec.Cmd
	log   string
	ended chan struct{}
	err   error // of Wait, once ended is closed
}

func startProcess(log string, env []string, name string, args ...string) (*process, error) {
	out, err := os.Create(log) //nolint:gosec // in a folder made here
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()                                                    // the process has its own
	p := &process{cmd: exec.Command(name, args...), log: log, ended: make(chan struct{})} //nolint:gosec // names written here
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = append(os.Environ(), env...), out, out
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.ended)
		p.err = p.cmd.Wait()
	}()
	return p, nil
}

// end sends SIGTERM and waits. Another exit code than 0 is an error, with the end of the log.
func (p *process) end() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	limit := time.NewTimer(time.Minute)
	defer limit.Stop()
	select {
	case <-p.ended:
	case <-limit.C:
		return errors.New("does not stop")
	}
	if p.err != nil {
		return fmt.Errorf("%w\n%s", p.err, p.tail())
	}
	return nil
}

func (p *process) tail() []byte {
	text, _ := os.ReadFile(p.log)
	return text[max(0, len(text)-2000):]
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// waitReady waits until /readyz at an address of the process responds with 200.
func (p *process) waitReady(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", nil)
		if err != nil {
			return err
		}
		if resp, err := client.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		err = wait(ctx, 50*time.Millisecond)
		select {
		case <-p.ended:
			err = errors.New("it has ended")
		default:
		}
		if err != nil {
			return fmt.Errorf("%s does not become ready: %w\n%s", addr, err, p.tail())
		}
	}
}

func command(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil { //nolint:gosec // names written here
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
