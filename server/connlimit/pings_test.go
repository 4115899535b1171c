package connlimit_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"

	"convexgateway/server/connlimit"
)

// Bounds of pings in these tests: a client may send some without a response, and not ever more.
const (
	fewPings  = 30
	manyPings = 200
)

// fixedConn is a connection that reads a text, and drops what is written.
type fixedConn struct {
	net.Conn
	io.Reader
}

func (c fixedConn) Read(p []byte) (int, error)  { return c.Reader.Read(p) }
func (c fixedConn) Write(p []byte) (int, error) { return len(p), nil }

// sent returns the bytes of frames, after the client's preface.
func sent(write func(*http2.Framer)) []byte {
	text := bytes.NewBufferString(http2.ClientPreface)
	write(http2.NewFramer(text, nil))
	return text.Bytes()
}

// A flood of frames that must be answered ends the connection; other frames do not.
func TestBoundPings(t *testing.T) {
	for name, test := range map[string]struct {
		frame func(*http2.Framer) error
		flood bool
	}{
		"pings":         {func(f *http2.Framer) error { return f.WritePing(false, [8]byte{1}) }, true},
		"settings":      {func(f *http2.Framer) error { return f.WriteSettings() }, true},
		"ping answers":  {func(f *http2.Framer) error { return f.WritePing(true, [8]byte{1}) }, false},
		"settings acks": {func(f *http2.Framer) error { return f.WriteSettingsAck() }, false},
		"data":          {func(f *http2.Framer) error { return f.WriteData(1, false, make([]byte, 100)) }, false},
	} {
		frames := func(n int) []byte {
			return sent(func(f *http2.Framer) {
				for range n {
					if err := test.frame(f); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
		for how, reader := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader, "halves": iotest.HalfReader,
		} {
			few := frames(fewPings)
			if got, err := io.ReadAll(connlimit.BoundPings(fixedConn{Reader: reader(bytes.NewReader(few))}, false)); err != nil || !bytes.Equal(got, few) {
				t.Errorf("%s, %s: %d of %d bytes, %v", name, how, len(got), len(few), err)
			}
			many := frames(manyPings)[len(http2.ClientPreface):]
			_, err := io.ReadAll(connlimit.BoundPings(fixedConn{Reader: reader(bytes.NewReader(many))}, true))
			if flood := errors.Is(err, http2.ConnectionError(http2.ErrCodeEnhanceYourCalm)); flood != test.flood {
				t.Errorf("%s, %s: a flood ended with %v", name, how, err)
			}
		}
	}
}

// pingPipe is a client that pings a server with bounds.
type pingPipe struct {
	t      *testing.T
	client *http2.Framer
	server net.Conn
}

// ping pings, and returns the error of the server's reading.
func (p pingPipe) ping() error {
	errs := make(chan error, 1)
	go func() { errs <- p.client.WritePing(false, [8]byte{}) }()
	_, err := io.ReadFull(p.server, make([]byte, 17))
	if err == nil {
		err = <-errs
	}
	return err
}

func newPingPipe(t *testing.T) pingPipe {
	client, server := net.Pipe()
	t.Cleanup(func() {
		_ = client.Close()
		_ = server.Close()
	})
	go func() { _, _ = io.Copy(io.Discard, client) }()
	return pingPipe{t, http2.NewFramer(client, nil), connlimit.BoundPings(server, true)}
}

// A client may ping twice a frame that it receives, and now and then for as long as it likes.
func TestAllowedPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPingPipe(t)
		response := http2.NewFramer(p.server, nil)
		for range 5 * manyPings {
			if err := response.WriteData(1, false, []byte("data")); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := p.ping(); err != nil {
					t.Fatalf("with responses: %v", err)
				}
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		p := newPingPipe(t)
		for range 5 * manyPings {
			if err := p.ping(); err != nil {
				t.Fatalf("every two seconds: %v", err)
			}
			pass(2 * time.Second)
		}
	})
}

// However the bytes of a connection arrive, they are counted the same, and passed on.
func FuzzBoundPings(f *testing.F) {
	f.Add(sent(func(f *http2.Framer) { _ = f.WritePing(false, [8]byte{1}) }))
	f.Add(bytes.Repeat([]byte{0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}, manyPings))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, whole := io.ReadAll(connlimit.BoundPings(fixedConn{Reader: bytes.NewReader(text)}, true))
		if whole == nil && !bytes.Equal(got, text) {
			t.Error("bytes are lost")
		}
		if _, single := io.ReadAll(connlimit.BoundPings(fixedConn{Reader: iotest.OneByteReader(bytes.NewReader(text))}, true)); !errors.Is(single, whole) {
			t.Errorf("byte by byte: %v, as a whole: %v", single, whole)
		}
	})
}
