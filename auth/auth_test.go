package auth

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/internal/jwktest"
	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// start is the time at which all tests begin.
var start = time.Unix(1_790_000_000, 0)

type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func newTestClock() *testClock { return &testClock{now: start} }

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Keys are made once per run: making one takes longer than most tests.
var (
	keyA = sync.OnceValue(func() *rsa.PrivateKey { return generate(2048) })
	keyB = sync.OnceValue(func() *rsa.PrivateKey { return generate(2048) })
)

func generate(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

// issuer is a Clerk Frontend API that publishes keys, can fail on purpose, and signs tokens
// with any header and payload.
type issuer struct {
	*httptest.Server
	clock   *testClock
	key     *rsa.PrivateKey
	keyID   string
	fetches atomic.Int64

	mu     sync.Mutex
	answer http.HandlerFunc
}

const (
	testKeyID = "ins_test"
	jwksPath  = "/.well-known/jwks.json"
)

func newIssuer(tb testing.TB, clock *testClock, key *rsa.PrivateKey) *issuer {
	is := &issuer{clock: clock, key: key, keyID: testKeyID}
	is.publish(jwktest.Of(is.keyID, key))
	is.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/clerk"+jwksPath {
			http.NotFound(w, r)
			return
		}
		is.fetches.Add(1)
		is.mu.Lock()
		answer := is.answer
		is.mu.Unlock()
		answer(w, r)
	}))
	tb.Cleanup(is.Close)
	return is
}

// newOfflineIssuer is an issuer at a fixed address that is reached through its client only.
func newOfflineIssuer(key *rsa.PrivateKey) *issuer {
	is := &issuer{Server: &httptest.Server{URL: "https://offline.example"}, clock: newTestClock(), key: key, keyID: testKeyID}
	is.publish(jwktest.Of(is.keyID, key))
	return is
}

func (is *issuer) client() *http.Client { return &http.Client{Transport: offline{is}} }

type offline struct{ is *issuer }

func (o offline) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	o.is.answer(w, r)
	return w.Result(), nil
}

// url is the issuer as in iss.
func (is *issuer) url() string { return is.URL + "/clerk" }

func (is *issuer) respond(answer http.HandlerFunc) {
	is.mu.Lock()
	defer is.mu.Unlock()
	is.answer = answer
}

func (is *issuer) publish(keys ...map[string]any) {
	body, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		panic(err)
	}
	is.respond(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
}

func (is *issuer) fail() {
	is.respond(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
}

// edit changes members of a header or claims; nil removes one.
type edit = jwktest.Edit

func (is *issuer) header(changes edit) map[string]any {
	return changes.Apply(map[string]any{"alg": "RS256", "typ": "JWT", "kid": is.keyID})
}

func (is *issuer) claims(changes edit) map[string]any {
	now := is.clock.Now().Unix()
	return changes.Apply(map[string]any{
		"iss": is.url(), "sub": "user_ada", "sid": "sess_ada", "aud": "convex",
		"iat": now, "nbf": now - 10, "exp": now + 60, "jti": "9f3c", "v": 2,
		"sts": "active", "fva": []int{4, -1}, "name": "Ada",
	})
}

// token signs a good session token with changed claims.
func (is *issuer) token(changes edit) string { return is.tokenWith(nil, changes) }

func (is *issuer) tokenWith(header, claims edit) string {
	return sign(is.key, mustJSON(is.header(header)), mustJSON(is.claims(claims)))
}

func mustJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

func sign(key *rsa.PrivateKey, header, payload []byte) string {
	input := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// newVerifier makes a verifier for the issuer, on its clock.
func newVerifier(tb testing.TB, is *issuer, change func(*Config)) *ClerkVerifier {
	tb.Helper()
	c := Config{Issuers: []string{is.url()}, Clock: is.clock.Now, Logger: quiet()}
	if change != nil {
		change(&c)
	}
	v, err := NewClerkVerifier(c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(v.Close)
	return v
}

// gateway is a gRPC server with the interceptors of this package, outer ones that turn their
// errors into a status and a trailer, and a service that answers with the caller.
type gateway struct{ conn *grpc.ClientConn }

func newGateway(tb testing.TB, v Verifier, policy Policy) *gateway {
	tb.Helper()
	every := func(string) Policy { return policy }
	interceptor := func(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, h grpc.StreamHandler) error {
		return toStatus(Interceptor(v, every)(srv, s, info, h), s.SetTrailer)
	}
	srv := grpc.NewServer(grpc.StreamInterceptor(interceptor))
	srv.RegisterService(whoService(interceptor), nil)
	listener := bufconn.Listen(1 << 20)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:bufconn", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = conn.Close()
		srv.Stop()
		<-done
	})
	return &gateway{conn}
}

func toStatus(err error, setTrailer func(metadata.MD)) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	setTrailer(metadata.Pairs("error-reason", string(e.Reason)))
	code := map[Class]codes.Code{
		Unauthenticated: codes.Unauthenticated, PermissionDenied: codes.PermissionDenied, Unavailable: codes.Unavailable,
	}[e.Class]
	return status.Error(code, e.Message)
}

// whoami returns the caller that the handler finds.
func whoami(ctx context.Context) (*structpb.Struct, error) {
	who := map[string]any{}
	if id, ok := FromContext(ctx); ok {
		who = map[string]any{"sub": id.Subject, "sid": id.SessionID, "org": id.OrgID, "role": id.OrgRole,
			"slug": id.OrgSlug, "actor": id.ActorSubject, "tag": id.Tag()}
	}
	if err := ErrorFromContext(ctx); err != nil {
		who["reason"] = string(err.Reason)
	}
	return structpb.NewStruct(who)
}

// whoService has a stream and, as a stream that grpc-go does not intercept, a unary method.
func whoService(interceptor grpc.StreamServerInterceptor) *grpc.ServiceDesc {
	am := func(srv any, stream grpc.ServerStream) error {
		return interceptor(srv, stream, &grpc.StreamServerInfo{FullMethod: "/test.Who/Am"}, sendCaller)
	}
	return &grpc.ServiceDesc{
		ServiceName: "test.Who",
		HandlerType: (*any)(nil),
		Streams: []grpc.StreamDesc{
			{StreamName: "Am", Handler: am},
			{StreamName: "Watch", ServerStreams: true, Handler: sendCaller},
		},
	}
}

func sendCaller(_ any, stream grpc.ServerStream) error {
	who, err := whoami(stream.Context())
	if err != nil {
		return err
	}
	return stream.SendMsg(who)
}

// answer is the outcome of a call.
type answer struct {
	code   codes.Code
	reason Reason
	who    map[string]any
}

// unary and stream call with the given metadata, as key, value pairs.
func (g *gateway) unary(md ...string) answer {
	ctx := metadata.AppendToOutgoingContext(context.Background(), md...)
	var trailer metadata.MD
	out := new(structpb.Struct)
	err := g.conn.Invoke(ctx, "/test.Who/Am", new(emptypb.Empty), out, grpc.Trailer(&trailer))
	return answerOf(err, trailer, out)
}

func (g *gateway) stream(md ...string) answer {
	ctx, cancel := context.WithCancel(metadata.AppendToOutgoingContext(context.Background(), md...))
	defer cancel()
	stream, err := g.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/test.Who/Watch")
	if err != nil {
		return answerOf(err, nil, nil)
	}
	_ = stream.SendMsg(new(emptypb.Empty))
	_ = stream.CloseSend()
	out := new(structpb.Struct)
	err = stream.RecvMsg(out)
	return answerOf(err, stream.Trailer(), out)
}

func answerOf(err error, trailer metadata.MD, out *structpb.Struct) answer {
	a := answer{code: status.Code(err)}
	if err == nil {
		a.who = out.AsMap()
	} else if reasons := trailer.Get("error-reason"); len(reasons) == 1 {
		a.reason = Reason(reasons[0])
	}
	return a
}

// bearerOf is the metadata of a call with a token.
func bearerOf(token string) []string { return []string{"authorization", "Bearer " + token} }

// expect calls unary and streaming and compares both outcomes with the same one: "" is success.
func (g *gateway) expect(tb testing.TB, code codes.Code, reason Reason, md ...string) map[string]any {
	tb.Helper()
	u, s := g.unary(md...), g.stream(md...)
	for kind, a := range map[string]answer{"unary": u, "stream": s} {
		if a.code != code || a.reason != reason {
			tb.Errorf("%s: got %v %q, want %v %q", kind, a.code, a.reason, code, reason)
		}
	}
	return u.who
}

// reasonOf returns the reason of an *Error, or "".
func reasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok && e != nil {
		return e.Reason
	}
	return ""
}

// identityOf verifies a token and fails the test if it is refused.
func identityOf(tb testing.TB, v Verifier, token string) *Identity {
	tb.Helper()
	id, err := v.Verify(context.Background(), token)
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

// refetch fetches the keys of all issuers, those that have keys included.
func refetch(v *ClerkVerifier) error {
	var errs []error
	for _, issuer := range v.issuers {
		errs = append(errs, issuer.keys.Prefetch(context.Background()))
	}
	return errors.Join(errs...)
}
