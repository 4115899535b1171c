package rest

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/rpc"
)

// Streams over HTTP have two forms, chosen by Accept: server-sent events, and newline-delimited JSON in grpc-gateway's own
// envelope. Status and headers are sent within earlyHeaders; an error before that has an HTTP status of its own.

// stream returns the handler of a streaming RPC. It makes the stream, which ServeHTTP runs.
func (h *Handler) stream(method string, service any, desc *grpc.ServiceDesc) func(http.ResponseWriter, *http.Request, map[string]string) error {
	i := slices.IndexFunc(desc.Streams, func(s grpc.StreamDesc) bool { return strings.HasSuffix(method, "/"+s.StreamName) })
	handler := h.Conn.Handler(method, streaming, desc.Streams[i].Handler)
	return func(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
		x := exchangeFrom(r.Context())
		s := h.newStream(w, x.request, handler) // not r, a copy that the mux has made
		s.service, s.refreshKey = service, x.refreshKey
		x.run = s.run
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

	OpenResponse
	w http.ResponseWriter
}

func (h *Handler) newStream(w http.ResponseWriter, r *http.Request, handler grpc.StreamHandler) *httpStream {
	s := &httpStream{handler: h, r: r, rpc: handler, w: w}
	s.OpenResponse = NewOpenResponse(w, s.keepOpen)
	return s
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
	case *gatewayv1.AuthStateRequest:
		req.RefreshKey = cmp.Or(req.RefreshKey, s.refreshKey)
	}
	if s.form == ndjson {
		SetHeartbeat(into)
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
	s.StartTimer()
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
	first, err := s.Begin()
	if err != nil {
		return err
	}
	return s.End(s.send(first, frame))
}

// keepOpen sends the headers of a stream without an event, and later comments. Without comments in its form the RPC sends heartbeats.
func (s *httpStream) keepOpen(first bool) error {
	switch {
	case first:
		return s.start(nil)
	case s.form == sse:
		return s.write([]byte(":\n\n"))
	}
	return nil
}

// send writes and flushes a frame, after status and headers if it is the first.
func (s *httpStream) send(first bool, frame []byte) error {
	if first {
		return s.start(frame)
	}
	return s.write(frame)
}

func (s *httpStream) write(frame []byte) error {
	if _, err := s.w.Write(frame); err != nil { //nolint:gosec // events, and typed so
		return err
	}
	return s.conn.Flush()
}

// start writes status, headers and a frame.
func (s *httpStream) start(frame []byte) error {
	h := s.w.Header()
	h["X-Accel-Buffering"] = NoBuffering
	h["Content-Type"] = streamTypes[s.form]
	return s.Apart(func() error { return s.write(append([]byte(streamHeads[s.form]), frame...)) })
}

// finish ends the stream: with an HTTP status if nothing was sent yet, else with a last event if there was an error. Nothing is
// written afterwards.
func (s *httpStream) finish(err error) {
	s.cancel()
	started, ended := s.Finish()
	defer s.Close()
	switch {
	case err != nil && s.timer == nil && !started: // the request was refused, or has not arrived
		s.handler.writeError(s.w, s.r, err)
	case ended || s.r.Context().Err() != nil: // the client has closed it
	case err == nil:
		_ = s.send(!started, nil)
	case !started:
		s.handler.writeError(s.w, s.r, err)
	default:
		if text, err := marshalJSON(s.handler.toStatus(s.r, err).Proto()); err == nil {
			_ = s.write(s.form.end(text))
		}
	}
}
