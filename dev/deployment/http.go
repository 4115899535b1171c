package deployment

import (
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"convexgateway/dev/deployment/call"
	"convexgateway/internal/loopback"
)

// Bounds on request bodies, in bytes.
const (
	maxRequestBody = 16<<20 + 2000 // of calls
	maxEcho        = 128 << 20
)

const greeting = "This Convex deployment is running. See https://docs.convex.dev/."

// methods are the handlers of a path, by method. One for GET serves HEAD, too.
type methods map[string]http.HandlerFunc

func post(h http.HandlerFunc) methods { return methods{http.MethodPost: h} }

func get(h http.HandlerFunc) methods { return methods{http.MethodGet: h} }

// handler is everything the deployment serves.
func (d *Deployment) handler() http.Handler {
	return d.track(d.pausing(d.router()))
}

// router finds the handlers of a path, and adds the headers of CORS. Paths are compared as they are sent: unlike those of a ServeMux
// they are never cleaned. /dev/ and /clerk/ are no part of Convex and have a ServeMux.
func (d *Deployment) router() http.Handler {
	routes, own := d.routes(), d.ownRoutes()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isOwn(r) {
			own.ServeHTTP(w, r)
			return
		}
		path := r.URL.EscapedPath()
		found := routes[path]
		if found == nil {
			found = d.routeByPrefix(r, path)
		}
		switch {
		case found == nil:
			w.WriteHeader(http.StatusNotFound)
		case withoutCORS[path] || found[""] != nil:
			found.serve(w, r)
		default:
			cors(w, r, found.allowed(), found.serve)
		}
	})
}

// withoutCORS are the paths that pages of other origins cannot read.
var withoutCORS = map[string]bool{"/version": true}

func isOwn(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/dev/") || strings.HasPrefix(r.URL.Path, "/clerk/")
}

func (d *Deployment) routes() map[string]methods {
	query := post(d.serveCall(named(call.Query)))
	query[http.MethodGet] = serveGetQuery
	return map[string]methods{
		"/api/query":                 query,
		"/api/mutation":              post(d.serveCall(named(call.Mutation))),
		"/api/action":                post(d.serveCall(named(call.Action))),
		"/api/function":              post(d.serveCall(anyKind)),
		"/api/query_at_ts":           post(d.serveCall(atTimestamp)),
		"/api/query_batch":           post(d.serveCall(batch)),
		"/api/query_ts":              post(d.serveQueryTs),
		"/api/check_admin_key":       get(d.serveCheckAdminKey),
		"/api/storage/upload":        post(d.whileRunning(d.serveUpload)),
		"/api/v1/pause_deployment":   post(d.servePause),
		"/api/v1/unpause_deployment": post(d.serveUnpause),
		"/api/sync":                  get(d.failing(&d.faults.upgrades, d.sync.ServeHTTP)),
		"/echo":                      post(serveEcho),
		"/":                          get(text(greeting)),
		"/version":                   get(text(Version)),
		"/instance_version":          get(text(Version)),
		"/instance_name":             get(text(InstanceName)),
	}
}

// routeByPrefix finds the handlers of a path that has parts of the client's choice. It sets them as path values.
func (d *Deployment) routeByPrefix(r *http.Request, path string) methods {
	if version, ok := between(path, "/api/", "/sync"); ok {
		r.SetPathValue("version", version)
		return get(d.failing(&d.faults.upgrades, d.sync.ServeHTTP))
	}
	if uuid, ok := strings.CutPrefix(path, "/api/storage/"); ok && uuid != "" && !strings.Contains(uuid, "/") {
		r.SetPathValue("uuid", uuid)
		return get(d.whileRunning(d.serveDownload))
	}
	if function, ok := strings.CutPrefix(path, "/api/run/"); ok && function != "" {
		return post(d.serveCall(byURL))
	}
	if strings.HasPrefix(path, "/http/") {
		return methods{"": d.serveHTTPAction}
	}
	return nil
}

// between is the one segment between a prefix and a suffix.
func between(path, prefix, suffix string) (segment string, ok bool) {
	segment, hasPrefix := strings.CutPrefix(path, prefix)
	segment, hasSuffix := strings.CutSuffix(segment, suffix)
	return segment, hasPrefix && hasSuffix && !strings.Contains(segment, "/")
}

// serve answers with the method's handler. The handler of method "" is for all, and for pages of no other origin.
func (m methods) serve(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	h := m[method]
	if h == nil {
		h = m[""]
	}
	if h != nil {
		h(w, r)
		return
	}
	w.Header().Set("Allow", m.allowed())
	w.WriteHeader(http.StatusMethodNotAllowed)
}

func (m methods) allowed() string {
	var names []string
	if m[http.MethodGet] != nil {
		names = append(names, "GET", "HEAD")
	}
	if m[http.MethodPost] != nil {
		names = append(names, "POST")
	}
	return strings.Join(names, ",")
}

// ownRoutes are those that no Convex deployment has: the issuer's, and those that make tokens and control the deployment. Pages must
// not read them, so they have no CORS headers, and on a loopback address they are for names of this machine only.
func (d *Deployment) ownRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/clerk/.well-known/", d.store.clerk)
	mux.Handle("/clerk/v1/", d.store.clerk)
	mux.HandleFunc("POST /dev/token", d.serveToken)
	if d.controls {
		d.controlRoutes(mux)
	}
	own := bareErrors(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !d.isOwnHost(r.Host) || crossOrigin.Check(r) != nil {
			http.Error(w, "this route is not for pages of other sites", http.StatusForbidden)
			return
		}
		own.ServeHTTP(w, r)
	})
}

var crossOrigin = http.NewCrossOriginProtection()

// isOwnHost reports whether a request's Host is an address or a name of this machine, as it must be on a loopback address: a page
// whose own name resolves to it (DNS rebinding) has another.
func (d *Deployment) isOwnHost(host string) bool {
	own, err := url.Parse(d.URL())
	if err != nil || !loopback.IsHost(own.Hostname()) {
		return true
	}
	u := url.URL{Host: host}
	_, err = netip.ParseAddr(u.Hostname())
	return host == "" || err == nil || loopback.IsBrowserHost(u.Hostname())
}

// serveGetQuery is GET /api/query, which never runs anything: its arguments cannot be read.
func serveGetQuery(w http.ResponseWriter, r *http.Request) {
	query, problem := r.URL.Query(), "args: invalid type: newtype struct, expected any valid JSON value"
	switch {
	case query.Has("args"):
	case !query.Has("path"):
		problem = "missing field `path`"
	default:
		problem = "missing field `args`"
	}
	call.WriteError(w, call.NewBadRequest("BadQueryArgs", "Failed to deserialize query string: "+problem))
}

// noRoute answers requests for HTTP actions, of which there are none.
func noRoute(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, "No matching routes found")
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, body)
	}
}

// serveEcho is POST /echo, which answers with the request's body.
func serveEcho(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxEcho))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	w.Header()["Content-Type"] = nil // else net/http would guess
	_, _ = w.Write(body)
}

// bareErrors answers requests without a route with a status and an empty body.
func bareErrors(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(&bodyless{ResponseWriter: w}, r)
	})
}

type bodyless struct{ http.ResponseWriter }

func (b *bodyless) WriteHeader(status int) {
	b.Header().Del("Content-Type")
	b.Header().Del("X-Content-Type-Options")
	b.ResponseWriter.WriteHeader(status)
}

func (b *bodyless) Write(body []byte) (int, error) { return len(body), nil }

// cors permits requests of every origin, with credentials, as Convex does. It answers preflights.
func cors(w http.ResponseWriter, r *http.Request, allowed string, next http.HandlerFunc) {
	h := w.Header()
	h.Set("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Credentials", "true")
	if origin := r.Header.Get("Origin"); origin != "" {
		h.Set("Access-Control-Allow-Origin", origin)
	}
	if r.Method != http.MethodOptions {
		next(w, r)
		return
	}
	h.Set("Access-Control-Allow-Methods", "GET,POST,OPTIONS,PATCH,DELETE,PUT")
	if headers := r.Header.Get("Access-Control-Request-Headers"); headers != "" {
		h.Set("Access-Control-Allow-Headers", headers)
	}
	h.Set("Access-Control-Max-Age", "86400")
	if allowed != "" {
		h.Set("Allow", allowed)
	}
	w.WriteHeader(http.StatusOK)
}

// withoutCORSHeaders takes back what cors has set.
func withoutCORSHeaders(h http.Header) {
	for _, name := range []string{"Vary", "Access-Control-Allow-Credentials", "Access-Control-Allow-Origin"} {
		h.Del(name)
	}
}
