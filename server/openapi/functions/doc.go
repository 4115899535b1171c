// Package functions describes the functions of an app as OpenAPI 3.1: each has a route of its own, whose body is its arguments. What these
// routes have in common with the generic ones is taken from the gateway's own document, and their schemas, of JSON Schema 2020-12, from
// the functions' validators.
//
// Glossary:
//
//	route      a path and its methods: /v1/functions/{module}/{function}
//	operation  one method of a route
//	schema     which JSON a validator's values are, in Convex's own encoding
package functions
