package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Streams over HTTP come in two forms, chosen by Accept: server-sent events, and newline-delimited JSON in grpc-gateway's
// own envelope. Both start within earlyHeaders whatever the query does; an error found before that is a real HTTP status.

const (
	earlyHeaders  = time.Second      // after which status and headers leave without an event
	quietInterval = 15 * time.Second // of quiet, after which something is sent, so that proxies keep the connection
	writeDeadline = time.Minute      // for one write to a reader that does not read
)

// subscribe serves Subscribe.
func (f *restFace) subscribe(w http.ResponseWriter, r *http.Request, _ map[string]string) {
	var req gatewayv1.SubscribeRequest
	s, ok := f.open(w, r, &req)
	if !ok {
		return
	}
	if _, err := parseResumeToken(s.lastEventID); err == nil && req.ResumeToken == "" {
		req.ResumeToken = s.lastEventID // an id of another server is none: an error would end an EventSource for good
	}
	s.beat(&req.Heartbeat)
	serveStream(s, gatewayv1.FunctionService_Subscribe_FullMethodName, &req, f.functions.Subscribe)
}

// authState serves AuthState.
func (f *restFace) authState(w http.ResponseWriter, r *http.Request, _ map[string]string) {
	var req gatewayv1.AuthStateRequest
	s, ok := f.open(w, r, &req)
	if !ok {
		return
	}
	s.beat(&req.Heartbeat)
	serveStream(s, gatewayv1.AuthService_AuthState_FullMethodName, &req, f.auth.AuthState)
}

// streamForm is how events are written.
type streamForm int

const (
	ndjson streamForm = iota
	sse
)

// httpStream writes one stream. One goroutine uses it.
type httpStream struct {
	face        *restFace
	w           http.ResponseWriter
	r           *http.Request
	flush       *http.ResponseController
	form        streamForm
	lastEventID string
	started     bool // status and headers have left
}

// open reads the request into req. If that fails it answers and reports false.
func (f *restFace) open(w http.ResponseWriter, r *http.Request, req proto.Message) (*httpStream, bool) {
	s := &httpStream{face: f, w: w, r: r, flush: http.NewResponseController(w)}
	if acceptsEvents(r.Header) {
		s.form = sse
	}
	if err := s.readRequest(req); err != nil {
		s.fail(invalidBody(err))
		return nil, false
	}
	return s, true
}

func (s *httpStream) readRequest(req proto.Message) error {
	query, err := url.ParseQuery(s.r.URL.RawQuery)
	if err != nil {
		return err
	}
	if len(query["last_event_id"]) > 1 {
		return errors.New(`query parameter "last_event_id" must be given once`)
	}
	s.lastEventID = query.Get("last_event_id")
	query.Del("last_event_id")
	if id := s.r.Header.Get("Last-Event-Id"); id != "" {
		s.lastEventID = id // the newer of the two: browsers repeat the URL, and add the header when they reconnect
	}
	if s.r.Method == http.MethodPost {
		if err := s.face.marshaler.NewDecoder(s.r.Body).Decode(req); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	return strictQuery{}.Parse(req, query, nil)
}

// beat makes up for what NDJSON has no comments for: it asks for a heartbeat if the caller did not.
func (s *httpStream) beat(asked **durationpb.Duration) {
	if *asked == nil && s.form == ndjson {
		*asked = durationpb.New(quietInterval)
	}
}

// fail answers with an error before the stream has started.
func (s *httpStream) fail(err error) {
	s.face.refuse(s.w, s.r, err)
}

// serveStream calls a streaming RPC through the in-memory connection and writes what comes.
func serveStream[Req any, Event any](
	s *httpStream, method string, req *Req,
	call func(context.Context, *Req, ...grpc.CallOption) (grpc.ServerStreamingClient[Event], error),
) {
	life, cancel := context.WithCancel(s.r.Context())
	defer cancel()
	ctx, err := runtime.AnnotateContext(life, s.face.mux, s.r, method)
	if err != nil {
		s.fail(err)
		return
	}
	stream, err := call(ctx, req)
	if err != nil {
		s.fail(err)
		return
	}
	events := make(chan received[Event]) // sent by the receiver, received by pump
	go receive(life, stream, events)     // not ctx: the RPC's deadline is told as every other end
	pump(s, events)
}

// received is one message of the RPC, or its end.
type received[Event any] struct {
	event *Event
	err   error // io.EOF: the RPC ended well
}

// receive passes on the RPC's messages until its end, or life's.
func receive[Event any](life context.Context, stream grpc.ServerStreamingClient[Event], to chan<- received[Event]) {
	for {
		event, err := stream.Recv()
		select {
		case to <- received[Event]{event, err}:
		case <-life.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// pump writes events until the RPC ends or the client is gone.
func pump[Event any](s *httpStream, events <-chan received[Event]) {
	early := time.NewTimer(earlyHeaders)
	defer early.Stop()
	quiet := time.NewTimer(quietInterval)
	defer quiet.Stop()
	for {
		var err error
		select {
		case <-s.r.Context().Done():
			return
		case <-early.C:
			err = s.start()
		case <-quiet.C:
			err = s.keepAlive()
		case m := <-events:
			if m.err != nil {
				s.end(m.err)
				return
			}
			if err = s.start(); err == nil {
				err = s.write(any(m.event).(proto.Message))
			}
		}
		if err != nil {
			return // the client is gone
		}
		quiet.Reset(quietInterval)
	}
}

// start sends status and headers, once.
func (s *httpStream) start() error {
	if s.started {
		return nil
	}
	s.started = true
	h := s.w.Header()
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	if s.form == ndjson {
		h.Set("Content-Type", "application/x-ndjson")
		return s.put(nil)
	}
	h.Set("Content-Type", "text/event-stream")
	return s.put([]byte("retry: 2000\n\n"))
}

// keepAlive sends an SSE comment. In the other form quiet is the RPC's own business: its heartbeat.
func (s *httpStream) keepAlive() error {
	if !s.started || s.form == ndjson {
		return nil
	}
	return s.put([]byte(":\n\n"))
}

// write sends an event.
func (s *httpStream) write(event proto.Message) error {
	text, err := s.face.marshaler.Marshal(event)
	if err != nil {
		return err
	}
	if s.form == ndjson {
		return s.put(append(append([]byte(`{"result":`), text...), "}\n"...))
	}
	name, id := describeEvent(event)
	frame := append([]byte("event: "), name...)
	if id != "" {
		frame = append(append(frame, "\nid: "...), id...)
	}
	return s.put(append(append(append(frame, "\ndata: "...), text...), "\n\n"...))
}

// describeEvent gives the SSE name of an event, and the id that its stream can be resumed from.
func describeEvent(event proto.Message) (name, id string) {
	m, ok := event.(*gatewayv1.SubscribeResponse)
	if !ok {
		return "auth", ""
	}
	switch m.GetEvent().(type) {
	case *gatewayv1.SubscribeResponse_FunctionError:
		name = "function_error"
	case *gatewayv1.SubscribeResponse_Unchanged:
		name = "unchanged"
	case *gatewayv1.SubscribeResponse_Connection:
		name = "connection"
	default:
		name = "value"
	}
	return name, m.GetResumeToken()
}

// end finishes the stream: with a real HTTP status if nothing has left yet, else with a last event.
func (s *httpStream) end(err error) {
	if errors.Is(err, io.EOF) {
		_ = s.start()
		return
	}
	if !s.started {
		s.fail(err)
		return
	}
	st, _ := s.face.settle(s.r, err)
	text, err := s.face.marshaler.Marshal(st.Proto())
	if err != nil {
		return
	}
	if s.form == ndjson {
		_ = s.put(append(append([]byte(`{"error":`), text...), "}\n"...))
		return
	}
	_ = s.put(append(append([]byte("event: status\ndata: "), text...), "\n\n"...))
}

// put writes and flushes. A reader that has stopped is given up after writeDeadline. The deadline is taken back
// afterwards: over HTTP/2 it would end the stream though nothing is being written.
func (s *httpStream) put(frame []byte) error {
	_ = s.flush.SetWriteDeadline(time.Now().Add(writeDeadline))
	defer func() { _ = s.flush.SetWriteDeadline(time.Time{}) }()
	if _, err := s.w.Write(frame); err != nil { //nolint:gosec // JSON, and typed so
		return err
	}
	return s.flush.Flush()
}
