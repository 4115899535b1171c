package spec

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
)

// JSON writes the spec in the form that Parse reads: keys and functions sorted, two spaces a level, a line end behind it, no
// deployment URL. Equal specs have equal texts.
func (s *Spec) JSON() []byte {
	var w writer
	w.text(`{"functions":[`)
	for f := range s.All() {
		w.function(f)
	}
	for _, action := range s.HTTP {
		w.text(`{"functionType":"HttpAction","method":`)
		w.quoted(action.Method)
		w.text(`,"path":`)
		w.quoted(action.Path)
		w.text(`},`)
	}
	w.dst = bytes.TrimSuffix(w.dst, []byte(","))
	w.text("]}")
	var indented bytes.Buffer
	_ = json.Indent(&indented, w.dst, "", "  ") // which cannot fail: the text is JSON
	indented.WriteByte('\n')
	return indented.Bytes()
}

// functionTypes are the names of kinds in the spec.
var functionTypes = map[convex.Kind]string{convex.Query: "Query", convex.Mutation: "Mutation", convex.Action: "Action"}

// key is a text that equal validators have in common.
func key(v Validator) string {
	w := writer{sortUnions: true}
	w.validator(v)
	return string(w.dst)
}

// writer appends compact JSON.
type writer struct {
	dst        []byte
	sortUnions bool
}

func (w *writer) text(text string)   { w.dst = append(w.dst, text...) }
func (w *writer) quoted(text string) { w.dst = jsonscan.AppendString(w.dst, text) }

func (w *writer) function(f *Function) {
	w.text(`{"args":`)
	w.validator(f.Args)
	w.text(`,"functionType":"` + functionTypes[f.Kind] + `","identifier":`)
	w.quoted(f.Path.Canonical())
	w.text(`,"returns":`)
	if f.Returns == nil {
		w.text("null")
	} else {
		w.validator(f.Returns)
	}
	w.text(`,"visibility":{"kind":"` + f.Visibility.String() + `"}},`)
}

func (w *writer) validator(v Validator) {
	switch v := v.(type) {
	case Scalar:
		w.text(`{"type":"` + string(v) + `"}`)
	case ID:
		w.text(`{"tableName":`)
		w.quoted(v.Table)
		w.text(`,"type":"id"}`)
	case Literal:
		value, _ := convex.Encode(v.Value)
		w.text(`{"type":"literal","value":` + string(value) + "}")
	case Array:
		w.text(`{"type":"array","value":`)
		w.validator(v.Element)
		w.text("}")
	case Record:
		w.text(`{"keys":`)
		w.validator(v.Keys)
		w.text(`,"type":"record","values":`)
		w.field(Field{Type: v.Values})
		w.text("}")
	case Object:
		w.object(v)
	case Union:
		w.union(v)
	}
}

func (w *writer) object(o Object) {
	w.text(`{"type":"object","value":{`)
	for i, field := range o.Fields {
		if i > 0 {
			w.text(",")
		}
		w.quoted(field.Name)
		w.text(":")
		w.field(field)
	}
	w.text("}}")
}

func (w *writer) field(f Field) {
	w.text(`{"fieldType":`)
	w.validator(f.Type)
	if f.Optional {
		w.text(`,"optional":true}`)
	} else {
		w.text(`,"optional":false}`)
	}
}

func (w *writer) union(u Union) {
	members := make([]string, len(u.Members))
	for i, member := range u.Members {
		one := writer{sortUnions: w.sortUnions}
		one.validator(member)
		members[i] = string(one.dst)
	}
	if w.sortUnions {
		slices.Sort(members)
	}
	w.text(`{"type":"union","value":[` + strings.Join(members, ",") + "]}")
}
