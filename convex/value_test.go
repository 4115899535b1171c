package convex

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// vectors are encodings that are the same in Convex's sources and clients.
var vectors = []struct {
	value any
	text  string
}{
	{nil, `null`},
	{true, `true`},
	{int64(0), `{"$integer":"AAAAAAAAAAA="}`},
	{int64(1), `{"$integer":"AQAAAAAAAAA="}`},
	{int64(-1), `{"$integer":"//////////8="}`},
	{int64(math.MaxInt64), `{"$integer":"/////////38="}`},
	{int64(math.MinInt64), `{"$integer":"AAAAAAAAAIA="}`},
	{math.Copysign(0, -1), `{"$float":"AAAAAAAAAIA="}`},
	{math.Inf(1), `{"$float":"AAAAAAAA8H8="}`},
	{math.Inf(-1), `{"$float":"AAAAAAAA8P8="}`},
	{[]byte{0, 0x10, 0x83}, `{"$bytes":"ABCD"}`},
	{[]byte{}, `{"$bytes":""}`},
	{0.0, `0`}, {3.0, `3`}, {0.1, `0.1`}, {-2.5e-9, `-2.5e-9`}, {1e21, `1e+21`}, {1e20, `100000000000000000000`},
	{1e-7, `1e-7`}, {5e-324, `5e-324`}, {math.MaxFloat64, `1.7976931348623157e+308`},
	{"", `""`}, {"a\"\\\n\x01é\U0001F600", `"a\"\\\n\u0001é😀"`},
	{[]any{}, `[]`}, {map[string]any{}, `{}`},
	{map[string]any{"b": []any{1.0, "x"}, "a": nil}, `{"a":null,"b":[1,"x"]}`},
	{map[string]any{"": int64(1)}, `{"":{"$integer":"AQAAAAAAAAA="}}`},
}

func TestVectors(t *testing.T) {
	for _, tt := range vectors {
		text, err := Encode(tt.value)
		if err != nil || string(text) != tt.text {
			t.Errorf("Encode(%#v) = %s, %v; want %s", tt.value, text, err, tt.text)
		}
		value, err := Decode([]byte(tt.text))
		if err != nil || !reflect.DeepEqual(value, tt.value) {
			t.Errorf("Decode(%s) = %#v, %v; want %#v", tt.text, value, err, tt.value)
		}
	}
	nan, err := Decode([]byte(`{"$float":"AAAAAAAA+H8="}`))
	if f, ok := nan.(float64); err != nil || !ok || !math.IsNaN(f) {
		t.Errorf("NaN decodes to %v, %v", nan, err)
	}
	if text, _ := Encode(nan); string(text) != `{"$float":"AAAAAAAA+H8="}` {
		t.Errorf("NaN encodes to %s", text)
	}
}

// A number is a Float64 however it is written, and a document id is a string.
func TestPlainJSON(t *testing.T) {
	for text, want := range map[string]any{
		`3`: 3.0, `3.0`: 3.0, `-7`: -7.0, `9007199254740993`: 9007199254740992.0,
		`"j57020g30g2gc1r81450p30d1s7xevpq"`: "j57020g30g2gc1r81450p30d1s7xevpq",
	} {
		if got, err := Decode([]byte(text)); err != nil || got != want {
			t.Errorf("Decode(%s) = %#v, %v; want %#v", text, got, err, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	for text, want := range map[string]string{
		` { "b" : 1.0 , "a" : [ 1e0 , -0 , -0.0 ] } `: `{"a":[1,{"$float":"AAAAAAAAAIA="},{"$float":"AAAAAAAAAIA="}],"b":1}`,
		`{"z":{"y":1,"x":2},"m":3,"a":{}}`:            `{"a":{},"m":3,"z":{"x":2,"y":1}}`,
		`"\u0041\/\ud83d\ude00"`:                      `"A/😀"`,
		`{"$integer" : "AQAAAAAAAAA="}`:               `{"$integer":"AQAAAAAAAAA="}`,
		`{"\u0024integer":"AQAAAAAAAAA="}`:            `{"$integer":"AQAAAAAAAAA="}`,
		`123456789012345678901234567890`:              `1.2345678901234568e+29`,
	} {
		got, err := Canonical([]byte(text))
		if err != nil || string(got) != want {
			t.Errorf("Canonical(%s) = %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"$integer":"AQAAAAAAAAA=","a":1}`:               "only field",
		`{"a":1,"$integer":"AQAAAAAAAAA="}`:               "only field",
		`{"$integer":"AAA="}`:                             "8 bytes",
		`{"$integer":"AQAAAAAAAAA"}`:                      "base64",
		`{"$integer":1}`:                                  "base64 string",
		`{"$float":"AAAAAAAA+D8="}`:                       "plain number",
		`{"$float":"AAAAAAAAAAA="}`:                       "plain number",
		`{"$bytes":"A-_="}`:                               "base64",
		`{"$bytes":"AB\n=="}`:                             "base64",
		`{"$bytes":"AB=="}`:                               "base64", // bits behind the last byte
		`{"$set":[]}`:                                     "special",
		`{"$map":[]}`:                                     "special",
		`{"$commitTs":null}`:                              "special",
		`{"a":{"$x":1}}`:                                  "a: ",
		`{"é":1}`:                                         "printable ASCII",
		`{"a\u0000":1}`:                                   "printable ASCII",
		`{"` + strings.Repeat("x", 1025) + `":1}`:         "1024",
		`{"a":1,"a":2}`:                                   "a: field stands twice",
		`{"b":1,"a":2,"b":3}`:                             "b: field stands twice",
		`[` + strings.Repeat(`0,`, 8192) + `0]`:           "8192",
		strings.Repeat("[", 65) + strings.Repeat("]", 65): "64 levels",
		strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65): "64 levels",
		`1e400`:          "Float64",
		`"\ud800"`:       "surrogate",
		`"\udc00\ud800"`: "surrogate",
		"\"\xff\"":       "UTF-8",
		"\"a\\n\xff\"":   "UTF-8",
		"\"\x01\"":       "not valid JSON",
		`01`:             "goes on",
		`1.`:             "unexpected end",
		`+1`:             "not valid JSON",
		`tru`:            "not valid JSON",
		`trux`:           "not valid JSON",
		`[1,]`:           "not valid JSON",
		`{"a":1,}`:       "not valid JSON",
		`{"a" 1}`:        "not valid JSON",
		`{a:1}`:          "not valid JSON",
		`[1`:             "unexpected end",
		`"a`:             "unexpected end",
		``:               "unexpected end",
		`1 2`:            "goes on",
		`{"list":[{"ok":1},{"tags":[1,{"$x":1}]}]}`: "list[1].tags[1]: ",
	} {
		got, err := Canonical([]byte(text))
		var ve *ValueError
		if !errors.As(err, &ve) || !strings.Contains(err.Error(), want) {
			t.Errorf("Canonical(%.60s) = %.60s, %v; want an error with %q", text, got, err, want)
		}
	}
}

func TestLimitsThatPass(t *testing.T) {
	var fields strings.Builder
	for i := range 1024 {
		fields.WriteString(`,"` + strings.Repeat("f", 1+i) + `":0`)
	}
	for _, text := range []string{
		`[` + strings.Repeat(`0,`, 8191) + `0]`,
		strings.Repeat("[", 64) + strings.Repeat("]", 64),
		strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 64),
		strings.Repeat(`[`, 64) + `{"$integer":"AQAAAAAAAAA="}` + strings.Repeat("]", 64),
		`{` + fields.String()[1:] + `}`,
	} {
		if _, err := Canonical([]byte(text)); err != nil {
			t.Errorf("Canonical(%.40s): %v", text, err)
		}
	}
	if _, err := Canonical([]byte(`{` + fields.String()[1:] + `,"a":1}`)); err == nil {
		t.Error("1,025 fields pass")
	}
}

func TestCanonicalArguments(t *testing.T) {
	for text, want := range map[string]string{"": "{}", "{}": "{}", ` {"a":1} `: `{"a":1}`} {
		if got, err := CanonicalArguments([]byte(text)); err != nil || string(got) != want {
			t.Errorf("CanonicalArguments(%s) = %s, %v", text, got, err)
		}
	}
	tooLarge := `{"a":"` + strings.Repeat("x", MaxArgumentsSize) + `"}`
	tooLong := `{"a":"` + strings.Repeat(`\u0001`, MaxArgumentsSize/6) + `"}` // small by Convex's measure
	nested := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	if _, err := CanonicalArguments([]byte(nested(63))); err != nil {
		t.Errorf("63 levels, 64 with the array around them: %v", err)
	}
	for _, text := range []string{
		"null", "[]", `[{}]`, `"{}"`, `{"$integer":"AQAAAAAAAAA="}`, "{} {}", "{", tooLarge, tooLong, nested(64),
	} {
		if got, err := CanonicalArguments([]byte(text)); err == nil {
			t.Errorf("CanonicalArguments(%.40s) = %.40s, want an error", text, got)
		}
	}
}

func TestSize(t *testing.T) {
	v := map[string]any{"a": []any{nil, true, int64(1), 1.5, "xyz", []byte{1, 2}}}
	if got, want := Size(v), 2+1+1+(2+1+1+9+9+5+4); got != want {
		t.Errorf("Size = %d, want %d", got, want)
	}
}

func TestEncodeRefuses(t *testing.T) {
	deep := any(nil)
	for range 65 {
		deep = []any{deep}
	}
	for name, v := range map[string]any{
		"int": 3, "struct": struct{}{}, "dollar": map[string]any{"$integer": "AQAAAAAAAAA="}, "deep": deep,
		"text": "\xff", "name": map[string]any{"é": nil}, "long": make([]any, 8193),
	} {
		if text, err := Encode(v); err == nil {
			t.Errorf("%s: Encode = %.40s, want an error", name, text)
		}
	}
}

// FuzzCanonical compares the one-pass writer with a tree: same errors, same text, and a fixed point.
func FuzzCanonical(f *testing.F) {
	for _, tt := range vectors {
		f.Add([]byte(tt.text))
	}
	for _, text := range []string{
		` { "b" : 1.0 , "a" : [ 1e0 , -0 , "\u0041" ] } `, `{"b":{"d":1,"c":2},"a":3}`, `{"a":1,"b":2,"a":3}`, `{"$bytes":"","a":1}`, `{"":1,"$bytes":""}`,
		`{"$bytes":{"$bytes":""}}`, `{"$float":"AAAAAAAA8D8="}`, `{"\u0024bytes":"aGk="}`, `{"é":1}`, `[1e400]`, `{"$bytes":"aGl="}`, `{"a\n":1}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		canonical, err := Canonical(text)
		if utf8.Valid(text) && !bytes.Contains(bytes.ToLower(text), []byte(`\ud`)) { // encoding/json replaces what is not Unicode
			want, wantErr := referenceCanonical(text)
			if (err == nil) != (wantErr == nil) || !bytes.Equal(canonical, want) {
				t.Fatalf("Canonical(%q) = %q, %v; want %q, %v", text, canonical, err, want, wantErr)
			}
		}
		if err != nil {
			return
		}
		again, err := Canonical(canonical)
		if err != nil || !bytes.Equal(again, canonical) {
			t.Fatalf("Canonical(%q) = %q is no fixed point: %q, %v", text, canonical, again, err)
		}
		value, err := Decode(text)
		if err != nil {
			t.Fatalf("Decode refuses %q, which is canonically %q: %v", text, canonical, err)
		}
		encoded, err := Encode(value)
		if err != nil || !bytes.Equal(encoded, canonical) {
			t.Fatalf("Encode(Decode(%q)) = %q, %v; want %q", text, encoded, err, canonical)
		}
	})
}

// referenceCanonical makes a tree of a text with encoding/json, and writes that.
func referenceCanonical(text []byte) ([]byte, error) {
	if !json.Valid(text) {
		return nil, errors.New("no JSON")
	}
	value, err := referenceValue(json.NewDecoder(bytes.NewReader(text)))
	if err != nil {
		return nil, err
	}
	return Encode(value)
}

func referenceValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	switch {
	case token == json.Delim('{'):
		return referenceObject(d)
	case token != json.Delim('['):
		return token, err
	}
	list := []any{}
	for d.More() {
		v, err := referenceValue(d)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err = d.Token()
	return list, err
}

func referenceObject(d *json.Decoder) (any, error) {
	object, dollar := map[string]any{}, ""
	for d.More() {
		token, err := d.Token()
		name, _ := token.(string)
		if _, twice := object[name]; twice || err != nil {
			return nil, fmt.Errorf("twice: %t, %w", twice, err)
		}
		if object[name], err = referenceValue(d); err != nil {
			return nil, err
		}
		if strings.HasPrefix(name, "$") {
			dollar = name
		}
	}
	if _, err := d.Token(); err != nil || dollar == "" {
		return object, err
	}
	if len(object) > 1 {
		return nil, errSpecialCompany
	}
	return referenceSpecial(dollar, object[dollar])
}

func referenceSpecial(name string, content any) (any, error) {
	text, isText := content.(string)
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	if !isText || err != nil || strings.ContainsAny(text, "\r\n") {
		return nil, errors.New("no base64")
	}
	if name == "$bytes" {
		return decoded, nil
	}
	if len(decoded) != 8 {
		return nil, errors.New("not 8 bytes")
	}
	n := binary.LittleEndian.Uint64(decoded)
	switch f := math.Float64frombits(n); {
	case name == "$integer":
		return int64(n), nil
	case name == "$float" && (f == 0 && n != 0 || math.IsNaN(f) || math.IsInf(f, 0)):
		return f, nil
	}
	return nil, errors.New("no special value")
}

func BenchmarkCanonical(b *testing.B) {
	for name, text := range map[string]string{
		"small": `{"channel":"general","limit":50}`,
		"20KB":  `{"list":[` + strings.Repeat(`{"_id":"j57020g30g2gc1r81450p30d1s7xevpq","body":"hello there","n":1.5},`, 270) + `null]}`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Canonical([]byte(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
