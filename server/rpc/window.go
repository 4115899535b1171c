package rpc

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	"convexgateway/server/call"
)

// window is what a call may still receive from its connection: for how long, and, where grpc-go would read ahead of the call without
// a bound, how much. A nil window has no limits. It is the call's context as well, which saves an allocation for each call.
type window struct {
	context.Context             // of the call
	end             func()      // ends the reading of a message and, unless ahead is set, the context
	timer           *time.Timer // nil before the first message
	expired         atomic.Bool
	running         atomic.Bool  // the message has arrived, and the longest time of a unary call counts
	arriving        call.Arrival // until the call is admitted, or refused
	refused         error        // why the call was refused as it arrived; nil if it was not

	ahead bool // free counts
	mu    sync.Mutex
	free  int           // bytes that may be read ahead
	whole bool          // nothing more is expected
	more  chan struct{} // one slot: free has grown, or whole is set
}

type windowKey struct{}

func windowFrom(ctx context.Context) *window {
	w, _ := ctx.Value(windowKey{}).(*window)
	return w
}

// Value implements [context.Context].
func (w *window) Value(key any) any {
	if key == (windowKey{}) {
		return w
	}
	return w.Context.Value(key)
}

func newWindow(ctx context.Context) *window {
	w := &window{}
	w.Context, w.end = context.WithCancel(ctx)
	return w
}

// Err implements [context.Context]. A call that has ended arrives no more: grpc-go drops it without a handler if it has at once.
func (w *window) Err() error {
	err := w.Context.Err()
	if err != nil {
		w.admitted()
	}
	return err
}

// refusal returns why the call was refused as it arrived.
func (w *window) refusal() error {
	if w == nil {
		return nil
	}
	return w.refused
}

// admitted frees the place of a call that arrives. It may be called more than once.
func (w *window) admitted() {
	if w != nil {
		w.arriving.Free()
	}
}

// expect allows n more bytes to be read, within a time; 0: the one that counts already.
func (w *window) expect(n int, within time.Duration) {
	if w == nil {
		return
	}
	if within > 0 {
		w.limit(within)
	}
	if !w.ahead {
		return
	}
	w.mu.Lock()
	w.free += n
	w.mu.Unlock()
	w.signal()
}

// interrupt ends the reading of a message, and what waits for one.
func (w *window) interrupt() {
	if w != nil {
		w.end()
	}
}

// complete drops what else the client sends: it would fill the flow control window of the connection, and so block other calls on it.
func (w *window) complete() {
	if w == nil || !w.ahead {
		return
	}
	w.mu.Lock()
	w.whole = true
	w.mu.Unlock()
	w.signal()
}

func (w *window) signal() {
	select {
	case w.more <- struct{}{}:
	default:
	}
}

// limit ends the call's context after a time, in place of one that was set before.
func (w *window) limit(within time.Duration) {
	if w.timer == nil {
		w.timer = time.AfterFunc(within, w.expire)
	} else {
		w.timer.Reset(within)
	}
}

// run gives the call its longest time, which counts from when the message had to begin: without another timer for each call.
func (w *window) run() { w.running.Store(true) }

func (w *window) expire() {
	if w.running.Swap(false) {
		w.timer.Reset(maxUnaryTime)
		return
	}
	w.expired.Store(true)
	w.end()
}

// late reports whether a time limit has passed.
func (w *window) late() bool { return w != nil && w.expired.Load() }

// arrived ends the time limit.
func (w *window) arrived() {
	if w != nil && w.timer != nil {
		w.timer.Stop()
	}
}

// ServeHTTP serves a call over gRPC on a connection of net/http's. grpc-go reads the body of such a call as fast as it arrives, into
// a queue without a bound; here it is read no faster than the call expects it.
func ServeHTTP(server *grpc.Server, w http.ResponseWriter, r *http.Request) {
	body := &windowBody{ReadCloser: r.Body, closed: make(chan struct{})}
	body.stopReading = func() { _ = http.NewResponseController(w).SetReadDeadline(time.Now()) } // grpc-go does not respond if the request's context ends
	body.window = &window{Context: r.Context(), ahead: true, more: make(chan struct{}, 1), end: body.end}
	r = r.WithContext(body.window)
	r.Body = body
	defer body.leave()
	server.ServeHTTP(w, r)
}

// windowBody is the body of a call, read through its window.
type windowBody struct {
	io.ReadCloser
	window *window
	once   sync.Once
	closed chan struct{}

	mu          sync.Mutex
	stopReading func() // nil when the response must not be used any more: grpc-go's handler may outlive net/http's
}

// Read fills p with what is expected, because grpc-go keeps a buffer of p's size for each read.
func (b *windowBody) Read(p []byte) (int, error) {
	free, err := b.expected()
	if err != nil {
		return 0, err
	}
	n, err := io.ReadFull(b.ReadCloser, p[:min(len(p), free)])
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	b.window.mu.Lock()
	b.window.free -= n
	b.window.mu.Unlock()
	return n, err
}

// expected waits until bytes are expected, and returns how many. When nothing more is, it drops the rest of the body.
func (b *windowBody) expected() (int, error) {
	for {
		b.window.mu.Lock()
		free, whole := b.window.free, b.window.whole
		b.window.mu.Unlock()
		switch {
		case free > 0 && !whole:
			return free, nil
		case whole:
			_, err := io.Copy(io.Discard, b.ReadCloser)
			return 0, cmp.Or(err, io.EOF)
		}
		select {
		case <-b.window.more:
		case <-b.closed:
			return 0, http.ErrBodyReadAfterClose
		}
	}
}

// end ends the reading of the body.
func (b *windowBody) end() {
	b.mu.Lock()
	if b.stopReading != nil {
		b.stopReading()
	}
	b.mu.Unlock()
	b.endWaits()
}

// leave is called when net/http's handler returns.
func (b *windowBody) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopReading = nil
}

// endWaits ends reads that wait.
func (b *windowBody) endWaits() { b.once.Do(func() { close(b.closed) }) }

// Close implements [io.Closer].
func (b *windowBody) Close() error {
	b.endWaits()
	return b.ReadCloser.Close()
}
