package protocol

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"convexgateway/internal/syncfake"
)

// BenchmarkTransition splits a Transition of 20 KB into its parts, the value staying text, beside what encoding/json does it
// in.
func BenchmarkTransition(b *testing.B) {
	text := []byte(syncfake.FirstValue(syncfake.Rows(20_000)))
	b.Run("gateway", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Decode(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding_json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := splitWithEncodingJSON(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// splitObviously reads a Transition as encoding/json would have it.
func splitWithEncodingJSON(text []byte) (json.RawMessage, error) {
	type version struct {
		QuerySet, Identity uint32
		TS                 Timestamp
	}
	var m struct {
		Type          string
		StartVersion  version
		EndVersion    version
		Modifications []struct {
			Type     string
			QueryID  uint32
			Value    json.RawMessage
			LogLines []string
			Journal  *string
		}
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, err
	}
	if len(m.Modifications) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return m.Modifications[0].Value, nil
}

func TestTransitionAsEncodingJSON(t *testing.T) {
	t.Parallel()
	text := []byte(syncfake.FirstValue(syncfake.Rows(20_000)))
	want, err := splitWithEncodingJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	if value := got.(*Transition).Modifications[0].Result.Value; !bytes.Equal(value, want) {
		t.Errorf("the value is %.100q; encoding/json says %.100q", value, want)
	}
}
