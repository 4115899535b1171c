package rest

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gatewayv1 "convexgateway/gen/convexgateway/v1"
	"convexgateway/internal/memnet"
	"convexgateway/server/rpc"
)

// A body that does not arrive in time ends its request, with the reason.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := limitBody(w, r, 1<<20, 50*time.Millisecond)
		if _, err := io.ReadAll(body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "must begin within 50ms") {
		t.Errorf("HTTP %d %s", resp.StatusCode, text)
	}
	for range 3 { // after a body that arrives the connection can be used again
		ok, err := server.Client().Post(server.URL, "text/plain", strings.NewReader("all of it"))
		if err != nil {
			t.Fatal(err)
		}
		_ = ok.Body.Close()
		if ok.StatusCode != http.StatusOK {
			t.Errorf("HTTP %d", ok.StatusCode)
		}
	}
}

// newTestHandler makes a handler in front of services without methods.
func newTestHandler(t *testing.T, o Options) *Handler {
	t.Helper()
	o.Functions, o.Auth = gatewayv1.UnimplementedFunctionServiceServer{}, gatewayv1.UnimplementedAuthServiceServer{}
	o.Conn, o.Logger, o.MaxBody = NewConn(rpc.InProcess{}), slog.New(slog.DiscardHandler), 1<<20
	gatewayv1.RegisterFunctionServiceServer(rpc.AsStreams(o.Conn), o.Functions)
	gatewayv1.RegisterAuthServiceServer(rpc.AsStreams(o.Conn), o.Auth)
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A body that stops arriving is 408 on every route that reads one, over HTTP/1.1 and HTTP/2.
func TestBodyThatStopsArriving(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(newTestHandler(t, Options{BodyTimeout: 50 * time.Millisecond}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	first := server.Client().Transport.(*http.Transport).Clone()
	first.ForceAttemptHTTP2, first.TLSClientConfig.NextProtos = false, nil
	first.Protocols = new(http.Protocols)
	first.Protocols.SetHTTP1(true)
	defer first.CloseIdleConnections()
	for _, route := range []string{"/v1/query", "/v1/mutate", "/v1/action", "/v1/subscribe", "/v1/tickets", "/v1/auth/refresh"} {
		for protocol, client := range map[string]*http.Client{"HTTP/1.1": {Transport: first}, "HTTP/2.0": server.Client()} {
			for _, begun := range []string{`{"path":`, ""} {
				body, writer := io.Pipe()
				go func() { _, _ = io.WriteString(writer, begun) }()
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+route, body)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := client.Do(req)
				if err != nil {
					t.Fatalf("%s %s: %v", protocol, route, err)
				}
				text, _ := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				_ = writer.Close()
				if resp.Proto != protocol || resp.StatusCode != http.StatusRequestTimeout || !strings.Contains(string(text), `"REQUEST_TIMEOUT"`) {
					t.Errorf("%s %s: HTTP %d %s", resp.Proto, route, resp.StatusCode, text)
				}
				if protocol == "HTTP/1.1" && !resp.Close {
					t.Errorf("%s: the connection stays", route)
				}
			}
		}
	}
}

// A body that goes on arriving has more time the larger it is; one that trickles has not.
func TestSlowUploads(t *testing.T) {
	t.Parallel()
	for rate, want := range map[int]int{40_000: http.StatusOK, 8_000: http.StatusRequestTimeout} { // bytes a second
		synctest.Test(t, func(t *testing.T) {
			l := memnet.Listen()
			server := &http.Server{ReadHeaderTimeout: time.Hour, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.ReadAll(limitBody(w, r, 2<<20, bodyTimeout)); err != nil {
					w.WriteHeader(http.StatusRequestTimeout)
				}
			})}
			done := make(chan struct{})
			go func() { defer close(done); _ = server.Serve(l) }()
			body, writer := io.Pipe()
			written := make(chan struct{})
			go func() {
				defer close(written)
				for sent := 0; sent < 1_600_000; sent += rate {
					if _, err := writer.Write(make([]byte, rate)); err != nil {
						return
					}
					time.Sleep(time.Second) //nolint:forbidigo // the bubble's clock
				}
				_ = writer.Close()
			}()
			resp, err := l.HTTPClient().Post("http://gateway.test/", "application/json", body)
			if err != nil {
				t.Fatal(err)
			}
			if _ = resp.Body.Close(); resp.StatusCode != want {
				t.Errorf("%d bytes a second: HTTP %d", rate, resp.StatusCode)
			}
			_ = body.Close()
			<-written
			_ = server.Close()
			<-done
		})
	}
}
