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

// routes is everything the deployment serves.
func (d *Deployment) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/query", d.serveCall(named(call.Query)))
	mux.HandleFunc("POST /api/mutation", d.serveCall(named(call.Mutation)))
	mux.HandleFunc("POST /api/action", d.serveCall(named(call.Action)))
	mux.HandleFunc("POST /api/function", d.serveCall(anyKind))
	mux.HandleFunc("POST /api/run/{path...}", d.serveCall(byURL))
	mux.HandleFunc("POST /api/query_at_ts", d.serveCall(atTimestamp))
	mux.HandleFunc("POST /api/query_batch", d.serveCall(batch))
	mux.HandleFunc("POST /api/query_ts", d.serveQueryTs)
	mux.HandleFunc("GET /api/check_admin_key", d.serveCheckAdminKey)
	mux.HandleFunc("POST /echo", serveEcho)
	sync := d.failing(&d.faults.upgrades, d.sync.ServeHTTP)
	mux.HandleFunc("GET /api/sync", sync)
	mux.HandleFunc("GET /api/{version}/sync", sync)
	mux.HandleFunc("GET /{$}", text(greeting))
	mux.HandleFunc("GET /version", text(Version))
	mux.HandleFunc("GET /instance_version", text(Version))
	mux.HandleFunc("GET /instance_name", text(InstanceName))
	convexRoutes := cors(d.pausing(d.storageRoutes(bareErrors(mux))))
	return d.track(d.ownRoutes(convexRoutes))
}

// ownRoutes are those that no Convex deployment has: the issuer, and what makes tokens and controls the deployment. Pages must
// not read them, so they have no CORS headers, and on a loopback address they are for names of this machine only.
func (d *Deployment) ownRoutes(others http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/clerk/.well-known/", d.store.clerk)
	mux.Handle("/clerk/v1/", d.store.clerk)
	mux.HandleFunc("POST /dev/token", d.serveToken)
	if d.controls {
		d.controlRoutes(mux)
	}
	own := d.pausing(bareErrors(mux))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case !strings.HasPrefix(path, "/dev/") && !strings.HasPrefix(path, "/clerk/"):
			others.ServeHTTP(w, r)
		case !d.isOwnHost(r.Host) || crossOrigin.Check(r) != nil:
			http.Error(w, "this route is not for pages of other sites", http.StatusForbidden)
		default:
			own.ServeHTTP(w, r)
		}
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

// storageRoutes have a ServeMux of their own because /api/storage/{uuid} and /api/{version}/sync are ambiguous in one.
func (d *Deployment) storageRoutes(others http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/storage/upload", d.serveUpload)
	mux.HandleFunc("GET /api/storage/{uuid}", d.serveDownload)
	mux.Handle("/", others)
	return mux
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
	w.Header().Set("Content-Type", "application/octet-stream")
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

// cors permits requests of every origin, with credentials, as Convex does.
func cors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
		h.Set("Access-Control-Allow-Credentials", "true")
		if origin := r.Header.Get("Origin"); origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
		}
		if r.Method != http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Allow-Methods", "GET,POST,PUT,PATCH,DELETE,OPTIONS")
		if headers := r.Header.Get("Access-Control-Request-Headers"); headers != "" {
			h.Set("Access-Control-Allow-Headers", headers)
		}
		h.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusOK)
	})
}
