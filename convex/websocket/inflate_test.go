package websocket

import (
	"bytes"
	"compress/flate"
	"errors"
	"strings"
	"testing"
)

// deflated is a message of a server that keeps no window.
func deflated(tb testing.TB, message []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write(message)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte(endOfMessage[:4]))
}

// A small message cannot become a huge one.
func TestInflatingHasALimit(t *testing.T) {
	bomb := deflated(t, make([]byte, limit+1))
	if len(bomb) > 1<<16-1 {
		t.Fatalf("a bomb of %d bytes", len(bomb))
	}
	server := &recording{Reader: strings.NewReader(frame(0xC1, string(bomb)))}
	c := over(t, server, deflateExtension)
	if err := c.Await(); err != nil {
		t.Fatal(err)
	}
	got, err := c.Read(nil)
	if !errors.Is(err, ErrMessageTooBig) || cap(got) > 2*limit {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if first, got := unmask(t, &server.received); first != finBit|byte(opClose) || got != "\x03\xf1" {
		t.Errorf("received %#x %q", first, got)
	}
}

func TestBrokenCompression(t *testing.T) {
	server := &recording{Reader: strings.NewReader(frame(0xC1, "\xff\xff\xff"))}
	if _, err := next(over(t, server, deflateExtension)); !errors.Is(err, ErrProtocol) {
		t.Errorf("%v", err)
	}
	if first, got := unmask(t, &server.received); first != finBit|byte(opClose) || got != "\x03\xef" {
		t.Errorf("received %#x %q", first, got)
	}
}

// FuzzInflate reads messages of a server's compressor, which refer to each other, in frames of any lengths; and any other bytes.
func FuzzInflate(f *testing.F) {
	f.Add([]byte("a message"), []byte("a message, and another"), uint8(3))
	f.Add([]byte{}, bytes.Repeat([]byte("0123456789"), 5000), uint8(200))
	f.Fuzz(func(t *testing.T, first, second []byte, part uint8) {
		first, second = bytes.ToValidUTF8(first, nil), bytes.ToValidUTF8(second, nil)
		var out, sent bytes.Buffer
		w, err := flate.NewWriter(&out, flate.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		for _, message := range [][]byte{first, second} {
			if _, err = w.Write(message); err == nil {
				err = w.Flush()
			}
			if err != nil {
				t.Fatal(err)
			}
			sent.WriteString(inFrames(bytes.TrimSuffix(out.Bytes(), []byte(endOfMessage[:4])), int(part)+1))
			out.Reset()
		}
		c := over(t, cut(sent.Bytes()), deflateExtension)
		for _, want := range [][]byte{first, second} {
			if got, err := next(c); err != nil || got != string(want) {
				t.Errorf("%q, %v; want %q", got, err, want)
			}
		}
		anything := over(t, cut([]byte(inFrames(first, int(part)+1))), deflateExtension)
		if got, err := next(anything); len(got) > limit || err == nil && len(first) == 0 {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// inFrames is a compressed message as a server sends it in parts.
func inFrames(message []byte, part int) string {
	var b strings.Builder
	for first := byte(opText) | rsv1Bit; ; first = byte(opContinuation) {
		n := min(part, len(message))
		if n == len(message) {
			first |= finBit
		}
		b.WriteString(frame(first, string(message[:n])))
		if message = message[n:]; len(message) == 0 {
			return b.String()
		}
	}
}

// FuzzWindow compares the window with its definition: the end of all that was sent.
func FuzzWindow(f *testing.F) {
	f.Add(uint16(40_000), uint16(10), uint16(32<<10))
	f.Add(uint16(1), uint16(32<<10), uint16(32<<10-1))
	f.Fuzz(func(t *testing.T, a, b, c uint16) {
		i := &inflater{takeover: true}
		var all []byte
		for n, size := range []uint16{a, b, c} {
			message := text(int(size), uint64(n))
			all = append(all, message...)
			i.slide(message)
			if want := all[max(0, len(all)-windowSize):]; !bytes.Equal(i.window, want) || cap(i.window) > 2*windowSize {
				t.Fatalf("after %d messages the window has %d bytes of %d; want %d", n+1, len(i.window), cap(i.window), len(want))
			}
		}
	})
}
