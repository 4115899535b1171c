package jsonscan

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// tree builds the value that the scanner is at, as encoding/json does with any. It is a caller of all methods.
func tree(s *Scanner) (any, error) {
	switch s.Peek() {
	case '{':
		object := map[string]any{}
		err := s.Fields(func(name []byte) error {
			v, err := tree(s)
			object[string(name)] = v
			return err
		})
		return object, err
	case '[':
		list := []any{}
		err := s.Elements(func(i int) error {
			if i != len(list) {
				return errors.New("wrong index")
			}
			v, err := tree(s)
			list = append(list, v)
			return err
		})
		return list, err
	case '"':
		content, err := s.Text()
		return string(content), err
	case 't':
		return true, s.Literal("true")
	case 'f':
		return false, s.Literal("false")
	case 'n':
		return nil, s.Literal("null")
	}
	return s.Number()
}

func parse(text []byte) (any, error) {
	s := NewScanner(text)
	v, err := tree(&s)
	if err == nil && !s.AtEnd() {
		err = ErrSyntax
	}
	return v, err
}

var valid = []string{
	`null`, ` true `, "\t\r\nfalse\n", `0`, `-0`, `-1.5e+10`, `1E-7`, `9007199254740993`, `5e-324`, `1e-400`,
	`""`, `"a"`, `"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00é😀"`, "\"\u2028\"", `"\u0000"`, `"\\"`,
	`[]`, `[ ]`, `[1,[2,[3]],"x"]`, `{}`, `{ }`, `{"a":1,"a":2}`, `{"":{"b":[null,true,{}]}}`, `["}","]","\"]"]`,
	`[1,2]`, `{"a" : "}" , "b":"\\\""}`,
}

var invalid = []struct {
	text string
	want error
}{
	{``, ErrUnexpectedEnd}, {` `, ErrUnexpectedEnd}, {`tru`, ErrSyntax}, {`trux`, ErrSyntax}, {`nul`, ErrSyntax},
	{`01`, ErrSyntax}, {`-`, ErrUnexpectedEnd}, {`+1`, ErrSyntax}, {`.5`, ErrSyntax}, {`1.`, ErrUnexpectedEnd},
	{`1e`, ErrUnexpectedEnd}, {`1e+`, ErrUnexpectedEnd}, {`0x1`, ErrSyntax}, {`1_0`, ErrSyntax}, {`NaN`, ErrSyntax},
	{`1e400`, ErrNumberRange}, {`-1e400`, ErrNumberRange},
	{`"`, ErrUnexpectedEnd}, {`"a`, ErrUnexpectedEnd}, {`"\`, ErrUnexpectedEnd}, {`"\"`, ErrUnexpectedEnd}, {`"\x"`, ErrSyntax},
	{`"\u12"`, ErrUnexpectedEnd}, {`"\u12zz"`, ErrSyntax}, {`"\u+123"`, ErrSyntax}, {"\"\n\"", ErrSyntax}, {"\"\\n\n\"", ErrSyntax},
	{`"\ud83d"`, ErrSurrogate}, {`"\ude00"`, ErrSurrogate}, {`"\ud83d\u0041"`, ErrSurrogate}, {`"\ud83dx"`, ErrSurrogate},
	{"\"\xff\"", ErrNotUTF8}, {"\"\\n\xff\"", ErrNotUTF8},
	{`[`, ErrUnexpectedEnd}, {`[1`, ErrUnexpectedEnd}, {`[1,]`, ErrSyntax}, {`[,1]`, ErrSyntax}, {`[1 2]`, ErrSyntax}, {`[1}`, ErrSyntax},
	{`{`, ErrUnexpectedEnd}, {`{"a"}`, ErrSyntax}, {`{"a":}`, ErrSyntax}, {`{"a":1,}`, ErrSyntax}, {`{a:1}`, ErrSyntax}, {`{"a":1]`, ErrSyntax},
	{`1 2`, ErrSyntax}, {`{}}`, ErrSyntax}, {"\x00", ErrSyntax}, {"1\x00", ErrSyntax}, {`'a'`, ErrSyntax},
}

func TestScannerReadsWhatEncodingJSONReads(t *testing.T) {
	for _, text := range valid {
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got, err := parse([]byte(text)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, %v; want %#v", text, got, err, want)
		}
	}
}

func TestScannerRefuses(t *testing.T) {
	for _, tt := range invalid {
		if _, err := parse([]byte(tt.text)); !errors.Is(err, tt.want) {
			t.Errorf("%q: %v; want %v", tt.text, err, tt.want)
		}
	}
}

func TestTextWithoutEscapesIsNoCopy(t *testing.T) {
	text := []byte(`"plain"`)
	s := NewScanner(text)
	content, err := s.Text()
	if err != nil || &content[0] != &text[1] {
		t.Errorf("%s, %v: want a part of the text", content, err)
	}
}

func TestRawFindsTheEnd(t *testing.T) {
	for _, text := range valid {
		trimmed := strings.TrimSpace(text)
		for _, rest := range []string{"", ",1", "]", "}", " ]", "\n,"} {
			s := NewScanner([]byte(" " + trimmed + rest))
			raw, err := s.Raw()
			if err != nil || string(raw) != trimmed || string(s.Rest()) != rest {
				t.Errorf("Raw of %q before %q: %q, %v, rest %q", trimmed, rest, raw, err, s.Rest())
			}
		}
	}
}

func TestRawRefuses(t *testing.T) {
	for _, text := range []string{
		``, ` `, `,`, `]`, `}`, `tru`, `nulll`, `1.`, `01`, `1x`, `"a`, `"\`, `"\"`, `[`, `{"a":[1]`, `["]`,
		`1"a"`, `1[2]`, `true{}`, `nul"l"`,
	} {
		s := NewScanner([]byte(text))
		raw, err := s.Raw()
		if err == nil {
			t.Errorf("Raw of %q: %q", text, raw)
		}
		if len(s.Rest()) > len(text) {
			t.Errorf("after Raw of %q the rest is %q", text, s.Rest())
		}
	}
}

func TestAppendNumberIsShortestAndReadsBack(t *testing.T) {
	for f, want := range map[float64]string{
		0: `0`, 1: `1`, -1.5: `-1.5`, 1e20: `100000000000000000000`, 1e21: `1e+21`, 1.5e300: `1.5e+300`, 1e-6: `0.000001`, 1e-7: `1e-7`,
		2.5e-9: `2.5e-9`, 1e-10: `1e-10`, 5e-324: `5e-324`, math.MaxFloat64: `1.7976931348623157e+308`, 1 << 53: `9007199254740992`,
	} {
		got := AppendNumber([]byte("x"), f)
		if string(got) != "x"+want {
			t.Errorf("%g is written %s; want x%s", f, got, want)
		}
	}
}

// plain reports whether the two grammars are the same on a text: encoding/json replaces what is not Unicode, and only
// refuses a number as too large when it converts it.
func plain(text []byte) bool {
	_, err := parse(text)
	return utf8.Valid(text) && !errors.Is(err, ErrSurrogate) && !errors.Is(err, ErrNumberRange)
}

func FuzzScanner(f *testing.F) {
	for _, text := range valid {
		f.Add([]byte(text))
	}
	for _, tt := range invalid {
		f.Add([]byte(tt.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 4096 || !plain(text) {
			return
		}
		got, err := parse(text)
		var want any
		if wantErr := json.Unmarshal(text, &want); (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v; encoding/json says %v", text, err, wantErr)
		}
		if err != nil {
			return
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %#v; encoding/json says %#v", text, got, want)
		}
		s := NewScanner(text)
		if raw, err := s.Raw(); err != nil || !bytes.Equal(raw, bytes.Trim(text, " \t\r\n")) || !s.AtEnd() {
			t.Fatalf("Raw of %q: %q, %v", text, raw, err)
		}
	})
}

// FuzzRaw compares Raw, which reads eight bytes at a time, with what is found byte by byte.
func FuzzRaw(f *testing.F) {
	for _, text := range valid {
		f.Add([]byte(text))
		f.Add([]byte(`{"a":[` + text + `,"[\\\"é\\` + "\"," + text + `],"long enough for some words":{"[{":"]}"}} and more text`))
	}
	for _, tt := range invalid {
		f.Add([]byte(tt.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s := NewScanner(text)
		raw, err := s.Raw()
		if err == nil && len(raw) == 0 {
			t.Fatalf("Raw of %q is empty", text)
		}
		if !bytes.HasSuffix(text, s.Rest()) {
			t.Fatalf("Raw of %q leaves %q", text, s.Rest())
		}
		if want, found := container(text); found && (err != nil || !bytes.Equal(raw, want)) {
			t.Fatalf("Raw of %q: %q, %v; byte by byte it is %q", text, raw, err, want)
		} else if !found && err == nil && (raw[0] == '{' || raw[0] == '[') {
			t.Fatalf("Raw of %q: %q; byte by byte it does not end", text, raw)
		}
	})
}

// container finds the end of the object or array that text begins with, byte by byte.
func container(text []byte) ([]byte, bool) {
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return nil, false
	}
	depth, inText := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			if depth--; depth == 0 {
				return text[:i+1], true
			}
		}
	}
	return nil, false
}

func FuzzAppendString(f *testing.F) {
	for _, content := range []string{"", "a", "\"\\\n\r\t\x00\x1f\x7f", "é\u2028😀"} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content string) {
		text := AppendString(nil, content)
		var want string
		if utf8.ValidString(content) {
			if err := json.Unmarshal(text, &want); err != nil || want != content {
				t.Fatalf("%q is written %s, which is %q, %v", content, text, want, err)
			}
		}
		s := NewScanner(text)
		if got, err := s.Text(); utf8.ValidString(content) && (err != nil || string(got) != content) {
			t.Fatalf("%q is written %s and read %q, %v", content, text, got, err)
		}
	})
}

func TestStrings(t *testing.T) {
	for text, want := range map[string][]string{`["a","\u0062"]`: {"a", "b"}, `[]`: nil, `null`: nil} {
		s := NewScanner([]byte(text))
		if got, err := s.Strings(); err != nil || !slices.Equal(got, want) || !s.AtEnd() {
			t.Errorf("%s is %q, %v", text, got, err)
		}
	}
	for _, text := range []string{`[1]`, `["a"`, `nul`, `"a"`, ``} {
		s := NewScanner([]byte(text))
		if got, err := s.Strings(); err == nil {
			t.Errorf("%s is %q", text, got)
		}
	}
}
