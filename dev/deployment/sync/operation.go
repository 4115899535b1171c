package sync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/store"
)

const (
	maxWaiting      = 1000 // mutations queued, and actions running, on one socket
	mutationTimeout = 60 * time.Second
)

// operation is a mutation or an action to run.
type operation struct {
	call.Call
	id uint32 // the client's requestId
}

// result is the outcome of an operation, or the error that ends the socket.
type result struct {
	operation
	out call.Outcome
	err error
}

// request starts a mutation or an action with the current identity.
func (s *session) request(m requestMessage) error {
	if err := s.checkExpiry(); err != nil {
		return err
	}
	if m.componentPath != "" && !s.identity.IsAdmin() {
		return call.ErrInternal
	}
	op := operation{id: m.requestID, Call: call.Call{
		Kind: m.kind, Path: m.path, Args: m.args, Identity: s.identity, RequestID: s.serverRequestID(m.requestID),
		Generation: s.cfg.Database.Generation(), Component: m.componentPath,
	}}
	if m.kind == call.Action {
		return s.startAction(op)
	}
	if s.sessionID != "" {
		op.Key = store.RequestKey{Session: s.sessionID, Request: m.requestID}
	}
	select {
	case s.mutations <- op:
		return nil
	default:
		return call.NewError(call.RateLimited, "TooManyConcurrentMutations", "Too many concurrent mutations.")
	}
}

// serverRequestID is the id in error texts.
func (s *session) serverRequestID(requestID uint32) string {
	if s.sessionID == "" {
		return call.NewRequestID()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d", s.sessionID, requestID))
	return hex.EncodeToString(sum[:8])
}

func (s *session) startAction(op operation) error {
	if s.actions > maxWaiting {
		return call.NewError(call.RateLimited, "TooManyInflightActionsForSingleClient", "Too many actions at once.")
	}
	s.actions++
	s.cfg.Spawn(func() {
		out, err := s.cfg.Run(s.cfg.Running(), op.Call) // it may end after the socket; then its result is dropped
		s.report(result{op, out, err})
	})
	return nil
}

// runMutations runs the queued mutations one at a time, in the order of arrival.
func (s *session) runMutations() {
	for op := range s.mutations {
		if s.socket.ctx.Err() != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(s.cfg.Running(), mutationTimeout)
		stop := context.AfterFunc(s.socket.ctx, cancel) // a mutation ends with its socket, unless it has committed
		op.Committed = func() { s.committed.Store(true) }
		out, err := s.cfg.Run(ctx, op.Call)
		stop()
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = call.ErrInternal
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
	if r.Kind == call.Action {
		s.actions--
	} else {
		s.committed.Store(false)
	}
	if r.err != nil {
		return r.err
	}
	if err := s.checkExpiry(); err != nil {
		return err // the answer is lost
	}
	s.send(newResponse(r.Kind, r.id, r.out, r.RequestID, s.cfg.Redacts()))
	s.dirty = true
	return nil
}
