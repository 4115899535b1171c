package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/freeport"
	"convexgateway/internal/wait"
)

var (
	usersCount = flag.Int("users", 40, "how many users TestUsers has")
	usersFor   = flag.Duration("users-for", 3*time.Second, "how long they use the gateway")
	usersPause = flag.Duration("users-pause", time.Second, "between two things that a user does, on average")
)

// What a user does: four of five are signed in, every tenth follows its counter over SSE and the others over gRPC, every fourth calls
// over REST. Of ten calls seven are queries, two are mutations and one is an action; now and then a user opens its stream again.
const (
	usersPerConn   = 50 // of the proxy's connections to the gateway
	anonymousUsers = 5  // every which user is anonymous
	eventUsers     = 10
	restUsers      = 4
	reopenings     = 20 // every which thing that a user does is a new stream
)

// usersTest is a `serve` process with the defaults of its limits, and its users behind a trusted proxy.
type usersTest struct {
	*testing.T
	dev        *deployment.Deployment
	rest       string
	metrics    string // URL
	conns      []*grpc.ClientConn
	http       *http.Client
	end        context.Context
	calls      atomic.Int64
	streams    atomic.Int64
	events     atomic.Int64
	complained sync.Once
}

// TestUsers checks that users meet no limit, and that nothing is held for them when they have gone. `-users 5000 -users-for 10m
// -users-pause 10s` makes it long.
func TestUsers(t *testing.T) {
	u := startUsers(t)
	ctx, stop := context.WithCancel(t.Context()) // no deadline, which would be one of the calls as well
	defer u.stopAfter(*usersFor, stop)()
	u.end = ctx
	var users sync.WaitGroup
	for i := range *usersCount {
		users.Go(func() { (&user{usersTest: u, number: i}).use() })
	}
	users.Wait()
	for _, conn := range u.conns {
		_ = conn.Close()
	}
	u.http.CloseIdleConnections()
	t.Logf("%d users: %d calls, %d streams, %d events; at the end %d bytes are held", *usersCount, u.calls.Load(), u.streams.Load(), u.events.Load(), u.metric("held_bytes"))
	if !u.used() {
		t.Error("nothing happened")
	}
	for _, name := range []string{"held_bytes", "holding_callers", "calls_under_way"} {
		u.checkZero(name)
	}
}

// stopAfter stops the users after d, and not before they have called and received, for which a busy machine has longer. The returned
// function gives it up.
func (u *usersTest) stopAfter(d time.Duration, stop func()) (giveUp func()) {
	ctx, giveUp := context.WithTimeout(u.Context(), d+patience)
	go func() {
		defer stop()
		for pause := d; wait.For(ctx, pause) == nil && !u.used(); pause = 100 * time.Millisecond {
		}
	}()
	return giveUp
}

func (u *usersTest) used() bool { return u.calls.Load() > 0 && u.events.Load() > 0 }

func startUsers(t *testing.T) *usersTest {
	t.Helper()
	d := startDeployment(t, deployment.Config{})
	admin := freeport.Addr()
	serve := start(t, `gRPC .* REST`, nil, append([]string{"serve", "--convex-url", d.URL(), "--clerk-issuer", d.IssuerURL(),
		"--trusted-proxies", "127.0.0.1", "--admin-addr", admin, "--log-level", "warn"}, anyPort...)...)
	u := &usersTest{
		T: t, dev: d, rest: "http://" + serve.find(`REST (\S+),`), metrics: "http://" + admin + "/metrics",
		http: &http.Client{Transport: &http.Transport{MaxIdleConns: *usersCount, MaxIdleConnsPerHost: *usersCount}},
	}
	for range (*usersCount + usersPerConn - 1) / usersPerConn {
		conn, err := grpc.NewClient(serve.find(`gRPC (\S+),`), grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		u.conns = append(u.conns, conn)
	}
	return u
}

// metric returns a metric of the gateway.
func (u *usersTest) metric(name string) int64 {
	u.Helper()
	resp, err := http.Get(u.metrics)
	if err != nil {
		u.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		u.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^convexgateway_` + name + ` (\S+)$`).FindSubmatch(text)
	if found == nil {
		u.Fatalf("no metric %s", name)
	}
	value, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		u.Fatal(err)
	}
	return int64(value)
}

// checkZero waits until a metric is 0.
func (u *usersTest) checkZero(name string) {
	u.Helper()
	ctx, stop := context.WithTimeout(u.Context(), patience)
	defer stop()
	for u.metric(name) != 0 {
		if wait.For(ctx, 100*time.Millisecond) != nil {
			u.Errorf("%s is %d", name, u.metric(name))
			return
		}
	}
}

// user is a user with an address of its own.
type user struct {
	*usersTest
	number int
	token  string
	random *rand.Rand
}

func (u *user) name() string { return fmt.Sprintf("u%d", u.number) }

func (u *user) every(n int) bool { return u.number%n == 0 }

// address is in a network for benchmarks (RFC 2544).
func (u *user) address() string { return fmt.Sprintf("198.18.%d.%d", u.number/250, 1+u.number%250) }

// use follows the user's counter, and makes calls, until the end.
func (u *user) use() {
	u.random = rand.New(rand.NewPCG(1, uint64(u.number)))
	if !u.pause() { // users do not come at the same moment
		return
	}
	if !u.every(anonymousUsers) {
		token, err := u.dev.Token(deployment.TokenRequest{User: u.name(), TTL: *usersFor + time.Minute})
		if err != nil {
			u.Error(err)
			return
		}
		u.token = token
	}
	for u.end.Err() == nil {
		u.useOnce()
	}
}

// useOnce opens the stream, and makes calls, until the stream is to be opened again.
func (u *user) useOnce() {
	ctx, stop := context.WithCancel(u.end)
	var stream sync.WaitGroup
	stream.Go(func() { u.follow(ctx) })
	for u.pause() && u.random.IntN(reopenings) > 0 {
		u.call()
	}
	stop()
	stream.Wait()
}

func (u *user) pause() bool {
	return wait.For(u.end, time.Duration(u.random.Int64N(int64(2**usersPause)))) == nil
}

// failed fails the test for an error that is not the end of the user's own stream or of the test. One is enough.
func (u *user) failed(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil && status.Code(err) != codes.Canceled {
		u.complained.Do(func() { u.Errorf("user %d: %s: %v", u.number, what, err) })
	}
}

func (u *user) args() string { return fmt.Sprintf(`{"name":%q}`, u.name()) }

// with is a context with the user's metadata.
func (u *user) with(ctx context.Context) context.Context {
	ctx = metadata.AppendToOutgoingContext(ctx, "x-forwarded-for", u.address())
	if u.token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+u.token)
	}
	return ctx
}

func (u *user) conn() *grpc.ClientConn { return u.conns[u.number/usersPerConn] }

// follow reads the stream of the user's counter.
func (u *user) follow(ctx context.Context) {
	u.streams.Add(1)
	if u.every(eventUsers) {
		u.failed(ctx, "SSE", u.followEvents(ctx))
		return
	}
	stream, err := gatewayv1.NewFunctionServiceClient(u.conn()).Subscribe(u.with(ctx), &gatewayv1.SubscribeRequest{
		Path: "counter:get", ArgsJson: []byte(u.args()), ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
	})
	for err == nil {
		if _, err = stream.Recv(); err == nil {
			u.events.Add(1)
		}
	}
	u.failed(ctx, "Subscribe", err)
}

func (u *user) followEvents(ctx context.Context) error {
	resp, err := u.do(ctx, "/v1/subscribe", fmt.Sprintf(`{"path":"counter:get","args":%s}`, u.args()), "text/event-stream")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	for buffer := make([]byte, 4<<10); ; {
		n, err := resp.Body.Read(buffer)
		if strings.Contains(string(buffer[:n]), "event: status") {
			return errors.New(string(buffer[:n]))
		}
		u.events.Add(1)
		if err != nil {
			return err
		}
	}
}

// do posts a body. Any status but 200 is an error.
func (u *user) do(ctx context.Context, route, body, accept string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.rest+route, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Forwarded-For", u.address())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", accept)
	if u.token != "" {
		req.Header.Set("Authorization", "Bearer "+u.token)
	}
	resp, err := u.http.Do(req)
	if err == nil && resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		return nil, fmt.Errorf("%s: %s", resp.Status, text)
	}
	return resp, err
}

// call makes one call.
func (u *user) call() {
	ctx, stop := context.WithTimeout(u.Context(), patience)
	defer stop()
	kind, path := "query", "counter:get"
	switch n := u.random.IntN(10); {
	case n == 0:
		kind, path = "action", "actions:sleep"
	case n < 3:
		kind, path = "mutate", "counter:add"
	}
	args := u.args()
	if kind == "action" {
		args = `{"ms":20}`
	}
	var err error
	if u.every(restUsers) {
		err = u.callREST(ctx, kind, path, args)
	} else {
		err = u.callGRPC(u.with(ctx), kind, path, args)
	}
	u.calls.Add(1)
	u.failed(u.Context(), kind, err)
}

func (u *user) callREST(ctx context.Context, kind, path, args string) error {
	resp, err := u.do(ctx, "/v1/"+kind, fmt.Sprintf(`{"path":%q,"args":%s}`, path, args), "application/json")
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return errors.Join(err, resp.Body.Close())
}

func (u *user) callGRPC(ctx context.Context, kind, path, args string) (err error) {
	client := gatewayv1.NewFunctionServiceClient(u.conn())
	switch kind {
	case "mutate":
		_, err = client.Mutate(ctx, &gatewayv1.MutateRequest{Path: path, ArgsJson: []byte(args)})
	case "action":
		_, err = client.Action(ctx, &gatewayv1.ActionRequest{Path: path, ArgsJson: []byte(args)})
	default:
		_, err = client.Query(ctx, &gatewayv1.QueryRequest{Path: path, ArgsJson: []byte(args)})
	}
	return err
}
