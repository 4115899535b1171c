package kotlin

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/spec"
	"convexgateway/server/typed/model"
)

// Files returns the Kotlin of a spec's public functions, by paths below the root of the sources, and what of it has no types. It is the same
// for the same functions, in whatever order a spec has them.
//
// The schema may be nil: its tables have no classes then. The model is the contract of the same spec.
func Files(s *spec.Spec, schema *spec.Schema, m *model.Model, pkg string) (map[string][]byte, []spec.Warning, error) {
	if err := checkPackage(pkg); err != nil {
		return nil, nil, err
	}
	if schema == nil {
		schema = &spec.Schema{}
	}
	a := newApp(s.Public(), schema, m)
	files := map[string][]byte{}
	add := func(name, text string) {
		if text != "" {
			files[strings.ReplaceAll(pkg, ".", "/")+"/"+name+".kt"] = []byte(a.header(pkg) + text)
		}
	}
	for _, mod := range a.modules {
		add(mod.object, a.module(mod))
	}
	add("Documents", a.documents())
	add("Ids", a.idClasses()) // after all that use them
	add("Api", a.root())
	return files, a.warnings, nil
}

// packagePart is a part of a package's name.
var packagePart = regexp.MustCompile(`^[a-z_]*[a-z][a-z0-9_]*$`)

// checkPackage checks the name that a caller has chosen.
func checkPackage(name string) error {
	for part := range strings.SplitSeq(name, ".") {
		if !packagePart.MatchString(part) || hardKeywords[part] {
			return fmt.Errorf("%q is no package of Kotlin: its parts must be words in small letters", name)
		}
	}
	return nil
}

// app is what is written.
type app struct {
	types    string    // the name that Types is imported by
	codec    string    // the name of the object in each class that reads and writes it
	top      names     // of classes in the package
	modules  []*module // by path; folders without functions among them
	methods  map[convex.Path]*model.Method
	ids      map[string]string // names of the classes of ids, by table
	tables   []table           // whose documents have classes, by name
	warnings []spec.Warning
}

// module is an object.
type module struct {
	path      string // admin/users
	object    string // AdminUsers
	functions []spec.Function
	children  []*module
}

func (m *module) segment() string { return m.path[strings.LastIndexByte(m.path, '/')+1:] }

// table is a table with what functions read of it.
type table struct {
	name     string
	class    string
	document spec.Validator // with the fields that the deployment adds
}

func newApp(s *spec.Spec, schema *spec.Schema, m *model.Model) *app {
	a := &app{top: names{}, methods: map[convex.Path]*model.Method{}, ids: map[string]string{}}
	for _, file := range m.Files {
		for _, method := range file.Methods {
			if !method.Stream && method.Function != nil {
				a.methods[method.Path] = method
			}
		}
	}
	found := collect(s, schema)
	a.types, a.codec = free("Types", found.words), free("Type", found.words)
	a.top.reserve("Api", "Ids", "Documents", a.types)
	for value := range found.values { // would be found before a class of the same name
		if value[0] >= 'A' && value[0] <= 'Z' {
			a.top.reserve(value)
		}
	}
	a.addModules(s)
	for _, name := range slices.Sorted(maps.Keys(found.tables)) {
		a.ids[name] = a.top.take(typeName(name, "Table") + "Id")
	}
	a.addTables(schema)
	return a
}

// addModules adds the modules, and the folders that they are in.
func (a *app) addModules(s *spec.Spec) {
	byPath := map[string]*module{}
	for _, m := range s.Modules {
		for i, c := range m.Path + "/" {
			if path := m.Path[:i]; c == '/' && byPath[path] == nil {
				byPath[path] = &module{path: path}
			}
		}
		byPath[m.Path].functions = m.Functions
	}
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		m := byPath[path]
		m.object = a.top.take(typeName(strings.ReplaceAll(path, "/", " "), "Module"))
		a.modules = append(a.modules, m)
		if i := strings.LastIndexByte(path, '/'); i >= 0 {
			byPath[path[:i]].children = append(byPath[path[:i]].children, m)
		}
	}
}

// addTables adds the tables whose documents have a class: those that are objects, or unions of objects with a discriminator.
func (a *app) addTables(schema *spec.Schema) {
	classes := a.documentNames()
	for _, t := range schema.Tables {
		document := documentOf(t)
		u, isUnion := document.(spec.Union)
		isObject := func(v spec.Validator) bool { _, ok := v.(spec.Object); return ok }
		if isObject(document) || isUnion && !slices.ContainsFunc(u.Members, func(m spec.Validator) bool { return !isObject(m) }) &&
			len(u.Members) > 0 && discriminatorOf(slices.Clone(u.Members), nil).field != "" {
			a.tables = append(a.tables, table{t.Name, classes.take(typeName(t.Name, "Table")), document})
		}
	}
}

// documentNames returns the names that classes of documents cannot have.
func (a *app) documentNames() names {
	taken := names{}
	taken.reserve("Documents", a.codec, "Unknown", "Builder", "Companion", a.types)
	for _, id := range a.ids {
		taken.reserve(id)
	}
	return taken
}

// documentOf returns a table's documents as functions read them.
func documentOf(t spec.Table) spec.Validator {
	switch v := t.Document.(type) {
	case spec.Object:
		fields := append(slices.Clone(v.Fields), spec.Field{Name: "_id", Type: spec.ID{Table: t.Name}}, spec.Field{Name: "_creationTime", Type: spec.Number})
		slices.SortFunc(fields, func(x, y spec.Field) int { return strings.Compare(x.Name, y.Name) })
		return spec.Object{Fields: fields}
	case spec.Union:
		var members []spec.Validator
		for _, member := range v.Members {
			members = append(members, documentOf(spec.Table{Name: t.Name, Document: member}))
		}
		return spec.NewUnion(members...)
	}
	return t.Document
}

// nested returns the names that classes within an object cannot have.
func (a *app) nested() names {
	taken := maps.Clone(a.top)
	taken.reserve(a.codec, "Unknown", "Builder", "Companion")
	return taken
}

func (a *app) header(pkg string) string {
	alias := ""
	if a.types != "Types" {
		alias = " as " + a.types
	}
	return "// Written by convexgateway generate from the functions of the app. Changes are lost.\n\npackage " + pkg +
		"\n\nimport com.convexgateway.client.types.Types" + alias + "\n"
}
