package rest

import (
	"crypto/sha256"
	"net/http"
	"net/url"

	"google.golang.org/protobuf/proto"

	"convexgateway/auth/lease"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/live"
	"convexgateway/server/rpc"
)

// The routes of streams.
const (
	subscribeRoute = "/v1/subscribe"
	authStateRoute = "/v1/auth/state"
	watchRoute     = "/v1/watch"
)

// isStream reports whether a route is that of a stream.
func isStream(route string) bool {
	return route == subscribeRoute || route == authStateRoute || route == watchRoute
}

// newStreamRequest returns an empty request of the route of a stream that may have a ticket; nil for other routes.
func newStreamRequest(route string) live.Request {
	switch route {
	case subscribeRoute:
		return &gatewayv1.SubscribeRequest{}
	case authStateRoute:
		return &gatewayv1.AuthStateRequest{}
	}
	return nil
}

// streamQuery checks a request as its RPC does, and returns it as query parameters, but for the resume token and the refresh
// key. Equal requests have equal parameters.
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
		if s.GetAnonymous() {
			query.Set("anonymous", "true")
		}
		if args := string(inv.Args); args != "{}" {
			query.Set("args", args)
		}
		if inv.Format == rpc.JSONFormat {
			query.Set("valueFormat", gatewayv1.ValueFormat_VALUE_FORMAT_JSON.String())
		}
	}
	if asked := req.GetHeartbeat(); asked != nil {
		heartbeat, err := live.ParseHeartbeat(asked)
		if err != nil {
			return nil, err
		}
		query.Set("heartbeat", heartbeat.String())
	}
	if key := req.GetRefreshKey(); key != "" {
		if err := lease.CheckRefreshKey(key); err != nil {
			return nil, err
		}
	}
	return query, nil
}

// streamHash returns the hash of a stream's request, to which its ticket is bound.
func streamHash(route string, query url.Values) [sha256.Size]byte {
	return sha256.Sum256([]byte(route + "?" + query.Encode()))
}

// readStreamRequest reads a request from the body and the query parameters, and the id of the last event that a browser has.
func readStreamRequest(r *http.Request, into proto.Message) (lastEventID string, err error) {
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
	hold := call.From(r.Context()).Hold
	body, err := readBody(r.Body, hold)
	if err != nil {
		return "", err
	}
	if r.Method == http.MethodPost {
		if err := readStreamBody(r, body, into); err != nil {
			return "", err
		}
	} else if err := hold.Take(textCopies * len(body)); err != nil {
		return "", err
	}
	return lastEventID, readParameters(query, into)
}

// readStreamBody reads the body of a POST.
func readStreamBody(r *http.Request, body []byte, into proto.Message) error {
	x, hold := exchangeFrom(r.Context()), call.From(r.Context()).Hold
	if x != nil && x.body.function != "" {
		return readFunctionBody(body, x.body.function, into, hold)
	}
	_, err := reader{}.readInto(body, into, hold)
	return err
}
