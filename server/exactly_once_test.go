package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/convex"
	"convexgateway/dev/deployment"
	"convexgateway/dev/deployment/v"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/wait"
)

// recordFunctions write a row for each call, and count the rows of each name.
func recordFunctions() []deployment.Function {
	return []deployment.Function{
		deployment.Mutation("test:record", v.Object(v.Field("name", v.String())), func(ctx *deployment.MutationCtx, args deployment.Args) (any, error) {
			return ctx.DB.Insert("records", deployment.Document{"name": args.String("name")})
		}),
		deployment.Query("test:records", v.Object(), func(ctx *deployment.QueryCtx, _ deployment.Args) (any, error) {
			rows, err := ctx.DB.Query("records").Collect()
			names := make([]any, len(rows))
			for i, row := range rows {
				names[i] = row["name"]
			}
			return names, err
		}),
	}
}

func newClusterKey() Key {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return Key(base64.StdEncoding.EncodeToString(b[:]))
}

// cutter forwards connections, and cuts each at a random place: before, within and after what either side sends.
type cutter struct {
	net.Listener
	to   string
	off  atomic.Bool // nothing is cut any more
	cuts atomic.Int64
	all  sync.WaitGroup
}

func startCutter(t *testing.T, deploymentURL string) *cutter {
	t.Helper()
	u, err := url.Parse(deploymentURL)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{Listener: l, to: u.Host}
	c.all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.all.Go(func() { c.forward(conn) })
		}
	})
	return c
}

func (c *cutter) forward(conn net.Conn) {
	defer conn.Close()
	to, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer to.Close()
	var both sync.WaitGroup
	copyAll := func(to, from net.Conn) {
		defer to.Close()
		defer from.Close()
		if _, err := io.CopyN(to, from, 500+mathrand.Int64N(30_000)); err != nil {
			return
		}
		if !c.off.Load() {
			c.cuts.Add(1)
			return
		}
		_, _ = io.Copy(to, from)
	}
	both.Go(func() { copyAll(to, conn) })
	both.Go(func() { copyAll(conn, to) })
	both.Wait()
}

// keyedAnswer is what a caller of a mutation got.
type keyedAnswer struct {
	id      string
	seconds int64
	nanos   int32
}

// keyedRuns sends mutations with ids through gateways, each several times at once and until it is answered.
type keyedRuns struct {
	t *testing.T

	mu       sync.Mutex
	gateways []*gateway
	tokens   []string // of callers; empty: anonymous
	answers  map[string][]keyedAnswer
	lost     int // attempts that were not answered
}

// send sends one mutation until it is answered.
func (r *keyedRuns) send(name, id, token string) {
	for {
		r.mu.Lock()
		g := r.gateways[mathrand.IntN(len(r.gateways))]
		r.mu.Unlock()
		limit := 20 + mathrand.IntN(5_000)
		if mathrand.IntN(8) == 0 {
			limit = mathrand.IntN(20) // an attempt that most likely is not answered
		}
		ctx, cancel := context.WithTimeout(r.t.Context(), time.Duration(limit)*time.Millisecond)
		if token != "" {
			ctx = withToken(ctx, token)
		}
		answer, err := g.functions.Mutate(ctx, &gatewayv1.MutateRequest{
			Path: "test:record", ArgsJson: fmt.Appendf(nil, `{"name":%q}`, name), RequestId: id, ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
		})
		cancel()
		r.mu.Lock()
		switch code := status.Code(err); {
		case err == nil:
			r.answers[name] = append(r.answers[name], keyedAnswer{string(answer.GetValueJson()), answer.GetCommitTime().GetSeconds(), answer.GetCommitTime().GetNanos()})
		case code == codes.Unavailable, code == codes.DeadlineExceeded, reasonOf(err) == "QUEUE_FULL":
			r.lost++
		default:
			r.t.Errorf("%s: %v", name, err)
			err = nil
		}
		r.mu.Unlock()
		if err == nil {
			return
		}
	}
}

// sendAll sends n mutations, 32 at a time.
func (r *keyedRuns) sendAll(n int, halfway func()) {
	var running sync.WaitGroup
	places := make(chan struct{}, 32)
	for i := range n {
		if i == n/2 {
			halfway()
		}
		name, id, token := fmt.Sprint(i), randomID(), r.tokens[i%len(r.tokens)]
		for range 1 + mathrand.IntN(3) {
			places <- struct{}{}
			running.Go(func() {
				r.send(name, id, token)
				<-places
			})
		}
	}
	running.Wait()
}

func randomID() string {
	var b [18]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// startKeyed runs two gateways in front of one deployment, with a cutter between.
func startKeyed(t *testing.T, keys [2]Key, change ...func(*Config)) (*keyedRuns, *deployment.Deployment, *cutter, func() *gateway) {
	t.Helper()
	d := startDeployment(t, deployment.Config{Functions: append(deployment.SampleApp(), recordFunctions()...)})
	c := startCutter(t, d.URL())
	t.Cleanup(func() { _ = c.Close(); c.all.Wait() })
	next := 0
	startOne := func() *gateway {
		key := keys[next%2]
		next++
		change := append(change, func(cfg *Config) { cfg.ClusterKeys, cfg.MutationSockets = Keys{key}, 8 })
		g := startUpstream(t, Upstream{ConvexURL: "http://" + c.Addr().String(), Issuers: []string{d.IssuerURL()}}, change...)
		g.dev = d
		return g
	}
	r := &keyedRuns{t: t, answers: map[string][]keyedAnswer{}, gateways: []*gateway{startOne(), startOne()}}
	g := r.gateways[0]
	r.tokens = []string{"", g.token(deployment.TokenRequest{User: "ada"}), g.token(deployment.TokenRequest{User: "bob"})}
	stream, err := g.functions.Subscribe(g.as(r.tokens[1]), &gatewayv1.SubscribeRequest{Path: "users:me"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	return r, d, c, startOne
}

// commits counts the rows of each mutation.
func commits(t *testing.T, d *deployment.Deployment) map[string]int {
	t.Helper()
	resp, err := http.Post(d.URL()+"/api/query", "application/json", strings.NewReader(`{"path":"test:records","args":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct{ Value []string }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, name := range answer.Value {
		counts[name]++
	}
	return counts
}

// Mutations with a request id are sent through two replicas, several times at once, over connections that are cut at random, while one
// replica is stopped and another takes its place: each is committed once, all callers get the same result and time, and none gets an error that says it
// has failed.
func TestExactlyOnce(t *testing.T) {
	for _, sockets := range []string{SharedSockets, DedicatedSockets} {
		t.Run(sockets, func(t *testing.T) {
			const mutations = 1_000
			key := newClusterKey()
			r, d, c, startOne := startKeyed(t, [2]Key{key, key}, func(cfg *Config) { cfg.KeyedMutations = sockets })
			r.sendAll(mutations, func() {
				r.mu.Lock()
				old := r.gateways[1]
				r.mu.Unlock()
				replacement := startOne()
				r.mu.Lock()
				r.gateways[1] = replacement
				r.mu.Unlock()
				if err := old.stop(); err != nil {
					t.Errorf("Serve: %v", err)
				}
			})
			counts := commits(t, d)
			for i := range mutations {
				name := fmt.Sprint(i)
				if counts[name] != 1 {
					t.Errorf("%s was committed %d times", name, counts[name])
				}
				if same := slices.Compact(r.answers[name]); len(same) != 1 || same[0].seconds == 0 {
					t.Errorf("%s was answered with %v", name, same)
				}
			}
			if c.cuts.Load() < 15 || r.lost == 0 {
				t.Errorf("%d connections were cut, %d attempts were lost", c.cuts.Load(), r.lost)
			}
			t.Logf("%d connections were cut, %d attempts were lost", c.cuts.Load(), r.lost)
		})
	}
}

// Replicas with different keys commit twice: the test above would notice.
func TestExactlyOnceNeedsOneKey(t *testing.T) {
	t.Parallel()
	r, d, _, _ := startKeyed(t, [2]Key{newClusterKey(), newClusterKey()})
	r.sendAll(100, func() {})
	for _, n := range commits(t, d) {
		if n > 1 {
			return
		}
	}
	t.Error("every mutation was committed once")
}

// A request id is its user's, and that of one path and arguments. It is taken in the field, in metadata and over REST.
func TestRequestIDs(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.ClusterKeys = Keys{newClusterKey()} })
	ada, bob := g.token(deployment.TokenRequest{User: "ada"}), g.token(deployment.TokenRequest{User: "bob"})
	id := randomID()
	add := func(ctx context.Context, field, path, args string) (string, error) {
		answer, err := g.functions.Mutate(ctx, &gatewayv1.MutateRequest{
			Path: path, ArgsJson: []byte(args), RequestId: field, ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON,
		})
		if err == nil && answer.GetCommitTime() == nil {
			t.Errorf("%s: no commit time", path)
		}
		return string(answer.GetValueJson()), err
	}
	with := func(ctx context.Context, values ...string) context.Context {
		for _, value := range values {
			ctx = metadata.AppendToOutgoingContext(ctx, "idempotency-key", value)
		}
		return ctx
	}
	const one, two = `{"name":"a"}`, `{"name":"a","by":2}`
	for _, tt := range []struct {
		what, want      string
		ctx             context.Context
		field, path, by string
	}{
		{"anonymous", "1.0", g.context(), id, "counter:add", one},
		{"again", "1.0", g.context(), id, "counter:add", one},
		{"in metadata", "1.0", with(g.context(), id), "", "counter:add", one},
		{"quoted, and in both", "1.0", with(g.context(), `"`+id+`"`), id, "counter:add", one},
		{"another user", "2.0", g.as(ada), id, "counter:add", one},
		{"another user again", "2.0", g.as(ada), id, "counter:add", one},
		{"the user with another token", "2.0", g.as(g.token(deployment.TokenRequest{User: "ada", TTL: time.Minute})), id, "counter:add", one},
		{"a third user", "3.0", g.as(bob), id, "counter:add", one},
		{"other arguments", "5.0", g.context(), id, "counter:add", two},
		{"another id", "6.0", g.context(), randomID(), "counter:add", one},
	} {
		if got, err := add(tt.ctx, tt.field, tt.path, tt.by); err != nil || canonicalText(t, []byte(got)) != canonicalText(t, []byte(tt.want)) {
			t.Errorf("%s: %s, %v; want %s", tt.what, got, err, tt.want)
		}
	}
	for what, refused := range map[string]func() error{
		"short":     func() error { _, err := add(g.context(), "short", "counter:add", one); return err },
		"long":      func() error { _, err := add(g.context(), strings.Repeat("x", 256), "counter:add", one); return err },
		"not ASCII": func() error { _, err := add(g.context(), strings.Repeat("é", 22), "counter:add", one); return err },
		"two that differ": func() error {
			_, err := add(with(g.context(), randomID()), randomID(), "counter:add", one)
			return err
		},
		"two in metadata": func() error {
			_, err := add(with(g.context(), randomID(), randomID()), "", "counter:add", one)
			return err
		},
		"empty": func() error { _, err := add(with(g.context(), ""), "", "counter:add", one); return err },
		"on an action": func() error {
			_, err := g.call(with(g.context(), randomID()), convex.Action, "actions:sleep", `{"ms":0}`)
			return err
		},
	} {
		if err := refused(); status.Code(err) != codes.InvalidArgument || reasonOf(err) != "INVALID_VALUE" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := g.call(with(g.context(), "on a query"), convex.Query, "users:me", `{}`); err != nil {
		t.Errorf("on a query: %v", err)
	}
	body := `{"path":"counter:add","args":{"name":"rest"}}`
	first := g.rest("POST", "/v1/mutate", body, "Idempotency-Key", id)
	again := g.rest("POST", "/v1/mutate", body, "Idempotency-Key", `"`+id+`"`)
	if first.status != http.StatusOK || first.body != again.body || !strings.Contains(first.body, "commitTime") {
		t.Errorf("over REST: HTTP %d %s, then %s", first.status, first.body, again.body)
	}
}

// A gateway without a key refuses request ids before anything is executed.
func TestRequestIDsNeedAKey(t *testing.T) {
	t.Parallel()
	g := start(t)
	_, err := g.functions.Mutate(g.context(), &gatewayv1.MutateRequest{Path: "counter:add", ArgsJson: []byte(`{"name":"a"}`), RequestId: randomID()})
	if status.Code(err) != codes.FailedPrecondition || reasonOf(err) != "CLUSTER_KEY_MISSING" {
		t.Errorf("%v", err)
	}
	if got := g.mustCall(g.context(), convex.Query, "counter:get", `{"name":"a"}`); canonicalText(t, []byte(got)) != canonicalText(t, []byte("0.0")) {
		t.Errorf("the counter is %s", got)
	}
}

// A mutation's answer is the same over REST, also after a restart of the gateway.
func TestRequestIDOutlivesTheGateway(t *testing.T) {
	t.Parallel()
	d, key, id := startDeployment(t, deployment.Config{}), newClusterKey(), randomID()
	var answers []string
	for range 2 {
		g := startBefore(t, d, func(c *Config) { c.ClusterKeys = Keys{key} })
		for range 2 {
			got := g.rest("POST", "/v1/mutate", `{"path":"counter:add","args":{"name":"a"}}`, "Idempotency-Key", id)
			if got.status != http.StatusOK || !strings.Contains(got.body, "commitTime") {
				t.Errorf("HTTP %d %s", got.status, got.body)
			}
			answers = append(answers, got.body)
		}
		if err := g.stop(); err != nil {
			t.Errorf("Serve: %v", err)
		}
	}
	if len(slices.Compact(answers)) != 1 {
		t.Errorf("%q", answers)
	}
}

// A stream that asks for the commit time of a mutation begins with a value that reflects it, on any replica. Times that are none are refused.
func TestMinReadTime(t *testing.T) {
	t.Parallel()
	key := newClusterKey()
	withKey := func(c *Config) { c.ClusterKeys = Keys{key} }
	g := start(t, withKey)
	other := startBefore(t, g.dev, withKey)
	first, err := other.functions.Subscribe(other.context(), &gatewayv1.SubscribeRequest{Path: "counter:get", ArgsJson: []byte(`{"name":"a"}`)})
	if err == nil {
		_, err = first.Recv()
	}
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 10; n++ {
		answer, err := g.functions.Mutate(g.context(), &gatewayv1.MutateRequest{Path: "counter:add", ArgsJson: []byte(`{"name":"a"}`), RequestId: randomID()})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(other.context())
		stream, err := other.functions.Subscribe(ctx, &gatewayv1.SubscribeRequest{
			Path: "counter:get", ArgsJson: []byte(`{"name":"a"}`), MinReadTime: answer.GetCommitTime(),
		})
		if err != nil {
			t.Fatal(err)
		}
		e, err := stream.Recv()
		for err == nil && e.GetValue() == nil {
			e, err = stream.Recv()
		}
		if err != nil || e.GetValue().GetNumberValue() != float64(n) || e.GetReadTime().AsTime().Before(answer.GetCommitTime().AsTime()) {
			t.Errorf("after %d: %v, %v; want a time from %v on", n, e, err, answer.GetCommitTime())
		}
		cancel()
	}
	for what, at := range map[string]*timestamppb.Timestamp{"before 1970": {Seconds: -1}, "too late": {Seconds: 1 << 40}, "no time": {Nanos: -1}} {
		_, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{Path: "users:me", MinReadTime: at})
		if reasonOf(err) != "INVALID_VALUE" || !strings.Contains(status.Convert(err).Message(), "min_read_time") {
			t.Errorf("a query, %s: %v", what, err)
		}
		stream, err := g.functions.Subscribe(g.context(), &gatewayv1.SubscribeRequest{Path: "users:me", MinReadTime: at})
		if err == nil {
			_, err = stream.Recv()
		}
		if reasonOf(err) != "INVALID_VALUE" || !strings.Contains(status.Convert(err).Message(), "min_read_time") {
			t.Errorf("a stream, %s: %v", what, err)
		}
	}
	if _, err := g.functions.Query(g.context(), &gatewayv1.QueryRequest{Path: "users:me", MinReadTime: timestamppb.Now()}); err != nil {
		t.Error(err)
	}
}

// The result of a mutation with a request id is held for each of its callers; one for whom there is no room is to send it again.
func TestKeyedResultsAreHeld(t *testing.T) {
	result := strings.Repeat("x", 4<<20)
	d := startDeployment(t, deployment.Config{Functions: append(deployment.SampleApp(),
		deployment.Mutation("test:large", v.Object(), func(ctx *deployment.MutationCtx, _ deployment.Args) (any, error) {
			return result, wait.For(ctx, time.Second/2)
		}))})
	g := startBefore(t, d, func(c *Config) { c.ClusterKeys, c.MemoryBudget = Keys{newClusterKey()}, testBudget })
	id := randomID()
	var calls sync.WaitGroup
	var answered, lost atomic.Int64
	for range 32 {
		calls.Go(func() {
			_, err := g.functions.Mutate(g.context(), &gatewayv1.MutateRequest{Path: "test:large", RequestId: id, ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON})
			switch {
			case err == nil:
				answered.Add(1)
			case status.Code(err) == codes.Unavailable:
				lost.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if answered.Load() == 0 || lost.Load() == 0 {
		t.Errorf("%d were answered, %d are to send it again", answered.Load(), lost.Load())
	}
}
