package rest

import (
	"context"
	"net/http"
	"slices"
	"time"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/server/call"
	"convexgateway/server/openapi/functions"
)

// Route is a route that is no unary RPC's.
type Route struct {
	Method string
	Path   string // a pattern of [runtime.ServeMux.HandlePath]
	// AnyQuery leaves the query parameters of a POST to the handler; otherwise a POST must have none.
	AnyQuery bool
	// AnyHost accepts requests under any name. It is for probes, which send a Host of their own, and have nothing to hide.
	AnyHost bool
	// Admitted is of a route whose handler makes a call that is admitted by itself. Requests of others, but for probes, are admitted
	// before they are handled.
	Admitted bool
	// Handle responds, or returns an error before it has written anything. The error is sent as google.rpc.Status.
	Handle func(w http.ResponseWriter, r *http.Request, params map[string]string) error
}

// Routes returns the methods of each route. The caller must not change them.
func (h *Handler) Routes() map[string][]string { return h.methods }

// add registers a route, in place of a generated one.
func (h *Handler) add(route Route) error {
	if !slices.Contains(h.methods[route.Path], route.Method) {
		h.methods[route.Path] = append(h.methods[route.Path], route.Method)
	}
	delete(h.generated, route.Path)
	if route.AnyQuery {
		h.anyQuery[route.Path] = true
	}
	if route.AnyHost {
		h.anyHost[route.Path] = true
	}
	return h.mux.HandlePath(route.Method, route.Path, func(w http.ResponseWriter, r *http.Request, params map[string]string) {
		if err := route.Handle(w, r, params); err != nil {
			h.writeError(w, r, err)
		}
	})
}

// admitted returns a route whose requests have a place while they are handled, and until their response has been written.
func (h *Handler) admitted(route Route) Route {
	if handle := route.Handle; !route.Admitted && !route.AnyHost {
		route.Handle = func(w http.ResponseWriter, r *http.Request, params map[string]string) error {
			c := call.From(r.Context())
			if err := h.Limits.Admit(c, h.Limits.CallerOf(c, nil), call.Check, time.Now()); err != nil {
				return err
			}
			return handle(w, r, params)
		}
	}
	return route
}

// registerServices registers the routes of http.yaml, with grpc-gateway's generated handlers. ownRoutes replace those of streams,
// because the last registration of a route counts: the generated handlers send no headers before a stream's first message, and
// the status 200 before an error.
func (h *Handler) registerServices() error {
	if err := gatewayv1.RegisterFunctionServiceHandlerClient(context.Background(), h.mux, gatewayv1.NewFunctionServiceClient(h.Conn)); err != nil {
		return err
	}
	return gatewayv1.RegisterAuthServiceHandlerClient(context.Background(), h.mux, gatewayv1.NewAuthServiceClient(h.Conn))
}

// ownRoutes returns the routes of streams, tickets and the OpenAPI document, which are not generated.
func (h *Handler) ownRoutes() []Route {
	subscribe := h.stream(gatewayv1.FunctionService_Subscribe_FullMethodName, h.Functions, &gatewayv1.FunctionService_ServiceDesc)
	authState := h.stream(gatewayv1.AuthService_AuthState_FullMethodName, h.Auth, &gatewayv1.AuthService_ServiceDesc)
	watchSet := h.stream(gatewayv1.FunctionService_WatchSet_FullMethodName, h.Functions, &gatewayv1.FunctionService_ServiceDesc)
	return []Route{
		{Method: "POST", Path: watchRoute, Admitted: true, Handle: watchSet},
		{Method: "GET", Path: subscribeRoute, Admitted: true, Handle: subscribe},
		{Method: "POST", Path: subscribeRoute, AnyQuery: true, Admitted: true, Handle: subscribe},
		{Method: "GET", Path: authStateRoute, Admitted: true, Handle: authState},
		{Method: "POST", Path: authStateRoute, AnyQuery: true, Admitted: true, Handle: authState},
		{Method: "POST", Path: TicketRoute, Admitted: true, Handle: h.tickets()},
		{Method: "GET", Path: "/openapi.json", Handle: h.serveDocument},
		{Method: "GET", Path: functions.Root, Handle: h.serveSpec},
	}
}
