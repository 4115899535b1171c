package generate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"convexgateway/convex"
	"convexgateway/server/typed/model"
)

// protoFiles returns the proto files of a contract, by their paths.
func protoFiles(m *model.Model) map[string][]byte {
	files := map[string][]byte{}
	for i, f := range m.Files {
		w := protoWriter{model: m, file: f}
		w.write(i == 0)
		files[f.Path] = []byte(w.text.String())
	}
	return files
}

// protoWriter writes one file, as buf format would.
type protoWriter struct {
	model *model.Model
	file  *model.File
	text  strings.Builder
}

func (w *protoWriter) line(indent int, format string, args ...any) {
	w.text.WriteString(strings.Repeat("  ", indent))
	fmt.Fprintf(&w.text, format, args...)
	w.text.WriteByte('\n')
}

// comment writes a comment if it has a text.
func (w *protoWriter) comment(indent int, text string) {
	if text != "" {
		w.line(indent, "// %s", text)
	}
}

func (w *protoWriter) write(first bool) {
	w.line(0, "// Written by convexgateway generate. Later runs keep its names and numbers.")
	if first && len(w.model.HTTP) > 0 {
		w.line(0, "//")
		w.line(0, "// HTTP actions of the app, which are no methods:")
		for _, action := range w.model.HTTP {
			w.line(0, "//   %s %s", action.Method, action.Path)
		}
	}
	w.text.WriteByte('\n')
	w.line(0, "syntax = \"proto3\";\n")
	w.line(0, "package %s;\n", w.file.Package)
	for _, name := range w.imports() {
		w.line(0, "import %q;", name)
	}
	w.text.WriteByte('\n')
	w.options()
	w.service()
	for _, m := range w.file.Messages {
		w.message(m)
	}
}

func (w *protoWriter) imports() []string {
	needed := map[string]bool{"convexgateway/v1/annotations.proto": true}
	for _, m := range w.file.Messages {
		for _, f := range m.Fields {
			if name := f.Kind.File(); name != "" {
				needed[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(needed))
}

// options writes the names that languages have for the file.
func (w *protoWriter) options() {
	inner := strings.Split(strings.TrimPrefix(w.file.Package, w.model.Package+"."), ".")
	last := inner[len(inner)-1]
	var csharp, java []string
	for part := range strings.SplitSeq(w.file.Package, ".") {
		csharp = append(csharp, upperCamel(part))
		if javaWords[part] {
			part += "_"
		}
		java = append(java, part)
	}
	w.line(0, "option csharp_namespace = %q;", strings.Join(csharp, "."))
	w.line(0, "option go_package = %q;", w.model.GoPackage+"/"+strings.Join(inner, "/")+";"+last)
	w.line(0, "option java_multiple_files = true;")
	w.line(0, "option java_outer_classname = %q;", w.outerClass(upperCamel(last)+"Proto"))
	w.line(0, "option java_package = %q;\n", strings.Join(java, "."))
}

// outerClass returns a name that no message has.
func (w *protoWriter) outerClass(name string) string {
	for slices.ContainsFunc(w.file.Messages, func(m *model.Message) bool { return m.Name == name }) {
		name += "File"
	}
	return name
}

// upperCamel turns lower_snake into UpperCamel.
func upperCamel(snake string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(snake, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// javaWords are the words in small letters that cannot be parts of Java's packages (Java language specification, 3.9).
var javaWords = func() map[string]bool {
	reserved := map[string]bool{}
	for word := range strings.FieldsSeq(`abstract assert boolean break byte case catch char class const continue default do double else enum
		extends final finally float for goto if implements import instanceof int interface long native new package private protected public
		return short static strictfp super switch synchronized this throw throws transient try void volatile while true false null`) {
		reserved[word] = true
	}
	return reserved
}()

func (w *protoWriter) service() {
	w.comment(0, "The functions of the module "+w.file.Module+".")
	w.line(0, "service %s {", w.file.Service)
	for _, m := range w.file.Methods {
		w.method(m)
	}
	w.line(0, "}")
}

// kindNames are the values of convexgateway.v1.FunctionKind.
var kindNames = map[convex.Kind]string{
	convex.Query: "FUNCTION_KIND_QUERY", convex.Mutation: "FUNCTION_KIND_MUTATION", convex.Action: "FUNCTION_KIND_ACTION",
}

func (w *protoWriter) method(m *model.Method) {
	verb, stream := "Runs", ""
	if m.Stream {
		verb, stream = "Follows", "stream "
	}
	doc := fmt.Sprintf("%s the %s %s.", verb, m.Kind, m.Path)
	if m.Function == nil {
		doc = fmt.Sprintf("The app does not have the %s %s any more: FUNCTION_NOT_FOUND.", m.Kind, m.Path)
	}
	w.comment(1, doc)
	w.line(1, "rpc %s(%s) returns (%s%s) {", m.Name, m.Request.Name, stream, m.Response.Name)
	if m.Function == nil {
		w.line(2, "option deprecated = true;")
	}
	w.line(2, "option (convexgateway.v1.function) = {")
	w.line(3, "path: %s", quoted(m.Path.String()))
	w.line(3, "kind: %s", kindNames[m.Kind])
	w.line(2, "};")
	w.line(1, "}")
}

func (w *protoWriter) message(m *model.Message) {
	w.text.WriteByte('\n')
	w.comment(0, m.Doc)
	if len(m.Fields)+len(m.Reserved)+len(m.ReservedNames) == 0 {
		w.line(0, "message %s {}", m.Name)
		return
	}
	w.line(0, "message %s {", m.Name)
	w.reserved(m)
	if m.Oneof != "" {
		w.oneof(m)
	}
	for _, f := range m.Fields {
		if !f.Member {
			w.field(1, m, f)
		}
	}
	w.line(0, "}")
}

func (w *protoWriter) reserved(m *model.Message) {
	var ranges, names []string
	for _, r := range m.Reserved {
		text := fmt.Sprint(r.First)
		if r.Last > r.First {
			text = fmt.Sprintf("%d to %d", r.First, r.Last)
		}
		ranges = append(ranges, text)
	}
	for _, name := range m.ReservedNames {
		names = append(names, quoted(name))
	}
	for _, list := range [][]string{ranges, names} {
		if len(list) > 0 {
			w.line(1, "reserved %s;", strings.Join(list, ", "))
		}
	}
}

func (w *protoWriter) oneof(m *model.Message) {
	w.line(1, "oneof %s {", m.Oneof)
	if m.Discriminator != "" {
		w.line(2, "option (convexgateway.v1.discriminator) = %s;", quoted(m.Discriminator))
	}
	for _, f := range m.Fields {
		if f.Member {
			w.field(2, m, f)
		}
	}
	w.line(1, "}")
}

func (w *protoWriter) field(indent int, m *model.Message, f *model.Field) {
	doc := f.Doc
	if f.Gone {
		doc = "The app does not have this any more."
	} else if f.When != nil {
		doc = strings.TrimSpace("If it is " + strings.Join(f.When, " or ") + ". " + doc)
	}
	w.comment(indent, doc)
	typeName := string(f.Kind)
	if f.Kind == model.OfMessage {
		typeName = f.Message.Name
	}
	switch {
	case f.Label == model.Repeated:
		typeName = "repeated " + typeName
	case f.Label == model.Map:
		typeName = "map<string, " + typeName + ">"
	case f.Explicit() && !f.Member:
		typeName = "optional " + typeName
	}
	var options []string
	if f.Gone {
		options = append(options, "deprecated = true")
	}
	switch {
	case f.JSON == model.DefaultJSON(f.Name):
	case m.HasJSON(f):
		options = append(options, "json_name = "+quoted(f.JSON))
	default:
		options = append(options, "(convexgateway.v1.convex_name) = "+quoted(f.JSON))
	}
	switch len(options) {
	case 0:
		w.line(indent, "%s %s = %d;", typeName, f.Name, f.Number)
	case 1:
		w.line(indent, "%s %s = %d [%s];", typeName, f.Name, f.Number, options[0])
	default:
		w.line(indent, "%s %s = %d [", typeName, f.Name, f.Number)
		w.line(indent+1, "%s", strings.Join(options, ",\n"+strings.Repeat("  ", indent+1)))
		w.line(indent, "];")
	}
}

// quoted returns a text as a string of a proto file. It has no control characters.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}
