package spec

// Validator describes a set of values. It is one of Scalar, ID, Literal, Array, Record, Object and Union; a switch over its type
// is how it is used. Validators are not changed once they are made.
type Validator interface{ validator() }

// Scalar is a validator of one kind of values, or of all.
type Scalar string

// Scalars, by their names in the spec.
const (
	Any      Scalar = "any"      // every value
	Null     Scalar = "null"     // null only
	Boolean  Scalar = "boolean"  // true, false
	Number   Scalar = "number"   // Float64, NaN and the infinities among them
	Int64    Scalar = "bigint"   // Int64
	CommitTS Scalar = "commitTs" // the time of a commit, an Int64
	String   Scalar = "string"   // every string, ids among them
	Bytes    Scalar = "bytes"    // bytes
	Handle   Scalar = "function" // a function handle, a string; the signature that a spec may declare is checked by nobody, and not kept
)

// ID describes the ids of a table's documents, as strings.
type ID struct {
	Table string // an identifier; _storage and _scheduled_functions are the deployment's own
}

// Literal describes one value.
type Literal struct {
	Value any // string, bool, float64 or int64
}

// Array describes arrays of any length.
type Array struct{ Element Validator }

// Record describes objects of any fields.
type Record struct {
	Keys   Validator // String, an ID, or a Union of these
	Values Validator
}

// Object describes objects with no other than its fields.
type Object struct {
	Fields []Field // by name
}

// Field is a field of an Object.
type Field struct {
	Name     string // an identifier
	Type     Validator
	Optional bool // may be absent
}

// Union describes what one of its members does. No member is a Union or Any, and no two are equal; there are two members at least, or
// none: then it describes no value at all. Members are in the order of the app's source.
type Union struct{ Members []Validator }

func (Scalar) validator()  {}
func (ID) validator()      {}
func (Literal) validator() {}
func (Array) validator()   {}
func (Record) validator()  {}
func (Object) validator()  {}
func (Union) validator()   {}

// NewUnion returns the normal form of a union: unions among its members are flattened, doubles removed; a union of one member is that
// member, and one with Any is Any.
func NewUnion(members ...Validator) Validator {
	var u Union
	seen := map[string]bool{}
	for _, member := range members {
		for _, m := range alternatives(member) {
			if m == Any {
				return Any
			}
			if key := key(m); !seen[key] {
				seen[key] = true
				u.Members = append(u.Members, m)
			}
		}
	}
	if len(u.Members) == 1 {
		return u.Members[0]
	}
	return u
}

// alternatives returns the members of a union in its normal form, and any other validator as the only one.
func alternatives(v Validator) []Validator {
	if u, ok := v.(Union); ok {
		return u.Members
	}
	return []Validator{v}
}

// Nullable splits a validator into what it is besides null, and whether null is good. What is left of Null is Union{}. Any is
// not nullable: it is not made of members.
func Nullable(v Validator) (Validator, bool) {
	var rest []Validator
	nullable := false
	for _, m := range alternatives(v) {
		if m == Null {
			nullable = true
		} else {
			rest = append(rest, m)
		}
	}
	return NewUnion(rest...), nullable
}

// Equal reports whether two validators, nil among them, are the same, whatever the order of their unions' members.
func Equal(a, b Validator) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return key(a) == key(b)
}
