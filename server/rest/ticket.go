package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/live"
	"convexgateway/server/rpc"
	"convexgateway/server/ticket"
)

const (
	// TicketRoute is the route that issues tickets, and the name of its calls in logs and metrics.
	TicketRoute     = "/v1/tickets"
	ticketParameter = "ticket"

	maxTicketBody = 64 << 10
	// maxTicketURL, in bytes, leaves room for a browser's other headers within the 32 KiB that the gateway accepts.
	maxTicketURL = 24 << 10
)

// IssuedTicket is the response of POST /v1/tickets.
type IssuedTicket struct {
	Ticket    string    `json:"ticket"`
	ExpiresAt time.Time `json:"expiresAt"`
	URL       string    `json:"url"` // of the stream, without the gateway's own address
}

// tickets returns the handler of POST /v1/tickets. It is no RPC, but its calls pass the interceptors.
func (h *Handler) tickets() func(http.ResponseWriter, *http.Request, map[string]string) error {
	issue := h.Conn.Handler(TicketRoute, unary, h.issueTicket)
	return func(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
		s := &ticketStream{ctx: r.Context(), body: r.Body}
		if err := issue(nil, s); err != nil {
			return err
		}
		w.Header()["Content-Type"] = jsonType
		_, _ = w.Write(s.response)
		return nil
	}
}

func (h *Handler) issueTicket(_ any, stream grpc.ServerStream) error {
	var req ticketRequest
	if err := stream.RecvMsg(&req); err != nil {
		return err
	}
	issued, err := h.newTicket(stream.Context(), req.Request)
	if err != nil {
		return err
	}
	text, err := issued.json()
	if err != nil {
		return err
	}
	return stream.SendMsg(text)
}

// ticketRequest is the request of a stream, for which a ticket is issued.
type ticketRequest struct{ live.Request }

// ticketStream is a call of POST /v1/tickets as a stream of one message each way. The other methods of a stream have no use here.
type ticketStream struct {
	grpc.ServerStream
	ctx      context.Context
	body     io.Reader
	response jsonText
}

// Context implements [grpc.ServerStream].
func (s *ticketStream) Context() context.Context { return s.ctx }

// SetContext replaces the context, before the interceptors run.
func (s *ticketStream) SetContext(ctx context.Context) { s.ctx = ctx }

// RecvMsg implements [grpc.ServerStream].
func (s *ticketStream) RecvMsg(message any) (err error) {
	_, message.(*ticketRequest).Request, err = readTicketRequest(http.MaxBytesReader(nil, io.NopCloser(s.body), maxTicketBody))
	return err
}

// SendMsg implements [grpc.ServerStream].
func (s *ticketStream) SendMsg(message any) error {
	s.response = message.(jsonText)
	return nil
}

// jsonText is a response that is JSON already.
type jsonText []byte

var _ rpc.Sized = jsonText(nil)

// WireSize implements [rpc.Sized].
func (t jsonText) WireSize() int { return len(t) }

func (t *IssuedTicket) json() (jsonText, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(t)
	return text.Bytes(), err
}

// newTicket makes the ticket for a request, and the URL of its stream.
func (h *Handler) newTicket(ctx context.Context, req live.Request) (*IssuedTicket, error) {
	subscribe, ok := req.(*gatewayv1.SubscribeRequest)
	route := authStateRoute
	if ok {
		route = subscribeRoute
	}
	query, err := streamQuery(req)
	if err != nil {
		return nil, err
	}
	call.From(ctx).Path = query.Get("path")
	var origin string
	if sent := metadata.ValueFromIncomingContext(ctx, "origin"); len(sent) > 0 {
		origin = sent[0]
	}
	if len(origin) > ticket.MaxOrigin {
		return nil, call.InvalidField("Origin", fmt.Sprintf("is longer than %d bytes", ticket.MaxOrigin))
	}
	id, _ := auth.FromContext(ctx)
	if err := auth.CheckTicket(id); err != nil {
		return nil, err
	}
	text, expires := h.Tickets.Issue(id, streamHash(route, query), origin, req.GetRefreshKey())
	query.Set(ticketParameter, text)
	if ok && subscribe.ResumeToken != "" {
		query.Set("last_event_id", subscribe.ResumeToken)
	}
	stream := route + "?" + query.Encode()
	if len(stream) > maxTicketURL {
		return nil, call.TooLarge(fmt.Sprintf(
			"args: the stream's URL would have %d bytes, more than %d: open it with POST", len(stream), maxTicketURL))
	}
	return &IssuedTicket{Ticket: text, ExpiresAt: expires.UTC().Truncate(time.Millisecond), URL: stream}, nil
}

// readTicketRequest reads {"subscribe": SubscribeRequest} or {"authState": AuthStateRequest}.
func readTicketRequest(body io.Reader) (route string, req live.Request, err error) {
	text, err := readBody(body, nil)
	if err != nil {
		return "", nil, err
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) != nil || len(fields) != 1 {
		return "", nil, call.InvalidRequest("the body must be an object with either subscribe or authState")
	}
	name := slices.Collect(maps.Keys(fields))[0]
	switch name {
	case "subscribe":
		route = subscribeRoute
	case "authState":
		route = authStateRoute
	default:
		return "", nil, call.InvalidRequest(fmt.Sprintf("unknown field %.100q: want subscribe or authState", name))
	}
	req = newStreamRequest(route)
	if err := protojson.Unmarshal(fields[name], req); err != nil {
		if e := valueError(fields[name]); e != nil {
			return "", nil, e.Within(name)
		}
		return "", nil, call.InvalidRequest(fmt.Sprintf("%s: %v", name, err))
	}
	return route, req, nil
}
