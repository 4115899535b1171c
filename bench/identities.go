package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/bench/load"
	"convexgateway/bench/payload"
	"convexgateway/bench/table"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// identitiesResult is the cost of many users for the gateway.
type identitiesResult struct {
	memory  float64 // bytes
	arrival time.Duration
	fanout  time.Duration // CPU of all rounds
}

const identityRounds = 5

// callers are how many users there are on how many connections, and what they follow.
type callers struct {
	users, conns int  // a single user is anonymous
	each         int  // streams of a user
	rounds       int  // updates that are measured
	anonymous    bool // the queries of all users run without their identities
}

// sockets is how many sockets to the deployment they need.
func (c callers) sockets() int {
	if c.anonymous {
		return 1
	}
	return c.users
}

// identities measures the cost of users: each has a verified token, a socket to the deployment and queries of its own.
func (b *bench) identities(ctx context.Context) error {
	if err := b.idleUsers(ctx); err != nil {
		return err
	}
	users, each, conns := b.count(1_000, 20), 10, b.count(100, 10)
	var memory, arrival, message, anonymous table.Series
	for range b.runs {
		apart, together, err := b.compareUsers(ctx, users, each, conns)
		if err != nil {
			return err
		}
		memory = append(memory, (apart.memory-together.memory)/float64(users)/1024)
		arrival = append(arrival, micros(apart.arrival)/float64(users))
		message = append(message, micros(apart.fanout)/float64(identityRounds*users*(each-1)))
		anonymous = append(anonymous, micros(together.fanout)/float64(identityRounds*users*each))
	}
	what := fmt.Sprintf("%s users with %d streams and a socket to the deployment each", thousands(users), each)
	b.add(table.Row{What: what, Unit: "KiB RSS per user, beyond its streams", Gateway: memory, Goal: table.Goal{Limit: 40, Unit: "KiB"}})
	b.add(table.Row{What: what, Unit: "CPU µs per user to arrive", Gateway: arrival})
	b.add(table.Row{What: what, Unit: cpuPerMessage, Floor: "one anonymous user", There: anonymous, Gateway: message})
	return nil
}

// idleUsers measures the memory of users that have a token, a socket and one query.
func (b *bench) idleUsers(ctx context.Context) error {
	users, conns := b.count(2_000, 20), b.count(100, 10)
	var memory table.Series
	for range b.runs {
		apart, together, err := b.compareUsers(ctx, users, 1, conns)
		if err != nil {
			return err
		}
		memory = append(memory, (apart.memory-together.memory)/float64(users)/1024)
	}
	what := fmt.Sprintf("%s users with a stream and a socket to the deployment each", thousands(users))
	b.add(table.Row{What: what, Unit: "KiB RSS per user, beyond its stream", Gateway: memory, Goal: table.Goal{Limit: 40, Unit: "KiB"}})
	return nil
}

// compareUsers measures many users, then one anonymous user with as many streams.
func (b *bench) compareUsers(ctx context.Context, users, each, conns int) (apart, together identitiesResult, err error) {
	if apart, err = b.measureUsers(ctx, callers{users: users, each: each, conns: conns, rounds: identityRounds}); err == nil {
		together, err = b.measureUsers(ctx, callers{users: 1, each: users * each, conns: conns, rounds: identityRounds})
	}
	return apart, together, err
}

// shared measures users of one query that runs without their identities, against as many anonymous callers.
func (b *bench) shared(ctx context.Context) error {
	users, conns, rounds := b.count(1_000, 20), b.count(100, 10), b.count(1_000, 5)
	var message, anonymous, memory table.Series
	for range b.runs {
		ofUsers, err := b.measureUsers(ctx, callers{users: users, each: 1, conns: conns, rounds: rounds, anonymous: true})
		if err != nil {
			return err
		}
		ofNobody, err := b.measureUsers(ctx, callers{users: 1, each: users, conns: conns, rounds: rounds})
		if err != nil {
			return err
		}
		message = append(message, micros(ofUsers.fanout)/float64(rounds*users))
		anonymous = append(anonymous, micros(ofNobody.fanout)/float64(rounds*users))
		memory = append(memory, (ofUsers.memory-ofNobody.memory)/float64(users)/1024)
	}
	what := fmt.Sprintf("%s users of one anonymous query", thousands(users))
	b.add(table.Row{What: what, Unit: cpuPerMessage, Floor: "as many anonymous callers", There: anonymous, Gateway: message, Goal: table.AtMost(1.1)})
	b.add(table.Row{What: what, Unit: "KiB RSS per user, beyond an anonymous caller", Gateway: memory})
	return nil
}

// measureUsers measures users on a new gateway.
func (b *bench) measureUsers(ctx context.Context, of callers) (r identitiesResult, err error) {
	users, each := of.users, of.each
	defer b.stopAll()
	_, d, err := b.own(ctx, "deployment")
	if err != nil {
		return r, err
	}
	g, err := b.gateway(ctx, d.URL, "--clerk-issuer", d.Issuer)
	if err != nil {
		return r, err
	}
	tokens, err := tokensOf(ctx, d.URL, users)
	if err != nil {
		return r, err
	}
	before, err := g.RSS()
	if err != nil {
		return r, err
	}
	c := &load.Users{Users: of.sockets(), Each: each, Faults: &b.faults}
	o := load.Open{Addr: g.grpc, Conns: of.conns, Streams: users * each}
	o.Request = func(stream int) load.Request { return userRequest(stream, of, tokens) }
	c.Await(users*each, 0)
	var streams load.Streams
	g.Label = fmt.Sprint("arrival of ", users)
	r.arrival, err = g.Spend(func() error {
		if streams, err = load.OpenGRPC(ctx, o, c); err != nil {
			return err
		}
		return c.Wait(ctx)
	})
	if err != nil {
		return r, err
	}
	defer func() { c.Closing.Store(true); streams.Close() }()
	b.settle(ctx)
	after, err := g.RSS()
	if err != nil {
		return r, err
	}
	r.memory = after - before
	if err := checkSockets(ctx, d.URL, of.sockets()); err != nil {
		return r, err
	}
	followers := users * each
	if of.sockets() > 1 {
		followers -= users
	}
	if followers == 0 {
		return r, nil
	}
	g.Label = fmt.Sprint("fan-out to ", users)
	r.fanout, err = g.Spend(func() error {
		for n := range int64(of.rounds) {
			c.Await(followers, n+1)
			if _, err := add(ctx, d.URL); err != nil {
				return err
			}
			if err := c.Wait(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

func userRequest(stream int, of callers, tokens []string) load.Request {
	m := &gatewayv1.SubscribeRequest{Path: "counter:get", Anonymous: of.anonymous}
	m.Args = &structpb.Struct{Fields: map[string]*structpb.Value{"name": structpb.NewStringValue("bench")}}
	r := load.Request{Path: gatewayv1.FunctionService_Subscribe_FullMethodName}
	if of.users > 1 {
		r.Token = "Bearer " + tokens[stream/of.each]
		if stream%of.each == 0 && !of.anonymous {
			m.Path, m.Args = "users:me", nil
		}
	}
	r.Message = payload.Encode(m)
	return r
}

// tokensOf signs users in at the deployment's issuer.
func tokensOf(ctx context.Context, url string, users int) ([]string, error) {
	tokens := make([]string, users)
	for i := range tokens {
		var answer struct{ Token string }
		if err := load.PostJSON(ctx, url+"/dev/token", map[string]any{"user": load.UserName(i), "ttl": "30m"}, &answer); err != nil {
			return nil, err
		}
		tokens[i] = answer.Token
	}
	return tokens, nil
}

// checkSockets checks that each identity has one socket to the deployment.
func checkSockets(ctx context.Context, url string, want int) error {
	var st struct{ Sockets int }
	err := load.GetJSON(ctx, url+"/dev/control/stats", &st)
	if err == nil && st.Sockets != want {
		err = fmt.Errorf("%d identities have %d sockets", want, st.Sockets)
	}
	return err
}
