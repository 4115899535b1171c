package rest

import (
	"bytes"
	"errors"
	"net/url"

	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call/limit"
)

// Arguments are JSON on both sides of the gateway, so they stay text: the way over google.protobuf.Struct costs many times as
// much.

// textRequest is the request of a function with its arguments as text.
type textRequest struct {
	path   string
	args   []byte // canonical
	format gatewayv1.ValueFormat

	anonymous    bool
	forQueryOnly bool // anonymous was given, which requests of other kinds do not have
}

// fill copies the request into the message of an RPC. It reports false if the message is not the request of a function.
func (r *textRequest) fill(m proto.Message) bool {
	if _, isQuery := m.(*gatewayv1.QueryRequest); r.forQueryOnly && !isQuery {
		return false
	}
	switch m := m.(type) {
	case *gatewayv1.QueryRequest:
		m.Path, m.ArgsJson, m.ValueFormat, m.Anonymous = r.path, r.args, r.format, r.anonymous
	case *gatewayv1.MutateRequest:
		m.Path, m.ArgsJson, m.ValueFormat = r.path, r.args, r.format
	case *gatewayv1.ActionRequest:
		m.Path, m.ArgsJson, m.ValueFormat = r.path, r.args, r.format
	default:
		return false
	}
	return true
}

// ReadJSON reads proto JSON into a message, as [reader.readInto] does. Unknown fields are ignored.
func ReadJSON(body []byte, m proto.Message, hold *limit.Hold) (canonical bool, err error) {
	return reader{DiscardUnknown: true}.readInto(body, m, hold)
}

// readInto reads a body into a message: the usual request of a function as text, any other by protojson. It reports whether args_json is
// canonical. It takes what the message needs from the budget. The message may share the body's bytes.
func (r reader) readInto(body []byte, m proto.Message, hold *limit.Hold) (canonical bool, err error) {
	if err := hold.Take(textCopies * len(body)); err != nil {
		return false, err
	}
	if t := parseTextRequest(body); t != nil && t.fill(m) {
		return true, nil
	}
	if err := hold.Take(valuesIn(body) * valueSize); err != nil {
		return false, err
	}
	if set, ok := m.(*gatewayv1.WatchSetRequest); ok {
		if w := parseWatchBody(body); w != nil {
			return false, w.read(r, set)
		}
	}
	return false, r.read(body, m)
}

const (
	textCopies = 2   // of arguments besides the body: in canonical form, and in the request to the deployment
	valueSize  = 128 // bytes of memory of a value that protojson has read, without its text
)

// valuesIn returns about how many values a JSON text has.
func valuesIn(text []byte) (n int) {
	for _, before := range []string{"[", "{", ",", ":"} {
		n += bytes.Count(text, []byte(before))
	}
	return n
}

// readParametersInto reads query parameters into a message in the same two ways.
func readParametersInto(values url.Values, m proto.Message) error {
	path, args := values["path"], values["args"]
	if len(values) == 2 && len(path) == 1 && len(args) == 1 && args[0] != "" {
		canonical, err := convex.CanonicalArguments([]byte(args[0]))
		if err == nil && (&textRequest{path: path[0], args: canonical}).fill(m) {
			return nil
		}
	}
	return readParameters(values, m)
}

// parseTextRequest reads the usual request: {"path", "args", "valueFormat", "anonymous"}, each at most once, with valid arguments. protojson
// accepts all of these as well. It returns nil for others, which protojson reads or refuses.
func parseTextRequest(body []byte) *textRequest {
	p := textParser{Scanner: jsonscan.NewScanner(body)}
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

// textParser reads a textRequest, field by field.
type textParser struct {
	jsonscan.Scanner
	textRequest
	seen [4]bool // path, args, valueFormat, anonymous
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
	case "anonymous":
		p.forQueryOnly = true
		return p.once(3, p.readAnonymous)
	}
	return errUnusual
}

// once reads a field for the first time. null is the same as no field.
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

func (p *textParser) readAnonymous() error {
	if p.Peek() != 't' {
		return p.Literal("false")
	}
	p.anonymous = true
	return p.Literal("true")
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
