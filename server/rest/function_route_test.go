package rest

import (
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"convexgateway/convex"
	"convexgateway/server/contract"
	"convexgateway/server/openapi/functions"
)

// A request of a function's own route is one of a generic route, with the function's path, or is refused; others stay as they are.
func FuzzToGeneric(f *testing.F) {
	c, err := contract.Open(contract.Options{Files: os.DirFS("../../examples/convex-app/api"), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		f.Fatal(err)
	}
	h := &Handler{Options: Options{Contract: c}}
	f.Add("GET", "/v1/functions/messages/list", "args=%7B%7D", "text/event-stream")
	f.Add("POST", "/v1/functions/messages/send", "", "")
	f.Add("POST", "/v1/functions/messages.js/send", "path=x", "")
	f.Add("HEAD", "/v1/functions/../users/me", "%zz", "*/*")
	f.Add("PUT", "/v1/query", "path=users:me", "")
	f.Fuzz(func(t *testing.T, method, path, query, accept string) {
		r := &http.Request{Method: method, URL: &url.URL{Path: path, RawQuery: query}, Header: http.Header{"Accept": {accept}}}
		generic, function, err := h.toGeneric(r)
		if err != nil || function == "" {
			if generic != r {
				t.Errorf("%s %s became %s", method, path, generic.URL)
			}
			return
		}
		p, err := convex.ParsePath(function)
		if err != nil || path != functions.Root+"/"+p.Module()+"/"+p.Function() || c.API().Function(p) == nil {
			t.Fatalf("%s is taken as %s", path, function)
		}
		parameters, err := url.ParseQuery(generic.URL.RawQuery)
		if paths := parameters["path"]; err != nil || method == http.MethodPost && paths != nil || method != http.MethodPost && strings.Join(paths, ",") != function {
			t.Errorf("%s %s?%s became %s", method, path, query, generic.URL)
		}
		switch route := generic.URL.Path; {
		case route == subscribeRoute && c.API().Function(p).Kind == convex.Query:
		case route == genericRoutes[c.API().Function(p).Kind]:
		default:
			t.Errorf("%s became %s", path, route)
		}
		if r.URL.Path != path || r.URL.RawQuery != query {
			t.Error("the request itself has changed")
		}
	})
}
