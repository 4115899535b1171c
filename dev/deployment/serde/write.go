package serde

import "encoding/json"

// Write writes a parsed value as JSON again. Fields keep their order.
func Write(value any) []byte { return appendValue(nil, value) }

func appendValue(dst []byte, value any) []byte {
	switch value := value.(type) {
	case Number:
		if value.text != "" {
			return append(dst, value.text...)
		}
		return append(dst, Float(value.float)...)
	case []any:
		dst = append(dst, '[')
		for i, element := range value {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendValue(dst, element)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i, key := range value.Keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendValue(dst, key), ':')
			dst = appendValue(dst, value.Values[key])
		}
		return append(dst, '}')
	default:
		text, _ := json.Marshal(value)
		return append(dst, text...)
	}
}
