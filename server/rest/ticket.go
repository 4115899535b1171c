package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"

	"convexgateway/auth"
	"convexgateway/auth/lease"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/live"
	"convexgateway/server/rpc"
	"convexgateway/server/ticket"
)

// This file is what of a caller's credential can stand in a URL: a ticket, on the routes of streams; a token nowhere.

const (
	TicketRoute     = "/v1/tickets"
	subscribeRoute  = "/v1/subscribe"
	authStateRoute  = "/v1/auth/state"
	ticketParameter = "ticket"

	maxTicketBody = 64 << 10
	// maxTicketURL leaves room for a browser's other headers within maxHeaderBytes.
	maxTicketURL = 24 << 10
)

// isStream reports whether a route is that of a stream.
func isStream(route string) bool { return route == subscribeRoute || route == authStateRoute }

// newStreamRequest is an empty request of a stream's route; nil for other routes.
func newStreamRequest(route string) live.Request {
	switch route {
	case subscribeRoute:
		return &gatewayv1.SubscribeRequest{}
	case authStateRoute:
		return &gatewayv1.AuthStateRequest{}
	}
	return nil
}

// streamQuery checks a request as its RPC does, and returns the query parameters that say the same, but for the resume
// token: equal ones for equal requests.
func streamQuery(req live.Request) (url.Values, error) {
	query := url.Values{}
	if s, ok := req.(*gatewayv1.SubscribeRequest); ok {
		inv, err := rpc.ParseInvocation(s, false)
		if err != nil {
			return nil, err
		}
		if err := rpc.CheckResumeToken(s.GetResumeToken()); err != nil {
			return nil, err
		}
		query.Set("path", inv.Path.String())
		if args := string(inv.Args); args != "{}" {
			query.Set("args", args)
		}
		if inv.Format == rpc.JSONFormat {
			query.Set("valueFormat", gatewayv1.ValueFormat_VALUE_FORMAT_JSON.String())
		}
	}
	heartbeat, err := live.ParseHeartbeat(req.GetHeartbeat())
	if err != nil {
		return nil, err
	}
	if heartbeat > 0 {
		query.Set("heartbeat", heartbeat.String())
	}
	if key := req.GetRefreshKey(); key != "" {
		if err := lease.CheckRefreshKey(key); err != nil {
			return nil, err
		}
		query.Set("refreshKey", key)
	}
	return query, nil
}

// streamHash is what a ticket is bound to.
func streamHash(route string, query url.Values) [sha256.Size]byte {
	return sha256.Sum256([]byte(route + "?" + query.Encode()))
}

// IssuedTicket is the answer of POST /v1/tickets.
type IssuedTicket struct {
	Ticket    string    `json:"ticket"`
	ExpiresAt time.Time `json:"expiresAt"`
	URL       string    `json:"url"` // of the stream, without the gateway's own address
}

// issueTicket is POST /v1/tickets. It is no RPC, but passes the interceptors as one does.
func (h *Handler) issueTicket(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
	_, req, err := readTicketRequest(http.MaxBytesReader(nil, r.Body, maxTicketBody))
	if err != nil {
		return call.InvalidBody(err)
	}
	answer, err := h.Conn.run(r.Context(), TicketRoute, req, func(ctx context.Context, _ any) (any, error) {
		issued, err := h.ticketFor(ctx, req)
		if err != nil {
			return nil, err
		}
		return issued.json()
	})
	if err != nil {
		return err
	}
	w.Header()["Content-Type"] = jsonType
	_, _ = w.Write(answer.(jsonText))
	return nil
}

// jsonText is an answer that is JSON already.
type jsonText []byte

// WireSize implements [rpc.Sized].
func (t jsonText) WireSize() int { return len(t) }

func (t *IssuedTicket) json() (jsonText, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(t)
	return text.Bytes(), err
}

// ticketFor makes the ticket for a request, and the URL to use it with.
func (h *Handler) ticketFor(ctx context.Context, req live.Request) (*IssuedTicket, error) {
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
	text, expires := h.Tickets.Issue(id, streamHash(route, query), origin)
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
	text, err := io.ReadAll(body)
	if err != nil {
		return "", nil, err
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) != nil || len(fields) != 1 {
		return "", nil, errors.New("the body must be an object with either subscribe or authState")
	}
	name := slices.Collect(maps.Keys(fields))[0]
	switch name {
	case "subscribe":
		route = subscribeRoute
	case "authState":
		route = authStateRoute
	default:
		return "", nil, fmt.Errorf("unknown field %.100q: want subscribe or authState", name)
	}
	req = newStreamRequest(route)
	if err := protojson.Unmarshal(fields[name], req); err != nil {
		return "", nil, fmt.Errorf("%s: %w", name, err)
	}
	return route, req, nil
}

// takeURLCredential makes a ticket in the URL the header that it stands for. A token there becomes a header that does not
// verify: whatever the call is, it must not pass as an anonymous one.
func (h *Handler) takeURLCredential(r *http.Request) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if dropTokens(query) {
		r.Header["Authorization"] = []string{"token in the URL"}
		r.URL.RawQuery = query.Encode()
	}
	texts, found := query[ticketParameter]
	if !found {
		return nil
	}
	req := newStreamRequest(r.URL.Path)
	switch {
	case req == nil || r.Method != http.MethodGet:
		return badParameter(ticketParameter, "is for GET "+subscribeRoute+" and GET "+authStateRoute+" only")
	case len(texts) != 1:
		return badParameter(ticketParameter, "must be given once")
	case r.Header.Values("Authorization") != nil:
		return auth.NewError(auth.ReasonAmbiguousCredentials, nil)
	case err != nil:
		return call.InvalidRequest(err.Error())
	}
	query.Del(ticketParameter)
	token, err := h.redeemTicket(texts[0], r, req, query)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.URL.RawQuery = query.Encode()
	return nil
}

func (h *Handler) redeemTicket(text string, r *http.Request, req live.Request, query url.Values) (token string, err error) {
	fields := maps.Clone(query)
	fields.Del("last_event_id")
	if err := readParameters(fields, req); err != nil {
		return "", err
	}
	canonical, err := streamQuery(req)
	if err != nil {
		return "", err
	}
	return h.Tickets.Redeem(text, streamHash(r.URL.Path, canonical), r.Header.Values("Origin"))
}

func badParameter(name, why string) error {
	return call.InvalidRequest(fmt.Sprintf("query parameter %q %s", name, why))
}

// jwtForm is that of a JWT: its first part is the base64 of `{"`.
var jwtForm = regexp.MustCompile(`^(?i:bearer )?\s*eyJ[\w-]+\.[\w-]+\.[\w-]+\s*$`)

// dropTokens removes parameters that are tokens by name or look, and reports whether there were any.
func dropTokens(query url.Values) bool {
	n := len(query)
	maps.DeleteFunc(query, func(name string, values []string) bool {
		switch strings.ToLower(name) {
		case "access_token", "token", "authorization":
			return true
		}
		return jwtForm.MatchString(name) || slices.ContainsFunc(values, jwtForm.MatchString)
	})
	return len(query) < n
}
