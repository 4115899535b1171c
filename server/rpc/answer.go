package rpc

import (
	"runtime"

	"convexgateway/server/call/limit"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// answer is the response of a unary call over gRPC. grpc-go keeps it, after the call has ended, until the client has taken it: its
// bytes are held until then.
type answer struct {
	message proto.Message
	size    int // bytes on the wire
	hold    *limit.Hold
}

// streamMemory is what grpc-go keeps of a call besides its response until that has been taken, in bytes.
const streamMemory = 8 << 10

// minAnswer is the size of the smallest buffer that grpc-go frees: see [mem.IsBelowBufferPoolingThreshold].
const minAnswer = 1<<10 + 1

// newAnswer returns the response of a call with a hold. It must be closed if it is not sent.
func newAnswer(message proto.Message, size int, hold *limit.Hold) *answer {
	return &answer{message, size, hold.Part(size + streamMemory)}
}

// marshal returns the bytes on the wire. They are given back when grpc-go frees them, or, after the end of a connection, when they are
// collected as garbage.
func (a *answer) marshal() (mem.BufferSlice, error) {
	wire, err := proto.MarshalOptions{UseCachedSize: true}.MarshalAppend(make([]byte, 0, max(a.size, minAnswer)), a.message)
	if err != nil {
		return nil, err
	}
	pool := &answerPool{a.hold}
	runtime.AddCleanup(pool, (*limit.Hold).Close, a.hold)
	return mem.BufferSlice{mem.NewBuffer(&wire, pool)}, nil
}

// answerPool takes back the bytes of one answer.
type answerPool struct{ hold *limit.Hold }

// Get implements [mem.BufferPool]. There is nothing to get.
func (*answerPool) Get(length int) *[]byte { return new(make([]byte, length)) }

// Put implements [mem.BufferPool].
func (p *answerPool) Put(*[]byte) { p.hold.Close() }
