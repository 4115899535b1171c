package rest

import (
	"bytes"
	"errors"

	"convexgateway/convex"
	"convexgateway/convex/jsonscan"
)

// protojson names neither place nor cause of a text that no Convex value has, such as a lone surrogate. These functions find
// both, in what protojson has refused.

// valueError returns what is wrong with a value in the fields of a request; nil if nothing is, or if the body is not JSON.
func valueError(body []byte) *convex.ValueError {
	s := jsonscan.NewScanner(body)
	var found *convex.ValueError
	err := s.Fields(func(name []byte) error {
		field := string(name)
		value, err := s.Raw()
		if found == nil {
			found = fieldError(field, value)
		}
		return err
	})
	if errors.Is(err, jsonscan.ErrSurrogate) || errors.Is(err, jsonscan.ErrNotUTF8) { // of a name
		return &convex.ValueError{Reason: err.Error()}
	}
	if err == nil && s.AtEnd() {
		return found
	}
	return nil // not JSON, which protojson says with the place
}

// fieldError returns what is wrong with the JSON of a field; nil if nothing is, or if it is not JSON.
func fieldError(name string, value []byte) *convex.ValueError {
	var err error
	switch value = bytes.TrimSpace(value); {
	case len(value) == 0:
		return nil
	case name == "args" && value[0] == '{':
		_, err = convex.CanonicalArguments(value)
	case value[0] == '"':
		_, err = convex.Canonical(value)
	}
	e, ok := errors.AsType[*convex.ValueError](err)
	if !ok || e.Reason == jsonscan.ErrSyntax.Error() || e.Reason == jsonscan.ErrUnexpectedEnd.Error() {
		return nil
	}
	return e.Within(name)
}
