package kotlin

import (
	"strings"

	"convexgateway/convex/spec"
)

// presence is how a field may be absent.
type presence int

const (
	required  presence = iota
	optional           // null is absent
	threefold          // absent, null or a value
)

// codecs are the functions that read and write fields.
var codecs = [...]string{"required", "optional", "field"}

// property is a field of a class.
type property struct {
	wire string // the name in Convex
	name string // as Kotlin has it
	presence
	kotlinType
	doc string
}

// typeName is the property's type.
func (p property) typeName() string {
	switch p.presence {
	case optional:
		return p.kotlinType.name + "?"
	case threefold:
		return "com.convexgateway.client.types.Field<" + p.kotlinType.name + ">"
	}
	return p.kotlinType.name
}

// parameter is the property as a parameter.
func (p property) parameter(types string) string {
	defaults := [...]string{"", " = null", " = " + types + ".absent"}
	return p.name + ": " + p.typeName() + defaults[p.presence]
}

// width is how many slots of the JVM a parameter takes.
func (p property) width() int {
	if p.presence == required {
		return p.slots
	}
	return 1
}

// maxSlots is how many slots the parameters of a method of the JVM have (Java virtual machine specification, 4.3.3).
const maxSlots = 255

// isWide reports whether the functions that a class has by its parameters would have too many: those with defaults have a mask for each 32
// parameters besides, this, and a marker.
func isWide(properties []property) bool {
	slots := 3 + (len(properties)+31)/32
	for _, p := range properties {
		slots += p.width()
	}
	return slots > maxSlots
}

// properties returns the fields of an object as those of a class, and writes their types.
func (s *scope) properties(fields []fieldOf, inner string) []property {
	var properties []property
	for _, f := range fields {
		step := inner + typeName(f.Name, "Field")
		p := property{wire: f.Name, name: identifier(f.Name), kotlinType: s.of(f.Type, place{step, step, f.locked})}
		switch {
		case f.Optional && strings.HasSuffix(p.kotlinType.name, "?"):
			p.presence = threefold
		case f.Optional:
			p.presence = optional
		}
		if u, ok := f.Type.(spec.Union); ok && len(u.Members) == 0 {
			p.doc = "No value is valid here."
		}
		properties = append(properties, p)
	}
	return properties
}

// literalField is a field whose only value is in the name of a class.
type literalField struct {
	name  string
	value any
}

// class writes the class of an object, which may be a member of an interface.
func (s *scope) class(depth int, name, qualified, member string, properties []property, literals []literalField) {
	s.line(depth, "@kotlinx.serialization.Serializable(with = %s.%s::class)", qualified, s.codec)
	if isWide(properties) {
		s.wideClass(depth, name, qualified, member, properties, literals)
		return
	}
	colon := ""
	if member != "" {
		colon = " : " + member
	}
	if len(properties) == 0 {
		s.line(depth, "public data object %s%s {", name, colon)
	} else {
		s.line(depth, "public data class %s(", name)
		getters := map[string]bool{}
		for _, p := range properties {
			if p.doc != "" {
				s.line(depth+1, "/** %s */", p.doc)
			}
			s.line(depth+1, "%spublic val %s,", s.jvmName(p.wire, getters), p.parameter(s.types))
		}
		s.line(depth, ")%s {", colon)
	}
	s.objectCodec(depth+1, name, qualified, properties, literals)
	s.line(depth, "}\n")
}

// objectCodec writes what reads and writes a class.
func (s *scope) objectCodec(depth int, name, qualified string, properties []property, literals []literalField) {
	s.line(depth, "public object %s : com.convexgateway.client.types.ObjectType<%s>(%q) {", s.codec, qualified, name)
	s.line(depth+1, "override fun read(from: com.convexgateway.client.types.ObjectReader): %s = %s%s", qualified, qualified, map[bool]string{true: "("}[len(properties) > 0])
	for _, p := range properties {
		s.line(depth+2, "from.%s(%q, %s),", codecs[p.presence], p.wire, p.codec)
	}
	if len(properties) > 0 {
		s.line(depth+1, ")")
	}
	s.line(0, "")
	s.line(depth+1, "override fun write(value: %s, to: com.convexgateway.client.types.ObjectWriter) {", qualified)
	for _, l := range literals {
		s.line(depth+2, "to.literal(%q, %s)", l.name, constant(l.value))
	}
	for _, p := range properties {
		s.line(depth+2, "to.%s(%q, value.%s, %s)", codecs[p.presence], p.wire, p.name, p.codec)
	}
	s.line(depth+1, "}")
	s.line(depth, "}")
}

// wideClass writes the class of an object that has too many fields for a constructor.
func (s *scope) wideClass(depth int, name, qualified, member string, properties []property, literals []literalField) {
	if member != "" {
		member = ", " + member
	}
	const values = "kotlin.collections.Map<kotlin.String, kotlin.Any?>"
	s.line(depth, "public class %s private constructor(values: %s) : com.convexgateway.client.types.WideObject(values)%s {", name, values, member)
	s.line(depth+1, "public constructor(set: Builder.() -> kotlin.Unit) : this(Builder(null).also { it.set() }.build())\n")
	s.line(depth+1, "/** Another one with some fields set otherwise. */")
	s.line(depth+1, "public fun copy(set: Builder.() -> kotlin.Unit): %s = %s(Builder(this).also { it.set() }.build())\n", qualified, qualified)
	getters := map[string]bool{}
	var jvm []string
	for i, p := range properties {
		jvm = append(jvm, s.jvmName(p.wire, getters))
		s.line(depth+1, "%spublic val %s: %s get() = value(%q)", jvm[i], p.name, p.typeName(), p.wire)
	}
	s.line(0, "")
	s.line(depth+1, "public class Builder internal constructor(from: %s?) : com.convexgateway.client.types.WideObject.Builder(from, %s.%s) {", qualified, qualified, s.codec)
	for i, p := range properties {
		s.line(depth+2, "%s%spublic var %s: %s", jvm[i], strings.ReplaceAll(strings.Replace(jvm[i], "@get:", "@set:", 1), `("get`, `("set`), p.name, p.typeName())
		s.line(depth+3, "get() = value(%q)", p.wire)
		s.line(depth+3, "set(value) = put(%q, value)", p.wire)
	}
	s.line(depth+1, "}\n")
	s.line(depth+1, "public object %s : com.convexgateway.client.types.WideType<%s>(", s.codec, qualified)
	s.line(depth+2, "%q,", name)
	s.line(depth+2, "{ %s(it) },", qualified)
	for _, l := range literals {
		s.line(depth+2, "%s.literal(%q, %s),", s.types, l.name, constant(l.value))
	}
	for _, p := range properties {
		s.line(depth+2, "%s.%s(%q, %s),", s.types, codecs[p.presence], p.wire, p.codec)
	}
	s.line(depth+1, ")")
	s.line(depth, "}\n")
}

// document writes the class of a table's documents.
func (s *scope) document(t table) {
	delete(s.taken, strings.ToLower(t.class)) // which is reserved for it
	s.of(t.document, place{name: t.class, inner: t.class})
	s.taken.reserve(t.class)
}
