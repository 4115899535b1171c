package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// clients are the users with their streams, and the writers.
type clients struct {
	cluster *cluster
	users   []*user
	streams []*stream
	writers []*writer

	running    sync.WaitGroup
	stopWrites chan struct{}
	writing    sync.WaitGroup

	reconnects atomic.Int64
	moved      moves
	failure    chan error // the first one
}

// user is a signed-in user with their own connection to HAProxy.
type user struct {
	name, token string
	conn        *grpc.ClientConn
	functions   gatewayv1.FunctionServiceClient
}

// as returns the context of a call with the user's token.
func (u *user) as(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+u.token)
}

func (c *cluster) newUser(name string) (*user, error) {
	token, err := c.deployment.Token(deployment.TokenRequest{User: name, TTL: 10 * time.Minute})
	if err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient(c.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	return &user{name, token, conn, gatewayv1.NewFunctionServiceClient(conn)}, nil
}

// startClients opens all streams, which follow until ctx ends, and waits until each has its first value. Call stop after ctx
// has ended, also after an error.
func (c *cluster) startClients(ctx context.Context, p plan) (*clients, error) {
	cs := &clients{cluster: c, stopWrites: make(chan struct{}), failure: make(chan error, 1)}
	for n := range p.users {
		u, err := c.newUser("user" + strconv.Itoa(n))
		if err != nil {
			return cs, err
		}
		cs.users = append(cs.users, u)
		for i := range p.channelsOfUser {
			channel := (n + i*p.channels/p.channelsOfUser) % p.channels
			for range p.streamsOfChannel {
				cs.streams = append(cs.streams, newStream(u, channel, cs))
			}
		}
	}
	for channel := range p.channels { // user n follows channel n
		cs.writers = append(cs.writers, &writer{user: cs.users[channel], channel: channel})
	}
	for _, s := range cs.streams {
		cs.running.Go(func() { s.follow(ctx) })
	}
	for _, s := range cs.streams {
		if err := cs.waitFor(ctx, s.started); err != nil {
			return cs, fmt.Errorf("a stream of %s: %w; it was cut off last by: %v", s.user.name, err, s.cut.Load())
		}
	}
	return cs, nil
}

// stop waits until streams and writers have ended, and closes the connections. Their context must have ended.
func (cs *clients) stop() {
	cs.running.Wait()
	cs.writing.Wait()
	for _, u := range cs.users {
		_ = u.conn.Close()
	}
}

func (cs *clients) fail(err error) {
	select {
	case cs.failure <- err:
	default:
	}
}

func (cs *clients) waitFor(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case err := <-cs.failure:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// write starts the writers, whose messages are evenly spread in time.
func (cs *clients) write(ctx context.Context, p plan) {
	period := time.Duration(p.channels) * time.Second / time.Duration(p.rate)
	for i, w := range cs.writers {
		offset := period * time.Duration(i) / time.Duration(len(cs.writers))
		cs.writing.Go(func() {
			if err := w.write(ctx, offset, period, cs.stopWrites); err != nil {
				cs.fail(err)
			}
		})
	}
}

// observation counts what happened in a span of time.
type observation struct {
	sockets    int // upstream, at the end of the span
	opened     int // sockets opened in the span
	runs       int // of queries
	messages   int // sent
	reconnects int // of streams
	moves      int // of queries to another replica
}

func (o observation) runsPerMessage() float64 { return float64(o.runs) / float64(max(o.messages, 1)) }

func (o observation) String() string {
	return fmt.Sprintf("%d messages, %d query runs (%.1f a message), %d sockets upstream, %d opened, %d streams reconnected, %d queries moved",
		o.messages, o.runs, o.runsPerMessage(), o.sockets, o.opened, o.reconnects, o.moves)
}

func (cs *clients) observe(ctx context.Context, d time.Duration) (observation, error) {
	return cs.observeWhile(ctx, func() error { return wait(ctx, d) })
}

func (cs *clients) observeWhile(ctx context.Context, happens func() error) (observation, error) {
	stats, messages, reconnects, moved := cs.cluster.deployment.Stats(), cs.messages(), cs.reconnects.Load(), cs.moved.count()
	done, failed := make(chan struct{}), error(nil)
	go func() {
		defer close(done)
		failed = happens()
	}()
	if err := cs.waitFor(ctx, done); err != nil {
		return observation{}, err
	}
	now := cs.cluster.deployment.Stats()
	return observation{
		sockets: now.Sockets, opened: now.SocketsOpened - stats.SocketsOpened, messages: cs.messages() - messages,
		runs:       now.QueryRuns["messages:list"] - stats.QueryRuns["messages:list"],
		reconnects: int(cs.reconnects.Load() - reconnects), moves: cs.moved.count() - moved,
	}, failed
}

func (cs *clients) messages() (n int) {
	for _, w := range cs.writers {
		n += int(w.sent.Load())
	}
	return n
}

// finish stops the writers. Then every stream must receive its channel's last message, and each channel must have every message
// once.
func (cs *clients) finish(ctx context.Context, limit time.Duration, out io.Writer) error {
	close(cs.stopWrites)
	cs.writing.Wait()
	select {
	case err := <-cs.failure:
		return err
	default:
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errors.New("the streams do not come to the last message"))
	defer cancel()
	start := time.Now()
	for _, s := range cs.streams {
		last := cs.writers[s.channel].sent.Load()
		for s.seen() != last {
			if err := wait(ctx, 10*time.Millisecond); err != nil {
				return fmt.Errorf("%w: one of %s has %d, its channel %d; it was cut off last by: %v", err, s.user.name, s.seen(), last, s.cut.Load())
			}
		}
	}
	fmt.Fprintf(out, "all %d streams at the last message after %v\n", len(cs.streams), time.Since(start).Round(time.Millisecond))
	var retries, unchanged int64
	for _, w := range cs.writers {
		if err := w.check(ctx); err != nil {
			return err
		}
		retries += w.retries.Load()
	}
	for _, s := range cs.streams {
		unchanged += s.unchanged.Load()
	}
	fmt.Fprintf(out, "%d messages, each there once and in order; %d calls were made again; %d streams resumed with an unchanged result\n",
		cs.messages(), retries, unchanged)
	return nil
}

// signOuts signs out one user on each replica: all streams of these users must end, on every replica.
func (cs *clients) signOuts(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, 2*time.Minute, errors.New("a sign-out does not reach all replicas"))
	defer cancel()
	for i, g := range cs.cluster.gateways {
		u := cs.users[i]
		conn, err := grpc.NewClient(g.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return err
		}
		_, err = gatewayv1.NewAuthServiceClient(conn).SignOut(u.as(ctx), &gatewayv1.SignOutRequest{})
		_ = conn.Close()
		if err != nil {
			return fmt.Errorf("sign-out on replica %d: %w", i+1, err)
		}
		for _, s := range cs.streams {
			if s.user == u {
				if err := cs.waitFor(ctx, s.signedOut); err != nil {
					return fmt.Errorf("%s, signed out on replica %d: %w", u.name, i+1, err)
				}
			}
		}
	}
	return nil
}

// moves counts queries that moved to another replica: streams of one query that reconnect within the time together count once.
type moves struct {
	mu   sync.Mutex
	last map[query]time.Time
	n    int
}

type query struct {
	user    *user
	channel int
}

// together is less than the time between two restarts.
const together = 8 * time.Second

func (m *moves) reconnected(q query) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last == nil {
		m.last = map[query]time.Time{}
	}
	if now := time.Now(); now.Sub(m.last[q]) > together {
		m.last[q] = now
		m.n++
	}
}

func (m *moves) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n
}

// reasonOf reads the reason of an error of the gateway; errors of a proxy have none.
func reasonOf(err error, trailer metadata.MD) string {
	if reason := trailer.Get("error-reason"); len(reason) == 1 {
		return reason[0]
	}
	return "none, " + status.Code(err).String()
}

// message is the part of a message that is read.
type message struct {
	Body string `json:"body"`
}

// newest returns the number of a channel's newest message; 0: there is none.
func newest(list []byte) (int64, error) {
	var messages []message
	if err := json.Unmarshal(list, &messages); err != nil {
		return 0, err
	}
	if len(messages) == 0 {
		return 0, nil
	}
	return strconv.ParseInt(messages[len(messages)-1].Body, 10, 64)
}
