// Package spec holds the function spec and the schema of a Convex app as one typed model: which functions there are, what they
// take and what they return. Parse reads what `npx convex function-spec` prints; validators are data, for generators of
// contracts and for Check, which compares values with them.
//
// The forms of the JSON are those of get-convex/convex-backend crates/common/src/{schemas,types}, as its function spec and its
// schema print them.
//
// Glossary:
//
//	spec       all functions of an app, with their validators, and its HTTP actions
//	schema     the tables of an app, with the validator of each table's documents
//	validator  which values are good: a scalar, an id, a literal, or made of other validators
//	field      a named member of an object validator; one that is optional may be absent, and is not for that reason nullable
//	place      where in a function a validator is: args.filter.tags[], returns{}
//	warning    what of a spec could not be read, and what was taken in its place
package spec
