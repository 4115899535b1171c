package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/auth/nats"
	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/natstest"
	"convexgateway/internal/wait"
)

// exchangeKeys derives the keys of an exchange.
func exchangeKeys(t *testing.T, keys Keys) [][]byte {
	t.Helper()
	derived, err := keys.Derive("test")
	if err != nil {
		t.Fatal(err)
	}
	return derived
}

// cluster is three gateways of one deployment, whose keys are replaced while they serve.
type cluster struct {
	*clerkTest // the first
	gateways   []*gateway
	signedOut  int
}

// startCluster starts it with a cluster key, and with another key for request ids.
func startCluster(t *testing.T, key Key) *cluster {
	t.Helper()
	broker, clerk, requestIDs := natstest.Start(t), newClerkInstance(t), newClusterKey()
	d := startDeployment(t, deployment.Config{Providers: []deployment.Provider{{Domain: clerk.URL(), ApplicationID: "convex"}}})
	c := &cluster{}
	for range 3 {
		g := startUpstream(t, Upstream{ConvexURL: d.URL(), Issuers: []string{clerk.URL()}}, func(cfg *Config) {
			cfg.ClusterKeys, cfg.RequestIDKey = Keys{key}, requestIDs
			exchange, err := nats.New(nats.Config{URL: broker.ClientURL(), Keys: exchangeKeys(t, cfg.ClusterKeys), Logger: cfg.Logger})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(exchange.Close)
			cfg.Exchange = exchange
			cfg.ExchangeKeys = func(keys Keys) error { return exchange.ReplaceKeys(exchangeKeys(t, keys)) }
		})
		g.dev = d
		c.gateways = append(c.gateways, g)
	}
	c.clerkTest = &clerkTest{c.gateways[0], clerk}
	return c
}

// checkTickets has a ticket of each gateway used at each other.
func (c *cluster) checkTickets(t *testing.T, token, when string) {
	t.Helper()
	for i, from := range c.gateways {
		for j, at := range c.gateways {
			if i == j {
				continue
			}
			ctx, cancel := context.WithCancel(at.context())
			stream, err := at.openSSE(ctx, "GET", from.issue(token, counterTicket("ticket")).URL, "")
			if err != nil {
				t.Errorf("%s: a ticket of replica %d is refused by %d: %v", when, i, j, err)
			} else {
				stream.result()
			}
			cancel()
		}
	}
}

// checkSignOut signs a new user out at one gateway: its streams on the others end.
func (c *cluster) checkSignOut(t *testing.T, at int, when string) {
	t.Helper()
	c.signedOut++
	token := c.signIn(fmt.Sprint("user", c.signedOut), time.Minute, nil)
	var streams []*subscription
	for i, g := range c.gateways {
		if i != at {
			s := g.subscribe(g.as(token), counterQuery("c"))
			result(s)
			streams = append(streams, s)
		}
	}
	g := c.gateways[at]
	if _, err := g.auth.SignOut(g.as(token), &gatewayv1.SignOutRequest{}); err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	for _, s := range streams {
		unauthenticated("SIGNED_OUT").checkStatus(t, s.end(), s.Trailer())
	}
}

// mutate sends mutations with request ids, 50 a second at most, each through all gateways at once, until ctx ends. It returns how many there
// were.
func (c *cluster) mutate(ctx context.Context, t *testing.T) (sent int) {
	var running sync.WaitGroup
	places := make(chan struct{}, 2*len(c.gateways)) // a slow machine gets fewer
	for ; wait.For(ctx, 20*time.Millisecond) == nil; sent++ {
		id := randomID()
		for _, g := range c.gateways {
			places <- struct{}{}
			running.Go(func() {
				defer func() { <-places }()
				for {
					_, err := g.functions.Mutate(g.context(), &gatewayv1.MutateRequest{Path: "counter:add", ArgsJson: []byte(`{"name":"rotated"}`), RequestId: id})
					if err == nil {
						return
					}
					if status.Code(err) != codes.Unavailable {
						t.Errorf("a mutation: %v", err)
						return
					}
				}
			})
		}
	}
	running.Wait()
	return sent
}

// The cluster key is rotated in three steps, replica by replica, while mutations with request ids are sent through all of them: a new key is
// added behind the old one, becomes the first, and the old one is removed. Each mutation runs once, no ticket is refused, and each sign-out is
// seen by all.
func TestClusterKeysRotate(t *testing.T) {
	t.Parallel()
	oldKey, newKey := newClusterKey(), newClusterKey()
	c := startCluster(t, oldKey)
	token := c.signIn("ada", 5*time.Minute, nil)
	ctx, stop := context.WithCancel(t.Context())
	sent := make(chan int, 1)
	go func() { sent <- c.mutate(ctx, t) }()
	for step, keys := range []Keys{{oldKey, newKey}, {newKey, oldKey}, {newKey}} {
		for i, g := range c.gateways {
			if err := g.ReplaceClusterKeys(keys); err != nil {
				t.Fatal(err)
			}
			when := fmt.Sprintf("step %d, replica %d", step+1, i)
			c.checkTickets(t, token, when)
			c.checkSignOut(t, (i+step)%len(c.gateways), when)
		}
	}
	stop()
	n := <-sent
	answer, err := c.functions.Query(c.context(), &gatewayv1.QueryRequest{Path: "counter:get", ArgsJson: []byte(`{"name":"rotated"}`)})
	if err != nil {
		t.Fatal(err)
	}
	if got := int(answer.GetValue().GetNumberValue()); got != n || n == 0 {
		t.Errorf("%d mutations were sent, %d were run", n, got)
	}
	for i, g := range c.gateways {
		if logs := g.logs.String(); strings.Contains(logs, "different keys") || strings.Contains(logs, "not sealed with a key") {
			t.Errorf("replica %d: %s", i, logs)
		}
	}
}

// A step that is left out is noticed by the checks of the test above: a ticket under the new key is refused where that is not known.
func TestClusterKeysRotateInSteps(t *testing.T) {
	t.Parallel()
	c := startCluster(t, newClusterKey())
	token := c.signIn("ada", time.Minute, nil)
	if err := c.gateways[0].ReplaceClusterKeys(Keys{newClusterKey()}); err != nil {
		t.Fatal(err)
	}
	c.gateways[1].refuses(t, usedUp, c.issue(token, counterTicket("t")).URL)
}

// What would break promises, or is no key, is refused, and the keys that were there stay in use.
func TestClusterKeysThatCannotBeReplaced(t *testing.T) {
	t.Parallel()
	key, other := newClusterKey(), newClusterKey()
	for name, tt := range map[string]struct {
		cfg   Config
		keys  Keys
		field string
	}{
		"another first key, from which request ids follow": {Config{ClusterKeys: Keys{key}}, Keys{other, key}, "RequestIDKey"},
		"none":                     {Config{ClusterKeys: Keys{key}, RequestIDKey: key}, nil, ""},
		"none at the start":        {Config{}, Keys{key}, ""},
		"a key that is no key":     {Config{ClusterKeys: Keys{key}, RequestIDKey: key}, Keys{key, "short"}, ""},
		"an empty one of two":      {Config{ClusterKeys: Keys{key}, RequestIDKey: key}, Keys{key, ""}, ""},
		"too few bytes, as base64": {Config{ClusterKeys: Keys{key}, RequestIDKey: key}, Keys{keyOf(make([]byte, 31))}, ""},
	} {
		g := start(t, func(c *Config) { c.ClusterKeys, c.RequestIDKey = tt.cfg.ClusterKeys, tt.cfg.RequestIDKey })
		issued := g.issue(g.token(deployment.TokenRequest{User: "ada"}), counterTicket("t"))
		err := g.ReplaceClusterKeys(tt.keys)
		if err == nil || strings.Contains(err.Error(), string(other)) {
			t.Errorf("%s: %v", name, err)
		}
		if e, is := errors.AsType[*ConfigError](err); tt.field != "" && (!is || e.Field != tt.field) {
			t.Errorf("%s: %v, want %s", name, err, tt.field)
		}
		g.checkLine(map[string]any{"audit": true, "event": "reload", "of": "cluster keys", "ok": false})
		g.sse("GET", issued.URL, "").result()
	}
	g := start(t, func(c *Config) { c.ClusterKeys = Keys{key} })
	if err := g.ReplaceClusterKeys(Keys{key, other}); err != nil {
		t.Errorf("a key behind the first: %v", err)
	}
	g.checkLine(map[string]any{"audit": true, "event": "reload", "of": "cluster keys", "ok": true})
}
