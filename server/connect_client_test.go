package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"connectrpc.com/connect/v2/connectproto"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// The protocols of browsers, by the library's own client, as connections of gRPC: so that the generated clients, and what tests check of
// them, are the same.

// wires are the ways to call over Connect and gRPC-Web.
var wires = map[string][]connecthttp.Option{
	"Connect, protobuf":  nil,
	"Connect, JSON":      {connecthttp.WithProtoJSON()},
	"gRPC-Web, protobuf": {connecthttp.WithGRPCWeb()},
	"gRPC-Web, JSON":     {connecthttp.WithGRPCWeb(), connecthttp.WithProtoJSON()},
	"Connect, gzip":      {connecthttp.WithSendGzip()},
	"gRPC-Web, gzip":     {connecthttp.WithGRPCWeb(), connecthttp.WithSendGzip()},
}

// isGRPCWeb reports whether a wire is one of gRPC-Web.
func isGRPCWeb(wire string) bool { return strings.HasPrefix(wire, "gRPC-Web") }

// over returns the gateway with clients that call over a wire.
func (g *gateway) over(t *testing.T, wire string) *gateway {
	other := *g
	other.t = t
	conn := g.wireConn(wires[wire]...)
	other.functions, other.auth = gatewayv1.NewFunctionServiceClient(conn), gatewayv1.NewAuthServiceClient(conn)
	return &other
}

func (g *gateway) wireConn(options ...connecthttp.Option) *wireConn {
	scheme := "http://"
	if g.cfg.TLSCert != "" {
		scheme = "https://"
	}
	return &wireConn{connect.NewClient(connecthttp.NewTransport(g.client, scheme+g.HTTPAddr(), options...))}
}

// onWires runs a test over each wire.
func onWires(t *testing.T, test func(t *testing.T, wire string)) {
	for wire := range wires {
		t.Run(wire, func(t *testing.T) { test(t, wire) })
	}
}

// wireConn is a [grpc.ClientConnInterface].
type wireConn struct{ client *connect.Client }

// begin returns the context of a call, with the metadata of ctx as headers.
func (*wireConn) begin(ctx context.Context) (context.Context, *connect.CallInfo) {
	md, _ := metadata.FromOutgoingContext(ctx)
	ctx, info := connect.NewClientContext(ctx)
	for name, values := range md {
		for _, value := range values {
			info.RequestHeader().Add(name, value)
		}
	}
	return ctx, info
}

// Invoke implements [grpc.ClientConnInterface].
func (c *wireConn) Invoke(ctx context.Context, method string, req, resp any, opts ...grpc.CallOption) error {
	ctx, info := c.begin(ctx)
	err := c.client.CallUnary(ctx, connect.Spec{Procedure: method}, req, resp)
	for _, opt := range opts {
		switch opt := opt.(type) {
		case grpc.TrailerCallOption:
			*opt.TrailerAddr = metadataOf(info.ResponseTrailer())
		case grpc.HeaderCallOption:
			*opt.HeaderAddr = metadataOf(info.ResponseHeader())
		}
	}
	return statusOf(err)
}

// NewStream implements [grpc.ClientConnInterface].
func (c *wireConn) NewStream(ctx context.Context, _ *grpc.StreamDesc, method string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	ctx, info := c.begin(ctx)
	stream, err := c.client.CallClientStream(ctx, connect.Spec{Procedure: method, StreamType: connect.StreamTypeServer})
	return &wireStream{ctx: ctx, stream: stream, info: info}, statusOf(err)
}

// wireStream is a [grpc.ClientStream].
type wireStream struct {
	ctx    context.Context
	stream connect.ClientStream
	info   *connect.CallInfo
}

func (s *wireStream) Context() context.Context { return s.ctx }
func (s *wireStream) SendMsg(m any) error      { return statusOf(s.stream.Send(m)) }
func (s *wireStream) CloseSend() error         { return statusOf(s.stream.CloseSend()) }
func (s *wireStream) Trailer() metadata.MD     { return metadataOf(s.info.ResponseTrailer()) }

func (s *wireStream) Header() (metadata.MD, error) { return metadataOf(s.info.ResponseHeader()), nil }

func (s *wireStream) RecvMsg(m any) error {
	err := s.stream.Receive(m)
	if connect.CodeOf(err) == connect.CodeUnknown && errors.Is(err, io.EOF) {
		return io.EOF
	}
	return statusOf(err)
}

// statusOf returns an error of the library as one of gRPC.
func statusOf(err error) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*connect.Error](err)
	if !ok {
		return status.FromContextError(err).Err()
	}
	st := &spb.Status{Code: int32(e.Code()), Message: e.Message()}
	for _, detail := range e.Details() {
		st.Details = append(st.Details, connectproto.ErrorDetailToAny(detail))
	}
	return status.ErrorProto(st)
}

func metadataOf(h *connect.Header) metadata.MD {
	md := metadata.MD{}
	for name, values := range h.All() {
		md.Append(name, values...)
	}
	return md
}

// procedure posts a body to a procedure.
func (g *gateway) procedure(method, contentType, body string, header ...string) answer {
	g.t.Helper()
	return g.rest(http.MethodPost, method, body, append([]string{"Content-Type", contentType}, header...)...)
}

// enveloped is a message in an envelope.
func enveloped(flags byte, message string) string {
	n := len(message)
	return string([]byte{flags, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + message
}

// wantCode fails the test unless an error has a code and a reason.
func wantCode(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if status.Code(err) != code || reasonOf(err) != reason {
		t.Errorf("%v, reason %s; want %v %s", err, reasonOf(err), code, reason)
	}
}

// base64Message is a request of counter:get as the parameter of a GET, compressed if coding is gzip.
func base64Message(t *testing.T, coding string) string {
	t.Helper()
	message, err := proto.Marshal(&gatewayv1.QueryRequest{Path: "counter:get", ArgsJson: []byte(`{"name":"a"}`)})
	if err != nil {
		t.Fatal(err)
	}
	if coding == "gzip" {
		message = gzipped(message)
	}
	return base64URL(message)
}

func base64URL(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// gzipped returns data compressed.
func gzipped(data []byte) []byte {
	var text bytes.Buffer
	w := gzip.NewWriter(&text)
	_, _ = w.Write(data)
	_ = w.Close()
	return text.Bytes()
}
