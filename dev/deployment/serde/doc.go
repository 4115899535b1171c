// Package serde reads JSON as Rust's serde_json does, with the same error texts and positions, which the deployment's clients see.
//
// Glossary:
//
//	expected  what a field's type is called in an error text: a string, u32, struct UdfPostRequest
//	path      the field that an error is in: queries[0]
//	raw       the text of a value that is read later, checked for its syntax only
//	value     a JSON text that has been read: nil, bool, Number, string, []any or Object
package serde
