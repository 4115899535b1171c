package deployment

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/serde"
)

// functionRequest is the part of a body that names a function and its arguments.
type functionRequest struct {
	path   string
	args   json.RawMessage
	format *string
}

// bodyType is what a body is read as. Its name is part of error texts.
type bodyType struct {
	name     string
	fields   serde.Fields
	required []string
}

// body reads the request's body.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, badBody("Expected request with `Content-Type: application/json`")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBody))
	if err != nil {
		return nil, badBody("Failed to buffer the request body: length limit exceeded")
	}
	return body, nil
}

// decode reads a body.
func (t bodyType) decode(body []byte) error {
	r := serde.NewReader(body)
	err := r.Struct(t.name, t.fields, t.required...)
	if err == nil {
		err = r.End()
	}
	if wrong, ok := errors.AsType[*serde.Error](err); ok {
		head := "Failed to deserialize the JSON body into the target type: "
		if wrong.Syntax {
			head = "Failed to parse the request body as JSON: "
		}
		return badBody(head + wrong.WithPath())
	}
	return err
}

// withoutPath is the body of a request whose URL names the function.
func (f *functionRequest) withoutPath() bodyType {
	return bodyType{"UdfPostRequestArgsOnly", serde.Fields{
		"args":   func(r *serde.Reader) error { return r.Raw(&f.args) },
		"format": func(r *serde.Reader) error { return r.OptionalString(&f.format) },
	}, []string{"args"}}
}

// withPath is the body of the other requests.
func (f *functionRequest) withPath() bodyType {
	t := f.withoutPath()
	t.name, t.required = "UdfPostRequest", []string{"path", "args"}
	t.fields["path"] = func(r *serde.Reader) error { return r.String(&f.path) }
	return t
}

// with adds a field.
func (t bodyType) with(name string, read func(*serde.Reader) error, required ...string) bodyType {
	t.fields[name] = read
	t.required = append(t.required, required...)
	return t
}

// arguments are the list of arguments: what is no array is the only one.
func (f functionRequest) arguments() json.RawMessage {
	if f.args[0] == '[' {
		return f.args
	}
	return json.RawMessage("[" + string(f.args) + "]")
}

func badBody(message string) error { return call.NewBadRequest("BadJsonBody", message) }

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	subtype, ok := strings.CutPrefix(media, "application/")
	return err == nil && ok && (subtype == "json" || strings.HasSuffix(subtype, "+json") && subtype != "+json")
}
