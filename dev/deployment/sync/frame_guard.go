package sync

import (
	"bufio"
	"bytes"
	"crypto/sha1" //nolint:gosec // of the WebSocket handshake
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
)

// maxFrame is the largest frame of a client, in bytes. A message may have several.
const maxFrame = 16 << 20

// guarded changes how a request is upgraded: frames that break the protocol end the socket as Convex ends it, with 1011, and any
// Sec-WebSocket-Key is accepted. (The WebSocket library sends 1002, and wants a key of 16 bytes.)
func guarded(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // of the WebSocket handshake
	r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")                                       // any one that the library accepts
	return &guardedWriter{w, base64.StdEncoding.EncodeToString(sum[:])}
}

type guardedWriter struct {
	http.ResponseWriter
	accept string // for the key that the client has sent
}

// WriteHeader implements [http.ResponseWriter].
func (w *guardedWriter) WriteHeader(status int) {
	if status == http.StatusSwitchingProtocols {
		w.Header().Set("Sec-WebSocket-Accept", w.accept)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Hijack implements [http.Hijacker].
func (w *guardedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, _ := buffered.Peek(buffered.Reader.Buffered())
	g := &frameGuard{Conn: conn, from: io.MultiReader(bytes.NewReader(early), conn)}
	return g, bufio.NewReadWriter(bufio.NewReader(g), bufio.NewWriter(g)), nil
}

// frameGuard is a connection whose client must send valid frames. One goroutine reads; any number may write.
type frameGuard struct {
	net.Conn
	from io.Reader

	head     []byte // of the frame that begins
	payload  uint64 // left of the frame
	fragment bool   // the message goes on in the next frame

	writing sync.Mutex
}

var errBadFrame = errors.New("sync: the client broke the WebSocket protocol")

// Read implements [net.Conn]. At a bad frame it closes the connection.
func (g *frameGuard) Read(p []byte) (int, error) {
	n, err := g.from.Read(p)
	if !g.accept(p[:n]) {
		g.refuse()
		return 0, errBadFrame
	}
	return n, err
}

// Write implements [net.Conn].
func (g *frameGuard) Write(p []byte) (int, error) {
	g.writing.Lock()
	defer g.writing.Unlock()
	return g.Conn.Write(p)
}

// refuse sends a close frame and closes the connection.
func (g *frameGuard) refuse() {
	const reason = "InternalServerError"
	frame := binary.BigEndian.AppendUint16([]byte{0x88, byte(2 + len(reason))}, 1011)
	_, _ = g.Write(append(frame, reason...))
	_ = g.Close()
}

// accept follows the frames of the client. It returns false at the head of a bad one.
func (g *frameGuard) accept(data []byte) bool {
	for len(data) > 0 {
		if g.payload > 0 {
			skip := min(g.payload, uint64(len(data)))
			g.payload, data = g.payload-skip, data[skip:]
			continue
		}
		g.head, data = append(g.head, data[0]), data[1:]
		if !g.validHead() {
			return false
		}
	}
	return true
}

// validHead checks the head of a frame as far as it has come.
func (g *frameGuard) validHead() bool {
	first := g.head[0]
	op, fin := first&0x0f, first&0x80 != 0
	control := op >= 0x8
	switch {
	case op > 0x2 && op < 0x8 || op > 0xa, control && !fin, !control && (op == 0) != g.fragment:
		return false
	case len(g.head) == 1:
		return true
	case g.head[1]&0x80 == 0:
		return false
	}
	size, complete := payloadSize(g.head)
	if !complete {
		return true
	}
	if size > maxFrame || control && size > 125 {
		return false
	}
	if !control {
		g.fragment = !fin
	}
	g.payload, g.head = size, g.head[:0]
	return true
}

// payloadSize reads the size in a head, once it is there with the mask.
func payloadSize(head []byte) (size uint64, complete bool) {
	const mask = 4
	switch size = uint64(head[1] & 0x7f); {
	case size == 126 && len(head) == 4+mask:
		return uint64(binary.BigEndian.Uint16(head[2:])), true
	case size == 127 && len(head) == 10+mask:
		return binary.BigEndian.Uint64(head[2:]), true
	default:
		return size, size < 126 && len(head) == 2+mask
	}
}
