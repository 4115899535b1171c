package connlimit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/pires/go-proxyproto"
)

const (
	headerBuffer = 256 // bytes that are read at a time until the header has ended
	maxLine      = 107 // bytes of a header of version 1
)

// readHeader reads a connection's PROXY header, of version 1 or 2, if it begins with one. It returns the address of the client that
// the header names, or else that of the peer, and what has been read after the header.
func readHeader(conn net.Conn, timeout time.Duration) (remote net.Addr, rest []byte, err error) {
	if err := conn.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return nil, nil, err
	}
	buffer := bufio.NewReaderSize(conn, headerBuffer)
	awaitLine(buffer)
	header, err := proxyproto.Read(buffer)
	if err != nil && !errors.Is(err, proxyproto.ErrNoProxyProtocol) {
		return nil, nil, fmt.Errorf("PROXY header: %w", err)
	}
	rest, err = buffer.Peek(buffer.Buffered())
	if err != nil {
		return nil, nil, err
	}
	return forwarded(header, conn.RemoteAddr()), bytes.Clone(rest), conn.SetReadDeadline(time.Time{})
}

// awaitLine reads a header of version 1 into the buffer, if there is one: proxyproto takes it in one piece only.
func awaitLine(buffer *bufio.Reader) {
	for n := 1; n <= maxLine; n++ {
		text, err := buffer.Peek(n)
		if err != nil || text[n-1] == '\n' || n <= len(proxyproto.SIGV1) && text[n-1] != proxyproto.SIGV1[n-1] {
			return
		}
	}
}

// forwarded returns the client's address in a header. A header without one, or no header, is of a connection of the proxy's own, for
// instance to check health.
func forwarded(header *proxyproto.Header, peer net.Addr) net.Addr {
	if header == nil || header.Command.IsLocal() {
		return peer
	}
	if source, ok := header.SourceAddr.(*net.TCPAddr); ok && source != nil && len(source.IP) > 0 {
		return source
	}
	return peer
}
