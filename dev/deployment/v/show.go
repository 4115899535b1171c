package v

import (
	"encoding/base64"
	"fmt"
	"math"
	"strings"

	"convexgateway/dev/deployment/serde"
)

// Show returns a value as Convex writes it in error texts: in Rust's debug form, not JSON.
func Show(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case float64:
		return showFloat(value)
	case string:
		return showString(value)
	case []byte:
		return `b"` + base64.StdEncoding.EncodeToString(value) + `"`
	case []any:
		shown := make([]string, len(value))
		for i, element := range value {
			shown[i] = Show(element)
		}
		return "[" + strings.Join(shown, ", ") + "]"
	case map[string]any:
		shown := make([]string, 0, len(value))
		for _, name := range sortedNames(value) {
			shown = append(shown, name+": "+Show(value[name]))
		}
		return "{" + strings.Join(shown, ", ") + "}"
	default:
		return fmt.Sprint(value)
	}
}

// showFloat is Rust's {:?}: always a point or an exponent, and exponents from 1e16 on and below 1e-5.
func showFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	default:
		return serde.Float(f)
	}
}

// showString is Rust's {:?}: the quote, the backslash and what cannot be printed are escaped.
func showString(s string) string { return serde.Debug(s) }
