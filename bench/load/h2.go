package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// Receiver gets the messages and the end of each stream, by its index. Calls for one stream are in order; calls for streams
// of different connections are concurrent. A message is valid until Message returns.
type Receiver interface {
	Message(stream int, message []byte)
	Ended(stream int, why error)
}

// Streams are open streams of one server. Close must be called.
type Streams interface {
	Resume() // starts to read the streams that were stopped
	Close()
}

// Open is which streams to open. Stream i is on connection i mod Conns.
type Open struct {
	Addr    string
	Conns   int
	Streams int
	Request func(stream int) Request
	Stopped func(stream int) bool // whether a stream is not read; nil: none
}

// Request starts one stream.
type Request struct {
	Token   string   // Bearer; empty: anonymous
	Message []byte   // gRPC: the encoded request
	More    [][]byte // gRPC: further encoded messages, after which the client's half of the stream stays open
	Path    string   // of the URL
}

// Windows of flow control, in bytes: HTTP/2's default per stream, returned by halves; practically no limit per connection.
const (
	streamWindow = 65535
	connWindow   = 1 << 30
)

// GRPC are server streams over plain HTTP/2: one goroutine a connection reads frames and passes messages on. The window of a
// stopped stream that shares its connection is not returned; the socket of one with a connection of its own is not read.
type GRPC struct {
	conns  []*h2conn
	once   sync.Once // closes resume
	resume chan struct{}
	done   sync.WaitGroup
}

// OpenGRPC opens streams. When it returns, all requests are sent; responses may not have come.
func OpenGRPC(ctx context.Context, o Open, to Receiver) (*GRPC, error) {
	g := &GRPC{resume: make(chan struct{})}
	for first := range o.Conns {
		c, err := dialH2(ctx, o.Addr, o.Streams > o.Conns)
		if err != nil {
			g.Close()
			return nil, err
		}
		g.conns = append(g.conns, c)
		var mine []*h2stream
		for i := first; i < o.Streams; i += o.Conns {
			mine = append(mine, &h2stream{index: i, stopped: o.Stopped != nil && o.Stopped(i)})
		}
		if err := c.start(o, mine); err != nil {
			g.Close()
			return nil, err
		}
		g.done.Go(func() { c.read(to, g.resume) })
	}
	return g, nil
}

// Resume implements Streams.
func (g *GRPC) Resume() {
	g.once.Do(func() { close(g.resume) })
	for _, c := range g.conns {
		c.widen()
	}
}

// Close implements Streams: all connections are reset, so that none stays in TIME_WAIT.
func (g *GRPC) Close() {
	for _, c := range g.conns {
		c.close()
	}
	g.once.Do(func() { close(g.resume) })
	g.done.Wait()
}

// h2conn is one connection. mu guards writing; the other fields belong to the goroutine that reads.
type h2conn struct {
	net     net.Conn
	framer  *http2.Framer
	shared  bool
	streams []*h2stream // in the order of their ids
	unacked uint32      // bytes received and not yet returned to the connection's window

	mu     sync.Mutex
	out    *bufio.Writer
	closed bool
}

type h2stream struct {
	index   int
	id      uint32
	stopped bool
	ended   bool
	unacked uint32
	partial []byte // start of a message that comes in several frames
}

// dial opens a TCP connection that is reset when it is closed.
func dial(ctx context.Context, addr string) (net.Conn, error) {
	conn, err := newDialer().DialContext(ctx, "tcp", addr)
	if err == nil {
		err = conn.(*net.TCPConn).SetLinger(0)
	}
	return conn, err
}

func dialH2(ctx context.Context, addr string, shared bool) (*h2conn, error) {
	conn, err := dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	size := 4 << 10
	if shared {
		size = 64 << 10
	}
	c := &h2conn{net: conn, shared: shared, out: bufio.NewWriterSize(conn, size)}
	c.framer = http2.NewFramer(c.out, bufio.NewReaderSize(conn, size))
	c.framer.SetReuseFrames()
	c.framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	return c, nil
}

// start sends the preface and opens all streams.
func (c *h2conn) start(o Open, streams []*h2stream) error {
	c.streams = streams
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = c.out.WriteString(http2.ClientPreface)
	_ = c.framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: streamWindow})
	_ = c.framer.WriteWindowUpdate(0, connWindow)
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for i, s := range streams {
		req := o.Request(s.index)
		block.Reset()
		for _, h := range [][2]string{
			{":method", "POST"}, {":scheme", "http"}, {":path", req.Path}, {":authority", o.Addr},
			{"content-type", "application/grpc"}, {"te", "trailers"}, {"user-agent", "bench"}, {"authorization", req.Token},
		} {
			if h[1] != "" {
				_ = encoder.WriteField(hpack.HeaderField{Name: h[0], Value: h[1]})
			}
		}
		s.id = uint32(2*i + 1)
		_ = c.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: s.id, BlockFragment: block.Bytes(), EndHeaders: true})
		if err := c.framer.WriteData(s.id, req.More == nil, Frame(req.Message)); err != nil {
			return err
		}
		for _, message := range req.More {
			if err := c.framer.WriteData(s.id, false, Frame(message)); err != nil {
				return err
			}
		}
	}
	return c.out.Flush() // errors of a bufio.Writer stay
}

// Frame returns a message with gRPC's prefix.
func Frame(message []byte) []byte {
	b := make([]byte, 5, 5+len(message))
	binary.BigEndian.PutUint32(b[1:], uint32(len(message)))
	return append(b, message...)
}

func (c *h2conn) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	_ = c.net.Close()
}

// read handles frames until the connection ends.
func (c *h2conn) read(to Receiver, resume <-chan struct{}) {
	for {
		f, err := c.framer.ReadFrame()
		if err == nil {
			err = c.handle(f, to, resume)
		}
		if err != nil {
			c.mu.Lock()
			closed := c.closed
			c.mu.Unlock()
			for _, s := range c.streams {
				if !closed && !s.ended {
					to.Ended(s.index, err)
				}
			}
			return
		}
	}
}

func (c *h2conn) handle(f http2.Frame, to Receiver, resume <-chan struct{}) error {
	switch f := f.(type) {
	case *http2.DataFrame:
		return c.data(f, to, resume)
	case *http2.MetaHeadersFrame:
		s := c.stream(f.StreamID)
		if f.StreamEnded() && s != nil {
			s.ended = true
			to.Ended(s.index, statusOf(f))
		}
	case *http2.RSTStreamFrame:
		if s := c.stream(f.StreamID); s != nil && !s.ended {
			s.ended = true
			to.Ended(s.index, fmt.Errorf("stream reset: %v", f.ErrCode))
		}
	case *http2.SettingsFrame:
		if !f.IsAck() {
			return c.write(c.framer.WriteSettingsAck)
		}
	case *http2.PingFrame:
		if !f.IsAck() {
			return c.write(func() error { return c.framer.WritePing(true, f.Data) })
		}
	case *http2.GoAwayFrame:
		return fmt.Errorf("connection ended: %v", f.ErrCode)
	}
	return nil
}

func (c *h2conn) stream(id uint32) *h2stream {
	if i := int(id-1) / 2; id%2 == 1 && i < len(c.streams) {
		return c.streams[i]
	}
	return nil
}

// statusOf returns the status with which an RPC ended.
func statusOf(f *http2.MetaHeadersFrame) error {
	var words []string
	for _, h := range f.Fields {
		if h.Name == "grpc-status" || h.Name == "grpc-message" || h.Name == "error-reason" {
			words = append(words, h.Value)
		}
	}
	return errors.New("RPC ended: " + strings.Join(words, " "))
}

func (c *h2conn) data(f *http2.DataFrame, to Receiver, resume <-chan struct{}) error {
	s := c.stream(f.StreamID)
	if s == nil {
		return fmt.Errorf("data of unknown stream %d", f.StreamID)
	}
	s.messages(f.Data(), to)
	s.unacked += f.Length
	c.unacked += f.Length
	if s.stopped && !c.shared {
		<-resume
	}
	return c.giveBack(s)
}

// giveBack returns received bytes to the windows of the stream and the connection.
func (c *h2conn) giveBack(s *h2stream) error {
	stream, conn := s.unacked, c.unacked
	if stream < streamWindow/2 || s.stopped && c.shared {
		stream = 0
	}
	if conn < connWindow/2 {
		conn = 0
	}
	if stream == 0 && conn == 0 {
		return nil
	}
	s.unacked -= stream
	c.unacked -= conn
	return c.write(func() error {
		if conn > 0 {
			_ = c.framer.WriteWindowUpdate(0, conn)
		}
		if stream > 0 {
			return c.framer.WriteWindowUpdate(s.id, stream)
		}
		return nil
	})
}

// widen gives stopped streams more window than they need.
func (c *h2conn) widen() {
	for _, s := range c.streams {
		if s.stopped && c.shared {
			_ = c.write(func() error { return c.framer.WriteWindowUpdate(s.id, connWindow/2) })
		}
	}
}

func (c *h2conn) write(frame func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := frame(); err != nil {
		return err
	}
	return c.out.Flush()
}

// messages passes each complete message on.
func (s *h2stream) messages(b []byte, to Receiver) {
	joined := len(s.partial) > 0
	if joined {
		s.partial = append(s.partial, b...)
		b = s.partial
	}
	rest, need := b, 0
	for len(rest) >= 5 {
		if need = int(binary.BigEndian.Uint32(rest[1:])) + 5; len(rest) < need {
			break
		}
		to.Message(s.index, rest[5:need])
		rest = rest[need:]
	}
	switch {
	case len(rest) == 0:
		s.partial = nil
	case !joined || len(rest) < len(b):
		s.partial = append(make([]byte, 0, max(need, len(rest))), rest...)
	}
}
