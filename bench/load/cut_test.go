package load

import (
	"bufio"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// received are the messages of one stream.
type received []string

func (h *received) Message(_ int, b []byte) { *h = append(*h, string(b)) }
func (h *received) Ended(int, error)        {}

// TestMessagesInPieces cuts a sequence of gRPC messages at every two places.
func TestMessagesInPieces(t *testing.T) {
	t.Parallel()
	want := []string{"one", "", "a longer message", "4"}
	var all []byte
	for _, m := range want {
		all = append(all, Frame([]byte(m))...)
	}
	for i := range len(all) + 1 {
		for j := i; j <= len(all); j++ {
			var got received
			var s h2stream
			for _, piece := range [][]byte{all[:i], all[i:j], all[j:]} {
				s.messages(slices.Clone(piece), &got)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("cut at %d and %d: %q", i, j, []string(got))
			}
		}
	}
}

func TestEventsInPieces(t *testing.T) {
	t.Parallel()
	long := "data: " + strings.Repeat("x", 20_000)
	text := "retry: 2000\n\n" + long + "\n\n:\n\nevent: value\nid: 1\ndata: {}\n\nunfinished"
	want := []string{"retry: 2000", long, ":", "event: value\nid: 1\ndata: {}"}
	for name, r := range map[string]io.Reader{
		"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text)),
		"halves": iotest.HalfReader(strings.NewReader(text)),
	} {
		var got []string
		events := newEventReader(r)
		for {
			event, err := events.next()
			if err != nil {
				break
			}
			got = append(got, string(event))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d events: %.100q", name, len(got), got)
		}
	}
}

func TestDecodeSSE(t *testing.T) {
	t.Parallel()
	got, err := DecodeSSE([]byte("event: value\nid: abc\ndata: {\"value\":[1],\"resumeToken\":\"abc\"}"))
	if list, ok := got.Value.([]any); err != nil || !got.HasValue || got.ResumeToken != "abc" || !ok || len(list) != 1 {
		t.Errorf("a value is read %+v, %v", got, err)
	}
	if got, err := DecodeSSE([]byte("event: unchanged\nid: abc\ndata: {}")); err != nil || !got.Unchanged || got.HasValue {
		t.Errorf("unchanged is read %+v, %v", got, err)
	}
	if _, err := DecodeSSE([]byte("event: status\ndata: {}")); err == nil {
		t.Error("the end of a stream is read as an event")
	}
}

func TestCutEnvelopes(t *testing.T) {
	t.Parallel()
	text := string(enveloped([]byte("first"))) + string(enveloped(nil)) + string(enveloped([]byte("third"))) + "\x02\x00\x00\x00\x02{}"
	events := &envelopeReader{r: bufio.NewReader(iotest.OneByteReader(strings.NewReader(text)))}
	for _, want := range []string{"first", "", "third"} {
		if got, err := events.next(); err != nil || string(got) != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	if got, err := events.next(); err == nil {
		t.Errorf("the end of a stream is read as %q", got)
	}
}

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	got, err := DecodeJSON([]byte(`{"value":[1],"resumeToken":"abc"}`))
	if list, ok := got.Value.([]any); err != nil || !got.HasValue || got.ResumeToken != "abc" || !ok || len(list) != 1 {
		t.Errorf("a value is read %+v, %v", got, err)
	}
	for text, unchanged := range map[string]bool{`{"unchanged":{}}`: true, `{"connection":{}}`: false} {
		if got, err := DecodeJSON([]byte(text)); err != nil || got.HasValue || got.Unchanged != unchanged {
			t.Errorf("%s is read %+v, %v", text, got, err)
		}
	}
}
