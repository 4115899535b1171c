package serde

import (
	"fmt"
	"strings"
)

// Error is an error in a JSON text.
type Error struct {
	Syntax       bool   // the text is not JSON; else it is not of the expected type
	Path         string // of the field that it is in
	Text         string
	Line, Column int
}

// Error is the text with the position.
func (e *Error) Error() string {
	return fmt.Sprintf("%s at line %d column %d", e.Text, e.Line, e.Column)
}

// WithPath is Error with the path in front.
func (e *Error) WithPath() string {
	if e.Path == "" {
		return e.Error()
	}
	return e.Path + ": " + e.Error()
}

// Texts of syntax errors.
const (
	eofInList          = "EOF while parsing a list"
	eofInObject        = "EOF while parsing an object"
	eofInString        = "EOF while parsing a string"
	eofInValue         = "EOF while parsing a value"
	expectedColon      = "expected `:`"
	expectedListEnd    = "expected `,` or `]`"
	expectedObjectEnd  = "expected `,` or `}`"
	expectedIdent      = "expected ident"
	expectedValue      = "expected value"
	invalidEscape      = "invalid escape"
	invalidNumber      = "invalid number"
	numberOutOfRange   = "number out of range"
	invalidCodePoint   = "invalid unicode code point"
	controlCharacter   = "control character (\\u0000-\\u001F) found while parsing a string"
	keyMustBeString    = "key must be a string"
	loneLeadSurrogate  = "lone leading surrogate in hex escape"
	trailingComma      = "trailing comma"
	trailingCharacters = "trailing characters"
	endOfHexEscape     = "unexpected end of hex escape"
	tooDeep            = "recursion limit exceeded"
)

// Unexpected describes a value in error texts: integer `1`, string "x", map.
func Unexpected(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprintf("boolean `%t`", value)
	case Number:
		return value.unexpected()
	case string:
		return "string " + Debug(value)
	case []any:
		return "sequence"
	default:
		return "map"
	}
}

// Debug is a string as Rust's {:?} writes it.
func Debug(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r == '\'' {
			b.WriteRune(r)
		} else {
			b.WriteString(escaped(r, '"'))
		}
	}
	b.WriteByte('"')
	return b.String()
}

// DebugRune is a character as Rust's {:?} writes it.
func DebugRune(r rune) string { return "'" + escaped(r, '\'') + "'" }
