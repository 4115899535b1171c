package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"convexgateway/auth"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// Flow-control windows between the REST face and the gRPC server behind it, in bytes. A stream's answers wait in the
// server, where newer ones replace them, rather than in the window, where they grow old; so that one is small.
const (
	inProcessWindow = 1 << 20
	answerWindow    = 64 << 10
)

// restFace is the HTTP side: grpc-gateway in front of the gRPC services, which it reaches over an in-memory connection, so
// that both doors have the same locks.
type restFace struct {
	server    *Server
	conn      *grpc.ClientConn
	functions gatewayv1.FunctionServiceClient
	auth      gatewayv1.AuthServiceClient
	mux       *runtime.ServeMux
	marshaler runtime.Marshaler
	methods   map[string][]string // that each route has
	zipped    http.Handler        // dispatch, whose answers are compressed for those who accept it
}

func newRESTFace(s *Server) (*restFace, error) {
	conn, err := grpc.NewClient("passthrough:///"+inProcess,
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return s.pipe.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithMaxHeaderListSize(2*maxRESTDetails),
		grpc.WithInitialWindowSize(answerWindow),
		grpc.WithInitialConnWindowSize(inProcessWindow),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc.MaxCallSendMsgSize(math.MaxInt32)),
	)
	if err != nil {
		return nil, err
	}
	f := &restFace{
		server: s, conn: conn,
		functions: gatewayv1.NewFunctionServiceClient(conn), auth: gatewayv1.NewAuthServiceClient(conn),
		marshaler: jsonMarshaler(), methods: map[string][]string{"/v1/query": {http.MethodGet, http.MethodPost}},
	}
	f.zipped = withGzip(http.HandlerFunc(f.dispatch))
	setQueryParser()
	f.mux = runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, f.marshaler),
		runtime.WithIncomingHeaderMatcher(f.incomingHeader),
		runtime.WithOutgoingHeaderMatcher(noHeader),
		runtime.WithOutgoingTrailerMatcher(noHeader),
		runtime.WithForwardResponseOption(etag),
		runtime.WithErrorHandler(f.writeError),
		runtime.WithRoutingErrorHandler(f.routingError),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
	)
	return f, f.register()
}

func (f *restFace) register() error {
	ctx := context.Background()
	if err := gatewayv1.RegisterFunctionServiceHandlerClient(ctx, f.mux, f.functions); err != nil {
		return err
	}
	if err := gatewayv1.RegisterAuthServiceHandlerClient(ctx, f.mux, f.auth); err != nil {
		return err
	}
	// The generated handlers of streams send no headers before the first message and hide errors in a 200: these replace
	// them.
	routes := map[[2]string]runtime.HandlerFunc{
		{"GET", subscribeRoute}:  f.subscribe,
		{"POST", subscribeRoute}: f.subscribe,
		{"GET", authStateRoute}:  f.authState,
		{"POST", ticketRoute}:    f.issueTicket,
		{"GET", "/healthz"}:      f.healthz,
		{"GET", "/readyz"}:       f.readyz,
		{"GET", "/openapi.json"}: f.openAPI,
	}
	if f.server.webhooks != nil {
		routes[[2]string{"POST", webhookRoute}] = f.webhook
	}
	maps.Copy(routes, f.consoleRoutes())
	for route, handler := range routes {
		if err := f.mux.HandlePath(route[0], route[1], handler); err != nil {
			return err
		}
		f.methods[route[1]] = append(f.methods[route[1]], route[0])
	}
	for _, route := range []string{"/v1/mutate", "/v1/action", "/v1/auth/refresh", "/v1/auth/sign-out"} {
		f.methods[route] = []string{http.MethodPost}
	}
	return nil
}

// close ends the in-memory connection. It may be called twice.
func (f *restFace) close() { _ = f.conn.Close() }

// ServeHTTP gives a request its name and its bounds. A stream is never compressed: its events would wait for each other.
func (f *restFace) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer f.abortOnPanic(r)
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	id := r.Header.Get("X-Request-Id")
	if !validRequestID(id) {
		id = newRequestID()
	}
	r.Header.Set("X-Request-Id", id)
	h.Set("X-Request-Id", id)
	r.RemoteAddr = net.JoinHostPort(f.server.proxies.caller(hostOf(r.RemoteAddr), r.Header.Values("X-Forwarded-For")), "0")
	r.Header.Del("X-Forwarded-For") // rebuilt from the above: its own word proves nothing
	limitBody(w, r, int64(f.server.cfg.MaxRequestBytes), bodyTimeout)
	r = newRESTCall(r)
	if isStream(r.URL.Path) {
		f.dispatch(w, r)
		return
	}
	if r.Method == http.MethodHead {
		r.Method = http.MethodGet // of this copy: net/http still knows, and sends no body
	}
	f.zipped.ServeHTTP(w, r)
}

// dispatch refuses what no route may see, then hands the request to the mux.
func (f *restFace) dispatch(w http.ResponseWriter, r *http.Request) {
	methods, known := f.methods[r.URL.Path]
	if known && !slices.Contains(methods, r.Method) {
		f.routingError(r.Context(), f.mux, f.marshaler, w, r, http.StatusMethodNotAllowed)
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
	if !known || strings.HasPrefix(r.URL.Path, "/v1/") {
		r.Header.Del("Content-Type") // it is JSON; the mux would log what it cannot parse
	}
	f.mux.ServeHTTP(w, r)
}

// abortOnPanic drops the connection, because an answer may have begun. net/http would do so as well, but log what was
// thrown, which may hold a caller's data.
func (f *restFace) abortOnPanic(r *http.Request) {
	if thrown := recover(); thrown != nil {
		logPanic(r.Context(), f.server.logger, thrown, slog.String("request_id", r.Header.Get("X-Request-Id")))
		panic(http.ErrAbortHandler)
	}
}

// checkCredentialHeaders refuses what would not reach the gRPC server as it is: a credential that gets lost on the way would
// make the caller anonymous.
func checkCredentialHeaders(h http.Header) error {
	if h.Values("Grpc-Metadata-Authorization") != nil {
		return auth.NewError(auth.ReasonAmbiguousCredentials, nil)
	}
	for _, value := range h.Values("Authorization") {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
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

// incomingHeader says which HTTP headers become gRPC metadata; Authorization always does.
func (f *restFace) incomingHeader(name string) (string, bool) {
	switch name {
	case "X-Request-Id":
		return requestIDHeader, true
	case "User-Agent":
		return "grpcgateway-user-agent", true
	case "Origin":
		return "origin", true
	case "Traceparent", "Tracestate":
		return strings.ToLower(name), f.server.cfg.Traces != nil
	}
	return "", false
}

// noHeader keeps gRPC metadata from becoming HTTP headers.
func noHeader(string) (string, bool) { return "", false }

// compactJSON is proto JSON without the random spaces that the library puts in.
type compactJSON struct{ runtime.JSONPb }

func jsonMarshaler() runtime.Marshaler {
	return &compactJSON{runtime.JSONPb{
		MarshalOptions:   protojson.MarshalOptions{},
		UnmarshalOptions: protojson.UnmarshalOptions{DiscardUnknown: false},
	}}
}

func (m *compactJSON) Marshal(v any) ([]byte, error) {
	text, err := m.JSONPb.Marshal(v)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Grow(len(text))
	if err := json.Compact(&b, text); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// NewDecoder reads the whole body: text behind the value is an error, and only at a body's end does net/http watch for a
// client that goes. An empty body is io.EOF.
func (m *compactJSON) NewDecoder(r io.Reader) runtime.Decoder {
	return runtime.DecoderFunc(func(v any) error {
		text, err := io.ReadAll(r)
		switch {
		case err != nil:
			return err
		case len(bytes.TrimSpace(text)) == 0:
			return io.EOF
		default:
			return m.UnmarshalOptions.Unmarshal(text, v.(proto.Message)) // the generated code decodes nothing else
		}
	})
}

// strictQuery reads query parameters as top-level fields of the request, and refuses unknown ones by name. args and
// value_format are read as in a JSON body.
type strictQuery struct{}

// setQueryParser acts once: grpc-gateway keeps the parser of all muxes in one variable.
var setQueryParser = sync.OnceFunc(func() { runtime.NewServeMux(runtime.SetQueryParameterParser(strictQuery{})) })

func (strictQuery) Parse(msg proto.Message, values url.Values, _ *utilities.DoubleArray) error {
	fields := msg.ProtoReflect().Descriptor().Fields()
	for name, list := range values {
		field := fields.ByTextName(name)
		if field == nil {
			field = fields.ByJSONName(name)
		}
		switch {
		case field == nil:
			return fmt.Errorf("query parameter %.100q is unknown", name)
		case len(list) != 1:
			return fmt.Errorf("query parameter %q must be given once", name)
		}
		if err := runtime.PopulateFieldFromPath(msg, string(field.Name()), list[0]); err != nil {
			return fmt.Errorf("query parameter %q: %w", name, err)
		}
	}
	return nil
}
