package deployment_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// goldenSocket is a WebSocket client that sends frames as they are. It answers pings and close frames.
type goldenSocket struct {
	conn     net.Conn
	in       *bufio.Reader
	events   chan goldenEvent // closed at the end of the connection
	ended    bool
	writing  sync.Mutex
	inflated []byte // what compressed messages refer to
}

// goldenEvent is a text message or the end of a socket.
type goldenEvent struct {
	text  string
	close *goldenClose
	cut   bool
}

type goldenClose struct {
	Code   int    `json:"code"`
	Reason string `json:"reason"`
}

// upgrade asks for a WebSocket. The socket is nil if the answer is another.
func upgrade(conn net.Conn, open goldenRequest, b bindings) (*goldenSocket, *http.Response, error) {
	if open.OnlyHeaders == nil {
		open.defaultHeader("Connection", "Upgrade")
		open.defaultHeader("Upgrade", "websocket")
		open.defaultHeader("Sec-WebSocket-Version", "13")
		open.defaultHeader("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	}
	open.Method = "GET"
	go func() { _, _ = io.WriteString(conn, open.head(b)) }()
	in := bufio.NewReaderSize(conn, 64<<10)
	response, err := http.ReadResponse(in, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		return nil, response, err
	}
	s := &goldenSocket{conn: conn, in: in, events: make(chan goldenEvent, 10_000)}
	go s.read()
	return s, response, nil
}

// send writes one frame, masked. It does nothing on a closed socket.
func (s *goldenSocket) send(op byte, fin bool, payload []byte) {
	s.writing.Lock()
	defer s.writing.Unlock()
	head := []byte{op, 0x80}
	if fin {
		head[0] |= 0x80
	}
	switch n := len(payload); {
	case n < 126:
		head[1] |= byte(n)
	case n < 1<<16:
		head[1] |= 126
		head = binary.BigEndian.AppendUint16(head, uint16(n))
	default:
		head[1] |= 127
		head = binary.BigEndian.AppendUint64(head, uint64(n))
	}
	head = append(head, 0, 0, 0, 0) // the mask
	_, _ = s.conn.Write(append(head, payload...))
}

// recv collects events until nothing came for quiet, or for all in all.
func (s *goldenSocket) recv(quiet, all time.Duration) (texts []string, end goldenEvent) {
	timer := time.NewTimer(quiet + all)
	defer timer.Stop()
	for {
		select {
		case event, open := <-s.events:
			switch {
			case !open:
				s.ended = true
				return texts, end
			case event.close != nil || event.cut:
				end = event
			default:
				texts = append(texts, event.text)
			}
			if all == 0 {
				timer.Reset(quiet)
			}
		case <-timer.C:
			return texts, end
		}
	}
}

func (s *goldenSocket) read() {
	defer close(s.events)
	var message []byte
	compressed, closed := false, false
	for {
		first, payload, err := s.frame()
		if err != nil {
			if !closed {
				s.events <- goldenEvent{cut: true}
			}
			_ = s.conn.Close()
			return
		}
		switch first & 0x0f {
		case 0x8:
			closed = true
			s.events <- goldenEvent{close: closeOf(payload)}
			go s.send(0x8, true, payload)
		case 0x9:
			go s.send(0xa, true, payload)
		case 0x0, 0x1:
			message = append(message, payload...)
			compressed = compressed || first&0x40 != 0
			if first&0x80 == 0 {
				continue
			}
			if compressed {
				message = s.inflate(message)
			}
			s.events <- goldenEvent{text: string(message)}
			message, compressed = nil, false
		}
	}
}

func (s *goldenSocket) frame() (first byte, payload []byte, err error) {
	var head [10]byte
	if _, err = io.ReadFull(s.in, head[:2]); err != nil {
		return 0, nil, err
	}
	n := uint64(head[1])
	switch n {
	case 126:
		_, err = io.ReadFull(s.in, head[2:4])
		n = uint64(binary.BigEndian.Uint16(head[2:4]))
	case 127:
		_, err = io.ReadFull(s.in, head[2:10])
		n = binary.BigEndian.Uint64(head[2:10])
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(s.in, payload)
	return head[0], payload, err
}

func (s *goldenSocket) inflate(message []byte) []byte {
	full := io.MultiReader(bytes.NewReader(message), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))
	text, err := io.ReadAll(flate.NewReaderDict(full, s.inflated))
	if err != nil {
		return fmt.Appendf(nil, "inflate: %v", err)
	}
	s.inflated = append(s.inflated, text...)
	s.inflated = s.inflated[max(0, len(s.inflated)-32<<10):]
	return text
}

func closeOf(payload []byte) *goldenClose {
	if len(payload) < 2 {
		return &goldenClose{}
	}
	return &goldenClose{int(binary.BigEndian.Uint16(payload)), string(payload[2:])}
}
