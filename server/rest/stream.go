package rest

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/rpc"
)

// Streams over HTTP have two forms, chosen by Accept: server-sent events, and newline-delimited JSON in grpc-gateway's own
// envelope. Status and headers are sent within earlyHeaders; an error before that has an HTTP status of its own.

const (
	earlyHeaders  = time.Second                  // after which status and headers are sent even without an event
	quietInterval = 15 * time.Second             // without an event, after which a comment is sent, so that proxies keep the connection
	writeDeadline = time.Minute                  // at least, for one write to a client that does not read
	disarmed      = time.Duration(math.MaxInt64) // of a timer that is not to fire
)

// stream returns the handler of a streaming RPC. It makes the stream, which ServeHTTP runs.
func (h *Handler) stream(method string, service any, desc *grpc.ServiceDesc) func(http.ResponseWriter, *http.Request, map[string]string) error {
	i := slices.IndexFunc(desc.Streams, func(s grpc.StreamDesc) bool { return strings.HasSuffix(method, "/"+s.StreamName) })
	handler := h.Conn.intercepted(method, streaming, desc.Streams[i].Handler)
	return func(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
		x := exchangeFrom(r.Context())
		x.stream = h.newStream(w, x.request, handler) // not r, a copy that the mux has made
		x.stream.service, x.stream.refreshKey = service, x.refreshKey
		return nil
	}
}

// httpStream is a stream of an RPC that is written to an HTTP response. Events may come from any goroutine, one at a time.
type httpStream struct {
	handler    *Handler
	r          *http.Request
	rpc        grpc.StreamHandler // behind the interceptors
	service    any                // of the RPC
	refreshKey string             // of a redeemed ticket
	form       streamForm
	ctx        context.Context
	cancel     context.CancelFunc

	mu       sync.Mutex // guards the response and what follows
	w        http.ResponseWriter
	flush    *http.ResponseController
	timer    *time.Timer // runs keepAlive; nil until the request has been read
	lastSent time.Time
	deadline time.Time // of writes
	started  bool      // status and headers were sent
	ended    bool      // nothing may be written any more
}

func (h *Handler) newStream(w http.ResponseWriter, r *http.Request, handler grpc.StreamHandler) *httpStream {
	return &httpStream{handler: h, r: r, rpc: handler, w: w, flush: http.NewResponseController(w)}
}

// run runs the stream until it ends.
func (s *httpStream) run() {
	if err := s.open(); err != nil {
		s.handler.writeError(s.w, s.r, err)
		return
	}
	s.finish(s.rpc(s.service, s))
}

// open makes the context of the call.
func (s *httpStream) open() (err error) {
	if acceptsEvents(s.r.Header) {
		s.form = sse
	}
	s.ctx, s.cancel, err = incomingContext(s.r)
	return err
}

// receive reads the request.
func (s *httpStream) receive(into proto.Message) error {
	lastEventID, err := readStreamRequest(s.r, into)
	if err != nil {
		return err
	}
	switch req := into.(type) {
	case *gatewayv1.SubscribeRequest:
		req.RefreshKey = cmp.Or(req.RefreshKey, s.refreshKey)
		if rpc.CheckResumeToken(lastEventID) == nil && req.ResumeToken == "" {
			req.ResumeToken = lastEventID // one of another server is ignored: after an error an EventSource does not reconnect
		}
		s.form.setHeartbeat(&req.Heartbeat)
	case *gatewayv1.AuthStateRequest:
		req.RefreshKey = cmp.Or(req.RefreshKey, s.refreshKey)
		s.form.setHeartbeat(&req.Heartbeat)
	case *gatewayv1.WatchSetRequest:
		req.Options = cmp.Or(req.Options, &gatewayv1.WatchOptions{})
		s.form.setHeartbeat(&req.Options.Heartbeat)
	}
	return nil
}

// Context implements [grpc.ServerStream].
func (s *httpStream) Context() context.Context { return s.ctx }

// SetContext replaces the context, before the interceptors run.
func (s *httpStream) SetContext(ctx context.Context) { s.ctx = ctx }

// RecvMsg implements [grpc.ServerStream]. There is one request. The time until headers are sent begins when it has been read.
func (s *httpStream) RecvMsg(message any) error {
	if err := s.receive(message.(proto.Message)); err != nil {
		return err
	}
	s.startTimer()
	return nil
}

// SetHeader implements [grpc.ServerStream]. HTTP responses have no metadata of RPCs.
func (s *httpStream) SetHeader(metadata.MD) error { return nil }

// SendHeader implements [grpc.ServerStream].
func (s *httpStream) SendHeader(metadata.MD) error { return nil }

// SetTrailer implements [grpc.ServerStream].
func (s *httpStream) SetTrailer(metadata.MD) {}

// SendMsg implements [grpc.ServerStream]: the event has been written when it returns.
func (s *httpStream) SendMsg(message any) error {
	frame, err := s.form.encode(message)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.send(frame)
}

// startTimer starts the timer, which runs keepAlive on a goroutine of its own.
func (s *httpStream) startTimer() {
	s.timer = time.AfterFunc(disarmed, s.keepAlive)
	s.timer.Reset(earlyHeaders)
}

// keepAlive sends the headers of a stream without an event, and later comments while there are no events.
func (s *httpStream) keepAlive() {
	if !s.mu.TryLock() { // something is being written
		s.timer.Reset(quietInterval)
		return
	}
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	quiet := time.Since(s.lastSent)
	switch {
	case !s.started:
		_ = s.send(nil)
	case quiet < quietInterval:
		s.timer.Reset(quietInterval - quiet)
		return
	case s.form == sse:
		_ = s.send([]byte(":\n\n"))
	default: // the RPC sends heartbeats
		s.extendDeadline(time.Now())
	}
	s.timer.Reset(quietInterval)
}

// send writes and flushes a frame, after status and headers if these were not sent yet. The caller holds mu. An error means that
// the connection has ended, or that the client has not read for too long. net/http then ends the request's context, and so the
// stream, also if keepAlive sends.
func (s *httpStream) send(frame []byte) error {
	if s.ended {
		return context.Canceled
	}
	s.lastSent = time.Now()
	s.extendDeadline(s.lastSent)
	write := s.write
	if !s.started {
		write = s.start
	}
	if write(frame) != nil {
		s.ended = true
		return context.Canceled
	}
	return nil
}

func (s *httpStream) write(frame []byte) error {
	if _, err := s.w.Write(frame); err != nil {
		return err
	}
	return s.flush.Flush()
}

// start writes status, headers and a frame, on a goroutine of its own: net/http needs 5 KiB of stack for headers, and a stack
// that has grown stays large while the stream waits.
func (s *httpStream) start(frame []byte) error {
	s.started = true
	h := s.w.Header()
	h["X-Accel-Buffering"] = noBuffering // nginx would hold events back
	h["Content-Type"] = streamTypes[s.form]
	done := make(chan error, 1)
	go func() { done <- s.write(append([]byte(streamHeads[s.form]), frame...)) }()
	return <-done
}

// extendDeadline keeps the deadline of writes in the future. It sets the deadline only now and then, because that costs about as
// much as a write. Over HTTP/2 a deadline that passes ends the stream even if nothing is being written, so keepAlive calls this
// as well.
func (s *httpStream) extendDeadline(now time.Time) {
	if s.deadline.Sub(now) > writeDeadline {
		return
	}
	s.deadline = now.Add(writeDeadline + 2*quietInterval)
	_ = s.flush.SetWriteDeadline(s.deadline)
}

// finish ends the stream: with an HTTP status if nothing was sent yet, else with a last event if there was an error. Nothing is
// written afterwards.
func (s *httpStream) finish(err error) {
	s.cancel()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		s.ended = true
		_ = s.flush.SetWriteDeadline(time.Time{}) // for the connection's next response
	}()
	switch {
	case err != nil && s.timer == nil && !s.started: // the request was refused, or has not arrived
		s.handler.writeError(s.w, s.r, err)
	case s.ended || s.r.Context().Err() != nil: // the client has closed it
	case err == nil:
		_ = s.send(nil)
	case !s.started:
		s.handler.writeError(s.w, s.r, err)
	default:
		if text, err := marshalJSON(s.handler.toStatus(s.r, err).Proto()); err == nil {
			_ = s.send(s.form.end(text))
		}
	}
}
