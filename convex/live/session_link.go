package live

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"convexgateway/convex"
)

// connect makes a socket unless there is one, or one is being made, or there is nobody to make it for. Without a usable
// token it waits for one (tokenChanged): an identity is never connected anonymously.
func (s *session) connect() {
	if s.socket != nil || s.dialing || !s.wanted() {
		return
	}
	if _, found := s.bestToken(); !found && s.identity != (convex.Identity{}) {
		s.tryingSince = time.Time{}
		return
	}
	s.trying()
	s.dialing = true
	ctx, stop := context.WithCancel(context.Background())
	s.stopDial = stop
	s.workers.Go(func() {
		socket, err := s.dial(ctx)
		if !s.post(func() { s.dialed(socket, err) }) && socket != nil {
			socket.close()
		}
	})
}

// trying notes that the session tries to connect.
func (s *session) trying() {
	if s.tryingSince.IsZero() {
		s.tryingSince = time.Now()
	}
}

func (s *session) dialed(socket *socket, err error) {
	s.dialing = false
	s.stopDial()
	s.stopDial = nil
	if err != nil {
		s.opts.Logger.Warn("cannot reach the deployment", "error", err)
		s.reconnect(dialRetryBase)
		return
	}
	var token convex.Credential
	if s.identity != (convex.Identity{}) {
		var found bool
		if token, found = s.bestToken(); !found {
			s.tryingSince = time.Time{}
			s.workers.Go(socket.close)
			return
		}
		s.useToken(token)
	}
	s.socket, s.proven = socket, convex.Credential{}
	s.stats.sockets.Add(1)
	s.send(s.set.connect(token.Token, s.reason, time.Now()))
	s.baseline = s.set.sentQuerySet
	s.sendRequests()
	s.timers.silence = s.after(s.opts.Silence, func() { s.lost(socket, errSilence) })
	s.workers.Go(func() { s.read(socket) })
}

var errSilence = errors.New("InactiveServer")

// read is the socket's only reader. It reads on when the owner has taken the message before, and ends with the socket.
func (s *session) read(socket *socket) {
	taken := make(chan struct{}, 1) // sent to by the owner, received here
	for {
		message, err := socket.receive()
		if err != nil {
			s.post(func() { s.lost(socket, err) })
			return
		}
		if t, ok := message.(*transition); ok {
			t.received = time.Now()
		}
		if !s.post(func() { s.received(socket, message); taken <- struct{}{} }) {
			return
		}
		<-taken
	}
}

func (s *session) received(socket *socket, message serverMessage) {
	if socket != s.socket {
		return
	}
	s.timers.silence.Reset(s.opts.Silence)
	switch m := message.(type) {
	case *transition:
		s.transition(m)
	case *requestResponse:
		s.responded(m)
	case *authError:
		s.authFailed(m)
	case *fatalError:
		s.opts.Logger.Error("the deployment says that the client is wrong") // and its text may quote arguments
		s.condemned("FatalError", true, &convex.DeploymentError{Class: convex.Refused, Code: "FatalError"})
		s.reconnect(unknownRetryBase)
	}
}

// transition applies new results, all at once, and tells those whose results changed.
func (s *session) transition(t *transition) {
	changed, err := s.set.apply(t)
	if err != nil {
		s.lost(s.socket, err)
		return
	}
	if s.set.confirmed() && !s.set.isolating() && !s.requests.isolating() {
		s.retry.Reset()
	}
	if s.set.identityConfirmed() {
		s.proven = s.token
	}
	wasLive := s.link == Connected && s.confirmed && !s.doubtful
	if s.set.remote.QuerySet >= s.baseline && s.set.identityConfirmed() {
		s.link, s.confirmed, s.doubtful, s.tryingSince = Connected, true, false, time.Time{}
	}
	if s.link == Connected && !s.set.isolating() {
		s.reached = max(s.reached, s.set.remote.TS)
	}
	if !wasLive {
		s.deliverAll()
	}
	s.deliverChanged(changed)
	s.requests.reach(s.reached) // after the subscribers: who has mutated reads its own write
	s.lingerIfIdle()
	s.send(s.set.try())
	s.sendRequests()
	s.tokenChanged()
}

// lost reacts to the end of a socket, or ends one that is of no more use.
func (s *session) lost(socket *socket, err error) {
	if socket != s.socket || socket == nil {
		return
	}
	reason := err.Error()
	if !errors.Is(err, errSilence) && !errors.Is(err, errProtocol) {
		reason = closeReason(err)
	}
	s.opts.Logger.Info("the socket to the deployment ended", "reason", reason)
	s.doubtful = s.doubtful || strings.HasPrefix(reason, discoveryFailed)
	if condemns(err, reason) {
		s.condemned(reason, false, &convex.DeploymentError{Class: convex.Unavailable, Code: reason})
	} else {
		s.dropSocket(reason)
	}
	s.reconnect(retryBase(err, reason))
}

// dropSocket lets go of the socket and tells everybody.
func (s *session) dropSocket(reason string) {
	if s.socket == nil {
		return
	}
	stop(s.timers.silence)
	stop(s.timers.renew)
	s.workers.Go(s.socket.close)
	s.socket, s.reason = nil, reason
	s.stats.sockets.Add(-1)
	s.stats.lose(reason)
	s.set.disconnect()
	s.requests.disconnect()
	if s.link == Connected {
		s.link = Reconnecting
	}
	s.deliverAll()
	s.lingerIfIdle()
}

// failFast refuses what comes new while the session has been trying to connect for too long.
func (s *session) failFast(kind convex.Kind) error {
	if s.tryingSince.IsZero() || time.Since(s.tryingSince) <= s.opts.FailFast {
		return nil
	}
	return &convex.DeploymentError{Class: convex.Unavailable, Kind: kind, Err: errDown}
}

// reconnect makes a new socket after a pause, if there is somebody to make it for then.
func (s *session) reconnect(base time.Duration) {
	s.trying()
	s.dialing = true
	s.timers.retry = s.after(s.retry.Next(base), func() {
		s.dialing = false
		s.connect()
	})
}

// Base delays of the backoff by what ended the socket, from get-convex/convex-js
// src/browser/sync/web_socket_manager.ts.
const (
	dialRetryBase     = 100 * time.Millisecond
	unknownRetryBase  = time.Second
	overloadRetryBase = 3 * time.Second
)

// overloadReasons are close reasons of a deployment that has too much to do.
var overloadReasons = []string{
	"SubscriptionsWorkerFullError", "TooManyConcurrentRequests", "CommitterFullError", "AwsTooManyRequestsException",
	"ExecuteFullError", "SystemTimeoutError", "ExpiredInQueue", "VectorIndexTooLarge", "SearchIndexTooLarge",
	"TooManyWritesInTimePeriod",
}

func isOverload(reason string) bool {
	return slices.ContainsFunc(overloadReasons, func(prefix string) bool { return strings.HasPrefix(reason, prefix) })
}

func retryBase(err error, reason string) time.Duration {
	if isOverload(reason) {
		return overloadRetryBase
	}
	if errors.Is(err, errSilence) || reason == connectionLost {
		return dialRetryBase
	}
	return unknownRetryBase
}
