package jsonscan

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestAppendCompact(t *testing.T) {
	for text, want := range map[string]string{
		"{\n\t\"a\" : [1,\r\n2]\r}\n": `{"a":[1,2]}`, "[\"\\n \",\n1 ]": `["\n ",1]`, ` [ ] `: `[]`, `{ }`: `{}`, ` null`: `null`,
		`[1500.0,-0.0,1e2,1E+2,0.10,1e-7,1e21,9007199254740993]`: `[1500,-0,100,100,0.1,1e-7,1e+21,9007199254740992]`,
		`{"b":1,"a":"\u0041\/é"}`:                                `{"b":1,"a":"\u0041\/é"}`,
	} {
		if got, err := AppendCompact([]byte("x"), []byte(text), 10); err != nil || string(got) != "x"+want {
			t.Errorf("%q: %q, %v; want x%s", text, got, err, want)
		}
	}
}

func TestAppendCompactRefuses(t *testing.T) {
	for _, tt := range invalid {
		if got, err := AppendCompact(nil, []byte(tt.text), 10); !errors.Is(err, tt.want) {
			t.Errorf("%q: %q, %v; want %v", tt.text, got, err, tt.want)
		}
	}
}

func TestAppendCompactBoundsDepth(t *testing.T) {
	const deep = `[{"a":[{}]}]`
	if _, err := AppendCompact(nil, []byte(deep), 4); err != nil {
		t.Error(err)
	}
	for _, text := range []string{deep, strings.Repeat("[", 1<<20), strings.Repeat(`{"a":`, 1<<20)} {
		if _, err := AppendCompact(nil, []byte(text), 3); err == nil {
			t.Errorf("%.20s… is taken", text)
		}
	}
}

// FuzzAppendCompact accepts what the rest of the scanner accepts, and keeps the value.
func FuzzAppendCompact(f *testing.F) {
	for _, text := range valid {
		f.Add([]byte(text))
	}
	for _, tt := range invalid {
		f.Add([]byte(tt.text))
	}
	f.Add([]byte("{\n\"a\":\r\n[1.50,\n\"\\n\"]}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 4096 {
			return
		}
		want, wantErr := parse(text)
		written, err := AppendCompact(nil, text, len(text))
		if !errors.Is(err, wantErr) {
			t.Fatalf("%q: %v; want %v", text, err, wantErr)
		}
		if err != nil {
			return
		}
		got, err := parse(written)
		if err != nil || !reflect.DeepEqual(got, want) || bytes.ContainsAny(written, "\r\n\t") {
			t.Fatalf("%q became %q: %v", text, written, err)
		}
	})
}
