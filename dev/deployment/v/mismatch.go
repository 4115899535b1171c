package v

import (
	"slices"
	"strings"
)

// Mismatch says how a value fails its validator. Its text holds the value, as Convex's does: it is for the caller who
// sent the value, never for logs.
type Mismatch struct {
	before, after string   // the path to the failing part stands between them
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
