package server

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Streams over HTTP come in two forms, chosen by Accept: server-sent events, and newline-delimited JSON in grpc-gateway's
// own envelope. Both start within earlyHeaders whatever the query does; an error found before that is a real HTTP status.

const (
	earlyHeaders  = time.Second      // after which status and headers leave without an event
	quietInterval = 15 * time.Second // of quiet, after which something is sent, so that proxies keep the connection
	writeDeadline = time.Minute      // at least, for one write to a reader that does not read
)

// stream serves the one streaming RPC of a service.
func (f *restFace) stream(method string, service any, desc *grpc.ServiceDesc) runtime.HandlerFunc {
	rpc := f.inProcess.serve(method, desc.Streams[0].Handler)
	return func(w http.ResponseWriter, r *http.Request, _ map[string]string) {
		c := restCallFrom(r.Context())
		s, err := f.openStream(w, c.request, rpc) // not r, a copy that the mux has made
		if err != nil {
			f.refuse(w, r, err)
			return
		}
		s.service = service
		c.stream = s
	}
}

// httpStream is a stream of an RPC that is written to an HTTP response. Events may come from any goroutine, one at a time.
type httpStream struct {
	face    *restFace
	r       *http.Request
	rpc     grpc.StreamHandler
	service any // whose RPC it is
	form    streamForm
	request streamRequest // until the RPC has it
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

// openStream reads a request. What comes of it is run's business.
func (f *restFace) openStream(w http.ResponseWriter, r *http.Request, rpc grpc.StreamHandler) (*httpStream, error) {
	s := &httpStream{face: f, r: r, rpc: rpc, request: newStreamRequest(r.URL.Path), w: w, flush: http.NewResponseController(w)}
	if acceptsEvents(r.Header) {
		s.form = sse
	}
	lastEventID, err := readStreamRequest(r, s.request)
	if err != nil {
		return nil, err
	}
	switch req := s.request.(type) {
	case *gatewayv1.SubscribeRequest:
		if _, err := parseResumeToken(lastEventID); err == nil && req.ResumeToken == "" {
			req.ResumeToken = lastEventID // an id of another server is none: an error would end an EventSource for good
		}
		s.form.beat(&req.Heartbeat)
	case *gatewayv1.AuthStateRequest:
		s.form.beat(&req.Heartbeat)
	}
	s.ctx, s.cancel, err = incomingContext(r)
	return s, err
}

// run is the stream.
func (s *httpStream) run() {
	s.begin()
	s.finish(s.rpc(s.service, s))
}

// readStreamRequest reads a request from the body and the query parameters.
func readStreamRequest(r *http.Request, into streamRequest) (lastEventID string, err error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", invalidRequest(err.Error())
	}
	if len(query["last_event_id"]) > 1 {
		return "", badParameter("last_event_id", "must be given once")
	}
	lastEventID = query.Get("last_event_id")
	query.Del("last_event_id")
	if id := r.Header.Get("Last-Event-Id"); id != "" {
		lastEventID = id // the newer of the two: browsers repeat the URL, and add the header when they reconnect
	}
	body, err := readBody(r)
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

// begin sets the clock. It is another goroutine's that runs tick.
func (s *httpStream) begin() {
	s.timer = time.AfterFunc(never, s.tick)
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

// put writes and flushes, status and headers first. The caller holds mu. If it fails the caller has gone, or has not read
// for so long that it is given up.
func (s *httpStream) put(frame []byte) error {
	if s.over {
		return context.Canceled
	}
	s.wrote = time.Now()
	s.extend(s.wrote)
	s.start()
	_, err := s.w.Write(frame) //nolint:gosec // JSON, and typed so
	if err == nil {
		err = s.flush.Flush()
	}
	if err != nil {
		s.over = true
		return context.Canceled // net/http ends the request, and so the stream if it is the clock that writes
	}
	return nil
}

// start makes ready status and headers, once.
func (s *httpStream) start() {
	if s.started {
		return
	}
	s.started = true
	h := s.w.Header()
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	if s.form == ndjson {
		h.Set("Content-Type", "application/x-ndjson")
		return
	}
	h.Set("Content-Type", "text/event-stream")
	_, _ = s.w.Write([]byte("retry: 2000\n\n")) // if it fails, so does what follows
}

// extend keeps the deadline of writes ahead. To set it costs about as much as a write, so it is not set for each; and over
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
		s.face.refuse(s.w, s.r, err)
	default:
		st, _ := s.face.settle(s.r, err)
		if text, err := marshalJSON(st.Proto()); err == nil {
			_ = s.put(s.form.end(text))
		}
	}
}
