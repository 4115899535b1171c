package connect

import (
	"net/http"
	"strings"
	"sync/atomic"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectgzip"
	"connectrpc.com/connect/v2/connecthttp"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"convexgateway/server/rpc"
	"convexgateway/server/typed"
)

// Options are what a handler needs.
type Options struct {
	// Calls is what calls pass.
	Calls rpc.InProcess
	// Contract returns the methods of the app's contract as they are at the moment, nil if there is none. nil: there never is one.
	Contract func() *typed.API
	// Typed returns the handler of such a method, as rpc.Services does.
	Typed func(*typed.Method) grpc.StreamHandler
	// MaxMessage is the size of the largest request, uncompressed, in bytes.
	MaxMessage int
}

// Handler serves services over Connect and gRPC-Web. It is a [grpc.ServiceRegistrar]. Safe for concurrent use once all services are
// registered and Mount has been called.
type Handler struct {
	Options
	procedures
	server   *connect.Server
	contract atomic.Pointer[contract]
	errors   *connecthttp.ErrorWriter
}

// procedures are methods, and the handlers of the library that serve them.
type procedures struct {
	services map[string]bool // "/service/"
	methods  map[string]connect.Spec
	handlers handlers
}

func newProcedures() procedures {
	return procedures{services: map[string]bool{}, methods: map[string]connect.Spec{}, handlers: handlers{}}
}

// handlers are connecthttp's handlers, by procedure. There is one for the other methods of each service, too, by "/service/", which is not
// used: over HTTP/1.1 it has no error for gRPC-Web.
type handlers map[string]http.Handler

// Handle implements [connecthttp.ServeMux].
func (h handlers) Handle(pattern string, handler http.Handler) { h[pattern] = handler }

// New makes a handler without services.
func New(o Options) *Handler {
	return &Handler{Options: o, procedures: newProcedures(), server: connect.NewServer(), errors: connecthttp.NewErrorWriter()}
}

// RegisterService implements [grpc.ServiceRegistrar], for services as [rpc.AsStreams] registers them. Methods whose client sends more
// than one message are not served: browsers cannot call them.
func (h *Handler) RegisterService(desc *grpc.ServiceDesc, service any) {
	h.services["/"+desc.ServiceName+"/"] = true
	for _, method := range desc.Streams {
		if method.ClientStreams {
			continue
		}
		spec := specOf(desc.ServiceName, method)
		handler := h.Calls.Handler(spec.Procedure, method.ServerStreams, method.Handler)
		h.methods[spec.Procedure] = spec
		h.server.Register(connect.Method{Spec: spec, Handler: serve(handler, service)})
	}
}

// specOf returns the library's description of a method.
func specOf(service string, method grpc.StreamDesc) connect.Spec {
	spec := connect.Spec{Procedure: "/" + service + "/" + method.StreamName}
	if method.ServerStreams {
		spec.StreamType = connect.StreamTypeServer
	}
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service).Append(protoreflect.Name(method.StreamName)))
	if err != nil {
		return spec
	}
	spec.Schema = found
	if options, ok := found.Options().(*descriptorpb.MethodOptions); ok {
		spec.IdempotencyLevel = connect.IdempotencyLevel(options.GetIdempotencyLevel())
	}
	return spec
}

// Mount makes the handlers of the services that are registered.
func (h *Handler) Mount() {
	mount(h.handlers, h.server)
}

func mount(handlers handlers, server *connect.Server) {
	connecthttp.Mount(handlers, server,
		connecthttp.WithCodecs(protoCodec{}, jsonCodec{}),
		connecthttp.WithCompressors(connectgzip.New()), // for its name: see request
		connecthttp.WithReadMaxBytes(0),                // bodies are bounded before
	)
}

// Has reports whether a request is for a procedure: its path is one of a service, or its content is of no other protocol.
func (h *Handler) Has(r *http.Request) bool {
	return h.hasService(r.URL.Path) || isForeign(r.Header.Get("Content-Type"))
}

func (h *Handler) hasService(path string) bool {
	i := strings.LastIndexByte(path, '/')
	return i > 0 && (h.services[path[:i+1]] || h.current().services[path[:i+1]])
}

// method returns the library's description of a procedure.
func (h *Handler) method(procedure string) (spec connect.Spec, known bool) {
	if spec, known = h.methods[procedure]; !known {
		spec, known = h.current().methods[procedure]
	}
	return spec, known
}

// IsStream reports whether a procedure may send more than one message.
func (h *Handler) IsStream(procedure string) bool {
	method, _ := h.method(procedure)
	return method.StreamType == connect.StreamTypeServer
}

// Serve responds, or returns an error before it has written anything. The context has the call and its metadata.
func (h *Handler) Serve(w http.ResponseWriter, r *http.Request) error {
	q, err := h.newRequest(w, r)
	if err != nil {
		return err
	}
	handler := h.handlers[r.URL.Path]
	if handler == nil {
		handler = h.current().handlers[r.URL.Path]
	}
	if handler == nil {
		return h.refuse(r)
	}
	handler.ServeHTTP(q.response, q.request)
	if q.streams {
		q.Close()
	}
	return nil
}
