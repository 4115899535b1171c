package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestOneLineKeepsTheValue(t *testing.T) {
	for _, text := range valid {
		got, err := OneLine([]byte(text), 10)
		if err != nil || string(got) != strings.TrimSpace(text) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"{\n\t\"a\" : [1,\r\n2]\r}\n": "{ \t\"a\" : [1,  2] }", "[\"\\n\",\n1]": `["\n", 1]`,
	} {
		if got, err := OneLine([]byte(text), 10); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, tt := range invalid {
		if got, err := OneLine([]byte(tt.text), 10); !errors.Is(err, tt.want) {
			t.Errorf("%q: %q, %v; want %v", tt.text, got, err, tt.want)
		}
	}
}

func TestCheckBoundsDepth(t *testing.T) {
	const deep = `[{"a":[{}]}]`
	if _, err := OneLine([]byte(deep), 4); err != nil {
		t.Error(err)
	}
	for _, text := range []string{deep, strings.Repeat("[", 1<<20), strings.Repeat(`{"a":`, 1<<20)} {
		if _, err := OneLine([]byte(text), 3); err == nil {
			t.Errorf("%.20s… is taken", text)
		}
	}
}

// FuzzOneLine takes what the rest of the scanner takes, and changes nothing but line breaks.
func FuzzOneLine(f *testing.F) {
	for _, text := range valid {
		f.Add([]byte(text))
	}
	for _, tt := range invalid {
		f.Add([]byte(tt.text))
	}
	f.Add([]byte("{\n\"a\":\r\n[1,\n\"\\n\"]}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 4096 {
			return
		}
		_, wantErr := parse(text)
		got, err := OneLine(text, len(text))
		if !errors.Is(err, wantErr) {
			t.Fatalf("%q: %v; want %v", text, err, wantErr)
		}
		if err != nil {
			return
		}
		var a, b bytes.Buffer
		if json.Compact(&a, text) != nil || json.Compact(&b, got) != nil || !bytes.Equal(a.Bytes(), b.Bytes()) || bytes.ContainsAny(got, "\r\n") {
			t.Fatalf("%q became %q", text, got)
		}
	})
}
