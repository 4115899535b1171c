package rest

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"

	"convexgateway/server/call"
	"convexgateway/server/openapi"
	"convexgateway/server/rpc"
)

// Handler serves the REST API: by grpc-gateway's mux it calls the gRPC services within the process, through their interceptors.
type Handler struct {
	Options
	mux        *runtime.ServeMux
	methods    map[string][]string // of each route
	generated  map[string]bool     // routes whose handlers are generated
	anyQuery   map[string]bool     // routes whose POST has query parameters
	anyHost    map[string]bool     // routes of probes
	handler    http.Handler        // route, behind CORS
	compressed http.Handler        // dispatch, behind compression
}

// New makes a handler of all routes.
func New(o Options) (*Handler, error) {
	if o.Ended == nil {
		o.Ended = context.Background()
	}
	o.BodyTimeout, o.Limits = cmp.Or(o.BodyTimeout, bodyTimeout), cmp.Or(o.Limits, &call.Limits{})
	o.Log = cmp.Or(o.Log, &rpc.CallLog{Logger: o.Logger, Refusals: o.Limits.Refusals})
	h := &Handler{Options: o, generated: map[string]bool{}, anyQuery: map[string]bool{}, anyHost: map[string]bool{}}
	var err error
	if h.methods, err = openapi.RPCRoutes(); err != nil {
		return nil, err
	}
	for path := range h.methods {
		h.generated[path] = true
	}
	h.handler = withCORS(o.Origins, http.HandlerFunc(h.route))
	h.compressed = withGzip(http.HandlerFunc(h.dispatch))
	h.mux = runtime.NewServeMux(
		runtime.WithErrorHandler(h.handleError),
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
		if err := h.add(h.admitted(r)); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// ServeHTTP implements [http.Handler]. A stream runs here, and not inside the mux, to keep the stack small on which it waits.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := h.receive(w, r)
	defer x.call.Release()
	defer h.abortOnPanic(x)
	if !h.isStream(x.request.URL.Path) { // a stream has deadlines of its own
		w = Paced(w)
	}
	h.handler.ServeHTTP(w, x.request)
	if x.run != nil {
		x.run()
	}
}

// receive makes the exchange of a request, bounds its body, and sets the headers of all responses.
func (h *Handler) receive(w http.ResponseWriter, r *http.Request) *exchange {
	limit, procedure := h.MaxBody, h.Procedures != nil && h.methods[r.URL.Path] == nil && h.Procedures.Has(r)
	if procedure {
		limit += envelope
	}
	x := h.newExchange(r, limitBody(w, r, limit, h.BodyTimeout), procedure)
	header := w.Header()
	header["X-Content-Type-Options"] = nosniff
	header["Cache-Control"] = noStore
	header["X-Request-Id"] = []string{x.call.RequestID}
	if x.body.function != "" {
		header["Vary"] = []string{"Accept"}
	}
	return x
}

// route dispatches a request, with compression unless it is a stream's: a compressor would delay events.
func (h *Handler) route(w http.ResponseWriter, r *http.Request) {
	if isPreflight(r) {
		h.preflight(w, r)
		return
	}
	if h.isStream(r.URL.Path) {
		h.dispatch(w, r)
		return
	}
	if r.Method == http.MethodHead {
		r.Method = http.MethodGet // of this copy: net/http has the original, and sends no body
	}
	h.compressed.ServeHTTP(w, r)
}

// Values of headers of every response. All responses share them, so they must not be changed in place.
var (
	nosniff  = []string{"nosniff"}
	noStore  = []string{"no-store"}
	jsonType = []string{"application/json"}
)

// dispatch refuses requests that no route accepts, and passes others to the mux.
func (h *Handler) dispatch(w http.ResponseWriter, r *http.Request) {
	if h.ProbeOnly != nil && !h.anyHost[r.URL.Path] && h.ProbeOnly(r.Context()) {
		w.Header().Set("Connection", "close") // so that its place is free again
		h.writeError(w, r, call.ErrTooManyConnections)
		return
	}
	methods, known := h.methods[r.URL.Path]
	if known && !slices.Contains(methods, r.Method) {
		h.routingError(r.Context(), h.mux, nil, w, r, http.StatusMethodNotAllowed)
		return
	}
	err := h.check(r)
	if err == nil && known {
		err = checkContent(r, h.anyQuery[r.URL.Path] || exchangeFrom(r.Context()).body.parameters != "")
	}
	if err == nil {
		err = exchangeFrom(r.Context()).refused
	}
	if err != nil {
		h.writeError(w, r, err)
		return
	}
	if isProcedure(r) {
		h.serveProcedure(w, r)
		return
	}
	if !known {
		r.Header.Del("Content-Type") // the mux would log what it cannot parse
	}
	if isStream(r.URL.Path) { // it has a deadline of its own, because it runs after the handler
		h.mux.ServeHTTP(w, r)
		return
	}
	h.callWithin(w, r)
}

// checks refuse requests that nothing here accepts. Method values would be made again for each request.
var checks = [...]func(*Handler, *http.Request) error{
	(*Handler).checkHeaderSize, (*Handler).checkExpectation, (*Handler).checkSender, (*Handler).checkCredentialHeaders,
	(*Handler).setURLCredential, (*Handler).checkProtocol,
}

func (h *Handler) check(r *http.Request) error {
	for _, check := range checks {
		if err := check(h, r); err != nil {
			return err
		}
	}
	return nil
}

// untilEnded returns a request whose context does not end with a client's output over HTTP/1.1, as net/http's does: the client may have
// sent all that it has to send, and wait for the response. A client that has gone looks the same.
func (h *Handler) untilEnded(r *http.Request) *http.Request {
	if r.ProtoMajor == 1 {
		return r.WithContext(call.With(h.Ended, call.From(r.Context())))
	}
	return r
}

// callWithin calls the handler of a route within the caller's deadline, and with the metadata for the interceptors.
func (h *Handler) callWithin(w http.ResponseWriter, r *http.Request) {
	r = h.untilEnded(r)
	ctx, cancel, err := incomingContext(r)
	if err != nil {
		h.writeError(w, r, err)
		return
	}
	defer cancel()
	r = r.WithContext(ctx)
	if h.generated[r.URL.Path] { // the context has already what these handlers would read of headers and addresses
		r.Header, r.Host, r.RemoteAddr = noHeader, "", ""
	}
	h.mux.ServeHTTP(w, r)
}

// noHeader is shared: nothing may be added to it.
var noHeader = http.Header{}

// abortOnPanic closes the connection, because the response may have begun. net/http would do so as well, but log the panic's
// value, which may hold a caller's data.
func (h *Handler) abortOnPanic(x *exchange) {
	if value := recover(); value != nil {
		call.LogPanic(x.request.Context(), h.Logger, value, slog.String("request_id", x.call.RequestID))
		panic(http.ErrAbortHandler)
	}
}
