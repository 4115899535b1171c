package serde

import (
	"math"
	"strconv"
	"strings"
)

// Number is a JSON number: an integer that fits 64 bits, or a float.
type Number struct {
	text  string // of an integer
	float float64
}

// Float is the number as a float.
func (n Number) Float() float64 { return n.float }

func (n Number) unexpected() string {
	if n.text != "" {
		return "integer `" + n.text + "`"
	}
	return "floating point `" + Float(n.float) + "`"
}

// Float is a float as Rust writes it in JSON and in error texts: always with a point or an exponent.
func Float(f float64) string {
	abs := math.Abs(f)
	if abs != 0 && (abs < 1e-5 || abs >= 1e16) {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		n, _ := strconv.Atoi(exponent)
		return mantissa + "e" + strconv.Itoa(n)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// number reads a number.
func (r *Reader) number() (Number, error) {
	start := r.at
	integer, err := r.skipNumber()
	if err != nil {
		return Number{}, err
	}
	text := string(r.text[start:r.at])
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return Number{}, r.fail(numberOutOfRange)
	}
	if !integer || text == "-0" {
		return Number{float: f}, nil
	}
	if !fitsInteger(text) {
		text = ""
	}
	return Number{text: text, float: f}, nil
}

func fitsInteger(text string) bool {
	_, signed := strconv.ParseInt(text, 10, 64)
	_, unsigned := strconv.ParseUint(text, 10, 64)
	return signed == nil || unsigned == nil
}

// skipNumber checks a number's syntax.
func (r *Reader) skipNumber() (integer bool, err error) {
	if r.peek() == '-' {
		r.at++
	}
	c := r.peek()
	r.at++
	switch {
	case c == '0':
		if isDigit(r.peek()) {
			return false, r.failPeek(invalidNumber)
		}
	case isDigit(c):
		r.skipDigits()
	default:
		r.at = min(r.at, len(r.text))
		return false, r.fail(invalidNumber)
	}
	integer = true
	if r.peek() == '.' {
		r.at++
		integer = false
		if !isDigit(r.peek()) {
			return false, r.failNumber()
		}
		r.skipDigits()
	}
	if c := r.peek(); c == 'e' || c == 'E' {
		r.at++
		integer = false
		if c := r.peek(); c == '+' || c == '-' {
			r.at++
		}
		if !isDigit(r.peek()) {
			return false, r.failNumber()
		}
		r.skipDigits()
	}
	return integer, nil
}

func (r *Reader) failNumber() error {
	if r.at >= len(r.text) {
		return r.failPeek(eofInValue)
	}
	return r.failPeek(invalidNumber)
}

func (r *Reader) skipDigits() {
	for isDigit(r.peek()) {
		r.at++
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
