package store

import (
	"encoding/binary"
	"math"
	"slices"
)

// Index keys. A list of values becomes bytes that sort as Convex orders the values (get-convex/convex-js
// src/values/compare.ts):
//
//	absent < Null < Int64 < Float64 < Boolean < String < Bytes < Array < Object
//
// and the key of a list's first values is a prefix of the key of the list, so that a range of an index is a range of bytes.
// Convex's own keys have other bytes. Keys never leave a deployment.

const (
	tagEnd    = 0x00 // closes strings, bytes, arrays and objects
	tagEscape = 0xff // follows a 0x00 byte of a string or of bytes
	tagAbsent = 0x01
	tagNull   = 0x02
	tagInt64  = 0x03
	tagFloat  = 0x04
	tagFalse  = 0x05
	tagTrue   = 0x06
	tagString = 0x07
	tagBytes  = 0x08
	tagArray  = 0x09
	tagObject = 0x0a
)

// Undefined is the value of a field that a document does not have.
type Undefined struct{}

func appendKey(key []byte, value any) []byte {
	switch value := value.(type) {
	case Undefined:
		return append(key, tagAbsent)
	case nil:
		return append(key, tagNull)
	case int64:
		return binary.BigEndian.AppendUint64(append(key, tagInt64), uint64(value)^1<<63)
	case float64:
		return binary.BigEndian.AppendUint64(append(key, tagFloat), sortableFloat(value))
	case bool:
		if value {
			return append(key, tagTrue)
		}
		return append(key, tagFalse)
	case string:
		return appendKeyText(append(key, tagString), value)
	case []byte:
		return appendKeyText(append(key, tagBytes), value)
	case []any:
		key = append(key, tagArray)
		for _, element := range value {
			key = appendKey(key, element)
		}
		return append(key, tagEnd)
	case map[string]any:
		return appendKeyObject(append(key, tagObject), value)
	default:
		panic("store: index key of a Go value that is no Convex value")
	}
}

func appendKeyText[T string | []byte](key []byte, text T) []byte {
	for _, b := range []byte(text) {
		key = append(key, b)
		if b == tagEnd {
			key = append(key, tagEscape)
		}
	}
	return append(key, tagEnd)
}

func appendKeyObject(key []byte, object map[string]any) []byte {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		key = appendKeyText(append(key, tagString), name)
		key = appendKey(key, object[name])
	}
	return append(key, tagEnd)
}

// sortableFloat orders floats as their bits: -NaN < -Inf < … < -0 < 0 < … < Inf < NaN.
func sortableFloat(f float64) uint64 {
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

// keyAfter is the least key greater than key.
func keyAfter(key []byte) []byte { return append(slices.Clip(slices.Clone(key)), 0) }

// prefixEnd is a key greater than all keys that begin with the values of prefix and less than any other key that follows
// them. Whole values are followed by a tag, which is less than tagEscape; a longer string by tagEscape.
func prefixEnd(prefix []byte) []byte { return append(slices.Clip(slices.Clone(prefix)), tagEscape) }
