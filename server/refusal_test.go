package server

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// wantRefusal checks the status, the body, the headers and the log line of a refusal.
func (g *gateway) wantRefusal(name string, got answer, status int, reason string) {
	g.t.Helper()
	id := got.header.Get("X-Request-Id")
	if got.status != status || got.header.Get("Content-Type") != "application/json" || id == "" || !strings.Contains(got.body, `"`+reason+`"`) {
		g.t.Errorf("%.60q: HTTP %d %v %s", name, got.status, got.header, got.body)
	}
	if lines := g.logs.find(g.t, map[string]any{"request_id": id}); len(lines) != 1 || lines[0]["reason"] != reason {
		g.t.Errorf("%.60q: logged %v", name, lines)
	}
}

// What net/http refuses before any handler has the body and the headers of all refusals, and a line in the log.
func TestRefusalsOfTheHTTPServer(t *testing.T) {
	t.Parallel()
	withTLS, trust := selfSigned(t)
	only11 := trust.Clone()
	only11.NextProtos = []string{"http/1.1"}
	for name, ports := range map[string]struct {
		changes []func(*Config)
		trust   *tls.Config // nil: plain text
	}{
		"plain": {}, "plain, one port": {changes: []func(*Config){shareAPort(t)}},
		"TLS": {[]func(*Config){withTLS}, trust}, "TLS, HTTP/1.1 by ALPN": {[]func(*Config){withTLS}, only11},
		"TLS, one port": {[]func(*Config){withTLS, shareAPort(t)}, trust},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t, ports.changes...)
			for request, want := range map[string]struct {
				status int
				reason string
			}{
				"nonsense of some length\r\n\r\n":                                                   {400, "INVALID_REQUEST"},
				"GET /v1/query HTTP/1.1\r\n\r\n":                                                    {400, "INVALID_REQUEST"}, // no Host
				"GET /v1/query HTTP/1.1\r\nHost: a\r\nbad header: x\r\n\r\n":                        {400, "INVALID_REQUEST"},
				"GET /v1/query HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n":                              {400, "INVALID_REQUEST"},
				"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n":                                              {400, "INVALID_REQUEST"},
				"POST /v1/query HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n":                   {400, "INVALID_REQUEST"},
				"POST /v1/query HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n":             {501, "INVALID_REQUEST"},
				"POST /v1/query HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 2\r\n\r\n":    {417, "INVALID_REQUEST"},
				"GET /v1/query HTTP/1.1\r\nHost: a\r\n" + largeHeader(40) + "\r\n":                  {431, "REQUEST_TOO_LARGE"},
				"GET /v1/query HTTP/1.1\r\nHost: a\r\n" + largeHeader(200) + "\r\n":                 {431, "REQUEST_TOO_LARGE"},
				"GET /v1/query?x=" + strings.Repeat("x", 40<<10) + " HTTP/1.1\r\nHost: a\r\n\r\n":   {431, "REQUEST_TOO_LARGE"},
				"GET /v1/query HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("A: x\r\n", 6000) + "\r\n": {431, "REQUEST_TOO_LARGE"},
				"GET /v1/query HTTP/3.7\r\nHost: a\r\n\r\n":                                         {505, "INVALID_REQUEST"},
				"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n":                                             {400, "INVALID_REQUEST"},
			} {
				w := g.dialREST
				if ports.trust != nil {
					w = func() *wire { return g.dialRESTWithTLS(ports.trust) }
				}
				conn := w()
				go func() { _, _ = io.WriteString(conn, request) }()
				g.wantRefusal(request, conn.answer(), want.status, want.reason)
			}
		})
	}
}

// largeHeader is a header of so many KiB, as a line.
func largeHeader(kib int) string { return "X-Large: " + strings.Repeat("x", kib<<10) + "\r\n" }

// Over HTTP/2 net/http refuses by itself only headers over four times the limit.
func TestRefusalsOverHTTP2(t *testing.T) {
	t.Parallel()
	withTLS, trust := selfSigned(t)
	for name, changes := range map[string][]func(*Config){
		"TLS": {withTLS}, "one port, TLS": {shareAPort(t), withTLS}, "one port": {shareAPort(t)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t, changes...)
			http2 := &http.Transport{TLSClientConfig: trust.Clone(), Protocols: new(http.Protocols)}
			http2.Protocols.SetHTTP2(true)
			http2.Protocols.SetUnencryptedHTTP2(true)
			g.client.Transport = http2
			t.Cleanup(http2.CloseIdleConnections)
			many := []string{}
			for i := range 700 {
				many = append(many, fmt.Sprintf("X-Many-%d", i), strings.Repeat("x", 40))
			}
			const route = "/v1/query?path=users:me"
			for name, got := range map[string]answer{
				"one header": g.rest("GET", route, "", "X-Large", strings.Repeat("x", 40<<10)),
				"many":       g.rest("GET", route, "", many...),
				"a token":    g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Authorization", "Bearer "+strings.Repeat("x", 33<<10)),
				"a URL":      g.rest("GET", route+"&x="+strings.Repeat("x", 33<<10), ""),
				"a stream":   g.rest("GET", "/v1/subscribe?path=users:me", "", "Cookie", strings.Repeat("x", 50<<10)),
			} {
				g.wantRefusal(name, got, 431, "REQUEST_TOO_LARGE")
			}
			g.wantRefusal("Expect", g.rest("POST", "/v1/query", `{"path":"users:me"}`, "Expect", "tea"), 417, "INVALID_REQUEST")
			if got := g.rest("GET", route, "", "X-Large", strings.Repeat("x", 31<<10)); got.status != 200 {
				t.Errorf("within the limit: HTTP %d %s", got.status, got.body)
			}
			if got := g.rest("GET", route, ""); got.status != 200 {
				t.Errorf("afterwards: HTTP %d %s", got.status, got.body)
			}
		})
	}
}

// What is not TLS is refused in plain HTTP, and hinders nobody's handshake.
func TestPlainTextOnPortOfTLS(t *testing.T) {
	t.Parallel()
	withTLS, trust := selfSigned(t)
	g := start(t, withTLS)
	silent := g.dialREST() // it never sends anything
	for _, request := range []string{
		"GET /v1/query HTTP/1.1\r\nHost: a\r\n\r\n", "POST /v1/query HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "nonsense\r\n\r\n",
	} {
		w := g.dialREST()
		_, _ = io.WriteString(w, request)
		g.wantRefusal(request, w.answer(), 400, "INVALID_REQUEST")
	}
	cut := g.dialREST()
	_, _ = cut.Write([]byte{22, 3, 1, 0}) // the beginning of a handshake
	_ = cut.Close()
	w := g.dialRESTWithTLS(trust)
	w.send([]string{"GET /v1/query?path=users:me HTTP/1.1"}, "")
	if got := w.answer(); got.status != 200 {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
	_ = w.Close()
	if err := g.stop(); err != nil {
		t.Error(err)
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("a connection is open")
	}
}
