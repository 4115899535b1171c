package live

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/live/transport"
)

// ErrClosed is returned by everything that is called on a closed client.
var ErrClosed = errors.New("convex: client is closed")

// ErrTooManySessions is returned where there would be more of them than Options.MaxSockets allows.
var ErrTooManySessions = errors.New("convex: too many sessions")

// ErrPageRestart ends a subscription whose journal is of no more use: its page may not fit to others that it was read with, so that they are
// to be read from the first on.
var ErrPageRestart = errors.New("convex: the page has to be read again from the first on")

// ErrQueueFull is returned for a mutation or action that would be one too many on its session.
var ErrQueueFull = protocol.ErrQueueFull

// Options configure a Client. The zero value is good.
type Options struct {
	// Linger is how long a query without subscribers, and a session without queries, is kept for the next one.
	// 0 means 5 s; negative means not at all.
	Linger time.Duration
	// Silence is how long a deployment may send nothing before its socket counts as dead. 0 means 45 s: a deployment sends
	// something every 15 s.
	Silence time.Duration
	// FailFast is how long a session may have tried in vain to connect before new calls on it fail at once instead of
	// waiting. Calls that already wait go on waiting. 0 means 10 s.
	FailFast time.Duration
	// TokenGrace is how long a session without a usable token keeps the requests that wait for a newer one of the same user. Those
	// that were sent may have run, and fail as such. 0 means 10 s; negative means not at all.
	TokenGrace time.Duration
	// SocketsPerIdentity is how many sockets an identity may have. Slow queries, and those that may have ended a socket, go to sockets
	// of their own, where they delay no others, if there may be three or more. Sockets but the first are opened when there is something
	// to put on them, and closed Linger after that. 0 means 3, and 8 for anonymous callers, who share one identity.
	SocketsPerIdentity int
	// MaxSockets bounds the sockets, and so the identities that have a session. When it is reached, lingering sessions are ended
	// first, the longest idle one before the others; then new ones fail with ErrTooManySessions. Seven eighths of it may be taken by
	// further sockets of an identity. 0: no bound.
	//
	// Each socket takes one file descriptor, some 20 KB of memory (55 KB with Compress, and what TLS takes) and one of the
	// deployment's concurrent sessions, which Convex limits by its class: 1,000 for S16, 10,000 for S256, 100,000 for D1024.
	// The bound should be below each of these, divided by the number of replicas. An identity counts until Linger after its
	// last subscriber, so that a page that is loaded again finds its socket; lingering ones are ended for new ones.
	MaxSockets int
	// Compress asks for permessage-deflate. It saves bytes from a deployment far away, and costs each socket its window: 32 KiB.
	Compress bool
	// MutationSockets bounds the sockets of an identity for mutations with keys whose order does not matter. They are opened while mutations
	// wait, and closed Linger after that. 0 means 32.
	MutationSockets int
	// DedicatedSockets has each mutation with a key run on a socket of its own, for deployments that do not take the sessions of
	// several on one. Then they have no order.
	DedicatedSockets bool
	// Admin has the deployment take the tokens of credentials for its deploy keys, not for users' tokens.
	Admin bool
	// Stopped reports whether the deployment is stopped; it may wait for the deployment's answer. It is called where the text of
	// a function's error does not say. nil: never.
	Stopped func(context.Context) bool
	// Hold opens what holds the bytes of live queries for a caller, as SubscribeOptions.Caller names it: arguments and results. A
	// subscription whose bytes cannot be held ends with the error of Take. nil: nothing is counted.
	Hold func(caller string) Hold
	// Reading holds the bytes of messages of the deployment while they are read. nil: nothing is counted.
	Reading transport.Reading
	// HTTPClient makes the WebSocket requests. nil means one of its own.
	HTTPClient *http.Client
	// Logger gets connects, losses and refusals; never tokens, arguments or results. nil means none.
	Logger *slog.Logger

	heavySocket, fullSocket int // for tests; 0 means the constants of these names

	random  func() float64 // for the jitter of reconnects; nil means math/rand
	outages *outages       // of all sessions; set by New
	clocks  *clocks        // of all sockets; set by New
}

// Client keeps live queries over the deployment's sync protocol. Subscribers of one identity share a socket, and
// those of an equal query share the query. It may be used concurrently.
type Client struct {
	opts Options
	dial func(context.Context) (*transport.Socket, error)
	idle func() // closes idle connections of a transport of its own

	stats   counters
	running sync.WaitGroup // sessions, those included that have left the table

	mu       sync.Mutex
	sessions map[convex.Identity]*session // nil when closed
	others   int                          // sockets that are not the first of an identity's session
	beside   int                          // of those: for slow queries and trials
	pool     pool
	runs     map[convex.RequestKey]*keyedRun
}

// New makes a client for the deployment at an http or https URL. It connects when there is a subscriber.
func New(deploymentURL string, opts Options) (*Client, error) {
	u, err := convex.ParseURL(deploymentURL)
	if err != nil {
		return nil, err
	}
	if opts.Linger == 0 {
		opts.Linger = 5 * time.Second
	}
	if opts.Silence == 0 {
		opts.Silence = 45 * time.Second
	}
	if opts.FailFast == 0 {
		opts.FailFast = 10 * time.Second
	}
	if opts.TokenGrace == 0 {
		opts.TokenGrace = 10 * time.Second
	}
	opts.MutationSockets = cmp.Or(opts.MutationSockets, defaultMutationSockets)
	opts.heavySocket, opts.fullSocket = cmp.Or(opts.heavySocket, heavySocket), cmp.Or(opts.fullSocket, fullSocket)
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	opts.outages, opts.clocks = newOutages(opts.Logger), &clocks{}
	idle := func() {}
	if opts.HTTPClient == nil {
		transport := convex.NewTransport(0)
		transport.ReadBufferSize, transport.WriteBufferSize = 1<<10, 1<<10 // for the one request of a connection
		opts.HTTPClient, idle = &http.Client{Transport: transport}, transport.CloseIdleConnections
	}
	dial := func(ctx context.Context) (*transport.Socket, error) {
		return transport.Dial(ctx, u, opts.HTTPClient, opts.Compress, opts.Reading)
	}
	c := &Client{
		opts: opts, dial: dial, idle: idle, sessions: map[convex.Identity]*session{}, runs: map[convex.RequestKey]*keyedRun{},
	}
	c.pool = pool{client: c, members: map[convex.Identity][]*member{}, lines: map[convex.Identity]*line{}}
	return c, nil
}

// SubscribeOptions change what a subscriber gets. The zero value is good.
type SubscribeOptions struct {
	// NotBefore holds the first result back until the session has reached this time of the deployment (ns since
	// 1970, as State.ReadTime), but for MaxWait at most. The deployment is asked for its newest time; if that is earlier still, the
	// result is held back no longer.
	NotBefore uint64
	MaxWait   time.Duration // 0 means 1 s

	// Journal is Result.Journal of an earlier subscription to the same query with the same arguments, also of another client: the page goes on
	// where that one ended. It is used if the query is not live. If it fails, the query begins without it; where that does not fail, the
	// subscription ends with ErrPageRestart. Empty: none.
	Journal string

	// Caller is who asks, however it is named: slow queries of one caller share a socket.
	Caller string

	// Listener is notified of every change after the state that is there when Subscribe returns; nil: Ready is.
	Listener Listener
}

// Subscribe follows a query on behalf of a caller; args are canonical, as CanonicalArguments returns them. A zero path
// follows no query, only the session: its link, and whether the deployment has confirmed the identity. The caller must Close
// the subscription. Errors are ErrClosed and ErrTooManySessions.
func (c *Client) Subscribe(credential convex.Credential, path convex.Path, args []byte, opts SubscribeOptions) (*Subscription, error) {
	if opts.MaxWait == 0 {
		opts.MaxWait = time.Second
	}
	s, err := c.session(credential.Identity)
	if err != nil {
		return nil, err
	}
	sub := newSubscription(credential, opts)
	sub.conflated = &c.stats.conflated
	sub.renew, sub.leave = s.postRenew, s.postLeave
	joined := make(chan struct{})
	if !s.loop.post(func() { s.join(sub, path, args, opts.MaxWait); close(joined) }) {
		return nil, ErrClosed
	}
	<-joined // so that State is the present one from the start
	return sub, nil
}

// session finds or starts the session of an identity, and reserves a place in it.
func (c *Client) session(identity convex.Identity) (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessions == nil {
		return nil, ErrClosed
	}
	s := c.sessions[identity]
	if s == nil {
		if !c.makeRoom() {
			return nil, ErrTooManySessions
		}
		s = c.newSession(identity, convex.RandomUUID(), c.opts.socketsOf(identity))
		s.retire = func() bool { return c.retire(s) }
		c.sessions[identity] = s
	} else {
		c.stats.sharedSessions.Add(1)
	}
	s.joining.Add(1)
	return s, nil
}

// newSession makes a session whose retire is still to be set. The caller holds mu.
func (c *Client) newSession(identity convex.Identity, id string, sockets int) *session {
	s := newSession(identity, id, sockets, &c.opts, &c.stats)
	s.dial, s.finished = c.dial, c.running.Done
	s.takeSocket, s.freeSocket = func() bool { return c.takeSocket(identity) }, c.freeSocket
	c.running.Add(1)
	c.stats.sessions.Add(1)
	return s
}

// makeRoom reports whether there is room for one more session. Call it with mu held.
func (c *Client) makeRoom() bool {
	if c.opts.MaxSockets == 0 || len(c.sessions)+c.others < c.opts.MaxSockets {
		return true
	}
	var idlest *session
	for _, s := range c.sessions {
		since := s.idleSince.Load()
		if since != 0 && s.joining.Load() == 0 && (idlest == nil || since < idlest.idleSince.Load()) {
			idlest = s
		}
	}
	if idlest == nil {
		return false
	}
	delete(c.sessions, idlest.credentials.identity)
	idlest.cancel()
	return true
}

// Bounds of sockets for slow queries and trials: minBeside, and one for each besideShare sessions. While the deployment is slow for all
// sessions, more sockets would make it slower.
const (
	minBeside   = 32
	besideShare = 8
)

// takeSocket reports whether a session may have one more socket beside its first, and counts it.
func (c *Client) takeSocket(identity convex.Identity) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	full := c.beside >= minBeside+len(c.sessions)/besideShare && identity != convex.Identity{} // the anonymous callers' do not depend on users'
	if full || !c.hasSocket() {
		return false
	}
	c.others++
	c.beside++
	return true
}

// hasSocket reports whether there may be one more socket that is not the first of an identity. The caller holds mu.
func (c *Client) hasSocket() bool {
	limit := c.opts.MaxSockets
	return limit == 0 || len(c.sessions)+c.others < limit-limit/8
}

// freeSocket counts that it is closed.
func (c *Client) freeSocket() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.others--
	c.beside--
}

// retire takes a session out of the table unless a call is about to join it.
func (c *Client) retire(s *session) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.joining.Load() > 0 {
		return false
	}
	if c.sessions[s.credentials.identity] == s {
		delete(c.sessions, s.credentials.identity)
	}
	return true
}

// Close ends all subscriptions with ErrClosed and waits for all goroutines. It may be called twice.
func (c *Client) Close() error {
	c.mu.Lock()
	sessions := slices.Collect(maps.Values(c.sessions))
	c.sessions = nil
	for _, members := range c.pool.members {
		for _, m := range members {
			sessions = append(sessions, m.session)
		}
	}
	for _, r := range c.runs {
		r.cancel(ErrClosed)
	}
	c.pool.close()
	c.mu.Unlock()
	for _, s := range sessions {
		s.cancel()
	}
	c.running.Wait()
	c.opts.outages.close()
	c.idle()
	return nil
}
