package deployment

import (
	"context"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/store"
)

// endpointConfig is what a sync endpoint needs of the deployment that it is part of. All fields are required.
type endpointConfig struct {
	db           *store.Database
	run          func(context.Context, call.Call) (call.Outcome, error)
	authenticate func(context.Context, credential.Credential) (*call.Identity, error)
	redacts      func() bool                  // whether error texts are left out
	running      func() context.Context       // for mutations and actions: it may end before the sockets do
	spawn        func(func())                 // runs a goroutine that belongs to the deployment
	conn         func(*http.Request) net.Conn // under a request
	pause        pauser
	now          func() time.Time
	logger       *slog.Logger
}

// pauser holds sockets up while the deployment is paused. Any number of goroutines may use it.
type pauser interface {
	// pass blocks while the deployment is paused; it reports false if ctx has ended first.
	pass(ctx context.Context) bool
	isOpen() bool
	// silence is the time since last, without the time of pauses.
	silence(last time.Time) time.Duration
}

// endpoint serves the sync protocol: an [http.Handler] for GET /api/sync and /api/{version}/sync. Any number of goroutines may
// use it.
type endpoint struct {
	cfg endpointConfig
	ctx context.Context // ends the sockets

	mu      sync.Mutex
	sockets map[*socket]struct{}
	counts  socketCounts
}

// socketCounts is what the endpoint has seen.
type socketCounts struct {
	open          int // now
	opened        int // ever
	authenticates int // Authenticate messages received
	frames        int // messages received
}

// newEndpoint makes an endpoint whose sockets end with ctx.
func newEndpoint(ctx context.Context, cfg endpointConfig) *endpoint {
	return &endpoint{cfg: cfg, ctx: ctx, sockets: map[*socket]struct{}{}}
}

// ServeHTTP upgrades a request and serves the socket until it ends. Authorization headers are ignored: a sync client
// authenticates by message.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	client, err := syncClientOf(r)
	if err == nil {
		err = checkUpgrade(r.Header)
	}
	if err != nil {
		call.WriteError(w, err)
		return
	}
	s := newSocket(e, client, e.cfg.conn(r))
	defer s.cancel(nil)
	if !e.add(s) {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer e.remove(s)
	s.ws, err = websocket.Accept(w, r, s.acceptOptions(r.Header))
	if err != nil {
		return // answered by Accept
	}
	s.serve()
}

// cut drops the TCP connection of every socket, without a close frame.
func (e *endpoint) cut() {
	for _, s := range e.open() {
		s.cut()
	}
}

// closeSockets ends every socket with a close frame. Code 0 is an empty frame; the reason is cut off after 123 bytes. It does not wait.
func (e *endpoint) closeSockets(code int, reason string) {
	for _, s := range e.open() {
		s.end(&closeRequest{websocket.StatusCode(code), reason})
	}
}

// stats returns the counts so far.
func (e *endpoint) stats() socketCounts {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.counts
}

func (e *endpoint) count(change func(*socketCounts)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(&e.counts)
}

func (e *endpoint) open() []*socket {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Collect(maps.Keys(e.sockets))
}

// add lists a socket among the open ones. After ctx has ended there are no new ones.
func (e *endpoint) add(s *socket) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx.Err() != nil {
		return false
	}
	e.sockets[s] = struct{}{}
	return true
}

func (e *endpoint) remove(s *socket) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.sockets, s)
}
