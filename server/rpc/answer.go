package rpc

import (
	"runtime"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"

	"convexgateway/server/call/limit"
)

const (
	answerPiece    = 64 << 10         // bytes
	answerPatience = 60 * time.Second // in which a client has to take the next piece
)

// answer is the response of a unary call over gRPC. grpc-go keeps it, after the call has ended, until the client has taken it: its
// bytes are held until then.
type answer struct {
	message any // a proto.Message or a *RawMessage
	size    int // bytes on the wire
	hold    *limit.Hold
	closing func() // closes the connection of a client that does not take it; nil: it is kept
}

// streamMemory is what grpc-go keeps of a call besides its response until that has been taken, in bytes.
const streamMemory = 8 << 10

// minAnswer is the size of the smallest buffer that grpc-go frees: see [mem.IsBelowBufferPoolingThreshold].
const minAnswer = 1<<10 + 1

// newAnswer returns the response of a call with a hold. It must be closed if it is not sent.
func newAnswer(message any, size int, hold *limit.Hold, closing func()) *answer {
	return &answer{message: message, size: size, hold: hold.Part(size + streamMemory), closing: closing}
}

// close gives the bytes back.
func (a *answer) close() { a.hold.Close() }

// marshal returns the bytes on the wire, in pieces. They are given back when grpc-go frees them, or, after the end of a connection, when
// they are collected as garbage.
func (a *answer) marshal() (mem.BufferSlice, error) {
	wire, err := a.wire()
	if err != nil {
		return nil, err
	}
	taken := &takenPieces{hold: a.hold}
	taken.left.Store(int64(len(wire)))
	if a.closing != nil && len(wire) > answerPiece {
		taken.timer = time.AfterFunc(answerPatience, a.closing)
	}
	runtime.AddCleanup(taken, (*limit.Hold).Close, a.hold)
	var pieces mem.BufferSlice
	for last := false; !last; {
		n := answerPiece
		if last = len(wire)-n < minAnswer; last { // the last piece has the whole capacity
			n = len(wire)
		}
		piece := wire[:n]
		wire = wire[n:]
		pieces = append(pieces, mem.NewBuffer(&piece, taken))
	}
	return pieces, nil
}

// wire returns the bytes on the wire, in a buffer of minAnswer bytes at least.
func (a *answer) wire() ([]byte, error) {
	if raw, ok := a.message.(*RawMessage); ok {
		return raw.Wire, nil
	}
	return proto.MarshalOptions{UseCachedSize: true}.MarshalAppend(make([]byte, 0, max(a.size, minAnswer)), a.message.(proto.Message))
}

// takenPieces takes back the pieces of one answer. Safe for concurrent use.
type takenPieces struct {
	hold  *limit.Hold
	left  atomic.Int64 // bytes
	timer *time.Timer  // closes the connection; nil if that is not to happen
}

// Get implements [mem.BufferPool]. There is nothing to get.
func (*takenPieces) Get(length int) *[]byte { return new(make([]byte, length)) }

// Put implements [mem.BufferPool].
func (t *takenPieces) Put(piece *[]byte) {
	t.hold.Give(len(*piece))
	left := t.left.Add(-int64(len(*piece)))
	switch {
	case left == 0:
		t.hold.Close()
		if t.timer != nil {
			t.timer.Stop()
		}
	case t.timer != nil:
		t.timer.Reset(answerPatience)
	}
}
