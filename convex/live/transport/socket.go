package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"convexgateway/convex"
	"convexgateway/convex/live/protocol"
	"convexgateway/convex/websocket"
)

const (
	dialTimeout  = 20 * time.Second
	WriteTimeout = 20 * time.Second // of each frame
	CloseGrace   = time.Second      // in which a close frame is still read after a write has failed

	maxFrame   = 256 << 20 // bytes of one message from the deployment, which sends all results of a new socket in one
	oneWrite   = 16 << 10  // bytes of messages that are written together
	keptBuffer = 16 << 20  // bytes of a read buffer that is used again
)

// Socket is one WebSocket connection to a deployment. One goroutine reads; send may be called by any and never blocks.
type Socket struct {
	Conn    *websocket.Conn
	workers sync.WaitGroup // all goroutines but the reader
	reading Reading        // nil: nothing is counted
	held    int            // bytes of the message that is being read; its reader's

	mu      sync.Mutex
	queue   [][]byte    // to be written, in order
	queued  int         // bytes of queue
	writing bool        // a writer goroutine is at work on queue; there is none while it is empty
	failed  bool        // nothing is written any more: a gap would break the protocol
	ending  *time.Timer // closes the connection of a failed socket
}

// Reading holds the bytes of messages while they are read and decoded. It may be used concurrently.
type Reading interface {
	Await(n int) // waits until n bytes of a message may be held
	Add(n int)   // holds n more of it, at once
	Give(n int)  // gives n bytes back
}

// countedMessage is how large a message is, in bytes, that Reading counts.
const countedMessage = 64 << 10

// room holds twice n bytes: what is read, and what is decoded from it.
func (s *Socket) room(n int) {
	switch {
	case s.reading == nil:
		return
	case s.held > 0:
		s.reading.Add(2 * n)
	case n < countedMessage:
		return
	default:
		s.reading.Await(2 * n)
	}
	s.held += 2 * n
}

// giveRoom gives back what was held for a message.
func (s *Socket) giveRoom() {
	if s.held > 0 {
		s.reading.Give(s.held)
		s.held = 0
	}
}

// Dial connects to the sync endpoint of the deployment at base. Deployments take compression only with a context that
// both ends keep from message to message; source: get-convex/convex-backend crates/common/src/http/websocket.rs. Only what they
// send is compressed, though: a compressor would take 1.2 MB of memory for each socket, which sends little.
func Dial(ctx context.Context, base *url.URL, client *http.Client, compress bool, reading Reading) (*Socket, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	s := &Socket{reading: reading}
	conn, err := websocket.Dial(ctx, client, base.JoinPath("api", "sync").String(), websocket.Options{
		Header: http.Header{"Convex-Client": {convex.ClientName}}, Compress: compress, ReadLimit: maxFrame, WriteTimeout: WriteTimeout,
		Room: s.room,
	})
	if err != nil {
		return nil, err
	}
	s.Conn = conn
	return s, nil
}

// recordSent, if set, writes down each message before it is sent, the tokens of tests included: in conformance runs, which are
// built with the tag recordframes.
var recordSent func([]byte)

// readBuffers hold messages while they are read and decoded. Sockets share them, so that one that waits has none.
var readBuffers = sync.Pool{New: func() any { return new([]byte) }}

// Receive waits for the next message.
func (s *Socket) Receive() (protocol.ServerMessage, error) {
	if err := s.Conn.Await(); err != nil {
		return nil, protocolError(err)
	}
	buffer := readBuffers.Get().(*[]byte)
	defer s.giveRoom()
	defer func() {
		if cap(*buffer) <= keptBuffer {
			readBuffers.Put(buffer)
		}
	}()
	var err error
	if *buffer, err = s.Conn.Read((*buffer)[:0]); err != nil {
		return nil, protocolError(err)
	}
	message, err := protocol.Decode(*buffer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", protocol.ErrProtocol, err)
	}
	return message, nil
}

// protocolError marks the errors by which the deployment, and not the way to it, is at fault.
func protocolError(err error) error {
	if errors.Is(err, websocket.ErrProtocol) || errors.Is(err, websocket.ErrMessageTooBig) {
		return fmt.Errorf("%w: %w", protocol.ErrProtocol, err)
	}
	return err
}

// Send queues messages, however many wait: callers bound what is under way. A socket that cannot be written to ends.
func (s *Socket) Send(messages [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed || len(messages) == 0 {
		return
	}
	for _, m := range messages {
		s.queue = append(s.queue, m)
		s.queued += len(m)
	}
	if !s.writing {
		s.writing = true
		s.workers.Go(s.writeQueue)
	}
}

// fail drops what is queued and ends the socket, and so its reader, after a while. The caller holds mu.
func (s *Socket) fail(after time.Duration) {
	s.failed, s.queue, s.queued = true, nil, 0
	s.ending = time.AfterFunc(after, func() { _ = s.Conn.Close() })
}

func (s *Socket) writeQueue() {
	for {
		messages := s.dequeue()
		if len(messages) == 0 {
			return
		}
		if recordSent != nil {
			for _, message := range messages {
				recordSent(message)
			}
		}
		if err := s.Conn.Write(messages...); err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.fail(CloseGrace)
			return
		}
	}
}

// dequeue takes the next message, and those after it that leave in the same write because they are small.
func (s *Socket) dequeue() (messages [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		s.queue, s.writing = nil, false
		return nil
	}
	n, bytes := 0, 0
	for n < len(s.queue) && (n == 0 || bytes+len(s.queue[n]) <= oneWrite) {
		bytes += len(s.queue[n])
		n++
	}
	messages, s.queue = s.queue[:n], s.queue[n:]
	s.queued -= bytes
	return messages
}

// Queued returns the bytes that wait to be written, and whether the socket takes no more.
func (s *Socket) Queued() (bytes int, failed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queued, s.failed
}

// Close ends the socket without a close frame and waits for all of its goroutines but the reader. Nothing may be sent any
// more. It may take a while: TLS sends its own close.
func (s *Socket) Close() {
	_ = s.Conn.Close()
	s.workers.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending != nil {
		s.ending.Stop()
	}
}

// CloseReason is the end of a socket as deployments count it: by the reason or code of the close frame.
func CloseReason(err error) string {
	var ce websocket.CloseError
	switch {
	case !errors.As(err, &ce):
		return protocol.ConnectionLost
	case ce.Reason != "":
		return ce.Reason
	default:
		return fmt.Sprintf("closed with code %d", ce.Code)
	}
}
