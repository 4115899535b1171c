package spec

import (
	"bufio"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"convexgateway/convex"
)

var (
	valuesFile = flag.String("values", "", "write the random values of TestCheck_random, with what Check says of them, to this file")
	perKind    = flag.Int("per-kind", 1000, "random values for each kind of validator")
)

// random makes validators and values.
type random struct{ *rand.Rand }

// kinds of validators that random makes, by their names in a spec.
var kinds = []string{
	"any", "null", "boolean", "number", "bigint", "commitTs", "string", "function", "bytes", "id", "literal", "array", "record", "object", "union",
}

// validator makes a validator of a kind; what is in it is of any kind, and deep levels deep at most.
func (r random) validator(kind string, deep int) Validator {
	switch kind {
	case "id":
		return ID{[]string{"users", "messages"}[r.IntN(2)]}
	case "literal":
		return Literal{[]any{"a", "b", "", true, false, 0.0, 1.0, 1.5, negativeZero(), int64(0), int64(1), int64(math.MinInt64)}[r.IntN(12)]}
	case "array":
		return Array{r.any(deep - 1)}
	case "record":
		keys := []Validator{String, ID{"users"}, NewUnion(ID{"users"}, String), NewUnion(ID{"users"}, ID{"messages"})}
		return Record{keys[r.IntN(len(keys))], r.any(deep - 1)}
	case "object":
		var o Object
		for _, name := range []string{"_id", "a", "b", "kind"} {
			if r.IntN(2) == 0 {
				o.Fields = append(o.Fields, Field{name, r.any(deep - 1), r.IntN(3) == 0})
			}
		}
		return o
	case "union":
		members := make([]Validator, r.IntN(4))
		for i := range members {
			members[i] = r.any(deep - 1)
		}
		return NewUnion(members...)
	}
	return Scalar(kind)
}

func (r random) any(deep int) Validator {
	if deep <= 0 {
		return r.validator(kinds[r.IntN(11)], 0)
	}
	return r.validator(kinds[r.IntN(len(kinds))], deep)
}

// value makes a value that a validator describes; of one that describes none, any value.
func (r random) value(v Validator) any {
	switch v := v.(type) {
	case ID:
		return r.id()
	case Literal:
		return v.Value
	case Array:
		list := []any{}
		for range r.IntN(4) {
			list = append(list, r.value(v.Element))
		}
		return list
	case Record:
		object := map[string]any{}
		for range r.IntN(4) {
			object[r.value(v.Keys).(string)] = r.value(v.Values)
		}
		return object
	case Object:
		object := map[string]any{}
		for _, field := range v.Fields {
			if !field.Optional || r.IntN(2) == 0 {
				object[field.Name] = r.value(field.Type)
			}
		}
		return object
	case Union:
		if len(v.Members) > 0 {
			return r.value(v.Members[r.IntN(len(v.Members))])
		}
	case Scalar:
		return r.scalar(v)
	}
	return r.scalar(Any)
}

func (r random) scalar(s Scalar) any {
	switch s {
	case Null:
		return nil
	case Boolean:
		return r.IntN(2) == 0
	case Number:
		return []any{0.0, 1.0, 1.5, -3.25, 1e300, negativeZero(), math.NaN(), math.Inf(-1)}[r.IntN(8)]
	case Int64, CommitTS:
		return []any{int64(0), int64(1), int64(-7), int64(math.MinInt64), int64(math.MaxInt64)}[r.IntN(5)]
	case String, Handle:
		return []any{"", "a", "b", "kind", "a b", "function://x", r.id()}[r.IntN(7)]
	case Bytes:
		return []any{[]byte{}, []byte{0, 255}}[r.IntN(2)]
	default:
		return r.value(r.any(2))
	}
}

// id makes the id of a document of table number 10001.
func (r random) id() string {
	raw := []byte{0x91, 0x4e}
	for range 16 {
		raw = append(raw, byte(r.IntN(256)))
	}
	var sum, sums byte
	for _, b := range raw {
		sum += b
		sums += sum
	}
	raw = append(raw, sum, sums)
	var text strings.Builder
	pending, bits := 0, 0
	for _, b := range raw {
		pending, bits = pending<<8|int(b), bits+8
		for ; bits >= 5; bits -= 5 {
			text.WriteByte("0123456789abcdefghjkmnpqrstvwxyz"[pending>>(bits-5)&31])
		}
	}
	return text.String()
}

// spoiled returns a value with one change somewhere: another value in a place, a field more, or one less.
func (r random) spoiled(value any) any {
	switch value := value.(type) {
	case []any:
		if len(value) > 0 && r.IntN(3) > 0 {
			i := r.IntN(len(value))
			value[i] = r.spoiled(value[i])
			return value
		}
	case map[string]any:
		switch r.IntN(4) {
		case 0:
			value[[]string{"x", "kind", "", "a b", r.id()}[r.IntN(5)]] = r.scalar(Any)
			return value
		case 1, 2:
			if names := slices.Sorted(maps.Keys(value)); len(names) > 0 {
				name := names[r.IntN(len(names))]
				if value[name] = r.spoiled(value[name]); r.IntN(3) == 0 {
					delete(value, name)
				}
				return value
			}
		}
	case string:
		if r.IntN(2) == 0 {
			return value + "0"
		}
	}
	return r.scalar(Any)
}

// A value that a validator describes matches. Others match or not; whether Check is right about them, .ci/validators asks another
// implementation.
func TestCheck_random(t *testing.T) {
	r := random{rand.New(rand.NewPCG(1, 2))}
	var out *bufio.Writer
	if *valuesFile != "" {
		f, err := os.Create(*valuesFile)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		out = bufio.NewWriter(f)
		defer out.Flush()
	}
	for _, kind := range kinds {
		refused := 0
		for i := range *perKind {
			v := r.validator(kind, 3)
			value := r.value(v)
			good := i%2 == 0 && describesAny(v)
			if !good {
				value = r.spoiled(value)
			}
			text, err := convex.Encode(value)
			if err != nil {
				t.Fatal(err)
			}
			m := Check(v, text)
			if good && m != nil {
				t.Errorf("%s describes %s, and refuses it: %v", key(v), text, m)
			}
			if m != nil {
				refused++
			}
			if out != nil {
				fmt.Fprintf(out, `{"kind":%q,"validator":%s,"value":%s,"matches":%v}`+"\n", kind, written(v), text, m == nil)
			}
		}
		if kind != "any" && refused < *perKind/10 {
			t.Errorf("%s refuses only %d of %d values", kind, refused, *perKind)
		}
	}
}

// describesAny reports whether a validator describes a value at all, wherever in it a value is needed.
func describesAny(v Validator) bool { return !strings.Contains(key(v), `"union","value":[]`) }

// written is a validator as a spec has it.
func written(v Validator) string {
	var w writer
	w.validator(v)
	return string(w.dst)
}
