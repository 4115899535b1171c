package load

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// endOfStream is set in the flags of the last envelope of a stream of the Connect protocol.
const endOfStream = 2

// OpenConnect opens streams of the Connect protocol, whose messages are of a content type. Otherwise it is as OpenSSE.
func OpenConnect(ctx context.Context, contentType string, o Open, to Receiver) (*HTTP1, error) {
	return openHTTP1(ctx, o, to, http1Form{
		method: http.MethodPost,
		request: func(req Request) string {
			return fmt.Sprintf("Content-Type: %s\r\nContent-Length: %d\r\n", contentType, len(enveloped(req.Message)))
		},
		body:  func(req Request) []byte { return enveloped(req.Message) },
		split: func(r io.Reader) messageReader { return &envelopeReader{r: bufio.NewReader(r)} },
	})
}

func enveloped(message []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
}

// envelopeReader reads messages in envelopes.
type envelopeReader struct {
	r *bufio.Reader
	b []byte
}

func (e *envelopeReader) next() ([]byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(e.r, head[:]); err != nil {
		return nil, err
	}
	size := int(binary.BigEndian.Uint32(head[1:]))
	if cap(e.b) < size {
		e.b = make([]byte, size)
	}
	e.b = e.b[:size]
	_, err := io.ReadFull(e.r, e.b)
	if err == nil && head[0] == endOfStream {
		err = fmt.Errorf("the stream ended: %s", e.b)
	}
	return e.b, err
}

// DecodeJSON decodes a SubscribeResponse in proto JSON.
func DecodeJSON(text []byte) (Event, error) {
	var data struct {
		Value       any    `json:"value"`
		ResumeToken string `json:"resumeToken"`
		Unchanged   any    `json:"unchanged"`
		Connection  any    `json:"connection"`
	}
	err := json.Unmarshal(text, &data)
	e := Event{Value: data.Value, ResumeToken: data.ResumeToken, Unchanged: data.Unchanged != nil}
	e.HasValue = !e.Unchanged && data.Connection == nil
	return e, err
}
