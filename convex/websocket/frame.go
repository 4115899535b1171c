package websocket

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// opcode is the type of a frame; source: RFC 6455, 5.2.
type opcode byte

const (
	opContinuation opcode = 0x0
	opText         opcode = 0x1
	opBinary       opcode = 0x2
	opClose        opcode = 0x8
	opPing         opcode = 0x9
	opPong         opcode = 0xA
)

const maxControl = 125 // bytes of a control frame's payload

func (op opcode) control() bool { return op&0x8 != 0 }

// Bits of a frame's first two bytes.
const (
	finBit      = 0x80
	rsv1Bit     = 0x40 // the message is compressed
	rsvBits     = 0x70
	opcodeBits  = 0x0F
	maskBit     = 0x80
	lengthBits  = 0x7F
	length16    = 126 // the length follows in two bytes
	length64    = 127 // in eight
	maxHeader   = 14
	maxLength16 = 1<<16 - 1
)

// header is the start of a server's frame.
type header struct {
	op              opcode
	fin, compressed bool
	length          uint64
}

func readHeader(r *bufio.Reader) (header, error) {
	b, err := r.Peek(2)
	if err != nil {
		return header{}, err
	}
	h := header{op: opcode(b[0] & opcodeBits), fin: b[0]&finBit != 0, compressed: b[0]&rsv1Bit != 0}
	if b[0]&(rsvBits&^rsv1Bit) != 0 || b[1]&maskBit != 0 {
		return header{}, fmt.Errorf("%w: a frame begins with %#x", ErrProtocol, b)
	}
	size := 2
	switch h.length = uint64(b[1] & lengthBits); h.length {
	case length16:
		size = 4
	case length64:
		size = 10
	}
	if b, err = r.Peek(size); err != nil {
		return header{}, err
	}
	shortest := uint64(0) // that the length needs so many bytes for
	switch size {
	case 4:
		h.length, shortest = uint64(binary.BigEndian.Uint16(b[2:])), length16
	case 10:
		h.length, shortest = binary.BigEndian.Uint64(b[2:]), maxLength16+1
	}
	if h.length < shortest {
		return header{}, fmt.Errorf("%w: length %d in %d bytes", ErrProtocol, h.length, size-2)
	}
	_, err = r.Discard(size)
	return h, err
}

// readN appends n bytes to buffer, which grows as they come: a length alone may be false.
func readN(r io.Reader, buffer []byte, n uint64) ([]byte, error) {
	for n > 0 {
		part := int(min(n, uint64(max(trustedLength, len(buffer), cap(buffer)-len(buffer)))))
		buffer = slices.Grow(buffer, part)
		got, err := io.ReadFull(r, buffer[len(buffer):len(buffer)+part])
		buffer = buffer[:len(buffer)+got]
		if n -= uint64(got); err != nil {
			return buffer, err
		}
	}
	return buffer, nil
}

// appendFrame appends a client's frame, under a random mask, to b.
func appendFrame(b []byte, op opcode, fin bool, payload []byte) []byte {
	b = slices.Grow(b, maxHeader+len(payload))
	first := byte(op)
	if fin {
		first |= finBit
	}
	switch n := len(payload); {
	case n < length16:
		b = append(b, first, maskBit|byte(n))
	case n <= maxLength16:
		b = binary.BigEndian.AppendUint16(append(b, first, maskBit|length16), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, first, maskBit|length64), uint64(n))
	}
	var key [4]byte
	_, _ = rand.Read(key[:]) // it never fails
	b = append(b, key[:]...)
	start := len(b)
	b = append(b, payload...)
	mask(b[start:], key)
	return b
}

// mask makes payloads unreadable for proxies, and readable again. It takes eight bytes at a time.
func mask(b []byte, key [4]byte) {
	word := uint64(binary.LittleEndian.Uint32(key[:]))
	word |= word << 32
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^word)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= key[i&3]
	}
}

// parseClose reads the payload of a close frame.
func parseClose(payload []byte) (CloseError, error) {
	if len(payload) == 0 {
		return CloseError{Code: StatusNoneReceived}, nil
	}
	if len(payload) == 1 {
		return CloseError{}, fmt.Errorf("%w: close frame of one byte", ErrProtocol)
	}
	code := int(binary.BigEndian.Uint16(payload))
	if !mayBeSent(code) {
		return CloseError{}, fmt.Errorf("%w: close code %d", ErrProtocol, code)
	}
	if !utf8.Valid(payload[2:]) {
		return CloseError{}, errNotText
	}
	return CloseError{Code: code, Reason: string(payload[2:])}, nil
}

// mayBeSent reports whether a close frame may carry a code; source: RFC 6455, 7.4, and its registry.
func mayBeSent(code int) bool {
	switch code {
	case 1004, StatusNoneReceived, 1006:
		return false
	}
	return code >= 1000 && code <= 1014 || code >= 3000 && code <= 4999
}
