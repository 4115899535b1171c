package live

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	"convexgateway/convex"
	convexlive "convexgateway/convex/live"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// commanded is a sink and the commands of a stream: no command ever comes.
type commanded struct {
	Stream
	shown       chan struct{} // sent to by each Show, which then waits
	next        chan func()   // what it does then
	interrupted chan error
	once        sync.Once
}

func (c *commanded) Subscribe(s *Stream, _ bool) (Source, error) {
	return s.Subscribe(nil, convex.Path{}, nil, 0, "")
}

func (c *commanded) Show(*auth.Identity, convexlive.State) error {
	select {
	case c.shown <- struct{}{}:
	case <-c.ctx.Done():
		return c.ctx.Err()
	}
	select {
	case do := <-c.next:
		do()
	case <-c.ctx.Done():
	}
	return c.ctx.Err()
}
func (*commanded) TokenNeeded(*auth.Identity, time.Time) error { return nil }
func (*commanded) Silent(*auth.Identity, *auth.Error) error    { return nil }
func (*commanded) Ended(context.Context, error) error          { return nil }
func (*commanded) Heartbeat() error                            { return nil }
func (*commanded) Apply() error                                { return nil }
func (c *commanded) Receive() error                            { return <-c.interrupted }
func (c *commanded) Interrupt()                                { c.once.Do(func() { c.interrupted <- context.Canceled }) }

// startCommanded runs a stream. Its first Show has been called.
func startCommanded(t *testing.T) (c *commanded, ended chan error) {
	t.Helper()
	client, err := convexlive.New("http://127.0.0.1:1", convexlive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sessions := lease.NewRegistry(lease.Config{})
	t.Cleanup(func() { sessions.Close(); _ = client.Close() })
	c = &commanded{shown: make(chan struct{}), next: make(chan func()), interrupted: make(chan error, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	streams := New(Options{Queries: client, Sessions: sessions, UnreachableWait: time.Hour, Logger: slog.New(slog.DiscardHandler)})
	if err := c.OpenCommanded(ctx, streams, nil, &gatewayv1.WatchOptions{}, c, c); err != nil {
		t.Fatal(err)
	}
	ended = make(chan error, 1)
	go func() { ended <- c.Run() }()
	t.Cleanup(cancel)
	<-c.shown
	return c, ended
}

func nothing() {}

// A change that is notified of while another goroutine updates the stream is shown afterwards, whichever goroutine that is.
func TestNoChangeIsMissedWhileCommandsAreAwaited(t *testing.T) {
	t.Parallel()
	c, ended := startCommanded(t)
	c.serve() // while its own goroutine runs the first update
	c.next <- nothing
	<-c.shown
	c.serve() // while the goroutine in its place does
	c.next <- nothing
	<-c.shown
	c.next <- nothing
	c.interrupted <- io.ErrUnexpectedEOF
	if err := <-ended; err != io.ErrUnexpectedEOF { //nolint:errorlint // the one that Receive returned
		t.Errorf("%v", err)
	}
}

// After the last command the stream's own goroutine updates it.
func TestStreamGoesOnAfterItsCommands(t *testing.T) {
	t.Parallel()
	c, ended := startCommanded(t)
	c.next <- nothing
	c.interrupted <- io.EOF
	<-c.shown
	c.next <- nothing
	go c.serve()
	<-c.shown
	select {
	case err := <-ended:
		t.Errorf("%v", err)
	default:
	}
	c.next <- nothing
}

// A panic in an update ends its stream, also on a goroutine that has taken the place of its own.
func TestPanicInItsPlace(t *testing.T) {
	t.Parallel()
	c, ended := startCommanded(t)
	c.next <- nothing
	c.CommandsWait()
	<-c.shown
	c.next <- func() { panic("the secret of a caller") }
	if err := <-ended; err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}
