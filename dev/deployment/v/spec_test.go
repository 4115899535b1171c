package v

import (
	"reflect"
	"testing"
)

func TestSpec(t *testing.T) {
	simple := func(kind string) map[string]any { return map[string]any{"type": kind} }
	for _, test := range []struct {
		validator Validator
		want      map[string]any
	}{
		{Null(), simple("null")}, {Number(), simple("number")}, {Int64(), simple("bigint")}, {Boolean(), simple("boolean")},
		{String(), simple("string")}, {Bytes(), simple("bytes")}, {Any(), simple("any")},
		{ID("users"), map[string]any{"type": "id", "tableName": "users"}},
		{Literal(int64(3)), map[string]any{"type": "literal", "value": int64(3)}},
		{Array(Any()), map[string]any{"type": "array", "value": simple("any")}},
		{Union(), map[string]any{"type": "union", "value": []any{}}},
		{Nullable(String()), map[string]any{"type": "union", "value": []any{simple("string"), simple("null")}}},
		{Record(String(), Number()), map[string]any{
			"type": "record", "keys": simple("string"), "values": map[string]any{"fieldType": simple("number"), "optional": false},
		}},
		{Object(Field("a", Null()), Field("b", Null(), Optional)), map[string]any{"type": "object", "value": map[string]any{
			"a": map[string]any{"fieldType": simple("null"), "optional": false}, "b": map[string]any{"fieldType": simple("null"), "optional": true},
		}}},
	} {
		if got := Spec(test.validator); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", test.validator, got, test.want)
		}
	}
}
