package spec

import (
	"strings"
	"testing"

	"convexgateway/convex"
)

// anID is a document's id, of table number 10001.
const anID = "j57020g30g2gc1r81450p30d1s7xevpq"

func canonical(tb testing.TB, text string) []byte {
	tb.Helper()
	c, err := convex.Canonical([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// A mismatch names the field, what is wanted there, and the kind of what was given: never a value.
func TestCheck(t *testing.T) {
	circle := object(Field{"kind", Literal{"circle"}, false}, Field{"r", Number, false})
	square := object(Field{"a", Number, false}, Field{"kind", Literal{"square"}, false})
	people := Record{ID{"users"}, object(Field{"name", String, false})}
	for _, c := range []struct {
		v     Validator
		value string
		want  string // empty: it matches
	}{
		{String, `"a\u0000"`, ""},
		{String, `1`, "want a string, not a number"},
		{Any, `{"$bytes":""}`, ""},
		{Null, `null`, ""}, {Null, `false`, "want null, not a boolean"},
		{Boolean, `true`, ""}, {Boolean, `"true"`, "want a boolean, not a string"},
		{Number, `1e400`, "no value"}, {Number, `{"$float":"AAAAAAAA+H8="}`, ""}, {Number, `-0.0`, ""},
		{Number, `{"$integer":"AQAAAAAAAAA="}`, "want a number, not an int64"},
		{Int64, `{"$integer":"AQAAAAAAAAA="}`, ""}, {Int64, `3`, `want an int64 ({"$integer": …}), not a number`},
		{CommitTS, `{"$integer":"AQAAAAAAAAA="}`, ""}, {CommitTS, `null`, `want an int64 ({"$integer": …}), not null`},
		{Bytes, `{"$bytes":"AAEC"}`, ""}, {Bytes, `"AAEC"`, "want bytes, not a string"}, {Bytes, `{}`, "want bytes, not an object"},
		{Handle, `"function://x"`, ""}, {Handle, `[]`, "want a function handle, not an array"},
		{ID{"users"}, `"` + anID + `"`, ""}, {ID{"users"}, `"nope"`, "want an id of table users"},
		{ID{"users"}, `7`, "want an id of table users, not a number"},
		{Literal{"a"}, `"a"`, ""}, {Literal{"a"}, `"b"`, `want "a"`}, {Literal{"a"}, `1`, `want "a"`},
		{Literal{1.0}, `1`, ""}, {Literal{1.0}, `{"$integer":"AQAAAAAAAAA="}`, `want 1`},
		{Literal{0.0}, `-0.0`, `want 0`}, {Literal{negativeZero()}, `-0.0`, ``},
		{Literal{int64(1)}, `{"$integer":"AQAAAAAAAAA="}`, ""}, {Literal{int64(1)}, `1`, `want {"$integer":"AQAAAAAAAAA="}`},
		{Literal{true}, `true`, ""}, {Literal{true}, `false`, `want true`},
		{Array{String}, `[]`, ""}, {Array{String}, `["a","b"]`, ""}, {Array{String}, `{}`, "want an array, not an object"},
		{Array{Array{String}}, `[["a"],["b",null]]`, "[1][1]: want a string, not null"},
		{Record{String, Number}, `{"a":1,"é":2}`, "no value"}, {Record{String, Number}, `{}`, ""},
		{Record{String, Number}, `{"a":1,"b":"x"}`, "b: want a number, not a string"},
		{Record{String, Number}, `[]`, "want an object, not an array"},
		{Record{String, Any}, `{"$bytes":""}`, "want an object, not bytes"},
		{people, `{"` + anID + `":{"name":"a"}}`, ""}, {people, `{"x":{"name":"a"}}`, "x: is a key that should be an id of table users"},
		{people, `{"` + anID + `":{}}`, anID + ".name: is required"},
		{Record{NewUnion(ID{"users"}, String), Number}, `{"x":1}`, ""},
		{Object{}, `{}`, ""}, {Object{}, `{"":1}`, ": is not a field that is expected here"},
		{circle, `{"kind":"circle","r":1}`, ""}, {circle, `{"r":1}`, "kind: is required"}, {circle, `{"kind":"circle"}`, "r: is required"},
		{circle, `{"kind":"circle","r":1,"x":2}`, "x: is not a field that is expected here"},
		{circle, `{"a":0,"kind":"circle","r":"x"}`, "r: want a number, not a string"},
		{object(Field{"o", String, true}), `{}`, ""}, {object(Field{"o", String, true}), `{"o":null}`, "o: want a string, not null"},
		{NewUnion(String, Null), `null`, ""}, {NewUnion(String, Null), `1`, "want a string or null, not a number"},
		{NewUnion(Literal{"a"}, Literal{"b"}), `"c"`, `want "a" or "b"`},
		{Union{}, `null`, "want no value at all, not null"},
		{NewUnion(circle, square), `{"a":1,"kind":"square"}`, ""},
		{NewUnion(circle, square), `{"kind":"square"}`, "a: is required"},
		{NewUnion(circle, square), `{"kind":"circle","r":1,"x":1}`, "x: is not a field that is expected here"},
		{NewUnion(circle, square), `{"kind":"other"}`, "want an object or an object"},
		{NewUnion(circle, Null), `{"kind":"circle","r":null}`, "r: want a number, not null"},
		{NewUnion(Array{String}, String), `["a",1]`, "[1]: want a string, not a number"},
		{Array{NewUnion(circle, square)}, `[{"kind":"circle","r":1},{"a":1,"kind":"square","z":0}]`, "[1].z: is not a field that is expected here"},
		{Record{String, Number}, `{"` + strings.Repeat("n", 100) + `":""}`, strings.Repeat("n", 64) + "…: want a number, not a string"},
	} {
		text, err := convex.Canonical([]byte(c.value))
		if err != nil {
			if c.want != "no value" {
				t.Errorf("%s: %v", c.value, err)
			}
			continue
		}
		got := ""
		if m := Check(c.v, text); m != nil {
			if got = m.Error(); m.Field == "" && strings.HasPrefix(c.want, ":") {
				got = ": " + got
			}
		}
		if got != c.want {
			t.Errorf("%s and %s: %q, want %q", key(c.v), c.value, got, c.want)
		}
	}
}

func TestIsDocumentID(t *testing.T) {
	// The second is of get-convex/convex-backend crates/value/src/id_v6.rs, as is the last, which once made that fail.
	for _, id := range []string{anID, "z43zp6c3e75gkmz1kfwj6mbbx5sw281h"} {
		if !isDocumentID([]byte(id)) {
			t.Errorf("%s is refused", id)
		}
		for _, other := range []string{"", id[1:], id + "0", strings.ToUpper(id), id[:31] + "\n", id[:20] + "z" + id[21:], id[:31] + "i"} {
			if isDocumentID([]byte(other)) {
				t.Errorf("%q is taken", other)
			}
		}
	}
	if isDocumentID([]byte("sssswsgggggggggsgcsssfafffsffks")) || isDocumentID([]byte(strings.Repeat("0", 32))) {
		t.Error("no id is taken")
	}
}

// Text that is not canonical is a mismatch, or is taken as what it resembles: it never makes Check fail otherwise.
func FuzzCheck(f *testing.F) {
	s := parsed(f, "shapes.json")
	var all []Validator
	for fn := range s.All() {
		all = append(all, fn.Args)
		if fn.Returns != nil {
			all = append(all, fn.Returns)
		}
	}
	f.Add([]byte(`{"kind":"circle","r":1}`))
	f.Add([]byte(`{"body":"a","paginationOpts":{"cursor":null,"numItems":1}}`))
	f.Add([]byte(`{"$integer":"AQAAAAAAAAA="}`))
	f.Add([]byte(`["` + anID + `",{"$f`))
	f.Fuzz(func(t *testing.T, text []byte) {
		canonical, err := convex.Canonical(text)
		for _, v := range all {
			m := Check(v, text)
			if m != nil && m.Reason == "" {
				t.Error("a mismatch without a reason")
			}
			if err == nil {
				if m := Check(v, canonical); m != nil && (m == undescribed || m.Reason == "") {
					t.Errorf("%s and %s: a mismatch that says nothing", key(v), canonical)
				}
			}
		}
	})
}

// A check costs little beside the rest of a call, and allocates nothing.
func BenchmarkCheck(b *testing.B) {
	messages := object(Field{"author", String, true}, Field{"body", String, false}, Field{"channel", String, true})
	page := function(b, parsed(b, "function-spec.json"), "messages:page").Args
	large := Array{object(Field{"id", ID{"users"}, false}, Field{"state", NewUnion(Literal{"on"}, Literal{"off"}, Null), true})}
	for _, c := range []struct {
		name  string
		v     Validator
		value string
	}{
		{"send", messages, `{"body":"hello, world","channel":"general"}`},
		{"page", page, `{"channel":"general","paginationOpts":{"cursor":null,"id":1,"numItems":20}}`},
		{"hundred", large, "[" + strings.Repeat(`{"id":"`+anID+`","state":"off"},`, 99) + `{"id":"` + anID + `"}]`},
	} {
		text := canonical(b, c.value)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if m := Check(c.v, text); m != nil {
					b.Fatal(m)
				}
			}
		})
	}
}
