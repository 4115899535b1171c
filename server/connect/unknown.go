package connect

import (
	"context"
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"convexgateway/server/call"
	"convexgateway/server/rpc"
)

// refuse returns the error of a method that is not served. Its calls pass the interceptors like all others.
func (h *Handler) refuse(r *http.Request) error {
	procedure := r.URL.Path
	return h.Calls.Handler(procedure, false, func(any, grpc.ServerStream) error {
		text := "there is no method " + call.CutText(procedure, 200)
		if rpc.Exists(procedure) {
			text = "this method is not served over Connect and gRPC-Web, since browsers send no streams"
		}
		return &call.RequestError{Code: codes.Unimplemented, Reason: "UNIMPLEMENTED", Text: text}
	})(nil, &refusedStream{ctx: r.Context()})
}

// refusedStream is the stream of a call without messages. Its trailers are made of its error.
type refusedStream struct {
	grpc.ServerStream
	ctx context.Context
}

// Context implements [grpc.ServerStream].
func (s *refusedStream) Context() context.Context { return s.ctx }

// SetContext implements [rpc.InProcessStream].
func (s *refusedStream) SetContext(ctx context.Context) { s.ctx = ctx }

// SetTrailer implements [grpc.ServerStream].
func (s *refusedStream) SetTrailer(metadata.MD) {}
