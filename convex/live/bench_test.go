package live

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"testing"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
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

// takingListener takes what is new when it is notified.
type takingListener struct{ take func() }

func (l *takingListener) Notifier() Notifier { return nothingShared{} }

type nothingShared struct{}

func (nothingShared) Notify(list []Listener) {
	for _, l := range list {
		l.(*takingListener).take()
	}
}

const screens = 1_000

// BenchmarkTransition gives 1,000 screens of ten queries a transition that changes all ten, by ten subscriptions each or by one set each;
// and 1,000 of one query.
func BenchmarkTransition(b *testing.B) {
	subscribe := func(b *testing.B, c *Client, path convex.Path, args string) {
		l := &takingListener{}
		sub, err := c.Subscribe(anonymous, path, []byte(args), SubscribeOptions{Listener: l})
		if err != nil {
			b.Fatal(err)
		}
		l.take = func() { sub.State(); sub.Shown() }
		b.Cleanup(sub.Close)
	}
	watch := func(b *testing.B, c *Client, path convex.Path, args []string) {
		l := &takingListener{}
		l.take = func() {}
		w, err := c.Watch(anonymous, WatchOptions{Listener: l})
		if err != nil {
			b.Fatal(err)
		}
		for i, a := range args {
			w.Add(uint32(i+1), 0, path, []byte(a), TargetOptions{})
		}
		var state SetState
		l.take = func() { w.TakeInto(&state); w.Shown() }
		l.take()
		b.Cleanup(w.Close)
	}
	for _, queries := range []int{1, 10} {
		var args []string
		for i := range queries {
			args = append(args, fmt.Sprintf(`{"n":%d}`, i))
		}
		benchmarkTransition(b, fmt.Sprintf("%d_subscriptions", queries), queries, func(b *testing.B, c *Client, path convex.Path) {
			for range screens {
				for _, a := range args {
					subscribe(b, c, path, a)
				}
			}
		})
		benchmarkTransition(b, fmt.Sprintf("set_of_%d", queries), queries, func(b *testing.B, c *Client, path convex.Path) {
			for range screens {
				watch(b, c, path, args)
			}
		})
	}
}

func benchmarkTransition(b *testing.B, name string, queries int, start func(*testing.B, *Client, convex.Path)) {
	b.Run(name, func(b *testing.B) {
		p := syncfake.New(b)
		p.Serve = func(s *syncfake.Socket) {
			for {
				if _, err := s.Read(); err != nil {
					return
				}
			}
		}
		c, err := New("http://deployment.test", Options{HTTPClient: p.HTTPClient()})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = c.Close() })
		before := heap()
		start(b, c, mustPath(b, "a:a"))
		p.Socket()
		s := c.sessions[anonymous.Identity]
		u := s.upstreams.first
		for connected := false; !connected; {
			onLoop(s, func() { connected = u.link.socket != nil })
		}
		t := &protocol.Transition{}
		transition := func() {
			t.Start, t.Modifications = t.End, nil
			t.End.QuerySet = u.machine.QuerySetSent()
			t.End.TS++
			for id := range queries {
				t.Modifications = append(t.Modifications, protocol.Modification{
					ID: protocol.QueryID(id), Result: &convex.Result{Value: fmt.Appendf(nil, "%d", t.End.TS)},
				})
			}
			u.transition(t)
		}
		onLoop(s, transition)
		bytes := float64(heap() - before)
		b.ReportAllocs()
		for b.Loop() {
			onLoop(s, transition)
		}
		b.ReportMetric(bytes/screens, "heap-B/screen")
	})
}

// heap is what is live on it, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
