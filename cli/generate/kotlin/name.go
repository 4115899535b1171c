package kotlin

import (
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"convexgateway/convex/spec"
)

// hardKeywords are the words that are no names in Kotlin without backticks (kotlinlang.org/docs/keyword-reference.html).
var hardKeywords = setOf(strings.Fields(`as break class continue do else false for fun if in interface is null object package return super this
	throw true try typealias typeof val var when while`))

func setOf(words []string) map[string]bool {
	set := map[string]bool{}
	for _, word := range words {
		set[word] = true
	}
	return set
}

// identifier returns a name of Convex's as Kotlin has it.
func identifier(name string) string {
	if hardKeywords[name] || strings.Trim(name, "_") == "" {
		return "`" + name + "`"
	}
	return name
}

// camel returns a text in UpperCamel with letters and digits only, at most maxWord bytes, empty if nothing is left of it.
func camel(text string) string {
	var b strings.Builder
	upper := true
	for _, r := range text {
		letter := r|0x20 >= 'a' && r|0x20 <= 'z'
		if !letter && (r < '0' || r > '9') {
			upper = true
			continue
		}
		if upper && letter {
			r &^= 0x20
		}
		if upper = false; b.Len() < maxWord {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// typeName returns a name in UpperCamel for something of a name of Convex's.
func typeName(name, other string) string {
	c := camel(name)
	if c == "" || c[0] >= '0' && c[0] <= '9' {
		return other + c
	}
	return c
}

// literalName returns what the class of a literal is named by.
func literalName(value any) string {
	signs := strings.NewReplacer("-", "Minus", "+", "", ".", "_")
	switch value := value.(type) {
	case string:
		if value == "" {
			return "Empty"
		}
		return typeName(value, "Value")
	case bool:
		return map[bool]string{true: "True", false: "False"}[value]
	case int64:
		return "Int" + signs.Replace(strconv.FormatInt(value, 10))
	default:
		return "Number" + signs.Replace(strconv.FormatFloat(value.(float64), 'g', -1, 64))
	}
}

// Bounds of names in bytes. A class's file is named by the classes around it, and file systems end names at 255 bytes.
const (
	maxWord = 40 // of what is between two words
	maxName = 80 // of a type, without what makes it distinct
)

// names are those that a scope has, in small letters: classes that differ in case alone are one file on some systems.
type names map[string]bool

// take returns the name, or the first of name_2, name_3, … that is free, and takes it.
func (n names) take(name string) string {
	if len(name) > maxName {
		name = name[:maxName]
	}
	free := name
	for i := 2; n[strings.ToLower(free)]; i++ {
		free = fmt.Sprintf("%s_%d", name, i)
	}
	n[strings.ToLower(free)] = true
	return free
}

func (n names) reserve(taken ...string) {
	for _, name := range taken {
		n[strings.ToLower(name)] = true
	}
}

// getter returns the name of a property's getter in the JVM.
func getter(property string) string {
	if strings.HasPrefix(property, "is") && len(property) > 2 && (property[2] < 'a' || property[2] > 'z') {
		return property
	}
	return "get" + strings.ToUpper(property[:1]) + property[1:]
}

// quoted returns a string as Kotlin's source has it.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, unit := range utf16.Encode([]rune(text)) {
		switch {
		case unit == '"' || unit == '\\' || unit == '$':
			b.WriteByte('\\')
			b.WriteByte(byte(unit))
		case unit < ' ' || unit > '~':
			fmt.Fprintf(&b, `\u%04x`, unit)
		default:
			b.WriteByte(byte(unit))
		}
	}
	b.WriteByte('"')
	return b.String()
}

// constant returns a literal as Kotlin's source has it.
func constant(value any) string {
	switch value := value.(type) {
	case string:
		return quoted(value)
	case bool:
		return strconv.FormatBool(value)
	case int64:
		if value == -1<<63 {
			return "(-9223372036854775807L - 1L)"
		}
		return strconv.FormatInt(value, 10) + "L"
	case float64:
		switch {
		case math.IsNaN(value):
			return "(0.0 / 0.0)"
		case math.IsInf(value, 0):
			return strconv.FormatFloat(math.Copysign(1, value), 'f', 1, 64) + " / 0.0"
		}
		text := strconv.FormatFloat(value, 'g', -1, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return text
	}
	return "null" // no literal is of another kind
}

// found is what a spec and a schema have of names.
type found struct {
	words  map[string]bool // every identifier that is a value in Kotlin
	values map[string]bool // those of functions and of segments of modules
	tables map[string]bool // that have ids
}

func collect(s *spec.Spec, schema *spec.Schema) found {
	f := found{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for function := range s.All() {
		f.values[function.Name()] = true
		f.collect(function.Args)
		f.collect(function.Returns)
	}
	for _, m := range s.Modules {
		for segment := range strings.SplitSeq(m.Path, "/") {
			f.values[segment] = true
		}
	}
	maps.Copy(f.words, f.values)
	for _, t := range schema.Tables {
		f.collect(documentOf(t))
	}
	return f
}

func (f found) collect(v spec.Validator) {
	switch v := v.(type) {
	case spec.ID:
		f.tables[v.Table] = true
	case spec.Array:
		f.collect(v.Element)
	case spec.Record:
		f.collect(v.Keys)
		f.collect(v.Values)
	case spec.Union:
		for _, m := range v.Members {
			f.collect(m)
		}
	case spec.Object:
		for _, field := range v.Fields {
			f.words[field.Name] = true
			f.collect(field.Type)
		}
	}
}
