package rpc

import (
	"errors"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/status"

	"convexgateway/server/call"
	"convexgateway/server/call/limit"
)

// StatedSizeBytes is how many bytes at the end of a text that is compressed by gzip state its size, little-endian (RFC 1952, 2.3.1). Of a
// text in several parts it is that of the last one: no client sends such.
const StatedSizeBytes = 4

// Inflate decompresses a message of the size that its compression states, at most max bytes. The capacity of what it returns, also with
// an error, has been taken from the budget before, and belongs to the caller.
func Inflate(compression string, compressed io.Reader, size, max int, hold *limit.Hold) (inflated []byte, err error) {
	if size > max {
		return nil, call.RequestTooLarge(max)
	}
	if err := hold.Take(textCopies * size); err != nil { // to decode it would fail
		return nil, err
	}
	hold.Give(textCopies * size)
	if err := hold.Take(size + 1); err != nil {
		return nil, err
	}
	inflated = make([]byte, 0, size+1)
	source, err := encoding.GetCompressor(compression).Decompress(compressed)
	if err != nil {
		return inflated, status.Errorf(codes.Internal, "the message is not compressed as stated: %v", err)
	}
	for err == nil {
		if len(inflated) > size {
			return inflated, status.Error(codes.Internal, "the message is larger than its compression states, or in several parts")
		}
		var n int
		n, err = source.Read(inflated[len(inflated):cap(inflated)])
		inflated = inflated[:len(inflated)+n]
	}
	if errors.Is(err, io.EOF) {
		return inflated, nil
	}
	return inflated, status.Errorf(codes.Internal, "the message cannot be decompressed: %v", err)
}
