package call

// ArgumentError is an argument that the function's validator refuses.
type ArgumentError struct {
	Field  string // where, from the arguments on: paginationOpts.numItems, tags[3]; empty for all of them
	Reason string // completes a sentence about the field; holds no part of any value
}

func (e *ArgumentError) Error() string {
	if e.Field == "" {
		return "the arguments: " + e.Reason
	}
	return e.Field + ": " + e.Reason
}
