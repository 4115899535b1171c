package typed_test

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
	"convexgateway/convex/spec"
)

// random makes validators, and values of them.
type random struct{ *rand.Rand }

var scalars = []spec.Validator{
	spec.Any, spec.Null, spec.Boolean, spec.Number, spec.Int64, spec.CommitTS, spec.String, spec.Bytes, spec.Handle, spec.ID{Table: "users"},
	spec.Literal{Value: "a"}, spec.Literal{Value: "b"}, spec.Literal{Value: 1.0}, spec.Literal{Value: true}, spec.Literal{Value: int64(7)},
}

// validator returns a validator that is depth deep at most.
func (r random) validator(depth int) spec.Validator {
	if depth == 0 || r.IntN(4) == 0 {
		return scalars[r.IntN(len(scalars))]
	}
	switch r.IntN(6) {
	case 0:
		return spec.Array{Element: r.validator(depth - 1)}
	case 1:
		return spec.Record{Keys: spec.String, Values: r.validator(depth - 1)}
	case 2:
		return spec.NewUnion(r.validator(depth-1), spec.Null)
	case 3:
		members := make([]spec.Validator, 1+r.IntN(4))
		for i := range members {
			members[i] = r.validator(depth - 1)
		}
		return spec.NewUnion(members...)
	case 4:
		return r.discriminated(depth)
	}
	return r.object(depth, "a", "aB", "a_b", "_id", "id", "kind", "values", "x_1", "_9")
}

func (r random) object(depth int, names ...string) spec.Object {
	var o spec.Object
	for _, name := range names {
		if r.IntN(2) == 0 {
			o.Fields = append(o.Fields, spec.Field{Name: name, Type: r.validator(depth - 1), Optional: r.IntN(2) == 0})
		}
	}
	slices.SortFunc(o.Fields, func(a, b spec.Field) int { return strings.Compare(a.Name, b.Name) })
	return o
}

// discriminated returns a union of objects that a literal distinguishes.
func (r random) discriminated(depth int) spec.Validator {
	var members []spec.Validator
	for i := range 2 + r.IntN(2) {
		o := r.object(depth, "a", "b", "zz")
		kind := spec.Validator(spec.Literal{Value: fmt.Sprint("kind ", i)})
		if i == 1 {
			kind = spec.NewUnion(spec.Literal{Value: 5.0}, spec.Literal{Value: "five"}, spec.Literal{Value: false})
		}
		o.Fields = append(o.Fields, spec.Field{Name: "tag", Type: kind})
		slices.SortFunc(o.Fields, func(a, b spec.Field) int { return strings.Compare(a.Name, b.Name) })
		members = append(members, o)
	}
	if r.IntN(2) == 0 {
		members = append(members, spec.Null, spec.Int64)
	}
	return spec.NewUnion(members...)
}

// value returns the JSON of a value of a validator; "" if there is none.
func (r random) value(v spec.Validator) string {
	switch v := v.(type) {
	case spec.Scalar:
		return r.scalar(v)
	case spec.ID:
		return `"id` + fmt.Sprint(r.IntN(100)) + `"`
	case spec.Literal:
		text, _ := convex.Encode(v.Value)
		return string(text)
	case spec.Array:
		return "[" + strings.Join(r.values(v.Element), ",") + "]"
	case spec.Record:
		fields := r.values(v.Values)
		for i := range fields {
			fields[i] = fmt.Sprintf(`"k%d":%s`, i, fields[i])
		}
		return "{" + strings.Join(fields, ",") + "}"
	case spec.Object:
		var fields []string
		for _, f := range v.Fields {
			if value := r.value(f.Type); value != "" && (!f.Optional || r.IntN(2) == 0) {
				fields = append(fields, fmt.Sprintf("%q:%s", f.Name, value))
			} else if !f.Optional {
				return ""
			}
		}
		return "{" + strings.Join(fields, ",") + "}"
	case spec.Union:
		if len(v.Members) == 0 {
			return ""
		}
		return r.value(v.Members[r.IntN(len(v.Members))])
	}
	return ""
}

func (r random) values(v spec.Validator) (list []string) {
	for range r.IntN(4) {
		if value := r.value(v); value != "" {
			list = append(list, value)
		}
	}
	return list
}

func (r random) scalar(s spec.Scalar) string {
	switch s {
	case spec.Any:
		return r.value([]spec.Validator{
			spec.Null, spec.String, spec.Number, spec.Int64, spec.Bytes, spec.Array{Element: spec.Number}, spec.Record{Keys: spec.String, Values: spec.Boolean},
		}[r.IntN(7)])
	case spec.Null:
		return "null"
	case spec.Boolean:
		return fmt.Sprint(r.IntN(2) == 0)
	case spec.Number:
		return r.number()
	case spec.Int64, spec.CommitTS:
		return eight("$integer", r.Uint64()>>r.IntN(64)*uint64(r.IntN(2)))
	case spec.Bytes:
		return `{"$bytes":"` + base64.StdEncoding.EncodeToString([]byte(r.text())) + `"}`
	}
	return string(jsonscan.AppendString(nil, r.text()))
}

func (r random) number() string {
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1)}
	switch r.IntN(4) {
	case 0:
		return eight("$float", math.Float64bits(special[r.IntN(len(special))]))
	case 1:
		return fmt.Sprint(r.IntN(3))
	}
	return string(jsonscan.AppendNumber(nil, r.NormFloat64()*math.Pow(10, float64(r.IntN(40)-20))))
}

func (r random) text() string {
	return []string{"", "a", "é\u0000\"\\\n", strings.Repeat("long ", 40), "😀", fmt.Sprint(r.IntN(1e6))}[r.IntN(6)]
}

func eight(name string, bits uint64) string {
	return fmt.Sprintf(`{%q:%q}`, name, base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint64(nil, bits)))
}
