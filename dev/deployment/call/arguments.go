package call

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"

	"convexgateway/convex"
	"convexgateway/dev/deployment/serde"
)

// Limits of values: get-convex/convex-backend crates/value/src.
const (
	maxNesting   = 64
	maxArray     = 8192
	maxFields    = 1024
	maxFieldName = 1024
)

// Arguments are those of a call, decoded.
type Arguments struct {
	List []any
	// Thrown is the message of the error that reading them throws where the function runs; "": none. The deployment reads base64
	// without its padding, and a special zero, but JavaScript does not.
	Thrown string
	Order  KeyOrder
}

// KeyOrder has the names of the fields of objects, by the address of the map, in the order in which JavaScript would have them.
type KeyOrder map[uintptr][]string

// Keys are the names of an object's fields, in JavaScript's order: integers first, then as they were made. The latter is known for
// arguments only; names of other objects are sorted.
func (o KeyOrder) Keys(object map[string]any) []string {
	keys := o[reflect.ValueOf(object).Pointer()]
	if len(keys) != len(object) || slices.ContainsFunc(keys, func(key string) bool { _, ok := object[key]; return !ok }) {
		keys = slices.Sorted(maps.Keys(object))
	}
	return slices.SortedStableFunc(slices.Values(keys), func(a, b string) int {
		i, isA := arrayIndex(a)
		j, isB := arrayIndex(b)
		switch {
		case isA && isB:
			return cmp.Compare(i, j)
		case isA:
			return -1
		case isB:
			return 1
		default:
			return 0
		}
	})
}

// arrayIndex reads a name that JavaScript sorts as a number.
func arrayIndex(name string) (uint64, bool) {
	n, err := strconv.ParseUint(name, 10, 32)
	return n, err == nil && strconv.FormatUint(n, 10) == name
}

// ErrNoArguments is the error for arguments that are not JSON.
var ErrNoArguments = wording("Invalid arguments provided")

// DecodeArguments reads a JSON array of values: get-convex/convex-backend crates/value/src/json. Of a key that is given twice the last
// value counts. The error is ErrNoArguments for what is no array, else the deployment's own text for the first invalid value.
func DecodeArguments(text []byte) (args Arguments, err error) {
	parsed, err := serde.Parse(text)
	list, ok := parsed.([]any)
	if err != nil || !ok {
		return Arguments{}, ErrNoArguments
	}
	d := argumentDecoder{order: KeyOrder{}}
	value, _, err := d.value(list)
	if err != nil {
		return Arguments{}, err
	}
	if size := convex.Size(value); size > maxValue {
		return Arguments{}, wording("Value is too large (%.2f MiB > maximum size 32 MiB)", float64(size)/(1<<20))
	}
	return Arguments{value.([]any), d.thrown, d.order}, nil
}

const maxValue = 32 << 20

type argumentDecoder struct {
	thrown string
	order  KeyOrder
}

// value decodes a value and returns how deep it is nested.
func (d *argumentDecoder) value(parsed any) (value any, nesting int, err error) {
	switch parsed := parsed.(type) {
	case serde.Number:
		return parsed.Float(), 0, nil
	case []any:
		return d.array(parsed)
	case serde.Object:
		if len(parsed.Keys) == 1 {
			if read := specials[parsed.Keys[0]]; read != nil {
				value, err = d.special(read, parsed.Values[parsed.Keys[0]])
				return value, 0, err
			}
		}
		return d.object(parsed)
	default:
		return parsed, 0, nil
	}
}

func (d *argumentDecoder) array(parsed []any) (value any, nesting int, err error) {
	list := make([]any, len(parsed))
	for i, element := range parsed {
		var inner int
		if list[i], inner, err = d.value(element); err != nil {
			return nil, 0, err
		}
		nesting = max(nesting, inner)
	}
	if len(list) > maxArray {
		return nil, 0, wording("Array length is too long (%d > maximum length %d)", len(list), maxArray)
	}
	return list, nesting + 1, checkNesting(nesting + 1)
}

func (d *argumentDecoder) object(parsed serde.Object) (value any, nesting int, err error) {
	object := make(map[string]any, len(parsed.Keys))
	for _, name := range parsed.Keys {
		if err := CheckFieldName(name); err != nil {
			return nil, 0, err
		}
		field, inner, err := d.value(parsed.Values[name])
		if err != nil {
			return nil, 0, err
		}
		nesting = max(nesting, inner)
		object[name] = field
	}
	d.order[reflect.ValueOf(object).Pointer()] = parsed.Keys
	if len(object) > maxFields {
		return nil, 0, wording("Object has too many fields (%d > maximum number %d)", len(object), maxFields)
	}
	return object, nesting + 1, checkNesting(nesting + 1)
}

func checkNesting(levels int) error {
	if levels > maxNesting {
		return wording("Value is too nested (nested %d levels deep > maximum nesting %d)", levels, maxNesting)
	}
	return nil
}

// CheckFieldName checks the name of an object's field.
func CheckFieldName(name string) error {
	if len(name) > maxFieldName {
		return wording("Field name is too long (%d > maximum %d)", len(name), maxFieldName)
	}
	if name != "" && name[0] == '$' {
		return wording("Field name %s starts with '$', which is reserved.", name)
	}
	for _, r := range name {
		if r < ' ' || r > '~' {
			return wording("Field name %s has invalid character %s: Field names can only contain non-control ASCII characters",
				name, serde.DebugRune(r))
		}
	}
	return nil
}

// specials read the values that JSON does not have.
var specials = map[string]func(raw []byte) (value any, thrown string, err error){
	"$integer": readInteger,
	"$float":   readFloat,
	"$bytes":   func(raw []byte) (any, string, error) { return raw, "", nil },
}

func (d *argumentDecoder) special(read func([]byte) (any, string, error), content any) (any, error) {
	text, ok := content.(string)
	if !ok {
		return nil, fmt.Errorf("invalid type: %s, expected a string", serde.Unexpected(content))
	}
	raw, err := decodeBase64(text)
	if err != nil {
		return nil, err
	}
	value, thrown, err := read(raw)
	if err == nil && len(text)%4 != 0 {
		thrown = "Invalid string. Length must be a multiple of 4"
	}
	if d.thrown == "" {
		d.thrown = thrown
	}
	return value, err
}

func readInteger(raw []byte) (any, string, error) {
	if len(raw) != 8 {
		return nil, "", wording("Int64 must be exactly eight bytes")
	}
	return int64(binary.LittleEndian.Uint64(raw)), "", nil
}

// readFloat reads a float that is not a JSON number. All NaN are one.
func readFloat(raw []byte) (any, string, error) {
	if len(raw) != 8 {
		return nil, "", wording("Float64 must be exactly eight bytes")
	}
	switch f := math.Float64frombits(binary.LittleEndian.Uint64(raw)); {
	case math.IsNaN(f):
		return quietNaN, "", nil
	case math.IsInf(f, 0) || f == 0 && math.Signbit(f):
		return f, "", nil
	case f == 0:
		return f, "Float 0 should be encoded as a number", nil
	default:
		return nil, "", wording("Float64 %s should be encoded as a number", strconv.FormatFloat(f, 'f', -1, 64))
	}
}

// quietNaN is the NaN of JavaScript; Go's has another payload.
var quietNaN = math.Float64frombits(0x7ff8000000000000)
