package v_test

import (
	"math"
	"testing"

	"convexgateway/dev/deployment/v"
)

func TestShow(t *testing.T) {
	for _, test := range []struct {
		value any
		want  string
	}{
		{nil, "null"},
		{true, "true"},
		{int64(-7), "-7"},
		{3.0, "3.0"},
		{-0.5, "-0.5"},
		{math.Copysign(0, -1), "-0.0"},
		{1e16, "1e16"},
		{1.5e-7, "1.5e-7"},
		{123456789.25, "123456789.25"},
		{math.NaN(), "NaN"},
		{math.Inf(-1), "-inf"},
		{math.Inf(1), "inf"},
		{"a\"b\\c\nd\te\rf\x00g\u007f'é", `"a\"b\\c\nd\te\rf\0g\u{7f}'é"`},
		{[]byte{0, 16, 131}, `b"ABCD"`},
		{[]any{1.0, "x"}, `[1.0, "x"]`},
		{map[string]any{"b": nil, "a": []any{}}, "{a: [], b: null}"},
	} {
		if got := v.Show(test.value); got != test.want {
			t.Errorf("Show(%#v) = %s, want %s", test.value, got, test.want)
		}
	}
}
