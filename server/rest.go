package server

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/proto"

	"convexgateway/auth"
	"convexgateway/convex"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
)

// restFace is the HTTP side: grpc-gateway's router in front of the gRPC services, which it reaches in process, so that both
// doors have the same locks.
type restFace struct {
	server    *Server
	inProcess *inProcess
	functions *functionService
	mux       *runtime.ServeMux
	methods   map[string][]string // that each route has
	handler   http.Handler        // route, which answers pages of allowed origins, too
	zipped    http.Handler        // dispatch, whose answers are compressed for those who accept it
}

func newREST(s *Server) (*restFace, error) {
	f := &restFace{server: s, inProcess: s.newInProcess(), functions: s.functionService(), methods: map[string][]string{}}
	f.handler = s.cfg.withCORS(http.HandlerFunc(f.route))
	f.zipped = withGzip(http.HandlerFunc(f.dispatch))
	f.mux = runtime.NewServeMux(
		runtime.WithErrorHandler(f.writeError),
		runtime.WithRoutingErrorHandler(f.routingError),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
	)
	for at, handler := range f.routes() {
		if err := f.mux.HandlePath(at.method, at.path, handler); err != nil {
			return nil, err
		}
		f.methods[at.path] = append(f.methods[at.path], at.method)
	}
	return f, nil
}

// endpoint is what a handler serves.
type endpoint struct{ method, path string }

// routes are all that there is. grpc-gateway's generated handlers are none of them: they want a connection to call over, send
// no headers before a stream's first message, and hide its errors in a 200.
func (f *restFace) routes() map[endpoint]runtime.HandlerFunc {
	signIn := f.server.authService()
	query := f.function(convex.Query, gatewayv1.FunctionService_Query_FullMethodName, newMessage[gatewayv1.QueryRequest])
	subscribe := f.stream(gatewayv1.FunctionService_Subscribe_FullMethodName, f.functions, &gatewayv1.FunctionService_ServiceDesc)
	routes := map[endpoint]runtime.HandlerFunc{
		{"GET", "/v1/query"}:          query,
		{"POST", "/v1/query"}:         query,
		{"POST", "/v1/mutate"}:        f.function(convex.Mutation, gatewayv1.FunctionService_Mutate_FullMethodName, newMessage[gatewayv1.MutateRequest]),
		{"POST", "/v1/action"}:        f.function(convex.Action, gatewayv1.FunctionService_Action_FullMethodName, newMessage[gatewayv1.ActionRequest]),
		{"GET", subscribeRoute}:       subscribe,
		{"POST", subscribeRoute}:      subscribe,
		{"GET", authStateRoute}:       f.stream(gatewayv1.AuthService_AuthState_FullMethodName, signIn, &gatewayv1.AuthService_ServiceDesc),
		{"POST", "/v1/auth/refresh"}:  rpc(f, gatewayv1.AuthService_RefreshAuth_FullMethodName, signIn.RefreshAuth),
		{"POST", "/v1/auth/sign-out"}: rpc(f, gatewayv1.AuthService_SignOut_FullMethodName, signIn.SignOut),
		{"POST", ticketRoute}:         f.issueTicket(),
		{"GET", "/healthz"}:           f.healthz,
		{"GET", "/readyz"}:            f.readyz,
		{"GET", "/openapi.json"}:      f.openAPI,
	}
	if f.server.webhooks != nil {
		routes[endpoint{"POST", webhookRoute}] = f.webhook
	}
	maps.Copy(routes, f.consoleRoutes())
	return routes
}

// unary serves a call that has one answer. The handler stands behind the locks.
func (f *restFace) unary(
	method string, read func(*http.Request) (any, error), handler func(context.Context, any) (*textAnswer, error),
) runtime.HandlerFunc {
	call := f.inProcess.call(method, func(ctx context.Context, req any) (any, error) {
		answer, err := handler(ctx, req)
		if err != nil {
			return nil, err // without an answer that is a nil one
		}
		return answer, nil
	})
	perform := func(r *http.Request) (any, error) {
		req, err := read(r)
		if err != nil {
			return nil, err
		}
		ctx, cancel, err := incomingContext(r)
		if err != nil {
			return nil, err
		}
		defer cancel()
		return call(ctx, req)
	}
	return func(w http.ResponseWriter, r *http.Request, _ map[string]string) {
		answer, err := perform(r)
		if err != nil {
			f.refuse(w, r, err)
			return
		}
		answer.(*textAnswer).write(w, exchangeFrom(r.Context()))
	}
}

// rpc serves an RPC whose messages are proto JSON on both ways.
func rpc[Req any, Resp proto.Message, PtrReq interface {
	*Req
	proto.Message
}](f *restFace, method string, call func(context.Context, PtrReq) (Resp, error)) runtime.HandlerFunc {
	read := func(r *http.Request) (any, error) {
		body, err := readBody(r)
		if err != nil {
			return nil, err
		}
		req := PtrReq(new(Req))
		return req, readMessage(body, req)
	}
	return f.unary(method, read, func(ctx context.Context, req any) (*textAnswer, error) {
		resp, err := call(ctx, req.(PtrReq))
		if err != nil {
			return nil, err
		}
		body, err := marshalJSON(resp)
		return &textAnswer{body: body}, err
	})
}

// ServeHTTP answers. A stream runs here, and not where its handler stands among the others, because it waits for as long as
// it lasts, and with it all that is on its stack.
func (f *restFace) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := f.receive(w, r)
	defer f.abortOnPanic(x)
	f.handler.ServeHTTP(w, x.request)
	if x.stream != nil {
		x.stream.run()
	}
}

// receive gives a request its name and its bounds.
func (f *restFace) receive(w http.ResponseWriter, r *http.Request) *exchange {
	limitBody(w, r, int64(f.server.cfg.MaxRequestBytes), bodyTimeout)
	x := f.newExchange(r)
	h := w.Header()
	h["X-Content-Type-Options"] = nosniff
	h["Cache-Control"] = noStore
	h["X-Request-Id"] = []string{x.call.RequestID}
	return x
}

// route calls the handler of a request. A stream is never compressed: its events would wait for each other.
func (f *restFace) route(w http.ResponseWriter, r *http.Request) {
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
func (f *restFace) dispatch(w http.ResponseWriter, r *http.Request) {
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
	f.mux.ServeHTTP(w, r)
}

// abortOnPanic drops the connection, because an answer may have begun. net/http would do so as well, but log what was
// thrown, which may hold a caller's data.
func (f *restFace) abortOnPanic(x *exchange) {
	if thrown := recover(); thrown != nil {
		call.LogPanic(x.request.Context(), f.server.logger, thrown, slog.String("request_id", x.call.RequestID))
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

func (f *restFace) healthz(w http.ResponseWriter, _ *http.Request, _ map[string]string) {
	_, _ = w.Write([]byte("ok\n"))
}

func (f *restFace) readyz(w http.ResponseWriter, _ *http.Request, _ map[string]string) {
	if !f.server.Ready() {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ready\n"))
}
