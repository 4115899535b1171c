package console

import (
	"context"
	"encoding/json"
	"mime"
	"net"
	"net/http"

	"google.golang.org/grpc/codes"

	"convexgateway/server/call"
)

// Page serves the console. Its methods are handlers of REST routes; REST sends their errors.
type Page struct {
	GRPCAddr func() string // returns the address of gRPC, host:port
	// Token returns a token for the user of a name; the user sees its errors. nil: users enter tokens, and SignIn is not served.
	Token func(ctx context.Context, user string) (string, error)
}

// File is GET / and GET /console/{name}.
func (p Page) File(w http.ResponseWriter, r *http.Request, params map[string]string) error {
	name, named := params["name"]
	switch {
	case !named:
		ServeAsset(w, r, Index)
	case name == "settings.json":
		p.settings(w)
	case !ServeAsset(w, r, name):
		return call.ErrNoRoute
	}
	return nil
}

// settings sends the settings.
func (p Page) settings(w http.ResponseWriter) {
	host, port, _ := net.SplitHostPort(p.GRPCAddr())
	if net.ParseIP(host).IsUnspecified() {
		host = "" // the same as the page's
	}
	writeJSON(w, struct {
		GRPCHost string `json:"grpcHost"`
		GRPCPort string `json:"grpcPort"`
		Users    bool   `json:"users"` // POST /console/token exists
	}{host, port, p.Token != nil})
}

// SignIn is POST /console/token.
func (p Page) SignIn(w http.ResponseWriter, r *http.Request, _ map[string]string) error {
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
	token, err := p.Token(r.Context(), sent.User)
	if err != nil {
		return call.InvalidBody(err)
	}
	writeJSON(w, map[string]string{"token": token})
	return nil
}

var crossOrigin = http.NewCrossOriginProtection()

// checkOwnPage refuses requests that a page of another site has sent, or could have sent without a preflight.
func checkOwnPage(r *http.Request) error {
	if err := crossOrigin.Check(r); err != nil {
		return &call.RequestError{Code: codes.PermissionDenied, Reason: "CROSS_SITE", Text: "the request comes from another site's page"}
	}
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return call.InvalidRequest("Content-Type: must be application/json")
	}
	return nil
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_ = json.NewEncoder(w).Encode(v)
}
