package deployment

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/requestline"
	"convexgateway/dev/deployment/store"
	devsync "convexgateway/dev/deployment/sync"
)

const (
	// Version is what GET /version answers.
	Version = "convexgateway-dev"
	// InstanceName is what GET /instance_name answers.
	InstanceName = "convexgateway-dev"
	// DefaultAddr is the address of Convex's own local backend, so that its clients find this one there.
	DefaultAddr = "127.0.0.1:3210"

	readHeaderTimeout = 10 * time.Second
)

// Config is what to run. The zero value is the sample app on DefaultAddr with an empty store.
type Config struct {
	Addr      string                // host:port; port 0 picks a free one
	Listener  net.Listener          // used in place of Addr, and closed by Close; nil: TCP on Addr
	Store     *Store                // nil: an empty one. One of a closed deployment continues with its data
	Functions []app.Function        // nil: app.Sample()
	Tables    []store.Table         // nil: app.SampleTables()
	Providers []credential.Provider // whose tokens are accepted; nil: those of the deployment's own issuer, for "convex"
	Trusted   []credential.Provider // whose tokens are accepted besides those of Providers
	Slots     app.Slots             // how many functions run at a time; zero: Convex's defaults
	Redact    bool                  // as in production: no error texts but a ConvexError's data, and no log lines
	Controls  bool                  // serve /dev/control/, and add the functions in module testing with their tables
	Logger    *slog.Logger          // nil: no logs
	Now       func() time.Time      // nil: time.Now
	Client    *http.Client          // fetches the keys of other issuers; nil: one with its own connections
}

// Deployment is a running development deployment. Any number of goroutines may use it.
type Deployment struct {
	store    *Store
	db       *store.Database // the store's
	runner   *app.Runner
	verifier *credential.Verifier
	sync     *devsync.Endpoint
	faults   *faults
	stats    *counters
	logger   *slog.Logger
	url      string
	controls bool
	server   *http.Server
	client   *http.Client // fetches the keys of other issuers

	ctx    context.Context // of all handlers; ends when the deployment closes
	cancel context.CancelFunc
	work   sync.WaitGroup // requests, sockets and what they started

	mu         sync.Mutex
	closed     bool
	conns      map[net.Conn]struct{} // of HTTP
	process    context.Context       // see running
	endProcess context.CancelFunc
}

// Start listens and serves until Close, or until ctx ends. After that Close still has to be called, to wait. It fails for an
// invalid list of functions or providers, and for an address that cannot be listened on.
func Start(ctx context.Context, cfg Config) (*Deployment, error) {
	cfg = cfg.withDefaults()
	if cfg.Listener == nil {
		var err error
		if cfg.Listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Addr); err != nil {
			return nil, fmt.Errorf("development deployment: %w", err)
		}
	}
	d, err := start(ctx, cfg)
	if err != nil {
		_ = cfg.Listener.Close()
		return nil, fmt.Errorf("development deployment: %w", err)
	}
	return d, nil
}

func start(ctx context.Context, cfg Config) (*Deployment, error) {
	d := &Deployment{
		store: cfg.Store, db: cfg.Store.db, faults: &faults{pause: newPause()}, stats: newCounters(), logger: cfg.Logger,
		url: "http://" + cfg.Listener.Addr().String(), controls: cfg.Controls,
		client: cfg.Client, conns: map[net.Conn]struct{}{},
	}
	d.ctx, d.cancel = context.WithCancel(context.WithoutCancel(ctx))
	d.process, d.endProcess = context.WithCancel(d.ctx)
	if err := d.assemble(cfg); err != nil {
		d.cancel()
		return nil, err
	}
	d.server = &http.Server{
		Handler:           d.handler(),
		ReadHeaderTimeout: readHeaderTimeout,
		BaseContext:       func(net.Listener) context.Context { return d.ctx },
		ConnContext:       withConn,
		ConnState:         d.trackConn,
		ErrorLog:          slog.NewLogLogger(cfg.Logger.Handler(), slog.LevelDebug),
	}
	d.spawn(func() { _ = d.server.Serve(requestline.Listener{Listener: cfg.Listener}) }) // it always fails, at the latest with ErrServerClosed
	stop := context.AfterFunc(ctx, d.shutDown)
	d.spawn(func() { <-d.ctx.Done(); stop() })
	return d, nil
}

// assemble makes the parts and prepares the store for them.
func (d *Deployment) assemble(cfg Config) (err error) {
	own := d.IssuerURL()
	if cfg.Providers == nil {
		cfg.Providers = []credential.Provider{{Domain: own, ApplicationID: "convex"}}
	}
	d.verifier, err = credential.NewVerifier(credential.VerifierConfig{
		AdminKey: d.store.admin, Providers: append(slices.Clip(cfg.Providers), cfg.Trusted...), Client: d.client, OwnIssuer: own, OwnKey: d.store.clerk.PublicKey,
		Now: cfg.Now, Redacts: d.redacts,
	})
	if err != nil {
		return err
	}
	d.runner, err = app.NewRunner(cfg.Functions, app.Config{
		Database: d.db, URL: d.url, Slots: cfg.Slots, Logger: d.logger, Redacts: d.redacts, Delay: d.faults.wait, QueryRan: d.stats.queryRan,
	})
	if err != nil {
		return err
	}
	d.sync = devsync.NewEndpoint(d.ctx, devsync.Config{
		Database: d.db, Run: d.runner.Run, Authenticate: d.verifier.Verify, Redacts: d.redacts, Running: d.running, Spawn: d.spawn,
		Conn: func(r *http.Request) net.Conn { return connOf(r.Context()) }, Pause: d.faults.pause, Now: cfg.Now, Logger: d.logger,
	})
	d.SetRedact(cfg.Redact)
	d.db.SetClock(cfg.Now)
	d.store.clerk.SetURL(own)
	d.db.Declare(cfg.Tables)
	d.db.Begins()
	return nil
}

func (cfg Config) withDefaults() Config {
	if cfg.Addr == "" {
		cfg.Addr = DefaultAddr
	}
	if cfg.Store == nil {
		cfg.Store = NewStore()
	}
	if cfg.Functions == nil {
		cfg.Functions = app.Sample()
	}
	if cfg.Tables == nil {
		cfg.Tables = app.SampleTables()
	}
	cfg.Functions = withTesting(cfg.Functions, cfg.Controls)
	if cfg.Controls {
		cfg.Tables = append(slices.Clip(cfg.Tables), app.TestingTables()...)
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{Transport: &http.Transport{}}
	}
	return cfg
}

// withTesting adds the functions for test suites.
func withTesting(list []app.Function, controls bool) []app.Function {
	if controls {
		return append(slices.Clip(list), app.Testing()...)
	}
	return list
}

// Deploy replaces the app's functions, as `npx convex deploy` does: sockets stay, live queries run again, what runs already goes on. It
// fails for an invalid list.
func (d *Deployment) Deploy(list []app.Function) error {
	return d.runner.Deploy(withTesting(list, d.controls))
}

// URL is the deployment's address: http://127.0.0.1:3210.
func (d *Deployment) URL() string { return d.url }

// AdminKey is the key that permits everything; see Store.AdminKey.
func (d *Deployment) AdminKey() string { return d.store.AdminKey() }

// CutSockets drops the TCP connection of every sync socket, without a close frame.
func (d *Deployment) CutSockets() { d.sync.CutSockets() }

// CloseSockets ends every sync socket with a close frame. The reason is cut off after 123 bytes. It does not wait.
func (d *Deployment) CloseSockets(code int, reason string) { d.sync.CloseSockets(code, reason) }

// Close drops the sockets, stops listening, cancels running calls and waits for them. It may be called more than once.
func (d *Deployment) Close() error {
	d.shutDown()
	d.work.Wait()
	return nil
}

func (d *Deployment) shutDown() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.cancel()
	d.sync.CutSockets()
	if err := d.server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		d.logger.Debug("closing the listener", "error", err)
	}
	d.client.CloseIdleConnections()
}

// spawn runs f in a goroutine that Close waits for. Only Start, requests and spawned goroutines may call it.
func (d *Deployment) spawn(f func()) { d.work.Go(f) }

// track makes Close wait for the requests that are being served, and answers later ones with 503.
func (d *Deployment) track(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		if d.closed {
			d.mu.Unlock()
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		d.work.Add(1)
		d.mu.Unlock()
		defer d.work.Done()
		next.ServeHTTP(w, r)
	})
}
