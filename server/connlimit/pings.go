package connlimit

import (
	"encoding/binary"
	"net"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"
)

// Pings and settings are frames of HTTP/2 that make the server answer. gRPC's own server ends a connection with too many of them;
// that of net/http does not.

const (
	maxPings   = 60          // in each pingPeriod, besides pingsOfAnswer
	pingPeriod = time.Minute // clients ping every few seconds at most

	pingsOfAnswer = 2 // for each frame of a response: clients measure the connection with pings while they receive
)

// BoundPings returns a connection over HTTP/2 whose reads fail, with an error that the HTTP/2 server sends to the client, after too
// many pings. The client's preface has been read already if prefaced.
func BoundPings(conn net.Conn, prefaced bool) net.Conn {
	c := &pingConn{Conn: conn}
	if !prefaced {
		c.in.skip = len(http2.ClientPreface)
	}
	return c
}

// pingConn counts the frames of a connection over HTTP/2.
type pingConn struct {
	net.Conn
	in, out frames
	began   time.Time // of the period
	pings   atomic.Int64
}

// Read implements [net.Conn].
func (c *pingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	flood := false
	c.in.scan(p[:n], func(kind http2.FrameType, flags http2.Flags) {
		if (kind == http2.FramePing || kind == http2.FrameSettings) && !flags.Has(http2.FlagPingAck) { // the bit of both kinds' answers
			flood = flood || !c.allowed()
		}
	})
	if flood {
		return 0, http2.ConnectionError(http2.ErrCodeEnhanceYourCalm)
	}
	return n, err
}

// allowed counts a ping, and reports whether it is within the bound. The first one over it begins a period.
func (c *pingConn) allowed() bool {
	if c.pings.Add(1) <= maxPings {
		return true
	}
	now := time.Now()
	if now.Sub(c.began) < pingPeriod {
		return false
	}
	c.began = now
	c.pings.Store(0)
	return true
}

// Write implements [net.Conn].
func (c *pingConn) Write(p []byte) (int, error) {
	c.out.scan(p, func(kind http2.FrameType, _ http2.Flags) {
		if (kind == http2.FrameData || kind == http2.FrameHeaders) && c.pings.Load() > 0 {
			c.pings.Add(-pingsOfAnswer)
		}
	})
	return c.Conn.Write(p)
}

// frameHeader is the length of a frame's header: 24 bits of length, type, flags, and the stream.
const frameHeader = 9

// frames finds the frames in one direction of a connection.
type frames struct {
	skip   int // bytes to the next frame
	header [frameHeader]byte
	have   int // bytes of header
}

// scan calls found for each frame whose header ends in the next bytes.
func (f *frames) scan(p []byte, found func(http2.FrameType, http2.Flags)) {
	for len(p) > 0 {
		skipped := min(f.skip, len(p))
		f.skip -= skipped
		p = p[skipped:]
		n := copy(f.header[f.have:], p)
		p = p[n:]
		if f.have += n; f.have < frameHeader || f.skip > 0 {
			continue
		}
		f.have = 0
		f.skip = int(binary.BigEndian.Uint32(f.header[:4]) >> 8)
		found(http2.FrameType(f.header[3]), http2.Flags(f.header[4]))
	}
}
