package server

import (
	"context"
	"encoding/json"
	"mime"
	"net"
	"net/http"

	"google.golang.org/grpc/codes"

	"convexgateway/server/call"
	"convexgateway/server/console"
)

// consolePage serves the console. What the page does goes over /v1/ like any client's calls.
type consolePage struct {
	grpcAddr func() string // of gRPC, host:port
	// token signs a user in by name; its errors are shown to the user. nil: users bring tokens.
	token func(ctx context.Context, user string) (string, error)
}

func (p consolePage) routes() []Route {
	routes := []Route{{"GET", "/", p.file}, {"GET", "/console/{name}", p.file}}
	if p.token != nil {
		routes = append(routes, Route{"POST", "/console/token", p.signIn})
	}
	return routes
}

// file is GET / and GET /console/{name}.
func (p consolePage) file(w http.ResponseWriter, r *http.Request, params map[string]string) error {
	name, named := params["name"]
	switch {
	case !named:
		console.ServeAsset(w, r, console.Index)
	case name == "settings.json":
		p.settings(w)
	case !console.ServeAsset(w, r, name):
		return call.ErrNoRoute
	}
	return nil
}

// settings are what the page cannot find out by itself.
func (p consolePage) settings(w http.ResponseWriter) {
	host, port, _ := net.SplitHostPort(p.grpcAddr())
	if net.ParseIP(host).IsUnspecified() {
		host = "" // that of the page
	}
	writeConsoleJSON(w, struct {
		GRPCHost string `json:"grpcHost"`
		GRPCPort string `json:"grpcPort"`
		Users    bool   `json:"users"` // POST /console/token exists
	}{host, port, p.token != nil})
}

// signIn is POST /console/token, which signs the page's user in.
func (p consolePage) signIn(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
	if err := checkOwnPage(r); err != nil {
		return err
	}
	var sent struct {
		User string `json:"user"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&sent); err != nil {
		return call.InvalidBody(err)
	}
	token, err := p.token(r.Context(), sent.User)
	if err != nil {
		return call.InvalidBody(err)
	}
	writeConsoleJSON(w, map[string]string{"token": token})
	return nil
}

var crossOrigin = http.NewCrossOriginProtection()

// checkOwnPage refuses what a page of another site sent, or could have sent without asking the browser first.
func checkOwnPage(r *http.Request) error {
	if err := crossOrigin.Check(r); err != nil {
		return &call.RequestError{Code: codes.PermissionDenied, Reason: "CROSS_SITE", Text: "the request comes from another site's page"}
	}
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return call.InvalidRequest("Content-Type: must be application/json")
	}
	return nil
}

func writeConsoleJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_ = json.NewEncoder(w).Encode(v)
}
