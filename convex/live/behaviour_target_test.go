package live_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live"
	"convexgateway/dev/deployment"
)

// What the clients promise, through their exported API, against a deployment that serves the sample app: the one that
// CONVEX_TEST_URL names, with examples/convex-app pushed to it, or else the embedded one. A real one keeps its data, so
// every test has channels and counters of its own.

const (
	urlVariable   = "CONVEX_TEST_URL"
	tokenVariable = "CONVEX_TEST_TOKEN" // a JWT that the deployment at CONVEX_TEST_URL takes until the tests are over
)

// timeout is how long a test waits for something that must come.
const timeout = 2 * time.Minute

// target is a deployment, and a client of each kind for it.
type target struct {
	t        *testing.T
	embedded *deployment.Deployment // nil: a real one
	http     *convex.HTTPClient
	sync     *live.Client
}

var announced sync.Once

// newTarget connects to the deployment under test. The embedded one is a fresh one, with more functions if given.
func newTarget(t *testing.T, functions ...deployment.Function) *target {
	t.Helper()
	d := &target{t: t}
	url := os.Getenv(urlVariable)
	if url == "" {
		announced.Do(func() {
			fmt.Fprintf(os.Stderr, "BEHAVIOUR TESTS RUN AGAINST THE EMBEDDED DEPLOYMENT; set %s for a real one\n", urlVariable)
		})
		var err error
		d.embedded, err = deployment.Start(t.Context(), deployment.Config{Addr: "127.0.0.1:0", Functions: append(deployment.SampleApp(), functions...)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.embedded.Close() })
		url = d.embedded.URL()
	}
	var errHTTP, errSync error
	d.http, errHTTP = convex.NewHTTPClient(url, convex.HTTPOptions{})
	d.sync, errSync = live.New(url, live.Options{})
	if err := errors.Join(errHTTP, errSync); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.http.Close(); d.sync.Close() })
	return d
}

// needsEmbedded skips, with a line of output, what cannot be tested against a real deployment.
func needsEmbedded(t *testing.T, why string) {
	t.Helper()
	if os.Getenv(urlVariable) != "" {
		skipLoudly(t, why)
	}
}

func skipLoudly(t *testing.T, why string) {
	t.Helper()
	fmt.Fprintf(os.Stderr, "NOT TESTED: %s: %s\n", t.Name(), why)
	t.Skip(why)
}

// unique is a name that no run has used before.
func unique() string { return "test_" + rand.Text() }

func ctx(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	t.Cleanup(cancel)
	return ctx
}

// newCall makes a call; args are formatted into its arguments.
func newCall(t *testing.T, kind convex.Kind, path, format string, args ...any) convex.Call {
	t.Helper()
	p, err := convex.ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	canonical, err := convex.CanonicalArguments(fmt.Appendf(nil, format, args...))
	if err != nil {
		t.Fatal(err)
	}
	return convex.Call{Kind: kind, Path: p, Args: canonical}
}

// route is a way to run a function.
type route func(convex.Call) (*convex.Result, error)

// routes are both ways. On a session, queries are followed up to their first outcome.
func (d *target) routes() map[string]route {
	d.follow(convex.Credential{}, convex.Call{}) // keeps the session
	return map[string]route{"HTTP": d.overHTTP, "session": d.overSession}
}

func (d *target) overHTTP(call convex.Call) (*convex.Result, error) {
	return d.http.Call(ctx(d.t), call)
}

func (d *target) overSession(call convex.Call) (*convex.Result, error) {
	if call.Kind != convex.Query {
		result, ran, err := d.sync.Run(ctx(d.t), convex.Credential{}, call)
		if !ran {
			d.t.Fatalf("%s did not run over the session: %v", call.Path, err)
		}
		return result, err
	}
	sub := d.follow(convex.Credential{}, call)
	defer sub.Close()
	result := d.await(sub, hasResult).Result
	if result.Err != nil {
		return nil, result.Err
	}
	return result, nil
}

// value runs a function over HTTP that must return, and decodes the result.
func (d *target) value(kind convex.Kind, path, format string, args ...any) any {
	d.t.Helper()
	result, err := d.overHTTP(newCall(d.t, kind, path, format, args...))
	if err != nil {
		d.t.Fatalf("%s: %v", path, err)
	}
	return decoded(d.t, result)
}

func decoded(t *testing.T, result *convex.Result) any {
	t.Helper()
	value, err := convex.Decode(result.Value)
	if err != nil {
		t.Fatalf("%s: %v", result.Value, err)
	}
	return value
}

func (d *target) follow(who convex.Credential, call convex.Call) *live.Subscription {
	d.t.Helper()
	sub, err := d.sync.Subscribe(who, call.Path, call.Args, live.SubscribeOptions{})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(sub.Close)
	return sub
}

// await waits until a subscription's state is as wanted.
func (d *target) await(sub *live.Subscription, wanted func(live.State) bool) live.State {
	d.t.Helper()
	limit := ctx(d.t)
	state := sub.State()
	for !wanted(state) {
		var err error
		if state, err = sub.Next(limit); err != nil || state.Err != nil {
			d.t.Fatalf("waiting: %v, %v; link %v, result %+v", err, state.Err, state.Link, sub.State().Result)
		}
	}
	return state
}

func hasResult(s live.State) bool { return s.Result != nil }

// is matches a value.
func (d *target) is(want any) func(live.State) bool {
	return func(s live.State) bool {
		return s.Result != nil && s.Result.Err == nil && decoded(d.t, s.Result) == want
	}
}

// bodies lists the bodies of messages.
func bodies(messages any) string {
	list, _ := messages.([]any)
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i], _ = m.(map[string]any)["body"].(string)
	}
	return strings.Join(texts, " ")
}

// lists matches messages of these bodies.
func (d *target) lists(want string) func(live.State) bool {
	return func(s live.State) bool {
		return s.Result != nil && s.Result.Err == nil && bodies(decoded(d.t, s.Result)) == want
	}
}

// signIn is a caller with a token that the deployment accepts.
func (d *target) signIn() convex.Credential {
	d.t.Helper()
	token := os.Getenv(tokenVariable)
	if d.embedded != nil {
		var err error
		if token, err = d.embedded.Token(deployment.TokenRequest{User: "ada", TTL: time.Hour}); err != nil {
			d.t.Fatal(err)
		}
	} else if token == "" {
		skipLoudly(d.t, tokenVariable+" is not set")
	}
	return convex.Credential{Identity: convex.Identity{1}, Token: token, Expires: time.Now().Add(time.Hour)}
}

// subject is a token's `sub`.
func subject(t *testing.T, token string) string {
	t.Helper()
	var claims struct {
		Subject string `json:"sub"`
	}
	parts := strings.Split(token, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[min(1, len(parts)-1)])
	if err != nil || json.Unmarshal(payload, &claims) != nil || claims.Subject == "" {
		t.Fatalf("%s is not a token with a sub", tokenVariable)
	}
	return claims.Subject
}
