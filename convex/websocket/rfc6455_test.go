package websocket

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// This file holds the connection to RFC 6455, section by section; what is beyond it is in the other tests.

// closing is a close frame.
func closing(code int, reason string) string {
	return frame(0x88, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

// exchange is all that comes of what a server sends.
type exchange struct {
	messages []string
	pongs    []string
	closed   int // code that was sent; 0: no close frame, 1005: one without a code
	err      error
}

// read reads what a server sends to its end, and unmasks what the client sends.
func read(t *testing.T, sent string, extensions string) (x exchange) {
	t.Helper()
	server := cut([]byte(sent))
	c := over(t, server, extensions)
	for {
		message, err := next(c)
		if err != nil {
			x.err = err
			break
		}
		x.messages = append(x.messages, message)
	}
	for server.received.Len() > 0 {
		switch first, payload := unmask(t, &server.received); {
		case x.closed != 0:
			t.Errorf("%#x is sent after a close frame", first)
		case first == finBit|byte(opPong):
			x.pongs = append(x.pongs, payload)
		case first == finBit|byte(opClose):
			if x.closed = StatusNoneReceived; payload != "" {
				x.closed = int(binary.BigEndian.Uint16([]byte(payload)))
			}
		default:
			t.Errorf("%#x is sent", first)
		}
	}
	return x
}

// Fragments (5.4): a message is what its frames hold, whatever their number and sizes; control frames come between them (5.5).
func TestFragments(t *testing.T) {
	const first, middle, last, whole, ping, pong = 0x01, 0x00, 0x80, 0x81, 0x89, 0x8A
	for name, tt := range map[string]struct {
		sent            string
		messages, pongs []string
	}{
		"one frame":                       {frame(whole, "a"), []string{"a"}, nil},
		"an empty one":                    {frame(whole, ""), []string{""}, nil},
		"two frames":                      {frame(first, "a") + frame(last, "b"), []string{"ab"}, nil},
		"many":                            {frame(first, "a") + strings.Repeat(frame(middle, "b"), 500) + frame(last, "c"), []string{"a" + strings.Repeat("b", 500) + "c"}, nil},
		"empty ones":                      {frame(first, "") + frame(middle, "") + frame(last, ""), []string{""}, nil},
		"an empty last one":               {frame(first, "a") + frame(last, ""), []string{"a"}, nil},
		"a ping between them":             {frame(first, "a") + frame(ping, "1") + frame(last, "b"), []string{"ab"}, []string{"1"}},
		"pings and pongs between them":    {frame(first, "a") + frame(ping, "1") + frame(pong, "x") + frame(middle, "b") + frame(ping, "") + frame(last, "c"), []string{"abc"}, []string{"1", ""}},
		"pings between messages":          {frame(ping, "1") + frame(whole, "a") + frame(ping, "2") + frame(whole, "b") + frame(ping, "3"), []string{"a", "b"}, []string{"1", "2", "3"}},
		"a ping of the greatest size":     {frame(ping, strings.Repeat("x", 125)), nil, []string{strings.Repeat("x", 125)}},
		"a ping whose payload is no text": {frame(ping, "\xff\xfe"), nil, []string{"\xff\xfe"}},
		"a character in two frames":       {frame(first, "\xe2\x82") + frame(last, "\xac"), []string{"€"}, nil},
		"a character around a ping":       {frame(first, "\xe2") + frame(ping, "1") + frame(last, "\x82\xac"), []string{"€"}, []string{"1"}},
		"every size of a length":          {frame(first, strings.Repeat("a", 125)) + frame(middle, strings.Repeat("b", 126)) + frame(last, strings.Repeat("c", 65535)), []string{strings.Repeat("a", 125) + strings.Repeat("b", 126) + strings.Repeat("c", 65535)}, nil},
	} {
		x := read(t, tt.sent, "")
		if !slices.Equal(x.messages, tt.messages) || !slices.Equal(x.pongs, tt.pongs) || x.closed != 0 || errors.Is(x.err, ErrProtocol) {
			t.Errorf("%s: %.200q, pongs %.200q, closed with %d, %v", name, x.messages, x.pongs, x.closed, x.err)
		}
	}
}

// A close frame ends a message that is under way, and everything behind it is ignored (5.5.1).
func TestCloseBetweenFragments(t *testing.T) {
	x := read(t, frame(0x01, "a")+closing(1000, "bye")+frame(0x80, "b")+frame(0x89, "late"), "")
	if got, ok := errors.AsType[CloseError](x.err); !ok || got != (CloseError{1000, "bye"}) || x.messages != nil || x.pongs != nil || x.closed != 1000 {
		t.Errorf("%+v", x)
	}
}

// Close codes (7.4): those that a frame may carry are given on and echoed, the others break the protocol.
func TestCloseCodes(t *testing.T) {
	valid := func(code int) bool {
		switch {
		case code >= 1000 && code <= 1003, code >= 1007 && code <= 1014: // 7.4.1, and the registry of 11.7
			return true
		default:
			return code >= 3000 && code <= 4999 // 7.4.2
		}
	}
	for code := range 1 << 16 {
		if code > 5100 && code%997 != 0 && code != 1<<16-1 {
			continue
		}
		x := read(t, closing(code, "why"), "")
		got, ok := errors.AsType[CloseError](x.err)
		switch {
		case valid(code) && (!ok || got != (CloseError{code, "why"}) || x.closed != code):
			t.Errorf("%d is %+v", code, x)
		case !valid(code) && (ok || !errors.Is(x.err, ErrProtocol) || x.closed != StatusProtocolError):
			t.Errorf("%d is taken: %+v", code, x)
		}
	}
}

// What is not UTF-8 is no text (8.1), in messages, compressed or not, and in reasons; source of the rows: RFC 3629, 3 and 4.
func TestTextIsUTF8(t *testing.T) {
	for text, valid := range map[string]bool{
		"": true, "plain": true, "\x00": true, "é": true, "€": true, "\xf0\x9f\x98\x80": true, "\xef\xbf\xbf": true, "\xed\x9f\xbf": true, "\xee\x80\x80": true, "\xf4\x8f\xbf\xbf": true,
		"\x80": false, "\xbf": false, "a\xff": false, "\xfe": false, "\xc3": false, "\xe2\x82": false, "\xf0\x9f\x98": false, "\xc3(": false,
		"\xc0\x80": false, "\xc1\xbf": false, "\xe0\x80\xaf": false, "\xf0\x80\x80\xaf": false, // longer than need be
		"\xed\xa0\x80": false, "\xed\xbf\xbf": false, // surrogates
		"\xf4\x90\x80\x80": false, "\xf8\x88\x80\x80\x80": false, "\xfc\x84\x80\x80\x80\x80": false,
	} {
		whole := read(t, frame(0x81, text), "")
		parts := frame(0x01, "")
		for i := range len(text) {
			parts += frame(0x00, text[i:i+1])
		}
		fragmented := read(t, parts+frame(0x80, ""), "")
		compressed := read(t, frame(0xC1, stored(text)), deflateExtension)
		for name, x := range map[string]exchange{"whole": whole, "a byte a frame": fragmented, "compressed": compressed} {
			switch {
			case valid && (!slices.Equal(x.messages, []string{text}) || x.closed != 0):
				t.Errorf("%q, %s: %+v", text, name, x)
			case !valid && (x.messages != nil || !errors.Is(x.err, ErrProtocol) || x.closed != StatusInvalidPayload):
				t.Errorf("%q, %s, is taken: %+v", text, name, x)
			}
		}
		reason := read(t, closing(1000, text), "")
		if _, ok := errors.AsType[CloseError](reason.err); ok != valid || !valid && reason.closed != StatusInvalidPayload {
			t.Errorf("%q as a reason: %+v", text, reason)
		}
	}
}

// stored is a text as a compressed message of one stored block.
func stored(text string) string {
	n := uint16(len(text))
	block := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16([]byte{0}, n), ^n)
	return string(block) + text + "\x00"
}

// Lengths (5.2) are as short as they can be.
func TestLengthsAreMinimal(t *testing.T) {
	for _, tt := range []struct {
		head  string
		size  int
		valid bool
	}{
		{"\x81\x7d", 125, true}, {"\x81\x7e\x00\x7e", 126, true}, {"\x81\x7e\xff\xff", 65535, true}, {"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 65536, true},
		{"\x81\x7e\x00\x7d", 125, false}, {"\x81\x7e\x00\x00", 0, false}, {"\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff", 65535, false}, {"\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x01", 1, false},
		{"\x89\x7e\x00\x01", 1, false}, {"\x89\x7e\x00\x7e", 126, false}, // a control frame
	} {
		x := read(t, tt.head+strings.Repeat("x", tt.size), "")
		if tt.valid != (len(x.messages) == 1) || !tt.valid && (!errors.Is(x.err, ErrProtocol) || x.closed != StatusProtocolError) {
			t.Errorf("%x: %d messages, %v, closed with %d", tt.head, len(x.messages), x.err, x.closed)
		}
	}
}

// Every frame of a client is masked (5.3), with the shortest length, and a long message is in parts (5.4).
func TestSentFrames(t *testing.T) {
	for _, size := range []int{0, 1, 7, 8, 9, 125, 126, 127, 65535, 65536, maxFragment - 1, maxFragment, maxFragment + 1, 2*maxFragment + 5} {
		server := &recording{Reader: strings.NewReader("")}
		message := text(size, uint64(size))
		if err := over(t, server, "").Write(message); err != nil {
			t.Fatal(err)
		}
		var got []byte
		frames := 0
		for fin := false; !fin; frames++ {
			var op opcode
			var part []byte
			op, fin, part = clientFrame(t, &server.received)
			if want := map[bool]opcode{true: opText, false: opContinuation}[frames == 0]; op != want {
				t.Errorf("frame %d of %d bytes has opcode %d", frames, size, op)
			}
			got = append(got, part...)
		}
		if !bytes.Equal(got, message) || frames != max(1, (size+maxFragment-1)/maxFragment) || server.received.Len() > 0 {
			t.Errorf("of %d bytes came %d in %d frames, and %d bytes more", size, len(got), frames, server.received.Len())
		}
	}
}

// clientFrame reads a client's frame as a server does. It fails the test if the frame is not masked, or its length is too long.
func clientFrame(t *testing.T, r io.Reader) (op opcode, fin bool, payload []byte) {
	t.Helper()
	read := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	head := read(2)
	if head[0]&rsvBits != 0 || head[1]&maskBit == 0 {
		t.Errorf("a frame begins with %x", head)
	}
	n, shortest := int(head[1]&lengthBits), 0
	switch n {
	case 126:
		n, shortest = int(binary.BigEndian.Uint16(read(2))), 126
	case 127:
		n, shortest = int(binary.BigEndian.Uint64(read(8))), 1<<16
	}
	if n < shortest {
		t.Errorf("%d bytes have a longer length", n)
	}
	key := read(4)
	payload = read(n)
	for i := range payload {
		payload[i] ^= key[i%4]
	}
	return opcode(head[0] & opcodeBits), head[0]&finBit != 0, payload
}

// reference reads what a server sends by the letter of the RFC, slowly, without extensions. end is the close code that the
// client has to send: 0 for none, and the server's own if it closes.
func reference(sent []byte) (messages, pongs []string, end int) {
	var message []byte
	started := false
	for len(sent) >= 2 {
		op, fin, n, size := opcode(sent[0]&0x0f), sent[0]&0x80 != 0, uint64(sent[1]&0x7f), 2
		if sent[0]&0x30 != 0 || sent[1]&0x80 != 0 {
			return messages, pongs, StatusProtocolError
		}
		if n >= 126 {
			size = map[uint64]int{126: 4, 127: 10}[n]
			if len(sent) < size {
				return messages, pongs, 0
			}
			n = 0
			for _, b := range sent[2:size] {
				n = n<<8 | uint64(b)
			}
			if n < map[int]uint64{4: 126, 10: 1 << 16}[size] {
				return messages, pongs, StatusProtocolError
			}
		}
		switch {
		case sent[0]&0x40 != 0, op.control() && (!fin || n > 125), op > 2 && op < 8, op == 0 && !started, op != 0 && !op.control() && started:
			return messages, pongs, StatusProtocolError
		case op.control() && op != opClose && op != opPing && op != opPong:
			if uint64(len(sent)-size) < n {
				return messages, pongs, 0
			}
			return messages, pongs, StatusProtocolError
		case op == opBinary:
			return messages, pongs, StatusUnsupportedData
		case !op.control() && n > uint64(limit-len(message)):
			return messages, pongs, StatusMessageTooBig
		}
		if uint64(len(sent)-size) < n {
			return messages, pongs, 0
		}
		payload := sent[size : size+int(n)]
		sent = sent[size+int(n):]
		switch op {
		case opPing:
			pongs = append(pongs, string(payload))
		case opPong:
		case opClose:
			return messages, pongs, closeEcho(payload)
		default:
			message, started = append(message, payload...), !fin
			if fin && !utf8.Valid(message) {
				return messages, pongs, StatusInvalidPayload
			}
			if fin {
				messages, message = append(messages, string(message)), nil
			}
		}
	}
	return messages, pongs, 0
}

// closeEcho is the code that a close frame is answered with.
func closeEcho(payload []byte) int {
	switch {
	case len(payload) == 0:
		return StatusNoneReceived
	case len(payload) == 1:
		return StatusProtocolError
	}
	code := int(binary.BigEndian.Uint16(payload))
	switch {
	case code < 1000, code > 4999, code >= 1004 && code <= 1006, code >= 1015 && code < 3000:
		return StatusProtocolError
	case !utf8.Valid(payload[2:]):
		return StatusInvalidPayload
	}
	return code
}

// FuzzProtocol compares reading with the letter of the RFC: the same messages and pongs, and the same close code.
func FuzzProtocol(f *testing.F) {
	for _, seed := range []string{
		frame(0x81, "a") + frame(0x01, "b") + frame(0x89, "1") + frame(0x80, "c"), closing(1000, "bye"), closing(1005, ""), frame(0x88, "x"),
		frame(0x01, "\xe2\x82") + frame(0x80, "\xac"), frame(0x81, "\xff"), closing(1011, "\xff"), frame(0x80, "a"), frame(0x01, "a") + frame(0x81, "b"),
		frame(0x82, "a"), frame(0x8b, "a"), frame(0x83, "a"), frame(0x09, ""), frame(0x89, strings.Repeat("x", 126)), frame(0xc1, "a"), "\x81\x81abcdx",
		"\x81\x7e\x00\x01a", "\x81\x7f\x00\x00\x00\x00\x7f\x00\x00\x00", frame(0x81, strings.Repeat("y", 700)), "\x81", "\x81\x05ab",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		messages, pongs, end := reference(sent)
		x := read(t, string(sent), "")
		if !slices.Equal(x.messages, messages) || !slices.Equal(x.pongs, pongs) || x.closed != end {
			t.Errorf("%x: %q, pongs %q, closed with %d (%v); want %q, %q, %d", sent, x.messages, x.pongs, x.closed, x.err, messages, pongs, end)
		}
	})
}

// FuzzFragments cuts a text into frames anywhere, with pings between them: it arrives whole, and every ping is answered.
func FuzzFragments(f *testing.F) {
	f.Add("a message, and €", []byte{3, 0, 200, 1})
	f.Add("", []byte{})
	f.Fuzz(func(t *testing.T, message string, cuts []byte) {
		message = strings.ToValidUTF8(message, "")
		var sent strings.Builder
		var pongs []string
		rest, op := message, byte(opText)
		for i, at := range cuts {
			n := min(int(at), len(rest), 60_000)
			sent.WriteString(frame(op, rest[:n]))
			rest, op = rest[n:], byte(opContinuation)
			pongs = append(pongs, fmt.Sprint(i))
			sent.WriteString(frame(0x89, fmt.Sprint(i)))
		}
		for ; len(rest) > 60_000; op = byte(opContinuation) {
			sent.WriteString(frame(op, rest[:60_000]))
			rest = rest[60_000:]
		}
		sent.WriteString(frame(finBit|op, rest))
		if x := read(t, sent.String(), ""); !slices.Equal(x.messages, []string{message}) || !slices.Equal(x.pongs, pongs) || x.closed != 0 {
			t.Errorf("%q in parts of %v: %q, pongs %q, closed with %d, %v", message, cuts, x.messages, x.pongs, x.closed, x.err)
		}
	})
}
