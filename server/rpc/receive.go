package rpc

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/gzip" // the one compression of requests
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"

	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// grpc-go reads a message as a whole before anything else can happen, however large it is and however long that takes. Here it is
// read in pieces: each is taken from the caller's budget first, and has to arrive in time.

const (
	firstPiece = 64 << 10  // bytes
	laterPiece = 256 << 10 // bytes
	smallFrame = 1 << 10   // bytes; a piece in smaller frames, on average, is copied, because each takes memory besides its bytes

	arrivalGrace = 30 * time.Second // until a message has to begin to arrive
	arrivalRate  = 16 << 10         // bytes a second in which it has to arrive afterwards
)

// transportStream is the stream of a call over gRPC, as grpc-go's own reader uses it (google.golang.org/grpc
// internal/transport/server_stream.go).
type transportStream interface {
	// ReadMessageHeader fills a header, or returns io.EOF where there is no further message.
	ReadMessageHeader(header []byte) error
	// Read returns the next n bytes. It makes the client's flow control window large enough for them.
	Read(n int) (mem.BufferSlice, error)
	// RecvCompress returns the name of the message's compression.
	RecvCompress() string
}

// receiver reads the messages of one call over gRPC.
type receiver struct {
	stream transportStream
	codec  encoding.CodecV2
	window *window // nil only in a server without [Arriving]
	unary  bool    // there is one message, and then a response
	single bool    // there is one message
	hold   *limit.Hold
	max    int // bytes of a message
	read   int // bytes of the current message
	kept   int // bytes that are held for the current message until the next one
	begun  time.Time
	timed  bool // the time of the current message counts
	later  bool // it is not the first
}

// receiverOf returns the receiver of a call over gRPC.
func receiverOf(ctx context.Context, max int, unary, single bool) (*receiver, error) {
	stream, ok := grpc.ServerTransportStreamFromContext(ctx).(transportStream)
	if !ok {
		return nil, errors.New("grpc-go's stream cannot be read in pieces")
	}
	return &receiver{
		stream: stream, codec: NewCodec(), window: windowFrom(ctx), hold: call.From(ctx).Hold, max: max, unary: unary, single: single,
	}, nil
}

// receive reads the next message. What it takes from the budget is held until the next one or the call's end, but for the bytes on the
// wire. io.EOF: there is none.
func (r *receiver) receive(message any) error {
	r.hold.Give(r.kept)
	r.read, r.kept, r.begun, r.timed = 0, 0, time.Now(), false
	defer r.arrived()
	compressed, size, err := r.header()
	if err != nil {
		return err
	}
	data, err := r.body(size)
	defer func() {
		data.Free()
		r.hold.Give(r.read)
	}()
	if err != nil {
		return err
	}
	if !compressed {
		return r.decode(data, message)
	}
	inflated, err := Inflate(r.stream.RecvCompress(), data.Reader(), statedSize(data), r.max, r.hold)
	defer func() { r.hold.Give(cap(inflated)) }()
	if err != nil {
		return err
	}
	return r.decode(mem.BufferSlice{mem.SliceBuffer(inflated)}, message)
}

// header reads a message's header.
func (r *receiver) header() (compressed bool, size int, err error) {
	var header [5]byte
	if r.later { // it has no time to begin: the client may have nothing to send
		r.window.expect(len(header), 0)
	} else {
		r.expect(len(header))
	}
	if err := r.stream.ReadMessageHeader(header[:]); err != nil {
		return false, 0, r.failure(err)
	}
	if r.later {
		r.begun = time.Now()
	}
	r.later = true
	length := binary.BigEndian.Uint32(header[1:])
	if int64(length) > int64(r.max) {
		return false, 0, call.RequestTooLarge(r.max)
	}
	switch name := r.stream.RecvCompress(); {
	case header[0] > 1:
		return false, 0, status.Errorf(codes.Internal, "a message has the unknown format %d", header[0])
	case header[0] == 0:
		return false, int(length), nil
	case encoding.GetCompressor(name) == nil || name == "":
		return false, 0, status.Errorf(codes.Unimplemented, "there is no compression %.40q", name)
	}
	return true, int(length), nil
}

// body reads a message's bytes on the wire.
func (r *receiver) body(size int) (data mem.BufferSlice, err error) {
	for piece := firstPiece; r.read < size; piece = laterPiece {
		n := min(piece, size-r.read)
		if err := r.hold.Take(n); err != nil {
			return data, err
		}
		r.read += n
		r.expect(n)
		more, err := r.stream.Read(n)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return data, r.failure(err)
		}
		data = append(data, compact(more, n)...)
	}
	return data, nil
}

// compact returns the n bytes of a piece in buffers that are not much larger than they are.
func compact(piece mem.BufferSlice, n int) mem.BufferSlice {
	if len(piece) <= 1+n/smallFrame {
		return piece
	}
	defer piece.Free()
	return mem.BufferSlice{mem.SliceBuffer(piece.Materialize())}
}

// expect allows n more bytes to be read from the connection, and ends the call if they do not arrive in time.
func (r *receiver) expect(n int) {
	within := time.Duration(0) // as before
	if !r.timed || r.read > firstPiece {
		r.timed = true
		within = time.Until(r.begun.Add(arrivalGrace + time.Duration(r.read)*time.Second/arrivalRate))
	}
	r.window.expect(n, within)
}

// arrived ends the time limit of the message. From there on that of a unary call counts.
func (r *receiver) arrived() {
	if r.single {
		r.window.complete()
	}
	if r.unary && r.window != nil && !r.window.ahead && !r.window.late() {
		r.window.run()
		return
	}
	r.window.arrived()
}

// failure returns the error of a read that has failed.
func (r *receiver) failure(err error) error {
	switch {
	case r.window.late():
		return call.RequestTimeout(fmt.Sprintf(
			"the request does not arrive: it must begin within %v, and have at least %d bytes a second then", arrivalGrace, arrivalRate))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return status.Error(codes.Internal, "the message ends early")
	}
	return err
}

// statedSize returns the size of a message that its compression states.
func statedSize(data mem.BufferSlice) int {
	reader := data.Reader()
	defer func() { _ = reader.Close() }()
	var end [StatedSizeBytes]byte
	_, _ = reader.Discard(data.Len() - len(end))
	_, _ = io.ReadFull(reader, end[:])
	return int(binary.LittleEndian.Uint32(end[:]))
}

// decode reads the message, which the call holds until its end.
func (r *receiver) decode(data mem.BufferSlice, message any) error {
	size := data.Len()
	if err := r.hold.Take(size); err != nil { // the codec needs the bytes in one piece
		return err
	}
	defer r.hold.Give(size)
	whole := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer whole.Free()
	kept := DecodedSize(message, whole.ReadOnlyData())
	if err := r.hold.Take(kept); err != nil {
		return err
	}
	r.kept = kept
	if err := r.codec.Unmarshal(mem.BufferSlice{whole}, message); err != nil {
		return status.Errorf(codes.Internal, "the message cannot be read: %v", err)
	}
	return nil
}
