// Package convex is a client for Convex deployments: values, function paths and the HTTP API. Live queries are in convex/live.
//
// Values travel as Convex-encoded JSON text wherever they are only passed on, and as Go values (see Decode and Encode) where
// their content is needed.
//
// Glossary:
//
//	canonical form  the one JSON text of a value: sorted keys, no white space, shortest numbers
//	special form    an object of one $ field for what JSON lacks: $integer, $float, $bytes
//	path            a function's name: module and export
//	kind            query, mutation or action
//	cause           why a function failed; class: what a caller may do after a failure outside the function
//	outcome         value or error of one run; two runs with equal ones are equal to a subscriber
//	identity        the key of a caller's claims: callers with equal ones share what is kept live
package convex
