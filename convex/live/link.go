package live

import (
	"context"
	"errors"
	"sync"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/live/transport"
	"convexgateway/convex/websocket"
	"convexgateway/internal/wait"
)

// link keeps the socket of an upstream. Its methods, but for the goroutines that it starts, run on the loop.
type link struct {
	opts    *Options
	stats   *counters
	loop    *loop
	workers *sync.WaitGroup // all goroutines that it has started; of the session
	events  linkEvents

	socket      *transport.Socket // nil while there is none
	dialing     bool              // a dial runs, or waits for its time
	stopDial    func()            // nil while none runs
	tryingSince time.Time         // zero while it is connected, or waits for a token
	reason      string            // why the last socket ended
	closed      bool              // nothing is dialed any more
	backoff     wait.Backoff
	retry       *time.Timer
	silence     *time.Timer
}

// linkEvents are what a link reports, on the loop.
type linkEvents interface {
	// dialed is called with a new socket, for use or for discard, and how long it took to dial.
	dialed(*transport.Socket, time.Duration)
	// received is called with a message of the present socket.
	received(protocol.ServerMessage)
	// lost is called when the present socket has ended. It is to be dropped.
	lost(error)
	// connect is called after the pause of retryAfter.
	connect()
}

// busy reports whether there is a socket, or one is being made.
func (l *link) busy() bool { return l.socket != nil || l.dialing }

// start dials.
func (l *link) start(dial func(context.Context) (*transport.Socket, error)) {
	l.trying()
	l.dialing = true
	ctx, stop := context.WithCancel(context.Background())
	l.stopDial = stop
	l.workers.Go(func() {
		began := time.Now()
		socket, err := dial(ctx)
		took := time.Since(began)
		if !l.loop.post(func() { l.ended(socket, took, err) }) && socket != nil {
			socket.Close()
		}
	})
}

// trying notes that it tries to connect.
func (l *link) trying() {
	if l.tryingSince.IsZero() {
		l.tryingSince = time.Now()
	}
}

// idle notes that it does not try to connect: it is connected, or waits for a token.
func (l *link) idle() { l.tryingSince = time.Time{} }

// ended follows up on the end of a dial.
func (l *link) ended(socket *transport.Socket, took time.Duration, err error) {
	l.dialing = false
	l.stopDial()
	l.stopDial = nil
	if l.closed {
		if socket != nil {
			l.discard(socket)
		}
		return
	}
	if err != nil {
		l.opts.outages.unreachable.Happened("error", err)
		l.retryAfter(dialRetry)
		return
	}
	l.opts.outages.unreachable.Succeeded()
	l.events.dialed(socket, took)
}

// discard closes a socket that is not used.
func (l *link) discard(socket *transport.Socket) { l.workers.Go(socket.Close) }

// use makes a socket the present one and reads it.
func (l *link) use(socket *transport.Socket) {
	l.socket = socket
	l.stats.sockets.Add(1)
	l.silence = l.loop.postAfter(l.opts.Silence, func() { l.lost(socket, errSilence) })
	l.workers.Go(func() { l.read(socket) })
}

var errSilence = errors.New("InactiveServer")

// read is the socket's only reader. It reads on when the loop has taken the message before, and ends with the socket.
func (l *link) read(socket *transport.Socket) {
	taken := make(chan struct{}, 1) // sent to by the loop, received here
	for {
		message, err := socket.Receive()
		if err != nil {
			l.loop.post(func() { l.lost(socket, err) })
			return
		}
		if t, ok := message.(*protocol.Transition); ok {
			t.Received = time.Now()
			t.Age = l.opts.clocks.freshness(t)
		}
		l.checkStopped(message)
		if !l.loop.post(func() { l.received(socket, message); taken <- struct{}{} }) {
			return
		}
		<-taken
	}
}

func (l *link) received(socket *transport.Socket, message protocol.ServerMessage) {
	if socket == l.socket {
		l.silence.Reset(l.opts.Silence)
		l.events.received(message)
	}
}

// lost reacts to the end of a socket.
func (l *link) lost(socket *transport.Socket, err error) {
	if socket == l.socket && socket != nil {
		l.events.lost(err)
	}
}

// send sends messages, if there is a socket.
func (l *link) send(messages [][]byte) {
	if l.socket != nil {
		l.socket.Send(messages)
	}
}

// drop ends the socket. It reports false if there is none.
func (l *link) drop(reason string) bool {
	if l.socket == nil {
		return false
	}
	stop(l.silence)
	l.discard(l.socket)
	l.socket, l.reason = nil, reason
	l.stats.sockets.Add(-1)
	l.stats.countLoss(reason)
	return true
}

// retryAfter has a new socket dialed after a pause, which is longer each time.
func (l *link) retryAfter(p pace) {
	if l.closed {
		return
	}
	l.trying()
	l.dialing = true
	l.backoff.Max = p.longest
	l.retry = l.loop.postAfter(l.backoff.Next(p.base), func() {
		l.dialing = false
		l.events.connect()
	})
}

// failsFast reports whether it has been trying to connect for so long that new calls are refused.
func (l *link) failsFast() bool {
	return !l.tryingSince.IsZero() && time.Since(l.tryingSince) > l.opts.FailFast
}

// close ends dials. The socket was dropped before.
func (l *link) close() {
	l.closed = true
	stop(l.retry)
	if l.stopDial != nil {
		l.stopDial()
	}
}

func stop(t *time.Timer) {
	if t != nil {
		t.Stop()
	}
}

// pace is how the pauses before new sockets grow: from base to longest, before jitter.
type pace struct{ base, longest time.Duration }

// Paces by what ended the socket, from get-convex/convex-js src/browser/sync/web_socket_manager.ts, but for that of an issuer out
// of the deployment's reach: nobody has a live stream until it is tried again, so that is within seconds of its return.
var (
	dialRetry     = pace{100 * time.Millisecond, 16 * time.Second}
	unknownRetry  = pace{time.Second, 16 * time.Second}
	overloadRetry = pace{3 * time.Second, 16 * time.Second}
	issuerRetry   = pace{time.Second, 4 * time.Second}
)

func retryPace(err error, reason string) pace {
	switch {
	case convex.IssuerUnreachable(reason, ""), errors.Is(err, errStalled):
		return issuerRetry
	case convex.Overloaded(reason):
		return overloadRetry
	case errors.Is(err, errSilence), isConflict(convex.RolledBack(reason)), reason == protocol.ConnectionLost:
		return dialRetry
	default:
		return unknownRetry
	}
}

// lossReason is the reason for the end of a socket that the deployment is given with the next one.
func lossReason(err error) string {
	switch {
	case errors.Is(err, errSilence):
		return errSilence.Error()
	case errors.Is(err, protocol.ErrProtocol):
		return err.Error()
	default:
		return transport.CloseReason(err)
	}
}

// isConflict reports whether a mutation lost its last race: the socket can be had again at once, only the mutation has to wait.
func isConflict(rolledBack *convex.DeploymentError) bool {
	return rolledBack != nil && rolledBack.Class == convex.WriteConflict
}

// endingOf is what the end of a socket says of what was sent on it: the codes of get-convex/convex-backend
// crates/errors/src/lib.rs for errors of a function's run. An outage of the token's issuer is none of them, and neither a lost
// race nor too many writes is the fault of a query.
func endingOf(err error, reason string) (end protocol.Ending) {
	if errors.Is(err, websocket.ErrMessageTooBig) {
		return protocol.Ending{Err: &convex.DeploymentError{Class: convex.Refused, Code: "MessageTooLarge"}, Fatal: true, TooLarge: true}
	}
	var ce websocket.CloseError
	if !errors.As(err, &ce) || convex.IssuerUnreachable(reason, "") {
		return end
	}
	end.Internal = ce.Code == websocket.StatusInternalError
	if ce.Code == websocket.StatusTryAgainLater {
		end.RolledBack = convex.RolledBack(reason)
	}
	if ce.Code != websocket.StatusInternalError && ce.Code != websocket.StatusTryAgainLater || isConflict(end.RolledBack) || reason == "TooManyWrites" {
		return end
	}
	end.Err = &convex.DeploymentError{Class: convex.Unavailable, Code: reason}
	return end
}

// checkStopped marks the function errors of a message that are due to a stopped deployment. It may wait for the deployment, so it
// is for the socket's reader, and the message must not be shared yet.
func (l *link) checkStopped(message protocol.ServerMessage) {
	failed, action := protocol.MayBeStopped(message)
	if len(failed) == 0 || l.opts.Stopped == nil || !l.opts.Stopped(context.Background()) {
		return
	}
	for _, e := range failed {
		e.Stopped, e.MayHaveRun = true, action
	}
}
