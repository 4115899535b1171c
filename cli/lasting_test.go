package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/wait"
)

var (
	tokenLife = flag.Duration("token-life", 10*time.Second, "how long the tokens of TestLasting live; whole seconds, from 10s")
	lasting   = flag.Duration("lasting", 12*time.Second, "how long its streams last")
)

const refreshKey = "0123456789abcdefghijklmn"

// lastingTest is a `serve` process in front of a deployment of this process.
type lastingTest struct {
	*testing.T
	dev       *deployment.Deployment
	rest      string
	functions gatewayv1.FunctionServiceClient
	auth      gatewayv1.AuthServiceClient
	ctx       context.Context
}

func startLasting(t *testing.T, flags ...string) *lastingTest {
	t.Helper()
	d := startDeployment(t, deployment.Config{Controls: true})
	serve := start(t, `gRPC .* REST`, []string{"CLERK_SECRET_KEY=" + d.SecretKey()}, append(append([]string{"serve",
		"--convex-url", d.URL(), "--clerk-issuer", d.IssuerURL(), "--clerk-api-url", d.ClerkAPIURL(), "--refresh-grace", "1s",
	}, flags...), anyPort...)...)
	conn, err := grpc.NewClient(serve.find(`gRPC (\S+),`), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), *lasting+2*patience)
	t.Cleanup(cancel)
	return &lastingTest{
		t, d, "http://" + serve.find(`REST (\S+),`), gatewayv1.NewFunctionServiceClient(conn), gatewayv1.NewAuthServiceClient(conn), ctx,
	}
}

// token returns a new token of ada's.
func (l *lastingTest) token() string {
	l.Helper()
	token, err := l.dev.Token(deployment.TokenRequest{User: "ada", TTL: *tokenLife})
	if err != nil {
		l.Fatal(err)
	}
	return token
}

func (l *lastingTest) as(token string) context.Context {
	return metadata.AppendToOutgoingContext(l.ctx, "authorization", "Bearer "+token)
}

// subscribe follows the counter, and returns its values and the error that ends the stream.
func (l *lastingTest) subscribe(token, key string) (values <-chan string, ended <-chan error) {
	l.Helper()
	stream, err := l.functions.Subscribe(l.as(token), &gatewayv1.SubscribeRequest{
		Path: "counter:get", ArgsJson: []byte(`{"name":"n"}`), ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON, RefreshKey: key,
	})
	if err != nil {
		l.Fatal(err)
	}
	v, e := make(chan string, 1000), make(chan error, 1)
	go func() {
		defer close(v)
		for {
			event, err := stream.Recv()
			if err != nil {
				e <- err
				return
			}
			if text := event.GetValueJson(); text != nil {
				v <- strings.TrimSuffix(string(text), ".0")
			}
		}
	}()
	return v, e
}

// watching is a Watch stream that follows the counter twice, by two functions.
type watching struct {
	stream gatewayv1.FunctionService_WatchClient
	values chan string                       // those that both targets have, in one response
	states chan *gatewayv1.AuthStateResponse // closed at the end
	ended  chan error
}

func (l *lastingTest) watch(token string) *watching {
	l.Helper()
	stream, err := l.functions.Watch(l.as(token))
	if err != nil {
		l.Fatal(err)
	}
	w := &watching{stream, make(chan string, 1000), make(chan *gatewayv1.AuthStateResponse, 1000), make(chan error, 1)}
	for _, command := range []*gatewayv1.WatchRequest{
		{Command: &gatewayv1.WatchRequest_Open{Open: &gatewayv1.WatchOptions{ValueFormat: gatewayv1.ValueFormat_VALUE_FORMAT_JSON}}},
		{Command: &gatewayv1.WatchRequest_Add{Add: &gatewayv1.WatchQuery{Target: 1, Path: "counter:get", ArgsJson: []byte(`{"name":"n"}`)}}},
		{Command: &gatewayv1.WatchRequest_Add{Add: &gatewayv1.WatchQuery{
			Target: 2, Path: "testing:slowCounter", ArgsJson: []byte(`{"name":"n","ms":0}`),
		}}},
	} {
		if err := stream.Send(command); err != nil {
			l.Fatal(err)
		}
	}
	go w.receive()
	return w
}

func (w *watching) receive() {
	defer close(w.values)
	defer close(w.states)
	newest := map[uint32]string{}
	for {
		r, err := w.stream.Recv()
		if err != nil {
			w.ended <- err
			return
		}
		if r.GetAuth() != nil {
			w.states <- r.GetAuth()
		}
		for _, change := range r.GetChanges() {
			newest[change.GetTarget()] = strings.TrimSuffix(string(change.GetValueJson()), ".0")
		}
		switch {
		case len(r.GetChanges()) == 0 || len(newest) < 2: // the targets are added one by one
		case newest[1] == newest[2]:
			w.values <- newest[1]
		default:
			w.values <- fmt.Sprintf("%s beside %s", newest[1], newest[2])
		}
	}
}

// swap sends a newer token inside the stream.
func (w *watching) swap(token string) error {
	return w.stream.Send(&gatewayv1.WatchRequest{Command: &gatewayv1.WatchRequest_Token{Token: token}})
}

// hold opens a stream without a refresh key, and reads it until its end.
func (l *lastingTest) hold(token string) (ended <-chan error) {
	values, ended := l.subscribe(token, "")
	go func() {
		for range values {
		}
	}()
	return ended
}

// sse follows the counter as curl does, and returns its values and the status event that ends the stream.
func (l *lastingTest) sse(token string) (values <-chan string, ended <-chan error) {
	l.Helper()
	req, err := http.NewRequestWithContext(l.ctx, http.MethodGet, l.rest+"/v1/subscribe?path=counter:get&args=%7B%22name%22:%22n%22%7D", nil)
	if err != nil {
		l.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "text/event-stream")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { _ = resp.Body.Close() })
	v, e := make(chan string, 1000), make(chan error, 1)
	go func() {
		name := ""
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			line := lines.Text()
			data, isData := strings.CutPrefix(line, "data: ")
			switch {
			case strings.HasPrefix(line, "event: "):
				name = strings.TrimPrefix(line, "event: ")
			case isData && name == "value":
				var event struct{ Value json.Number }
				_ = json.Unmarshal([]byte(data), &event)
				v <- event.Value.String()
			case isData && name == "status":
				e <- fmt.Errorf("status %s", data)
				return
			}
		}
		e <- fmt.Errorf("cut off")
	}()
	return v, e
}

// count changes the counter for a while. Each change must arrive on each stream, once and in order, before the next is made.
func (l *lastingTest) count(streams ...<-chan string) {
	l.Helper()
	for n, end := 0, time.Now().Add(*lasting); time.Now().Before(end); n++ {
		for i, values := range streams {
			select {
			case got := <-values:
				if got != fmt.Sprint(n) {
					l.Fatalf("stream %d: value %s, want %d", i, got, n)
				}
			case <-time.After(patience): //nolint:forbidigo // the deadline of a test
				l.Fatalf("stream %d: no value %d", i, n)
			}
		}
		if code, text := post(l.T, l.rest+"/v1/mutate", "", `{"path":"counter:add","args":{"name":"n"}}`); code != http.StatusOK {
			l.Fatalf("HTTP %d %s", code, text)
		}
	}
}

// keepRenewing makes a new token after half of each one's life, and returns their number. A busy machine has the other half to send it.
func (l *lastingTest) keepRenewing(stop <-chan struct{}, send func(token string) error) (tokens int) {
	due := time.NewTicker(*tokenLife / 2)
	defer due.Stop()
	for {
		select {
		case <-stop:
			return tokens
		case <-due.C:
		}
		tokens++
		if err := send(l.token()); err != nil {
			l.Error(err)
		}
	}
}

// refresh gives a token to both streams that have the refresh key.
func (l *lastingTest) refresh(token string) error {
	got, err := l.auth.RefreshAuth(l.as(token), &gatewayv1.RefreshAuthRequest{RefreshKey: refreshKey})
	if err == nil && got.GetAdoptedStreams() != 2 {
		err = fmt.Errorf("%d streams", got.GetAdoptedStreams())
	}
	return err
}

// atFullSecond waits for the beginning of a second: a token's times are whole seconds, so it lives longest if it is made then.
func (l *lastingTest) atFullSecond() {
	now := time.Now()
	_ = wait.For(l.ctx, now.Truncate(time.Second).Add(time.Second).Sub(now))
}

// A stream whose client refreshes in time lasts without a gap, for one Authenticate a token; after the last refresh it ends. A
// stream without the key ends with its own token.
func TestLastingByRefresh(t *testing.T) {
	t.Parallel()
	l := startLasting(t)
	l.atFullSecond()
	first := l.token()
	values, ended := l.subscribe(first, refreshKey)
	keylessEnded := l.hold(first)
	state, err := l.auth.AuthState(l.as(first), &gatewayv1.AuthStateRequest{RefreshKey: refreshKey})
	if err != nil {
		t.Fatal(err)
	}
	events := make(chan *gatewayv1.AuthStateResponse, 1000)
	go func() {
		defer close(events)
		for event, err := state.Recv(); err == nil; event, err = state.Recv() {
			events <- event
		}
	}()
	stop := make(chan struct{})
	refreshed := make(chan int, 1)
	go func() { refreshed <- l.keepRenewing(stop, l.refresh) }()
	l.count(values)
	close(stop)
	tokens := 1 + <-refreshed
	for len(events) > 0 {
		if event := <-events; event.GetRefreshing() || event.GetState() == gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED {
			t.Errorf("event %v", event)
		}
	}
	l.endedWith(<-keylessEnded, "TOKEN_EXPIRED")
	if len(ended) > 0 {
		t.Error("the stream without key has not ended before the other one")
	}
	if n := l.dev.Stats().Authenticates; n > tokens {
		t.Errorf("%d Authenticate messages for %d tokens", n, tokens)
	}
	l.endedWith(<-ended, "TOKEN_EXPIRED")
	var last *gatewayv1.AuthStateResponse
	for event := range events {
		last = event
	}
	if last.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || last.GetReason() != "TOKEN_EXPIRED" {
		t.Errorf("last event %v", last)
	}
	t.Logf("%d tokens, %d Authenticate messages", tokens, l.dev.Stats().Authenticates)
}

// A Watch stream whose client sends newer tokens inside it lasts without a gap, and its targets have each value at once, for one Authenticate a
// token; after the last token it ends.
func TestLastingByWatch(t *testing.T) {
	t.Parallel()
	l := startLasting(t)
	l.atFullSecond()
	w := l.watch(l.token())
	stop := make(chan struct{})
	swapped := make(chan int, 1)
	go func() { swapped <- l.keepRenewing(stop, w.swap) }()
	l.count(w.values)
	close(stop)
	tokens := 1 + <-swapped
	for len(w.states) > 0 {
		if state := <-w.states; state.GetRefreshing() || state.GetState() == gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED {
			t.Errorf("state %v", state)
		}
	}
	if n := l.dev.Stats().Authenticates; n > tokens || tokens < 2 {
		t.Errorf("%d Authenticate messages for %d tokens", n, tokens)
	}
	l.endedWith(<-w.ended, "TOKEN_EXPIRED")
	var last *gatewayv1.AuthStateResponse
	for state := range w.states {
		last = state
	}
	if last.GetState() != gatewayv1.AuthStateResponse_STATE_UNAUTHENTICATED || last.GetReason() != "TOKEN_EXPIRED" {
		t.Errorf("last state %v", last)
	}
	t.Logf("%d tokens, %d Authenticate messages", tokens, l.dev.Stats().Authenticates)
}

// A session that the gateway renews needs no call of its clients, and ends when it is revoked.
func TestLastingByRenewal(t *testing.T) {
	t.Parallel()
	l := startLasting(t, "--session-renewal")
	token := l.token()
	values, ended := l.subscribe(token, "")
	events, sseEnded := l.sse(token)
	l.count(values, events)
	if err := l.dev.Clerk().Revoke("sess_ada"); err != nil {
		t.Fatal(err)
	}
	revoked := time.Now()
	l.endedWith(<-ended, "SESSION_REVOKED")
	if err := <-sseEnded; !strings.Contains(err.Error(), "SESSION_REVOKED") {
		t.Errorf("SSE ended with %v", err)
	}
	t.Logf("ended %v after the revocation, %d Authenticate messages", time.Since(revoked).Round(time.Second), l.dev.Stats().Authenticates)
}

func (l *lastingTest) endedWith(err error, reason string) {
	l.Helper()
	for _, detail := range status.Convert(err).Details() {
		if strings.Contains(fmt.Sprint(detail), reason) {
			return
		}
	}
	l.Errorf("ended with %v, want %s", err, reason)
}
