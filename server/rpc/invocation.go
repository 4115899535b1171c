package rpc

import (
	"bytes"
	"fmt"

	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/protovalue"
	"convexgateway/server/typed"
)

// FunctionRequest is a request that names a function.
type FunctionRequest interface {
	GetPath() string
	GetArgs() *structpb.Struct
	GetArgsJson() []byte
	GetValueFormat() gatewayv1.ValueFormat
}

// Invocation is a checked FunctionRequest. Nothing in it makes the deployment close a socket that others share.
type Invocation struct {
	Path convex.Path
	Args []byte // canonical

	journals *journals // seals that of a page; nil for others
	Format   Format
	typed    *typed.Method // that the events are for; nil: they are of the gateway's own contract
	metrics  *callMetrics  // of typed events
}

// ParseInvocation checks a request. canonical reports that its args_json is canonical already.
func ParseInvocation(req FunctionRequest, canonical bool) (Invocation, error) {
	path, err := convex.ParsePath(req.GetPath())
	if err != nil {
		return Invocation{}, err
	}
	args, err := parseArgs(req, canonical)
	if err != nil {
		return Invocation{}, err
	}
	format, err := parseFormat(req.GetValueFormat())
	return Invocation{Path: path, Args: args, Format: format}, err
}

// parseArgs returns the canonical arguments, from args or args_json.
func parseArgs(req FunctionRequest, canonical bool) ([]byte, error) {
	text := req.GetArgsJson()
	switch {
	case canonical:
		return text, nil
	case req.GetArgs() == nil && len(text) == 0:
		return convex.CanonicalArguments(nil)
	case req.GetArgs() == nil:
		args, err := convex.CanonicalArguments(bytes.TrimSpace(text))
		return args, convex.Within("args_json", err)
	case len(text) > 0:
		return nil, call.InvalidField("args_json", "must not be set together with args")
	}
	text, err := protovalue.AppendStruct(make([]byte, 0, 256), req.GetArgs())
	if err != nil {
		return nil, convex.Within("args", err)
	}
	args, err := convex.CanonicalArguments(text)
	return args, convex.Within("args", err)
}

// Format is how values are encoded for a caller.
type Format uint8

const (
	StructFormat Format = iota // google.protobuf.Value: the Struct lane
	JSONFormat                 // JSON text: the JSON lane
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
