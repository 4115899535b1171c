package serde

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string that begins here.
func (r *Reader) string() (string, error) {
	r.at++
	var text []byte
	for {
		if r.at >= len(r.text) {
			return "", r.fail(eofInString)
		}
		c := r.text[r.at]
		r.at++
		switch {
		case c == '"':
			if !utf8.Valid(text) {
				return "", r.fail(invalidCodePoint)
			}
			return string(text), nil
		case c == '\\':
			char, err := r.escape()
			if err != nil {
				return "", err
			}
			text = utf8.AppendRune(text, char)
		case c < 0x20:
			return "", r.fail(controlCharacter)
		default:
			text = append(text, c)
		}
	}
}

var escapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads what follows a backslash.
func (r *Reader) escape() (rune, error) {
	if r.at >= len(r.text) {
		return 0, r.fail(eofInString)
	}
	c := r.text[r.at]
	r.at++
	if char, ok := escapes[c]; ok {
		return char, nil
	}
	if c != 'u' {
		return 0, r.fail(invalidEscape)
	}
	first, err := r.hex()
	switch {
	case err != nil:
		return 0, err
	case first >= 0xdc00 && first <= 0xdfff:
		return 0, r.fail(loneLeadSurrogate)
	case !utf16.IsSurrogate(first):
		return first, nil
	}
	for _, expected := range []byte{'\\', 'u'} {
		if r.at >= len(r.text) {
			return 0, r.fail(eofInString)
		}
		r.at++
		if r.text[r.at-1] != expected {
			return 0, r.fail(endOfHexEscape)
		}
	}
	second, err := r.hex()
	if err != nil {
		return 0, err
	}
	if second < 0xdc00 || second > 0xdfff {
		return 0, r.fail(loneLeadSurrogate)
	}
	return utf16.DecodeRune(first, second), nil
}

func (r *Reader) hex() (rune, error) {
	if r.at+4 > len(r.text) {
		r.at = len(r.text)
		return 0, r.fail(eofInString)
	}
	r.at += 4
	n, err := strconv.ParseUint(string(r.text[r.at-4:r.at]), 16, 16)
	if err != nil {
		return 0, r.fail(invalidEscape)
	}
	return rune(n), nil
}
