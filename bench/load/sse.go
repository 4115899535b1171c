package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// HTTP1 are streams over HTTP/1.1, each on a connection of its own.
type HTTP1 struct {
	form http1Form

	once   sync.Once // closes resume
	resume chan struct{}
	done   sync.WaitGroup

	mu     sync.Mutex
	closed bool
	conns  []net.Conn
}

// A client that stops reading has a small buffer and small packets, as on a network. With the packets of the loopback device,
// 64 KiB, the server's kernel would enlarge its send buffer and accept some megabytes before a write of the server blocks.
const (
	stoppedBuffer = 16 << 10
	stoppedPacket = 1400
)

// dialStopped connects for a client that stops reading.
func dialStopped(ctx context.Context, addr string) (net.Conn, error) {
	dialer := newDialer()
	dialer.Control = controlStopped
	return dialer.DialContext(ctx, "tcp", addr)
}

func newDialer() *net.Dialer { return &net.Dialer{Timeout: 30 * time.Second} }

// controlStopped is the Control of the [net.Dialer] of a client that stops reading.
func controlStopped(_, _ string, conn syscall.RawConn) error {
	var errs [2]error
	err := conn.Control(func(fd uintptr) {
		errs[0] = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, stoppedBuffer)
		errs[1] = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, stoppedPacket)
	})
	return errors.Join(err, errs[0], errs[1])
}

// http1Form is how streams over HTTP/1.1 are asked for, and split into messages.
type http1Form struct {
	request func(req Request) string // after the first line and Host, and before Authorization
	method  string
	body    func(req Request) []byte
	split   func(r io.Reader) messageReader
}

// messageReader returns messages, each valid until the next call.
type messageReader interface{ next() ([]byte, error) }

var sseForm = http1Form{
	method: http.MethodGet, request: func(Request) string { return "Accept: text/event-stream\r\n" },
	body:  func(Request) []byte { return nil },
	split: func(r io.Reader) messageReader { return newEventReader(r) },
}

// OpenSSE opens streams of server-sent events. A message is the text of one event, without the empty line after it. When it returns, all
// requests are sent; responses may not have come.
func OpenSSE(ctx context.Context, o Open, to Receiver) (*HTTP1, error) {
	return openHTTP1(ctx, o, to, sseForm)
}

func openHTTP1(ctx context.Context, o Open, to Receiver, form http1Form) (*HTTP1, error) {
	s := &HTTP1{form: form, resume: make(chan struct{})}
	for i := range o.Streams {
		stopped, connect := o.Stopped != nil && o.Stopped(i), dial
		if stopped {
			connect = dialStopped
		}
		conn, err := connect(ctx, o.Addr)
		if err != nil {
			s.Close()
			return nil, err
		}
		s.conns = append(s.conns, conn)
		req := o.Request(i)
		head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n%s", form.method, req.Path, o.Addr, form.request(req))
		if req.Token != "" {
			head += "Authorization: " + req.Token + "\r\n"
		}
		if _, err := conn.Write(append([]byte(head+"\r\n"), form.body(req)...)); err != nil {
			s.Close()
			return nil, err
		}
		s.done.Go(func() {
			err := s.read(conn, i, stopped, to)
			if s.mu.Lock(); !s.closed {
				to.Ended(i, err)
			}
			s.mu.Unlock()
		})
	}
	return s, nil
}

// Resume implements Streams.
func (s *HTTP1) Resume() { s.once.Do(func() { close(s.resume) }) }

// Close implements Streams.
func (s *HTTP1) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	for _, c := range s.conns {
		_ = c.Close()
	}
	s.Resume()
	s.done.Wait()
}

func (s *HTTP1) read(conn net.Conn, stream int, stopped bool, to Receiver) error {
	resp, err := http.ReadResponse(bufio.NewReaderSize(conn, 4<<10), nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New("stream answered " + resp.Status)
	}
	events := s.form.split(resp.Body)
	for {
		event, err := events.next()
		if err != nil {
			return err
		}
		to.Message(stream, event)
		if stopped {
			<-s.resume
		}
	}
}

// eventReader splits a stream at its empty lines.
type eventReader struct {
	r     io.Reader
	b     []byte
	start int // of what next has not returned yet
}

func newEventReader(r io.Reader) *eventReader { return &eventReader{r: r, b: make([]byte, 0, 4<<10)} }

var blankLine = []byte("\n\n")

// next returns an event, which is valid until the next call.
func (e *eventReader) next() ([]byte, error) {
	searched := e.start
	for {
		if i := bytes.Index(e.b[searched:], blankLine); i >= 0 {
			event := e.b[e.start : searched+i]
			e.start = searched + i + len(blankLine)
			return event, nil
		}
		searched = max(e.start, len(e.b)-1)
		if e.start > 0 {
			e.b = append(e.b[:0], e.b[e.start:]...)
			searched -= e.start
			e.start = 0
		}
		if len(e.b) == cap(e.b) {
			e.b = append(e.b, 0)[:len(e.b)]
		}
		n, err := e.r.Read(e.b[len(e.b):cap(e.b)])
		e.b = e.b[:len(e.b)+n]
		if err != nil {
			return nil, err
		}
	}
}
