package call

import (
	"cmp"

	"convexgateway/convex"
)

// ArgumentError is an argument that the function's validator refuses.
type ArgumentError struct {
	Field  string // where, from the arguments on: paginationOpts.numItems, tags[3]; empty for all of them
	Reason string // completes a sentence about the field; holds no part of any value
}

func (e *ArgumentError) Error() string { return fieldText("the arguments", e.Field, e.Reason) }

// Within returns the error with where, a field name or `[index]`, in front of its field.
func (e *ArgumentError) Within(where string) *ArgumentError {
	return &ArgumentError{Field: joinField(where, e.Field), Reason: e.Reason}
}

// fieldText is the text of an error about a field, or about all of what it is in.
func fieldText(all, field, reason string) string { return cmp.Or(field, all) + ": " + reason }

// maxFieldName bounds each name in a field, which a result or a caller may have chosen, in bytes.
const maxFieldName = 64

func joinField(where, field string) string {
	return convex.JoinPath(CutText(where, maxFieldName), field)
}
