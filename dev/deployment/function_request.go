package deployment

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"convexgateway/dev/deployment/call"
)

// functionRequest is the part of a body that names a function and its arguments.
type functionRequest struct {
	path   string
	args   json.RawMessage // an array
	format *string
}

func readFields(w http.ResponseWriter, r *http.Request) (map[string]json.RawMessage, error) {
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, badBody("Expected request with `Content-Type: application/json`")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBody))
	if err != nil {
		return nil, badBody("Failed to buffer the request body: length limit exceeded")
	}
	return parseFields(body)
}

func parseFields(body []byte) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage // not a struct, which would accept `Path` for `path`
	if !utf8.Valid(body) || json.Unmarshal(body, &fields) != nil {
		return nil, badBody("Failed to parse the request body as JSON")
	}
	return fields, nil
}

func readFunctionRequest(fields map[string]json.RawMessage) (functionRequest, error) {
	path, err := optionalString(fields, "path")
	if err != nil {
		return functionRequest{}, err
	}
	if path == nil {
		return functionRequest{}, missingField(fields, "path")
	}
	request, err := readRequestWithoutPath(fields)
	request.path = *path
	return request, err
}

func readRequestWithoutPath(fields map[string]json.RawMessage) (request functionRequest, err error) {
	args := fields["args"]
	if args == nil {
		return functionRequest{}, missingField(fields, "args")
	}
	if request.format, err = optionalString(fields, "format"); err != nil {
		return functionRequest{}, err
	}
	if args[0] != '[' {
		args = json.RawMessage("[" + string(args) + "]")
	}
	request.args = args
	return request, nil
}

// optionalString is nil if the field is absent or null.
func optionalString(fields map[string]json.RawMessage, name string) (text *string, err error) {
	if value := fields[name]; value != nil && json.Unmarshal(value, &text) != nil {
		return nil, badField(name + ": expected a string")
	}
	return text, nil
}

func missingField(fields map[string]json.RawMessage, name string) error {
	if fields[name] != nil {
		return badField(name + ": expected a string")
	}
	return badField("missing field `" + name + "`")
}

func badField(problem string) error {
	return badBody("Failed to deserialize the JSON body into the target type: " + problem)
}

func badBody(message string) error { return call.NewBadRequest("BadJsonBody", message) }

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	subtype, ok := strings.CutPrefix(media, "application/")
	return err == nil && ok && (subtype == "json" || strings.HasSuffix(subtype, "+json"))
}
