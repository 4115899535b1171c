package deployment

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"convexgateway/dev/deployment/app"
	"convexgateway/dev/deployment/call"
	"convexgateway/dev/deployment/credential"
	"convexgateway/dev/deployment/serde"
)

// functionCall is a request to an endpoint that runs functions, as far as it has been read. Endpoints and the order in which
// they check requests: get-convex/convex-backend crates/local_backend/src/public_api.rs.
type functionCall struct {
	d          *Deployment
	http       *http.Request
	credential credential.Credential
	client     call.ClientVersion
	requestID  string
	body       []byte
}

// serveCall reads the common parts of a request, answers with serve, and fails as planned.
func (d *Deployment) serveCall(serve func(*functionCall) ([]byte, error)) http.HandlerFunc {
	return d.failing(&d.faults.calls, func(w http.ResponseWriter, r *http.Request) {
		client, err := call.ClientVersionOf(r.Header)
		client.SetDeprecation(w.Header())
		if err != nil {
			withoutCORSHeaders(w.Header())
			call.WriteError(w, err)
			return
		}
		c, err := d.readCall(w, r, client)
		var body []byte
		if err == nil {
			body, err = serve(c)
		}
		if err != nil {
			call.WriteError(w, err)
			return
		}
		call.WriteJSON(w, http.StatusOK, body)
	})
}

func (d *Deployment) readCall(w http.ResponseWriter, r *http.Request, client call.ClientVersion) (c *functionCall, err error) {
	c = &functionCall{d: d, http: r, client: client, requestID: requestIDOf(r.Header)}
	if c.credential, err = credential.Of(r); err != nil {
		return nil, err
	}
	c.body, err = readBody(w, r)
	return c, err
}

// requestIDOf is the client's id, whatever it is, unless it has characters that a header's text must not have.
func requestIDOf(h http.Header) string {
	given, ok := h["Convex-Request-Id"]
	if !ok || strings.ContainsFunc(given[0], func(r rune) bool { return r < ' ' || r > '~' }) {
		return call.NewRequestID()
	}
	return given[0]
}

// named serves POST /api/query, /api/mutation and /api/action.
func named(kind call.Kind) func(*functionCall) ([]byte, error) {
	return func(c *functionCall) ([]byte, error) {
		var request functionRequest
		if err := request.withPath().decode(c.body); err != nil {
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
		run.Kind, run.Path, run.Args = kind, path, request.arguments()
		return c.runAndWrite(run, request.format, c.client.DefaultFormat())
	}
}

// anyKind serves POST /api/function, for admins.
func anyKind(c *functionCall) ([]byte, error) {
	var request functionRequest
	var component *string
	body := request.withPath().with("componentPath", func(r *serde.Reader) error { return r.OptionalString(&component) })
	if err := body.decode(c.body); err != nil {
		return nil, err
	}
	run, err := c.prepare()
	switch {
	case err != nil:
		return nil, err
	case !run.Identity.IsAdmin():
		return nil, errBadDeployKey
	case component != nil && *component != "":
		return nil, call.ErrInternal
	}
	return c.runOfAnyKind(run, request, c.client.DefaultFormat())
}

// byURL serves POST /api/run/messages/list.
func byURL(c *functionCall) ([]byte, error) {
	var request functionRequest
	if err := request.withoutPath().decode(c.body); err != nil {
		return nil, err
	}
	run, err := c.prepare()
	if err != nil {
		return nil, err
	}
	if request.path, err = pathInURL(c.http.URL.EscapedPath()); err != nil {
		return nil, err
	}
	return c.runOfAnyKind(run, request, call.Clean)
}

// pathInURL makes `messages:list` of /api/run/messages/list. The segments are percent-decoded one by one.
func pathInURL(escaped string) (string, error) {
	segments := strings.Split(strings.TrimPrefix(escaped, "/api/run/"), "/")
	for i, segment := range segments {
		var err error
		if segments[i], err = url.PathUnescape(segment); err != nil {
			segments[i] = segment
		}
		if !utf8.ValidString(segments[i]) {
			return "", call.NewBadRequest("BadPathArgs", "Invalid UTF-8 in `functionIdentifier`")
		}
	}
	last := len(segments) - 1
	if last < 1 {
		return "", errMissingIdentifier
	}
	return strings.Join(segments[:last], "/") + ":" + segments[last], nil
}

var errMissingIdentifier = call.NewBadRequest("MissingIdentifier",
	"Path or function name not provided in path, e.g. /api/run/messages/list")

var errBadDeployKey = call.NewError(call.Forbidden, "BadDeployKey", "The provided deploy key was invalid for this deployment. "+
	"Double check that the environment this key was generated for matches the desired deployment.")

// prepare authenticates the caller and returns a call without a function.
func (c *functionCall) prepare() (call.Call, error) {
	identity, err := c.d.verifier.Verify(c.http.Context(), c.credential)
	return call.Call{Identity: identity, RequestID: c.requestID, Generation: c.d.db.Generation()}, err
}

// serveCheckAdminKey is GET /api/check_admin_key. No operations listed means that all are allowed.
func (d *Deployment) serveCheckAdminKey(w http.ResponseWriter, r *http.Request) {
	if err := d.checkAdmin(r); err != nil {
		call.WriteError(w, err)
		return
	}
	call.WriteJSON(w, http.StatusOK, []byte(`{"success":true,"allowedOps":[],"isReadOnly":false}`))
}

// checkAdmin fails for a request without an admin key.
func (d *Deployment) checkAdmin(r *http.Request) error {
	c, err := credential.Of(r)
	if err != nil {
		return err
	}
	identity, err := d.verifier.Verify(r.Context(), c)
	if err == nil && !identity.IsAdmin() {
		return errBadDeployKey
	}
	return err
}

// runOfAnyKind runs a function of any kind. Only an admin who acts as nobody may call an internal one
// (get-convex/convex-backend crates/application/src/lib.rs any_udf).
func (c *functionCall) runOfAnyKind(run call.Call, request functionRequest, otherwise call.Format) ([]byte, error) {
	path, err := parseFunctionPath(request.path)
	if err != nil {
		return nil, err
	}
	if path.IsSystem() && !run.Identity.IsPlainAdmin() {
		return nil, call.NewError(call.Forbidden, "SystemIdentityRequired", "Operation get_module not permitted")
	}
	f, ok := c.d.runner.Function(path)
	if !ok || path.IsSystem() || !path.Runs() || f.Visibility == app.Internal && !run.Identity.IsPlainAdmin() {
		missing := call.Refusal("Could not find function for '%s'. Did you forget to run `npx convex dev`?", path)
		return c.write(call.Outcome{Failure: missing}, request.format, otherwise)
	}
	run.Kind, run.Path, run.Args = f.Kind, path, request.arguments()
	return c.runAndWrite(run, request.format, otherwise)
}

func (c *functionCall) runAndWrite(run call.Call, format *string, otherwise call.Format) ([]byte, error) {
	out, err := c.run(run)
	if err != nil {
		return nil, err
	}
	return c.write(out, format, otherwise)
}

func (c *functionCall) run(run call.Call) (call.Outcome, error) {
	c.d.stats.called(run.Kind, run.Path)
	return c.d.runner.Run(c.http.Context(), run)
}

// write makes the response. The format is checked last: a mutation with an unknown one has committed.
func (c *functionCall) write(out call.Outcome, format *string, otherwise call.Format) ([]byte, error) {
	as, err := formatOr(format, otherwise)
	if err != nil {
		return nil, err
	}
	return c.d.functionResponse(out, as, c.requestID)
}

func formatOr(format *string, otherwise call.Format) (call.Format, error) {
	if format == nil {
		return otherwise, nil
	}
	return call.ParseFormat(*format)
}

// functionResponse is the body of the response to a call that has an outcome.
func (d *Deployment) functionResponse(out call.Outcome, format call.Format, requestID string) ([]byte, error) {
	var response struct {
		Status       string          `json:"status"`
		Value        json.RawMessage `json:"value,omitempty"`
		ErrorMessage string          `json:"errorMessage,omitempty"`
		ErrorData    json.RawMessage `json:"errorData,omitempty"`
		LogLines     []string        `json:"logLines,omitempty"`
	}
	response.Status, response.LogLines = "success", out.LogLines
	if f := out.Failure; f != nil {
		response.Status, response.ErrorMessage = "error", f.Message(requestID, d.redacts())
		if f.HasData {
			response.ErrorData = format.Write(f.Data)
		}
	} else {
		response.Value = format.Write(out.Value)
	}
	return call.Marshal(response)
}

func parseFunctionPath(text string) (call.Path, error) {
	path, err := call.ParsePath(text)
	if err != nil {
		return path, call.NewBadRequest("BadConvexFunctionIdentifier", text+" is not a valid path to a Convex function. "+err.Error())
	}
	return path, nil
}
