// Package v holds the validators of arguments and results of development functions, in the manner of Convex's own `v`:
//
//	v.Object(
//		v.Field("body", v.String()),
//		v.Field("channel", v.String(), v.Optional),
//	)
//
// Errors have Convex's texts (get-convex/convex-backend crates/common/src/schemas/validator.rs), because clients and people search
// for them.
//
// Glossary:
//
//	mismatch   why a value does not match, and where in the value
//	spec       a validator as data, as Convex's function-spec command prints it
//	tables     which table a document id belongs to
//	validator  what accepts some Convex values
package v
