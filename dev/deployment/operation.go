package deployment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"convexgateway/dev/deployment/store"
)

const (
	maxWaiting      = 1000 // mutations queued, and actions running, on one socket
	mutationTimeout = 60 * time.Second
)

// operation is a mutation or an action to run.
type operation struct {
	call
	id uint32 // the client's requestId
}

// result is what an operation came to.
type result struct {
	operation
	out outcome
	err error
}

// request starts a mutation or an action as whoever the client is now.
func (s *session) request(m requestMessage) error {
	if err := s.checkExpiry(); err != nil {
		return err
	}
	if m.componentPath != "" {
		return errInternal // for admins only
	}
	op := operation{id: m.requestID, call: call{
		kind: m.kind, path: m.path, args: m.args, identity: s.identity, requestID: s.serverRequestID(m.requestID),
		generation: s.e.db.Generation(),
	}}
	if m.kind == KindAction {
		return s.startAction(op)
	}
	if s.sessionID != "" {
		op.key = store.RequestKey{Session: s.sessionID, Request: m.requestID}
	}
	select {
	case s.mutations <- op:
		return nil
	default:
		return &serverError{rateLimited, "TooManyConcurrentMutations", "Too many concurrent mutations."}
	}
}

// serverRequestID is the id in error texts.
func (s *session) serverRequestID(requestID uint32) string {
	if s.sessionID == "" {
		return newRequestID()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d", s.sessionID, requestID))
	return hex.EncodeToString(sum[:8])
}

func (s *session) startAction(op operation) error {
	if s.actions > maxWaiting {
		return &serverError{rateLimited, "TooManyInflightActionsForSingleClient", "Too many actions at once."}
	}
	s.actions++
	s.e.spawn(func() {
		out, err := s.e.run(s.e.running(), op.call) // it outlives the socket; then nobody wants the result
		s.report(result{op, out, err})
	})
	return nil
}

// runMutations is the lane: one mutation at a time, in the order of arrival.
func (s *session) runMutations() {
	for op := range s.mutations {
		if s.socket.ctx.Err() != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(s.e.running(), mutationTimeout)
		out, err := s.e.run(ctx, op.call)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = errInternal
		}
		cancel()
		s.report(result{op, out, err})
	}
}

func (s *session) report(r result) {
	select {
	case s.results <- r:
	case <-s.socket.ctx.Done():
	}
}

// answer sends a response; a transition that covers it follows.
func (s *session) answer(r result) error {
	if r.kind == KindAction {
		s.actions--
	}
	if r.err != nil {
		return r.err
	}
	s.send(newResponse(r.kind, r.id, r.out, r.requestID, s.e.redacts()))
	s.dirty = true
	return nil
}
