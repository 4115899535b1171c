package websocket

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

const (
	waitingBuffer = 512      // bytes that a connection reads ahead; what is longer is read into the message's own buffer
	maxFragment   = 1 << 20  // bytes of a message in one frame
	trustedLength = 64 << 10 // bytes of a frame that are allocated before they come

	closeTimeout = time.Second // to send a close frame
)

// Codes of close frames; source: RFC 6455, 7.4.1, and its registry.
const (
	StatusProtocolError   = 1002
	StatusUnsupportedData = 1003
	StatusNoneReceived    = 1005 // the frame had none
	StatusInvalidPayload  = 1007
	StatusMessageTooBig   = 1009
	StatusInternalError   = 1011
	StatusTryAgainLater   = 1013
)

// ErrMessageTooBig is the error of a message over the limit, ErrProtocol of what the RFC does not allow.
var (
	ErrMessageTooBig = errors.New("the message is too big")
	ErrProtocol      = errors.New("WebSocket protocol violation")
)

// CloseError is the server's close frame.
type CloseError struct {
	Code   int
	Reason string // up to 123 bytes
}

func (e CloseError) Error() string {
	return fmt.Sprintf("the server has closed with code %d: %q", e.Code, e.Reason)
}

// Conn is a connection. One goroutine may read and one may write; any may close. After an error of reading it is of no
// more use, and still has to be closed.
type Conn struct {
	rwc          io.ReadWriteCloser
	br           *bufio.Reader
	inflater     *inflater // nil unless compression was agreed on
	readLimit    int
	room         func(n int)
	writeTimeout time.Duration

	message header      // of the message that was awaited
	writing sync.Mutex  // for one frame
	closing atomic.Bool // nothing is sent after a close frame
}

// Await waits for the next message, and answers pings meanwhile.
func (c *Conn) Await() error {
	h, err := c.dataHeader()
	switch {
	case err != nil:
		return err
	case h.op == opBinary:
		return c.fail(StatusUnsupportedData, fmt.Errorf("%w: binary message", ErrProtocol))
	case h.op != opText:
		return c.fail(StatusProtocolError, fmt.Errorf("%w: a message cannot begin with opcode %d", ErrProtocol, h.op))
	}
	c.message = h
	return nil
}

// errNotText is the error of a text that is not UTF-8.
var errNotText = fmt.Errorf("%w: text is not UTF-8", ErrProtocol)

// Read appends the message that was awaited to buffer.
func (c *Conn) Read(buffer []byte) ([]byte, error) {
	start := len(buffer)
	buffer, err := c.read(buffer)
	if err == nil && !utf8.Valid(buffer[start:]) {
		err = c.fail(StatusInvalidPayload, errNotText)
	}
	return buffer, err
}

func (c *Conn) read(buffer []byte) ([]byte, error) {
	if !c.message.compressed {
		return c.payload(buffer)
	}
	scratch := buffers.Get().(*[]byte)
	defer keep(scratch)
	var err error
	if *scratch, err = c.payload((*scratch)[:0]); err != nil {
		return buffer, err
	}
	buffer, err = c.inflater.inflate(buffer, scratch, c.readLimit, c.room)
	switch {
	case errors.Is(err, ErrMessageTooBig):
		return buffer, c.fail(StatusMessageTooBig, err)
	case err != nil:
		return buffer, c.fail(StatusInvalidPayload, err)
	}
	return buffer, nil
}

// payload appends the frames of a message to buffer.
func (c *Conn) payload(buffer []byte) ([]byte, error) {
	room := uint64(c.readLimit)
	for h := c.message; ; {
		if h.length > room {
			return buffer, c.fail(StatusMessageTooBig, fmt.Errorf("%w: more than %d bytes", ErrMessageTooBig, c.readLimit))
		}
		room -= h.length
		if c.room != nil && h.length > 0 {
			c.room(int(h.length))
		}
		var err error
		if buffer, err = readN(c.br, buffer, h.length); err != nil || h.fin {
			return buffer, err
		}
		if h, err = c.dataHeader(); err != nil {
			return buffer, err
		}
		if h.op != opContinuation || h.compressed {
			return buffer, c.fail(StatusProtocolError, fmt.Errorf("%w: opcode %d within a message", ErrProtocol, h.op))
		}
	}
}

// dataHeader reads up to the next frame of a message, and answers the control frames before it.
func (c *Conn) dataHeader() (header, error) {
	for {
		h, err := readHeader(c.br)
		if err == nil && h.compressed && (c.inflater == nil || h.op.control()) {
			err = fmt.Errorf("%w: the frame cannot be compressed", ErrProtocol)
		}
		if errors.Is(err, ErrProtocol) {
			return header{}, c.fail(StatusProtocolError, err)
		}
		if err != nil || !h.op.control() {
			return h, err
		}
		if err := c.control(h); err != nil {
			return header{}, err
		}
	}
}

// control answers a ping, and the server's close frame with the same code.
func (c *Conn) control(h header) error {
	if !h.fin || h.length > maxControl {
		return c.fail(StatusProtocolError, fmt.Errorf("%w: control frame of %d bytes, whole: %t", ErrProtocol, h.length, h.fin))
	}
	payload, err := readN(c.br, nil, h.length)
	if err != nil {
		return err
	}
	switch h.op {
	case opPing:
		_ = c.write(appendFrame(nil, opPong, true, payload)) // if that fails, reading returns why: there may be a close frame to read
		return nil
	case opPong:
		return nil
	case opClose:
		closed, err := parseClose(payload)
		switch {
		case errors.Is(err, errNotText):
			return c.fail(StatusInvalidPayload, err)
		case err != nil:
			return c.fail(StatusProtocolError, err)
		}
		c.sendClose(payload[:min(len(payload), 2)])
		return closed
	default:
		return c.fail(StatusProtocolError, fmt.Errorf("%w: opcode %d", ErrProtocol, h.op))
	}
}

// fail sends a close frame with a code and returns why.
func (c *Conn) fail(code int, why error) error {
	c.sendClose([]byte{byte(code >> 8), byte(code)})
	return why
}

// sendClose sends the last frame, unless a writer is at work, which may be blocked: the frame is optional.
func (c *Conn) sendClose(payload []byte) {
	if c.closing.Swap(true) || !c.writing.TryLock() {
		return
	}
	defer c.writing.Unlock()
	_ = c.send(appendFrame(nil, opClose, true, payload), closeTimeout)
}

// Write sends messages, small ones together, in several frames if one is long. What does not leave in time closes the connection.
func (c *Conn) Write(messages ...[]byte) error {
	frames := buffers.Get().(*[]byte)
	defer keep(frames)
	*frames = (*frames)[:0]
	for _, message := range messages {
		for op := opText; ; op = opContinuation {
			part := message[:min(len(message), maxFragment)]
			message = message[len(part):]
			if len(*frames)+len(part) > maxFragment && len(*frames) > 0 {
				if err := c.write(*frames); err != nil {
					return err
				}
				*frames = (*frames)[:0]
			}
			if *frames = appendFrame(*frames, op, len(message) == 0, part); len(message) == 0 {
				break
			}
		}
	}
	return c.write(*frames)
}

// write writes frames.
func (c *Conn) write(frames []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.closing.Load() {
		return net.ErrClosed
	}
	return c.send(frames, c.writeTimeout)
}

// send writes frames. The caller holds writing.
func (c *Conn) send(frame []byte, timeout time.Duration) error {
	late := time.AfterFunc(timeout, func() { _ = c.rwc.Close() })
	defer late.Stop()
	_, err := c.rwc.Write(frame)
	return err
}

// Close ends the connection without a close frame, and with it all reads and writes. It may take a while: TLS sends its own
// close.
func (c *Conn) Close() error { return c.rwc.Close() }

// buffers hold frames while they are written, and compressed messages until they are inflated.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

func keep(buffer *[]byte) {
	if cap(*buffer) <= 2*maxFragment {
		buffers.Put(buffer)
	}
}
