package call

import (
	"context"
	"net"
	"sync/atomic"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"convexgateway/auth"
	"convexgateway/convex"
	"convexgateway/server/call/limit"
)

// Call is the record of one call, for logs and for the deployment. Over gRPC the outermost interceptor makes it, otherwise the
// HTTP handler. Only the goroutine that runs the call may use it.
type Call struct {
	RequestID string
	Address   string // of the caller, without port
	Peer      string // address of the connection's peer, which may be a proxy, with port
	UserAgent string
	Protocol  Protocol
	// JSON is set if the messages are proto JSON. Values then stay text.
	JSON bool
	// ArgsCanonical is set if the request's args_json, which was read from JSON, is in canonical form already.
	ArgsCanonical bool
	// TextValue is set by the handler if the response has value_json in place of value. It is written as it is.
	TextValue bool
	// Received is how many bytes of the request have been read; for calls by the HTTP handler, of its body.
	Received int
	// Sent is how many bytes of messages have been sent, counted where the stream's other hot fields are. Any goroutine may read it. Set by the
	// interceptors; nil before.
	Sent *atomic.Int64
	// Transport is what the HTTP handler keeps of the request besides this record; nil over gRPC.
	Transport any
	// Result is that of a query, for its ETag. Set by the handler.
	Result  *convex.Result
	Method  string      // full name of the RPC; empty until the interceptors run
	Path    string      // of the function; empty until it has been parsed
	Service string      // subject of the service that calls; empty for other callers
	Failure error       // that the call ended with, before it became a status
	Hold    *limit.Hold // what the call holds of its caller's budget; nil until it is admitted

	outcome string // of the credential; empty until RecordOutcome
	caller  string // by which limits count it; empty until it is admitted
	places  *limit.Places
}

type callKey struct{}

// Open returns the call's record, and a context that carries it: the record that the HTTP handler has made, or a new one from
// the metadata.
func Open(ctx context.Context, trusted Proxies) (context.Context, *Call) {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		return ctx, c
	}
	md, _ := metadata.FromIncomingContext(ctx)
	c := &Call{RequestID: RequestIDOf(first(md, RequestIDHeader)), UserAgent: first(md, "user-agent")}
	if p, ok := peer.FromContext(ctx); ok {
		c.Peer = p.Addr.String()
		c.Address = trusted.Caller(HostOf(c.Peer), md.Get("x-forwarded-for"), md.Get("forwarded"))
	}
	return With(ctx, c), c
}

// With returns a context that carries the record of a call.
func With(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// From returns the record that the context carries, or an empty one if a handler is called without the interceptors.
func From(ctx context.Context) *Call {
	c, _ := ctx.Value(callKey{}).(*Call)
	if c == nil {
		return &Call{}
	}
	return c
}

// first returns the first value of a key; empty if there is none.
func first(md metadata.MD, key string) string {
	if values := md.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// HostOf returns the host of host:port, or the address itself if it has no port.
func HostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

// CredentialOf returns the credential that the deployment gets for an identity; nil is an anonymous caller.
func CredentialOf(id *auth.Identity) convex.Credential {
	if id == nil {
		return convex.Credential{}
	}
	return convex.Credential{Identity: id.Key(), Token: id.Token(), Issued: id.IssuedAt, Expires: id.ExpiresAt}
}
