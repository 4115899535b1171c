package v

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
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
	switch abs := math.Abs(f); {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case abs != 0 && (abs < 1e-5 || abs >= 1e16):
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		n, _ := strconv.Atoi(exponent)
		return mantissa + "e" + strconv.Itoa(n)
	default:
		shown := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(shown, ".") {
			shown += ".0"
		}
		return shown
	}
}

// showString is Rust's {:?}: the quote, the backslash and what cannot be printed are escaped.
func showString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case 0:
			b.WriteString(`\0`)
		default:
			if unicode.IsPrint(r) {
				b.WriteRune(r)
			} else {
				fmt.Fprintf(&b, `\u{%x}`, r)
			}
		}
	}
	b.WriteByte('"')
	return b.String()
}
