package v

import (
	"slices"
	"strings"
)

// Mismatch is the error of a value that does not match its validator. Its text contains the value, as Convex's does: it is for
// the caller, never for logs.
type Mismatch struct {
	before, after string   // the text around the path to the failing part
	path          []string // innermost step first
}

func (m *Mismatch) Error() string {
	if len(m.path) == 0 {
		return m.before + m.after
	}
	steps := slices.Clone(m.path)
	slices.Reverse(steps)
	return m.before + "Path: " + strings.Join(steps, "") + m.after
}

func (m *Mismatch) under(step string) *Mismatch {
	m.path = append(m.path, step)
	return m
}

func noMatch(validator Validator, value any) *Mismatch {
	return &Mismatch{
		before: "Value does not match validator.\n",
		after:  "\nValue: " + Show(value) + "\nValidator: " + validator.String(),
	}
}
