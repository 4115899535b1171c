package server

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

// RESTOptions are what REST serves, and its limits.
type RESTOptions struct {
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

// Route is a route that is no RPC's. An error of its handler is answered as google.rpc.Status.
type Route struct {
	Method, Path string
	Handle       func(w http.ResponseWriter, r *http.Request, params map[string]string) error
}

// REST is the HTTP side: grpc-gateway's router in front of the gRPC services, which it reaches in process, through the
// interceptors of gRPC.
type REST struct {
	RESTOptions
	mux     *runtime.ServeMux
	methods map[string][]string // that each route has
	handler http.Handler        // route, behind CORS
	zipped  http.Handler        // dispatch, behind compression
}

// NewREST registers all routes.
func NewREST(o RESTOptions) (*REST, error) {
	f := &REST{RESTOptions: o}
	var err error
	if f.methods, err = openapi.RPCRoutes(); err != nil {
		return nil, err
	}
	f.handler = withCORS(o.Origins, http.HandlerFunc(f.route))
	f.zipped = withGzip(http.HandlerFunc(f.dispatch))
	f.mux = runtime.NewServeMux(
		runtime.WithErrorHandler(f.writeError),
		runtime.WithRoutingErrorHandler(f.routingError),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithIncomingHeaderMatcher(func(string) (string, bool) { return "", false }), // see incomingContext
		runtime.WithMarshalerOption(runtime.MIMEWildcard, jsonMarshaler{}),
		runtime.WithForwardResponseRewriter(rewrite),
		runtime.WithForwardResponseOption(tagResponse),
	)
	if err := f.registerServices(); err != nil {
		return nil, err
	}
	for _, r := range append(f.ownRoutes(), o.Routes...) {
		if err := f.add(r); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *REST) add(route Route) error {
	if !slices.Contains(f.methods[route.Path], route.Method) {
		f.methods[route.Path] = append(f.methods[route.Path], route.Method)
	}
	return f.mux.HandlePath(route.Method, route.Path, func(w http.ResponseWriter, r *http.Request, params map[string]string) {
		if err := route.Handle(w, r, params); err != nil {
			f.refuse(w, r, err)
		}
	})
}

// registerServices puts the routes of http.yaml in front of the services, by grpc-gateway's generated handlers. Those of streams
// are replaced by routes, since the last registration of a route counts: the generated ones send no headers before a
// stream's first message, and answer 200 before an error.
func (f *REST) registerServices() error {
	if err := gatewayv1.RegisterFunctionServiceHandlerClient(context.Background(), f.mux, gatewayv1.NewFunctionServiceClient(f.Conn)); err != nil {
		return err
	}
	return gatewayv1.RegisterAuthServiceHandlerClient(context.Background(), f.mux, gatewayv1.NewAuthServiceClient(f.Conn))
}

// ownRoutes are those of streams and tickets, which are not generated.
func (f *REST) ownRoutes() []Route {
	subscribe := f.stream(gatewayv1.FunctionService_Subscribe_FullMethodName, f.Functions, &gatewayv1.FunctionService_ServiceDesc)
	return []Route{
		{"GET", subscribeRoute, subscribe},
		{"POST", subscribeRoute, subscribe},
		{"GET", authStateRoute, f.stream(gatewayv1.AuthService_AuthState_FullMethodName, f.Auth, &gatewayv1.AuthService_ServiceDesc)},
		{"POST", ticketRoute, f.issueTicket},
		{"GET", "/openapi.json", serveDocument},
	}
}

// ServeHTTP answers. A stream runs here, and not where its handler stands among the others, because it waits for as long as
// it lasts, and with it all that is on its stack.
func (f *REST) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := f.receive(w, r)
	defer f.abortOnPanic(x)
	f.handler.ServeHTTP(w, x.request)
	if x.stream != nil {
		x.stream.run()
	}
}

// receive gives a request its name and its bounds.
func (f *REST) receive(w http.ResponseWriter, r *http.Request) *exchange {
	limitBody(w, r, f.MaxBody, bodyTimeout)
	x := f.newExchange(r)
	h := w.Header()
	h["X-Content-Type-Options"] = nosniff
	h["Cache-Control"] = noStore
	h["X-Request-Id"] = []string{x.call.RequestID}
	return x
}

// route calls the handler of a request. A stream is never compressed: its events would wait for each other.
func (f *REST) route(w http.ResponseWriter, r *http.Request) {
	if isStream(r.URL.Path) {
		f.dispatch(w, r)
		return
	}
	if r.Method == http.MethodHead {
		r.Method = http.MethodGet // of this copy: net/http still knows, and sends no body
	}
	f.zipped.ServeHTTP(w, r)
}

// Values of headers that every answer has. They are shared: who adds to one copies it.
var (
	nosniff  = []string{"nosniff"}
	noStore  = []string{"no-store"}
	jsonType = []string{"application/json"}
)

// dispatch refuses what no route may see, then hands the request to the mux.
func (f *REST) dispatch(w http.ResponseWriter, r *http.Request) {
	methods, known := f.methods[r.URL.Path]
	if known && !slices.Contains(methods, r.Method) {
		f.routingError(r.Context(), f.mux, nil, w, r, http.StatusMethodNotAllowed)
		return
	}
	err := checkCredentialHeaders(r.Header)
	if err == nil {
		err = f.takeURLCredential(r)
	}
	if err == nil && known {
		err = checkForm(r)
	}
	if err != nil {
		f.refuse(w, r, err)
		return
	}
	if !known {
		r.Header.Del("Content-Type") // the mux would log what it cannot parse
	}
	if isStream(r.URL.Path) { // it reads the caller's deadline by itself, since it outlives the handler
		f.mux.ServeHTTP(w, r)
		return
	}
	f.callWithin(w, r)
}

// callWithin calls the handler of a route within the caller's deadline, and with the metadata that interceptors see.
func (f *REST) callWithin(w http.ResponseWriter, r *http.Request) {
	ctx, cancel, err := incomingContext(r)
	if err != nil {
		f.refuse(w, r, err)
		return
	}
	defer cancel()
	r.Header.Del("Grpc-Timeout") // grpc-gateway would read it by other rules
	r.Header.Del("Te")           // and send the metadata of answers as trailers
	f.mux.ServeHTTP(w, r.WithContext(ctx))
}

// abortOnPanic drops the connection, because an answer may have begun. net/http would do so as well, but log what was
// thrown, which may hold a caller's data.
func (f *REST) abortOnPanic(x *exchange) {
	if thrown := recover(); thrown != nil {
		call.LogPanic(x.request.Context(), f.Logger, thrown, slog.String("request_id", x.call.RequestID))
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
