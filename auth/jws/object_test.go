package jws

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestParseObject(t *testing.T) {
	tests := []struct {
		name, in, canonical string // no canonical form: refused
	}{
		{"sorted", `{"b":1,"a":[true,null,"x"]}`, `{"a":[true,null,"x"],"b":1}`},
		{"spaces", " { \"a\" : { } } ", `{"a":{}}`},
		{"numbers_as_written", `{"a":1.0,"b":9007199254740993,"c":1e2,"d":-0}`, `{"a":1.0,"b":9007199254740993,"c":1e2,"d":-0}`},
		{"escapes", `{"\u0061":"\u00e9\/<\ud83d\ude00"}`, `{"a":"é/<😀"}`},
		{"empty_name", `{"":1}`, `{"":1}`},
		{"escaped_backslash_before_u", `{"a":"\\ud800"}`, `{"a":"\\ud800"}`},
		{"duplicate", `{"a":1,"a":1}`, ""},
		{"duplicate_escaped", `{"a":1,"\u0061":1}`, ""},
		{"duplicate_inside", `{"x":[{"a":1,"a":1}]}`, ""},
		{"lone_high_surrogate", `{"a":"\ud800"}`, ""},
		{"lone_low_surrogate", `{"a":"\udc00"}`, ""},
		{"two_high_surrogates", `{"a":"\ud800\ud800\udc00"}`, ""},
		{"high_surrogate_at_end", `{"a":"\uDBFF"}`, ""},
		{"not_utf8", "{\"a\":\"\xff\"}", ""},
		{"two_values", `{} {}`, ""},
		{"array", `[]`, ""},
		{"null", `null`, ""},
		{"nothing", ``, ""},
		{"truncated", `{"a":`, ""},
		{"deep", `{"a":` + strings.Repeat("[", 65) + strings.Repeat("]", 65) + `}`, ""},
		{"very_deep", strings.Repeat(`{"a":`, 5000), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, err := parseObject([]byte(tt.in))
			if err != nil {
				if tt.canonical != "" {
					t.Fatal(err)
				}
				return
			}
			if got, err := o.Canonical(); err != nil || string(got) != tt.canonical {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
}

func TestObjectRefuseNames(t *testing.T) {
	o := Object{"KID": "x", "alg": "RS256"}
	if err := o.RefuseNames("jwk", "kid"); err == nil || err.Error() != "kid is not allowed" {
		t.Errorf("got %v", err)
	}
	if err := o.RefuseNames("jwk"); err != nil {
		t.Error(err)
	}
}

func TestObjectCanonicalWithout(t *testing.T) {
	o, err := parseObject([]byte(`{"exp":1,"sub":"a","o":{"exp":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := o.Canonical("exp"); string(got) != `{"o":{"exp":1},"sub":"a"}` {
		t.Errorf("got %s", got)
	}
	if !o.Has("exp") {
		t.Error("the object itself was changed")
	}
}

// FuzzParseObject: a canonical form is its own canonical form, and encoding/json reads the same values.
func FuzzParseObject(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":[1,2.50,{"b":null}]}`, `{"a":"\ud83d\ude00"}`, `{"a":1,"A":2}`, `{"a":"\ud800"}`, `{"\\":"\\u"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := parseObject(raw)
		if err != nil {
			return
		}
		once, err := o.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseObject(once)
		if err != nil {
			t.Fatalf("%v: %s", err, once)
		}
		if twice, _ := again.Canonical(); !bytes.Equal(once, twice) {
			t.Fatalf("%s became %s", once, twice)
		}
		var plain map[string]any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&plain); err != nil {
			t.Fatal(err)
		}
		if other, _ := Object(plain).Canonical(); !bytes.Equal(once, other) {
			t.Fatalf("encoding/json reads %s, not %s", other, once)
		}
	})
}
