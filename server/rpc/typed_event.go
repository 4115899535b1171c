package rpc

import (
	"errors"
	"sync"

	"google.golang.org/protobuf/proto"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/protovalue"
	"convexgateway/server/typed"
)

// wireValue is a result's value as a field of an event: of a SubscribeResponse in the Struct lane, or of a typed event.
type wireValue struct {
	typed    *typed.Method // nil: the Struct lane
	logLines []string      // of the result, which typed events have beside the value
	metrics  *callMetrics

	once  sync.Once // makes what follows
	bytes []byte
	err   error
}

// wireKey is the key of a result's value on the wire; nil is that of the Struct lane.
type wireKey struct{ typed *typed.Method }

func (w *wireValue) encoded(value []byte) ([]byte, error) {
	w.once.Do(func() {
		if w.typed == nil {
			w.bytes, w.err = protovalue.AppendField(nil, subscribeValueField, value)
			return
		}
		w.bytes, w.err = w.typedEvent(value)
	})
	return w.bytes, w.err
}

// typedEvent returns a value as typed events have it; one that does not fit is an error of the function, as the stream goes on.
func (w *wireValue) typedEvent(value []byte) ([]byte, error) {
	wire, unknown, err := w.typed.AppendEvent(nil, typed.Result{Value: value, LogLines: w.logLines})
	w.metrics.transcoded(unknown, err)
	if mismatch, ok := errors.AsType[*call.ResultError](err); ok {
		p := call.ProblemOf(mismatch)
		return proto.Marshal(&gatewayv1.SubscribeResponse{Event: &gatewayv1.SubscribeResponse_FunctionError{FunctionError: &gatewayv1.FunctionError{
			Message: p.Message, Reason: p.Reason, Code: int32(p.Code), LogLines: w.logLines,
		}}})
	}
	return wire, err
}
