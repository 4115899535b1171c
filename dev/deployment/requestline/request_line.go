package requestline

import (
	"bytes"
	"net"
)

// Listener serves requests whose path has a % that begins no escape, which net/http refuses: the deployment has its own answer
// to them. It changes the first request of a connection only.
type Listener struct{ net.Listener }

// Accept implements [net.Listener].
func (l Listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lenientConn{Conn: conn}, nil
}

// lenientConn is read by one goroutine at a time.
type lenientConn struct {
	net.Conn
	begun bool
	rest  []byte // to be read before more of the connection
}

// Read implements [net.Conn].
func (c *lenientConn) Read(p []byte) (int, error) {
	if len(c.rest) > 0 {
		n := copy(p, c.rest)
		c.rest = c.rest[n:]
		return n, nil
	}
	n, err := c.Conn.Read(p)
	if n == 0 || c.begun {
		return n, err
	}
	c.begun = true
	line, rest, whole := bytes.Cut(p[:n], []byte{'\n'})
	escaped := escapeBarePercents(line)
	if !whole || len(escaped) == len(line) {
		return n, err
	}
	c.rest = append(append(escaped, '\n'), rest...)
	n = copy(p, c.rest)
	c.rest = append([]byte(nil), c.rest[n:]...)
	return n, err
}

// escapeBarePercents makes %25 of every % that two hexadecimal digits do not follow.
func escapeBarePercents(line []byte) []byte {
	escaped := make([]byte, 0, len(line))
	for i, c := range line {
		escaped = append(escaped, c)
		if c == '%' && (i+2 >= len(line) || !isHex(line[i+1]) || !isHex(line[i+2])) {
			escaped = append(escaped, "25"...)
		}
	}
	return escaped
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}
