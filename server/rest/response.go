package rest

import (
	"context"
	"encoding/base64"
	"net/http"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"convexgateway/convex/jsonscan"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/protovalue"
)

// Results stay text over REST: the RPC's handler puts a result's JSON into value_json, and it is written as it is.

// functionResponse is the response of Query, Mutate or Action.
type functionResponse interface {
	proto.Message
	GetValueJson() []byte
	GetLogLines() []string
}

// textResponse is a functionResponse whose value_json is written as value.
type textResponse struct{ functionResponse }

// notModified is the response if the caller has the value already.
type notModified struct{}

// rewrite selects how the marshaler writes a response, by its type. It is a [runtime.ForwardResponseRewriter].
func rewrite(ctx context.Context, resp proto.Message) (any, error) {
	r, ok := resp.(functionResponse)
	switch {
	case ok && exchangeFrom(ctx).notModified:
		return notModified{}, nil
	case ok && call.From(ctx).TextValue:
		return textResponse{r}, nil
	}
	return resp, nil
}

// tagResponse gives the response to a GET its ETag, and the status 304 if the caller has that value. It is a forward-response
// option of grpc-gateway.
func tagResponse(ctx context.Context, w http.ResponseWriter, resp proto.Message) error {
	x := exchangeFrom(ctx)
	if _, query := resp.(*gatewayv1.QueryResponse); !query || !x.get {
		return nil
	}
	tag, err := ValueTag(x.call.Result.Value)
	if err != nil {
		return err
	}
	h := w.Header()
	SetTag(h, tag)
	if x.notModified = x.matches(tag); x.notModified {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
	}
	return nil
}

// SetTag sets the headers of a response that its caller may keep, and has to ask for again.
func SetTag(h http.Header, tag string) {
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Authorization")
}

// MarshalJSON writes a message of the contract as proto JSON, on one line. text is set if a function's value_json is written as its value.
func MarshalJSON(m proto.Message, text bool) ([]byte, error) {
	if r, ok := m.(functionResponse); ok {
		return appendFunctionResponse(r, text)
	}
	return marshalJSON(m)
}

// appendFunctionResponse writes a response as proto JSON, with the value as text or as base64. Names, texts and their order in
// the value stay as the deployment sent them.
func appendFunctionResponse(r functionResponse, text bool) (body []byte, err error) {
	value := r.GetValueJson()
	if text {
		body = make([]byte, 0, len(value)+64)
		body, err = jsonscan.AppendCompact(append(body, `{"value":`...), value, protovalue.MaxDepth)
	} else {
		body = make([]byte, 0, base64.StdEncoding.EncodedLen(len(value))+64)
		body = base64.StdEncoding.AppendEncode(append(body, `{"valueJson":"`...), value)
		body = append(body, '"')
	}
	if err != nil {
		return nil, err
	}
	body = appendLogLines(body, r.GetLogLines())
	if m, ok := r.(interface{ GetCommitTime() *timestamppb.Timestamp }); ok && m.GetCommitTime() != nil {
		at, err := marshalJSON(m.GetCommitTime())
		if err != nil {
			return nil, err
		}
		body = append(append(body, `,"commitTime":`...), at...)
	}
	return escapeSeparators(append(body, '}')), nil
}

func appendLogLines(body []byte, lines []string) []byte {
	for i, line := range lines {
		separator := `,`
		if i == 0 {
			separator = `,"logLines":[`
		}
		body = jsonscan.AppendString(append(body, separator...), line)
	}
	if len(lines) > 0 {
		body = append(body, ']')
	}
	return body
}
