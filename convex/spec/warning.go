package spec

// Warning is what of a spec could not be read, and what was taken in its place.
type Warning struct {
	Function string // the function's identifier as the spec has it, or `table x` of a schema; quoted where it is no identifier
	Place    string // args.tags[]; empty for the whole function
	Reason   string // what is wrong, and what comes of it
}

func (w Warning) String() string {
	if w.Place == "" {
		return w.Function + ": " + w.Reason
	}
	return w.Function + ", " + w.Place + ": " + w.Reason
}
