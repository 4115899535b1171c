package live

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	coderws "github.com/coder/websocket"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/live/transport"
	"convexgateway/convex/websocket"
	"convexgateway/internal/syncfake"
)

func TestHugeMessageIsAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		sub := subscribe(t, newClient(t, p.Listener, Options{}), anonymous, "a:a")
		s := p.Socket()
		s.Greeting(false)
		s.Answer(1, syncfake.Updated(0, `"`+strings.Repeat("x", 32<<20)+`"`))
		synctest.Wait()
		if got := len(sub.State().Result.Value); got != 32<<20+2 {
			t.Errorf("a result of %d bytes came", got)
		}
		s.Answer(2, syncfake.Updated(0, `"small"`))
		sub.has(t, `connected confirmed "small"`)
	})
}

// Arguments larger than what the deployment accepts in one frame are sent in several.
func TestHugeMessageIsSentInFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		args := `{"a":"` + strings.Repeat("x", 5<<20) + `"}`
		subscribeWith(t, newClient(t, p.Listener, Options{}), anonymous, "a:a", args, SubscribeOptions{})
		s := p.Socket()
		if g := s.Greeting(false); string(g.Set.Modifications[0].Args[0]) != args {
			t.Errorf("arguments of %d bytes came", len(g.Set.Modifications[0].Args[0]))
		}
	})
}

// unreading makes an endpoint that accepts sockets and reads nothing.
func unreading(t *testing.T) *syncfake.Endpoint {
	p := syncfake.New(t)
	release := make(chan struct{})
	p.Serve = func(*syncfake.Socket) { <-release }
	t.Cleanup(func() { close(release) })
	return p
}

// A deployment that reads nothing is disconnected after a while; subscribers and their calls are never blocked by it.
func TestBlockedDeploymentIsDisconnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := unreading(t)
		c := newClient(t, p.Listener, Options{})
		start := time.Now()
		for i := range 100 {
			subscribeWith(t, c, anonymous, "a:a", fmt.Sprintf(`{"i":%d}`, i), SubscribeOptions{}).Close()
			subscribeWith(t, c, anonymous, "a:a", fmt.Sprintf(`{"i":%d}`, i), SubscribeOptions{})
		}
		if time.Since(start) != 0 {
			t.Errorf("subscribing took %v", time.Since(start))
		}
		p.Socket()
		p.Socket()
		if got := time.Since(start); got != transport.WriteTimeout+100*time.Millisecond {
			t.Errorf("disconnected after %v", got)
		}
	})
}

// brokenConn is a connection that writes nothing more once it is broken.
type brokenConn struct {
	net.Conn
	broken *atomic.Bool
}

func (c brokenConn) Write(b []byte) (int, error) {
	if c.broken.Load() {
		return 0, errors.New("broken pipe")
	}
	return c.Conn.Write(b)
}

// A deployment that reads nothing more may have sent a close frame; one that has not is disconnected.
func TestCloseFrameIsReadAfterFailedWrite(t *testing.T) {
	for name, closes := range map[string]bool{"TooManyConcurrentRequests": true, protocol.ConnectionLost: false} {
		bubble(t, name, func(t *testing.T) {
			p := syncfake.New(t)
			var mute atomic.Bool
			p.Wrap = func(client net.Conn) net.Conn { return brokenConn{client, &mute} }
			c := newClient(t, p.Listener, Options{})
			subscribe(t, c, anonymous, "a:a")
			s := p.Socket()
			s.Greeting(false)
			start := time.Now()
			mute.Store(true)
			subscribe(t, c, anonymous, "b:b") // cannot be sent
			if synctest.Wait(); closes {
				go s.End(1013, name)
				synctest.Wait()
			}
			mute.Store(false)
			s = p.Socket()
			if got := s.Greeting(false).Connect.LastCloseReason; got != name {
				t.Errorf("the reason is %q", got)
			}
			if took := time.Since(start); closes && took != 3*time.Second || !closes && took != transport.CloseGrace+100*time.Millisecond {
				t.Errorf("a new socket after %v", took)
			}
		})
	}
}

// However much waits for a slow deployment, it is written in order, and the socket stays.
func TestQueueWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const messages = 9
		p := syncfake.New(t)
		release := make(chan struct{})
		got := make(chan syncfake.Message, messages)
		p.Serve = func(s *syncfake.Socket) {
			<-release
			for {
				m, err := s.Read()
				if err != nil {
					return
				}
				got <- m
			}
		}
		c := newClient(t, p.Listener, Options{})
		s, err := c.dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		big := bytes.Repeat([]byte("x"), 10<<20)
		for i := range messages {
			s.Send([][]byte{fmt.Appendf(nil, `{"type":"%s","baseVersion":%d}`, big, i)})
			synctest.Wait() // the first is being written
		}
		if queued, failed := s.Queued(); queued < (messages-1)*len(big) || failed {
			t.Errorf("%d bytes wait, failed %t", queued, failed)
		}
		close(release)
		for i := range messages {
			if m := <-got; int(m.BaseVersion) != i {
				t.Errorf("message %d came as number %d", m.BaseVersion, i)
			}
		}
		if queued, failed := s.Queued(); queued != 0 || failed {
			t.Errorf("%d bytes wait, failed %t", queued, failed)
		}
		s.Close()
	})
}

// What a new socket starts with is sent however large it is: else its session could never be connected.
func TestHugeStartIsNoQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		const messages = 5
		sizes := make(chan int, messages)
		p.Serve = func(s *syncfake.Socket) {
			for range messages {
				_, r, err := s.Conn.Reader(t.Context())
				if err != nil {
					return
				}
				n, _ := io.Copy(io.Discard, r)
				sizes <- int(n)
			}
		}
		s, err := newClient(t, p.Listener, Options{}).dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		message := make([]byte, 13<<20)
		s.Send([][]byte{message, message, message, message, message})
		for range messages {
			if n := <-sizes; n != len(message) {
				t.Errorf("%d bytes came; want %d", n, len(message))
			}
		}
	})
}

// Messages stay what they were when later ones are read into the same buffer.
func TestMessagesOutliveTheirBuffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		s, err := newClient(t, p.Listener, Options{}).dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		remote := p.Socket()
		sizes := []int{10, 50 << 10, 1 << 20, 100}
		var received []*protocol.Response
		value := func(i int) string { return `"` + strings.Repeat(strconv.Itoa(i), sizes[i]) + `"` }
		for i := range sizes {
			go remote.Send(`{"type":"MutationResponse","requestId":%d,"success":true,"result":%s,"logLines":[]}`, i, value(i))
			message, err := s.Receive()
			m, ok := message.(*protocol.Response)
			if err != nil || !ok {
				t.Fatalf("%d bytes: %T, %v", sizes[i], message, err)
			}
			received = append(received, m)
		}
		for i, m := range received {
			if got := string(m.Result.Value); got != value(i) {
				t.Errorf("%.20s… became %.20s…", value(i), got)
			}
		}
	})
}

func TestTooLargeMessageEndsTheSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := syncfake.New(t)
		conn, err := websocket.Dial(t.Context(), p.HTTPClient(), "http://deployment.test", websocket.Options{ReadLimit: 100, WriteTimeout: transport.WriteTimeout})
		if err != nil {
			t.Fatal(err)
		}
		s := &transport.Socket{Conn: conn}
		defer s.Close()
		remote := p.Socket()
		go func() { _ = remote.Conn.Write(t.Context(), 1, bytes.Repeat([]byte("x"), 101)) }()
		if _, err := s.Receive(); !errors.Is(err, websocket.ErrMessageTooBig) || !errors.Is(err, protocol.ErrProtocol) {
			t.Errorf("%v", err)
		}
	})
}

func TestCloseReasons(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("reset by peer"), "ConnectionLost"},
		{fmt.Errorf("read: %w", websocket.CloseError{Code: 1013, Reason: "ExpiredInQueue"}), "ExpiredInQueue"},
		{websocket.CloseError{Code: 1005}, "closed with code 1005"},
		{websocket.CloseError{Code: 4040}, "closed with code 4040"},
	} {
		if got := transport.CloseReason(tt.err); got != tt.want {
			t.Errorf("%v is %q; want %q", tt.err, got, tt.want)
		}
	}
}

// A WebSocket needs HTTP/1.1, also where everything else is HTTP/2.
func TestSocketBesideHTTP2(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, err := coderws.Accept(w, r, nil); err == nil {
			_ = conn.Write(r.Context(), coderws.MessageText, []byte(`{"type":"Ping"}`))
			_ = conn.CloseNow()
		}
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	tr := convex.NewTransport(0)
	t.Cleanup(tr.CloseIdleConnections)
	tr.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	tr.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := transport.Dial(t.Context(), base, &http.Client{Transport: tr}, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	if _, err := socket.Receive(); err != nil {
		t.Error(err)
	}
}
