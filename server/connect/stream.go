package connect

import (
	"context"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"convexgateway/server/rest"
	"convexgateway/server/rpc"
)

// serve returns the library's handler of a method.
func serve(handler grpc.StreamHandler, service any) connect.ServerFunc {
	return func(ctx context.Context, _ connect.Spec, stream connect.ServerStream) error {
		s := newServerStream(ctx, stream)
		return s.finish(handler(service, s))
	}
}

// serverStream is the library's stream as one of gRPC's. Its messages come one at a time, from any goroutine.
type serverStream struct {
	*request
	ctx    context.Context
	stream connect.ServerStream
	info   *connect.CallInfo
}

func newServerStream(ctx context.Context, stream connect.ServerStream) *serverStream {
	s := &serverStream{request: requestFrom(ctx), ctx: ctx, stream: stream}
	s.info, _ = connect.CallInfoForServerContext(ctx)
	if s.streams {
		s.OpenResponse = rest.NewOpenResponse(s.ResponseWriter, s.keepOpen)
	}
	return s
}

// Context implements [grpc.ServerStream].
func (s *serverStream) Context() context.Context { return s.ctx }

// SetContext implements [rpc.InProcessStream].
func (s *serverStream) SetContext(ctx context.Context) { s.ctx = ctx }

// RecvMsg implements [grpc.ServerStream]. There is one message. The time until headers are sent begins when it has been read.
func (s *serverStream) RecvMsg(m any) error {
	if s.compressed != "" && s.compressed != connect.CompressionNameGzip {
		return status.Errorf(codes.Unimplemented, "there is no compression %.40q", s.compressed)
	}
	err := s.receive(m)
	s.decoded()
	if err != nil {
		return receiveError(err)
	}
	if s.streams {
		rest.SetHeartbeat(m)
		s.StartTimer()
	}
	return nil
}

// receive receives the message. Of a stream it does so on a goroutine of its own, because a stack that has grown to decode it stays large.
func (s *serverStream) receive(m any) error {
	if s.streams {
		return s.Apart(func() error { return s.stream.Receive(m) })
	}
	return s.stream.Receive(m)
}

// keepOpen sends the headers of a stream without an event. Later the RPC sends heartbeats.
func (s *serverStream) keepOpen(first bool) error {
	if first {
		return s.written(s.stream.SendHeaders())
	}
	return nil
}

// SetHeader implements [grpc.ServerStream]. Call it before the message is received.
func (s *serverStream) SetHeader(md metadata.MD) error {
	add(s.info.ResponseHeader(), md)
	return nil
}

// SendHeader implements [grpc.ServerStream].
func (s *serverStream) SendHeader(md metadata.MD) error {
	if !s.streams {
		return s.SetHeader(md)
	}
	if _, err := s.Begin(); err != nil {
		return err
	}
	add(s.info.ResponseHeader(), md)
	return s.End(s.written(s.stream.SendHeaders()))
}

// SetTrailer implements [grpc.ServerStream].
func (s *serverStream) SetTrailer(md metadata.MD) { add(s.info.ResponseTrailer(), md) }

func add(h *connect.Header, md metadata.MD) {
	for name, values := range md {
		for _, value := range values {
			h.Add(name, value)
		}
	}
}

// SendMsg implements [grpc.ServerStream]: the message has been written when it returns.
func (s *serverStream) SendMsg(m any) error {
	if !s.streams {
		return s.sendAnswer(m)
	}
	frame, err := frameOf(s.codec, m)
	if err != nil {
		return err
	}
	first, err := s.Begin()
	switch {
	case err != nil:
		return err
	case first: // with the headers
		return s.End(s.Apart(func() error { return s.send(m) }))
	case frame != nil:
		return s.End(s.sendFrame(frame))
	}
	return s.End(s.send(m))
}

// sendFrame sends an event in its envelope past the library, which would copy it for each stream, and write it in two parts, each a chunk of
// HTTP/1.1.
func (s *serverStream) sendFrame(frame []byte) error {
	_, err := s.Write(frame)
	s.Flush()
	return s.written(err)
}

func (s *serverStream) send(m any) error { return s.written(s.stream.Send(m)) }

// written returns the error of a write, which the library does not have if it is of the flush.
func (s *serverStream) written(err error) error {
	if s.failed != nil {
		return s.failed
	}
	return err
}

// sendAnswer sends the response of a unary call, which is held until it has been written.
func (s *serverStream) sendAnswer(m any) error {
	part := s.call.Hold.Part(rpc.SizeOf(m))
	defer part.Close()
	if err := s.tag(m); err != nil || s.notModified {
		return err
	}
	if err := s.send(m); s.failed == nil {
		return err
	}
	return context.Canceled // the client has gone, or does not read
}

// finish ends the stream, and returns the error as the library sends it.
func (s *serverStream) finish(err error) error {
	if s.streams {
		s.Finish()
	}
	switch {
	case err != nil:
		st := status.Convert(err)
		if !s.streams && !s.enveloped {
			rest.SetErrorHeaders(s.Header(), st)
		}
		return errorOf(st)
	case s.notModified:
		return connecthttp.NewNotModifiedError()
	}
	return nil
}
