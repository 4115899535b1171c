// Package nats passes notices between the replicas of a gateway over NATS.
//
// NATS core forgets what nobody hears. So each replica remembers recent notices, its own and those it heard: after a cut it
// repeats its own and asks the others for what it missed, and a replica that starts asks for all that is remembered. A
// notice is heard once, however often it is repeated.
package nats

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"golang.org/x/time/rate"

	"convexgateway/auth/lease"
)

// DefaultSubject is the default of Config.Subject.
const DefaultSubject = "convexgateway"

const (
	queueLength = 1024
	// pingInterval and two pings without an answer bound how long a dead connection looks alive.
	pingInterval = 10 * time.Second
	// unnoticed is more than that: how long before it was noticed a cut may have begun.
	unnoticed = time.Minute
	// patience is how long it may take until what was sent has left.
	patience = 2 * time.Second
)

// Config says where the others are. Only URL is required.
type Config struct {
	// URL is one server or several, with commas between: nats://, tls://, ws:// or wss://, with user and password or a token if
	// need be.
	URL string
	// CredsFile is a file with a user's JWT and key, as nsc writes it.
	CredsFile string
	// Subject is the first part of the subjects used: all are <Subject>.*. Default DefaultSubject.
	Subject string
	// Key seals the notices: 32 bytes, the same on all replicas. None: they are JSON in plain text, tokens included.
	Key []byte
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Exchange is an [lease.Exchange] over NATS. It does its work with or without a connection, and never ends trying to have
// one. Close it in the end. Safe for concurrent use.
type Exchange struct {
	codec   codec
	logger  *slog.Logger
	subject string
	self    id
	conn    *nats.Conn
	recent  *memory
	strange rate.Sometimes // how often messages that cannot be read are logged

	queue     chan message
	recalls   chan message
	connected chan struct{} // one signal at most
	behind    atomic.Int64  // Unix seconds: since when nothing was heard or said; 0: all was
	dropped   atomic.Int64
	closing   chan struct{}
	ended     chan struct{}
	closeOnce sync.Once

	mu        sync.Mutex // held while a listener hears
	listeners map[*func(lease.Notice)]struct{}
}

// New joins. It returns at once, also if no server is within reach. Errors name the setting, never its value.
func New(c Config) (*Exchange, error) {
	if c.Subject == "" {
		c.Subject = DefaultSubject
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	codec, err := newCodec(c.Key, c.Subject)
	if err != nil {
		return nil, err
	}
	x := &Exchange{
		codec: codec, logger: c.Logger, subject: c.Subject, self: newID(), recent: newMemory(),
		strange: rate.Sometimes{First: 1, Interval: time.Minute},
		queue:   make(chan message, queueLength), recalls: make(chan message, 64), connected: make(chan struct{}, 1),
		closing: make(chan struct{}), ended: make(chan struct{}), listeners: map[*func(lease.Notice)]struct{}{},
	}
	x.behind.Store(time.Now().Add(-rememberRevocations).Unix())
	if err := x.connect(c); err != nil {
		return nil, err
	}
	go x.run()
	return x, nil
}

func (c Config) validate() error {
	for server := range strings.SplitSeq(c.URL, ",") {
		u, err := url.Parse(strings.TrimSpace(server))
		if err != nil || u.Host == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme) {
			return errors.New("--nats-url: must be nats://host:4222, or with tls, ws or wss; several with commas between")
		}
	}
	if strings.ContainsAny(c.Subject, "*> \t\r\n") || slices.Contains(strings.Split(c.Subject, "."), "") {
		return fmt.Errorf("--nats-subject: %q must be names with dots between, without * and >", c.Subject)
	}
	if c.CredsFile != "" {
		if _, err := os.Stat(c.CredsFile); err != nil {
			return fmt.Errorf("--nats-creds: %w", err)
		}
	}
	return nil
}

// credentials are those that do not stand in the URL.
func (c Config) credentials() (options []nats.Option) {
	if c.CredsFile != "" {
		options = append(options, nats.UserCredentials(c.CredsFile))
	}
	return options
}

// connect starts to connect, and to hear what is said to all and to this replica.
func (x *Exchange) connect(c Config) (err error) {
	options := append(c.credentials(), []nats.Option{
		nats.Name("convexgateway"), nats.NoEcho(), nats.PingInterval(pingInterval), nats.MaxPingsOutstanding(2),
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(time.Second), nats.ReconnectJitter(time.Second, time.Second),
		nats.ReconnectBufSize(-1), // what could not be sent is remembered here
		nats.ConnectHandler(x.onConnect), nats.ReconnectHandler(x.onConnect), nats.DisconnectErrHandler(x.onDisconnect),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { x.logger.Warn("NATS", "error", err) }),
	}...)
	if x.conn, err = nats.Connect(c.URL, options...); err != nil {
		return errors.New("--nats-url: no client can be made of it")
	}
	for _, to := range []string{all, x.self.String()} {
		if _, err := x.conn.Subscribe(x.subject+"."+to, x.receive); err != nil {
			x.conn.Close()
			return fmt.Errorf("--nats-subject: %w", err)
		}
	}
	if !x.conn.IsConnected() {
		x.logger.Warn("NATS is out of reach: what happens on one replica stays there until it is back")
	}
	return nil
}

func (x *Exchange) onConnect(c *nats.Conn) {
	x.logger.Info("connected to NATS", "server", c.ConnectedAddr(), "sealed", x.codec.aead != nil)
	select {
	case x.connected <- struct{}{}:
	default:
	}
}

func (x *Exchange) onDisconnect(_ *nats.Conn, err error) {
	select {
	case <-x.closing:
	default:
		x.behind.CompareAndSwap(0, time.Now().Add(-unnoticed).Unix())
		x.logger.Warn("connection to NATS lost", "error", err)
	}
}

// Publish implements [lease.Exchange]. What finds the queue full is repeated after the next cut only; that is logged.
func (x *Exchange) Publish(n lease.Notice) {
	m := x.newMessage()
	m.Notice = n
	x.recent.add(m, time.Now())
	select {
	case x.queue <- m:
	default:
		x.dropped.Add(1)
	}
}

// Subscribe implements [lease.Exchange]. What was heard before and still matters is heard at once.
func (x *Exchange) Subscribe(hear func(lease.Notice)) (stop func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, m := range x.recent.since(time.Time{}, time.Now()) {
		if m.From != x.self {
			hear(m.Notice)
		}
	}
	x.listeners[&hear] = struct{}{}
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		delete(x.listeners, &hear)
	}
}

// Close sends what is left and leaves. It may be called more than once.
func (x *Exchange) Close() {
	x.closeOnce.Do(func() {
		close(x.closing)
		<-x.ended
		x.conn.Close()
	})
}

// run is the only sender.
func (x *Exchange) run() {
	defer close(x.ended)
	for {
		select {
		case m := <-x.queue:
			x.send(all, m)
			x.reportDropped()
		case <-x.connected:
			x.catchUp()
		case m := <-x.recalls:
			x.repeat(m.From.String(), m.Since, func(message) bool { return true })
		case <-x.closing:
			x.sayGoodbye()
			return
		}
	}
}

// catchUp asks for what was missed during a cut, and tells what the others missed. If it is cut itself, the next one starts
// where it did.
func (x *Exchange) catchUp() {
	behind := x.behind.Load()
	m := x.newMessage()
	m.Recall, m.Since = true, time.Unix(behind, 0)
	x.send(all, m)
	x.repeat(all, m.Since, func(m message) bool { return m.From == x.self })
	if x.conn.FlushTimeout(patience) == nil {
		x.behind.CompareAndSwap(behind, 0)
	}
}

func (x *Exchange) repeat(to string, since time.Time, which func(message) bool) {
	for _, m := range x.recent.since(since, time.Now()) {
		if which(m) {
			x.send(to, m)
		}
	}
}

// send writes one message. Without a connection it does nothing: the notice is remembered.
func (x *Exchange) send(to string, m message) {
	data, err := x.codec.encode(m)
	if err == nil {
		err = x.conn.Publish(x.subject+"."+to, data)
	}
	if err != nil {
		x.logger.Debug("a notice is not sent now", "error", err)
	}
}

func (x *Exchange) reportDropped() {
	if n := x.dropped.Swap(0); n > 0 {
		x.logger.Warn("notices for other replicas dropped: too many at once", "count", n)
	}
}

func (x *Exchange) sayGoodbye() {
	for {
		select {
		case m := <-x.queue:
			x.send(all, m)
			continue
		default:
		}
		break
	}
	if x.conn.IsConnected() {
		if err := x.conn.FlushTimeout(patience); err != nil {
			x.logger.Warn("the last notices may not have left", "error", err)
		}
	}
}

// receive takes a message of any replica.
func (x *Exchange) receive(got *nats.Msg) {
	m, err := x.codec.decode(got.Data)
	switch {
	case err != nil:
		x.strange.Do(func() { x.logger.Warn("a message on NATS is ignored", "error", err) })
	case m.From == x.self:
	case m.Recall:
		select {
		case x.recalls <- m:
		default:
			x.logger.Warn("a replica's question is ignored: too many at once")
		}
	default:
		x.hear(m)
	}
}

// hear tells the listeners of a notice, unless they know it.
func (x *Exchange) hear(m message) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.recent.add(m, time.Now()) {
		return
	}
	for hear := range x.listeners {
		(*hear)(m.Notice)
	}
}

func (x *Exchange) newMessage() message {
	return message{ID: newID(), From: x.self, At: time.Now()}
}
