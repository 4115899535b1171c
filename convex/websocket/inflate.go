package websocket

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
)

const (
	windowSize = 32 << 10 // bytes back to which compressed data may refer
	firstRoom  = 4 << 10  // bytes that a message is expected to inflate to
)

// endOfMessage is what the sender has left off, and an empty last block, at which the reader ends;
// source: RFC 7692, 7.2.2.
const endOfMessage = "\x00\x00\xff\xff\x01\x00\x00\xff\xff"

// flateReaders are shared: one takes 44 KiB.
var flateReaders = sync.Pool{New: func() any { return flate.NewReader(bytes.NewReader(nil)) }}

// inflater inflates the messages of one connection, in order.
type inflater struct {
	takeover bool   // messages may refer to those before
	window   []byte // the end of those before
}

// inflate appends what was compressed to buffer, and may change compressed. What is appended has limit bytes at most, beside as
// many that are compressed. room, if set, is called before that many bytes more are held.
func (i *inflater) inflate(buffer []byte, compressed *[]byte, limit int, room func(n int)) ([]byte, error) {
	*compressed = append(*compressed, endOfMessage...)
	source := bytes.NewReader(*compressed)
	r := flateReaders.Get().(io.ReadCloser)
	if err := r.(flate.Resetter).Reset(source, i.window); err != nil {
		return buffer, err
	}
	defer flateReaders.Put(r)
	defer source.Reset(nil) // what waits for its next use holds no message
	start := len(buffer)
	for {
		if room != nil && cap(buffer)-len(buffer) < firstRoom {
			room(max(firstRoom, len(buffer)/4)) // by about which it grows
		}
		buffer = slices.Grow(buffer, firstRoom)
		n, err := r.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		switch {
		case len(buffer)-start > limit:
			return buffer, fmt.Errorf("%w: more than %d bytes", ErrMessageTooBig, limit)
		case errors.Is(err, io.EOF):
			i.slide(buffer[start:])
			return buffer, nil
		case err != nil:
			return buffer, fmt.Errorf("%w: %w", ErrProtocol, err)
		}
	}
}

// slide moves the window to the end of a message.
func (i *inflater) slide(message []byte) {
	if !i.takeover {
		return
	}
	message = message[max(0, len(message)-windowSize):]
	if stay := windowSize - len(message); len(i.window) > stay {
		i.window = i.window[:copy(i.window, i.window[len(i.window)-stay:])]
	}
	i.window = append(i.window, message...)
}
