package functions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"convexgateway/convex/spec"
	"convexgateway/server/openapi"
)

// Root is the route of the spec, and begins that of each function.
const Root = "/v1/functions"

// Route returns a function's route.
func Route(f *spec.Function) string { return Root + "/" + f.Path.Module() + "/" + f.Name() }

// object is a JSON object.
type object = map[string]any

// Document returns the document of an app's functions alone, as indented JSON. Equal specs have equal documents.
func Document(s *spec.Spec) []byte {
	d := newDocument(s)
	base := d.base
	base["paths"] = d.paths
	base["tags"] = d.tags
	info := base["info"].(object)
	info["title"], info["summary"] = "Convex functions", "The functions of one app, over REST and server-sent events."
	base["components"] = used(base["components"].(object), d.paths)
	return encode(base)
}

// Added returns the gateway's own document with an app's functions in it, as indented JSON.
func Added(s *spec.Spec) []byte {
	d := newDocument(s)
	maps.Copy(d.base["paths"].(object), d.paths)
	d.base["tags"] = append(d.base["tags"].([]any), d.tags...)
	return encode(d.base)
}

// document is what a spec adds to the gateway's own document.
type document struct {
	base  object // the gateway's own
	paths object
	tags  []any
	ids   map[string]bool // of operations
}

func newDocument(s *spec.Spec) *document {
	d := &document{base: parse(openapi.Document), paths: object{}, ids: map[string]bool{}}
	for _, operations := range d.base["paths"].(object) {
		for _, operation := range operations.(object) {
			d.ids[operation.(object)["operationId"].(string)] = true
		}
	}
	for _, module := range s.Modules {
		d.tags = append(d.tags, object{"name": module.Path, "description": fmt.Sprintf("Functions of %s.", module.Path)})
		for i := range module.Functions {
			d.paths[Route(&module.Functions[i])] = d.operations(&module.Functions[i], module.Path)
		}
	}
	return d
}

// id returns an id for an operation that no other has: names that differ in other characters than letters and digits get numbers.
func (d *document) id(name string) string {
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
	unique := name
	for n := 2; d.ids[unique]; n++ {
		unique = fmt.Sprintf("%s_%d", name, n)
	}
	d.ids[unique] = true
	return unique
}

// used returns the components that paths refer to, and that these refer to.
func used(components, paths object) object {
	kept := object{"securitySchemes": components["securitySchemes"]}
	queue := references(paths)
	for len(queue) > 0 {
		ref := queue[0]
		queue = queue[1:]
		kind, name, _ := strings.Cut(strings.TrimPrefix(ref, "#/components/"), "/")
		group, _ := kept[kind].(object)
		if group == nil {
			group = object{}
			kept[kind] = group
		}
		if _, done := group[name]; !done {
			group[name] = components[kind].(object)[name]
			queue = append(queue, references(group[name])...)
		}
	}
	return kept
}

// references returns the targets of all $ref within a value.
func references(value any) (refs []string) {
	switch value := value.(type) {
	case object:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if ref, ok := value[name].(string); ok && name == "$ref" {
				refs = append(refs, ref)
			}
			refs = append(refs, references(value[name])...)
		}
	case []any:
		for _, element := range value {
			refs = append(refs, references(element)...)
		}
	}
	return refs
}

// parse reads JSON that the program itself has.
func parse(text []byte) object {
	var value object
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		panic(err)
	}
	return value
}

func encode(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		panic(err) // what JSON has given, and texts
	}
	return text.Bytes()
}
