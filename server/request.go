package server

import (
	"bytes"
	"fmt"

	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// functionRequest is what every request that names a function has.
type functionRequest interface {
	GetPath() string
	GetArgs() *structpb.Struct
	GetArgsJson() []byte
	GetValueFormat() gatewayv1.ValueFormat
}

// invocation is a checked functionRequest: nothing in it can hurt a socket that it shares with others.
type invocation struct {
	path convex.Path
	args []byte // canonical
	lane lane
}

func parseInvocation(req functionRequest, canonical bool) (invocation, error) {
	path, err := convex.ParsePath(req.GetPath())
	if err != nil {
		return invocation{}, err
	}
	args, err := parseArgs(req, canonical)
	if err != nil {
		return invocation{}, err
	}
	lane, err := parseLane(req.GetValueFormat())
	return invocation{path: path, args: args, lane: lane}, err
}

// parseArgs takes the arguments from whichever lane they came in.
func parseArgs(req functionRequest, canonical bool) ([]byte, error) {
	text := req.GetArgsJson()
	switch {
	case canonical:
		return text, nil
	case req.GetArgs() == nil && len(text) == 0:
		return convex.CanonicalArguments(nil)
	case req.GetArgs() == nil:
		args, err := convex.CanonicalArguments(bytes.TrimSpace(text))
		return args, within("args_json", err)
	case len(text) > 0:
		return nil, call.InvalidField("args_json", "must not be set together with args")
	}
	text, err := appendStruct(make([]byte, 0, 256), req.GetArgs())
	if err != nil {
		return nil, within("args", err)
	}
	args, err := convex.CanonicalArguments(text)
	return args, within("args", err)
}

// lane is how a caller wants values.
type lane int

const (
	structLane lane = iota
	jsonLane
)

func parseLane(format gatewayv1.ValueFormat) (lane, error) {
	switch format {
	case gatewayv1.ValueFormat_VALUE_FORMAT_UNSPECIFIED, gatewayv1.ValueFormat_VALUE_FORMAT_STRUCT:
		return structLane, nil
	case gatewayv1.ValueFormat_VALUE_FORMAT_JSON:
		return jsonLane, nil
	}
	return 0, call.InvalidField("value_format", fmt.Sprintf("%d is not a format", format))
}
