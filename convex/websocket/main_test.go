package websocket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/iotest"
	"time"

	coder "github.com/coder/websocket"

	"convexgateway/internal/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

const (
	limit   = 8 << 20
	timeout = 10 * time.Second
)

var options = Options{ReadLimit: limit, WriteTimeout: timeout}

// answered is an HTTP server with one answer and a connection behind it.
type answered struct {
	conn       io.ReadWriteCloser
	extensions string
}

func (a answered) RoundTrip(r *http.Request) (*http.Response, error) {
	h := http.Header{"Upgrade": {"websocket"}, "Connection": {"Upgrade"}}
	h.Set("Sec-WebSocket-Accept", accept(r.Header.Get("Sec-WebSocket-Key")))
	if a.extensions != "" {
		h.Set("Sec-WebSocket-Extensions", a.extensions)
	}
	return &http.Response{StatusCode: http.StatusSwitchingProtocols, Header: h, Body: a.conn, Request: r}, nil
}

// over connects over conn, whose server has answered the handshake.
func over(tb testing.TB, conn io.ReadWriteCloser, extensions string) *Conn {
	tb.Helper()
	opts := options
	opts.Compress = extensions != ""
	c, err := Dial(context.Background(), &http.Client{Transport: answered{conn, extensions}}, "http://server/", opts)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// pipe connects to a server whose bytes the test writes.
func pipe(t *testing.T) (*Conn, net.Conn) {
	t.Helper()
	client, server := net.Pipe()
	t.Cleanup(func() { _ = client.Close(); _ = server.Close() })
	return over(t, client, ""), server
}

// recording is a server that has sent everything, and what it received.
type recording struct {
	io.Reader
	received bytes.Buffer
}

func (r *recording) Write(b []byte) (int, error) { return r.received.Write(b) }
func (r *recording) Close() error                { return nil }

// cut is a server whose connection breaks after what it has sent.
func cut(sent []byte) *recording {
	return &recording{Reader: io.MultiReader(bytes.NewReader(sent), iotest.ErrReader(errors.New("connection reset by peer")))}
}

// next reads the next message.
func next(c *Conn) (string, error) {
	if err := c.Await(); err != nil {
		return "", err
	}
	b, err := c.Read(nil)
	return string(b), err
}

// frame is a server's frame: its first byte and its payload.
func frame(first byte, payload string) string {
	switch n := len(payload); {
	case n < length16:
		return string([]byte{first, byte(n)}) + payload
	case n <= maxLength16:
		return string([]byte{first, length16, byte(n >> 8), byte(n)}) + payload
	default:
		panic(fmt.Sprintf("%d bytes", n))
	}
}

// accepting is a server of the library that servers use.
func accepting(t *testing.T, mode coder.CompressionMode, serve func(*coder.Conn)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := coder.Accept(w, r, &coder.AcceptOptions{CompressionMode: mode, CompressionThreshold: 1})
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.CloseNow()
		conn.SetReadLimit(-1)
		serve(conn)
	})
}
