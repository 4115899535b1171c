package server

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/proto"
)

// HTTP/2 by hand, for what gRPC's client does not do.

func startHTTP2(t *testing.T, conn net.Conn) *http2.Framer {
	t.Helper()
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	framer := http2.NewFramer(conn, conn)
	framer.ReadMetaHeaders = hpack.NewDecoder(4<<10, nil)
	if err := framer.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	return framer
}

// readGoAway reads up to the server's GOAWAY frame, and returns its error code.
func readGoAway(t *testing.T, conn net.Conn, framer *http2.Framer) http2.ErrCode {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		if goAway, ok := frame.(*http2.GoAwayFrame); ok {
			return goAway.ErrCode
		}
	}
}

// writeHeaders begins a call over gRPC with further headers, as names and values.
func writeHeaders(framer *http2.Framer, stream uint32, method string, headers ...string) error {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	fields := append([]string{
		":method", "POST", ":scheme", "http", ":path", method, ":authority", "127.0.0.1", "content-type", "application/grpc", "te", "trailers",
	}, headers...)
	for i := 0; i < len(fields); i += 2 {
		_ = encoder.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	const frame = 16 << 10
	first := block.Next(frame)
	if err := framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: first, EndHeaders: block.Len() == 0}); err != nil {
		return err
	}
	for block.Len() > 0 {
		next := block.Next(frame)
		if err := framer.WriteContinuation(stream, block.Len() == 0, next); err != nil {
			return err
		}
	}
	return nil
}

// writeCall makes a unary call over gRPC.
func writeCall(framer *http2.Framer, stream uint32, method string, message proto.Message, headers ...string) {
	wire, _ := proto.Marshal(message)
	_ = writeHeaders(framer, stream, method, headers...)
	_ = framer.WriteData(stream, true, append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(wire))), wire...))
}

// readStatus reads frames until a stream ends, or any for stream 0, and returns its headers and trailers.
func readStatus(t *testing.T, conn net.Conn, framer *http2.Framer, stream uint32) map[string]string {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	got := map[string]string{}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		switch f := frame.(type) {
		case *http2.GoAwayFrame:
			t.Fatalf("the connection ends: %v", f)
		case *http2.RSTStreamFrame:
			if f.StreamID != stream {
				continue
			}
			if len(got) == 0 {
				got["reset"] = f.ErrCode.String()
			}
			return got
		case *http2.MetaHeadersFrame:
			for _, field := range f.Fields {
				got[field.Name] = field.Value
			}
			if f.StreamEnded() {
				return got
			}
		case *http2.DataFrame:
			if f.StreamEnded() {
				return got
			}
		}
	}
}

// frameOf is a message of gRPC with its header.
func frameOf(t *testing.T, message proto.Message) []byte {
	t.Helper()
	wire, err := proto.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(wire))), wire...)
}
