// Package jsonscan reads JSON text (RFC 8259) from front to back without building a tree, and writes strings and numbers
// the way JavaScript does.
//
// Glossary:
//
//	mark       a byte of JSON's structure: bracket, comma, colon, quote
//	container  an object or an array
//	text       a JSON string
//	literal    true, false or null
//	word       eight bytes that are examined at once
//	mask       a word with the top bit of some of its bytes
package jsonscan
