package nats

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"golang.org/x/time/rate"

	"convexgateway/auth/lease"
)

const (
	queueLength = 1024
	// pingInterval: a connection is dead after two pings without an answer.
	pingInterval = 10 * time.Second
	// noticedWithin is longer than that: a cut began at most so long before it was noticed.
	noticedWithin = time.Minute
	// flushTimeout bounds the wait until the server has what was sent.
	flushTimeout = 2 * time.Second
)

// Exchange is a [lease.Exchange] over NATS. It works with or without a connection, and connects again until it is closed.
// Close it in the end. Safe for concurrent use.
type Exchange struct {
	codec        codec
	logger       *slog.Logger
	subject      string
	self         id
	conn         *nats.Conn
	recent       *recent
	fingerprints *fingerprints
	unreadable   rate.Sometimes // limits the log lines about messages that cannot be read
	late         rate.Sometimes // limits those about messages that are too old

	queue       chan message  // from Publish to run
	recalls     chan message  // recalls, and ends of answers, from receive to run
	connected   chan struct{} // from onConnect to run; one signal at most
	asked       chan struct{} // from compare to run; one signal at most
	missedSince atomic.Int64  // Unix seconds: notices may have been missed since then, in either direction; 0: none
	dropped     atomic.Int64  // notices that found the queue full, since the last report
	closing     chan struct{}
	ended       chan struct{}
	closeOnce   sync.Once

	mu        sync.Mutex // held while listeners are called
	listeners map[*func(lease.Notice)]struct{}
}

// New joins the exchange. It returns at once, also if no server is within reach. Errors name the setting, never its value.
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
	codec, err := newCodec(c.Keys, c.Subject)
	if err != nil {
		return nil, err
	}
	x := &Exchange{
		codec: codec, logger: c.Logger, subject: c.Subject, self: newID(), recent: newRecent(),
		fingerprints: newFingerprints(c.Keys, c.RequestIDs), asked: make(chan struct{}, 1),
		unreadable: rate.Sometimes{First: 1, Interval: time.Minute}, late: rate.Sometimes{First: 1, Interval: time.Minute},
		queue: make(chan message, queueLength), recalls: make(chan message, 64), connected: make(chan struct{}, 1),
		closing: make(chan struct{}), ended: make(chan struct{}), listeners: map[*func(lease.Notice)]struct{}{},
	}
	x.missedSince.Store(time.Now().Add(-keepRevocations).Unix())
	if err := x.connect(c); err != nil {
		return nil, err
	}
	go x.run()
	return x, nil
}

// ReplaceKeys has the exchange use other keys from now on, as Config.Keys. An exchange with keys cannot be left without.
func (x *Exchange) ReplaceKeys(keys [][]byte) error {
	if len(keys) == 0 && x.codec.seals() {
		return errors.New("nats: notices that were sealed cannot become plain text")
	}
	if err := x.codec.keys.Replace(keys); err != nil {
		return fmt.Errorf("nats: %w", err)
	}
	x.fingerprints.replace(keys)
	return nil
}

// connect starts to connect, and subscribes to the subjects of all replicas and that of this one.
func (x *Exchange) connect(c Config) (err error) {
	options := append(c.credentials(), []nats.Option{
		nats.Name("convexgateway"), nats.NoEcho(), nats.PingInterval(pingInterval), nats.MaxPingsOutstanding(2),
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(time.Second), nats.ReconnectJitter(time.Second, time.Second),
		nats.ReconnectBufSize(-1), // what could not be sent is in recent
		nats.ConnectHandler(x.onConnect), nats.ReconnectHandler(x.onConnect), nats.DisconnectErrHandler(x.onDisconnect),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { x.logger.Warn("NATS", "error", err) }),
	}...)
	if x.conn, err = nats.Connect(c.URL, options...); err != nil {
		return errors.New("--nats-url: no client can be made of it")
	}
	for to, receive := range map[string]nats.MsgHandler{all: x.receive, x.self.String(): x.receive, fingerprintsSubject: x.compare} {
		if _, err := x.conn.Subscribe(x.subject+"."+to, receive); err != nil {
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
	x.logger.Info("connected to NATS", "server", c.ConnectedAddr(), "sealed", x.codec.seals())
	select {
	case x.connected <- struct{}{}:
	default:
	}
}

func (x *Exchange) onDisconnect(_ *nats.Conn, err error) {
	select {
	case <-x.closing:
	default:
		x.missedSince.CompareAndSwap(0, time.Now().Add(-noticedWithin).Unix())
		x.logger.Warn("connection to NATS lost", "error", err)
	}
}

// Connected reports whether there is a connection to a server at the moment.
func (x *Exchange) Connected() bool { return x.conn.IsConnected() }

// Publish implements [lease.Exchange]. A notice that finds the queue full is sent after the next cut only; that is logged.
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

// Subscribe implements [lease.Exchange]. Recent notices of other replicas are delivered before it returns.
func (x *Exchange) Subscribe(receive func(lease.Notice)) (stop func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, m := range x.recent.since(time.Time{}, time.Now()) {
		if m.From != x.self {
			receive(m.Notice)
		}
	}
	x.listeners[&receive] = struct{}{}
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		delete(x.listeners, &receive)
	}
}

// Close sends what is queued and leaves. It may be called more than once.
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
	tick := time.NewTicker(fingerprintInterval)
	defer tick.Stop()
	for {
		select {
		case m := <-x.queue:
			x.send(all, m)
			x.reportDropped()
		case <-x.connected:
			x.sendFingerprints(true)
			x.recoverMissed()
		case <-tick.C:
			x.sendFingerprints(false)
		case <-x.asked:
			x.sendFingerprints(false)
		case m := <-x.recalls:
			x.answer(m)
		case <-x.closing:
			x.sendQueued()
			return
		}
	}
}

// recoverMissed asks for the notices that were missed during a cut, and sends those that the others missed. If the
// connection is cut meanwhile, the next call starts at the same time again.
func (x *Exchange) recoverMissed() {
	since := x.missedSince.Load()
	m := x.newMessage()
	m.Recall, m.Since = true, time.Unix(since, 0)
	x.send(all, m)
	for _, own := range x.recent.since(m.Since, time.Now()) {
		if own.From == x.self {
			x.send(all, own)
		}
	}
	if x.conn.FlushTimeout(flushTimeout) == nil {
		x.missedSince.CompareAndSwap(since, 0)
	}
}

// answer handles a message of another replica that concerns a recall: it sends the notices that were recalled, or asks for those
// that an answer had no room for.
func (x *Exchange) answer(m message) {
	to := m.From.String()
	if m.More {
		next := x.newMessage()
		next.Recall, next.Since = true, m.Since
		x.send(to, next)
		return
	}
	bytes := 0
	for i, notice := range x.recent.since(m.Since, time.Now()) {
		if i == maxAnswerNotices || bytes >= maxAnswerBytes {
			more := x.newMessage()
			more.More, more.Since = true, notice.At
			if !more.Since.After(m.Since) { // all of one moment: the next question must go on
				more.Since = m.Since.Add(1)
			}
			x.send(to, more)
			return
		}
		bytes += x.send(to, notice)
	}
}

// send sends one message and returns its size. Without a connection it does nothing: the notice is in recent.
func (x *Exchange) send(to string, m message) (bytes int) {
	data, err := x.codec.encode(m)
	if err == nil {
		err = x.conn.Publish(x.subject+"."+to, data)
	}
	if err != nil {
		x.logger.Debug("a notice is not sent now", "error", err)
	}
	return len(data)
}

func (x *Exchange) reportDropped() {
	if n := x.dropped.Swap(0); n > 0 {
		x.logger.Warn("notices for other replicas dropped: too many at once", "count", n)
	}
}

// sendQueued sends what is left in the queue, and waits until the server has it.
func (x *Exchange) sendQueued() {
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
		if err := x.conn.FlushTimeout(flushTimeout); err != nil {
			x.logger.Warn("the last notices may not have left", "error", err)
		}
	}
}

// receive handles a message of any replica.
func (x *Exchange) receive(got *nats.Msg) {
	m, err := x.codec.decode(got.Data)
	switch {
	case err != nil:
		x.unreadable.Do(func() { x.logger.Warn("a message on NATS is ignored", "error", err) })
	case m.From == x.self:
	case !m.More && x.recent.tooOld(m, time.Now()):
		x.late.Do(func() {
			x.logger.Warn("a message on NATS is ignored: it is too old, or the clocks of replicas differ", "age", time.Since(m.At))
		})
	case m.Recall && !x.recent.add(m, time.Now()): // again
	case m.Recall, m.More:
		select {
		case x.recalls <- m:
		default:
			x.logger.Warn("a replica's question is ignored: too many at once")
		}
	default:
		x.deliver(m)
	}
}

// deliver calls the listeners with a notice, unless it was delivered before.
func (x *Exchange) deliver(m message) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.recent.add(m, time.Now()) {
		return
	}
	for receive := range x.listeners {
		(*receive)(m.Notice)
	}
}

func (x *Exchange) newMessage() message {
	return message{ID: newID(), From: x.self, At: time.Now()}
}
