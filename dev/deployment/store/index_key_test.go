package store

import (
	"bytes"
	"math"
	"testing"
)

func TestAppendKey_sorts(t *testing.T) {
	ascending := []any{
		Undefined{}, nil,
		int64(math.MinInt64), int64(-1), int64(0), int64(1), int64(math.MaxInt64),
		math.Copysign(math.NaN(), -1), math.Inf(-1), -1.5, -1.0, math.Copysign(0, -1), 0.0, 1e-9, 1.0, math.Inf(1), math.NaN(),
		false, true,
		"", "\x00", "\x00a", "a", "a\x00", "a\x00b", "aa", "b", "é",
		[]byte{}, []byte{0}, []byte{0, 0}, []byte{0, 255}, []byte{1},
		[]any{}, []any{nil}, []any{nil, nil}, []any{1.0}, []any{1.0, "x"}, []any{"a"}, []any{[]any{}},
		map[string]any{}, map[string]any{"a": 1.0}, map[string]any{"a": 1.0, "b": 0.0}, map[string]any{"a": 2.0}, map[string]any{"b": 0.0},
	}
	for i := range ascending {
		for j := range ascending {
			// Followed by another value, as in an index of two fields.
			a := appendKey(appendKey(nil, ascending[i]), "tail")
			b := appendKey(appendKey(nil, ascending[j]), nil)
			want := compareInts(i, j)
			if i == j {
				want = 1 // "tail" after null
			}
			if got := bytes.Compare(a, b); got != want {
				t.Errorf("%#v and %#v compare as %d, want %d", ascending[i], ascending[j], got, want)
			}
		}
	}
}

func compareInts(a, b int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestPrefixEnd_holdsOnlyTheValue(t *testing.T) {
	in := interval{appendKey(nil, "a"), prefixEnd(appendKey(nil, "a"))}
	for _, test := range []struct {
		value string
		want  bool
	}{{"a", true}, {"a\x00", false}, {"a\x00\xff", false}, {"", false}, {"b", false}, {"aa", false}} {
		for _, second := range []any{nil, "x", map[string]any{"k": true}} {
			if got := in.holds(appendKey(appendKey(nil, test.value), second)); got != test.want {
				t.Errorf("(%q, %v) in the range of \"a\": %v", test.value, second, got)
			}
		}
	}
}
