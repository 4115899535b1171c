package serde

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Integer reads a parsed value as an integer type of Rust, which has that name and range.
func Integer(value any, minimum, maximum int64, name string) (int64, error) {
	number, ok := value.(Number)
	if !ok || number.text == "" {
		return 0, fmt.Errorf("invalid type: %s, expected %s", Unexpected(value), name)
	}
	n, err := strconv.ParseInt(number.text, 10, 64)
	if err != nil || n < minimum || n > maximum {
		return 0, fmt.Errorf("invalid value: %s, expected %s", Unexpected(value), name)
	}
	return n, nil
}

// CheckVariant fails for a name that is none of an enum's.
func CheckVariant(name string, variants []string) error {
	if slices.Contains(variants, name) {
		return nil
	}
	expected := "one of `" + strings.Join(variants, "`, `") + "`"
	if len(variants) == 2 {
		expected = "`" + variants[0] + "` or `" + variants[1] + "`"
	}
	return fmt.Errorf("unknown variant `%s`, expected %s", name, expected)
}
