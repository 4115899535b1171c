package rpc

import (
	"context"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/protobuf/proto"

	"convexgateway/server/call"
)

// callStream is the stream of a call, with the call in its context. It counts messages and bytes, and keeps no message.
type callStream struct {
	grpc.ServerStream
	unary       bool // one message each way
	single      bool // one message to the server
	events      int  // sent, if it is not unary
	sent        atomic.Int64
	interceptor *callInterceptor
	call        *call.Call
	ctx         context.Context
	receiver    *receiver // nil until a message is read, and for calls by the HTTP handler
	maxMessage  int       // bytes of a message that is read
	started     time.Time
	format      Format // of the request
}

func (s *callStream) Context() context.Context { return s.ctx }

// SetContext replaces the context. Inner interceptors call it before the handler runs.
func (s *callStream) SetContext(ctx context.Context) { s.ctx = ctx }

func (s *callStream) RecvMsg(m any) error {
	if err := s.receive(m); err != nil {
		return err
	}
	s.call.Received, s.format = SizeOf(m), formatOf(m)
	return nil
}

func (s *callStream) receive(m any) (err error) {
	if s.call.Protocol != call.GRPC {
		return s.ServerStream.RecvMsg(m)
	}
	if s.receiver == nil {
		if s.receiver, err = receiverOf(s.ctx, s.maxMessage, s.unary, s.single); err != nil {
			return err
		}
	}
	err = s.receiver.receive(m)
	s.call.Received = s.receiver.read
	return err
}

func (s *callStream) SendMsg(m any) error {
	size := SizeOf(m)
	s.sent.Add(int64(size))
	if !s.unary {
		s.events++
		return s.ServerStream.SendMsg(m)
	}
	if !isMessage(m) || s.call.Protocol != call.GRPC {
		return s.ServerStream.SendMsg(m)
	}
	_ = grpc.SetSendCompressor(s.ctx, encoding.Identity) // grpc-go frees the message when it has compressed it, not when it is sent
	a := newAnswer(m, size, s.call.Hold, s.interceptor.closing(s.ctx))
	err := s.ServerStream.SendMsg(a)
	if err != nil {
		a.close()
	}
	return err
}

// isMessage reports whether a response is one of protobuf, or the wire form of one.
func isMessage(m any) bool {
	switch m.(type) {
	case proto.Message, *RawMessage:
		return true
	}
	return false
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

// SizeOf is about a message's size on the wire, in bytes.
func SizeOf(message any) int {
	switch m := message.(type) {
	case Sized:
		return m.WireSize()
	case proto.Message:
		return proto.Size(m)
	}
	return 0
}
