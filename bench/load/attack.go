package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// Attack is a number of abusive clients. Each opens a connection, misuses it until the server closes it, and reconnects after
// a pause, so that the server is measured and not the attackers' own work.
type Attack struct {
	Kind      string `json:"kind"`
	GRPC      string `json:"grpc"` // address
	HTTP      string `json:"http"` // address
	Attackers int    `json:"attackers"`
	Calls     int    `json:"calls,omitempty"` // on each connection, where that is given by the attack
	From      string `json:"from,omitempty"`  // address of the clients; empty: any
	Token     string `json:"token,omitempty"` // of the calls of waiting streams
	Live      string `json:"live"`            // path of a query to subscribe to
}

// misuse is what an attacker does on one connection, over gRPC and over HTTP/1.1; nil: not over this protocol. It returns when
// it is done or the connection has ended.
type misuse struct {
	overGRPC, overHTTP func(ctx context.Context, conn net.Conn, a Attack) error
	pause              time.Duration
}

// Attacks whose clients have small buffers.
const (
	slowReaders   = "slow readers"
	unreadResults = "unread results"
)

var misuses = map[string]misuse{
	"silent connections": {silence, silence, time.Second},
	"slow headers":       {nil, slowHeader, time.Second},
	"slow bodies":        {slowMessage, slowBody, time.Second},
	slowReaders:          {unreadStream, unreadEvents, time.Second},
	"ping flood":         {pings, nil, 200 * time.Millisecond},
	"rapid reset":        {resets, nil, 200 * time.Millisecond},
	"huge metadata":      {hugeMetadata, hugeHeader, 200 * time.Millisecond},
	"unfinished uploads": {unfinishedUploads, nil, time.Second},
	"inflating calls":    {inflatingCalls, nil, time.Second},
	unreadResults:        {unreadCalls, unreadResult, time.Second},
	"long names":         {longNames, nil, time.Second},
	"health watches":     {watches, nil, time.Second},
	"reflection streams": {reflections, nil, time.Second},
	"sleeping actions":   {sleepingActions, nil, time.Second},
	"waiting streams":    {waitingStreams, nil, time.Second},
	"large metadata":     {largeMetadata, nil, time.Second},
}

// Start attacks until ctx ends. It returns when all attackers have connected.
func (a Attack) Start(ctx context.Context) error {
	what, known := misuses[a.Kind]
	if !known {
		return fmt.Errorf("there is no attack %q", a.Kind)
	}
	connected := make(chan error, a.Attackers)
	for i := range a.Attackers {
		addr, act := a.GRPC, what.overGRPC
		if act == nil || i%2 == 1 && what.overHTTP != nil {
			addr, act = a.HTTP, what.overHTTP
		}
		go func() {
			a.once(ctx, addr, act, connected)
			for wait(ctx, about(what.pause)) {
				a.once(ctx, addr, act, nil)
			}
		}()
	}
	for range a.Attackers {
		if err := <-connected; err != nil {
			return err
		}
	}
	return nil
}

// once opens one connection and misuses it.
func (a Attack) once(ctx context.Context, addr string, act func(context.Context, net.Conn, Attack) error, connected chan<- error) {
	dialer := newDialer()
	if a.Kind == slowReaders || a.Kind == unreadResults {
		dialer.Control = controlStopped
	}
	if a.From != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(a.From)}
	}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if connected != nil {
		connected <- err
	}
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	_ = act(ctx, conn, a) // the server is expected to close the connection
}

// about returns d with a jitter of one half, so that attackers do not all act at the same moment.
func about(d time.Duration) time.Duration { return d/2 + rand.N(d) }

// wait waits for d, and reports false if ctx ends before.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// silence sends nothing and waits until the server closes the connection.
func silence(_ context.Context, conn net.Conn, _ Attack) error {
	_, err := io.Copy(io.Discard, conn)
	return err
}

// drip sends a byte a second.
func drip(ctx context.Context, send func(b byte) error) error {
	for wait(ctx, about(time.Second)) {
		if err := send('x'); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func dripOn(ctx context.Context, conn net.Conn, begin string) error {
	if _, err := io.WriteString(conn, begin); err != nil {
		return err
	}
	return drip(ctx, func(b byte) error {
		_, err := conn.Write([]byte{b})
		return err
	})
}

func slowHeader(ctx context.Context, conn net.Conn, _ Attack) error {
	return dripOn(ctx, conn, "POST /v1/query HTTP/1.1\r\nHost: x\r\nX-Slow: ")
}

func slowBody(ctx context.Context, conn net.Conn, _ Attack) error {
	return dripOn(ctx, conn, "POST /v1/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{")
}

func unreadEvents(ctx context.Context, conn net.Conn, a Attack) error {
	return unread(ctx, conn, "GET /v1/subscribe?path="+a.Live+" HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
}

// unread sends a request, and does not read the response.
func unread(ctx context.Context, conn net.Conn, request string) error {
	_, err := io.WriteString(conn, request)
	if err == nil {
		<-ctx.Done()
	}
	return err
}

func hugeHeader(_ context.Context, conn net.Conn, _ Attack) error {
	_, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Filler: "+strings.Repeat("x", hugeBytes))
	return err
}

// maxFrame is the largest frame that every HTTP/2 server takes, in bytes.
const maxFrame = 16 << 10

// hugeBytes is 32 times the limit of headers.
const hugeBytes = 1 << 20

// hostile is a connection for misuse of HTTP/2.
type hostile struct {
	net.Conn
	*http2.Framer
	block   bytes.Buffer
	encoder *hpack.Encoder
}

// openHTTP2 sends what every client sends first.
func openHTTP2(conn net.Conn) (*hostile, error) {
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		return nil, err
	}
	h := &hostile{Conn: conn, Framer: http2.NewFramer(conn, nil)}
	h.encoder = hpack.NewEncoder(&h.block)
	return h, h.WriteSettings()
}

// headers encodes the headers of a call, and more.
func (h *hostile) headers(method string, more ...hpack.HeaderField) []byte {
	h.block.Reset()
	for _, f := range append([]hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "http"}, {Name: ":path", Value: method}, {Name: ":authority", Value: "x"},
		{Name: "content-type", Value: "application/grpc"}, {Name: "te", Value: "trailers"},
	}, more...) {
		_ = h.encoder.WriteField(f)
	}
	return h.block.Bytes()
}

func (h *hostile) open(id uint32, method string) error {
	return h.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: h.headers(method), EndHeaders: true})
}

const (
	queryMethod     = "/convexgateway.v1.FunctionService/Query"
	subscribeMethod = "/convexgateway.v1.FunctionService/Subscribe"
)

// slowMessage makes a call whose request is sent a byte a second.
func slowMessage(ctx context.Context, conn net.Conn, _ Attack) error {
	h, err := openHTTP2(conn)
	if err != nil {
		return err
	}
	if err := h.open(1, queryMethod); err != nil {
		return err
	}
	if err := h.WriteData(1, false, Frame(make([]byte, 1000))[:5]); err != nil {
		return err
	}
	return drip(ctx, func(b byte) error { return h.WriteData(1, false, []byte{b}) })
}

// unreadStream subscribes to a query and reads nothing.
func unreadStream(ctx context.Context, conn net.Conn, a Attack) error {
	h, err := openHTTP2(conn)
	if err != nil {
		return err
	}
	if err := h.open(1, subscribeMethod); err != nil {
		return err
	}
	request := append([]byte{1<<3 | 2, byte(len(a.Live))}, a.Live...) // field 1, a string: SubscribeRequest.path
	if err := h.WriteData(1, true, Frame(request)); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func pings(ctx context.Context, conn net.Conn, a Attack) error {
	h, err := openHTTP2(conn)
	for i := 0; i < 1000 && err == nil; i++ {
		err = h.WritePing(false, [8]byte{byte(i)})
	}
	if err == nil {
		err = silence(ctx, conn, a)
	}
	return err
}

// resets opens streams and cancels them at once: a hundred a second.
func resets(ctx context.Context, conn net.Conn, _ Attack) error {
	h, err := openHTTP2(conn)
	if err != nil {
		return err
	}
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	for id := uint32(1); wait(ctx, 50*time.Millisecond); {
		for range 5 {
			if err := h.open(id, subscribeMethod); err != nil {
				return err
			}
			if err := h.WriteRSTStream(id, http2.ErrCodeCancel); err != nil {
				return err
			}
			id += 2
		}
	}
	return nil
}

// hugeMetadata sends headers in many frames.
func hugeMetadata(_ context.Context, conn net.Conn, _ Attack) error {
	h, err := openHTTP2(conn)
	if err != nil {
		return err
	}
	block := h.headers(queryMethod, hpack.HeaderField{Name: "x-filler", Value: strings.Repeat("~", hugeBytes)})
	err = h.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block[:maxFrame], EndStream: true})
	for block = block[maxFrame:]; err == nil && len(block) > 0; {
		part := block[:min(maxFrame, len(block))]
		block = block[len(part):]
		err = h.WriteContinuation(1, len(block) == 0, part)
	}
	return err
}
