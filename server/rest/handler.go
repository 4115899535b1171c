package rest

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/openapi"
	"convexgateway/server/ticket"
)

// Options are what REST serves, and its limits.
type Options struct {
	Functions gatewayv1.FunctionServiceServer
	Auth      gatewayv1.AuthServiceServer
	// Conn reaches the unary methods of both.
	Conn    *Conn
	Tickets *ticket.Sealer
	// Routes are those of others.
	Routes []Route
	// Proxies are trusted to name the caller's address.
	Proxies call.Proxies
	// Origins are those of pages that may call from a browser.
	Origins Origins
	// MaxBody is the size of the largest body, in bytes.
	MaxBody int64
	// Logger gets panics, and the lines of refused calls.
	Logger *slog.Logger
}

// Routes returns the methods of each route. The caller must not change them.
func (h *Handler) Routes() map[string][]string { return h.methods }

// Route is a route that is no RPC's. An error of its handler is answered as google.rpc.Status.
type Route struct {
	Method, Path string
	// AnyQuery leaves the query parameters of a POST to the handler; otherwise there must be none.
	AnyQuery bool
	Handle   func(w http.ResponseWriter, r *http.Request, params map[string]string) error
}

// Handler is the HTTP side: grpc-gateway's router in front of the gRPC services, which it reaches in process, through the
// interceptors of gRPC.
type Handler struct {
	Options
	mux       *runtime.ServeMux
	methods   map[string][]string // that each route has
	generated map[string]bool     // routes whose handlers are generated
	anyQuery  map[string]bool     // routes whose POST reads its query parameters
	handler   http.Handler        // route, behind CORS
	zipped    http.Handler        // dispatch, behind compression
}

// New registers all routes.
func New(o Options) (*Handler, error) {
	h := &Handler{Options: o, anyQuery: map[string]bool{}}
	var err error
	if h.methods, err = openapi.RPCRoutes(); err != nil {
		return nil, err
	}
	h.generated = map[string]bool{}
	for path := range h.methods {
		h.generated[path] = true
	}
	h.handler = withCORS(o.Origins, http.HandlerFunc(h.route))
	h.zipped = withGzip(http.HandlerFunc(h.dispatch))
	h.mux = runtime.NewServeMux(
		runtime.WithErrorHandler(h.writeError),
		runtime.WithRoutingErrorHandler(h.routingError),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithIncomingHeaderMatcher(func(string) (string, bool) { return "", false }), // see incomingContext
		runtime.WithMarshalerOption(runtime.MIMEWildcard, jsonMarshaler{}),
		runtime.WithForwardResponseRewriter(rewrite),
		runtime.WithForwardResponseOption(tagResponse),
	)
	if err := h.registerServices(); err != nil {
		return nil, err
	}
	for _, r := range append(h.ownRoutes(), o.Routes...) {
		if err := h.add(r); err != nil {
			return nil, err
		}
	}
	return h, nil
}

func (h *Handler) add(route Route) error {
	if !slices.Contains(h.methods[route.Path], route.Method) {
		h.methods[route.Path] = append(h.methods[route.Path], route.Method)
	}
	delete(h.generated, route.Path)
	if route.AnyQuery {
		h.anyQuery[route.Path] = true
	}
	return h.mux.HandlePath(route.Method, route.Path, func(w http.ResponseWriter, r *http.Request, params map[string]string) {
		if err := route.Handle(w, r, params); err != nil {
			h.refuse(w, r, err)
		}
	})
}

// registerServices puts the routes of http.yaml in front of the services, by grpc-gateway's generated handlers. Those of streams
// are replaced by routes, since the last registration of a route counts: the generated ones send no headers before a
// stream's first message, and answer 200 before an error.
func (h *Handler) registerServices() error {
	if err := gatewayv1.RegisterFunctionServiceHandlerClient(context.Background(), h.mux, gatewayv1.NewFunctionServiceClient(h.Conn)); err != nil {
		return err
	}
	return gatewayv1.RegisterAuthServiceHandlerClient(context.Background(), h.mux, gatewayv1.NewAuthServiceClient(h.Conn))
}

// ownRoutes are those of streams and tickets, which are not generated.
func (h *Handler) ownRoutes() []Route {
	subscribe := h.stream(gatewayv1.FunctionService_Subscribe_FullMethodName, h.Functions, &gatewayv1.FunctionService_ServiceDesc)
	return []Route{
		{Method: "GET", Path: subscribeRoute, Handle: subscribe},
		{Method: "POST", Path: subscribeRoute, AnyQuery: true, Handle: subscribe},
		{Method: "GET", Path: authStateRoute, Handle: h.stream(gatewayv1.AuthService_AuthState_FullMethodName, h.Auth, &gatewayv1.AuthService_ServiceDesc)},
		{Method: "POST", Path: TicketRoute, Handle: h.issueTicket},
		{Method: "GET", Path: "/openapi.json", Handle: serveDocument},
	}
}

// ServeHTTP answers. A stream runs here, and not where its handler stands among the others, because it waits for as long as
// it lasts, and with it all that is on its stack.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := h.receive(w, r)
	defer h.abortOnPanic(x)
	h.handler.ServeHTTP(w, x.request)
	if x.stream != nil {
		x.stream.run()
	}
}

// receive gives a request its name and its bounds.
func (h *Handler) receive(w http.ResponseWriter, r *http.Request) *exchange {
	limitBody(w, r, h.MaxBody, bodyTimeout)
	x := h.newExchange(r)
	header := w.Header()
	header["X-Content-Type-Options"] = nosniff
	header["Cache-Control"] = noStore
	header["X-Request-Id"] = []string{x.call.RequestID}
	return x
}

// route calls the handler of a request. A stream is never compressed: its events would wait for each other.
func (h *Handler) route(w http.ResponseWriter, r *http.Request) {
	if isStream(r.URL.Path) {
		h.dispatch(w, r)
		return
	}
	if r.Method == http.MethodHead {
		r.Method = http.MethodGet // of this copy: net/http still knows, and sends no body
	}
	h.zipped.ServeHTTP(w, r)
}

// Values of headers that every answer has. They are shared: who adds to one copies it.
var (
	nosniff  = []string{"nosniff"}
	noStore  = []string{"no-store"}
	jsonType = []string{"application/json"}
)

// dispatch refuses what no route may see, then hands the request to the mux.
func (h *Handler) dispatch(w http.ResponseWriter, r *http.Request) {
	methods, known := h.methods[r.URL.Path]
	if known && !slices.Contains(methods, r.Method) {
		h.routingError(r.Context(), h.mux, nil, w, r, http.StatusMethodNotAllowed)
		return
	}
	err := checkCredentialHeaders(r.Header)
	if err == nil {
		err = h.takeURLCredential(r)
	}
	if err == nil && known {
		err = checkForm(r, h.anyQuery[r.URL.Path])
	}
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	if !known {
		r.Header.Del("Content-Type") // the mux would log what it cannot parse
	}
	if isStream(r.URL.Path) { // it reads the caller's deadline by itself, since it outlives the handler
		h.mux.ServeHTTP(w, r)
		return
	}
	h.callWithin(w, r)
}

// callWithin calls the handler of a route within the caller's deadline, and with the metadata that interceptors see.
func (h *Handler) callWithin(w http.ResponseWriter, r *http.Request) {
	ctx, cancel, err := incomingContext(r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	defer cancel()
	r = r.WithContext(ctx)
	if h.generated[r.URL.Path] { // what these handlers read of a request's head is in the context already
		r.Header, r.Host, r.RemoteAddr = noHeader, "", ""
	}
	h.mux.ServeHTTP(w, r)
}

// noHeader is shared: nothing may be added to it.
var noHeader = http.Header{}

// abortOnPanic drops the connection, because an answer may have begun. net/http would do so as well, but log what was
// thrown, which may hold a caller's data.
func (h *Handler) abortOnPanic(x *exchange) {
	if thrown := recover(); thrown != nil {
		call.LogPanic(x.request.Context(), h.Logger, thrown, slog.String("request_id", x.call.RequestID))
		panic(http.ErrAbortHandler)
	}
}

// checkCredentialHeaders refuses what gRPC would not carry, and what grpc-gateway would take for metadata: a credential that gets
// lost on the way would make the caller anonymous.
func checkCredentialHeaders(h http.Header) error {
	if h.Values("Grpc-Metadata-Authorization") != nil {
		return auth.NewError(auth.ReasonAmbiguousCredentials, nil)
	}
	for _, value := range h.Values("Authorization") {
		if !call.IsPrintable(value) {
			return auth.NewError(auth.ReasonMalformed, nil)
		}
	}
	return nil
}
