package rest

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"google.golang.org/grpc/metadata"
)

func TestAcceptsEvents(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"text/event-stream":                             true,
		"TEXT/Event-Stream":                             true,
		"application/json;q=0.5, text/event-stream":     true,
		"text/event-stream; charset=utf-8;q=0.1":        true,
		"text/event-stream;q=0, application/json":       false,
		"text/event-stream;q=0.000":                     false,
		"text/event-stream-of-another-kind":             false,
		`application/json; profile="text/event-stream"`: false,
		"*/*":                 false,
		"text/*":              false,
		"":                    false,
		", ;":                 false,
		"text/event-stream;q": false,
	} {
		if got := acceptsEvents(http.Header{"Accept": {"application/x-ndjson;q=0.2", accept}}); got != want {
			t.Errorf("Accept %q: %v", accept, got)
		}
	}
}

// Only a few headers of a request become metadata, whatever a caller sends.
func TestOnlyListedHeadersBecomeMetadata(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/query", nil)
	for name, value := range map[string]string{
		"Grpc-Metadata-X-Request-Id": "evil", "Grpc-Metadata-X-Forwarded-For": "6.6.6.6", "Grpc-Metadata-Origin": "https://evil",
		"Grpc-Metadata-Key-Bin": "ZXZpbA==", "Grpc-Metadata-Grpcgateway-Authorization": "evil", "Grpcgateway-Authorization": "evil",
		"Grpc-Metadata-Grpcgateway-User-Agent": "evil", "Grpc-Metadata-:authority": "evil", "Cookie": "evil", "X-Evil": "evil",
		"Grpc-Encoding": "evil", "Te": "evil", "Proxy-Authorization": "evil", "Grpcgateway-User-Agent": "evil", "Traceparent": "evil",
		"X-Request-Id": "mine", "User-Agent": "curl", "Origin": "https://mine", "Authorization": "Bearer mine",
	} {
		r.Header.Set(name, value)
	}
	ctx, cancel, err := incomingContext(r)
	if err != nil {
		t.Fatal(err)
	}
	defer cancel()
	md, _ := metadata.FromIncomingContext(ctx)
	want := metadata.Pairs("authorization", "Bearer mine", "origin", "https://mine", "traceparent", "evil") // which is no secret
	if !maps.EqualFunc(md, want, slices.Equal) {
		t.Errorf("%v, want %v", md, want)
	}
}

func TestLoopbackOrigins(t *testing.T) {
	t.Parallel()
	loopback := Origins{Loopback: true}
	for origin, want := range map[string]bool{
		"http://localhost:5173": true, "https://localhost": true, "http://127.0.0.1:3000": true, "http://[::1]:8080": true,
		"http://127.9.9.9": true, "http://localhost.evil.com": false, "http://evil.com": false, "null": false, "": false,
		"http://localhost:5173/": false, "http://evil.com@localhost": false, "ftp://localhost": false, "http://10.0.0.1": false,
		"http://127.0.0.1.evil.com": false, "file://": false,
	} {
		if got := loopback.Allow(origin); got != want {
			t.Errorf("%q: %v", origin, got)
		}
		if (Origins{}).Allow(origin) {
			t.Errorf("%q is allowed by default", origin)
		}
	}
}
