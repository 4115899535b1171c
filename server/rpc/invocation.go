package rpc

import (
	"bytes"
	"fmt"

	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// FunctionRequest is what every request that names a function has.
type FunctionRequest interface {
	GetPath() string
	GetArgs() *structpb.Struct
	GetArgsJson() []byte
	GetValueFormat() gatewayv1.ValueFormat
}

// Invocation is a checked functionRequest: nothing in it can hurt a socket that it shares with others.
type Invocation struct {
	Path   convex.Path
	Args   []byte // canonical
	Format Format
}

func ParseInvocation(req FunctionRequest, canonical bool) (Invocation, error) {
	path, err := convex.ParsePath(req.GetPath())
	if err != nil {
		return Invocation{}, err
	}
	args, err := parseArgs(req, canonical)
	if err != nil {
		return Invocation{}, err
	}
	lane, err := parseFormat(req.GetValueFormat())
	return Invocation{Path: path, Args: args, Format: lane}, err
}

// parseArgs takes the arguments from whichever lane they came in.
func parseArgs(req FunctionRequest, canonical bool) ([]byte, error) {
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

// Format is how a caller wants values.
type Format int

const (
	StructFormat Format = iota
	JSONFormat
)

func parseFormat(format gatewayv1.ValueFormat) (Format, error) {
	switch format {
	case gatewayv1.ValueFormat_VALUE_FORMAT_UNSPECIFIED, gatewayv1.ValueFormat_VALUE_FORMAT_STRUCT:
		return StructFormat, nil
	case gatewayv1.ValueFormat_VALUE_FORMAT_JSON:
		return JSONFormat, nil
	}
	return 0, call.InvalidField("value_format", fmt.Sprintf("%d is not a format", format))
}
