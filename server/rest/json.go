package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"convexgateway/server/call"
)

// marshalJSON writes proto JSON without the random spaces that the library puts in.
func marshalJSON(m proto.Message) ([]byte, error) {
	text, err := protojson.Marshal(m)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Grow(len(text))
	err = json.Compact(&b, text)
	return escapeSeparators(b.Bytes()), err
}

// separators are the characters that some programs take for the end of a line, and that JSON allows in strings.
var separators = []struct{ text, escape []byte }{
	{[]byte("\u0085"), []byte(`\u0085`)}, {[]byte("\u2028"), []byte(`\u2028`)}, {[]byte("\u2029"), []byte(`\u2029`)},
}

// escapeSeparators escapes separators in JSON, so that its lines are the same for everyone who splits lines. The text itself is
// returned if it has none.
func escapeSeparators(text []byte) []byte {
	for _, s := range separators {
		if bytes.Contains(text, s.text) {
			text = bytes.ReplaceAll(text, s.text, s.escape)
		}
	}
	return text
}

// reader reads proto JSON. Its fields are options of protojson.
type reader protojson.UnmarshalOptions

// read reads a body. An empty body sets no field.
func (r reader) read(body []byte, into proto.Message) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if err := protojson.UnmarshalOptions(r).Unmarshal(body, into); err != nil {
		if e := valueError(body); e != nil {
			return e
		}
		return call.InvalidBody(err)
	}
	return nil
}

// readParameters reads query parameters as top-level fields of a request, and refuses unknown ones by name. args and
// value_format are read as in a JSON body.
func readParameters(values url.Values, into proto.Message) error {
	fields := into.ProtoReflect().Descriptor().Fields()
	for name, list := range values {
		field := fields.ByTextName(name)
		if field == nil {
			field = fields.ByJSONName(name)
		}
		switch {
		case field == nil:
			return badParameter(fmt.Sprintf("%.100s", name), "is unknown")
		case len(list) != 1:
			return badParameter(name, "must be given once")
		}
		if field.Name() == "args" && isNone(list[0]) {
			continue
		}
		if err := runtime.PopulateFieldFromPath(into, string(field.Name()), list[0]); err != nil {
			if e := fieldError(string(field.Name()), []byte(list[0])); e != nil {
				return e
			}
			return call.InvalidBody(fmt.Errorf("query parameter %q: %w", name, err))
		}
	}
	return nil
}

// isNone reports whether a parameter's JSON is the same as no parameter: nothing, or null as in a body.
func isNone(text string) bool {
	text = strings.TrimSpace(text)
	return text == "" || text == "null"
}

func badParameter(name, why string) error {
	return call.InvalidRequest(fmt.Sprintf("query parameter %q %s", name, why))
}
