package server

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"

	"convexgateway/dev/deployment"
	gatewayv1 "convexgateway/gen/convexgateway/v1"
)

// recordedConn keeps what is read of a connection.
type recordedConn struct {
	net.Conn
	mu   sync.Mutex
	read bytes.Buffer
}

func (c *recordedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read.Write(p[:n])
	return n, err
}

// dialRecorded connects the gateway's clients over one connection that is recorded.
func (g *gateway) dialRecorded() *recordedConn {
	g.t.Helper()
	c := &recordedConn{}
	conn, err := grpc.NewClient(g.GRPCAddr(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
			var err error
			if c.Conn != nil {
				return nil, errors.New("a second connection")
			}
			c.Conn, err = (&net.Dialer{}).DialContext(ctx, "tcp", address)
			return c, err
		}))
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = conn.Close() })
	g.functions = gatewayv1.NewFunctionServiceClient(conn)
	return c
}

// answersBeforeEvents counts the streams of one message on a recorded connection whose headers stand before the event with
// their number, in the order of the streams, on the first stream. The first stream's values are numbers.
func (c *recordedConn) answersBeforeEvents(t *testing.T) (answers, early int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	frames := http2.NewFramer(io.Discard, bytes.NewReader(c.read.Bytes()))
	const subscribe = 1
	var messages []byte
	last, begun := 0, map[uint32]bool{}
	for {
		frame, err := frames.ReadFrame()
		if err != nil {
			return answers, early
		}
		switch f := frame.(type) {
		case *http2.DataFrame:
			if f.StreamID == subscribe {
				messages = append(messages, f.Data()...)
				last, messages = lastValue(t, last, messages)
			}
		case *http2.HeadersFrame:
			if f.StreamID != subscribe && !begun[f.StreamID] {
				begun[f.StreamID] = true
				if answers++; last < answers {
					early++
				}
			}
		}
	}
}

// lastValue reads the whole messages of a Subscribe stream.
func lastValue(t *testing.T, last int, messages []byte) (value int, rest []byte) {
	t.Helper()
	for len(messages) >= 5 {
		size := int(binary.BigEndian.Uint32(messages[1:]))
		if len(messages) < 5+size {
			break
		}
		var event gatewayv1.SubscribeResponse
		if err := proto.Unmarshal(messages[5:5+size], &event); err != nil {
			t.Fatal(err)
		}
		if text := event.GetValueJson(); len(text) > 0 {
			last, _ = strconv.Atoi(canonicalText(t, text))
		}
		messages = messages[5+size:]
	}
	return last, messages
}

// On the wire of one connection a mutation's answer stands behind the caller's own event that reflects it.
func TestAnswerFollowsOwnEvent(t *testing.T) {
	t.Parallel()
	g := start(t)
	wire := g.dialRecorded()
	ada := g.as(g.token(deployment.TokenRequest{User: "ada"}))
	stream := g.subscribe(ada, counterQuery("x"))
	wantValue(t, result(stream), "0")
	events := make(chan struct{})
	go func() { // reads, so that nothing waits for the client
		defer close(events)
		for {
			if _, err := stream.Recv(); err != nil {
				return
			}
		}
	}()
	const n, limit = 200, 50 * time.Millisecond // for which an answer waits for a reader
	slow := 0
	for range n {
		began := time.Now()
		if _, err := g.functions.Mutate(ada, addTo("x")); err != nil {
			t.Fatal(err)
		}
		if time.Since(began) >= limit { // the machine was busy
			slow++
		}
	}
	stream.cancel()
	<-events
	if answers, early := wire.answersBeforeEvents(t); answers != n || early > slow {
		t.Errorf("%d of %d answers before the event that reflects them", early, answers)
	}
}
