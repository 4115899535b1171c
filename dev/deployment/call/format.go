package call

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"convexgateway/convex"
	"convexgateway/dev/deployment/serde"
)

// Format is how a function response writes values: get-convex/convex-backend crates/value/src/export.rs.
type Format int

const (
	Encoded Format = iota // lossless
	Clean                 // readable, and lossy: an int64 is a string
	Export                // an int64 is a number
)

// ParseFormat returns the format of a name in a request. Errors are [*Error].
func ParseFormat(name string) (Format, error) {
	switch name {
	case "convex_encoded_json", "convex_json":
		return Encoded, nil
	case "json", "convex_clean_json":
		return Clean, nil
	case "export_json":
		return Export, nil
	default:
		return 0, NewBadRequest("BadFormat", fmt.Sprintf("format param must be one of [`json`]. Got %s", name))
	}
}

// Write writes a value that convex.Encode accepts. A whole float is written as 1.0, which some clients need to distinguish it
// from an integer.
func (f Format) Write(value any) json.RawMessage { return f.append(nil, value) }

func (f Format) append(dst []byte, value any) []byte {
	switch value := value.(type) {
	case int64:
		switch f {
		case Clean:
			return strconv.AppendQuote(dst, strconv.FormatInt(value, 10))
		case Export:
			return strconv.AppendInt(dst, value, 10)
		default:
			return appendEncoded(dst, value)
		}
	case float64:
		return f.appendFloat(dst, value)
	case string:
		return appendString(dst, value)
	case []byte:
		if f == Clean {
			return strconv.AppendQuote(dst, base64.StdEncoding.EncodeToString(value))
		}
		return appendEncoded(dst, value)
	case []any:
		dst = append(dst, '[')
		for i, element := range value {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = f.append(dst, element)
		}
		return append(dst, ']')
	case map[string]any:
		return f.appendObject(dst, value)
	default:
		return appendEncoded(dst, value)
	}
}

// appendString writes a string with the escapes of serde_json.
func appendString(dst []byte, text string) []byte {
	quoted, _ := Marshal(text)
	return append(dst, quoted...)
}

// appendEncoded writes null, booleans, and values whose encoded form is an object.
func appendEncoded(dst []byte, value any) []byte {
	encoded, _ := convex.Encode(value)
	return append(dst, encoded...)
}

func (f Format) appendFloat(dst []byte, value float64) []byte {
	negativeZero := value == 0 && math.Signbit(value)
	switch {
	case negativeZero && f != Encoded:
		return append(dst, "-0.0"...)
	case finite(value) && !negativeZero:
		return appendNumber(dst, value)
	case f != Clean && math.IsNaN(value):
		return appendEncoded(dst, quietNaN)
	case f != Clean:
		return appendEncoded(dst, value)
	case math.IsNaN(value):
		return append(dst, `"NaN"`...)
	case value > 0:
		return append(dst, `"Infinity"`...)
	default:
		return append(dst, `"-Infinity"`...)
	}
}

func appendNumber(dst []byte, value float64) []byte {
	return append(dst, serde.Float(value)...)
}

func (f Format) appendObject(dst []byte, object map[string]any) []byte {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	dst = append(dst, '{')
	for i, name := range names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, name), ':')
		dst = f.append(dst, object[name])
	}
	return append(dst, '}')
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// Marshal is json.Marshal without escapes of <, >, &, U+2028 and U+2029.
func Marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return withoutEscapes(bytes.TrimSuffix(b.Bytes(), []byte{'\n'})), err
}

// withoutEscapes replaces the escapes of U+2028 and U+2029, which JSON does not need.
func withoutEscapes(text []byte) []byte {
	if !bytes.Contains(text, []byte(`\u202`)) {
		return text
	}
	plain := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			plain = append(plain, text[i])
		case bytes.HasPrefix(text[i:], []byte(`\u2028`)):
			plain = append(plain, "\u2028"...)
			i += 5
		case bytes.HasPrefix(text[i:], []byte(`\u2029`)):
			plain = append(plain, "\u2029"...)
			i += 5
		default:
			plain = append(plain, text[i], text[i+1])
			i++
		}
	}
	return plain
}
