package generate

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
)

// generatedKotlin is where the golden files are: a source root of the Kotlin client's tests, which compile and use them.
var generatedKotlin = filepath.Join("..", "..", "clients", "kotlin", "core", "src", "test", "generated")

var negativeZero = math.Copysign(0, -1)

func nullable(v spec.Validator) spec.Validator { return union(v, spec.Null) }

// echo is a mutation that returns what it takes.
func echo(path string, fields ...any) fn { return mutation(path, object(fields...), object(fields...)) }

// many are fields of one type.
func many(n int, v spec.Validator) (fields []any) {
	for i := range n {
		fields = append(fields, fmt.Sprintf("f%03d", i), v)
	}
	return fields
}

// named are fields of these names.
func named(names string) (fields []any) {
	for name := range strings.FieldsSeq(names) {
		fields = append(fields, name, spec.String)
	}
	return fields
}

var kotlinSchema = &spec.Schema{Tables: []spec.Table{
	{Name: "_storage", Document: spec.Any},
	{Name: "messages", Document: object("body", spec.String, "edited?", spec.Number)},
	{Name: "shapes", Document: union(object("kind", lit("circle"), "r", spec.Number), object("kind", lit("square"), "a", spec.Number))},
}}

// strangeLiterals are texts that are no names.
var strangeLiterals = []spec.Validator{lit(""), lit("a-b"), lit("a_b"), lit("low"), lit("Low"), lit("$x"), lit("${x}"), lit("\""), lit("\\"), lit("\n"), lit("\x00"),
	lit("Unknown"), lit("é"), lit("😀"), lit(strings.Repeat("long", 50)), lit(strings.Repeat("long", 49) + "last")}

// kotlinApps are the apps whose Kotlin is compiled and used by the tests of the Kotlin client, by their packages.
var kotlinApps = map[string][]fn{
	"literals": {
		echo("wire:all", "half", lit(1.5), "minusZero", lit(negativeZero), "one", lit(1.0), "three", lit(int64(3)), "yes", lit(true),
			"least", lit(int64(math.MinInt64)), "huge", lit(1e300),
			"numbers", union(lit(1.0), lit(1.5), lit(negativeZero), lit(0.0)), "longs", union(lit(int64(3)), lit(int64(-1))), "flags", union(lit(true), lit(false)),
			"mixed", union(lit(1.0), lit(int64(1)), lit(true), lit("1"), spec.Null)),
		echo("wire:tagged", "shapes", array(union(object("tag", lit(1.0), "a", spec.String), object("tag", lit(int64(1)), "b", spec.String),
			object("tag", lit(true)), object("tag", lit(negativeZero), "c?", spec.String), object("tag", union(lit("x"), lit("y")), "d", spec.String)))),
		echo("strange:all", "text", union(strangeLiterals...)),
		echo("words:save", "priority", union(lit("low"), lit("high"))),
		query("words:row", object(), object("priority", union(lit("low"), lit("high")))),
	},
	"presence": {
		echo("three:states", "inner", object("cursor", nullable(spec.String), "note?", nullable(spec.String)), "list", array(nullable(spec.String)),
			"map", record(nullable(spec.String)), "nested", array(object("note?", nullable(spec.String))), "note?", nullable(spec.String), "word?", spec.String),
	},
	"wide": {
		mutation("rows:numbers", object("row", object(many(127, spec.Number)...)), object(many(127, spec.Number)...)),
		mutation("rows:strings", object("row", object(many(250, spec.String)...)), object(many(250, spec.String)...)),
		mutation("rows:narrow", object("row", object(many(123, spec.Number)...)), object(many(123, spec.Number)...)),
		mutation("rows:absent", object("row", object(append(many(120, spec.Number), "x?", spec.String, "y?", nullable(spec.Number), "z", nullable(spec.Int64),
			"optionals?", object(many(20, spec.Number)...))...)), spec.Null),
		echo("rows:union", "row", union(object(append(many(130, spec.Number), "kind", lit("wide"))...), object("kind", lit("none")))),
		mutation("rows:arguments", object(many(130, spec.Number)...), spec.Number),
	},
	"names": {
		echo("fields:all", named("_id id do_it doIt Title title object _ component1 copy hashCode toString class Class isOpen IsOpen open getClass com kotlin kotlinx Types value it "+
			"this from to json typealias Fields AllArgs type Type read write descriptor Unknown Builder Companion when by field")...),
		mutation("names:list", object("list", spec.String), spec.String), mutation("names:result", object(), spec.Null), mutation("names:toString", object(), spec.Null),
		mutation("names:hashCode", object("x?", spec.String), spec.Null), mutation("names:equals", object("other", spec.Any), spec.Null),
		mutation("names:default", object(), spec.Null), mutation("names:notify", object(), spec.Null), mutation("names:wait", object(), spec.Null),
		mutation("names:getClass", object(), spec.Null), mutation("names:finalize", object(), spec.Null), mutation("names:getList", object(), spec.Null),
		mutation("names:com", object(), spec.Null), mutation("names:kotlin", object("a?", nullable(spec.String)), spec.Null), mutation("names:ListArgs", object(), spec.Null),
		mutation("names:Names", object(), spec.Null), mutation("names:class", object(), spec.Null), mutation("names:also", object(), spec.Null),
		mutation("names:api", object("item", object("x", spec.String)), array(object("x", spec.Number))), mutation("names:Title", object(), spec.Null),
		mutation("names:title", object(), spec.Null),
		query("ids:all", object("a", spec.ID{Table: "_storage"}, "b", spec.ID{Table: "storage"}, "c", spec.ID{Table: "user_profiles"}, "d", spec.ID{Table: "userProfiles"}),
			spec.Record{Keys: spec.ID{Table: "storage"}, Values: spec.Int64}),
		query("admin:users", object(), spec.String), query("admin/users:list", object(), spec.String), query("admin_users:list", object(), spec.String),
		query("api:list", object(), spec.String), query("deep/er/nested:default", object(), spec.String), query("2fa:get", object(), spec.String),
		query("documents:list", object(), spec.String), query("string:list", object(), array(spec.String)), query("Types:list", object(), spec.String),
	},
	"unions": {
		echo("all:kinds", "numberOrObject", union(spec.Number, object("a", spec.String)), "stringOrInt64", union(spec.String, spec.Int64),
			"ids", union(spec.ID{Table: "a"}, spec.ID{Table: "b"}), "any", nullable(spec.Any), "nested", union(spec.String, union(spec.Null, union(spec.Number, spec.Null))),
			"doubled", union(lit("a"), lit("a")), "open", union(lit("a"), spec.String), "sized", union(lit("auto"), spec.Number),
			"apart", union(spec.Boolean, spec.Bytes, array(spec.Number), record(spec.String)), "notApart", union(array(spec.String), array(spec.Number)), "never?", union()),
		echo("all:shapes", "shape", union(circle, square), "maybe?", nullable(union(circle, square))),
		query("all:bytes", object(), object("content", spec.Bytes)),
		mutation("all:untyped", spec.Any, nil), query("all:undeclared", object("a", spec.String), nil),
		query("all:messages", object(), array(union(object("_creationTime", spec.Number, "_id", spec.ID{Table: "messages"}, "body", spec.String, "edited?", spec.Number), spec.Null))),
		query("all:rows", object("channel", spec.String, "paginationOpts", object("cursor", nullable(spec.String), "numItems", spec.Number, "id?", spec.Number)),
			object("page", array(object("body", spec.String)), "isDone", spec.Boolean, "continueCursor", spec.String, "splitCursor?", nullable(spec.String))),
	},
	"empty": {},
}

// TestKotlin_golden compares with the files that the tests of the Kotlin client compile, and with those that another order of the spec makes.
func TestKotlin_golden(t *testing.T) {
	for name, functions := range kotlinApps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := kotlinFiles(t, name, "", functions)
			kotlinGolden(t, name, files)
			shuffled := slices.Clone(functions)
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			for i := range shuffled {
				shuffled[i].args, shuffled[i].returns = turned(shuffled[i].args), turned(shuffled[i].returns)
			}
			if again := kotlinFiles(t, name, "", shuffled); !maps.EqualFunc(files, again, bytes.Equal) {
				t.Error("another order of the spec makes other files")
			}
		})
	}
}

// turned returns a validator with the members of unions in the other order.
func turned(v spec.Validator) spec.Validator {
	switch v := v.(type) {
	case spec.Array:
		return spec.Array{Element: turned(v.Element)}
	case spec.Record:
		return spec.Record{Keys: turned(v.Keys), Values: turned(v.Values)}
	case spec.Object:
		var o spec.Object
		for _, f := range v.Fields {
			o.Fields = append(o.Fields, spec.Field{Name: f.Name, Type: turned(f.Type), Optional: f.Optional})
		}
		return o
	case spec.Union:
		var u spec.Union
		for _, m := range slices.Backward(v.Members) {
			u.Members = append(u.Members, turned(m))
		}
		return u
	}
	return v
}

// A new argument that sorts first comes last, by the numbers of the contract: calls by position mean the same.
func TestKotlin_order(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	before := []fn{echo("m:f", "c", spec.String, "m?", spec.String, "x?", spec.String), mutation("m:g", object("shape", union(object("z", lit("1")), object("z", lit("2")))), spec.Null)}
	after := []fn{echo("m:f", "a?", spec.String, "b", spec.String, "c", spec.String, "m?", spec.String, "x?", spec.String),
		mutation("m:g", object("shape", union(object("a", lit("x"), "z", lit("1")), object("a", lit("y"), "z", lit("2")))), spec.Null)}
	written(t, dir, app(t, before...), model.Options{})
	if text := string(kotlinFiles(t, "order", dir, before)["com/example/order/M.kt"]); !strings.Contains(text, "public fun f(c: kotlin.String, m: kotlin.String? = null, x: kotlin.String? = null)") {
		t.Error(text)
	}
	written(t, dir, app(t, after...), model.Options{})
	kotlinGolden(t, "order", kotlinFiles(t, "order", dir, after))
}

// What cannot be typed has a warning that names function and place, and the rest is typed.
func TestKotlin_untyped(t *testing.T) {
	t.Parallel()
	var functions []string
	for i := range 78 {
		functions = append(functions, fmt.Sprintf(`{"identifier":"m.js:f%d","functionType":"Query","visibility":{"kind":"public"},"args":{"type":"object","value":{}},"returns":{"type":"string"}}`, i))
	}
	functions = append(functions,
		`{"identifier":"m.js:undeclared","functionType":"Query","visibility":{"kind":"public"},"args":{"type":"object","value":{}},"returns":null}`,
		`{"identifier":"m.js:future","functionType":"Query","visibility":{"kind":"public"},"args":{"type":"object","value":{"a":{"fieldType":{"type":"from-the-future"},"optional":false}}},"returns":{"type":"string"}}`,
		`{"functionType":"HttpAction","method":"GET","path":"/hook"}`,
		`{"identifier":"../x.js:f","functionType":"Query","visibility":{"kind":"public"},"args":{"type":"object","value":{}},"returns":null}`)
	s, warnings, err := spec.Parse([]byte(`{"functions":[` + strings.Join(functions, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	output, more, err := Kotlin(t.Context(), t.TempDir(), "com.example", "", s, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range slices.Concat(warnings, more) {
		got = append(got, w.String())
	}
	for _, want := range []string{"m.js:undeclared, returns: is not declared", `m.js:future, args.a: has the unknown type "from-the-future"`, `"../x.js:f"`} {
		if !slices.ContainsFunc(got, func(w string) bool { return strings.Contains(w, want) }) {
			t.Errorf("no warning %q in %q", want, got)
		}
	}
	text := string(output.Files["com/example/M.kt"])
	if n := strings.Count(text, "com.convexgateway.client.Query<kotlin.String>"); n != 79 {
		t.Errorf("%d functions return a string", n)
	}
	for _, want := range []string{"fun undeclared(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement>", "fun future(a: kotlinx.serialization.json.JsonElement)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if len(output.Files) != 2 {
		t.Errorf("files %v", slices.Sorted(maps.Keys(output.Files)))
	}
}

// A second run changes nothing, the file of a module that is gone is removed, and those of others stay.
func TestKotlin_folder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	run := func(functions ...fn) (changes []Change) {
		output, _, err := Kotlin(t.Context(), dir, "com.example", "", app(t, functions...), nil)
		if err == nil {
			changes, err = output.Write()
		}
		if err != nil {
			t.Fatal(err)
		}
		return changes
	}
	one, other := query("one:f", object(), spec.String), query("other:f", object(), spec.String)
	run(one, other)
	foreign := filepath.Join(dir, "com", "example", "Foreign.kt")
	if err := os.WriteFile(foreign, []byte("package com.example"), 0o600); err != nil {
		t.Fatal(err)
	}
	if changes := run(other, one); len(changes) > 0 {
		t.Errorf("a second run changes %v", changes)
	}
	if changes := run(one); !slices.Contains(changes, Change{Path: filepath.Join(dir, "com", "example", "Other.kt"), Removed: true}) {
		t.Errorf("changes %v", changes)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Error(err)
	}
}

func TestKotlin_package(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", ".", "com.", "com.fun", "com.Example", "../x", "com/x", "com.1x", "com.a-b", "com._"} {
		if _, _, err := Kotlin(t.Context(), t.TempDir(), name, "", app(t), nil); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
}

// Whatever a spec has, there are files, and no two differ in case alone.
func TestKotlin_specs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"function-spec.json", "shapes.json", "broken.json"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "convex", "spec", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		s, _, err := spec.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		output, _, err := Kotlin(t.Context(), t.TempDir(), "com.example.specs."+strings.ReplaceAll(strings.TrimSuffix(name, ".json"), "-", "_"), "", s, nil)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for file := range output.Files {
			if lower := strings.ToLower(file); seen[lower] {
				t.Errorf("%s: %s is there twice", name, file)
			} else {
				seen[lower] = true
			}
		}
		kotlinGolden(t, "specs/"+strings.ReplaceAll(strings.TrimSuffix(name, ".json"), "-", "_"), output.Files)
	}
}

// The Kotlin of the sample app, in the projects that use it, is current.
func TestKotlin_sample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "convex-app", "api", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := spec.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for project, pkg := range map[string]string{"consumer": "com.example.api", "sample": "com.convexgateway.sample.api"} {
		dir := filepath.Join("..", "..", "clients", "kotlin", project, "src", "main", "kotlin")
		output, _, err := Kotlin(t.Context(), dir, pkg, filepath.Join("..", "..", "examples", "convex-app", "api"), s, nil)
		if err == nil && *update {
			_, err = output.Write()
		}
		if err != nil {
			t.Fatal(err)
		}
		if changes, err := output.Changes(); err != nil || len(changes) > 0 {
			t.Errorf("not current: go test ./cli/generate -update; %v, %v", changes, err)
		}
	}
}

func kotlinFiles(t *testing.T, name, api string, functions []fn) map[string][]byte {
	t.Helper()
	output, _, err := Kotlin(t.Context(), t.TempDir(), "com.example."+name, api, app(t, functions...), kotlinSchema)
	if err != nil {
		t.Fatal(err)
	}
	return output.Files
}

// kotlinGolden compares files with those below a package com.example.name, and no others may be there.
func kotlinGolden(t *testing.T, name string, files map[string][]byte) {
	t.Helper()
	dir := filepath.Join(generatedKotlin, "com", "example", filepath.FromSlash(name))
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := (Output{Dir: generatedKotlin, Files: files}).Write(); err != nil {
			t.Fatal(err)
		}
	}
	there, err := os.ReadDir(dir)
	if err != nil || len(there) != len(files) {
		t.Errorf("%s has %d files, %v; want %d", dir, len(there), err, len(files))
	}
	for file, text := range files {
		if want, err := os.ReadFile(filepath.Join(generatedKotlin, filepath.FromSlash(file))); err != nil || !bytes.Equal(text, want) {
			t.Errorf("%s is not current: go test ./cli/generate -update; %v", file, err)
		}
	}
}
