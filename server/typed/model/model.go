package model

import (
	"convexgateway/convex"
	"convexgateway/convex/spec"
)

// Model is an app's contract.
type Model struct {
	Package   string            // that all packages are in: convex.app
	GoPackage string            // the import path that all Go packages are in
	Files     []*File           // by path
	HTTP      []spec.HTTPAction // which have no methods
	// New is what the lock does not have, for people: empty if the lock fits the spec.
	New []string
}

// File is one module of the app.
type File struct {
	Path     string // from the folder of the contract: convex/app/messages/messages.proto
	Package  string
	Module   string // admin/users
	Service  string
	Methods  []*Method  // by name
	Messages []*Message // by name
}

// Method is an rpc.
type Method struct {
	Name     string
	Path     convex.Path
	Kind     convex.Kind
	Stream   bool           // it is the twin of a query
	Function *spec.Function // nil: it is gone
	Request  *Message
	Response *Message
}

// FullName is the method's name in HTTP/2's path: /convex.app.messages.Messages/List.
func (f *File) FullName(m *Method) string { return "/" + f.Package + "." + f.Service + "/" + m.Name }

// Form is what the values of a message are in Convex's JSON.
type Form int

// Forms of messages.
const (
	Object   Form = iota // an object with the fields of the message, by their JSON names
	Union                // what the one field that is set has
	List                 // an array: the field values
	Record               // an object with any names: the field values
	Untyped              // arguments of a function that declares none: the field args
	Envelope             // no value: a message around values, with fields of the gateway's own
	Gone                 // only fields that are gone have it, or methods
)

// Message is a message. It is at one place of one function.
type Message struct {
	Name          string
	Form          Form
	Doc           string   // empty: none
	Fields        []*Field // by number
	Oneof         string   // which fields that are members are in; empty: none is
	Discriminator string   // of a Union of objects: the field whose literal decides
	Reserved      []Range
	ReservedNames []string
}

// Range is a range of numbers.
type Range struct{ First, Last int }

// Field returns the field of a JSON name, nil if there is none.
func (m *Message) Field(json string) *Field {
	for _, f := range m.Fields {
		if f.JSON == json {
			return f
		}
	}
	return nil
}

// HasJSON reports whether a field's JSON can be its JSON name. It cannot be the name of another field, by which protobuf's JSON has it as well,
// and which the runtimes on upb (Python, Ruby, PHP) refuse; nor the JSON name that another has without a json_name.
func (m *Message) HasJSON(f *Field) bool {
	for _, other := range m.Fields {
		if other != f && (other.Name == f.JSON || DefaultJSON(other.Name) == f.JSON) {
			return false
		}
	}
	return true
}

// Field is a field of a message.
type Field struct {
	Name   string
	JSON   string // of an Object the name that Convex has; see Message.HasJSON
	Number int
	Slot
	Member bool     // of the message's oneof
	When   []string // of a member that a discriminator decides on: its values, as canonical JSON
	Gone   bool
}

// Label is how many values a field has.
type Label int

// Labels of fields.
const (
	Single Label = iota
	Repeated
	Map // from strings
)

// Presence is what it is that a field is absent.
type Presence int

// Presences of fields.
const (
	Required Presence = iota // where the wire has no absence, it is the zero value; otherwise a mistake
	Optional                 // the value is absent, too
	Nullable                 // the value is null
)

// Kind is a field's type.
type Kind string

// Kinds of types, by their names in a proto file.
const (
	String    Kind = "string"
	Bool      Kind = "bool"
	Double    Kind = "double"
	Int64     Kind = "int64"
	Bytes     Kind = "bytes"
	Null      Kind = "google.protobuf.NullValue"
	Any       Kind = "google.protobuf.Value"
	Struct    Kind = "google.protobuf.Struct"
	Timestamp Kind = "google.protobuf.Timestamp"
	OfMessage Kind = "" // a message of the same file

	FunctionError    Kind = "convexgateway.v1.FunctionError"
	Unchanged        Kind = "convexgateway.v1.Unchanged"
	Connection       Kind = "convexgateway.v1.Connection"
	SubscribeOptions Kind = "convexgateway.v1.SubscribeOptions"
)

// imports are the files of kinds that are messages of others.
var imports = map[Kind]string{
	Null: "google/protobuf/struct.proto", Any: "google/protobuf/struct.proto", Struct: "google/protobuf/struct.proto",
	Timestamp: "google/protobuf/timestamp.proto", FunctionError: "convexgateway/v1/function_error.proto",
	Unchanged: "convexgateway/v1/function_service.proto", Connection: "convexgateway/v1/function_service.proto",
	SubscribeOptions: "convexgateway/v1/subscribe_options.proto",
}

// File returns the file that a kind is defined in; empty for scalars and messages of the same file.
func (k Kind) File() string { return imports[k] }

// IsMessage reports whether the values of a kind are messages, whose absence the wire has.
func (k Kind) IsMessage() bool { return k == OfMessage || k.File() != "" && k != Null }

// Slot is how values are at a place.
type Slot struct {
	Label    Label
	Kind     Kind
	Message  *Message // of OfMessage
	Presence Presence
	Doc      string // what is not in the type; empty: nothing
}

// Explicit reports whether the field needs the keyword optional.
func (s Slot) Explicit() bool {
	return s.Label == Single && s.Presence != Required && !s.Kind.IsMessage()
}
