package rest

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"google.golang.org/protobuf/proto"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
	"convexgateway/convex/spec"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/call/limit"
	"convexgateway/server/contract"
	"convexgateway/server/openapi/functions"
)

// Each function of the app's contract has a route of its own, functions.Root/{module}/{function}, whose body is the function's arguments.
// A request of such a route is handled as one of the generic route of the function's kind, so that all else is the same.

// genericRoutes are the routes of functions by their kind.
var genericRoutes = map[convex.Kind]string{convex.Query: "/v1/query", convex.Mutation: "/v1/mutate", convex.Action: "/v1/action"}

// toGeneric returns the request of a generic route that one of a function's own route is handled as, and the function's path. Other requests
// it returns as they are, with an empty path. An error is the response, which is due after the checks of all requests.
func (h *Handler) toGeneric(r *http.Request) (*http.Request, string, error) {
	text, own := strings.CutPrefix(r.URL.Path, functions.Root+"/")
	api := h.Contract.API()
	if !own || api == nil {
		return r, "", nil
	}
	f, err := functionOf(api, text)
	if err == nil {
		err = checkFunctionMethod(f.Kind, r.Method)
	}
	if err == nil {
		err = checkFunctionParameters(r.Method, r.URL.RawQuery)
	}
	if err != nil {
		return r, "", err
	}
	generic := *r
	generic.URL = genericURL(r, f)
	return &generic, f.Path.String(), nil
}

// functionOf returns the function of a route's end. A route has one form, so that the path rules of a proxy hold.
func functionOf(api *contract.API, text string) (*spec.Function, error) {
	slash := strings.LastIndexByte(text, '/')
	if slash < 0 {
		return nil, convex.NoFunction(text)
	}
	path, err := convex.ParsePath(text[:slash] + ":" + text[slash+1:])
	if err != nil {
		return nil, err
	}
	f := api.Function(path)
	if f == nil || text != path.Module()+"/"+path.Function() {
		return nil, convex.NoFunction(path.String())
	}
	return f, nil
}

// checkFunctionMethod refuses methods that the routes of a kind do not have.
func checkFunctionMethod(kind convex.Kind, method string) error {
	switch {
	case method == http.MethodPost:
		return nil
	case kind != convex.Query:
		return noMethod(http.MethodPost)
	case method == http.MethodGet || method == http.MethodHead:
		return nil
	}
	return noMethod("GET, HEAD, POST")
}

// genericURL returns the URL that a request of a function's own route has as a generic one: that of the function's kind, or of the stream of a
// query. The function's path is a parameter of it, unless the request has a body.
func genericURL(r *http.Request, f *spec.Function) *url.URL {
	target := &url.URL{Path: genericRoutes[f.Kind], RawQuery: r.URL.RawQuery}
	if f.Kind == convex.Query && r.Method != http.MethodHead && acceptsEvents(r.Header) {
		target.Path = subscribeRoute
	}
	if r.Method != http.MethodPost {
		target.RawQuery = strings.TrimSuffix("path="+url.QueryEscape(f.Path.String())+"&"+r.URL.RawQuery, "&")
	}
	return target
}

// checkFunctionParameters refuses the query parameters of generic routes that a function's own route does not have: its path has the
// function's, its arguments and answers are in one form, and the arguments of a POST are its body.
func checkFunctionParameters(method, rawQuery string) error {
	if rawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return call.InvalidRequest(err.Error())
	}
	for _, name := range []string{"path", "argsJson", "args_json", "valueFormat", "value_format", "args"} {
		if query.Has(name) && (name != "args" || method == http.MethodPost) {
			return badParameter(name, "is unknown")
		}
	}
	return nil
}

// readFunctionBody reads the body of a function's own route into the request of its generic one.
func readFunctionBody(body []byte, path string, m proto.Message, hold *limit.Hold) error {
	if err := hold.Take(textCopies * len(body)); err != nil {
		return err
	}
	args, err := functionArguments(body)
	if err != nil {
		return err
	}
	if subscribe, ok := m.(*gatewayv1.SubscribeRequest); ok {
		subscribe.Path, subscribe.ArgsJson = path, args
		return nil
	}
	(&textRequest{path: path, args: args}).fill(m)
	return nil
}

// readRawParameters reads the query parameters of a POST of a query's own route.
func readRawParameters(rawQuery string, m proto.Message) error {
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return call.InvalidRequest(err.Error())
	}
	return readParameters(query, m)
}

// functionArguments returns the arguments that a body is, in canonical form. An empty one is none.
func functionArguments(body []byte) ([]byte, error) {
	args, err := convex.CanonicalArguments(bytes.TrimSpace(body))
	e, ok := errors.AsType[*convex.ValueError](err)
	if ok && e.Path == "" && (e.Reason == jsonscan.ErrSyntax.Error() || e.Reason == jsonscan.ErrUnexpectedEnd.Error()) {
		return nil, call.InvalidRequest("the body is not JSON")
	}
	return args, err
}

// serveSpec is GET /v1/functions.
func (h *Handler) serveSpec(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
	api := h.Contract.API()
	if api == nil || h.HideContract {
		return call.ErrNoRoute
	}
	serveJSON(w, r, api.SpecText)
	return nil
}

// serveJSON writes a document that changes seldom, unless the caller has it already.
func serveJSON(w http.ResponseWriter, r *http.Request, text []byte) {
	h, tag := w.Header(), weakTag(text)
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache")
	if exchangeFrom(r.Context()).matches(tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}
