package spec

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"convexgateway/convex"
)

func read(tb testing.TB, name string) []byte {
	tb.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// parsed reads a spec of testdata, which must give no warnings.
func parsed(tb testing.TB, name string) *Spec {
	tb.Helper()
	s, warnings, err := Parse(read(tb, name))
	if err != nil || len(warnings) > 0 {
		tb.Fatal(err, warnings)
	}
	return s
}

func function(tb testing.TB, s *Spec, path string) *Function {
	tb.Helper()
	p, err := convex.ParsePath(path)
	if err != nil {
		tb.Fatal(err)
	}
	f := s.Find(p)
	if f == nil {
		tb.Fatalf("no function %s", path)
	}
	return f
}

func object(fields ...Field) Object { return Object{Fields: fields} }

// The spec that a real backend printed is read in full: each kind of validator, and each form that an app can give arguments and results.
func TestParse_real(t *testing.T) {
	s := parsed(t, "function-spec.json")
	all := slices.Collect(s.All())
	if len(all) != 81 || len(s.HTTP) != 6 {
		t.Fatalf("%d functions and %d HTTP actions", len(all), len(s.HTTP))
	}
	wordOrID := Union{Members: []Validator{ID{"messages"}, String}}
	fields := []Field{
		{"a", Any, false}, {"arr", Array{Array{String}}, false}, {"b", Boolean, false}, {"bi", Int64, false}, {"by", Bytes, false},
		{"cts", CommitTS, false},
		{"disc", Union{[]Validator{
			object(Field{"a", Number, false}, Field{"kind", Literal{"a"}, false}),
			object(Field{"b", String, true}, Field{"kind", Literal{"b"}, false}),
		}}, false},
		{"f", Number, false}, {"i", Int64, false}, {"id", ID{"messages"}, false}, {"lb", Literal{true}, false},
		{"li", Literal{int64(3)}, false}, {"ln", Literal{1.5}, false}, {"lnz", Literal{negativeZero()}, false}, {"ls", Literal{"x"}, false},
		{"n", Number, false}, {"nul", Null, false}, {"nullable", Union{[]Validator{String, Null}}, false},
		{"obj", object(
			Field{"empty", Object{}, false},
			Field{"x", object(Field{"y", Array{Union{[]Validator{Null, Int64}}}, true}), true},
		), false},
		{"opt", String, true}, {"optAny", Any, true}, {"optU", Union{[]Validator{Null, Number}}, true},
		{"recId", Record{ID{"messages"}, Any}, false}, {"recS", Record{String, Number}, false}, {"recU", Record{wordOrID, Boolean}, false},
		{"s", String, false}, {"sched", ID{"_scheduled_functions"}, false}, {"sid", ID{"_storage"}, false},
		{"un", Union{[]Validator{Literal{"low"}, Literal{"high"}}}, false}, {"un1", String, false}, {"unE", Union{}, false},
	}
	f := function(t, s, "spec/kinds:all")
	if want := object(fields...); !reflect.DeepEqual(f.Args, Validator(want)) {
		t.Errorf("arguments\n%v\nwant\n%v", key(f.Args), key(want))
	}
	want := object(Field{"x", ID{"messages"}, true}, Field{"y", Union{[]Validator{Null, Array{Any}}}, false})
	if !reflect.DeepEqual(f.Returns, Validator(want)) {
		t.Errorf("result %v", key(f.Returns))
	}
	for path, want := range map[string]Function{
		"spec/kinds:argsNone":       {Kind: convex.Query, Args: Any},
		"spec/kinds:retNull":        {Kind: convex.Mutation, Args: Object{}, Returns: Null},
		"spec/kinds:retAny":         {Kind: convex.Mutation, Args: Object{}, Returns: Any},
		"spec/kinds:iq":             {Kind: convex.Query, Args: Object{}, Visibility: Internal},
		"spec/deep/er/nested":       {Kind: convex.Query, Args: Object{}},
		"spec/nodeact:ver":          {Kind: convex.Action, Args: object(Field{"x", String, true}), Returns: String},
		"spec/snake_case:_under":    {Kind: convex.Mutation, Args: Object{}},
		"spec/kinds:retUnion":       {Kind: convex.Mutation, Args: Object{}, Returns: Union{[]Validator{String, Int64}}},
		"spec/deep/er/nested:leaf":  {Kind: convex.Query, Args: Object{}},
		"spec/kinds.js:retObjShort": {Kind: convex.Action, Args: Object{}, Returns: object(Field{"a", String, false})},
	} {
		f := *function(t, s, path)
		f.Path = convex.Path{}
		if !reflect.DeepEqual(f, want) {
			t.Errorf("%s is %+v, want %+v", path, f, want)
		}
	}
}

func negativeZero() float64 { zero := 0.0; return -zero }

// Modules and functions are sorted, and found by path; what is public leaves out internal functions, and modules of nothing else.
func TestSpec(t *testing.T) {
	s := parsed(t, "function-spec.json")
	paths := func(s *Spec) (paths []string) {
		for f := range s.All() {
			paths = append(paths, f.Path.Module()+" "+f.Name())
		}
		return paths
	}
	if all := paths(s); !slices.IsSorted(all) {
		t.Errorf("not sorted: %v", all)
	}
	for f := range s.All() {
		if s.Find(f.Path) != f {
			t.Errorf("%s is not found", f.Path)
		}
	}
	for _, missing := range []string{"messages:nope", "nope:list", "zzz", "a"} {
		if path, err := convex.ParsePath(missing); err != nil || s.Find(path) != nil {
			t.Errorf("%s is found: %v", missing, err)
		}
	}
	public := s.Public()
	for f := range public.All() {
		if f.Visibility != Public {
			t.Errorf("%s is internal", f.Path)
		}
	}
	if n := len(paths(public)); n != 76 || len(public.HTTP) != 6 {
		t.Errorf("%d public functions", n)
	}
	if slices.ContainsFunc(public.Modules, func(m Module) bool { return m.Path == "internal" }) {
		t.Error("a module without public functions")
	}
	if len(paths(s)) != 81 {
		t.Error("the spec itself has changed")
	}
}

// Whatever of a spec cannot be read is any, or left out, with a warning that names function and field; the rest is read.
func TestParse_warnings(t *testing.T) {
	s, warnings, err := Parse(read(t, "broken.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"new.js:kind, args.filter.tags[]: has the unknown type \"decimal\"; any value is taken",
		"new.js:kind, returns{}: has the unknown type \"quaternion\"; any value is taken",
		"bad.js:record, args.r: is a record whose keys are neither strings nor ids; any value is taken",
		"bad.js:field, args.o: is an object with a field \"no-name\"; any value is taken",
		"bad.js:literal, args.l: is a literal that is no string, boolean or number; any value is taken",
		"bad.js:table, args.i: is an id of a table with the name \"x\\\" y\"; any value is taken",
		"bad.js:argsString, args: is no object; any arguments are taken",
		"bad.js:unionText, args.u: is a union whose members cannot be read; any value is taken",
		"bad.js:objectText, args.u: is an object whose fields cannot be read; any value is taken",
		"bad.js:number, args.u: cannot be read, and any value is taken: json: cannot unmarshal number into Go value of type spec.validatorText",
		"bad.js:visible: is taken as internal: unknown visibility \"friends\"",
		"bad.js:crony: is left out: unknown type \"Cron\"",
		"function 12: is left out: identifier \"bad-module.js:x\": bad function path: module has a character other than letters, digits, dots and underscores",
		"function 15: is left out: an HTTP action with method \"GET\" and path \"no slash\"",
		"function 16: cannot be read, and is left out: json: cannot unmarshal number into Go value of type spec.entryText",
		"good.js:twice: is in the spec twice; the first is taken",
	}
	var got []string
	for _, w := range warnings {
		got = append(got, w.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("warnings\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	kind := function(t, s, "new:kind")
	if want := object(Field{"filter", object(Field{"tags", Array{Any}, false}), false}); !Equal(kind.Args, want) {
		t.Errorf("arguments %s", key(kind.Args))
	}
	if twice := function(t, s, "good:twice"); twice.Kind != convex.Query || twice.Returns != String {
		t.Errorf("twice is %+v", twice)
	}
}

func TestParse_noSpec(t *testing.T) {
	for _, text := range []string{"", "{", "7", `"x"`, "{}", `{"functions":null}`, `{"functions":{}}`, `{"functions":[]} x`, "[,]"} {
		if _, _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%q is a spec", text)
		}
	}
	for _, text := range []string{"", "{}", "[]", `{"tables":7}`} {
		if _, _, err := ParseSchema([]byte(text)); err == nil {
			t.Errorf("%q is a schema", text)
		}
	}
}

// Validators within each other are read to a bound, so that no text exhausts the stack.
func TestParse_deep(t *testing.T) {
	text := strings.Repeat(`{"type":"array","value":`, 500) + `{"type":"any"}` + strings.Repeat("}", 500)
	_, warnings, err := Parse([]byte(`[{"identifier":"a:b","functionType":"Query","visibility":{"kind":"public"},"args":{"type":"any"},"returns":` + text + `}]`))
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0].Reason, "deeper than") {
		t.Error(warnings, err)
	}
}

func TestNewUnion(t *testing.T) {
	a, b := Literal{"a"}, Literal{"b"}
	for _, c := range []struct {
		name string
		got  Validator
		want Validator
	}{
		{"none", NewUnion(), Union{}},
		{"one", NewUnion(a), a},
		{"doubles", NewUnion(a, b, a), Union{[]Validator{a, b}}},
		{"all equal", NewUnion(a, a), a},
		{"nested", NewUnion(a, NewUnion(b, NewUnion(Null, a))), Union{[]Validator{a, b, Null}}},
		{"with an empty one", NewUnion(Union{}, a), a},
		{"with any", NewUnion(a, NewUnion(b, Any)), Any},
		{"int64 and float64", NewUnion(Literal{int64(1)}, Literal{1.0}), Union{[]Validator{Literal{int64(1)}, Literal{1.0}}}},
		{"zeros", NewUnion(Literal{0.0}, Literal{negativeZero()}), Union{[]Validator{Literal{0.0}, Literal{negativeZero()}}}},
		{"objects", NewUnion(object(Field{"x", NewUnion(a, b), false}), object(Field{"x", NewUnion(b, a), false})), object(Field{"x", NewUnion(a, b), false})},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %s, want %s", c.name, key(c.got), key(c.want))
		}
	}
}

func TestNullable(t *testing.T) {
	for _, c := range []struct {
		of, rest Validator
		nullable bool
	}{
		{String, String, false},
		{Null, Union{}, true},
		{Any, Any, false},
		{NewUnion(String, Null), String, true},
		{NewUnion(Null, String, Number), NewUnion(String, Number), true},
		{NewUnion(), Union{}, false},
	} {
		if rest, nullable := Nullable(c.of); !reflect.DeepEqual(rest, c.rest) || nullable != c.nullable {
			t.Errorf("%s is %s, %v", key(c.of), key(rest), nullable)
		}
	}
}

func TestEqual(t *testing.T) {
	array := func(members ...Validator) Validator { return Array{NewUnion(members...)} }
	if !Equal(array(String, Null), array(Null, String)) || !Equal(nil, nil) {
		t.Error("the order of members counts")
	}
	if Equal(nil, Null) || Equal(String, nil) || Equal(array(String), array(String, Null)) || Equal(ID{"a"}, ID{"b"}) {
		t.Error("different ones are equal")
	}
}

// What is written is read back as the same model, and written again as the same text, without the deployment's URL.
func TestJSON(t *testing.T) {
	for _, name := range []string{"function-spec.json", "shapes.json"} {
		s := parsed(t, name)
		text := s.JSON()
		again, warnings, err := Parse(text)
		if err != nil || len(warnings) > 0 || !reflect.DeepEqual(again, s) {
			t.Errorf("%s changes on its way: %v %v", name, warnings, err)
		}
		if !bytes.Equal(again.JSON(), text) || bytes.Contains(text, []byte("happy-animal")) || !bytes.HasSuffix(text, []byte("]\n}\n")) {
			t.Errorf("%s has another text", name)
		}
	}
	if text := string(new(Spec).JSON()); text != "{\n  \"functions\": []\n}\n" {
		t.Errorf("no functions: %q", text)
	}
}

func TestParseSchema(t *testing.T) {
	s, warnings, err := ParseSchema(read(t, "schema-active.json"))
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	want := map[string]Validator{
		"counters": object(Field{"name", String, false}, Field{"value", Number, false}),
		"loose":    Any,
		"shapes": Union{[]Validator{
			object(Field{"kind", Literal{"circle"}, false}, Field{"r", Number, false}),
			object(Field{"a", Number, false}, Field{"kind", Literal{"square"}, false}),
		}},
	}
	for name, document := range want {
		if table := s.Find(name); table == nil || !reflect.DeepEqual(table.Document, document) {
			t.Errorf("%s is %+v", name, table)
		}
	}
	if s.Find("nope") != nil || len(s.Tables) != 6 {
		t.Errorf("tables %+v", s.Tables)
	}
	_, warnings, err = ParseSchema([]byte(`{"tables":[{"tableName":"a b"},{"tableName":"c","documentType":{"type":"new"}}]}`))
	if err != nil || len(warnings) != 2 || !strings.HasPrefix(warnings[1].String(), "table c, document: has the unknown type") {
		t.Error(warnings, err)
	}
}

// No text makes the parsers fail otherwise than by an error, and what they read is read again without a warning, as the same.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"function-spec.json", "shapes.json", "broken.json", "schema-active.json"} {
		f.Add(read(f, name))
	}
	f.Add([]byte(`[{"identifier":"a:b","functionType":"Query","visibility":{"kind":"public"},"args":{"type":"union","value":[]}}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _, _ = ParseSchema(text)
		s, _, err := Parse(text)
		if err != nil {
			return
		}
		again, warnings, err := Parse(s.JSON())
		if err != nil || len(warnings) > 0 || !bytes.Equal(again.JSON(), s.JSON()) {
			t.Errorf("%s\nis read again as\n%s\n%v %v", s.JSON(), again.JSON(), warnings, err)
		}
	})
}
