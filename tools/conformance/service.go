package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"convexgateway/server/call"
)

const (
	readHeaderTimeout = 10 * time.Second
	defaultLimit      = 16 << 20 // bytes of a message
)

// serviceDesc is ConformanceService, as far as the gateway offers its kinds of methods; what it does not name is not implemented.
var serviceDesc = grpc.ServiceDesc{
	ServiceName: suite + ".ConformanceService",
	Streams: []grpc.StreamDesc{
		{StreamName: "Unary", Handler: unary("Unary")},
		{StreamName: "IdempotentUnary", Handler: unary("IdempotentUnary")},
		{StreamName: "ServerStream", Handler: serverStream, ServerStreams: true},
	},
}

// interceptors give errors of the adapter, which the gateway's own table has, the codes that the suite wants.
var interceptors = []grpc.StreamServerInterceptor{
	func(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		err := handler(srv, stream)
		refused, ok := errors.AsType[*call.RequestError](err)
		switch {
		case ok && refused.Reason == "REQUEST_TOO_LARGE": // INVALID_ARGUMENT in the gateway, because to send it again is no use
			return status.Error(codes.ResourceExhausted, refused.Text)
		case ok:
			return status.Error(refused.Code, refused.Text)
		case errors.Is(err, context.Canceled):
			return status.FromContextError(err).Err()
		}
		return err
	},
}

// header is a Header in JSON.
type header struct {
	Name  string   `json:"name"`
	Value []string `json:"value"`
}

func headersOf(values map[string][]string) (list []header) {
	for name, v := range values {
		list = append(list, header{name, v})
	}
	return list
}

func metadataOf(headers []header) metadata.MD {
	md := metadata.MD{}
	for _, h := range headers {
		md.Append(h.Name, h.Value...)
	}
	return md
}

// definition is a UnaryResponseDefinition in JSON, or a StreamResponseDefinition, whose data is a list.
type definition[Data any] struct {
	Headers  []header `json:"responseHeaders"`
	Trailers []header `json:"responseTrailers"`
	Data     Data     `json:"responseData"`
	Delay    int      `json:"responseDelayMs"`
	Error    *failure `json:"error"`
}

// receive receives a request. It returns what is asked for, and what was received, as a RequestInfo in JSON.
func receive[Data any](stream grpc.ServerStream, method string) (d definition[Data], info map[string]any, err error) {
	req := newMessage(method + "Request")
	if err := stream.RecvMsg(req); err != nil {
		return d, nil, err
	}
	var asked struct {
		Definition definition[Data] `json:"responseDefinition"`
	}
	if err := dump(req, &asked); err != nil {
		return d, nil, err
	}
	info, err = requestInfo(stream.Context(), req)
	return asked.Definition, info, err
}

// wait waits for the delay, as the suite says, also beyond the call's deadline: a response at that very moment might reach the client in part.
func (d definition[Data]) wait() {
	<-time.NewTimer(time.Duration(d.Delay) * time.Millisecond).C
}

// failure is an Error in JSON.
type failure struct {
	Code    code              `json:"code"`
	Message string            `json:"message"`
	Details []json.RawMessage `json:"details"`
}

// code is a Code in JSON. Its numbers are those of gRPC.
type code codes.Code

// UnmarshalJSON implements [json.Unmarshaler].
func (c *code) UnmarshalJSON(text []byte) error {
	number, err := enumNumber(text)
	*c = code(number)
	return err
}

// status returns the failure with further details.
func (f *failure) status(more ...proto.Message) error {
	st := &spb.Status{Code: int32(f.Code), Message: f.Message}
	for _, text := range f.Details {
		detail := &anypb.Any{}
		if err := protojson.Unmarshal(text, detail); err != nil {
			return err
		}
		st.Details = append(st.Details, detail)
	}
	for _, m := range more {
		detail, err := anypb.New(m)
		if err != nil {
			return err
		}
		st.Details = append(st.Details, detail)
	}
	return status.ErrorProto(st)
}

// requestInfo returns what was received, as a RequestInfo in JSON.
func requestInfo(ctx context.Context, req proto.Message) (map[string]any, error) {
	wrapped, err := anypb.New(req)
	if err != nil {
		return nil, err
	}
	text, err := protojson.Marshal(wrapped)
	if err != nil {
		return nil, err
	}
	md, _ := metadata.FromIncomingContext(ctx)
	info := map[string]any{"requestHeaders": headersOf(md), "requests": []json.RawMessage{text}}
	if deadline, ok := ctx.Deadline(); ok {
		info["timeoutMs"] = time.Until(deadline).Milliseconds()
	}
	if query, _ := ctx.Value(queryKey{}).(url.Values); query != nil {
		info["connectGetInfo"] = map[string]any{"queryParams": headersOf(query)}
	}
	return info, nil
}

type queryKey struct{}

// withQuery returns a context that has the query parameters of a GET.
func withQuery(ctx context.Context, r *http.Request) context.Context {
	if r.Method != http.MethodGet {
		return ctx
	}
	return context.WithValue(ctx, queryKey{}, r.URL.Query())
}

// infoMessage returns a RequestInfo.
func infoMessage(info map[string]any) (proto.Message, error) {
	m := newMessage("ConformancePayload.RequestInfo")
	return m, fill(m, info)
}

// unary returns the handler of a unary method.
func unary(method string) grpc.StreamHandler {
	return func(_ any, stream grpc.ServerStream) error {
		d, info, err := receive[json.RawMessage](stream, method)
		if err != nil {
			return err
		}
		_ = stream.SetHeader(metadataOf(d.Headers))
		stream.SetTrailer(metadataOf(d.Trailers))
		d.wait()
		if d.Error != nil {
			m, err := infoMessage(info)
			if err != nil {
				return err
			}
			return d.Error.status(m)
		}
		return send(stream, method, d.Data, info)
	}
}

// send sends a response with a payload. info is nil if it has no RequestInfo.
func send(stream grpc.ServerStream, method string, data json.RawMessage, info map[string]any) error {
	payload := map[string]any{}
	if data != nil {
		payload["data"] = data
	}
	if info != nil {
		payload["requestInfo"] = info
	}
	resp := newMessage(method + "Response")
	if err := fill(resp, map[string]any{"payload": payload}); err != nil {
		return err
	}
	return stream.SendMsg(resp)
}

func serverStream(_ any, stream grpc.ServerStream) error {
	d, info, err := receive[[]json.RawMessage](stream, "ServerStream")
	if err != nil {
		return err
	}
	stream.SetTrailer(metadataOf(d.Trailers))
	sendHeader := stream.SetHeader
	if len(d.Data) > 0 {
		sendHeader = stream.SendHeader // at once
	}
	if err := sendHeader(metadataOf(d.Headers)); err != nil {
		return err
	}
	for i, data := range d.Data {
		d.wait()
		sent := info
		if i > 0 {
			sent = nil
		}
		if err := send(stream, "ServerStream", data, sent); err != nil {
			return err
		}
	}
	switch {
	case d.Error == nil:
		return nil
	case len(d.Data) > 0:
		return d.Error.status()
	}
	m, err := infoMessage(info)
	if err != nil {
		return err
	}
	return d.Error.status(m)
}
