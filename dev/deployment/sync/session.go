package sync

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"convexgateway/dev/deployment/call"
)

const (
	heartbeatInterval    = 15 * time.Second // without a message to the client, before a Ping message
	maxUnsentTransitions = 2
)

// session is the state of one socket (get-convex/convex-backend crates/sync/src/{worker,state}.rs). Only the goroutine in run
// uses it. Queries, mutations and actions run in other goroutines, which send their outcomes to a channel: one computation of
// queries at a time, one mutation at a time, any number of actions.
type session struct {
	cfg    Config
	socket *socket

	sessionID string // the client's; "" before Connect
	clockSkew *int64 // milliseconds
	identity  *call.Identity

	sent     version // the last transition's end
	received version // what the client has requested; its Ts is unused
	pending  []queryModification
	queries  map[uint32]*query

	dirty     bool // a transition is due
	computing bool
	unsent    int   // transitions in outbox
	outbox    []any // not yet received by the writer

	mutations chan operation // queued, to runMutations
	committed atomic.Bool    // the running mutation has committed; its answer is on the way
	actions   int            // running
	results   chan result
	computed  chan computation
	heartbeat *time.Timer
}

func newSession(s *socket) *session {
	return &session{
		cfg: s.cfg, socket: s, queries: map[uint32]*query{}, mutations: make(chan operation, maxWaiting),
		results: make(chan result), computed: make(chan computation), heartbeat: time.NewTimer(heartbeatInterval),
	}
}

// run handles one event after another until the session ends, and returns the reason.
func (s *session) run() error {
	commits, stop := s.cfg.Database.Listen()
	defer stop()
	watch := time.NewTicker(pingInterval)
	defer watch.Stop()
	defer s.heartbeat.Stop()
	s.cfg.Spawn(s.runMutations)
	defer close(s.mutations)
	for {
		if err := s.beginTransition(); err != nil {
			return err
		}
		if err := s.step(commits, watch.C); err != nil {
			return err
		}
	}
}

// step waits for one event and handles it.
func (s *session) step(commits <-chan struct{}, watch <-chan time.Time) error {
	var out chan<- any
	var next any
	if len(s.outbox) > 0 {
		out, next = s.socket.out, s.outbox[0]
	}
	select {
	case <-s.socket.ctx.Done():
		return context.Cause(s.socket.ctx)
	case in, open := <-s.socket.in:
		if !open {
			return errDisconnected
		}
		if in.err != nil {
			return in.err
		}
		return s.handle(in.message)
	case out <- next:
		s.written()
	case r := <-s.results:
		return s.answer(r)
	case c := <-s.computed:
		return s.finishTransition(c)
	case <-commits:
		s.noticeCommits()
	case <-s.heartbeat.C:
		s.send(pingMessage{"Ping"})
	case <-watch:
		if s.socket.silence() > silenceLimit {
			return call.NewError(call.ClientDisconnect, "ClientDisconnected", "Websocket ping/pong timeout")
		}
	}
	return nil
}

func (s *session) send(message any) {
	s.outbox = append(s.outbox, message)
	s.heartbeat.Reset(heartbeatInterval)
}

// written removes the message from the outbox that the writer has received.
func (s *session) written() {
	if _, ok := s.outbox[0].(transition); ok {
		s.unsent--
	}
	s.outbox = s.outbox[1:]
}

func (s *session) handle(message any) error {
	switch m := message.(type) {
	case connectMessage:
		return s.connect(m)
	case authenticateMessage:
		return s.authenticate(m)
	case modifyQuerySetMessage:
		return s.modifyQuerySet(m)
	case requestMessage:
		return s.request(m)
	default: // an Event, which is telemetry
		return nil
	}
}

func (s *session) connect(m connectMessage) error {
	s.sessionID = m.sessionID
	if m.clientTs != nil {
		skew := *m.clientTs - s.cfg.Now().UnixMilli()
		s.clockSkew = &skew
	}
	if m.maxObserved > s.cfg.Database.Latest().Ts {
		return call.ErrInternal // a timestamp in the future
	}
	return nil
}

func (s *session) modifyQuerySet(m modifyQuerySetMessage) error {
	if m.baseVersion != s.received.QuerySet {
		return call.NewBadRequest("BaseVersionMismatch", fmt.Sprintf(
			"Base version %d passed up doesn't match the current version %d", m.baseVersion, s.received.QuerySet))
	}
	if m.newVersion <= m.baseVersion {
		return call.ErrInternal
	}
	s.pending = append(s.pending, m.modifications...)
	s.received.QuerySet = m.newVersion
	s.dirty = true
	return nil
}
