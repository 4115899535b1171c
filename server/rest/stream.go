package rest

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/live"
	"convexgateway/server/rpc"
)

// Streams over HTTP come in two forms, chosen by Accept: server-sent events, and newline-delimited JSON in grpc-gateway's
// own envelope. Both start within earlyHeaders whatever the query does; an error found before that is a real HTTP status.

const (
	earlyHeaders  = time.Second      // after which status and headers leave without an event
	quietInterval = 15 * time.Second // of quiet, after which something is sent, so that proxies keep the connection
	disarmed      = time.Duration(math.MaxInt64)
	writeDeadline = time.Minute // at least, for one write to a reader that does not read
)

// stream serves the one streaming RPC of a service, by leaving a stream for ServeHTTP to run.
func (h *Handler) stream(method string, service any, desc *grpc.ServiceDesc) func(http.ResponseWriter, *http.Request, map[string]string) error {
	rpc := h.Conn.serve(method, desc.Streams[0].Handler)
	return func(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
		x := exchangeFrom(r.Context())
		x.stream = h.newStream(w, x.request, rpc) // not r, a copy that the mux has made
		x.stream.service = service
		return nil
	}
}

// httpStream is a stream of an RPC that is written to an HTTP response. Events may come from any goroutine, one at a time.
type httpStream struct {
	handler *Handler
	r       *http.Request
	rpc     grpc.StreamHandler
	service any // whose RPC it is
	form    streamForm
	request live.Request // until the RPC has it
	ctx     context.Context
	cancel  context.CancelFunc

	mu       sync.Mutex // guards the response and what follows
	w        http.ResponseWriter
	flush    *http.ResponseController
	timer    *time.Timer // runs tick
	wrote    time.Time   // when something was sent last
	deadline time.Time   // of writes
	started  bool        // status and headers have left
	over     bool        // nothing may be written any more
}

func (h *Handler) newStream(w http.ResponseWriter, r *http.Request, rpc grpc.StreamHandler) *httpStream {
	return &httpStream{handler: h, r: r, rpc: rpc, w: w, flush: http.NewResponseController(w)}
}

// run is the stream.
func (s *httpStream) run() {
	if err := s.open(); err != nil {
		s.handler.refuse(s.w, s.r, err)
		return
	}
	s.begin()
	s.finish(s.rpc(s.service, s))
}

// open reads the request.
func (s *httpStream) open() error {
	if acceptsEvents(s.r.Header) {
		s.form = sse
	}
	s.request = newStreamRequest(s.r.URL.Path)
	lastEventID, err := readStreamRequest(s.r, s.request)
	if err != nil {
		return err
	}
	switch req := s.request.(type) {
	case *gatewayv1.SubscribeRequest:
		if rpc.CheckResumeToken(lastEventID) == nil && req.ResumeToken == "" {
			req.ResumeToken = lastEventID // an id of another server is none: an error would end an EventSource for good
		}
		s.form.beat(&req.Heartbeat)
	case *gatewayv1.AuthStateRequest:
		s.form.beat(&req.Heartbeat)
	}
	s.ctx, s.cancel, err = incomingContext(s.r)
	return err
}

// readStreamRequest reads a request from the body and the query parameters.
func readStreamRequest(r *http.Request, into live.Request) (lastEventID string, err error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", call.InvalidRequest(err.Error())
	}
	if len(query["last_event_id"]) > 1 {
		return "", badParameter("last_event_id", "must be given once")
	}
	lastEventID = query.Get("last_event_id")
	query.Del("last_event_id")
	if id := r.Header.Get("Last-Event-Id"); id != "" {
		lastEventID = id // the newer of the two: browsers repeat the URL, and add the header when they reconnect
	}
	body, err := readBody(r.Body)
	if err != nil {
		return "", err
	}
	if r.Method == http.MethodPost {
		if err := readMessage(body, into); err != nil {
			return "", err
		}
	}
	return lastEventID, readParameters(query, into)
}

// Context implements [grpc.ServerStream].
func (s *httpStream) Context() context.Context { return s.ctx }

// RecvMsg implements [grpc.ServerStream]. There is one request.
func (s *httpStream) RecvMsg(message any) error {
	proto.Merge(message.(proto.Message), s.request)
	s.request = nil
	return nil
}

// What an RPC says besides its events is not for HTTP.
func (s *httpStream) SetHeader(metadata.MD) error  { return nil }
func (s *httpStream) SendHeader(metadata.MD) error { return nil }
func (s *httpStream) SetTrailer(metadata.MD)       {}

// SendMsg implements [grpc.ServerStream]: the event has been written when it returns.
func (s *httpStream) SendMsg(message any) error {
	frame, err := s.form.encode(message)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(frame)
}

// begin sets the clock, which runs tick on a goroutine of its own.
func (s *httpStream) begin() {
	s.timer = time.AfterFunc(disarmed, s.tick)
	s.timer.Reset(earlyHeaders)
}

// tick starts a stream that has nothing to say, and tells proxies and clients that a quiet one is still there.
func (s *httpStream) tick() {
	if !s.mu.TryLock() { // something is being written
		s.timer.Reset(quietInterval)
		return
	}
	defer s.mu.Unlock()
	if s.over {
		return
	}
	quiet := time.Since(s.wrote)
	switch {
	case !s.started:
		_ = s.put(nil)
	case quiet < quietInterval:
		s.timer.Reset(quietInterval - quiet)
		return
	case s.form == sse:
		_ = s.put([]byte(":\n\n"))
	default: // quiet is the RPC's own business: its heartbeat
		s.extend(time.Now())
	}
	s.timer.Reset(quietInterval)
}

// put writes and flushes, status and headers first. The caller holds mu. If it fails the client has gone, or has not read
// for so long that it is given up; net/http then ends the request, and so the stream if it is the clock that writes.
func (s *httpStream) put(frame []byte) error {
	if s.over {
		return context.Canceled
	}
	s.wrote = time.Now()
	s.extend(s.wrote)
	write := s.write
	if !s.started {
		write = s.start
	}
	if write(frame) != nil {
		s.over = true
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

// start sends status and headers as well. It does so from a goroutine of its own: net/http takes 5 KiB of stack for them, and
// a stack that has grown for that stays large while the stream waits.
func (s *httpStream) start(frame []byte) error {
	s.started = true
	h := s.w.Header()
	h["X-Accel-Buffering"] = noBuffering // nginx would hold events back
	h["Content-Type"] = streamTypes[s.form]
	done := make(chan error, 1)
	go func() { done <- s.write(append([]byte(streamHeads[s.form]), frame...)) }()
	return <-done
}

// extend keeps the deadline of writes ahead. It is set now and then, because for each write that would be a cost to see. Over
// HTTP/2 one that passed would end the stream though nothing is being written, so tick calls this, too.
func (s *httpStream) extend(now time.Time) {
	if s.deadline.Sub(now) > writeDeadline {
		return
	}
	s.deadline = now.Add(writeDeadline + 2*quietInterval)
	_ = s.flush.SetWriteDeadline(s.deadline)
}

// finish ends the stream, with a real HTTP status if nothing has left yet, else with a last event if there was an error.
// Nothing is written afterwards.
func (s *httpStream) finish(err error) {
	s.cancel()
	s.timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		s.over = true
		_ = s.flush.SetWriteDeadline(time.Time{}) // the connection may go on
	}()
	switch {
	case s.over || s.r.Context().Err() != nil: // there is nobody to tell
	case err == nil:
		_ = s.put(nil)
	case !s.started:
		s.handler.refuse(s.w, s.r, err)
	default:
		st, _ := s.handler.settle(s.r, err)
		if text, err := marshalJSON(st.Proto()); err == nil {
			_ = s.put(s.form.end(text))
		}
	}
}
