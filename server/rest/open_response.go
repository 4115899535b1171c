package rest

import (
	"context"
	"math"
	"net/http"
	"sync"
	"time"
)

const (
	earlyHeaders  = time.Second                  // after which status and headers are sent even without an event
	quietInterval = 15 * time.Second             // without an event, after which something is sent, so that proxies keep the connection
	writeDeadline = time.Minute                  // at least, for one write to a client that does not read
	disarmed      = time.Duration(math.MaxInt64) // of a timer that is not to fire
)

// OpenResponse is the response of an open stream. Events may come from any goroutine, one at a time, and are written between Begin and End,
// with a deadline. Over HTTP/2 a deadline that passes ends the stream even if nothing is being written, so that the time between events is
// bounded, too.
type OpenResponse struct {
	mu       sync.Mutex // from Begin to End
	conn     *http.ResponseController
	beat     func(first bool) error // sends headers, or what keeps the connection of a quiet stream
	timer    *time.Timer            // runs keepAlive; nil until the request has been read
	lastSent time.Time
	deadline time.Time // of writes
	started  bool      // status and headers were sent
	ended    bool      // nothing may be written any more
}

// NewOpenResponse returns a response of which nothing is sent yet. beat is called on a goroutine of its own, not between Begin and End: to
// send status and headers if there is no event in time, and later when nothing was sent for 15 s.
func NewOpenResponse(w http.ResponseWriter, beat func(first bool) error) OpenResponse {
	return OpenResponse{conn: http.NewResponseController(w), beat: beat}
}

// StartTimer begins the time until the headers are sent. Call it when the request has been read.
func (o *OpenResponse) StartTimer() {
	o.timer = time.AfterFunc(disarmed, o.keepAlive)
	o.timer.Reset(earlyHeaders)
}

// keepAlive calls beat if that is due.
func (o *OpenResponse) keepAlive() {
	if !o.mu.TryLock() { // something is being written
		o.timer.Reset(quietInterval)
		return
	}
	defer o.mu.Unlock()
	if o.ended {
		return
	}
	if quiet := time.Since(o.lastSent); o.started && quiet < quietInterval {
		o.timer.Reset(quietInterval - quiet)
		return
	}
	o.ended = o.beat(o.begin()) != nil
	o.timer.Reset(quietInterval)
}

// Begin begins a write, which End ends; first is set if status and headers are to be sent. It fails if nothing may be written any more.
func (o *OpenResponse) Begin() (first bool, err error) {
	o.mu.Lock()
	if o.ended {
		o.mu.Unlock()
		return false, context.Canceled
	}
	return o.begin(), nil
}

func (o *OpenResponse) begin() (first bool) {
	o.lastSent = time.Now()
	o.extendDeadline(o.lastSent)
	first, o.started = !o.started, true
	return first
}

// End ends a write. An error means that the connection has ended, or that the client has not read for too long. net/http then ends the
// request's context, and so the stream.
func (o *OpenResponse) End(err error) error {
	defer o.mu.Unlock()
	if err != nil {
		o.ended = true
		return context.Canceled
	}
	return nil
}

// Apart runs what needs much stack on a goroutine of its own, such as a write of headers, for which net/http needs 5 KiB: a stack that has
// grown stays large while the stream waits. A panic is passed on.
func (*OpenResponse) Apart(run func() error) (err error) {
	var panicked any
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		err = run()
	}()
	<-done
	if panicked != nil {
		panic(panicked)
	}
	return err
}

// extendDeadline keeps the deadline of writes in the future. It sets the deadline only now and then, because that costs about as
// much as a write.
func (o *OpenResponse) extendDeadline(now time.Time) {
	if o.deadline.Sub(now) > writeDeadline {
		return
	}
	o.deadline = now.Add(writeDeadline + 2*quietInterval)
	_ = o.conn.SetWriteDeadline(o.deadline)
}

// Finish ends the events. Only its caller may write afterwards: it returns whether status and headers were sent, and whether the
// connection has ended.
func (o *OpenResponse) Finish() (started, ended bool) {
	if o.timer != nil {
		o.timer.Stop()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	started, ended = o.started, o.ended
	o.ended = true
	o.extendDeadline(time.Now())
	return started, ended
}

// Close clears the deadline, for the connection's next response.
func (o *OpenResponse) Close() { _ = o.conn.SetWriteDeadline(time.Time{}) }
