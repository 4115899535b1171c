package functions

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"convexgateway/convex/spec"
)

func read(tb testing.TB, file string) *spec.Spec {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	s, _, err := spec.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return s.Public()
}

const (
	realSpec = "../../../convex/spec/testdata/function-spec.json"
	shapes   = "../../../convex/spec/testdata/shapes.json"
)

// The schema of each validator, with what JSON itself cannot have.
func TestSchema(t *testing.T) {
	circle := spec.Object{Fields: []spec.Field{{Name: "kind", Type: spec.Literal{Value: "circle"}}, {Name: "r", Type: spec.Number, Optional: true}}}
	for _, c := range []struct {
		of   spec.Validator
		want string
	}{
		{spec.String, `{"type":"string"}`},
		{spec.Number, `{"type":"number"}`},
		{spec.Null, `{"type":"null"}`},
		{spec.Any, `{"description":"Any value in Convex's encoding."}`},
		{spec.Int64, `{"additionalProperties":false,"description":"An Int64: base64 of 8 bytes, little-endian.","properties":{"$integer":{"contentEncoding":"base64","type":"string"}},"required":["$integer"],"type":"object"}`},
		{spec.ID{Table: "users"}, `{"description":"The id of a document in the table users.","pattern":"^[0-9a-hjkmnp-tv-z]{31,37}$","type":"string"}`},
		{spec.Literal{Value: int64(1)}, `{"const":{"$integer":"AQAAAAAAAAA="}}`},
		{spec.Literal{Value: "x"}, `{"const":"x"}`},
		{spec.Array{Element: spec.Boolean}, `{"items":{"type":"boolean"},"type":"array"}`},
		{spec.Record{Keys: spec.String, Values: spec.Number}, `{"additionalProperties":{"type":"number"},"type":"object"}`},
		{circle, `{"additionalProperties":false,"properties":{"kind":{"const":"circle"},"r":{"type":"number"}},"required":["kind"],"type":"object"}`},
		{spec.Object{}, `{"additionalProperties":false,"properties":{},"type":"object"}`},
		{spec.NewUnion(), `{"not":{}}`},
		{spec.NewUnion(spec.String, spec.Null), `{"type":["string","null"]}`},
		{spec.NewUnion(spec.Any, spec.Null), `{"description":"Any value in Convex's encoding."}`},
		{spec.NewUnion(spec.Literal{Value: "a"}, spec.Literal{Value: 1.0}), `{"enum":["a",1]}`},
		{spec.NewUnion(spec.Literal{Value: "a"}, spec.Literal{Value: "b"}, spec.Null), `{"enum":["a","b",null]}`},
		{spec.NewUnion(spec.String, spec.Number, spec.Null), `{"anyOf":[{"type":"string"},{"type":"number"},{"type":"null"}]}`},
		{spec.NewUnion(spec.Number, spec.Literal{Value: "all"}), `{"anyOf":[{"type":"number"},{"enum":["all"]}]}`},
	} {
		got, err := json.Marshal(schema(c.of))
		if err != nil || string(got) != c.want {
			t.Errorf("%v: %s, want %s, %v", c.of, got, c.want, err)
		}
	}
}

// Every public function has its operations, with ids of their own; every reference has a target, and every component of the app's own document
// is used.
func TestDocument(t *testing.T) {
	for _, file := range []string{realSpec, shapes, "../../../examples/convex-app/api/spec.json"} {
		s := read(t, file)
		for name, text := range map[string][]byte{"alone": Document(s), "added": Added(s)} {
			document := parse(text)
			paths, components := document["paths"].(object), document["components"].(object)
			for f := range s.All() {
				operations, _ := paths[Route(f)].(object)
				if operations["post"] == nil || (operations["get"] != nil) != (f.Kind == 0) {
					t.Errorf("%s, %s: %s has %d operations", file, name, f.Path, len(operations))
				}
			}
			ids := map[string]bool{}
			for route, operations := range paths {
				for method, operation := range operations.(object) {
					id := operation.(object)["operationId"].(string)
					if ids[id] {
						t.Errorf("%s, %s: two operations %s, one of them %s %s", file, name, id, method, route)
					}
					ids[id] = true
				}
			}
			for _, ref := range references(document) {
				kind, target, _ := strings.Cut(strings.TrimPrefix(ref, "#/components/"), "/")
				if group, _ := components[kind].(object); group[target] == nil {
					t.Errorf("%s, %s: %s has no target", file, name, ref)
				}
			}
			if name == "alone" && (len(components["schemas"].(object)) > 10 || components["schemas"].(object)["WatchOptions"] != nil) {
				t.Errorf("%s has components that it does not need", file)
			}
		}
		if !bytes.Equal(Document(s), Document(read(t, file))) {
			t.Errorf("%s has two documents", file)
		}
	}
}

// An operation has the function's arguments and result in place of the generic ones.
func TestDocument_operation(t *testing.T) {
	paths := parse(Document(read(t, "../../../examples/convex-app/api/spec.json")))["paths"].(object)
	list := paths["/v1/functions/messages/list"].(object)
	body := list["post"].(object)["requestBody"].(object)
	if body["required"] != false {
		t.Error("arguments that are all optional are required")
	}
	text, _ := json.Marshal(list["post"])
	for _, want := range []string{`"limit":{"type":"number"}`, `"operationId":"messages_list"`, `"text/event-stream"`, `"logLines"`, `"_creationTime":{"type":"number"}`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(string(text), "valueJson") {
		t.Error("the answer has another form of the value")
	}
	for method, want := range map[string]string{"get": "args minReadTime anonymous resumeToken heartbeat", "post": "minReadTime anonymous"} {
		var names []string
		for _, p := range list[method].(object)["parameters"].([]any) {
			if name, _ := p.(object)["name"].(string); name != "" {
				names = append(names, name)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("parameters of %s: %s", method, got)
		}
	}
	send := paths["/v1/functions/messages/send"].(object)
	text, _ = json.Marshal(send)
	if send["get"] != nil || !strings.Contains(string(text), "IdempotencyKey") || !strings.Contains(string(text), "commitTime") ||
		send["post"].(object)["requestBody"].(object)["required"] != true {
		t.Errorf("the mutation has %s", text)
	}
}

// What spec.Parse reads has a document.
func FuzzDocument(f *testing.F) {
	for _, file := range []string{realSpec, shapes} {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`[{"identifier":"a:b","functionType":"Query","visibility":{"kind":"public"},"args":{"type":"any"},"returns":{"type":"literal","value":"\u2028"}}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, _, err := spec.Parse(text)
		if err != nil {
			return
		}
		if !json.Valid(Document(s)) || !json.Valid(Added(s)) {
			t.Error("a document is no JSON")
		}
	})
}
