package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/typed"
)

// TypedMethod returns the method of an app's contract that has a full name, nil if there is none. Package contract has it.
type TypedMethod func(fullMethod string) *typed.Method

// find is the same; nil finds none.
func (t TypedMethod) find(fullMethod string) *typed.Method {
	if t == nil {
		return nil
	}
	return t(fullMethod)
}

// TypedHandler returns the handler of a method of the app's contract. Its stream gives requests to a *[RawMessage], and takes responses
// as a *RawMessage and events as an *Event. It runs behind the interceptors of all calls.
func (s *Services) TypedHandler(m *typed.Method) grpc.StreamHandler {
	return func(_ any, stream grpc.ServerStream) error {
		if m.Stream {
			return s.functions.subscribeTyped(m, stream)
		}
		return runUnary(stream, func(ctx context.Context) (any, error) { return s.functions.callTyped(ctx, m, stream.RecvMsg) })
	}
}

// RawMessage is a message in its wire form.
type RawMessage struct {
	Wire      []byte
	Heartbeat time.Duration // of the request of a stream that asks for none itself; 0: none
}

// WireSize implements [Sized].
func (m *RawMessage) WireSize() int { return len(m.Wire) }

// callTyped runs a function once, by a method of the app's contract.
func (s *functionService) callTyped(ctx context.Context, m *typed.Method, receive func(any) error) (*RawMessage, error) {
	request := &RawMessage{}
	if err := receive(request); err != nil {
		return nil, err
	}
	c := call.From(ctx)
	c.Path = m.Path.String()
	if m.Gone {
		return nil, convex.NoFunction(c.Path)
	}
	args, err := m.Arguments(request.Wire, c.Hold.Take)
	if err != nil {
		return nil, err
	}
	generic, err := genericRequest(ctx, m, args)
	if err != nil {
		return nil, err
	}
	c.ArgsCanonical = true
	result, _, err := s.run(ctx, m.Kind, generic)
	if err != nil {
		return nil, err
	}
	take := c.Hold.Take
	if m.Kind != convex.Query { // it has run, and that must not be denied
		take = nil
	}
	wire, unknown, err := m.AppendResponse(make([]byte, 0, minAnswer), typed.Result{
		Value: result.Value, LogLines: result.LogLines, CommitTime: timeOf(result.Timestamp),
	}, take)
	s.metrics.transcoded(unknown, err)
	return &RawMessage{Wire: wire}, err
}

// Metadata of typed calls, for what generic requests have as fields.
const (
	anonymousHeader   = "x-anonymous"
	minReadTimeHeader = "min-read-time"
)

// genericRequest returns the request of the gateway's own service that a typed call is.
func genericRequest(ctx context.Context, m *typed.Method, args []byte) (FunctionRequest, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	anonymous, err := anonymousOf(md)
	if err != nil {
		return nil, err
	}
	if anonymous && m.Kind != convex.Query {
		return nil, call.InvalidField(anonymousHeader, "is for queries only")
	}
	path := m.Path.String()
	switch m.Kind {
	case convex.Mutation:
		return &gatewayv1.MutateRequest{Path: path, ArgsJson: args}, nil
	case convex.Action:
		return &gatewayv1.ActionRequest{Path: path, ArgsJson: args}, refuseRequestID(ctx)
	}
	_, err = minReadTime(md) // it reads at the newest time
	return &gatewayv1.QueryRequest{Path: path, ArgsJson: args, Anonymous: anonymous}, err
}

// anonymousOf reports whether the metadata asks for a query without the caller's identity.
func anonymousOf(md metadata.MD) (bool, error) {
	values := md.Get(anonymousHeader)
	if len(values) == 0 {
		return false, nil
	}
	if len(values) > 1 || values[0] != "true" && values[0] != "false" {
		return false, call.InvalidField(anonymousHeader, "must be true or false, once")
	}
	return values[0] == "true", nil
}

// minReadTime returns the time that the metadata asks for; nil: none.
func minReadTime(md metadata.MD) (*timestamppb.Timestamp, error) {
	values := md.Get(minReadTimeHeader)
	if len(values) == 0 {
		return nil, nil
	}
	t, err := time.Parse(time.RFC3339Nano, values[0])
	if err != nil || len(values) > 1 {
		return nil, call.InvalidField(minReadTimeHeader, "must be one time as in RFC 3339, 2026-01-02T03:04:05.678901234Z")
	}
	stamp := timestamppb.New(t)
	_, err = parseTime(minReadTimeHeader, stamp)
	return stamp, err
}

// subscribeTyped streams a query's results, by a method of the app's contract.
func (s *functionService) subscribeTyped(m *typed.Method, stream grpc.ServerStream) error {
	sink, err := s.openTyped(m, stream)
	if err != nil {
		return err
	}
	return sink.Run()
}

// openTyped opens a stream. It is apart from subscribeTyped so that its frame is not on the stack on which the stream waits.
func (s *functionService) openTyped(m *typed.Method, stream grpc.ServerStream) (*subscribeSink, error) {
	request := &RawMessage{}
	if err := stream.RecvMsg(request); err != nil {
		return nil, err
	}
	c := call.From(stream.Context())
	c.Path = m.Path.String()
	if m.Gone {
		return nil, convex.NoFunction(c.Path)
	}
	taken := 0
	args, options, err := m.Subscription(request.Wire, func(n int) error { // what it has beside the request is garbage at once
		err := c.Hold.Take(n)
		if err == nil {
			taken += n
		}
		return err
	})
	c.Hold.Give(taken)
	if err != nil {
		return nil, err
	}
	md, _ := metadata.FromIncomingContext(stream.Context())
	anonymous, err := anonymousOf(md)
	if err != nil {
		return nil, err
	}
	if options.Heartbeat == nil && request.Heartbeat > 0 {
		options.Heartbeat = durationpb.New(request.Heartbeat)
	}
	return s.openInvocation(&gatewayv1.SubscribeRequest{
		Path: c.Path, ArgsJson: args, ResumeToken: options.GetResumeToken(), RefreshKey: options.GetRefreshKey(),
		Heartbeat: options.GetHeartbeat(), MinReadTime: options.GetMinReadTime(), Anonymous: options.GetAnonymous() || anonymous,
	}, Invocation{Path: m.Path, Args: args, typed: m}, stream)
}
