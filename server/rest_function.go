package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// Over REST arguments and results are JSON on both sides of the gateway, so they pass as the text that they are, while
// google.protobuf.Struct and Value would be a detour of many times the cost.

// functionMessage is a request of the contract that names a function.
type functionMessage interface {
	functionRequest
	proto.Message
}

func newMessage[M any, PtrM interface {
	*M
	functionMessage
}]() functionMessage {
	return PtrM(new(M))
}

// function serves Query, Mutate or Action.
func (f *restFace) function(kind convex.Kind, method string, blank func() functionMessage) runtime.HandlerFunc {
	read := func(r *http.Request) (any, error) { return readFunctionRequest(r, blank()) }
	return f.unary(method, read, func(ctx context.Context, req any) (*textAnswer, error) {
		result, inv, err := f.functions.run(ctx, kind, req.(functionRequest))
		if err != nil {
			return nil, err
		}
		return newTextAnswer(result, inv.lane, kind, exchangeFrom(ctx).get)
	})
}

// readFunctionRequest reads a request from the body, or from the query parameters of a GET.
func readFunctionRequest(r *http.Request, m functionMessage) (functionRequest, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	if r.Method == http.MethodGet {
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return nil, call.InvalidRequest(err.Error())
		}
		return functionParameters(values, m)
	}
	return functionBody(body, m)
}

// functionBody reads a request from proto JSON, as itself if it can, into a message otherwise.
func functionBody(body []byte, m functionMessage) (functionRequest, error) {
	if req := parseTextRequest(body); req != nil {
		return req, nil
	}
	return m, readMessage(body, m)
}

// functionParameters reads a request from query parameters in the same two ways.
func functionParameters(values url.Values, m functionMessage) (functionRequest, error) {
	path, args := values["path"], values["args"]
	if len(values) == 2 && len(path) == 1 && len(args) == 1 && args[0] != "" {
		if canonical, err := convex.CanonicalArguments([]byte(args[0])); err == nil {
			return &textRequest{path: path[0], args: canonical, size: len(path[0]) + len(args[0])}, nil
		}
	}
	return m, readParameters(values, m)
}

// textRequest is a request whose arguments have stayed JSON text.
type textRequest struct {
	path   string
	args   []byte // canonical
	format gatewayv1.ValueFormat
	size   int // of the text that it was read from
}

// As the messages of the contract have it.
func (r *textRequest) GetPath() string                       { return r.path }
func (r *textRequest) GetArgs() *structpb.Struct             { return nil }
func (r *textRequest) GetArgsJson() []byte                   { return r.args } //nolint:revive // as generated
func (r *textRequest) GetValueFormat() gatewayv1.ValueFormat { return r.format }

func (r *textRequest) canonicalArgs() []byte { return r.args }
func (r *textRequest) wireSize() int         { return r.size }

// parseTextRequest reads the usual request, and only what protojson takes as well: {"path", "args", "valueFormat"}, each once
// at most, with arguments that nothing is wrong with. It returns nil for all others, which protojson is left to judge.
func parseTextRequest(body []byte) *textRequest {
	p := textParser{Scanner: jsonscan.NewScanner(body), textRequest: textRequest{size: len(body)}}
	if p.Fields(p.field) != nil || !p.AtEnd() {
		return nil
	}
	args, err := convex.CanonicalArguments(p.args)
	if err != nil {
		return nil
	}
	p.args = args
	return &p.textRequest
}

type textParser struct {
	jsonscan.Scanner
	textRequest
	seen [3]bool // path, args, valueFormat
}

var errUnusual = errors.New("not the usual request")

func (p *textParser) field(name []byte) error {
	switch string(name) {
	case "path":
		return p.once(0, p.readPath)
	case "args":
		return p.once(1, p.readArgs)
	case "valueFormat", "value_format":
		return p.once(2, p.readFormat)
	}
	return errUnusual
}

// once reads a field unless it is null, which is as good as none.
func (p *textParser) once(field int, read func() error) error {
	if p.seen[field] {
		return errUnusual
	}
	p.seen[field] = true
	if p.Peek() == 'n' {
		return p.Literal("null")
	}
	return read()
}

func (p *textParser) readPath() error {
	path, err := p.Text()
	p.path = string(path)
	return err
}

func (p *textParser) readArgs() (err error) {
	p.args, err = p.Raw()
	return err
}

func (p *textParser) readFormat() error {
	name, err := p.Text()
	number, known := gatewayv1.ValueFormat_value[string(name)]
	if err == nil && !known {
		return errUnusual
	}
	p.format = gatewayv1.ValueFormat(number)
	return err
}
