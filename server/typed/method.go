package typed

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/protovalue"
	"convexgateway/server/typed/model"
)

// Numbers of fields of the gateway's own: of a twin's request, and of its events, which have those of SubscribeResponse.
const (
	requestArgs    = 1
	requestOptions = 2
	eventValue     = 1
)

// Method is an rpc of the contract. Safe for concurrent use.
type Method struct {
	Name   string // full, as in HTTP/2's path
	Path   convex.Path
	Kind   convex.Kind
	Stream bool // of a query's results
	Gone   bool // the app does not have the function any more

	rpc        protoreflect.MethodDescriptor
	args       *plan // nil: they are a google.protobuf.Struct
	value      planField
	logLines   protowire.Number
	commitTime protowire.Number // 0: the response has none
}

// newMethod compiles a method. Responses of twins are in their events.
func newMethod(f *model.File, m *model.Method) (*Method, error) {
	method := &Method{Name: f.FullName(m), Path: m.Path, Kind: m.Kind, Stream: m.Stream, Gone: m.Function == nil}
	if method.Gone {
		return method, nil
	}
	request, response := m.Request, m.Response
	if m.Stream {
		args, value := request.Field("args"), response.Field("value")
		if args.Number != requestArgs || request.Field("options").Number != requestOptions || !isEvent(response) {
			return nil, fmt.Errorf("%s has other numbers than those that the gateway gives to such requests and events", method.Name)
		}
		request, response = args.Message, value.Message
	}
	if request.Form == model.Object {
		if len(request.Fields) > maxFields {
			return nil, fmt.Errorf("%s has more than %d fields", request.Name, maxFields)
		}
		method.args = newPlan(request)
	}
	p := newPlan(response)
	method.value = p.fields[p.byName["value"]]
	method.logLines = protowire.Number(response.Field("logLines").Number)
	if f := response.Field("commitTime"); f != nil && !f.Gone {
		method.commitTime = protowire.Number(f.Number)
	}
	return method, nil
}

// isEvent reports whether the fields of a message have the numbers of SubscribeResponse.
func isEvent(m *model.Message) bool {
	fields := (&gatewayv1.SubscribeResponse{}).ProtoReflect().Descriptor().Fields()
	for _, f := range m.Fields {
		if !f.Gone && int(fields.ByJSONName(f.JSON).Number()) != f.Number {
			return false
		}
	}
	return true
}

// Arguments returns the arguments that the wire form of a request has, in canonical form. take is called with bytes of memory before
// much more than a few times the request's size is used; nil: there is no bound. Errors are *call.ArgumentError, *convex.ValueError, or
// take's.
func (m *Method) Arguments(wire []byte, take func(bytes int) error) ([]byte, error) {
	if m.args == nil {
		return untyped(wire, take)
	}
	d := decoder{dst: make([]byte, 0, 2*len(wire)+2*decodeRoom), take: take}
	if err := d.message(m.args, wire); err != nil {
		return nil, err
	}
	return convex.CanonicalArguments(d.dst)
}

// untyped returns arguments that are a Struct, in the field args.
func untyped(wire []byte, take func(bytes int) error) ([]byte, error) {
	if take != nil {
		n := 0
		protovalue.Fields(wire, func(_ protowire.Number, content []byte) { n += protovalue.CountStruct(content) })
		if err := take(n * protovalue.ValueSize); err != nil {
			return nil, err
		}
	}
	request := &gatewayv1.QueryRequest{}
	content := []byte(nil)
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		if n < 0 || number != requestArgs || kind != protowire.BytesType {
			return nil, errWire
		}
		part, size := protowire.ConsumeBytes(wire[n:])
		if size < 0 {
			return nil, errWire
		}
		content, wire = append(content, part...), wire[n+size:]
	}
	field := protowire.AppendTag(nil, queryArgs, protowire.BytesType)
	if err := proto.Unmarshal(protowire.AppendBytes(field, content), request); err != nil {
		return nil, errWire
	}
	text, err := protovalue.AppendStruct(nil, request.GetArgs())
	if err != nil {
		return nil, err
	}
	return convex.CanonicalArguments(text)
}

// queryArgs is QueryRequest.args.
const queryArgs = 2

// Subscription returns the arguments and the options of a twin's request.
func (m *Method) Subscription(wire []byte, take func(bytes int) error) ([]byte, *gatewayv1.SubscribeOptions, error) {
	var args, options []byte
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		if n < 0 {
			return nil, nil, errWire
		}
		if kind != protowire.BytesType || number != requestArgs && number != requestOptions {
			return nil, nil, &call.ArgumentError{Reason: fmt.Sprintf("the request has a field with the number %d, which is not in the contract", number)}
		}
		part, size := protowire.ConsumeBytes(wire[n:])
		if size < 0 {
			return nil, nil, errWire
		}
		if wire = wire[n+size:]; number == requestArgs {
			args = append(args, part...)
		} else {
			options = append(options, part...)
		}
	}
	o := &gatewayv1.SubscribeOptions{}
	if err := proto.Unmarshal(options, o); err != nil {
		return nil, nil, errWire
	}
	text, err := m.Arguments(args, take)
	return text, o, err
}

// Result is what a call of a function gives.
type Result struct {
	Value      []byte // JSON, as the deployment sent it
	LogLines   []string
	CommitTime *timestamppb.Timestamp // nil: unknown
}

// AppendResponse appends the wire form of a response, and returns how many fields of the result the contract does not have. They are left
// out. take is as for [protovalue.AppendBoundedField]. Errors are *call.ResultError for a result that does not fit the contract, and
// take's.
func (m *Method) AppendResponse(dst []byte, r Result, take func(bytes int) error) (wire []byte, unknown int, err error) {
	e := encoder{Transcoder: protovalue.NewTranscoder(dst, r.Value, take)}
	if err := m.appendResponse(&e, r); err != nil {
		return nil, e.unknown, err
	}
	return e.Dst, e.unknown, nil
}

// AppendEvent appends the wire form of a response as the value of an event. It is as AppendResponse.
func (m *Method) AppendEvent(dst []byte, r Result) (wire []byte, unknown int, err error) {
	e := encoder{Transcoder: protovalue.NewTranscoder(dst, r.Value, nil)}
	start := e.Open(eventValue)
	if err := m.appendResponse(&e, r); err != nil {
		return nil, e.unknown, err
	}
	e.Close(start)
	return e.Dst, e.unknown, nil
}

func (m *Method) appendResponse(e *encoder, r Result) error {
	if err := e.field(&m.value); err != nil {
		return resultError(err)
	}
	if !e.AtEnd() {
		return &call.ResultError{Reason: "is no JSON"}
	}
	for _, line := range r.LogLines {
		e.Tag(m.logLines, protowire.BytesType)
		e.Dst = protowire.AppendString(e.Dst, line)
	}
	if r.CommitTime == nil || m.commitTime == 0 {
		return nil
	}
	content, err := proto.Marshal(r.CommitTime)
	e.Tag(m.commitTime, protowire.BytesType)
	e.Dst = protowire.AppendBytes(e.Dst, content)
	return err
}

// API is the methods of a contract, as its files were when they were compiled. A nil one has none. Safe for concurrent use.
type API struct {
	methods map[string]*Method
	files   *Files
}

// Method returns the method of a full name, nil if there is none.
func (a *API) Method(name string) *Method {
	if a == nil {
		return nil
	}
	return a.methods[name]
}

// Names returns the full names of all methods, in order.
func (a *API) Names() []string { return slices.Sorted(maps.Keys(a.methods)) }

// resultError makes errors of the text errors of the result.
func resultError(err error) error {
	if _, ok := errors.AsType[*call.ResultError](err); ok {
		return err
	}
	for _, syntax := range syntaxErrors {
		if errors.Is(err, syntax) {
			return &call.ResultError{Reason: "is no JSON: " + err.Error()}
		}
	}
	return err
}
