package serde_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"convexgateway/dev/deployment/serde"
)

// Texts and positions recorded from convex-local-backend 94a42c3: testdata/golden/http_bodies.json and ws_malformed_other.json.
func TestParse_errors(t *testing.T) {
	for text, want := range map[string]string{
		``:                          "EOF while parsing a value at line 1 column 0",
		`hello`:                     "expected value at line 1 column 1",
		`not json`:                  "expected ident at line 1 column 2",
		`{`:                         "EOF while parsing an object at line 1 column 1",
		`{"a":1,}`:                  "trailing comma at line 1 column 8",
		`{'a':1}`:                   "key must be a string at line 1 column 2",
		`{"a":1} x`:                 "trailing characters at line 1 column 9",
		`["\x"]`:                    "invalid escape at line 1 column 4",
		`["\ud800"]`:                "unexpected end of hex escape at line 1 column 9",
		"\n\n1e400":                 "number out of range at line 3 column 5",
		strings.Repeat("[", 128):    "recursion limit exceeded at line 1 column 128",
		"[\"\xff\"]":                "invalid unicode code point at line 1 column 4",
		`{"a" 1}`:                   "expected `:` at line 1 column 6",
		`[1 2]`:                     "expected `,` or `]` at line 1 column 4",
		`{"a":1 "b":2}`:             "expected `,` or `}` at line 1 column 8",
		`-`:                         "invalid number at line 1 column 1",
		`01`:                        "invalid number at line 1 column 2",
		"[\"a\nb\"]":                "control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0",
		`["\udc00x"]`:               "lone leading surrogate in hex escape at line 1 column 8",
		`[`:                         "EOF while parsing a list at line 1 column 1",
		`["abc`:                     "EOF while parsing a string at line 1 column 5",
		`{"a":tru}`:                 "expected ident at line 1 column 9",
		`{"a":{"b":[1,2,{"c":-}]}}`: "invalid number at line 1 column 22",
	} {
		if _, err := serde.Parse([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%.40q: %v, want %s", text, err, want)
		}
	}
}

func TestStruct(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                        "invalid length 0, expected struct Request with 2 elements at line 1 column 2",
		`null`:                      "invalid type: null, expected struct Request at line 1 column 4",
		`1`:                         "invalid type: integer `1`, expected struct Request at line 1 column 1",
		`"x"`:                       `invalid type: string "x", expected struct Request at line 1 column 3`,
		`{}`:                        "missing field `path` at line 1 column 2",
		`{"path":1}`:                "path: invalid type: integer `1`, expected a string at line 1 column 9",
		`{"path":"a","path":"b"}`:   "duplicate field `path` at line 1 column 18",
		`{"path":"a","list":{}}`:    "list: invalid type: map, expected a sequence at line 1 column 19",
		`{"path":"a","list":[1,2]}`: "list[0]: invalid type: integer `1`, expected a string at line 1 column 21",
		`{"path":"a","other":NaN}`:  "expected value at line 1 column 21",
		`{"path":"a","list":["b"]}`: "",
		`{"other":[[{"x":"\ud800"}]],"path":"a"}`: "",
	} {
		var path string
		r := serde.NewReader([]byte(text))
		err := r.Struct("Request", serde.Fields{
			"path": func(r *serde.Reader) error { return r.String(&path) },
			"list": func(r *serde.Reader) error {
				return r.Seq("a sequence", func(r *serde.Reader) error { return r.String(new(string)) })
			},
		}, "path")
		got := ""
		if wrong, ok := errors.AsType[*serde.Error](err); ok {
			got = wrong.WithPath()
		}
		if got != want || want == "" && path != "a" {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestFloat(t *testing.T) {
	for f, want := range map[float64]string{
		1: "1.0", -1.5: "-1.5", 1e15: "1000000000000000.0", 1e16: "1e16", 1e21: "1e21", 0.00001: "0.00001", 1e-6: "1e-6", 5e-324: "5e-324",
		1.2345678901234567e19: "1.2345678901234567e19",
	} {
		if got := serde.Float(f); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}

// What is read is what encoding/json reads, but for what serde refuses: nesting, surrogates, invalid UTF-8 and large numbers.
func FuzzParse(f *testing.F) {
	for _, text := range []string{`{"a":[1,-2.5e3,"\u00e9\n",null,true,false]}`, `[]`, `"\ud83d\ude00"`, `{"a":1,"a":2}`, ` 0 `} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, err := serde.Parse(text)
		if err != nil {
			var wrong *serde.Error
			if !errors.As(err, &wrong) || wrong.Line < 1 || wrong.Column < 0 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		var want, got any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("%q is no JSON: %v", text, err)
		}
		if err := json.Unmarshal(serde.Write(value), &got); err != nil {
			t.Fatalf("%q became %q: %v", text, serde.Write(value), err)
		}
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(got)
		if string(a) != string(b) {
			t.Fatalf("%q became %q", text, serde.Write(value))
		}
	})
}
