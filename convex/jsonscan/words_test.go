package jsonscan

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// skipSlowly is what skipContainer does, one byte at a time.
func skipSlowly(data []byte) (end int, err error) {
	depth, inside, escaped := 0, false, false
	for i, c := range data {
		switch {
		case escaped:
			escaped = false
		case inside && c == '\\':
			escaped = true
		case c == '"':
			inside = !inside
		case inside:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		}
	}
	return len(data), ErrUnexpectedEnd
}

// textSlowly is what Text does, one byte at a time, for strings without escapes.
func textSlowly(data []byte) (content []byte, err error) {
	for i, c := range data[1:] {
		switch {
		case c == '"' && !utf8.Valid(data[1:1+i]):
			return nil, ErrNotUTF8
		case c == '"':
			return data[1 : 1+i], nil
		case c < 0x20:
			return nil, ErrSyntax
		}
	}
	return nil, ErrUnexpectedEnd
}

// shifted are copies of a text that begin at different places of a word.
func shifted(text []byte) (list [][]byte) {
	for pad := range wordSize {
		list = append(list, append(bytes.Repeat([]byte{' '}, pad), text...))
	}
	return list
}

func checkSkip(t *testing.T, text []byte) {
	t.Helper()
	for _, text := range shifted(text) {
		s := Scanner{data: text}
		s.Peek()
		start := s.pos
		if start == len(text) || !strings.ContainsRune("[{", rune(text[start])) {
			return
		}
		want, wantErr := skipSlowly(text[start:])
		if err := s.skipContainer(); !errors.Is(err, wantErr) || s.pos-start != want {
			t.Fatalf("%q is skipped up to %d, %v; want %d, %v", text, s.pos-start, err, want, wantErr)
		}
	}
}

func checkText(t *testing.T, text []byte) {
	t.Helper()
	if len(text) == 0 || text[0] != '"' || bytes.IndexByte(text, '\\') >= 0 {
		return
	}
	want, wantErr := textSlowly(text)
	for _, text := range shifted(text) {
		s := NewScanner(text)
		if got, err := s.Text(); !errors.Is(err, wantErr) || !bytes.Equal(got, want) {
			t.Fatalf("%q reads %q, %v; want %q, %v", text, got, err, want, wantErr)
		}
	}
}

// Every byte at every place of a word, between bytes whose values are next to those that matter.
func TestWordsFindEveryByte(t *testing.T) {
	for _, around := range []string{"a", "\x00", "!", "#", "[", "]", "z", "|", "\x7f", "\x80", "\xff", " ", "\x1f", `"`} {
		for place := range wordSize {
			for c := range 256 {
				text := bytes.Repeat([]byte(around), wordSize)
				text[place] = byte(c)
				checkText(t, append(append([]byte{'"'}, text...), '"'))
				checkSkip(t, append(append([]byte{'['}, text...), `"]`...))
			}
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, text := range valid {
		f.Add([]byte(text))
	}
	f.Add([]byte(`[{"a":"\\","b":"]}\"]}"},[[[[[[[["12345678"]]]]]]]]]`))
	f.Add([]byte(`{"a\\\"}":"\\\\\\\\","]":{}}`))
	f.Add([]byte(`"plain text of more than a word, é"`))
	f.Fuzz(func(t *testing.T, text []byte) {
		checkSkip(t, text)
		checkText(t, text)
	})
}

func rows(size int) []byte {
	const row = `{"_id":"j57020g30g2gc1r81450p30d1s7xevpq","_creationTime":1766000000123.5,"author":"ada","body":"She said: \"hello\" twice.","channel":"general"},`
	return []byte("[" + strings.TrimSuffix(strings.Repeat(row, size/len(row)), ",") + "]")
}

func BenchmarkRaw(b *testing.B) {
	text := rows(20_000)
	b.Run("words", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			s := NewScanner(text)
			if _, err := s.Raw(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("slowly", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if end, err := skipSlowly(text); err != nil || end != len(text) {
				b.Fatal(end, err)
			}
		}
	})
}

func BenchmarkText(b *testing.B) {
	for _, content := range []string{"_id", "_creationTime", strings.Repeat("plain text ", 20)} {
		text := []byte(`"` + content + `"`)
		b.Run(content[:min(len(content), 13)], func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s := NewScanner(text)
				if _, err := s.Text(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
