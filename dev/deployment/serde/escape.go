package serde

import (
	"fmt"
	"unicode"
)

// escaped is a character in Rust's {:?} between quotes.
func escaped(r rune, quote rune) string {
	switch r {
	case quote, '\\':
		return `\` + string(r)
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	case 0:
		return `\0`
	}
	if unicode.IsPrint(r) {
		return string(r)
	}
	return fmt.Sprintf(`\u{%x}`, r)
}
