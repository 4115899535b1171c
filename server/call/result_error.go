package call

// ResultError is a result that does not fit the app's contract.
type ResultError struct {
	Field  string // where, from the result on: page[3].author; empty for all of it
	Reason string // completes a sentence about the field; holds no part of any value
}

func (e *ResultError) Error() string { return fieldText("the result", e.Field, e.Reason) }

// Within returns the error with where, a field name or `[index]`, in front of its field.
func (e *ResultError) Within(where string) *ResultError {
	return &ResultError{Field: joinField(where, e.Field), Reason: e.Reason}
}
