package generate

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
)

var update = flag.Bool("update", false, "write the golden files")

// Validators of the tests.
var (
	circle = object("kind", lit("circle"), "r", spec.Number)
	square = object("kind", lit("square"), "side", spec.Number)
	row    = object("author", spec.ID{Table: "users"}, "body", spec.String)
)

func lit(value any) spec.Validator                   { return spec.Literal{Value: value} }
func array(v spec.Validator) spec.Validator          { return spec.Array{Element: v} }
func record(v spec.Validator) spec.Validator         { return spec.Record{Keys: spec.String, Values: v} }
func union(members ...spec.Validator) spec.Validator { return spec.NewUnion(members...) }

// object makes an object of names and validators; a name that ends in ? is optional.
func object(fields ...any) spec.Object {
	var o spec.Object
	for i := 0; i < len(fields); i += 2 {
		name, optional := strings.CutSuffix(fields[i].(string), "?")
		o.Fields = append(o.Fields, spec.Field{Name: name, Type: fields[i+1].(spec.Validator), Optional: optional})
	}
	slices.SortFunc(o.Fields, func(a, b spec.Field) int { return strings.Compare(a.Name, b.Name) })
	return o
}

func deep(levels int) spec.Validator {
	v := spec.Validator(spec.String)
	for range levels {
		v = object("down", v)
	}
	return v
}

func wide(fields int) spec.Validator {
	var o spec.Object
	for i := range fields {
		o.Fields = append(o.Fields, spec.Field{Name: fmt.Sprintf("f%04d", i), Type: spec.Boolean})
	}
	return o
}

// fn is a function of a test's app.
type fn struct {
	path    string
	kind    convex.Kind
	args    spec.Validator
	returns spec.Validator
}

func mutation(path string, args, returns spec.Validator) fn {
	return fn{path, convex.Mutation, args, returns}
}
func query(path string, args, returns spec.Validator) fn {
	return fn{path, convex.Query, args, returns}
}

// takes is a mutation m:f with arguments.
func takes(fields ...any) fn { return mutation("m:f", object(fields...), spec.Null) }

// app is a spec of functions.
func app(t *testing.T, functions ...fn) *spec.Spec {
	t.Helper()
	s := &spec.Spec{}
	for _, f := range functions {
		path, err := convex.ParsePath(f.path)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(s.Modules, func(m spec.Module) bool { return m.Path == path.Module() })
		if i < 0 {
			i, s.Modules = len(s.Modules), append(s.Modules, spec.Module{Path: path.Module()})
		}
		s.Modules[i].Functions = append(s.Modules[i].Functions, spec.Function{Path: path, Kind: f.kind, Args: f.args, Returns: f.returns})
	}
	for _, m := range s.Modules {
		slices.SortFunc(m.Functions, func(a, b spec.Function) int { return strings.Compare(a.Name(), b.Name()) })
	}
	slices.SortFunc(s.Modules, func(a, b spec.Module) int { return strings.Compare(a.Path, b.Path) })
	return s
}

// TestProto_table has a case for each row of the table of types, and for each sentence about names.
func TestProto_table(t *testing.T) {
	for name, functions := range map[string][]fn{
		"scalars": {takes("a", spec.String, "b", spec.ID{Table: "users"}, "c", spec.Handle, "d", spec.Boolean, "e", spec.Number, "f", spec.Int64,
			"g", spec.CommitTS, "h", spec.Bytes)},
		"literals": {takes("one", lit("a"), "words", union(lit("a"), lit("b")), "numbers", union(lit(1.0), lit(2.0)), "longs?", union(lit(int64(1)), lit(int64(2))),
			"flag", lit(true))},
		"null": {mutation("m:f", object("a", spec.Null, "b?", spec.Null, "c", array(spec.Null)), spec.Null)},
		"containers": {mutation("m:f", object("a", array(spec.String), "b?", array(spec.String), "c", record(spec.Number), "d?", record(spec.Number),
			"e", array(array(spec.Int64)), "f", array(record(spec.String)), "g", record(array(row)), "h", spec.Record{Keys: spec.ID{Table: "users"}, Values: row},
			"i", union(array(spec.String), spec.Null)), array(row))},
		"objects":  {mutation("m:send", object("replyTo", object("message", spec.String, "quote?", row)), row)},
		"optional": {takes("a?", spec.String, "b?", row, "c?", spec.Any)},
		"nullable": {takes("a", union(spec.String, spec.Null), "b", union(row, spec.Null), "c?", union(spec.String, spec.Null), "d?", union(row, spec.Null),
			"e", array(union(spec.String, spec.Null)), "f", record(union(row, spec.Null)), "g", union(spec.String, spec.Number, spec.Null))},
		"unions": {mutation("m:f", object("a", union(spec.String, spec.Number), "b", union(spec.Bytes, spec.Int64, array(spec.String)),
			"c", union(record(spec.Number), spec.Boolean), "d", union(row, spec.String), "e", union(spec.ID{Table: "users"}, spec.ID{Table: "messages"})),
			union(circle, square))},
		"discriminators": {mutation("m:f", object("a", union(object("zz", lit("x"), "b", lit(1.0)), object("zz", lit("y"), "b", lit(2.0)), spec.Null),
			"b", array(union(object("kind", union(lit("one"), lit("two"))), object("kind", lit("other, with a \"quote\""))))), spec.Null)},
		"undeclared": {mutation("m:f", spec.Any, nil)},
		"any": {mutation("m:f", object("a", spec.Any, "b?", spec.Any, "c", array(spec.Any), "d", union(array(spec.String), array(spec.Number)),
			"e", union(object("x", spec.Number), object("x", spec.String)), "f", union(record(spec.Number), row)), deep(40))},
		"wide":          {mutation("m:f", object("a", wide(1001)), spec.Null), mutation("m:g", wide(1001), spec.Null)},
		"field_numbers": {takes("b", spec.String, "a", spec.String, "C", spec.String)},
		"field_names": {takes("_id", spec.String, "id", spec.String, "id2", spec.String, "aB", spec.String, "a_b", spec.String, "HTMLBody", spec.String, "_1", spec.String,
			"__", spec.String, "x__y_", spec.String)},
		"method_names": {query("m:list", object(), nil), query("m:subscribeList", object(), nil), query("m:List", object(), nil), query("m:default", object(), nil),
			mutation("m:_private", object(), nil)},
		"message_names": {mutation("m:a", object("bRequest", row), spec.Null), mutation("m:aB", object("x", row), row), mutation("m:m", object(), object("x", row))},
		"java_names":    {mutation("new/default:f", object(), spec.Null)},
		"kinds":         {query("m:q", object("x?", spec.Number), array(row)), mutation("m:m", object(), spec.Int64), {"m:a", convex.Action, object(), spec.Bytes}},
		"module_names":  {mutation("admin/userList:f", object(), nil), mutation("admin/user_list:f", object(), nil), mutation("2fa:f", object(), nil), mutation("admin:userList", object(), nil)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, written(t, t.TempDir(), app(t, functions...), model.Options{}))
		})
	}
}

// TestProto_lock has a case for each sentence about numbers: the files are those after the last step.
func TestProto_lock(t *testing.T) {
	list := func(returns spec.Validator) fn { return query("m:list", object(), returns) }
	for name, steps := range map[string][][]fn{
		"field_added":        {{takes("b", spec.String)}, {takes("a", spec.String, "b", spec.String)}},
		"field_removed":      {{takes("a", spec.String, "b", row)}, {takes("a", spec.String)}},
		"field_renamed":      {{takes("a", spec.String)}, {takes("b", spec.String)}},
		"field_back":         {{takes("a", spec.String, "b", row)}, {takes("a", spec.String)}, {takes("a", spec.String, "b", row)}},
		"field_retyped":      {{takes("a", spec.String, "b", spec.Number, "c", row)}, {takes("a", spec.Number, "b", array(spec.Number), "c", spec.String)}},
		"field_retyped_back": {{takes("a", spec.String)}, {takes("a", spec.Number)}, {takes("a", spec.String)}},
		"presence": {{takes("a", spec.String, "b?", spec.String, "c", union(spec.String, spec.Null), "d", row)},
			{takes("a?", spec.String, "b", union(spec.String, spec.Null), "c", spec.String, "d?", row)}},
		"literals_changed": {{takes("a", union(lit("x"), lit("y")))}, {takes("a", union(lit("y"), lit("z")))}},
		"name_kept":        {{takes("id", spec.String)}, {takes("_id", spec.String, "id", spec.String)}},
		"name_of_gone":     {{takes("_id", spec.String)}, {takes("id", spec.String)}},
		"function_added":   {{mutation("m:f", object(), nil)}, {mutation("m:f", object(), nil), query("m:a", object(), nil)}},
		"function_removed": {{list(array(row)), mutation("m:f", object("x", row), row)}, {list(array(row))}},
		"function_back":    {{list(array(row)), mutation("m:f", object("x", row), row)}, {list(array(row))}, {list(array(row)), mutation("m:f", object("x", row), row)}},
		"module_removed":   {{mutation("m:f", object("x", row), row), mutation("n:f", object(), nil)}, {mutation("n:f", object(), nil)}},
		"kind_changed":     {{list(spec.Number)}, {mutation("m:list", object(), spec.Number)}},
		"result_retyped":   {{mutation("m:f", object(), spec.Number)}, {mutation("m:f", object(), spec.String)}},
		"result_declared":  {{mutation("m:f", spec.Any, nil)}, {mutation("m:f", object("args", spec.Any), row)}},
		"object_to_union":  {{takes("a", circle)}, {takes("a", union(circle, square))}},
		"member_added":     {{takes("a", union(circle, spec.String))}, {takes("a", union(circle, spec.String, spec.Null, array(spec.String)))}},
		"member_removed":   {{takes("a", union(circle, square, spec.String))}, {takes("a", union(circle, object("kind", lit("oval"))))}},
		"discriminator_kept": {{takes("a", union(object("z", lit("1")), object("z", lit("2"))))},
			{takes("a", union(object("a", lit("x"), "z", lit("1")), object("a", lit("y"), "z", lit("2"))))}},
		"discriminator_lost": {{takes("a", union(object("z", lit("1")), object("z", lit("2"))))},
			{takes("a", union(object("a", lit("x"), "z", lit("1")), object("a", lit("y"), "z", spec.String)))}},
		"message_name_kept": {{mutation("m:a", object("bC", row), nil)}, {mutation("m:a", object("bC", row), nil), mutation("m:aB", object("c", row), nil)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var files map[string][]byte
			for _, functions := range steps {
				files = written(t, dir, app(t, functions...), model.Options{})
			}
			golden(t, "lock_"+name, files)
		})
	}
}

// What is gone is removed by --prune, and its numbers and names are not used again.
func TestProto_prune(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	written(t, dir, app(t, takes("a", spec.String, "b", row, "c", spec.Number, "d", spec.Number), mutation("m:g", object(), nil), mutation("n:f", object(), nil)), model.Options{})
	golden(t, "prune", written(t, dir, app(t, takes("a", spec.String)), model.Options{Prune: true}))
	golden(t, "prune_again", written(t, dir, app(t, takes("a", spec.String, "c", spec.Number, "e", spec.Number)), model.Options{}))
	if _, err := os.Stat(filepath.Join(dir, "convex/app/n/n.proto")); !os.IsNotExist(err) {
		t.Errorf("the file of a module that is gone: %v", err)
	}
}

// Numbers that protobuf keeps for itself are skipped.
func TestProto_keptNumbers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	written(t, dir, app(t, takes("a", spec.String)), model.Options{})
	file := filepath.Join(dir, "convex/app/m/m.proto")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte("string a = 1;"), []byte("string a = 18999;"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	files := written(t, dir, app(t, takes("a", spec.String, "b", spec.String)), model.Options{})
	if text := files["convex/app/m/m.proto"]; !bytes.Contains(text, []byte("string a = 18999;")) || !bytes.Contains(text, []byte("string b = 20000;")) {
		t.Errorf("%s", text)
	}
}

// Package and import path are those of the files that are there, unless others are asked for.
func TestProto_package(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	functions := app(t, mutation("admin/users:f", object("b", spec.String), nil))
	written(t, dir, functions, model.Options{Package: "acme.chat", GoPackage: "acme.com/chat"})
	files := written(t, dir, app(t, mutation("admin/users:f", object("a", spec.String, "b", spec.String), nil)), model.Options{})
	text := string(files["acme/chat/admin/users/users.proto"])
	for _, want := range []string{"package acme.chat.admin.users;", `go_package = "acme.com/chat/admin/users;users"`, `csharp_namespace = "Acme.Chat.Admin.Users"`, "string b = 1;"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
	files = written(t, dir, functions, model.Options{Package: "other"})
	if len(files["other/admin/users/users.proto"]) == 0 || len(files["acme/chat/admin/users/users.proto"]) > 0 {
		t.Errorf("after a change of the package there are %v", slices.Sorted(maps.Keys(files)))
	}
	if _, err := API(t.Context(), dir, functions, model.Options{Package: "Not.lower"}); err == nil {
		t.Error("a package in capitals is taken")
	}
}

// Files that cannot be read as a lock are an error, and nothing is changed; others' files are left alone.
func TestProto_badLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	functions := app(t, takes("a", spec.String))
	written(t, dir, functions, model.Options{})
	own := filepath.Join(dir, "notes.proto")
	if err := os.WriteFile(own, []byte("this is no proto file"), 0o600); err != nil {
		t.Fatal(err)
	}
	written(t, dir, functions, model.Options{})
	file := filepath.Join(dir, "convex/app/m/m.proto")
	text, _ := os.ReadFile(file)
	for name, broken := range map[string]string{
		"syntax": string(text) + "}", "no option": strings.ReplaceAll(string(text), "convexgateway.v1.function)", "convexgateway.v1.functions)"),
		"bad path": strings.ReplaceAll(string(text), `"m:f"`, `"m:"`), "number": strings.Replace(string(text), "a = 1;", "a = 0;", 1),
	} {
		if err := os.WriteFile(file, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := API(t.Context(), dir, functions, model.Options{}); err == nil || !strings.Contains(err.Error(), "m.proto") {
			t.Errorf("%s: %v", name, err)
		}
		if now, _ := os.ReadFile(file); string(now) != broken {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

// written runs generate, and checks that a second run has nothing to do.
func written(t *testing.T, dir string, s *spec.Spec, o model.Options) map[string][]byte {
	t.Helper()
	output, err := API(t.Context(), dir, s, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := output.Write(); err != nil {
		t.Fatal(err)
	}
	o.Prune = false
	again, err := API(t.Context(), dir, s, o)
	if err != nil {
		t.Fatal(err)
	}
	if changes, err := again.Changes(); err != nil || len(changes) > 0 {
		for _, c := range changes {
			name, _ := filepath.Rel(dir, c.Path)
			t.Logf("%s", again.Files[name])
		}
		t.Fatalf("a second run changes %v, %v", changes, err)
	}
	return output.Files
}

// golden compares the files of an app with testdata/proto/name.proto.
func golden(t *testing.T, name string, files map[string][]byte) {
	t.Helper()
	var text []byte
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if strings.HasPrefix(file, "convex/") {
			text = fmt.Appendf(text, "// %s\n%s", file, files[file])
		}
	}
	path := filepath.Join("testdata", "proto", name+".proto.txt")
	if *update {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(text, want) {
		t.Errorf("%s is\n%s, %v", path, text, err)
	}
}
