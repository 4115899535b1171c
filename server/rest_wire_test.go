package server

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// wire is an HTTP/1.1 connection whose bytes a test writes itself.
type wire struct {
	t *testing.T
	halfCloser
	r *bufio.Reader
}

// halfCloser is a connection of TCP or TLS.
type halfCloser interface {
	net.Conn
	CloseWrite() error
}

// dialREST connects to REST.
func (g *gateway) dialREST() *wire {
	g.t.Helper()
	conn, err := net.Dial("tcp", g.HTTPAddr())
	return g.wire(conn, err)
}

// dialRESTWithTLS connects to REST by TLS.
func (g *gateway) dialRESTWithTLS(trust *tls.Config) *wire {
	g.t.Helper()
	conn, err := tls.Dial("tcp", g.HTTPAddr(), trust)
	return g.wire(conn, err)
}

func (g *gateway) wire(conn net.Conn, err error) *wire {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return &wire{g.t, conn.(halfCloser), bufio.NewReader(conn)}
}

// send writes the head of a request, whose lines end in CRLF, and the beginning of its body.
func (w *wire) send(lines []string, body string) {
	w.t.Helper()
	if _, err := io.WriteString(w, strings.Join(lines, "\r\n")+"\r\nHost: localhost\r\n\r\n"+body); err != nil {
		w.t.Fatal(err)
	}
}

// answer reads a response.
func (w *wire) answer() answer {
	w.t.Helper()
	began := time.Now()
	resp, err := http.ReadResponse(w.r, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(text), time.Since(began)}
}

// atOnce is how long a response may take that waits for nothing.
const atOnce = 10 * time.Second

// A request that is refused by its head is answered at once: with Expect: 100-continue its client does not send the body.
func TestRefusalsDoNotWaitForTheBody(t *testing.T) {
	t.Parallel()
	g := start(t, func(c *Config) { c.MaxRequestBytes = 4096 })
	for head, status := range map[string]int{
		"POST /v2/query HTTP/1.1": 404, "PUT /v1/query HTTP/1.1": 405, "POST /openapi.json HTTP/1.1": 405,
		"POST /v1/query HTTP/1.1\r\nContent-Type: text/xml":     415,
		"POST /v1/tickets HTTP/1.1\r\nContent-Type: text/xml":   415,
		"POST /v1/subscribe HTTP/1.1\r\nContent-Encoding: gzip": 415,
		"POST /v1/mutate?x=1 HTTP/1.1":                          400,
		"POST /v1/query HTTP/1.1\r\nGrpc-Timeout: soon":         400,
		"POST /v1/query HTTP/1.1\r\nAuthorization: Bearer \xe9": 401,
	} {
		for _, more := range []string{
			"Expect: 100-continue\r\nContent-Length: 1000", "Expect: 100-Continue\r\nTransfer-Encoding: chunked",
			"Content-Length: 1000000\r\nExpect: 100-continue",
		} {
			t.Run(head+" "+more, func(t *testing.T) {
				t.Parallel()
				w := g.dialREST()
				w.send([]string{head, more}, "")
				if got := w.answer(); got.status != status || got.took > atOnce || !strings.Contains(got.body, "ErrorInfo") {
					t.Errorf("HTTP %d after %v: %s", got.status, got.took, got.body)
				}
			})
		}
	}
	t.Run("taken", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{`{"path":"users:me"}`, `{"path":"values:echo","args":{"value":"` + strings.Repeat("x", 3000) + `"}}`} {
			w := g.dialREST()
			w.send([]string{"POST /v1/query HTTP/1.1", "Expect: 100-continue", fmt.Sprintf("Content-Length: %d", len(body))}, "")
			if got := w.answer(); got.status != 100 {
				t.Fatalf("HTTP %d, want 100", got.status)
			}
			_, _ = io.WriteString(w, body)
			if got := w.answer(); got.status != 200 {
				t.Errorf("HTTP %d %s", got.status, got.body)
			}
		}
	})
	t.Run("too large", func(t *testing.T) {
		t.Parallel()
		w := g.dialREST()
		w.send([]string{"POST /v1/query HTTP/1.1", "Content-Length: 100000"}, strings.Repeat("x", 8000))
		if got := w.answer(); got.status != 413 || got.took > atOnce {
			t.Errorf("HTTP %d after %v: %s", got.status, got.took, got.body)
		}
	})
}

// In a URL args may be empty or null, which is the same as none.
func TestNoArgumentsInURL(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, args := range []string{"", "&args=", "&args=null", "&args=%20", "&args=%20null%20", "&args={}"} {
		if got := g.rest("GET", "/v1/query?path=users:me"+args, ""); got.status != 200 || strings.TrimSpace(got.body) != `{"value":null}` {
			t.Errorf("%q: HTTP %d %s", args, got.status, got.body)
		}
		if e := g.sse("GET", "/v1/subscribe?path=users:me"+args, "").result(); e.name != "value" {
			t.Errorf("%q: event %+v", args, e)
		}
	}
	for _, args := range []string{"&args=nul", "&args=1", "&args=[]", "&args=&args="} {
		if got := g.rest("GET", "/v1/query?path=users:me"+args, ""); got.status != 400 {
			t.Errorf("%q: HTTP %d %s", args, got.status, got.body)
		}
	}
}

// On one port a method of gRPC has one path, too.
func TestEncodedMethodsAreNone(t *testing.T) {
	t.Parallel()
	g := start(t, shareAPort(t))
	client := &http.Client{Transport: &http.Transport{Protocols: new(http.Protocols)}}
	client.Transport.(*http.Transport).Protocols.SetUnencryptedHTTP2(true)
	defer client.CloseIdleConnections()
	for path, status := range map[string]string{
		"/convexgateway.v1.FunctionService/Query": "3", "/convexgateway.v1.FunctionService/%51uery": "12",
		"/convexgateway.v1.FunctionService%2FQuery": "12", "/convexgateway%2ev1.FunctionService/Query": "12",
	} {
		req, err := http.NewRequestWithContext(g.context(), http.MethodPost, "http://"+g.HTTPAddr()+path, strings.NewReader("\x00\x00\x00\x00\x00"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/grpc")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if got := resp.Header.Get("Grpc-Status") + resp.Trailer.Get("Grpc-Status"); got != status {
			t.Errorf("%s: HTTP %d, grpc-status %q, want %s", path, resp.StatusCode, got, status)
		}
	}
}

// A client that ends its output after a full request gets its response, and the call is made once.
func TestHalfCloseIsNotACancel(t *testing.T) {
	t.Parallel()
	t.Run("plain", func(t *testing.T) {
		t.Parallel()
		testHalfClose(t, (*gateway).dialREST)
	})
	t.Run("TLS", func(t *testing.T) {
		t.Parallel()
		withTLS, trust := selfSigned(t)
		testHalfClose(t, func(g *gateway) *wire { return g.dialRESTWithTLS(trust) }, withTLS)
	})
}

func testHalfClose(t *testing.T, dial func(*gateway) *wire, change ...func(*Config)) {
	t.Helper()
	var calls atomic.Int32
	g := startFake(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		select {
		case <-time.After(100 * time.Millisecond): //nolint:forbidigo // long enough for the end of the input to be noticed
			fmt.Fprint(w, `{"status":"success","value":1.0}`)
		case <-r.Context().Done():
		}
	}, change...)
	const body = `{"path":"a:b"}`
	post := func(route string) []string {
		return []string{"POST " + route + " HTTP/1.1", fmt.Sprintf("Content-Length: %d", len(body))}
	}
	for name, request := range map[string]struct {
		lines []string
		body  string
	}{
		"query": {post("/v1/query"), body}, "mutation": {post("/v1/mutate"), body}, "action": {post("/v1/action"), body},
		"GET": {[]string{"GET /v1/query?path=a:b HTTP/1.1"}, ""}, "close": {append(post("/v1/mutate"), "Connection: close"), body},
		"deadline": {append(post("/v1/mutate"), "Grpc-Timeout: 20S"), body},
		"chunked":  {[]string{"POST /v1/mutate HTTP/1.1", "Transfer-Encoding: chunked"}, "e\r\n" + body + "\r\n0\r\n\r\n"},
	} {
		calls.Store(0)
		for range 5 {
			w := dial(g)
			w.send(request.lines, request.body)
			if err := w.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if got := w.answer(); got.status != 200 {
				t.Errorf("%s: HTTP %d %s", name, got.status, got.body)
			}
		}
		if n := calls.Load(); n != 5 {
			t.Errorf("%s: %d calls", name, n)
		}
	}
}

// Calls over HTTP/1.1 end with the server all the same, and at their deadline.
func TestCallsEndWithoutTheirClient(t *testing.T) {
	t.Parallel()
	begun, ended := make(chan struct{}, 2), make(chan struct{}, 2)
	g := startFake(t, func(_ http.ResponseWriter, r *http.Request) {
		begun <- struct{}{}
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		ended <- struct{}{}
	}, func(c *Config) { c.DrainTimeout = 200 * time.Millisecond })
	w := g.dialREST()
	w.send([]string{"GET /v1/query?path=a:b HTTP/1.1", "Grpc-Timeout: 100m"}, "")
	_ = w.CloseWrite()
	if got := w.answer(); got.status != 504 {
		t.Errorf("HTTP %d %s", got.status, got.body)
	}
	<-begun
	<-ended
	w = g.dialREST()
	w.send([]string{"GET /v1/query?path=a:b HTTP/1.1"}, "")
	<-begun
	if err := g.stop(); err != nil {
		t.Error(err)
	}
	<-ended
}
