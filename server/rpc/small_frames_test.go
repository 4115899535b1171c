package rpc

import (
	"io"
	"testing"
	"testing/iotest"
	"time"

	"google.golang.org/grpc/mem"
)

// A piece that has arrived byte by byte is kept in one buffer, and one in large frames as it is.
func TestCompact(t *testing.T) {
	t.Parallel()
	const size = 64 << 10
	for _, tt := range []struct{ frame, buffers int }{{1, 1}, {100, 1}, {500, 1}, {smallFrame, size / smallFrame}, {16 << 10, 4}, {size, 1}} {
		var piece mem.BufferSlice
		for rest := size; rest > 0; rest -= tt.frame {
			piece = append(piece, mem.SliceBuffer(make([]byte, min(rest, tt.frame))))
		}
		got := compact(piece, size)
		if len(got) > tt.buffers || got.Len() != size {
			t.Errorf("frames of %d bytes: %d buffers of %d bytes in all, want %d", tt.frame, len(got), got.Len(), tt.buffers)
		}
	}
}

// A body that arrives byte by byte fills the buffers of its reader; what is sent beyond what is expected is dropped.
func TestWindowBodyFillsBuffers(t *testing.T) {
	t.Parallel()
	sent, writer := io.Pipe()
	dropped := make(chan error, 1)
	go func() {
		_, err := writer.Write(make([]byte, 1000))
		dropped <- err
		_ = writer.Close()
	}()
	w := &window{Context: t.Context(), ahead: true, more: make(chan struct{}, 1), end: func() {}}
	body := &windowBody{ReadCloser: io.NopCloser(iotest.OneByteReader(sent)), window: w, closed: make(chan struct{})}
	w.expect(100, time.Hour)
	for _, want := range []int{64, 36} {
		if n, err := body.Read(make([]byte, 64)); n != want || err != nil {
			t.Errorf("%d bytes, %v, want %d", n, err, want)
		}
	}
	w.complete()
	if n, err := body.Read(make([]byte, 64)); n != 0 || err != io.EOF { //nolint:errorlint // as io.Reader has it
		t.Errorf("after the message: %d bytes, %v", n, err)
	}
	if err := <-dropped; err != nil {
		t.Errorf("the client is blocked: %v", err)
	}
	w.arrived()
}
