package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"convexgateway/server/call"
)

// callStream is a stream with its call in the context. It counts messages and bytes, and keeps no message.
type callStream struct {
	grpc.ServerStream
	interceptor *callInterceptor
	call        *call.Call
	ctx         context.Context
	started     time.Time
	received    int    // bytes
	sent        int    // bytes
	format      Format // of the request
}

func (s *callStream) Context() context.Context { return s.ctx }

// SetContext replaces the context. Inner interceptors call it before the handler runs.
func (s *callStream) SetContext(ctx context.Context) { s.ctx = ctx }

func (s *callStream) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	s.received, s.format = sizeOf(m), formatOf(m)
	return s.interceptor.checkSize(s.received)
}

func (s *callStream) SendMsg(m any) error {
	s.call.Events++
	s.sent += sizeOf(m)
	return s.ServerStream.SendMsg(m)
}

// formatOf returns the format that a request asks for.
func formatOf(req any) Format {
	if r, ok := req.(FunctionRequest); ok {
		if format, err := parseFormat(r.GetValueFormat()); err == nil {
			return format
		}
	}
	return StructFormat
}

// Sized is a message that is not of protobuf. WireSize is about its size on the wire, in bytes.
type Sized interface{ WireSize() int }

// sizeOf is about a message's size on the wire, in bytes.
func sizeOf(message any) int {
	switch m := message.(type) {
	case Sized:
		return m.WireSize()
	case proto.Message:
		return proto.Size(m)
	}
	return 0
}
