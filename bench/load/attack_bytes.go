package load

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/encoding/protowire"

	"convexgateway/bench/wire"
)

// Attacks whose clients make the server hold bytes, places or connections for them.

const (
	mutateMethod  = "/convexgateway.v1.FunctionService/Mutate"
	actionMethod  = "/convexgateway.v1.FunctionService/Action"
	authMethod    = "/convexgateway.v1.AuthService/AuthState"
	watchMethod   = "/grpc.health.v1.Health/Watch"
	reflectMethod = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"

	uploadSize   = 19 << 20         // bytes, of at most 20 MiB that a server takes
	inflatedSize = 15 << 20         // bytes
	nameSize     = 20<<20 - 100<<10 // bytes
	valueSize    = 40 << 10         // bytes of one value of metadata
)

// together makes the attack's calls on one connection at the same time, and returns when all have ended.
func together(ctx context.Context, conn net.Conn, a Attack, make func() *http.Request) error {
	client := &http.Transport{Protocols: new(http.Protocols), MaxConnsPerHost: 1, DialContext: func(context.Context, string, string) (net.Conn, error) {
		return conn, nil
	}}
	client.Protocols.SetUnencryptedHTTP2(true)
	var calls sync.WaitGroup
	for range a.Calls {
		calls.Go(func() {
			resp, err := client.RoundTrip(make().WithContext(ctx))
			if err == nil {
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
		})
	}
	calls.Wait()
	return nil
}

// request returns a call with a body.
func request(method string, body io.Reader) *http.Request {
	r, err := http.NewRequest(http.MethodPost, "http://x"+method, body)
	if err != nil {
		panic(err) // our own address
	}
	r.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
	return r
}

// unfinishedUploads sends messages whose end never comes.
func unfinishedUploads(ctx context.Context, conn net.Conn, a Attack) error {
	content := make([]byte, uploadSize-1)
	return together(ctx, conn, a, func() *http.Request {
		header := binary.BigEndian.AppendUint32([]byte{0}, uploadSize)
		return request(mutateMethod, io.MultiReader(bytes.NewReader(header), bytes.NewReader(content), until{ctx}))
	})
}

// until is a reader without content, which ends with its context.
type until struct{ context.Context }

// Read implements [io.Reader].
func (u until) Read([]byte) (int, error) {
	<-u.Done()
	return 0, u.Err()
}

// inflatingCalls sends messages that are small on the wire.
func inflatingCalls(ctx context.Context, conn net.Conn, a Attack) error {
	message := compressed()
	return together(ctx, conn, a, func() *http.Request {
		r := request(mutateMethod, bytes.NewReader(message))
		r.Header.Set("Grpc-Encoding", "gzip")
		return r
	})
}

// compressed is a message of a mutation, framed, of inflatedSize behind the compression.
var compressed = sync.OnceValue(func() []byte {
	var text bytes.Buffer
	w := gzip.NewWriter(&text)
	_, _ = w.Write(functionRequest(wire.QueryPath, `{"body":"`+strings.Repeat("x", inflatedSize)+`"}`))
	_ = w.Close()
	message := Frame(text.Bytes())
	message[0] = 1
	return message
})

// functionRequest encodes the request of a function, with its arguments as JSON.
func functionRequest(path, args string) []byte {
	b := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), path)
	return protowire.AppendString(protowire.AppendTag(b, 3, protowire.BytesType), args)
}

// unreadCalls asks for large results, and gives none of their streams a window.
func unreadCalls(ctx context.Context, conn net.Conn, a Attack) error {
	h, err := openHTTP2(conn)
	if err != nil {
		return err
	}
	for i := range a.Calls {
		if err := h.call(uint32(2*i+1), queryMethod, functionRequest(wire.LargePath, "{}")); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// unreadResult asks for a large result, and does not read it.
func unreadResult(ctx context.Context, conn net.Conn, _ Attack) error {
	return unread(ctx, conn, "GET /v1/query?path="+wire.LargePath+" HTTP/1.1\r\nHost: x\r\n\r\n")
}

// longNames watches the health of services with long names.
func longNames(ctx context.Context, conn net.Conn, a Attack) error {
	name := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), strings.Repeat("x", nameSize))
	message := Frame(name)
	return together(ctx, conn, a, func() *http.Request {
		return request(watchMethod, io.MultiReader(bytes.NewReader(message), until{ctx}))
	})
}

// call makes a call with one message.
func (h *hostile) call(id uint32, method string, message []byte, more ...hpack.HeaderField) error {
	block := h.headers(method, more...)
	if err := h.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block[:min(len(block), maxFrame)], EndHeaders: len(block) <= maxFrame}); err != nil {
		return err
	}
	for part := range slices.Chunk(block[min(len(block), maxFrame):], maxFrame) {
		block = block[len(part):]
		if err := h.WriteContinuation(id, len(block) <= maxFrame, part); err != nil {
			return err
		}
	}
	return h.WriteData(id, true, Frame(message))
}

// hold opens the attack's streams, and keeps the connection.
func hold(ctx context.Context, conn net.Conn, a Attack, method string, more ...hpack.HeaderField) error {
	h, err := openHTTP2(conn)
	if err != nil {
		return err
	}
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	for i := range a.Calls {
		if err := h.call(uint32(2*i+1), method, nil, more...); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

func watches(ctx context.Context, conn net.Conn, a Attack) error {
	return hold(ctx, conn, a, watchMethod)
}

// waitingStreams have a token of an issuer out of reach.
func waitingStreams(ctx context.Context, conn net.Conn, a Attack) error {
	return hold(ctx, conn, a, authMethod, hpack.HeaderField{Name: "authorization", Value: "Bearer " + a.Token})
}

// reflections opens streams of reflection, and sends nothing on them.
func reflections(ctx context.Context, conn net.Conn, a Attack) error {
	h, err := openHTTP2(conn)
	if err != nil {
		return err
	}
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	for i := range a.Calls {
		if err := h.open(uint32(2*i+1), reflectMethod); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// sleepingActions makes calls that last.
func sleepingActions(ctx context.Context, conn net.Conn, a Attack) error {
	return together(ctx, conn, a, func() *http.Request {
		return request(actionMethod, bytes.NewReader(Frame(functionRequest(wire.SleepPath, "{}"))))
	})
}

// largeMetadata makes calls with a large value of metadata, one after the other, on a connection with a stream of its own.
func largeMetadata(ctx context.Context, conn net.Conn, a Attack) error {
	h, err := openHTTP2(conn)
	if err != nil {
		return err
	}
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	request := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), a.Live)
	if err := h.call(1, subscribeMethod, request); err != nil {
		return err
	}
	filler := hpack.HeaderField{Name: "x-filler", Value: strings.Repeat("x", valueSize), Sensitive: true}
	for id := uint32(3); wait(ctx, about(10*time.Millisecond)); id += 2 {
		if err := h.call(id, queryMethod, functionRequest(wire.QueryPath, wire.QueryArgs), filler); err != nil {
			return err
		}
	}
	return ctx.Err()
}
