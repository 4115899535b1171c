package devdeploy

import (
	"cmp"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"convexgateway/convex"
)

// functionCall is a request to an endpoint that runs functions, as far as it has been read. Endpoints and the order in which
// they find faults: get-convex/convex-backend crates/local_backend/src/public_api.rs.
type functionCall struct {
	d          *Deployment
	http       *http.Request
	credential credential
	client     clientVersion
	requestID  string
	fields     map[string]json.RawMessage // of the body
}

// functionRequest is the part of a body that says what to run.
type functionRequest struct {
	path   string
	args   json.RawMessage // an array
	format *string
}

// serveCall reads what all endpoints have in common, answers, and fails as switches plan.
func (d *Deployment) serveCall(serve func(*functionCall) ([]byte, error)) http.HandlerFunc {
	return d.failing(&d.switches.calls, func(w http.ResponseWriter, r *http.Request) {
		call, err := d.readCall(w, r)
		var body []byte
		if err == nil {
			body, err = serve(call)
		}
		if err != nil {
			writeError(w, err)
			return
		}
		writeJSON(w, http.StatusOK, body)
	})
}

func (d *Deployment) readCall(w http.ResponseWriter, r *http.Request) (c *functionCall, err error) {
	c = &functionCall{d: d, http: r, requestID: cmp.Or(r.Header.Get("Convex-Request-Id"), randomHex(8))}
	if c.credential, err = credentialOf(r); err != nil {
		return nil, err
	}
	if c.client, err = clientVersionOf(r.Header); err != nil {
		return nil, err
	}
	c.fields, err = readFields(w, r)
	return c, err
}

// named serves POST /api/query, /api/mutation and /api/action.
func named(kind Kind) func(*functionCall) ([]byte, error) {
	return func(c *functionCall) ([]byte, error) {
		request, err := readFunctionRequest(c.fields)
		if err != nil {
			return nil, err
		}
		path, err := parseFunctionPath(request.path)
		if err != nil {
			return nil, err
		}
		run, err := c.prepare()
		if err != nil {
			return nil, err
		}
		run.kind, run.path, run.args = kind, path, request.args
		return c.runAndWrite(run, request.format, c.client.defaultFormat())
	}
}

// anyKind serves POST /api/function, for admins.
func anyKind(c *functionCall) ([]byte, error) {
	request, err := readFunctionRequest(c.fields)
	if err != nil {
		return nil, err
	}
	component, err := optionalString(c.fields, "componentPath")
	if err != nil {
		return nil, err
	}
	run, err := c.prepare()
	switch {
	case err != nil:
		return nil, err
	case !run.identity.isAdmin():
		return nil, errBadDeployKey
	case component != nil && *component != "":
		return nil, errBadRequest("ComponentPathNotFound", "There is no component "+*component)
	}
	return c.runOfAnyKind(run, request, c.client.defaultFormat())
}

// byURL serves POST /api/run/messages/list.
func byURL(c *functionCall) ([]byte, error) {
	request, err := readRequestWithoutPath(c.fields)
	if err != nil {
		return nil, err
	}
	run, err := c.prepare()
	if err != nil {
		return nil, err
	}
	if request.path, err = pathInURL(c.http.URL.EscapedPath()); err != nil {
		return nil, err
	}
	return c.runOfAnyKind(run, request, formatClean)
}

// pathInURL makes `messages:list` of /api/run/messages/list. The segments are percent-decoded one by one.
func pathInURL(escaped string) (string, error) {
	segments := strings.Split(strings.TrimPrefix(escaped, "/api/run/"), "/")
	for i, segment := range segments {
		var err error
		if segments[i], err = url.PathUnescape(segment); err != nil {
			return "", errMissingIdentifier
		}
	}
	last := len(segments) - 1
	if last < 1 {
		return "", errMissingIdentifier
	}
	return strings.Join(segments[:last], "/") + ":" + segments[last], nil
}

var errMissingIdentifier = errBadRequest("MissingIdentifier",
	"Path or function name not provided in path, e.g. /api/run/messages/list")

// prepare authenticates the caller. The call still lacks what to run.
func (c *functionCall) prepare() (call, error) {
	identity, err := c.d.authenticate(c.http.Context(), c.credential)
	return call{identity: identity, requestID: c.requestID, began: c.d.store.currentGeneration()}, err
}

// runOfAnyKind runs a function of whatever kind it is. An internal one exists only for an admin who acts as nobody
// (get-convex/convex-backend crates/application/src/lib.rs any_udf).
func (c *functionCall) runOfAnyKind(run call, request functionRequest, otherwise valueFormat) ([]byte, error) {
	path, err := parseFunctionPath(request.path)
	if err != nil {
		return nil, err
	}
	f, ok := c.d.functions[path]
	if !ok || f.Visibility == Internal && !run.identity.isPlainAdmin() {
		missing := refusal("Could not find function for '%s'. Did you forget to run `npx convex dev`?", path)
		return c.write(outcome{failure: missing}, request.format, otherwise)
	}
	run.kind, run.path, run.args = f.Kind, path, request.args
	return c.runAndWrite(run, request.format, otherwise)
}

func (c *functionCall) runAndWrite(run call, format *string, otherwise valueFormat) ([]byte, error) {
	out, err := c.run(run)
	if err != nil {
		return nil, err
	}
	return c.write(out, format, otherwise)
}

func (c *functionCall) run(run call) (outcome, error) {
	c.d.stats.called(run.kind, run.path)
	return c.d.run(c.http.Context(), run)
}

// write makes the response. The format is looked at only now: a mutation with a bad one has committed.
func (c *functionCall) write(out outcome, format *string, otherwise valueFormat) ([]byte, error) {
	as, err := formatOr(format, otherwise)
	if err != nil {
		return nil, err
	}
	return c.d.functionResponse(out, as, c.requestID)
}

func formatOr(format *string, otherwise valueFormat) (valueFormat, error) {
	if format == nil {
		return otherwise, nil
	}
	return parseFormat(*format)
}

// functionResponse is the body of every call that reached the function machinery, failed or not.
func (d *Deployment) functionResponse(out outcome, format valueFormat, requestID string) ([]byte, error) {
	var response struct {
		Status       string          `json:"status"`
		Value        json.RawMessage `json:"value,omitempty"`
		ErrorMessage string          `json:"errorMessage,omitempty"`
		ErrorData    json.RawMessage `json:"errorData,omitempty"`
		LogLines     []string        `json:"logLines,omitempty"`
	}
	response.Status, response.LogLines = "success", out.logs
	if f := out.failure; f != nil {
		response.Status, response.ErrorMessage = "error", f.message(requestID, d.redacts())
		if f.hasData {
			response.ErrorData = format.write(f.data)
		}
	} else {
		response.Value = format.write(out.value)
	}
	return marshal(response)
}

// marshal is json.Marshal that leaves <, > and & alone.
func marshal(value any) ([]byte, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return []byte(strings.TrimSuffix(b.String(), "\n")), err
}

func parseFunctionPath(text string) (convex.Path, error) {
	path, err := convex.ParsePath(text)
	if err != nil {
		return path, errBadRequest("BadConvexFunctionIdentifier", text+" is not a valid path to a Convex function. "+err.Error())
	}
	return path, nil
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
	var fields map[string]json.RawMessage // a struct would take `Path` for `path`
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

func badBody(message string) error { return errBadRequest("BadJsonBody", message) }

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	subtype, ok := strings.CutPrefix(media, "application/")
	return err == nil && ok && (subtype == "json" || strings.HasSuffix(subtype, "+json"))
}

func clientVersionOf(h http.Header) (clientVersion, error) {
	header := h.Get("Convex-Client")
	if header == "" {
		return clientVersion{}, nil
	}
	return parseClientVersion(header)
}
