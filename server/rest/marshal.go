package rest

import (
	"errors"
	"io"
	"net/url"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/proto"
)

// jsonMarshaler reads and writes the bodies of grpc-gateway's handlers as proto JSON. Arguments and results stay text.
type jsonMarshaler struct{}

var errNotRead = errors.New("the marshaler reads request bodies only")

// ContentType implements [runtime.Marshaler].
func (jsonMarshaler) ContentType(any) string { return "application/json" }

// Marshal implements [runtime.Marshaler] for what rewrite returns.
func (jsonMarshaler) Marshal(v any) ([]byte, error) {
	switch v := v.(type) {
	case notModified:
		return nil, nil
	case textResponse:
		return appendFunctionResponse(v.functionResponse, true)
	case functionResponse:
		return appendFunctionResponse(v, false)
	}
	return marshalJSON(v.(proto.Message))
}

// NewDecoder implements [runtime.Marshaler]. The body is read later, by the call, behind its interceptors.
func (jsonMarshaler) NewDecoder(r io.Reader) runtime.Decoder {
	r.(*requestBody).deferred = true
	return runtime.DecoderFunc(func(any) error { return nil })
}

// Unmarshal implements [runtime.Marshaler].
func (jsonMarshaler) Unmarshal([]byte, any) error { return errNotRead }

// NewEncoder implements [runtime.Marshaler].
func (m jsonMarshaler) NewEncoder(w io.Writer) runtime.Encoder {
	return runtime.EncoderFunc(func(v any) error {
		text, err := m.Marshal(v)
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	})
}

// queryParser reads the query parameters of grpc-gateway's handlers: every parameter is a field, args is JSON text.
type queryParser struct{}

// Parse implements [runtime.QueryParameterParser].
func (queryParser) Parse(m proto.Message, values url.Values, _ *utilities.DoubleArray) error {
	return readParametersInto(values, m)
}

// grpc-gateway has one query parser for the whole process, which its options for a mux set as well. It is set here, once, because
// two handlers that set it could race with requests.
func init() { runtime.SetQueryParameterParser(queryParser{})(nil) }
