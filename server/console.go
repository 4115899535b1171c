package server

import (
	"encoding/json"
	"mime"
	"net"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"

	"convexgateway/server/call"
	"convexgateway/server/console"
)

// consoleRoutes are those of the console page. They exist if it is on; what the page then does goes over /v1/ like any
// client's calls.
func (f *restFace) consoleRoutes() map[endpoint]runtime.HandlerFunc {
	cfg := f.server.cfg
	if !cfg.Console {
		return nil
	}
	routes := map[endpoint]runtime.HandlerFunc{ // of which no two may match the same path: they are added in any order
		{"GET", "/"}:               f.consoleFile,
		{"GET", "/console/{name}"}: f.consoleFile,
	}
	if cfg.ConsoleTokens != nil {
		routes[endpoint{"POST", "/console/token"}] = f.consoleToken
	}
	return routes
}

// consoleFile is GET / and GET /console/{name}.
func (f *restFace) consoleFile(w http.ResponseWriter, r *http.Request, params map[string]string) {
	name, named := params["name"]
	switch {
	case !named:
		console.ServeAsset(w, r, console.Index)
	case name == "settings.json":
		f.consoleSettings(w)
	case !console.ServeAsset(w, r, name):
		f.routingError(r.Context(), f.mux, nil, w, r, http.StatusNotFound)
	}
}

// consoleSettings tells the page what it cannot know by itself.
func (f *restFace) consoleSettings(w http.ResponseWriter) {
	host, port, _ := net.SplitHostPort(f.server.GRPCAddr())
	if net.ParseIP(host).IsUnspecified() {
		host = "" // that of the page
	}
	writeConsoleJSON(w, struct {
		GRPCHost string `json:"grpcHost"`
		GRPCPort string `json:"grpcPort"`
		Users    bool   `json:"users"` // POST /console/token exists
	}{host, port, f.server.cfg.ConsoleTokens != nil})
}

// consoleToken is POST /console/token, which signs the page's user in.
func (f *restFace) consoleToken(w http.ResponseWriter, r *http.Request, _ map[string]string) {
	token, err := f.mintConsoleToken(r)
	if err != nil {
		f.refuse(w, r, err)
		return
	}
	writeConsoleJSON(w, map[string]string{"token": token})
}

func (f *restFace) mintConsoleToken(r *http.Request) (string, error) {
	if err := checkOwnPage(r); err != nil {
		return "", err
	}
	var sent struct {
		User string `json:"user"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&sent); err != nil {
		return "", invalidBody(err)
	}
	token, err := f.server.cfg.ConsoleTokens(r.Context(), sent.User)
	if err != nil {
		return "", invalidBody(err)
	}
	return token, nil
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
