package live

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"convexgateway/convex/live/transport"
	"convexgateway/internal/syncfake"

	"github.com/coder/websocket"
)

// BenchmarkLargeResult reads a Transition of 5 MB from a socket, split and copied out, beside only reading it into a buffer
// that is used again.
func BenchmarkLargeResult(b *testing.B) {
	message := []byte(syncfake.FirstValue(syncfake.Rows(5_000_000)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		for err == nil {
			err = conn.Write(r.Context(), websocket.MessageText, message)
		}
	}))
	b.Cleanup(server.Close)
	base, err := url.Parse(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	connect := func(b *testing.B) *transport.Socket {
		s, err := transport.Dial(b.Context(), base, server.Client(), false, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(s.Close)
		return s
	}
	b.Run("gateway", func(b *testing.B) {
		s := connect(b)
		b.SetBytes(int64(len(message)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.Receive(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("reused_buffer", func(b *testing.B) {
		conn, _, err := websocket.Dial(b.Context(), server.URL, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.CloseNow() })
		conn.SetReadLimit(-1)
		buffer := bytes.NewBuffer(make([]byte, 0, len(message)+bytes.MinRead))
		b.SetBytes(int64(len(message)))
		b.ReportAllocs()
		for b.Loop() {
			buffer.Reset()
			_, r, err := conn.Reader(b.Context())
			if err == nil {
				_, err = buffer.ReadFrom(r)
			}
			if err == nil && buffer.Len() != len(message) {
				err = fmt.Errorf("%d bytes instead of %d", buffer.Len(), len(message))
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
