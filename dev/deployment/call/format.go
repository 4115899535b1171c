package call

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
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

// appendEncoded writes null, booleans, strings, and values whose encoded form is an object.
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
	start := len(dst)
	dst = jsonscan.AppendNumber(dst, value)
	if !bytes.ContainsAny(dst[start:], ".e") {
		dst = append(dst, ".0"...)
	}
	return dst
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
		dst = append(appendEncoded(dst, name), ':')
		dst = f.append(dst, object[name])
	}
	return append(dst, '}')
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// Marshal is json.Marshal without escapes of <, > and &.
func Marshal(value any) ([]byte, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return []byte(strings.TrimSuffix(b.String(), "\n")), err
}
