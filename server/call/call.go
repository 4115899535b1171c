package call

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"convexgateway/auth"
	"convexgateway/convex"
)

// RequestIDHeader names a call in logs, in error texts of the deployment, and in the answer's header.
const RequestIDHeader = "x-request-id"

// Call is the record of one call, for logs and for the deployment. Over REST the HTTP handler makes it, otherwise the
// outermost interceptor. The goroutine that runs the call uses it.
type Call struct {
	Events    int // sent on a stream
	RequestID string
	Address   string // of the caller, without port
	UserAgent string
	OverREST  bool
	// ArgsCanonical is set by REST if the request's args_json is in canonical form already.
	ArgsCanonical bool
	// Transport is what REST keeps of the request besides this record; nil over gRPC.
	Transport any
	// TextValue is set by the handler if the response's value_json stands for value, which REST writes as it is.
	TextValue bool
	Path      string // of the function; empty until it is known to be one
	outcome   string // what became of the credential; empty before that is known
	Failure   error  // what the call ended with, before it became a status
}

type callKey struct{}

// Open returns the call's record and a context that has it: the one that REST has made, or a new one from the metadata.
func Open(ctx context.Context, trusted Proxies) (context.Context, *Call) {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		return ctx, c
	}
	md, _ := metadata.FromIncomingContext(ctx)
	c := &Call{RequestID: RequestIDOf(first(md, RequestIDHeader)), UserAgent: first(md, "user-agent")}
	if p, ok := peer.FromContext(ctx); ok {
		c.Address = trusted.Caller(HostOf(p.Addr.String()), md.Get("x-forwarded-for"))
	}
	return With(ctx, c), c
}

func With(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// From returns the call's record; an empty one for a handler that is called without the interceptors.
func From(ctx context.Context) *Call {
	c, _ := ctx.Value(callKey{}).(*Call)
	if c == nil {
		return &Call{}
	}
	return c
}

// RequestIDOf returns the id that a caller sent if it is valid, else a new one.
func RequestIDOf(sent string) string {
	if validRequestID(sent) {
		return sent
	}
	return newRequestID()
}

func first(md metadata.MD, key string) string {
	if values := md.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

func HostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

// validRequestID takes 1 to 128 visible ASCII characters: the id goes into logs and headers as it is.
func validRequestID(id string) bool {
	if len(id) == 0 || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return true
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// CredentialOf is what the deployment is shown on behalf of an identity; nil is an anonymous caller.
func CredentialOf(id *auth.Identity) convex.Credential {
	if id == nil {
		return convex.Credential{}
	}
	return convex.Credential{Identity: id.Key(), Token: id.Token(), Issued: id.IssuedAt, Expires: id.ExpiresAt}
}

// IsPrintable reports whether a text may be a header of gRPC.
func IsPrintable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
