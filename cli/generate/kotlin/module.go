package kotlin

import (
	"fmt"
	"slices"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
)

// scope is an object whose types are nested in it.
type scope struct {
	*app
	object string
	taken  names
	text   strings.Builder
}

func (a *app) scope(object string) *scope { return &scope{app: a, object: object, taken: a.nested()} }

func (s *scope) line(depth int, format string, args ...any) {
	if format != "" {
		s.text.WriteString(strings.Repeat("    ", depth))
	}
	fmt.Fprintf(&s.text, format, args...)
	s.text.WriteByte('\n')
}

// qualified returns the full name of a type of this object, which nothing in it can shadow.
func (s *scope) qualified(name string) string { return s.object + "." + name }

// module returns the text of a module.
func (a *app) module(m *module) string {
	s := a.scope(m.object)
	s.line(0, "\n/** %s */", describe(m))
	s.line(0, "public object %s {", m.object)
	taken, getters := map[string]bool{}, map[string]bool{}
	for _, child := range m.children {
		s.child(child, taken, getters)
	}
	calls := map[string]bool{"toString": true, "hashCode": true, "equals": true} // of kotlin.Any
	for i := range m.functions {
		s.function(&m.functions[i], free(m.functions[i].Name(), calls), taken, getters)
	}
	return s.end()
}

// end returns the text of the object.
func (s *scope) end() string { return strings.TrimRight(s.text.String(), "\n") + "\n}\n" }

func describe(m *module) string {
	if len(m.functions) == 0 {
		return "The modules in `" + m.path + "`."
	}
	return "The functions of `" + m.path + "`."
}

// free returns the name, or the first of name_2, name_3, … that is free, and takes it.
func free(name string, taken map[string]bool) string {
	result := name
	for i := 2; taken[result]; i++ {
		result = fmt.Sprintf("%s_%d", name, i)
	}
	taken[result] = true
	return result
}

// child writes the property that is a module.
func (s *scope) child(m *module, taken, getters map[string]bool) {
	name := strings.ReplaceAll(free(m.segment(), taken), ".", "_")
	jvm := s.jvmName(name, getters)
	if name[0] >= '0' && name[0] <= '9' {
		name = "`" + name + "`"
	}
	s.line(1, "/** %s */", describe(m))
	s.line(1, "%spublic val %s: %s get() = %s\n", jvm, identifier(name), m.object, m.object)
}

// jvmName returns the annotation that a property needs if its getter's name is another's.
func (s *scope) jvmName(property string, getters map[string]bool) string {
	natural := getter(property)
	if name := free(natural, getters); name != natural {
		return fmt.Sprintf("@get:kotlin.jvm.JvmName(%q) ", name)
	}
	return ""
}

// root returns the text of Api.
func (a *app) root() string {
	s := a.scope("Api")
	s.line(0, "\n/** The functions of the app, by modules. They make calls, for a client: `client.subscribe(Api.messages.list())`. */")
	s.line(0, "public object Api {")
	taken, getters := map[string]bool{}, map[string]bool{}
	for _, m := range a.modules {
		if !strings.Contains(m.path, "/") {
			s.child(m, taken, getters)
		}
	}
	return s.end()
}

// Names of the client's classes by kind.
var kinds = map[convex.Kind]string{convex.Query: "Query", convex.Mutation: "Mutation", convex.Action: "Action"}

// function writes a function: what makes calls, the reference, and its types.
func (s *scope) function(f *spec.Function, name string, taken, getters map[string]bool) {
	var lockedArgs *model.Message
	var lockedResult model.Slot
	if m := s.methods[f.Path]; m != nil {
		lockedResult = slotOf(m.Response, "value")
		if m.Request.Form == model.Object {
			lockedArgs = m.Request
		}
	}
	types := &scope{app: s.app, object: s.object, taken: s.taken} // whose text follows
	class := typeName(f.Name(), "Function")
	result, isPaged := types.result(f, class, lockedResult)
	args := types.args(f, class, lockedArgs)
	kind := kinds[f.Kind]
	call := fmt.Sprintf("com.convexgateway.client.%s<%s>", kind, result.name)
	if isPaged {
		call = fmt.Sprintf("com.convexgateway.client.types.PagedQuery<%s>", result.row)
	}
	reference := free(name, taken)
	s.line(1, "/** The %s `%s`, for fakes. */", f.Kind, f.Path)
	s.line(1, "%spublic val %s: com.convexgateway.client.%sFunction<%s, %s>", s.jvmName(reference, getters), identifier(reference), kind, args.name, result.name)
	s.line(2, "get() = %s.%s(%s, %s, %s)\n", s.types, strings.ToLower(kind), quoted(f.Path.String()), args.codec, result.codec)
	s.line(1, "/** A call of the %s `%s`. */", f.Kind, f.Path)
	s.line(1, "public fun %s(%s): %s =", identifier(name), args.parameters, call)
	s.line(2, "this.%s.invoke(%s)\n", identifier(reference), args.value)
	s.text.WriteString(types.text.String())
}

// result returns the type of a function's result, and whether it is one of pages.
func (s *scope) result(f *spec.Function, class string, locked model.Slot) (resultType, bool) {
	if f.Returns == nil {
		s.warnings = append(s.warnings, spec.Warning{Function: f.Path.Canonical(), Place: "returns", Reason: "is not declared; in Kotlin it is a JsonElement"})
		return resultType{kotlinType: jsonElement(s.types)}, false
	}
	if row, ok := rowOf(f); ok {
		at := place{locked: slotOf(messageOf(locked), "page")}
		t := s.of(row, place{class + "Item", class + "Item", at.elements()})
		return resultType{kotlinType{"com.convexgateway.client.Page<" + t.name + ">", s.types + ".page(" + t.codec + ")", 1}, t.name}, true
	}
	if _, isArray := f.Returns.(spec.Array); isArray {
		return resultType{kotlinType: s.of(f.Returns, place{class, class, locked})}, false
	}
	return resultType{kotlinType: s.of(f.Returns, place{class + "Result", class + "Result", locked})}, false
}

func messageOf(slot model.Slot) *model.Message {
	if slot.Message == nil {
		return &model.Message{}
	}
	return slot.Message
}

// resultType is the type of a result; row is that of its rows, if it is a page.
type resultType struct {
	kotlinType
	row string
}

// paginationOpts is the argument of functions that paginate, which paginate adds.
const paginationOpts = "paginationOpts"

// isPaged reports whether a function is a query with the argument that clients which paginate send.
func isPaged(f *spec.Function) bool {
	args, _ := f.Args.(spec.Object)
	options, _ := typeOf(args, paginationOpts).(spec.Object)
	return f.Kind == convex.Query && typeOf(options, "cursor") != nil && typeOf(options, "numItems") == spec.Number
}

// rowOf returns the validator of the rows of a query that paginates.
func rowOf(f *spec.Function) (spec.Validator, bool) {
	o, _ := f.Returns.(spec.Object)
	page, isArray := typeOf(o, "page").(spec.Array)
	known := setOf([]string{"page", "isDone", "continueCursor", "splitCursor", "pageStatus"})
	others := slices.ContainsFunc(o.Fields, func(field spec.Field) bool { return !known[field.Name] })
	if !isPaged(f) || !isArray || others || typeOf(o, "isDone") != spec.Boolean || typeOf(o, "continueCursor") != spec.String {
		return nil, false
	}
	return page.Element, true
}

// typeOf returns the validator of a field, nil if there is none.
func typeOf(o spec.Object, name string) spec.Validator {
	for _, f := range o.Fields {
		if f.Name == name {
			return f.Type
		}
	}
	return nil
}

// argsType is the type of a function's arguments, and how a call is made of parameters.
type argsType struct {
	name, codec       string
	parameters, value string
}

// args writes the class of a function's arguments.
func (s *scope) args(f *spec.Function, class string, locked *model.Message) argsType {
	o, declared := f.Args.(spec.Object)
	switch {
	case !declared:
		return argsType{"kotlinx.serialization.json.JsonObject", s.types + ".arguments",
			"args: kotlin.collections.Map<kotlin.String, kotlin.Any?>? = null", s.types + ".encoded(args)"}
	case len(o.Fields) == 0:
		return argsType{"kotlin.Unit", s.types + ".none", "", s.types + ".noArguments"}
	}
	class = s.taken.take(class + "Args")
	fields := fieldsOf(o, locked)
	if isPaged(f) {
		fields = slices.DeleteFunc(fields, func(f fieldOf) bool { return f.Name == paginationOpts })
	}
	parameters := s.properties(fields, strings.TrimSuffix(class, "Args"))
	properties := parameters
	if isPaged(f) {
		options := kotlinType{"com.convexgateway.client.types.PaginationOptions", s.types + ".paginationOptions", 1}
		properties = append(slices.Clone(parameters), property{wire: paginationOpts, name: paginationOpts, presence: optional, kotlinType: options})
	}
	s.class(1, class, s.qualified(class), "", properties, nil)
	args := argsType{name: s.qualified(class), codec: s.qualified(class) + "." + s.codec}
	if isWide(properties) {
		args.parameters, args.value = "args: "+args.name, "args"
		return args
	}
	var names, values []string
	for _, p := range parameters {
		names = append(names, p.parameter(s.types))
		values = append(values, p.name)
	}
	args.parameters, args.value = strings.Join(names, ", "), class+"("+strings.Join(values, ", ")+")"
	return args
}

// documents returns the text of the classes of tables.
func (a *app) documents() string {
	if len(a.tables) == 0 {
		return ""
	}
	s := a.scope("Documents")
	s.taken = a.documentNames()
	tables := a.tables
	a.tables = nil // they are not made of themselves
	for _, t := range tables {
		s.taken.reserve(t.class)
	}
	s.line(0, "\n/** The documents of the app's tables. */")
	s.line(0, "public object Documents {")
	for _, t := range tables {
		s.document(t)
	}
	a.tables = tables
	return s.end()
}

// idClasses returns the text of the classes of ids.
func (a *app) idClasses() string {
	s := a.scope("")
	for _, table := range sortedKeys(a.ids) {
		name := a.ids[table]
		s.line(0, "\n/** The id of a document of the table `%s`. */", table)
		s.line(0, "@kotlin.jvm.JvmInline")
		s.line(0, "@kotlinx.serialization.Serializable(with = %s.%s::class)", name, s.codec)
		s.line(0, "public value class %s(public val value: kotlin.String) {", name)
		s.line(1, "override fun toString(): kotlin.String = value\n")
		s.line(1, "public object %s : com.convexgateway.client.types.IdType<%s>(%q, { %s(it) }, { it.value })", s.codec, name, name, name)
		s.line(0, "}")
	}
	return s.text.String()
}
