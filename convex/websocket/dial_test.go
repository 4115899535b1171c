package websocket

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	coder "github.com/coder/websocket"
)

func answeredClient(sent []byte, extensions string) *http.Client {
	return &http.Client{Transport: answered{cut(sent), extensions}}
}

func TestDialRefused(t *testing.T) {
	upgrade := func(key, value string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Upgrade", "websocket")
			h.Set("Connection", "Upgrade")
			h.Set("Sec-WebSocket-Accept", accept(r.Header.Get("Sec-WebSocket-Key")))
			h.Set(key, value)
			w.WriteHeader(http.StatusSwitchingProtocols)
		}
	}
	for name, tt := range map[string]struct {
		serve http.HandlerFunc
		want  string
	}{
		"no socket":                  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, "HTTP 503 to the WebSocket request"},
		"another protocol":           {upgrade("Upgrade", "h2c"), "has not understood"},
		"connection is not upgraded": {upgrade("Connection", "keep-alive"), "has not understood"},
		"not the challenge's sum":    {upgrade("Sec-WebSocket-Accept", "AAAA"), "has not understood"},
		"subprotocol":                {upgrade("Sec-WebSocket-Protocol", "chat"), "a subprotocol was not offered"},
		"extension of its own":       {upgrade("Sec-WebSocket-Extensions", "x-mux"), `extension "x-mux" was not offered`},
		"unknown parameter":          {upgrade("Sec-WebSocket-Extensions", deflateExtension+"; x=1"), "was not offered"},
		"more than what is offered":  {upgrade("Sec-WebSocket-Extensions", deflateExtension+", "+deflateExtension), "was not offered"},
	} {
		server := httptest.NewServer(tt.serve)
		opts := options
		opts.Compress = true
		_, err := Dial(t.Context(), server.Client(), server.URL, opts)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
	}
	_, err := Dial(t.Context(), answeredClient(nil, deflateExtension), "http://server/", options)
	if !errors.Is(err, ErrProtocol) {
		t.Errorf("compression that was not offered: %v", err)
	}
	if _, err := Dial(t.Context(), http.DefaultClient, "http://server:x/", options); err == nil {
		t.Error("a URL without a port was called")
	}
}

// A refused client uses its connection again: many of them cost the server no handshakes.
func TestRefusedConnectionsAreKept(t *testing.T) {
	peers := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peers[r.RemoteAddr] = true
		http.Error(w, strings.Repeat("x", 500), http.StatusTooManyRequests)
	}))
	defer server.Close()
	for range 3 {
		if _, err := Dial(t.Context(), server.Client(), server.URL, options); !errors.Is(err, StatusError{http.StatusTooManyRequests}) {
			t.Errorf("%v", err)
		}
	}
	if len(peers) != 1 {
		t.Errorf("%d connections", len(peers))
	}
}

// The parameters of compression that a server may choose.
func TestAgreed(t *testing.T) {
	for chosen, takeover := range map[string]bool{
		deflateExtension: true,
		"permessage-deflate; server_max_window_bits=12; client_no_context_takeover": true,
		"permessage-deflate;server_no_context_takeover":                             false,
	} {
		if i, err := agreed([]string{chosen}, true); err != nil || i.takeover != takeover {
			t.Errorf("%s: %+v, %v", chosen, i, err)
		}
	}
}

// The context and the client's timeout are for the handshake: the connection outlives both.
func TestConnectionOutlivesItsHandshake(t *testing.T) {
	ended := make(chan struct{})
	server := httptest.NewServer(accepting(t, coder.CompressionDisabled, func(conn *coder.Conn) {
		<-ended
		_ = conn.Write(t.Context(), coder.MessageText, []byte("hello"))
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	client := server.Client()
	client.Timeout = time.Minute
	c, err := Dial(ctx, client, server.URL, options)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	cancel()
	close(ended)
	if got, err := next(c); got != "hello" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// A dial to a server that does not answer ends with the context, or at the client's timeout.
func TestDialIsCancelled(t *testing.T) {
	came := make(chan struct{}, 2)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		came <- struct{}{}
		<-r.Context().Done()
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-came; cancel() }()
	if _, err := Dial(ctx, server.Client(), server.URL, options); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	client := server.Client()
	client.Timeout = 50 * time.Millisecond
	if _, err := Dial(t.Context(), client, server.URL, options); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// A redirect is not followed: what is sent on a socket, tokens included, is for the server that was dialled.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var calls atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, start := range map[string]func(http.Handler) *httptest.Server{"http": httptest.NewServer, "https to http": httptest.NewTLSServer} {
			server := start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere.URL, status)
			}))
			if _, err := Dial(t.Context(), server.Client(), server.URL, options); !errors.Is(err, StatusError{status}) {
				t.Errorf("%s, %d: %v", name, status, err)
			}
			server.Close()
		}
	}
	if n := calls.Load(); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}
