package rpc

import (
	"strconv"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/protovalue"
)

// maxDetails bounds the details of a status in gRPC trailers: grpc-java cuts off metadata at 8 KiB, base64 included.
const maxDetails = 4 << 10

// maxHTTPDetails bounds them on the way to handlers whose bodies have all details.
const maxHTTPDetails = 32 << 20

// maxMessage bounds a status message, which travels beside the details and percent-encoded.
const maxMessage = 384

// Trailers that repeat the reason and the delay for clients without google.rpc types, and for the retries of gRPC libraries, which read
// pushbackTrailer alone: at -1 they end. Source: grpc/proposal A6-client-retries.md.
const (
	reasonTrailer     = "error-reason"
	retryAfterTrailer = "retry-after-ms"
	pushbackTrailer   = "grpc-retry-pushback-ms"
)

// functionErrorMessage returns a function's error as a message of the contract.
func functionErrorMessage(e *convex.FunctionError, format Format) *gatewayv1.FunctionError {
	p := call.FunctionProblem(e)
	m := &gatewayv1.FunctionError{Message: e.Message, LogLines: e.LogLines, Reason: p.Reason, Code: int32(p.Code)}
	if e.Data == nil {
		return m
	}
	if format == JSONFormat {
		m.DataJson = e.Data
		return m
	}
	data, err := protovalue.AppendField(nil, functionErrorDataField, e.Data)
	if err != nil {
		m.Truncated = true
		return m
	}
	m.ProtoReflect().SetUnknown(data)
	return m
}

// functionErrorDataField is FunctionError.data.
const functionErrorDataField = 2

// statusOf returns a problem as a status with details of limit bytes at most.
func statusOf(p call.Problem, format Format, limit int) *status.Status {
	if p.Function == nil {
		return cachedStatusOf(p)
	}
	return newStatus(p, func(used int) protoadapt.MessageV1 {
		return fitFunctionError(functionErrorMessage(p.Function, format), limit-used)
	})
}

// newStatus returns a problem as a status. last, unless it is nil, returns its last detail, beside others of so many bytes.
func newStatus(p call.Problem, last func(used int) protoadapt.MessageV1) *status.Status {
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: p.Reason, Domain: call.ErrorDomain, Metadata: metadataOf(p)}}
	if p.RetryAfter > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(p.RetryAfter)})
	}
	if p.Argument != nil {
		details = append(details, badRequest(p.Argument))
	}
	if last != nil {
		used := 0
		for _, d := range details {
			used += detailSize(d)
		}
		details = append(details, last(used))
	}
	message := call.CutText(strings.ToValidUTF8(p.Message, "\ufffd"), maxMessage) // parsers quote their input
	st, err := status.New(p.Code, message).WithDetails(details...)
	if err != nil { // a message that cannot be encoded
		return status.New(p.Code, message)
	}
	return st
}

// maxField bounds the name of a refused argument's field, which has names of the caller's.
const maxField = 512

// badRequest names the field of a refused argument.
func badRequest(e *call.ArgumentError) *errdetails.BadRequest {
	return &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
		{Field: call.CutText(e.Field, maxField), Description: call.CutText(e.Reason, maxMessage), Reason: "ARGUMENT_VALIDATION"},
	}}
}

// maxUpstreamID bounds the deployment's request id, which may be one that a caller chose.
const maxUpstreamID = 128

// metadataOf returns the id of the run that failed, by which the deployment's own log has it.
func metadataOf(p call.Problem) map[string]string {
	if p.Function == nil {
		return nil
	}
	id := p.Function.RequestID()
	if id == "" || len(id) > maxUpstreamID || !call.IsPrintable(id) {
		return nil
	}
	return map[string]string{"convex_request_id": id}
}

// HTTPStatus returns a problem as a status for the body of a response, with all details.
func HTTPStatus(p call.Problem) *status.Status { return statusOf(p, StructFormat, maxHTTPDetails) }

// anyOverhead is about what google.protobuf.Any adds to a detail: the type's URL and the lengths.
const anyOverhead = 64

func detailSize(m protoadapt.MessageV1) int {
	return proto.Size(protoadapt.MessageV2Of(m)) + anyOverhead
}

// fitFunctionError shortens a function's error to the limit: it drops the log lines, then the data, then a part of the text.
func fitFunctionError(m *gatewayv1.FunctionError, limit int) *gatewayv1.FunctionError {
	if detailSize(m) <= limit {
		return m
	}
	m.LogLines, m.Truncated = nil, true
	if detailSize(m) <= limit {
		return m
	}
	m.DataJson = nil
	m.ProtoReflect().SetUnknown(nil)
	if over := detailSize(m) - limit; over > 0 {
		m.Message = call.CutText(m.Message, max(0, len(m.Message)-over-8))
	}
	return m
}

// trailerOf returns the trailers that repeat reason and delay.
func trailerOf(reason string, retryAfter time.Duration) metadata.MD {
	md := metadata.MD{}
	if reason != "" {
		md.Set(reasonTrailer, reason)
	}
	pushback := "-1"
	if retryAfter > 0 {
		pushback = strconv.FormatInt(retryAfter.Milliseconds(), 10)
		md.Set(retryAfterTrailer, pushback)
	}
	md.Set(pushbackTrailer, pushback)
	return md
}

// StatusTrailer returns the trailers of a status of the gateway, from its details.
func StatusTrailer(st *status.Status) metadata.MD {
	var reason string
	var retryAfter time.Duration
	for _, detail := range st.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			reason = detail.GetReason()
		case *errdetails.RetryInfo:
			retryAfter = detail.GetRetryDelay().AsDuration()
		}
	}
	return trailerOf(reason, retryAfter)
}
