package protovalue

import (
	"math"
	"strconv"

	"google.golang.org/protobuf/types/known/structpb"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
)

// AppendStruct appends a caller's Struct as JSON text. It refuses only what JSON cannot express: NaN, infinities, and values
// without a kind. Convex's own rules are checked on the text afterwards.
func AppendStruct(dst []byte, s *structpb.Struct) ([]byte, error) {
	dst = append(dst, '{')
	first := true
	for name, v := range s.GetFields() {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(jsonscan.AppendString(dst, name), ':')
		var err error
		if dst, err = AppendValue(dst, v); err != nil {
			return nil, convex.Within(name, err)
		}
	}
	return append(dst, '}'), nil
}

// AppendValue appends a Value as JSON text, as AppendStruct does.
func AppendValue(dst []byte, v *structpb.Value) ([]byte, error) {
	switch kind := v.GetKind().(type) {
	case *structpb.Value_NullValue:
		return append(dst, "null"...), nil
	case *structpb.Value_BoolValue:
		return strconv.AppendBool(dst, kind.BoolValue), nil
	case *structpb.Value_NumberValue:
		if math.IsNaN(kind.NumberValue) || math.IsInf(kind.NumberValue, 0) {
			return nil, &convex.ValueError{Reason: `number is NaN or infinite; send it as {"$float": …}`}
		}
		return jsonscan.AppendNumber(dst, kind.NumberValue), nil
	case *structpb.Value_StringValue:
		return jsonscan.AppendString(dst, kind.StringValue), nil
	case *structpb.Value_StructValue:
		return AppendStruct(dst, kind.StructValue)
	case *structpb.Value_ListValue:
		return appendList(dst, kind.ListValue)
	default:
		return nil, &convex.ValueError{Reason: "value has no kind"}
	}
}

func appendList(dst []byte, list *structpb.ListValue) ([]byte, error) {
	dst = append(dst, '[')
	for i, v := range list.GetValues() {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = AppendValue(dst, v); err != nil {
			return nil, convex.Within("["+strconv.Itoa(i)+"]", err)
		}
	}
	return append(dst, ']'), nil
}
