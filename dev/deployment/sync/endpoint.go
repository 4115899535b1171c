package sync

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

// Config is what a sync endpoint needs of the deployment that it is part of. All fields are required.
type Config struct {
	Database     *store.Database
	Run          func(context.Context, call.Call) (call.Outcome, error)
	Authenticate func(context.Context, credential.Credential) (*call.Identity, error)
	Redacts      func() bool                  // whether error texts are left out
	Running      func() context.Context       // for mutations and actions: it may end before the sockets
	Spawn        func(func())                 // runs a goroutine that belongs to the deployment
	Conn         func(*http.Request) net.Conn // the connection of a request
	Pause        Pauser
	Now          func() time.Time
	Logger       *slog.Logger
}

// Pauser stops sockets from reading and writing while the deployment is paused. Any number of goroutines may use it.
type Pauser interface {
	// Wait blocks while the deployment is paused. It returns false if ctx ended first.
	Wait(ctx context.Context) bool
	// Paused reports whether the deployment is paused.
	Paused() bool
	// Silence is the time since last, pauses left out.
	Silence(last time.Time) time.Duration
}

// Endpoint serves the sync protocol: an [http.Handler] for GET /api/sync and /api/{version}/sync. Any number of goroutines may
// use it.
type Endpoint struct {
	cfg Config
	ctx context.Context // ends the sockets

	mu      sync.Mutex
	sockets map[*socket]struct{}
	counts  Counts
}

// Counts are numbers of sockets and messages.
type Counts struct {
	Open          int // sockets open now
	Opened        int // sockets ever opened
	Authenticates int // Authenticate messages received
	Frames        int // messages received
}

// NewEndpoint makes an endpoint whose sockets end with ctx.
func NewEndpoint(ctx context.Context, cfg Config) *Endpoint {
	return &Endpoint{cfg: cfg, ctx: ctx, sockets: map[*socket]struct{}{}}
}

// ServeHTTP upgrades a request and serves the socket until it ends. Authorization headers are ignored: a sync client
// authenticates by message.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	client, err := syncClientOf(r)
	client.SetDeprecation(w.Header())
	if err == nil {
		err = checkUpgrade(r.Header)
	}
	if err != nil {
		call.WriteError(w, err)
		return
	}
	s := newSocket(e, client, e.cfg.Conn(r))
	defer s.cancel(nil)
	if !e.add(s) {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer e.remove(s)
	s.ws, err = websocket.Accept(guarded(w, r), r, s.acceptOptions(r.Header))
	if err != nil {
		return // answered by Accept
	}
	s.serve()
}

// CutSockets drops the TCP connection of every socket, without a close frame.
func (e *Endpoint) CutSockets() {
	for _, s := range e.open() {
		s.cut()
	}
}

// CloseSockets ends every socket with a close frame. Code 0 is an empty frame; a reason is cut off
// after 123 bytes. It does not wait.
func (e *Endpoint) CloseSockets(code int, reason string) {
	for _, s := range e.open() {
		s.end(&closeRequest{websocket.StatusCode(code), reason})
	}
}

// Counts returns the counts so far.
func (e *Endpoint) Counts() Counts {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.counts
}

func (e *Endpoint) count(change func(*Counts)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(&e.counts)
}

func (e *Endpoint) open() []*socket {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Collect(maps.Keys(e.sockets))
}

// add registers an open socket. It returns false if ctx has ended.
func (e *Endpoint) add(s *socket) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx.Err() != nil {
		return false
	}
	e.sockets[s] = struct{}{}
	return true
}

func (e *Endpoint) remove(s *socket) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.sockets, s)
}
