package deployment

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

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
	c = &functionCall{d: d, http: r, requestID: cmp.Or(r.Header.Get("Convex-Request-Id"), newRequestID())}
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

var errBadDeployKey = &serverError{forbidden, "BadDeployKey", "The provided deploy key was invalid for this deployment. " +
	"Double check that the environment this key was generated for matches the desired deployment."}

// prepare authenticates the caller. The call still lacks what to run.
func (c *functionCall) prepare() (call, error) {
	identity, err := c.d.verifier.verify(c.http.Context(), c.credential)
	return call{identity: identity, requestID: c.requestID, generation: c.d.db.Generation()}, err
}

// serveCheckAdminKey is GET /api/check_admin_key. No operations listed means that all are allowed.
func (d *Deployment) serveCheckAdminKey(w http.ResponseWriter, r *http.Request) {
	c, err := credentialOf(r)
	var identity *Identity
	if err == nil {
		identity, err = d.verifier.verify(r.Context(), c)
	}
	if err == nil && !identity.isAdmin() {
		err = errBadDeployKey
	}
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, []byte(`{"allowedOps":[],"isReadOnly":false,"success":true}`))
}

// runOfAnyKind runs a function of whatever kind it is. An internal one exists only for an admin who acts as nobody
// (get-convex/convex-backend crates/application/src/lib.rs any_udf).
func (c *functionCall) runOfAnyKind(run call, request functionRequest, otherwise valueFormat) ([]byte, error) {
	path, err := parseFunctionPath(request.path)
	if err != nil {
		return nil, err
	}
	f, ok := c.d.runner.function(path)
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
	return c.d.runner.run(c.http.Context(), run)
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

func parseFunctionPath(text string) (convex.Path, error) {
	path, err := convex.ParsePath(text)
	if err != nil {
		return path, errBadRequest("BadConvexFunctionIdentifier", text+" is not a valid path to a Convex function. "+err.Error())
	}
	return path, nil
}
