package live

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"convexgateway/auth"
)

// Commands are what the client of a stream sends while it is open. The stream's own goroutine waits for them, so that it takes no goroutine
// more than a stream without.
type Commands interface {
	// Receive receives commands, and calls Stream.CommandsWait for them. Its error is io.EOF if there will be no others, else why the stream
	// has to end. It may run at the same time as all other methods.
	Receive() error
	// Apply applies what was received. Each update calls it.
	Apply() error
	// Interrupt makes Receive return, because the stream has ended. Nothing can be sent after it.
	Interrupt()
}

// CommandsWait has the received commands applied soon. Safe for concurrent use.
func (s *Stream) CommandsWait() { s.wakeUp() }

// receive runs the stream until its client sends no more commands, or it has ended.
func (s *Stream) receive() {
	s.streams.receivers.add(s)
	defer s.streams.receivers.remove(s)
	s.receiving.Store(true)
	defer s.receiving.Store(false)
	s.woken() // by nobody who has started a goroutine
	if s.end = s.turn(); s.end != nil {
		return
	}
	err := s.awaitCommands()
	if !errors.Is(err, io.EOF) && (s.end == nil || isCanceled(s.end)) {
		s.end, s.over = err, true
	}
}

// awaitCommands lets others update the stream while its own goroutine receives. If that fails, an update that waits for a reader who has
// stopped ends as well.
func (s *Stream) awaitCommands() (err error) {
	s.working.Unlock()
	defer s.working.Lock()
	if s.pending.Load() {
		s.wakeUp()
	}
	if err = s.commands.Receive(); !errors.Is(err, io.EOF) {
		s.commands.Interrupt()
	}
	return err
}

// isCanceled reports whether an error is that of a stream which has been interrupted, or closed by its client.
func isCanceled(err error) bool {
	return errors.Is(err, context.Canceled) || status.Code(err) == codes.Canceled
}

// standIn runs a turn while the stream's own goroutine waits for commands.
func (s *Stream) standIn() {
	s.working.Lock()
	defer func() {
		over := s.over
		s.working.Unlock()
		if !over && s.pending.Load() {
			s.wakeUp() // a worker found it locked meanwhile
		}
	}()
	if !s.woken() || s.over {
		return
	}
	if s.end = s.guarded(s.turn); s.end != nil {
		s.finish()
		s.commands.Interrupt()
	}
}

// woken takes the notice of wakeUp, and reports whether there was one.
func (s *Stream) woken() bool {
	select {
	case <-s.wake:
		return true
	default:
		return false
	}
}

// turn is what the stream's own goroutine does when it has been woken.
func (s *Stream) turn() error {
	if err := s.runDue(); err != nil {
		return err
	}
	return s.ownUpdate()
}

// Refresh gives a stream of OpenCommanded a newer token, as [lease.Lease.Refresh] does. Safe for concurrent use.
func (s *Stream) Refresh(id *auth.Identity) error { return s.lease.Refresh(id) }

// RefreshFailed records that a token for Refresh could not be checked. Safe for concurrent use.
func (s *Stream) RefreshFailed(err *auth.Error) { s.lease.RefreshFailed(err) }
