package websocket

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	coder "github.com/coder/websocket"
)

// Messages of all kinds of lengths return from an echo as they were, compressed by it or not.
func TestMessages(t *testing.T) {
	sizes := []int{0, 1, 125, 126, 127, 500, 65535, 65536, maxFragment, maxFragment + 1, 3<<20 + 7, 0, 10}
	for name, mode := range map[string]coder.CompressionMode{
		"plain": coder.CompressionDisabled, "compressed": coder.CompressionContextTakeover, "each by itself": coder.CompressionNoContextTakeover,
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(accepting(t, mode, func(conn *coder.Conn) {
				for {
					kind, message, err := conn.Read(t.Context())
					if err != nil || conn.Write(t.Context(), kind, message) != nil {
						return
					}
				}
			}))
			defer server.Close()
			opts := options
			opts.Compress = mode != coder.CompressionDisabled
			c, err := Dial(t.Context(), server.Client(), server.URL, opts)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if (c.inflater != nil) != opts.Compress {
				t.Errorf("compression was agreed on: %t", c.inflater != nil)
			}
			for i, size := range sizes {
				message := text(size, uint64(i%4)) // some repeat what was sent before
				if err := c.Write(message); err != nil {
					t.Fatal(err)
				}
				if err := c.Await(); err != nil {
					t.Fatal(err)
				}
				got, err := c.Read([]byte("before "))
				if err != nil || !bytes.Equal(got, append([]byte("before "), message...)) {
					t.Fatalf("of %d bytes came %d, %v", size, len(got)-7, err)
				}
			}
		})
	}
}

// text is so many letters, the same for the same seed.
func text(size int, seed uint64) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(seed)}).Read(b)
	for i := range b {
		b[i] = "abcdefgh"[b[i]%8]
	}
	return b
}

func TestFragmentsAndControlFramesBetween(t *testing.T) {
	server := &recording{Reader: strings.NewReader(
		frame(0x89, "1") + frame(0x01, "a") + frame(0x89, "2") + frame(0x00, "") + frame(0x8A, "?") + frame(0x80, "b") + frame(0x81, "c"))}
	c := over(t, server, "")
	for _, want := range []string{"ab", "c"} {
		if got, err := next(c); got != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	if _, err := next(c); !errors.Is(err, io.EOF) {
		t.Errorf("at the end %v", err)
	}
	for _, want := range []string{"1", "2"} {
		if first, pong := unmask(t, &server.received); first != finBit|byte(opPong) || pong != want {
			t.Errorf("received %#x %q", first, pong)
		}
	}
}

// unmask reads a client's frame of less than 126 bytes.
func unmask(t *testing.T, r io.Reader) (first byte, payload string) {
	t.Helper()
	head := make([]byte, 6)
	if _, err := io.ReadFull(r, head); err != nil {
		t.Fatal(err)
	}
	if head[1]&maskBit == 0 {
		t.Errorf("a frame without a mask: %x", head)
	}
	b := make([]byte, head[1]&lengthBits)
	if _, err := io.ReadFull(r, b); err != nil {
		t.Fatal(err)
	}
	mask(b, [4]byte(head[2:]))
	return head[0], string(b)
}

func TestCloseFrame(t *testing.T) {
	code := func(n uint16, reason string) string { return string(binary.BigEndian.AppendUint16(nil, n)) + reason }
	for _, tt := range []struct {
		sent     string
		want     CloseError
		received string
	}{
		{"", CloseError{Code: 1005}, ""},
		{code(1013, "ExpiredInQueue"), CloseError{1013, "ExpiredInQueue"}, code(1013, "")},
		{code(4040, strings.Repeat("x", 123)), CloseError{4040, strings.Repeat("x", 123)}, code(4040, "")},
	} {
		server := &recording{Reader: strings.NewReader(frame(0x88, tt.sent))}
		_, err := next(over(t, server, ""))
		var got CloseError
		if !errors.As(err, &got) || got != tt.want {
			t.Errorf("%v; want %v", err, tt.want)
		}
		if first, got := unmask(t, &server.received); first != finBit|byte(opClose) || got != tt.received {
			t.Errorf("received %#x %q", first, got)
		}
	}
}

// What the RFC forbids ends the connection, with its code to the server.
func TestViolations(t *testing.T) {
	long := strings.Repeat("x", 126)
	for name, tt := range map[string]struct {
		sent string
		code uint16
	}{
		"reserved bit":                  {frame(0xA1, "x"), StatusProtocolError},
		"compressed without agreement":  {frame(0xC1, "x"), StatusProtocolError},
		"mask":                          {"\x81\x81abcdx", StatusProtocolError},
		"continuation of nothing":       {frame(0x80, "x"), StatusProtocolError},
		"message within a message":      {frame(0x01, "x") + frame(0x81, "x"), StatusProtocolError},
		"unknown opcode":                {frame(0x83, "x"), StatusProtocolError},
		"unknown opcode of control":     {frame(0x8B, "x"), StatusProtocolError},
		"control frame in parts":        {frame(0x09, "x"), StatusProtocolError},
		"long control frame":            {frame(0x89, long), StatusProtocolError},
		"close frame of one byte":       {frame(0x88, "x"), StatusProtocolError},
		"close code that is never sent": {frame(0x88, "\x03\xee"), StatusProtocolError},
		"unassigned close code":         {frame(0x88, "\x07\xd0"), StatusProtocolError},
		"binary message":                {frame(0x82, "x"), StatusUnsupportedData},
		"too big":                       {"\x81\x7f\x00\x00\x00\x00\x00\x80\x00\x01", StatusMessageTooBig},
		"far too big":                   {"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", StatusMessageTooBig},
		"too big in parts":              {frame(0x01, "x") + "\x80\x7f\x00\x00\x00\x00\x00\x80\x00\x00", StatusMessageTooBig},
	} {
		server := &recording{Reader: strings.NewReader(tt.sent)}
		message, err := next(over(t, server, ""))
		want := ErrProtocol
		if tt.code == StatusMessageTooBig {
			want = ErrMessageTooBig
		}
		if !errors.Is(err, want) {
			t.Errorf("%s: %q, %v", name, message, err)
			continue
		}
		if first, got := unmask(t, &server.received); first != finBit|byte(opClose) || binary.BigEndian.Uint16([]byte(got)) != tt.code {
			t.Errorf("%s: received %#x %q", name, first, got)
		}
	}
}

// A length whose bytes do not come takes no memory.
func TestFalseLength(t *testing.T) {
	c := over(t, &recording{Reader: strings.NewReader("\x81\x7f\x00\x00\x00\x00\x00\x7f\x00\x00only this")}, "")
	if err := c.Await(); err != nil {
		t.Fatal(err)
	}
	got, err := c.Read(nil)
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != "only this" || cap(got) > 2*trustedLength {
		t.Errorf("%d bytes in %d, %v", len(got), cap(got), err)
	}
}

// Each frame has a mask of its own, and the caller's message stays what it was.
func TestMasks(t *testing.T) {
	server := &recording{Reader: strings.NewReader("")}
	c := over(t, server, "")
	message := []byte("to be read by the server only")
	for range 2 {
		if err := c.Write(message); err != nil {
			t.Fatal(err)
		}
	}
	half := server.received.Len() / 2
	if received := server.received.Bytes(); bytes.Equal(received[2:6], received[half+2:half+6]) || bytes.Contains(received, message[:8]) {
		t.Errorf("received %q", received)
	}
	for range 2 {
		if first, got := unmask(t, &server.received); first != finBit|byte(opText) || got != string(message) {
			t.Errorf("received %#x %q", first, got)
		}
	}
}

// A connection whose server reads nothing ends in time, for writers and for a reader that answers a ping.
func TestBlockedServer(t *testing.T) {
	for name, act := range map[string]func(*Conn, net.Conn) error{
		"write": func(c *Conn, _ net.Conn) error { return c.Write([]byte("hello")) },
		"pong": func(c *Conn, server net.Conn) error {
			go func() { _, _ = server.Write([]byte(frame(0x89, "still there?"))) }()
			return c.Await()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, server := pipe(t)
				start := time.Now()
				if err := act(c, server); err == nil || time.Since(start) != timeout {
					t.Errorf("%v after %v", err, time.Since(start))
				}
			})
		})
	}
}

// The server's close frame is read although the server reads nothing more.
func TestCloseFrameOfBlockedServer(t *testing.T) {
	c, server := pipe(t)
	writing := make(chan error, 1)
	go func() { writing <- c.Write([]byte("this is not read")) }()
	if _, err := server.Read(make([]byte, 1)); err != nil { // it reads a byte, and the writer is blocked by the others
		t.Fatal(err)
	}
	go func() { _, _ = server.Write([]byte(frame(0x88, "\x03\xf5TooManyConcurrentRequests"))) }()
	if err := c.Await(); !errors.As(err, new(CloseError)) {
		t.Errorf("%v", err)
	}
	_ = c.Close()
	if err := <-writing; err == nil {
		t.Error("the message was sent")
	}
}

// unwritable is a server that has sent everything and reads nothing.
type unwritable struct{ *recording }

func (unwritable) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestCloseFrameAfterUnansweredPing(t *testing.T) {
	server := unwritable{cut([]byte(frame(0x89, "") + frame(0x88, "\x03\xf3InternalServerError")))}
	var got CloseError
	if _, err := next(over(t, server, "")); !errors.As(err, &got) || got.Reason != "InternalServerError" {
		t.Errorf("%v", err)
	}
}

func TestNothingAfterCloseFrame(t *testing.T) {
	server := cut([]byte(frame(0x88, "")))
	c := over(t, server, "")
	if err := c.Await(); !errors.As(err, new(CloseError)) {
		t.Errorf("%v", err)
	}
	received := server.received.Len()
	if err := c.Write([]byte("late")); !errors.Is(err, net.ErrClosed) || server.received.Len() != received {
		t.Errorf("%v, received %q", err, server.received.Bytes())
	}
}

func TestCloseEndsReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := pipe(t)
		go func() { time.Sleep(time.Second); _ = c.Close() }()
		if err := c.Await(); err == nil {
			t.Error("a message came")
		}
	})
}

// FuzzRead compares reading with the library that servers use: the same bytes are the same messages, until an error, where
// it is less strict.
func FuzzRead(f *testing.F) {
	f.Add([]byte(frame(0x81, "a") + frame(0x01, "b") + frame(0x89, "") + frame(0x80, "c")))
	f.Add([]byte(frame(0x81, strings.Repeat("x", 600)) + frame(0x88, "\x03\xe8bye")))
	f.Add([]byte("\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x01x"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		got, err := readOurs(t, sent)
		want := readCoder(t, sent)
		if errors.Is(err, ErrProtocol) {
			want = want[:min(len(got), len(want))]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q; coder/websocket reads %q", got, want)
		}
	})
}

func readOurs(t *testing.T, sent []byte) (messages []string, err error) {
	c := over(t, cut(sent), "")
	for {
		message, err := next(c)
		if err != nil {
			return messages, err
		}
		messages = append(messages, message)
	}
}

func readCoder(t *testing.T, sent []byte) (messages []string) {
	conn, _, err := coder.Dial(t.Context(), "http://server/", &coder.DialOptions{HTTPClient: answeredClient(sent, "")})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(limit)
	for {
		kind, message, err := conn.Read(t.Context())
		if err != nil || kind != coder.MessageText {
			return messages
		}
		messages = append(messages, string(message))
	}
}

func FuzzMask(f *testing.F) {
	f.Add([]byte("twenty-one characters"), uint32(0x01020304))
	f.Fuzz(func(t *testing.T, b []byte, word uint32) {
		key := [4]byte(binary.LittleEndian.AppendUint32(nil, word))
		want := bytes.Clone(b)
		for i := range want {
			want[i] ^= key[i%4]
		}
		mask(b, key)
		if !bytes.Equal(b, want) {
			t.Errorf("%x; want %x", b, want)
		}
	})
}
