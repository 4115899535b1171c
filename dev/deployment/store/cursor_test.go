package store

import (
	"bytes"
	"testing"
)

func TestCursorKey_sealsAndOpens(t *testing.T) {
	key, other := cursorKey{1}, cursorKey{2}
	for _, c := range []cursor{{end: true}, {query: [16]byte{7}, after: []byte("place")}, {after: []byte{}}} {
		text := key.seal(c)
		got, err := key.open(text)
		if err != nil || got.end != c.end || got.query != c.query || !bytes.Equal(got.after, c.after) {
			t.Errorf("%+v was opened as %+v, %v", c, got, err)
		}
		if _, err := other.open(text); err == nil {
			t.Error("another deployment's cursor was opened")
		}
		if key.seal(c) != text {
			t.Error("sealing twice gives two texts")
		}
	}
}

func FuzzCursorKey_open(f *testing.F) {
	key := cursorKey{1}
	f.Add("")
	f.Add("abc")
	f.Add(key.seal(cursor{after: []byte("place")}))
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := key.open(text); err == nil && key.seal(c) != text {
			t.Fatalf("%q opens as %+v, which is sealed to another text", text, c)
		}
	})
}
