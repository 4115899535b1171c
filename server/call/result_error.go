package call

// ResultError is a result that does not fit the app's contract.
type ResultError struct {
	Field  string // where, from the result on: page[3].author; empty for all of it
	Reason string // completes a sentence about the field; holds no part of any value
}

func (e *ResultError) Error() string {
	if e.Field == "" {
		return "the result: " + e.Reason
	}
	return e.Field + ": " + e.Reason
}

// Within returns the error with where, a field name or `[index]`, in front of its field.
func (e *ResultError) Within(where string) *ResultError {
	return &ResultError{Field: joinField(where, e.Field), Reason: e.Reason}
}

// Within returns the error with where, a field name or `[index]`, in front of its field.
func (e *ArgumentError) Within(where string) *ArgumentError {
	return &ArgumentError{Field: joinField(where, e.Field), Reason: e.Reason}
}

// maxFieldName bounds each name in a field, which a result or a caller may have chosen, in bytes.
const maxFieldName = 64

func joinField(where, field string) string {
	where = CutText(where, maxFieldName)
	if field != "" && field[0] != '[' {
		where += "."
	}
	return where + field
}
